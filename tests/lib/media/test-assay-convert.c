/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-convert.h"
#include "assay-error.h"
#include "test-pictures.h"

typedef struct {
  const char *name;
  guint channels;   /* of the result */
  int worst;        /* difference to what Pillow sees */
} Row;

/* Decoders of JPEG and WebP may differ by their rounding; gray comes from color
 * by each one's own formula only when the picture is written, so not here. */
static const Row rows[] = {
  { "cmyk.jpg", 3, 3 },       { "ycck.jpg", 3, 4 },        { "extended.jpg", 3, 3 },
  { "gray-alpha.png", 1, 1 }, { "rgba.png", 3, 1 },        { "turned.png", 3, 1 },
  { "key.png", 3, 0 },        { "palette.png", 3, 0 },     { "palette-2.png", 3, 0 },
  { "palette-4.png", 3, 0 },  { "bit.png", 1, 0 },         { "gray-16.png", 1, 0 },
  { "rgb-16.png", 3, 0 },     { "animated.png", 3, 0 },    { "palette.bmp", 3, 0 },
  { "bit.bmp", 3, 0 },        { "four.bmp", 3, 0 },        { "rle.bmp", 3, 0 },
  { "high.bmp", 3, 8 },       { "rgba.bmp", 3, 0 },        { "alpha.bmp", 3, 2 },
  { "rgb.tif", 3, 0 },        { "big.tif", 3, 0 },         { "gray.tif", 1, 0 },
  { "palette.tif", 3, 1 },    { "fax.tif", 1, 0 },         { "deep.tif", 3, 1 },
  { "turned-1.tif", 3, 0 },   { "turned-2.tif", 3, 0 },    { "turned-3.tif", 3, 0 },
  { "turned-4.tif", 3, 0 },   { "turned-5.tif", 3, 0 },    { "turned-6.tif", 3, 0 },
  { "turned-7.tif", 3, 0 },   { "turned-8.tif", 3, 0 },    { "lossy.webp", 3, 8 },
  { "lossless.webp", 3, 0 },  { "alpha.webp", 3, 1 },      { "turned.webp", 3, 0 },
};

static GBytes *
convert (const char *name,
         GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  GBytes *png;
  AssayFacts facts;

  g_test_message ("%s", name);
  assay_probe_bytes (bytes, &facts, &error);
  g_assert_no_error (error);
  g_assert_cmpint (facts.handling, ==, ASSAY_HANDLING_CONVERT);
  png = assay_convert_to_png (bytes, &facts, &error);
  g_assert_no_error (error);
  return png;
}

/* The result is what services take, and the picture is still the same. */
static void
check_row (const Row *row)
{
  g_autoptr (GBytes) bytes = load_picture (row->name);
  g_autoptr (GdkPixbuf) reference = load_reference (row->name);
  g_autoptr (GBytes) png = NULL;
  g_autoptr (GdkPixbuf) picture = NULL;
  AssayFacts facts;

  assay_probe_head (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &facts, NULL);
  if (!has_loader (facts.format))
    return;
  png = convert (row->name, bytes);
  g_assert_true (assay_probe_bytes (png, &facts, NULL));
  g_assert_cmpint (facts.format, ==, ASSAY_FORMAT_PNG);
  g_assert_cmpint (facts.handling, ==, ASSAY_HANDLING_SEND);
  g_assert_cmpuint (facts.channels, ==, row->channels);
  g_assert_cmpuint (facts.orientation, ==, 1);

  picture = decode_picture (png);
  g_assert_cmpint (compare_pictures (picture, reference, NULL), <=, row->worst);
}

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (&rows[i]);
}

/* All eight ways that a telephone can be held. */
static void
test_orientations (void)
{
  for (guint orientation = 1; orientation <= 8; orientation++)
    {
      g_autofree char *name = g_strdup_printf ("exif-%u.jpg", orientation);
      g_autoptr (GBytes) bytes = load_picture (name);
      g_autoptr (GdkPixbuf) reference = load_reference (name);
      g_autoptr (GdkPixbuf) picture = NULL;
      g_autoptr (GBytes) png = NULL;
      g_autoptr (GError) error = NULL;
      AssayFacts facts;

      g_assert_true (assay_probe_bytes (bytes, &facts, NULL));
      g_assert_cmpuint (facts.orientation, ==, orientation);
      png = assay_convert_to_png (bytes, &facts, &error);
      g_assert_no_error (error);
      picture = decode_picture (png);
      g_assert_cmpint (compare_pictures (picture, reference, NULL), <=, 3);
    }
}

/* Whole as a container, but with rubbish for pixels. */
static void
test_undecodable (void)
{
  g_autoptr (GBytes) bytes = load_picture ("arithmetic.jpg");
  g_autoptr (GBytes) tiff = load_picture ("rgb.tif");
  g_autoptr (GBytes) half = g_bytes_new_from_bytes (tiff, 0, 60);
  g_autoptr (GBytes) png = NULL;
  g_autoptr (GError) error = NULL;
  AssayFacts facts = { .format = ASSAY_FORMAT_TIFF, .orientation = 1, .channels = 3 };

  g_assert_null (assay_convert_to_png (half, &facts, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
  g_clear_error (&error);

  /* Huffman data that claims to be arithmetic: any picture or an error. */
  g_assert_true (assay_probe_bytes (bytes, &facts, NULL));
  png = assay_convert_to_png (bytes, &facts, &error);
  g_assert_true ((png == NULL) == (error != NULL));
}

/* A few bytes that promise 400 million pixels.  Where the facts know no size, the
 * decoder itself has to be stopped before it makes room for them. */
static void
test_too_large (void)
{
  g_autoptr (GBytes) bomb = load_picture ("bomb.png");
  g_autoptr (GError) error = NULL;
  AssayFacts facts = { .format = ASSAY_FORMAT_PNG, .orientation = 1, .channels = 1 };

  g_assert_null (assay_convert_to_png (bomb, &facts, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
  g_clear_error (&error);

  facts.width = facts.height = 20000;
  g_assert_null (assay_convert_to_png (bomb, &facts, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
}

static void
test_no_loader (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("nothing", 7);
  g_autoptr (GError) error = NULL;
  AssayFacts facts = { .format = ASSAY_FORMAT_PDF, .orientation = 1, .channels = 3 };

  g_assert_null (assay_convert_to_png (bytes, &facts, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED);
}

/* Damage behind the container's back: the decoders may object or not, but an
 * answer is an answer and an error is ours. */
static void
test_random_damage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  static const char *const names[] = { "cmyk.jpg", "palette.png", "rle.bmp", "four.bmp", "gray.tif",
                                       "rgb.tif", "fax.tif" };

  for (guint i = 0; i < G_N_ELEMENTS (names) * 60; i++)
    {
      g_autoptr (GBytes) bytes = load_picture (names[i % G_N_ELEMENTS (names)]);
      gsize length = g_bytes_get_size (bytes);
      guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
      g_autoptr (GBytes) damaged = NULL;
      g_autoptr (GBytes) png = NULL;
      g_autoptr (GError) error = NULL;
      AssayFacts facts;

      for (int n = g_rand_int_range (rand, 1, 6); n > 0; n--)
        copy[g_rand_int_range (rand, 0, length)] = g_rand_int (rand);
      damaged = g_bytes_new_take (copy, length);
      if (!assay_probe_bytes (damaged, &facts, NULL))
        continue;
      png = assay_convert_to_png (damaged, &facts, &error);
      g_assert_true ((png == NULL) == (error != NULL));
      if (error != NULL)
        g_assert_true (error->domain == ASSAY_ERROR);
      else
        g_assert_true (assay_probe_bytes (png, &facts, NULL));
    }
}

static gpointer
convert_thread (gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (&rows[(GPOINTER_TO_UINT (data) * 7 + i) % G_N_ELEMENTS (rows)]);
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("convert", convert_thread, GUINT_TO_POINTER (i));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/convert/table", test_table);
  g_test_add_func ("/assay/convert/orientations", test_orientations);
  g_test_add_func ("/assay/convert/undecodable", test_undecodable);
  g_test_add_func ("/assay/convert/too-large", test_too_large);
  g_test_add_func ("/assay/convert/no-loader", test_no_loader);
  g_test_add_func ("/assay/convert/random-damage", test_random_damage);
  g_test_add_func ("/assay/convert/threads", test_threads);

  return g_test_run ();
}
