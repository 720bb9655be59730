/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <string.h>

#include "assay-connections.h"
#include "assay-error.h"

#define FINGERPRINT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

typedef struct {
  char *folder;
  char *path;            /* in a folder that doesn't exist yet */
  guint added;           /* by items-changed */
  guint removed;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("assay-connections-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "assay", "connections.conf", NULL);
}

static void
remove_all (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_all (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  remove_all (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->added += added;
  fixture->removed += removed;
}

static AssayConnections *
load (Fixture *fixture)
{
  AssayConnections *connections = assay_connections_new (fixture->path);
  g_autoptr(GError) error = NULL;

  g_signal_connect (connections, "items-changed", G_CALLBACK (items_changed_cb), fixture);
  g_assert_true (assay_connections_load (connections, &error));
  g_assert_no_error (error);
  return connections;
}

static void
write_file (Fixture *fixture,
            const char *text)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

static char *
read_file (const char *path)
{
  char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static AssayConnection *
make_connection (const char *name)
{
  AssayConnection *connection = assay_connection_new (NULL, name);

  g_object_set (connection,
                "url", "https://example.com/api/v2/image/classification",
                "models-url", "https://example.com/api/v2/image/retraining",
                "token-url", "https://login.example.com/oauth/token",
                "client-id", "sb-1!b2|x",
                "ca-file", "/etc/ssl/own.pem",
                "auth", ASSAY_AUTH_OAUTH,
                "last-model", "flowers",
                "last-version", "2",
                NULL);
  return connection;
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
test_first_start (Fixture *fixture,
                  gconstpointer data)
{
  g_autoptr(AssayConnections) connections = load (fixture);
  g_autoptr(AssayConnection) builtin = g_list_model_get_item (G_LIST_MODEL (connections), 0);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (connections)), ==, 1);
  g_assert_true (assay_connection_is_builtin (builtin));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (connections), 1));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_round_trip (Fixture *fixture,
                 gconstpointer data)
{
  g_autoptr(AssayConnections) connections = load (fixture);
  g_autoptr(AssayConnections) again = NULL;
  g_autoptr(AssayConnection) made = make_connection ("Café; =[x] \"#1\"");
  g_autoptr(GError) error = NULL;
  AssayConnection *found;
  GStatBuf status;

  g_assert_true (assay_connections_add (connections, made, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->added, ==, 1);
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  again = load (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 2);
  found = assay_connections_find (again, "Café; =[x] \"#1\"");
  g_assert_nonnull (found);
  g_assert_true (found == assay_connections_find (again, assay_connection_get_id (made)));
  g_assert_cmpstr (assay_connection_get_url (found), ==,
                   "https://example.com/api/v2/image/classification");
  g_assert_cmpstr (assay_connection_get_models_url (found), ==,
                   "https://example.com/api/v2/image/retraining");
  g_assert_cmpstr (assay_connection_get_token_url (found), ==, "https://login.example.com/oauth/token");
  g_assert_cmpstr (assay_connection_get_client_id (found), ==, "sb-1!b2|x");
  g_assert_cmpstr (assay_connection_get_ca_file (found), ==, "/etc/ssl/own.pem");
  g_assert_cmpint (assay_connection_get_auth (found), ==, ASSAY_AUTH_OAUTH);
  g_assert_cmpstr (assay_connection_get_last_model (found), ==, "flowers");
  g_assert_cmpstr (assay_connection_get_last_version (found), ==, "2");
  g_assert_cmpstr (assay_connection_get_protocol (found)->id, ==, "mlf");
}

static void
test_changes_are_written (Fixture *fixture,
                          gconstpointer data)
{
  g_autoptr(AssayConnections) connections = load (fixture);
  g_autoptr(AssayConnections) again = NULL;
  g_autoptr(AssayConnection) made = make_connection ("One");

  g_assert_true (assay_connections_add (connections, made, NULL));
  g_object_set (made, "last-version", "3", "name", "Uno", NULL);
  settle ();
  again = load (fixture);
  g_assert_nonnull (assay_connections_find (again, "Uno"));
  g_assert_cmpstr (assay_connection_get_last_version (assay_connections_find (again, "Uno")), ==, "3");
  g_assert_null (assay_connections_find (again, "One"));
}

/* Also when nobody's main loop turns any more. */
static void
test_last_change_is_written_at_the_end (Fixture *fixture,
                                        gconstpointer data)
{
  AssayConnections *connections = load (fixture);
  g_autoptr(AssayConnections) again = NULL;
  AssayConnection *builtin = assay_connections_find (connections, ASSAY_CONNECTION_BUILTIN);

  g_object_set (builtin, "last-model", "flowers", "last-version", "1", NULL);
  g_assert_finalize_object (connections);
  again = load (fixture);
  builtin = assay_connections_find (again, ASSAY_CONNECTION_BUILTIN);
  g_assert_cmpstr (assay_connection_get_last_model (builtin), ==, "flowers");
  g_assert_cmpstr (assay_connection_get_last_version (builtin), ==, "1");
}

static void
test_builtin_keeps_only_its_model (Fixture *fixture,
                                   gconstpointer data)
{
  g_autoptr(AssayConnections) connections = load (fixture);
  AssayConnection *builtin = assay_connections_find (connections, ASSAY_CONNECTION_BUILTIN);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_object_set (builtin, "url", "http://127.0.0.1:4711/c", "client-id", "assay", NULL);
  settle ();
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_object_set (builtin, "last-model", "flowers", NULL);
  settle ();
  text = read_file (fixture->path);
  g_assert_nonnull (strstr (text, "flowers"));
  g_assert_null (strstr (text, "4711"));
  g_assert_false (assay_connections_remove (connections, builtin, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
}

static void
test_keeps_what_it_does_not_know (Fixture *fixture,
                                  gconstpointer data)
{
  g_autoptr(AssayConnections) connections = NULL;
  g_autofree char *text = NULL;
  AssayConnection *one;

  write_file (fixture,
              "# written by hand\n"
              "[connection a]\nname=One\nprotocol=mlf\nauth=bearer\nurl=https://a.example/\n"
              "shade=mauve\n"
              "[connection b]\nname=Two\nprotocol=telepathy\nauth=bearer\nurl=https://b.example/\n"
              "[connection c]\nname=Three\nprotocol=mlf\nauth=handshake\n"
              "[future]\nthing=1\n");
  connections = load (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (connections)), ==, 2);
  one = assay_connections_find (connections, "a");
  g_assert_nonnull (one);
  g_object_set (one, "last-model", "flowers", NULL);
  g_assert_true (assay_connections_save (connections, NULL));
  text = read_file (fixture->path);
  g_assert_nonnull (strstr (text, "# written by hand"));
  g_assert_nonnull (strstr (text, "shade=mauve"));
  g_assert_nonnull (strstr (text, "protocol=telepathy"));
  g_assert_nonnull (strstr (text, "auth=handshake"));
  g_assert_nonnull (strstr (text, "[future]\nthing=1"));
  g_assert_nonnull (strstr (text, "last-model=flowers"));
}

static void
test_two_processes (Fixture *fixture,
                    gconstpointer data)
{
  g_autoptr(AssayConnections) mine = load (fixture);
  g_autoptr(AssayConnections) theirs = load (fixture);
  g_autoptr(AssayConnections) again = NULL;
  g_autoptr(AssayConnection) one = make_connection ("One");
  g_autoptr(AssayConnection) two = make_connection ("Two");
  g_autoptr(AssayConnection) three = make_connection ("Three");

  g_assert_true (assay_connections_add (mine, one, NULL));
  g_assert_true (assay_connections_add (theirs, two, NULL));
  g_assert_true (assay_connections_add (mine, three, NULL));
  g_assert_true (assay_connections_remove (mine, one, NULL));
  g_assert_cmpuint (fixture->removed, ==, 1);
  again = load (fixture);
  g_assert_null (assay_connections_find (again, "One"));
  g_assert_nonnull (assay_connections_find (again, "Two"));
  g_assert_nonnull (assay_connections_find (again, "Three"));
}

static void
test_names (Fixture *fixture,
            gconstpointer data)
{
  g_autoptr(AssayConnections) connections = load (fixture);
  g_autoptr(AssayConnection) one = make_connection ("One");
  g_autoptr(AssayConnection) same = make_connection ("One");
  g_autoptr(AssayConnection) builtin = make_connection (ASSAY_CONNECTION_BUILTIN);
  g_autoptr(AssayConnection) nameless = make_connection ("");
  AssayConnection *refused[] = { same, builtin, nameless };

  g_assert_true (assay_connections_add (connections, one, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (assay_connections_add (connections, refused[i], &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (connections)), ==, 2);
}

static void
test_damaged (Fixture *fixture,
              gconstpointer data)
{
  static const char *const texts[] = { "{ \"not\": \"a key file\" }\n", "name=no group\n" };
  static const char *const asides[] = { ".damaged", ".damaged-2" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(AssayConnections) connections = assay_connections_new (fixture->path);
      g_autoptr(AssayConnection) one = make_connection ("One");
      g_autofree char *aside = g_strconcat (fixture->path, asides[i], NULL);
      g_autofree char *kept = NULL;
      g_autoptr(GError) error = NULL;

      write_file (fixture, texts[i]);
      g_assert_false (assay_connections_load (connections, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
      g_assert_nonnull (strstr (error->message, asides[i]));
      kept = read_file (aside);
      g_assert_cmpstr (kept, ==, texts[i]);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (connections)), ==, 1);
      g_assert_true (assay_connections_add (connections, one, NULL));
    }
}

/* What can't be read is not written over. */
static void
test_unreadable (Fixture *fixture,
                 gconstpointer data)
{
  g_autoptr(AssayConnections) connections = assay_connections_new (fixture->path);
  g_autoptr(AssayConnection) one = make_connection ("One");
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) again = NULL;

  g_assert_cmpint (g_mkdir_with_parents (fixture->path, 0700), ==, 0);
  g_assert_false (assay_connections_load (connections, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_false (assay_connections_add (connections, one, &again));
  g_assert_error (again, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_DIR));
}

static void
test_unwritable (Fixture *fixture,
                 gconstpointer data)
{
  g_autofree char *in_the_way = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char *path = g_build_filename (in_the_way, "connections.conf", NULL);
  g_autoptr(AssayConnections) connections = assay_connections_new (path);
  g_autoptr(AssayConnection) one = make_connection ("One");
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (in_the_way, "", 0, NULL));
  g_assert_false (assay_connections_add (connections, one, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
}

static void
count_cb (GObject *object,
          GParamSpec *pspec,
          gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_notifies_only_changes (void)
{
  g_autoptr(AssayConnection) connection = make_connection ("One");
  g_autofree char *host = assay_connection_dup_host (connection);
  guint count = 0;

  g_assert_cmpstr (host, ==, "example.com");
  g_signal_connect (connection, "notify", G_CALLBACK (count_cb), &count);
  g_object_set (connection, "name", "One", "auth", ASSAY_AUTH_OAUTH, "last-model", "flowers", NULL);
  g_assert_cmpuint (count, ==, 0);
  g_object_set (connection, "name", "Two", "auth", ASSAY_AUTH_NONE, "last-model", NULL, NULL);
  g_assert_cmpuint (count, ==, 3);
  g_assert_cmpstr (assay_connection_get_last_model (connection), ==, "");
}

static void
test_sign_in_of_every_kind (Fixture *fixture,
                            gconstpointer data)
{
  const char *const headers[] = { "X-Tenant: a;b\\c", "AI-Resource-Group: default", NULL };
  const char *const broken[] = { "X-Tenant: a\r\nHost: b", NULL };
  g_autoptr(AssayConnections) first = load (fixture);
  g_autoptr(AssayConnection) connection = make_connection ("Lab");
  g_autoptr(AssayConnection) copy = NULL;
  g_autoptr(AssayConnections) second = NULL;
  g_autoptr(GError) error = NULL;
  AssayConnection *again;

  g_assert_true (assay_connection_set_headers (connection, headers, NULL));
  g_assert_false (assay_connection_set_headers (connection, broken, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_object_set (connection, "auth", ASSAY_AUTH_API_KEY, "api-key-header", "X-Key", "fingerprint",
                FINGERPRINT, NULL);
  g_assert_true (assay_connections_add (first, connection, NULL));
  second = load (fixture);
  again = assay_connections_find (second, "Lab");
  copy = assay_connection_copy (again);
  for (guint i = 0; i < 2; i++, again = copy)
    {
      g_assert_cmpint (assay_connection_get_auth (again), ==, ASSAY_AUTH_API_KEY);
      g_assert_cmpstr (assay_connection_get_api_key_header (again), ==, "X-Key");
      g_assert_cmpstr (assay_connection_get_fingerprint (again), ==, FINGERPRINT);
      g_assert_true (g_strv_equal (assay_connection_get_headers (again), headers));
    }
}

/* As a version before these settings has written it, and as a hand may have. */
static void
test_defaults_and_broken_values (Fixture *fixture,
                                 gconstpointer data)
{
  g_autoptr(AssayConnections) connections = NULL;
  AssayConnection *old, *broken;

  write_file (fixture, "[connection 1]\nname=Old\nprotocol=mlf\nauth=bearer\n"
                       "[connection 2]\nname=Broken\nprotocol=mlf\nauth=api-key\n"
                       "headers=Host: evil;\napi-key-header=X Y\nfingerprint=12:34\n");
  connections = load (fixture);
  old = assay_connections_find (connections, "Old");
  g_assert_cmpstr (assay_connection_get_api_key_header (old), ==, "X-API-Key");
  g_assert_cmpstr (assay_connection_get_fingerprint (old), ==, "");
  g_assert_null (assay_connection_get_headers (old)[0]);
  broken = assay_connections_find (connections, "Broken");
  g_assert_cmpstr (assay_connection_get_api_key_header (broken), ==, "X-API-Key");
  g_assert_cmpstr (assay_connection_get_fingerprint (broken), ==, "");
  g_assert_null (assay_connection_get_headers (broken)[0]);
}

/* The key of another kind of service makes another kind of connection. */
static void
test_service_key (void)
{
  static const char text[] = "{\"clientid\":\"a\",\"clientsecret\":\"b\",\"url\":\"https://u.example\","
    "\"serviceurls\":{\"AI_API_URL\":\"https://api.example\"}}";
  g_autoptr(GError) error = NULL;
  g_autoptr(AssayServiceKey) key = assay_service_key_read (text, strlen (text), &error);
  g_autoptr(AssayConnection) connection = assay_connection_new (NULL, "AI Core");

  g_assert_no_error (error);
  assay_connection_apply_service_key (connection, key);
  g_assert_cmpstr (assay_connection_get_protocol (connection)->id, ==, "kserve-v1");
  g_assert_cmpstr (assay_connection_get_url (connection), ==, "https://api.example");
  g_assert_cmpstr (assay_connection_get_models_url (connection), ==, "https://api.example/v2/lm");
  g_assert_cmpstr (assay_connection_get_token_url (connection), ==, "https://u.example/oauth/token");
  g_assert_cmpint (assay_connection_get_auth (connection), ==, ASSAY_AUTH_OAUTH);
  g_assert_true (assay_connection_can_list (connection));
}

/* What was found out does not undo what a person has said. */
static void
test_found (void)
{
  const char *const labels[] = { "daisy", "rose", NULL };
  g_autoptr (AssayConnection) connection = assay_connection_new (NULL, "Lab");
  g_autoptr (AssayProfile) found = assay_profile_new ("https://h.example", NULL);
  g_autoptr (AssayProfile) profile = NULL;

  g_object_set (connection, "url", "https://h.example/v2/models/a", "preprocess", "imagenet",
                "body", "input", "softmax", TRUE, NULL);
  assay_connection_set_labels (connection, labels);
  assay_connection_apply_profile (connection, assay_protocol_find ("oip"), found);
  profile = assay_connection_dup_profile (connection);
  g_assert_cmpstr (assay_connection_get_protocol (connection)->id, ==, "oip");
  g_assert_cmpstr (profile->url, ==, "https://h.example");
  g_assert_cmpstr (profile->preprocess, ==, "imagenet");
  g_assert_cmpstr (profile->body, ==, "input");
  g_assert_true (profile->softmax);
  g_assert_cmpstrv (profile->labels, labels);

  found->body = g_strdup ("raw");
  found->percent = TRUE;
  assay_connection_apply_profile (connection, assay_protocol_find ("generic"), found);
  assay_profile_unref (profile);
  profile = assay_connection_dup_profile (connection);
  g_assert_cmpstr (profile->body, ==, "raw");
  g_assert_true (profile->percent);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function) \
  g_test_add ("/assay/connections/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("first-start", test_first_start);
  TEST ("round-trip", test_round_trip);
  TEST ("changes-are-written", test_changes_are_written);
  TEST ("last-change-is-written-at-the-end", test_last_change_is_written_at_the_end);
  TEST ("builtin-keeps-only-its-model", test_builtin_keeps_only_its_model);
  TEST ("keeps-what-it-does-not-know", test_keeps_what_it_does_not_know);
  TEST ("two-processes", test_two_processes);
  TEST ("names", test_names);
  TEST ("sign-in-of-every-kind", test_sign_in_of_every_kind);
  TEST ("defaults-and-broken-values", test_defaults_and_broken_values);
  TEST ("damaged", test_damaged);
  TEST ("unreadable", test_unreadable);
  TEST ("unwritable", test_unwritable);
#undef TEST
  g_test_add_func ("/assay/connection/service-key", test_service_key);
  g_test_add_func ("/assay/connection/found", test_found);
  g_test_add_func ("/assay/connection/notifies-only-changes", test_notifies_only_changes);
  return g_test_run ();
}
