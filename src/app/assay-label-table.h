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
 * Precision, recall, F1 and support of each label, sorted by the heading that is clicked,
 * then their means, as scikit-learn's classification_report has them.
 *
 * Signal: "label-activated" (label).
 */
G_DECLARE_FINAL_TYPE (AssayLabelTable, assay_label_table, ASSAY, LABEL_TABLE, GtkWidget)

void  assay_label_table_set_evaluation (AssayLabelTable *self, AssayEvaluation *evaluation);

G_END_DECLS
