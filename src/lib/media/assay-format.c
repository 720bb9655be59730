/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "assay-probe-private.h"

typedef struct {
  const char *name;
  const char *media_type;
} Format;

static const Format formats[] = {
  [ASSAY_FORMAT_UNKNOWN] = { "unknown", "application/octet-stream" },
  [ASSAY_FORMAT_JPEG] = { "JPEG", "image/jpeg" },
  [ASSAY_FORMAT_PNG] = { "PNG", "image/png" },
  [ASSAY_FORMAT_GIF] = { "GIF", "image/gif" },
  [ASSAY_FORMAT_BMP] = { "BMP", "image/bmp" },
  [ASSAY_FORMAT_WEBP] = { "WebP", "image/webp" },
  [ASSAY_FORMAT_TIFF] = { "TIFF", "image/tiff" },
  [ASSAY_FORMAT_AVIF] = { "AVIF", "image/avif" },
  [ASSAY_FORMAT_HEIC] = { "HEIC", "image/heif" },
  [ASSAY_FORMAT_JXL] = { "JPEG XL", "image/jxl" },
  [ASSAY_FORMAT_SVG] = { "SVG", "image/svg+xml" },
  [ASSAY_FORMAT_PDF] = { "PDF", "application/pdf" },
  [ASSAY_FORMAT_ZIP] = { "ZIP", "application/zip" },
  [ASSAY_FORMAT_GZIP] = { "gzip", "application/gzip" },
  [ASSAY_FORMAT_TAR] = { "tar", "application/x-tar" },
};

static const Format *
get_format (AssayFormat format)
{
  return &formats[(guint) format < G_N_ELEMENTS (formats) ? format : ASSAY_FORMAT_UNKNOWN];
}

/**
 * assay_format_get_name:
 * @format: a format
 *
 * Returns: (transfer none): its proper name, the same in every language;
 *   "unknown" for %ASSAY_FORMAT_UNKNOWN
 */
const char *
assay_format_get_name (AssayFormat format)
{
  return get_format (format)->name;
}

/**
 * assay_format_get_media_type:
 * @format: a format
 *
 * Returns: (transfer none): its registered media type, which is also the one
 *   that GdkPixbuf's loader for it goes by
 */
const char *
assay_format_get_media_type (AssayFormat format)
{
  return get_format (format)->media_type;
}

/**
 * assay_format_is_archive:
 * @format: a format
 *
 * Returns: whether pictures may be inside
 */
gboolean
assay_format_is_archive (AssayFormat format)
{
  return format == ASSAY_FORMAT_ZIP || format == ASSAY_FORMAT_GZIP || format == ASSAY_FORMAT_TAR;
}

static AssayFormat
find_format (const char *media_type)
{
  for (guint i = ASSAY_FORMAT_JPEG; i <= ASSAY_FORMAT_JXL; i++)
    if (g_str_equal (formats[i].media_type, media_type))
      return i;
  return ASSAY_FORMAT_UNKNOWN;
}

/* A set of formats, bit by bit, as the loaders installed here say. */
static gsize
list_loaders (void)
{
  g_autoptr (GSList) list = gdk_pixbuf_get_formats ();
  gsize found = 0;

  for (GSList *l = list; l != NULL; l = l->next)
    {
      g_auto (GStrv) types = gdk_pixbuf_format_get_mime_types (l->data);

      if (gdk_pixbuf_format_is_disabled (l->data))
        continue;
      for (guint i = 0; types[i] != NULL; i++)
        found |= (gsize) 1 << find_format (types[i]);
    }
  return found & ~((gsize) 1 << ASSAY_FORMAT_UNKNOWN);
}

/*
 * Whether GdkPixbuf can decode @format on this machine.  Asked of GdkPixbuf
 * once; any thread.
 */
gboolean
assay_format_has_loader (AssayFormat format)
{
  static gsize loaders;

  if (g_once_init_enter (&loaders))
    {
      /* The extra bit tells "none" from "not asked yet". */
      gsize found = list_loaders () | (gsize) 1 << G_N_ELEMENTS (formats);

      g_once_init_leave (&loaders, found);
    }
  return (loaders >> format & 1) != 0;
}
