/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean assay_retry_after_parse (const char *text, gint64 real_now, gint64 *delay);

G_END_DECLS
