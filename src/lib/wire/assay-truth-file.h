/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One line of a table of files and labels. */
typedef struct {
  char *file;                 /* as written, not empty */
  char *label;                /* as written, not empty */
  guint line;                 /* from 1, where it begins */
} AssayTruthRow;

void       assay_truth_row_free   (AssayTruthRow *self);
GPtrArray *assay_truth_file_parse (GBytes *bytes, GError **error);

G_END_DECLS
