/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <png.h>

#include "assay-convert.h"
#include "assay-decode-private.h"
#include "assay-error.h"

/* Pixels without gaps: width × height × channels bytes, the top row first. */
typedef struct {
  guint8 *pixels;
  guint width;
  guint height;
  guint channels;   /* 1 or 3 */
} Raster;

/* How to read a stored picture so that it comes out upright: where the first
 * pixel lies, and how far it is to the next one and to the next row. */
typedef struct {
  const guint8 *first;
  gssize across;
  gssize down;
  gboolean turned;   /* width and height change places */
} Reading;

/* EXIF 2.32, table of tag 0x0112: which side of the picture the 0th row and the
 * 0th column are. */
static Reading
get_reading (GdkPixbuf *picture,
             guint orientation)
{
  const gssize pixel = gdk_pixbuf_get_n_channels (picture);
  const gssize row = gdk_pixbuf_get_rowstride (picture);
  const guint8 *start = gdk_pixbuf_read_pixels (picture);
  const gssize right = (gdk_pixbuf_get_width (picture) - 1) * pixel;
  const gssize bottom = (gdk_pixbuf_get_height (picture) - 1) * row;

  switch (orientation)
    {
    case 2:
      return (Reading) { start + right, -pixel, row, FALSE };
    case 3:
      return (Reading) { start + right + bottom, -pixel, -row, FALSE };
    case 4:
      return (Reading) { start + bottom, pixel, -row, FALSE };
    case 5:
      return (Reading) { start, row, pixel, TRUE };
    case 6:
      return (Reading) { start + bottom, -row, pixel, TRUE };
    case 7:
      return (Reading) { start + right + bottom, -row, -pixel, TRUE };
    case 8:
      return (Reading) { start + right, row, -pixel, TRUE };
    default:
      return (Reading) { start, pixel, row, FALSE };
    }
}

static inline guint8
lay_on_white (guint8 value,
              guint8 alpha)
{
  return (value * alpha + 255 * (255 - alpha) + 127) / 255;
}

static void
copy_row (guint8 *target,
          const Raster *raster,
          const guint8 *source,
          gssize across,
          gboolean alpha)
{
  for (guint x = 0; x < raster->width; x++, source += across)
    for (guint c = 0; c < raster->channels; c++)
      *target++ = alpha ? lay_on_white (source[c], source[3]) : source[c];
}

/* A gray picture comes out of GdkPixbuf with three equal channels: one is kept. */
static gboolean
raster_init (Raster *self,
             GdkPixbuf *picture,
             const AssayFacts *facts)
{
  Reading reading = get_reading (picture, assay_decode_get_orientation (picture, facts));
  gboolean alpha = gdk_pixbuf_get_has_alpha (picture);
  guint width = gdk_pixbuf_get_width (picture);
  guint height = gdk_pixbuf_get_height (picture);

  self->width = reading.turned ? height : width;
  self->height = reading.turned ? width : height;
  self->channels = (facts->channels == 1 || facts->channels == 2) && !facts->palette ? 1 : 3;
  self->pixels = g_try_malloc ((gsize) width * height * self->channels);
  if (self->pixels == NULL)
    return FALSE;
  for (guint y = 0; y < self->height; y++)
    copy_row (self->pixels + (gsize) y * self->width * self->channels, self,
              reading.first + (gssize) y * reading.down, reading.across, alpha);
  return TRUE;
}

/* libpng's simplified interface: it reports, and never jumps. */
static GBytes *
write_png (const Raster *raster,
           GError **error)
{
  png_image image = { .version = PNG_IMAGE_VERSION, .width = raster->width,
                      .height = raster->height, .flags = PNG_IMAGE_FLAG_FAST,
                      .format = raster->channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB };
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX (image);
  guint8 *png = g_try_malloc (size);

  if (png != NULL && png_image_write_to_memory (&image, png, &size, 0, raster->pixels, 0, NULL))
    return g_bytes_new_take (g_realloc (png, size), size);
  g_free (png);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
               _("The picture cannot be converted to PNG: %s"),
               png == NULL ? _("not enough memory") : image.message);
  png_image_free (&image);
  return NULL;
}

/**
 * assay_convert_to_png:
 * @bytes: (transfer none): a whole file that was probed
 * @facts: (transfer none): what assay_probe_bytes() says of it
 * @error: %ASSAY_ERROR_DAMAGED when it cannot be decoded after all,
 *   %ASSAY_ERROR_UNSUPPORTED without a loader, %ASSAY_ERROR_TOO_LARGE over a
 *   limit or without memory
 *
 * Makes what services take out of what they don't: an 8-bit PNG, gray where the
 * original is gray, otherwise RGB.  Alpha is laid on white, 16 bits become 8, a
 * palette its colors, CMYK is converted without a color profile, of an animation
 * the first frame stays.  Since a PNG has no place for it that services look at,
 * orientation is applied: the model sees the picture upright.
 *
 * Takes up to 7 bytes of memory a pixel, and decodes nothing over
 * %ASSAY_LIMIT_PIXELS.  Blocks; any thread.
 *
 * Returns: (transfer full) (nullable): the PNG
 */
GBytes *
assay_convert_to_png (GBytes *bytes,
                      const AssayFacts *facts,
                      GError **error)
{
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GdkPixbuf) picture = NULL;
  g_autofree guint8 *pixels = NULL;
  Raster raster;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (facts != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  stream = g_memory_input_stream_new_from_bytes (bytes);
  picture = assay_decode (stream, facts, 0, NULL, error);
  if (picture == NULL)
    return NULL;
  if (!raster_init (&raster, picture, facts))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                           _("Too large: there is not enough memory to convert the picture"));
      return NULL;
    }
  pixels = raster.pixels;
  g_clear_object (&picture);
  return write_png (&raster, error);
}
