/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a client has to know of a model before it asks about pictures, and for how long it
 * knows it. */

#include "config.h"

#include <string.h>

#include "assay-client.h"
#include "assay-error.h"
#include "assay-test-server.h"

#define WAIT_SECONDS 30
#define MANY 20

#define TOKEN "/oauth/token"
#define SERVER "/v2"
#define MODEL "/v2/models/flowers/versions/2"
#define CONFIG MODEL "/config"
#define INFER MODEL "/infer"

#define METADATA \
  "{\"name\":\"flowers\",\"inputs\":[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[-1]}," \
  "{\"name\":\"other\",\"datatype\":\"BYTES\",\"shape\":[-1]}]," \
  "\"outputs\":[{\"name\":\"scores\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]," \
  "\"parameters\":{\"labels\":\"rose\\ntulip\"}}"
#define ANSWER \
  "{\"model_name\":\"flowers\",\"outputs\":[{\"name\":\"scores\",\"datatype\":\"FP32\"," \
  "\"shape\":[1,2],\"data\":[0.25,0.75]}]}"

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
  AssayModelInfo *info;
  AssayExchange exchange;
  GError *error;
} Asked;

static void
asked_clear (Asked *asked)
{
  g_clear_pointer (&asked->outcome, assay_outcome_unref);
  g_clear_pointer (&asked->info, assay_model_info_unref);
  g_clear_error (&asked->error);
  asked->done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asked, asked_clear)

static AssayTestAnswer *
make_json (guint status,
           const char *body)
{
  return assay_test_answer_new (status, "application/json", body);
}

static AssayTestAnswer *
make_token (const char *token)
{
  g_autofree char *json = g_strdup_printf (
      "{\"access_token\":\"%s\",\"token_type\":\"bearer\",\"expires_in\":43199}", token);

  return make_json (200, json);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GBytes) photo = g_bytes_new_static ("not looked at here", 18);

  fixture->server = assay_test_server_new (NULL, NULL);
  fixture->transport = assay_transport_new (8, 10, NULL, &error);
  g_assert_no_error (error);
  url = assay_test_server_dup_url (fixture->server, "");
  fixture->connection = assay_connection_new (NULL, "Test");
  g_object_set (fixture->connection, "url", url, "auth", ASSAY_AUTH_NONE, "protocol", "oip", NULL);
  fixture->credentials = assay_credentials_new (fixture->connection, fixture->transport);
  fixture->client = assay_client_new (fixture->connection, fixture->credentials,
                                      fixture->transport);
  fixture->target = assay_target_new (assay_connection_get_id (fixture->connection), "flowers",
                                      "2");
  fixture->payload = assay_payload_new_bytes ("photo.jpg", "image/jpeg", photo);
  assay_test_server_set (fixture->server, SERVER, make_json (200, "{\"name\":\"s\"}"));
  assay_test_server_set (fixture->server, MODEL, make_json (200, METADATA));
  assay_test_server_set (fixture->server, CONFIG, make_json (404, "{}"));
  assay_test_server_set (fixture->server, INFER, make_json (200, ANSWER));
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
  asked->done = TRUE;
}

static void
described_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  Asked *asked = user_data;

  asked->info = assay_client_describe_finish (ASSAY_CLIENT (source), result, &asked->error);
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
start (Fixture *fixture,
       Asked *asked,
       GCancellable *cancellable)
{
  asked_clear (asked);
  assay_client_classify_async (fixture->client, fixture->target, fixture->payload, cancellable,
                               classified_cb, asked);
}

static void
classify (Fixture *fixture,
          Asked *asked)
{
  start (fixture, asked, NULL);
  wait_for (&asked->done);
  g_assert_no_error (asked->error);
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
  AssayPrediction *prediction;

  g_assert_no_error (assay_outcome_get_error (asked->outcome));
  prediction = assay_outcome_get_prediction (asked->outcome);
  g_assert_cmpstr (assay_prediction_get_label (prediction, 0), ==, "tulip");
  g_assert_cmpfloat (assay_prediction_get_score (prediction, 0), ==, 0.75);
}

static void
assert_failed (Asked *asked,
               int code,
               const char *words)
{
  const GError *error = assay_outcome_get_error (asked->outcome);

  g_assert_error (error, ASSAY_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

/* For any number of pictures, however many there are before the answer. */
static void
test_once (Fixture *fixture,
           gconstpointer data)
{
  Asked asked[MANY] = { 0 };

  for (guint i = 0; i < MANY; i++)
    start (fixture, &asked[i], NULL);
  for (guint i = 0; i < MANY; i++)
    {
      wait_for (&asked[i].done);
      assert_answered (&asked[i]);
      g_assert_cmpuint (asked[i].exchange.status, ==, 200);
      asked_clear (&asked[i]);
    }
  classify (fixture, &asked[0]);
  assert_answered (&asked[0]);
  asked_clear (&asked[0]);
  g_assert_cmpuint (count_requests (fixture, SERVER), ==, 1);
  g_assert_cmpuint (count_requests (fixture, MODEL), ==, 1);
  g_assert_cmpuint (count_requests (fixture, CONFIG), ==, 1);
  g_assert_cmpuint (count_requests (fixture, INFER), ==, MANY + 1);
}

/* As of any request: whoever asks next asks again, for itself and for those that wait. */
static void
test_failure_is_of_one (Fixture *fixture,
                        gconstpointer data)
{
  Asked asked[MANY] = { 0 };

  assay_test_server_push (fixture->server, MODEL,
                          make_json (404, "{\"error\":\"Model flowers not found\"}"));
  for (guint i = 0; i < MANY; i++)
    start (fixture, &asked[i], NULL);
  for (guint i = 0; i < MANY; i++)
    {
      wait_for (&asked[i].done);
      if (i == 0)
        assert_failed (&asked[i], ASSAY_ERROR_NOT_FOUND, "Model flowers not found");
      else
        assert_answered (&asked[i]);
      asked_clear (&asked[i]);
    }
  g_assert_cmpuint (count_requests (fixture, MODEL), ==, 2);
  g_assert_cmpuint (count_requests (fixture, INFER), ==, MANY - 1);
}

/* A run tries again what a busy service has refused: it has to see that it was refused. */
static void
test_busy_is_told (Fixture *fixture,
                   gconstpointer data)
{
  static const char cut[] = "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{";
  AssayTestAnswer *busy = make_json (503, "{\"error\":\"not ready\"}");
  g_auto (Asked) asked = { 0 };

  assay_test_server_push (fixture->server, MODEL, busy);
  classify (fixture, &asked);
  assert_failed (&asked, ASSAY_ERROR_BUSY, "not ready");
  g_assert_cmpuint (asked.exchange.status, ==, 503);
  /* Nor is it asked half informed. */
  assay_test_server_push (fixture->server, CONFIG, make_json (429, "{\"error\":\"later\"}"));
  classify (fixture, &asked);
  assert_failed (&asked, ASSAY_ERROR_BUSY, "later");
  g_assert_cmpuint (asked.exchange.status, ==, 429);
  assay_test_server_push (fixture->server, MODEL, make_json (404, "{\"error\":\"gone\"}"));
  classify (fixture, &asked);
  assert_failed (&asked, ASSAY_ERROR_NOT_FOUND, "gone");
  g_assert_cmpuint (asked.exchange.status, ==, 404);
  assay_test_server_push (fixture->server, MODEL,
                          assay_test_answer_new_raw (cut, strlen (cut), TRUE));
  classify (fixture, &asked);
  assert_failed (&asked, ASSAY_ERROR_OFFLINE, "closed the connection");
  classify (fixture, &asked);
  assert_answered (&asked);
}

typedef struct {
  guint status;
  guint described;           /* times in all, after another picture */
} Refusal;

static const Refusal REFUSALS[] = {
  { 400, 2 }, { 404, 2 }, { 422, 2 },
  { 403, 1 }, { 408, 1 }, { 413, 1 }, { 429, 1 }, { 500, 1 }, { 503, 1 },
};

/* The model may have been replaced by another. */
static void
test_forgotten_when_refused (Fixture *fixture,
                             gconstpointer data)
{
  const Refusal *refusal = data;
  g_auto (Asked) asked = { 0 };

  classify (fixture, &asked);
  assert_answered (&asked);
  assay_test_server_push (fixture->server, INFER,
                          make_json (refusal->status, "{\"error\":\"no\"}"));
  classify (fixture, &asked);
  g_assert_nonnull (assay_outcome_get_error (asked.outcome));
  g_assert_cmpuint (asked.exchange.status, ==, refusal->status);
  classify (fixture, &asked);
  assert_answered (&asked);
  g_assert_cmpuint (count_requests (fixture, MODEL), ==, refusal->described);
}

static void
test_asks_again_elsewhere (Fixture *fixture,
                           gconstpointer data)
{
  g_autofree char *url = assay_test_server_dup_url (fixture->server, "/b");
  g_auto (Asked) asked = { 0 };

  classify (fixture, &asked);
  assert_answered (&asked);
  assay_test_server_set (fixture->server, "/b" SERVER, make_json (200, "{\"name\":\"s\"}"));
  assay_test_server_set (fixture->server, "/b" MODEL, make_json (200, METADATA));
  assay_test_server_set (fixture->server, "/b" CONFIG, make_json (404, "{}"));
  assay_test_server_set (fixture->server, "/b" INFER, make_json (200, ANSWER));
  g_object_set (fixture->connection, "url", url, NULL);
  classify (fixture, &asked);
  assert_answered (&asked);
  g_assert_cmpuint (count_requests (fixture, MODEL), ==, 1);
  g_assert_cmpuint (count_requests (fixture, "/b" MODEL), ==, 1);
  g_assert_cmpuint (count_requests (fixture, "/b" INFER), ==, 1);
}

/* What is used of a description is chosen by the connection too. */
static void
test_follows_the_connection (Fixture *fixture,
                             gconstpointer data)
{
  static const char *const labels[] = { "Rose", "Tulpe", NULL };
  const AssayTestRequest *last;
  g_auto (Asked) asked = { 0 };

  classify (fixture, &asked);
  assert_answered (&asked);
  g_object_set (fixture->connection, "body", "other", NULL);
  classify (fixture, &asked);
  assert_answered (&asked);
  last = assay_test_server_get_request (
      fixture->server, assay_test_server_get_n_requests (fixture->server) - 1);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (last->body, NULL), (gssize) last->length,
                                  "\"name\":\"other\""));
  assay_connection_set_labels (fixture->connection, labels);
  classify (fixture, &asked);
  g_assert_no_error (assay_outcome_get_error (asked.outcome));
  g_assert_cmpstr (assay_prediction_get_label (assay_outcome_get_prediction (asked.outcome), 0),
                   ==, "Tulpe");
}

/* What is under way ends as it was begun: another protocol would neither understand its
 * answer nor what is known of its model. */
static void
test_outlives_its_protocol (Fixture *fixture,
                            gconstpointer data)
{
  AssayTestAnswer *held = make_json (200, ANSWER);
  g_auto (Asked) asked = { 0 };

  start (fixture, &asked, NULL);
  g_object_set (fixture->connection, "protocol", "kserve-v1", NULL);
  wait_for (&asked.done);
  assert_answered (&asked);
  g_object_set (fixture->connection, "protocol", "oip", NULL);
  assay_test_answer_hold (held);
  assay_test_server_push (fixture->server, INFER, held);
  start (fixture, &asked, NULL);
  wait_for_requests (fixture, INFER, 2);
  g_object_set (fixture->connection, "protocol", "mlf", NULL);
  assay_test_server_release (fixture->server);
  wait_for (&asked.done);
  assert_answered (&asked);
}

/* Whoever is canceled waits no longer, and takes nothing from the others. */
static void
test_cancel (Fixture *fixture,
             gconstpointer data)
{
  AssayTestAnswer *held = make_json (200, METADATA);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Asked) first = { 0 };
  g_auto (Asked) second = { 0 };

  assay_test_answer_hold (held);
  assay_test_server_push (fixture->server, MODEL, held);
  start (fixture, &first, cancellable);
  start (fixture, &second, NULL);
  wait_for_requests (fixture, MODEL, 1);
  g_cancellable_cancel (cancellable);
  wait_for (&first.done);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (second.done);
  assay_test_server_release (fixture->server);
  wait_for (&second.done);
  assert_answered (&second);
  g_assert_cmpuint (count_requests (fixture, MODEL), ==, 1);
  g_assert_cmpuint (count_requests (fixture, INFER), ==, 1);
}

static void
test_canceled_alone (Fixture *fixture,
                     gconstpointer data)
{
  AssayTestAnswer *held = make_json (200, METADATA);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Asked) asked = { 0 };

  assay_test_answer_hold (held);
  assay_test_server_push (fixture->server, MODEL, held);
  start (fixture, &asked, cancellable);
  wait_for_requests (fixture, MODEL, 1);
  g_cancellable_cancel (cancellable);
  wait_for (&asked.done);
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assay_test_server_release (fixture->server);
  /* What nobody waited for is known all the same. */
  classify (fixture, &asked);
  assert_answered (&asked);
  g_assert_cmpuint (count_requests (fixture, MODEL), ==, 1);
}

static void
test_new_token (Fixture *fixture,
                gconstpointer data)
{
  g_autofree char *token_url = assay_test_server_dup_url (fixture->server, TOKEN);
  g_auto (Asked) asked = { 0 };

  g_object_set (fixture->connection, "auth", ASSAY_AUTH_OAUTH, "token-url", token_url,
                "client-id", "me", NULL);
  assay_credentials_set_client_secret (fixture->credentials, "hush");
  assay_test_server_push (fixture->server, TOKEN, make_token ("old"));
  assay_test_server_set (fixture->server, TOKEN, make_token ("new"));
  assay_test_server_push (fixture->server, MODEL, make_json (401, "{}"));
  classify (fixture, &asked);
  assert_answered (&asked);
  g_assert_cmpuint (count_requests (fixture, TOKEN), ==, 2);
  g_assert_cmpuint (count_requests (fixture, MODEL), ==, 2);
  g_assert_cmpuint (count_requests (fixture, INFER), ==, 1);
}

static void
test_describe (Fixture *fixture,
               gconstpointer data)
{
  g_auto (Asked) asked = { 0 };

  assay_client_describe_async (fixture->client, fixture->target, NULL, described_cb, &asked);
  wait_for (&asked.done);
  g_assert_no_error (asked.error);
  g_assert_cmpstr (asked.info->labels[0], ==, "rose");
  g_assert_false (asked.info->takes_pixels);

  asked_clear (&asked);
  assay_test_server_push (fixture->server, MODEL, make_json (200, "{}"));
  assay_client_describe_async (fixture->client, fixture->target, NULL, described_cb, &asked);
  wait_for (&asked.done);
  g_assert_error (asked.error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);

  asked_clear (&asked);
  g_object_set (fixture->connection, "protocol", "mlf", NULL);
  assay_client_describe_async (fixture->client, fixture->target, NULL, described_cb, &asked);
  wait_for (&asked.done);
  g_assert_error (asked.error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED);
}

static void
add_refusals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (REFUSALS); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/assay/client/describe/after-%u", REFUSALS[i].status);

      g_test_add (path, Fixture, &REFUSALS[i], set_up, test_forgotten_when_refused, tear_down);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function) \
  g_test_add ("/assay/client/describe/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("once", test_once);
  TEST ("failure-is-of-one", test_failure_is_of_one);
  TEST ("busy-is-told", test_busy_is_told);
  TEST ("asks-again-elsewhere", test_asks_again_elsewhere);
  TEST ("follows-the-connection", test_follows_the_connection);
  TEST ("outlives-its-protocol", test_outlives_its_protocol);
  TEST ("cancel", test_cancel);
  TEST ("canceled-alone", test_canceled_alone);
  TEST ("new-token", test_new_token);
  TEST ("describe", test_describe);
#undef TEST
  add_refusals ();
  return g_test_run ();
}
