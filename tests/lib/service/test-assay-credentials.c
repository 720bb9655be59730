/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <string.h>

#include "assay-credentials.h"
#include "assay-error.h"
#include "assay-secret.h"
#include "assay-test-server.h"

#define WAIT_SECONDS 30
#define TOKEN_PATH "/oauth/token"
#define CLIENT_ID "sb-9a93abc8!b6427|foundation-std-mlftrial!b3410"
#define CLIENT_SECRET "abc+/="

#define OAUTH_SERVER "oauth2-mock-server@7.2.1"   /* the last for the floor's Node.js */

typedef struct {
  AssayTestServer *server;
  AssayTransport *transport;
  AssayConnection *connection;
  AssayCredentials *credentials;
} Fixture;

typedef struct {
  gboolean done;
  char *header;
  GError *error;
} Got;

static void
got_clear (Got *self)
{
  g_clear_pointer (&self->header, assay_secret_free);
  g_clear_error (&self->error);
  self->done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Got, got_clear)

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *url = NULL;

  fixture->server = assay_test_server_new (NULL, NULL);
  fixture->transport = assay_transport_new (4, 10, NULL, &error);
  g_assert_no_error (error);
  fixture->connection = assay_connection_new (NULL, "Test");
  url = assay_test_server_dup_url (fixture->server, TOKEN_PATH);
  g_object_set (fixture->connection, "auth", ASSAY_AUTH_OAUTH, "token-url", url, "client-id", CLIENT_ID,
                NULL);
  fixture->credentials = assay_credentials_new (fixture->connection, fixture->transport);
  assay_credentials_set_client_secret (fixture->credentials, CLIENT_SECRET);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (fixture->credentials);
  g_assert_finalize_object (fixture->connection);
  g_assert_finalize_object (fixture->transport);
  assay_test_server_free (fixture->server);
}

static void
got_cb (GObject *source,
        GAsyncResult *result,
        gpointer user_data)
{
  Got *got = user_data;
  gboolean ok = assay_credentials_get_header_finish (ASSAY_CREDENTIALS (source), result, &got->header,
                                                     &got->error);

  g_assert_true (ok == (got->error == NULL));
  got->done = TRUE;
}

static gboolean
out_of_time_cb (gpointer user_data)
{
  g_error ("Nothing happened for %d seconds", WAIT_SECONDS);
  return G_SOURCE_REMOVE;
}

static void
wait_for (gboolean *what)
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);

  while (!*what)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (bound);
}

static void
get_header (AssayCredentials *credentials,
            Got *got)
{
  got_clear (got);
  assay_credentials_get_header_async (credentials, NULL, got_cb, got);
  wait_for (&got->done);
}

static AssayTestAnswer *
make_token (const char *token,
            const char *lifetime)
{
  g_autofree char *json = g_strdup_printf (
      "{\"access_token\":\"%s\",\"token_type\":\"bearer\",\"expires_in\":%s,\"scope\":\"uaa.resource\","
      "\"jti\":\"b67eaabd1a8f4e5083b3c43b1b23091b\"}",
      token, lifetime);

  return assay_test_answer_new (200, "application/json;charset=UTF-8", json);
}

static const char *
sent_header (Fixture *fixture,
             guint index,
             const char *name)
{
  return g_hash_table_lookup (assay_test_server_get_request (fixture->server, index)->headers, name);
}

static void
test_posts_with_basic (Fixture *fixture,
                       gconstpointer data)
{
  g_autofree char *pair = g_base64_encode ((const guchar *) CLIENT_ID ":" CLIENT_SECRET,
                                           strlen (CLIENT_ID ":" CLIENT_SECRET));
  g_autofree char *basic = g_strconcat ("Basic ", pair, NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const AssayTestRequest *request;
  g_auto(Got) got = { 0 };

  assay_test_server_push (fixture->server, TOKEN_PATH, make_token ("a.b-c_1~+/=", "43199"));
  get_header (fixture->credentials, &got);
  g_assert_no_error (got.error);
  g_assert_cmpstr (got.header, ==, "Bearer a.b-c_1~+/=");
  g_assert_cmpint (assay_credentials_get_expires (fixture->credentials), >=, now + 43199);
  request = assay_test_server_get_request (fixture->server, 0);
  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (request->query, ==, NULL);
  g_assert_cmpmem (g_bytes_get_data (request->body, NULL), request->length,
                   "grant_type=client_credentials", strlen ("grant_type=client_credentials"));
  g_assert_cmpstr (sent_header (fixture, 0, "authorization"), ==, basic);
  g_assert_cmpstr (sent_header (fixture, 0, "content-type"), ==, "application/x-www-form-urlencoded");

  /* It lasts, so it is not asked for again. */
  get_header (fixture->credentials, &got);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_falls_back_to_get (Fixture *fixture,
                        gconstpointer data)
{
  static const guint statuses[] = { 400, 404, 405 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_auto(Got) got = { 0 };

      assay_test_server_push (fixture->server, TOKEN_PATH,
                              assay_test_answer_new (statuses[i], "text/html", "<h1>no</h1>"));
      assay_test_server_push (fixture->server, TOKEN_PATH, make_token ("by-get", "43199"));
      get_header (fixture->credentials, &got);
      g_assert_no_error (got.error);
      g_assert_cmpstr (got.header, ==, "Bearer by-get");
      g_assert_cmpstr (assay_test_server_get_request (fixture->server, 2 * i + 1)->method, ==, "GET");
      g_assert_cmpstr (assay_test_server_get_request (fixture->server, 2 * i + 1)->query, ==,
                       "grant_type=client_credentials");
      g_assert_cmpstr (sent_header (fixture, 2 * i + 1, "authorization"), ==,
                       sent_header (fixture, 2 * i, "authorization"));
      assay_credentials_reject (fixture->credentials, got.header);
    }
}

static void
test_reports_the_reason_of_post (Fixture *fixture,
                                 gconstpointer data)
{
  g_auto(Got) got = { 0 };

  assay_test_server_push (fixture->server, TOKEN_PATH,
                          assay_test_answer_new (400, "application/json",
                                                 "{\"error\":\"unsupported_grant_type\"}"));
  assay_test_server_push (fixture->server, TOKEN_PATH, assay_test_answer_new (405, "text/plain", "no"));
  get_header (fixture->credentials, &got);
  g_assert_error (got.error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_nonnull (strstr (got.error->message, "unsupported_grant_type"));
}

static void
test_one_request_for_all (Fixture *fixture,
                          gconstpointer data)
{
  Got got[20] = { 0 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  AssayTestAnswer *answer = make_token ("shared", "43199");

  assay_test_answer_hold (answer);
  assay_test_server_push (fixture->server, TOKEN_PATH, answer);
  for (guint i = 0; i < G_N_ELEMENTS (got); i++)
    assay_credentials_get_header_async (fixture->credentials, i == 0 ? cancellable : NULL, got_cb,
                                        &got[i]);
  assay_test_server_wait_held (fixture->server, 1);
  /* The one that caused the request goes, and the others go on. */
  g_cancellable_cancel (cancellable);
  wait_for (&got[0].done);
  g_assert_error (got[0].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (got[1].done);
  assay_test_server_release (fixture->server);
  for (guint i = 1; i < G_N_ELEMENTS (got); i++)
    {
      wait_for (&got[i].done);
      g_assert_no_error (got[i].error);
      g_assert_cmpstr (got[i].header, ==, "Bearer shared");
    }
  for (guint i = 0; i < G_N_ELEMENTS (got); i++)
    got_clear (&got[i]);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_all_canceled (Fixture *fixture,
                   gconstpointer data)
{
  Got got[3] = { 0 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  assay_test_server_push (fixture->server, TOKEN_PATH, assay_test_answer_new_silent ());
  for (guint i = 0; i < G_N_ELEMENTS (got); i++)
    assay_credentials_get_header_async (fixture->credentials, cancellable, got_cb, &got[i]);
  assay_test_server_wait_held (fixture->server, 1);
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (got); i++)
    {
      wait_for (&got[i].done);
      g_assert_error (got[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      got_clear (&got[i]);
    }

  /* And it can be asked again. */
  assay_test_server_push (fixture->server, TOKEN_PATH, make_token ("later", "43199"));
  get_header (fixture->credentials, &got[0]);
  g_assert_no_error (got[0].error);
  g_assert_cmpstr (got[0].header, ==, "Bearer later");
  got_clear (&got[0]);
}

static void
test_rejected_is_renewed_once (Fixture *fixture,
                               gconstpointer data)
{
  g_auto(Got) got = { 0 };

  assay_test_server_push (fixture->server, TOKEN_PATH, make_token ("first", "43199"));
  assay_test_server_push (fixture->server, TOKEN_PATH, make_token ("second", "43199"));
  get_header (fixture->credentials, &got);
  g_assert_cmpstr (got.header, ==, "Bearer first");
  assay_credentials_reject (fixture->credentials, "Bearer another");
  get_header (fixture->credentials, &got);
  g_assert_cmpstr (got.header, ==, "Bearer first");
  assay_credentials_reject (fixture->credentials, "Bearer first");
  g_assert_cmpint (assay_credentials_get_expires (fixture->credentials), ==, 0);
  get_header (fixture->credentials, &got);
  g_assert_cmpstr (got.header, ==, "Bearer second");
  /* Eight requests may get a 401 for the same token: the new one stays. */
  assay_credentials_reject (fixture->credentials, "Bearer first");
  get_header (fixture->credentials, &got);
  g_assert_cmpstr (got.header, ==, "Bearer second");
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 2);
}

/* A token of two seconds is renewed after 1.8 of them; while the service can't
 * renew it, it is used to its end. */
static void
test_renews_before_the_end (Fixture *fixture,
                            gconstpointer data)
{
  g_auto(Got) got = { 0 };
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  gint64 expires;
  guint asked = 0;

  assay_test_server_push (fixture->server, TOKEN_PATH, make_token ("short", "\"2\""));
  assay_test_server_push (fixture->server, TOKEN_PATH, assay_test_answer_new (503, "text/plain", "busy"));
  assay_test_server_set (fixture->server, TOKEN_PATH, make_token ("long", "43199"));
  do
    {
      get_header (fixture->credentials, &got);
      if (asked++ == 0)
        expires = assay_credentials_get_expires (fixture->credentials);
      /* On a busy machine the end may come before the renewal. */
      if (got.error != NULL)
        g_assert_cmpint (g_get_real_time () / G_USEC_PER_SEC, >=, expires);
    }
  while (g_strcmp0 (got.header, "Bearer long") != 0 && g_get_monotonic_time () < end);
  g_assert_cmpstr (got.header, ==, "Bearer long");
  g_assert_cmpuint (asked, >, 3);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 3);
}

static void
test_without_expiry (Fixture *fixture,
                     gconstpointer data)
{
  g_auto(Got) got = { 0 };

  assay_test_server_push (fixture->server, TOKEN_PATH,
                          assay_test_answer_new (200, "application/json", "{\"access_token\":\"x\"}"));
  get_header (fixture->credentials, &got);
  get_header (fixture->credentials, &got);
  g_assert_cmpstr (got.header, ==, "Bearer x");
  g_assert_cmpint (assay_credentials_get_expires (fixture->credentials), ==, 0);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_errors (Fixture *fixture,
             gconstpointer data)
{
  static const struct {
    guint status;
    const char *body;
    int code;
  } cases[] = {
    { 401, "{\"error\":\"unauthorized\",\"error_description\":\"Bad credentials\"}",
      ASSAY_ERROR_UNAUTHORIZED },
    { 403, "{\"error\":\"access_denied\"}", ASSAY_ERROR_FORBIDDEN },
    { 503, "busy", ASSAY_ERROR_BUSY },
    { 500, "<html>oops</html>", ASSAY_ERROR_SERVICE },
    { 200, "<html>a portal</html>", ASSAY_ERROR_BAD_ANSWER },
    { 200, "[]", ASSAY_ERROR_BAD_ANSWER },
    { 200, "{\"token\":\"hush-hush\"}", ASSAY_ERROR_BAD_ANSWER },
    { 200, "{\"access_token\":\"hush-hush\",\"token_type\":\"mac\"}", ASSAY_ERROR_BAD_ANSWER },
    { 200, "{\"access_token\":\"hush-hush\\r\\nX-Evil: 1\"}", ASSAY_ERROR_BAD_ANSWER },
    { 200, "{\"access_token\":\"\"}", ASSAY_ERROR_BAD_ANSWER },
    { 200, "{\"access_token\":7}", ASSAY_ERROR_BAD_ANSWER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Got) got = { 0 };

      assay_test_server_push (fixture->server, TOKEN_PATH,
                              assay_test_answer_new (cases[i].status, "text/plain", cases[i].body));
      get_header (fixture->credentials, &got);
      g_test_message ("%s", got.error != NULL ? got.error->message : got.header);
      g_assert_error (got.error, ASSAY_ERROR, cases[i].code);
      g_assert_null (strstr (got.error->message, CLIENT_SECRET));
      g_assert_null (strstr (got.error->message, "hush-hush"));
    }
}

static void
test_bearer (Fixture *fixture,
             gconstpointer data)
{
  g_auto(Got) got = { 0 };

  g_object_set (fixture->connection, "auth", ASSAY_AUTH_BEARER, NULL);
  g_assert_false (assay_credentials_has_secret (fixture->credentials));
  get_header (fixture->credentials, &got);
  g_assert_error (got.error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
  assay_credentials_set_token (fixture->credentials, "  eyJhbGciOi.x.y\n");
  g_assert_true (assay_credentials_has_secret (fixture->credentials));
  get_header (fixture->credentials, &got);
  g_assert_no_error (got.error);
  g_assert_cmpstr (got.header, ==, "Bearer eyJhbGciOi.x.y");
  assay_credentials_set_token (fixture->credentials, "two words");
  get_header (fixture->credentials, &got);
  g_assert_error (got.error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_assert_null (strstr (got.error->message, "two words"));
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_none (Fixture *fixture,
           gconstpointer data)
{
  g_auto(Got) got = { 0 };

  g_object_set (fixture->connection, "auth", ASSAY_AUTH_NONE, NULL);
  get_header (fixture->credentials, &got);
  g_assert_no_error (got.error);
  g_assert_null (got.header);
}

static void
test_missing_parts (Fixture *fixture,
                    gconstpointer data)
{
  g_auto(Got) got = { 0 };

  g_object_set (fixture->connection, "client-id", "a:b", NULL);
  get_header (fixture->credentials, &got);
  g_assert_error (got.error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_object_set (fixture->connection, "token-url", "", NULL);
  get_header (fixture->credentials, &got);
  g_assert_error (got.error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  assay_credentials_set_client_secret (fixture->credentials, NULL);
  get_header (fixture->credentials, &got);
  g_assert_error (got.error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 0);
}

/* A secret is corrected while a request with the wrong one is under way. */
static void
test_follows_changes (Fixture *fixture,
                      gconstpointer data)
{
  g_auto(Got) got = { 0 };

  assay_test_server_push (fixture->server, TOKEN_PATH, assay_test_answer_new_silent ());
  assay_test_server_push (fixture->server, TOKEN_PATH, make_token ("corrected", "43199"));
  assay_credentials_get_header_async (fixture->credentials, NULL, got_cb, &got);
  assay_test_server_wait_held (fixture->server, 1);
  assay_credentials_set_client_secret (fixture->credentials, "right");
  wait_for (&got.done);
  g_assert_no_error (got.error);
  g_assert_cmpstr (got.header, ==, "Bearer corrected");
  g_assert_cmpstr (sent_header (fixture, 0, "authorization"), !=,
                   sent_header (fixture, 1, "authorization"));

  g_object_set (fixture->connection, "client-id", "somebody-else", NULL);
  assay_test_server_push (fixture->server, TOKEN_PATH, make_token ("theirs", "43199"));
  get_header (fixture->credentials, &got);
  g_assert_cmpstr (got.header, ==, "Bearer theirs");
}

static gboolean
run (const char *folder,
     const char *const *argv,
     GError **error)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr(GSubprocess) process = NULL;

  g_subprocess_launcher_set_cwd (launcher, folder);
  process = g_subprocess_launcher_spawnv (launcher, argv, error);
  return process != NULL && g_subprocess_wait_check (process, NULL, error);
}

static const char OAUTH_PROGRAM[] =
    "const { OAuth2Server } = require('oauth2-mock-server');\n"
    "(async () => {\n"
    "  const server = new OAuth2Server();\n"
    "  await server.issuer.keys.generate('RS256');\n"
    "  server.service.on('beforeResponse', (response, request) => {\n"
    "    console.log(request.headers.authorization + ' ' + request.body.grant_type);\n"
    "    if (request.headers.authorization !== process.argv[2]) {\n"
    "      response.statusCode = 401;\n"
    "      response.body = { error: 'invalid_client' };\n"
    "    }\n"
    "  });\n"
    "  await server.start(0, '127.0.0.1');\n"
    "  console.log(server.address().port);\n"
    "  process.stdin.resume();\n"
    "  process.stdin.on('end', () => process.exit(0));\n"
    "})();\n";

/* Installed into the build folder once; returns NULL after having skipped. */
static char *
prepare_oauth_server (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "node-oauth", NULL);
  g_autofree char *module = g_build_filename (folder, "node_modules", "oauth2-mock-server",
                                              "package.json", NULL);
  g_autofree char *npm = g_find_program_in_path ("npm");
  g_autofree char *node = g_find_program_in_path ("node");
  g_autofree char *manifest = g_build_filename (folder, "package.json", NULL);
  g_autofree char *program = g_build_filename (folder, "server.js", NULL);
  const char *argv[] = { npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", OAUTH_SERVER,
                         NULL };
  g_autoptr(GError) error = NULL;

  if (npm == NULL || node == NULL)
    {
      g_test_skip ("npm and node are not installed");
      return NULL;
    }
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (manifest, "{\"private\":true}", -1, NULL));
  if (!g_file_test (module, G_FILE_TEST_EXISTS) && !run (folder, argv, &error))
    {
      g_autofree char *reason = g_strdup_printf (OAUTH_SERVER " could not be installed: %s",
                                                 error->message);

      g_test_skip (reason);
      return NULL;
    }
  g_assert_true (g_file_set_contents (program, OAUTH_PROGRAM, -1, NULL));
  return g_steal_pointer (&program);
}

/* A server that we did not write says whether we speak OAuth. */
static void
test_oauth2_mock_server (Fixture *fixture,
                         gconstpointer data)
{
  g_autofree char *program = prepare_oauth_server ();
  g_autofree char *pair = g_base64_encode ((const guchar *) CLIENT_ID ":" CLIENT_SECRET,
                                           strlen (CLIENT_ID ":" CLIENT_SECRET));
  g_autofree char *basic = g_strconcat ("Basic ", pair, NULL);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *port = NULL;
  g_autofree char *url = NULL;
  g_autofree char *said = NULL;
  g_autofree char *expected = g_strconcat (basic, " client_credentials", NULL);
  g_auto(GStrv) parts = NULL;
  g_auto(Got) got = { 0 };

  if (program == NULL)
    return;
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL,
                              "node", program, basic, NULL);
  g_assert_nonnull (process);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  port = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_nonnull (port);
  url = g_strdup_printf ("http://127.0.0.1:%s/token", port);
  g_object_set (fixture->connection, "token-url", url, NULL);

  get_header (fixture->credentials, &got);
  g_assert_no_error (got.error);
  g_assert_true (g_str_has_prefix (got.header, "Bearer "));
  parts = g_strsplit (got.header, ".", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 3);      /* a JWT */
  g_assert_cmpint (assay_credentials_get_expires (fixture->credentials), >, 0);
  said = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_cmpstr (said, ==, expected);

  assay_credentials_set_client_secret (fixture->credentials, "wrong");
  get_header (fixture->credentials, &got);
  g_assert_error (got.error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);

  g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL);
  g_subprocess_wait (process, NULL, NULL);
}

/* Neither the client's secret nor what it would be exchanged for goes to whoever the
 * token address points to. */
static void
test_redirect_elsewhere_carries_nothing (Fixture *fixture,
                                         gconstpointer data)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };
  g_autoptr(AssayTestServer) other = assay_test_server_new (NULL, NULL);
  g_autofree char *there = assay_test_server_dup_url (other, TOKEN_PATH);

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      AssayTestAnswer *answer = assay_test_answer_new (statuses[i], "text/plain", "elsewhere");
      g_auto(Got) got = { 0 };

      assay_test_answer_add_header (answer, "Location", there);
      assay_test_server_set (fixture->server, TOKEN_PATH, answer);
      get_header (fixture->credentials, &got);
      g_assert_nonnull (got.error);
      g_assert_null (got.header);
      g_assert_null (strstr (got.error->message, CLIENT_SECRET));
    }
  g_assert_cmpuint (assay_test_server_get_n_connections (other), ==, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function) \
  g_test_add ("/assay/credentials/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("posts-with-basic", test_posts_with_basic);
  TEST ("falls-back-to-get", test_falls_back_to_get);
  TEST ("reports-the-reason-of-post", test_reports_the_reason_of_post);
  TEST ("one-request-for-all", test_one_request_for_all);
  TEST ("all-canceled", test_all_canceled);
  TEST ("rejected-is-renewed-once", test_rejected_is_renewed_once);
  TEST ("renews-before-the-end", test_renews_before_the_end);
  TEST ("without-expiry", test_without_expiry);
  TEST ("errors", test_errors);
  TEST ("redirect-elsewhere-carries-nothing", test_redirect_elsewhere_carries_nothing);
  TEST ("bearer", test_bearer);
  TEST ("none", test_none);
  TEST ("missing-parts", test_missing_parts);
  TEST ("follows-changes", test_follows_changes);
  TEST ("oauth2-mock-server", test_oauth2_mock_server);
#undef TEST
  return g_test_run ();
}
