/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-history.h"
#include "assay-cli-output.h"
#include "assay-cli-past.h"
#include "assay-cli-store.h"
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

static gboolean
prepare (Export *self,
         int argc,
         char **argv,
         GError **error)
{
  g_autofree char *format = NULL;
  g_autofree char *path = NULL;
  int top = 0;
  const GOptionEntry entries[] = {
    { "top", 0, 0, G_OPTION_ARG_INT, &top, N_("Labels a picture (1 in a table, all elsewhere)"),
      N_("K") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("table (default), json, ndjson or csv"),
      N_("FORMAT") },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &path, N_("Write the results to this file"),
      N_("FILE") },
    { NULL },
  };
  g_autofree char *word = assay_cli_parse_words (_("RUN — write the answers of a run"), entries,
                                                 argc, argv, error);
  char *words[] = { word, NULL };

  if (word == NULL || !assay_cli_past_parse_run (words, &self->run, error))
    return FALSE;
  if (!assay_cli_format_parse (format, &self->format))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("--format takes table, json, ndjson or csv"));
  else if (top < 0)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("--top takes a number of labels, 0 for all"));
  else
    self->output = assay_cli_output_new (self->format, path, top, THRESHOLD, error);
  return self->output != NULL;
}

/**
 * assay_cli_history_export:
 *
 * "assay-cli history export RUN": writes the kept answers as "classify" does.
 *
 * Returns: the exit status
 */
int
assay_cli_history_export (int argc,
                          char **argv)
{
  Export self = { 0 };
  g_autoptr (GError) error = NULL;
  int status;

  if (!prepare (&self, argc, argv, &error))
    return assay_cli_complain_usage ("history export", error);
  status = assay_cli_past_run (start, &self);
  g_clear_pointer (&self.kept, assay_kept_run_free);
  assay_cli_output_free (self.output);
  return status;
}
