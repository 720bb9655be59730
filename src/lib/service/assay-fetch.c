/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "assay-address.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-fetch.h"
#include "assay-limits.h"
#include "assay-network-error.h"

#define READ_BYTES (64 * 1024)
#define TOO_MANY_REQUESTS 429

/* What we can do something with comes first, for hosts that have a choice. */
#define ACCEPTED "image/jpeg, image/png, image/*;q=0.8, */*;q=0.5"

/* One picture on its way here.  Not on threads of its own as requests to a service
 * are: it is one now and then, and what comes is only kept. */
typedef struct {
  AssayFetchLimits limits;
  AssayFetchProgress progress; /* (nullable) */
  gpointer progress_data;
  SoupSession *session;
  SoupMessage *message;       /* of the try at hand */
  GUri *uri;
  GByteArray *bytes;
  GCancellable *cancellable;  /* of this one alone: the caller's and the deadline pull it */
  GCancellable *outer;        /* (nullable) the caller's */
  gulong canceled_id;
  GSource *deadline;
  GTlsCertificateFlags certificate;
  guint n_redirects;
  gboolean timed_out;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *self = data;

  g_cancellable_disconnect (self->outer, self->canceled_id);
  g_source_destroy (self->deadline);
  g_source_unref (self->deadline);
  soup_session_abort (self->session);
  g_object_unref (self->session);
  g_clear_object (&self->message);
  g_clear_pointer (&self->uri, g_uri_unref);
  g_byte_array_unref (self->bytes);
  g_object_unref (self->cancellable);
  g_clear_object (&self->outer);
  g_free (self);
}

/* "example.org", safe to show; with its port only if that is an unusual one. */
static char *
dup_place (Fetch *self)
{
  const char *host = g_uri_get_host (self->uri);
  int port = g_uri_get_port (self->uri);
  g_autofree char *raw = NULL;

  if (port < 0)
    return assay_display_text (host, -1, 255);
  raw = g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host, port);
  return assay_display_text (raw, -1, 255);
}

/* Nobody can be asked for a CA file here, and nobody should be: it is one picture
 * from somewhere. */
static GError *
new_certificate_error (const char *place)
{
  return g_error_new (ASSAY_ERROR, ASSAY_ERROR_CERTIFICATE,
                      _("The certificate of %s is not trusted, so that nothing was downloaded. "
                        "Save the picture in the browser and add the file."),
                      place);
}

static GError *
explain (Fetch *self,
         const GError *raw)
{
  g_autofree char *place = dup_place (self);
  g_autofree char *address = g_uri_to_string (self->uri);

  if (self->timed_out || g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (ASSAY_ERROR, ASSAY_ERROR_TIMED_OUT,
                        _("%s took too long to send the picture. Try again later."), place);
  if (g_error_matches (raw, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return new_certificate_error (place);
  if (g_error_matches (raw, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE)
      || g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    return g_error_new (ASSAY_ERROR, ASSAY_ERROR_OFFLINE,
                        _("%s cannot be reached. Check the network, then try again."), place);
  return assay_network_error_new (raw, address, self->certificate);
}

/* Takes both. */
static void
fail (GTask *task,
      GError *raw)
{
  g_autoptr (GError) reason = raw;
  Fetch *self = g_task_get_task_data (task);

  g_task_return_error (task, explain (self, reason));
  g_object_unref (task);
}

G_GNUC_PRINTF (3, 4)
static void
refuse (GTask *task,
        AssayError code,
        const char *format,
        ...)
{
  va_list args;

  va_start (args, format);
  g_task_return_error (task, g_error_new_valist (ASSAY_ERROR, code, format, args));
  va_end (args);
  g_object_unref (task);
}

static void
refuse_status (GTask *task,
               guint status)
{
  g_autofree char *place = dup_place (g_task_get_task_data (task));

  if (status == SOUP_STATUS_NOT_FOUND || status == SOUP_STATUS_GONE)
    refuse (task, ASSAY_ERROR_NOT_FOUND,
            _("%s has nothing at this address (HTTP %u). Check the address."), place, status);
  else if (status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN)
    refuse (task, ASSAY_ERROR_FORBIDDEN,
            _("%s does not give this picture to just anybody (HTTP %u). Save it in the browser "
              "and add the file."),
            place, status);
  else if (status == TOO_MANY_REQUESTS || status >= 500)
    refuse (task, ASSAY_ERROR_SERVICE,
            _("%s cannot send the picture just now (HTTP %u). Try again later."), place, status);
  else
    refuse (task, ASSAY_ERROR_REFUSED,
            _("%s does not send the picture (HTTP %u). Save it in the browser and add the file."),
            place, status);
}

static void
refuse_size (GTask *task)
{
  Fetch *self = g_task_get_task_data (task);

  refuse (task, ASSAY_ERROR_TOO_LARGE,
          _("It is larger than %u MiB, which no service takes; make it smaller"),
          (guint) (self->limits.bytes / (1024 * 1024)));
}

static guint64
get_announced (Fetch *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  goffset length = 0;

  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH)
    length = soup_message_headers_get_content_length (headers);
  return MAX (length, 0);
}

static void read_some (GTask *task, GInputStream *stream);

static void
some_cb (GObject *object,
         GAsyncResult *result,
         gpointer data)
{
  GTask *task = data;
  Fetch *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) some =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);

  if (some == NULL)
    {
      fail (task, error);
      return;
    }
  if (g_bytes_get_size (some) == 0)
    {
      g_task_return_pointer (task, g_bytes_new (self->bytes->data, self->bytes->len),
                             (GDestroyNotify) g_bytes_unref);
      g_object_unref (task);
      return;
    }
  /* Counted as it comes out of the decoder, whatever length was announced. */
  if (self->bytes->len + g_bytes_get_size (some) > self->limits.bytes)
    {
      refuse_size (task);
      return;
    }
  g_byte_array_append (self->bytes, g_bytes_get_data (some, NULL), g_bytes_get_size (some));
  if (self->progress != NULL)
    self->progress (self->bytes->len, get_announced (self), self->progress_data);
  read_some (task, G_INPUT_STREAM (object));
}

/* Takes the task. */
static void
read_some (GTask *task,
           GInputStream *stream)
{
  Fetch *self = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (stream, READ_BYTES, G_PRIORITY_DEFAULT, self->cancellable,
                                   some_cb, task);
}

static gboolean
is_redirect (guint status)
{
  return status == SOUP_STATUS_MOVED_PERMANENTLY || status == SOUP_STATUS_FOUND
         || status == SOUP_STATUS_SEE_OTHER || status == SOUP_STATUS_TEMPORARY_REDIRECT
         || status == SOUP_STATUS_PERMANENT_REDIRECT;
}

/* Where a redirect leads, without the name and password that it may bring; %NULL
 * for what isn't on the web. */
static GUri *
find_next (Fetch *self)
{
  const char *location =
    soup_message_headers_get_one (soup_message_get_response_headers (self->message), "Location");
  g_autoptr (GUri) next = NULL;
  g_autofree char *text = NULL;
  g_autofree char *address = NULL;

  if (location != NULL)
    next = g_uri_parse_relative (self->uri, location, SOUP_HTTP_URI_FLAGS, NULL);
  if (next == NULL)
    return NULL;
  text = g_uri_to_string (next);
  address = assay_address_normalize (text);
  if (address == NULL || assay_address_is_data (address))
    return NULL;
  return g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
}

static void send_request (GTask *task);

/* Takes the task. */
static void
follow (GTask *task)
{
  Fetch *self = g_task_get_task_data (task);
  g_autofree char *place = dup_place (self);
  g_autoptr (GUri) next = find_next (self);

  if (next == NULL)
    refuse (task, ASSAY_ERROR_REFUSED,
            _("%s sends on to an address that is none. Save the picture in the browser and add "
              "the file."),
            place);
  else if (g_str_equal (g_uri_get_scheme (self->uri), "https")
           && !g_str_equal (g_uri_get_scheme (next), "https"))
    refuse (task, ASSAY_ERROR_REFUSED,
            _("%s sends on to an address that is not secure, where nothing was fetched. Save the "
              "picture in the browser and add the file."),
            place);
  else if (++self->n_redirects > ASSAY_LIMIT_REDIRECTS)
    refuse (task, ASSAY_ERROR_REFUSED,
            _("%s sends on and on. Save the picture in the browser and add the file."), place);
  else
    {
      g_uri_unref (self->uri);
      self->uri = g_steal_pointer (&next);
      send_request (task);
    }
}

static void
sent_cb (GObject *object,
         GAsyncResult *result,
         gpointer data)
{
  GTask *task = data;
  Fetch *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream =
    soup_session_send_finish (SOUP_SESSION (object), result, &error);
  guint status = soup_message_get_status (self->message);
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (self->message);

  /* TLS may have gone on from the handshake of a connection whose certificate a person
   * has accepted, and asked nobody: that was for the connection alone. */
  if (stream != NULL && flags != 0)
    {
      self->certificate = flags;
      fail (task, g_error_new_literal (G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, ""));
    }
  else if (stream == NULL)
    fail (task, error);
  else if (is_redirect (status))
    follow (task);
  else if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    refuse_status (task, status);
  else if (get_announced (self) > self->limits.bytes)
    refuse_size (task);
  else
    read_some (task, stream);
}

static gboolean
accept_certificate_cb (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gpointer data)
{
  Fetch *self = data;

  self->certificate = flags;
  return FALSE;
}

/* Takes the task.  Each redirect is a request of our own, so that each address is
 * looked at before it is asked. */
static void
send_request (GTask *task)
{
  Fetch *self = g_task_get_task_data (task);

  g_clear_object (&self->message);
  self->message = soup_message_new_from_uri (SOUP_METHOD_GET, self->uri);
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT
                                           | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE);
  soup_message_headers_replace (soup_message_get_request_headers (self->message), "Accept",
                                ACCEPTED);
  g_signal_connect (self->message, "accept-certificate", G_CALLBACK (accept_certificate_cb),
                    self);
  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT, self->cancellable,
                           sent_cb, task);
}

/* On any thread. */
static void
canceled_cb (GCancellable *cancellable,
             gpointer data)
{
  g_cancellable_cancel (data);
}

static gboolean
deadline_cb (gpointer data)
{
  Fetch *self = data;

  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static GSource *
start_deadline (Fetch *self)
{
  GSource *source = g_timeout_source_new (self->limits.milliseconds);

  g_source_set_callback (source, deadline_cb, self, NULL);
  g_source_set_static_name (source, "[assay] fetch");
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

/* No jar for cookies and no keeper of passwords, not even for the proxy. */
static SoupSession *
new_session (const AssayFetchLimits *limits)
{
  SoupSession *session = soup_session_new_with_options (
    "timeout", limits->idle_seconds, "user-agent", "Assay/" ASSAY_VERSION, NULL);

  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  return session;
}

static Fetch *
fetch_new (const char *address,
           const AssayFetchLimits *limits,
           GCancellable *cancellable)
{
  Fetch *self = g_new0 (Fetch, 1);

  if (limits != NULL)
    self->limits = *limits;
  if (self->limits.bytes == 0)
    self->limits.bytes = ASSAY_LIMIT_FILE_BYTES;
  if (self->limits.idle_seconds == 0)
    self->limits.idle_seconds = ASSAY_LIMIT_DOWNLOAD_IDLE_SECONDS;
  if (self->limits.milliseconds == 0)
    self->limits.milliseconds = ASSAY_LIMIT_DOWNLOAD_SECONDS * 1000;
  self->uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  self->session = new_session (&self->limits);
  self->bytes = g_byte_array_new ();
  self->cancellable = g_cancellable_new ();
  self->outer = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  if (cancellable != NULL)
    self->canceled_id = g_cancellable_connect (cancellable, G_CALLBACK (canceled_cb),
                                               g_object_ref (self->cancellable), g_object_unref);
  self->deadline = start_deadline (self);
  return self;
}

static void
decode_worker (GTask *task,
               gpointer source,
               gpointer data,
               GCancellable *cancellable)
{
  GError *error = NULL;
  GBytes *bytes = assay_address_decode_data (data, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/**
 * assay_fetch_async:
 * @address: of a picture: http, https or data
 * @limits: (nullable): others than the usual ones
 * @progress: (nullable): called when some of it has come
 * @progress_data: for @progress, valid until the fetch has ended
 * @cancellable: (nullable): closes the connection
 *
 * Gets what is at an address that a person gave, as somebody without a name would:
 * no user, password, cookie or referrer is sent, whatever the address or a redirect
 * says.  At most %ASSAY_LIMIT_REDIRECTS redirects are followed, to http and https
 * only and never from https to http.  What comes is bounded in bytes, also once it
 * is unpacked, and in time.  An address of this computer or of the local network is
 * as good as any: somebody has chosen it.
 *
 * An address that holds its bytes itself ("data:…") is taken apart on a worker
 * thread; nobody is asked.
 */
void
assay_fetch_async (const char *address,
                   const AssayFetchLimits *limits,
                   AssayFetchProgress progress,
                   gpointer progress_data,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *clean = NULL;
  Fetch *fetch;

  g_return_if_fail (address != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, assay_fetch_async);
  clean = assay_address_normalize (address);
  if (clean == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                               _("This is not the address of a picture on the web"));
      return;
    }
  if (assay_address_is_data (clean))
    {
      g_task_set_task_data (task, g_steal_pointer (&clean), g_free);
      g_task_run_in_thread (task, decode_worker);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  fetch = fetch_new (clean, limits, cancellable);
  fetch->progress = progress;
  fetch->progress_data = progress_data;
  g_task_set_task_data (task, fetch, fetch_free);
  send_request (g_steal_pointer (&task));
}

/**
 * assay_fetch_finish:
 * @error: an #AssayError in words for the picture's row, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what was there, a picture or not
 */
GBytes *
assay_fetch_finish (GAsyncResult *result,
                    GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, assay_fetch_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
