/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Pillow's antialiased filters (its Resample.c; Pillow handbook, “Filters”), to the
 * last bit, so that a network sees here what it saw when it was trained.
 *
 * A target pixel is a weighted mean of the source pixels around the point where its
 * center falls.  The weight of each follows from its distance, by the filter's curve;
 * where the picture shrinks, the curve is stretched by the reduction, so that every
 * source pixel is looked at and nothing flickers through.  Curves that reach over
 * the edge are cut there, and the weights of each target pixel are made to sum to 1.
 *
 * The curves are separable: rows first, columns then.  Between the two, values are
 * rounded to 8 bits and clipped, as Pillow does.  Sums are whole numbers: a weight
 * is a multiple of 2⁻²², since 8 bits of level, and 2 bits for curves that swing over
 * 1 and below 0, leave 22 of 32. */

#include "config.h"

#include <math.h>

#include "assay-resample-private.h"

#define WEIGHT_BITS (32 - 8 - 2)
#define HALF (1 << (WEIGHT_BITS - 1))

/* A filter's curve, and where it ends; in source pixels when nothing shrinks. */
typedef struct {
  double (*weigh) (double distance);
  double reach;
} Curve;

/* The source pixels that one target pixel is made of. */
typedef struct {
  guint first;
  guint count;
} Tap;

/* One axis: the taps, and the weights of each in a row of @most. */
typedef struct {
  Tap *taps;
  gint32 *weights;
  guint most;
} Kernel;

/* The rows that are at hand: reduced to the target's width, each at its number
 * modulo @most of the kernel down, which is as many as one target row needs. */
typedef struct {
  const AssayRaster *source;
  guint8 *buffer;
  guint channels;
  guint width;
  Kernel across;
  Kernel down;
  guint8 *rows;
  guint next;        /* the first row that was never asked for */
} Work;

static double
weigh_box (double x)
{
  return x > -0.5 && x <= 0.5 ? 1 : 0;
}

static double
weigh_bilinear (double x)
{
  return MAX (1 - fabs (x), 0);
}

/* Keys, “Cubic convolution interpolation for digital image processing” (1981),
 * with a = −½. */
static double
weigh_bicubic (double x)
{
  const double a = -0.5;

  x = fabs (x);
  if (x < 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

static double
sinc (double x)
{
  return x == 0 ? 1 : sin (x * G_PI) / (x * G_PI);
}

/* Lanczos' window of three lobes: Duchon, “Lanczos filtering in one and two
 * dimensions” (1979). */
static double
weigh_lanczos (double x)
{
  return x >= -3 && x < 3 ? sinc (x) * sinc (x / 3) : 0;
}

static Curve
get_curve (AssayFilter filter)
{
  switch (filter)
    {
    case ASSAY_FILTER_BOX:
      return (Curve) { weigh_box, 0.5 };
    case ASSAY_FILTER_BICUBIC:
      return (Curve) { weigh_bicubic, 2 };
    case ASSAY_FILTER_LANCZOS:
      return (Curve) { weigh_lanczos, 3 };
    case ASSAY_FILTER_AREA:
    case ASSAY_FILTER_BILINEAR:
    case ASSAY_FILTER_NEAREST:
    default:
      return (Curve) { weigh_bilinear, 1 };
    }
}

static gint32
round_weight (double weight)
{
  return (gint32) (weight * (1 << WEIGHT_BITS) + (weight < 0 ? -0.5 : 0.5));
}

/* The weights of one target pixel whose center falls on @center: @exact is room for
 * them before they are rounded. */
static void
weigh (const Curve *curve,
       double center,
       double stretch,
       const Tap *tap,
       double *exact,
       gint32 *weights)
{
  double sum = 0;

  for (guint i = 0; i < tap->count; i++)
    {
      exact[i] = curve->weigh ((tap->first + i - center + 0.5) * (1 / stretch));
      sum += exact[i];
    }
  for (guint i = 0; i < tap->count; i++)
    weights[i] = round_weight (sum != 0 ? exact[i] / sum : exact[i]);
}

static void
kernel_init (Kernel *self,
             const Curve *curve,
             const AssayExtent *extent,
             guint source)
{
  double scale = (double) source / extent->size;
  double stretch = MAX (scale, 1);
  double reach = curve->reach * stretch;
  g_autofree double *exact = NULL;

  self->most = MIN ((guint) ceil (reach) * 2 + 1, source);
  self->taps = g_new (Tap, extent->count);
  self->weights = g_new (gint32, (gsize) extent->count * self->most);
  exact = g_new (double, self->most);
  for (guint i = 0; i < extent->count; i++)
    {
      double center = (extent->first + i + 0.5) * scale;
      guint first = (guint) MAX (center - reach + 0.5, 0);
      guint end = MIN ((guint) (center + reach + 0.5), source);

      self->taps[i] = (Tap) { first, MIN (end - first, self->most) };
      weigh (curve, center, stretch, &self->taps[i], exact,
             self->weights + (gsize) i * self->most);
    }
}

static void
kernel_clear (Kernel *self)
{
  g_clear_pointer (&self->taps, g_free);
  g_clear_pointer (&self->weights, g_free);
}

static inline guint8
to_level (gint32 sum)
{
  return CLAMP (sum >> WEIGHT_BITS, 0, 255);
}

/* Across: three channels at a time, which is what nearly all pictures have. */
static void
reduce_colors (const Kernel *kernel,
               const guint8 *row,
               guint8 *target,
               guint n)
{
  for (guint x = 0; x < n; x++, target += 3)
    {
      const gint32 *weights = kernel->weights + (gsize) x * kernel->most;
      const guint8 *from = row + (gsize) kernel->taps[x].first * 3;
      const guint count = kernel->taps[x].count;
      gint32 red = HALF, green = HALF, blue = HALF;

      for (guint i = 0; i < count; i++, from += 3)
        {
          red += from[0] * weights[i];
          green += from[1] * weights[i];
          blue += from[2] * weights[i];
        }
      target[0] = to_level (red);
      target[1] = to_level (green);
      target[2] = to_level (blue);
    }
}

static void
reduce_grays (const Kernel *kernel,
              const guint8 *row,
              guint8 *target,
              guint n)
{
  for (guint x = 0; x < n; x++)
    {
      const gint32 *weights = kernel->weights + (gsize) x * kernel->most;
      const guint8 *from = row + kernel->taps[x].first;
      gint32 sum = HALF;

      for (guint i = 0; i < kernel->taps[x].count; i++)
        sum += from[i] * weights[i];
      target[x] = to_level (sum);
    }
}

static guint8 *
get_reduced (const Work *self,
             guint y)
{
  return self->rows + (gsize) (y % self->down.most) * self->width * self->channels;
}

/* Makes sure that the rows of @tap are at hand; those before it never come again. */
static void
bring (Work *self,
       const Tap *tap)
{
  for (self->next = MAX (self->next, tap->first); self->next < tap->first + tap->count;
       self->next++)
    {
      const guint8 *row = assay_raster_get_row (self->source, self->next, self->buffer);
      guint8 *target = get_reduced (self, self->next);

      if (self->channels == 3)
        reduce_colors (&self->across, row, target, self->width);
      else
        reduce_grays (&self->across, row, target, self->width);
    }
}

static void
add_weighted (gint32 *sums,
              const guint8 *row,
              gint32 weight,
              gsize n)
{
  for (gsize i = 0; i < n; i++)
    sums[i] += row[i] * weight;
}

/* Down. */
static void
reduce_rows (Work *self,
             guint index,
             gint32 *sums,
             guint8 *target)
{
  const Tap *tap = &self->down.taps[index];
  const gint32 *weights = self->down.weights + (gsize) index * self->down.most;
  const gsize n = (gsize) self->width * self->channels;

  for (gsize i = 0; i < n; i++)
    sums[i] = HALF;
  for (guint i = 0; i < tap->count; i++)
    add_weighted (sums, get_reduced (self, tap->first + i), weights[i], n);
  for (gsize i = 0; i < n; i++)
    target[i] = to_level (sums[i]);
}

void
assay_resample_convolve (const AssayRaster *source,
                         AssayFilter filter,
                         const AssayExtent *across,
                         const AssayExtent *down,
                         guint8 *target,
                         gsize target_stride)
{
  const Curve curve = get_curve (filter);
  const guint channels = assay_raster_get_channels (source);
  const gsize n = (gsize) across->count * channels;
  g_autofree guint8 *buffer = assay_raster_new_buffer (source);
  g_autofree gint32 *sums = g_new (gint32, n);
  g_autofree guint8 *rows = NULL;
  Work work = { source, buffer, channels, across->count };

  kernel_init (&work.across, &curve, across, source->width);
  kernel_init (&work.down, &curve, down, source->height);
  work.rows = rows = g_new (guint8, n * work.down.most);
  for (guint y = 0; y < down->count; y++, target += target_stride)
    {
      bring (&work, &work.down.taps[y]);
      reduce_rows (&work, y, sums, target);
    }
  kernel_clear (&work.across);
  kernel_clear (&work.down);
}
