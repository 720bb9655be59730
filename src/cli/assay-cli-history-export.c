/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-bundle.h"
#include "assay-cli-history.h"
#include "assay-cli-output.h"
#include "assay-cli-past.h"
#include "assay-cli.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-revival.h"

/* As in the window. */
#define THRESHOLD 0.6

/* Invariant: kept is set once the run is found. */
typedef struct {
  gint64 run;
  AssayKeptRun *kept;
  AssayCliOutput *output;
  AssayCliFormat format;
} Export;

static void load_page (AssayCliPast *past, gint64 after);

/* What is left has no answer, and is not written. */
static gboolean
write_item (Export *self,
            const AssayKeptItem *kept,
            GError **error)
{
  g_autoptr (AssayItem) item = NULL;
  g_autofree char *path = NULL;

  if (kept->answer == NULL)
    return TRUE;
  item = assay_revive_item (kept, self->kept->target);
  path = self->format == ASSAY_CLI_TABLE && kept->member != NULL
           ? g_strconcat (kept->path, "/", kept->member, NULL)
           : g_strdup (kept->path);
  return assay_cli_output_add (self->output, item,
                               assay_item_find_answer (item, self->kept->target), path, error);
}

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  AssayCliPast *past = data;
  Export *self = past->data;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;

  items = assay_history_load_finish (ASSAY_HISTORY (source), result, &error);
  for (guint i = 0; error == NULL && i < items->len; i++)
    write_item (self, g_ptr_array_index (items, i), &error);
  if (error == NULL && items->len == ASSAY_LIMIT_HISTORY_PAGE)
    {
      load_page (past, ((AssayKeptItem *) g_ptr_array_index (items, items->len - 1))->position);
      return;
    }
  if (error == NULL)
    assay_cli_output_end (self->output, &error);
  assay_cli_past_end (past, error);
}

static void
load_page (AssayCliPast *past,
           gint64 after)
{
  Export *self = past->data;

  assay_history_load_async (past->history, self->run, ASSAY_HISTORY_ALL, after,
                            ASSAY_LIMIT_HISTORY_PAGE, assay_cli_loop_get_cancellable (past->loop),
                            loaded_cb, past);
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  AssayCliPast *past = data;
  Export *self = past->data;
  g_autoptr (GError) error = NULL;

  self->kept = assay_history_find_finish (ASSAY_HISTORY (source), result, &error);
  if (self->kept != NULL && assay_cli_output_begin (self->output, &error))
    load_page (past, -1);
  else
    assay_cli_past_end (past, error);
}

static void
start (AssayCliPast *past)
{
  Export *self = past->data;

  assay_history_find_async (past->history, self->run, assay_cli_loop_get_cancellable (past->loop),
                            found_cb, past);
}

/* What was typed. */
typedef struct {
  char *format;
  char *path;
  char **words;
  AssayCliBundleOptions bundle;
  int top;
} Line;

static void
line_clear (Line *self)
{
  g_free (self->format);
  g_free (self->path);
  g_strfreev (self->words);
  g_free (self->bundle.file);
  g_free (self->bundle.from);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

/* Answers are those of one run; a bundle has one or two, the baseline first. */
static gboolean
take_runs (Line *self,
           GError **error)
{
  AssayCliBundleOptions *bundle = &self->bundle;
  guint n = self->words != NULL ? g_strv_length (self->words) : 0;
  guint most = bundle->file != NULL ? G_N_ELEMENTS (bundle->runs) : 1;

  if (n < 1 || n > most)
    return assay_cli_past_parse_run (NULL, bundle->runs, error);
  for (; bundle->n_runs < n; bundle->n_runs++)
    {
      char *word[] = { self->words[bundle->n_runs], NULL };

      if (!assay_cli_past_parse_run (word, &bundle->runs[bundle->n_runs], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_line (Export *self,
            Line *line,
            GError **error)
{
  const char *problem = NULL;

  if (line->bundle.file != NULL && (line->format != NULL || line->path != NULL || line->top != 0))
    problem = _("--bundle has a form of its own: leave --format, --output and --top out");
  else if (line->bundle.file == NULL && line->bundle.from != NULL)
    problem = _("--truth needs --bundle");
  else if (!assay_cli_format_parse (line->format, &self->format))
    problem = _("--format takes table, json, ndjson or csv");
  else if (line->top < 0)
    problem = _("--top takes a number of labels, 0 for all");
  if (problem != NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, problem);
  return problem == NULL && take_runs (line, error);
}

static gboolean
prepare (Export *self,
         Line *line,
         int argc,
         char **argv,
         GError **error)
{
  const GOptionEntry entries[] = {
    { "top", 0, 0, G_OPTION_ARG_INT, &line->top,
      N_("Labels a picture (1 in a table, all elsewhere)"), N_("K") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &line->format, N_("table (default), json, ndjson or csv"),
      N_("FORMAT") },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &line->path, N_("Write the results to this file"),
      N_("FILE") },
    { "bundle", 0, 0, G_OPTION_ARG_FILENAME, &line->bundle.file,
      N_("Write the evidence of the run, or of two that are compared, to this zip"), N_("FILE") },
    { "truth", 0, 0, G_OPTION_ARG_STRING, &line->bundle.from,
      N_("What the pictures of a bundle show: folders (default) or a CSV file"), N_("WHERE") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &line->words, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context =
    g_option_context_new (_("RUN [RUN] — write the answers of a run"));
  g_autoptr (GError) reason = NULL;

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (g_option_context_parse (context, &argc, &argv, &reason))
    return check_line (self, line, error);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, reason->message);
  return FALSE;
}

/**
 * assay_cli_history_export:
 *
 * "assay-cli history export RUN": writes the kept answers as "classify" does, or the
 * evidence of one run or two.
 *
 * Returns: the exit status
 */
int
assay_cli_history_export (int argc,
                          char **argv)
{
  Export self = { 0 };
  g_auto (Line) line = { .bundle.threshold = THRESHOLD };
  g_autoptr (GError) error = NULL;
  int status;

  if (!prepare (&self, &line, argc, argv, &error))
    return assay_cli_complain_usage ("history export", error);
  if (line.bundle.file != NULL)
    return assay_cli_bundle_export (&line.bundle);
  self.run = line.bundle.runs[0];
  self.output = assay_cli_output_new (self.format, line.path, line.top, THRESHOLD, &error);
  if (self.output == NULL)
    return assay_cli_complain_usage ("history export", error);
  status = assay_cli_past_run (start, &self);
  g_clear_pointer (&self.kept, assay_kept_run_free);
  assay_cli_output_free (self.output);
  return status;
}
