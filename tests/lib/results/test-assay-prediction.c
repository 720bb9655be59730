/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-prediction.h"

static AssayPrediction *
make (guint n,
      const char *const *labels,
      const double *scores)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  for (guint i = 0; i < n; i++)
    g_assert_true (assay_prediction_builder_add (builder, labels[i], scores[i], NULL));
  return assay_prediction_builder_end (builder);
}

static void
test_order (void)
{
  static const char *const labels[] = { "tulips", "daisy", "roses", "daisy b" };
  static const double scores[] = { .25, .125, .5, .125 };
  g_autoptr (AssayPrediction) prediction = make (4, labels, scores);
  double score;

  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpstr (assay_prediction_get_sent_label (prediction, i), ==, labels[i]);
      g_assert_cmpfloat (assay_prediction_get_sent_score (prediction, i), ==, scores[i]);
    }
  g_assert_cmpstr (assay_prediction_get_label (prediction, 0), ==, "roses");
  g_assert_cmpstr (assay_prediction_get_label (prediction, 1), ==, "tulips");
  g_assert_cmpstr (assay_prediction_get_label (prediction, 2), ==, "daisy");
  g_assert_cmpstr (assay_prediction_get_label (prediction, 3), ==, "daisy b");
  g_assert_cmpfloat (assay_prediction_get_lead (prediction), ==, .25);
  g_assert_true (assay_prediction_find (prediction, "daisy", &score));
  g_assert_cmpfloat (score, ==, .125);
  g_assert_false (assay_prediction_find (prediction, "Daisy", NULL));
}

static void
test_scale (void)
{
  static const struct { double scores[2]; AssayScale scale; } rows[] = {
    { { .7, .3 }, ASSAY_SCALE_PROBABILITIES }, { { .6, .04 }, ASSAY_SCALE_PARTIAL },
    { { .9, .8 }, ASSAY_SCALE_INDEPENDENT },   { { 3.1, -2 }, ASSAY_SCALE_OTHER },
    { { 1, 0 }, ASSAY_SCALE_PROBABILITIES },   { { 1.0000001, 0 }, ASSAY_SCALE_OTHER },
    { { .5, .49 }, ASSAY_SCALE_PROBABILITIES },
  };
  static const char *const labels[] = { "a", "b" };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AssayPrediction) prediction = make (2, labels, rows[i].scores);

      g_assert_cmpint (assay_prediction_get_scale (prediction), ==, rows[i].scale);
    }
}

static void
test_verdicts (void)
{
  static const char *const labels[] = { "a", "b" };
  static const double near[] = { .46, .42 };
  static const double apart[] = { .6, .4 };
  static const double one[] = { .03 };
  g_autoptr (AssayPrediction) close = make (2, labels, near);
  g_autoptr (AssayPrediction) clear = make (2, labels, apart);
  g_autoptr (AssayPrediction) single = make (1, labels, one);

  g_assert_true (assay_prediction_is_close (close));
  g_assert_false (assay_prediction_is_close (clear));
  g_assert_false (assay_prediction_is_close (single));
  g_assert_true (assay_prediction_is_unsure (close, .6));
  g_assert_false (assay_prediction_is_unsure (clear, .6));
}

static void
test_refuses (void)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  g_autofree char *longest = g_strnfill (ASSAY_LIMIT_LABEL_BYTES, 'x');
  g_autofree char *longer = g_strnfill (ASSAY_LIMIT_LABEL_BYTES + 1, 'x');
  static const double bad[] = { NAN, INFINITY, -INFINITY };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (assay_prediction_builder_add (builder, "a", bad[i], &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
    }
  g_assert_true (assay_prediction_builder_add (builder, longest, 0, NULL));
  g_assert_false (assay_prediction_builder_add (builder, longer, 0, NULL));
  for (int i = 1; i < ASSAY_LIMIT_LABELS; i++)
    g_assert_true (assay_prediction_builder_add (builder, "same", .1, NULL));
  g_assert_false (assay_prediction_builder_add (builder, "one more", .1, NULL));
}

static void
test_nothing (void)
{
  g_assert_null (assay_prediction_builder_end (assay_prediction_builder_new ()));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/prediction/order", test_order);
  g_test_add_func ("/assay/prediction/scale", test_scale);
  g_test_add_func ("/assay/prediction/verdicts", test_verdicts);
  g_test_add_func ("/assay/prediction/refuses", test_refuses);
  g_test_add_func ("/assay/prediction/nothing", test_nothing);
  return g_test_run ();
}
