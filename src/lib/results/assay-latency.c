/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-latency.h"

/* Each doubling of the time is cut into so many equal parts.  A duration is at least so
 * many times as long as its part is wide, and is told by the middle of it: within
 * 1/128, or 0.8 %. */
#define PARTS 64

/* In ns, because in µs the quickest answers of a built-in model would be told too
 * roughly.  13 days: nobody waits longer, and what would is counted as that. */
#define MOST_BITS 50
#define MOST ((G_GUINT64_CONSTANT (1) << MOST_BITS) - 1)

/* Durations below PARTS ns have a place each, then come 44 doublings. */
#define N_PLACES ((MOST_BITS - 6 + 1) * PARTS)

struct _AssayLatency {
  guint64 n;                  /* the sum of counts */
  guint64 counts[N_PLACES];
};

G_STATIC_ASSERT (PARTS == 1 << 6);

/**
 * assay_latency_new:
 *
 * Returns: (transfer full): one without durations
 */
AssayLatency *
assay_latency_new (void)
{
  return g_new0 (AssayLatency, 1);
}

void
assay_latency_free (AssayLatency *self)
{
  g_free (self);
}

/* How often a duration has to be halved until it is below 2 PARTS, which says in which
 * doubling it lies, and what is left says in which part of that. */
static guint
find_place (double seconds)
{
  double nanoseconds = seconds * 1e9;
  guint halvings = 0;
  guint64 whole;

  /* A clock that went backwards, or no number. */
  if (!(nanoseconds > 0))
    return 0;
  whole = nanoseconds < (double) MOST ? (guint64) nanoseconds : MOST;
  while (whole >> halvings >= 2 * PARTS)
    halvings++;
  return halvings * PARTS + (guint) (whole >> halvings);
}

/* The middle of what is counted at @place, in seconds. */
static double
get_middle (guint place)
{
  guint halvings = place < PARTS ? 0 : place / PARTS - 1;
  guint part = place - halvings * PARTS;

  return ldexp (part + 0.5, halvings) * 1e-9;
}

/**
 * assay_latency_add:
 * @seconds: how long an answer took; what isn't above 0 counts as 0
 *
 * Takes one duration in.
 */
void
assay_latency_add (AssayLatency *self,
                   double seconds)
{
  g_return_if_fail (self != NULL);

  self->counts[find_place (seconds)]++;
  self->n++;
}

/**
 * assay_latency_remove:
 * @seconds: one that was added
 *
 * Takes one duration out again, as if it had never been there.
 */
void
assay_latency_remove (AssayLatency *self,
                      double seconds)
{
  guint place;

  g_return_if_fail (self != NULL);

  place = find_place (seconds);
  g_return_if_fail (self->counts[place] > 0);

  self->counts[place]--;
  self->n--;
}

/**
 * assay_latency_get_n:
 *
 * Returns: how many durations there are
 */
guint64
assay_latency_get_n (const AssayLatency *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

/**
 * assay_latency_get_percentile:
 * @share: 0…1, 0.5 for the median
 *
 * The percentile by the nearest rank: the least duration that at least @share of all do
 * not exceed (definition 1 of R. Hyndman and Y. Fan, "Sample quantiles in statistical
 * packages", 1996).  Always takes the same short time.
 *
 * Returns: in seconds, within 1 % of the duration that has the rank, from 64 ns to 13
 *   days; NaN for no durations
 */
double
assay_latency_get_percentile (const AssayLatency *self,
                              double share)
{
  guint64 rank, seen = 0;

  g_return_val_if_fail (self != NULL, NAN);
  g_return_val_if_fail (share >= 0 && share <= 1, NAN);

  if (self->n == 0)
    return NAN;
  rank = MAX (1, (guint64) ceil (share * self->n));
  for (guint place = 0; place < N_PLACES; place++)
    {
      seen += self->counts[place];
      if (seen >= rank)
        return get_middle (place);
    }
  g_return_val_if_reached (NAN);
}
