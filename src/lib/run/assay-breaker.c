/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-breaker.h"

/* The pattern is Michael Nygard's ("Release It!", 2007; see also Martin Fowler,
 * "CircuitBreaker", 2014), with the two triggers of resilience4j: failures in a
 * row, and a share of a window counted in outcomes. */

/* Of the pause, added by chance, so that many who lost the same service don't
 * all come back in the same moment. */
#define PAUSE_JITTER 0.1

/**
 * assay_breaker_when:
 * @now: monotonic time in microseconds
 *
 * Returns: from when on something may be sent, at the earliest @now; %G_MAXINT64
 *   while a probe is in the air
 */
gint64
assay_breaker_when (const AssayBreaker *self,
                    gint64 now)
{
  if (!self->open)
    return now;
  return self->probing ? G_MAXINT64 : MAX (now, self->until);
}

gboolean
assay_breaker_may_send (const AssayBreaker *self,
                        gint64 now)
{
  return assay_breaker_when (self, now) == now;
}

/**
 * assay_breaker_sent:
 * @now: monotonic time in microseconds
 *
 * Something was sent: the probe, if it is open.
 */
void
assay_breaker_sent (AssayBreaker *self,
                    gint64 now)
{
  self->probing = self->open;
}

static gboolean
is_probe (const AssayBreaker *self,
          gint64 sent)
{
  return self->open && self->probing && sent >= self->opened;
}

static void
remember (AssayBreaker *self,
          gboolean failure)
{
  self->history = self->history << 1 | (failure ? 1 : 0);
  self->n_history = MIN (self->n_history + 1, ASSAY_BREAKER_WINDOW);
}

/**
 * assay_breaker_answered:
 * @now: monotonic time in microseconds
 * @sent: when the request was sent
 *
 * The service has answered, whatever it said.  An answer to the probe closes the
 * breaker; one to something sent before it opened lets the probe go at once.
 */
void
assay_breaker_answered (AssayBreaker *self,
                        gint64 now,
                        gint64 sent)
{
  self->failures = 0;
  self->answered = MAX (self->answered, now);
  remember (self, FALSE);
  if (is_probe (self, sent))
    {
      self->open = FALSE;
      self->probing = FALSE;
      self->openings = 0;
    }
  else if (self->open)
    self->until = MIN (self->until, now);
}

static void
open_breaker (AssayBreaker *self,
              gint64 now,
              GRand *random)
{
  gint64 pause = ASSAY_BREAKER_PAUSE_US << MIN (self->openings, 10);

  pause += (gint64) g_rand_double_range (random, 0, PAUSE_JITTER * pause);
  self->open = TRUE;
  self->probing = FALSE;
  self->openings++;
  self->opened = now;
  self->until = now + MIN (pause, ASSAY_BREAKER_PAUSE_CAP_US);
  self->history = 0;
  self->n_history = 0;
}

static guint
count_failures (const AssayBreaker *self)
{
  return __builtin_popcountll (self->history);
}

/**
 * assay_breaker_failed:
 * @now: monotonic time in microseconds
 * @sent: when the request was sent
 * @random: where chance comes from
 *
 * The service has not answered.
 */
void
assay_breaker_failed (AssayBreaker *self,
                      gint64 now,
                      gint64 sent,
                      GRand *random)
{
  gint64 since = MAX (sent, self->answered);

  self->since = self->failures == 0 ? since : MIN (self->since, since);
  self->failures++;
  remember (self, TRUE);
  if (is_probe (self, sent))
    open_breaker (self, now, random);
  else if (self->open)
    return;
  else if (self->failures >= ASSAY_BREAKER_FAILURES && now - self->since >= ASSAY_BREAKER_SPAN_US)
    open_breaker (self, now, random);
  else if (self->n_history == ASSAY_BREAKER_WINDOW && count_failures (self) >= ASSAY_BREAKER_SHARE)
    open_breaker (self, now, random);
}

/**
 * assay_breaker_canceled:
 * @sent: when the request was sent
 *
 * Nobody will know what came of it: another may be the probe.
 */
void
assay_breaker_canceled (AssayBreaker *self,
                        gint64 sent)
{
  if (is_probe (self, sent))
    self->probing = FALSE;
}

/**
 * assay_breaker_probe_now:
 * @now: monotonic time in microseconds
 *
 * Something has changed, such as the network: the pause ends, and the silence
 * begins anew.
 */
void
assay_breaker_probe_now (AssayBreaker *self,
                         gint64 now)
{
  self->until = MIN (self->until, now);
  self->since = MAX (self->since, now);
}
