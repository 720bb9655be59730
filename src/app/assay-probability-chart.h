/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-prediction.h"
#include "assay-probability-bar.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PROBABILITY_CHART (assay_probability_chart_get_type ())

/**
 * AssayProbabilityChart:
 *
 * The bars of one prediction: a line for each label on one axis from 0 to 100 %,
 * the best ten at first, the threshold as a dashed line.
 */
G_DECLARE_FINAL_TYPE (AssayProbabilityChart, assay_probability_chart, ASSAY, PROBABILITY_CHART, GtkWidget)

GtkWidget           *assay_probability_chart_new            (void);
AssayPrediction     *assay_probability_chart_get_prediction (AssayProbabilityChart *self);
double               assay_probability_chart_get_threshold  (AssayProbabilityChart *self);
gboolean             assay_probability_chart_get_compact    (AssayProbabilityChart *self);
guint                assay_probability_chart_get_n_lines    (AssayProbabilityChart *self);
AssayProbabilityBar *assay_probability_chart_get_bar        (AssayProbabilityChart *self, guint line);
const char          *assay_probability_chart_get_value_text (AssayProbabilityChart *self, guint line);
void                 assay_probability_chart_set_prediction (AssayProbabilityChart *self, AssayPrediction *prediction);
void                 assay_probability_chart_set_threshold  (AssayProbabilityChart *self, double threshold);
void                 assay_probability_chart_set_compact    (AssayProbabilityChart *self, gboolean compact);

G_END_DECLS
