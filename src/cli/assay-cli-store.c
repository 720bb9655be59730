/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-cli-store.h"
#include "assay-cli.h"
#include "assay-display.h"
#include "assay-error.h"

/* Every wait here ends by the loop's cancellable. */
static void
interrupted_cb (gpointer data)
{
}

/**
 * assay_cli_store_open:
 * @error: when the saved connections can't be read
 *
 * Returns: (transfer full) (nullable): the connections as they are saved
 */
AssayCliStore *
assay_cli_store_open (GError **error)
{
  g_autoptr (AssayCliStore) self = g_new0 (AssayCliStore, 1);
  g_autofree char *path = assay_connections_dup_default_path ();

  self->loop = assay_cli_loop_new (interrupted_cb, NULL);
  self->connections = assay_connections_new (path);
  self->secrets = assay_secrets_new ();
  if (!assay_connections_load (self->connections, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
assay_cli_store_free (AssayCliStore *self)
{
  g_clear_object (&self->secrets);
  g_clear_object (&self->connections);
  g_clear_pointer (&self->loop, assay_cli_loop_free);
  g_free (self);
}

/**
 * assay_cli_store_find:
 * @name: a name or an id
 * @error: %ASSAY_ERROR_USAGE when there is no such connection
 *
 * Returns: (transfer none) (nullable): the connection
 */
AssayConnection *
assay_cli_store_find (AssayCliStore *self,
                      const char *name,
                      GError **error)
{
  AssayConnection *connection = assay_connections_find (self->connections, name);

  if (connection == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("There is no connection “%s”"), name);
  return connection;
}

static void
stored_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  AssayCliStore *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  AssaySecretsPlace place;

  if (!assay_secrets_store_finish (self->secrets, result, &place, &error))
    assay_cli_loop_quit (self->loop, ASSAY_CLI_INTERRUPTED);
  else if (place == ASSAY_SECRETS_KEYRING)
    assay_cli_loop_quit (self->loop, ASSAY_CLI_OK);
  else
    {
      words = g_strdup_printf (_("The secret was not kept, because there is no keyring that can be "
                                 "used (%s). Give it with each command, in a file or in the "
                                 "environment."),
                               assay_secrets_get_reason (self->secrets));
      assay_cli_complain (NULL, words);
      assay_cli_loop_quit (self->loop, ASSAY_CLI_SOME_FAILED);
    }
}

/**
 * assay_cli_store_add:
 * @connection: (transfer none): a new one
 * @secret: (nullable): what its sign-in needs, to be kept in the keyring
 * @error: when it could not be added and saved
 *
 * Runs the loop until all is kept.
 *
 * Returns: the exit status; with @error set that is the caller's to say
 */
int
assay_cli_store_add (AssayCliStore *self,
                     AssayConnection *connection,
                     const char *secret,
                     GError **error)
{
  AssaySecretRole role;

  if (!assay_connections_add (self->connections, connection, error))
    return ASSAY_CLI_SOME_FAILED;
  if (secret == NULL || !assay_connection_get_secret_role (connection, &role))
    return ASSAY_CLI_OK;
  assay_secrets_store_async (self->secrets, assay_connection_get_id (connection), role,
                             assay_connection_get_name (connection), secret,
                             assay_cli_loop_get_cancellable (self->loop), stored_cb, self);
  return assay_cli_loop_run (self->loop);
}

/**
 * assay_cli_auth_name:
 *
 * Returns: a kind of sign-in as --auth takes it
 */
const char *
assay_cli_auth_name (AssayAuth auth)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (ASSAY_TYPE_AUTH);

  return g_enum_get_value (klass, auth)->value_nick;
}

/**
 * assay_cli_parse_words:
 * @parameters: for --help: the words that the command takes, and what it does; with
 *   no words before " — " it takes none, else exactly one
 * @entries: (nullable): its options
 * @error: %ASSAY_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): the one word, "" when it takes none
 */
char *
assay_cli_parse_words (const char *parameters,
                       const GOptionEntry *entries,
                       int argc,
                       char **argv,
                       GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_autoptr (GError) reason = NULL;
  gboolean wants_word = !g_str_has_prefix (parameters, "—");

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &reason))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, reason->message);
      return NULL;
    }
  if (argc == (wants_word ? 2 : 1))
    return g_strdup (wants_word ? argv[1] : "");
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       wants_word ? _("The command takes one name or file")
                                  : _("The command takes nothing but options"));
  return NULL;
}
