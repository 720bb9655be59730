/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-preprocess.h"

#define CHANNELS 3

/* What one target pixel (or row) takes from a source line: @count neighbors from
 * @first on, of which the first and the last have weights of their own and those
 * between them the same.  The weights sum to 1. */
typedef struct {
  guint first;
  guint count;
  float head;
  float middle;
  float tail;
} Span;

/* The part of a picture that is looked at. */
typedef struct {
  const guint8 *pixels;
  gsize stride;
  guint width;
  guint height;
  gboolean alpha;
} View;

/* What resizing works on: one line of the view, reduced to the height of a target
 * row but not yet to its width. */
typedef struct {
  View view;
  Span *across;
  guint width;
  float *line;
  guint32 *sums;
  guint8 *flat;
} Resize;

/**
 * assay_preprocess_init_default:
 * @width: of the network's input, in pixels
 * @height: of the network's input, in pixels
 *
 * The commonest wish: the center of the picture, RGB, values 0…1, channels first.
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
    .crop = ASSAY_CROP_CENTER,
    .layout = ASSAY_LAYOUT_NCHW,
    .scale = 1.0f / 255,
    .deviation = { 1, 1, 1 },
  };
}

/**
 * assay_preprocess_get_length:
 *
 * Returns: the number of floats that one picture becomes
 */
gsize
assay_preprocess_get_length (const AssayPreprocess *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (gsize) self->width * self->height * CHANNELS;
}

/* Shrinking: every source pixel counts by how much of it lies under the target
 * pixel, which covers from/target … to/target of the source. */
static Span
cover (guint64 index,
       guint64 target,
       guint64 source)
{
  guint64 from = index * source;
  guint64 to = from + source;
  guint64 first = from / target;
  guint64 last = (to - 1) / target;

  if (first == last)
    return (Span) { first, 1, 1, 0, 0 };
  return (Span) {
    .first = first,
    .count = last - first + 1,
    .head = (float) ((first + 1) * target - from) / source,
    .middle = (float) target / source,
    .tail = (float) (to - last * target) / source,
  };
}

/* Growing: between the two source pixels whose centers are nearest; at the edge
 * the outermost one alone. */
static Span
interpolate (gint64 index,
             gint64 target,
             gint64 source)
{
  gint64 position = (2 * index + 1) * source - target;   /* in halves of a target-th */
  gint64 first = position < 0 ? -1 : position / (2 * target);
  float fraction;

  if (first < 0 || first >= source - 1)
    return (Span) { MAX (first, 0), 1, 1, 0, 0 };
  fraction = (float) (position - first * 2 * target) / (2 * target);
  return (Span) { first, 2, 1 - fraction, 0, fraction };
}

static Span *
new_spans (guint target,
           guint source)
{
  Span *spans = g_new (Span, target);

  for (guint i = 0; i < target; i++)
    spans[i] = source >= target ? cover (i, target, source) : interpolate (i, target, source);
  return spans;
}

/* The largest centered part that has the proportions of the target. */
static View
get_view (const AssayPreprocess *self,
          GdkPixbuf *picture)
{
  View view = {
    .stride = gdk_pixbuf_get_rowstride (picture),
    .width = gdk_pixbuf_get_width (picture),
    .height = gdk_pixbuf_get_height (picture),
    .alpha = gdk_pixbuf_get_has_alpha (picture),
  };
  guint left = 0;
  guint top = 0;

  if (self->crop == ASSAY_CROP_CENTER)
    {
      guint width = MIN (view.width, (guint64) view.height * self->width / self->height);
      guint height = MIN (view.height, (guint64) view.width * self->height / self->width);

      width = MAX (width, 1);
      height = MAX (height, 1);
      left = (view.width - width) / 2;
      top = (view.height - height) / 2;
      view.width = width;
      view.height = height;
    }
  view.pixels = gdk_pixbuf_read_pixels (picture) + top * view.stride
                + (gsize) left * gdk_pixbuf_get_n_channels (picture);
  return view;
}

/* One row of the view without alpha; good until the next one. */
static const guint8 *
get_row (const Resize *self,
         guint y)
{
  const guint8 *row = self->view.pixels + y * self->view.stride;
  guint8 *target = self->flat;

  if (!self->view.alpha)
    return row;
  for (guint x = 0; x < self->view.width; x++, row += 4)
    for (guint c = 0; c < CHANNELS; c++)
      *target++ = (row[c] * row[3] + 255 * (255 - row[3]) + 127) / 255;
  return self->flat;
}

static void
add_weighted (float *line,
              const guint8 *row,
              float weight,
              gsize n)
{
  for (gsize i = 0; i < n; i++)
    line[i] += weight * row[i];
}

static void
add (guint32 *sums,
     const guint8 *row,
     gsize n)
{
  for (gsize i = 0; i < n; i++)
    sums[i] += row[i];
}

/* Down: the rows between first and last are only summed, in whole numbers. */
static void
reduce_rows (Resize *self,
             const Span *span)
{
  const gsize n = (gsize) self->view.width * CHANNELS;

  memset (self->line, 0, n * sizeof *self->line);
  add_weighted (self->line, get_row (self, span->first), span->head, n);
  if (span->count > 2)
    {
      memset (self->sums, 0, n * sizeof *self->sums);
      for (guint i = 1; i < span->count - 1; i++)
        add (self->sums, get_row (self, span->first + i), n);
      for (gsize i = 0; i < n; i++)
        self->line[i] += span->middle * self->sums[i];
    }
  if (span->count > 1)
    add_weighted (self->line, get_row (self, span->first + span->count - 1), span->tail, n);
}

/* Across, to 8 bits. */
static void
reduce_line (const Resize *self,
             guint8 *target)
{
  for (guint x = 0; x < self->width; x++)
    {
      const Span *span = &self->across[x];
      const float *from = self->line + (gsize) span->first * CHANNELS;
      const gsize end = (gsize) (span->count - 1) * CHANNELS;

      for (guint c = 0; c < CHANNELS; c++, from++)
        {
          float value = span->head * from[0];
          float sum = 0;

          for (gsize i = CHANNELS; i < end; i += CHANNELS)
            sum += from[i];
          if (end > 0)
            value += span->middle * sum + span->tail * from[end];
          *target++ = MIN ((int) (value + 0.5f), 255);
        }
    }
}

static void
resize (const AssayPreprocess *self,
        View view,
        guint8 *target)
{
  g_autofree Span *across = new_spans (self->width, view.width);
  g_autofree Span *down = new_spans (self->height, view.height);
  g_autofree float *line = g_new (float, (gsize) view.width * CHANNELS);
  g_autofree guint32 *sums = g_new (guint32, (gsize) view.width * CHANNELS);
  g_autofree guint8 *flat = view.alpha ? g_new (guint8, (gsize) view.width * CHANNELS) : NULL;
  Resize work = { view, across, self->width, line, sums, flat };

  for (guint y = 0; y < self->height; y++)
    {
      reduce_rows (&work, &down[y]);
      reduce_line (&work, target + (gsize) y * self->width * CHANNELS);
    }
}

/**
 * assay_preprocess_picture:
 * @self: what the model wants
 * @picture: (transfer none): of any size, at most %ASSAY_LIMIT_SIDE a side; alpha
 *   is laid on white
 *
 * What the model sees, before it becomes numbers: the centered part with the
 * proportions of the network's input (of a square input the center square: the
 * margins are equal, an odd pixel is left at the right or bottom), or the whole
 * picture with %ASSAY_CROP_NONE, resized to width × height.
 *
 * Each axis by itself: one that shrinks is averaged over the exact area that a
 * target pixel covers, with fractions of pixels at its edges, which is OpenCV's
 * INTER_AREA; one that grows is interpolated between pixel centers, which is
 * OpenCV's INTER_LINEAR.  Rounded to the nearest of 0…255, so that it differs
 * from OpenCV's by at most one level.  (Pillow's BOX counts no fractions, and
 * agrees only where the sizes divide.)  Any thread.
 *
 * Returns: (transfer full): an RGB picture of width × height
 */
GdkPixbuf *
assay_preprocess_picture (const AssayPreprocess *self,
                          GdkPixbuf *picture)
{
  g_autoptr (GBytes) bytes = NULL;
  guint8 *target;

  g_return_val_if_fail (self != NULL && self->width > 0 && self->height > 0, NULL);
  g_return_val_if_fail (GDK_IS_PIXBUF (picture), NULL);
  g_return_val_if_fail (gdk_pixbuf_get_bits_per_sample (picture) == 8, NULL);

  target = g_malloc (assay_preprocess_get_length (self));
  resize (self, get_view (self, picture), target);
  bytes = g_bytes_new_take (target, assay_preprocess_get_length (self));
  return gdk_pixbuf_new_from_bytes (bytes, GDK_COLORSPACE_RGB, FALSE, 8, self->width, self->height,
                                    self->width * CHANNELS);
}

/* The number that each of the 256 levels of channel @c becomes. */
static void
fill_levels (const AssayPreprocess *self,
             guint c,
             float levels[256])
{
  for (guint i = 0; i < 256; i++)
    levels[i] = (i * self->scale - self->mean[c]) / self->deviation[c];
}

/**
 * assay_preprocess_run:
 * @self: what the model wants
 * @picture: (transfer none): of any size; alpha is laid on white
 * @tensor: (out caller-allocates) (array): assay_preprocess_get_length() floats
 *
 * Turns assay_preprocess_picture() into the network's input: channel × row ×
 * column for %ASSAY_LAYOUT_NCHW, row × column × channel for %ASSAY_LAYOUT_NHWC;
 * (value × scale − mean) ÷ deviation, where mean and deviation stand in the order
 * of the tensor's channels (blue first if @bgr).  Any thread.
 */
void
assay_preprocess_run (const AssayPreprocess *self,
                      GdkPixbuf *picture,
                      float *tensor)
{
  g_autoptr (GdkPixbuf) seen = assay_preprocess_picture (self, picture);
  const guint8 *pixels;
  gsize n;

  g_return_if_fail (seen != NULL);
  g_return_if_fail (tensor != NULL);

  pixels = gdk_pixbuf_read_pixels (seen);
  n = (gsize) self->width * self->height;
  for (guint c = 0; c < CHANNELS; c++)
    {
      const guint8 *source = pixels + (self->bgr ? CHANNELS - 1 - c : c);
      gboolean planes = self->layout == ASSAY_LAYOUT_NCHW;
      float *target = tensor + (planes ? c * n : c);
      gsize step = planes ? 1 : CHANNELS;
      float levels[256];

      fill_levels (self, c, levels);
      for (gsize i = 0; i < n; i++)
        target[i * step] = levels[source[i * CHANNELS]];
    }
}
