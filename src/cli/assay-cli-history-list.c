/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-history.h"
#include "assay-cli-output.h"
#include "assay-cli-past.h"
#include "assay-cli-store.h"
#include "assay-cli-table.h"
#include "assay-cli.h"
#include "assay-error.h"

static void
print_table (GPtrArray *runs)
{
  const char *const titles[] = { _("RUN"), _("STARTED"), _("WHAT"), _("RESULT") };
  g_autoptr (AssayCliTable) table = assay_cli_table_new (titles);
  g_autofree char *text = NULL;

  assay_cli_table_set_right (table, 0);
  for (guint i = 0; i < runs->len; i++)
    {
      const AssayKeptRun *run = g_ptr_array_index (runs, i);
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, run->id);
      g_autofree char *started = assay_cli_past_dup_time (run->started);
      g_autofree char *what = assay_cli_past_dup_what (run);
      g_autofree char *done = assay_cli_past_dup_result (run);
      const char *cells[] = { id, started, what, done };

      assay_cli_table_add (table, i, cells);
    }
  text = assay_cli_table_format (table);
  fputs (text, stdout);
}

static void
print_json (GPtrArray *runs)
{
  for (guint i = 0; i < runs->len; i++)
    {
      g_autofree char *line = assay_cli_past_dup_json (g_ptr_array_index (runs, i));

      printf ("%s%s", i == 0 ? "[\n  " : ",\n  ", line);
    }
  fputs (runs->len > 0 ? "\n]\n" : "[]\n", stdout);
}

static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  AssayCliPast *past = data;
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;

  runs = assay_history_list_finish (ASSAY_HISTORY (source), result, &error);
  if (runs != NULL && *(AssayCliFormat *) past->data == ASSAY_CLI_JSON)
    print_json (runs);
  else if (runs != NULL)
    print_table (runs);
  if (runs != NULL && fflush (stdout) != 0)
    g_set_error (&error, ASSAY_ERROR, ASSAY_ERROR_FAILED, _("Standard output can't be written: %s"),
                 g_strerror (errno));
  assay_cli_past_end (past, error);
}

static void
start (AssayCliPast *past)
{
  assay_history_list_async (past->history, assay_cli_loop_get_cancellable (past->loop), listed_cb,
                            past);
}

/**
 * assay_cli_history_list:
 *
 * "assay-cli history list"
 *
 * Returns: the exit status
 */
int
assay_cli_history_list (int argc,
                        char **argv)
{
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &name, N_("table (default) or json"), N_("FORMAT") },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *word = assay_cli_parse_words (_("— the runs that are kept, newest first"),
                                                 entries, argc, argv, &error);
  AssayCliFormat format = ASSAY_CLI_TABLE;

  if (word != NULL
      && (!assay_cli_format_parse (name, &format)
          || (format != ASSAY_CLI_TABLE && format != ASSAY_CLI_JSON)))
    g_set_error_literal (&error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("--format takes table or json"));
  if (error != NULL)
    return assay_cli_complain_usage ("history list", error);
  return assay_cli_past_run (start, &format);
}
