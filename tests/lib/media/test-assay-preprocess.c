/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "assay-preprocess.h"
#include "test-pictures.h"

static GdkPixbuf *
new_noise (GRand *rand,
           int width,
           int height,
           gboolean alpha)
{
  GdkPixbuf *picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, alpha, 8, width, height);
  guint8 *pixels = gdk_pixbuf_get_pixels (picture);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width * (alpha ? 4 : 3); x++)
      pixels[y * gdk_pixbuf_get_rowstride (picture) + x] = g_rand_int (rand);
  return picture;
}

static double
get_value (GdkPixbuf *picture,
           int x,
           int y,
           int c)
{
  const guint8 *pixel = gdk_pixbuf_read_pixels (picture)
                        + y * gdk_pixbuf_get_rowstride (picture)
                        + x * gdk_pixbuf_get_n_channels (picture);

  if (gdk_pixbuf_get_has_alpha (picture))
    return (pixel[c] * pixel[3] + 255.0 * (255 - pixel[3])) / 255;
  return pixel[c];
}

/* How much of the source pixel at @index one target pixel takes, by definition:
 * the length that both cover, or what is left of the distance of two centers. */
static double
get_share (int index,
           int target,
           int source_size,
           int target_size)
{
  double scale = (double) source_size / target_size;
  double center;

  if (scale >= 1)
    return MAX (0, MIN (index + 1, (target + 1) * scale) - MAX (index, target * scale)) / scale;
  center = CLAMP ((target + 0.5) * scale - 0.5, 0, source_size - 1);
  return MAX (0, 1 - fabs (center - index));
}

/* Slowly, in one double loop over the part @left, @top, @width, @height. */
static double
resize_slowly (GdkPixbuf *picture,
               const int part[4],
               const AssayPreprocess *wish,
               int x,
               int y,
               int c)
{
  double sum = 0;

  for (int j = 0; j < part[3]; j++)
    {
      double down = get_share (j, y, part[3], wish->height);

      if (down > 0)
        for (int i = 0; i < part[2]; i++)
          sum += down * get_share (i, x, part[2], wish->width)
                 * get_value (picture, part[0] + i, part[1] + j, c);
    }
  return sum;
}

static void
compare_with_slow (GdkPixbuf *picture,
                   const AssayPreprocess *wish,
                   const int part[4])
{
  g_autoptr (GdkPixbuf) seen = assay_preprocess_see (wish, picture);

  g_test_message ("%d × %d of %d × %d to %u × %u", part[2], part[3],
                  gdk_pixbuf_get_width (picture), gdk_pixbuf_get_height (picture), wish->width,
                  wish->height);
  g_assert_cmpint (gdk_pixbuf_get_width (seen), ==, wish->width);
  g_assert_cmpint (gdk_pixbuf_get_height (seen), ==, wish->height);
  g_assert_false (gdk_pixbuf_get_has_alpha (seen));
  for (guint y = 0; y < wish->height; y++)
    for (guint x = 0; x < wish->width; x++)
      for (int c = 0; c < 3; c++)
        {
          double exact = resize_slowly (picture, part, wish, x, y, c);

          /* Rounded to the nearest level, with a hair for floating point. */
          g_assert_cmpfloat_with_epsilon (get_value (seen, x, y, c), exact,
                                          gdk_pixbuf_get_has_alpha (picture) ? 1 : 0.502);
        }
}

static void
test_any_size (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 60; i++)
    {
      int width = g_rand_int_range (rand, 1, 70);
      int height = g_rand_int_range (rand, 1, 70);
      g_autoptr (GdkPixbuf) picture = new_noise (rand, width, height, i % 5 == 0);
      int part[4] = { 0, 0, width, height };
      AssayPreprocess wish;

      assay_preprocess_init_default (&wish, g_rand_int_range (rand, 1, 40),
                                     g_rand_int_range (rand, 1, 40));
      wish.crop = ASSAY_CROP_STRETCH;
      compare_with_slow (picture, &wish, part);
    }
}

static void
test_center (void)
{
  static const int cases[][6] = {
    /* picture, then left, top, width, height of what is seen of it */
    { 30, 20, 5, 0, 20, 20 }, { 31, 20, 5, 0, 20, 20 }, { 20, 33, 0, 6, 20, 20 },
    { 9, 9, 0, 0, 9, 9 },     { 1, 50, 0, 24, 1, 1 },   { 50, 1, 24, 0, 1, 1 },
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (8);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GdkPixbuf) picture = new_noise (rand, cases[i][0], cases[i][1], FALSE);
      AssayPreprocess wish;

      assay_preprocess_init_default (&wish, 8, 8);
      compare_with_slow (picture, &wish, &cases[i][2]);
    }
}

/* An input that is not square sees the largest part of its own proportions. */
static void
test_center_wide (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  g_autoptr (GdkPixbuf) picture = new_noise (rand, 30, 40, FALSE);
  const int part[4] = { 0, 12, 30, 15 };
  AssayPreprocess wish;

  assay_preprocess_init_default (&wish, 12, 6);
  compare_with_slow (picture, &wish, part);
}

/* As Pillow crops and resizes the same file with its BOX filter. */
static void
test_like_pillow (void)
{
  g_autoptr (GBytes) bytes = load_picture ("large.png");
  g_autoptr (GdkPixbuf) picture = decode_picture (bytes);
  g_autoptr (GdkPixbuf) reference = load_reference ("large-square");
  g_autoptr (GdkPixbuf) seen = NULL;
  AssayPreprocess wish;

  assay_preprocess_init_default (&wish, 112, 112);
  seen = assay_preprocess_see (&wish, picture);
  g_assert_cmpint (compare_pictures (seen, reference, NULL), <=, 1);
}

/* The same size: not a bit changes. */
static void
test_identity (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (10);
  g_autoptr (GdkPixbuf) picture = new_noise (rand, 33, 33, FALSE);
  g_autoptr (GdkPixbuf) seen = NULL;
  AssayPreprocess wish;

  assay_preprocess_init_default (&wish, 33, 33);
  seen = assay_preprocess_see (&wish, picture);
  g_assert_cmpint (compare_pictures (seen, picture, NULL), ==, 0);
}

/* The longest lines that are allowed: white stays white. */
static void
test_long_lines (void)
{
  static const int sizes[][2] = { { 30000, 2 }, { 2, 30000 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, sizes[i][0],
                                                      sizes[i][1]);
      g_autofree float *tensor = NULL;
      AssayPreprocess wish;

      gdk_pixbuf_fill (picture, 0xffffffff);
      assay_preprocess_init_default (&wish, 7, 5);
      wish.crop = ASSAY_CROP_STRETCH;
      tensor = g_new (float, assay_preprocess_get_length (&wish));
      assay_preprocess_run (&wish, picture, tensor);
      for (gsize n = 0; n < assay_preprocess_get_length (&wish); n++)
        g_assert_cmpfloat (tensor[n], ==, 1);
    }
}

static void
test_tensor (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (GdkPixbuf) picture = new_noise (rand, 5, 4, FALSE);

  for (guint i = 0; i < 4; i++)
    {
      AssayPreprocess wish = {
        .width = 5,
        .height = 4,
        .layout = i % 2 == 0 ? ASSAY_LAYOUT_NCHW : ASSAY_LAYOUT_NHWC,
        .order = i >= 2 ? ASSAY_ORDER_BGR : ASSAY_ORDER_RGB,
        .scale = 1 / 255.f,
        .mean = { .485f, .456f, .406f },
        .deviation = { .229f, .224f, .225f },
      };
      g_autofree float *tensor = g_new (float, assay_preprocess_get_length (&wish));

      g_assert_cmpuint (assay_preprocess_get_length (&wish), ==, 60);
      assay_preprocess_run (&wish, picture, tensor);
      for (int y = 0; y < 4; y++)
        for (int x = 0; x < 5; x++)
          for (int c = 0; c < 3; c++)
            {
              double value = get_value (picture, x, y, i >= 2 ? 2 - c : c);
              int at = i % 2 == 0 ? c * 20 + y * 5 + x : (y * 5 + x) * 3 + c;

              g_assert_cmpfloat_with_epsilon (
                tensor[at], (value / 255 - wish.mean[c]) / wish.deviation[c], 1e-5);
            }
    }
}

/* A picture of one color amid bars: @part is where it lies. */
static void
assert_amid (const AssayPreprocess *wish,
             int width,
             int height,
             const int part[4])
{
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GdkPixbuf) seen = NULL;

  gdk_pixbuf_fill (picture, 0xc82814ff);
  seen = assay_preprocess_see (wish, picture);
  for (int y = 0; y < gdk_pixbuf_get_height (seen); y++)
    for (int x = 0; x < gdk_pixbuf_get_width (seen); x++)
      {
        gboolean inside = x >= part[0] && x < part[0] + part[2] && y >= part[1]
                          && y < part[1] + part[3];

        g_assert_cmpfloat (get_value (seen, x, y, 0), ==, inside ? 200 : 1);
        g_assert_cmpfloat (get_value (seen, x, y, 1), ==, inside ? 40 : 2);
        g_assert_cmpfloat (get_value (seen, x, y, 2), ==, inside ? 20 : 3);
      }
}

static void
test_bars (void)
{
  static const struct {
    const char *text;
    int size[2];
    int part[4];   /* left, top, width, height */
  } cases[] = {
    { "size=20x20,crop=fit", { 40, 20 }, { 0, 5, 20, 10 } },
    { "size=20x20,crop=fit", { 20, 40 }, { 5, 0, 10, 20 } },
    { "size=20x20,crop=fit", { 7, 7 }, { 0, 0, 20, 20 } },
    { "size=20x20,crop=fit", { 1, 1 }, { 0, 0, 20, 20 } },
    { "size=20x20,crop=fit", { 10000, 1 }, { 0, 10, 20, 1 } },   /* 9.5 to the even neighbor */
    { "size=20x20,crop=fit", { 1, 10000 }, { 10, 0, 1, 20 } },
    { "size=30x10,crop=fit", { 20, 20 }, { 10, 0, 10, 10 } },
    { "size=20x20,crop=center,resize=10", { 40, 40 }, { 5, 5, 10, 10 } },
    { "size=20x20,crop=center,resize=10", { 40, 80 }, { 5, 0, 10, 20 } },
    { "size=20x20,crop=center,resize=9", { 80, 40 }, { 1, 5, 18, 9 } },
    { "size=20x20,crop=center,resize=20", { 40, 80 }, { 0, 0, 20, 20 } },
    { "size=20x20,crop=center,resize=4096", { 1, 10000 }, { 0, 0, 20, 20 } },
    { "size=20x20,crop=center", { 1, 10000 }, { 0, 0, 20, 20 } },
    { "size=20x20,crop=stretch", { 1, 10000 }, { 0, 0, 20, 20 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint filter = 0; assay_filter_names[filter] != NULL; filter++)
      {
        g_autoptr (GError) error = NULL;
        AssayPreprocess wish;

        g_test_message ("%s of %d × %d", cases[i].text, cases[i].size[0], cases[i].size[1]);
        assay_preprocess_init_default (&wish, 0, 0);
        assay_preprocess_parse (&wish, cases[i].text, &error);
        g_assert_no_error (error);
        assay_preprocess_parse (&wish, "pad=1:2:3", &error);
        g_assert_no_error (error);
        wish.filter = filter;
        assert_amid (&wish, cases[i].size[0], cases[i].size[1], cases[i].part);
      }
}

/* One channel, shown as gray: the bars too. */
static void
test_gray (void)
{
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 4, 2);
  g_autoptr (GdkPixbuf) seen = NULL;
  float tensor[16];
  guint8 bytes[16];
  guint shape[3];
  AssayPreprocess wish;

  gdk_pixbuf_fill (picture, 0xff0000ff);
  assay_preprocess_init_default (&wish, 4, 4);
  wish.order = ASSAY_ORDER_GRAY;
  wish.crop = ASSAY_CROP_FIT;
  wish.pad[1] = 255;
  wish.mean[0] = 0.5f;
  g_assert_cmpuint (assay_preprocess_get_length (&wish), ==, 16);
  assay_preprocess_get_shape (&wish, shape);
  g_assert_cmpuint (shape[0], ==, 1);
  wish.layout = ASSAY_LAYOUT_NHWC;
  assay_preprocess_get_shape (&wish, shape);
  g_assert_cmpuint (shape[2], ==, 1);

  seen = assay_preprocess_see (&wish, picture);
  assay_preprocess_fill_bytes (&wish, seen, bytes);
  assay_preprocess_run (&wish, picture, tensor);
  for (guint i = 0; i < 16; i++)
    {
      int level = i / 4 == 0 || i / 4 == 3 ? 150 : 76;

      for (int c = 0; c < 3; c++)
        g_assert_cmpfloat (get_value (seen, i % 4, i / 4, c), ==, level);
      g_assert_cmpint (bytes[i], ==, level);
      g_assert_cmpfloat_with_epsilon (tensor[i], level / 255.0 - 0.5, 1e-6);
    }
}

/* Both tensors are what the picture shows, whatever the order and the layout; that of
 * BGR shows the same colors. */
static void
test_tensors_are_the_picture (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);
  g_autoptr (GdkPixbuf) picture = new_noise (rand, 50, 30, TRUE);

  for (guint i = 0; i < 4; i++)
    {
      AssayPreprocess wish;
      g_autoptr (GdkPixbuf) seen = NULL;
      g_autoptr (GdkPixbuf) plain = NULL;
      guint8 bytes[7 * 5 * 3];
      float tensor[7 * 5 * 3];

      assay_preprocess_init_default (&wish, 7, 5);
      assay_preprocess_apply_preset (&wish, "imagenet");
      plain = assay_preprocess_see (&wish, picture);
      wish.layout = i % 2 == 0 ? ASSAY_LAYOUT_NCHW : ASSAY_LAYOUT_NHWC;
      wish.order = i / 2 == 0 ? ASSAY_ORDER_RGB : ASSAY_ORDER_BGR;
      seen = assay_preprocess_see (&wish, picture);
      g_assert_cmpint (compare_pictures (seen, plain, NULL), ==, 0);
      assay_preprocess_fill_bytes (&wish, seen, bytes);
      assay_preprocess_run (&wish, picture, tensor);
      for (int at = 0; at < 7 * 5 * 3; at++)
        {
          int c = i % 2 == 0 ? at / 35 : at % 3;
          int pixel = i % 2 == 0 ? at % 35 : at / 3;
          double level = get_value (seen, pixel % 7, pixel / 7, i / 2 == 0 ? c : 2 - c);

          g_assert_cmpfloat (bytes[at], ==, level);
          g_assert_cmpfloat_with_epsilon (
            tensor[at], (level / 255 - wish.mean[c]) / wish.deviation[c], 1e-5);
        }
    }
}

/* A part of another picture has rows that are longer than its pixels. */
static void
test_part (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (13);
  g_autoptr (GdkPixbuf) picture = new_noise (rand, 30, 30, FALSE);
  g_autoptr (GdkPixbuf) part = gdk_pixbuf_new_subpixbuf (picture, 3, 4, 11, 9);
  g_autoptr (GdkPixbuf) copy = gdk_pixbuf_copy (part);
  float tensors[2][11 * 9 * 3];
  AssayPreprocess wish;

  assay_preprocess_init_default (&wish, 11, 9);
  for (guint filter = 0; assay_filter_names[filter] != NULL; filter++)
    {
      wish.filter = filter;
      assay_preprocess_run (&wish, part, tensors[0]);
      assay_preprocess_run (&wish, copy, tensors[1]);
      g_assert_cmpmem (tensors[0], sizeof tensors[0], tensors[1], sizeof tensors[1]);
      assay_preprocess_fill_floats (&wish, part, tensors[1]);
      g_assert_cmpmem (tensors[0], sizeof tensors[0], tensors[1], sizeof tensors[1]);
    }
}

static void
test_defaults (void)
{
  AssayPreprocess wish;

  assay_preprocess_init_default (&wish, 224, 112);
  g_assert_cmpuint (wish.width, ==, 224);
  g_assert_cmpuint (wish.height, ==, 112);
  g_assert_cmpint (wish.crop, ==, ASSAY_CROP_CENTER);
  g_assert_cmpint (wish.layout, ==, ASSAY_LAYOUT_NCHW);
  g_assert_cmpint (wish.order, ==, ASSAY_ORDER_RGB);
  g_assert_cmpint (wish.filter, ==, ASSAY_FILTER_AREA);
  g_assert_cmpfloat_with_epsilon (wish.scale * 255, 1, 1e-6);
  g_assert_cmpuint (assay_preprocess_get_length (&wish), ==, 224 * 112 * 3);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/preprocess/defaults", test_defaults);
  g_test_add_func ("/assay/preprocess/any-size", test_any_size);
  g_test_add_func ("/assay/preprocess/center", test_center);
  g_test_add_func ("/assay/preprocess/center-wide", test_center_wide);
  g_test_add_func ("/assay/preprocess/like-pillow", test_like_pillow);
  g_test_add_func ("/assay/preprocess/identity", test_identity);
  g_test_add_func ("/assay/preprocess/long-lines", test_long_lines);
  g_test_add_func ("/assay/preprocess/tensor", test_tensor);
  g_test_add_func ("/assay/preprocess/bars", test_bars);
  g_test_add_func ("/assay/preprocess/gray", test_gray);
  g_test_add_func ("/assay/preprocess/tensors-are-the-picture", test_tensors_are_the_picture);
  g_test_add_func ("/assay/preprocess/part", test_part);

  return g_test_run ();
}
