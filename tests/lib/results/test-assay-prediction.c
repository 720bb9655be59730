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

/* Around where a rank no longer fits a byte; twice, as the second shares the first's labels. */
static void
test_order_of_many (gconstpointer data)
{
  guint n = GPOINTER_TO_UINT (data);
  AssayPrediction *predictions[2];

  for (guint k = 0; k < G_N_ELEMENTS (predictions); k++)
    {
      AssayPredictionBuilder *builder = assay_prediction_builder_new ();

      for (guint i = 0; i < n; i++)
        {
          g_autofree char *label = g_strdup_printf ("label %u of %u", i, n);

          /* The later, the higher, but for the first, which is the highest. */
          g_assert_true (assay_prediction_builder_add (builder, label, i == 0 ? n : i, NULL));
        }
      predictions[k] = assay_prediction_builder_end (builder);
    }
  for (guint k = 0; k < G_N_ELEMENTS (predictions); k++)
    for (guint rank = 0; rank < n; rank++)
      {
        g_autofree char *label = g_strdup_printf ("label %u of %u", rank == 0 ? 0 : n - rank, n);

        g_assert_cmpstr (assay_prediction_get_label (predictions[k], rank), ==, label);
        g_assert_cmpfloat (assay_prediction_get_score (predictions[k], rank), ==, n - rank);
      }
  for (guint k = 0; k < G_N_ELEMENTS (predictions); k++)
    assay_prediction_unref (predictions[k]);
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

/* Forty labels: "label 0" has the lowest score; those of equal ones stand by name. */
static AssayPrediction *
make_long (void)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %02u", i);

      g_assert_true (assay_prediction_builder_add (builder, label, (i / 2) / 400.0, NULL));
    }
  return assay_prediction_builder_end (builder);
}

static void
assert_same_sums (const AssayPrediction *a,
                  const AssayPrediction *b)
{
  g_assert_cmpfloat (assay_prediction_get_sum (a), ==, assay_prediction_get_sum (b));
  g_assert_cmpfloat (assay_prediction_get_squares (a), ==, assay_prediction_get_squares (b));
  g_assert_cmpfloat (assay_prediction_get_clipped (a), ==, assay_prediction_get_clipped (b));
  g_assert_cmpfloat (assay_prediction_get_lowest (a), ==, assay_prediction_get_lowest (b));
  g_assert_cmpint (assay_prediction_get_scale (a), ==, assay_prediction_get_scale (b));
  g_assert_cmpfloat (assay_prediction_get_lead (a), ==, assay_prediction_get_lead (b));
  g_assert_cmpuint (assay_prediction_get_n_sent (a), ==, assay_prediction_get_n_sent (b));
}

static void
test_trimmed (void)
{
  static const char *const keep[] = { "label 11", "label 38", "nobody", "label 11", "label 00", NULL };
  g_autoptr (AssayPrediction) whole = make_long ();
  g_autoptr (AssayLabelSet) labels = assay_prediction_dup_label_set (whole);
  g_autoptr (AssayPrediction) trimmed = assay_prediction_trim (whole, 3, keep, labels, 7, 12);
  g_autoptr (AssayPrediction) other = make (1, keep, (const double[]) { 0.5 });
  guint rank, rank_of_whole;
  double score, score_of_whole;

  g_assert_true (assay_prediction_is_trimmed (trimmed));
  g_assert_true (assay_prediction_is_form_of (trimmed, whole));
  g_assert_false (assay_prediction_is_form_of (trimmed, other));
  g_assert_false (assay_prediction_is_trimmed (whole));
  assert_same_sums (trimmed, whole);
  g_assert_cmpuint (assay_prediction_get_n (trimmed), ==, 3);
  g_assert_cmpuint (assay_prediction_get_n_sent (trimmed), ==, 40);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpstr (assay_prediction_get_label (trimmed, i), ==,
                       assay_prediction_get_label (whole, i));
      g_assert_cmpfloat (assay_prediction_get_score (trimmed, i), ==,
                         assay_prediction_get_score (whole, i));
    }
  for (guint i = 0; i < 5; i++)
    {
      gboolean sent = assay_prediction_find_rank (whole, keep[i], &rank_of_whole, &score_of_whole);

      g_assert_true (assay_prediction_can_tell (trimmed, keep[i]));
      g_assert_cmpint (assay_prediction_find_rank (trimmed, keep[i], &rank, &score), ==, sent);
      if (sent)
        g_assert_true (rank == rank_of_whole && score == score_of_whole);
    }
  g_assert_cmpint (assay_prediction_get_kept (trimmed, &rank), ==, 7);
  g_assert_cmpuint (rank, ==, 12);
  g_assert_false (assay_prediction_can_tell (trimmed, "label 12"));
  g_assert_false (assay_prediction_find (trimmed, "label 12", NULL));
  g_assert_true (assay_prediction_can_tell (whole, "label 12"));
}

static void
test_short (void)
{
  static const char *const labels[] = { "b", "a" };
  static const double scores[] = { .5, .5 };
  g_autoptr (AssayPrediction) prediction = make (2, labels, scores);
  g_autoptr (AssayLabelSet) set = assay_prediction_dup_label_set (prediction);
  g_autoptr (AssayPrediction) same = assay_prediction_trim (prediction, 2, NULL, set, 7, 0);
  g_autoptr (AssayPrediction) best = assay_prediction_trim (prediction, 1, NULL, set, 7, 0);
  g_autoptr (AssayLabelSet) again = assay_prediction_dup_label_set (best);

  g_assert_true (same == prediction);
  g_assert_cmpstr (assay_prediction_get_label (best, 0), ==, "a");
  g_assert_true (assay_label_set_equal (set, again));
}

static void
test_names (void)
{
  static const char *const one[] = { "tulips", "daisy", "roses", "daisy" };
  static const char *const two[] = { "daisy", "roses", "daisy", "tulips" };
  static const char *const three[] = { "daisy", "roses", "roses", "tulips" };
  static const double scores[] = { .25, .125, .5, .125 };
  g_autoptr (AssayPrediction) first = make (4, one, scores);
  g_autoptr (AssayPrediction) second = make (4, two, scores);
  g_autoptr (AssayPrediction) third = make (4, three, scores);
  g_autoptr (AssayLabelSet) a = assay_prediction_dup_label_set (first);
  g_autoptr (AssayLabelSet) b = assay_prediction_dup_label_set (second);
  g_autoptr (AssayLabelSet) c = assay_prediction_dup_label_set (third);

  g_assert_true (assay_label_set_equal (a, b));
  g_assert_cmpuint (assay_label_set_hash (a), ==, assay_label_set_hash (b));
  g_assert_false (assay_label_set_equal (a, c));
  g_assert_true (assay_label_set_has (a, "roses"));
  g_assert_false (assay_label_set_has (a, "rose"));
  g_assert_cmpuint (assay_label_set_get_n (a), ==, 4);
}

/* Those beyond the bound have labels of their own, and nobody sees a difference. */
static void
test_shared (void)
{
  static const char *const labels[] = { "tulips", "daisy", "roses" };
  static const double scores[] = { .25, .125, .625 };
  g_autoptr (GPtrArray) many =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_prediction_unref);
  g_autoptr (AssayPrediction) first = make (3, labels, scores);
  g_autoptr (AssayPrediction) second = make (3, labels, scores);
  g_autoptr (AssayLabelSet) a = assay_prediction_dup_label_set (first);
  g_autoptr (AssayLabelSet) b = assay_prediction_dup_label_set (second);

  g_assert_true (a == b);
  for (guint i = 0; i < ASSAY_LIMIT_LABEL_ORDERS + 10; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %u", i);
      const char *const own[] = { label, "a" };
      AssayPrediction *prediction = make (2, own, scores);
      g_autoptr (AssayLabelSet) set = assay_prediction_dup_label_set (prediction);
      g_autoptr (AssayPrediction) trimmed = assay_prediction_trim (prediction, 1, NULL, set, 1, 0);

      g_ptr_array_add (many, prediction);
      g_assert_cmpstr (assay_prediction_get_sent_label (prediction, 0), ==, label);
      g_assert_cmpstr (assay_prediction_get_label (prediction, 1), ==, "a");
      g_assert_cmpstr (assay_prediction_get_label (trimmed, 0), ==, label);
      g_assert_true (assay_label_set_has (set, "a"));
      g_assert_true (assay_prediction_is_form_of (trimmed, prediction));
    }
}

/* A set in another order than the answer's has all the same labels. */
static void
test_other_order (void)
{
  static const char *const one[] = { "tulips", "daisy", "roses", "daisy", NULL };
  static const char *const two[] = { "daisy", "roses", "daisy", "tulips" };
  static const double scores[] = { .25, .125, .5, .125 };
  g_autoptr (AssayPrediction) first = make (4, one, scores);
  g_autoptr (AssayPrediction) second = make (4, two, scores);
  g_autoptr (AssayLabelSet) labels = assay_prediction_dup_label_set (second);
  g_autoptr (AssayPrediction) trimmed = assay_prediction_trim (first, 2, one, labels, 1, 0);
  double score;

  g_assert_true (assay_prediction_is_form_of (trimmed, first));
  g_assert_cmpstr (assay_prediction_get_label (trimmed, 0), ==, "roses");
  g_assert_cmpstr (assay_prediction_get_label (trimmed, 1), ==, "tulips");
  g_assert_true (assay_prediction_find (trimmed, "daisy", &score));
  g_assert_cmpfloat (score, ==, .125);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/prediction/order", test_order);
  g_test_add_data_func ("/assay/prediction/order-of-255", GUINT_TO_POINTER (255), test_order_of_many);
  g_test_add_data_func ("/assay/prediction/order-of-256", GUINT_TO_POINTER (256), test_order_of_many);
  g_test_add_data_func ("/assay/prediction/order-of-257", GUINT_TO_POINTER (257), test_order_of_many);
  g_test_add_func ("/assay/prediction/scale", test_scale);
  g_test_add_func ("/assay/prediction/verdicts", test_verdicts);
  g_test_add_func ("/assay/prediction/refuses", test_refuses);
  g_test_add_func ("/assay/prediction/nothing", test_nothing);
  g_test_add_func ("/assay/prediction/trimmed", test_trimmed);
  g_test_add_func ("/assay/prediction/short", test_short);
  g_test_add_func ("/assay/prediction/names", test_names);
  g_test_add_func ("/assay/prediction/shared", test_shared);
  g_test_add_func ("/assay/prediction/other-order", test_other_order);
  return g_test_run ();
}
