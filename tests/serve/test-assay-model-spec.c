/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-model-spec.h"

typedef struct {
  const char *input;   /* members of “input” in model.json */
  const char *result;  /* the preprocessing as text, or what the error has in it */
} Case;

static gboolean
read_spec (const Case *this,
           AssayModelSpec *spec,
           GError **error)
{
  g_autofree char *json = g_strdup_printf ("{\"input\": {%s}}", this->input);

  g_test_message ("%s", json);
  return assay_model_spec_read (spec, json, strlen (json), error);
}

/* Files as they were before there were filters: not a member means anything else. */
static void
test_as_ever (void)
{
  static const Case cases[] = {
    { "\"width\": 8, \"height\": 6", "0..1,size=8x6,filter=area" },
    { "\"width\": 8, \"height\": 8, \"crop\": \"center\", \"resize\": \"area\"",
      "0..1,size=8x8,filter=area" },
    { "\"width\": 8, \"height\": 8, \"crop\": \"none\"",
      "0..1,size=8x8,crop=stretch,filter=area" },
    { "\"width\": 8, \"height\": 8, \"layout\": \"NHWC\", \"channels\": \"BGR\", \"scale\": 1",
      "0..255,size=8x8,filter=area,order=bgr,layout=nhwc" },
    { "\"width\": 8, \"height\": 8, \"mean\": [0, 0.5, 1], \"std\": [1, 2, 4]",
      "0..1,size=8x8,filter=area,mean=0:0.5:1,std=1:2:4" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AssayModelSpec) spec = { 0 };
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      read_spec (&cases[i], &spec, &error);
      g_assert_no_error (error);
      text = assay_preprocess_format (&spec.preprocess);
      g_assert_cmpstr (text, ==, cases[i].result);
    }
}

static void
test_members (void)
{
  static const Case cases[] = {
    { "\"width\": 224, \"height\": 224, \"resize\": 256, \"filter\": \"bilinear\"",
      "0..1,size=224x224,resize=256" },
    { "\"width\": 64, \"height\": 32, \"crop\": \"fit\", \"pad\": [114, 115, 116], "
      "\"filter\": \"lanczos\"",
      "0..1,size=64x32,crop=fit,pad=114:115:116,filter=lanczos" },
    { "\"width\": 28, \"height\": 28, \"channels\": \"GRAY\", \"mean\": [0.5], \"std\": [0.5], "
      "\"crop\": \"stretch\", \"filter\": \"nearest\"",
      "0..1,size=28x28,crop=stretch,filter=nearest,order=gray,mean=0.5:0:0,std=0.5:1:1" },
    { "\"preprocess\": \"imagenet\"", "imagenet,size=224x224" },
    { "\"preprocess\": \"imagenet,filter=bicubic\", \"width\": 299, \"height\": 299",
      "imagenet,size=299x299,filter=bicubic" },
    { "\"preprocess\": \"-1..1,size=28,order=gray\", \"mean\": [0.25]",
      "-1..1,size=28x28,order=gray,mean=0.25:1:1" },
    { "\"preprocess\": \"imagenet\", \"channels\": \"BGR\", \"filter\": \"area\"",
      "imagenet,size=224x224,filter=area,order=bgr" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AssayModelSpec) spec = { 0 };
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      read_spec (&cases[i], &spec, &error);
      g_assert_no_error (error);
      text = assay_preprocess_format (&spec.preprocess);
      g_assert_cmpstr (text, ==, cases[i].result);
    }
}

#define SIZE "\"width\": 8, \"height\": 8, "

static void
test_refused (void)
{
  static const Case cases[] = {
    { "\"width\": 8", "“height” must be given" },
    { "\"height\": 8", "“width” must be given" },
    { "\"width\": 8, \"height\": 0", "“height” must be a number of pixels" },
    { "\"width\": 8, \"height\": \"8\"", "“height” must be a number of pixels" },
    { SIZE "\"filter\": \"cubic\"",
      "“filter” must be area or box or bilinear or bicubic or lanczos or nearest" },
    { SIZE "\"crop\": \"middle\"", "“crop” must be center or fit or stretch or none" },
    { SIZE "\"channels\": \"L\"", "“channels” must be RGB or BGR or GRAY" },
    { SIZE "\"resize\": \"box\"", "“resize” must be area or a number of pixels" },
    { SIZE "\"resize\": 0", "“resize” must be area or a number of pixels" },
    { SIZE "\"resize\": 1e9", "“resize” must be area or a number of pixels" },
    { SIZE "\"resize\": \"area\", \"filter\": \"box\"", "“filter” must be area where" },
    { SIZE "\"pad\": 114", "“pad” must be three numbers" },
    { SIZE "\"pad\": [0, 0, 256]", "“pad” must be three levels" },
    { SIZE "\"pad\": [0, 0.5, 0]", "“pad” must be three levels" },
    { SIZE "\"channels\": \"GRAY\", \"mean\": [1, 2, 3]", "“mean” must be an array of one number" },
    { SIZE "\"mean\": [1]", "“mean” must be three numbers" },
    { SIZE "\"std\": [1, 0, 1]", "“std” must be three numbers that can be used" },
    { SIZE "\"scale\": \"1/255\"", "“scale” must be a number" },
    { SIZE "\"preprocess\": 7", "“preprocess” must be a text" },
    { SIZE "\"preprocess\": \"cifar\"", "“preprocess”: “cifar”" },
    { "\"preprocess\": \"0..1\"", "“width” must be given" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AssayModelSpec) spec = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (read_spec (&cases[i], &spec, &error));
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_true (g_str_has_prefix (error->message, "model.json: "));
      g_assert_nonnull (strstr (error->message, cases[i].result));
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/model-spec/as-ever", test_as_ever);
  g_test_add_func ("/assay/model-spec/members", test_members);
  g_test_add_func ("/assay/model-spec/refused", test_refused);

  return g_test_run ();
}
