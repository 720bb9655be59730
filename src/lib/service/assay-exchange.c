/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-body-stream.h"
#include "assay-certificate.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-exchange.h"
#include "assay-limits.h"
#include "assay-network-error.h"
#include "assay-reply-words.h"

#define MAX_REDIRECTS 5
#define READ_BYTES (16 * 1024)

/* One request and its answer, blocking, on a network thread. */
typedef struct {
  AssayFlight *flight;
  SoupSession *session;
  GTlsDatabase *anchors;      /* (nullable) */
  SoupMessage *message;       /* of the try at hand */
  GTlsCertificateFlags certificate;
  gboolean fresh;             /* this try opened its own connection */
} Exchange;

static void
set_body (Exchange *self)
{
  AssayBody *body = self->flight->request->body;
  g_autoptr(GInputStream) stream = NULL;

  if (body == NULL)
    return;
  stream = assay_body_stream_new (body);
  soup_message_set_request_body (self->message, assay_body_get_media_type (body), stream,
                                 assay_body_get_length (body));
  self->flight->exchange.sent = 0;
}

/* libsoup wants the body once more, and has closed the stream that it had. */
static void
restarted_cb (SoupMessage *message,
              gpointer user_data)
{
  set_body (user_data);
}

static void
wrote_body_data_cb (SoupMessage *message,
                    guint bytes,
                    gpointer user_data)
{
  Exchange *self = user_data;

  self->flight->exchange.sent += bytes;
  g_atomic_int_set (&self->flight->phase, ASSAY_FLIGHT_ASKING);
  g_atomic_int_inc (&self->flight->progress);
}

/* Called when the system's store does not vouch for the certificate. */
static gboolean
accept_certificate_cb (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gpointer user_data)
{
  Exchange *self = user_data;
  GUri *uri = soup_message_get_uri (message);
  g_autoptr(GSocketConnectable) identity = NULL;

  identity = g_network_address_new (g_uri_get_host (uri), g_uri_get_port (uri));
  self->certificate = assay_certificate_check (certificate, flags, self->anchors,
                                               self->flight->fingerprint, identity,
                                               self->flight->cancellable);
  return self->certificate == 0;
}

/* TLS may go on from an earlier handshake of this process; then nobody is asked, though
 * what another connection has accepted this one need not.  Closed here, the connection
 * has carried nothing of the request. */
static void
judge_resumed (Exchange *self,
               SoupMessage *message,
               GTlsConnection *tls)
{
  GTlsCertificateFlags flags = g_tls_connection_get_peer_certificate_errors (tls);

  if (flags != 0
      && !accept_certificate_cb (message, g_tls_connection_get_peer_certificate (tls), flags, self))
    g_io_stream_close (G_IO_STREAM (tls), NULL, NULL);
}

static void
network_event_cb (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  gpointer user_data)
{
  Exchange *self = user_data;

  self->fresh = TRUE;
  g_atomic_int_set (&self->flight->phase, event == G_SOCKET_CLIENT_COMPLETE
                                            ? ASSAY_FLIGHT_ASKING : ASSAY_FLIGHT_CONNECTING);
  g_atomic_int_inc (&self->flight->progress);
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED && G_IS_TLS_CONNECTION (connection))
    judge_resumed (self, message, G_TLS_CONNECTION (connection));
}

static SoupMessage *
make_message (Exchange *self,
              GUri *uri)
{
  AssayFlight *flight = self->flight;
  SoupMessage *message = soup_message_new_from_uri (flight->request->method, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  /* Classifying and asking for a token can both be repeated; without saying so
   * libsoup opens a new connection for each POST. */
  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT | SOUP_MESSAGE_NO_REDIRECT
                                       | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE);
  for (guint i = 0; i < flight->request->headers->len; i++)
    {
      const AssayHeader *header = flight->request->headers->pdata[i];

      soup_message_headers_append (headers, header->name, header->value);
    }
  if (flight->authorization != NULL)
    soup_message_headers_replace (headers,
                                  flight->request->secret_header != NULL
                                      ? flight->request->secret_header
                                      : "Authorization",
                                  flight->authorization);
  g_signal_connect (message, "restarted", G_CALLBACK (restarted_cb), self);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), self);
  g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), self);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), self);
  return message;
}

/* What came of an answer before it broke, for a person to see. */
static void
keep_start (Exchange *self,
            const GByteArray *answer)
{
  if (answer->len > 0)
    self->flight->start = g_bytes_new (answer->data, MIN (answer->len, ASSAY_LIMIT_RAW_BYTES));
}

/* Reads to the end, whatever the length that was announced, and counts what
 * comes out of the decoder: a small compressed answer can be a large one. */
static GBytes *
read_answer (Exchange *self,
             GInputStream *stream,
             GError **error)
{
  g_autoptr(GByteArray) answer = g_byte_array_new ();

  for (;;)
    {
      gsize length = answer->len;
      gssize got;

      g_byte_array_set_size (answer, length + READ_BYTES);
      got = g_input_stream_read (stream, answer->data + length, READ_BYTES,
                                 self->flight->cancellable, error);
      g_byte_array_set_size (answer, length + MAX (got, 0));
      g_atomic_int_inc (&self->flight->progress);
      if (got < 0)
        {
          keep_start (self, answer);
          return NULL;
        }
      /* A copy of its own length: answers are kept, and the array has room for a
       * read more than it holds, fifty times what one needs. */
      if (got == 0)
        return g_bytes_new (answer->data, answer->len);
      if (answer->len > ASSAY_LIMIT_ANSWER_BYTES)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                       _("The answer is longer than %u MiB and was not read to its end. Check "
                         "that the address is that of a model service."),
                       ASSAY_LIMIT_ANSWER_BYTES / (1024 * 1024));
          keep_start (self, answer);
          return NULL;
        }
    }
}

static void
note_retry_after (Exchange *self,
                  const char *text)
{
  g_strlcpy (self->flight->exchange.retry_after, text != NULL ? text : "",
             sizeof self->flight->exchange.retry_after);
}

static const char *
get_header (const Exchange *self,
            const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (self->message), name);
}

/* What a body says of when to come back is what the header would have said. */
static AssayReply *
make_reply (Exchange *self,
            GBytes *body)
{
  AssayReply *reply = assay_reply_new (soup_message_get_status (self->message),
                                       soup_message_get_reason_phrase (self->message),
                                       get_header (self, "Content-Type"),
                                       get_header (self, "Retry-After"), body);
  g_autofree char *when = assay_reply_dup_retry_after (reply);

  note_retry_after (self, when);
  return reply;
}

static AssayReply *
try_once (Exchange *self,
          GUri *uri,
          GError **error)
{
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GBytes) body = NULL;

  g_clear_object (&self->message);
  g_clear_pointer (&self->flight->start, g_bytes_unref);
  self->message = make_message (self, uri);
  self->fresh = FALSE;
  /* A kept connection has no steps of its own. */
  g_atomic_int_set (&self->flight->phase, ASSAY_FLIGHT_ASKING);
  g_atomic_int_inc (&self->flight->progress);
  set_body (self);
  stream = soup_session_send (self->session, self->message, self->flight->cancellable, error);
  self->flight->exchange.status = soup_message_get_status (self->message);
  note_retry_after (self, get_header (self, "Retry-After"));
  if (stream == NULL)
    return NULL;
  g_atomic_int_set (&self->flight->phase, ASSAY_FLIGHT_ANSWERED);
  body = read_answer (self, stream, error);
  return body != NULL ? make_reply (self, body) : NULL;
}

/* A server may close a kept connection at the very moment at which we send on
 * it.  That says nothing about the request, which nobody has read. */
static gboolean
lost_a_kept_connection (Exchange *self,
                        const GError *error)
{
  return !self->fresh && self->flight->exchange.status == SOUP_STATUS_NONE
         && error->domain != ASSAY_ERROR
         && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         && !g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
}

static AssayReply *
try_again_once (Exchange *self,
                GUri *uri,
                GError **error)
{
  g_autoptr(GError) first = NULL;
  AssayReply *reply = try_once (self, uri, &first);

  if (reply != NULL)
    return reply;
  if (lost_a_kept_connection (self, first))
    return try_once (self, uri, error);
  g_propagate_error (error, g_steal_pointer (&first));
  return NULL;
}

static gboolean
is_redirect (guint status)
{
  return status == SOUP_STATUS_MOVED_PERMANENTLY || status == SOUP_STATUS_FOUND
         || status == SOUP_STATUS_SEE_OTHER || status == SOUP_STATUS_TEMPORARY_REDIRECT
         || status == SOUP_STATUS_PERMANENT_REDIRECT;
}

/* Only the same request at the same origin is sent again: a token and a picture
 * go to whom they were meant for. */
static gboolean
may_follow (Exchange *self,
            const char *from,
            const char *to)
{
  guint status = self->flight->exchange.status;
  g_autofree char *here = assay_endpoint_dup_origin (from);
  g_autofree char *there = assay_endpoint_dup_origin (to);

  return here != NULL && g_strcmp0 (here, there) == 0
         && (status == SOUP_STATUS_TEMPORARY_REDIRECT || status == SOUP_STATUS_PERMANENT_REDIRECT
             || g_str_equal (self->flight->request->method, "GET"));
}

static GUri *
find_redirect_target (Exchange *self,
                      GUri *uri,
                      GError **error)
{
  const char *location = soup_message_headers_get_one (
      soup_message_get_response_headers (self->message), "Location");
  g_autoptr(GUri) target = NULL;
  g_autofree char *from = g_uri_to_string (uri);
  g_autofree char *to = NULL;
  g_autofree char *here = assay_network_dup_place (from);
  g_autofree char *there = NULL;

  if (location != NULL)
    target = g_uri_parse_relative (uri, location, SOUP_HTTP_URI_FLAGS, NULL);
  if (target != NULL)
    {
      to = g_uri_to_string (target);
      if (may_follow (self, from, to))
        return g_steal_pointer (&target);
      there = assay_network_dup_place (to);
    }
  if (there != NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("%s sends requests on to another address (%s), where nothing was sent. Correct "
                   "the address."),
                 here, there);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("%s sends requests on to an address that is none. Correct the address."), here);
  return NULL;
}

static AssayReply *
follow (Exchange *self,
        GError **error)
{
  g_autoptr(GUri) uri = g_uri_parse (self->flight->request->url, SOUP_HTTP_URI_FLAGS, error);

  for (guint hops = 0; uri != NULL && hops <= MAX_REDIRECTS; hops++)
    {
      g_autoptr(AssayReply) reply = try_again_once (self, uri, error);
      g_autoptr(GUri) target = NULL;

      if (reply == NULL || !is_redirect (reply->status))
        return g_steal_pointer (&reply);
      target = find_redirect_target (self, uri, error);
      g_clear_pointer (&uri, g_uri_unref);
      uri = g_steal_pointer (&target);
    }
  if (uri != NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("The service sends requests on and on. Correct the address."));
  return NULL;
}

static GError *
explain (Exchange *self,
         const GError *raw)
{
  g_autoptr(GError) other = NULL;
  gboolean canceled = g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (canceled && g_atomic_int_get (&self->flight->timed_out))
    raw = other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
  else if (!canceled && self->certificate != 0)
    raw = other = g_error_new_literal (G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, "");
  return assay_network_error_new (raw, self->flight->request->url, self->certificate);
}

/**
 * assay_exchange_run:
 * @flight: what to send; gets its value or its error, and what it took
 * @session: the session of this thread
 * @anchors: (nullable): authorities to trust besides the system's
 *
 * Sends one request and reads its answer, blocking the calling thread.  Pulling
 * the flight's cancellable closes the connection and makes it return at once.
 * A kept connection that turns out to be closed is replaced once; a redirect is
 * followed within the same origin only.
 */
void
assay_exchange_run (AssayFlight *flight,
                    SoupSession *session,
                    GTlsDatabase *anchors)
{
  Exchange self = { .flight = flight, .session = session, .anchors = anchors };
  gint64 start = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;
  g_autoptr(AssayReply) reply = follow (&self, &error);

  flight->exchange.seconds = (g_get_monotonic_time () - start) / (double) G_USEC_PER_SEC;
  if (reply != NULL)
    flight->value = flight->read (reply, flight->read_data);
  else
    flight->error = explain (&self, error);
  g_clear_object (&self.message);
}
