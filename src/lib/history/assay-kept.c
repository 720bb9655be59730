/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-error.h"
#include "assay-kept.h"

/* An answer in memory counts its attempts one by one; no run ever makes as many. */
#define RESTORED_ATTEMPTS 1000

/**
 * assay_kept_run_get_left:
 *
 * Returns: how many of those given have no final answer
 */
guint
assay_kept_run_get_left (const AssayKeptRun *self)
{
  guint64 done;

  g_return_val_if_fail (self != NULL, 0);

  done = (guint64) self->n_answered + self->n_failed + self->n_rejected + self->n_canceled;
  return done < self->given ? self->given - (guint) done : 0;
}

void
assay_kept_run_free (AssayKeptRun *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  g_clear_pointer (&self->target, assay_target_unref);
  g_free (self->connection_name);
  g_free (self->url);
  g_free (self->protocol);
  g_free (self->options);
  g_free (self);
}

/**
 * assay_kept_item_copy:
 *
 * Returns: (transfer full): a copy, with a copy of its answer
 */
AssayKeptItem *
assay_kept_item_copy (const AssayKeptItem *self)
{
  AssayKeptItem *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (AssayKeptItem, 1);
  *copy = *self;
  copy->path = g_strdup (self->path);
  copy->member = g_strdup (self->member);
  copy->group = g_strdup (self->group);
  copy->uri = g_strdup (self->uri);
  copy->answer = self->answer != NULL ? assay_kept_answer_copy (self->answer) : NULL;
  return copy;
}

void
assay_kept_item_free (AssayKeptItem *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->path);
  g_free (self->member);
  g_free (self->group);
  g_free (self->uri);
  g_clear_pointer (&self->answer, assay_kept_answer_free);
  g_free (self);
}

/**
 * assay_kept_answer_new:
 * @position: of its item in the run
 * @answer: in a final state
 * @sha256: (nullable): of the item's bytes, if they were read
 * @sent_sha256: (nullable): of what was sent
 *
 * Main thread; the result may cross threads.
 *
 * Returns: (transfer full): @answer as it is now
 */
AssayKeptAnswer *
assay_kept_answer_new (guint position,
                       AssayAnswer *answer,
                       const char *sha256,
                       const char *sent_sha256)
{
  AssayKeptAnswer *self;
  AssayPrediction *prediction;
  const GError *error;

  g_return_val_if_fail (ASSAY_IS_ANSWER (answer), NULL);
  g_return_val_if_fail (assay_answer_state_is_final (assay_answer_get_state (answer)), NULL);

  prediction = assay_answer_get_prediction (answer);
  error = assay_answer_get_error (answer);
  self = g_new0 (AssayKeptAnswer, 1);
  self->position = position;
  self->state = assay_answer_get_state (answer);
  self->prediction = prediction != NULL ? assay_prediction_ref (prediction) : NULL;
  self->error = error != NULL ? g_error_copy (error) : NULL;
  self->sha256 = g_strdup (sha256);
  self->sent_sha256 = g_strdup (sent_sha256);
  self->attempts = assay_answer_get_attempts (answer);
  self->seconds = assay_answer_get_seconds (answer);
  self->when = assay_answer_get_when (answer);
  if (self->when == 0)
    self->when = g_get_real_time ();
  return self;
}

AssayKeptAnswer *
assay_kept_answer_copy (const AssayKeptAnswer *self)
{
  AssayKeptAnswer *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (AssayKeptAnswer, 1);
  *copy = *self;
  copy->prediction = self->prediction != NULL ? assay_prediction_ref (self->prediction) : NULL;
  copy->error = self->error != NULL ? g_error_copy (self->error) : NULL;
  copy->sha256 = g_strdup (self->sha256);
  copy->sent_sha256 = g_strdup (self->sent_sha256);
  return copy;
}

void
assay_kept_answer_free (AssayKeptAnswer *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->prediction, assay_prediction_unref);
  g_clear_error (&self->error);
  g_free (self->sha256);
  g_free (self->sent_sha256);
  g_free (self);
}

/* Moves a queued answer as often to sending as it was sent. */
static void
repeat_attempts (AssayAnswer *answer,
                 guint attempts)
{
  for (guint i = 0; i < MIN (attempts, RESTORED_ATTEMPTS); i++)
    {
      assay_answer_move (answer, ASSAY_ANSWER_QUEUED);
      assay_answer_move (answer, ASSAY_ANSWER_READING);
      assay_answer_move (answer, ASSAY_ANSWER_SENDING);
    }
}

/**
 * assay_kept_answer_restore:
 * @answer: a new one, queued
 *
 * Brings @answer to the state that was kept.  When a rejected or canceled one
 * ended is not told to it, because it was never asked.
 *
 * Returns: whether @answer was a new one; if not, nothing has changed
 */
gboolean
assay_kept_answer_restore (const AssayKeptAnswer *self,
                           AssayAnswer *answer)
{
  g_autoptr (AssayOutcome) outcome = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (ASSAY_IS_ANSWER (answer), FALSE);

  if (assay_answer_get_state (answer) != ASSAY_ANSWER_QUEUED)
    return FALSE;
  if (self->state == ASSAY_ANSWER_REJECTED)
    return assay_answer_reject (answer, self->error);

  repeat_attempts (answer, self->state == ASSAY_ANSWER_ANSWERED ? MAX (self->attempts, 1)
                                                                : self->attempts);
  if (self->state == ASSAY_ANSWER_CANCELED)
    return assay_answer_move (answer, ASSAY_ANSWER_CANCELED);
  outcome = self->prediction != NULL ? assay_outcome_new_prediction (self->prediction, NULL)
                                     : assay_outcome_new_error (self->error, NULL);
  return assay_answer_resolve (answer, outcome, self->seconds, self->when);
}

void
assay_kept_truth_free (AssayKeptTruth *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->label);
  g_free (self->source);
  g_free (self);
}
