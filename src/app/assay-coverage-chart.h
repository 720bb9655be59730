/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-evaluation.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_COVERAGE_CHART (assay_coverage_chart_get_type ())

/**
 * AssayCoverageChart:
 *
 * What a threshold costs and brings: over all thresholds the share of images that still
 * have an answer, and how many of those are right.  A slider below the axis moves the
 * threshold; another way round, a wished accuracy finds the lowest one that reaches it.
 *
 * Properties: "threshold" and "wish", 0…1 both, of which the first follows the slider.
 */
G_DECLARE_FINAL_TYPE (AssayCoverageChart, assay_coverage_chart, ASSAY, COVERAGE_CHART, GtkWidget)

GtkWidget  *assay_coverage_chart_new            (void);
double      assay_coverage_chart_get_threshold  (AssayCoverageChart *self);
double      assay_coverage_chart_get_wish       (AssayCoverageChart *self);
const char *assay_coverage_chart_get_sentence   (AssayCoverageChart *self);
const char *assay_coverage_chart_get_found      (AssayCoverageChart *self);
gboolean    assay_coverage_chart_get_name_place (AssayCoverageChart *self, gboolean of_right,
                                                 graphene_rect_t *place);
void        assay_coverage_chart_set_evaluation (AssayCoverageChart *self, AssayEvaluation *evaluation);
void        assay_coverage_chart_set_threshold  (AssayCoverageChart *self, double threshold);
void        assay_coverage_chart_set_wish       (AssayCoverageChart *self, double wish);
void        assay_coverage_chart_update         (AssayCoverageChart *self);

G_END_DECLS
