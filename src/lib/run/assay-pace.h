/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why nothing is sent at the moment. */
typedef enum {
  ASSAY_PAUSE_NONE = 0,
  ASSAY_PAUSE_PERSON = 1 << 0,     /* a person paused it */
  ASSAY_PAUSE_SIGN_IN = 1 << 1,    /* nobody is signed in any more */
  ASSAY_PAUSE_NETWORK = 1 << 2,    /* there is no network */
  ASSAY_PAUSE_GONE = 1 << 3,       /* the service stopped answering */
  ASSAY_PAUSE_ASKED = 1 << 4,      /* the service asked for a rest */
} AssayPause;

/* A request that ended without an answer to keep. */
typedef struct {
  gint64 sent;               /* monotonic µs: what assay_pace_sent() was told */
  int code;                  /* of ASSAY_ERROR */
  guint status;              /* HTTP status, 0 when no answer came */
  const char *retry_after;   /* (nullable): the header as sent */
  guint tries;               /* of this item, this one included, those not counted left out; from 1 */
} AssayPaceFailure;

/* What follows from it for the item. */
typedef struct {
  gboolean again;            /* send it again, else it has failed */
  gboolean counted;          /* whether this try counts: not while the service is gone */
  gint64 when;               /* if again: not before, monotonic µs */
} AssayPaceVerdict;

/**
 * AssayPace:
 *
 * How many may fly, how fast one after the other, and when again.  Pure: takes
 * events with the clock in monotonic microseconds and chance as a seed, and asks
 * nobody.  One for each run; one thread at a time.
 *
 * In: sent, then exactly one of succeeded, failed and canceled; pause, resume,
 * try_now.
 * Out: may_send, next_wakeup, and the verdict on each failure.  While items are
 * left, either something flies, or something may be sent, or next_wakeup tells
 * when, or somebody outside has paused it.
 */
typedef struct _AssayPace AssayPace;

AssayPace       *assay_pace_new            (guint max_in_flight, guint max_tries, guint32 seed);
void             assay_pace_free           (AssayPace *self);
void             assay_pace_set_max        (AssayPace *self, guint max_in_flight);

gboolean         assay_pace_may_send       (AssayPace *self, gboolean again, gint64 now);
gint64           assay_pace_next_wakeup    (AssayPace *self, gboolean again, gint64 now);
gboolean         assay_pace_is_troubled    (AssayPace *self);

void             assay_pace_sent           (AssayPace *self, gboolean again, gint64 now);
void             assay_pace_succeeded      (AssayPace *self, gint64 now, gint64 sent);
AssayPaceVerdict assay_pace_failed         (AssayPace *self, gint64 now, gint64 real_now, const AssayPaceFailure *failure);
void             assay_pace_canceled       (AssayPace *self, gint64 now, gint64 sent);
void             assay_pace_pause          (AssayPace *self, AssayPause why, gint64 now);
void             assay_pace_resume         (AssayPace *self, AssayPause why, gint64 now);
void             assay_pace_try_now        (AssayPace *self, gint64 now);

AssayPause       assay_pace_get_pause      (AssayPace *self, gint64 now, gint64 *until);
gint64           assay_pace_get_silence    (AssayPace *self, gint64 now);
guint            assay_pace_get_limit      (AssayPace *self);
guint            assay_pace_get_in_flight  (AssayPace *self);
guint            assay_pace_get_high_water (AssayPace *self);
double           assay_pace_get_rate       (AssayPace *self, gint64 now);   /* smoothed, per second; 0 while unknown */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPace, assay_pace_free)

G_END_DECLS
