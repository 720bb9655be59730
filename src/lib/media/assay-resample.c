/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-resample-private.h"

guint
assay_raster_get_channels (const AssayRaster *self)
{
  return self->gray ? 1 : 3;
}

/* Room for one row, or %NULL where rows are lent as they lie. */
guint8 *
assay_raster_new_buffer (const AssayRaster *self)
{
  return self->alpha || self->gray ? g_new (guint8, (gsize) self->width * 3) : NULL;
}

static void
lay_on_white (const guint8 *row,
              guint8 *target,
              guint n)
{
  for (guint x = 0; x < n; x++, row += 4)
    for (guint c = 0; c < 3; c++)
      *target++ = (row[c] * row[3] + 255 * (255 - row[3]) + 127) / 255;
}

/* One row with assay_raster_get_channels() bytes a pixel; good until the next one. */
const guint8 *
assay_raster_get_row (const AssayRaster *self,
                      guint y,
                      guint8 *buffer)
{
  const guint8 *row = self->pixels + y * self->stride;

  if (self->alpha)
    {
      lay_on_white (row, buffer, self->width);
      row = buffer;
    }
  if (!self->gray)
    return row;
  for (guint x = 0; x < self->width; x++)
    buffer[x] = assay_luma (row + (gsize) x * 3);
  return buffer;
}

/* Which source pixel lies under the center of each target pixel.  Pillow adds up
 * its steps, and so do we: where a center falls between two pixels, rounding
 * decides, and must decide alike. */
static guint *
new_nearest (const AssayExtent *extent,
             guint source)
{
  guint *nearest = g_new (guint, extent->count);
  double step = (double) source / extent->size;
  double at = step * 0.5;

  for (guint i = 0; i < extent->first; i++)
    at += step;
  for (guint i = 0; i < extent->count; i++, at += step)
    nearest[i] = MIN ((guint) at, source - 1);
  return nearest;
}

static void
resample_nearest (const AssayRaster *source,
                  const AssayExtent *across,
                  const AssayExtent *down,
                  guint8 *target,
                  gsize target_stride)
{
  const guint channels = assay_raster_get_channels (source);
  g_autofree guint *columns = new_nearest (across, source->width);
  g_autofree guint *rows = new_nearest (down, source->height);
  g_autofree guint8 *buffer = assay_raster_new_buffer (source);

  for (guint y = 0; y < down->count; y++, target += target_stride)
    {
      const guint8 *row = assay_raster_get_row (source, rows[y], buffer);

      for (guint x = 0; x < across->count; x++)
        memcpy (target + (gsize) x * channels, row + (gsize) columns[x] * channels, channels);
    }
}

/**
 * assay_luma:
 * @rgb: (array fixed-size=3): a pixel
 *
 * The gray of a color: ITU-R BT.601's 0.299, 0.587 and 0.114 in 65536ths, rounded,
 * which is what Pillow's conversion to “L” and OpenCV's to gray come to.
 *
 * Returns: 0…255
 */
guint8
assay_luma (const guint8 *rgb)
{
  return (rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16;
}

/**
 * assay_resample:
 * @source: of at least one pixel
 * @filter: how
 * @across: what the source's width becomes; at least one pixel is wanted
 * @down: the same of its height
 * @target: (out caller-allocates): the wanted rows, 3 bytes a pixel, of gray 1
 * @target_stride: bytes from one target row to the next
 *
 * Resizes a picture, or computes a part of the resized one: that is exactly what
 * would be cut out of the whole, at the price of the part.  Gray is made before
 * resizing.
 *
 * Besides the target it takes some rows of memory: those of the source that one
 * target row is made of, reduced to the target's width.  Any thread.
 */
void
assay_resample (const AssayRaster *source,
                AssayFilter filter,
                const AssayExtent *across,
                const AssayExtent *down,
                guint8 *target,
                gsize target_stride)
{
  g_return_if_fail (source != NULL && source->width > 0 && source->height > 0);
  g_return_if_fail (across->count > 0 && across->count <= across->size - across->first);
  g_return_if_fail (down->count > 0 && down->count <= down->size - down->first);
  g_return_if_fail (target != NULL);

  switch (filter)
    {
    case ASSAY_FILTER_AREA:
      assay_resample_area (source, across, down, target, target_stride);
      break;
    case ASSAY_FILTER_NEAREST:
      resample_nearest (source, across, down, target, target_stride);
      break;
    case ASSAY_FILTER_BOX:
    case ASSAY_FILTER_BILINEAR:
    case ASSAY_FILTER_BICUBIC:
    case ASSAY_FILTER_LANCZOS:
    default:
      assay_resample_convolve (source, filter, across, down, target, target_stride);
      break;
    }
}
