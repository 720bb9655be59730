/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "assay-builtin.h"
#include "assay-cli-connect.h"
#include "assay-cli-discover.h"
#include "assay-cli-manner.h"
#include "assay-cli-secret.h"
#include "assay-cli.h"
#include "assay-connections.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-pixels.h"
#include "assay-secret.h"

/* An hour: longer than any answer takes, short enough for a wrong unit to show. */
#define MAX_TIMEOUT 3600

/* Of the connection to an address that was typed: never saved. */
#define URL_ID "url"

/* The options, then what check() and open() have made of them. */
struct _AssayCliConnect {
  char *name;
  char *url;
  char *models_url;
  AssayCliManner manner;
  char *token_file;
  char *ca_file;
  int timeout;

  AssayConnection *connection;
  char *token;                /* or the API key; secret */
  AssayTransport *transport;
  AssayCredentials *credentials;
  AssayClient *client;
  AssayBuiltin *builtin;
  AssaySecrets *secrets;
  AssayCliConnectTell tell;   /* (nullable) */
  gpointer tell_data;
};

AssayCliConnect *
assay_cli_connect_new (void)
{
  AssayCliConnect *self = g_new0 (AssayCliConnect, 1);

  self->timeout = ASSAY_DEFAULT_TIMEOUT;
  return self;
}

void
assay_cli_connect_free (AssayCliConnect *self)
{
  if (self->transport != NULL)
    assay_transport_close (self->transport);
  g_clear_object (&self->client);
  g_clear_object (&self->credentials);
  g_clear_object (&self->transport);
  g_clear_object (&self->builtin);
  g_clear_object (&self->secrets);
  g_clear_object (&self->connection);
  assay_secret_free (self->token);
  g_free (self->name);
  g_free (self->url);
  g_free (self->models_url);
  assay_cli_manner_clear (&self->manner);
  g_free (self->token_file);
  g_free (self->ca_file);
  g_free (self);
}

/**
 * assay_cli_connect_set_name:
 * @name: of a saved connection, as --connection takes it
 */
void
assay_cli_connect_set_name (AssayCliConnect *self,
                            const char *name)
{
  g_free (self->name);
  self->name = g_strdup (name);
}

/**
 * assay_cli_connect_adopt:
 * @run: whom it asked
 *
 * The same as that run, unless the options say something else.
 */
void
assay_cli_connect_adopt (AssayCliConnect *self,
                         const AssayKeptRun *run)
{
  const char *id = assay_target_get_connection_id (run->target);

  if (self->name != NULL || self->url != NULL)
    return;
  if (!g_str_equal (id, URL_ID))
    {
      self->name = g_strdup (id);
      return;
    }
  self->url = g_strdup (run->url);
  g_free (self->manner.protocol);
  self->manner.protocol = g_strdup (run->protocol);
}

/**
 * assay_cli_connect_add_options:
 *
 * Adds the options to a command's; @self must outlive the parsing.
 */
void
assay_cli_connect_add_options (AssayCliConnect *self,
                               GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "connection", 0, 0, G_OPTION_ARG_STRING, &self->name,
      N_("Ask a saved connection, or the service that comes with Assay (“builtin”)"), N_("NAME") },
    { "url", 0, 0, G_OPTION_ARG_STRING, &self->url, N_("Ask the service at this address"),
      N_("URL") },
    { "models-url", 0, 0, G_OPTION_ARG_STRING, &self->models_url,
      N_("Where that service lists its models"), N_("URL") },
    ASSAY_CLI_MANNER_ENTRIES (&self->manner),
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &self->token_file,
      N_("Read the access token from this file, or from standard input (“-”)"), N_("FILE") },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &self->ca_file,
      N_("Trust the certificates in this file instead of the system's"), N_("FILE") },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &self->timeout,
      N_("Give up a request after so many seconds without an answer (60)"), N_("S") },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

/**
 * assay_cli_connect_reads_stdin:
 *
 * Returns: whether the token comes from standard input
 */
gboolean
assay_cli_connect_reads_stdin (AssayCliConnect *self)
{
  return g_strcmp0 (self->token_file, "-") == 0;
}

/* A file that was named comes first, then the environment; the keyring is asked
 * when the connection is opened. */
static gboolean
take_secret (AssayCliConnect *self,
             GError **error)
{
  gboolean api_key = assay_connection_get_auth (self->connection) == ASSAY_AUTH_API_KEY;
  AssaySecretRole role = api_key ? ASSAY_SECRET_API_KEY : ASSAY_SECRET_TOKEN;

  if (self->token_file == NULL)
    {
      self->token = assay_cli_secret_from_environment (role);
      return TRUE;
    }
  self->token = assay_cli_secret_read (self->token_file, error);
  if (self->token == NULL || (g_str_is_ascii (self->token) && strpbrk (self->token, "\t ") == NULL))
    return self->token != NULL;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               _("“%s” holds no access token: it must be one line without spaces"),
               self->token_file);
  return FALSE;
}

static AssayConnection *
connection_for_url (AssayCliConnect *self,
                    GError **error)
{
  g_autoptr (AssayConnection) connection = NULL;
  g_autofree char *url = assay_endpoint_normalize (self->url, error);
  g_autofree char *models_url = NULL;

  if (url == NULL)
    return NULL;
  if (self->models_url != NULL)
    {
      models_url = assay_endpoint_normalize (self->models_url, error);
      if (models_url == NULL)
        return NULL;
    }
  connection = assay_connection_new (URL_ID, url);
  g_object_set (connection, "url", url, "models-url", models_url, "auth", ASSAY_AUTH_NONE, NULL);
  return g_steal_pointer (&connection);
}

static AssayConnection *
find_connection (const char *name,
                 GError **error)
{
  g_autofree char *path = assay_connections_dup_default_path ();
  g_autoptr (AssayConnections) connections = assay_connections_new (path);
  AssayConnection *saved;

  if (!assay_connections_load (connections, error))
    return NULL;
  saved = assay_connections_find (connections, name);
  /* A copy: what is overridden for one command must not be saved. */
  if (saved != NULL)
    return assay_connection_copy (saved);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("There is no connection “%s”"), name);
  return NULL;
}

static gboolean
check_options (AssayCliConnect *self,
               GError **error)
{
  const char *problem = NULL;

  if (self->url != NULL && self->name != NULL)
    problem = _("Give --connection or --url, not both");
  else if (self->models_url != NULL && self->url == NULL)
    problem = _("--models-url goes with --url");
  else if (self->manner.protocol != NULL && self->url == NULL)
    problem = _("--protocol goes with --url");
  else if (self->manner.preset != NULL && self->url == NULL)
    problem = _("--preset goes with --url");
  else if (self->timeout < 1 || self->timeout > MAX_TIMEOUT)
    problem = _("--timeout takes 1 to 3600 seconds");
  else if (self->ca_file != NULL && !g_file_test (self->ca_file, G_FILE_TEST_EXISTS))
    problem = _("There is no such --ca-file");
  if (problem != NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, problem);
  return problem == NULL;
}

static gboolean
check_secret (AssayCliConnect *self,
              GError **error)
{
  const char *models_url = assay_connection_get_models_url (self->connection);

  if (self->token == NULL)
    return TRUE;
  if (assay_connection_get_auth (self->connection) != ASSAY_AUTH_API_KEY)
    g_object_set (self->connection, "auth", ASSAY_AUTH_BEARER, NULL);
  return assay_endpoint_may_carry_secret (assay_connection_get_url (self->connection), error)
         && (models_url == NULL || *models_url == '\0'
             || assay_endpoint_may_carry_secret (models_url, error));
}

/**
 * assay_cli_connect_check:
 * @error: %ASSAY_ERROR_USAGE
 *
 * Looks whether the options fit together, finds the connection and reads the
 * token.  Sends nothing.
 *
 * Returns: whether assay_cli_connect_open_async() makes sense
 */
gboolean
assay_cli_connect_check (AssayCliConnect *self,
                         GError **error)
{
  if (!check_options (self, error))
    return FALSE;
  if (self->url != NULL)
    self->connection = connection_for_url (self, error);
  else if (self->name != NULL && !g_str_equal (self->name, ASSAY_CONNECTION_BUILTIN))
    self->connection = find_connection (self->name, error);
  else
    self->connection = assay_connection_new (ASSAY_CONNECTION_BUILTIN, _("Built-in"));
  if (self->connection == NULL)
    return FALSE;

  if (self->ca_file != NULL)
    g_object_set (self->connection, "ca-file", self->ca_file, NULL);
  if (!assay_cli_manner_apply (&self->manner, self->connection, error))
    return FALSE;
  if (assay_connection_is_builtin (self->connection))
    return TRUE;
  return take_secret (self, error) && check_secret (self, error);
}

static void
announce (AssayCliConnect *self,
          const char *sentence,
          const GError *gone)
{
  if (self->tell != NULL)
    self->tell (sentence, gone, self->tell_data);
  else
    assay_cli_complain (NULL, sentence);
}

static void
builtin_restarted_cb (AssayCliConnect *self)
{
  announce (self, _("The built-in service stopped and was started again"), NULL);
}

static void
builtin_gone_cb (AssayCliConnect *self,
                 const GError *error)
{
  announce (self, error->message, error);
}

/**
 * assay_cli_connect_set_tell:
 * @tell: says it on standard error, which is done without it too
 * @data: for @tell
 *
 * Who is told that the built-in service has stopped, with an error when it has for
 * good.
 */
void
assay_cli_connect_set_tell (AssayCliConnect *self,
                            AssayCliConnectTell tell,
                            gpointer data)
{
  self->tell = tell;
  self->tell_data = data;
}

static void
builtin_started_cb (GObject *source,
                    GAsyncResult *result,
                    gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (assay_builtin_start_finish (ASSAY_BUILTIN (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
discovered_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (AssayDiscovery) found =
    assay_discovery_finish (ASSAY_CLIENT (source), result, &error);

  if (found == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  assay_cli_discover_tell (found);
  g_task_return_boolean (task, TRUE);
}

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  AssayCliConnect *self = g_task_get_task_data (task);
  GError *error = NULL;

  /* Where none is kept the first request says what is missing. */
  assay_credentials_load_finish (ASSAY_CREDENTIALS (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (assay_cli_manner_is_auto (&self->manner))
    assay_discovery_async (self->client, g_task_get_cancellable (task), discovered_cb,
                           g_object_ref (task));
  else
    g_task_return_boolean (task, TRUE);
}

static void
give_secret (AssayCliConnect *self)
{
  AssaySecretRole role;
  char *secret = NULL;

  if (!assay_connection_get_secret_role (self->connection, &role))
    return;
  if (self->token == NULL)
    secret = assay_cli_secret_from_environment (role);
  if (self->token != NULL || secret != NULL)
    assay_credentials_set_secret (self->credentials, role,
                                  self->token != NULL ? self->token : secret);
  assay_secret_free (secret);
}

/**
 * assay_cli_connect_open_async:
 * @jobs: requests in flight at most
 * @cancellable: stops the waiting
 *
 * Makes the client; starts the built-in service where that is asked, and gets the
 * secret from the keyring where none was given.
 */
void
assay_cli_connect_open_async (AssayCliConnect *self,
                              guint jobs,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  GError *error = NULL;

  g_task_set_source_tag (task, assay_cli_connect_open_async);
  g_task_set_task_data (task, self, NULL);
  self->transport = assay_transport_new (jobs, self->timeout,
                                         assay_connection_get_ca_file (self->connection), &error);
  if (self->transport == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->credentials = assay_credentials_new (self->connection, self->transport);
  self->client = assay_client_new (self->connection, self->credentials, self->transport);
  assay_client_set_pixels (self->client, assay_pixels_payload);
  if (assay_connection_is_builtin (self->connection))
    {
      self->builtin = assay_builtin_new ();
      g_signal_connect_swapped (self->builtin, "restarted", G_CALLBACK (builtin_restarted_cb), self);
      g_signal_connect_swapped (self->builtin, "gone", G_CALLBACK (builtin_gone_cb), self);
      assay_builtin_start_async (self->builtin, self->connection, self->credentials, cancellable,
                                 builtin_started_cb, g_steal_pointer (&task));
      return;
    }
  give_secret (self);
  self->secrets = assay_secrets_new ();
  assay_credentials_load_async (self->credentials, self->secrets, cancellable, loaded_cb,
                                g_steal_pointer (&task));
}

gboolean
assay_cli_connect_open_finish (AssayCliConnect *self,
                               GAsyncResult *result,
                               GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * assay_cli_connect_get_connection:
 *
 * Returns: (transfer none): the connection, once checked; a copy, that nobody saves
 */
AssayConnection *
assay_cli_connect_get_connection (AssayCliConnect *self)
{
  return self->connection;
}

/**
 * assay_cli_connect_get_client:
 *
 * Returns: (transfer none): the client, once opened
 */
AssayClient *
assay_cli_connect_get_client (AssayCliConnect *self)
{
  return self->client;
}

/**
 * assay_cli_connect_can_list:
 *
 * Returns: whether the service can be asked for its models, once opened
 */
gboolean
assay_cli_connect_can_list (AssayCliConnect *self)
{
  return assay_connection_can_list (self->connection);
}
