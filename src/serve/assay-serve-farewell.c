/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sys/socket.h>

#include "assay-serve-farewell.h"

#define SKIP_AT_ONCE 65536
#define LINGER_MS 2000

/* The last answer on a connection whose client is still sending.  A close with
 * unread bytes resets the connection, and the client loses the answer: so the
 * answer is written, our end is closed, and what still comes is thrown away
 * until the client ends or our patience does.  Then the connection is reset: a
 * close that finds everything read says so to nobody, and a client that waits for
 * room to send more would learn it a minute later. */
typedef struct {
  GIOStream *stream;
  GSocket *socket;  /* (nullable): below @stream */
  GCancellable *cancellable;
  guint timer_id;
  char *text;
} Farewell;

static void
farewell_free (Farewell *self)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_io_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_object_unref (self->stream);
  g_clear_object (&self->socket);
  g_object_unref (self->cancellable);
  g_free (self->text);
  g_free (self);
}

static void
enough_cb (gpointer data)
{
  const struct linger reset = { .l_onoff = 1, .l_linger = 0 };
  Farewell *self = data;

  self->timer_id = 0;
  if (self->socket != NULL)
    setsockopt (g_socket_get_fd (self->socket), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  g_cancellable_cancel (self->cancellable);
}

static void
skipped_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  Farewell *self = data;

  if (g_input_stream_skip_finish (G_INPUT_STREAM (source), result, NULL) > 0)
    g_input_stream_skip_async (G_INPUT_STREAM (source), SKIP_AT_ONCE, G_PRIORITY_LOW,
                               self->cancellable, skipped_cb, self);
  else
    farewell_free (self);
}

static void
written_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  Farewell *self = data;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    {
      farewell_free (self);
      return;
    }
  if (self->socket != NULL)
    g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
  g_input_stream_skip_async (g_io_stream_get_input_stream (self->stream), SKIP_AT_ONCE,
                             G_PRIORITY_LOW, self->cancellable, skipped_cb, self);
}

static char *
format (guint status,
        SoupMessageHeaders *headers,
        const char *body)
{
  GString *text = g_string_new (NULL);
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_set_content_length (headers, strlen (body));
  g_string_append_printf (text, "HTTP/1.1 %u %s\r\n", status, soup_status_get_phrase (status));
  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_string_append_printf (text, "%s: %s\r\n", name, value);
  g_string_append_printf (text, "\r\n%s", body);
  return g_string_free (text, FALSE);
}

/**
 * assay_farewell_say:
 * @stream: a connection that belongs to nobody else any more
 * @socket: (nullable): the socket below it
 * @status: of HTTP
 * @headers: of the answer
 * @body: (nullable): of the answer
 * @patience_ms: of the service; a farewell takes at most half of it, so that
 *   nobody else ends the connection meanwhile
 *
 * Says a last answer and closes the connection, in the background.
 */
void
assay_farewell_say (GIOStream *stream,
                    GSocket *socket,
                    guint status,
                    SoupMessageHeaders *headers,
                    const char *body,
                    guint patience_ms)
{
  Farewell *self;

  g_return_if_fail (G_IS_IO_STREAM (stream));

  self = g_new0 (Farewell, 1);
  self->stream = g_object_ref (stream);
  g_set_object (&self->socket, socket);
  self->cancellable = g_cancellable_new ();
  self->text = format (status, headers, body != NULL ? body : "");
  self->timer_id = g_timeout_add_once (MIN (patience_ms / 2, LINGER_MS), enough_cb, self);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (stream),
                                   self->text, strlen (self->text), G_PRIORITY_DEFAULT,
                                   self->cancellable, written_cb, self);
}
