/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-statistics.h"

#define EXACT 1e-12

/* To the digits that are printed in the literature and on the design's pages. */
static void
knows_intervals_by_heart (void)
{
  static const struct {
    guint64 right;
    guint64 n;
    double low;
    double high;
    double digit;
  } table[] = {
    { 47, 50, 0.838, 0.979, 1e-3 },
    { 94, 100, 0.875, 0.972, 1e-3 },
    { 940, 1000, 0.924, 0.953, 1e-3 },
    { 54, 60, 0.7985, 0.9534, 1e-4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      AssayInterval interval = assay_wilson_interval (table[i].right, table[i].n);

      g_assert_cmpfloat_with_epsilon (interval.value, table[i].right / (double) table[i].n, EXACT);
      g_assert_cmpfloat_with_epsilon (interval.low, table[i].low, table[i].digit / 2);
      g_assert_cmpfloat_with_epsilon (interval.high, table[i].high, table[i].digit / 2);
    }
}

/* Where all or none are right the formula comes down to z²/(n + z²). */
static void
closes_intervals_at_their_ends (void)
{
  const double z_squared = 3.8414588206941227;

  for (guint64 n = 1; n < 1000000; n *= 3)
    {
      AssayInterval none = assay_wilson_interval (0, n);
      AssayInterval all = assay_wilson_interval (n, n);

      g_assert_true (none.value == 0 && none.low == 0);
      g_assert_cmpfloat_with_epsilon (none.high, z_squared / (n + z_squared), EXACT);
      g_assert_true (all.value == 1 && all.high == 1);
      g_assert_cmpfloat_with_epsilon (all.low, n / (n + z_squared), EXACT);
    }
}

static void
keeps_intervals_in_order (void)
{
  for (guint64 n = 1; n <= 100; n++)
    for (guint64 right = 0; right <= n; right++)
      {
        AssayInterval interval = assay_wilson_interval (right, n);
        AssayInterval mirrored = assay_wilson_interval (n - right, n);

        g_assert_cmpfloat (interval.low, >=, 0);
        g_assert_cmpfloat (interval.low, <=, interval.value);
        g_assert_cmpfloat (interval.value, <=, interval.high);
        g_assert_cmpfloat (interval.high, <=, 1);
        g_assert_cmpfloat_with_epsilon (interval.low, 1 - mirrored.high, EXACT);
      }
}

static void
tells_nothing_of_nothing (void)
{
  AssayInterval interval = assay_wilson_interval (0, 0);

  g_assert_true (isnan (interval.value) && isnan (interval.low) && isnan (interval.high));
  g_assert_true (isnan (assay_share (0, 0)));
  g_assert_true (isnan (assay_f1 (0, 0, 0)));
  g_assert_true (isnan (assay_kappa (0, 0, 0)));
  g_assert_true (isnan (assay_mcc (0, 0, 0, 0, 0)));
}

static void
means_precision_and_recall (void)
{
  /* Precision 6/7, recall 6/8. */
  g_assert_cmpfloat_with_epsilon (assay_f1 (6, 8, 7), 2 / (7.0 / 6 + 8.0 / 6), EXACT);
  g_assert_cmpfloat_with_epsilon (assay_f1 (3, 3, 3), 1, EXACT);
  /* Never said, or never true: 0, not unknown. */
  g_assert_cmpfloat_with_epsilon (assay_f1 (0, 5, 0), 0, EXACT);
  g_assert_cmpfloat_with_epsilon (assay_f1 (0, 0, 5), 0, EXACT);
}

/* Two readers of fifty applications: both yes 20, both no 15, one alone 5 and 10. */
static void
corrects_agreement_for_chance (void)
{
  g_assert_cmpfloat_with_epsilon (assay_kappa (35, 50, 25 * 30 + 25 * 20), 0.4, EXACT);
  g_assert_cmpfloat_with_epsilon (assay_kappa (50, 50, 25 * 25 * 2), 1, EXACT);
  /* As often right as by chance, and wrong throughout. */
  g_assert_cmpfloat_with_epsilon (assay_kappa (25, 50, 25 * 25 * 2), 0, EXACT);
  g_assert_cmpfloat_with_epsilon (assay_kappa (0, 50, 25 * 25 * 2), -1, EXACT);
  /* One label that is always said. */
  g_assert_true (isnan (assay_kappa (50, 50, 50 * 50)));
}

/* Eight cats, six of them found; four dogs, three of them found. */
static void
correlates_truth_and_answer (void)
{
  double chance = 8 * 7 + 4 * 5;

  g_assert_cmpfloat_with_epsilon (assay_mcc (9, 12, chance, 8 * 8 + 4 * 4, 7 * 7 + 5 * 5),
                                  (6 * 3 - 1 * 2) / sqrt (7.0 * 8 * 4 * 5), EXACT);
  g_assert_cmpfloat_with_epsilon (assay_mcc (12, 12, 80, 80, 80), 1, EXACT);
  /* One truth, or one answer, correlates with nothing. */
  g_assert_cmpfloat_with_epsilon (assay_mcc (7, 12, 12 * 7, 144, 74), 0, EXACT);
  g_assert_cmpfloat_with_epsilon (assay_mcc (8, 12, 12 * 8, 80, 144), 0, EXACT);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/statistics/knows-intervals-by-heart", knows_intervals_by_heart);
  g_test_add_func ("/assay/statistics/closes-intervals-at-their-ends",
                   closes_intervals_at_their_ends);
  g_test_add_func ("/assay/statistics/keeps-intervals-in-order", keeps_intervals_in_order);
  g_test_add_func ("/assay/statistics/tells-nothing-of-nothing", tells_nothing_of_nothing);
  g_test_add_func ("/assay/statistics/means-precision-and-recall", means_precision_and_recall);
  g_test_add_func ("/assay/statistics/corrects-agreement-for-chance",
                   corrects_agreement_for_chance);
  g_test_add_func ("/assay/statistics/correlates-truth-and-answer", correlates_truth_and_answer);
  return g_test_run ();
}
