/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A token from one start of the app to the next, in a real keyring; without a
 * window, and so without a screen. */

#include <glib/gstdio.h>
#include <string.h>

#include "assay-hub.h"
#include "assay-secret.h"
#include "assay-test-server.h"

#define WAIT_SECONDS 60
#define SECRET "hush-hush"

static gboolean
out_of_time_cb (gpointer user_data)
{
  g_error ("Nothing happened for %d seconds", WAIT_SECONDS);
  return G_SOURCE_REMOVE;
}

/* Turns the main loop until @link is no longer connecting. */
static void
wait_for_link (AssayLink *link)
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);

  while (assay_link_get_status (link) == ASSAY_LINK_CONNECTING)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (bound);
}

typedef struct {
  gboolean done;
  char *secret;
} Found;

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  Found *found = user_data;

  g_assert_true (assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, &found->secret, NULL,
                                              NULL));
  found->done = TRUE;
}

/* What is asked is done in order, so that this also waits for what was asked. */
static void
assert_kept (AssayHub *hub,
             const char *id,
             const char *secret)
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);
  Found found = { 0 };

  assay_secrets_lookup_async (assay_hub_get_secrets (hub), id, ASSAY_SECRET_TOKEN, NULL, found_cb,
                              &found);
  while (!found.done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (bound);
  g_assert_cmpstr (found.secret, ==, secret);
  assay_secret_free (found.secret);
}

static void
add_connection (AssayHub *hub,
                AssayTestServer *server)
{
  g_autoptr (AssayConnection) connection = assay_connection_new (NULL, "Lab");
  g_autofree char *url = assay_test_server_dup_url (server, "/api");
  g_autofree char *models_url = assay_test_server_dup_url (server, "/r");

  g_object_set (connection, "url", url, "models-url", models_url, "auth", ASSAY_AUTH_BEARER, NULL);
  g_assert_true (assay_connections_add (assay_hub_get_connections (hub), connection, NULL));
  assay_link_set_secret (assay_hub_get_link (hub, connection), SECRET);
  assert_kept (hub, assay_connection_get_id (connection), SECRET);
  g_assert_cmpint (assay_secrets_get_place (assay_hub_get_secrets (hub)), ==,
                   ASSAY_SECRETS_KEYRING);
}

static void
check_second_start (AssayHub *hub,
                    AssayTestServer *server)
{
  AssayConnection *found;
  g_autoptr (AssayConnection) connection = NULL;
  AssayLink *link;
  const AssayTestRequest *request;

  g_assert_true (assay_hub_load (hub, NULL));
  found = assay_connections_find (assay_hub_get_connections (hub), "Lab");
  g_assert_nonnull (found);
  connection = g_object_ref (found);
  link = assay_hub_get_link (hub, connection);
  assay_link_refresh (link);
  g_assert_false (assay_link_can_ask (link));
  wait_for_link (link);
  request = assay_test_server_get_request (server, 0);
  g_assert_cmpstr (g_hash_table_lookup (request->headers, "authorization"), ==, "Bearer " SECRET);

  g_assert_true (assay_hub_remove (hub, connection, NULL));
  assert_kept (hub, assay_connection_get_id (connection), NULL);
}

static void
test_token_outlives_the_app (void)
{
  g_autofree char *folder = g_dir_make_tmp ("assay-hub-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "connections.conf", NULL);
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_autofree char *text = NULL;
  AssayHub *hub = assay_hub_new (path);

  add_connection (hub, server);
  g_assert_finalize_object (hub);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "auth=bearer"));
  g_assert_null (strstr (text, SECRET));

  hub = assay_hub_new (path);
  check_second_start (hub, server);
  assay_hub_close (hub);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (hub);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/hub/token-outlives-the-app", test_token_outlives_the_app);
  return g_test_run ();
}
