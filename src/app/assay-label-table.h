/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-evaluation.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_LABEL_TABLE (assay_label_table_get_type ())

/**
 * AssayLabelTable:
 *
 * Precision, recall, F1 and support of each label, and below them accuracy and means, as
 * in scikit-learn's classification report.  The labels can be sorted by each column; the
 * lines below stay where they are.
 *
 * Signal: "label-activated" (char *label) for a line of a label.
 */
G_DECLARE_FINAL_TYPE (AssayLabelTable, assay_label_table, ASSAY, LABEL_TABLE, GtkWidget)

GListModel *assay_label_table_get_lines   (AssayLabelTable *self);
void        assay_label_table_set_figures (AssayLabelTable *self, const AssayFigures *figures, GArray *labels);

G_END_DECLS
