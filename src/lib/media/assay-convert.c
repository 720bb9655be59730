/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <png.h>
#include <setjmp.h>

#include "assay-convert.h"
#include "assay-decode-private.h"
#include "assay-error.h"

/* How to read a stored picture so that it comes out upright: where the first
 * pixel lies, and how far it is to the next one and to the next row. */
typedef struct {
  const guint8 *first;
  gssize across;
  gssize down;
  gboolean turned;   /* width and height change places */
} Reading;

/* The picture as it is to be written. */
typedef struct {
  Reading reading;
  guint width;
  guint height;
  guint channels;   /* 1 or 3 */
  gboolean alpha;   /* to be laid on white */
} Upright;

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

/* A gray picture comes out of GdkPixbuf with three equal channels: one is kept. */
static Upright
get_upright (GdkPixbuf *picture,
             const AssayFacts *facts)
{
  Reading reading = get_reading (picture, assay_decode_get_orientation (picture, facts));
  guint width = gdk_pixbuf_get_width (picture);
  guint height = gdk_pixbuf_get_height (picture);
  gboolean gray = (facts->channels == 1 || facts->channels == 2) && !facts->palette;

  return (Upright) {
    .reading = reading,
    .width = reading.turned ? height : width,
    .height = reading.turned ? width : height,
    .channels = gray ? 1 : 3,
    .alpha = gdk_pixbuf_get_has_alpha (picture),
  };
}

static void
copy_row (const Upright *self,
          guint y,
          guint8 *target)
{
  const guint8 *source = self->reading.first + (gssize) y * self->reading.down;

  for (guint x = 0; x < self->width; x++, source += self->reading.across)
    for (guint c = 0; c < self->channels; c++)
      *target++ = self->alpha ? lay_on_white (source[c], source[3]) : source[c];
}

static void
write_cb (png_structp png,
          png_bytep data,
          png_size_t length)
{
  g_byte_array_append (png_get_io_ptr (png), data, length);
}

static void
flush_cb (png_structp png)
{
}

static G_NORETURN void
error_cb (png_structp png,
          png_const_charp message)
{
  g_debug ("libpng: %s", message);
  png_longjmp (png, 1);
}

static void
warning_cb (png_structp png,
            png_const_charp message)
{
  g_debug ("libpng: %s", message);
}

/* libpng's errors come back to the first line: nothing is allocated below it.
 * Paeth's filter at the quickest level takes a sixth of the time of libpng's own
 * choice, and photos grow by a few percent. */
static gboolean
write_rows (png_structp png,
            png_infop info,
            const Upright *picture,
            guint8 *row)
{
  if (setjmp (png_jmpbuf (png)) != 0)
    return FALSE;
  png_set_IHDR (png, info, picture->width, picture->height, 8,
                picture->channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level (png, 1);
  png_set_filter (png, PNG_FILTER_TYPE_BASE, PNG_FILTER_PAETH);
  png_write_info (png, info);
  for (guint y = 0; y < picture->height; y++)
    {
      copy_row (picture, y, row);
      png_write_row (png, row);
    }
  png_write_end (png, info);
  return TRUE;
}

static GBytes *
write_png (const Upright *picture,
           GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *row = g_malloc ((gsize) picture->width * picture->channels);
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, error_cb, warning_cb);
  png_infop info = png != NULL ? png_create_info_struct (png) : NULL;
  gboolean ok = FALSE;

  if (info != NULL)
    {
      png_set_write_fn (png, bytes, write_cb, flush_cb);
      ok = write_rows (png, info, picture, row);
    }
  png_destroy_write_struct (&png, &info);
  if (ok)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                       _("The picture cannot be converted to PNG: not enough memory"));
  return NULL;
}

/**
 * assay_convert_to_png:
 * @bytes: (transfer none): a whole file that was probed
 * @facts: (transfer none): what assay_probe_bytes() says of it
 * @error: %ASSAY_ERROR_DAMAGED when it cannot be decoded after all,
 *   %ASSAY_ERROR_UNSUPPORTED without a loader, %ASSAY_ERROR_TOO_LARGE over a
 *   limit, %ASSAY_ERROR_FAILED without memory
 *
 * Makes what services take out of what they don't: an 8-bit PNG, gray where the
 * original is gray, otherwise RGB.  Alpha is laid on white, 16 bits become 8, a
 * palette its colors, CMYK is converted without a color profile, of an animation
 * the first frame stays.  Since a PNG has no place for it that services look at,
 * orientation is applied: the model sees the picture upright.
 *
 * Takes 4 bytes of memory a pixel besides the PNG, and decodes nothing over
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
  Upright upright;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (facts != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  stream = g_memory_input_stream_new_from_bytes (bytes);
  picture = assay_decode (stream, facts, 0, NULL, error);
  if (picture == NULL)
    return NULL;
  upright = get_upright (picture, facts);
  return write_png (&upright, error);
}
