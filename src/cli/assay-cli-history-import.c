/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-bundle-import.h"
#include "assay-cli-history.h"
#include "assay-cli-past.h"
#include "assay-cli-store.h"
#include "assay-cli.h"
#include "assay-verifier.h"

static void
imported_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  AssayCliPast *past = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) runs = assay_bundle_import_finish (result, &error);

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      g_autofree char *number =
        g_strdup_printf ("%" G_GINT64_FORMAT, g_array_index (runs, gint64, i));

      printf (_("Version %u of the bundle is run %s\n"), i + 1, number);
    }
  fflush (stdout);
  assay_cli_past_end (past, error);
}

static void
read_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  AssayCliPast *past = data;
  g_autoptr (GError) error = NULL;
  AssayBundle *bundle = assay_bundle_read_finish (result, &error);

  if (bundle == NULL)
    {
      assay_cli_past_end (past, error);
      return;
    }
  assay_bundle_import_async (bundle, past->history, assay_cli_loop_get_cancellable (past->loop),
                             imported_cb, past);
}

static void
start (AssayCliPast *past)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (past->data);

  assay_bundle_read_async (file, assay_cli_loop_get_cancellable (past->loop), read_cb, past);
}

/**
 * assay_cli_history_import:
 *
 * "assay-cli history import FILE": keeps the runs of a bundle.
 *
 * Returns: the exit status
 */
int
assay_cli_history_import (int argc,
                          char **argv)
{
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = { { NULL } };
  g_autofree char *word = assay_cli_parse_words (_("FILE — keep the runs of a bundle"), entries,
                                                 argc, argv, &error);

  if (word == NULL)
    return assay_cli_complain_usage ("history import", error);
  return assay_cli_past_run (start, word);
}
