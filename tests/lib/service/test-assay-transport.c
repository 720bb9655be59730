/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay-certificate.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-test-certificates.h"
#include "assay-test-proxy.h"
#include "assay-test-server.h"
#include "assay-transport.h"

#define WAIT_SECONDS 30
#define PHOTO_BYTES 100000

static AssayTestCertificates *certificates;

/* What became of one request. */
typedef struct {
  gboolean done;
  char *value;               /* "STATUS TYPE BODY" */
  AssayExchange exchange;
  GError *error;
  gint64 when;               /* the time of the main loop's turn that brought it */
} Sent;

static void
sent_clear (Sent *self)
{
  g_clear_pointer (&self->value, g_free);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sent, sent_clear)

static gpointer
read_reply (const AssayReply *reply,
            gpointer data)
{
  g_assert_true (g_thread_self () != data);
  return g_strdup_printf ("%u %s %.*s", reply->status,
                          reply->content_type != NULL ? reply->content_type : "-",
                          (int) g_bytes_get_size (reply->body),
                          (const char *) g_bytes_get_data (reply->body, NULL));
}

static void
sent_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  Sent *sent = user_data;

  sent->value = assay_transport_send_finish (ASSAY_TRANSPORT (source), result, &sent->exchange,
                                             &sent->error);
  g_assert_true ((sent->value == NULL) == (sent->error != NULL));
  sent->when = g_source_get_time (g_main_current_source ());
  sent->done = TRUE;
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

static gboolean
look_again_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* While the main loop runs, on which a transport opens connections. */
static void
wait_for_requests (AssayTestServer *server,
                   guint n)
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);
  guint look = g_timeout_add (5, look_again_cb, NULL);

  while (assay_test_server_get_n_requests (server) < n)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (look);
  g_source_remove (bound);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static AssayTransport *
new_transport (guint max_in_flight,
               guint timeout,
               const char *ca_file)
{
  g_autoptr(GError) error = NULL;
  AssayTransport *transport = assay_transport_new (max_in_flight, timeout, ca_file, &error);

  g_assert_no_error (error);
  return transport;
}

static GBytes *
make_photo (void)
{
  guint8 *data = g_malloc (PHOTO_BYTES);

  for (guint i = 0; i < PHOTO_BYTES; i++)
    data[i] = i * 7 + i / 251;
  return g_bytes_new_take (data, PHOTO_BYTES);
}

static AssayRequest *
make_post (const char *url)
{
  AssayRequest *request = assay_request_new ("POST", url);
  g_autoptr(GBytes) photo = make_photo ();
  g_autoptr(AssayPayload) payload = assay_payload_new_bytes ("photo.jpg", "image/jpeg", photo);

  request->body = assay_multipart_new ("files", &payload, 1);
  return request;
}

static void
send_request (AssayTransport *transport,
              AssayRequest *request,
              const char *authorization,
              GCancellable *cancellable,
              Sent *sent)
{
  assay_transport_send_async (transport, request, authorization, read_reply, g_thread_self (), NULL,
                              g_free, cancellable, sent_cb, sent);
}

static void
post (AssayTransport *transport,
      AssayTestServer *server,
      const char *path,
      Sent *sent)
{
  g_autofree char *url = assay_test_server_dup_url (server, path);

  send_request (transport, make_post (url), NULL, NULL, sent);
}

static void
post_and_wait (AssayTransport *transport,
               AssayTestServer *server,
               const char *path,
               Sent *sent)
{
  sent_clear (sent);
  sent->done = FALSE;
  post (transport, server, path, sent);
  wait_for (&sent->done);
}

static void
free_transport (AssayTransport *transport)
{
  settle ();
  g_assert_finalize_object (transport);
}

static void
test_sends_and_reads (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (2, 10, NULL);
  g_auto(Sent) sent = { 0 };
  const AssayTestRequest *request;

  assay_test_server_push (server, NULL, assay_test_answer_new (200, "application/json; charset=utf-8", "{}"));
  post_and_wait (transport, server, "/c?x=1", &sent);

  g_assert_no_error (sent.error);
  g_assert_cmpstr (sent.value, ==, "200 application/json; charset=utf-8 {}");
  g_assert_cmpuint (sent.exchange.status, ==, 200);
  g_assert_cmpfloat (sent.exchange.seconds, >, 0);
  request = assay_test_server_get_request (server, 0);
  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (request->path, ==, "/c");
  g_assert_cmpstr (request->query, ==, "x=1");
  g_assert_cmpuint (request->length, >, PHOTO_BYTES);
  g_assert_cmpuint (sent.exchange.sent, ==, request->length);
  g_assert_true (g_str_has_prefix (g_hash_table_lookup (request->headers, "user-agent"), "Assay/"));
  g_assert_true (g_str_has_prefix (g_hash_table_lookup (request->headers, "content-type"),
                                   "multipart/form-data; boundary="));
  g_assert_null (g_hash_table_lookup (request->headers, "authorization"));
  free_transport (transport);
}

static void
test_body_arrives_unchanged (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_autofree char *url = assay_test_server_dup_url (server, "/");
  AssayRequest *request = make_post (url);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_auto(Sent) sent = { 0 };

  for (guint i = 0; i < assay_body_get_n_parts (request->body); i++)
    {
      g_autoptr(GInputStream) part = assay_body_open_part (request->body, i, NULL, NULL);
      guchar buffer[4096];
      gssize got;

      while ((got = g_input_stream_read (part, buffer, sizeof buffer, NULL, NULL)) > 0)
        g_checksum_update (checksum, buffer, got);
    }
  send_request (transport, request, NULL, NULL, &sent);
  wait_for (&sent.done);
  g_assert_no_error (sent.error);
  g_assert_cmpstr (assay_test_server_get_request (server, 0)->sha256, ==,
                   g_checksum_get_string (checksum));
  free_transport (transport);
}

static void
test_keeps_connections (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (8, 10, NULL);
  g_auto(Sent) sent = { 0 };

  for (int i = 0; i < 20; i++)
    {
      post_and_wait (transport, server, "/", &sent);
      g_assert_no_error (sent.error);
    }
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 20);
  g_assert_cmpuint (assay_test_server_get_n_connections (server), ==, 1);
  free_transport (transport);
}

/* A service that takes long gets as much as is allowed. */
static void
check_bounds (AssayTestServer *server,
              AssayTransport *transport)
{
  Sent sent[12] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      AssayTestAnswer *answer = assay_test_answer_new (200, "text/plain", "ok");

      assay_test_answer_hold (answer);
      assay_test_server_push (server, NULL, answer);
      post (transport, server, "/", &sent[i]);
    }
  for (guint round = 1; round <= 3; round++)
    {
      wait_for_requests (server, round * 4);
      assay_test_server_wait_held (server, 4);
      g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, round * 4);
      assay_test_server_release (server);
      for (guint i = (round - 1) * 4; i < round * 4; i++)
        wait_for (&sent[i].done);
    }
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      g_assert_no_error (sent[i].error);
      sent_clear (&sent[i]);
    }
  g_assert_cmpuint (assay_test_server_get_high_water (server), ==, 4);
  g_assert_cmpuint (assay_test_server_get_n_connections (server), ==, 4);
  free_transport (transport);
}

static void
test_bounds_what_flies (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);

  check_bounds (server, new_transport (4, 10, NULL));
}

/* Where each further connection waits for a moment whether it is needed. */
static void
test_tls_bounds_what_flies (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (certificates->good, certificates->key);

  check_bounds (server, new_transport (4, 10, certificates->ca));
}

/* What waits for a connection can be canceled, and is when the transport closes. */
static void
test_tls_lets_go_what_waits (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (certificates->good, certificates->key);
  AssayTransport *transport = new_transport (4, 10, certificates->ca);
  Sent sent[4] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      AssayTestAnswer *answer = assay_test_answer_new (200, "text/plain", "ok");

      assay_test_answer_hold (answer);
      assay_test_server_push (server, NULL, answer);
      post (transport, server, "/", &sent[i]);
    }
  assay_transport_close (transport);
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      wait_for (&sent[i].done);
      g_assert_error (sent[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      sent_clear (&sent[i]);
    }
  free_transport (transport);
}

/* A server may close a kept connection just when the next request comes. */
static void
test_sends_again_on_a_closed_kept_connection (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (2, 10, NULL);
  g_auto(Sent) sent = { 0 };

  post_and_wait (transport, server, "/", &sent);
  g_assert_no_error (sent.error);
  assay_test_server_push (server, NULL, assay_test_answer_new_close ());
  post_and_wait (transport, server, "/", &sent);
  g_assert_no_error (sent.error);
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 3);
  g_assert_cmpstr (assay_test_server_get_request (server, 1)->sha256, !=, "");
  g_assert_cmpuint (assay_test_server_get_request (server, 1)->length, ==,
                    assay_test_server_get_request (server, 2)->length);

  /* Once, not for ever: the second close is on a connection of its own. */
  assay_test_server_push (server, NULL, assay_test_answer_new_close ());
  assay_test_server_push (server, NULL, assay_test_answer_new_close ());
  post_and_wait (transport, server, "/", &sent);
  g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 5);
  free_transport (transport);
}

static void
test_does_not_repeat_on_a_fresh_connection (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (2, 10, NULL);
  g_auto(Sent) sent = { 0 };

  assay_test_server_push (server, NULL, assay_test_answer_new_close ());
  post_and_wait (transport, server, "/", &sent);
  g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  g_assert_cmpuint (sent.exchange.status, ==, 0);
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 1);
  free_transport (transport);
}

/* Answers that are none, each on a connection of its own. */
static void
test_broken_answers (void)
{
  static const struct {
    const char *raw;
    int code;
  } cases[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":", ASSAY_ERROR_OFFLINE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nabc", ASSAY_ERROR_OFFLINE },
    { "HTTP/1.1 200 OK\r\nContent-Le", ASSAY_ERROR_BAD_ANSWER },
    { "SSH-2.0-OpenSSH_9.2p1\r\n\r\n", ASSAY_ERROR_BAD_ANSWER },
  };
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AssayTransport *transport = new_transport (1, 10, NULL);
      g_auto(Sent) sent = { 0 };

      assay_test_server_push (server, NULL, assay_test_answer_new_raw (cases[i].raw,
                                                                       strlen (cases[i].raw), TRUE));
      post_and_wait (transport, server, "/", &sent);
      g_test_message ("%s", sent.error != NULL ? sent.error->message : sent.value);
      g_assert_error (sent.error, ASSAY_ERROR, cases[i].code);
      free_transport (transport);
    }
}

static void
test_closed_with_the_body_unread (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_auto(Sent) sent = { 0 };

  assay_test_server_push (server, NULL, assay_test_answer_new_close_early ());
  post_and_wait (transport, server, "/", &sent);
  g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  free_transport (transport);
}

static void
test_bounds_the_answer (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_autoptr(GBytes) largest = g_bytes_new_take (g_malloc0 (ASSAY_LIMIT_ANSWER_BYTES),
                                                ASSAY_LIMIT_ANSWER_BYTES);
  g_autoptr(GBytes) larger = g_bytes_new_take (g_malloc0 (ASSAY_LIMIT_ANSWER_BYTES + 1),
                                               ASSAY_LIMIT_ANSWER_BYTES + 1);
  g_autoptr(GBytes) bomb = g_bytes_new_take (g_malloc0 (64 * 1024 * 1024), 64 * 1024 * 1024);
  AssayTestAnswer *packed = assay_test_answer_new_bytes (200, "a/b", bomb);
  g_auto(Sent) sent = { 0 };

  assay_test_answer_gzip (packed);
  assay_test_server_push (server, "/largest", assay_test_answer_new_bytes (200, "a/b", largest));
  assay_test_server_push (server, "/larger", assay_test_answer_new_bytes (200, "a/b", larger));
  assay_test_server_push (server, "/bomb", packed);
  post_and_wait (transport, server, "/largest", &sent);
  g_assert_no_error (sent.error);
  post_and_wait (transport, server, "/larger", &sent);
  g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
  post_and_wait (transport, server, "/bomb", &sent);
  g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
  free_transport (transport);
}

static void
test_unpacks_gzip (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  AssayTestAnswer *packed = assay_test_answer_new (503, "text/plain", "busy busy busy busy");
  g_auto(Sent) sent = { 0 };

  assay_test_answer_gzip (packed);
  assay_test_server_push (server, NULL, packed);
  post_and_wait (transport, server, "/", &sent);
  g_assert_no_error (sent.error);
  g_assert_cmpstr (sent.value, ==, "503 text/plain busy busy busy busy");
  free_transport (transport);
}

static void
test_takes_no_cookies (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  AssayTestAnswer *answer = assay_test_answer_new (401, "text/plain", "no");
  g_auto(Sent) sent = { 0 };

  assay_test_answer_add_header (answer, "Set-Cookie", "session=1; Path=/");
  assay_test_answer_add_header (answer, "WWW-Authenticate", "Basic realm=\"x\"");
  assay_test_server_push (server, NULL, answer);
  post_and_wait (transport, server, "/", &sent);
  g_assert_cmpstr (sent.value, ==, "401 text/plain no");
  post_and_wait (transport, server, "/", &sent);
  g_assert_null (g_hash_table_lookup (assay_test_server_get_request (server, 1)->headers, "cookie"));
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 2);
  free_transport (transport);
}

static AssayTestAnswer *
make_redirect (guint status,
               const char *location)
{
  AssayTestAnswer *answer = assay_test_answer_new (status, "text/plain", "elsewhere");

  assay_test_answer_add_header (answer, "Location", location);
  return answer;
}

static void
test_redirect_within_the_origin (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_autofree char *url = assay_test_server_dup_url (server, "/old");
  g_auto(Sent) sent = { 0 };

  assay_test_server_push (server, "/old", make_redirect (307, "/new"));
  assay_test_server_push (server, "/new", assay_test_answer_new (200, "text/plain", "moved"));
  send_request (transport, make_post (url), "Bearer hush", NULL, &sent);
  wait_for (&sent.done);
  g_assert_no_error (sent.error);
  g_assert_cmpstr (sent.value, ==, "200 text/plain moved");
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 2);
  g_assert_cmpstr (assay_test_server_get_request (server, 1)->path, ==, "/new");
  g_assert_cmpstr (assay_test_server_get_request (server, 0)->sha256, ==,
                   assay_test_server_get_request (server, 1)->sha256);
  g_assert_cmpstr (g_hash_table_lookup (assay_test_server_get_request (server, 1)->headers,
                                        "authorization"),
                   ==, "Bearer hush");
  free_transport (transport);
}

static void
test_redirect_for_ever (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_auto(Sent) sent = { 0 };

  assay_test_server_set (server, "/loop", make_redirect (308, "/loop"));
  post_and_wait (transport, server, "/loop", &sent);
  g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_assert_cmpuint (assay_test_server_get_n_requests (server), <, 10);
  free_transport (transport);
}

/* Another port of the same host is another origin, and so is another scheme. */
static void
test_redirect_elsewhere_carries_nothing (void)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_autoptr(AssayTestServer) other = assay_test_server_new (NULL, NULL);
  g_autofree char *url = assay_test_server_dup_url (server, "/c");
  g_autofree char *there = assay_test_server_dup_url (other, "/c");
  AssayTransport *transport = new_transport (1, 10, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_auto(Sent) sent = { 0 };

      assay_test_server_push (server, "/c", make_redirect (statuses[i], there));
      send_request (transport, make_post (url), "Bearer hush", NULL, &sent);
      wait_for (&sent.done);
      g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      g_assert_null (strstr (sent.error->message, "hush"));
      g_assert_cmpuint (sent.exchange.status, ==, statuses[i]);
    }
  g_assert_cmpuint (assay_test_server_get_n_requests (other), ==, 0);
  free_transport (transport);
}

/* The same server under another name or scheme is another origin too. */
/* A first step within the origin opens no way out of it. */
static void
test_second_redirect_elsewhere_carries_nothing (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_autoptr(AssayTestServer) other = assay_test_server_new (NULL, NULL);
  g_autofree char *url = assay_test_server_dup_url (server, "/c");
  g_autofree char *there = assay_test_server_dup_url (other, "/c");
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_auto(Sent) sent = { 0 };

  assay_test_server_push (server, "/c", make_redirect (307, "/next"));
  assay_test_server_push (server, "/next", make_redirect (308, there));
  send_request (transport, make_post (url), "Bearer hush", NULL, &sent);
  wait_for (&sent.done);
  g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_assert_null (strstr (sent.error->message, "hush"));
  g_assert_cmpuint (sent.exchange.status, ==, 308);
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 2);
  g_assert_cmpuint (assay_test_server_get_n_connections (other), ==, 0);
  free_transport (transport);
}

static void
test_redirect_to_another_name_carries_nothing (void)
{
  static const char *const origins[] = {
    "http://127.0.0.2", "http://localhost", "http://[::1]", "https://127.0.0.1",
  };
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_autofree char *url = assay_test_server_dup_url (server, "/c");
  AssayTransport *transport = new_transport (1, 10, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    {
      g_autofree char *there = g_strconcat (origins[i], strrchr (url, ':'), NULL);
      AssayRequest *request = make_post (url);
      g_auto(Sent) sent = { 0 };

      request->secret_header = g_strdup ("X-API-Key");
      assay_request_add_header (request, "X-Tenant", "mine");
      assay_test_server_push (server, "/c", make_redirect (307, there));
      send_request (transport, request, "hush", NULL, &sent);
      wait_for (&sent.done);
      g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, i + 1);
    }
  free_transport (transport);
}

/* A token for this computer does not go out to a proxy and back; what is for others
 * goes there, or this test would see nothing. */
static void
test_no_proxy_within_this_computer (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_autoptr(AssayTestServer) proxy = assay_test_server_new (NULL, NULL);
  g_autofree char *url = assay_test_server_dup_url (server, "/c");
  g_autofree char *proxy_url = assay_test_server_dup_url (proxy, "");
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_auto(Sent) sent = { 0 };
  g_auto(Sent) other = { 0 };

  assay_test_proxy_set (proxy_url);
  send_request (transport, make_post (url), "Bearer hush", NULL, &sent);
  wait_for (&sent.done);
  g_assert_no_error (sent.error);
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 1);
  g_assert_cmpuint (assay_test_server_get_n_requests (proxy), ==, 0);

  send_request (transport, make_post ("http://192.0.2.1/c"), NULL, NULL, &other);
  wait_for (&other.done);
  g_assert_cmpuint (assay_test_server_get_n_requests (proxy), ==, 1);
  assay_test_proxy_set (NULL);
  free_transport (transport);
}

static void
test_secret_stays_off_plain_http (void)
{
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_auto(Sent) sent = { 0 };

  /* 192.0.2.0/24 is for documentation: nobody answers there. */
  send_request (transport, make_post ("http://192.0.2.1/c"), "Bearer hush", NULL, &sent);
  wait_for (&sent.done);
  g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_assert_null (strstr (sent.error->message, "hush"));
  g_assert_cmpuint (sent.exchange.sent, ==, 0);
  free_transport (transport);
}

static void
check_tls (const char *cert,
           const char *ca_file,
           int expected)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (cert, certificates->key);
  AssayTransport *transport = new_transport (1, 10, ca_file);
  g_auto(Sent) sent = { 0 };

  post_and_wait (transport, server, "/", &sent);
  if (sent.error != NULL)
    g_test_message ("%s", sent.error->message);
  if (expected < 0)
    g_assert_no_error (sent.error);
  else
    g_assert_error (sent.error, ASSAY_ERROR, expected);
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, expected < 0 ? 1 : 0);
  free_transport (transport);
}

static void
test_certificates (void)
{
  check_tls (certificates->good, certificates->ca, -1);
  check_tls (certificates->good, NULL, ASSAY_ERROR_CERTIFICATE);
  check_tls (certificates->other, certificates->ca, ASSAY_ERROR_CERTIFICATE);
  check_tls (certificates->expired, certificates->ca, ASSAY_ERROR_CERTIFICATE);
  check_tls (certificates->self_signed, certificates->ca, ASSAY_ERROR_CERTIFICATE);
  check_tls (certificates->self_signed, certificates->self_signed, -1);
}

/* SHA-256 as openssl(1) prints it. */
static char *
dup_fingerprint (const char *cert)
{
  const char *const argv[] = { "openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", cert,
                               NULL };
  g_autofree char *out = NULL;
  g_autoptr(GError) error = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL,
                &error);
  g_assert_no_error (error);
  g_assert_nonnull (strchr (out, '='));
  return g_strdup (g_strchomp (strchr (out, '=') + 1));
}

static void
check_accepted (const char *cert,
                const char *accepted,
                gboolean expected)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (cert, certificates->key);
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_autofree char *printed = dup_fingerprint (accepted);
  g_autofree char *fingerprint = assay_fingerprint_normalize (printed, NULL);
  g_autofree char *shown = assay_fingerprint_format (fingerprint);
  g_auto(Sent) sent = { 0 };

  g_assert_cmpstr (shown, ==, printed);
  assay_transport_set_fingerprint (transport, fingerprint);
  post_and_wait (transport, server, "/", &sent);
  if (expected)
    g_assert_no_error (sent.error);
  else
    g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_CERTIFICATE);
  free_transport (transport);
}

static void
test_accepted_certificate (void)
{
  g_autoptr(GError) error = NULL;

  check_accepted (certificates->self_signed, certificates->self_signed, TRUE);
  check_accepted (certificates->expired, certificates->expired, TRUE);
  check_accepted (certificates->self_signed, certificates->good, FALSE);
  g_assert_null (assay_fingerprint_normalize ("AB:CD", &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
}

static void
test_tls_keeps_connections (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (certificates->good, certificates->key);
  AssayTransport *transport = new_transport (4, 10, certificates->ca);
  g_auto(Sent) sent = { 0 };

  for (int i = 0; i < 5; i++)
    {
      post_and_wait (transport, server, "/", &sent);
      g_assert_no_error (sent.error);
    }
  g_assert_cmpuint (assay_test_server_get_n_connections (server), ==, 1);
  free_transport (transport);
}

static void
test_wrong_ca_file (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (assay_transport_new (1, 10, "/nonexistent/ca.pem", &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
}

/* As nginx does when it is greeted in a language that it doesn't know. */
static gboolean
answer_plainly_cb (GThreadedSocketService *service,
                   GSocketConnection *connection,
                   GObject *source,
                   gpointer user_data)
{
  static const char answer[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
  GIOStream *stream = G_IO_STREAM (connection);
  char buffer[4096];

  if (g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, sizeof buffer, NULL, NULL) > 0)
    g_output_stream_write_all (g_io_stream_get_output_stream (stream), answer, strlen (answer), NULL,
                               NULL, NULL);
  return TRUE;
}

static void
test_plain_service_at_a_tls_address (void)
{
  g_autoptr(GSocketService) service = g_threaded_socket_service_new (2);
  guint port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/", port);
  g_auto(Sent) sent = { 0 };

  g_signal_connect (service, "run", G_CALLBACK (answer_plainly_cb), NULL);
  send_request (transport, make_post (url), NULL, NULL, &sent);
  wait_for (&sent.done);
  g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  g_assert_nonnull (strstr (sent.error->message, "speaks TLS"));
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  free_transport (transport);
}

static guint
find_free_port (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static void
test_offline (void)
{
  AssayTransport *transport = new_transport (1, 10, NULL);
  guint port = find_free_port ();
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", port);
  g_autofree char *place = g_strdup_printf ("127.0.0.1:%u", port);
  g_auto(Sent) refused = { 0 };
  g_auto(Sent) unknown = { 0 };

  send_request (transport, make_post (url), NULL, NULL, &refused);
  wait_for (&refused.done);
  g_assert_error (refused.error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  g_assert_nonnull (strstr (refused.error->message, place));
  send_request (transport, make_post ("http://nobody.invalid/"), NULL, NULL, &unknown);
  wait_for (&unknown.done);
  g_assert_error (unknown.error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  g_assert_nonnull (strstr (unknown.error->message, "nobody.invalid:80"));
  free_transport (transport);
}

static void
test_times_out (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (4, 1, NULL);
  g_auto(Sent) silent = { 0 };
  g_auto(Sent) head = { 0 };
  g_auto(Sent) body = { 0 };
  g_autofree char *drip = g_strconcat ("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", NULL);
  g_autofree char *long_head = g_strnfill (9999, 'x');
  g_autofree char *dripped_head = g_strconcat ("HTTP/1.1 200 OK\r\nX: ", long_head, NULL);
  g_autofree char *dripped_body = g_strconcat (drip, long_head, NULL);

  assay_test_server_push (server, "/silent", assay_test_answer_new_silent ());
  assay_test_server_push (server, "/head", assay_test_answer_new_drip (dripped_head, 20));
  assay_test_server_push (server, "/body", assay_test_answer_new_drip (dripped_body, 10));
  post (transport, server, "/silent", &silent);
  post (transport, server, "/head", &head);
  post (transport, server, "/body", &body);
  wait_for (&silent.done);
  wait_for (&head.done);
  wait_for (&body.done);
  g_assert_error (silent.error, ASSAY_ERROR, ASSAY_ERROR_TIMED_OUT);
  g_assert_error (head.error, ASSAY_ERROR, ASSAY_ERROR_TIMED_OUT);
  g_assert_error (body.error, ASSAY_ERROR, ASSAY_ERROR_TIMED_OUT);
  free_transport (transport);
}

/* Longer than the time-out in all, but never long without a byte. */
static void
test_slow_is_not_dead (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 2, NULL);
  g_autofree char *body = g_strnfill (250, 'x');
  g_autofree char *answer = g_strconcat ("HTTP/1.1 200 OK\r\nContent-Length: 250\r\n\r\n", body,
                                         NULL);
  g_auto(Sent) slow = { 0 };

  assay_test_server_push (server, "/slow", assay_test_answer_new_drip (answer, 15));
  post (transport, server, "/slow", &slow);
  wait_for (&slow.done);
  g_assert_no_error (slow.error);
  free_transport (transport);
}

static void
test_cancel (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_autofree char *url = assay_test_server_dup_url (server, "/");
  g_autoptr(GCancellable) before = g_cancellable_new ();
  g_autoptr(GCancellable) at_once = g_cancellable_new ();
  g_autoptr(GCancellable) soon = g_cancellable_new ();
  g_autoptr(GCancellable) waiting = g_cancellable_new ();
  Sent sent[5] = { 0 };

  g_cancellable_cancel (before);
  send_request (transport, make_post (url), NULL, before, &sent[0]);
  wait_for (&sent[0].done);
  g_assert_error (sent[0].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  send_request (transport, make_post (url), NULL, at_once, &sent[1]);
  g_cancellable_cancel (at_once);
  g_assert_false (sent[1].done);
  wait_for (&sent[1].done);
  g_assert_error (sent[1].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* One that has been read by the server, and one that waits for the only place. */
  assay_test_server_set (server, NULL, assay_test_answer_new_silent ());
  send_request (transport, make_post (url), NULL, soon, &sent[2]);
  send_request (transport, make_post (url), NULL, waiting, &sent[3]);
  assay_test_server_wait_held (server, 1);
  g_cancellable_cancel (waiting);
  wait_for (&sent[3].done);
  g_assert_error (sent[3].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (sent[2].done);
  g_cancellable_cancel (soon);
  wait_for (&sent[2].done);
  g_assert_error (sent[2].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* The place is free again.  At an address of its own: one that was canceled may
   * still arrive. */
  assay_test_server_push (server, "/again", assay_test_answer_new (200, "text/plain", "ok"));
  post (transport, server, "/again", &sent[4]);
  wait_for (&sent[4].done);
  g_assert_no_error (sent[4].error);
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    sent_clear (&sent[i]);
  free_transport (transport);
}

static gpointer
read_and_tell (const AssayReply *reply,
               gpointer data)
{
  g_atomic_int_set ((int *) data, TRUE);
  return g_strdup ("read");
}

/* The answer is here but not yet delivered: canceled is canceled. */
static void
test_cancel_after_the_answer (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_autofree char *url = assay_test_server_dup_url (server, "/");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  g_auto(Sent) sent = { 0 };
  int read = FALSE;

  assay_transport_send_async (transport, make_post (url), NULL, read_and_tell, &read, NULL, g_free,
                              cancellable, sent_cb, &sent);
  while (!g_atomic_int_get (&read) && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_true (g_atomic_int_get (&read));
  g_cancellable_cancel (cancellable);
  wait_for (&sent.done);
  g_assert_error (sent.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  free_transport (transport);
}

static void
test_close_completes_everything (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (3, 10, NULL);
  Sent sent[7] = { 0 };

  assay_test_server_set (server, NULL, assay_test_answer_new_silent ());
  for (guint i = 0; i < 6; i++)
    post (transport, server, "/", &sent[i]);
  assay_test_server_wait_held (server, 3);
  assay_transport_close (transport);
  post (transport, server, "/", &sent[6]);
  g_assert_false (sent[0].done);
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      wait_for (&sent[i].done);
      g_assert_error (sent[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      sent_clear (&sent[i]);
    }
  free_transport (transport);
}

static void
test_last_reference_goes_with_the_answer (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (3, 10, NULL);
  g_auto(Sent) sent = { 0 };

  g_object_add_weak_pointer (G_OBJECT (transport), (gpointer *) &transport);
  post (transport, server, "/", &sent);
  g_object_unref (transport);
  g_assert_nonnull (transport);
  wait_for (&sent.done);
  g_assert_no_error (sent.error);
  settle ();
  g_assert_null (transport);
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  const Sent *first = a;
  const Sent *second = b;

  return (first->when > second->when) - (first->when < second->when);
}

static void
test_delivers_together (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (8, 20, NULL);
  Sent sent[8] = { 0 };
  guint turns = 1;

  assay_transport_set_delivery_interval (transport, 1000);
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      AssayTestAnswer *answer = assay_test_answer_new (200, "text/plain", "ok");

      assay_test_answer_hold (answer);
      assay_test_server_push (server, NULL, answer);
      post (transport, server, "/", &sent[i]);
    }
  assay_test_server_wait_held (server, 8);
  assay_test_server_release (server);
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      wait_for (&sent[i].done);
      g_assert_no_error (sent[i].error);
    }
  qsort (sent, G_N_ELEMENTS (sent), sizeof sent[0], compare_times);
  for (guint i = 1; i < G_N_ELEMENTS (sent); i++)
    {
      if (sent[i].when == sent[i - 1].when)
        continue;
      turns++;
      g_assert_cmpint (sent[i].when - sent[i - 1].when, >=, 900 * G_TIME_SPAN_MILLISECOND);
    }
  g_assert_cmpuint (turns, <, G_N_ELEMENTS (sent));
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    sent_clear (&sent[i]);
  free_transport (transport);
}

static GInputStream *
open_short (gpointer data,
            GCancellable *cancellable,
            GError **error)
{
  return g_memory_input_stream_new_from_data ("short", 5, NULL);
}

static void
test_file_that_changed (void)
{
  g_autoptr(AssayTestServer) server = assay_test_server_new (NULL, NULL);
  AssayTransport *transport = new_transport (1, 10, NULL);
  g_autoptr(AssayPayload) payload = assay_payload_new ("a.jpg", "image/jpeg", 50000, open_short, NULL,
                                                       NULL);
  g_autofree char *url = assay_test_server_dup_url (server, "/");
  AssayRequest *request = assay_request_new ("POST", url);
  g_auto(Sent) sent = { 0 };

  request->body = assay_multipart_new ("files", &payload, 1);
  send_request (transport, request, NULL, NULL, &sent);
  wait_for (&sent.done);
  g_assert_error (sent.error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 0);
  free_transport (transport);
}

static guint64
read_status (const char *field)
{
  g_autofree char *status = NULL;
  char *found;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  found = strstr (status, field);
  g_assert_nonnull (found);
  return g_ascii_strtoull (found + strlen (field), NULL, 10) * 1024;
}

static GInputStream *
open_file (gpointer data,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (data);

  return G_INPUT_STREAM (g_file_read (file, cancellable, error));
}

static char *
make_large_file (const char *folder,
                 gsize length)
{
  g_autofree char *chunk = g_strnfill (1024 * 1024, 'x');
  char *path = g_build_filename (folder, "large", NULL);
  FILE *file = g_fopen (path, "w");

  g_assert_nonnull (file);
  for (gsize i = 0; i < length / (1024 * 1024); i++)
    g_assert_cmpuint (fwrite (chunk, 1024 * 1024, 1, file), ==, 1);
  g_assert_cmpint (fclose (file), ==, 0);
  return path;
}

/* The server is another process here, so that only the sender is measured. */
static void
test_memory_does_not_grow_with_the_file (void)
{
  const gsize length = 64 * 1024 * 1024;
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "support", "assay-test-server", NULL);
  g_autofree char *folder = g_dir_make_tmp ("assay-transport-XXXXXX", NULL);
  g_autofree char *path = make_large_file (folder, length);
  g_autoptr(GSubprocess) child = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, program, NULL);
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  g_autofree char *url = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_autofree char *line = NULL;
  g_autofree char *expected = NULL;
  g_autoptr(AssayPayload) payload = assay_payload_new ("large.tif", "image/tiff", length, open_file,
                                                       path, NULL);
  AssayTransport *transport = new_transport (2, 30, NULL);
  AssayRequest *request;
  g_auto(Sent) first = { 0 };
  g_auto(Sent) sent = { 0 };
  guint64 before;

  /* Whatever one request costs has been paid. */
  send_request (transport, make_post (url), NULL, NULL, &first);
  wait_for (&first.done);
  g_assert_no_error (first.error);
  g_free (g_data_input_stream_read_line (lines, NULL, NULL, NULL));
  request = assay_request_new ("POST", url);
  request->body = assay_multipart_new ("files", &payload, 1);
  before = read_status ("VmHWM:");
  send_request (transport, request, NULL, NULL, &sent);
  wait_for (&sent.done);
  g_assert_no_error (sent.error);
  g_assert_cmpuint (sent.exchange.sent, >, length);
  g_assert_cmpuint (read_status ("VmHWM:") - before, <, 8 * 1024 * 1024);
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  expected = g_strdup_printf ("POST\t/\t%" G_GUINT64_FORMAT "\t", sent.exchange.sent);
  g_assert_true (g_str_has_prefix (line, expected));

  g_output_stream_close (g_subprocess_get_stdin_pipe (child), NULL, NULL);
  g_subprocess_wait (child, NULL, NULL);
  g_unlink (path);
  g_rmdir (folder);
  free_transport (transport);
}

int
main (int argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  assay_test_proxy_init ();
  certificates = assay_test_certificates_new ();
#define TEST(name, function) g_test_add_func ("/assay/transport/" name, function)
  TEST ("sends-and-reads", test_sends_and_reads);
  TEST ("body-arrives-unchanged", test_body_arrives_unchanged);
  TEST ("keeps-connections", test_keeps_connections);
  TEST ("bounds-what-flies", test_bounds_what_flies);
  TEST ("sends-again-on-a-closed-kept-connection", test_sends_again_on_a_closed_kept_connection);
  TEST ("does-not-repeat-on-a-fresh-connection", test_does_not_repeat_on_a_fresh_connection);
  TEST ("broken-answers", test_broken_answers);
  TEST ("closed-with-the-body-unread", test_closed_with_the_body_unread);
  TEST ("bounds-the-answer", test_bounds_the_answer);
  TEST ("unpacks-gzip", test_unpacks_gzip);
  TEST ("takes-no-cookies", test_takes_no_cookies);
  TEST ("redirect-within-the-origin", test_redirect_within_the_origin);
  TEST ("redirect-for-ever", test_redirect_for_ever);
  TEST ("redirect-elsewhere-carries-nothing", test_redirect_elsewhere_carries_nothing);
  TEST ("second-redirect-elsewhere-carries-nothing",
        test_second_redirect_elsewhere_carries_nothing);
  TEST ("redirect-to-another-name-carries-nothing",
        test_redirect_to_another_name_carries_nothing);
  TEST ("no-proxy-within-this-computer", test_no_proxy_within_this_computer);
  TEST ("secret-stays-off-plain-http", test_secret_stays_off_plain_http);
  TEST ("certificates", test_certificates);
  TEST ("accepted-certificate", test_accepted_certificate);
  TEST ("tls-keeps-connections", test_tls_keeps_connections);
  TEST ("tls-bounds-what-flies", test_tls_bounds_what_flies);
  TEST ("tls-lets-go-what-waits", test_tls_lets_go_what_waits);
  TEST ("wrong-ca-file", test_wrong_ca_file);
  TEST ("plain-service-at-a-tls-address", test_plain_service_at_a_tls_address);
  TEST ("offline", test_offline);
  TEST ("times-out", test_times_out);
  TEST ("slow-is-not-dead", test_slow_is_not_dead);
  TEST ("cancel", test_cancel);
  TEST ("cancel-after-the-answer", test_cancel_after_the_answer);
  TEST ("close-completes-everything", test_close_completes_everything);
  TEST ("last-reference-goes-with-the-answer", test_last_reference_goes_with_the_answer);
  TEST ("delivers-together", test_delivers_together);
  TEST ("file-that-changed", test_file_that_changed);
  TEST ("memory-does-not-grow-with-the-file", test_memory_does_not_grow_with_the_file);
#undef TEST
  result = g_test_run ();
  assay_test_certificates_free (certificates);
  return result;
}
