/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-error.h"
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

/* Doubles with each round up to what is allowed, and never beyond. */
static void
bounds_what_flies (void)
{
  static const struct {
    guint asked;
    guint got;
  } cases[] = {
    { 0, 1 }, { 1, 1 }, { 3, 3 }, { 8, 8 }, { ASSAY_LIMIT_JOBS, ASSAY_LIMIT_JOBS },
    { ASSAY_LIMIT_JOBS + 1, ASSAY_LIMIT_JOBS }, { G_MAXUINT, ASSAY_LIMIT_JOBS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayPace) pace = assay_pace_new (cases[i].asked, 5, 1);

      for (guint round = 0; round < 10; round++)
        {
          guint expected = MIN (4u << round, cases[i].got);
          guint started = 0;

          g_assert_cmpuint (assay_pace_get_limit (pace), ==, expected);
          for (; assay_pace_may_send (pace, FALSE, at (round)); started++)
            assay_pace_sent (pace, FALSE, at (round));
          g_assert_cmpuint (started, ==, expected);
          g_assert_cmpint (assay_pace_next_wakeup (pace, FALSE, at (round)), ==, G_MAXINT64);
          g_assert_cmpuint (assay_pace_get_high_water (pace), ==, expected);
          for (; started > 0; started--)
            assay_pace_succeeded (pace, at (round + 0.1), at (round));
          g_assert_cmpuint (assay_pace_get_in_flight (pace), ==, 0);
        }
    }
}

#define REAL ((gint64) 784111777 * SECOND)

static AssayPaceVerdict
fail (AssayPace *pace,
      double when,
      guint status,
      int code,
      guint tries,
      const char *retry_after)
{
  AssayPaceFailure failure = {
    .sent = at (when), .code = code, .status = status, .retry_after = retry_after, .tries = tries,
  };

  g_assert_true (assay_pace_may_send (pace, tries > 1, at (when)));
  assay_pace_sent (pace, tries > 1, at (when));
  return assay_pace_failed (pace, at (when + 0.1), REAL, &failure);
}

typedef struct {
  guint status;
  int code;
  guint tries;               /* until it has failed, of five */
} Kind;

static const Kind kinds[] = {
  { 0, ASSAY_ERROR_OFFLINE, 5 },       { 0, ASSAY_ERROR_TIMED_OUT, 5 },
  { 200, ASSAY_ERROR_OFFLINE, 5 },     { 200, ASSAY_ERROR_TIMED_OUT, 5 },
  { 408, ASSAY_ERROR_TIMED_OUT, 5 },   { 425, ASSAY_ERROR_BUSY, 5 },
  { 429, ASSAY_ERROR_BUSY, 5 },        { 502, ASSAY_ERROR_SERVICE, 5 },
  { 503, ASSAY_ERROR_BUSY, 5 },        { 504, ASSAY_ERROR_TIMED_OUT, 5 },
  { 500, ASSAY_ERROR_SERVICE, 2 },     { 501, ASSAY_ERROR_SERVICE, 1 },
  { 507, ASSAY_ERROR_SERVICE, 1 },     { 301, ASSAY_ERROR_USAGE, 1 },
  { 400, ASSAY_ERROR_REFUSED, 1 },     { 401, ASSAY_ERROR_UNAUTHORIZED, 1 },
  { 402, ASSAY_ERROR_REFUSED, 1 },     { 403, ASSAY_ERROR_FORBIDDEN, 1 },
  { 404, ASSAY_ERROR_NOT_FOUND, 1 },   { 405, ASSAY_ERROR_REFUSED, 1 },
  { 413, ASSAY_ERROR_TOO_LARGE, 1 },   { 415, ASSAY_ERROR_REFUSED, 1 },
  { 422, ASSAY_ERROR_REFUSED, 1 },     { 200, ASSAY_ERROR_BAD_ANSWER, 1 },
  { 0, ASSAY_ERROR_CERTIFICATE, 1 },   { 0, ASSAY_ERROR_UNAUTHORIZED, 1 },
  { 0, ASSAY_ERROR_USAGE, 1 },         { 0, ASSAY_ERROR_FAILED, 1 },
};

typedef struct {
  const char *text;
  double seconds;            /* 0 if it says nothing */
} Hint;

static const Hint hints[] = {
  { NULL, 0 }, { "0", 0 }, { "-5", 0 }, { "later", 0 }, { "3", 3 }, { "90", 90 },
  { "86400", 3600 }, { "Sun, 06 Nov 1994 08:49:57 GMT", 20 },
  { "Sun, 06 Nov 1994 08:49:17 GMT", 0 },
};

static void
judge_one (const Kind *kind,
           const Hint *hint,
           guint tries)
{
  g_autoptr (AssayPace) pace = assay_pace_new (8, 5, tries);
  AssayPaceVerdict verdict = fail (pace, 0, kind->status, kind->code, tries, hint->text);
  double bound = MAX (0.1 + 0.5 * (1 << (tries - 1)), 0.1 + hint->seconds);
  gint64 open = assay_pace_next_wakeup (pace, FALSE, at (0.1));

  g_assert_true (verdict.counted);
  g_assert_cmpint (verdict.again, ==, tries < kind->tries);
  if (kind->tries == 1)
    g_assert_cmpint (open, ==, at (0.1));
  else if (hint->seconds > 0)
    g_assert_cmpint (open, ==, at (0.1 + hint->seconds));
  if (!verdict.again)
    return;
  g_assert_cmpint (verdict.when, >=, at (0.1 + hint->seconds));
  g_assert_cmpint (verdict.when, <=, at (bound));
}

/* Every kind × try × hint, each at a pace that has seen nothing else. */
static void
judges_every_failure (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; j < G_N_ELEMENTS (hints); j++)
      for (guint tries = 1; tries <= 5; tries++)
        judge_one (&kinds[i], &hints[j], tries);
}

static void
takes_the_limit_of_tries (void)
{
  static const guint limits[] = { 0, 1, 2, 10, ASSAY_LIMIT_TRIES, G_MAXUINT };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autoptr (AssayPace) pace = assay_pace_new (8, limits[i], 1);
      guint limit = CLAMP (limits[i], 1, ASSAY_LIMIT_TRIES);

      if (limit > 1)
        g_assert_true (fail (pace, 0, 425, ASSAY_ERROR_BUSY, limit - 1, NULL).again);
      g_assert_false (fail (pace, 100, 425, ASSAY_ERROR_BUSY, limit, NULL).again);
      g_assert_cmpint (fail (pace, 200, 500, ASSAY_ERROR_SERVICE, 1, NULL).again, ==, limit > 1);
    }
}

/* While the service is gone a failure is not the item's. */
static void
forgives_while_nobody_is_there (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (1, 2, 1);
  AssayPaceVerdict verdict = { 0 };
  double now = 0;
  gint64 until;

  for (guint i = 0; i < 5; i++, now += 100)
    {
      g_assert_cmpint (assay_pace_get_pause (pace, at (now), NULL), ==, ASSAY_PAUSE_NONE);
      verdict = fail (pace, now, 0, ASSAY_ERROR_OFFLINE, 2, NULL);
      /* All that was asked while the service seemed to be there. */
      g_assert_false (verdict.again);
    }
  g_assert_true (verdict.counted);
  g_assert_cmpint (assay_pace_get_silence (pace, at (401)), ==, 401 * SECOND);
  for (guint i = 0; i < 10; i++)
    {
      g_assert_cmpint (assay_pace_get_pause (pace, at (now), &until), ==, ASSAY_PAUSE_GONE);
      now = (until - EPOCH) / (double) SECOND + 1;
      verdict = fail (pace, now, 0, ASSAY_ERROR_OFFLINE, 2, NULL);
      /* But not for ever. */
      g_assert_cmpint (verdict.again, ==, i < 5);
      g_assert_cmpint (verdict.counted, ==, i >= 5);
    }
  /* What it says about the item counts even now, and shows that it is there. */
  assay_pace_get_pause (pace, at (now), &until);
  now = (until - EPOCH) / (double) SECOND + 1;
  g_assert_false (fail (pace, now, 404, ASSAY_ERROR_NOT_FOUND, 1, NULL).again);
  g_assert_cmpint (assay_pace_get_pause (pace, at (now + 1), NULL), ==, ASSAY_PAUSE_NONE);
  g_assert_cmpint (assay_pace_get_silence (pace, at (now + 1)), ==, 0);
}

static void
waits_for_the_network (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (4, 5, 1);
  AssayPaceFailure failure = { .sent = at (0), .code = ASSAY_ERROR_OFFLINE, .tries = 5 };
  AssayPaceVerdict verdict;
  gint64 until;

  for (guint i = 0; i < 4; i++)
    assay_pace_sent (pace, FALSE, at (0));
  assay_pace_pause (pace, ASSAY_PAUSE_NETWORK, at (1));
  for (guint i = 0; i < 4; i++)
    {
      verdict = assay_pace_failed (pace, at (2 + i), REAL, &failure);
      g_assert_true (verdict.again);
      g_assert_false (verdict.counted);
    }
  g_assert_cmpint (assay_pace_get_pause (pace, at (50), &until), ==, ASSAY_PAUSE_NETWORK);
  g_assert_cmpint (until, ==, G_MAXINT64);
  g_assert_cmpint (assay_pace_next_wakeup (pace, FALSE, at (50)), ==, G_MAXINT64);
  g_assert_cmpint (assay_pace_get_silence (pace, at (51)), ==, 50 * SECOND);
  /* Twice is once. */
  assay_pace_pause (pace, ASSAY_PAUSE_NETWORK, at (52));
  g_assert_cmpint (assay_pace_get_silence (pace, at (61)), ==, 60 * SECOND);
  assay_pace_resume (pace, ASSAY_PAUSE_NETWORK, at (70));
  assay_pace_resume (pace, ASSAY_PAUSE_NETWORK, at (71));
  g_assert_true (assay_pace_may_send (pace, FALSE, at (70)));
  g_assert_cmpint (assay_pace_get_silence (pace, at (70)), ==, 0);
  g_assert_cmpint (assay_pace_get_pause (pace, at (70), NULL), ==, ASSAY_PAUSE_NONE);
}

/* A network that comes back ends the pause of a service that was gone, and loses
 * no probe. */
static void
probes_when_the_network_is_back (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (1, 5, 1);
  AssayPaceFailure failure = { .code = ASSAY_ERROR_OFFLINE, .tries = 1 };
  gint64 until;

  for (guint i = 0; i < 5; i++)
    fail (pace, i * 100, 0, ASSAY_ERROR_OFFLINE, 1, NULL);
  assay_pace_get_pause (pace, at (400.2), &until);
  assay_pace_sent (pace, FALSE, until);
  failure.sent = until;
  assay_pace_pause (pace, ASSAY_PAUSE_NETWORK, until + SECOND);
  g_assert_true (assay_pace_failed (pace, until + 2 * SECOND, REAL, &failure).again);
  assay_pace_resume (pace, ASSAY_PAUSE_NETWORK, until + 3 * SECOND);
  g_assert_true (assay_pace_may_send (pace, TRUE, until + 3 * SECOND));
}

/* Somebody who knows better ends that pause too, and no other. */
static void
probes_when_told (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (1, 5, 1);
  gint64 until;

  assay_pace_try_now (pace, at (0));
  for (guint i = 0; i < 5; i++)
    fail (pace, i * 100, 0, ASSAY_ERROR_OFFLINE, 1, NULL);
  g_assert_cmpint (assay_pace_get_pause (pace, at (400.2), &until), ==, ASSAY_PAUSE_GONE);
  g_assert_cmpint (until, >, at (402));
  g_assert_false (assay_pace_may_send (pace, FALSE, at (402)));
  assay_pace_try_now (pace, at (402));
  g_assert_true (assay_pace_may_send (pace, FALSE, at (402)));
  assay_pace_sent (pace, FALSE, at (402));
  assay_pace_succeeded (pace, at (402.5), at (402));
  g_assert_cmpint (assay_pace_get_pause (pace, at (402.5), NULL), ==, ASSAY_PAUSE_NONE);

  assay_pace_pause (pace, ASSAY_PAUSE_PERSON, at (403));
  assay_pace_try_now (pace, at (404));
  g_assert_false (assay_pace_may_send (pace, FALSE, at (404)));
}

static void
pauses_for_a_person (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (4, 5, 1);

  fail (pace, 0, 429, ASSAY_ERROR_BUSY, 1, "30");
  assay_pace_pause (pace, ASSAY_PAUSE_PERSON, at (1));
  assay_pace_pause (pace, ASSAY_PAUSE_SIGN_IN, at (2));
  g_assert_cmpint (assay_pace_get_pause (pace, at (3), NULL), ==, ASSAY_PAUSE_PERSON);
  assay_pace_resume (pace, ASSAY_PAUSE_PERSON, at (4));
  g_assert_cmpint (assay_pace_get_pause (pace, at (5), NULL), ==, ASSAY_PAUSE_SIGN_IN);
  assay_pace_resume (pace, ASSAY_PAUSE_SIGN_IN, at (6));
  /* The service's wish outlives a person's. */
  g_assert_cmpint (assay_pace_get_pause (pace, at (7), NULL), ==, ASSAY_PAUSE_ASKED);
  g_assert_cmpint (assay_pace_next_wakeup (pace, FALSE, at (7)), ==, at (30.1));
}

/* Repeats cost, first tries don't. */
static void
keeps_a_budget (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (ASSAY_LIMIT_JOBS, 5, 1);
  guint sent = 0;

  for (guint round = 0; round < 6; round++)
    {
      guint n = 0;

      for (; assay_pace_may_send (pace, FALSE, at (round)); n++)
        assay_pace_sent (pace, FALSE, at (round));
      for (; n > 0; n--)
        assay_pace_succeeded (pace, at (round + 0.1), at (round));
    }
  for (; assay_pace_may_send (pace, TRUE, at (10)); sent++)
    assay_pace_sent (pace, TRUE, at (10));
  g_assert_cmpuint (sent, ==, 20);
  g_assert_true (assay_pace_may_send (pace, FALSE, at (10)));
  g_assert_cmpint (assay_pace_next_wakeup (pace, TRUE, at (10)), ==, at (11));
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
      g_autoptr (AssayPace) pace = assay_pace_new (1, 5, 1);
      double step = 1 / cases[i].rate;
      double now = 0;
      double rate;

      while (now + step <= cases[i].seconds)
        {
          assay_pace_sent (pace, FALSE, at (now));
          now += step;
          assay_pace_succeeded (pace, at (now), at (0));
        }
      rate = assay_pace_get_rate (pace, at (now + step / 2));
      g_test_message ("%g a second for %g s: %g", cases[i].rate, cases[i].seconds, rate);
      g_assert_cmpfloat_with_epsilon (rate, cases[i].rate, cases[i].rate * cases[i].tolerance);
    }
}

static void
says_nothing_too_early (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (4, 5, 1);

  g_assert_cmpfloat (assay_pace_get_rate (pace, at (0)), ==, 0);
  for (int i = 0; i < 3; i++)
    assay_pace_sent (pace, FALSE, at (0));
  g_assert_cmpfloat (assay_pace_get_rate (pace, at (10)), ==, 0);
  assay_pace_succeeded (pace, at (10), at (0));
  g_assert_cmpfloat (assay_pace_get_rate (pace, at (10.1)), ==, 0);
  assay_pace_succeeded (pace, at (10.2), at (0));
  g_assert_cmpfloat (assay_pace_get_rate (pace, at (10.3)), >, 0);
}

/* An end changes nothing at its own moment, and the figure follows a change of
 * speed without ever going past either. */
static void
never_jumps (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (1, 5, 1);
  double now = 0;
  double last = 0;

  for (guint i = 0; i < 800; i++)
    {
      double step = i < 400 ? 0.025 : 0.1;
      double before, after;

      assay_pace_sent (pace, FALSE, at (now));
      now += step;
      before = assay_pace_get_rate (pace, at (now));
      assay_pace_succeeded (pace, at (now), at (0));
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
  g_autoptr (AssayPace) pace = assay_pace_new (2, 5, 1);

  for (int i = 0; i < 100; i++)
    {
      assay_pace_sent (pace, FALSE, at (i * 0.1));
      assay_pace_sent (pace, FALSE, at (i * 0.1));
      assay_pace_canceled (pace, at ((i + 1) * 0.1), at (0));
      assay_pace_succeeded (pace, at ((i + 1) * 0.1), at (0));
    }
  g_assert_cmpfloat_with_epsilon (assay_pace_get_rate (pace, at (10.05)), 10, 0.5);
}

static void
begins_anew_after_a_rest (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (1, 5, 1);

  for (int i = 0; i < 100; i++)
    {
      assay_pace_sent (pace, FALSE, at (i * 0.01));
      assay_pace_succeeded (pace, at ((i + 1) * 0.01), at (0));
    }
  g_assert_cmpfloat_with_epsilon (assay_pace_get_rate (pace, at (1.0)), 100, 5);

  for (int i = 0; i < 50; i++)
    {
      assay_pace_sent (pace, FALSE, at (600 + i * 0.02));
      assay_pace_succeeded (pace, at (600 + (i + 1) * 0.02), at (0));
    }
  g_assert_cmpfloat_with_epsilon (assay_pace_get_rate (pace, at (601.01)), 50, 5);
}

static void
fades_when_nothing_comes (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (2, 5, 1);

  for (int i = 0; i < 200; i++)
    {
      assay_pace_sent (pace, FALSE, at (i * 0.02));
      assay_pace_succeeded (pace, at ((i + 1) * 0.02), at (0));
    }
  assay_pace_sent (pace, FALSE, at (4));
  g_assert_cmpfloat (assay_pace_get_rate (pace, at (6)), <, 40);
  g_assert_cmpfloat (assay_pace_get_rate (pace, at (30)), <, 0.1);
}

/* A clock that stands still or is read out of order must not break the sums. */
static void
bears_a_strange_clock (void)
{
  g_autoptr (AssayPace) pace = assay_pace_new (2, 5, 1);

  for (int i = 0; i < 50; i++)
    {
      assay_pace_sent (pace, FALSE, at (5));
      assay_pace_succeeded (pace, at (i % 2 == 0 ? 5 : 4), at (0));
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
  g_test_add_func ("/assay/pace/judges-every-failure", judges_every_failure);
  g_test_add_func ("/assay/pace/takes-the-limit-of-tries", takes_the_limit_of_tries);
  g_test_add_func ("/assay/pace/forgives-while-nobody-is-there", forgives_while_nobody_is_there);
  g_test_add_func ("/assay/pace/waits-for-the-network", waits_for_the_network);
  g_test_add_func ("/assay/pace/probes-when-the-network-is-back", probes_when_the_network_is_back);
  g_test_add_func ("/assay/pace/pauses-for-a-person", pauses_for_a_person);
  g_test_add_func ("/assay/pace/keeps-a-budget", keeps_a_budget);
  g_test_add_func ("/assay/pace/finds-an-even-rate", finds_an_even_rate);
  g_test_add_func ("/assay/pace/probes-when-told", probes_when_told);
  g_test_add_func ("/assay/pace/says-nothing-too-early", says_nothing_too_early);
  g_test_add_func ("/assay/pace/never-jumps", never_jumps);
  g_test_add_func ("/assay/pace/leaves-out-what-was-canceled", leaves_out_what_was_canceled);
  g_test_add_func ("/assay/pace/begins-anew-after-a-rest", begins_anew_after_a_rest);
  g_test_add_func ("/assay/pace/fades-when-nothing-comes", fades_when_nothing_comes);
  g_test_add_func ("/assay/pace/bears-a-strange-clock", bears_a_strange_clock);
  return g_test_run ();
}
