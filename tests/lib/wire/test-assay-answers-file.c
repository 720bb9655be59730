/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-answers-file.h"
#include "assay-error.h"

#define ROSE "{\"path\":\"a/1.jpg\",\"member\":null,\"sha256\":\"00ff\",\"bytes\":3,\"status\":\"ok\"," \
  "\"predictions\":[{\"label\":\"rose\",\"score\":0.75},{\"label\":\"tulip\",\"score\":0.25}]," \
  "\"model\":\"flowers\",\"version\":\"2\",\"attempts\":1,\"seconds\":0.1,\"error\":null}"
#define MEMBER "{\"path\":\"a.zip\",\"member\":\"x/2.jpg\",\"sha256\":null,\"status\":\"ok\"," \
  "\"predictions\":[{\"label\":\"tulip\",\"score\":1}],\"model\":\"flowers\",\"version\":\"2\"}"
#define FAILED "{\"path\":\"b.jpg\",\"member\":null,\"status\":\"failed\",\"predictions\":null," \
  "\"model\":\"flowers\",\"version\":\"2\",\"error\":{\"code\":\"offline\",\"message\":\"away\"}}"

static GPtrArray *
parse (const char *text,
       GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return assay_answers_file_parse (bytes, error);
}

static void
reads_what_is_exported (void)
{
  static const char *const texts[] = {
    ROSE "\n" MEMBER "\n" FAILED "\n",
    "[\n" ROSE ",\n" MEMBER ",\n" FAILED "\n]\n",
    "[" ROSE ",\r\n  " FAILED ",\r\n " MEMBER "]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) rows = parse (texts[i], &error);
      const AssayAnswersRow *rose, *member;

      g_assert_no_error (error);
      g_assert_cmpuint (rows->len, ==, 2);
      rose = g_ptr_array_index (rows, 0);
      member = g_ptr_array_index (rows, 1);
      g_assert_cmpstr (rose->path, ==, "a/1.jpg");
      g_assert_cmpstr (rose->sha256, ==, "00ff");
      g_assert_cmpstr (rose->model, ==, "flowers");
      g_assert_cmpstr (rose->version, ==, "2");
      g_assert_cmpuint (assay_prediction_get_n (rose->prediction), ==, 2);
      g_assert_cmpstr (assay_prediction_get_label (rose->prediction, 0), ==, "rose");
      g_assert_cmpfloat (assay_prediction_get_score (rose->prediction, 0), ==, 0.75);
      g_assert_cmpstr (member->path, ==, "a.zip/x/2.jpg");
      g_assert_null (member->sha256);
    }
}

static void
says_what_is_wrong (void)
{
  static const struct {
    const char *text;
    const char *words;
  } table[] = {
    { "", "no answer in it" },
    { "[]\n", "no answer in it" },
    { FAILED "\n", "no answer in it" },
    { ROSE "\nwords\n", "Line 2" },
    { "{}\n", "Line 1" },
    { "[1, 2]\n", "Line 1" },
    { "{\"path\":\"a\",\"status\":\"ok\",\"predictions\":[]}", "Line 1" },
    { "{\"path\":\"a\",\"status\":\"ok\",\"predictions\":[{\"label\":\"x\",\"score\":\"high\"}]}", "Line 1" },
    { "{\"path\":\"a\",\"status\":\"ok\",\"predictions\":[7]}", "Line 1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (table[i].text, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, table[i].words));
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/answers-file/reads-what-is-exported", reads_what_is_exported);
  g_test_add_func ("/assay/answers-file/says-what-is-wrong", says_what_is_wrong);
  return g_test_run ();
}
