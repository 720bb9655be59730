/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-preprocess.h"

static void
assert_parses (AssayPreprocess *wish,
               const char *text)
{
  g_autoptr (GError) error = NULL;

  assay_preprocess_parse (wish, text, &error);
  g_assert_no_error (error);
}

static void
assert_formats (const AssayPreprocess *wish,
                const char *text)
{
  g_autofree char *said = assay_preprocess_format (wish);

  g_assert_cmpstr (said, ==, text);
}

/* What people write, and how it is written back. */
static void
test_texts (void)
{
  static const struct {
    const char *given;
    const char *kept;   /* NULL if it is the same */
  } cases[] = {
    { "imagenet", "imagenet,size=224x224" },
    { "ImageNet", "imagenet,size=224x224" },
    { "imagenet,size=299", "imagenet,size=299x299" },
    { " imagenet , size=299x299 ", "imagenet,size=299x299" },
    { "imagenet,size=64x32,resize=32", NULL },
    { "imagenet,resize=none", "imagenet,size=224x224,resize=none" },
    { "imagenet,order=bgr", "imagenet,size=224x224,order=bgr" },
    { "size=224,resize=256,filter=bilinear,mean=0.485:0.456:0.406,std=0.229:0.224:0.225",
      "imagenet,size=224x224" },
    { "0..1", NULL },
    { "-1..1", NULL },
    { "0..255", NULL },
    { "0..1,size=1x4096,filter=nearest", NULL },
    { "0..1,size=299x299,crop=stretch,filter=bicubic,order=bgr,layout=nhwc", NULL },
    { "0..255,size=640x640,crop=fit,pad=114", NULL },
    { "0..255,size=640x640,crop=fit,pad=1:2:3", NULL },
    { "0..255,crop=stretch,size=8,pad=0", "0..255,size=8x8,crop=stretch" },
    { "0..1,scale=0.00392156862745098", "0..1" },
    { "0..1,scale=1/127.5", NULL },
    { "0..1,scale=1/256", NULL },
    { "0..1,scale=2", NULL },
    { "0..255,scale=-1", "0..1,scale=-1" },
    { "0..1,scale=0", "0..1,scale=0" },
    { "0..1,scale=1e-30", NULL },
    { "0..255,mean=123.68:116.779:103.939", NULL },
    { "0..1,mean=0.5,std=0.5", NULL },
    { "order=gray,filter=lanczos", "0..1,filter=lanczos,order=gray" },
    { "filter=box,filter=area", "0..1,filter=area" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *kept = cases[i].kept != NULL ? cases[i].kept : cases[i].given;
      AssayPreprocess wish, again;

      g_test_message ("%s", cases[i].given);
      assay_preprocess_init_default (&wish, 0, 0);
      assay_preprocess_init_default (&again, 0, 0);
      assert_parses (&wish, cases[i].given);
      assert_formats (&wish, kept);
      assert_parses (&again, kept);
      g_assert_true (assay_preprocess_equal (&wish, &again));
    }
}

static float
random_float (GRand *rand)
{
  static const float usual[] = { 0.5f, 1, 255, 1.0f / 255, 0.1f };

  if (g_rand_boolean (rand))
    return usual[g_rand_int_range (rand, 0, G_N_ELEMENTS (usual))];
  return (float) ldexp (g_rand_double_range (rand, -1, 1), g_rand_int_range (rand, -60, 60));
}

/* Whatever is wished for comes back from its text, to the last bit. */
static void
test_round_trip (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (21);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = NULL;
      AssayPreprocess wish, again;

      assay_preprocess_init_default (&wish, 0, 0);
      assay_preprocess_init_default (&again, 0, 0);
      if (g_rand_boolean (rand))
        {
          wish.width = g_rand_int_range (rand, 1, 4097);
          wish.height = g_rand_int_range (rand, 1, 4097);
        }
      wish.order = g_rand_int_range (rand, 0, 3);
      wish.layout = g_rand_int_range (rand, 0, 2);
      if (wish.width > 0 || i % 2 == 0)
        assay_preprocess_apply_preset (&wish, assay_preset_names[g_rand_int_range (rand, 0, 4)]);
      if (g_rand_boolean (rand))
        {
          wish.crop = g_rand_int_range (rand, 0, 3);
          wish.filter = g_rand_int_range (rand, 0, 6);
          wish.resize = g_rand_int_range (rand, 0, 4097);
          wish.scale = random_float (rand);
          wish.mean[g_rand_int_range (rand, 0, 3)] = random_float (rand);
          wish.deviation[g_rand_int_range (rand, 0, 3)] = random_float (rand);
          wish.pad[g_rand_int_range (rand, 0, 3)] = g_rand_int_range (rand, 0, 256);
        }
      text = assay_preprocess_format (&wish);
      assert_parses (&again, text);
      if (!assay_preprocess_equal (&wish, &again))
        g_error ("%s comes back as another", text);
    }
}

/* A preset leaves what the model says of itself. */
static void
test_over_a_model (void)
{
  AssayPreprocess wish;

  assay_preprocess_init_default (&wish, 299, 320);
  wish.layout = ASSAY_LAYOUT_NHWC;
  wish.order = ASSAY_ORDER_BGR;
  assert_parses (&wish, "imagenet");
  assert_formats (&wish, "imagenet,size=299x320,order=bgr,layout=nhwc");
  g_assert_cmpuint (wish.resize, ==, 342);
  g_assert_cmpfloat (wish.mean[0], ==, 0.406f);
  g_assert_cmpfloat (wish.deviation[2], ==, 0.229f);
  assert_parses (&wish, "crop=fit");
  assert_formats (&wish, "imagenet,size=299x320,crop=fit,order=bgr,layout=nhwc");
}

static void
test_presets (void)
{
  static const struct {
    const char *name;
    float darkest;    /* what the levels 0 and 255 of the first channel become */
    float lightest;
  } cases[] = {
    { "imagenet", -2.117904f, 2.248908f }, { "0..1", 0, 1 }, { "-1..1", -1, 1 },
    { "0..255", 0, 255 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const guint8 levels[] = { 0, 0, 0, 255, 0, 0 };
      float numbers[6];
      AssayPreprocess wish;

      assay_preprocess_init_default (&wish, 1, 2);
      wish.layout = ASSAY_LAYOUT_NHWC;
      g_assert_true (assay_preprocess_apply_preset (&wish, cases[i].name));
      g_assert_cmpint (wish.filter, ==, ASSAY_FILTER_BILINEAR);
      assay_preprocess_scale (&wish, levels, numbers);
      g_assert_cmpfloat_with_epsilon (numbers[0], cases[i].darkest, 1e-5);
      g_assert_cmpfloat_with_epsilon (numbers[3], cases[i].lightest, 1e-5);
      g_assert_cmpstr (assay_preset_names[i], ==, cases[i].name);
    }
}

static void
test_unknown_preset (void)
{
  AssayPreprocess wish, same;

  assay_preprocess_init_default (&wish, 8, 8);
  same = wish;
  g_assert_false (assay_preprocess_apply_preset (&wish, "cifar"));
  g_assert_true (assay_preprocess_equal (&wish, &same));
}

static void
test_errors (void)
{
  static const struct {
    const char *text;
    const char *named;   /* the word at fault, and what else can be said */
    const char *instead;
  } cases[] = {
    { "", "“”", "imagenet, 0..1, -1..1, 0..255" },
    { "cifar", "“cifar”", "imagenet, 0..1, -1..1, 0..255" },
    { "0..1,imagenet", "“imagenet”", "at the beginning" },
    { "0..1,", "“”", "size=, resize=" },
    { "0..1,zoom=2", "“zoom=2”", "size=, resize=" },
    { "0..1,siz=2", "“siz=2”", "size=, resize=" },
    { "=2", "“=2”", "size=, resize=" },
    { "size", "“size”", "size=, resize=" },
    { "size=", "“size=”", "224x160" },
    { "size=x", "“size=x”", "224x160" },
    { "size=224x", "“size=224x”", "224x160" },
    { "size=224x224x3", "“size=224x224x3”", "224x160" },
    { "size=0", "“size=0”", "224x160" },
    { "size=4097", "“size=4097”", "224x160" },
    { "size=-1", "“size=-1”", "224x160" },
    { "size=1e3", "“size=1e3”", "224x160" },
    { "resize=0", "“resize=0”", "none" },
    { "crop=middle", "“crop=middle”", "center, fit, stretch" },
    { "filter=cubic", "“filter=cubic”", "area, box, bilinear, bicubic, lanczos, nearest" },
    { "order=bgra", "“order=bgra”", "rgb, bgr, gray" },
    { "layout=chw", "“layout=chw”", "nchw, nhwc" },
    { "pad=256", "“pad=256”", "124:116:104" },
    { "pad=-1", "“pad=-1”", "124:116:104" },
    { "pad=0.5", "“pad=0.5”", "124:116:104" },
    { "pad=1:2", "“pad=1:2”", "124:116:104" },
    { "scale=", "“scale=”", "1/255" },
    { "scale=1/0", "“scale=1/0”", "1/255" },
    { "scale=1/255x", "“scale=1/255x”", "1/255" },
    { "scale=nan", "“scale=nan”", "1/255" },
    { "mean=1:2", "“mean=1:2”", "0.485:0.456:0.406" },
    { "mean=1:2:3:4", "“mean=1:2:3:4”", "0.485:0.456:0.406" },
    { "mean=inf", "“mean=inf”", "0.485:0.456:0.406" },
    { "mean=1e39", "“mean=1e39”", "0.485:0.456:0.406" },
    { "std=0", "“std=0”", "0.229:0.224:0.225" },
    { "std=1:0:1", "“std=1:0:1”", "0.229:0.224:0.225" },
    { "0..1,\033[31m", "“\uFFFD[31m”", "size=, resize=" },
    { "pad=\xff", "“pad=\uFFFD”", "124:116:104" },
    { "std=1e-50", "“std=1e-50”", "0.229:0.224:0.225" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AssayPreprocess wish, same;

      assay_preprocess_init_default (&wish, 8, 8);
      same = wish;
      g_assert_false (assay_preprocess_parse (&wish, cases[i].text, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].named));
      g_assert_nonnull (strstr (error->message, cases[i].instead));
      g_assert_true (assay_preprocess_equal (&wish, &same));
    }
}

/* Every name that is offered is understood. */
static void
test_names (void)
{
  static const struct {
    const char *word;
    const char *const *names;
  } cases[] = {
    { "filter", assay_filter_names },
    { "crop", assay_crop_names },
    { "order", assay_order_names },
    { "layout", assay_layout_names },
  };
  AssayPreprocess wish;

  assay_preprocess_init_default (&wish, 8, 8);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; cases[i].names[j] != NULL; j++)
      {
        g_autofree char *text = g_strdup_printf ("%s=%s", cases[i].word, cases[i].names[j]);

        assert_parses (&wish, text);
      }
  g_assert_cmpint (wish.filter, ==, ASSAY_FILTER_NEAREST);
  g_assert_cmpint (wish.crop, ==, ASSAY_CROP_STRETCH);
  g_assert_cmpint (wish.order, ==, ASSAY_ORDER_GRAY);
  g_assert_cmpint (wish.layout, ==, ASSAY_LAYOUT_NHWC);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/preprocess-text/texts", test_texts);
  g_test_add_func ("/assay/preprocess-text/round-trip", test_round_trip);
  g_test_add_func ("/assay/preprocess-text/over-a-model", test_over_a_model);
  g_test_add_func ("/assay/preprocess-text/presets", test_presets);
  g_test_add_func ("/assay/preprocess-text/unknown-preset", test_unknown_preset);
  g_test_add_func ("/assay/preprocess-text/errors", test_errors);
  g_test_add_func ("/assay/preprocess-text/names", test_names);

  return g_test_run ();
}
