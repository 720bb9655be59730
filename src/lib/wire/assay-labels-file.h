/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char **assay_labels_parse (const char *text, gsize length, GError **error);

G_END_DECLS
