/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char **assay_model_labels_read  (const char *text, GError **error);
char **assay_model_labels_guess (const char *text);

G_END_DECLS
