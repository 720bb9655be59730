/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>

#include "assay-collection.h"
#include "assay-hub.h"
#include "assay-intake.h"
#include "assay-judge.h"
#include "assay-kept.h"
#include "assay-pace.h"
#include "assay-trimmer.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SESSION (assay_session_get_type ())

/**
 * AssaySession:
 *
 * What a window works on: a collection, the target on show, and the runs that
 * fill it.  It knows no widget; the window is a view of it.  Main thread.
 *
 * Signals: "changed" (link, its standing, target, or how many are unasked),
 * "progress" (of runs and walks), "left-out" (when a walk has left files out),
 * "message" (a sentence for a person), "finished" (all work that was under way).
 */
G_DECLARE_FINAL_TYPE (AssaySession, assay_session, ASSAY, SESSION, GObject)

/* What was taken out, so that it can be put back. */
typedef struct {
  GPtrArray *items;           /* (element-type AssayItem) */
  GPtrArray *unfinished;      /* (element-type AssayItem) of them: to be asked again */
  GPtrArray *left_out;        /* (element-type AssayIntakeSummary) */
  guint n_left_out;
} AssayRemoval;

typedef struct {
  guint total;                /* items of the runs under way, and what is fetched for them */
  guint done;
  double rate;                /* items a second, smoothed; 0 while unknown */
  gboolean walking;           /* more may come: total is a lower bound */
  AssayPause pause;           /* why nothing is sent */
  gint64 until;               /* when it goes on by itself, monotonic µs, in the past while it is tried; G_MAXINT64 */
} AssayProgressFigures;

/* What came of a stretch of work, from rest to rest. */
typedef struct {
  guint total;                /* items asked about, one that was asked again as often as it was */
  guint answered;
  guint failed;
  guint rejected;
  guint canceled;
  gint64 began;               /* monotonic µs; 0 while nothing was asked */
} AssaySum;

AssaySession    *assay_session_new              (AssayHub *hub, GSettings *settings);
void             assay_session_start            (AssaySession *self);
void             assay_session_close            (AssaySession *self);
AssayHub        *assay_session_get_hub          (AssaySession *self);
AssayCollection *assay_session_get_collection   (AssaySession *self);
AssayLink       *assay_session_get_link         (AssaySession *self);
AssayTarget     *assay_session_get_target       (AssaySession *self);
char            *assay_session_dup_target_title (AssaySession *self);

void             assay_session_choose_connection (AssaySession *self, AssayConnection *connection);
void             assay_session_choose_version   (AssaySession *self, const char *model, const char *version);
void             assay_session_choose_target    (AssaySession *self, AssayConnection *connection,
                                                 const char *model, const char *version);
void             assay_session_try_again        (AssaySession *self);

AssayTruths     *assay_session_get_truths       (AssaySession *self);
AssayJudge      *assay_session_get_judge        (AssaySession *self);
AssayTrimmer    *assay_session_get_trimmer      (AssaySession *self);
AssayTarget     *assay_session_get_baseline     (AssaySession *self);
AssayLink       *assay_session_get_baseline_link (AssaySession *self);
char            *assay_session_dup_side_name    (AssaySession *self, gboolean baseline, gboolean begins);
void             assay_session_choose_baseline  (AssaySession *self, AssayConnection *connection,
                                                 const char *model, const char *version);
void             assay_session_choose_kept_baseline (AssaySession *self, const AssayKeptRun *run);
void             assay_session_show_kept_answers (AssaySession *self, const AssayKeptRun *run);
void             assay_session_swap             (AssaySession *self);
void             assay_session_set_comparing    (AssaySession *self, gboolean comparing);
void             assay_session_compare_items    (AssaySession *self, GPtrArray *items);
guint            assay_session_count_unasked_of_baseline (AssaySession *self);
void             assay_session_ask_baseline     (AssaySession *self);

void             assay_session_add_files        (AssaySession *self, GFile *const *files, guint n_files);
gboolean         assay_session_can_open_archive (AssayItem *item);
void             assay_session_open_archive     (AssaySession *self, AssayItem *item);
void             assay_session_add_addresses    (AssaySession *self, GPtrArray *addresses);
void             assay_session_add_picture      (AssaySession *self, GBytes *bytes, const char *name);
void             assay_session_add_texture      (AssaySession *self, GdkTexture *texture);
gboolean         assay_session_add_text         (AssaySession *self, const char *text);
void             assay_session_add_samples      (AssaySession *self);

void             assay_session_ask              (AssaySession *self, GPtrArray *items);
guint            assay_session_ask_failed       (AssaySession *self);
void             assay_session_ask_unasked      (AssaySession *self);
gboolean         assay_session_can_ask          (AssaySession *self);
guint            assay_session_count_unasked    (AssaySession *self);
void             assay_session_prefer           (AssaySession *self, AssayItem *item);
void             assay_session_cancel           (AssaySession *self);
void             assay_session_cancel_items     (AssaySession *self, GPtrArray *items);
void             assay_session_pause            (AssaySession *self);
void             assay_session_resume           (AssaySession *self);
gboolean         assay_session_can_pause        (AssaySession *self);
void             assay_session_try_now          (AssaySession *self);

AssayRemoval    *assay_session_remove           (AssaySession *self, GPtrArray *items);
AssayRemoval    *assay_session_clear            (AssaySession *self);
void             assay_session_restore          (AssaySession *self, AssayRemoval *removal);
void             assay_removal_free             (AssayRemoval *self);

void             assay_session_show_kept        (AssaySession *self, AssayTarget *target, GPtrArray *items);
void             assay_session_resume_kept      (AssaySession *self, AssayConnection *connection,
                                                 AssayRecording *recording, AssayTarget *target,
                                                 GPtrArray *items, GPtrArray *left, guint n_given);
void             assay_session_find_pictures    (AssaySession *self, GPtrArray *kept);
gboolean         assay_session_shows_kept       (AssaySession *self);

gboolean         assay_session_is_busy          (AssaySession *self);
void             assay_session_get_progress     (AssaySession *self, AssayProgressFigures *figures);
const AssaySum  *assay_session_get_sum          (AssaySession *self);
guint            assay_session_count_left_out   (AssaySession *self);
GPtrArray       *assay_session_get_left_out     (AssaySession *self);
AssayRemoval    *assay_session_remove_left_out  (AssaySession *self);

gboolean         assay_text_names_files         (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRemoval, assay_removal_free)

G_END_DECLS
