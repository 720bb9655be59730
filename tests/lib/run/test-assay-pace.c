/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-limits.h"
#include "assay-pace.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* A clock that doesn't begin at zero, as the real one doesn't. */
#define EPOCH (12345 * SECOND)

static gint64
at (double seconds)
{
  return EPOCH + (gint64) llround (seconds * SECOND);
}

static void
bounds_what_flies (void)
{
  static const struct {
    guint asked;
    guint got;
  } cases[] = {
    { 0, 1 }, { 1, 1 }, { 8, 8 }, { ASSAY_LIMIT_JOBS, ASSAY_LIMIT_JOBS },
    { ASSAY_LIMIT_JOBS + 1, ASSAY_LIMIT_JOBS }, { G_MAXUINT, ASSAY_LIMIT_JOBS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayPace) pace = assay_pace_new (cases[i].asked);
      guint started = 0;

      for (; assay_pace_may_start (pace); started++)
        assay_pace_started (pace, at (started));
      g_assert_cmpuint (started, ==, cases[i].got);
      assay_pace_ended (pace, at (100), TRUE);
      g_assert_true (assay_pace_may_start (pace));
      g_assert_cmpuint (assay_pace_get_in_flight (pace), ==, cases[i].got - 1);
      g_assert_cmpuint (assay_pace_get_high_water (pace), ==, cases[i].got);
    }
}

/* One after the other at an even rate, looked at in the middle between two ends. */
static void
finds_an_even_rate (void)
{
  static const struct {
    double rate;
    double seconds;
    double tolerance;         /* of the rate */
  } cases[] = {
    { 1000, 1, 0.01 }, { 1000, 30, 0.01 }, { 40, 1, 0.06 }, { 40, 3, 0.03 },
    { 40, 600, 0.01 },  { 5, 5, 0.05 },    { 1, 30, 0.05 }, { 0.2, 120, 0.6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayPace) pace = assay_pace_new (1);
      double step = 1 / cases[i].rate;
      double now = 0;
      double rate;

      while (now + step <= cases[i].seconds)
        {
          assay_pace_started (pace, at (now));
          now += step;
          assay_pace_ended (pace, at (now), TRUE);
        }
      rate = assay_pace_get_rate (pace, at (now + step / 2));
      g_test_message ("%g a second for %g s: %g", cases[i].rate, cases[i].seconds, rate);
      g_assert_cmpfloat_with_epsilon (rate, cases[i].rate, cases[i].rate * cases[i].tolerance);
    }
}

static void
says_nothing_too_early (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (4);

  g_assert_cmpfloat (assay_pace_get_rate (pace, at (0)), ==, 0);
  for (int i = 0; i < 3; i++)
    assay_pace_started (pace, at (0));
  g_assert_cmpfloat (assay_pace_get_rate (pace, at (10)), ==, 0);
  assay_pace_ended (pace, at (10), TRUE);
  g_assert_cmpfloat (assay_pace_get_rate (pace, at (10.1)), ==, 0);
  assay_pace_ended (pace, at (10.2), TRUE);
  g_assert_cmpfloat (assay_pace_get_rate (pace, at (10.3)), >, 0);
}

/* An end changes nothing at its own moment, and the figure follows a change of
 * speed without ever going past either. */
static void
never_jumps (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (1);
  double now = 0;
  double last = 0;

  for (guint i = 0; i < 800; i++)
    {
      double step = i < 400 ? 0.025 : 0.1;
      double before, after;

      assay_pace_started (pace, at (now));
      now += step;
      before = assay_pace_get_rate (pace, at (now));
      assay_pace_ended (pace, at (now), TRUE);
      after = assay_pace_get_rate (pace, at (now));
      if (now < 2)
        continue;
      g_assert_cmpfloat_with_epsilon (after, before, 1e-9);
      if (last > 0)
        g_assert_cmpfloat_with_epsilon (after, last, 2.5);
      g_assert_cmpfloat (after, <, 41.5);
      g_assert_cmpfloat (after, >, 9.5);
      last = after;
    }
  g_assert_cmpfloat_with_epsilon (last, 10, 0.5);
}

static void
leaves_out_what_was_canceled (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (2);

  for (int i = 0; i < 100; i++)
    {
      assay_pace_started (pace, at (i * 0.1));
      assay_pace_started (pace, at (i * 0.1));
      assay_pace_ended (pace, at ((i + 1) * 0.1), FALSE);
      assay_pace_ended (pace, at ((i + 1) * 0.1), TRUE);
    }
  g_assert_cmpfloat_with_epsilon (assay_pace_get_rate (pace, at (10.05)), 10, 0.5);
}

static void
begins_anew_after_a_rest (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (1);

  for (int i = 0; i < 100; i++)
    {
      assay_pace_started (pace, at (i * 0.01));
      assay_pace_ended (pace, at ((i + 1) * 0.01), TRUE);
    }
  g_assert_cmpfloat_with_epsilon (assay_pace_get_rate (pace, at (1.0)), 100, 5);

  for (int i = 0; i < 50; i++)
    {
      assay_pace_started (pace, at (600 + i * 0.02));
      assay_pace_ended (pace, at (600 + (i + 1) * 0.02), TRUE);
    }
  g_assert_cmpfloat_with_epsilon (assay_pace_get_rate (pace, at (601.01)), 50, 5);
}

static void
fades_when_nothing_comes (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (2);

  for (int i = 0; i < 200; i++)
    {
      assay_pace_started (pace, at (i * 0.02));
      assay_pace_ended (pace, at ((i + 1) * 0.02), TRUE);
    }
  assay_pace_started (pace, at (4));
  g_assert_cmpfloat (assay_pace_get_rate (pace, at (6)), <, 40);
  g_assert_cmpfloat (assay_pace_get_rate (pace, at (30)), <, 0.1);
}

/* A clock that stands still or is read out of order must not break the sums. */
static void
bears_a_strange_clock (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (2);

  for (int i = 0; i < 50; i++)
    {
      assay_pace_started (pace, at (5));
      assay_pace_ended (pace, at (i % 2 == 0 ? 5 : 4), TRUE);
    }
  g_assert_true (isfinite (assay_pace_get_rate (pace, at (5))));
  g_assert_true (isfinite (assay_pace_get_rate (pace, at (3))));
  g_assert_true (isfinite (assay_pace_get_rate (pace, at (5.5))));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/pace/bounds-what-flies", bounds_what_flies);
  g_test_add_func ("/assay/pace/finds-an-even-rate", finds_an_even_rate);
  g_test_add_func ("/assay/pace/says-nothing-too-early", says_nothing_too_early);
  g_test_add_func ("/assay/pace/never-jumps", never_jumps);
  g_test_add_func ("/assay/pace/leaves-out-what-was-canceled", leaves_out_what_was_canceled);
  g_test_add_func ("/assay/pace/begins-anew-after-a-rest", begins_anew_after_a_rest);
  g_test_add_func ("/assay/pace/fades-when-nothing-comes", fades_when_nothing_comes);
  g_test_add_func ("/assay/pace/bears-a-strange-clock", bears_a_strange_clock);
  return g_test_run ();
}
