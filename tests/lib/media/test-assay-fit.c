/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "assay-error.h"
#include "assay-fit.h"
#include "test-pictures.h"

static void
test_takes (void)
{
  static const struct {
    AssayFit fit;
    guint width, height;
    guint64 bytes;
    gboolean wanted;
  } rows[] = {
    { { 0, 0 }, 30000, 30000, 1u << 30, TRUE },
    { { 100, 0 }, 100, 20, 1u << 30, TRUE },
    { { 100, 0 }, 20, 100, 1, TRUE },
    { { 100, 0 }, 101, 20, 1, FALSE },
    { { 100, 0 }, 20, 101, 1, FALSE },
    { { 0, 500 }, 30000, 1, 500, TRUE },
    { { 0, 500 }, 1, 1, 501, FALSE },
    { { 100, 500 }, 101, 1, 1, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const AssayFacts facts = { .width = rows[i].width, .height = rows[i].height };

      g_assert_cmpint (assay_fit_takes (&rows[i].fit, &facts, rows[i].bytes), ==, rows[i].wanted);
    }
}

/* A JPEG as it was asked for, of the size that it says. */
static void
assert_fits (GBytes *fitted,
             const AssayFit *fit,
             guint side)
{
  g_autoptr (GError) error = NULL;
  AssayFacts facts;

  g_assert_true (assay_probe_bytes (fitted, &facts, &error));
  g_assert_no_error (error);
  g_assert_cmpint (facts.format, ==, ASSAY_FORMAT_JPEG);
  g_assert_cmpint (facts.handling, ==, ASSAY_HANDLING_SEND);
  g_assert_cmpuint (facts.orientation, ==, 1);
  g_assert_cmpuint (MAX (facts.width, facts.height), ==, side);
  g_assert_true (assay_fit_takes (fit, &facts, g_bytes_get_size (fitted)));
}

static GBytes *
encode_noise (guint width,
              guint height)
{
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GError) error = NULL;
  guint8 *pixels = gdk_pixbuf_get_pixels (picture);
  char *data;
  gsize length;

  for (gsize i = 0; i < gdk_pixbuf_get_byte_length (picture); i++)
    pixels[i] = g_rand_int (rand);
  gdk_pixbuf_save_to_buffer (picture, &data, &length, "png", &error, NULL);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

static void
test_bounds (void)
{
  static const AssayFit fits[] = {
    { 400, 0 }, { 100, 0 }, { 17, 0 }, { 1, 0 }, { 0, 100000 }, { 0, 20000 }, { 0, 3000 },
    { 300, 20000 }, { 100, 1000000 },
  };
  g_autoptr (GBytes) bytes = encode_noise (600, 400);
  AssayFacts facts;

  g_assert_true (assay_probe_bytes (bytes, &facts, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) fitted = NULL;
      guint side;

      fitted = assay_fit_picture (&fits[i], bytes, &facts, &side, &error);
      g_assert_no_error (error);
      assert_fits (fitted, &fits[i], side);
      g_assert_cmpuint (side, <=, 600);
      if (fits[i].bytes == 0)
        g_assert_cmpuint (side, ==, fits[i].pixels);
    }
}

static void
test_too_small_a_bound (void)
{
  const AssayFit fit = { 0, 100 };
  g_autoptr (GBytes) bytes = encode_noise (600, 400);
  g_autoptr (GError) error = NULL;
  AssayFacts facts;
  guint side;

  g_assert_true (assay_probe_bytes (bytes, &facts, NULL));
  g_assert_null (assay_fit_picture (&fit, bytes, &facts, &side, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
}

/* All eight ways that a telephone can be held, beside what another program makes
 * of them. */
static void
test_orientations (void)
{
  const AssayFit fit = { 0, 1u << 30 };

  for (guint orientation = 1; orientation <= 8; orientation++)
    {
      g_autofree char *name = g_strdup_printf ("exif-%u.jpg", orientation);
      g_autoptr (GBytes) bytes = load_picture (name);
      g_autoptr (GdkPixbuf) reference = load_reference (name);
      g_autoptr (GdkPixbuf) picture = NULL;
      g_autoptr (GBytes) fitted = NULL;
      g_autoptr (GError) error = NULL;
      AssayFacts facts;
      guint side;

      g_assert_true (assay_probe_bytes (bytes, &facts, NULL));
      fitted = assay_fit_picture (&fit, bytes, &facts, &side, &error);
      g_assert_no_error (error);
      assert_fits (fitted, &fit, side);
      picture = decode_picture (fitted);
      g_assert_cmpint (gdk_pixbuf_get_width (picture), ==, gdk_pixbuf_get_width (reference));
      g_assert_cmpint (gdk_pixbuf_get_height (picture), ==, gdk_pixbuf_get_height (reference));
      g_assert_cmpint (compare_pictures (picture, reference, NULL), <=, 40);
    }
}

static void
test_bomb (void)
{
  const AssayFit fit = { 100, 0 };
  g_autoptr (GBytes) bomb = load_picture ("bomb.png");
  g_autoptr (GError) error = NULL;
  AssayFacts facts = { .format = ASSAY_FORMAT_PNG, .orientation = 1, .channels = 1 };
  guint side;

  g_assert_null (assay_fit_picture (&fit, bomb, &facts, &side, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/fit/takes", test_takes);
  g_test_add_func ("/assay/fit/bounds", test_bounds);
  g_test_add_func ("/assay/fit/too-small-a-bound", test_too_small_a_bound);
  g_test_add_func ("/assay/fit/orientations", test_orientations);
  g_test_add_func ("/assay/fit/bomb", test_bomb);

  return g_test_run ();
}
