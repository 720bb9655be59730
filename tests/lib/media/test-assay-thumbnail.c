/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-thumbnail.h"
#include "test-pictures.h"

static GdkPixbuf *
load (const char *name,
      int size,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (GBytes) bytes = load_picture (name);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  AssayFacts facts;

  assay_probe_head (g_bytes_get_data (bytes, NULL), MIN (g_bytes_get_size (bytes), 4096), &facts,
                    NULL);
  return assay_thumbnail_load (stream, &facts, size, cancellable, error);
}

static void
assert_size (GdkPixbuf *picture,
             int width,
             int height)
{
  g_assert_nonnull (picture);
  g_assert_cmpint (gdk_pixbuf_get_width (picture), ==, width);
  g_assert_cmpint (gdk_pixbuf_get_height (picture), ==, height);
}

/* 600 × 448 fits into 96 as 96 × 72, and looks as it does in Pillow. */
static void
test_scaled (void)
{
  static const char *const names[] = { "large.jpg", "large.png" };
  g_autoptr (GdkPixbuf) reference = load_reference ("large-96");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GdkPixbuf) picture = load (names[i], ASSAY_THUMBNAIL_SIZE, NULL, &error);
      double mean;

      g_assert_no_error (error);
      assert_size (picture, 96, 72);
      compare_pictures (picture, reference, &mean);
      g_test_message ("%s: %g", names[i], mean);
      g_assert_cmpfloat (mean, <, 2);
    }
}

static void
test_small_is_kept (void)
{
  g_autoptr (GdkPixbuf) picture = load ("rgb.png", ASSAY_THUMBNAIL_SIZE, NULL, NULL);
  g_autoptr (GBytes) bytes = load_picture ("rgb.png");
  g_autoptr (GdkPixbuf) original = decode_picture (bytes);

  assert_size (picture, PICTURE_WIDTH, PICTURE_HEIGHT);
  g_assert_cmpint (compare_pictures (picture, original, NULL), ==, 0);
}

static void
assert_upright (const char *name,
                gboolean turned)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPixbuf) picture = load (name, 96, NULL, &error);
  g_autoptr (GdkPixbuf) small = load (name, 20, NULL, NULL);
  g_autoptr (GdkPixbuf) reference = load_reference (name);

  g_test_message ("%s", name);
  g_assert_no_error (error);
  g_assert_cmpint (compare_pictures (picture, reference, NULL), <=, 3);
  assert_size (small, turned ? 12 : 20, turned ? 20 : 12);
}

static void
test_upright (void)
{
  for (guint orientation = 1; orientation <= 8; orientation++)
    {
      g_autofree char *jpeg = g_strdup_printf ("exif-%u.jpg", orientation);
      g_autofree char *tiff = g_strdup_printf ("turned-%u.tif", orientation);

      assert_upright (jpeg, orientation >= 5);
      assert_upright (tiff, orientation >= 5);
    }
}

static void
test_every_kind (void)
{
  static const char *const names[] = { "cmyk.jpg", "progressive.jpg", "rgba.png", "gray-16.png",
                                       "animated.gif", "transparent.gif", "rle.bmp", "old.bmp",
                                       "top-down.bmp", "fax.tif" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GdkPixbuf) picture = load (names[i], 10, NULL, &error);

      g_test_message ("%s", names[i]);
      g_assert_no_error (error);
      assert_size (picture, 10, 6);
    }
}

static void
test_errors (void)
{
  g_autoptr (GInputStream) nothing = g_memory_input_stream_new ();
  g_autoptr (GError) error = NULL;
  AssayFacts facts = { .format = ASSAY_FORMAT_PNG, .orientation = 1 };

  g_assert_null (assay_thumbnail_load (nothing, &facts, 96, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
  g_clear_error (&error);

  facts.format = ASSAY_FORMAT_UNKNOWN;
  g_assert_null (assay_thumbnail_load (nothing, &facts, 96, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED);
  g_clear_error (&error);

  facts.format = ASSAY_FORMAT_PNG;
  facts.width = facts.height = 10001;
  g_assert_null (assay_thumbnail_load (nothing, &facts, 96, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
  g_clear_error (&error);

  g_assert_null (load ("bomb.png", 96, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
}

static void
test_canceled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GdkPixbuf) picture = load ("rgb.png", 96, cancellable, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (picture);
  g_cancellable_cancel (cancellable);
  g_assert_null (load ("rgb.png", 96, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
load_thread (gpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GdkPixbuf) picture = load (i % 2 == 0 ? "large.jpg" : "turned-5.tif", 24, NULL,
                                            NULL);

      assert_size (picture, i % 2 == 0 ? 24 : 14, i % 2 == 0 ? 18 : 24);
    }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("load", load_thread, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* What shines through is white, and nothing but pixels is written. */
static void
test_encoded (void)
{
  g_autoptr (GdkPixbuf) clear = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 16, 12);
  g_autoptr (GdkPixbuf) back = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  gdk_pixbuf_fill (clear, 0);
  gdk_pixbuf_set_option (clear, "icc-profile", "cHJpdmF0ZQ==");
  bytes = assay_thumbnail_encode (clear, &error);
  g_assert_no_error (error);
  back = decode_picture (bytes);
  assert_size (back, 16, 12);
  g_assert_null (gdk_pixbuf_get_option (back, "icc-profile"));
  g_assert_cmpint (gdk_pixbuf_read_pixels (back)[0], >=, 250);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/thumbnail/scaled", test_scaled);
  g_test_add_func ("/assay/thumbnail/small-is-kept", test_small_is_kept);
  g_test_add_func ("/assay/thumbnail/upright", test_upright);
  g_test_add_func ("/assay/thumbnail/every-kind", test_every_kind);
  g_test_add_func ("/assay/thumbnail/errors", test_errors);
  g_test_add_func ("/assay/thumbnail/canceled", test_canceled);
  g_test_add_func ("/assay/thumbnail/threads", test_threads);
  g_test_add_func ("/assay/thumbnail/encoded", test_encoded);

  return g_test_run ();
}
