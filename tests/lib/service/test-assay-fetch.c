/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <gio/gio.h>
#include <string.h>

#include "assay-error.h"
#include "assay-fetch.h"
#include "assay-limits.h"
#include "assay-test-certificates.h"
#include "assay-test-server.h"

#define WAIT_SECONDS 30
#define PICTURE "GIF89a, or so it says"

/* What became of one address. */
typedef struct {
  gboolean done;
  GBytes *bytes;
  GError *error;
} Fetched;

static void
fetched_clear (Fetched *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_error (&self->error);
  self->done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fetched, fetched_clear)

static void
fetched_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  Fetched *fetched = data;

  fetched->bytes = assay_fetch_finish (result, &fetched->error);
  g_assert_true ((fetched->bytes == NULL) == (fetched->error != NULL));
  fetched->done = TRUE;
}

static gboolean
out_of_time_cb (gpointer data)
{
  g_error ("Nothing happened for %d seconds", WAIT_SECONDS);
  return G_SOURCE_REMOVE;
}

static void
wait_for (Fetched *fetched)
{
  guint bound = g_timeout_add_seconds (WAIT_SECONDS, out_of_time_cb, NULL);

  while (!fetched->done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (bound);
}

static void
fetch_address (const char *address,
               const AssayFetchLimits *limits,
               Fetched *fetched)
{
  assay_fetch_async (address, limits, NULL, NULL, NULL, fetched_cb, fetched);
  wait_for (fetched);
}

static void
fetch (AssayTestServer *server,
       const char *path,
       const AssayFetchLimits *limits,
       Fetched *fetched)
{
  g_autofree char *address = assay_test_server_dup_url (server, path);

  fetch_address (address, limits, fetched);
}

static void
assert_picture (const Fetched *fetched)
{
  g_assert_no_error (fetched->error);
  g_assert_cmpmem (g_bytes_get_data (fetched->bytes, NULL), g_bytes_get_size (fetched->bytes),
                   PICTURE, strlen (PICTURE));
}

static void
assert_refused (const Fetched *fetched,
                int code,
                const char *words)
{
  g_assert_error (fetched->error, ASSAY_ERROR, code);
  g_assert_nonnull (strstr (fetched->error->message, words));
}

static AssayTestAnswer *
new_picture (void)
{
  return assay_test_answer_new (200, "image/gif", PICTURE);
}

static AssayTestAnswer *
new_redirect (guint status,
              const char *location)
{
  AssayTestAnswer *answer = assay_test_answer_new (status, "text/plain", "");

  if (location != NULL)
    assay_test_answer_add_header (answer, "Location", location);
  return answer;
}

static void
test_picture (void)
{
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_auto (Fetched) fetched = { 0 };

  assay_test_server_set (server, "/a b.gif", new_picture ());
  fetch (server, "/a%20b.gif?size=large", NULL, &fetched);
  assert_picture (&fetched);
  g_assert_cmpstr (assay_test_server_get_request (server, 0)->query, ==, "size=large");
}

/* A picture is fetched as somebody without a name would, whatever the address says
 * and whatever the server would like to be told at the next visit. */
static void
test_nobody (void)
{
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  guint port = assay_test_server_get_port (server);
  g_autofree char *address = g_strdup_printf ("http://me:secret@127.0.0.1:%u/a", port);
  g_autofree char *next = g_strdup_printf ("http://me:secret@127.0.0.1:%u/b", port);
  AssayTestAnswer *redirect = new_redirect (302, next);
  AssayTestAnswer *unauthorized = assay_test_answer_new (401, "text/plain", "");

  assay_test_answer_add_header (redirect, "Set-Cookie", "who=me; Path=/");
  assay_test_server_set (server, "/a", redirect);
  assay_test_answer_add_header (unauthorized, "WWW-Authenticate", "Basic realm=\"all\"");
  assay_test_server_set (server, "/b", unauthorized);
  for (guint i = 0; i < 2; i++)
    {
      g_auto (Fetched) fetched = { 0 };

      fetch_address (address, NULL, &fetched);
      assert_refused (&fetched, ASSAY_ERROR_FORBIDDEN, "(HTTP 401)");
    }
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      const AssayTestRequest *request = assay_test_server_get_request (server, i);

      g_assert_cmpstr (request->method, ==, "GET");
      g_assert_false (g_hash_table_contains (request->headers, "authorization"));
      g_assert_false (g_hash_table_contains (request->headers, "cookie"));
      g_assert_false (g_hash_table_contains (request->headers, "referer"));
      g_assert_false (g_hash_table_contains (request->headers, "accept-language"));
    }
}

static void
test_redirects (void)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_auto (Fetched) fetched = { 0 };

  for (guint i = 0; i < ASSAY_LIMIT_REDIRECTS; i++)
    assay_test_server_push (server, NULL, new_redirect (statuses[i], "../next/one"));
  assay_test_server_push (server, NULL, new_picture ());
  fetch (server, "/a/b", NULL, &fetched);
  assert_picture (&fetched);
  g_assert_cmpstr (assay_test_server_get_request (server, 5)->path, ==, "/next/one");
}

static void
test_redirect_loop (void)
{
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_auto (Fetched) fetched = { 0 };

  assay_test_server_set (server, NULL, new_redirect (302, "/again"));
  fetch (server, "/again", NULL, &fetched);
  assert_refused (&fetched, ASSAY_ERROR_REFUSED, "sends on and on");
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, ASSAY_LIMIT_REDIRECTS + 1);
}

static void
test_redirect_nowhere (void)
{
  static const char *const locations[] = {
    NULL, "file:///etc/passwd", "data:image/gif;base64,R0lG", "ftp://127.0.0.1/a", "http://",
  };
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (locations); i++)
    {
      g_auto (Fetched) fetched = { 0 };

      assay_test_server_push (server, NULL, new_redirect (302, locations[i]));
      fetch (server, "/a", NULL, &fetched);
      assert_refused (&fetched, ASSAY_ERROR_REFUSED, "sends on to an address that is none");
    }
}

static void
test_statuses (void)
{
  static const struct {
    guint status;
    AssayError code;
  } table[] = {
    { 400, ASSAY_ERROR_REFUSED },   { 401, ASSAY_ERROR_FORBIDDEN }, { 403, ASSAY_ERROR_FORBIDDEN },
    { 404, ASSAY_ERROR_NOT_FOUND }, { 410, ASSAY_ERROR_NOT_FOUND }, { 429, ASSAY_ERROR_SERVICE },
    { 500, ASSAY_ERROR_SERVICE },   { 503, ASSAY_ERROR_SERVICE },
  };
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (Fetched) fetched = { 0 };
      g_autofree char *words = g_strdup_printf ("(HTTP %u)", table[i].status);

      /* A picture as the page that says so is none that was asked for. */
      assay_test_server_push (server, NULL,
                              assay_test_answer_new (table[i].status, "image/gif", PICTURE));
      fetch (server, "/a", NULL, &fetched);
      assert_refused (&fetched, table[i].code, words);
    }
}

static void
test_too_large (void)
{
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\n";
  const AssayFetchLimits limits = { .bytes = 1024 * 1024 };
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_autofree char *announced = g_strconcat (head, "Content-Length: 1048577\r\n\r\nGIF", NULL);
  g_autofree char *zeros = g_strnfill (1024 * 1024 + 1, '0');
  g_autofree char *endless = g_strconcat (head, "Connection: close\r\n\r\n", zeros, NULL);
  AssayTestAnswer *packed = assay_test_answer_new (200, "image/gif", zeros);
  AssayTestAnswer *answers[3];

  assay_test_answer_gzip (packed);
  /* Nothing of it need come; without a length it is counted; and packed, unpacked. */
  answers[0] = assay_test_answer_new_raw (announced, strlen (announced), FALSE);
  answers[1] = assay_test_answer_new_raw (endless, strlen (endless), TRUE);
  answers[2] = packed;
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_auto (Fetched) fetched = { 0 };

      assay_test_server_push (server, NULL, answers[i]);
      fetch (server, "/a", &limits, &fetched);
      assert_refused (&fetched, ASSAY_ERROR_TOO_LARGE, "larger than 1 MiB");
    }
}

static void
test_no_length (void)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" PICTURE;
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_auto (Fetched) fetched = { 0 };

  assay_test_server_push (server, NULL,
                          assay_test_answer_new_raw (answer, sizeof answer - 1, TRUE));
  fetch (server, "/a", NULL, &fetched);
  assert_picture (&fetched);
}

static void
progress_cb (guint64 received,
             guint64 total,
             gpointer data)
{
  guint64 *last = data;

  g_assert_cmpuint (received, >, *last);
  g_assert_cmpuint (received, <=, total);
  g_assert_cmpuint (total, ==, strlen (PICTURE));
  *last = received;
}

static void
test_progress (void)
{
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_autofree char *address = assay_test_server_dup_url (server, "/a");
  g_auto (Fetched) fetched = { 0 };
  guint64 last = 0;

  assay_test_server_set (server, NULL, new_picture ());
  assay_fetch_async (address, NULL, progress_cb, &last, NULL, fetched_cb, &fetched);
  wait_for (&fetched);
  assert_picture (&fetched);
  g_assert_cmpuint (last, ==, strlen (PICTURE));
}

static void
test_cut_off (void)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" PICTURE;
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_auto (Fetched) fetched = { 0 };

  assay_test_server_push (server, NULL,
                          assay_test_answer_new_raw (answer, sizeof answer - 1, TRUE));
  fetch (server, "/a", NULL, &fetched);
  g_assert_error (fetched.error, ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
}

/* One that drips is never idle, but it ends with the time for the whole. */
static void
test_slow (void)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" PICTURE PICTURE
                               PICTURE PICTURE PICTURE PICTURE PICTURE PICTURE PICTURE PICTURE;
  const AssayFetchLimits limits = { .milliseconds = 300 };
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_auto (Fetched) fetched = { 0 };

  assay_test_server_push (server, NULL, assay_test_answer_new_drip (answer, 50));
  fetch (server, "/a", &limits, &fetched);
  assert_refused (&fetched, ASSAY_ERROR_TIMED_OUT, "took too long");
}

static void
test_silent (void)
{
  const AssayFetchLimits limits = { .idle_seconds = 1 };
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_auto (Fetched) fetched = { 0 };

  assay_test_server_push (server, NULL, assay_test_answer_new_silent ());
  fetch (server, "/a", &limits, &fetched);
  assert_refused (&fetched, ASSAY_ERROR_TIMED_OUT, "took too long");
}

static void
test_canceled (void)
{
  g_autoptr (AssayTestServer) server = assay_test_server_new (NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *address = assay_test_server_dup_url (server, "/a");
  g_auto (Fetched) fetched = { 0 };

  assay_test_server_set (server, NULL, assay_test_answer_new_silent ());
  assay_fetch_async (address, NULL, NULL, NULL, cancellable, fetched_cb, &fetched);
  while (assay_test_server_get_n_requests (server) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  wait_for (&fetched);
  g_assert_error (fetched.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* And before it began. */
  fetched_clear (&fetched);
  assay_fetch_async (address, NULL, NULL, NULL, cancellable, fetched_cb, &fetched);
  wait_for (&fetched);
  g_assert_error (fetched.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 1);
}

static void
test_no_server (void)
{
  AssayTestServer *server = assay_test_server_new (NULL, NULL);
  g_autofree char *address = assay_test_server_dup_url (server, "/a");
  g_auto (Fetched) refused = { 0 };
  g_auto (Fetched) unknown = { 0 };

  assay_test_server_free (server);
  fetch_address (address, NULL, &refused);
  assert_refused (&refused, ASSAY_ERROR_OFFLINE, "127.0.0.1:");
  fetch_address ("http://nobody.invalid/a.png", NULL, &unknown);
  assert_refused (&unknown, ASSAY_ERROR_OFFLINE, "nobody.invalid:80");
}

static void
test_certificate (void)
{
  g_autoptr (AssayTestCertificates) certificates = assay_test_certificates_new ();
  g_autoptr (AssayTestServer) server =
    assay_test_server_new (certificates->self_signed, certificates->key);
  g_auto (Fetched) fetched = { 0 };

  assay_test_server_set (server, NULL, new_picture ());
  fetch (server, "/a", NULL, &fetched);
  assert_refused (&fetched, ASSAY_ERROR_CERTIFICATE, "nothing was downloaded");
  g_assert_cmpuint (assay_test_server_get_n_requests (server), ==, 0);
}

/* Over a connection that nobody else can read there is no way to one that anybody
 * can; the other way about is fine. */
static void
test_downgrade (void)
{
  g_autoptr (AssayTestCertificates) certificates = assay_test_certificates_new ();
  g_autoptr (AssayTestServer) open = assay_test_server_new (NULL, NULL);
  g_autoptr (AssayTestServer) secure = assay_test_server_new (certificates->good,
                                                              certificates->key);
  g_autoptr (GTlsDatabase) trusted = g_tls_file_database_new (certificates->ca, NULL);
  g_autofree char *open_address = assay_test_server_dup_url (open, "/picture");
  g_autofree char *secure_address = assay_test_server_dup_url (secure, "/picture");
  g_auto (Fetched) down = { 0 };
  g_auto (Fetched) up = { 0 };

  g_tls_backend_set_default_database (g_tls_backend_get_default (), trusted);
  assay_test_server_set (secure, "/down", new_redirect (302, open_address));
  assay_test_server_set (open, "/up", new_redirect (302, secure_address));
  assay_test_server_set (secure, "/picture", new_picture ());
  fetch (secure, "/down", NULL, &down);
  assert_refused (&down, ASSAY_ERROR_REFUSED, "not secure");
  g_assert_cmpuint (assay_test_server_get_n_requests (open), ==, 0);
  fetch (open, "/up", NULL, &up);
  assert_picture (&up);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
}

static void
test_none (void)
{
  static const char *const addresses[] = { "file:///etc/passwd", "roses are red", "http://", "" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_auto (Fetched) fetched = { 0 };

      fetch_address (addresses[i], NULL, &fetched);
      assert_refused (&fetched, ASSAY_ERROR_USAGE, "not the address");
    }
}

static void
test_data (void)
{
  g_auto (Fetched) fetched = { 0 };
  g_auto (Fetched) damaged = { 0 };

  fetch_address ("data:text/plain,GIF89a, or%20so it says", NULL, &fetched);
  assert_picture (&fetched);
  fetch_address ("data:image/gif;base64,%zz", NULL, &damaged);
  assert_refused (&damaged, ASSAY_ERROR_DAMAGED, "damaged");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/fetch/picture", test_picture);
  g_test_add_func ("/assay/fetch/nobody", test_nobody);
  g_test_add_func ("/assay/fetch/redirects", test_redirects);
  g_test_add_func ("/assay/fetch/redirect-loop", test_redirect_loop);
  g_test_add_func ("/assay/fetch/redirect-nowhere", test_redirect_nowhere);
  g_test_add_func ("/assay/fetch/statuses", test_statuses);
  g_test_add_func ("/assay/fetch/too-large", test_too_large);
  g_test_add_func ("/assay/fetch/no-length", test_no_length);
  g_test_add_func ("/assay/fetch/progress", test_progress);
  g_test_add_func ("/assay/fetch/cut-off", test_cut_off);
  g_test_add_func ("/assay/fetch/slow", test_slow);
  g_test_add_func ("/assay/fetch/silent", test_silent);
  g_test_add_func ("/assay/fetch/canceled", test_canceled);
  g_test_add_func ("/assay/fetch/no-server", test_no_server);
  g_test_add_func ("/assay/fetch/certificate", test_certificate);
  g_test_add_func ("/assay/fetch/downgrade", test_downgrade);
  g_test_add_func ("/assay/fetch/none", test_none);
  g_test_add_func ("/assay/fetch/data", test_data);
  return g_test_run ();
}
