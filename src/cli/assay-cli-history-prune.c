/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-history.h"
#include "assay-cli-past.h"
#include "assay-cli.h"
#include "assay-error.h"

#define MAX_DAYS 36500

static void
pruned_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  AssayCliPast *past = data;
  const AssayHistoryPrune *what = past->data;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, what->run);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  if (assay_history_prune_finish (ASSAY_HISTORY (source), result, &n, &error)
      && n == 0 && what->run != 0)
    g_set_error (&error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 _("There is no run %s that can be removed. One that is going on stays."),
                 number);
  else if (error == NULL)
    {
      printf (g_dngettext (GETTEXT_PACKAGE, "%u run was removed\n", "%u runs were removed\n", n),
              n);
      fflush (stdout);
    }
  assay_cli_past_end (past, error);
}

static void
start (AssayCliPast *past)
{
  assay_history_prune_async (past->history, past->data,
                             assay_cli_loop_get_cancellable (past->loop), pruned_cb, past);
}

/* Nothing goes unless it is said which. */
static gboolean
choose (AssayHistoryPrune *what,
        int keep,
        int days,
        gboolean all,
        char **words,
        GError **error)
{
  gboolean one = words != NULL && words[0] != NULL;
  const char *problem = NULL;

  if (!one && keep < 0 && days < 0 && !all)
    problem = _("Say which runs go: a number, --keep, --older-than or --all");
  else if (one + all + (keep >= 0 || days >= 0) > 1)
    problem = _("Give a number, or --all, or --keep and --older-than");
  else if (days > MAX_DAYS)
    problem = _("--older-than takes 0 to 36500 days");
  if (problem != NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, problem);
      return FALSE;
    }
  what->keep_newest = MAX (keep, 0);
  if (days >= 0)
    what->before = g_get_real_time () - days * G_TIME_SPAN_DAY;
  return !one || assay_cli_past_parse_run (words, &what->run, error);
}

/**
 * assay_cli_history_prune:
 *
 * "assay-cli history prune"
 *
 * Returns: the exit status
 */
int
assay_cli_history_prune (int argc,
                         char **argv)
{
  g_auto (GStrv) words = NULL;
  int keep = -1;
  int days = -1;
  gboolean all = FALSE;
  const GOptionEntry entries[] = {
    { "keep", 0, 0, G_OPTION_ARG_INT, &keep, N_("Remove all but the newest N"), N_("N") },
    { "older-than", 0, 0, G_OPTION_ARG_INT, &days, N_("Remove what began more than D days ago"),
      N_("D") },
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("Remove every run"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &words, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_("[RUN] — remove runs"));
  g_autoptr (GError) reason = NULL;
  g_autoptr (GError) error = NULL;
  AssayHistoryPrune what = { 0 };

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &reason))
    g_set_error_literal (&error, ASSAY_ERROR, ASSAY_ERROR_USAGE, reason->message);
  if (error != NULL || !choose (&what, keep, days, all, words, &error))
    return assay_cli_complain_usage ("history prune", error);
  return assay_cli_past_run (start, &what);
}
