/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <float.h>
#include <math.h>

#include "assay-evaluation.h"

#define EXACT 1e-12

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
add_often (AssayEvaluation *evaluation,
           const char *truth,
           const char *answer,
           guint n)
{
  g_autoptr (AssayPrediction) prediction = make_prediction (answer, 0.5, NULL);

  for (guint i = 0; i < n; i++)
    assay_evaluation_add (evaluation, truth, prediction);
}

static void
assert_same (double a,
             double b)
{
  if (isnan (a) || isnan (b))
    g_assert_true (isnan (a) && isnan (b));
  else
    g_assert_cmpfloat_with_epsilon (a, b, EXACT);
}

static void
knows_nothing_at_first (void)
{
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (GArray) labels = assay_evaluation_list_labels (evaluation);
  g_autofree guint64 *matrix = assay_evaluation_dup_matrix (evaluation, NULL, 0);
  AssayReliability bins[ASSAY_EVALUATION_BINS];
  AssayCoverage coverage;
  AssayFigures figures;

  assay_evaluation_get_figures (evaluation, &figures);
  g_assert_cmpuint (figures.n, ==, 0);
  g_assert_true (isnan (figures.accuracy.value) && isnan (figures.accuracy.low));
  g_assert_true (isnan (figures.balanced_accuracy));
  g_assert_true (isnan (figures.macro.f1) && isnan (figures.weighted.f1));
  g_assert_true (isnan (figures.log_loss) && isnan (figures.brier) && isnan (figures.ece));
  g_assert_true (isnan (figures.kappa) && isnan (figures.mcc));
  g_assert_true (isnan (assay_evaluation_get_top_k (evaluation, 1)));
  g_assert_cmpuint (labels->len, ==, 0);
  g_assert_cmpuint (matrix[0], ==, 0);
  g_assert_cmpuint (assay_evaluation_get_count (evaluation, "rose", "rose"), ==, 0);
  assay_evaluation_get_reliability (evaluation, bins);
  g_assert_true (bins[0].n == 0 && isnan (bins[0].mean_score));
  assay_evaluation_get_coverage (evaluation, 0, &coverage);
  g_assert_true (coverage.n == 0 && isnan (coverage.coverage) && isnan (coverage.accuracy));
  g_assert_false (assay_evaluation_find_threshold (evaluation, 0, &coverage));
}

/* Roses: three right, one called a tulip.  Tulips: one right, one called a daisy.  No
 * daisy is there; the one lily is called a rose. */
static AssayEvaluation *
make_bouquet (void)
{
  AssayEvaluation *evaluation = assay_evaluation_new ();

  add_often (evaluation, "tulip", "tulip", 1);
  add_often (evaluation, "tulip", "daisy", 1);
  add_often (evaluation, "rose", "rose", 3);
  add_often (evaluation, "rose", "tulip", 1);
  add_often (evaluation, "lily", "rose", 1);
  return evaluation;
}

static void
counts_label_by_label (void)
{
  static const struct {
    const char *label;
    guint64 support;
    guint64 predicted;
    double precision;
    double recall;
    double f1;
  } table[] = {
    { "daisy", 0, 1, 0, NAN, 0 },
    { "lily", 1, 0, NAN, 0, 0 },
    { "rose", 4, 4, 3.0 / 4, 3.0 / 4, 3.0 / 4 },
    { "tulip", 2, 2, 1.0 / 2, 1.0 / 2, 1.0 / 2 },
  };
  g_autoptr (AssayEvaluation) evaluation = make_bouquet ();
  g_autoptr (GArray) labels = assay_evaluation_list_labels (evaluation);
  AssayFigures figures;

  g_assert_cmpuint (labels->len, ==, G_N_ELEMENTS (table));
  for (guint i = 0; i < labels->len; i++)
    {
      const AssayLabelFigures *label = &g_array_index (labels, AssayLabelFigures, i);

      g_assert_cmpstr (label->label, ==, table[i].label);
      g_assert_cmpuint (label->support, ==, table[i].support);
      g_assert_cmpuint (label->predicted, ==, table[i].predicted);
      assert_same (label->precision, table[i].precision);
      assert_same (label->recall, table[i].recall);
      assert_same (label->f1, table[i].f1);
    }
  assay_evaluation_get_figures (evaluation, &figures);
  g_assert_cmpuint (figures.n, ==, 7);
  g_assert_cmpuint (figures.n_right, ==, 4);
  /* What can't be told counts as 0 in means over all four labels; balanced accuracy is
   * of the three that are there. */
  assert_same (figures.macro.precision, (3.0 / 4 + 1.0 / 2) / 4);
  assert_same (figures.weighted.recall, (4 * 3.0 / 4 + 2 * 1.0 / 2) / 7);
  assert_same (figures.balanced_accuracy, (3.0 / 4 + 1.0 / 2) / 3);
}

static void
forgets_labels_that_nothing_has (void)
{
  g_autoptr (AssayEvaluation) evaluation = make_bouquet ();
  g_autoptr (AssayPrediction) daisy = make_prediction ("daisy", 0.5, NULL);
  g_autoptr (GArray) labels = NULL;
  AssayFigures figures;

  assay_evaluation_remove (evaluation, "tulip", daisy);
  labels = assay_evaluation_list_labels (evaluation);
  g_assert_cmpuint (labels->len, ==, 3);
  g_assert_cmpstr (g_array_index (labels, AssayLabelFigures, 0).label, ==, "lily");
  assay_evaluation_get_figures (evaluation, &figures);
  assert_same (figures.macro.recall, (3.0 / 4 + 1) / 3);
}

static void
hides_no_mistake (void)
{
  static const char *const shown[] = { "tulip", "rose", "orchid" };
  static const guint64 expected[] = {
    1, 0, 0, 1,   /* tulips */
    1, 3, 0, 0,   /* roses */
    0, 0, 0, 0,   /* orchids, of which nobody has heard */
    0, 1, 0, 0,   /* all others: the lily */
  };
  g_autoptr (AssayEvaluation) evaluation = make_bouquet ();
  g_autofree guint64 *matrix = assay_evaluation_dup_matrix (evaluation, shown, G_N_ELEMENTS (shown));

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (matrix[i], ==, expected[i]);
  g_assert_cmpuint (assay_evaluation_get_count (evaluation, "rose", "tulip"), ==, 1);
  g_assert_cmpuint (assay_evaluation_get_count (evaluation, "tulip", "rose"), ==, 0);
  g_assert_cmpuint (assay_evaluation_get_count (evaluation, "orchid", "rose"), ==, 0);
}

static void
tells_what_is_confused_most (void)
{
  g_autoptr (AssayEvaluation) evaluation = make_bouquet ();
  g_autoptr (GArray) labels = NULL;
  g_autoptr (GArray) confusions = NULL;
  g_autoptr (GArray) left = NULL;
  g_autoptr (AssayPrediction) daisy = make_prediction ("daisy", 0.5, NULL);
  const AssayConfusion *first, *second;

  add_often (evaluation, "lily", "rose", 1);
  labels = assay_evaluation_list_confused (evaluation, 3);
  g_assert_cmpuint (labels->len, ==, 3);
  /* In three mistakes, in two, and in two but later by its bytes. */
  g_assert_cmpstr (g_array_index (labels, AssayLabelFigures, 0).label, ==, "rose");
  g_assert_cmpstr (g_array_index (labels, AssayLabelFigures, 1).label, ==, "lily");
  g_assert_cmpstr (g_array_index (labels, AssayLabelFigures, 2).label, ==, "tulip");

  confusions = assay_evaluation_list_confusions (evaluation, 2);
  g_assert_cmpuint (confusions->len, ==, 2);
  first = &g_array_index (confusions, AssayConfusion, 0);
  g_assert_cmpstr (first->truth, ==, "lily");
  g_assert_cmpstr (first->answer, ==, "rose");
  g_assert_cmpuint (first->n, ==, 2);
  second = &g_array_index (confusions, AssayConfusion, 1);
  g_assert_cmpstr (second->truth, ==, "rose");
  g_assert_cmpstr (second->answer, ==, "tulip");

  assay_evaluation_remove (evaluation, "tulip", daisy);
  left = assay_evaluation_list_confusions (evaluation, G_MAXUINT);
  g_assert_cmpuint (left->len, ==, 2);
}

/* Of equal scores the first by its bytes has the better rank, whatever was sent first. */
static void
ranks_equal_scores_by_label (void)
{
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayPrediction) tie = make_prediction ("tulip", 0.4, "rose", 0.4, "daisy", 0.2, NULL);

  assay_evaluation_add (evaluation, "tulip", tie);
  g_assert_cmpuint (assay_evaluation_get_count (evaluation, "tulip", "rose"), ==, 1);
  assert_same (assay_evaluation_get_top_k (evaluation, 1), 0);
  assert_same (assay_evaluation_get_top_k (evaluation, 2), 1);
  assay_evaluation_add (evaluation, "rose", tie);
  assert_same (assay_evaluation_get_top_k (evaluation, 1), 0.5);
  assay_evaluation_add (evaluation, "daisy", tie);
  assay_evaluation_add (evaluation, "orchid", tie);
  assert_same (assay_evaluation_get_top_k (evaluation, 2), 0.5);
  assert_same (assay_evaluation_get_top_k (evaluation, 3), 0.75);
  assert_same (assay_evaluation_get_top_k (evaluation, 1000), 0.75);
}

static void
gives_what_was_not_sent_no_score (void)
{
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayPrediction) few = make_prediction ("rose", 0.6, "tulip", 0.2, NULL);
  AssayFigures figures;

  assay_evaluation_add (evaluation, "orchid", few);
  assay_evaluation_get_figures (evaluation, &figures);
  assert_same (figures.log_loss, log (0.8) - log (DBL_EPSILON));
  assert_same (figures.brier, 0.6 * 0.6 + 0.2 * 0.2 + 1);
  assert_same (figures.ece, 0.6);
  assert_same (figures.mcc, 0);
}

/* The higher score is what was said of it; the other is a mistake like any. */
static void
takes_a_label_once_that_was_sent_twice (void)
{
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayPrediction) twice = make_prediction ("rose", 0.2, "rose", 0.5, "tulip", 0.3, NULL);
  AssayFigures figures;

  assay_evaluation_add (evaluation, "rose", twice);
  assay_evaluation_get_figures (evaluation, &figures);
  assert_same (figures.accuracy.value, 1);
  assert_same (figures.log_loss, -log (0.5));
  assert_same (figures.brier, 0.5 * 0.5 + 0.2 * 0.2 + 0.3 * 0.3);
}

/* Bins are closed above: a score that is written as an edge is, lies below it. */
static void
puts_each_score_into_its_bin (void)
{
  for (int edge = 0; edge <= ASSAY_EVALUATION_BINS; edge++)
    for (int side = -1; side <= 1; side++)
      {
        g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
        g_autoptr (AssayPrediction) prediction = NULL;
        AssayReliability bins[ASSAY_EVALUATION_BINS];
        double score = edge / (double) ASSAY_EVALUATION_BINS;
        int bin = 0;

        if (side != 0)
          score = nextafter (score, side * 2.0);
        if (score < 0 || score > 1)
          continue;
        while (score > (bin + 1) / (double) ASSAY_EVALUATION_BINS)
          bin++;
        prediction = make_prediction ("rose", score, NULL);
        assay_evaluation_add (evaluation, "rose", prediction);
        assay_evaluation_get_reliability (evaluation, bins);
        g_assert_cmpuint (bins[bin].n, ==, 1);
        assert_same (bins[bin].mean_score, score);
      }
}

/* Each of the thresholds counts a score that equals it, and not the next lower one. */
static void
covers_what_reaches_the_threshold (void)
{
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  AssayCoverage coverage;

  for (guint i = 1; i <= 10000; i++)
    {
      double threshold = i / 10000.0;
      g_autoptr (AssayPrediction) at = make_prediction ("rose", threshold, NULL);
      g_autoptr (AssayPrediction) below = make_prediction ("tulip", nextafter (threshold, 0), NULL);

      assay_evaluation_add (evaluation, "rose", at);
      assay_evaluation_add (evaluation, "rose", below);
      assay_evaluation_get_coverage (evaluation, threshold, &coverage);
      g_assert_cmpuint (coverage.n, ==, 1);
      g_assert_cmpuint (coverage.n_right, ==, 1);
      assert_same (coverage.threshold, threshold);
      assert_same (coverage.coverage, 0.5);
      assert_same (coverage.accuracy, 1);
      assay_evaluation_remove (evaluation, "rose", at);
      assay_evaluation_remove (evaluation, "rose", below);
    }
}

/* So many of a hundred are what is wished for when that share of them is, for every
 * percent, although some products of both are just above a whole number. */
static void
reaches_a_wish_that_is_met_exactly (void)
{
  g_autoptr (AssayPrediction) right = make_prediction ("rose", 0.7, NULL);
  g_autoptr (AssayPrediction) wrong = make_prediction ("tulip", 0.7, NULL);
  AssayCoverage coverage;

  for (guint percent = 0; percent <= 100; percent++)
    {
      g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();

      for (guint i = 0; i < 100; i++)
        assay_evaluation_add (evaluation, "rose", i < percent ? right : wrong);
      g_assert_true (assay_evaluation_find_threshold (evaluation, percent / 100.0, &coverage));
      assert_same (coverage.threshold, 0);
      g_assert_false (assay_evaluation_find_threshold (evaluation, (percent + 1) / 100.0, &coverage));
    }
}

static void
finds_the_lowest_threshold (void)
{
  static const struct {
    double score;
    gboolean right;
  } images[] = { { 0.95, TRUE }, { 0.9, FALSE }, { 0.8, TRUE }, { 0.7, TRUE }, { 0.6, FALSE } };
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  AssayCoverage coverage;

  for (guint i = 0; i < G_N_ELEMENTS (images); i++)
    {
      g_autoptr (AssayPrediction) prediction = make_prediction ("rose", images[i].score, NULL);

      assay_evaluation_add (evaluation, images[i].right ? "rose" : "tulip", prediction);
    }
  /* Above 0.6 three of four are right; between 0.8 and 0.9 it was less. */
  g_assert_true (assay_evaluation_find_threshold (evaluation, 0.75, &coverage));
  assert_same (coverage.threshold, 0.6001);
  assert_same (coverage.coverage, 0.8);
  assert_same (coverage.accuracy, 0.75);
  g_assert_true (assay_evaluation_find_threshold (evaluation, 0.9, &coverage));
  assert_same (coverage.threshold, 0.9001);
  g_assert_cmpuint (coverage.n, ==, 1);
  g_assert_true (assay_evaluation_find_threshold (evaluation, 0.6, &coverage));
  assert_same (coverage.threshold, 0);
}

/* Any finite number may come from outside. */
static void
bears_scores_of_any_size (void)
{
  static const double scores[] = { 1e300, -1e300, DBL_MAX, -DBL_MAX, 2147483648.0, 1.5, -1e-300 };
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayPrediction) sane = make_prediction ("rose", 0.75, "tulip", 0.25, NULL);
  AssayFigures figures;
  AssayCoverage coverage;

  assay_evaluation_add (evaluation, "rose", sane);
  for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
    {
      g_autoptr (AssayPrediction) odd = make_prediction ("rose", scores[i], NULL);

      assay_evaluation_add (evaluation, "rose", odd);
      assay_evaluation_get_figures (evaluation, &figures);
      assert_same (figures.accuracy.value, 1);
      g_assert_true (isnan (figures.log_loss) && isnan (figures.brier) && isnan (figures.ece));
      assay_evaluation_get_coverage (evaluation, 1, &coverage);
      g_assert_cmpuint (coverage.n, ==, scores[i] >= 1 ? 1 : 0);
      assay_evaluation_get_coverage (evaluation, 0, &coverage);
      g_assert_cmpuint (coverage.n, ==, 2);
      assay_evaluation_remove (evaluation, "rose", odd);
    }
  assay_evaluation_get_figures (evaluation, &figures);
  assert_same (figures.log_loss, -log (0.75));
  assert_same (figures.brier, 0.25 * 0.25 * 2);
  assert_same (figures.ece, 0.25);
}

static AssayPrediction *
draw_prediction (GRand *random,
                 guint n_labels)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %u", i);
      /* From one to a billionth, so that sums of them would lose the small ones. */
      double score = pow (10, -g_rand_double_range (random, 0, 9));

      g_assert_true (assay_prediction_builder_add (builder, label, score, NULL));
    }
  return assay_prediction_builder_end (builder);
}

static void
assert_same_averages (const AssayAverages *a,
                      const AssayAverages *b)
{
  assert_same (a->precision, b->precision);
  assert_same (a->recall, b->recall);
  assert_same (a->f1, b->f1);
}

static void
assert_same_curves (AssayEvaluation *a,
                    AssayEvaluation *b)
{
  AssayReliability bins_a[ASSAY_EVALUATION_BINS], bins_b[ASSAY_EVALUATION_BINS];
  AssayCoverage of_a, of_b;

  assay_evaluation_get_reliability (a, bins_a);
  assay_evaluation_get_reliability (b, bins_b);
  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    {
      g_assert_cmpuint (bins_a[i].n, ==, bins_b[i].n);
      g_assert_cmpuint (bins_a[i].n_right, ==, bins_b[i].n_right);
      assert_same (bins_a[i].mean_score, bins_b[i].mean_score);
    }
  for (guint i = 0; i <= 100; i++)
    {
      assay_evaluation_get_coverage (a, i / 100.0, &of_a);
      assay_evaluation_get_coverage (b, i / 100.0, &of_b);
      g_assert_cmpuint (of_a.n, ==, of_b.n);
      g_assert_cmpuint (of_a.n_right, ==, of_b.n_right);
    }
}

static void
assert_same_figures (AssayEvaluation *a,
                     AssayEvaluation *b)
{
  AssayFigures of_a, of_b;

  assay_evaluation_get_figures (a, &of_a);
  assay_evaluation_get_figures (b, &of_b);
  g_assert_cmpuint (of_a.n, ==, of_b.n);
  g_assert_cmpuint (of_a.n_right, ==, of_b.n_right);
  assert_same (of_a.accuracy.low, of_b.accuracy.low);
  assert_same (of_a.balanced_accuracy, of_b.balanced_accuracy);
  assert_same_averages (&of_a.macro, &of_b.macro);
  assert_same_averages (&of_a.weighted, &of_b.weighted);
  assert_same (of_a.log_loss, of_b.log_loss);
  assert_same (of_a.brier, of_b.brier);
  assert_same (of_a.ece, of_b.ece);
  assert_same (of_a.kappa, of_b.kappa);
  assert_same (of_a.mcc, of_b.mcc);
  for (guint k = 1; k <= 6; k++)
    assert_same (assay_evaluation_get_top_k (a, k), assay_evaluation_get_top_k (b, k));
  assert_same_curves (a, b);
}

#define N_IMAGES 400
#define N_MOVES 1000000

static void
forgets_what_is_taken_out (void)
{
  static const char *const truths[] = { "label 0", "label 1", "label 4", "nobody knows it" };
  g_autoptr (GRand) random = g_rand_new_with_seed (6);
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayEvaluation) fresh = assay_evaluation_new ();
  AssayPrediction *predictions[N_IMAGES];
  gboolean inside[N_IMAGES] = { FALSE };

  for (guint i = 0; i < N_IMAGES; i++)
    predictions[i] = draw_prediction (random, 5);
  for (guint i = 0; i < N_MOVES; i++)
    {
      guint which = g_rand_int_range (random, 0, N_IMAGES);
      const char *truth = truths[which % G_N_ELEMENTS (truths)];

      if (inside[which])
        assay_evaluation_remove (evaluation, truth, predictions[which]);
      else
        assay_evaluation_add (evaluation, truth, predictions[which]);
      inside[which] = !inside[which];
    }
  for (guint i = 0; i < N_IMAGES; i++)
    if (inside[i])
      assay_evaluation_add (fresh, truths[i % G_N_ELEMENTS (truths)], predictions[i]);
  g_assert_cmpuint (assay_evaluation_get_n (fresh), >, 0);
  assert_same_figures (evaluation, fresh);
  for (guint i = 0; i < N_IMAGES; i++)
    assay_prediction_unref (predictions[i]);
}

static AssayPrediction *
trim (AssayPrediction *prediction,
      const char *truth)
{
  g_autoptr (AssayLabelSet) labels = assay_prediction_dup_label_set (prediction);
  const char *keep[] = { truth, NULL };

  return assay_prediction_trim (prediction, 3, keep, labels, 1, 0);
}

/* Not nearly the same: the same, bit by bit. */
static void
assert_equal_figures (AssayEvaluation *a,
                      AssayEvaluation *b)
{
  AssayFigures of_a, of_b;

  assert_same_figures (a, b);
  assay_evaluation_get_figures (a, &of_a);
  assay_evaluation_get_figures (b, &of_b);
  g_assert_cmpmem (&of_a.log_loss, sizeof (double), &of_b.log_loss, sizeof (double));
  g_assert_cmpmem (&of_a.brier, sizeof (double), &of_b.brier, sizeof (double));
  g_assert_cmpmem (&of_a.ece, sizeof (double), &of_b.ece, sizeof (double));
}

static void
takes_trimmed_answers_for_whole_ones (void)
{
  static const char *const truths[] = { "label 0", "label 7", "label 39", "nobody knows it" };
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayEvaluation) whole = assay_evaluation_new ();

  for (guint i = 0; i < N_IMAGES; i++)
    {
      const char *truth = truths[i % G_N_ELEMENTS (truths)];
      g_autoptr (AssayPrediction) prediction = draw_prediction (random, 40);
      g_autoptr (AssayPrediction) trimmed = trim (prediction, truth);

      /* One stays as it came, one is trimmed before, one is trimmed and taken out. */
      assay_evaluation_add (evaluation, truth, i % 3 == 1 ? trimmed : prediction);
      if (i % 3 == 2)
        assay_evaluation_remove (evaluation, truth, trimmed);
      else
        assay_evaluation_add (whole, truth, prediction);
    }
  assert_equal_figures (evaluation, whole);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/evaluation/knows-nothing-at-first", knows_nothing_at_first);
  g_test_add_func ("/assay/evaluation/counts-label-by-label", counts_label_by_label);
  g_test_add_func ("/assay/evaluation/forgets-labels-that-nothing-has",
                   forgets_labels_that_nothing_has);
  g_test_add_func ("/assay/evaluation/hides-no-mistake", hides_no_mistake);
  g_test_add_func ("/assay/evaluation/tells-what-is-confused-most", tells_what_is_confused_most);
  g_test_add_func ("/assay/evaluation/ranks-equal-scores-by-label", ranks_equal_scores_by_label);
  g_test_add_func ("/assay/evaluation/gives-what-was-not-sent-no-score",
                   gives_what_was_not_sent_no_score);
  g_test_add_func ("/assay/evaluation/takes-a-label-once-that-was-sent-twice",
                   takes_a_label_once_that_was_sent_twice);
  g_test_add_func ("/assay/evaluation/puts-each-score-into-its-bin", puts_each_score_into_its_bin);
  g_test_add_func ("/assay/evaluation/covers-what-reaches-the-threshold",
                   covers_what_reaches_the_threshold);
  g_test_add_func ("/assay/evaluation/reaches-a-wish-that-is-met-exactly",
                   reaches_a_wish_that_is_met_exactly);
  g_test_add_func ("/assay/evaluation/finds-the-lowest-threshold", finds_the_lowest_threshold);
  g_test_add_func ("/assay/evaluation/bears-scores-of-any-size", bears_scores_of_any_size);
  g_test_add_func ("/assay/evaluation/forgets-what-is-taken-out", forgets_what_is_taken_out);
  g_test_add_func ("/assay/evaluation/takes-trimmed-answers-for-whole-ones",
                   takes_trimmed_answers_for_whole_ones);
  return g_test_run ();
}
