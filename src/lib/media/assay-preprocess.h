/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

G_BEGIN_DECLS

typedef enum { ASSAY_CROP_CENTER, ASSAY_CROP_NONE } AssayCrop;
typedef enum { ASSAY_LAYOUT_NCHW, ASSAY_LAYOUT_NHWC } AssayLayout;

/* What a model wants to see: one picture becomes width × height × 3 floats,
 * (value × scale − mean[c]) ÷ deviation[c], value in 0…255. */
typedef struct {
  guint width;
  guint height;
  AssayCrop crop;
  AssayLayout layout;
  gboolean bgr;
  float scale;
  float mean[3];
  float deviation[3];
} AssayPreprocess;

void       assay_preprocess_init_default (AssayPreprocess *self, guint width, guint height);
gsize      assay_preprocess_get_length   (const AssayPreprocess *self);
GdkPixbuf *assay_preprocess_picture      (const AssayPreprocess *self, GdkPixbuf *picture);
void       assay_preprocess_run          (const AssayPreprocess *self, GdkPixbuf *picture,
                                          float *tensor);

G_END_DECLS
