/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_CHART_AXIS (assay_chart_axis_get_type ())

/**
 * AssayChartAxis:
 *
 * A line of captions, each below (or above) its place on an axis.  Where there
 * is no room for all, those added first stay.
 */
G_DECLARE_FINAL_TYPE (AssayChartAxis, assay_chart_axis, ASSAY, CHART_AXIS, GtkWidget)

GtkWidget *assay_chart_axis_new    (void);
void       assay_chart_axis_clear  (AssayChartAxis *self);
void       assay_chart_axis_append (AssayChartAxis *self, double fraction, const char *text);

G_END_DECLS
