/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-client.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-test-server.h"

#define WAIT_SECONDS 30
#define TOKEN_PATH "/oauth/token"
#define URL_PATH "/api/v2/image/classification"
#define VERSION_PATH URL_PATH "/models/flowers/versions/2"
#define SECRET "hush-hush"

typedef struct {
  AssayTestServer *server;
  AssayTransport *transport;
  AssayConnection *connection;
  AssayCredentials *credentials;
  AssayClient *client;
  AssayTarget *target;
  AssayPayload *payload;
} Fixture;

typedef struct {
  gboolean done;
  AssayOutcome *outcome;
  GPtrArray *models;
  AssayExchange exchange;
  GError *error;
} Asked;

static GMutex log_lock;
static GString *logged;

static void
asked_clear (Asked *self)
{
  g_clear_pointer (&self->outcome, assay_outcome_unref);
  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_clear_error (&self->error);
  self->done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asked, asked_clear)

static AssayTestAnswer *
make_token (const char *token)
{
  g_autofree char *json = g_strdup_printf (
      "{\"access_token\":\"%s\",\"token_type\":\"bearer\",\"expires_in\":43199}", token);

  return assay_test_answer_new (200, "application/json", json);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *url = NULL;
  g_autofree char *models_url = NULL;
  g_autofree char *token_url = NULL;
  g_autoptr(GBytes) photo = g_bytes_new_static ("not looked at here", 18);

  fixture->server = assay_test_server_new (NULL, NULL);
  fixture->transport = assay_transport_new (8, 10, NULL, &error);
  g_assert_no_error (error);
  url = assay_test_server_dup_url (fixture->server, URL_PATH);
  models_url = assay_test_server_dup_url (fixture->server, "/r");
  token_url = assay_test_server_dup_url (fixture->server, TOKEN_PATH);
  fixture->connection = assay_connection_new (NULL, "Test");
  g_object_set (fixture->connection, "url", url, "models-url", models_url, "token-url", token_url,
                "client-id", "me", "auth", ASSAY_AUTH_OAUTH, NULL);
  fixture->credentials = assay_credentials_new (fixture->connection, fixture->transport);
  assay_credentials_set_client_secret (fixture->credentials, SECRET);
  fixture->client = assay_client_new (fixture->connection, fixture->credentials, fixture->transport);
  fixture->target = assay_target_new (assay_connection_get_id (fixture->connection), "flowers", "2");
  fixture->payload = assay_payload_new_bytes ("photo.jpg", "image/jpeg", photo);
  assay_test_server_set (fixture->server, TOKEN_PATH, make_token (SECRET "-token"));
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->credentials);
  g_assert_finalize_object (fixture->connection);
  g_assert_finalize_object (fixture->transport);
  assay_target_unref (fixture->target);
  assay_payload_unref (fixture->payload);
  assay_test_server_free (fixture->server);
}

static void
classified_cb (GObject *source,
               GAsyncResult *result,
               gpointer user_data)
{
  Asked *asked = user_data;

  asked->outcome = assay_client_classify_finish (ASSAY_CLIENT (source), result, &asked->exchange,
                                                 &asked->error);
  g_assert_true ((asked->outcome == NULL) == (asked->error != NULL));
  asked->done = TRUE;
}

static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  Asked *asked = user_data;

  asked->models = assay_client_list_finish (ASSAY_CLIENT (source), result, &asked->error);
  g_assert_true ((asked->models == NULL) == (asked->error != NULL));
  asked->done = TRUE;
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
classify (Fixture *fixture,
          Asked *asked)
{
  asked_clear (asked);
  assay_client_classify_async (fixture->client, fixture->target, fixture->payload, NULL, classified_cb,
                               asked);
  wait_for (&asked->done);
  g_assert_no_error (asked->error);
}

static void
list (Fixture *fixture,
      Asked *asked)
{
  asked_clear (asked);
  assay_client_list_async (fixture->client, NULL, listed_cb, asked);
  wait_for (&asked->done);
}

static guint
count_requests (Fixture *fixture,
                const char *path)
{
  guint count = 0;

  for (guint i = 0; i < assay_test_server_get_n_requests (fixture->server); i++)
    if (g_str_equal (assay_test_server_get_request (fixture->server, i)->path, path))
      count++;
  return count;
}

/* The main loop has to turn for requests to be sent. */
static void
wait_for_requests (Fixture *fixture,
                   const char *path,
                   guint n)
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);

  while (count_requests (fixture, path) < n)
    g_main_context_iteration (NULL, FALSE);
  g_source_remove (bound);
}

static void
assert_answered (Asked *asked)
{
  AssayPrediction *prediction = assay_outcome_get_prediction (asked->outcome);

  g_assert_no_error (assay_outcome_get_error (asked->outcome));
  g_assert_cmpuint (assay_prediction_get_n (prediction), ==, 5);
  g_assert_cmpstr (assay_prediction_get_label (prediction, 0), ==, "sunflowers");
  g_assert_cmpfloat (assay_prediction_get_score (prediction, 0), ==, .9573449492454529);
}

static void
assert_failed (Asked *asked,
               int code)
{
  const GError *error = assay_outcome_get_error (asked->outcome);

  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_error (error, ASSAY_ERROR, code);
}

static void
test_classify (Fixture *fixture,
               gconstpointer data)
{
  const AssayTestRequest *request;
  g_auto(Asked) asked = { 0 };

  classify (fixture, &asked);
  assert_answered (&asked);
  g_assert_cmpuint (asked.exchange.status, ==, 200);
  g_assert_cmpuint (asked.exchange.sent, >, 18);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 2);
  request = assay_test_server_get_request (fixture->server, 1);
  g_assert_cmpstr (request->path, ==, VERSION_PATH);
  g_assert_cmpstr (g_hash_table_lookup (request->headers, "authorization"), ==,
                   "Bearer " SECRET "-token");
  g_assert_cmpstr (g_hash_table_lookup (request->headers, "accept"), ==, "application/json");
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (request->body, NULL), request->length,
                                  "filename=\"photo.jpg\""));
}

static void
test_without_sign_in (Fixture *fixture,
                      gconstpointer data)
{
  g_auto(Asked) asked = { 0 };

  g_object_set (fixture->connection, "auth", ASSAY_AUTH_NONE, NULL);
  assay_target_unref (fixture->target);
  fixture->target = assay_target_new ("x", "", "");
  classify (fixture, &asked);
  assert_answered (&asked);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 1);
  g_assert_cmpstr (assay_test_server_get_request (fixture->server, 0)->path, ==, URL_PATH);
  g_assert_null (g_hash_table_lookup (assay_test_server_get_request (fixture->server, 0)->headers,
                                      "authorization"));
}

static void
test_new_token_on_401 (Fixture *fixture,
                       gconstpointer data)
{
  g_auto(Asked) asked = { 0 };

  assay_test_server_push (fixture->server, TOKEN_PATH, make_token ("old"));
  assay_test_server_push (fixture->server, VERSION_PATH,
                          assay_test_answer_new (401, "text/plain", "expired"));
  classify (fixture, &asked);
  assert_answered (&asked);
  g_assert_cmpuint (count_requests (fixture, TOKEN_PATH), ==, 2);
  g_assert_cmpuint (count_requests (fixture, VERSION_PATH), ==, 2);
  g_assert_cmpuint (assay_test_server_get_request (fixture->server, 3)->length, ==,
                    assay_test_server_get_request (fixture->server, 1)->length);
  g_assert_cmpstr (g_hash_table_lookup (assay_test_server_get_request (fixture->server, 3)->headers,
                                        "authorization"),
                   ==, "Bearer " SECRET "-token");
}

static void
test_one_new_token_only (Fixture *fixture,
                         gconstpointer data)
{
  g_auto(Asked) asked = { 0 };

  assay_test_server_set (fixture->server, VERSION_PATH,
                         assay_test_answer_new (401, "application/json",
                                                "{\"error\":{\"code\":\"401\",\"message\":\"no\"}}"));
  classify (fixture, &asked);
  assert_failed (&asked, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (asked.exchange.status, ==, 401);
  g_assert_cmpuint (count_requests (fixture, TOKEN_PATH), ==, 2);
  g_assert_cmpuint (count_requests (fixture, VERSION_PATH), ==, 2);
}

static void
test_token_by_hand_is_not_renewed (Fixture *fixture,
                                   gconstpointer data)
{
  g_auto(Asked) asked = { 0 };

  g_object_set (fixture->connection, "auth", ASSAY_AUTH_BEARER, NULL);
  assay_credentials_set_token (fixture->credentials, SECRET);
  assay_test_server_set (fixture->server, VERSION_PATH,
                         assay_test_answer_new (401, "text/plain", "no"));
  classify (fixture, &asked);
  assert_failed (&asked, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_api_key_and_headers (Fixture *fixture,
                          gconstpointer data)
{
  const char *const headers[] = { "X-Tenant: blue", "accept: text/x-own", NULL };
  g_auto(Asked) asked = { 0 };
  const AssayTestRequest *request;

  g_object_set (fixture->connection, "auth", ASSAY_AUTH_API_KEY, "api-key-header", "X-Key", NULL);
  g_assert_true (assay_connection_set_headers (fixture->connection, headers, NULL));
  classify (fixture, &asked);
  assert_failed (&asked, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 0);

  assay_credentials_set_secret (fixture->credentials, ASSAY_SECRET_API_KEY, " " SECRET "\n");
  assay_test_server_set (fixture->server, VERSION_PATH,
                         assay_test_answer_new (200, "application/json", ASSAY_TEST_FLOWERS));
  classify (fixture, &asked);
  assert_answered (&asked);
  request = assay_test_server_get_request (fixture->server, 0);
  g_assert_cmpstr (g_hash_table_lookup (request->headers, "x-key"), ==, SECRET);
  g_assert_null (g_hash_table_lookup (request->headers, "authorization"));
  g_assert_cmpstr (g_hash_table_lookup (request->headers, "x-tenant"), ==, "blue");
  g_assert_cmpstr (g_hash_table_lookup (request->headers, "accept"), ==, "text/x-own");
}

/* Whoever signs us in is not the service. */
static void
test_headers_are_for_the_service (Fixture *fixture,
                                  gconstpointer data)
{
  const char *const headers[] = { "X-Tenant: blue", NULL };
  g_auto(Asked) asked = { 0 };

  g_assert_true (assay_connection_set_headers (fixture->connection, headers, NULL));
  assay_test_server_set (fixture->server, VERSION_PATH,
                         assay_test_answer_new (200, "application/json", ASSAY_TEST_FLOWERS));
  classify (fixture, &asked);
  assert_answered (&asked);
  for (guint i = 0; i < 2; i++)
    {
      const AssayTestRequest *request = assay_test_server_get_request (fixture->server, i);

      g_assert_cmpstr (g_hash_table_lookup (request->headers, "x-tenant"), ==,
                       g_str_equal (request->path, TOKEN_PATH) ? NULL : "blue");
    }
}

/* Eight requests find out at once that the token has ended: one new token. */
static void
test_many_401 (Fixture *fixture,
               gconstpointer data)
{
  Asked asked[8] = { 0 };

  assay_test_server_push (fixture->server, TOKEN_PATH, make_token ("old"));
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      AssayTestAnswer *answer = assay_test_answer_new (401, "text/plain", "expired");

      assay_test_answer_hold (answer);
      assay_test_server_push (fixture->server, VERSION_PATH, answer);
      assay_client_classify_async (fixture->client, fixture->target, fixture->payload, NULL,
                                   classified_cb, &asked[i]);
    }
  wait_for_requests (fixture, VERSION_PATH, G_N_ELEMENTS (asked));
  assay_test_server_wait_held (fixture->server, G_N_ELEMENTS (asked));
  assay_test_server_release (fixture->server);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      wait_for (&asked[i].done);
      assert_answered (&asked[i]);
      asked_clear (&asked[i]);
    }
  g_assert_cmpuint (count_requests (fixture, TOKEN_PATH), ==, 2);
  g_assert_cmpuint (count_requests (fixture, VERSION_PATH), ==, 16);
}

static void
test_failures (Fixture *fixture,
               gconstpointer data)
{
  static const struct {
    guint status;
    const char *type;
    const char *body;
    int code;
  } cases[] = {
    { 429, "application/json", "{\"error\":{\"code\":\"429\",\"message\":\"slow down\"}}", ASSAY_ERROR_BUSY },
    { 502, "text/html", "<html><body><h1>Bad Gateway</h1></body></html>", ASSAY_ERROR_SERVICE },
    { 503, "text/plain", "busy", ASSAY_ERROR_BUSY },
    { 403, "text/plain", "", ASSAY_ERROR_FORBIDDEN },
    { 404, "application/json", "{\"error\":{\"code\":\"404\",\"message\":\"no such model\"}}",
      ASSAY_ERROR_NOT_FOUND },
    { 200, "application/json", "{\"predictions\":[{\"name\":\"photo.jpg\",\"res", ASSAY_ERROR_BAD_ANSWER },
    { 200, "text/html", "<html>welcome</html>", ASSAY_ERROR_BAD_ANSWER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Asked) asked = { 0 };

      assay_test_server_push (fixture->server, VERSION_PATH,
                              assay_test_answer_new (cases[i].status, cases[i].type, cases[i].body));
      classify (fixture, &asked);
      assert_failed (&asked, cases[i].code);
      g_assert_cmpuint (asked.exchange.status, ==, cases[i].status);
    }
}

static void
push_broken (Fixture *fixture,
             const char *head,
             const char *body)
{
  g_autofree char *raw = g_strconcat (head, "\r\n\r\n", body, NULL);

  assay_test_server_push (fixture->server, VERSION_PATH,
                          assay_test_answer_new_raw (raw, strlen (raw), TRUE));
}

/* What came of an answer that broke off is there to be seen. */
static void
test_keeps_what_came (Fixture *fixture,
                      gconstpointer data)
{
  static const char *const heads[] = {
    "HTTP/1.1 200 OK\r\nContent-Length: 100",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked",
  };
  static const char *const bodies[] = { "{\"id\":", "6\r\n{\"id\":\r\n-7\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_auto(Asked) asked = { 0 };
      GBytes *raw;

      push_broken (fixture, heads[i], bodies[i]);
      classify (fixture, &asked);
      g_assert_nonnull (assay_outcome_get_error (asked.outcome));
      raw = assay_outcome_get_raw (asked.outcome);
      g_assert_nonnull (raw);
      g_assert_cmpmem (g_bytes_get_data (raw, NULL), g_bytes_get_size (raw), "{\"id\":", 6);
    }
}

static void
test_keeps_the_start_of_a_long_answer (Fixture *fixture,
                                       gconstpointer data)
{
  g_autofree char *text = g_strnfill (ASSAY_LIMIT_ANSWER_BYTES + 1, ' ');
  g_auto(Asked) asked = { 0 };

  text[0] = '[';
  assay_test_server_push (fixture->server, VERSION_PATH,
                          assay_test_answer_new (200, "application/json", text));
  classify (fixture, &asked);
  assert_failed (&asked, ASSAY_ERROR_BAD_ANSWER);
  g_assert_cmpmem (g_bytes_get_data (assay_outcome_get_raw (asked.outcome), NULL),
                   g_bytes_get_size (assay_outcome_get_raw (asked.outcome)),
                   text, ASSAY_LIMIT_RAW_BYTES);
}

static void
test_unreachable (Fixture *fixture,
                  gconstpointer data)
{
  g_auto(Asked) asked = { 0 };

  assay_test_server_push (fixture->server, VERSION_PATH, assay_test_answer_new_close ());
  assay_test_server_push (fixture->server, VERSION_PATH, assay_test_answer_new_close ());
  classify (fixture, &asked);
  assert_failed (&asked, ASSAY_ERROR_OFFLINE);
  g_assert_cmpuint (asked.exchange.status, ==, 0);
}

static void
test_refused_sign_in (Fixture *fixture,
                      gconstpointer data)
{
  g_auto(Asked) asked = { 0 };

  assay_test_server_push (fixture->server, TOKEN_PATH,
                          assay_test_answer_new (401, "application/json", "{\"error\":\"unauthorized\"}"));
  classify (fixture, &asked);
  assert_failed (&asked, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_null (strstr (assay_outcome_get_error (asked.outcome)->message, SECRET));
  g_assert_cmpuint (count_requests (fixture, VERSION_PATH), ==, 0);
}

static void
test_cancel (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr(GCancellable) signing_in = g_cancellable_new ();
  g_autoptr(GCancellable) sending = g_cancellable_new ();
  g_auto(Asked) first = { 0 };
  g_auto(Asked) second = { 0 };

  assay_test_server_push (fixture->server, TOKEN_PATH, assay_test_answer_new_silent ());
  assay_client_classify_async (fixture->client, fixture->target, fixture->payload, signing_in,
                               classified_cb, &first);
  assay_test_server_wait_held (fixture->server, 1);
  g_cancellable_cancel (signing_in);
  wait_for (&first.done);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  assay_test_server_push (fixture->server, VERSION_PATH, assay_test_answer_new_silent ());
  assay_client_classify_async (fixture->client, fixture->target, fixture->payload, sending,
                               classified_cb, &second);
  wait_for_requests (fixture, VERSION_PATH, 1);
  g_cancellable_cancel (sending);
  wait_for (&second.done);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
set_models (Fixture *fixture)
{
  assay_test_server_set (fixture->server, "/r/models",
                         assay_test_answer_new (200, "application/json",
                                                "{\"models\":[{\"versions\":["
                                                "{\"modelName\":\"flowers\",\"version\":\"1\"},"
                                                "{\"modelName\":\"flowers\",\"version\":\"2\"}]}]}"));
  assay_test_server_set (fixture->server, "/r/deployments",
                         assay_test_answer_new (200, "application/json",
                                                "{\"deployments\":[{\"id\":\"ms-1\",\"modelName\":\"flowers\","
                                                "\"modelVersion\":\"2\",\"status\":{\"state\":\"SUCCEEDED\","
                                                "\"description\":\"ready\"}}]}"));
}

static void
test_list (Fixture *fixture,
           gconstpointer data)
{
  const AssayModelVersion *version;
  g_auto(Asked) asked = { 0 };

  set_models (fixture);
  list (fixture, &asked);
  g_assert_no_error (asked.error);
  g_assert_cmpuint (asked.models->len, ==, 2);
  version = asked.models->pdata[0];
  g_assert_cmpstr (version->model, ==, "flowers");
  g_assert_cmpstr (version->version, ==, "2");
  g_assert_true (version->callable);
  version = asked.models->pdata[1];
  g_assert_cmpstr (version->version, ==, "1");
  g_assert_false (version->callable);
  g_assert_cmpuint (count_requests (fixture, TOKEN_PATH), ==, 1);
}

static void
test_list_again_on_401 (Fixture *fixture,
                        gconstpointer data)
{
  g_auto(Asked) asked = { 0 };

  set_models (fixture);
  assay_test_server_push (fixture->server, "/r/deployments", assay_test_answer_new (401, "a/b", ""));
  list (fixture, &asked);
  g_assert_no_error (asked.error);
  g_assert_cmpuint (asked.models->len, ==, 2);
  g_assert_cmpuint (count_requests (fixture, TOKEN_PATH), ==, 2);
  g_assert_cmpuint (count_requests (fixture, "/r/models"), ==, 2);
}

static void
test_list_errors (Fixture *fixture,
                  gconstpointer data)
{
  g_auto(Asked) asked = { 0 };

  set_models (fixture);
  assay_test_server_push (fixture->server, "/r/models", assay_test_answer_new (500, "a/b", "oops"));
  list (fixture, &asked);
  g_assert_error (asked.error, ASSAY_ERROR, ASSAY_ERROR_SERVICE);
  assay_test_server_push (fixture->server, "/r/models", assay_test_answer_new_close ());
  assay_test_server_push (fixture->server, "/r/models", assay_test_answer_new_close ());
  list (fixture, &asked);
  g_assert_error (asked.error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  g_object_set (fixture->connection, "models-url", "", NULL);
  list (fixture, &asked);
  g_assert_error (asked.error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
}

/* The window is closed, and with it everything but what waits for an answer. */
static void
test_outlives_its_owner (Fixture *fixture,
                         gconstpointer data)
{
  g_auto(Asked) asked = { 0 };

  assay_client_classify_async (fixture->client, fixture->target, fixture->payload, NULL, classified_cb,
                               &asked);
  assay_transport_close (fixture->transport);
  wait_for (&asked.done);
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static GLogWriterOutput
keep_log (GLogLevelFlags level,
          const GLogField *fields,
          gsize n_fields,
          gpointer user_data)
{
  g_mutex_lock (&log_lock);
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_string_append_printf (logged, "%s\n", (const char *) fields[i].value);
  g_mutex_unlock (&log_lock);
  /* Standard output is for TAP. */
  if ((level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO)) != 0)
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, user_data);
}

/* Last, when everything has been done once. */
static void
test_secrets_are_not_logged (void)
{
  g_debug ("One line to be found");
  g_assert_nonnull (strstr (logged->str, "One line to be found"));
  g_assert_null (strstr (logged->str, SECRET));
}

int
main (int argc,
      char **argv)
{
  int result;

  logged = g_string_new (NULL);
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_log_set_writer_func (keep_log, NULL, NULL);
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function) \
  g_test_add ("/assay/client/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("classify", test_classify);
  TEST ("without-sign-in", test_without_sign_in);
  TEST ("new-token-on-401", test_new_token_on_401);
  TEST ("one-new-token-only", test_one_new_token_only);
  TEST ("token-by-hand-is-not-renewed", test_token_by_hand_is_not_renewed);
  TEST ("api-key-and-headers", test_api_key_and_headers);
  TEST ("headers-are-for-the-service", test_headers_are_for_the_service);
  TEST ("many-401", test_many_401);
  TEST ("failures", test_failures);
  TEST ("keeps-what-came", test_keeps_what_came);
  TEST ("keeps-the-start-of-a-long-answer", test_keeps_the_start_of_a_long_answer);
  TEST ("unreachable", test_unreachable);
  TEST ("refused-sign-in", test_refused_sign_in);
  TEST ("cancel", test_cancel);
  TEST ("list", test_list);
  TEST ("list-again-on-401", test_list_again_on_401);
  TEST ("list-errors", test_list_errors);
  TEST ("outlives-its-owner", test_outlives_its_owner);
#undef TEST
  g_test_add_func ("/assay/client/secrets-are-not-logged", test_secrets_are_not_logged);
  result = g_test_run ();
  g_string_free (logged, TRUE);
  return result;
}
