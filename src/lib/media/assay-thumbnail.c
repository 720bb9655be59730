/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-decode-private.h"
#include "assay-error.h"
#include "assay-thumbnail.h"

#define JPEG_QUALITY "82"

typedef struct {
  gboolean mirrored;   /* left and right change places, after turning */
  GdkPixbufRotation rotation;
} Turn;

/* How to set each EXIF orientation upright. */
static const Turn turns[] = {
  [1] = { FALSE, GDK_PIXBUF_ROTATE_NONE },
  [2] = { TRUE, GDK_PIXBUF_ROTATE_NONE },
  [3] = { FALSE, GDK_PIXBUF_ROTATE_UPSIDEDOWN },
  [4] = { TRUE, GDK_PIXBUF_ROTATE_UPSIDEDOWN },
  [5] = { TRUE, GDK_PIXBUF_ROTATE_CLOCKWISE },
  [6] = { FALSE, GDK_PIXBUF_ROTATE_CLOCKWISE },
  [7] = { TRUE, GDK_PIXBUF_ROTATE_COUNTERCLOCKWISE },
  [8] = { FALSE, GDK_PIXBUF_ROTATE_COUNTERCLOCKWISE },
};

static GdkPixbuf *
set_upright (GdkPixbuf *picture,
             guint orientation)
{
  g_autoptr (GdkPixbuf) turned = gdk_pixbuf_rotate_simple (picture, turns[orientation].rotation);

  if (turned == NULL || !turns[orientation].mirrored)
    return g_steal_pointer (&turned);
  return gdk_pixbuf_flip (turned, TRUE);
}

/**
 * assay_thumbnail_load:
 * @stream: (transfer none): a picture from its first byte on; it is not closed
 * @facts: (transfer none): what a probe says of it; the head's facts suffice
 * @size: of the longer side at most, in pixels
 * @cancellable: (nullable): stops between two reads
 * @error: %ASSAY_ERROR_DAMAGED, %ASSAY_ERROR_UNSUPPORTED, %ASSAY_ERROR_TOO_LARGE,
 *   %ASSAY_ERROR_UNREADABLE, %ASSAY_ERROR_FAILED (no memory), or
 *   %G_IO_ERROR_CANCELLED
 *
 * Decodes a picture no larger than it is to be shown: a JPEG at the nearest scale
 * that its decoder can do on the way, anything else by averaging.  A smaller
 * picture keeps its size.  Orientation is applied, alpha is kept.  Over
 * %ASSAY_LIMIT_PIXELS nothing is decoded.  Blocks; any thread.
 *
 * Returns: (transfer full) (nullable): the picture, of 3 or 4 channels
 */
GdkPixbuf *
assay_thumbnail_load (GInputStream *stream,
                      const AssayFacts *facts,
                      int size,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GdkPixbuf) picture = NULL;
  GdkPixbuf *upright;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);
  g_return_val_if_fail (facts != NULL, NULL);
  g_return_val_if_fail (size > 0, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  picture = assay_decode (stream, facts, size, cancellable, error);
  if (picture == NULL)
    return NULL;
  upright = set_upright (picture, assay_decode_get_orientation (picture, facts));
  if (upright == NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                         _("There is not enough memory for the picture"));
  return upright;
}

/* A JPEG has no transparency: what shines through is white. */
static GdkPixbuf *
flatten (GdkPixbuf *picture)
{
  if (!gdk_pixbuf_get_has_alpha (picture))
    return g_object_ref (picture);
  return gdk_pixbuf_composite_color_simple (picture, gdk_pixbuf_get_width (picture),
                                            gdk_pixbuf_get_height (picture), GDK_INTERP_NEAREST,
                                            255, 8, 0xffffffff, 0xffffffff);
}

/**
 * assay_thumbnail_encode:
 * @picture: of 3 or 4 channels
 * @error: when there is no memory for it
 *
 * Writes pixels alone: what a camera puts beside them, such as the place, stays behind.
 *
 * Returns: (transfer full) (nullable): a JPEG, of some 3 KB for 96 pixels
 */
GBytes *
assay_thumbnail_encode (GdkPixbuf *picture,
                        GError **error)
{
  g_autoptr (GdkPixbuf) flat = NULL;
  g_autoptr (GdkPixbuf) bare = NULL;
  g_autoptr (GBytes) pixels = NULL;
  char *data = NULL;
  gsize length = 0;

  g_return_val_if_fail (GDK_IS_PIXBUF (picture), NULL);

  flat = flatten (picture);
  if (flat == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                           _("There is not enough memory for the picture"));
      return NULL;
    }
  /* Options of a pixbuf, a color profile among them, would be written too. */
  pixels = gdk_pixbuf_read_pixel_bytes (flat);
  bare = gdk_pixbuf_new_from_bytes (pixels, GDK_COLORSPACE_RGB, FALSE, 8,
                                    gdk_pixbuf_get_width (flat), gdk_pixbuf_get_height (flat),
                                    gdk_pixbuf_get_rowstride (flat));
  if (!gdk_pixbuf_save_to_buffer (bare, &data, &length, "jpeg", error, "quality", JPEG_QUALITY, NULL))
    return NULL;
  return g_bytes_new_take (data, length);
}
