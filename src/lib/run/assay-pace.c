/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-breaker.h"
#include "assay-limits.h"
#include "assay-rate.h"
#include "assay-pace.h"
#include "assay-retry-after.h"
#include "assay-retry.h"
#include "assay-throttle.h"

/* One failure may be an accident of one connection; two in a row without an
 * answer between them say something about the service. */
#define TROUBLE_ENOUGH 2

/* So many pauses in a row, a quarter of an hour, are the service's fault.  After
 * that tries count again: what is left may be just what the service dies of. */
#define FORGIVEN_PAUSES 5

/* A run that is refused without a hint is held back for 4 s at most, 2 s on the
 * average: the items' own back-off goes on where that ends. */
#define HOLD_ROUNDS 4

/* Nothing in flight for so long: whatever comes is a new start. */
#define IDLE_US ((gint64) 3 * G_USEC_PER_SEC)

/* What only people and programs outside can end. */
#define PAUSES_FROM_OUTSIDE (ASSAY_PAUSE_PERSON | ASSAY_PAUSE_SIGN_IN | ASSAY_PAUSE_NETWORK)

/* Invariants: in_flight ≤ high_water, and ≤ the throttle's most unless that was
 * lowered since.  A round is what was in the air together: it begins with the first
 * failure of a request that was sent after the last round had begun, so that what
 * breaks at once counts once. */
struct _AssayPace {
  AssayThrottle throttle;
  AssayBreaker breaker;
  AssayBudget budget;
  AssayRate ends;           /* whatever came back */
  AssayRate answers;        /* what got through */
  GRand *random;
  guint max_tries;
  guint in_flight;
  guint high_water;
  guint trouble;             /* failures and refusals since the last answer */
  gint64 trouble_since;
  guint rounds;              /* of them */
  gint64 round_at;           /* when the last one began */
  gboolean round_held;       /* the run has been held back for it */
  gint64 hold;               /* nothing is sent before */
  gint64 asked;              /* the same, because the service asked */
  gint64 offline_since;      /* while there is no network */
  guint paused;              /* AssayPause */
};

/**
 * assay_pace_new:
 * @max_in_flight: how many may fly at once; brought into 1…%ASSAY_LIMIT_JOBS
 * @max_tries: how often one item is sent; brought into 1…%ASSAY_LIMIT_TRIES
 * @seed: where chance begins; the same seed and events give the same answers
 *
 * Returns: (transfer full): a pace at rest
 */
AssayPace *
assay_pace_new (guint max_in_flight,
                guint max_tries,
                guint32 seed)
{
  AssayPace *self = g_new0 (AssayPace, 1);

  assay_throttle_init (&self->throttle, CLAMP (max_in_flight, 1, ASSAY_LIMIT_JOBS));
  self->max_tries = CLAMP (max_tries, 1, ASSAY_LIMIT_TRIES);
  self->random = g_rand_new_with_seed (seed);
  return self;
}

void
assay_pace_free (AssayPace *self)
{
  g_rand_free (self->random);
  g_free (self);
}

/**
 * assay_pace_set_max:
 * @max_in_flight: how many may fly at once from now on, as for assay_pace_new();
 *   what flies, lands
 */
void
assay_pace_set_max (AssayPace *self,
                    guint max_in_flight)
{
  g_return_if_fail (self != NULL);

  assay_throttle_set_most (&self->throttle, CLAMP (max_in_flight, 1, ASSAY_LIMIT_JOBS));
}

/**
 * assay_pace_next_wakeup:
 * @again: whether about something that was sent before, which costs a token of
 *   the retry budget
 * @now: monotonic time in microseconds
 *
 * Returns: when to ask assay_pace_may_send() again if nothing happens meanwhile:
 *   @now if it would say yes, %G_MAXINT64 if only an event changes its mind
 */
gint64
assay_pace_next_wakeup (AssayPace *self,
                        gboolean again,
                        gint64 now)
{
  gint64 when;

  g_return_val_if_fail (self != NULL, G_MAXINT64);

  if (self->paused != 0 || self->in_flight >= assay_throttle_get_limit (&self->throttle))
    return G_MAXINT64;
  when = MAX (assay_breaker_when (&self->breaker, now),
              assay_throttle_when (&self->throttle, now));
  when = MAX (when, self->hold);
  /* The probe goes on the run's behalf, whoever it is. */
  if (again && !self->breaker.open)
    when = MAX (when, assay_budget_when (&self->budget, now));
  return when;
}

/**
 * assay_pace_may_send:
 * @again: whether it was sent before
 * @now: monotonic time in microseconds
 *
 * Returns: whether one more may fly now
 */
gboolean
assay_pace_may_send (AssayPace *self,
                     gboolean again,
                     gint64 now)
{
  return assay_pace_next_wakeup (self, again, now) == now;
}

/**
 * assay_pace_is_troubled:
 *
 * Returns: whether the last that came back were failures: then what was never
 *   sent should go before what has failed already, so that no item pays alone
 */
gboolean
assay_pace_is_troubled (AssayPace *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->trouble > 0 || self->breaker.open;
}

/**
 * assay_pace_sent:
 * @again: whether it was sent before
 * @now: monotonic time in microseconds; to be given back when it ends
 *
 * One has taken off; only after assay_pace_may_send() said so.
 */
void
assay_pace_sent (AssayPace *self,
                 gboolean again,
                 gint64 now)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->in_flight < self->throttle.most);

  if (self->high_water == 0 || (self->in_flight == 0 && now - self->ends.last > IDLE_US))
    {
      assay_rate_begin (&self->ends, now);
      assay_rate_begin (&self->answers, now);
    }
  if (again && !self->breaker.open)
    assay_budget_take (&self->budget, now);
  assay_breaker_sent (&self->breaker, now);
  self->in_flight++;
  assay_throttle_sent (&self->throttle, now, self->in_flight);
  self->high_water = MAX (self->high_water, self->in_flight);
}

static void
land (AssayPace *self,
      gint64 now,
      gboolean ended,
      gboolean answered)
{
  assay_rate_count (&self->ends, now, ended);
  assay_rate_count (&self->answers, now, answered);
  self->in_flight--;
}

static void
note_answer (AssayPace *self,
             gint64 now,
             gint64 sent)
{
  assay_breaker_answered (&self->breaker, now, sent);
  self->trouble = 0;
  self->rounds = 0;
}

/**
 * assay_pace_succeeded:
 * @now: monotonic time in microseconds
 * @sent: when it was sent
 *
 * One was answered, and the answer can be kept.
 */
void
assay_pace_succeeded (AssayPace *self,
                      gint64 now,
                      gint64 sent)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->in_flight > 0);

  note_answer (self, now, sent);
  assay_budget_give (&self->budget, now);
  assay_throttle_answered (&self->throttle, now, sent);
  land (self, now, TRUE, TRUE);
}

static void
note_trouble (AssayPace *self,
              gint64 now,
              gint64 sent,
              AssayMood mood)
{
  gint64 delay;

  if (self->trouble++ == 0)
    self->trouble_since = now;
  if (self->rounds == 0 || sent >= self->round_at)
    {
      self->rounds++;
      self->round_at = now;
      self->round_held = FALSE;
    }
  if (self->trouble < TROUBLE_ENOUGH || self->round_held)
    return;
  self->round_held = TRUE;
  /* Not within MAX(), which would roll the dice twice. */
  delay = assay_backoff_us (self->random, MIN (self->rounds, HOLD_ROUNDS));
  self->hold = MAX (self->hold, now + delay);
  if (mood != ASSAY_MOOD_THROTTLES)
    assay_throttle_collapse (&self->throttle, now);
}

/* What it says about the service. */
static void
weigh (AssayPace *self,
       gint64 now,
       const AssayPaceFailure *failure)
{
  AssayMood mood = assay_mood_of (failure->code, failure->status);
  double rate = assay_rate_get (&self->answers, now);

  if (mood == ASSAY_MOOD_ANSWERS)
    {
      note_answer (self, now, failure->sent);
      return;
    }
  /* Without a network it says nothing about the service. */
  if ((self->paused & ASSAY_PAUSE_NETWORK) != 0 && failure->status == 0)
    {
      assay_breaker_canceled (&self->breaker, failure->sent);
      return;
    }
  if (failure->status == 429 || failure->status == 503)
    assay_throttle_slow_down (&self->throttle, now, failure->sent, rate);
  else if (mood != ASSAY_MOOD_GONE)
    assay_throttle_congested (&self->throttle, now, failure->sent);
  note_trouble (self, now, failure->sent, mood);
  /* Who asks for fewer requests is there. */
  if (mood == ASSAY_MOOD_THROTTLES)
    assay_breaker_answered (&self->breaker, now, failure->sent);
  else
    assay_breaker_failed (&self->breaker, now, failure->sent, self->random);
}

/* Whether it is the item's fault, for all that is known: asked before the breaker
 * hears of it. */
static gboolean
is_counted (AssayPace *self,
            const AssayPaceFailure *failure)
{
  AssayMood mood = assay_mood_of (failure->code, failure->status);

  if (mood == ASSAY_MOOD_ANSWERS || mood == ASSAY_MOOD_THROTTLES)
    return TRUE;
  if ((self->paused & ASSAY_PAUSE_NETWORK) != 0)
    return FALSE;
  return !self->breaker.open || failure->sent < self->breaker.opened
         || self->breaker.openings > FORGIVEN_PAUSES;
}

static void
heed (AssayPace *self,
      gint64 now,
      gint64 real_now,
      const char *retry_after)
{
  gint64 delay;

  if (!assay_retry_after_parse (retry_after, real_now, &delay) || delay == 0)
    return;
  self->asked = MAX (self->asked, now + delay);
  self->hold = MAX (self->hold, self->asked);
}

/**
 * assay_pace_failed:
 * @now: monotonic time in microseconds
 * @real_now: microseconds since 1970 (UTC), for a date in Retry-After
 * @failure: how it ended
 *
 * One ended otherwise.  A Retry-After on whatever may be sent again holds the
 * whole run back, not this item alone.  A probe of a service that stopped answering
 * is not counted against the item, for a quarter of an hour: it goes on the run's
 * behalf, and the breaker bounds how many there are.  Nor is a failure while there
 * is no network.
 *
 * Returns: what becomes of the item
 */
AssayPaceVerdict
assay_pace_failed (AssayPace *self,
                   gint64 now,
                   gint64 real_now,
                   const AssayPaceFailure *failure)
{
  AssayPaceVerdict verdict = { .counted = TRUE };
  AssayRetry retry;
  gint64 delay;
  guint most;

  g_return_val_if_fail (self != NULL, verdict);
  g_return_val_if_fail (failure != NULL, verdict);
  g_return_val_if_fail (self->in_flight > 0, verdict);

  retry = assay_retry_of (failure->code, failure->status);
  verdict.counted = is_counted (self, failure);
  weigh (self, now, failure);
  land (self, now, TRUE, FALSE);
  if (retry == ASSAY_RETRY_NEVER)
    return verdict;

  heed (self, now, real_now, failure->retry_after);
  most = retry == ASSAY_RETRY_ONCE ? MIN (self->max_tries, 2) : self->max_tries;
  verdict.again = !verdict.counted || failure->tries < most;
  delay = assay_backoff_us (self->random, failure->tries);
  verdict.when = MAX (now + delay, self->asked);
  return verdict;
}

/**
 * assay_pace_canceled:
 * @now: monotonic time in microseconds
 * @sent: when it was sent
 *
 * One was called back: it says nothing about anything.
 */
void
assay_pace_canceled (AssayPace *self,
                     gint64 now,
                     gint64 sent)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->in_flight > 0);

  assay_breaker_canceled (&self->breaker, sent);
  land (self, now, FALSE, FALSE);
}

/**
 * assay_pace_pause:
 * @why: %ASSAY_PAUSE_PERSON, %ASSAY_PAUSE_SIGN_IN or %ASSAY_PAUSE_NETWORK
 * @now: monotonic time in microseconds
 *
 * Nothing more is sent until assay_pace_resume() with the same reason.  What
 * flies goes on; without a network its failures are nobody's.
 */
void
assay_pace_pause (AssayPace *self,
                  AssayPause why,
                  gint64 now)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail ((why & ~PAUSES_FROM_OUTSIDE) == 0);

  if ((why & ~self->paused & ASSAY_PAUSE_NETWORK) != 0)
    self->offline_since = now;
  self->paused |= why;
}

/**
 * assay_pace_resume:
 * @why: as for assay_pace_pause()
 * @now: monotonic time in microseconds
 *
 * Goes on, and at once, if it was paused: only a rest that the service asked for
 * stays.
 */
void
assay_pace_resume (AssayPace *self,
                   AssayPause why,
                   gint64 now)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail ((why & ~PAUSES_FROM_OUTSIDE) == 0);

  if ((self->paused & why) == 0)
    return;
  self->paused &= ~why;
  assay_pace_try_now (self, now);
}

/**
 * assay_pace_try_now:
 * @now: monotonic time in microseconds
 *
 * Somebody knows better: a service that stopped answering is tried at once, and its
 * silence begins anew.  A rest that the service asked for stays.
 */
void
assay_pace_try_now (AssayPace *self,
                    gint64 now)
{
  g_return_if_fail (self != NULL);

  self->hold = self->asked;
  self->trouble_since = now;
  assay_breaker_probe_now (&self->breaker, now);
}

/**
 * assay_pace_get_pause:
 * @now: monotonic time in microseconds
 * @until: (out) (optional): when it goes on by itself, in monotonic microseconds;
 *   @now or earlier while the service is tried again, %G_MAXINT64 if not by itself
 *
 * Returns: why nothing is sent, the most outward reason first
 */
AssayPause
assay_pace_get_pause (AssayPace *self,
                      gint64 now,
                      gint64 *until)
{
  static const AssayPause outward[] = {
    ASSAY_PAUSE_PERSON, ASSAY_PAUSE_NETWORK, ASSAY_PAUSE_SIGN_IN,
  };
  AssayPause pause = ASSAY_PAUSE_NONE;
  gint64 when = G_MAXINT64;

  g_return_val_if_fail (self != NULL, ASSAY_PAUSE_NONE);

  for (guint i = 0; i < G_N_ELEMENTS (outward) && pause == ASSAY_PAUSE_NONE; i++)
    pause = self->paused & outward[i];
  if (pause == ASSAY_PAUSE_NONE && self->breaker.open)
    {
      pause = ASSAY_PAUSE_GONE;
      when = MAX (self->breaker.until, self->asked);
    }
  else if (pause == ASSAY_PAUSE_NONE && self->asked > now)
    {
      pause = ASSAY_PAUSE_ASKED;
      when = self->asked;
    }
  if (until != NULL)
    *until = when;
  return pause;
}

/**
 * assay_pace_get_silence:
 * @now: monotonic time in microseconds
 *
 * Returns: for how many microseconds nothing was answered although something was
 *   asked (to be asked to wait is no answer), or there was no network; 0 if the
 *   service answers, or nobody asks
 */
gint64
assay_pace_get_silence (AssayPace *self,
                        gint64 now)
{
  gint64 since = now;

  g_return_val_if_fail (self != NULL, 0);

  if ((self->paused & (ASSAY_PAUSE_PERSON | ASSAY_PAUSE_SIGN_IN)) != 0)
    return 0;
  if (self->trouble > 0)
    since = MIN (since, self->trouble_since);
  if (self->breaker.failures > 0)
    since = MIN (since, self->breaker.since);
  if ((self->paused & ASSAY_PAUSE_NETWORK) != 0)
    since = MIN (since, self->offline_since);
  return now - since;
}

/**
 * assay_pace_get_limit:
 *
 * Returns: how many may fly at once for now
 */
guint
assay_pace_get_limit (AssayPace *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return assay_throttle_get_limit (&self->throttle);
}

guint
assay_pace_get_in_flight (AssayPace *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->in_flight;
}

/**
 * assay_pace_get_high_water:
 *
 * Returns: the most that ever flew at once
 */
guint
assay_pace_get_high_water (AssayPace *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->high_water;
}

/**
 * assay_pace_get_rate:
 * @now: monotonic time in microseconds
 *
 * Returns: how many end a second, smoothed over the last few seconds; 0 while
 *   that is unknown
 */
double
assay_pace_get_rate (AssayPace *self,
                     gint64 now)
{
  g_return_val_if_fail (self != NULL, 0);

  return assay_rate_get (&self->ends, now);
}
