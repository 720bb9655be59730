/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "assay-preprocess.h"

/* Where what comes from: the part of the picture that is resized, what it becomes,
 * and where that lies in the input. */
typedef struct {
  AssayRaster part;
  AssayExtent across;
  AssayExtent down;
  guint left;
  guint top;
} Plan;

/**
 * assay_preprocess_init_default:
 * @self: (out caller-allocates): what is wished for
 * @width: of the network's input, in pixels; 0 if that isn't known yet
 * @height: of the network's input, in pixels
 *
 * The commonest wish: the center of the picture, RGB, values 0…1, channels first;
 * what nothing covers is black.
 */
void
assay_preprocess_init_default (AssayPreprocess *self,
                               guint width,
                               guint height)
{
  g_return_if_fail (self != NULL);

  *self = (AssayPreprocess) {
    .width = width,
    .height = height,
    .filter = ASSAY_FILTER_AREA,
    .crop = ASSAY_CROP_CENTER,
    .layout = ASSAY_LAYOUT_NCHW,
    .order = ASSAY_ORDER_RGB,
    .scale = 1.0f / 255,
    .deviation = { 1, 1, 1 },
  };
}

/**
 * assay_preprocess_get_channels:
 * @self: what the model wants
 *
 * Returns: 1 for gray, otherwise 3
 */
guint
assay_preprocess_get_channels (const AssayPreprocess *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->order == ASSAY_ORDER_GRAY ? 1 : 3;
}

/**
 * assay_preprocess_get_length:
 * @self: what the model wants
 *
 * Returns: the number of numbers that one picture becomes
 */
gsize
assay_preprocess_get_length (const AssayPreprocess *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (gsize) self->width * self->height * assay_preprocess_get_channels (self);
}

/**
 * assay_preprocess_get_shape:
 * @self: what the model wants
 * @shape: (out caller-allocates) (array fixed-size=3): of one picture's tensor:
 *   channels, height, width, or height, width, channels
 */
void
assay_preprocess_get_shape (const AssayPreprocess *self,
                            guint shape[3])
{
  gboolean planes;

  g_return_if_fail (self != NULL);

  planes = self->layout == ASSAY_LAYOUT_NCHW;
  shape[0] = planes ? assay_preprocess_get_channels (self) : self->height;
  shape[1] = planes ? self->height : self->width;
  shape[2] = planes ? self->width : assay_preprocess_get_channels (self);
}

static AssayRaster
get_raster (GdkPixbuf *picture,
            gboolean gray)
{
  return (AssayRaster) {
    .pixels = gdk_pixbuf_read_pixels (picture),
    .stride = gdk_pixbuf_get_rowstride (picture),
    .width = gdk_pixbuf_get_width (picture),
    .height = gdk_pixbuf_get_height (picture),
    .alpha = gdk_pixbuf_get_has_alpha (picture),
    .gray = gray,
  };
}

/* The largest centered part that has the proportions of the input. */
static void
cut_part (AssayRaster *self,
          const AssayPreprocess *wish)
{
  guint width = MIN (self->width, (guint64) self->height * wish->width / wish->height);
  guint height = MIN (self->height, (guint64) self->width * wish->height / wish->width);
  guint left, top;

  width = MAX (width, 1);
  height = MAX (height, 1);
  left = (self->width - width) / 2;
  top = (self->height - height) / 2;
  self->pixels += top * self->stride + (gsize) left * (self->alpha ? 4 : 3);
  self->width = width;
  self->height = height;
}

/* The middle @wanted of @size pixels, or all of them amid more.  Python's round()
 * goes to the even neighbor of a half, and so an odd margin is cut now on this side
 * and now on that. */
static AssayExtent
cut_middle (guint size,
            guint wanted,
            guint *offset)
{
  if (size < wanted)
    {
      *offset = (wanted - size) / 2;
      return (AssayExtent) { size, 0, size };
    }
  *offset = 0;
  return (AssayExtent) { size, (guint) rint ((size - wanted) / 2.0), wanted };
}

static AssayExtent
take_whole (guint size)
{
  return (AssayExtent) { size, 0, size };
}

static void
plan_center (Plan *plan,
             const AssayPreprocess *self)
{
  AssayRaster *part = &plan->part;
  guint64 shorter = MIN (part->width, part->height);

  if (self->resize == 0)
    {
      cut_part (part, self);
      plan->across = take_whole (self->width);
      plan->down = take_whole (self->height);
      return;
    }
  plan->across = cut_middle (part->width * (guint64) self->resize / shorter, self->width,
                             &plan->left);
  plan->down = cut_middle (part->height * (guint64) self->resize / shorter, self->height,
                           &plan->top);
}

/* Rounded as Pillow's ImageOps.pad() does, quotient first, to the even neighbor. */
static void
plan_fit (Plan *plan,
          const AssayPreprocess *self)
{
  double width = plan->part.width;
  double height = plan->part.height;
  guint across = self->width;
  guint down = self->height;

  if (width / height > (double) self->width / self->height)
    down = CLAMP (rint (height / width * self->width), 1, self->height);
  else
    across = CLAMP (rint (width / height * self->height), 1, self->width);
  plan->across = take_whole (across);
  plan->down = take_whole (down);
  plan->left = rint ((self->width - across) / 2.0);
  plan->top = rint ((self->height - down) / 2.0);
}

static Plan
make_plan (const AssayPreprocess *self,
           GdkPixbuf *picture)
{
  Plan plan = { .part = get_raster (picture, self->order == ASSAY_ORDER_GRAY) };

  switch (self->crop)
    {
    case ASSAY_CROP_FIT:
      plan_fit (&plan, self);
      break;
    case ASSAY_CROP_STRETCH:
      plan.across = take_whole (self->width);
      plan.down = take_whole (self->height);
      break;
    case ASSAY_CROP_CENTER:
    default:
      plan_center (&plan, self);
      break;
    }
  return plan;
}

static void
fill_pad (const AssayPreprocess *self,
          guint8 *pixels,
          gsize n,
          guint channels)
{
  guint8 pad[3] = { self->pad[0], self->pad[1], self->pad[2] };

  if (channels == 1)
    pad[0] = assay_luma (self->pad);
  for (gsize i = 0; i < n; i++)
    memcpy (pixels + i * channels, pad, channels);
}

/* Grays become colors, from the last on, in place. */
static void
spread (guint8 *pixels,
        gsize n)
{
  for (gsize i = n; i-- > 0;)
    memset (pixels + i * 3, pixels[i], 3);
}

/**
 * assay_preprocess_see:
 * @self: what the model wants; its width and height are known
 * @picture: (transfer none): upright, as assay_thumbnail_load() makes it with
 *   %ASSAY_LIMIT_SIDE; at most that a side; alpha is laid on white
 *
 * What the model sees, before it becomes numbers.  With %ASSAY_CROP_CENTER
 *
 * - without @resize: the largest centered part with the proportions of the input (of
 *   a square input the center square: the margins are equal, an odd pixel is left
 *   at the right or bottom), resized to width × height;
 * - with @resize: the shorter side becomes that, the longer one follows, and
 *   width × height are cut out of the middle, which is torchvision's Resize and
 *   CenterCrop; where that is larger than the picture, it lies amid @pad.
 *
 * With %ASSAY_CROP_FIT the whole picture amid @pad, which is Pillow's
 * ImageOps.pad(); with %ASSAY_CROP_STRETCH the whole picture in the proportions of
 * the input.
 *
 * Gray is made before resizing, and shown as gray.  %ASSAY_ORDER_BGR doesn't change
 * the colors: a model that was trained with blue first sees the same picture.
 *
 * %ASSAY_FILTER_AREA differs from OpenCV's by at most one level, the others don't
 * differ from Pillow's.  Any thread.
 *
 * Returns: (transfer full): an RGB picture of width × height
 */
GdkPixbuf *
assay_preprocess_see (const AssayPreprocess *self,
                      GdkPixbuf *picture)
{
  g_autoptr (GBytes) bytes = NULL;
  guint8 *pixels;
  guint channels;
  gsize n, stride;
  Plan plan;

  g_return_val_if_fail (self != NULL && self->width > 0 && self->height > 0, NULL);
  g_return_val_if_fail (GDK_IS_PIXBUF (picture), NULL);
  g_return_val_if_fail (gdk_pixbuf_get_bits_per_sample (picture) == 8, NULL);

  channels = assay_preprocess_get_channels (self);
  plan = make_plan (self, picture);
  n = (gsize) self->width * self->height;
  stride = (gsize) self->width * channels;
  pixels = g_malloc (n * 3);
  if (plan.across.count < self->width || plan.down.count < self->height)
    fill_pad (self, pixels, n, channels);
  assay_resample (&plan.part, self->filter, &plan.across, &plan.down,
                  pixels + plan.top * stride + (gsize) plan.left * channels, stride);
  if (channels == 1)
    spread (pixels, n);
  bytes = g_bytes_new_take (pixels, n * 3);
  return gdk_pixbuf_new_from_bytes (bytes, GDK_COLORSPACE_RGB, FALSE, 8, self->width, self->height,
                                    self->width * 3);
}

/**
 * assay_preprocess_fill_bytes:
 * @self: what the model wants
 * @seen: (transfer none): what assay_preprocess_see() has made
 * @tensor: (out caller-allocates) (array): assay_preprocess_get_length() bytes
 *
 * A seen picture as a UINT8 tensor: channel × row × column for %ASSAY_LAYOUT_NCHW,
 * row × column × channel for %ASSAY_LAYOUT_NHWC; levels of 0…255, before scale, mean
 * and deviation.  Any thread.
 */
void
assay_preprocess_fill_bytes (const AssayPreprocess *self,
                             GdkPixbuf *seen,
                             guint8 *tensor)
{
  AssayRaster source;
  guint channels;
  gboolean planes;

  g_return_if_fail (self != NULL);
  g_return_if_fail (GDK_IS_PIXBUF (seen) && !gdk_pixbuf_get_has_alpha (seen));
  g_return_if_fail (tensor != NULL);

  source = get_raster (seen, FALSE);
  g_return_if_fail (source.width == self->width && source.height == self->height);

  channels = assay_preprocess_get_channels (self);
  planes = self->layout == ASSAY_LAYOUT_NCHW;
  for (guint c = 0; c < channels; c++)
    {
      gsize n = (gsize) self->width * self->height;
      guint8 *target = tensor + (planes ? c * n : c);
      gsize step = planes ? 1 : channels;
      guint from = self->order == ASSAY_ORDER_BGR ? 2 - c : c;

      for (guint y = 0; y < self->height; y++)
        {
          const guint8 *row = source.pixels + y * source.stride + from;

          for (guint x = 0; x < self->width; x++, row += 3, target += step)
            *target = *row;
        }
    }
}

/**
 * assay_preprocess_scale:
 * @self: what the model wants
 * @levels: (array): assay_preprocess_get_length() bytes in the order of the tensor,
 *   as assay_preprocess_fill_bytes() writes them
 * @tensor: (out caller-allocates) (array): as many floats
 *
 * (level × scale − mean) ÷ deviation, where mean and deviation stand in the order of
 * the tensor's channels (blue first for %ASSAY_ORDER_BGR).  Any thread.
 */
void
assay_preprocess_scale (const AssayPreprocess *self,
                        const guint8 *levels,
                        float *tensor)
{
  guint channels;
  gsize n;

  g_return_if_fail (self != NULL);
  g_return_if_fail (levels != NULL && tensor != NULL);

  channels = assay_preprocess_get_channels (self);
  n = (gsize) self->width * self->height;
  for (guint c = 0; c < channels; c++)
    {
      gboolean planes = self->layout == ASSAY_LAYOUT_NCHW;
      gsize at = planes ? c * n : c;
      gsize step = planes ? 1 : channels;
      float numbers[256];

      for (guint i = 0; i < 256; i++)
        numbers[i] = (i * self->scale - self->mean[c]) / self->deviation[c];
      for (gsize i = 0; i < n; i++, at += step)
        tensor[at] = numbers[levels[at]];
    }
}

/**
 * assay_preprocess_fill_floats:
 * @self: what the model wants
 * @seen: (transfer none): what assay_preprocess_see() has made
 * @tensor: (out caller-allocates) (array): assay_preprocess_get_length() floats
 *
 * A seen picture as an FP32 tensor: assay_preprocess_fill_bytes(), and then
 * assay_preprocess_scale().  Any thread.
 */
void
assay_preprocess_fill_floats (const AssayPreprocess *self,
                              GdkPixbuf *seen,
                              float *tensor)
{
  g_autofree guint8 *levels = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (GDK_IS_PIXBUF (seen));

  levels = g_malloc (assay_preprocess_get_length (self));
  assay_preprocess_fill_bytes (self, seen, levels);
  assay_preprocess_scale (self, levels, tensor);
}

/**
 * assay_preprocess_run:
 * @self: what the model wants; its width and height are known
 * @picture: (transfer none): as for assay_preprocess_see()
 * @tensor: (out caller-allocates) (array): assay_preprocess_get_length() floats
 *
 * Turns a picture into the network's input, through what assay_preprocess_see()
 * shows of it.  Any thread.
 */
void
assay_preprocess_run (const AssayPreprocess *self,
                      GdkPixbuf *picture,
                      float *tensor)
{
  g_autoptr (GdkPixbuf) seen = assay_preprocess_see (self, picture);

  g_return_if_fail (seen != NULL);

  assay_preprocess_fill_floats (self, seen, tensor);
}
