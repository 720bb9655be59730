/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How pictures are prepared, in words: understood, and then the same again when they
 * are written back, or refused with a sentence.  A small picture of the other bytes is
 * prepared so: whatever is wished for, all of the input is filled, and the picture and
 * both tensors agree. */

#include <string.h>

#include "assay-error.h"
#include "assay-preprocess.h"
#include "fuzz.h"

#define MAX_SIDE 40

static void
check_text (const AssayPreprocess *wish)
{
  g_autofree char *text = assay_preprocess_format (wish);
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;
  AssayPreprocess same;

  assay_preprocess_init_default (&same, 0, 0);
  g_assert_true (assay_preprocess_parse (&same, text, &error));
  g_assert_true (assay_preprocess_equal (wish, &same));
  again = assay_preprocess_format (&same);
  g_assert_cmpstr (again, ==, text);
}

/* As large as two of the bytes say, of the others, around and around. */
static GdkPixbuf *
make_picture (const uint8_t *data,
              size_t size)
{
  GdkPixbuf *picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, data[2] & 1, 8,
                                       1 + data[0] % MAX_SIDE, 1 + data[1] % MAX_SIDE);
  guint8 *pixels = gdk_pixbuf_get_pixels (picture);

  for (gsize i = 0; i < gdk_pixbuf_get_byte_length (picture); i++)
    pixels[i] = data[i % size];
  return picture;
}

static void
check_picture (const AssayPreprocess *wish,
               GdkPixbuf *picture)
{
  g_autoptr (GdkPixbuf) seen = assay_preprocess_see (wish, picture);
  gsize n = assay_preprocess_get_length (wish);
  g_autofree guint8 *bytes = g_malloc (n);
  g_autofree float *floats = g_new (float, n);
  g_autofree float *scaled = g_new (float, n);

  g_assert_cmpint (gdk_pixbuf_get_width (seen), ==, wish->width);
  g_assert_cmpint (gdk_pixbuf_get_height (seen), ==, wish->height);
  assay_preprocess_fill_bytes (wish, seen, bytes);
  assay_preprocess_run (wish, picture, floats);
  assay_preprocess_scale (wish, bytes, scaled);
  g_assert_cmpmem (floats, n * sizeof *floats, scaled, n * sizeof *scaled);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = fuzz_take_string (&data, &size);
  g_autoptr (GdkPixbuf) picture = NULL;
  g_autoptr (GError) error = NULL;
  AssayPreprocess wish;

  assay_preprocess_init_default (&wish, 0, 0);
  if (!assay_preprocess_parse (&wish, text, &error))
    {
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      fuzz_check_error (error);
      return 0;
    }
  g_assert_no_error (error);
  check_text (&wish);
  if (size < 3)
    return 0;
  wish.width = 1 + wish.width % MAX_SIDE;
  wish.height = 1 + wish.height % MAX_SIDE;
  picture = make_picture (data, size);
  check_picture (&wish, picture);
  return 0;
}
