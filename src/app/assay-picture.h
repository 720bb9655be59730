/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void assay_picture_fit   (GdkPaintable *paintable, const graphene_rect_t *space, graphene_rect_t *fitted);
void assay_picture_cover (GdkPaintable *paintable, const graphene_rect_t *space, graphene_rect_t *covered);
void assay_picture_draw  (GtkSnapshot *snapshot, GdkPaintable *paintable, const graphene_rect_t *place,
                          const graphene_rect_t *clip, float radius, const GdkRGBA *hairline);

G_END_DECLS
