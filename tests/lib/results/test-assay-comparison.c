/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-comparison.h"

/* Of pairs of a label and a score, to NULL. */
static AssayPrediction *
make_prediction (const char *label,
                 ...)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  va_list rest;

  va_start (rest, label);
  for (; label != NULL; label = va_arg (rest, const char *))
    g_assert_true (assay_prediction_builder_add (builder, label, va_arg (rest, double), NULL));
  va_end (rest);
  return assay_prediction_builder_end (builder);
}

static void
judges_one_image (void)
{
  g_autoptr (AssayPrediction) rose = make_prediction ("rose", 0.9, "tulip", 0.1, NULL);
  g_autoptr (AssayPrediction) tulip = make_prediction ("rose", 0.2, "tulip", 0.8, NULL);
  g_autoptr (AssayPrediction) tie = make_prediction ("tulip", 0.5, "rose", 0.5, NULL);

  g_assert_cmpint (assay_change_judge ("rose", rose, rose), ==, ASSAY_CHANGE_SAME);
  g_assert_cmpint (assay_change_judge ("tulip", rose, rose), ==, ASSAY_CHANGE_SAME);
  g_assert_cmpint (assay_change_judge (NULL, rose, rose), ==, ASSAY_CHANGE_SAME);
  g_assert_cmpint (assay_change_judge ("rose", rose, tulip), ==, ASSAY_CHANGE_REGRESSED);
  g_assert_cmpint (assay_change_judge ("tulip", rose, tulip), ==, ASSAY_CHANGE_FIXED);
  g_assert_cmpint (assay_change_judge ("daisy", rose, tulip), ==, ASSAY_CHANGE_CHANGED);
  g_assert_cmpint (assay_change_judge (NULL, rose, tulip), ==, ASSAY_CHANGE_CHANGED);
  /* Of equal scores the first label by its bytes is the answer. */
  g_assert_cmpint (assay_change_judge ("rose", rose, tie), ==, ASSAY_CHANGE_SAME);
}

static void
tells_how_far_a_score_moved (void)
{
  g_autoptr (AssayPrediction) a = make_prediction ("rose", 0.75, "tulip", 0.25, NULL);
  g_autoptr (AssayPrediction) b = make_prediction ("tulip", 0.5, "daisy", 0.5, NULL);

  g_assert_cmpfloat (assay_change_get_shift ("tulip", a, b), ==, 0.25);
  g_assert_cmpfloat (assay_change_get_shift ("tulip", b, a), ==, -0.25);
  g_assert_cmpfloat (assay_change_get_shift ("daisy", a, b), ==, 0.5);
  g_assert_cmpfloat (assay_change_get_shift ("lily", a, b), ==, 0);
  g_assert_cmpfloat (assay_change_get_shift (NULL, a, b), ==, -0.75);
}

static void
tells_nothing_without_truth (void)
{
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  g_autoptr (AssayPrediction) a = make_prediction ("rose", 0.9, "tulip", 0.1, NULL);
  g_autoptr (AssayPrediction) b = make_prediction ("rose", 0.2, "tulip", 0.8, NULL);
  AssayComparisonFigures figures;

  assay_comparison_get_figures (comparison, &figures);
  g_assert_cmpuint (figures.n, ==, 0);
  assay_comparison_add (comparison, NULL, a, b);
  assay_comparison_add (comparison, NULL, a, a);
  assay_comparison_get_figures (comparison, &figures);
  g_assert_cmpuint (figures.n, ==, 2);
  g_assert_cmpuint (figures.agree, ==, 1);
  g_assert_cmpuint (figures.changed, ==, 1);
  g_assert_cmpuint (figures.n_truth, ==, 0);
  g_assert_true (isnan (figures.p));
  g_assert_true (isnan (figures.accuracy_a.value) && isnan (figures.difference.low));
  g_assert_cmpuint (figures.needed, ==, ASSAY_PAIRED_NEVER);
  g_assert_cmpint (figures.verdict, ==, ASSAY_VERDICT_CANNOT_TELL);
}

/* Six against none is the least that tells two versions apart. */
static void
decides_when_it_is_no_chance (void)
{
  g_autoptr (AssayComparison) fixed = assay_comparison_new ();
  g_autoptr (AssayComparison) regressed = assay_comparison_new ();
  g_autoptr (AssayPrediction) rose = make_prediction ("rose", 0.9, "tulip", 0.1, NULL);
  g_autoptr (AssayPrediction) tulip = make_prediction ("rose", 0.2, "tulip", 0.8, NULL);
  AssayComparisonFigures figures;

  for (guint i = 1; i <= 6; i++)
    {
      assay_comparison_add (fixed, "tulip", rose, tulip);
      assay_comparison_add (regressed, "rose", rose, tulip);
      assay_comparison_get_figures (fixed, &figures);
      g_assert_cmpuint (figures.only_b, ==, i);
      g_assert_cmpint (figures.verdict, ==,
                       i < 6 ? ASSAY_VERDICT_CANNOT_TELL : ASSAY_VERDICT_BETTER);
      g_assert_cmpuint (figures.needed, ==, 6 - i);
      assay_comparison_get_figures (regressed, &figures);
      g_assert_cmpuint (figures.only_a, ==, i);
      g_assert_cmpint (figures.verdict, ==,
                       i < 6 ? ASSAY_VERDICT_CANNOT_TELL : ASSAY_VERDICT_WORSE);
    }
}

static void
sets_apart_what_one_does_not_know (void)
{
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  g_autoptr (AssayPrediction) old = make_prediction ("rose", 0.9, "weed", 0.1, NULL);
  g_autoptr (AssayPrediction) rose = make_prediction ("rose", 0.8, "lily", 0.1, "iris", 0.1, NULL);
  g_autoptr (AssayPrediction) lily = make_prediction ("rose", 0.1, "lily", 0.8, "iris", 0.1, NULL);
  g_autoptr (AssayPrediction) late = make_prediction ("rose", 0.6, "lily", 0.4, NULL);
  g_autoptr (GPtrArray) only_a = NULL;
  g_autoptr (GPtrArray) only_b = NULL;
  g_autoptr (GPtrArray) only_new = NULL;
  AssayComparisonFigures figures;

  assay_comparison_add (comparison, "rose", old, rose);
  assay_comparison_add (comparison, "rose", old, lily);
  assay_comparison_add (comparison, "lily", old, rose);
  only_a = assay_comparison_list_apart (comparison, FALSE);
  only_b = assay_comparison_list_apart (comparison, TRUE);
  g_assert_cmpuint (only_a->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (only_a, 0), ==, "weed");
  g_assert_cmpuint (only_b->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (only_b, 0), ==, "iris");
  g_assert_cmpstr (g_ptr_array_index (only_b, 1), ==, "lily");
  g_assert_false (assay_comparison_is_apart (comparison, "rose", old, rose));
  g_assert_true (assay_comparison_is_apart (comparison, "rose", old, lily));
  g_assert_true (assay_comparison_is_apart (comparison, "lily", old, rose));
  assay_comparison_get_figures (comparison, &figures);
  g_assert_cmpuint (figures.n, ==, 1);
  g_assert_cmpuint (figures.n_apart, ==, 2);

  /* The baseline lists only its best labels, as is seen only now: of none it can be said
   * that it lacks it. */
  assay_comparison_add (comparison, "rose", late, rose);
  assay_comparison_get_figures (comparison, &figures);
  g_assert_cmpuint (figures.n, ==, 4);
  g_assert_cmpuint (figures.n_apart, ==, 0);
  only_new = assay_comparison_list_apart (comparison, TRUE);
  g_assert_cmpuint (only_new->len, ==, 0);

  assay_comparison_remove (comparison, "rose", late, rose);
  assay_comparison_get_figures (comparison, &figures);
  g_assert_cmpuint (figures.n, ==, 1);
  g_assert_cmpuint (figures.n_apart, ==, 2);
}

static AssayPrediction *
draw_prediction (GRand *random,
                 guint n_labels)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %u", i);
      /* Few different ones, so that there are ties. */
      double score = g_rand_int_range (random, 0, 9) / 8.0;

      g_assert_true (assay_prediction_builder_add (builder, label, score, NULL));
    }
  return assay_prediction_builder_end (builder);
}

static void
assert_same_interval (AssayInterval a,
                      AssayInterval b)
{
  g_assert_cmpfloat (a.value, ==, b.value);
  g_assert_cmpfloat (a.low, ==, b.low);
  g_assert_cmpfloat (a.high, ==, b.high);
}

static void
assert_same_figures (AssayComparison *a,
                     AssayComparison *b)
{
  AssayComparisonFigures of_a, of_b;

  assay_comparison_get_figures (a, &of_a);
  assay_comparison_get_figures (b, &of_b);
  g_assert_cmpuint (of_a.n, ==, of_b.n);
  g_assert_cmpuint (of_a.n_apart, ==, of_b.n_apart);
  g_assert_cmpuint (of_a.agree, ==, of_b.agree);
  g_assert_cmpuint (of_a.changed, ==, of_b.changed);
  g_assert_cmpuint (of_a.n_truth, ==, of_b.n_truth);
  g_assert_cmpuint (of_a.both_right, ==, of_b.both_right);
  g_assert_cmpuint (of_a.only_a, ==, of_b.only_a);
  g_assert_cmpuint (of_a.only_b, ==, of_b.only_b);
  g_assert_cmpuint (of_a.both_wrong, ==, of_b.both_wrong);
  assert_same_interval (of_a.accuracy_a, of_b.accuracy_a);
  assert_same_interval (of_a.accuracy_b, of_b.accuracy_b);
  assert_same_interval (of_a.difference, of_b.difference);
  g_assert_cmpfloat (of_a.p, ==, of_b.p);
  g_assert_cmpuint (of_a.needed, ==, of_b.needed);
  g_assert_cmpint (of_a.verdict, ==, of_b.verdict);
}

#define N_IMAGES 400

static void
forgets_what_is_taken_out (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  g_autoptr (AssayComparison) fresh = assay_comparison_new ();
  AssayPrediction *predictions[N_IMAGES][2];
  const char *truths[N_IMAGES];
  gboolean inside[N_IMAGES] = { FALSE };
  static const char *const known[] = { NULL, "label 0", "label 1", "label 5", "nobody knows it" };

  for (guint i = 0; i < N_IMAGES; i++)
    {
      predictions[i][0] = draw_prediction (random, 5);
      predictions[i][1] = draw_prediction (random, 6);
      truths[i] = known[g_rand_int_range (random, 0, G_N_ELEMENTS (known))];
    }
  for (guint i = 0; i < 100000; i++)
    {
      guint which = g_rand_int_range (random, 0, N_IMAGES);
      const AssayPrediction *a = predictions[which][0];
      const AssayPrediction *b = predictions[which][1];

      if (inside[which])
        assay_comparison_remove (comparison, truths[which], a, b);
      else
        assay_comparison_add (comparison, truths[which], a, b);
      inside[which] = !inside[which];
    }
  for (guint i = 0; i < N_IMAGES; i++)
    if (inside[i])
      assay_comparison_add (fresh, truths[i], predictions[i][0], predictions[i][1]);
  assert_same_figures (comparison, fresh);
  for (guint i = 0; i < N_IMAGES; i++)
    for (guint j = 0; j < 2; j++)
      assay_prediction_unref (predictions[i][j]);
}

static void
takes_trimmed_answers_for_whole_ones (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  g_autoptr (AssayComparison) whole = assay_comparison_new ();

  for (guint i = 0; i < N_IMAGES; i++)
    {
      g_autoptr (AssayPrediction) a = draw_prediction (random, 30);
      g_autoptr (AssayPrediction) b = draw_prediction (random, 32);
      g_autoptr (AssayLabelSet) labels = assay_prediction_dup_label_set (b);
      g_autoptr (AssayPrediction) trimmed = assay_prediction_trim (b, 2, NULL, labels, 1, 0);

      assay_comparison_add (comparison, "label 29", a, i % 3 == 1 ? trimmed : b);
      if (i % 3 == 2)
        assay_comparison_remove (comparison, "label 29", a, trimmed);
      else
        assay_comparison_add (whole, "label 29", a, b);
    }
  assert_same_figures (comparison, whole);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/comparison/judges-one-image", judges_one_image);
  g_test_add_func ("/assay/comparison/tells-how-far-a-score-moved", tells_how_far_a_score_moved);
  g_test_add_func ("/assay/comparison/tells-nothing-without-truth", tells_nothing_without_truth);
  g_test_add_func ("/assay/comparison/decides-when-it-is-no-chance", decides_when_it_is_no_chance);
  g_test_add_func ("/assay/comparison/sets-apart-what-one-does-not-know",
                   sets_apart_what_one_does_not_know);
  g_test_add_func ("/assay/comparison/forgets-what-is-taken-out", forgets_what_is_taken_out);
  g_test_add_func ("/assay/comparison/takes-trimmed-answers-for-whole-ones",
                   takes_trimmed_answers_for_whole_ones);
  return g_test_run ();
}
