/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>

#include "assay-cli-connect.h"
#include "assay-cli-dry.h"
#include "assay-cli-input.h"
#include "assay-cli-loop.h"
#include "assay-cli-output.h"
#include "assay-cli-progress.h"
#include "assay-cli-target.h"
#include "assay-cli.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-run.h"

typedef struct {
  char *model;
  char *version;
  char *threshold;
  char *format;
  char *output;
  char *convert;
  char *progress;
  char **paths;
  int jobs;
  int top;
  int limit;
  gboolean dry_run;
  gboolean nul;
} Options;

/* One call of the command.  Exactly one of run and dry takes the items. */
typedef struct {
  Options options;
  AssayCliConnect *connect;
  AssayCliInput *input;
  AssayCliOutput *output;
  AssayCliProgress *progress;
  AssayCliLoop *loop;
  GCancellable *walk;         /* of the input: also canceled when there are enough */
  AssayRun *run;
  AssayCliDry *dry;
  AssayCliFormat format;
  double threshold;
  guint n_given;
  guint states[ASSAY_ANSWER_N_STATES];
  int trouble;                /* the exit status for what is no item's fault, or 0 */
  gboolean convert;
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
  g_free (self->options.model);
  g_free (self->options.version);
  g_free (self->options.threshold);
  g_free (self->options.format);
  g_free (self->options.output);
  g_free (self->options.convert);
  g_free (self->options.progress);
  g_strfreev (self->options.paths);
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
  if (fatal != NULL && self->states[ASSAY_ANSWER_ANSWERED] == 0)
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

  if (error == NULL || self->format != ASSAY_CLI_TABLE)
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
  g_autofree char *path = assay_cli_input_dup_path (self->input, assay_item_get_source (item));
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
                             self->options.jobs, self->convert);
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

static gboolean
parse_share (const char *text,
             double *share)
{
  char *end;
  double value;

  if (text == NULL)
    return TRUE;
  value = g_ascii_strtod (text, &end);
  if (end != text && g_str_equal (end, "%"))
    {
      value /= 100;
      end++;
    }
  if (end == text || *end != '\0' || !isfinite (value) || value < 0 || value > 1)
    return FALSE;
  *share = value;
  return TRUE;
}

static gboolean
check_options (Classify *self,
               GError **error)
{
  const Options *options = &self->options;
  const char *problem = NULL;

  self->threshold = 0.6;
  self->convert = g_strcmp0 (options->convert, "never") != 0;
  if (!assay_cli_format_parse (options->format, &self->format))
    problem = _("--format takes table, json, ndjson or csv");
  else if (options->convert != NULL && self->convert && !g_str_equal (options->convert, "auto"))
    problem = _("--convert takes auto or never");
  else if (options->jobs < 1 || options->jobs > ASSAY_LIMIT_JOBS)
    problem = _("--jobs takes 1 to 64");
  else if (options->top < 0)
    problem = _("--top takes a number of labels, 0 for all");
  else if (options->limit < 0)
    problem = _("--limit takes a number of pictures, 0 for all");
  else if (!parse_share (options->threshold, &self->threshold))
    problem = _("--threshold takes a share from 0 to 1, or a percentage such as 60%");
  if (problem != NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, problem);
  return problem == NULL;
}

static gboolean
parse (Classify *self,
       int argc,
       char **argv,
       GError **error)
{
  Options *options = &self->options;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &options->model,
      N_("The model (the service's only one; \"\" for its stock model)"), N_("NAME") },
    { "model-version", 0, 0, G_OPTION_ARG_STRING, &options->version,
      N_("Its version (the newest that is deployed)"), N_("V") },
    { "jobs", 0, 0, G_OPTION_ARG_INT, &options->jobs, N_("Requests at once (8)"), N_("N") },
    { "top", 0, 0, G_OPTION_ARG_INT, &options->top,
      N_("Labels a picture (1 in a table, all elsewhere)"), N_("K") },
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &options->threshold,
      N_("Below this share a table says “unsure” (0.6)"), N_("P") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &options->limit, N_("Take the first N pictures"), N_("N") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &options->format,
      N_("table (default), json, ndjson or csv"), N_("FORMAT") },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &options->output,
      N_("Write the results to this file"), N_("FILE") },
    { "convert", 0, 0, G_OPTION_ARG_STRING, &options->convert,
      N_("Convert what services don't take, on a copy: auto (default) or never"), N_("WHEN") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options->dry_run,
      N_("Look at the pictures and send nothing"), NULL },
    { "progress", 0, 0, G_OPTION_ARG_STRING, &options->progress,
      N_("Show progress: always, auto (default) or never"), N_("WHEN") },
    { "null", '0', 0, G_OPTION_ARG_NONE, &options->nul,
      N_("The paths in @LIST are ended by NUL"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->paths, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_("PATH… — ask a model about pictures"));
  g_autoptr (GError) reason = NULL;

  options->jobs = ASSAY_DEFAULT_JOBS;
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context,
                                _("PATH is a file, a folder, “-” for a picture on standard input, "
                                  "or “@LIST” for\na file with a path a line."));
  g_option_context_set_description (context,
                                    _("Exit status: 0 all answered, 1 some failed or were rejected, "
                                      "2 usage,\n3 could not connect or sign in, 130 interrupted.\n"
                                      "A secret comes from --token-file, ASSAY_TOKEN or "
                                      "ASSAY_CLIENT_SECRET.\n"));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  assay_cli_connect_add_options (self->connect, context);
  if (g_option_context_parse (context, &argc, &argv, &reason))
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, reason->message);
  return FALSE;
}

/* Everything that can be wrong with the line, before anything is done. */
static gboolean
prepare (Classify *self,
         int argc,
         char **argv,
         GError **error)
{
  self->connect = assay_cli_connect_new ();
  if (!parse (self, argc, argv, error) || !check_options (self, error))
    return FALSE;
  self->progress = assay_cli_progress_new (self->options.progress, error);
  if (self->progress == NULL || !assay_cli_connect_check (self->connect, error))
    return FALSE;
  self->input = assay_cli_input_new (self->options.paths, self->options.nul,
                                     assay_cli_connect_reads_stdin (self->connect), error);
  if (self->input == NULL)
    return FALSE;
  self->output = assay_cli_output_new (self->format, self->options.output, self->options.top,
                                       self->threshold, error);
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
      self->dry = assay_cli_dry_new (self->convert, dry_done_cb, self);
      begin_input (self);
    }
  else
    assay_cli_connect_open_async (self->connect, self->options.jobs,
                                  assay_cli_loop_get_cancellable (self->loop), opened_cb, self);
  return assay_cli_loop_run (self->loop);
}
