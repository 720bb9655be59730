/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-throttle.h"

/* How many: that of TCP (RFC 5681).  Doubles with each round until the first
 * sign of congestion, then one more for each round, and a part of it less for
 * each round with such a sign (additive increase, multiplicative decrease: Chiu
 * and Jain, 1989).  The sign before anything is refused is the time that answers
 * take (HyStart++, RFC 9406); it ends the doubling and no more, because photos of
 * different sizes take different times anyway.
 *
 * How fast: a service that counts requests a second is not helped by fewer at
 * once, if each is quick.  So the rate is capped below what got through when it
 * refused, comes back on a cubic curve, stays there for a while and only then
 * tries for more (CUBIC, RFC 9438; the same on a rate is the "adaptive" retry
 * mode of the AWS SDKs).  Unlike theirs the curve is relative to the rate: it
 * looks the same at one a second as at a thousand. */

#define CUT 0.75                  /* of the limit, after a sign of congestion */
#define SLOWER_FACTOR 2.0         /* answers take so much longer than at best: end of the doubling */
#define SLOWER_SECONDS 0.02       /* and by so much at least */
#define RECENT_WEIGHT 0.25        /* of the latest answer in the recent ones */
#define LOWEST_RISE 1.002         /* for each answer, so that an old best is forgotten after a few hundred */

#define RATE_CUT 0.85             /* of what got through, after a refusal */
#define RATE_SECONDS 6.0          /* until it is back at what got through */
#define RATE_FORGET 5.0           /* times that long: no cap any more, 11 times what got through */
#define RATE_FLOOR 0.2            /* a second */
#define CREDIT_US ((gint64) 20000) /* that a timer may be late without the rate suffering */

/**
 * assay_throttle_init:
 * @most: how many may ever be in the air, 1 or more
 */
void
assay_throttle_init (AssayThrottle *self,
                     guint most)
{
  *self = (AssayThrottle) {
    .most = most,
    .limit = MIN (ASSAY_THROTTLE_START, most),
    .threshold = most,
  };
}

/**
 * assay_throttle_set_most:
 * @most: how many may be in the air from now on, 1 or more
 *
 * What was found out about the service stays.
 */
void
assay_throttle_set_most (AssayThrottle *self,
                         guint most)
{
  /* Congestion has not ended the doubling yet. */
  if (self->threshold >= self->most)
    self->threshold = most;
  self->most = most;
  self->threshold = MIN (self->threshold, most);
  self->limit = MIN (self->limit, most);
}

guint
assay_throttle_get_limit (const AssayThrottle *self)
{
  return (guint) self->limit;
}

/* Requests a second, INFINITY without a cap. */
static double
get_cap (const AssayThrottle *self,
         gint64 now)
{
  double t = MAX (now - self->throttled_at, 0) / (RATE_SECONDS * G_USEC_PER_SEC);

  if (self->peak <= 0 || t > RATE_FORGET)
    return INFINITY;
  return self->peak * (1 + (1 - RATE_CUT) * pow (t - 1, 3));
}

/**
 * assay_throttle_when:
 * @now: monotonic time in microseconds
 *
 * Returns: from when on the rate lets the next one go, at the earliest @now
 */
gint64
assay_throttle_when (const AssayThrottle *self,
                     gint64 now)
{
  return MAX (now, self->next);
}

/**
 * assay_throttle_sent:
 * @now: monotonic time in microseconds
 * @in_flight: how many are in the air now, with this one
 */
void
assay_throttle_sent (AssayThrottle *self,
                     gint64 now,
                     guint in_flight)
{
  double cap = get_cap (self, now);

  if (in_flight >= assay_throttle_get_limit (self))
    self->full_at = now;
  if (isinf (cap))
    self->peak = 0;
  else
    self->next = MAX (self->next, now - CREDIT_US) + (gint64) (G_USEC_PER_SEC / cap);
}

static void
watch_the_clock (AssayThrottle *self,
                 double seconds)
{
  self->lowest = self->lowest > 0 ? MIN (self->lowest * LOWEST_RISE, seconds) : seconds;
  self->recent = self->recent > 0 ? self->recent + RECENT_WEIGHT * (seconds - self->recent)
                                  : seconds;
  if (self->limit < self->threshold
      && self->recent > SLOWER_FACTOR * self->lowest + SLOWER_SECONDS)
    self->threshold = self->limit;
}

/**
 * assay_throttle_answered:
 * @now: monotonic time in microseconds
 * @sent: when the request was sent
 *
 * A request was answered as it should be.  The limit grows if it was reached
 * while that was in the air: what isn't used needn't grow.
 */
void
assay_throttle_answered (AssayThrottle *self,
                         gint64 now,
                         gint64 sent)
{
  self->progress = TRUE;
  watch_the_clock (self, MAX (now - sent, 1) / (double) G_USEC_PER_SEC);
  if (self->full_at < sent)
    return;
  self->limit += self->limit < self->threshold ? 1 : 1 / self->limit;
  self->limit = MIN (self->limit, self->most);
}

static gboolean
is_news (const AssayThrottle *self,
         gint64 sent)
{
  return self->cut_at == 0 || sent >= self->cut_at;
}

/**
 * assay_throttle_congested:
 * @now: monotonic time in microseconds
 * @sent: when the request was sent
 *
 * It took too long, or was too much: fewer at once.  At most once for all that
 * were in the air together.
 */
void
assay_throttle_congested (AssayThrottle *self,
                          gint64 now,
                          gint64 sent)
{
  if (!is_news (self, sent))
    return;
  self->cut_at = now;
  self->limit = MAX (1, self->limit * CUT);
  self->threshold = self->limit;
}

/* What got through lags behind a cap that was rising, and the cap was too much:
 * between them. */
static double
find_peak (double rate,
           double cap)
{
  if (rate <= 0)
    return cap / 2;
  return isinf (cap) ? rate : MIN ((rate + cap) / 2, cap);
}

/**
 * assay_throttle_slow_down:
 * @now: monotonic time in microseconds
 * @sent: when the request was sent
 * @rate: how many a second were answered of late, 0 if that is unknown
 *
 * The service refuses what comes so fast: fewer at once and fewer a second.
 */
void
assay_throttle_slow_down (AssayThrottle *self,
                          gint64 now,
                          gint64 sent,
                          double rate)
{
  double cap = get_cap (self, now);

  if (!is_news (self, sent))
    return;
  assay_throttle_congested (self, now, sent);
  if (rate <= 0 && isinf (cap))
    return;
  /* Refused again before anything was answered: that is the same event. */
  if (self->progress || self->peak <= 0)
    self->peak = MAX (find_peak (rate, cap), RATE_FLOOR);
  self->progress = FALSE;
  self->throttled_at = now;
  self->next = MAX (self->next, now);
}

/**
 * assay_throttle_collapse:
 * @now: monotonic time in microseconds
 *
 * Nobody answers: one at a time, then doubling up to half of what it was, as TCP
 * does after a retransmission time-out.
 */
void
assay_throttle_collapse (AssayThrottle *self,
                         gint64 now)
{
  if (self->limit > 1)
    self->threshold = MAX (self->limit / 2, 2);
  self->threshold = MIN (self->threshold, self->most);
  self->limit = 1;
  self->cut_at = now;
}
