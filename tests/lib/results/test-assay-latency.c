/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "assay-latency.h"

static const double shares[] = { 0, 0.01, 0.5, 0.9, 0.95, 0.99, 1 };

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

/* 100 ns to nearly 12 days, as many of one length as of another. */
static double
draw_seconds (GRand *random)
{
  return pow (10, g_rand_double_range (random, -7, 6));
}

static void
knows_nothing_of_nobody (void)
{
  g_autoptr (AssayLatency) latency = assay_latency_new ();

  g_assert_cmpuint (assay_latency_get_n (latency), ==, 0);
  g_assert_true (isnan (assay_latency_get_percentile (latency, 0.5)));
  assay_latency_add (latency, 0.25);
  assay_latency_remove (latency, 0.25);
  g_assert_true (isnan (assay_latency_get_percentile (latency, 0.5)));
}

static void
tells_within_one_percent (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (6);

  for (guint n = 1; n <= 20000; n = n * 3 + 1)
    {
      g_autoptr (AssayLatency) latency = assay_latency_new ();
      g_autofree double *seconds = g_new (double, n);

      for (guint i = 0; i < n; i++)
        assay_latency_add (latency, seconds[i] = draw_seconds (random));
      qsort (seconds, n, sizeof (double), compare_doubles);
      g_assert_cmpuint (assay_latency_get_n (latency), ==, n);
      for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
        {
          double exact = seconds[(guint) MAX (1, ceil (shares[i] * n)) - 1];
          double told = assay_latency_get_percentile (latency, shares[i]);

          g_assert_cmpfloat (fabs (told - exact), <=, 0.01 * exact);
        }
    }
}

/* Every doubling joins on to the one before: what is longer is never told shorter. */
static void
never_tells_longer_as_shorter (void)
{
  double before = 0;

  for (double seconds = 1e-9; seconds < 1e6; seconds *= 1.004)
    {
      g_autoptr (AssayLatency) latency = assay_latency_new ();
      double told;

      assay_latency_add (latency, seconds);
      told = assay_latency_get_percentile (latency, 1);
      g_assert_cmpfloat (told, >=, before);
      before = told;
    }
}

static void
takes_what_is_no_duration (void)
{
  static const double odd[] = { 0, -1, NAN, -INFINITY };
  static const double endless[] = { 1e7, 1e300, INFINITY };
  g_autoptr (AssayLatency) latency = assay_latency_new ();

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    assay_latency_add (latency, odd[i]);
  g_assert_cmpfloat (assay_latency_get_percentile (latency, 1), <, 1e-9);
  for (guint i = 0; i < G_N_ELEMENTS (endless); i++)
    assay_latency_add (latency, endless[i]);
  g_assert_cmpfloat (assay_latency_get_percentile (latency, 1), >, 86400 * 12);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    assay_latency_remove (latency, odd[i]);
  for (guint i = 0; i < G_N_ELEMENTS (endless); i++)
    assay_latency_remove (latency, endless[i]);
  g_assert_cmpuint (assay_latency_get_n (latency), ==, 0);
}

static void
forgets_what_is_taken_out (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (AssayLatency) latency = assay_latency_new ();
  g_autoptr (AssayLatency) fresh = assay_latency_new ();
  double seconds[500];
  gboolean inside[500] = { FALSE };

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    seconds[i] = draw_seconds (random);
  for (guint i = 0; i < 100000; i++)
    {
      guint which = g_rand_int_range (random, 0, G_N_ELEMENTS (seconds));

      if (inside[which])
        assay_latency_remove (latency, seconds[which]);
      else
        assay_latency_add (latency, seconds[which]);
      inside[which] = !inside[which];
    }
  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    if (inside[i])
      assay_latency_add (fresh, seconds[i]);
  g_assert_cmpuint (assay_latency_get_n (latency), ==, assay_latency_get_n (fresh));
  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    g_assert_cmpfloat (assay_latency_get_percentile (latency, shares[i]), ==,
                       assay_latency_get_percentile (fresh, shares[i]));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/latency/knows-nothing-of-nobody", knows_nothing_of_nobody);
  g_test_add_func ("/assay/latency/tells-within-one-percent", tells_within_one_percent);
  g_test_add_func ("/assay/latency/never-tells-longer-as-shorter", never_tells_longer_as_shorter);
  g_test_add_func ("/assay/latency/takes-what-is-no-duration", takes_what_is_no_duration);
  g_test_add_func ("/assay/latency/forgets-what-is-taken-out", forgets_what_is_taken_out);
  return g_test_run ();
}
