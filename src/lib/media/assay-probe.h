/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  ASSAY_FORMAT_UNKNOWN,
  ASSAY_FORMAT_JPEG,
  ASSAY_FORMAT_PNG,
  ASSAY_FORMAT_GIF,
  ASSAY_FORMAT_BMP,
  ASSAY_FORMAT_WEBP,
  ASSAY_FORMAT_TIFF,
  ASSAY_FORMAT_AVIF,
  ASSAY_FORMAT_HEIC,
  ASSAY_FORMAT_JXL,
  ASSAY_FORMAT_SVG,
  ASSAY_FORMAT_PDF,
  ASSAY_FORMAT_ZIP,
  ASSAY_FORMAT_GZIP,
  ASSAY_FORMAT_TAR,
} AssayFormat;

typedef enum {
  ASSAY_HANDLING_SEND,      /* as it is */
  ASSAY_HANDLING_CONVERT,   /* to 8-bit RGB or gray PNG, on a copy */
  ASSAY_HANDLING_REJECT,    /* never; the error says why */
} AssayHandling;

/**
 * AssayFacts:
 *
 * What the content of a picture says about itself.  A plain value.
 */
typedef struct {
  guint width;            /* pixels, before orientation; 0 while unknown */
  guint height;
  AssayFormat format : 5;
  AssayHandling handling : 2;
  guint channels : 8;     /* 1 gray, 2 gray+alpha, 3 RGB/YCbCr/palette, 4 RGBA or CMYK */
  guint bits : 8;         /* per channel */
  guint orientation : 4;  /* EXIF 1…8; 1 when there is none */
  guint palette : 1;
  guint alpha : 1;
  guint cmyk : 1;
  guint animated : 1;
} AssayFacts;

/**
 * AssayProbeRead:
 *
 * pread(): up to @size bytes at @offset into @buffer; the number read, 0 at the
 * end, -1 with @error set.  May give less than asked for before the end.
 */
typedef gssize (*AssayProbeRead) (gpointer data, guint64 offset, guint8 *buffer, gsize size,
                                  GError **error);

gboolean    assay_probe_head             (const guint8 *head, gsize length,
                                          AssayFacts *facts, GError **error);
gboolean    assay_probe_walk             (AssayProbeRead read, gpointer data, guint64 size,
                                          AssayFacts *facts, GError **error);
gboolean    assay_probe_bytes            (GBytes *bytes, AssayFacts *facts, GError **error);
gboolean    assay_format_is_archive      (AssayFormat format);
const char *assay_format_get_name        (AssayFormat format);
const char *assay_format_get_media_type  (AssayFormat format);

G_END_DECLS
