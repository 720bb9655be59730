/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-confusion-matrix.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CONFUSION_CHART (assay_confusion_chart_get_type ())

/**
 * AssayConfusionChart:
 *
 * The confusion matrix with what it needs: its heading, what its axes are, a choice
 * between counts and shares, and the sentence of the cell that is pointed at, or else
 * of the most frequent mistake.
 *
 * Signal: "cell-activated" (row, column), for a cell with images; the number of labels
 * stands for all others together.
 */
G_DECLARE_FINAL_TYPE (AssayConfusionChart, assay_confusion_chart, ASSAY, CONFUSION_CHART, GtkWidget)

GtkWidget            *assay_confusion_chart_new          (void);
AssayConfusionMatrix *assay_confusion_chart_get_matrix   (AssayConfusionChart *self);
const char           *assay_confusion_chart_get_sentence (AssayConfusionChart *self);
void                  assay_confusion_chart_set_counts   (AssayConfusionChart *self, const char *const *labels, guint n, const guint64 *counts);
void                  assay_confusion_chart_set_shares   (AssayConfusionChart *self, AssayConfusionShares shares);
void                  assay_confusion_chart_set_note     (AssayConfusionChart *self, const char *note);

G_END_DECLS
