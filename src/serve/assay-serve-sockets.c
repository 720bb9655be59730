/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "assay-serve-sockets.h"

/* @source and @timer_id are there while the socket is watched. */
typedef struct {
  AssayServeSockets *owner;
  GSocket *socket;
  GSource *source;
  guint timer_id;
} Watch;

struct _AssayServeSockets {
  GHashTable *watches;  /* GSocket → Watch */
};

static void
watch_stop (Watch *watch)
{
  g_clear_handle_id (&watch->timer_id, g_source_remove);
  if (watch->source != NULL)
    g_source_destroy (watch->source);
  g_clear_pointer (&watch->source, g_source_unref);
}

static void
watch_free (Watch *watch)
{
  watch_stop (watch);
  g_object_unref (watch->socket);
  g_free (watch);
}

/* Nothing is taken from the socket: what there is to read is libsoup's. */
static gboolean
has_ended (GSocket *socket)
{
  char byte;
  gssize n;

  if (g_socket_is_closed (socket))
    return TRUE;
  n = recv (g_socket_get_fd (socket), &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

/* At low priority, so that libsoup has seen the end before its descriptor goes. */
static gboolean
ready_cb (GSocket *socket,
          GIOCondition condition,
          gpointer data)
{
  Watch *watch = data;

  if (!has_ended (socket))
    return G_SOURCE_CONTINUE;
  g_socket_close (socket, NULL);
  g_hash_table_remove (watch->owner->watches, socket);
  return G_SOURCE_REMOVE;
}

/* Both libsoup and we see this as the end of the connection. */
static void
out_of_patience_cb (gpointer data)
{
  Watch *watch = data;

  watch->timer_id = 0;
  g_socket_shutdown (watch->socket, TRUE, TRUE, NULL);
}

/**
 * assay_serve_sockets_new:
 *
 * Returns: (transfer full): no sockets
 */
AssayServeSockets *
assay_serve_sockets_new (void)
{
  AssayServeSockets *self = g_new0 (AssayServeSockets, 1);

  self->watches = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) watch_free);
  return self;
}

void
assay_serve_sockets_free (AssayServeSockets *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->watches);
  g_free (self);
}

/**
 * assay_serve_sockets_get_n:
 * @self: the sockets
 *
 * Returns: how many are open
 */
guint
assay_serve_sockets_get_n (const AssayServeSockets *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_hash_table_size (self->watches);
}

/**
 * assay_serve_sockets_has:
 * @self: the sockets
 * @socket: (nullable): of a client
 *
 * Returns: whether it is one of them
 */
gboolean
assay_serve_sockets_has (const AssayServeSockets *self,
                         GSocket *socket)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_hash_table_contains (self->watches, socket);
}

/**
 * assay_serve_sockets_count_received:
 * @socket: (nullable): of a client
 *
 * Asks the system, as libsoup does not tell of a head before it is whole.
 *
 * Returns: bytes that have come on it so far; 0 where that is not known
 */
guint64
assay_serve_sockets_count_received (GSocket *socket)
{
  struct tcp_info info = { 0 };
  socklen_t length = sizeof info;

  if (socket == NULL || g_socket_is_closed (socket) ||
      getsockopt (g_socket_get_fd (socket), IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
    return 0;
  return info.tcpi_bytes_received;
}

/**
 * assay_serve_sockets_watch:
 * @self: the sockets
 * @socket: one of them, or a new one
 * @patience_ms: how long it may stay without a request
 *
 * From now on no request occupies the socket.
 */
void
assay_serve_sockets_watch (AssayServeSockets *self,
                           GSocket *socket,
                           guint patience_ms)
{
  Watch *watch;

  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_SOCKET (socket));

  watch = g_hash_table_lookup (self->watches, socket);
  if (watch == NULL)
    {
      watch = g_new0 (Watch, 1);
      watch->owner = self;
      watch->socket = g_object_ref (socket);
      g_hash_table_insert (self->watches, socket, watch);
    }
  watch_stop (watch);
  if (g_socket_is_closed (socket))
    {
      g_hash_table_remove (self->watches, socket);
      return;
    }
  watch->timer_id = g_timeout_add_once (patience_ms, out_of_patience_cb, watch);
  watch->source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_priority (watch->source, G_PRIORITY_LOW);
  g_source_set_callback (watch->source, G_SOURCE_FUNC (ready_cb), watch, NULL);
  g_source_attach (watch->source, NULL);
}

/**
 * assay_serve_sockets_hold:
 * @self: the sockets
 * @socket: one of them
 *
 * A request occupies the socket: libsoup sees to its end.
 */
void
assay_serve_sockets_hold (AssayServeSockets *self,
                          GSocket *socket)
{
  Watch *watch;

  g_return_if_fail (self != NULL);

  watch = g_hash_table_lookup (self->watches, socket);
  if (watch != NULL)
    watch_stop (watch);
}
