/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-error.h"
#include "assay-retry.h"

/* "Full jitter": sleep = random (0, min (cap, base · 2^n)), which of all kinds
 * tried there needs the fewest requests until everybody is served (AWS
 * Architecture Blog, Marc Brooker, "Exponential Backoff And Jitter", 2015). */
#define BACKOFF_BASE_US ((gint64) G_USEC_PER_SEC / 2)
#define BACKOFF_CAP_US ((gint64) 30 * G_USEC_PER_SEC)

/* Answers are no answers while nobody has said which. */
static gboolean
is_success (guint status)
{
  return status < 300;
}

/* A protocol knows what its servers mean: TorchServe says 503 of a picture that it can't
 * read, and would say it again. */
static gboolean
is_final (int code)
{
  return code == ASSAY_ERROR_REFUSED || code == ASSAY_ERROR_UNAUTHORIZED;
}

/**
 * assay_retry_of:
 * @code: a code of #AssayError
 * @status: the HTTP status, 0 when no answer came
 *
 * Repeating a request for a classification is safe: it changes nothing at the
 * service.  What was said by a status counts before what we made of it, unless that
 * is final; a connection may also break amid the body of a success.
 *
 * Returns: whether to send the same again
 */
AssayRetry
assay_retry_of (int code,
                guint status)
{
  if (is_final (code))
    return ASSAY_RETRY_NEVER;
  switch (status)
    {
    case 408:
    case 425:
    case 429:
    case 502:
    case 503:
    case 504:
      return ASSAY_RETRY_TRIES;
    case 500:
      return ASSAY_RETRY_ONCE;
    default:
      break;
    }
  if (!is_success (status))
    return ASSAY_RETRY_NEVER;
  if (code == ASSAY_ERROR_OFFLINE || code == ASSAY_ERROR_TIMED_OUT)
    return ASSAY_RETRY_TRIES;
  /* Of the service that gives the token: no request has been sent. */
  if (status == 0 && code == ASSAY_ERROR_BUSY)
    return ASSAY_RETRY_TRIES;
  return status == 0 && code == ASSAY_ERROR_SERVICE ? ASSAY_RETRY_ONCE : ASSAY_RETRY_NEVER;
}

/**
 * assay_mood_of:
 * @code: a code of #AssayError
 * @status: the HTTP status, 0 when no answer came
 *
 * Returns: what a failure with these says about the service
 */
AssayMood
assay_mood_of (int code,
               guint status)
{
  if (is_final (code))
    return ASSAY_MOOD_ANSWERS;
  switch (status)
    {
    case 408:
    case 429:
      return ASSAY_MOOD_THROTTLES;
    case 503:
    case 504:
      return ASSAY_MOOD_OVERLOADED;
    case 502:
      return ASSAY_MOOD_GONE;
    default:
      break;
    }
  if (!is_success (status))
    return ASSAY_MOOD_ANSWERS;
  if (code == ASSAY_ERROR_TIMED_OUT || (status == 0 && code == ASSAY_ERROR_BUSY))
    return ASSAY_MOOD_OVERLOADED;
  return code == ASSAY_ERROR_OFFLINE ? ASSAY_MOOD_GONE : ASSAY_MOOD_ANSWERS;
}

/**
 * assay_backoff_us:
 * @random: where chance comes from
 * @tries: how often it was tried in vain, from 1
 *
 * Returns: microseconds to wait: evenly spread from 0 to half a second, doubled
 *   with each further try, up to 30 s
 */
gint64
assay_backoff_us (GRand *random,
                  guint tries)
{
  gint64 most = BACKOFF_BASE_US << (CLAMP (tries, 1, 20) - 1);

  return (gint64) g_rand_double_range (random, 0, MIN (most, BACKOFF_CAP_US));
}

/* The idea is that of Finagle's RetryBudget (twitter.github.io/finagle, "Retry
 * Budgets", 2016: 20 % of the requests and 10 a second) and of gRPC's retry
 * throttling (grpc/proposal, A6: a token for each failure, a part of one for
 * each success).  Unlike theirs an empty bucket fails nobody: who wants to try
 * again waits for the next token.  Ours brings one a second, not ten, because
 * we are one person's program and not a fleet of servers. */

static double
spent_at (const AssayBudget *self,
          gint64 now)
{
  double seconds = MAX (now - self->last, 0) / (double) G_USEC_PER_SEC;

  return MAX (self->spent - seconds * ASSAY_BUDGET_A_SECOND, 0);
}

/**
 * assay_budget_take:
 * @now: monotonic time in microseconds
 *
 * Something is sent again.
 */
void
assay_budget_take (AssayBudget *self,
                   gint64 now)
{
  self->spent = MIN (spent_at (self, now) + 1, ASSAY_BUDGET_TOKENS);
  self->last = MAX (self->last, now);
}

/**
 * assay_budget_give:
 * @now: monotonic time in microseconds
 *
 * Something was answered.
 */
void
assay_budget_give (AssayBudget *self,
                   gint64 now)
{
  self->spent = MAX (spent_at (self, now) - ASSAY_BUDGET_AN_ANSWER, 0);
  self->last = MAX (self->last, now);
}

/**
 * assay_budget_when:
 * @now: monotonic time in microseconds
 *
 * Returns: when there is a token, @now if there is one already
 */
gint64
assay_budget_when (const AssayBudget *self,
                   gint64 now)
{
  double excess = spent_at (self, now) - (ASSAY_BUDGET_TOKENS - 1);

  /* Sums of tenths are not exact. */
  if (excess <= 1e-6)
    return now;
  return now + (gint64) ceil (excess / ASSAY_BUDGET_A_SECOND * G_USEC_PER_SEC);
}
