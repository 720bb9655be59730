/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-decode-private.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-probe-private.h"

#define BLOCK (64 * 1024)

typedef struct {
  int size;             /* of the longer side at most; 0 to leave it */
  gboolean too_large;
  gboolean scaled;      /* on the way */
  guint rows;           /* that were decoded, as far as the loader tells of them */
} Decode;

static gboolean
fits_limits (guint width,
             guint height)
{
  return width <= ASSAY_LIMIT_SIDE && height <= ASSAY_LIMIT_SIDE
         && (guint64) width * height <= ASSAY_LIMIT_PIXELS;
}

static GError *
new_too_large (guint width,
               guint height)
{
  return g_error_new (ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE, _("Too large: %u × %u pixels"), width,
                      height);
}

/* Comes before the loader makes room for the pixels.  A size of nothing tells it
 * to make none, whatever the container promised earlier. */
static void
size_prepared_cb (GdkPixbufLoader *loader,
                  int width,
                  int height,
                  Decode *self)
{
  int longer = MAX (width, height);

  self->too_large = !fits_limits (MAX (width, 0), MAX (height, 0));
  if (self->too_large)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
  self->scaled = self->size > 0 && longer > self->size;
  if (self->scaled && !self->too_large)
    gdk_pixbuf_loader_set_size (loader,
                                MAX (1, ((gint64) width * self->size + longer / 2) / longer),
                                MAX (1, ((gint64) height * self->size + longer / 2) / longer));
}

static void
area_updated_cb (GdkPixbufLoader *loader,
                 int x,
                 int y,
                 int width,
                 int height,
                 Decode *self)
{
  self->rows = MAX (self->rows, (guint) MAX (y + height, 0));
}

/* Not every loader says why it gives up. */
static void
take_decoder_error (GError **error,
                    GError *reason)
{
  AssayError code = ASSAY_ERROR_DAMAGED;

  if (reason == NULL)
    {
      assay_probe_damaged (error, _("it cannot be decoded"));
      return;
    }
  if (g_error_matches (reason, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY))
    code = ASSAY_ERROR_TOO_LARGE;
  else if (g_error_matches (reason, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_UNKNOWN_TYPE)
           || g_error_matches (reason, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_UNSUPPORTED_OPERATION))
    code = ASSAY_ERROR_UNSUPPORTED;
  g_set_error (error, ASSAY_ERROR, code, _("The picture cannot be decoded: %s"), reason->message);
  g_error_free (reason);
}

static void
take_read_error (GError **error,
                 GError *reason)
{
  if (reason->domain == ASSAY_ERROR
      || g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, reason);
      return;
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, _("The picture cannot be read: %s"),
               reason->message);
  g_error_free (reason);
}

/* Feeds the loader until the stream ends. */
static gboolean
feed (GdkPixbufLoader *loader,
      const Decode *self,
      GInputStream *stream,
      GCancellable *cancellable,
      GError **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);
  guint64 total = 0;

  while (!self->too_large)
    {
      GError *reason = NULL;
      gssize got = -1;

      /* A stream from memory never looks at it. */
      if (!g_cancellable_set_error_if_cancelled (cancellable, &reason))
        got = g_input_stream_read (stream, block, BLOCK, cancellable, &reason);
      if (got < 0)
        {
          take_read_error (error, reason);
          return FALSE;
        }
      if (got == 0)
        return TRUE;
      total += got;
      if (total > ASSAY_LIMIT_FILE_BYTES)
        {
          g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                               _("Too large: the picture has too many bytes"));
          return FALSE;
        }
      if (!gdk_pixbuf_loader_write (loader, block, got, &reason))
        {
          take_decoder_error (error, reason);
          return FALSE;
        }
    }
  return TRUE;
}

/* libtiff gives colors that alpha has been multiplied into, and GdkPixbuf passes
 * them on as if it hadn't. */
static void
divide_by_alpha (GdkPixbuf *picture)
{
  const gsize row = gdk_pixbuf_get_rowstride (picture);
  const guint height = gdk_pixbuf_get_height (picture);
  const guint width = gdk_pixbuf_get_width (picture);
  guint8 *pixels = gdk_pixbuf_get_pixels (picture);

  for (guint y = 0; y < height; y++)
    for (guint8 *at = pixels + y * row; at < pixels + y * row + 4 * (gsize) width; at += 4)
      for (guint c = 0; c < 3 && at[3] != 255 && at[3] != 0; c++)
        at[c] = MIN ((at[c] * 255 + at[3] / 2) / at[3], 255);
}

/* The PNG loader passes over picture data that cannot be unpacked, and leaves the
 * rest blank.  A picture that is scaled tells of no rows. */
static gboolean
is_whole (const Decode *self,
          const AssayFacts *facts)
{
  return facts->format != ASSAY_FORMAT_PNG || self->scaled || self->rows >= facts->height;
}

static GdkPixbuf *
finish (GdkPixbufLoader *loader,
        const Decode *self,
        const AssayFacts *facts,
        GError **error)
{
  GError *reason = NULL;
  GdkPixbuf *picture;

  if (!gdk_pixbuf_loader_close (loader, &reason))
    {
      take_decoder_error (error, reason);
      return NULL;
    }
  picture = gdk_pixbuf_loader_get_pixbuf (loader);
  if (picture == NULL || !is_whole (self, facts))
    {
      assay_probe_damaged (error, picture == NULL ? _("there is no picture in it")
                                                  : _("it cannot be decoded"));
      return NULL;
    }
  if (!fits_limits (gdk_pixbuf_get_width (picture), gdk_pixbuf_get_height (picture)))
    {
      g_propagate_error (error, new_too_large (gdk_pixbuf_get_width (picture),
                                               gdk_pixbuf_get_height (picture)));
      return NULL;
    }
  if (facts->format == ASSAY_FORMAT_TIFF && gdk_pixbuf_get_n_channels (picture) == 4)
    divide_by_alpha (picture);
  return g_object_ref (picture);
}

static GdkPixbufLoader *
new_loader (const AssayFacts *facts,
            GError **error)
{
  GdkPixbufLoader *loader = NULL;
  GError *reason = NULL;

  if (!fits_limits (facts->width, facts->height))
    {
      g_propagate_error (error, new_too_large (facts->width, facts->height));
      return NULL;
    }
  if (facts->format == ASSAY_FORMAT_GIF && (facts->width == 0 || facts->height == 0))
    {
      assay_probe_damaged (error, _("it has no width or no height"));
      return NULL;
    }
  if (assay_format_has_loader (facts->format))
    loader = gdk_pixbuf_loader_new_with_mime_type (assay_format_get_media_type (facts->format),
                                                   &reason);
  if (loader != NULL)
    return loader;
  g_clear_error (&reason);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, _("%s pictures cannot be opened here"),
               assay_format_get_name (facts->format));
  return NULL;
}

/*
 * Decodes the first frame of what @stream has, with the loader that its content
 * (@facts), not its name, asks for; and, when @size is not 0, scales it down so
 * that its longer side has @size pixels.  Orientation is left alone.  Nothing is
 * decoded over the limits.  Blocks; any thread.
 */
GdkPixbuf *
assay_decode (GInputStream *stream,
              const AssayFacts *facts,
              int size,
              GCancellable *cancellable,
              GError **error)
{
  Decode self = { .size = size };
  g_autoptr (GdkPixbufLoader) loader = new_loader (facts, error);
  GError *reason = NULL;

  if (loader == NULL)
    return NULL;
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &self);
  g_signal_connect (loader, "area-updated", G_CALLBACK (area_updated_cb), &self);
  if (!feed (loader, &self, stream, cancellable, &reason) || self.too_large)
    {
      gdk_pixbuf_loader_close (loader, NULL);
      if (self.too_large)
        {
          g_clear_error (&reason);
          reason = new_too_large (facts->width, facts->height);
        }
      g_propagate_error (error, reason);
      return NULL;
    }
  return finish (loader, &self, facts, error);
}

/*
 * How @picture still has to be turned.  The TIFF loader has turned it partly, and
 * says itself what is left; the other loaders turn nothing.
 */
guint
assay_decode_get_orientation (GdkPixbuf *picture,
                              const AssayFacts *facts)
{
  const char *left;

  if (facts->format != ASSAY_FORMAT_TIFF)
    return CLAMP (facts->orientation, 1, 8);
  left = gdk_pixbuf_get_option (picture, "orientation");
  return left == NULL ? 1 : CLAMP (g_ascii_strtoull (left, NULL, 10), 1, 8);
}
