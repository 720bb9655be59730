/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-prediction.h"
#include "assay-target.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_OUTCOME (assay_outcome_get_type ())

/**
 * AssayOutcome:
 *
 * What became of one request for one item: a prediction or an error, never
 * both, never neither.  Immutable; crosses threads without a copy.
 */
typedef struct _AssayOutcome AssayOutcome;

GType            assay_outcome_get_type        (void);
AssayOutcome    *assay_outcome_new_prediction  (AssayPrediction *prediction, GBytes *raw);
AssayOutcome    *assay_outcome_new_error       (const GError *error, GBytes *raw);
AssayOutcome    *assay_outcome_ref             (AssayOutcome *self);
void             assay_outcome_unref           (AssayOutcome *self);
AssayPrediction *assay_outcome_get_prediction  (const AssayOutcome *self);
const GError    *assay_outcome_get_error       (const AssayOutcome *self);
GBytes          *assay_outcome_get_raw         (const AssayOutcome *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOutcome, assay_outcome_unref)

#define ASSAY_TYPE_ANSWER_STATE (assay_answer_state_get_type ())

/**
 * AssayAnswerState:
 *
 *   queued → reading → sending → answered | failed | canceled
 *   queued → rejected, reading → rejected      (before anything was sent)
 *   any but answered and rejected → canceled; reading, sending → queued (again)
 *   failed, canceled → queued                  (a person asks again)
 *   answered → queued                          (asked again with F5)
 */
typedef enum {
  ASSAY_ANSWER_QUEUED,
  ASSAY_ANSWER_READING,
  ASSAY_ANSWER_SENDING,
  ASSAY_ANSWER_ANSWERED,
  ASSAY_ANSWER_FAILED,
  ASSAY_ANSWER_CANCELED,
  ASSAY_ANSWER_REJECTED,
} AssayAnswerState;

#define ASSAY_ANSWER_N_STATES 7

GType       assay_answer_state_get_type (void);
const char *assay_answer_state_get_name (AssayAnswerState state);
gboolean    assay_answer_state_is_final (AssayAnswerState state);

#define ASSAY_TYPE_ANSWER (assay_answer_get_type ())

G_DECLARE_FINAL_TYPE (AssayAnswer, assay_answer, ASSAY, ANSWER, GObject)

typedef struct _AssayAnswerWatch AssayAnswerWatch;

/**
 * AssayAnswerWatch:
 * @changed: called after the state has changed, before "notify::state"
 *
 * Whoever follows each of a hundred thousand answers, for whom a signal handler each, at
 * 200 bytes, were too much.  It is a member of the one who follows, who is found by it.
 */
struct _AssayAnswerWatch {
  void (*changed) (AssayAnswer *answer, const AssayAnswerWatch *watch);
};

AssayAnswer      *assay_answer_new            (AssayTarget *target);
AssayTarget      *assay_answer_get_target     (AssayAnswer *self);
AssayAnswerState  assay_answer_get_state      (AssayAnswer *self);
AssayPrediction  *assay_answer_get_prediction (AssayAnswer *self);
const GError     *assay_answer_get_error      (AssayAnswer *self);
GBytes           *assay_answer_get_raw        (AssayAnswer *self);
guint             assay_answer_get_attempts   (AssayAnswer *self);
double            assay_answer_get_seconds    (AssayAnswer *self);
gint64            assay_answer_get_when       (AssayAnswer *self);
gboolean          assay_answer_move           (AssayAnswer *self, AssayAnswerState state);
gboolean          assay_answer_reject         (AssayAnswer *self, const GError *error);
gboolean          assay_answer_resolve        (AssayAnswer *self, AssayOutcome *outcome, double seconds, gint64 when);
void              assay_answer_set_form       (AssayAnswer *self, AssayPrediction *prediction);
void              assay_answer_drop_raw       (AssayAnswer *self);
void              assay_answer_set_watch      (AssayAnswer *self, const AssayAnswerWatch *watch);

G_END_DECLS
