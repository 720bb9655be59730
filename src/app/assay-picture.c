/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-picture.h"

static void
scale_into (GdkPaintable *paintable,
            const graphene_rect_t *space,
            gboolean cover,
            graphene_rect_t *place)
{
  double width = MAX (1, gdk_paintable_get_intrinsic_width (paintable));
  double height = MAX (1, gdk_paintable_get_intrinsic_height (paintable));
  double across = space->size.width / width;
  double down = space->size.height / height;
  double scale = cover ? MAX (across, down) : MIN (across, down);

  /* Whole pixels, so that no edge is blurred. */
  place->size.width = MAX (1, round (width * scale));
  place->size.height = MAX (1, round (height * scale));
  place->origin.x = space->origin.x + floor ((space->size.width - place->size.width) / 2);
  place->origin.y = space->origin.y + floor ((space->size.height - place->size.height) / 2);
}

/**
 * assay_picture_fit:
 * @space: where there is room
 * @fitted: (out caller-allocates): the whole picture as large as it fits, centered
 */
void
assay_picture_fit (GdkPaintable *paintable,
                   const graphene_rect_t *space,
                   graphene_rect_t *fitted)
{
  g_return_if_fail (GDK_IS_PAINTABLE (paintable));

  scale_into (paintable, space, FALSE, fitted);
}

/**
 * assay_picture_cover:
 * @space: what to cover
 * @covered: (out caller-allocates): the picture so large that nothing stays free
 */
void
assay_picture_cover (GdkPaintable *paintable,
                     const graphene_rect_t *space,
                     graphene_rect_t *covered)
{
  g_return_if_fail (GDK_IS_PAINTABLE (paintable));

  scale_into (paintable, space, TRUE, covered);
}

/**
 * assay_picture_draw:
 * @place: where the whole picture goes
 * @clip: what of it is seen
 * @radius: of the corners, pixels
 * @hairline: keeps a white picture from dissolving into a white window
 */
void
assay_picture_draw (GtkSnapshot *snapshot,
                    GdkPaintable *paintable,
                    const graphene_rect_t *place,
                    const graphene_rect_t *clip,
                    float radius,
                    const GdkRGBA *hairline)
{
  float thin[4] = { 1, 1, 1, 1 };
  GdkRGBA colors[4] = { *hairline, *hairline, *hairline, *hairline };
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, clip, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &place->origin);
  gdk_paintable_snapshot (paintable, snapshot, place->size.width, place->size.height);
  gtk_snapshot_restore (snapshot);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, thin, colors);
}
