/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_COLUMNS (assay_columns_get_type ())

/**
 * AssayColumns:
 *
 * Children in as many columns of equal width as there is room for, row by row.  How wide
 * a column has to be is told in em, so that large text makes fewer of them.
 */
G_DECLARE_FINAL_TYPE (AssayColumns, assay_columns, ASSAY, COLUMNS, GtkWidget)

void assay_columns_set_full (AssayColumns *self, GtkWidget *child, gboolean full);
void assay_columns_set_wide (AssayColumns *self, GtkWidget *child);

G_END_DECLS
