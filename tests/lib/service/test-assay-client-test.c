/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each step of Test Connection made to fail for real. */

#include <string.h>

#include "assay-client-test.h"
#include "assay-error.h"
#include "assay-test-certificates.h"
#include "assay-test-proxy.h"
#include "assay-test-server.h"

#define WAIT_SECONDS 60
#define SECRET "hush-hush"
#define VERSION_PATH "/api/models/flowers/versions/2"

static AssayTestCertificates *certificates;

typedef struct {
  AssayConnection *connection;
  AssayTransport *transport;
  AssayCredentials *credentials;
  AssayClient *client;
  AssayTestServer *server;    /* (nullable) */
  GArray *told;               /* (element-type AssayStep): in the order told */
  gboolean done;
  AssayClientTest *result;
  GError *error;
} Fixture;

static void
set_addresses (Fixture *fixture,
               const char *origin)
{
  g_autofree char *url = g_strconcat (origin, "/api", NULL);
  g_autofree char *models_url = g_strconcat (origin, "/r", NULL);
  g_autofree char *token_url = g_strconcat (origin, "/oauth/token", NULL);

  g_object_set (fixture->connection, "url", url, "models-url", models_url, "token-url", token_url,
                "client-id", "me", "auth", ASSAY_AUTH_OAUTH, NULL);
}

static void
make_client (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  fixture->transport = assay_transport_new (2, 10, NULL, &error);
  g_assert_no_error (error);
  fixture->credentials = assay_credentials_new (fixture->connection, fixture->transport);
  assay_credentials_set_client_secret (fixture->credentials, SECRET);
  fixture->client = assay_client_new (fixture->connection, fixture->credentials,
                                      fixture->transport);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autofree char *origin = NULL;

  fixture->told = g_array_new (FALSE, FALSE, sizeof (AssayStep));
  fixture->connection = assay_connection_new (NULL, "Test");
  fixture->server = assay_test_server_new (data, data != NULL ? certificates->key : NULL);
  origin = assay_test_server_dup_url (fixture->server, "");
  set_addresses (fixture, origin);
  make_client (fixture);
  assay_test_server_set (fixture->server, "/oauth/token", assay_test_answer_new (
      200, "application/json", "{\"access_token\":\"t\",\"token_type\":\"bearer\"}"));
  assay_test_server_set (fixture->server, "/r/models", assay_test_answer_new (
      200, "application/json", "{\"models\":[{\"versions\":[{\"modelName\":\"flowers\","
      "\"version\":\"1\"},{\"modelName\":\"flowers\",\"version\":\"2\"}]}]}"));
  assay_test_server_set (fixture->server, "/r/deployments", assay_test_answer_new (
      200, "application/json", "{\"deployments\":[{\"modelName\":\"flowers\","
      "\"modelVersion\":\"2\",\"id\":\"x\",\"status\":{\"state\":\"SUCCEEDED\"}}]}"));
  assay_test_server_set (fixture->server, VERSION_PATH, assay_test_answer_new (
      200, "application/json", ASSAY_TEST_FLOWERS));
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->credentials);
  g_assert_finalize_object (fixture->transport);
  g_assert_finalize_object (fixture->connection);
  g_clear_pointer (&fixture->result, assay_client_test_free);
  g_clear_error (&fixture->error);
  g_array_unref (fixture->told);
  assay_test_server_free (fixture->server);
}

static void
told_cb (const AssayClientTest *test,
         AssayStep step,
         gpointer data)
{
  Fixture *fixture = data;

  g_assert_cmpint (test->steps[step].state, !=, ASSAY_STEP_OPEN);
  g_array_append_val (fixture->told, step);
}

static void
tested_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Fixture *fixture = data;

  fixture->result = assay_client_test_finish (ASSAY_CLIENT (source), result, &fixture->error);
  fixture->done = TRUE;
}

static gboolean
out_of_time_cb (gpointer user_data)
{
  g_error ("Nothing happened for %d seconds", WAIT_SECONDS);
  return G_SOURCE_REMOVE;
}

static void
run_test (Fixture *fixture,
          const char *model,
          const char *version,
          GCancellable *cancellable)
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);

  assay_client_test_async (fixture->client, model, version, told_cb, fixture, cancellable,
                           tested_cb, fixture);
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (bound);
}

/* Before it is run once more. */
static void
forget_result (Fixture *fixture)
{
  g_clear_pointer (&fixture->result, assay_client_test_free);
  g_array_set_size (fixture->told, 0);
  fixture->done = FALSE;
}

/* Everything before @step is known and fine, @step has failed, nothing after it
 * was tried, and it was told in that order. */
static void
assert_failed_at (Fixture *fixture,
                  AssayStep failed,
                  int code)
{
  const AssayStepResult *steps = fixture->result->steps;

  g_assert_no_error (fixture->error);
  g_assert_error (fixture->result->error, ASSAY_ERROR, code);
  g_test_message ("%s: %s %s", assay_step_get_title (failed), steps[failed].text,
                  steps[failed].remedy);
  for (guint step = 0; step < ASSAY_N_STEPS; step++)
    {
      if (step == failed)
        g_assert_cmpint (steps[step].state, ==, ASSAY_STEP_FAILED);
      else if (step < failed)
        g_assert_true (steps[step].state == ASSAY_STEP_PASSED
                       || steps[step].state == ASSAY_STEP_SKIPPED);
      else
        g_assert_cmpint (steps[step].state, ==, ASSAY_STEP_OPEN);
      g_assert_true ((steps[step].text != NULL) == (step <= failed));
      g_assert_true ((steps[step].remedy != NULL) == (step == failed));
      if (step <= failed)
        {
          g_assert_cmpint (g_array_index (fixture->told, AssayStep, step), ==, step);
          g_assert_null (strstr (steps[step].text, SECRET));
        }
    }
  g_assert_cmpuint (fixture->told->len, ==, failed + 1);
}

static void
test_all_pass (Fixture *fixture,
               gconstpointer data)
{
  run_test (fixture, NULL, NULL, NULL);
  g_assert_no_error (fixture->error);
  g_assert_no_error (fixture->result->error);
  g_assert_cmpuint (fixture->told->len, ==, ASSAY_N_STEPS);
  for (guint step = 0; step < ASSAY_N_STEPS; step++)
    g_assert_cmpint (fixture->result->steps[step].state, ==,
                     step == ASSAY_STEP_CERTIFICATE ? ASSAY_STEP_SKIPPED : ASSAY_STEP_PASSED);
  g_assert_cmpstr (fixture->result->model, ==, "flowers");
  g_assert_cmpuint (assay_client_test_count_ready (fixture->result), ==, 1);
  g_assert_cmpfloat (fixture->result->seconds, >, 0);
}

static void
test_unknown_name (Fixture *fixture,
                   gconstpointer data)
{
  set_addresses (fixture, "https://nowhere.invalid");
  run_test (fixture, NULL, NULL, NULL);
  assert_failed_at (fixture, ASSAY_STEP_LOOKUP, ASSAY_ERROR_OFFLINE);
}

static void
test_refused_port (Fixture *fixture,
                   gconstpointer data)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *origin = g_strdup_printf ("http://127.0.0.1:%u", port);

  g_socket_listener_close (listener);
  set_addresses (fixture, origin);
  run_test (fixture, NULL, NULL, NULL);
  assert_failed_at (fixture, ASSAY_STEP_CONNECT, ASSAY_ERROR_OFFLINE);
}

static void
test_self_signed (Fixture *fixture,
                  gconstpointer data)
{
  const AssayCertificate *certificate;
  g_autofree char *fingerprint = NULL;

  run_test (fixture, NULL, NULL, NULL);
  assert_failed_at (fixture, ASSAY_STEP_CERTIFICATE, ASSAY_ERROR_CERTIFICATE);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->server), ==, 0);
  certificate = fixture->result->certificate;
  g_assert_nonnull (strstr (certificate->subject, "alone"));
  g_assert_nonnull (strstr (certificate->issuer, "alone"));
  g_assert_cmpuint (strlen (certificate->fingerprint), ==, 64);
  g_assert_cmpint (g_date_time_compare (certificate->not_before, certificate->not_after), <, 0);
  g_assert_true (certificate->flags & G_TLS_CERTIFICATE_UNKNOWN_CA);

  /* Shown and accepted, it is trusted, for everything that follows too. */
  fingerprint = g_strdup (certificate->fingerprint);
  forget_result (fixture);
  g_object_set (fixture->connection, "fingerprint", fingerprint, NULL);
  assay_transport_set_fingerprint (fixture->transport, fingerprint);
  run_test (fixture, NULL, NULL, NULL);
  g_assert_no_error (fixture->result->error);
  g_assert_cmpint (fixture->result->steps[ASSAY_STEP_CERTIFICATE].state, ==, ASSAY_STEP_PASSED);
}

static void
test_wrong_secret (Fixture *fixture,
                   gconstpointer data)
{
  assay_test_server_set (fixture->server, "/oauth/token", assay_test_answer_new (
      401, "application/json", "{\"error\":\"unauthorized\"}"));
  run_test (fixture, NULL, NULL, NULL);
  assert_failed_at (fixture, ASSAY_STEP_SIGN_IN, ASSAY_ERROR_UNAUTHORIZED);
}

static void
test_refused_key (Fixture *fixture,
                  gconstpointer data)
{
  g_object_set (fixture->connection, "auth", ASSAY_AUTH_API_KEY, NULL);
  assay_credentials_set_secret (fixture->credentials, ASSAY_SECRET_API_KEY, SECRET);
  assay_test_server_set (fixture->server, "/r/models", assay_test_answer_new (401, "a/b", "who"));
  run_test (fixture, NULL, NULL, NULL);
  assert_failed_at (fixture, ASSAY_STEP_SIGN_IN, ASSAY_ERROR_UNAUTHORIZED);
}

static void
test_not_permitted (Fixture *fixture,
                    gconstpointer data)
{
  assay_test_server_set (fixture->server, VERSION_PATH, assay_test_answer_new (403, "a/b", "no"));
  run_test (fixture, NULL, NULL, NULL);
  assert_failed_at (fixture, ASSAY_STEP_PERMISSION, ASSAY_ERROR_FORBIDDEN);
}

static void
test_unknown_model (Fixture *fixture,
                    gconstpointer data)
{
  run_test (fixture, "trees", "7", NULL);
  assert_failed_at (fixture, ASSAY_STEP_MODEL, ASSAY_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (fixture->result->steps[ASSAY_STEP_MODEL].text, "trees"));
  g_assert_nonnull (strstr (fixture->result->steps[ASSAY_STEP_MODEL].remedy, "flowers 2"));
}

static void
test_model_not_deployed (Fixture *fixture,
                         gconstpointer data)
{
  g_object_set (fixture->connection, "last-model", "flowers", "last-version", "1", NULL);
  run_test (fixture, NULL, NULL, NULL);
  assert_failed_at (fixture, ASSAY_STEP_MODEL, ASSAY_ERROR_NOT_FOUND);
}

static void
test_no_list (Fixture *fixture,
              gconstpointer data)
{
  g_object_set (fixture->connection, "models-url", NULL, NULL);
  assay_test_server_set (fixture->server, "/api/models/trees/versions/7",
                         assay_test_answer_new (404, "a/b", "no such model"));
  run_test (fixture, "trees", "7", NULL);
  assert_failed_at (fixture, ASSAY_STEP_MODEL, ASSAY_ERROR_NOT_FOUND);
}

static void
test_service_in_trouble (Fixture *fixture,
                         gconstpointer data)
{
  assay_test_server_set (fixture->server, VERSION_PATH, assay_test_answer_new (500, "a/b", "oops"));
  run_test (fixture, NULL, NULL, NULL);
  g_assert_cmpint (fixture->result->steps[ASSAY_STEP_MODEL].state, ==, ASSAY_STEP_FAILED);
  g_assert_error (fixture->result->error, ASSAY_ERROR, ASSAY_ERROR_SERVICE);
}

/* What is tried goes the way that requests will: a proxy for everything is left out
 * within this computer, plain or in TLS, and asked for the rest of the world, or this
 * test would see nothing. */
static void
test_no_proxy_within_this_computer (Fixture *fixture,
                                    gconstpointer data)
{
  g_autoptr(AssayTestServer) proxy = assay_test_server_new (NULL, NULL);
  g_autofree char *proxy_url = assay_test_server_dup_url (proxy, "");

  assay_test_proxy_set (proxy_url);
  run_test (fixture, NULL, NULL, NULL);
  if (data == NULL)
    g_assert_no_error (fixture->result->error);
  else
    assert_failed_at (fixture, ASSAY_STEP_CERTIFICATE, ASSAY_ERROR_CERTIFICATE);
  g_assert_cmpuint (assay_test_server_get_n_connections (proxy), ==, 0);

  forget_result (fixture);
  /* 192.0.2.0/24 is for documentation: nobody answers there. */
  set_addresses (fixture, "https://192.0.2.1");
  assay_test_server_push (proxy, NULL, assay_test_answer_new (403, "a/b", "no"));
  run_test (fixture, NULL, NULL, NULL);
  assert_failed_at (fixture, ASSAY_STEP_CONNECT, ASSAY_ERROR_OFFLINE);
  g_assert_cmpuint (assay_test_server_get_n_connections (proxy), ==, 1);
  assay_test_proxy_set (NULL);
}

/* No proxy is believed to know what listens here. */
static void
test_refused_port_beside_a_proxy (Fixture *fixture,
                                  gconstpointer data)
{
  g_autoptr(AssayTestServer) proxy = assay_test_server_new (NULL, NULL);
  g_autofree char *proxy_url = assay_test_server_dup_url (proxy, "");

  assay_test_proxy_set (proxy_url);
  test_refused_port (fixture, data);
  g_assert_cmpuint (assay_test_server_get_n_connections (proxy), ==, 0);
  assay_test_proxy_set (NULL);
}

static void
test_canceled (Fixture *fixture,
               gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  run_test (fixture, NULL, NULL, cancellable);
  g_assert_null (fixture->result);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  assay_test_proxy_init ();
  certificates = assay_test_certificates_new ();
#define TEST(name, cert, function) \
  g_test_add ("/assay/client-test/" name, Fixture, cert, set_up, function, tear_down)
  TEST ("all-pass", NULL, test_all_pass);
  TEST ("unknown-name", NULL, test_unknown_name);
  TEST ("refused-port", NULL, test_refused_port);
  TEST ("self-signed", certificates->self_signed, test_self_signed);
  TEST ("wrong-secret", NULL, test_wrong_secret);
  TEST ("refused-key", NULL, test_refused_key);
  TEST ("not-permitted", NULL, test_not_permitted);
  TEST ("unknown-model", NULL, test_unknown_model);
  TEST ("model-not-deployed", NULL, test_model_not_deployed);
  TEST ("no-list", NULL, test_no_list);
  TEST ("service-in-trouble", NULL, test_service_in_trouble);
  TEST ("refused-port-beside-a-proxy", NULL, test_refused_port_beside_a_proxy);
  TEST ("no-proxy-within-this-computer", NULL, test_no_proxy_within_this_computer);
  TEST ("no-proxy-within-this-computer/tls", certificates->self_signed,
        test_no_proxy_within_this_computer);
  TEST ("canceled", NULL, test_canceled);
#undef TEST
  status = g_test_run ();
  assay_test_certificates_free (certificates);
  return status;
}
