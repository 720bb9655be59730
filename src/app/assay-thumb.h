/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-item.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_THUMB (assay_thumb_get_type ())

/**
 * AssayThumb:
 *
 * The small square picture of a row; an icon where there is nothing to show.
 */
G_DECLARE_FINAL_TYPE (AssayThumb, assay_thumb, ASSAY, THUMB, GtkWidget)

GtkWidget    *assay_thumb_new           (void);
AssayItem    *assay_thumb_get_item      (AssayThumb *self);
GdkPaintable *assay_thumb_get_paintable (AssayThumb *self);
void          assay_thumb_set_item      (AssayThumb *self, AssayItem *item);

G_END_DECLS
