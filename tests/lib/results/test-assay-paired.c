/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-paired.h"

/* What can be worked out on paper; test_figures.py has large counts by whole numbers. */
static void
tells_how_probable_a_split_is (void)
{
  static const struct {
    guint64 b;
    guint64 c;
    double p;
  } table[] = {
    { 0, 0, 1 },
    { 0, 1, 1 },
    { 4, 4, 1 },
    { 0, 5, 2.0 / 32 },
    { 0, 6, 2.0 / 64 },
    { 7, 2, 2.0 * (1 + 9 + 36) / 512 },
    { 1, 11, 2.0 * (1 + 12) / 4096 },
    { 5, 14, 2.0 * (1 + 19 + 171 + 969 + 3876 + 11628) / 524288 },
    /* Less than any double. */
    { 0, 5000, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      double p = assay_mcnemar_exact (table[i].b, table[i].c);

      g_assert_cmpfloat (fabs (p - table[i].p), <=, 1e-12 * table[i].p);
      g_assert_cmpfloat (p, ==, assay_mcnemar_exact (table[i].c, table[i].b));
    }
}

static void
draws_the_same_everywhere (void)
{
  AssayInterval once = assay_paired_difference (300, 4, 31, ASSAY_PAIRED_SEED);
  AssayInterval again = assay_paired_difference (300, 4, 31, ASSAY_PAIRED_SEED);

  g_assert_cmpfloat (once.low, ==, again.low);
  g_assert_cmpfloat (once.high, ==, again.high);
  /* Of 300 images each drawing has a whole number, so that its ends have one too. */
  g_assert_cmpfloat_with_epsilon (once.value, 27.0 / 300, 1e-15);
  g_assert_cmpfloat_with_epsilon (once.low, 16.0 / 300, 1e-15);
  g_assert_cmpfloat_with_epsilon (once.high, 38.0 / 300, 1e-15);
}

static void
draws_what_is_sure (void)
{
  AssayInterval none = assay_paired_difference (0, 0, 0, ASSAY_PAIRED_SEED);
  AssayInterval even = assay_paired_difference (50, 0, 0, ASSAY_PAIRED_SEED);
  AssayInterval worse = assay_paired_difference (50, 50, 0, ASSAY_PAIRED_SEED);
  AssayInterval better = assay_paired_difference (50, 0, 50, ASSAY_PAIRED_SEED);

  g_assert_true (isnan (none.value) && isnan (none.low) && isnan (none.high));
  g_assert_true (even.value == 0 && even.low == 0 && even.high == 0);
  g_assert_true (worse.value == -1 && worse.low == -1 && worse.high == -1);
  g_assert_true (better.value == 1 && better.low == 1 && better.high == 1);
}

/* What is said to be needed settles it, when the pattern holds. */
static void
says_how_many_settle_it (void)
{
  static const guint64 table[][3] = {
    { 50, 0, 3 }, { 50, 3, 0 }, { 60, 2, 7 }, { 100, 3, 8 }, { 1000, 60, 70 }, { 9000, 4000, 4080 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      guint64 n = table[i][0], b = table[i][1], c = table[i][2];
      guint64 needed = assay_paired_images_needed (n, b, c);
      double times = 1 + (double) needed / n;

      g_assert_cmpuint (needed, >, 0);
      g_assert_cmpuint (needed, !=, ASSAY_PAIRED_NEVER);
      g_assert_cmpfloat (assay_mcnemar_exact (llround (b * times), llround (c * times)), <, 0.0505);
    }
  /* As with six against none, and there were three of fifty. */
  g_assert_cmpuint (assay_paired_images_needed (50, 0, 3), ==, 50);
  g_assert_cmpuint (assay_paired_images_needed (50, 0, 6), ==, 0);
  /* 15 uneven images are needed where there were 9, and 17 where there were 12: no image
   * more than that takes. */
  g_assert_cmpuint (assay_paired_images_needed (60, 2, 7), ==, 40);
  g_assert_cmpuint (assay_paired_images_needed (300, 3, 9), ==, 125);
  g_assert_cmpuint (assay_paired_images_needed (50, 6, 6), ==, ASSAY_PAIRED_NEVER);
  g_assert_cmpuint (assay_paired_images_needed (0, 0, 0), ==, ASSAY_PAIRED_NEVER);
}

static void
adjusts_for_having_looked_often (void)
{
  double p[] = { 0.01, 0.04, 0.03, 0.005 };
  double large[] = { 0.9, 0.5, 0.6 };
  double one[] = { 0.04 };

  assay_holm_adjust (p, G_N_ELEMENTS (p));
  g_assert_cmpfloat_with_epsilon (p[0], 0.03, 1e-15);
  /* Not 0.04: it can't be less than the one before it. */
  g_assert_cmpfloat_with_epsilon (p[1], 0.06, 1e-15);
  g_assert_cmpfloat_with_epsilon (p[2], 0.06, 1e-15);
  g_assert_cmpfloat_with_epsilon (p[3], 0.02, 1e-15);
  assay_holm_adjust (large, G_N_ELEMENTS (large));
  g_assert_true (large[0] == 1 && large[1] == 1 && large[2] == 1);
  assay_holm_adjust (one, G_N_ELEMENTS (one));
  g_assert_cmpfloat (one[0], ==, 0.04);
  assay_holm_adjust (one, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/paired/tells-how-probable-a-split-is", tells_how_probable_a_split_is);
  g_test_add_func ("/assay/paired/draws-the-same-everywhere", draws_the_same_everywhere);
  g_test_add_func ("/assay/paired/draws-what-is-sure", draws_what_is_sure);
  g_test_add_func ("/assay/paired/says-how-many-settle-it", says_how_many_settle_it);
  g_test_add_func ("/assay/paired/adjusts-for-having-looked-often",
                   adjusts_for_having_looked_often);
  return g_test_run ();
}
