/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "assay-certificate.h"
#include "assay-cli-connection.h"
#include "assay-cli-fit.h"
#include "assay-cli-store.h"
#include "assay-cli.h"
#include "assay-display.h"
#include "assay-secret.h"

static void
print_line (const char *title,
            const char *value)
{
  g_autofree char *safe = assay_display_text (value, -1, 0);

  if (*safe != '\0')
    printf ("%s: %s\n", title, safe);
}

/* How it is spoken to, as far as somebody has said it. */
static void
print_manner (AssayConnection *connection)
{
  g_autoptr (AssayProfile) profile = assay_connection_dup_profile (connection);
  guint n = profile->labels != NULL ? g_strv_length (profile->labels) : 0;
  g_autofree char *labels = n > 0 ? g_strdup_printf ("%u", n) : g_strdup ("");

  print_line (_("Path"), profile->template != NULL ? profile->template : "");
  print_line (_("Body"), profile->body != NULL ? profile->body : "");
  print_line (_("Labels"), labels);
  print_line (_("Preprocessing"), profile->preprocess != NULL ? profile->preprocess : "");
  if (profile->softmax)
    print_line (_("Scores"), _("logits, through a softmax"));
  if (profile->percent)
    print_line (_("Scores"), _("0 to 100"));
}

static void
print_connection (AssayConnection *connection)
{
  AssayAuth auth = assay_connection_get_auth (connection);
  const char *const *headers = assay_connection_get_headers (connection);
  g_autofree char *fingerprint = assay_fingerprint_format (
      assay_connection_get_fingerprint (connection));
  g_autofree char *pixels = assay_cli_fit_dup_pixels (connection);
  g_autofree char *size = assay_cli_fit_dup_size (connection);

  print_line (_("Name"), assay_connection_get_name (connection));
  print_line (_("Protocol"), assay_connection_get_protocol (connection)->id);
  print_line (_("Address"), assay_connection_get_url (connection));
  print_line (_("Models address"), assay_connection_get_models_url (connection));
  print_line (_("Sign-in"), assay_cli_auth_name (auth));
  if (auth == ASSAY_AUTH_OAUTH)
    {
      print_line (_("Token address"), assay_connection_get_token_url (connection));
      print_line (_("Client ID"), assay_connection_get_client_id (connection));
    }
  if (auth == ASSAY_AUTH_API_KEY)
    print_line (_("API key header"), assay_connection_get_api_key_header (connection));
  for (guint i = 0; headers[i] != NULL; i++)
    print_line (_("Header"), headers[i]);
  print_manner (connection);
  print_line (_("Longer side at most"), pixels);
  print_line (_("File size at most"), size);
  print_line (_("CA file"), assay_connection_get_ca_file (connection));
  print_line (_("Accepted certificate"), fingerprint);
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  AssayCliStore *store = data;
  AssaySecretsPlace place;
  const char *reason;
  char *secret = NULL;

  if (!assay_secrets_lookup_finish (store->secrets, result, &secret, &place, NULL))
    {
      assay_cli_loop_quit (store->loop, ASSAY_CLI_INTERRUPTED);
      return;
    }
  reason = assay_secrets_get_reason (store->secrets);
  if (secret != NULL)
    print_line (_("Secret"), _("kept in the keyring"));
  else if (reason != NULL)
    {
      g_autofree char *words = g_strdup_printf (_("not kept; the keyring can't be used (%s)"),
                                                reason);

      print_line (_("Secret"), words);
    }
  else
    print_line (_("Secret"), _("not kept"));
  assay_secret_free (secret);
  assay_cli_loop_quit (store->loop, ASSAY_CLI_OK);
}

/**
 * assay_cli_connection_show:
 *
 * "assay-cli connection show NAME": all but the secret itself.
 *
 * Returns: the exit status
 */
int
assay_cli_connection_show (int argc,
                           char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = assay_cli_parse_words (
      _("NAME — one connection, and where its secret is kept"), NULL, argc, argv, &error);
  g_autoptr (AssayCliStore) store = name != NULL ? assay_cli_store_open (&error) : NULL;
  AssayConnection *connection = store != NULL ? assay_cli_store_find (store, name, &error) : NULL;
  AssaySecretRole role;

  if (connection == NULL)
    return assay_cli_complain_usage ("connection show", error);
  print_connection (connection);
  if (!assay_connection_get_secret_role (connection, &role))
    return ASSAY_CLI_OK;
  assay_secrets_lookup_async (store->secrets, assay_connection_get_id (connection), role,
                              assay_cli_loop_get_cancellable (store->loop), found_cb, store);
  return assay_cli_loop_run (store->loop);
}
