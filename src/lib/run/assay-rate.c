/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-rate.h"

/* The rate is a weighted count of the recent ends, each weighted by its age u
 * as u·e^(−u/τ)/τ² (the second-order gamma kernel; its mean age is 2τ = 3 s).
 * Unlike a plain exponential, an end adds nothing at the moment it happens and
 * its part then grows and fades, so that the figure never jumps, not even when
 * one answer comes every few seconds.  Two sums carry it: plain is Σ e^(−u/τ),
 * aged is Σ u·e^(−u/τ).  Before the kernel is full it is divided by the part of
 * it that time has reached, 1 − (1 + T/τ)·e^(−T/τ), so that the first seconds
 * of a run don't read too low. */
#define TAU_SECONDS 1.5

/* What is told before is noise. */
#define KNOWN_SECONDS 0.25
#define KNOWN_ENDS 2

static double
seconds_between (gint64 from,
                 gint64 to)
{
  return to > from ? (to - from) / (double) G_USEC_PER_SEC : 0;
}

/* The sums at @now, without changing them. */
static void
sums_at (const AssayRate *self,
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

/**
 * assay_rate_begin:
 * @now: monotonic time in microseconds
 *
 * Forgets what was; the first may end from now on.
 */
void
assay_rate_begin (AssayRate *self,
                  gint64 now)
{
  *self = (AssayRate) { .since = now, .last = now };
}

/**
 * assay_rate_count:
 * @now: monotonic time in microseconds
 * @counted: whether it counts, or only time has gone by
 */
void
assay_rate_count (AssayRate *self,
                  gint64 now,
                  gboolean counted)
{
  sums_at (self, now, &self->plain, &self->aged);
  self->last = MAX (self->last, now);
  if (!counted)
    return;
  self->plain += 1;
  self->ends++;
}

/**
 * assay_rate_get:
 * @now: monotonic time in microseconds
 *
 * Returns: how many a second, over the last few seconds; 0 while unknown
 */
double
assay_rate_get (const AssayRate *self,
                gint64 now)
{
  double elapsed = seconds_between (self->since, now);
  double plain, aged, reached;

  if (self->ends < KNOWN_ENDS || elapsed < KNOWN_SECONDS)
    return 0;
  sums_at (self, now, &plain, &aged);
  reached = 1 - (1 + elapsed / TAU_SECONDS) * exp (-elapsed / TAU_SECONDS);
  return aged / (TAU_SECONDS * TAU_SECONDS) / reached;
}
