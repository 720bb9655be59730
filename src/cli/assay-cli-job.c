/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-connect.h"
#include "assay-cli-dry.h"
#include "assay-cli-input.h"
#include "assay-cli-job.h"
#include "assay-cli-keeping.h"
#include "assay-cli-loop.h"
#include "assay-cli-progress.h"
#include "assay-cli-target.h"
#include "assay-cli.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-logits.h"
#include "assay-revival.h"
#include "assay-run.h"

typedef struct _Job Job;

/* One that is asked. */
typedef struct {
  Job *job;
  AssayCliConnect *connect;
  const char *model;
  const char *version;
  AssayCliKeeping *keeping;
  AssayRun *run;              /* (nullable) until its target is known */
  guint states[ASSAY_ANSWER_N_STATES];
  gboolean logits;            /* some scores may be that */
} Ask;

/* One call of a command.  Either the runs of all asks or dry take the items, and they
 * come from the input or are what a run has left. */
struct _Job {
  AssayCliOptions *options;
  const AssayCliSink *sink;
  gpointer data;
  AssayCliInput *input;       /* (nullable) */
  AssayCliProgress *progress;
  AssayCliLoop *loop;
  GCancellable *walk;         /* of the input: also canceled when there are enough */
  Ask asks[ASSAY_CLI_ASKED_MAX];
  guint n_asks;
  AssayCliDry *dry;
  guint n_given;
  guint n_closing;
  int trouble;                /* the exit status for what is no item's fault, or 0 */
  gboolean walked;
  gboolean unwritable;        /* the results can't be written */
  gboolean finished;
};

static void
job_free (Job *self)
{
  for (guint i = 0; i < self->n_asks; i++)
    {
      g_clear_object (&self->asks[i].run);
      g_clear_pointer (&self->asks[i].keeping, assay_cli_keeping_free);
    }
  g_clear_pointer (&self->dry, assay_cli_dry_free);
  g_clear_pointer (&self->progress, assay_cli_progress_free);
  g_clear_pointer (&self->input, assay_cli_input_free);
  g_clear_pointer (&self->loop, assay_cli_loop_free);
  g_clear_object (&self->walk);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

/* ---- the end ---- */

static gboolean
is_over (Job *self)
{
  if (!self->walked)
    return FALSE;
  if (self->dry != NULL)
    return !assay_cli_dry_is_active (self->dry);
  for (guint i = 0; i < self->n_asks; i++)
    if (self->asks[i].run != NULL && assay_run_is_active (self->asks[i].run))
      return FALSE;
  return TRUE;
}

/* The service was away for all, or for too long. */
static gboolean
was_away (Ask *ask)
{
  const GError *fatal = ask->run != NULL ? assay_run_get_fatal (ask->run) : NULL;

  if (fatal == NULL
      || (ask->states[ASSAY_ANSWER_ANSWERED] > 0 && !assay_run_has_given_up (ask->run)))
    return FALSE;
  assay_cli_complain (NULL, fatal->message);
  return TRUE;
}

static int
choose_status (Job *self)
{
  if (self->trouble != 0)
    return self->trouble;
  for (guint i = 0; i < self->n_asks; i++)
    if (was_away (&self->asks[i]))
      return ASSAY_CLI_NO_SERVICE;
  for (guint i = 0; i < self->n_asks; i++)
    if (self->asks[i].states[ASSAY_ANSWER_FAILED] + self->asks[i].states[ASSAY_ANSWER_REJECTED]
          + self->asks[i].states[ASSAY_ANSWER_CANCELED] > 0)
      return ASSAY_CLI_SOME_FAILED;
  return ASSAY_CLI_OK;
}

static void
append_count (GString *text,
              guint count,
              const char *word)
{
  if (count > 0)
    g_string_append_printf (text, ", %u %s", count, word);
}

/* Of two it is said of whom it is told. */
static char *
dup_subject (Job *self,
             Ask *ask)
{
  AssayTarget *target;

  if (self->n_asks == 1 || ask->run == NULL)
    return NULL;
  target = assay_run_get_target (ask->run);
  return g_strdup_printf ("%s %s", assay_target_get_model (target),
                          assay_target_get_version (target));
}

static void
say_answered (Job *self,
              Ask *ask)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *subject = dup_subject (self, ask);
  guint answered = ask->states[ASSAY_ANSWER_ANSWERED];

  if (answered >= self->n_given)
    return;
  g_string_append_printf (text, _("%u of %u answered"), answered, self->n_given);
  append_count (text, ask->states[ASSAY_ANSWER_REJECTED], _("rejected"));
  append_count (text, ask->states[ASSAY_ANSWER_FAILED], _("failed"));
  append_count (text, ask->states[ASSAY_ANSWER_CANCELED], _("canceled"));
  assay_cli_complain (subject, text->str);
}

/* Offered, never applied unasked: what the scores of a service are, only a person knows. */
static void
say_logits (Job *self,
            Ask *ask)
{
  g_autofree char *subject = dup_subject (self, ask);

  if (ask->logits)
    assay_cli_complain (subject, _("The scores are not probabilities. If they are logits, "
                                   "--softmax makes probabilities of them."));
}

/* Said when there is more to say than that all went well. */
static void
say_summary (Job *self)
{
  guint left_out = self->input != NULL ? assay_cli_input_get_n_left_out (self->input) : 0;

  for (guint i = 0; i < self->n_asks && self->dry == NULL; i++)
    say_answered (self, &self->asks[i]);
  for (guint i = 0; i < self->n_asks; i++)
    say_logits (self, &self->asks[i]);
  if (left_out > 0)
    {
      g_autofree char *words = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%u other file was left out", "%u other files were left out",
                     left_out),
        left_out);

      assay_cli_complain (NULL, words);
    }
}

static void
write_failed (Job *self,
              const GError *error)
{
  if (self->unwritable)
    return;
  self->unwritable = TRUE;
  self->trouble = ASSAY_CLI_SOME_FAILED;
  assay_cli_progress_clear (self->progress);
  assay_cli_complain (NULL, error->message);
  g_cancellable_cancel (self->walk);
  for (guint i = 0; i < self->n_asks; i++)
    if (self->asks[i].run != NULL)
      assay_run_cancel (self->asks[i].run);
}

static void
quit (Job *self)
{
  int status = choose_status (self);

  if (self->sink->judge != NULL && !self->unwritable)
    status = self->sink->judge (self->data, status);
  assay_cli_loop_quit (self->loop, status);
}

static void
say_left (Job *self,
          gint64 id,
          guint left)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  g_autofree char *words = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "“assay-cli history resume %s” sends the %u that is left",
                 "“assay-cli history resume %s” sends the %u that are left", left),
    number, left);

  assay_cli_complain (NULL, words);
}

/* All that was to be kept is on disk, or it is said what is not. */
static void
kept_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  Ask *ask = data;
  Job *self = ask->job;
  g_autoptr (GError) error = NULL;
  guint left = ask->states[ASSAY_ANSWER_CANCELED];
  gint64 id = assay_cli_keeping_close_finish (ask->keeping, result, &error);

  self->options->kept[ask - self->asks] = id;
  if (error != NULL)
    {
      g_autofree char *words = g_strdup_printf (_("The history is not complete: %s"),
                                                error->message);

      assay_cli_complain (NULL, words);
    }
  else if (id != 0 && left > 0 && assay_cli_loop_is_interrupted (self->loop))
    say_left (self, id, left);
  if (--self->n_closing == 0)
    quit (self);
}

static void
finish (Job *self)
{
  g_autoptr (GError) error = NULL;

  self->finished = TRUE;
  assay_cli_progress_clear (self->progress);
  if (!self->unwritable && !self->sink->end (self->data, &error))
    write_failed (self, error);
  say_summary (self);
  self->n_closing = self->n_asks;
  for (guint i = 0; i < self->n_asks; i++)
    assay_cli_keeping_close_async (self->asks[i].keeping, kept_cb, &self->asks[i]);
}

static void
finish_if_over (Job *self)
{
  if (!self->finished && is_over (self))
    finish (self);
}

/* ---- answers ---- */

/* The reasons are in the other formats themselves. */
static void
say_reason (Job *self,
            AssayAnswer *answer,
            const char *path)
{
  const GError *error = assay_answer_get_error (answer);

  if (error == NULL || self->options->format != ASSAY_CLI_TABLE)
    return;
  assay_cli_progress_clear (self->progress);
  assay_cli_complain (path, error->message);
}

/* Other formats than a table have a member of their own for the member's name. */
static char *
dup_path (Job *self,
          AssaySource *source)
{
  const char *member = assay_source_get_member (source);

  if (self->input != NULL && self->options->format == ASSAY_CLI_TABLE)
    return assay_cli_input_dup_label (self->input, source);
  if (self->input != NULL)
    return assay_cli_input_dup_path (self->input, source);
  if (member != NULL && self->options->format == ASSAY_CLI_TABLE)
    return g_strconcat (assay_source_get_path (source), "/", member, NULL);
  return g_strdup (assay_source_get_path (source));
}

/* @answer is NULL for what would be sent in a dry run. */
static void
take_result (Job *self,
             guint which,
             AssayItem *item,
             AssayAnswer *answer)
{
  g_autofree char *path = dup_path (self, assay_item_get_source (item));
  g_autoptr (GError) error = NULL;

  if (answer != NULL)
    {
      self->asks[which].states[assay_answer_get_state (answer)]++;
      say_reason (self, answer, path);
    }
  if (self->unwritable)
    return;
  assay_cli_progress_clear (self->progress);
  if (!self->sink->take (self->data, which, item, answer, path, &error))
    write_failed (self, error);
}

static void
look_for_logits (Ask *ask,
                 AssayAnswer *answer)
{
  AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;

  if (prediction != NULL && !ask->logits)
    ask->logits = assay_logits_suspect (assay_cli_connect_get_connection (ask->connect), prediction);
}

static void
item_done_cb (Ask *ask,
              AssayItem *item)
{
  AssayAnswer *answer = assay_item_find_answer (item, assay_run_get_target (ask->run));

  look_for_logits (ask, answer);
  take_result (ask->job, ask - ask->job->asks, item, answer);
}

static void
run_finished_cb (Ask *ask)
{
  finish_if_over (ask->job);
}

static void
dry_done_cb (AssayItem *item,
             AssayAnswer *answer,
             gpointer data)
{
  Job *self = data;

  /* NULL item: all that was given so far is done. */
  if (item != NULL)
    take_result (self, 0, item, answer);
  else
    finish_if_over (self);
}

/* ---- what is asked about ---- */

static gboolean
has_enough (Job *self)
{
  return self->options->limit > 0 && self->n_given >= (guint) self->options->limit;
}

/* For each that is asked items of its own: an item knows one answer of a target, and
 * both may be the same. */
static void
add_sources (Job *self,
             Ask *ask,
             GPtrArray *sources,
             guint n,
             guint first)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      AssayItem *item = assay_item_new (g_ptr_array_index (sources, i));

      assay_item_set_serial (item, first + i);
      g_ptr_array_add (items, item);
    }
  if (self->dry != NULL)
    {
      assay_cli_dry_add (self->dry, items);
      return;
    }
  assay_cli_keeping_add (ask->keeping, items);
  assay_run_add_light (ask->run, items);
}

static void
batch_cb (GPtrArray *sources,
          gpointer data)
{
  Job *self = data;
  guint first = self->n_given + 1;
  guint n = 0;

  while (n < sources->len && !has_enough (self))
    {
      n++;
      self->n_given++;
    }
  if (has_enough (self))
    g_cancellable_cancel (self->walk);
  for (guint i = 0; i < self->n_asks; i++)
    add_sources (self, &self->asks[i], sources, n, first);
}

static void
revived_cb (GPtrArray *items,
            gpointer data)
{
  Job *self = data;

  self->n_given += items->len;
  assay_run_add (self->asks[0].run, items);
}

static void
walked_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Job *self = data;
  g_autoptr (GError) error = NULL;
  gboolean walked;

  self->walked = TRUE;
  walked = self->input != NULL ? assay_cli_input_read_finish (self->input, result, &error)
                               : assay_revive_left_finish (result, &error);
  if (!walked && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      assay_cli_complain (NULL, error->message);
      self->trouble = assay_cli_status_for_error (error);
    }
  assay_cli_progress_set_walking (self->progress, FALSE);
  finish_if_over (self);
}

static void
begin_input (Job *self)
{
  const AssayIntakeOptions options = { .send_archives = self->options->send_archives };
  g_autoptr (GError) error = NULL;

  if (!self->sink->begin (self->data, &error))
    {
      write_failed (self, error);
      assay_cli_loop_quit (self->loop, ASSAY_CLI_SOME_FAILED);
      return;
    }
  if (self->input != NULL)
    assay_cli_input_read_async (self->input, batch_cb, self, self->walk, walked_cb, self);
  else
    assay_revive_left_async (assay_cli_keeping_get_left (self->asks[0].keeping), &options,
                             revived_cb, self, self->walk, walked_cb, self);
}

/* ---- before the first ---- */

static void
give_up (Job *self,
         const GError *error)
{
  int status = assay_cli_status_for_error (error);

  if (status != ASSAY_CLI_INTERRUPTED)
    assay_cli_complain (NULL, error->message);
  assay_cli_loop_quit (self->loop, status);
}

/* What was given, for people: the first of it. */
static char *
dup_name (Job *self)
{
  g_autofree char *path = g_strdup (self->options->paths[0]);
  g_autofree char *base = NULL;
  g_autofree char *safe = NULL;
  gsize length = strlen (path);

  while (length > 1 && path[length - 1] == '/')
    path[--length] = '\0';
  base = g_path_get_basename (path);
  safe = assay_display_text (base, -1, 0);
  return self->options->paths[1] != NULL ? g_strconcat (safe, ", …", NULL) : g_steal_pointer (&safe);
}

static void
follow_run (Ask *ask)
{
  Job *self = ask->job;
  g_autofree char *name = self->options->resume ? NULL : dup_name (self);
  g_autofree char *options = assay_cli_options_dup_kept (self->options);

  assay_cli_keeping_follow (ask->keeping, ask->run,
                            assay_cli_connect_get_connection (ask->connect), name, options);
}

/* Of two each has half of the requests, so that what slows one slows both. */
static guint
get_jobs (Job *self)
{
  return MAX (1, self->options->jobs / self->n_asks);
}

static void open_ask (Ask *ask);

static void
begin_run (Ask *ask,
           AssayTarget *target)
{
  Job *self = ask->job;

  ask->run = assay_run_new (assay_cli_connect_get_client (ask->connect), target, get_jobs (self),
                            self->options->convert);
  assay_run_set_batch (ask->run, (guint) self->options->batch);
  assay_run_set_tries (ask->run, 1 + self->options->retries);
  assay_run_set_patience (ask->run, ASSAY_DEFAULT_PATIENCE);
  g_signal_connect_swapped (ask->run, "item-done", G_CALLBACK (item_done_cb), ask);
  g_signal_connect_swapped (ask->run, "finished", G_CALLBACK (run_finished_cb), ask);
  follow_run (ask);
  if (ask + 1 < self->asks + self->n_asks)
    {
      open_ask (ask + 1);
      return;
    }
  assay_cli_progress_follow (self->progress, ask->run);
  begin_input (self);
}

static void
target_found_cb (GObject *source,
                 GAsyncResult *result,
                 gpointer data)
{
  Ask *ask = data;
  g_autoptr (AssayTarget) target = NULL;
  g_autoptr (GError) error = NULL;

  target = assay_cli_target_find_finish (result, &error);
  if (target == NULL)
    give_up (ask->job, error);
  else
    begin_run (ask, target);
}

/* If nobody starts it again, what is left fails with the reason. */
static void
service_told_cb (const char *sentence,
                 const GError *gone,
                 gpointer data)
{
  Job *self = data;

  assay_cli_progress_clear (self->progress);
  assay_cli_complain (NULL, sentence);
  for (guint i = 0; i < self->n_asks; i++)
    {
      AssayRun *run = self->asks[i].run;

      if (run != NULL && gone != NULL)
        assay_run_give_up (run, gone);
      else if (run != NULL)
        assay_run_try_now (run);
    }
}

static void
find_target (Ask *ask)
{
  Job *self = ask->job;

  if (self->options->resume)
    begin_run (ask, assay_cli_keeping_get_run (ask->keeping)->target);
  else
    assay_cli_target_find_async (ask->connect, ask->model, ask->version,
                                 assay_cli_loop_get_cancellable (self->loop), target_found_cb, ask);
}

static void
opened_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Ask *ask = data;
  g_autoptr (GError) error = NULL;

  if (!assay_cli_connect_open_finish (ask->connect, result, &error))
    give_up (ask->job, error);
  else
    find_target (ask);
}

static gboolean
check_service (Job *self,
               Ask *ask,
               GError **error)
{
  return assay_cli_connect_check (ask->connect, error)
         && assay_cli_fit_apply (&self->options->fit,
                                 assay_cli_connect_get_connection (ask->connect), error);
}

static void
open_service (Ask *ask)
{
  Job *self = ask->job;

  if (assay_cli_connect_get_client (ask->connect) != NULL)
    {
      find_target (ask);
      return;
    }
  assay_cli_connect_set_tell (ask->connect, service_told_cb, self);
  assay_cli_connect_open_async (ask->connect, self->options->jobs,
                                assay_cli_loop_get_cancellable (self->loop), opened_cb, ask);
}

static void
resumed_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  Ask *ask = data;
  Job *self = ask->job;
  g_autoptr (GError) error = NULL;

  if (assay_cli_keeping_resume_finish (ask->keeping, result, &error))
    {
      const AssayKeptRun *kept = assay_cli_keeping_get_run (ask->keeping);

      assay_cli_connect_adopt (ask->connect, kept);
      assay_cli_options_take_kept (self->options, kept->options);
      if (check_service (self, ask, &error))
        {
          open_service (ask);
          return;
        }
    }
  assay_cli_complain (NULL, error->message);
  assay_cli_loop_quit (self->loop, ASSAY_CLI_USAGE);
}

static void
history_opened_cb (GObject *source,
                   GAsyncResult *result,
                   gpointer data)
{
  Ask *ask = data;
  Job *self = ask->job;
  g_autoptr (GError) error = NULL;
  gboolean opened = assay_cli_keeping_open_finish (ask->keeping, result, &error);

  if (opened && self->options->resume)
    {
      assay_cli_keeping_resume_async (ask->keeping, self->options->run,
                                      assay_cli_loop_get_cancellable (self->loop), resumed_cb, ask);
      return;
    }
  if (self->options->resume || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      give_up (self, error);
      return;
    }
  if (!opened)
    {
      g_autofree char *words = g_strdup_printf (_("Nothing of this run is kept: %s"),
                                                error->message);

      assay_cli_complain (NULL, words);
    }
  open_service (ask);
}

static void
open_ask (Ask *ask)
{
  Job *self = ask->job;

  if (self->options->no_history)
    open_service (ask);
  else
    assay_cli_keeping_open_async (ask->keeping, assay_cli_loop_get_cancellable (self->loop),
                                  history_opened_cb, ask);
}

/* What waits for the service stops by the loop's cancellable; what was answered
 * is written by finish().  At first what flies may land. */
static void
interrupted_cb (gpointer data)
{
  Job *self = data;
  gboolean flying = FALSE;

  g_cancellable_cancel (self->walk);
  if (self->dry != NULL)
    assay_cli_dry_cancel (self->dry);
  for (guint i = 0; i < self->n_asks; i++)
    {
      Ask *ask = &self->asks[i];

      assay_cli_keeping_interrupt (ask->keeping);
      if (ask->run != NULL && assay_cli_loop_is_urgent (self->loop))
        assay_run_cancel (ask->run);
      else if (ask->run != NULL)
        assay_run_cancel_waiting (ask->run);
      flying = flying || (ask->run != NULL && assay_run_is_active (ask->run));
    }
  if (!flying || assay_cli_loop_is_urgent (self->loop))
    return;
  assay_cli_progress_clear (self->progress);
  assay_cli_complain (NULL, _("Waiting for what was sent already. Interrupt once more to stop "
                              "at once."));
}

/* ---- the beginning ---- */

static gboolean
prepare_input (Job *self,
               GError **error)
{
  gboolean stdin_taken = FALSE;

  for (guint i = 0; i < self->n_asks; i++)
    stdin_taken = stdin_taken || assay_cli_connect_reads_stdin (self->asks[i].connect);
  self->input = assay_cli_input_new (self->options->paths, self->options->nul, stdin_taken, error);
  if (self->input == NULL)
    return FALSE;
  assay_cli_input_set_send_archives (self->input, self->options->send_archives);
  return TRUE;
}

/* One connection may be asked twice. */
static gboolean
is_checked (Job *self,
            guint i)
{
  return i > 0 && self->asks[i].connect == self->asks[0].connect;
}

/* Everything that can be wrong with the line, before anything is done. */
static gboolean
prepare (Job *self,
         GError **error)
{
  self->progress = assay_cli_progress_new (self->options->progress, error);
  if (self->progress == NULL)
    return FALSE;
  /* Whom a run asked is known when it is found. */
  for (guint i = 0; i < self->n_asks && !self->options->resume; i++)
    if (!is_checked (self, i) && !check_service (self, &self->asks[i], error))
      return FALSE;
  return (self->options->resume || prepare_input (self, error))
         && self->sink->prepare (self->data, error);
}

static void
begin (Job *self)
{
  if (self->options->dry_run)
    {
      self->dry = assay_cli_dry_new (self->options->convert,
                                     assay_cli_connect_get_connection (self->asks[0].connect),
                                     dry_done_cb, self);
      begin_input (self);
    }
  else
    open_ask (&self->asks[0]);
}

/**
 * assay_cli_job_run:
 * @command: as it is typed
 * @options: (inout): parsed; a run that goes on changes them to its own
 * @asked: (array length=n_asked): who is asked about everything
 * @n_asked: 1 or 2; with two each has half of the requests at once
 * @sink: what becomes of the answers
 * @data: for @sink
 *
 * Asks about all that was given, or what a run has left, and runs the main loop until
 * that is over.
 *
 * Returns: the exit status
 */
int
assay_cli_job_run (const char *command,
                   AssayCliOptions *options,
                   const AssayCliAsked *asked,
                   guint n_asked,
                   const AssayCliSink *sink,
                   gpointer data)
{
  g_autoptr (Job) self = g_new0 (Job, 1);
  g_autoptr (GError) error = NULL;

  g_assert (n_asked >= 1 && n_asked <= ASSAY_CLI_ASKED_MAX);

  self->options = options;
  self->sink = sink;
  self->data = data;
  self->n_asks = n_asked;
  for (guint i = 0; i < n_asked; i++)
    self->asks[i] = (Ask) {
      .job = self,
      .connect = asked[i].connect,
      .model = asked[i].model,
      .version = asked[i].version,
      .keeping = assay_cli_keeping_new (),
    };
  if (!prepare (self, &error))
    return assay_cli_complain_usage (command, error);
  self->walk = g_cancellable_new ();
  self->loop = assay_cli_loop_new (interrupted_cb, self);
  begin (self);
  return assay_cli_loop_run (self->loop);
}
