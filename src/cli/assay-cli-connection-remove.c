/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-connection.h"
#include "assay-cli-store.h"
#include "assay-cli.h"

static void
cleared_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  AssayCliStore *store = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (assay_secrets_clear_finish (store->secrets, result, &error))
    {
      assay_cli_loop_quit (store->loop, ASSAY_CLI_OK);
      return;
    }
  words = g_strdup_printf (_("The keyring did not forget the secret (%s). Remove it with the "
                             "keyring's own program."),
                           error->message);
  assay_cli_complain (NULL, words);
  assay_cli_loop_quit (store->loop, ASSAY_CLI_SOME_FAILED);
}

/**
 * assay_cli_connection_remove:
 *
 * "assay-cli connection remove NAME"
 *
 * Returns: the exit status
 */
int
assay_cli_connection_remove (int argc,
                             char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = assay_cli_parse_words (_("NAME — forget a connection with its secret"),
                                                 NULL, argc, argv, &error);
  g_autoptr (AssayCliStore) store = name != NULL ? assay_cli_store_open (&error) : NULL;
  AssayConnection *found = store != NULL ? assay_cli_store_find (store, name, &error) : NULL;
  g_autoptr (AssayConnection) connection = found != NULL ? g_object_ref (found) : NULL;

  if (connection == NULL || !assay_connections_remove (store->connections, connection, &error))
    return assay_cli_complain_usage ("connection remove", error);
  assay_secrets_clear_async (store->secrets, assay_connection_get_id (connection),
                             assay_cli_loop_get_cancellable (store->loop), cleared_cb, store);
  return assay_cli_loop_run (store->loop);
}
