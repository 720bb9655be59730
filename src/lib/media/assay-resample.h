/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How the pixels of another size are found.  All but the first are Pillow's of the
 * same name; the first is OpenCV's INTER_AREA where it shrinks and its
 * INTER_LINEAR where it grows. */
typedef enum {
  ASSAY_FILTER_AREA,
  ASSAY_FILTER_BOX,
  ASSAY_FILTER_BILINEAR,
  ASSAY_FILTER_BICUBIC,
  ASSAY_FILTER_LANCZOS,
  ASSAY_FILTER_NEAREST,
} AssayFilter;

/* Pixels of 8 bits that somebody else holds; alpha is laid on white as they are read. */
typedef struct {
  const guint8 *pixels;
  gsize stride;       /* bytes from one row to the next */
  guint width;
  guint height;
  gboolean alpha;     /* RGBA, not RGB */
  gboolean gray;      /* to be read as one channel: their luma */
} AssayRaster;

/* One axis: what the whole source would become, and the part of that which is wanted. */
typedef struct {
  guint size;
  guint first;
  guint count;
} AssayExtent;

guint8 assay_luma     (const guint8 *rgb);
void   assay_resample (const AssayRaster *source, AssayFilter filter, const AssayExtent *across,
                       const AssayExtent *down, guint8 *target, gsize target_stride);

G_END_DECLS
