/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_CHART_SPOT (assay_chart_spot_get_type ())

/**
 * AssayChartSpot:
 *
 * One place of a chart that stands for some images: it can be pointed at, focused and
 * activated, and is heard as a button whose name is the sentence that its tooltip says.
 * What is drawn there is up to the chart.
 *
 * Signals: "activated"; "pointed" when the pointer or the focus comes to it; "move"
 * (columns, rows) when an arrow asks for a neighbor, 0 and ±1, or ±G_MAXINT for the end.
 */
G_DECLARE_FINAL_TYPE (AssayChartSpot, assay_chart_spot, ASSAY, CHART_SPOT, GtkWidget)

typedef void (*AssayChartDraw) (GtkWidget *spot, GtkSnapshot *snapshot, guint row, guint column,
                                gpointer data);

GtkWidget  *assay_chart_spot_new          (guint row, guint column);
guint       assay_chart_spot_get_row      (AssayChartSpot *self);
guint       assay_chart_spot_get_column   (AssayChartSpot *self);
const char *assay_chart_spot_get_sentence (AssayChartSpot *self);
void        assay_chart_spot_set_sentence (AssayChartSpot *self, const char *sentence);
void        assay_chart_spot_set_draw     (AssayChartSpot *self, AssayChartDraw draw, gpointer data);

G_END_DECLS
