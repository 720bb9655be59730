/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-prediction.h"
#include "assay-probability-bar.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PAIRED_CHART (assay_paired_chart_get_type ())

/**
 * AssayPairedChart:
 *
 * What two versions say of one image: two bars for each label, the baseline's light and
 * the candidate's dark, in the candidate's order, with the difference between them.  The
 * best ten of the candidate at first.
 *
 * Properties: "threshold", 0…1, and "compact", whether it stands in a narrow column.
 */
G_DECLARE_FINAL_TYPE (AssayPairedChart, assay_paired_chart, ASSAY, PAIRED_CHART, GtkWidget)

GtkWidget           *assay_paired_chart_new            (void);
guint                assay_paired_chart_get_n_lines    (AssayPairedChart *self);
AssayProbabilityBar *assay_paired_chart_get_bar        (AssayPairedChart *self, guint line, gboolean candidate);
const char          *assay_paired_chart_get_value_text (AssayPairedChart *self, guint line, gboolean candidate);
const char          *assay_paired_chart_get_difference (AssayPairedChart *self, guint line);
void                 assay_paired_chart_set_names      (AssayPairedChart *self, const char *baseline, const char *candidate);
void                 assay_paired_chart_set_predictions (AssayPairedChart *self, AssayPrediction *baseline, AssayPrediction *candidate, const char *truth);
void                 assay_paired_chart_set_threshold  (AssayPairedChart *self, double threshold);
void                 assay_paired_chart_set_compact    (AssayPairedChart *self, gboolean compact);

G_END_DECLS
