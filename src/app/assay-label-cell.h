/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-label-line.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_LABEL_CELL (assay_label_cell_get_type ())

/**
 * AssayLabelCell:
 *
 * A cell of the table of labels: the name of its line or one of the figures, which it
 * follows.  The name is heard with all figures, and so these are not heard again.
 */
G_DECLARE_FINAL_TYPE (AssayLabelCell, assay_label_cell, ASSAY, LABEL_CELL, GtkWidget)

GtkWidget *assay_label_cell_new_name   (void);
GtkWidget *assay_label_cell_new_figure (AssayLabelFigure figure);
void       assay_label_cell_set_line   (AssayLabelCell *self, AssayLabelLine *line);

G_END_DECLS
