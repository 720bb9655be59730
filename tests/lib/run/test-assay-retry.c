/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-error.h"
#include "assay-retry.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

#define N_CODES (ASSAY_ERROR_CANCELED + 1)

/* Whatever the status, a protocol that knows better has the last word. */
static gboolean
is_final (int code)
{
  return code == ASSAY_ERROR_REFUSED || code == ASSAY_ERROR_UNAUTHORIZED;
}

/* Every status that a server can send. */
static void
decides_by_status (void)
{
  for (guint status = 300; status < 1000; status++)
    for (int code = 0; code < N_CODES; code++)
      {
        static const guint transient[] = { 408, 425, 429, 502, 503, 504 };
        AssayRetry expected = status == 500 ? ASSAY_RETRY_ONCE : ASSAY_RETRY_NEVER;

        for (guint i = 0; i < G_N_ELEMENTS (transient); i++)
          if (status == transient[i])
            expected = ASSAY_RETRY_TRIES;
        if (is_final (code))
          expected = ASSAY_RETRY_NEVER;
        g_assert_cmpint (assay_retry_of (code, status), ==, expected);
      }
}

/* Without a status, and where the connection broke amid the body of a success. */
static void
decides_by_code (void)
{
  for (int code = 0; code < N_CODES; code++)
    {
      gboolean broken = code == ASSAY_ERROR_OFFLINE || code == ASSAY_ERROR_TIMED_OUT;
      AssayRetry expected = broken || code == ASSAY_ERROR_BUSY ? ASSAY_RETRY_TRIES
                            : code == ASSAY_ERROR_SERVICE      ? ASSAY_RETRY_ONCE
                                                               : ASSAY_RETRY_NEVER;

      g_assert_cmpint (assay_retry_of (code, 0), ==, expected);
      g_assert_cmpint (assay_retry_of (code, 200), ==,
                       broken ? ASSAY_RETRY_TRIES : ASSAY_RETRY_NEVER);
    }
}

static void
tells_the_mood (void)
{
  static const struct {
    int code;
    guint status;
    AssayMood mood;
  } cases[] = {
    { ASSAY_ERROR_REFUSED, 400, ASSAY_MOOD_ANSWERS },
    { ASSAY_ERROR_REFUSED, 503, ASSAY_MOOD_ANSWERS },
    { ASSAY_ERROR_UNAUTHORIZED, 401, ASSAY_MOOD_ANSWERS },
    { ASSAY_ERROR_NOT_FOUND, 404, ASSAY_MOOD_ANSWERS },
    { ASSAY_ERROR_TOO_LARGE, 413, ASSAY_MOOD_ANSWERS },
    { ASSAY_ERROR_BUSY, 425, ASSAY_MOOD_ANSWERS },
    { ASSAY_ERROR_SERVICE, 500, ASSAY_MOOD_ANSWERS },
    { ASSAY_ERROR_BAD_ANSWER, 200, ASSAY_MOOD_ANSWERS },
    { ASSAY_ERROR_CERTIFICATE, 0, ASSAY_MOOD_ANSWERS },
    { ASSAY_ERROR_TIMED_OUT, 408, ASSAY_MOOD_THROTTLES },
    { ASSAY_ERROR_BUSY, 429, ASSAY_MOOD_THROTTLES },
    { ASSAY_ERROR_BUSY, 503, ASSAY_MOOD_OVERLOADED },
    { ASSAY_ERROR_TIMED_OUT, 504, ASSAY_MOOD_OVERLOADED },
    { ASSAY_ERROR_TIMED_OUT, 0, ASSAY_MOOD_OVERLOADED },
    { ASSAY_ERROR_TIMED_OUT, 200, ASSAY_MOOD_OVERLOADED },
    { ASSAY_ERROR_SERVICE, 502, ASSAY_MOOD_GONE },
    { ASSAY_ERROR_OFFLINE, 0, ASSAY_MOOD_GONE },
    { ASSAY_ERROR_OFFLINE, 200, ASSAY_MOOD_GONE },
    { ASSAY_ERROR_OFFLINE, 404, ASSAY_MOOD_ANSWERS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (assay_mood_of (cases[i].code, cases[i].status), ==, cases[i].mood);
}

/* Evenly spread from nothing to the bound, which doubles up to 30 s. */
static void
backs_off_with_full_jitter (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint tries = 0; tries < 100; tries++)
    {
      double most = MIN (0.5 * (1u << (CLAMP (tries, 1, 10) - 1)), 30);
      guint quarters[4] = { 0 };

      for (guint i = 0; i < 4000; i++)
        {
          gint64 delay = assay_backoff_us (random, tries);

          g_assert_cmpint (delay, >=, 0);
          g_assert_cmpint (delay, <, most * SECOND);
          quarters[(guint) (delay * 4 / (most * SECOND))]++;
        }
      for (guint i = 0; i < 4; i++)
        {
          g_assert_cmpuint (quarters[i], >, 850);
          g_assert_cmpuint (quarters[i], <, 1150);
        }
    }
}

static void
bounds_the_budget (void)
{
  AssayBudget budget = { 0 };
  gint64 now = 1000 * SECOND;
  guint n = 0;

  for (; assay_budget_when (&budget, now) == now; n++)
    assay_budget_take (&budget, now);
  g_assert_cmpuint (n, ==, ASSAY_BUDGET_TOKENS);

  /* Time brings the next one exactly when it was told. */
  for (guint i = 0; i < 50; i++)
    {
      gint64 when = assay_budget_when (&budget, now);

      g_assert_cmpint (when, >, now);
      g_assert_cmpint (when, <=, now + SECOND);
      g_assert_cmpint (assay_budget_when (&budget, when - 2), >, when - 2);
      now = when;
      g_assert_cmpint (assay_budget_when (&budget, now), ==, now);
      assay_budget_take (&budget, now);
    }

  /* Five answers bring one. */
  for (guint i = 0; i < 5; i++)
    {
      g_assert_cmpint (assay_budget_when (&budget, now), >, now);
      assay_budget_give (&budget, now);
    }
  g_assert_cmpint (assay_budget_when (&budget, now), ==, now);

  /* A long rest fills it, and no more than that. */
  now += 3600 * SECOND;
  for (guint i = 0; i < 100; i++)
    assay_budget_give (&budget, now);
  for (n = 0; assay_budget_when (&budget, now) == now; n++)
    assay_budget_take (&budget, now);
  g_assert_cmpuint (n, ==, ASSAY_BUDGET_TOKENS);
  /* A clock that goes back brings nothing. */
  g_assert_cmpint (assay_budget_when (&budget, now - 60 * SECOND), >, now - 60 * SECOND);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/retry/decides-by-status", decides_by_status);
  g_test_add_func ("/assay/retry/decides-by-code", decides_by_code);
  g_test_add_func ("/assay/retry/tells-the-mood", tells_the_mood);
  g_test_add_func ("/assay/retry/backs-off-with-full-jitter", backs_off_with_full_jitter);
  g_test_add_func ("/assay/retry/bounds-the-budget", bounds_the_budget);
  return g_test_run ();
}
