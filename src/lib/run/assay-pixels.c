/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tensors of pixels for models that take no files. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-pixels.h"
#include "assay-probe.h"
#include "assay-thumbnail.h"

/* The side of most networks' input, where nobody says another (He et al., Deep Residual
 * Learning for Image Recognition, 2015, section 3.4, and most since). */
#define USUAL_SIDE 224

/* What the network was most likely trained with, where nobody has said it: torchvision's
 * for channels first, 0…1 for channels last. */
static const char *
guess_preset (const AssayPixelNeed *need)
{
  if (need->type == ASSAY_PIXELS_UINT8)
    return "0..255";
  return need->channels_last ? "0..1" : "imagenet";
}

static gboolean
check_size (const AssayPreprocess *self,
            const AssayPixelNeed *need,
            GError **error)
{
  if ((need->width == 0 || self->width == need->width)
      && (need->height == 0 || self->height == need->height))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               _("The model takes pictures of %u × %u pixels, and the preprocessing of this "
                 "connection makes them %u × %u. Correct or remove its size."),
               need->width, need->height, self->width, self->height);
  return FALSE;
}

/**
 * assay_pixels_choose:
 * @self: (out): what becomes of a picture
 * @need: what the model wants
 * @text: (nullable): what a person has said, as assay_preprocess_parse() reads it
 * @error: %ASSAY_ERROR_USAGE when @text is not understood or does not fit @need
 *
 * Returns: whether a picture can be made into what the model wants
 */
gboolean
assay_pixels_choose (AssayPreprocess *self,
                     const AssayPixelNeed *need,
                     const char *text,
                     GError **error)
{
  AssayPreprocess chosen;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (need != NULL, FALSE);

  assay_preprocess_init_default (&chosen, need->width > 0 ? need->width : USUAL_SIDE,
                                 need->height > 0 ? need->height : USUAL_SIDE);
  if (need->channels == 1)
    chosen.order = ASSAY_ORDER_GRAY;
  if (text == NULL || *text == '\0')
    assay_preprocess_apply_preset (&chosen, guess_preset (need));
  else if (!assay_preprocess_parse (&chosen, text, error))
    return FALSE;
  if (need->channels != 0 && assay_preprocess_get_channels (&chosen) != need->channels)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   ngettext ("The model takes %u channel, and the preprocessing of this "
                             "connection makes others. Correct its order.",
                             "The model takes %u channels, and the preprocessing of this "
                             "connection makes others. Correct its order.",
                             need->channels),
                   need->channels);
      return FALSE;
    }
  if (!check_size (&chosen, need, error))
    return FALSE;
  chosen.layout = need->channels_last ? ASSAY_LAYOUT_NHWC : ASSAY_LAYOUT_NCHW;
  *self = chosen;
  return TRUE;
}

static GdkPixbuf *
decode (GBytes *picture,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (picture);
  AssayFacts facts;

  return assay_probe_bytes (picture, &facts, error)
           ? assay_thumbnail_load (stream, &facts, ASSAY_LIMIT_SIDE, cancellable, error)
           : NULL;
}

/**
 * assay_pixels_decode:
 * @picture: a file
 * @error: why it is no picture, or can't be decoded
 *
 * All of its pixels, upright, with nothing scaled.  Any thread; blocks.
 *
 * Returns: (transfer full) (nullable): the pixels
 */
GdkPixbuf *
assay_pixels_decode (GBytes *picture,
                     GError **error)
{
  return decode (picture, NULL, error);
}

/* ---- the payload ---- */

typedef struct {
  AssayPayload *picture;
  AssayPreprocess preprocess;
  AssayPixelType type;
} Pixels;

static void
pixels_free (gpointer data)
{
  Pixels *self = data;

  assay_payload_unref (self->picture);
  g_free (self);
}

static GBytes *
read_picture (AssayPayload *picture,
              GCancellable *cancellable,
              GError **error)
{
  GBytes *bytes = assay_payload_get_bytes (picture);
  g_autoptr (GInputStream) stream = NULL;
  g_autofree guint8 *data = NULL;
  gsize length = assay_payload_get_length (picture);
  gsize n_read;

  if (bytes != NULL)
    return g_bytes_ref (bytes);
  stream = assay_payload_open (picture, cancellable, error);
  if (stream == NULL)
    return NULL;
  data = g_malloc (length + 1);
  if (!g_input_stream_read_all (stream, data, length, &n_read, cancellable, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), n_read);
}

static guint8 *
make_tensor (const Pixels *self,
             GdkPixbuf *decoded,
             gsize *length)
{
  g_autoptr (GdkPixbuf) seen = assay_preprocess_see (&self->preprocess, decoded);
  gsize n = assay_preprocess_get_length (&self->preprocess);
  guint8 *tensor;

  *length = self->type == ASSAY_PIXELS_UINT8 ? n : n * sizeof (float);
  tensor = g_malloc (*length);
  if (self->type == ASSAY_PIXELS_UINT8)
    assay_preprocess_fill_bytes (&self->preprocess, seen, tensor);
  else
    assay_preprocess_fill_floats (&self->preprocess, seen, (float *) tensor);
  return tensor;
}

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "Floats are sent as they lie in memory: least significant byte first"
#endif

/* Large pictures take turns, so that their memory does not grow with the number of requests.
 * Nothing is decoded any more for what was canceled meanwhile: whoever closes the
 * connections waits for all of them. */
static GInputStream *
open_alone (const Pixels *self,
            GBytes *picture,
            guint64 n_pixels,
            GCancellable *cancellable,
            GError **error)
{
  static GMutex alone;
  gboolean large = n_pixels > ASSAY_LIMIT_ALONE_PIXELS;
  GdkPixbuf *decoded;
  guint8 *tensor = NULL;
  gsize length = 0;

  if (large)
    g_mutex_lock (&alone);
  decoded = decode (picture, cancellable, error);
  if (decoded != NULL)
    {
      tensor = make_tensor (self, decoded, &length);
      g_object_unref (decoded);
    }
  if (large)
    g_mutex_unlock (&alone);
  return tensor != NULL ? g_memory_input_stream_new_from_data (tensor, (gssize) length, g_free)
                        : NULL;
}

static GInputStream *
open_pixels (gpointer data,
             GCancellable *cancellable,
             GError **error)
{
  Pixels *self = data;
  g_autoptr (GBytes) picture = read_picture (self->picture, cancellable, error);
  AssayFacts facts;

  if (picture == NULL || !assay_probe_bytes (picture, &facts, error))
    return NULL;
  return open_alone (self, picture, (guint64) facts.width * facts.height, cancellable, error);
}

/**
 * assay_pixels_payload:
 *
 * An #AssayPixelMaker.
 *
 * Returns: (transfer full) (nullable): the tensor of @picture
 */
AssayPayload *
assay_pixels_payload (AssayPayload *picture,
                      AssayPixelNeed *need,
                      const char *preprocess,
                      GError **error)
{
  g_autofree Pixels *self = g_new0 (Pixels, 1);
  guint64 length;

  g_return_val_if_fail (picture != NULL, NULL);

  if (!assay_pixels_choose (&self->preprocess, need, preprocess, error))
    return NULL;
  self->picture = assay_payload_ref (picture);
  self->type = need->type;
  need->width = self->preprocess.width;
  need->height = self->preprocess.height;
  need->channels = assay_preprocess_get_channels (&self->preprocess);
  length = assay_preprocess_get_length (&self->preprocess);
  if (need->type == ASSAY_PIXELS_FP32)
    length *= sizeof (float);
  return assay_payload_new (assay_payload_get_name (picture), "application/octet-stream", length,
                            open_pixels, g_steal_pointer (&self), pixels_free);
}
