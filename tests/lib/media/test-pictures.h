/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "assay-probe.h"

/* What make-pictures.py has drawn. */
#define PICTURE_WIDTH 40
#define PICTURE_HEIGHT 24

static inline GBytes *
load_picture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "lib", "media", "pictures", name,
                                                 NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

static inline GdkPixbuf *
decode_picture (GBytes *bytes)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GError) error = NULL;
  GdkPixbuf *picture = gdk_pixbuf_new_from_stream (stream, NULL, &error);

  g_assert_no_error (error);
  return picture;
}

static inline GdkPixbuf *
load_reference (const char *name)
{
  g_autofree char *reference = g_strconcat (name, ".ref.png", NULL);
  g_autoptr (GBytes) bytes = load_picture (reference);

  return decode_picture (bytes);
}

static inline gboolean
has_loader (AssayFormat format)
{
  g_autoptr (GdkPixbufLoader) loader =
    gdk_pixbuf_loader_new_with_mime_type (assay_format_get_media_type (format), NULL);

  if (loader != NULL)
    gdk_pixbuf_loader_close (loader, NULL);
  return loader != NULL;
}

/* The largest difference of a channel, and the mean of all. */
static inline int
compare_pictures (GdkPixbuf *a,
                  GdkPixbuf *b,
                  double *mean)
{
  int width = gdk_pixbuf_get_width (a);
  int height = gdk_pixbuf_get_height (a);
  int worst = 0;
  double sum = 0;

  g_assert_cmpint (gdk_pixbuf_get_width (b), ==, width);
  g_assert_cmpint (gdk_pixbuf_get_height (b), ==, height);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < 3; c++)
        {
          const guint8 *at = gdk_pixbuf_read_pixels (a) + y * gdk_pixbuf_get_rowstride (a)
                             + x * gdk_pixbuf_get_n_channels (a);
          const guint8 *bt = gdk_pixbuf_read_pixels (b) + y * gdk_pixbuf_get_rowstride (b)
                             + x * gdk_pixbuf_get_n_channels (b);
          int difference = ABS (at[c] - bt[c]);

          worst = MAX (worst, difference);
          sum += difference;
        }
  if (mean != NULL)
    *mean = sum / (width * height * 3);
  return worst;
}
