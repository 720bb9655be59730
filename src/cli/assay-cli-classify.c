/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-connect.h"
#include "assay-cli-dry.h"
#include "assay-cli-history.h"
#include "assay-cli-input.h"
#include "assay-cli-keeping.h"
#include "assay-cli-loop.h"
#include "assay-cli-options.h"
#include "assay-cli-output.h"
#include "assay-cli-progress.h"
#include "assay-cli-target.h"
#include "assay-cli.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-revival.h"
#include "assay-run.h"

/* One call of the command.  Exactly one of run and dry takes the items, and they
 * come from the input or are what a run has left. */
typedef struct {
  AssayCliOptions options;
  AssayCliConnect *connect;
  AssayCliInput *input;       /* (nullable) */
  AssayCliKeeping *keeping;
  AssayCliOutput *output;
  AssayCliProgress *progress;
  AssayCliLoop *loop;
  GCancellable *walk;         /* of the input: also canceled when there are enough */
  AssayRun *run;
  AssayCliDry *dry;
  guint n_given;
  guint states[ASSAY_ANSWER_N_STATES];
  int trouble;                /* the exit status for what is no item's fault, or 0 */
  gboolean walked;
  gboolean unwritable;        /* the results can't be written */
  gboolean finished;
} Classify;

static void
classify_free (Classify *self)
{
  g_clear_object (&self->run);
  g_clear_pointer (&self->keeping, assay_cli_keeping_free);
  g_clear_pointer (&self->dry, assay_cli_dry_free);
  g_clear_pointer (&self->progress, assay_cli_progress_free);
  g_clear_pointer (&self->output, assay_cli_output_free);
  g_clear_pointer (&self->input, assay_cli_input_free);
  g_clear_pointer (&self->connect, assay_cli_connect_free);
  g_clear_pointer (&self->loop, assay_cli_loop_free);
  g_clear_object (&self->walk);
  assay_cli_options_clear (&self->options);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Classify, classify_free)

static gboolean
is_over (Classify *self)
{
  if (!self->walked)
    return FALSE;
  if (self->dry != NULL)
    return !assay_cli_dry_is_active (self->dry);
  return self->run == NULL || !assay_run_is_active (self->run);
}

static int
choose_status (Classify *self)
{
  const GError *fatal = self->run != NULL ? assay_run_get_fatal (self->run) : NULL;

  if (self->trouble != 0)
    return self->trouble;
  if (fatal != NULL
      && (self->states[ASSAY_ANSWER_ANSWERED] == 0 || assay_run_has_given_up (self->run)))
    {
      assay_cli_complain (NULL, fatal->message);
      return ASSAY_CLI_NO_SERVICE;
    }
  if (self->states[ASSAY_ANSWER_FAILED] + self->states[ASSAY_ANSWER_REJECTED]
        + self->states[ASSAY_ANSWER_CANCELED] > 0)
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

/* Said when there is more to say than that all went well. */
static void
say_summary (Classify *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint left_out = self->input != NULL ? assay_cli_input_get_n_left_out (self->input) : 0;
  guint answered = self->states[ASSAY_ANSWER_ANSWERED];

  if (answered < self->n_given && self->dry == NULL)
    {
      g_string_append_printf (text, _("%u of %u answered"), answered, self->n_given);
      append_count (text, self->states[ASSAY_ANSWER_REJECTED], _("rejected"));
      append_count (text, self->states[ASSAY_ANSWER_FAILED], _("failed"));
      append_count (text, self->states[ASSAY_ANSWER_CANCELED], _("canceled"));
      assay_cli_complain (NULL, text->str);
    }
  if (left_out > 0)
    {
      g_string_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u other file was left out",
                                          "%u other files were left out", left_out),
                       left_out);
      assay_cli_complain (NULL, text->str);
    }
}

static void
write_failed (Classify *self,
              const GError *error)
{
  if (self->unwritable)
    return;
  self->unwritable = TRUE;
  self->trouble = ASSAY_CLI_SOME_FAILED;
  assay_cli_progress_clear (self->progress);
  assay_cli_complain (NULL, error->message);
  g_cancellable_cancel (self->walk);
  if (self->run != NULL)
    assay_run_cancel (self->run);
}

/* All that was to be kept is on disk, or it is said what is not. */
static void
kept_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  Classify *self = data;
  g_autoptr (GError) error = NULL;
  guint left = self->states[ASSAY_ANSWER_CANCELED];
  gint64 id = assay_cli_keeping_close_finish (self->keeping, result, &error);

  if (error != NULL)
    {
      g_autofree char *words = g_strdup_printf (_("The history is not complete: %s"),
                                                error->message);

      assay_cli_complain (NULL, words);
    }
  else if (id != 0 && left > 0 && assay_cli_loop_is_interrupted (self->loop))
    {
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);
      g_autofree char *words = g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "“assay-cli history resume %s” sends the %u that is left",
                       "“assay-cli history resume %s” sends the %u that are left", left),
          number, left);

      assay_cli_complain (NULL, words);
    }
  assay_cli_loop_quit (self->loop, choose_status (self));
}

static void
finish (Classify *self)
{
  g_autoptr (GError) error = NULL;

  self->finished = TRUE;
  if (!self->unwritable && !assay_cli_output_end (self->output, &error))
    write_failed (self, error);
  assay_cli_progress_clear (self->progress);
  say_summary (self);
  assay_cli_keeping_close_async (self->keeping, kept_cb, self);
}

static void
finish_if_over (Classify *self)
{
  if (!self->finished && is_over (self))
    finish (self);
}

/* The reasons are in the other formats themselves. */
static void
say_reason (Classify *self,
            AssayAnswer *answer,
            const char *path)
{
  const GError *error = assay_answer_get_error (answer);

  if (error == NULL || self->options.format != ASSAY_CLI_TABLE)
    return;
  assay_cli_progress_clear (self->progress);
  assay_cli_complain (path, error->message);
}

/* Other formats than a table have a member of their own for the member's name. */
static char *
dup_path (Classify *self,
          AssaySource *source)
{
  const char *member = assay_source_get_member (source);

  if (self->input != NULL && self->options.format == ASSAY_CLI_TABLE)
    return assay_cli_input_dup_label (self->input, source);
  if (self->input != NULL)
    return assay_cli_input_dup_path (self->input, source);
  if (member != NULL && self->options.format == ASSAY_CLI_TABLE)
    return g_strconcat (assay_source_get_path (source), "/", member, NULL);
  return g_strdup (assay_source_get_path (source));
}

/* @answer is NULL for what would be sent in a dry run. */
static void
take_result (Classify *self,
             AssayItem *item,
             AssayAnswer *answer)
{
  AssaySource *source = assay_item_get_source (item);
  g_autofree char *path = dup_path (self, source);
  g_autoptr (GError) error = NULL;

  if (answer != NULL)
    {
      self->states[assay_answer_get_state (answer)]++;
      say_reason (self, answer, path);
    }
  if (self->unwritable)
    return;
  assay_cli_progress_clear (self->progress);
  if (!assay_cli_output_add (self->output, item, answer, path, &error))
    write_failed (self, error);
}

static void
item_done_cb (Classify *self,
              AssayItem *item)
{
  take_result (self, item, assay_item_find_answer (item, assay_run_get_target (self->run)));
}

static void
dry_done_cb (AssayItem *item,
             AssayAnswer *answer,
             gpointer data)
{
  Classify *self = data;

  /* NULL item: all that was given so far is done. */
  if (item != NULL)
    take_result (self, item, answer);
  else
    finish_if_over (self);
}

static gboolean
has_enough (Classify *self)
{
  return self->options.limit > 0 && self->n_given >= (guint) self->options.limit;
}

static void
batch_cb (GPtrArray *sources,
          gpointer data)
{
  Classify *self = data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < sources->len && !has_enough (self); i++)
    {
      AssayItem *item = assay_item_new (g_ptr_array_index (sources, i));

      assay_item_set_serial (item, ++self->n_given);
      g_ptr_array_add (items, item);
    }
  if (has_enough (self))
    g_cancellable_cancel (self->walk);
  if (self->dry != NULL)
    {
      assay_cli_dry_add (self->dry, items);
      return;
    }
  assay_cli_keeping_add (self->keeping, items);
  assay_run_add_light (self->run, items);
}

static void
revived_cb (GPtrArray *items,
            gpointer data)
{
  Classify *self = data;

  self->n_given += items->len;
  assay_run_add (self->run, items);
}

static void
walked_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Classify *self = data;
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
begin_input (Classify *self)
{
  const AssayIntakeOptions options = { .send_archives = self->options.send_archives };
  g_autoptr (GError) error = NULL;

  if (!assay_cli_output_begin (self->output, &error))
    {
      write_failed (self, error);
      assay_cli_loop_quit (self->loop, ASSAY_CLI_SOME_FAILED);
      return;
    }
  if (self->input != NULL)
    assay_cli_input_read_async (self->input, batch_cb, self, self->walk, walked_cb, self);
  else
    assay_revive_left_async (assay_cli_keeping_get_left (self->keeping), &options, revived_cb, self,
                             self->walk, walked_cb, self);
}

static void
give_up (Classify *self,
         const GError *error)
{
  int status = assay_cli_status_for_error (error);

  if (status != ASSAY_CLI_INTERRUPTED)
    assay_cli_complain (NULL, error->message);
  assay_cli_loop_quit (self->loop, status);
}

/* What was given, for people: the first of it. */
static char *
dup_name (Classify *self)
{
  g_autofree char *path = g_strdup (self->options.paths[0]);
  g_autofree char *base = NULL;
  g_autofree char *safe = NULL;
  gsize length = strlen (path);

  while (length > 1 && path[length - 1] == '/')
    path[--length] = '\0';
  base = g_path_get_basename (path);
  safe = assay_display_text (base, -1, 0);
  return self->options.paths[1] != NULL ? g_strconcat (safe, ", …", NULL) : g_steal_pointer (&safe);
}

static void
follow_run (Classify *self)
{
  g_autofree char *name = self->options.resume ? NULL : dup_name (self);
  g_autofree char *options = assay_cli_options_dup_kept (&self->options);

  assay_cli_keeping_follow (self->keeping, self->run,
                            assay_cli_connect_get_connection (self->connect), name, options);
}

static void
begin_run (Classify *self,
           AssayTarget *target)
{
  self->run = assay_run_new (assay_cli_connect_get_client (self->connect), target,
                             self->options.jobs, self->options.convert);
  assay_run_set_tries (self->run, 1 + self->options.retries);
  assay_run_set_patience (self->run, ASSAY_DEFAULT_PATIENCE);
  g_signal_connect_swapped (self->run, "item-done", G_CALLBACK (item_done_cb), self);
  g_signal_connect_swapped (self->run, "finished", G_CALLBACK (finish_if_over), self);
  follow_run (self);
  assay_cli_progress_follow (self->progress, self->run);
  begin_input (self);
}

static void
target_found_cb (GObject *source,
                 GAsyncResult *result,
                 gpointer data)
{
  Classify *self = data;
  g_autoptr (AssayTarget) target = NULL;
  g_autoptr (GError) error = NULL;

  target = assay_cli_target_find_finish (result, &error);
  if (target == NULL)
    give_up (self, error);
  else
    begin_run (self, target);
}

/* If nobody starts it again, what is left fails soon, with the reason. */
static void
service_told_cb (const char *sentence,
                 gboolean gone,
                 gpointer data)
{
  Classify *self = data;

  assay_cli_progress_clear (self->progress);
  assay_cli_complain (NULL, sentence);
  if (self->run == NULL)
    return;
  if (gone)
    assay_run_set_patience (self->run, 1);
  else
    assay_run_try_now (self->run);
}

static void
opened_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Classify *self = data;
  g_autoptr (GError) error = NULL;

  if (!assay_cli_connect_open_finish (self->connect, result, &error))
    {
      give_up (self, error);
      return;
    }
  if (self->options.resume)
    begin_run (self, assay_cli_keeping_get_run (self->keeping)->target);
  else
    assay_cli_target_find_async (self->connect, self->options.model, self->options.version,
                               assay_cli_loop_get_cancellable (self->loop), target_found_cb, self);
}

static gboolean
check_service (Classify *self,
               GError **error)
{
  return assay_cli_connect_check (self->connect, error)
         && assay_cli_fit_apply (&self->options.fit,
                                 assay_cli_connect_get_connection (self->connect), error);
}

static void
open_service (Classify *self)
{
  assay_cli_connect_set_tell (self->connect, service_told_cb, self);
  assay_cli_connect_open_async (self->connect, self->options.jobs,
                                assay_cli_loop_get_cancellable (self->loop), opened_cb, self);
}

static void
resumed_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  Classify *self = data;
  g_autoptr (GError) error = NULL;

  if (assay_cli_keeping_resume_finish (self->keeping, result, &error))
    {
      const AssayKeptRun *kept = assay_cli_keeping_get_run (self->keeping);

      assay_cli_connect_adopt (self->connect, kept);
      assay_cli_options_take_kept (&self->options, kept->options);
      if (check_service (self, &error))
        {
          open_service (self);
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
  Classify *self = data;
  g_autoptr (GError) error = NULL;
  gboolean opened = assay_cli_keeping_open_finish (self->keeping, result, &error);

  if (opened && self->options.resume)
    {
      assay_cli_keeping_resume_async (self->keeping, self->options.run,
                                      assay_cli_loop_get_cancellable (self->loop), resumed_cb,
                                      self);
      return;
    }
  if (self->options.resume || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
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
  open_service (self);
}

/* What waits for the service stops by the loop's cancellable; what was answered
 * is written by finish().  At first what flies may land. */
static void
interrupted_cb (gpointer data)
{
  Classify *self = data;

  g_cancellable_cancel (self->walk);
  assay_cli_keeping_interrupt (self->keeping);
  if (self->dry != NULL)
    assay_cli_dry_cancel (self->dry);
  if (self->run == NULL)
    return;
  if (assay_cli_loop_is_urgent (self->loop))
    {
      assay_run_cancel (self->run);
      return;
    }
  assay_run_cancel_waiting (self->run);
  if (assay_run_is_active (self->run))
    {
      assay_cli_progress_clear (self->progress);
      assay_cli_complain (NULL, _("Waiting for what was sent already. Interrupt once more to stop "
                                  "at once."));
    }
}

static gboolean
prepare_input (Classify *self,
               GError **error)
{
  self->input = assay_cli_input_new (self->options.paths, self->options.nul,
                                     assay_cli_connect_reads_stdin (self->connect), error);
  if (self->input == NULL)
    return FALSE;
  assay_cli_input_set_send_archives (self->input, self->options.send_archives);
  return TRUE;
}

/* Everything that can be wrong with the line, before anything is done. */
static gboolean
prepare (Classify *self,
         int argc,
         char **argv,
         GError **error)
{
  self->connect = assay_cli_connect_new ();
  if (!assay_cli_options_parse (&self->options, self->connect, argc, argv, error))
    return FALSE;
  self->progress = assay_cli_progress_new (self->options.progress, error);
  if (self->progress == NULL)
    return FALSE;
  /* Whom a run asked is known when it is found. */
  if (!self->options.resume
      && (!check_service (self, error) || !prepare_input (self, error)))
    return FALSE;
  self->output = assay_cli_output_new (self->options.format, self->options.output,
                                       self->options.top, self->options.threshold, error);
  return self->output != NULL;
}

static void
begin (Classify *self)
{
  if (self->options.dry_run)
    {
      self->dry = assay_cli_dry_new (self->options.convert,
                                     assay_cli_connect_get_connection (self->connect),
                                     dry_done_cb, self);
      begin_input (self);
    }
  else if (self->options.no_history)
    open_service (self);
  else
    assay_cli_keeping_open_async (self->keeping, assay_cli_loop_get_cancellable (self->loop),
                                  history_opened_cb, self);
}

static int
ask (const char *command,
     gboolean resume,
     int argc,
     char **argv)
{
  g_autoptr (Classify) self = g_new0 (Classify, 1);
  g_autoptr (GError) error = NULL;

  self->options.resume = resume;
  if (!prepare (self, argc, argv, &error))
    return assay_cli_complain_usage (command, error);

  self->walk = g_cancellable_new ();
  self->keeping = assay_cli_keeping_new ();
  self->loop = assay_cli_loop_new (interrupted_cb, self);
  begin (self);
  return assay_cli_loop_run (self->loop);
}

/**
 * assay_cli_classify:
 *
 * "assay-cli classify": asks a model about pictures and writes what it says.
 *
 * Returns: the exit status
 */
int
assay_cli_classify (int argc,
                    char **argv)
{
  return ask ("classify", FALSE, argc, argv);
}

/**
 * assay_cli_history_resume:
 *
 * "assay-cli history resume": the same with what a run has left.
 *
 * Returns: the exit status
 */
int
assay_cli_history_resume (int argc,
                          char **argv)
{
  return ask ("history resume", TRUE, argc, argv);
}
