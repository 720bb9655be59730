/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-history.h"
#include "assay-cli-past.h"
#include "assay-cli-store.h"
#include "assay-cli.h"
#include "assay-display.h"

static void
print_line (const char *title,
            const char *value)
{
  g_autofree char *safe = assay_display_text (value, -1, 0);

  if (*safe != '\0')
    printf ("%s: %s\n", title, safe);
}

static void
print_run (const AssayKeptRun *run)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, run->id);
  g_autofree char *started = assay_cli_past_dup_time (run->started);
  g_autofree char *ended = run->ended != 0 ? assay_cli_past_dup_time (run->ended) : NULL;
  g_autofree char *done = assay_cli_past_dup_result (run);

  print_line (_("Run"), number);
  print_line (_("Name"), run->name);
  print_line (_("Started"), started);
  print_line (_("Ended"), ended != NULL ? ended : "");
  print_line (_("Connection"), run->connection_name);
  print_line (_("Address"), run->url);
  print_line (_("Model"), assay_target_get_model (run->target));
  print_line (_("Version"), assay_target_get_version (run->target));
  print_line (_("Result"), done);
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  AssayCliPast *past = data;
  g_autoptr (AssayKeptRun) run = NULL;
  g_autoptr (GError) error = NULL;

  run = assay_history_find_finish (ASSAY_HISTORY (source), result, &error);
  if (run != NULL)
    print_run (run);
  assay_cli_past_end (past, error);
}

static void
start (AssayCliPast *past)
{
  assay_history_find_async (past->history, *(gint64 *) past->data,
                            assay_cli_loop_get_cancellable (past->loop), found_cb, past);
}

/**
 * assay_cli_history_show:
 *
 * "assay-cli history show RUN"
 *
 * Returns: the exit status
 */
int
assay_cli_history_show (int argc,
                        char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *word = assay_cli_parse_words (_("RUN — what is known of one run"), NULL, argc,
                                                 argv, &error);
  char *words[] = { word, NULL };
  gint64 run;

  if (word == NULL || !assay_cli_past_parse_run (words, &run, &error))
    return assay_cli_complain_usage ("history show", error);
  return assay_cli_past_run (start, &run);
}
