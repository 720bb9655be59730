/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-chart-field.h"
#include "assay-evaluation.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_RELIABILITY_CHART (assay_reliability_chart_get_type ())

/**
 * AssayReliabilityChart:
 *
 * How often answers were right, by how high their score was: a bar for each of the bins
 * with images, hollow where they are too few, and the diagonal on which scores are what
 * they say.
 *
 * Signal: "bin-activated" (bin), from 0.
 */
G_DECLARE_FINAL_TYPE (AssayReliabilityChart, assay_reliability_chart, ASSAY, RELIABILITY_CHART, GtkWidget)

GtkWidget       *assay_reliability_chart_new       (void);
AssayChartField *assay_reliability_chart_get_field (AssayReliabilityChart *self);
void             assay_reliability_chart_set_bins  (AssayReliabilityChart *self, const AssayReliability bins[ASSAY_EVALUATION_BINS]);

G_END_DECLS
