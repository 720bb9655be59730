/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-discover.h"
#include "assay-cli-loop.h"
#include "assay-cli.h"
#include "assay-limits.h"

typedef struct {
  AssayCliLoop *loop;
  gboolean found;
  GError *error;
} Search;

/* The search ends by itself, as its cancellable was canceled; the second time at once. */
static void
interrupted_cb (gpointer data)
{
  Search *self = data;

  if (assay_cli_loop_is_urgent (self->loop))
    assay_cli_loop_quit (self->loop, ASSAY_CLI_INTERRUPTED);
}

/**
 * assay_cli_discover_tell:
 * @found: what a service has turned out to be
 *
 * Says it on standard error.
 */
void
assay_cli_discover_tell (const AssayDiscovery *found)
{
  g_autofree char *text = assay_discovery_dup_text (found);
  g_autofree char *sentence =
    g_strdup_printf (_("The service is %s; it speaks %s (--protocol %s)"), text,
                     found->protocol->title, found->protocol->id);

  assay_cli_complain (NULL, sentence);
}

static void
discovered_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  Search *self = data;
  g_autoptr (AssayDiscovery) found =
    assay_discovery_finish (ASSAY_CLIENT (source), result, &self->error);

  self->found = found != NULL;
  if (found != NULL)
    assay_cli_discover_tell (found);
  assay_cli_loop_quit (self->loop, ASSAY_CLI_OK);
}

/**
 * assay_cli_discover:
 * @connection: has an address and maybe a sign-in; it is changed to what is found
 * @secret: (nullable): of the sign-in
 * @error: as of assay_discovery_finish()
 *
 * Finds out what is spoken there, and says it.  Runs a main loop until that is done.
 *
 * Returns: whether it is known
 */
gboolean
assay_cli_discover (AssayConnection *connection,
                    const char *secret,
                    GError **error)
{
  g_autoptr (AssayTransport) transport =
    assay_transport_new (1, ASSAY_DEFAULT_TIMEOUT, assay_connection_get_ca_file (connection), error);
  g_autoptr (AssayCredentials) credentials = NULL;
  g_autoptr (AssayClient) client = NULL;
  g_autoptr (AssayCliLoop) loop = NULL;
  Search search = { 0 };
  AssaySecretRole role;

  if (transport == NULL)
    return FALSE;
  credentials = assay_credentials_new (connection, transport);
  if (secret != NULL && assay_connection_get_secret_role (connection, &role))
    assay_credentials_set_secret (credentials, role, secret);
  client = assay_client_new (connection, credentials, transport);
  loop = search.loop = assay_cli_loop_new (interrupted_cb, &search);
  assay_discovery_async (client, assay_cli_loop_get_cancellable (loop), discovered_cb, &search);
  assay_cli_loop_run (loop);
  assay_transport_close (transport);
  if (search.error != NULL)
    g_propagate_error (error, search.error);
  return search.found;
}
