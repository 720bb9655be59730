/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: resize WIDTH HEIGHT
 *
 * Noise of that size, made 224 × 224 by each of our filters in their order, then by
 * GdkPixbuf's bilinear one.  Prints the milliseconds of each, the best of seven. */

#include <stdio.h>
#include <stdlib.h>

#include "assay-preprocess.h"

#define SIDE 224
#define ROUNDS 7

static GdkPixbuf *
make_noise (int width,
            int height)
{
  GdkPixbuf *picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  guint8 *pixels = gdk_pixbuf_get_pixels (picture);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (gsize i = 0; i < gdk_pixbuf_get_byte_length (picture); i++)
    pixels[i] = g_rand_int (random);
  return picture;
}

static double
measure (const AssayPreprocess *wish,
         GdkPixbuf *picture)
{
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 began = g_get_monotonic_time ();
      g_autoptr (GdkPixbuf) small =
        wish != NULL ? assay_preprocess_see (wish, picture)
                     : gdk_pixbuf_scale_simple (picture, SIDE, SIDE, GDK_INTERP_BILINEAR);

      best = MIN (best, g_get_monotonic_time () - began);
    }
  return best / 1000.0;
}

int
main (int argc,
      char *argv[])
{
  int width = argc > 2 ? atoi (argv[1]) : 1024;
  int height = argc > 2 ? atoi (argv[2]) : 768;
  g_autoptr (GdkPixbuf) picture = make_noise (width, height);
  AssayPreprocess wish;

  assay_preprocess_init_default (&wish, SIDE, SIDE);
  wish.crop = ASSAY_CROP_STRETCH;
  for (guint filter = 0; assay_filter_names[filter] != NULL; filter++)
    {
      wish.filter = filter;
      printf ("%.3f ", measure (&wish, picture));
    }
  printf ("%.3f\n", measure (NULL, picture));
  return EXIT_SUCCESS;
}
