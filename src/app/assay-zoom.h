/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <graphene.h>
#include <glib.h>

G_BEGIN_DECLS

/* How large a picture stands in a place, and which part of it is seen.  Lengths are
 * those of the widget; a scale is pixels of the widget for one of the picture. */
typedef struct {
  graphene_size_t place;
  graphene_size_t picture;       /* in pixels of its own */
  graphene_rect_t fitted;        /* where it stands while it is not zoomed */
  graphene_point_t align;        /* 0…1: where it stands in a place that is too large */
  double whole;                  /* the scale of 100 % */
  double scale;                  /* 0: fitted */
  graphene_point_t origin;       /* of the picture in the place, unless fitted */
} AssayZoom;

double   assay_zoom_get_scale (const AssayZoom *self);
void     assay_zoom_get_rect  (const AssayZoom *self, graphene_rect_t *rect);
gboolean assay_zoom_can_pan   (const AssayZoom *self);
void     assay_zoom_keep_in   (AssayZoom *self);
void     assay_zoom_set_scale (AssayZoom *self, double scale, const graphene_point_t *about);
void     assay_zoom_step      (AssayZoom *self, int steps, const graphene_point_t *about);
void     assay_zoom_pan       (AssayZoom *self, double x, double y);

G_END_DECLS
