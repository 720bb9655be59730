/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-limits.h"
#include "assay-pace.h"

/* The rate is a weighted count of the recent ends, each weighted by its age u
 * as u·e^(−u/τ)/τ² (the second-order gamma kernel; its mean age is 2τ = 3 s).
 * Unlike a plain exponential, an end adds nothing at the moment it happens and
 * its part then grows and fades, so that the figure never jumps, not even when
 * one answer comes every few seconds.  Two sums carry it: plain is Σ e^(−u/τ),
 * aged is Σ u·e^(−u/τ).  Before the kernel is full it is divided by the part of
 * it that time has reached, 1 − (1 + T/τ)·e^(−T/τ), so that the first seconds
 * of a run don't read too low. */
#define TAU_SECONDS 1.5

/* Nothing in flight for so long: whatever comes is a new start. */
#define IDLE_SECONDS 3.0

/* What is told before is noise. */
#define KNOWN_SECONDS 0.25
#define KNOWN_ENDS 2

/* Invariants: in_flight ≤ high_water, and ≤ max_in_flight unless that was lowered
 * since; since is when the
 * figure began to be counted, last when the sums were brought up to date. */
struct _AssayPace {
  guint max_in_flight;
  guint in_flight;
  guint high_water;
  guint ends;
  gint64 since;
  gint64 last;
  double plain;
  double aged;
};

/**
 * assay_pace_new:
 * @max_in_flight: how many may fly at once; brought into 1…%ASSAY_LIMIT_JOBS
 *
 * Returns: (transfer full): a pace at rest
 */
AssayPace *
assay_pace_new (guint max_in_flight)
{
  AssayPace *self = g_new0 (AssayPace, 1);

  self->max_in_flight = CLAMP (max_in_flight, 1, ASSAY_LIMIT_JOBS);
  return self;
}

void
assay_pace_free (AssayPace *self)
{
  g_free (self);
}

/**
 * assay_pace_set_max:
 * @max_in_flight: how many may fly at once from now on; what flies, lands
 */
void
assay_pace_set_max (AssayPace *self,
                    guint max_in_flight)
{
  g_return_if_fail (self != NULL);

  self->max_in_flight = CLAMP (max_in_flight, 1, ASSAY_LIMIT_JOBS);
}

/**
 * assay_pace_may_start:
 *
 * Returns: whether one more may fly now
 */
gboolean
assay_pace_may_start (AssayPace *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->in_flight < self->max_in_flight;
}

static double
seconds_between (gint64 from,
                 gint64 to)
{
  return to > from ? (to - from) / (double) G_USEC_PER_SEC : 0;
}

/* The sums at @now, without changing them. */
static void
sums_at (const AssayPace *self,
         gint64 now,
         double *plain,
         double *aged)
{
  double elapsed = seconds_between (self->last, now);
  double fade = exp (-elapsed / TAU_SECONDS);

  /* In this order: both may point into self. */
  *aged = (self->aged + elapsed * self->plain) * fade;
  *plain = self->plain * fade;
}

static void
advance (AssayPace *self,
         gint64 now)
{
  sums_at (self, now, &self->plain, &self->aged);
  self->last = MAX (self->last, now);
}

static void
begin (AssayPace *self,
       gint64 now)
{
  self->since = now;
  self->last = now;
  self->plain = 0;
  self->aged = 0;
  self->ends = 0;
}

/**
 * assay_pace_started:
 * @now: monotonic time in microseconds
 *
 * One has taken off; only after assay_pace_may_start() said so.
 */
void
assay_pace_started (AssayPace *self,
                    gint64 now)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->in_flight < self->max_in_flight);

  if (self->high_water == 0
      || (self->in_flight == 0 && seconds_between (self->last, now) > IDLE_SECONDS))
    begin (self, now);
  self->in_flight++;
  self->high_water = MAX (self->high_water, self->in_flight);
}

/**
 * assay_pace_ended:
 * @now: monotonic time in microseconds
 * @counted: whether it counts for the rate: it was answered, not canceled
 *
 * One has landed.
 */
void
assay_pace_ended (AssayPace *self,
                  gint64 now,
                  gboolean counted)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->in_flight > 0);

  advance (self, now);
  self->in_flight--;
  if (!counted)
    return;
  self->plain += 1;
  self->ends++;
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
  double elapsed, plain, aged, reached;

  g_return_val_if_fail (self != NULL, 0);

  elapsed = seconds_between (self->since, now);
  if (self->ends < KNOWN_ENDS || elapsed < KNOWN_SECONDS)
    return 0;
  sums_at (self, now, &plain, &aged);
  reached = 1 - (1 + elapsed / TAU_SECONDS) * exp (-elapsed / TAU_SECONDS);
  return aged / (TAU_SECONDS * TAU_SECONDS) / reached;
}
