/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-item.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PREVIEW (assay_preview_get_type ())

/**
 * AssayPreview:
 *
 * The picture of one item as large as its place allows, upright and whole, with
 * round corners.  Decoded off the main thread at about the size that is shown.
 * Zoomed in, it shows a part: by Ctrl and scroll, two fingers, double click, or from
 * outside; moved by scroll, drag and the arrow keys.
 */
G_DECLARE_FINAL_TYPE (AssayPreview, assay_preview, ASSAY, PREVIEW, GtkWidget)

GtkWidget    *assay_preview_new           (void);
AssayItem    *assay_preview_get_item      (AssayPreview *self);
gboolean      assay_preview_get_loading   (AssayPreview *self);
GdkPaintable *assay_preview_get_paintable (AssayPreview *self);
gboolean      assay_preview_get_compact   (AssayPreview *self);
double        assay_preview_get_zoom      (AssayPreview *self);
void          assay_preview_zoom          (AssayPreview *self, int steps);
void          assay_preview_zoom_to_fit   (AssayPreview *self);
void          assay_preview_set_item      (AssayPreview *self, AssayItem *item);
void          assay_preview_set_compact   (AssayPreview *self, gboolean compact);

G_END_DECLS
