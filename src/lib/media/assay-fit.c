/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "assay-decode-private.h"
#include "assay-error.h"
#include "assay-fit.h"

/* Below this nothing can be seen any more, and the file hardly shrinks. */
#define LEAST_SIDE 16

/* Each size is three quarters of the one before: half of the bytes. */
#define SHRINK 0.75

/* JPEG qualities to try at full size, and the one at all smaller ones.  Below 60
 * its blocks show, and the same bytes buy more as pixels. */
static const guint qualities[] = { 90, 80, 70, 60 };
#define SMALLER_QUALITY 75

/**
 * assay_fit_takes:
 * @facts: what a picture says of itself
 * @bytes: of its file
 *
 * Returns: whether it is within both bounds as it is
 */
gboolean
assay_fit_takes (const AssayFit *self,
                 const AssayFacts *facts,
                 guint64 bytes)
{
  g_return_val_if_fail (self != NULL && facts != NULL, FALSE);

  return (self->pixels == 0 || MAX (facts->width, facts->height) <= self->pixels)
         && (self->bytes == 0 || bytes <= self->bytes);
}

static guint
get_side (GdkPixbuf *picture)
{
  return MAX (gdk_pixbuf_get_width (picture), gdk_pixbuf_get_height (picture));
}

/* Never larger, and never to nothing. */
static GdkPixbuf *
shrink (GdkPixbuf *picture,
        guint side)
{
  double share = (double) side / get_side (picture);

  if (share >= 1)
    return g_object_ref (picture);
  return gdk_pixbuf_scale_simple (picture,
                                  MAX (1, gdk_pixbuf_get_width (picture) * share + 0.5),
                                  MAX (1, gdk_pixbuf_get_height (picture) * share + 0.5),
                                  GDK_INTERP_BILINEAR);
}

/* EXIF 2.32, tag 0x0112: how what is stored becomes what is meant. */
static GdkPixbuf *
turn_upright (GdkPixbuf *picture,
              guint orientation)
{
  static const GdkPixbufRotation rotations[] = {
    0, 0, 0, GDK_PIXBUF_ROTATE_UPSIDEDOWN, GDK_PIXBUF_ROTATE_UPSIDEDOWN,
    GDK_PIXBUF_ROTATE_CLOCKWISE, GDK_PIXBUF_ROTATE_CLOCKWISE,
    GDK_PIXBUF_ROTATE_COUNTERCLOCKWISE, GDK_PIXBUF_ROTATE_COUNTERCLOCKWISE,
  };
  gboolean mirrored = orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7;
  g_autoptr (GdkPixbuf) turned = NULL;

  turned = gdk_pixbuf_rotate_simple (picture, rotations[orientation]);
  if (turned == NULL || !mirrored)
    return g_steal_pointer (&turned);
  return gdk_pixbuf_flip (turned, TRUE);
}

static GdkPixbuf *
lay_on_white (GdkPixbuf *picture)
{
  if (!gdk_pixbuf_get_has_alpha (picture))
    return g_object_ref (picture);
  return gdk_pixbuf_composite_color_simple (picture, gdk_pixbuf_get_width (picture),
                                            gdk_pixbuf_get_height (picture), GDK_INTERP_NEAREST,
                                            255, 8, 0xffffff, 0xffffff);
}

static void
set_memory_error (GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                       _("The picture cannot be made smaller: not enough memory"));
}

/* Upright, opaque and within the bound on pixels.  It is scaled first, while it is
 * decoded where the decoder can, so that the copies after that are of the small one. */
static GdkPixbuf *
load (const AssayFit *self,
      GBytes *bytes,
      const AssayFacts *facts,
      GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GdkPixbuf) decoded = NULL;
  g_autoptr (GdkPixbuf) small = NULL;
  g_autoptr (GdkPixbuf) opaque = NULL;
  GdkPixbuf *upright;
  guint orientation;

  decoded = assay_decode (stream, facts, self->pixels, NULL, error);
  if (decoded == NULL)
    return NULL;
  orientation = assay_decode_get_orientation (decoded, facts);
  small = self->pixels > 0 ? shrink (decoded, self->pixels) : g_object_ref (decoded);
  g_clear_object (&decoded);
  opaque = small != NULL ? lay_on_white (small) : NULL;
  g_clear_object (&small);
  upright = opaque != NULL ? turn_upright (opaque, orientation) : NULL;
  if (upright == NULL)
    set_memory_error (error);
  return upright;
}

/* NULL without @error when it does not fit. */
static GBytes *
try_quality (const AssayFit *self,
             GdkPixbuf *picture,
             guint quality,
             GError **error)
{
  g_autofree char *word = g_strdup_printf ("%u", quality);
  g_autoptr (GError) reason = NULL;
  char *data = NULL;
  gsize length;

  if (!gdk_pixbuf_save_to_buffer (picture, &data, &length, "jpeg", &reason, "quality", word, NULL))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                   _("The picture cannot be saved as JPEG: %s"), reason->message);
      return NULL;
    }
  if (self->bytes == 0 || length <= self->bytes)
    return g_bytes_new_take (data, length);
  g_free (data);
  return NULL;
}

static GBytes *
try_qualities (const AssayFit *self,
               GdkPixbuf *picture,
               GError **error)
{
  GError *reason = NULL;
  GBytes *fitted = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (qualities) && fitted == NULL && reason == NULL; i++)
    fitted = try_quality (self, picture, qualities[i], &reason);
  if (reason != NULL)
    g_propagate_error (error, reason);
  return fitted;
}

/* Smaller and smaller, each from the one before. */
static GBytes *
try_sizes (const AssayFit *self,
           GdkPixbuf **picture,
           GError **error)
{
  GError *reason = NULL;
  GBytes *fitted = NULL;

  while (fitted == NULL && reason == NULL && get_side (*picture) * SHRINK >= LEAST_SIDE)
    {
      GdkPixbuf *smaller = shrink (*picture, get_side (*picture) * SHRINK);

      if (smaller == NULL)
        {
          set_memory_error (error);
          return NULL;
        }
      g_object_unref (*picture);
      *picture = smaller;
      fitted = try_quality (self, smaller, SMALLER_QUALITY, &reason);
    }
  if (reason != NULL)
    g_propagate_error (error, reason);
  return fitted;
}

/**
 * assay_fit_picture:
 * @bytes: (transfer none): a whole file that was probed
 * @facts: (transfer none): what assay_probe_bytes() says of it
 * @side: (out): pixels of the longer side that it has then
 * @error: as assay_convert_to_png(); %ASSAY_ERROR_TOO_LARGE also when nothing that
 *   can be seen is small enough
 *
 * Makes a JPEG of a picture that is within both bounds: scaled down to the bound
 * on pixels, then at falling qualities, then smaller and smaller, until it has
 * few enough bytes.  It is upright and laid on white, and of an animation the
 * first frame stays, as in assay_convert_to_png().
 *
 * Takes 8 bytes of memory a pixel besides the JPEG, and decodes nothing over
 * %ASSAY_LIMIT_PIXELS.  Blocks; any thread.
 *
 * Returns: (transfer full) (nullable): the JPEG
 */
GBytes *
assay_fit_picture (const AssayFit *self,
                   GBytes *bytes,
                   const AssayFacts *facts,
                   guint *side,
                   GError **error)
{
  g_autoptr (GdkPixbuf) picture = NULL;
  GError *reason = NULL;
  GBytes *fitted;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (bytes != NULL && facts != NULL, NULL);
  g_return_val_if_fail (side != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  picture = load (self, bytes, facts, error);
  if (picture == NULL)
    return NULL;
  fitted = try_qualities (self, picture, &reason);
  if (fitted == NULL && reason == NULL)
    fitted = try_sizes (self, &picture, &reason);
  *side = get_side (picture);
  if (fitted != NULL)
    return fitted;
  if (reason != NULL)
    g_propagate_error (error, reason);
  else
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                         _("The picture can't be made small enough for this connection; allow it "
                           "more bytes"));
  return NULL;
}
