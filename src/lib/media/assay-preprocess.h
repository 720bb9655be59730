/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "assay-resample.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_CROP_CENTER,   /* the middle of the picture fills the input, the rest is cut off */
  ASSAY_CROP_FIT,      /* the whole picture, in its proportions, between bars */
  ASSAY_CROP_STRETCH,  /* the whole picture, in the input's proportions */
} AssayCrop;

typedef enum { ASSAY_LAYOUT_NCHW, ASSAY_LAYOUT_NHWC } AssayLayout;
typedef enum { ASSAY_ORDER_RGB, ASSAY_ORDER_BGR, ASSAY_ORDER_GRAY } AssayOrder;

/* What a model wants to see: one picture becomes width × height × channels numbers,
 * (value × scale − mean[c]) ÷ deviation[c], value in 0…255.  A plain value. */
typedef struct {
  guint width;          /* of the input, in pixels; 0 is not known yet */
  guint height;
  guint resize;         /* of ASSAY_CROP_CENTER: what the shorter side becomes before the
                         * cut, in pixels; 0 for as much as the input needs */
  AssayFilter filter;
  AssayCrop crop;
  guint8 pad[3];        /* RGB of what no pixel of the picture covers */
  AssayLayout layout;
  AssayOrder order;
  float scale;
  float mean[3];        /* in the order of the tensor's channels; of gray the first alone */
  float deviation[3];
} AssayPreprocess;

/* Their names in the text form, each in the order of its type, and NULL. */
extern const char *const assay_filter_names[];
extern const char *const assay_crop_names[];
extern const char *const assay_layout_names[];
extern const char *const assay_order_names[];

/* “imagenet”, “0..1”, “-1..1”, “0..255”, and NULL. */
extern const char *const assay_preset_names[];

void       assay_preprocess_init_default (AssayPreprocess *self, guint width, guint height);
gboolean   assay_preprocess_apply_preset (AssayPreprocess *self, const char *name);
guint      assay_preprocess_find_preset  (const AssayPreprocess *self);
gboolean   assay_preprocess_parse        (AssayPreprocess *self, const char *text, GError **error);
char      *assay_preprocess_format       (const AssayPreprocess *self);
gboolean   assay_preprocess_equal        (const AssayPreprocess *a, const AssayPreprocess *b);

guint      assay_preprocess_get_channels (const AssayPreprocess *self);
gsize      assay_preprocess_get_length   (const AssayPreprocess *self);
void       assay_preprocess_get_shape    (const AssayPreprocess *self, guint shape[3]);

GdkPixbuf *assay_preprocess_see          (const AssayPreprocess *self, GdkPixbuf *picture);
void       assay_preprocess_fill_floats  (const AssayPreprocess *self, GdkPixbuf *seen,
                                          float *tensor);
void       assay_preprocess_fill_bytes   (const AssayPreprocess *self, GdkPixbuf *seen,
                                          guint8 *tensor);
void       assay_preprocess_run          (const AssayPreprocess *self, GdkPixbuf *picture,
                                          float *tensor);
void       assay_preprocess_scale        (const AssayPreprocess *self, const guint8 *levels,
                                          float *tensor);

G_END_DECLS
