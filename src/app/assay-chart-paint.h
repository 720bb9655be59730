/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void   assay_paint_find_color   (GtkWidget *widget, const char *name, GdkRGBA *color);
double assay_paint_get_em       (GtkWidget *widget);
void   assay_paint_mix          (const GdkRGBA *from, const GdkRGBA *to, double share, GdkRGBA *color);
double assay_paint_get_contrast (const GdkRGBA *a, const GdkRGBA *b);
void   assay_paint_text         (GtkSnapshot *snapshot, PangoLayout *layout, float x, float y, const GdkRGBA *color);
void   assay_paint_line         (GtkSnapshot *snapshot, const graphene_rect_t *bounds, const graphene_point_t *from, const graphene_point_t *to, const GdkRGBA *color);
float  assay_paint_get_x        (GtkWidget *widget, const graphene_rect_t *plot, double fraction);
void   assay_paint_upright      (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *plot, double fraction, const char *color_name);
void   assay_paint_zero         (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *plot, double fraction);
void   assay_paint_dashes       (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *plot, const graphene_rect_t *area, const char *color_name);

G_END_DECLS
