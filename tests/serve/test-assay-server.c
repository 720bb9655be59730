/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Clients that misbehave, spoken to over real sockets with little patience. */

#include <string.h>

#include <glib/gstdio.h>

#include "assay-limits.h"
#include "assay-server.h"

#define PATIENCE_MS 200
#define BOUND_S 60

typedef struct {
  char *folder;
  AssayServer *server;
  GSocketConnection *connection;
  GString *said;      /* what the server has said so far */
  gboolean ended;     /* the server has closed */
  char buffer[4096];
} Fixture;

static void
fixture_init (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (AssayModelStore) store = NULL;
  g_autoptr (AssayWorkers) workers = assay_workers_new (1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  const char *folders[] = { NULL, NULL };
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("assay-server-XXXXXX", &error);
  g_assert_no_error (error);
  folders[0] = fixture->folder;
  store = assay_model_store_new (folders);
  fixture->server = assay_server_new (store, workers, NULL);
  assay_server_set_patience (fixture->server, PATIENCE_MS);
  assay_server_listen (fixture->server, address, &error);
  g_assert_no_error (error);
  fixture->said = g_string_new (NULL);
}

static gboolean
too_long_cb (gpointer data)
{
  g_error ("waited in vain");
  return G_SOURCE_REMOVE;
}

#define WAIT_UNTIL(condition) \
  G_STMT_START { \
    guint bound = g_timeout_add_seconds (BOUND_S, too_long_cb, NULL); \
    while (!(condition)) \
      g_main_context_iteration (NULL, TRUE); \
    g_source_remove (bound); \
  } G_STMT_END

static void
read_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  Fixture *fixture = data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n <= 0)
    {
      fixture->ended = TRUE;
      return;
    }
  g_string_append_len (fixture->said, fixture->buffer, n);
  g_input_stream_read_async (G_INPUT_STREAM (source), fixture->buffer, sizeof fixture->buffer,
                             G_PRIORITY_DEFAULT, NULL, read_cb, fixture);
}

static GSocketConnection *
connect_to (Fixture *fixture)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection;

  connection = g_socket_client_connect_to_host (client, assay_server_get_url (fixture->server) + 7,
                                                80, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static void
open_connection (Fixture *fixture)
{
  fixture->connection = connect_to (fixture);
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (fixture->connection)),
                             fixture->buffer, sizeof fixture->buffer, G_PRIORITY_DEFAULT, NULL,
                             read_cb, fixture);
}

static void
say (Fixture *fixture,
     const char *text)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (fixture->connection)),
                             text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
say_head (Fixture *fixture,
          const char *headers)
{
  g_autofree char *head = NULL;

  head = g_strdup_printf ("POST / HTTP/1.1\r\nHost: %s\r\n"
                          "Content-Type: multipart/form-data; boundary=xx\r\n%s\r\n",
                          assay_server_get_url (fixture->server) + 7, headers);
  say (fixture, head);
}

static void
fixture_clear (Fixture *fixture,
               gconstpointer data)
{
  if (fixture->connection != NULL)
    {
      WAIT_UNTIL (fixture->ended);
      g_clear_object (&fixture->connection);
    }
  assay_server_stop (fixture->server);
  WAIT_UNTIL (!assay_server_is_busy (fixture->server) &&
              !assay_model_store_is_busy (assay_server_get_store (fixture->server)));
  g_assert_finalize_object (fixture->server);
  g_string_free (fixture->said, TRUE);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static void
assert_said (Fixture *fixture,
             const char *status)
{
  g_autofree char *first = g_strconcat ("HTTP/1.1 ", status, " ", NULL);

  if (!g_str_has_prefix (fixture->said->str, first))
    g_error ("said “%s”, not %s", fixture->said->str, status);
}

static void
test_silence_is_hung_up (Fixture *fixture,
                         gconstpointer data)
{
  open_connection (fixture);
  WAIT_UNTIL (fixture->ended);
  g_assert_cmpstr (fixture->said->str, ==, "");
}

static void
test_half_a_head_is_told_so (Fixture *fixture,
                             gconstpointer data)
{
  open_connection (fixture);
  say (fixture, "POST / HTTP/1.1\r\nHost: ");
  WAIT_UNTIL (fixture->ended);
  assert_said (fixture, "408");
}

/* A byte now and then does not buy more time. */
static gboolean
drip_cb (gpointer data)
{
  Fixture *fixture = data;

  g_output_stream_write (g_io_stream_get_output_stream (G_IO_STREAM (fixture->connection)),
                         "x", 1, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

/* Each of them at another moment; the first ones before the server has looked at what
 * came, the last ones after it would have told them that they are slow. */
static gboolean
leave_cb (gpointer data)
{
  GPtrArray *connections = data;

  g_ptr_array_remove_index (connections, connections->len - 1);
  return connections->len > 0;
}

/* libsoup says nothing of them: it is for us to see that nobody is there to be told. */
static void
test_half_a_head_may_leave (Fixture *fixture,
                            gconstpointer data)
{
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 40; i++)
    {
      GSocketConnection *connection = connect_to (fixture);

      g_ptr_array_add (connections, connection);
      g_assert_true (g_output_stream_write_all (
        g_io_stream_get_output_stream (G_IO_STREAM (connection)), "POST / HT", 9, NULL, NULL, NULL));
    }
  g_timeout_add (PATIENCE_MS / 80 + 1, leave_cb, connections);
  WAIT_UNTIL (connections->len == 0);
  /* Who comes now is told last. */
  open_connection (fixture);
  say (fixture, "POST / HT");
  WAIT_UNTIL (fixture->said->len > 0);
  assert_said (fixture, "408");
}

static void
test_a_slow_body_is_told_so (Fixture *fixture,
                             gconstpointer data)
{
  guint drip;

  open_connection (fixture);
  say_head (fixture, "Content-Length: 100000\r\n");
  drip = g_timeout_add (PATIENCE_MS / 10, drip_cb, fixture);
  WAIT_UNTIL (fixture->said->len > 0);
  g_source_remove (drip);
  assert_said (fixture, "408");
  WAIT_UNTIL (fixture->ended);
  g_assert_nonnull (strstr (fixture->said->str, "\"code\":\"408\""));
  g_assert_nonnull (strstr (fixture->said->str, "Connection: close"));
}

static void
test_a_length_too_large_is_refused_unread (Fixture *fixture,
                                           gconstpointer data)
{
  g_autofree char *length = NULL;

  length = g_strdup_printf ("Content-Length: %u\r\n", ASSAY_LIMIT_REQUEST_BYTES + 1);
  open_connection (fixture);
  say_head (fixture, length);
  WAIT_UNTIL (fixture->said->len > 0);
  assert_said (fixture, "413");
}

static void
test_a_length_too_large_is_refused_before_the_body (Fixture *fixture,
                                                    gconstpointer data)
{
  open_connection (fixture);
  say_head (fixture, "Content-Length: 99999999999\r\nExpect: 100-continue\r\n");
  WAIT_UNTIL (fixture->said->len > 0);
  assert_said (fixture, "413");
}

/* No Content-Length at all: the body is counted as it comes, and the answer
 * arrives although the client never stops sending. */
typedef struct {
  Fixture *fixture;
  char *chunk;
  gsize length;
  guint64 sent;
  gboolean ended;
} Flood;

static void
flood_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  Flood *flood = data;

  if (result != NULL &&
      !g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    {
      flood->ended = TRUE;
      return;
    }
  flood->sent += flood->length;
  g_output_stream_write_all_async (G_OUTPUT_STREAM (source), flood->chunk, flood->length,
                                   G_PRIORITY_DEFAULT, NULL, flood_cb, flood);
}

static void
start_flood (Flood *flood)
{
  GIOStream *stream = G_IO_STREAM (flood->fixture->connection);

  flood_cb (G_OBJECT (g_io_stream_get_output_stream (stream)), NULL, flood);
}

static void
test_a_flood_is_cut_off (Fixture *fixture,
                         gconstpointer data)
{
  g_autofree char *zeros = g_strnfill (65536, '0');
  g_autofree char *chunk = g_strdup_printf ("10000\r\n%s\r\n", zeros);
  Flood flood = { fixture, chunk, strlen (chunk), 0, FALSE };

  assay_server_set_patience (fixture->server, BOUND_S * 1000);
  open_connection (fixture);
  say_head (fixture, "Transfer-Encoding: chunked\r\n");
  start_flood (&flood);
  WAIT_UNTIL (flood.ended);
  WAIT_UNTIL (fixture->ended);
  assert_said (fixture, "413");
  g_assert_cmpuint (flood.sent, >, ASSAY_LIMIT_REQUEST_BYTES);
}

/* What is refused for another reason is not read to its end either. */
static void
test_a_refused_flood_is_cut_off (Fixture *fixture,
                                 gconstpointer data)
{
  g_autofree char *zeros = g_strnfill (65536, '0');
  g_autofree char *chunk = g_strdup_printf ("10000\r\n%s\r\n", zeros);
  Flood flood = { fixture, chunk, strlen (chunk), 0, FALSE };

  open_connection (fixture);
  say_head (fixture, "Transfer-Encoding: chunked\r\nOrigin: http://evil.example\r\n");
  start_flood (&flood);
  WAIT_UNTIL (flood.ended);
  WAIT_UNTIL (fixture->ended);
  assert_said (fixture, "403");
}

/* Many bodies that are each within the bounds are not, together. */
static void
test_bodies_share_their_room (Fixture *fixture,
                              gconstpointer data)
{
  g_autofree char *zeros = g_strnfill (100000, '0');

  assay_server_set_room (fixture->server, 50000);
  open_connection (fixture);
  say_head (fixture, "Content-Length: 100000\r\n");
  say (fixture, zeros);
  WAIT_UNTIL (fixture->ended);
  assert_said (fixture, "503");

  /* and the room is there again */
  g_clear_object (&fixture->connection);
  g_string_truncate (fixture->said, 0);
  fixture->ended = FALSE;
  open_connection (fixture);
  say_head (fixture, "Content-Length: 40000\r\nConnection: close\r\n");
  zeros[40000] = '\0';
  say (fixture, zeros);
  WAIT_UNTIL (fixture->ended);
  assert_said (fixture, "400");
}

/* One more connection than there may be is closed at once, the others stay. */
static void
test_connections_are_counted (Fixture *fixture,
                              gconstpointer data)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_object_unref);

  assay_server_set_patience (fixture->server, BOUND_S * 1000);
  for (guint i = 0; i < ASSAY_LIMIT_CONNECTIONS; i++)
    {
      g_ptr_array_add (others, connect_to (fixture));
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  open_connection (fixture);
  WAIT_UNTIL (fixture->ended);
  g_assert_cmpstr (fixture->said->str, ==, "");
  for (guint i = 0; i < others->len; i++)
    {
      GSocket *socket = g_socket_connection_get_socket (g_ptr_array_index (others, i));

      g_assert_false (g_socket_condition_check (socket, G_IO_IN | G_IO_HUP));
    }
}

#define ADD(name, function) \
  g_test_add ("/assay/server/" name, Fixture, NULL, fixture_init, function, fixture_clear)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("silence-is-hung-up", test_silence_is_hung_up);
  ADD ("half-a-head-is-told-so", test_half_a_head_is_told_so);
  ADD ("half-a-head-may-leave", test_half_a_head_may_leave);
  ADD ("a-slow-body-is-told-so", test_a_slow_body_is_told_so);
  ADD ("a-length-too-large-is-refused-unread", test_a_length_too_large_is_refused_unread);
  ADD ("a-length-too-large-is-refused-before-the-body",
       test_a_length_too_large_is_refused_before_the_body);
  ADD ("a-flood-is-cut-off", test_a_flood_is_cut_off);
  ADD ("a-refused-flood-is-cut-off", test_a_refused_flood_is_cut_off);
  ADD ("bodies-share-their-room", test_bodies_share_their_room);
  ADD ("connections-are-counted", test_connections_are_counted);
  return g_test_run ();
}
