/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What must hold of every filter; test_pillow.py has their pixels. */

#include <string.h>

#include "assay-resample.h"

#define N_FILTERS (ASSAY_FILTER_NEAREST + 1)

static guint8 *
new_noise (GRand *rand,
           gsize length)
{
  guint8 *pixels = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    pixels[i] = g_rand_int (rand);
  return pixels;
}

static AssayRaster
make_raster (const guint8 *pixels,
             guint width,
             guint height,
             gboolean alpha,
             gboolean gray)
{
  gsize stride = (gsize) width * (alpha ? 4 : 3);

  return (AssayRaster) { pixels, stride, width, height, alpha, gray };
}

static guint8 *
resample (const AssayRaster *source,
          AssayFilter filter,
          AssayExtent across,
          AssayExtent down)
{
  gsize stride = (gsize) across.count * (source->gray ? 1 : 3);
  guint8 *target = g_malloc (stride * down.count);

  assay_resample (source, filter, &across, &down, target, stride);
  return target;
}

/* A part is cut out of the whole, to the last bit: larger, smaller and as it is. */
static void
test_part_of_whole (void)
{
  static const guint sizes[][2] = { { 23, 17 }, { 90, 81 }, { 200, 3 }, { 40, 31 } };
  g_autoptr (GRand) rand = g_rand_new_with_seed (31);
  g_autofree guint8 *pixels = new_noise (rand, 40 * 31 * 4);

  for (guint i = 0; i < G_N_ELEMENTS (sizes) * N_FILTERS * 4; i++)
    {
      const AssayRaster source = make_raster (pixels, 40, 31, i & 1, i & 2);
      const AssayFilter filter = i / 4 % N_FILTERS;
      const guint *size = sizes[i / 4 / N_FILTERS];
      guint left = g_rand_int_range (rand, 0, size[0]);
      guint top = g_rand_int_range (rand, 0, size[1]);
      AssayExtent across = { size[0], left, g_rand_int_range (rand, 1, size[0] - left + 1) };
      AssayExtent down = { size[1], top, g_rand_int_range (rand, 1, size[1] - top + 1) };
      g_autofree guint8 *part = resample (&source, filter, across, down);
      g_autofree guint8 *whole = resample (&source, filter,
                                           (AssayExtent) { size[0], 0, size[0] },
                                           (AssayExtent) { size[1], 0, size[1] });
      const guint channels = source.gray ? 1 : 3;
      const gsize n = (gsize) across.count * channels;

      for (guint y = 0; y < down.count; y++)
        g_assert_cmpmem (part + y * n, n,
                         whole + ((gsize) (top + y) * size[0] + left) * channels, n);
    }
}

/* The same size: not a bit changes. */
static void
test_identity (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (32);
  g_autofree guint8 *pixels = new_noise (rand, 61 * 43 * 3);
  const AssayRaster source = make_raster (pixels, 61, 43, FALSE, FALSE);

  for (guint filter = 0; filter < N_FILTERS; filter++)
    {
      g_autofree guint8 *target = resample (&source, filter, (AssayExtent) { 61, 0, 61 },
                                            (AssayExtent) { 43, 0, 43 });

      g_assert_cmpmem (target, 61 * 43 * 3, pixels, 61 * 43 * 3);
    }
}

/* One color stays that color, at every size, beyond the edges and along the longest
 * lines. */
static void
test_one_color (void)
{
  static const guint sizes[][4] = {
    { 1, 1, 1, 1 },   { 1, 1, 300, 200 }, { 2, 1, 7, 9 },     { 30000, 1, 3, 3 },
    { 1, 30000, 3, 3 }, { 10000, 1, 1, 1 }, { 1, 10000, 64, 1 }, { 37, 91, 4096, 2 },
  };
  static const guint8 colors[] = { 0, 1, 77, 128, 254, 255 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes) * N_FILTERS * G_N_ELEMENTS (colors); i++)
    {
      const guint *size = sizes[i % G_N_ELEMENTS (sizes)];
      const guint8 color = colors[i / G_N_ELEMENTS (sizes) % G_N_ELEMENTS (colors)];
      const AssayFilter filter = i / G_N_ELEMENTS (sizes) / G_N_ELEMENTS (colors);
      g_autofree guint8 *pixels = g_malloc ((gsize) size[0] * size[1] * 3);
      const AssayRaster source = make_raster (pixels, size[0], size[1], FALSE, FALSE);
      g_autofree guint8 *target = NULL;

      memset (pixels, color, (gsize) size[0] * size[1] * 3);
      target = resample (&source, filter, (AssayExtent) { size[2], 0, size[2] },
                         (AssayExtent) { size[3], 0, size[3] });
      /* Thousands of rounded weights may miss their sum: by a level, as Pillow's do. */
      for (gsize at = 0; at < (gsize) size[2] * size[3] * 3; at++)
        g_assert_cmpint (ABS (target[at] - color), <=, MAX (size[0], size[1]) >= 10000 ? 1 : 0);
    }
}

/* A row of the target may be longer than its pixels: nothing else is written. */
static void
test_stride (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (33);
  g_autofree guint8 *pixels = new_noise (rand, 20 * 20 * 3);
  const AssayRaster source = make_raster (pixels, 20, 20, FALSE, FALSE);
  const AssayExtent extent = { 7, 0, 7 };

  for (guint filter = 0; filter < N_FILTERS; filter++)
    {
      g_autofree guint8 *tight = resample (&source, filter, extent, extent);
      guint8 wide[7 * 30];

      memset (wide, 0xa5, sizeof wide);
      assay_resample (&source, filter, &extent, &extent, wide, 30);
      for (guint y = 0; y < 7; y++)
        {
          g_assert_cmpmem (wide + y * 30, 21, tight + y * 21, 21);
          for (guint x = 21; x < 30; x++)
            g_assert_cmpint (wide[y * 30 + x], ==, 0xa5);
        }
    }
}

static void
test_luma (void)
{
  static const guint8 cases[][4] = {
    { 0, 0, 0, 0 },   { 255, 255, 255, 255 }, { 255, 0, 0, 76 },
    { 0, 255, 0, 150 }, { 0, 0, 255, 29 },    { 7, 7, 7, 7 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (assay_luma (cases[i]), ==, cases[i][3]);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/resample/part-of-whole", test_part_of_whole);
  g_test_add_func ("/assay/resample/identity", test_identity);
  g_test_add_func ("/assay/resample/one-color", test_one_color);
  g_test_add_func ("/assay/resample/stride", test_stride);
  g_test_add_func ("/assay/resample/luma", test_luma);

  return g_test_run ();
}
