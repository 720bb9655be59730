/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-downloads.h"
#include "assay-journal.h"
#include "assay-kept-answers.h"
#include "assay-marks.h"
#include "assay-run.h"
#include "assay-session.h"
#include "assay-sharer.h"

G_BEGIN_DECLS

/* Another version is asked at once about so many images; more are offered. */
#define ASSAY_SESSION_ASK_AT_ONCE 100

typedef enum {
  ASSAY_SESSION_CHANGED,
  ASSAY_SESSION_PROGRESS,
  ASSAY_SESSION_LEFT_OUT,
  ASSAY_SESSION_MESSAGE,
  ASSAY_SESSION_FINISHED,
  N_SIGNALS
} AssaySessionSignal;

/* Invariants: runs holds the runs of this stretch of work, each for another
 * target, and is empty at rest; waiting holds items that were
 * given while nobody could be asked; link is NULL before the start and after
 * the end. */
struct _AssaySession {
  GObject parent_instance;

  AssayHub *hub;
  GSettings *settings;
  AssayCollection *collection;
  AssayJournal *journal;         /* of the runs */
  AssayLink *link;
  GPtrArray *runs;               /* (element-type AssayRun) */
  GPtrArray *waiting;            /* (element-type AssayItem) */
  AssaySharer *sharer;           /* has each asked once about the same bytes */
  AssayDownloads *downloads;     /* what is asked about when it is here */
  GPtrArray *left_out;           /* (element-type AssayIntakeSummary) */
  GCancellable *cancellable;     /* of the walks and conversions; a new one after a clear */
  guint n_left_out;
  guint n_walks;
  guint n_pasted;
  AssaySum sum;                  /* since the last "finished" */
  gboolean paused;               /* by a person, until all that is under way has ended */
  gboolean kept;                 /* shows a kept run, and asks nobody until it is told to */
  guint n_shared;                /* since the last rest, that have waited for another's answer */
  guint n_before;                /* answers that the run that goes on had already */
  gboolean retry;                /* once the service is back: what failed for want of it */

  AssayTruths *truths;
  AssayMarks *marks;             /* (nullable) without a history */
  AssayJudge *judge;
  AssayTarget *baseline;         /* (nullable): with whom the target on show is compared */
  AssayLink *baseline_link;      /* (nullable) */
  AssayKeptAnswers *kept_answers[2]; /* (nullable): of the baseline, of the target on show */
  int n_unasked_of_baseline;     /* -1: to be counted */
  gboolean comparing;            /* both are asked */
  GPtrArray *looked_at;          /* (nullable) (element-type AssayItem): only about these */
  gboolean baseline_waits;       /* for its service */
};

/* One walk.  Its cancellable is the session's of then: a session that has been
 * cleared or closed since takes nothing more from it. */
typedef struct {
  AssaySession *session;         /* (owned) */
  GCancellable *cancellable;     /* (owned) */
} AssaySessionWalk;

typedef gboolean (*AssaySessionWanted) (AssayItem *item);

/* assay-session.c */
void              assay_session_emit                (AssaySession *self, AssaySessionSignal signal);
void              assay_session_say                 (AssaySession *self, const char *sentence);
GPtrArray        *assay_session_collect             (AssaySession *self, AssaySessionWanted wanted);
void              assay_session_ask_items           (AssaySession *self, GPtrArray *items, gboolean again);
void              assay_session_ask_waiting         (AssaySession *self);
void              assay_session_rest_when_done      (AssaySession *self);
void              assay_session_tell_progress       (AssaySession *self);
void              assay_session_use_link            (AssaySession *self, AssayLink *link);
void              assay_session_remember_choice     (AssaySession *self);
void              assay_session_give_run            (AssaySession *self, AssayLink *link, AssayTarget *target,
                                                     GPtrArray *items);
void              assay_session_wake_runs           (AssaySession *self, AssayLink *link);
void              assay_session_renew_clients       (AssaySession *self, AssayLink *link);

/* assay-session-give.c */
AssaySessionWalk *assay_session_walk_new            (AssaySession *session);
void              assay_session_walk_free           (gpointer data);

/* assay-session-judge.c */
void              assay_session_begin_judging       (AssaySession *self);
void              assay_session_end_judging         (AssaySession *self);
void              assay_session_judge_item          (AssaySession *self, AssayItem *item);
void              assay_session_ask_baseline_items  (AssaySession *self, GPtrArray *items, gboolean again);
void              assay_session_ask_baseline_too    (AssaySession *self, GPtrArray *items, gboolean again);
void              assay_session_follow_link         (AssaySession *self);
void              assay_session_save_baseline       (AssaySession *self, AssayConnection *connection);

/* assay-session-kept.c */
void              assay_session_turn_to_kept_target (AssaySession *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySessionWalk, assay_session_walk_free)

G_END_DECLS
