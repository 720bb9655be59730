/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* sink: reads each request whole and gives every one the same answer, so that a
 * benchmark measures the client.  A thread for each connection, blocking reads.
 *
 *   sink [--cert FILE.pem --key FILE.pem] [--delay MILLISECONDS]
 *
 * It listens on a free port of 127.0.0.1 and writes the port as its first line.
 * For each line on standard input it writes "REQUESTS BYTES CONNECTIONS", counted
 * since the one before: bytes are those of bodies that were read to their end, of
 * requests that were answered.  It ends with its standard input. */

#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_BYTES (256 * 1024)
#define HEAD_BYTES (16 * 1024)

static const char ANSWER_BODY[] =
    "{\"id\":\"1da09239-5e0f-44e8-5bd1-9ce03ea488ff\",\"predictions\":[{\"name\":\"photo.jpg\","
    "\"results\":[{\"label\":\"sunflowers\",\"score\":0.9573449492454529},"
    "{\"label\":\"dandelion\",\"score\":0.0396801233291626},"
    "{\"label\":\"tulips\",\"score\":0.0027627646923065186},"
    "{\"label\":\"daisy\",\"score\":0.00018524238839745522},"
    "{\"label\":\"roses\",\"score\":0.0000269435749942204}]}],"
    "\"processedTime\":\"2018-09-27T08:26:59.822949+00:00\",\"status\":\"DONE\"}";

typedef struct {
  GTlsCertificate *certificate;
  char *answer;
  gint64 bytes;
  int requests;
  int connections;
  int delay;                  /* milliseconds before each answer */
  GMutex lock;
} Sink;

/* Reads until the blank line.  Returns the length of the head, 0 at a clean end. */
static gsize
read_head (GInputStream *input,
           char *buffer,
           gsize *filled)
{
  for (;;)
    {
      char *end = *filled > 0 ? g_strstr_len (buffer, *filled, "\r\n\r\n") : NULL;
      gssize got;

      if (end != NULL)
        return end + 4 - buffer;
      if (*filled >= HEAD_BYTES)
        return 0;
      got = g_input_stream_read (input, buffer + *filled, BUFFER_BYTES - *filled, NULL, NULL);
      if (got <= 0)
        return 0;
      *filled += got;
    }
}

static guint64
find_content_length (const char *head,
                     gsize length)
{
  g_autofree char *lower = g_ascii_strdown (head, length);
  const char *found = strstr (lower, "\r\ncontent-length:");

  return found != NULL ? g_ascii_strtoull (found + strlen ("\r\ncontent-length:"), NULL, 10) : 0;
}

static gboolean
expects_continue (const char *head,
                  gsize length)
{
  g_autofree char *lower = g_ascii_strdown (head, length);

  return strstr (lower, "\r\nexpect: 100-continue") != NULL;
}

/* Reads one request and answers it.  Returns FALSE when the connection is over. */
static gboolean
serve_one (Sink *sink,
           GInputStream *input,
           GOutputStream *output,
           char *buffer,
           gsize *filled)
{
  gsize head = read_head (input, buffer, filled);
  guint64 left, length;
  gsize here;

  if (head == 0)
    return FALSE;
  length = left = find_content_length (buffer, head);
  if (expects_continue (buffer, head)
      && !g_output_stream_write_all (output, "HTTP/1.1 100 Continue\r\n\r\n", 25, NULL, NULL, NULL))
    return FALSE;
  here = MIN (left, *filled - head);
  left -= here;
  *filled -= head + here;
  memmove (buffer, buffer + head + here, *filled);
  while (left > 0)
    {
      gssize got = g_input_stream_read (input, buffer, MIN (left, BUFFER_BYTES), NULL, NULL);

      if (got <= 0)
        return FALSE;
      left -= got;
    }
  g_mutex_lock (&sink->lock);
  sink->requests++;
  sink->bytes += length;
  g_mutex_unlock (&sink->lock);
  if (sink->delay > 0)
    g_usleep (sink->delay * 1000u);
  return g_output_stream_write_all (output, sink->answer, strlen (sink->answer), NULL, NULL, NULL);
}

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection *connection,
        GObject *source,
        gpointer user_data)
{
  Sink *sink = user_data;
  g_autoptr(GIOStream) stream = G_IO_STREAM (g_object_ref (connection));
  g_autofree char *buffer = g_malloc (BUFFER_BYTES + 1);
  gsize filled = 0;

  g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, 1,
                       NULL);
  if (sink->certificate != NULL)
    {
      g_autoptr(GIOStream) tls =
          g_tls_server_connection_new (stream, sink->certificate, NULL);

      g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
      g_set_object (&stream, tls);
    }
  g_mutex_lock (&sink->lock);
  sink->connections++;
  g_mutex_unlock (&sink->lock);
  while (serve_one (sink, g_io_stream_get_input_stream (stream),
                    g_io_stream_get_output_stream (stream), buffer, &filled))
    continue;
  g_io_stream_close (stream, NULL, NULL);
  return TRUE;
}

static void
report (Sink *sink)
{
  g_mutex_lock (&sink->lock);
  printf ("%d %" G_GINT64_FORMAT " %d\n", sink->requests, sink->bytes, sink->connections);
  fflush (stdout);
  sink->requests = sink->connections = 0;
  sink->bytes = 0;
  g_mutex_unlock (&sink->lock);
}

static gpointer
report_worker (gpointer user_data)
{
  int byte;

  while ((byte = getchar ()) != EOF)
    if (byte == '\n')
      report (user_data);
  /* Connections may still be open in their threads: the process ends them. */
  _Exit (EXIT_SUCCESS);
}

int
main (int argc,
      char **argv)
{
  g_autofree char *cert = NULL;
  g_autofree char *key = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  Sink sink = { NULL };
  const GOptionEntry entries[] = {
    { "cert", 0, 0, G_OPTION_ARG_FILENAME, &cert, "Speak TLS with this certificate", "FILE" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, "Its key", "FILE" },
    { "delay", 0, 0, G_OPTION_ARG_INT, &sink.delay, "Take so long for each answer", "MS" },
    { NULL },
  };
  g_autoptr(GSocketService) service = g_threaded_socket_service_new (256);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || (cert != NULL
          && (sink.certificate = g_tls_certificate_new_from_files (cert, key, &error)) == NULL)
      || !g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                         G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error))
    {
      fprintf (stderr, "sink: %s\n", error->message);
      return EXIT_FAILURE;
    }

  sink.answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                 "Content-Length: %zu\r\n\r\n%s",
                                 strlen (ANSWER_BODY), ANSWER_BODY);
  g_mutex_init (&sink.lock);
  g_signal_connect (service, "run", G_CALLBACK (run_cb), &sink);
  printf ("%u\n", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective)));
  fflush (stdout);
  g_thread_unref (g_thread_new ("report", report_worker, &sink));
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}
