/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-certificate.h"
#include "assay-cli-connection.h"
#include "assay-cli-discover.h"
#include "assay-cli-fit.h"
#include "assay-cli-manner.h"
#include "assay-cli-secret.h"
#include "assay-cli-store.h"
#include "assay-cli.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-extra-header.h"
#include "assay-secret.h"

typedef struct {
  char *name;
  char *url;
  char *models_url;
  AssayCliManner manner;
  char *auth;
  char *token_url;
  char *client_id;
  char *api_key_header;
  char **headers;
  char *ca_file;
  char *fingerprint;
  AssayCliFit fit;
  char *secret_file;
  char *secret;               /* secret */
} Add;

static void
add_free (Add *self)
{
  g_free (self->name);
  g_free (self->url);
  g_free (self->models_url);
  assay_cli_manner_clear (&self->manner);
  g_free (self->auth);
  g_free (self->token_url);
  g_free (self->client_id);
  g_free (self->api_key_header);
  g_strfreev (self->headers);
  g_free (self->ca_file);
  g_free (self->fingerprint);
  assay_cli_fit_clear (&self->fit);
  g_free (self->secret_file);
  assay_secret_free (self->secret);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Add, add_free)

static gboolean
parse (Add *self,
       int argc,
       char **argv,
       GError **error)
{
  const GOptionEntry entries[] = {
    { "url", 0, 0, G_OPTION_ARG_STRING, &self->url, N_("Where images go"), N_("URL") },
    { "models-url", 0, 0, G_OPTION_ARG_STRING, &self->models_url,
      N_("Where the service lists its models"), N_("URL") },
    ASSAY_CLI_MANNER_ENTRIES (&self->manner),
    { "auth", 0, 0, G_OPTION_ARG_STRING, &self->auth,
      N_("How to sign in: none, bearer, oauth or api-key"), N_("KIND") },
    { "token-url", 0, 0, G_OPTION_ARG_STRING, &self->token_url,
      N_("Where oauth gets its tokens"), N_("URL") },
    { "client-id", 0, 0, G_OPTION_ARG_STRING, &self->client_id, N_("The client of oauth"),
      N_("ID") },
    { "api-key-header", 0, 0, G_OPTION_ARG_STRING, &self->api_key_header,
      N_("The header of the API key (X-API-Key)"), N_("NAME") },
    { "header", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->headers,
      N_("Send this header too, “NAME: VALUE”; may be repeated"), N_("HEADER") },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &self->ca_file,
      N_("Trust the certificates in this file too"), N_("FILE") },
    { "accept-certificate", 0, 0, G_OPTION_ARG_STRING, &self->fingerprint,
      N_("Accept the certificate with this SHA-256 fingerprint"), N_("HEX") },
    ASSAY_CLI_FIT_ENTRIES (&self->fit),
    { "secret-file", 0, 0, G_OPTION_ARG_FILENAME, &self->secret_file,
      N_("Read the token, client secret or API key from this file, or from standard input (“-”)"),
      N_("FILE") },
    { NULL },
  };

  self->name = assay_cli_parse_words (_("NAME — save a new connection"), entries, argc, argv,
                                      error);
  return self->name != NULL;
}

static gboolean
set_usage (GError **error,
           const char *problem)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, problem);
  return FALSE;
}

/* What was not said follows from what was. */
static gboolean
choose_auth (Add *self,
             AssayAuth *auth,
             GError **error)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (ASSAY_TYPE_AUTH);
  const GEnumValue *value = self->auth != NULL ? g_enum_get_value_by_nick (klass, self->auth)
                                               : NULL;

  if (self->auth != NULL && value == NULL)
    return set_usage (error, _("--auth takes none, bearer, oauth or api-key"));
  if (value != NULL)
    *auth = value->value;
  else if (self->token_url != NULL || self->client_id != NULL)
    *auth = ASSAY_AUTH_OAUTH;
  else if (self->api_key_header != NULL)
    *auth = ASSAY_AUTH_API_KEY;
  else
    *auth = self->secret_file != NULL ? ASSAY_AUTH_BEARER : ASSAY_AUTH_NONE;

  if (*auth == ASSAY_AUTH_OAUTH && (self->token_url == NULL || self->client_id == NULL))
    return set_usage (error, _("oauth needs --token-url and --client-id"));
  if (*auth != ASSAY_AUTH_OAUTH && (self->token_url != NULL || self->client_id != NULL))
    return set_usage (error, _("--token-url and --client-id go with --auth oauth"));
  if (*auth != ASSAY_AUTH_API_KEY && self->api_key_header != NULL)
    return set_usage (error, _("--api-key-header goes with --auth api-key"));
  if (*auth == ASSAY_AUTH_NONE && self->secret_file != NULL)
    return set_usage (error, _("--secret-file needs another --auth than none"));
  return TRUE;
}

static gboolean
set_address (AssayConnection *connection,
             const char *property,
             const char *typed,
             gboolean secret,
             GError **error)
{
  g_autofree char *url = NULL;

  if (typed == NULL)
    return TRUE;
  url = assay_endpoint_normalize (typed, error);
  if (url == NULL || (secret && !assay_endpoint_may_carry_secret (url, error)))
    return FALSE;
  g_object_set (connection, property, url, NULL);
  return TRUE;
}

static gboolean
set_certificates (Add *self,
                  AssayConnection *connection,
                  GError **error)
{
  g_autofree char *ca_file = NULL;
  g_autofree char *fingerprint = NULL;

  if (self->ca_file != NULL)
    {
      ca_file = g_canonicalize_filename (self->ca_file, NULL);
      if (!g_file_test (ca_file, G_FILE_TEST_EXISTS))
        return set_usage (error, _("There is no such --ca-file"));
    }
  if (self->fingerprint != NULL)
    {
      fingerprint = assay_fingerprint_normalize (self->fingerprint, error);
      if (fingerprint == NULL)
        return FALSE;
    }
  g_object_set (connection, "ca-file", ca_file, "fingerprint", fingerprint, NULL);
  return TRUE;
}

static AssayConnection *
make_connection (Add *self,
                 GError **error)
{
  g_autoptr (AssayConnection) connection = assay_connection_new (NULL, self->name);
  AssayAuth auth;
  gboolean secret;

  if (self->url == NULL)
    {
      set_usage (error, _("Give the --url that images go to"));
      return NULL;
    }
  if (!choose_auth (self, &auth, error)
      || (self->api_key_header != NULL && !assay_key_header_check (self->api_key_header, error))
      || !assay_connection_set_headers (connection, (const char *const *) self->headers, error)
      || !set_certificates (self, connection, error)
      || !assay_cli_fit_apply (&self->fit, connection, error)
      || !assay_cli_manner_apply (&self->manner, connection, error))
    return NULL;
  secret = auth != ASSAY_AUTH_NONE;
  g_object_set (connection, "auth", auth, "client-id", self->client_id, "api-key-header",
                self->api_key_header, NULL);
  if (!set_address (connection, "url", self->url, secret, error)
      || !set_address (connection, "models-url", self->models_url, secret, error)
      || !set_address (connection, "token-url", self->token_url, secret, error))
    return NULL;
  return g_steal_pointer (&connection);
}

static gboolean
take_secret (Add *self,
             AssayConnection *connection,
             GError **error)
{
  AssaySecretRole role;

  if (!assay_connection_get_secret_role (connection, &role))
    return TRUE;
  if (self->secret_file != NULL)
    {
      self->secret = assay_cli_secret_read (self->secret_file, error);
      return self->secret != NULL;
    }
  self->secret = assay_cli_secret_from_environment (role);
  if (self->secret == NULL)
    assay_cli_complain (NULL, _("No secret was given: give it with each command, in a file or in "
                                "the environment."));
  return TRUE;
}

/* Nothing is saved of a service that does not say what it is. */
static gboolean
find_out (Add *self,
          AssayConnection *connection,
          GError **error)
{
  return !assay_cli_manner_is_auto (&self->manner)
         || assay_cli_discover (connection, self->secret, error);
}

/**
 * assay_cli_connection_add:
 *
 * "assay-cli connection add NAME --url URL …"
 *
 * Returns: the exit status
 */
int
assay_cli_connection_add (int argc,
                          char **argv)
{
  g_autoptr (Add) self = g_new0 (Add, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (AssayCliStore) store = NULL;
  int status = ASSAY_CLI_USAGE;

  if (parse (self, argc, argv, &error))
    connection = make_connection (self, &error);
  if (connection != NULL && take_secret (self, connection, &error)
      && find_out (self, connection, &error))
    store = assay_cli_store_open (&error);
  if (store != NULL)
    status = assay_cli_store_add (store, connection, self->secret, &error);
  if (error != NULL && assay_cli_status_for_error (error) != ASSAY_CLI_USAGE)
    {
      assay_cli_complain (NULL, error->message);
      return assay_cli_status_for_error (error);
    }
  return error != NULL ? assay_cli_complain_usage ("connection add", error) : status;
}
