/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "assay-paired.h"

/* No pattern is followed further than to so many times the images. */
#define MOST_TIMES 10000

#define TRIED_EACH 2000

/* ---- binomial probabilities ---- */

/* ln n! − (n + ½) ln n + n − ½ ln 2π: what Stirling's formula lacks, for whole numbers
 * from 1.  A double holds 15! exactly; lgamma() would write a variable that all threads
 * share. */
static double
get_stirling_error (double n)
{
  const double square = n * n;
  double factorial = 1;

  if (n <= 15)
    {
      for (double k = 2; k <= n; k++)
        factorial *= k;
      return log (factorial) - (n + 0.5) * log (n) + n - 0.5 * log (2 * G_PI);
    }
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / (1188 * square)) / square)
                                    / square)
                       / square)
         / n;
}

/* x ln (x/m) + m − x, also where the two are close and the terms would cancel. */
static double
get_deviance (double x,
              double m)
{
  double v = (x - m) / (x + m);
  double sum = (x - m) * v;
  double term = 2 * x * v;

  if (fabs (x - m) >= 0.1 * (x + m))
    return x * log (x / m) + m - x;
  for (int j = 1;; j++)
    {
      double next;

      term *= v * v;
      next = sum + term / (2 * j + 1);
      if (next == sum)
        return sum;
      sum = next;
    }
}

/* C(n, x) / 2ⁿ to the last digits for any n, where logarithms of factorials lose half
 * of them: C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */
static double
get_half_binomial (double x,
                   double n)
{
  double half = n / 2;

  if (x == 0 || x == n)
    return exp2 (-n);
  return sqrt (n / (2 * G_PI * x * (n - x)))
         * exp (get_stirling_error (n) - get_stirling_error (x) - get_stirling_error (n - x)
                - get_deviance (x, half) - get_deviance (n - x, half));
}

/**
 * assay_mcnemar_exact:
 * @b: images that only the first version has right
 * @c: images that only the second version has right
 *
 * The exact test of Q. McNemar (1947): how probable so uneven a split, or a more uneven
 * one, of b + c images is if both versions were equally good: min (1, 2 P(X ≤ min (b, c)))
 * for X binomial with b + c trials of ½.
 *
 * Returns: p, to about 13 digits; 1 when b + c is 0
 */
double
assay_mcnemar_exact (guint64 b,
                     guint64 c)
{
  double n = (double) b + (double) c;
  double x = MIN (b, c);
  double term, sum;

  if (b == c)
    return 1;
  term = get_half_binomial (x, n);
  sum = term;
  /* Downwards each is smaller than the one before. */
  for (; x > 0 && term > sum * 1e-17; x--)
    {
      term *= x / (n - x + 1);
      sum += term;
    }
  return MIN (1, 2 * sum);
}

/* ---- drawing ---- */

/* xoshiro256** of D. Blackman and S. Vigna (2018), started by splitmix64, so that one
 * seed gives the same everywhere. */
typedef struct {
  guint64 s[4];
} Random;

static void
random_seed (Random *self,
             guint64 seed)
{
  for (guint i = 0; i < 4; i++)
    {
      guint64 z = seed += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

      z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
      z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
      self->s[i] = z ^ (z >> 31);
    }
}

static guint64
rotate (guint64 x,
        int bits)
{
  return (x << bits) | (x >> (64 - bits));
}

/* Within 0…1, neither of them. */
static double
random_next (Random *self)
{
  guint64 *s = self->s;
  guint64 result = rotate (s[1] * 5, 7) * 9;
  guint64 shifted = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate (s[3], 45);
  return ldexp ((double) (result >> 11) + 0.5, -53);
}

/* By adding up probabilities from 0 until the number drawn is reached: quick as long as
 * n p is small. */
static guint64
draw_few (Random *random,
          guint64 n,
          double p)
{
  double odds = p / (1 - p);
  double probability = exp (n * log1p (-p));
  double u = random_next (random);
  guint64 k = 0;

  while (u > probability && k < n)
    {
      u -= probability;
      k++;
      probability *= odds * (n - k + 1) / k;
    }
  return k;
}

/* As get_stirling_error(), of k + 1, in the form that the method below has. */
static double
get_tail (double k)
{
  return get_stirling_error (k + 1);
}

/* Transformed rejection, exact: algorithm BTRS of W. Hörmann, "The generation of
 * binomial random variates" (1993); for p ≤ ½ and n p ≥ 10. */
static guint64
draw_many (Random *random,
           guint64 n,
           double p)
{
  double spread = sqrt (n * p * (1 - p));
  double b = 1.15 + 2.53 * spread;
  double a = -0.0873 + 0.0248 * b + 0.01 * p;
  double c = n * p + 0.5;
  double v_r = 0.92 - 4.2 / b;
  double alpha = (2.83 + 5.1 / b) * spread;
  double odds = p / (1 - p);
  double m = floor ((n + 1) * p);

  for (;;)
    {
      double u = random_next (random) - 0.5;
      double v = random_next (random);
      double us = 0.5 - fabs (u);
      double k = floor ((2 * a / us + b) * u + c);
      double bound;

      if (k < 0 || k > n)
        continue;
      if (us >= 0.07 && v <= v_r)
        return (guint64) k;
      v = log (v * alpha / (a / (us * us) + b));
      bound = (m + 0.5) * log ((m + 1) / (odds * (n - m + 1)))
              + (n + 1) * log ((n - m + 1) / (n - k + 1))
              + (k + 0.5) * log (odds * (n - k + 1) / (k + 1)) + get_tail (m) + get_tail (n - m)
              - get_tail (k) - get_tail (n - k);
      if (v <= bound)
        return (guint64) k;
    }
}

static guint64
draw_binomial (Random *random,
               guint64 n,
               double p)
{
  if (n == 0 || p <= 0)
    return 0;
  if (p >= 1)
    return n;
  if (p > 0.5)
    return n - draw_binomial (random, n, 1 - p);
  return n * p < 10 ? draw_few (random, n, p) : draw_many (random, n, p);
}

static int
compare_doubles (gconstpointer left,
                 gconstpointer right)
{
  double a = *(const double *) left;
  double b = *(const double *) right;

  return (a > b) - (a < b);
}

/**
 * assay_paired_difference:
 * @n: images that both versions have answered and whose truth is known
 * @b: of them, right in the first version only
 * @c: of them, right in the second only
 * @seed: %ASSAY_PAIRED_SEED
 *
 * The accuracy of the second version less that of the first, (c − b)/n, with the 95 %
 * percentile interval of a paired bootstrap (B. Efron, 1979): @n images are drawn with
 * replacement %ASSAY_PAIRED_RESAMPLES times, which in law is drawing the counts from a
 * multinomial distribution.  The same arguments give the same interval anywhere.
 *
 * Returns: −1…1; all NaN for no images
 */
AssayInterval
assay_paired_difference (guint64 n,
                         guint64 b,
                         guint64 c,
                         guint64 seed)
{
  AssayInterval interval = { NAN, NAN, NAN };
  g_autofree double *differences = NULL;
  double split = b + c > 0 ? (double) c / ((double) b + (double) c) : 0;
  Random random;

  g_return_val_if_fail (b + c <= n, interval);

  if (n == 0)
    return interval;
  random_seed (&random, seed);
  differences = g_new (double, ASSAY_PAIRED_RESAMPLES);
  for (guint i = 0; i < ASSAY_PAIRED_RESAMPLES; i++)
    {
      double uneven = draw_binomial (&random, n, ((double) b + (double) c) / n);
      double second = draw_binomial (&random, uneven, split);

      differences[i] = (2 * second - uneven) / n;
    }
  qsort (differences, ASSAY_PAIRED_RESAMPLES, sizeof (double), compare_doubles);
  interval.value = ((double) c - (double) b) / n;
  /* The 250th from either end of 9,999. */
  interval.low = differences[(ASSAY_PAIRED_RESAMPLES + 1) / 40 - 1];
  interval.high = differences[ASSAY_PAIRED_RESAMPLES - (ASSAY_PAIRED_RESAMPLES + 1) / 40];
  return interval;
}

/* ---- how many more ---- */

/* Of @uneven images that only one version has right, the worse one has this share. */
static gboolean
would_settle (guint64 uneven,
              double share)
{
  guint64 least = llround (uneven * share);

  return assay_mcnemar_exact (least, uneven - least) < ASSAY_PAIRED_LEVEL;
}

/* The least number of uneven images that settles it, 0 if too many would be needed.
 * Few are tried one by one, because rounding of the share counts there; among many it
 * does not. */
static guint64
find_settling (guint64 uneven,
               double share)
{
  guint64 low = uneven, high;

  for (; low < MAX (TRIED_EACH, uneven + 1); low++)
    if (would_settle (low, share))
      return low;
  for (high = 2 * low; !would_settle (high, share); high *= 2)
    {
      if (high / MOST_TIMES > uneven)
        return 0;
      low = high;
    }
  while (high - low > 1)
    {
      guint64 middle = low + (high - low) / 2;

      if (would_settle (middle, share))
        high = middle;
      else
        low = middle;
    }
  return high;
}

/**
 * assay_paired_images_needed:
 * @n: as in assay_paired_difference()
 * @b: likewise
 * @c: likewise
 *
 * About how many more images would settle which version is better, if of them as large
 * shares were right in one version only: so many that McNemar's test falls below
 * %ASSAY_PAIRED_LEVEL.
 *
 * Returns: how many, 0 when it is settled; %ASSAY_PAIRED_NEVER when the two are even, or
 *   nearly so
 */
guint64
assay_paired_images_needed (guint64 n,
                            guint64 b,
                            guint64 c)
{
  double uneven = (double) b + (double) c;
  guint64 settling;

  if (assay_mcnemar_exact (b, c) < ASSAY_PAIRED_LEVEL)
    return 0;
  settling = b != c ? find_settling (b + c, MIN (b, c) / uneven) : 0;
  if (settling == 0)
    return ASSAY_PAIRED_NEVER;
  /* Divided last: when 15 uneven images settle what 9 of 60 did not, 40 more have them, but
   * 15/9 − 1, which is rounded, would ask for 41. */
  return (guint64) ceil ((settling - uneven) * n / uneven);
}

typedef struct {
  double p;
  guint place;
} Ranked;

static int
compare_ranked (gconstpointer left,
                gconstpointer right)
{
  return compare_doubles (&((const Ranked *) left)->p, &((const Ranked *) right)->p);
}

/**
 * assay_holm_adjust:
 * @p: (array length=n) (inout): of as many tests
 * @n: how many
 *
 * Adjusts for having looked more than once: S. Holm, "A simple sequentially rejective
 * multiple test procedure" (1979).  The smallest is multiplied by n, the next by n − 1,
 * and so on, but none becomes smaller than one before it, or larger than 1.
 */
void
assay_holm_adjust (double *p,
                   guint n)
{
  g_autofree Ranked *ranked = g_new (Ranked, n);
  double least = 0;

  /* qsort() must not be given a null pointer, not even to sort nothing. */
  if (n == 0)
    return;
  for (guint i = 0; i < n; i++)
    ranked[i] = (Ranked) { p[i], i };
  qsort (ranked, n, sizeof (Ranked), compare_ranked);
  for (guint i = 0; i < n; i++)
    {
      least = MIN (1, MAX (least, ranked[i].p * (n - i)));
      p[ranked[i].place] = least;
    }
}
