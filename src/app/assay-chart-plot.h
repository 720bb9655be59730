/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Parts of an axis. */
#define ASSAY_CHART_PLOT_MARKS 5

#define ASSAY_TYPE_CHART_PLOT (assay_chart_plot_get_type ())

/**
 * AssayChartPlot:
 *
 * A square of shares: both axes from 0 to 100 %, the first from the start edge, the
 * second upwards, with light lines.  What is in it is drawn by the chart, over a child
 * that fills the square; a second child stands below the first axis, in line with it.
 */
G_DECLARE_FINAL_TYPE (AssayChartPlot, assay_chart_plot, ASSAY, CHART_PLOT, GtkWidget)

typedef void (*AssayPlotDraw) (AssayChartPlot *plot, GtkSnapshot *snapshot, gpointer data);

GtkWidget *assay_chart_plot_new         (void);
void       assay_chart_plot_set_content (AssayChartPlot *self, GtkWidget *content);
void       assay_chart_plot_set_below   (AssayChartPlot *self, GtkWidget *below);
void       assay_chart_plot_set_draw    (AssayChartPlot *self, AssayPlotDraw draw, gpointer data);
void       assay_chart_plot_get_area    (AssayChartPlot *self, graphene_rect_t *area);
void       assay_chart_plot_get_point   (AssayChartPlot *self, double x, double y, graphene_point_t *point);

G_END_DECLS
