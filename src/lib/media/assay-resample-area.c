/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* ASSAY_FILTER_AREA.  Each axis by itself: one that shrinks is averaged over the
 * exact area that a target pixel covers, with fractions of pixels at its edges,
 * which is OpenCV's INTER_AREA; one that grows is interpolated between pixel
 * centers, which is OpenCV's INTER_LINEAR.  Rounded to the nearest of 0…255, so
 * that it differs from OpenCV's by at most one level.  (Pillow's BOX counts no
 * fractions, and agrees only where the sizes divide.) */

#include "config.h"

#include <string.h>

#include "assay-resample-private.h"

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

/* What resizing works on: one line of the source, reduced to the height of a target
 * row but not yet to its width. */
typedef struct {
  const AssayRaster *source;
  guint channels;
  const Span *across;
  guint width;
  float *line;
  guint32 *sums;
  guint8 *buffer;
} Work;

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
new_spans (const AssayExtent *extent,
           guint source)
{
  Span *spans = g_new (Span, extent->count);

  for (guint i = 0; i < extent->count; i++)
    spans[i] = source >= extent->size ? cover (extent->first + i, extent->size, source)
                                      : interpolate (extent->first + i, extent->size, source);
  return spans;
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

static const guint8 *
get_row (const Work *self,
         guint y)
{
  return assay_raster_get_row (self->source, y, self->buffer);
}

/* Down: the rows between first and last are only summed, in whole numbers. */
static void
reduce_rows (const Work *self,
             const Span *span)
{
  const gsize n = (gsize) self->source->width * self->channels;

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
reduce_line (const Work *self,
             guint8 *target)
{
  const guint channels = self->channels;

  for (guint x = 0; x < self->width; x++)
    {
      const Span *span = &self->across[x];
      const float *from = self->line + (gsize) span->first * channels;
      const gsize end = (gsize) (span->count - 1) * channels;

      for (guint c = 0; c < channels; c++, from++)
        {
          float value = span->head * from[0];
          float sum = 0;

          for (gsize i = channels; i < end; i += channels)
            sum += from[i];
          if (end > 0)
            value += span->middle * sum + span->tail * from[end];
          *target++ = MIN ((int) (value + 0.5f), 255);
        }
    }
}

void
assay_resample_area (const AssayRaster *source,
                     const AssayExtent *across,
                     const AssayExtent *down,
                     guint8 *target,
                     gsize target_stride)
{
  const guint channels = assay_raster_get_channels (source);
  g_autofree Span *across_spans = new_spans (across, source->width);
  g_autofree Span *down_spans = new_spans (down, source->height);
  g_autofree float *line = g_new (float, (gsize) source->width * channels);
  g_autofree guint32 *sums = g_new (guint32, (gsize) source->width * channels);
  g_autofree guint8 *buffer = assay_raster_new_buffer (source);
  Work work = { source, channels, across_spans, across->count, line, sums, buffer };

  for (guint y = 0; y < down->count; y++, target += target_stride)
    {
      reduce_rows (&work, &down_spans[y]);
      reduce_line (&work, target);
    }
}
