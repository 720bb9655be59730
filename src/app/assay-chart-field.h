/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-chart-spot.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CHART_FIELD (assay_chart_field_get_type ())

/**
 * AssayChartField:
 *
 * Rows and columns of spots of the same size.  The tab key comes to one of them, the
 * arrows go from one to the next, past those that stand for nothing.
 *
 * Signals: "spot-activated" (row, column), "spot-pointed" (row, column).
 */
G_DECLARE_FINAL_TYPE (AssayChartField, assay_chart_field, ASSAY, CHART_FIELD, GtkWidget)

GtkWidget      *assay_chart_field_new          (void);
void            assay_chart_field_set_draw     (AssayChartField *self, AssayChartDraw draw, gpointer data);
void            assay_chart_field_set_shape    (AssayChartField *self, guint n_rows, guint n_columns, int gap);
void            assay_chart_field_set_sizes    (AssayChartField *self, double least_width, double width, double height);
void            assay_chart_field_set_sentence (AssayChartField *self, guint row, guint column, const char *sentence);
AssayChartSpot *assay_chart_field_get_spot     (AssayChartField *self, guint row, guint column);
guint           assay_chart_field_get_n_rows   (AssayChartField *self);
guint           assay_chart_field_get_n_columns (AssayChartField *self);
void            assay_chart_field_redraw       (AssayChartField *self);

G_END_DECLS
