/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-connect.h"
#include "assay-cli-dry.h"
#include "assay-cli-input.h"
#include "assay-cli-loop.h"
#include "assay-cli-options.h"
#include "assay-cli-output.h"
#include "assay-cli-progress.h"
#include "assay-cli-target.h"
#include "assay-cli.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-run.h"

/* One call of the command.  Exactly one of run and dry takes the items. */
typedef struct {
  AssayCliOptions options;
  AssayCliConnect *connect;
  AssayCliInput *input;
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
  guint left_out = assay_cli_input_get_n_left_out (self->input);
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

static void
finish (Classify *self)
{
  g_autoptr (GError) error = NULL;

  self->finished = TRUE;
  if (!self->unwritable && !assay_cli_output_end (self->output, &error))
    write_failed (self, error);
  assay_cli_progress_clear (self->progress);
  say_summary (self);
  assay_cli_loop_quit (self->loop, choose_status (self));
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

/* @answer is NULL for what would be sent in a dry run. */
static void
take_result (Classify *self,
             AssayItem *item,
             AssayAnswer *answer)
{
  AssaySource *source = assay_item_get_source (item);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  /* Other formats have a member of their own for the member's name. */
  path = self->options.format == ASSAY_CLI_TABLE ? assay_cli_input_dup_label (self->input, source)
                                                 : assay_cli_input_dup_path (self->input, source);

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
  if (self->run != NULL)
    assay_run_add (self->run, items);
  else
    assay_cli_dry_add (self->dry, items);
}

static void
walked_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Classify *self = data;
  g_autoptr (GError) error = NULL;

  self->walked = TRUE;
  if (!assay_cli_input_read_finish (self->input, result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
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
  g_autoptr (GError) error = NULL;

  if (!assay_cli_output_begin (self->output, &error))
    {
      write_failed (self, error);
      assay_cli_loop_quit (self->loop, ASSAY_CLI_SOME_FAILED);
      return;
    }
  assay_cli_input_read_async (self->input, batch_cb, self, self->walk, walked_cb, self);
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
    {
      give_up (self, error);
      return;
    }
  self->run = assay_run_new (assay_cli_connect_get_client (self->connect), target,
                             self->options.jobs, self->options.convert);
  assay_run_set_tries (self->run, 1 + self->options.retries);
  assay_run_set_patience (self->run, ASSAY_DEFAULT_PATIENCE);
  g_signal_connect_swapped (self->run, "item-done", G_CALLBACK (item_done_cb), self);
  g_signal_connect_swapped (self->run, "finished", G_CALLBACK (finish_if_over), self);
  assay_cli_progress_follow (self->progress, self->run);
  begin_input (self);
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
  assay_cli_target_find_async (self->connect, self->options.model, self->options.version,
                               assay_cli_loop_get_cancellable (self->loop), target_found_cb, self);
}

/* What waits for the service stops by the loop's cancellable; what was answered
 * is written by finish(). */
static void
interrupted_cb (gpointer data)
{
  Classify *self = data;

  g_cancellable_cancel (self->walk);
  if (self->dry != NULL)
    assay_cli_dry_cancel (self->dry);
  if (self->run != NULL)
    assay_run_cancel (self->run);
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
  if (self->progress == NULL || !assay_cli_connect_check (self->connect, error)
      || !assay_cli_fit_apply (&self->options.fit,
                               assay_cli_connect_get_connection (self->connect), error))
    return FALSE;
  self->input = assay_cli_input_new (self->options.paths, self->options.nul,
                                     assay_cli_connect_reads_stdin (self->connect), error);
  if (self->input == NULL)
    return FALSE;
  assay_cli_input_set_send_archives (self->input, self->options.send_archives);
  self->output = assay_cli_output_new (self->options.format, self->options.output,
                                       self->options.top, self->options.threshold, error);
  return self->output != NULL;
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
  g_autoptr (Classify) self = g_new0 (Classify, 1);
  g_autoptr (GError) error = NULL;

  if (!prepare (self, argc, argv, &error))
    return assay_cli_complain_usage ("classify", error);

  self->walk = g_cancellable_new ();
  self->loop = assay_cli_loop_new (interrupted_cb, self);
  if (self->options.dry_run)
    {
      self->dry = assay_cli_dry_new (self->options.convert,
                                     assay_cli_connect_get_connection (self->connect),
                                     dry_done_cb, self);
      begin_input (self);
    }
  else
    assay_cli_connect_open_async (self->connect, self->options.jobs,
                                  assay_cli_loop_get_cancellable (self->loop), opened_cb, self);
  return assay_cli_loop_run (self->loop);
}
