/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-zoom.h"

/* Two steps double it. */
#define STEP G_SQRT2

/* More than this shows nothing but squares. */
#define MOST_WHOLE 8
#define MOST_FITTED 4

#define NEARLY 1e-3

static double
get_fit (const AssayZoom *self)
{
  return self->fitted.size.width / self->picture.width;
}

/**
 * assay_zoom_get_scale:
 *
 * Returns: pixels of the widget for one of the picture
 */
double
assay_zoom_get_scale (const AssayZoom *self)
{
  return self->scale > 0 ? self->scale : get_fit (self);
}

/**
 * assay_zoom_get_rect:
 * @rect: (out caller-allocates): where the whole picture stands, with the parts that
 *   are not seen
 */
void
assay_zoom_get_rect (const AssayZoom *self,
                     graphene_rect_t *rect)
{
  *rect = self->fitted;
  if (self->scale > 0)
    graphene_rect_init (rect, self->origin.x, self->origin.y, self->picture.width * self->scale,
                        self->picture.height * self->scale);
}

/**
 * assay_zoom_can_pan:
 *
 * Returns: whether a part of the picture is not seen
 */
gboolean
assay_zoom_can_pan (const AssayZoom *self)
{
  return self->picture.width * self->scale > self->place.width + 1
         || self->picture.height * self->scale > self->place.height + 1;
}

/* Nothing stays free beside a picture that has more to show. */
static float
keep_edge (float origin,
           double size,
           float place,
           float align)
{
  if (size <= place)
    return floor ((place - size) * align);
  return CLAMP (origin, place - size, 0);
}

/**
 * assay_zoom_keep_in:
 *
 * To be called when the place has changed.
 */
void
assay_zoom_keep_in (AssayZoom *self)
{
  self->origin.x = keep_edge (self->origin.x, self->picture.width * self->scale,
                              self->place.width, self->align.x);
  self->origin.y = keep_edge (self->origin.y, self->picture.height * self->scale,
                              self->place.height, self->align.y);
}

/**
 * assay_zoom_set_scale:
 * @scale: the new scale; brought into its bounds
 * @about: what of the picture stands there, stays there
 */
void
assay_zoom_set_scale (AssayZoom *self,
                      double scale,
                      const graphene_point_t *about)
{
  double fit = get_fit (self);
  graphene_rect_t rect;

  assay_zoom_get_rect (self, &rect);
  scale = CLAMP (scale, MIN (fit, self->whole), MAX (MOST_WHOLE * self->whole, MOST_FITTED * fit));
  if (fabs (scale / fit - 1) < NEARLY)
    {
      self->scale = 0;
      return;
    }
  self->scale = scale;
  self->origin.x = about->x
                   - (about->x - rect.origin.x) / rect.size.width * self->picture.width * scale;
  self->origin.y = about->y
                   - (about->y - rect.origin.y) / rect.size.height * self->picture.height * scale;
  assay_zoom_keep_in (self);
}

/* The mark, if it lies on the way. */
static double
stop_at (double from,
         double to,
         double mark)
{
  if (from < mark * (1 - NEARLY) && to > mark)
    return mark;
  if (from > mark * (1 + NEARLY) && to < mark)
    return mark;
  return to;
}

/**
 * assay_zoom_step:
 * @steps: in if positive, out if negative
 * @about: what of the picture stands there, stays there
 *
 * Neither 100 % nor the scale at which the picture fits is leapt over.
 */
void
assay_zoom_step (AssayZoom *self,
                 int steps,
                 const graphene_point_t *about)
{
  double from = assay_zoom_get_scale (self);
  double to = from * pow (STEP, steps);

  to = stop_at (from, to, self->whole);
  to = stop_at (from, to, get_fit (self));
  assay_zoom_set_scale (self, to, about);
}

/**
 * assay_zoom_pan:
 * @x: how far the picture moves to the right
 * @y: how far it moves down
 */
void
assay_zoom_pan (AssayZoom *self,
                double x,
                double y)
{
  self->origin.x += x;
  self->origin.y += y;
  assay_zoom_keep_in (self);
}
