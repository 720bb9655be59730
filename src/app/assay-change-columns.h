/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_CHANGE_COLUMNS (assay_change_columns_get_type ())

/**
 * AssayChangeColumns:
 *
 * Places what stands in a line of the list of changes, so that lines of the same width
 * have the same columns, whatever stands in them: the widths follow from the text size
 * alone.  A row has a thumbnail, the name, the baseline's answer, an arrow, the candidate's
 * answer and the difference; the headings have four children, without thumbnail and arrow.
 * Where the answers are hidden the name has their room.
 */
G_DECLARE_FINAL_TYPE (AssayChangeColumns, assay_change_columns, ASSAY, CHANGE_COLUMNS,
                      GtkLayoutManager)

void assay_change_columns_set_ruler (AssayChangeColumns *self, AssayChangeColumns *ruler);

G_END_DECLS
