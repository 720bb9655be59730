/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-chart-field.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CONFUSION_MATRIX (assay_confusion_matrix_get_type ())

/* What stands in a cell. */
typedef enum {
  ASSAY_CONFUSION_COUNTS,
  ASSAY_CONFUSION_ROWS,       /* shares of the images with that truth */
  ASSAY_CONFUSION_COLUMNS,    /* shares of the images with that answer */
} AssayConfusionShares;

/**
 * AssayConfusionMatrix:
 *
 * Rows are truths, columns answers, in one order; the number in a cell is its lightness
 * too, in one hue.  The diagonal has an outline, and so has the marked cell.
 *
 * Signals: "cell-activated" (row, column) and "cell-pointed" (row, column), where the
 * number of labels stands for all others together.
 */
G_DECLARE_FINAL_TYPE (AssayConfusionMatrix, assay_confusion_matrix, ASSAY, CONFUSION_MATRIX, GtkWidget)

GtkWidget       *assay_confusion_matrix_new          (void);
AssayChartField *assay_confusion_matrix_get_field    (AssayConfusionMatrix *self);
char            *assay_confusion_matrix_dup_text     (AssayConfusionMatrix *self, guint row, guint column);
char            *assay_confusion_matrix_dup_sentence (AssayConfusionMatrix *self, guint row, guint column);
gboolean         assay_confusion_matrix_find_worst   (AssayConfusionMatrix *self, guint *row, guint *column);
void             assay_confusion_matrix_set_counts   (AssayConfusionMatrix *self, const char *const *labels, guint n, const guint64 *counts);
void             assay_confusion_matrix_set_shares   (AssayConfusionMatrix *self, AssayConfusionShares shares);
void             assay_confusion_matrix_mark         (AssayConfusionMatrix *self, guint row, guint column);

G_END_DECLS
