/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-statistics.h"

/* Of the standard normal distribution, two-sided 95 %. */
#define Z 1.959963984540054

/**
 * assay_share:
 *
 * Returns: @part / @whole, NaN for 0 of 0
 */
double
assay_share (guint64 part,
             guint64 whole)
{
  return whole > 0 ? (double) part / (double) whole : NAN;
}

/**
 * assay_wilson_interval:
 * @right: successes, no more than @n
 * @n: trials
 *
 * The score interval of E. B. Wilson, "Probable inference, the law of succession,
 * and statistical inference", JASA 22 (1927), without a correction for continuity:
 *
 *   (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) / (1 + z²/n),  p = right/n, z = 1.96
 *
 * Returns: the share with its 95 % interval, within 0…1; all NaN for no trials
 */
AssayInterval
assay_wilson_interval (guint64 right,
                       guint64 n)
{
  AssayInterval interval = { NAN, NAN, NAN };
  double p, middle, half, scale;

  g_return_val_if_fail (right <= n, interval);

  if (n == 0)
    return interval;
  p = (double) right / (double) n;
  scale = 1 + Z * Z / n;
  middle = p + Z * Z / (2.0 * n);
  half = Z * sqrt (p * (1 - p) / n + Z * Z / (4.0 * n * n));
  interval.value = p;
  /* Exact at the ends, where rounding would leave 1e-17 of it. */
  interval.low = right == 0 ? 0 : (middle - half) / scale;
  interval.high = right == n ? 1 : (middle + half) / scale;
  return interval;
}

/**
 * assay_f1:
 * @right: images of a label that were called so (true positives)
 * @support: images of the label
 * @predicted: images that were called so
 *
 * The harmonic mean of precision and recall: 2 right / (support + predicted).
 *
 * Returns: F1, NaN where there is neither a truth nor an answer
 */
double
assay_f1 (guint64 right,
          guint64 support,
          guint64 predicted)
{
  return assay_share (2 * right, support + predicted);
}

/**
 * assay_kappa:
 * @right: images that were called what they are
 * @n: images
 * @chance: Σ support × predicted over the labels
 *
 * J. Cohen, "A coefficient of agreement for nominal scales" (1960):
 * (pₒ − pₑ) / (1 − pₑ), pₒ = right/n, pₑ = chance/n².
 *
 * Returns: κ, NaN where chance alone explains everything (one label, always said)
 */
double
assay_kappa (guint64 right,
             guint64 n,
             double chance)
{
  double total = (double) n * (double) n;

  if (n == 0 || total == chance)
    return NAN;
  return ((double) right * n - chance) / (total - chance);
}

/**
 * assay_mcc:
 * @right: images that were called what they are
 * @n: images
 * @chance: Σ support × predicted over the labels
 * @support_squares: Σ support²
 * @predicted_squares: Σ predicted²
 *
 * The correlation coefficient of B. W. Matthews for K labels, as J. Gorodkin,
 * "Comparing two K-category assignments by a K-category correlation coefficient"
 * (2004), has it:
 *
 *   (right n − chance) / √((n² − Σ predicted²) (n² − Σ support²))
 *
 * Returns: −1…1; 0 where all have one truth or one answer, like scikit-learn; NaN
 *   for no images
 */
double
assay_mcc (guint64 right,
           guint64 n,
           double chance,
           double support_squares,
           double predicted_squares)
{
  double total = (double) n * (double) n;
  double support = total - support_squares;
  double predicted = total - predicted_squares;

  if (n == 0)
    return NAN;
  if (support == 0 || predicted == 0)
    return 0;
  return ((double) right * n - chance) / sqrt (support * predicted);
}
