/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-pace.h"
#include "assay-retry.h"

/* Whole runs against made-up services, in virtual time: no clock, no network, the
 * same figures every time.  The client does what AssayRun does. */

#define SECOND ((gint64) G_USEC_PER_SEC)
#define EPOCH (98765 * SECOND)
#define REAL_EPOCH (G_GINT64_CONSTANT (1790000000) * SECOND)
#define TRIES ASSAY_DEFAULT_TRIES

/* How a request ends. */
typedef struct {
  gint64 takes;              /* µs */
  guint status;              /* 200 for an answer that can be kept */
  int code;                  /* of ASSAY_ERROR, otherwise */
  const char *retry_after;
} Reply;

typedef struct _Sim Sim;

typedef Reply (*Serve) (Sim *sim, guint item);

typedef enum {
  FRESH,
  FLYING,
  WAITING,                   /* to be sent again */
  ANSWERED,
  FAILED,
  CANCELED,
} State;

typedef struct {
  State state;
  Reply reply;
  gint64 sent;
  gint64 end;
  gint64 due;
  guint tries;               /* counted */
  guint sends;
} Item;

struct _Sim {
  AssayPace *pace;
  GRand *random;
  Serve serve;
  gint64 now;
  gint64 begun;              /* answering, see each scenario */
  gint64 stop;               /* 0 to run to the end */
  gint64 first;              /* when the first was sent, after a mark of the scenario */
  Item *items;
  Item **active;             /* those that fly or wait to be sent again */
  guint n_active;
  guint n_items;
  guint n_fresh;
  guint n_over;
  guint jobs;
  guint sends;
  guint refused;
  guint answered;
  guint failed;
  guint canceled;
  /* The service's own */
  double rate;
  double burst;
  double tokens;
  gint64 refilled;
  gint64 latency;
  gint64 from, to;           /* an outage */
  guint during;              /* requests in it */
  Reply refusal;
};

static void
sim_init (Sim *self,
          guint n_items,
          guint jobs,
          guint32 seed,
          Serve serve)
{
  *self = (Sim) {
    .pace = assay_pace_new (jobs, TRIES, seed),
    .random = g_rand_new_with_seed (seed + 1),
    .serve = serve,
    .now = EPOCH,
    .refilled = EPOCH,
    .items = g_new0 (Item, n_items),
    .active = g_new0 (Item *, n_items),
    .n_items = n_items,
    .n_fresh = n_items,
    .jobs = jobs,
    .latency = SECOND / 10,
  };
}

static void
sim_clear (Sim *self)
{
  assay_pace_free (self->pace);
  g_rand_free (self->random);
  g_free (self->items);
  g_free (self->active);
}

/* The one that waits and is due first. */
static Item *
find_waiting (Sim *self)
{
  Item *found = NULL;

  for (guint i = 0; i < self->n_active; i++)
    if (self->active[i]->state == WAITING && (found == NULL || self->active[i]->due < found->due))
      found = self->active[i];
  return found;
}

static void
launch (Sim *self,
        Item *item)
{
  assay_pace_sent (self->pace, item->sends > 0, self->now);
  if (item->state == FRESH)
    self->active[self->n_active++] = item;
  item->state = FLYING;
  item->sent = self->now;
  item->tries++;
  item->sends++;
  self->sends++;
  if (self->first == 0)
    self->first = self->now;
  if (self->now >= self->from && self->now < self->to)
    self->during++;
  item->reply = self->serve (self, item - self->items);
  item->end = self->now + item->reply.takes;
  g_assert_cmpuint (assay_pace_get_in_flight (self->pace), <=, self->jobs);
}

/* What was never sent goes first in trouble, and what waits otherwise. */
static gboolean
launch_one (Sim *self)
{
  Item *waiting = find_waiting (self);
  gboolean due = waiting != NULL && waiting->due <= self->now;

  if (due && (self->n_fresh == 0 || !assay_pace_is_troubled (self->pace))
      && assay_pace_may_send (self->pace, TRUE, self->now))
    {
      launch (self, waiting);
      return TRUE;
    }
  if (self->n_fresh > 0 && assay_pace_may_send (self->pace, FALSE, self->now))
    {
      launch (self, &self->items[self->n_items - self->n_fresh--]);
      return TRUE;
    }
  return FALSE;
}

static void
settle (Sim *self,
        Item *item,
        State state,
        guint *count)
{
  guint i = 0;

  while (self->active[i] != item)
    i++;
  self->active[i] = self->active[--self->n_active];
  item->state = state;
  self->n_over++;
  (*count)++;
}

static void
land_failure (Sim *self,
              Item *item)
{
  AssayPaceFailure failure = {
    .sent = item->sent,
    .code = item->reply.code,
    .status = item->reply.status,
    .retry_after = item->reply.retry_after,
    .tries = item->tries,
  };
  AssayPaceVerdict verdict;

  self->refused++;
  verdict = assay_pace_failed (self->pace, self->now, REAL_EPOCH + self->now - EPOCH, &failure);
  g_assert_cmpuint (item->tries, <=, TRIES);
  if (!verdict.counted)
    item->tries--;
  if (!verdict.again)
    {
      settle (self, item, FAILED, &self->failed);
      return;
    }
  g_assert_cmpuint (item->tries, <, TRIES);
  g_assert_cmpint (verdict.when, >=, self->now);
  item->state = WAITING;
  item->due = verdict.when;
}

static void
land (Sim *self,
      Item *item)
{
  if (item->reply.status != 200)
    {
      land_failure (self, item);
      return;
    }
  assay_pace_succeeded (self->pace, self->now, item->sent);
  settle (self, item, ANSWERED, &self->answered);
}

static Item *
find_flying (Sim *self)
{
  Item *found = NULL;

  for (guint i = 0; i < self->n_active; i++)
    if (self->active[i]->state == FLYING && (found == NULL || self->active[i]->end < found->end))
      found = self->active[i];
  return found;
}

/* When to look again although nothing lands. */
static gint64
find_wakeup (Sim *self)
{
  Item *waiting = find_waiting (self);
  gint64 wakeup = G_MAXINT64;

  if (self->n_fresh > 0)
    wakeup = assay_pace_next_wakeup (self->pace, FALSE, self->now);
  if (waiting != NULL && (self->n_fresh == 0 || !assay_pace_is_troubled (self->pace)))
    wakeup = MIN (wakeup,
                  MAX (waiting->due, assay_pace_next_wakeup (self->pace, TRUE, self->now)));
  return wakeup;
}

static void
sim_step (Sim *self)
{
  Item *flying;
  gint64 wakeup;

  while (launch_one (self))
    ;
  flying = find_flying (self);
  wakeup = find_wakeup (self);
  /* Otherwise it stands still for ever. */
  g_assert_true (flying != NULL || wakeup != G_MAXINT64);
  if (flying != NULL && flying->end <= wakeup)
    {
      self->now = flying->end;
      land (self, flying);
      return;
    }
  g_assert_cmpint (wakeup, >, self->now);
  self->now = wakeup;
}

static void
sim_run (Sim *self)
{
  for (guint steps = 0; self->n_over < self->n_items; steps++)
    {
      g_assert_cmpuint (steps, <, 200 * self->n_items + 10000);
      sim_step (self);
    }
  g_assert_cmpuint (self->answered + self->failed + self->canceled, ==, self->n_items);
  g_assert_cmpuint (assay_pace_get_in_flight (self->pace), ==, 0);
}

static double
sim_seconds (const Sim *self)
{
  return (self->now - EPOCH) / (double) SECOND;
}

/* Answers all, each in a time around the latency. */
static Reply
serve_steady (Sim *self,
              guint item)
{
  return (Reply) { .takes = self->latency * g_rand_double_range (self->random, 0.8, 1.2),
                   .status = 200 };
}

static void
is_quick_where_nothing_is_wrong (void)
{
  static const struct {
    guint jobs;
    double share;
  } cases[] = { { 1, 0.95 }, { 4, 0.95 }, { 8, 0.95 }, { 16, 0.95 }, { 64, 0.9 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double ideal, seconds;
      Sim sim;

      sim_init (&sim, 2000, cases[i].jobs, i, serve_steady);
      while (sim.answered < cases[i].jobs * 2)
        sim_step (&sim);
      seconds = -sim_seconds (&sim);
      sim_run (&sim);
      seconds += sim_seconds (&sim);
      ideal = (2000 - cases[i].jobs * 2) * 0.1 / cases[i].jobs;
      g_test_message ("%u at once: %.1f s, ideal %.1f s; with the start %.1f s", cases[i].jobs,
                      seconds, ideal, sim_seconds (&sim));
      g_assert_cmpfloat (seconds, <=, ideal / cases[i].share);
      g_assert_cmpuint (sim.sends, ==, 2000);
      g_assert_cmpuint (assay_pace_get_high_water (sim.pace), ==, cases[i].jobs);
      sim_clear (&sim);
    }
}

/* A bucket of tokens, as those who limit rates have. */
static Reply
serve_throttled (Sim *self,
                 guint item)
{
  self->tokens = MIN (self->tokens + (self->now - self->refilled) / (double) SECOND * self->rate,
                      self->burst);
  self->refilled = self->now;
  if (self->tokens < 1)
    return self->refusal;
  self->tokens -= 1;
  return serve_steady (self, item);
}

/* So many in each second of the clock. */
static Reply
serve_window (Sim *self,
              guint item)
{
  gint64 window = self->now - self->now % SECOND;

  if (self->refilled != window)
    self->tokens = self->rate;
  self->refilled = window;
  if (self->tokens < 1)
    return self->refusal;
  self->tokens -= 1;
  return serve_steady (self, item);
}

static const Reply refusals[] = {
  { .takes = SECOND / 100, .status = 429, .code = ASSAY_ERROR_BUSY },
  { .takes = SECOND / 100, .status = 429, .code = ASSAY_ERROR_BUSY, .retry_after = "1" },
  { .takes = SECOND / 100, .status = 503, .code = ASSAY_ERROR_BUSY },
  { .takes = SECOND / 100, .status = 503, .code = ASSAY_ERROR_BUSY, .retry_after = "1" },
};

static void
check_throttled (Serve serve,
                 double rate,
                 guint jobs,
                 gint64 latency,
                 guint refusal)
{
  const Reply *reply = &refusals[refusal];
  double goodput, possible;
  Sim sim;

  sim_init (&sim, 3000, jobs, refusal, serve);
  sim.rate = rate;
  sim.burst = sim.tokens = rate;
  sim.latency = latency;
  sim.refusal = *reply;
  sim_run (&sim);
  /* What the bucket held at first comes on top. */
  goodput = (sim.answered - rate) / sim_seconds (&sim);
  possible = MIN (rate, jobs / (latency / (double) SECOND));
  g_test_message ("%s, %g a second, %u at once, %g s each, %u%s: %.1f a second (%.0f %%), "
                  "%u refused, %u failed",
                  serve == serve_window ? "window" : "bucket", rate, jobs,
                  latency / (double) SECOND, reply->status,
                  reply->retry_after != NULL ? " with Retry-After" : "", goodput,
                  100 * goodput / possible, sim.refused, sim.failed);
  /* A window that keeps nothing for later loses whatever waiting costs. */
  g_assert_cmpfloat (goodput, >=, (serve == serve_window ? 0.7 : 0.9) * possible);
  g_assert_cmpuint (sim.failed, ==, 0);
  g_assert_cmpfloat (sim.refused, <=, 0.05 * sim.n_items);
  sim_clear (&sim);
}

static void
keeps_below_a_throttle (void)
{
  for (guint refusal = 0; refusal < G_N_ELEMENTS (refusals); refusal++)
    for (guint i = 0; i < 2; i++)
      {
        Serve serve = i == 0 ? serve_throttled : serve_window;

        check_throttled (serve, 5, 8, SECOND / 10, refusal);
        check_throttled (serve, 40, 8, SECOND / 10, refusal);
        check_throttled (serve, 40, 32, SECOND / 2, refusal);
        check_throttled (serve, 100, 8, SECOND / 20, refusal);
        check_throttled (serve, 100, 8, SECOND / 2, refusal);
      }
}

/* Nobody is there from one moment to another. */
static Reply
serve_with_outage (Sim *self,
                   guint item)
{
  if (self->now >= self->from && self->now < self->to)
    return self->refusal;
  return serve_steady (self, item);
}

static const Reply outages[] = {
  { .takes = SECOND / 1000, .code = ASSAY_ERROR_OFFLINE },
  { .takes = SECOND / 50, .status = 502, .code = ASSAY_ERROR_SERVICE },
  { .takes = SECOND / 50, .status = 503, .code = ASSAY_ERROR_BUSY },
  { .takes = SECOND / 50, .status = 503, .code = ASSAY_ERROR_BUSY, .retry_after = "20" },
  { .takes = 60 * SECOND, .code = ASSAY_ERROR_TIMED_OUT },
  { .takes = 20 * SECOND, .status = 504, .code = ASSAY_ERROR_TIMED_OUT },
};

static void
check_outage (guint jobs,
              int seconds,
              guint outage)
{
  guint bound = jobs + ASSAY_BUDGET_TOKENS + 10 + seconds / 300;
  double lost;
  Sim sim;

  sim_init (&sim, 2000, jobs, outage, serve_with_outage);
  sim.from = EPOCH + SECOND;
  sim.to = sim.from + seconds * SECOND;
  sim.refusal = outages[outage];
  sim_run (&sim);
  lost = sim_seconds (&sim) - 2000 * 0.1 / jobs - seconds;
  g_test_message ("%u at once, away for %d s with %u: %u requests meanwhile, %u failed, goes on "
                  "%.0f s late", jobs, seconds, sim.refusal.status, sim.during, sim.failed, lost);
  g_assert_cmpuint (sim.during, <=, bound);
  g_assert_cmpuint (sim.failed, ==, 0);
  /* Not longer than the next pause, a probe that hung, and the new start. */
  g_assert_cmpfloat (lost, <=, MIN (MAX (seconds, 35), 300)
                               + sim.refusal.takes / (double) SECOND + 15);
  sim_clear (&sim);
}

static void
spares_a_dying_service (void)
{
  for (guint outage = 0; outage < G_N_ELEMENTS (outages); outage++)
    {
      check_outage (1, 120, outage);
      check_outage (8, 2, outage);
      check_outage (8, 45, outage);
      check_outage (8, 600, outage);
      check_outage (64, 600, outage);
      check_outage (8, 7200, outage);
    }
}

/* Each of many is told of a pause, and sees it end. */
static void
tells_of_the_pause (void)
{
  gint64 until;
  Sim sim;

  sim_init (&sim, 2000, 8, 1, serve_with_outage);
  sim.from = EPOCH + 5 * SECOND;
  sim.to = sim.from + 100 * SECOND;
  sim.refusal = outages[0];
  while (assay_pace_get_pause (sim.pace, sim.now, &until) == ASSAY_PAUSE_NONE)
    sim_step (&sim);
  g_assert_cmpint (assay_pace_get_pause (sim.pace, sim.now, &until), ==, ASSAY_PAUSE_GONE);
  g_assert_cmpint (sim.now - sim.from, <, 10 * SECOND);
  g_assert_cmpint (until, >=, sim.now + 30 * SECOND);
  g_assert_cmpint (until, <=, sim.now + 33 * SECOND);
  while (sim.now < sim.to)
    {
      gint64 silence = assay_pace_get_silence (sim.pace, sim.now);

      g_assert_cmpint (ABS (silence - (sim.now - sim.from)), <, SECOND);
      sim_step (&sim);
    }
  sim_run (&sim);
  g_assert_cmpint (assay_pace_get_pause (sim.pace, sim.now, NULL), ==, ASSAY_PAUSE_NONE);
  g_assert_cmpint (assay_pace_get_silence (sim.pace, sim.now), ==, 0);
  sim_clear (&sim);
}

/* A connection breaks now and then: no reason to go slowly, or to lose anything. */
static Reply
serve_flaky (Sim *self,
             guint item)
{
  if (g_rand_double (self->random) < self->rate)
    return (Reply) { .takes = self->latency / 2, .code = ASSAY_ERROR_OFFLINE };
  return serve_steady (self, item);
}

static void
bears_a_flaky_network (void)
{
  static const struct {
    double rate;
    double slower;           /* than without, at most */
    guint failed;            /* at most */
  } cases[] = { { 0.01, 1.05, 0 }, { 0.05, 1.25, 0 }, { 0.2, 3, 10 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Sim sim;

      sim_init (&sim, 3000, 8, i, serve_flaky);
      sim.rate = cases[i].rate;
      sim_run (&sim);
      g_test_message ("%.0f %% broken: %.1f s, %u requests, %u failed", cases[i].rate * 100,
                      sim_seconds (&sim), sim.sends, sim.failed);
      g_assert_cmpfloat (sim_seconds (&sim), <, 3000 * 0.1 / 8 * cases[i].slower);
      g_assert_cmpuint (sim.failed, <=, cases[i].failed);
      sim_clear (&sim);
    }
}

/* One picture that the service dies of, or is silent about, costs that one. */
static Reply
serve_poisoned (Sim *self,
                guint item)
{
  return item % 100 == 50 ? self->refusal : serve_steady (self, item);
}

static void
loses_only_what_is_poison (void)
{
  static const guint jobs[] = { 1, 8 };

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    for (guint kind = 0; kind < G_N_ELEMENTS (outages); kind++)
      {
        Sim sim;

        sim_init (&sim, 500, jobs[i], kind, serve_poisoned);
        sim.refusal = outages[kind];
        sim_run (&sim);
        g_test_message ("%u at once, poison gives %u: %.0f s, %u requests, %u failed", jobs[i],
                        sim.refusal.status, sim_seconds (&sim), sim.sends, sim.failed);
        g_assert_cmpuint (sim.answered, ==, 495);
        g_assert_cmpuint (sim.failed, ==, 5);
        sim_clear (&sim);
      }
}

/* 500 for one in twenty, for good. */
static Reply
serve_broken_items (Sim *self,
                    guint item)
{
  if (item % 20 == 7)
    return (Reply) { .takes = self->latency, .status = 500, .code = ASSAY_ERROR_SERVICE };
  if (item % 20 == 9)
    return (Reply) { .takes = self->latency, .status = 400, .code = ASSAY_ERROR_REFUSED };
  return serve_steady (self, item);
}

static void
repeats_no_more_than_told (void)
{
  Sim sim;

  sim_init (&sim, 2000, 8, 1, serve_broken_items);
  sim_run (&sim);
  g_assert_cmpuint (sim.answered, ==, 1800);
  g_assert_cmpuint (sim.failed, ==, 200);
  for (guint i = 0; i < sim.n_items; i++)
    g_assert_cmpuint (sim.items[i].sends, ==, i % 20 == 7 ? 2 : 1);
  g_assert_cmpfloat (sim_seconds (&sim), <, 2100 * 0.1 / 8 * 1.1);
  sim_clear (&sim);
}

/* One refusal with a hint holds everybody, exactly so long. */
static Reply
serve_one_hint (Sim *self,
                guint item)
{
  if (self->begun == 0 && item == 400)
    {
      self->begun = self->now;
      return self->refusal;
    }
  return serve_steady (self, item);
}

static void
check_hint (const char *retry_after,
            gint64 exactly,
            guint status)
{
  gint64 hinted, until;
  Sim sim;

  sim_init (&sim, 1000, 8, 1, serve_one_hint);
  sim.refusal = (Reply) { SECOND / 100, status, ASSAY_ERROR_BUSY, retry_after };
  while (sim.refused == 0)
    sim_step (&sim);
  hinted = sim.now;
  g_assert_cmpint (assay_pace_get_pause (sim.pace, hinted, &until), ==, ASSAY_PAUSE_ASKED);
  if (exactly == 0)
    exactly = until - hinted;
  g_assert_cmpint (until, ==, hinted + exactly);
  sim.first = 0;
  while (sim.first == 0)
    sim_step (&sim);
  g_assert_cmpint (sim.first, ==, hinted + exactly);
  sim_run (&sim);
  g_assert_cmpuint (sim.answered, ==, 1000);
  sim_clear (&sim);
}

static void
honors_a_hint_exactly (void)
{
  static const guint statuses[] = { 408, 425, 429, 500, 502, 503, 504 };
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (REAL_EPOCH / SECOND + 60);
  g_autofree char *date = g_date_time_format (when, "%a, %d %b %Y %H:%M:%S GMT");

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      check_hint ("1", SECOND, statuses[i]);
      check_hint ("17", 17 * SECOND, statuses[i]);
      check_hint ("100000", 3600 * SECOND, statuses[i]);
      check_hint (date, 0, statuses[i]);
    }
}

/* Three hundred computers lose the same service in the same moment. */
static void
spreads_a_herd (void)
{
  enum { N = 300, SLOTS = 40 };
  guint slots[SLOTS] = { 0 };
  guint most = 0;

  for (guint i = 0; i < N; i++)
    {
      gint64 from = EPOCH + 5 * SECOND;
      Sim sim;

      sim_init (&sim, 500, 2, 1000 * i, serve_with_outage);
      sim.from = from;
      sim.to = G_MAXINT64;
      sim.refusal = outages[0];
      while (assay_pace_get_pause (sim.pace, sim.now, NULL) != ASSAY_PAUSE_GONE)
        sim_step (&sim);
      sim.first = 0;
      while (sim.first == 0)
        sim_step (&sim);
      /* Back after 30 s or so: in which tenth of a second? */
      slots[MIN ((sim.first - from - 30 * SECOND) * 4 / SECOND, SLOTS - 1)]++;
      sim_clear (&sim);
    }
  for (guint i = 0; i < SLOTS; i++)
    most = MAX (most, slots[i]);
  g_test_message ("of %d that come back at most %u come in the same quarter of a second", N, most);
  g_assert_cmpuint (most, <, N / 8);
}

/* Anything may happen, in any order. */
static Reply
serve_anything (Sim *self,
                guint item)
{
  static const guint statuses[] = {
    200, 200, 200, 200, 400, 401, 404, 408, 413, 425, 429, 500, 502, 503, 504, 0, 0,
  };
  static const char *const hints[] = { "0", "1", "30", "nonsense", "-1",
                                       "Sun, 06 Nov 1994 08:49:37 GMT" };
  guint status = statuses[g_rand_int_range (self->random, 0, G_N_ELEMENTS (statuses))];
  gboolean hinted = g_rand_int_range (self->random, 0, 8) == 0;

  /* Spells in which nothing works. */
  if ((self->now / (20 * SECOND)) % 3 == 1)
    status = 0;
  return (Reply) {
    .takes = g_rand_int_range (self->random, 0, 3) * g_rand_int_range (self->random, 0, SECOND),
    .status = status,
    .code = status == 0 ? ASSAY_ERROR_OFFLINE + g_rand_int_range (self->random, 0, 3)
                        : ASSAY_ERROR_REFUSED,
    .retry_after =
      hinted ? hints[g_rand_int_range (self->random, 0, G_N_ELEMENTS (hints))] : NULL,
  };
}

/* Somebody pauses, cancels and goes on. */
static void
meddle (Sim *self)
{
  AssayPause why = 1u << g_rand_int_range (self->random, 0, 3);
  Item *flying = find_flying (self);

  switch (g_rand_int_range (self->random, 0, 60))
    {
    case 0:
      assay_pace_pause (self->pace, why, self->now);
      /* What flies lands all the same. */
      for (; flying != NULL && g_rand_boolean (self->random); flying = find_flying (self))
        {
          self->now = flying->end;
          land (self, flying);
        }
      self->now += g_rand_int_range (self->random, 0, 100) * SECOND;
      g_assert_false (assay_pace_may_send (self->pace, FALSE, self->now));
      g_assert_cmpint (assay_pace_next_wakeup (self->pace, TRUE, self->now), ==, G_MAXINT64);
      g_assert_cmpint (assay_pace_get_pause (self->pace, self->now, NULL), ==, why);
      for (flying = find_flying (self); flying != NULL && flying->end <= self->now;
           flying = find_flying (self))
        land (self, flying);
      assay_pace_resume (self->pace, why, self->now);
      break;
    case 1:
      if (flying == NULL)
        break;
      assay_pace_canceled (self->pace, self->now, flying->sent);
      settle (self, flying, CANCELED, &self->canceled);
      break;
    default:
      break;
    }
}

static void
holds_whatever_happens (void)
{
  for (guint seed = 0; seed < 200; seed++)
    {
      Sim sim;

      sim_init (&sim, 300, 1 + seed % 64, seed, serve_anything);
      while (sim.n_over < sim.n_items)
        {
          sim_step (&sim);
          meddle (&sim);
          g_assert_cmpuint (assay_pace_get_limit (sim.pace), >=, 1);
          g_assert_cmpuint (assay_pace_get_limit (sim.pace), <=, sim.jobs);
          g_assert_cmpint (assay_pace_get_silence (sim.pace, sim.now), >=, 0);
        }
      sim_run (&sim);
      sim_clear (&sim);
    }
}

/* The same seed gives the same run. */
static void
is_repeatable (void)
{
  gint64 ends[2];
  guint sends[2];

  for (guint i = 0; i < 2; i++)
    {
      Sim sim;

      sim_init (&sim, 500, 8, 77, serve_anything);
      sim_run (&sim);
      ends[i] = sim.now;
      sends[i] = sim.sends;
      sim_clear (&sim);
    }
  g_assert_cmpint (ends[0], ==, ends[1]);
  g_assert_cmpuint (sends[0], ==, sends[1]);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/pace-simulation/is-quick-where-nothing-is-wrong",
                   is_quick_where_nothing_is_wrong);
  g_test_add_func ("/assay/pace-simulation/keeps-below-a-throttle", keeps_below_a_throttle);
  g_test_add_func ("/assay/pace-simulation/spares-a-dying-service", spares_a_dying_service);
  g_test_add_func ("/assay/pace-simulation/tells-of-the-pause", tells_of_the_pause);
  g_test_add_func ("/assay/pace-simulation/bears-a-flaky-network", bears_a_flaky_network);
  g_test_add_func ("/assay/pace-simulation/loses-only-what-is-poison", loses_only_what_is_poison);
  g_test_add_func ("/assay/pace-simulation/repeats-no-more-than-told", repeats_no_more_than_told);
  g_test_add_func ("/assay/pace-simulation/honors-a-hint-exactly", honors_a_hint_exactly);
  g_test_add_func ("/assay/pace-simulation/spreads-a-herd", spreads_a_herd);
  g_test_add_func ("/assay/pace-simulation/holds-whatever-happens", holds_whatever_happens);
  g_test_add_func ("/assay/pace-simulation/is-repeatable", is_repeatable);
  return g_test_run ();
}
