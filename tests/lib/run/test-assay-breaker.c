/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-breaker.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define EPOCH (5000 * SECOND)

typedef struct {
  AssayBreaker breaker;
  GRand *random;
  gint64 now;
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  self->random = g_rand_new_with_seed (3);
  self->now = EPOCH;
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_rand_free (self->random);
}

static void
fail (Fixture *self,
      gint64 sent)
{
  assay_breaker_failed (&self->breaker, self->now, sent, self->random);
}

/* Sends something that fails a quarter of a second later. */
static void
send_in_vain (Fixture *self)
{
  gint64 sent = self->now;

  g_assert_true (assay_breaker_may_send (&self->breaker, sent));
  assay_breaker_sent (&self->breaker, sent);
  self->now += SECOND / 4;
  fail (self, sent);
}

static void
open_it (Fixture *self)
{
  for (guint i = 0; i < ASSAY_BREAKER_FAILURES; i++)
    send_in_vain (self);
  g_assert_true (self->breaker.open);
}

static void
opens_after_five_in_a_row (Fixture *self,
                           gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    {
      for (guint n = 1; n < ASSAY_BREAKER_FAILURES; n++)
        send_in_vain (self);
      g_assert_false (self->breaker.open);
      assay_breaker_answered (&self->breaker, self->now, self->now - SECOND);
    }
  open_it (self);
  g_assert_cmpint (self->breaker.until, >=, self->now + 30 * SECOND);
  g_assert_cmpint (self->breaker.until, <=, self->now + 33 * SECOND);
  g_assert_cmpint (assay_breaker_when (&self->breaker, self->now), ==, self->breaker.until);
  g_assert_false (assay_breaker_may_send (&self->breaker, self->breaker.until - 1));
}

/* One hiccup that breaks all that flies is none. */
static void
bears_a_restart (Fixture *self,
                 gconstpointer data)
{
  gint64 sent = self->now;

  self->now += SECOND / 10;
  for (guint i = 0; i < 40; i++)
    fail (self, sent);
  g_assert_false (self->breaker.open);
  /* Time-outs have lasted already. */
  self->now += SECOND;
  fail (self, sent);
  g_assert_true (self->breaker.open);
}

static void
opens_at_a_share (Fixture *self,
                  gconstpointer data)
{
  guint n = 0;

  /* Three in vain and one answer, again and again. */
  for (; !self->breaker.open && n < 1000; n++)
    if (n % 4 == 3)
      assay_breaker_answered (&self->breaker, self->now, self->now);
    else
      send_in_vain (self);
  g_assert_cmpuint (n, >=, ASSAY_BREAKER_WINDOW);
  g_assert_cmpuint (n, <=, ASSAY_BREAKER_WINDOW + 4);
}

static void
stays_closed_below_the_share (Fixture *self,
                              gconstpointer data)
{
  for (guint n = 0; n < 3000; n++)
    if (n % 3 == 2)
      assay_breaker_answered (&self->breaker, self->now, self->now);
    else
      send_in_vain (self);
  g_assert_false (self->breaker.open);
}

static void
probes_one_at_a_time (Fixture *self,
                      gconstpointer data)
{
  gint64 early = EPOCH - SECOND;
  gint64 probe;

  open_it (self);
  probe = self->now = self->breaker.until;
  g_assert_true (assay_breaker_may_send (&self->breaker, self->now));
  assay_breaker_sent (&self->breaker, probe);
  g_assert_false (assay_breaker_may_send (&self->breaker, self->now));
  g_assert_cmpint (assay_breaker_when (&self->breaker, self->now), ==, G_MAXINT64);

  /* What was sent long ago and fails now says nothing about the probe. */
  fail (self, early);
  g_assert_true (self->breaker.probing);
  assay_breaker_canceled (&self->breaker, early);
  g_assert_true (self->breaker.probing);
  assay_breaker_canceled (&self->breaker, probe);
  g_assert_true (assay_breaker_may_send (&self->breaker, self->now));

  assay_breaker_sent (&self->breaker, self->now);
  assay_breaker_answered (&self->breaker, self->now + SECOND, self->now);
  g_assert_false (self->breaker.open);
  g_assert_true (assay_breaker_may_send (&self->breaker, self->now));
}

static void
waits_longer_each_time (Fixture *self,
                        gconstpointer data)
{
  static const int seconds[] = { 30, 60, 120, 240, 300, 300, 300 };

  open_it (self);
  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      gint64 pause = self->breaker.until - self->breaker.opened;

      g_assert_cmpint (pause, >=, seconds[i] * SECOND);
      g_assert_cmpint (pause, <=, MIN (seconds[i] * SECOND * 11 / 10, 300 * SECOND));
      self->now = self->breaker.until;
      send_in_vain (self);
    }
  /* Once it was there, the next time begins with 30 s. */
  self->now = self->breaker.until;
  assay_breaker_sent (&self->breaker, self->now);
  assay_breaker_answered (&self->breaker, self->now, self->now);
  open_it (self);
  g_assert_cmpint (self->breaker.until - self->breaker.opened, <=, 33 * SECOND);
}

static void
heeds_a_late_answer (Fixture *self,
                     gconstpointer data)
{
  open_it (self);
  self->now += SECOND;
  assay_breaker_answered (&self->breaker, self->now, EPOCH);
  g_assert_true (self->breaker.open);
  g_assert_true (assay_breaker_may_send (&self->breaker, self->now));
  assay_breaker_sent (&self->breaker, self->now);
  assay_breaker_answered (&self->breaker, self->now, self->now);
  g_assert_false (self->breaker.open);
}

static void
knows_since_when (Fixture *self,
                  gconstpointer data)
{
  /* A request that was sent before the last answer came is silent since then. */
  assay_breaker_answered (&self->breaker, EPOCH + 10 * SECOND, EPOCH);
  self->now = EPOCH + 60 * SECOND;
  fail (self, EPOCH);
  g_assert_cmpint (self->breaker.since, ==, EPOCH + 10 * SECOND);
  fail (self, EPOCH + 20 * SECOND);
  g_assert_cmpint (self->breaker.since, ==, EPOCH + 10 * SECOND);
  assay_breaker_probe_now (&self->breaker, EPOCH + 90 * SECOND);
  g_assert_cmpint (self->breaker.since, ==, EPOCH + 90 * SECOND);
}

#define ADD(path, function) \
  g_test_add ("/assay/breaker/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("opens-after-five-in-a-row", opens_after_five_in_a_row);
  ADD ("bears-a-restart", bears_a_restart);
  ADD ("opens-at-a-share", opens_at_a_share);
  ADD ("stays-closed-below-the-share", stays_closed_below_the_share);
  ADD ("probes-one-at-a-time", probes_one_at_a_time);
  ADD ("waits-longer-each-time", waits_longer_each_time);
  ADD ("heeds-a-late-answer", heeds_a_late_answer);
  ADD ("knows-since-when", knows_since_when);
  return g_test_run ();
}
