/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "assay-present-text.h"

/* A capital letter, 0.68 of the font's size, is at least a 45th of the shorter side, and
 * in the verdict's 2.25 times as large font a 20th. */
static void
test_size (void)
{
  static const int sizes[][2] = { { 1920, 1080 }, { 3840, 2160 }, { 1080, 1920 }, { 800, 600 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      double capital = assay_present_get_em (sizes[i][0], sizes[i][1]) * 0.68;
      double shorter = MIN (sizes[i][0], sizes[i][1]);

      g_assert_cmpfloat_with_epsilon (capital, shorter / 45, 0.01);
      g_assert_cmpfloat_with_epsilon (capital * 2.25, shorter / 20, 0.01);
    }
  g_assert_cmpfloat (assay_present_get_em (10, 10), ==, 6);
}

/* What is looked at stays in the middle, but for the ends. */
static void
test_strip (void)
{
  g_assert_cmpuint (assay_present_find_start (0, 11, 5), ==, 0);
  g_assert_cmpuint (assay_present_find_start (4, 11, 5), ==, 0);
  g_assert_cmpuint (assay_present_find_start (5, 11, 100), ==, 0);
  g_assert_cmpuint (assay_present_find_start (6, 11, 100), ==, 1);
  g_assert_cmpuint (assay_present_find_start (99, 11, 100), ==, 89);
  g_assert_cmpuint (assay_present_find_start (7, 1, 100), ==, 7);
}

static void
test_bars (void)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayPrediction) prediction = NULL;
  g_autofree char *all = NULL;
  g_autofree char *best = NULL;

  g_assert_true (assay_prediction_builder_add (builder, "tulips", 0.25, NULL));
  g_assert_true (assay_prediction_builder_add (builder, "roses", 0.75, NULL));
  prediction = assay_prediction_builder_end (builder);
  all = assay_present_dup_bars (prediction, 5);
  best = assay_present_dup_bars (prediction, 1);
  g_assert_true (g_str_has_prefix (all, "roses, 75"));
  g_assert_nonnull (strstr (all, "; tulips, 25"));
  g_assert_null (strstr (best, "tulips"));
}

/* Never why: that may name a host or a file. */
static void
test_waiting (void)
{
  g_autoptr (AssayTarget) target = assay_target_new ("id", "flowers", "1");
  g_autoptr (AssayAnswer) answer = assay_answer_new (target);
  g_autoptr (GError) error =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "/home/me/secret.jpg at host.example");

  g_assert_cmpstr (assay_present_get_waiting (NULL), ==, "No answer yet");
  g_assert_cmpstr (assay_present_get_waiting (answer), ==, "No answer yet");
  g_assert_true (assay_answer_reject (answer, error));
  g_assert_cmpstr (assay_present_get_waiting (answer), ==, "Could not be answered");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/present-text/size", test_size);
  g_test_add_func ("/present-text/strip", test_strip);
  g_test_add_func ("/present-text/bars", test_bars);
  g_test_add_func ("/present-text/waiting", test_waiting);
  return g_test_run ();
}
