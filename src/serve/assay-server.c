/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "assay-limits.h"
#include "assay-serve-mlf.h"
#include "assay-serve-oip.h"
#include "assay-serve-request.h"
#include "assay-serve-sockets.h"
#include "assay-serve-token.h"
#include "assay-server.h"

/**
 * AssayServer:
 *
 * The socket and who may speak on it.  A request is looked at when its headers
 * have come, before any of its body is read: whom it was meant for, who sends
 * it, which address, how large; what passes is handed to its route.
 *
 * Invariants: @requests (SoupServerMessage → AssayServeRequest) has each open
 * request, also those whose headers have not come; @sockets has each connection,
 * and watches those of them that no request occupies; @url is there once it
 * listens.
 */
struct _AssayServer
{
  GObject parent_instance;
  SoupServer *soup;
  AssayModelStore *store;
  AssayWorkers *workers;
  AssayServeAuth *auth;   /* (nullable): nobody has to sign in */
  GHashTable *requests;
  AssayServeSockets *sockets;
  char *url;              /* (nullable) */
  char **hosts;           /* (nullable): what it goes by where it listens, with the port */
  char **names;           /* (nullable): what it was told to go by too */
  gboolean any_address;   /* it listens on every address */
  AssayServeRoom room;
  guint patience_ms;
  gboolean stopping;
};

G_DEFINE_FINAL_TYPE (AssayServer, assay_server, G_TYPE_OBJECT)

/* Without its port, and without the brackets of IPv6. */
static char *
dup_name (const char *host)
{
  const char *end = host[0] == '[' ? strchr (host, ']') : strchr (host, ':');

  if (host[0] == '[' && end != NULL)
    return g_strndup (host + 1, end - host - 1);
  return end != NULL ? g_strndup (host, end - host) : g_strdup (host);
}

/* A name given without a port goes for every port: a proxy may stand before us. */
static gboolean
is_given_name (AssayServer *self,
               const char *host,
               const char *name)
{
  for (guint i = 0; self->names != NULL && self->names[i] != NULL; i++)
    if (g_ascii_strcasecmp (self->names[i], host) == 0 ||
        g_ascii_strcasecmp (self->names[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* A name in a Host header that is not ours means that somebody's web page had
 * its own name resolved to our address (DNS rebinding).  An address in figures
 * is nobody's name, so where we listen on all of them each will do. */
static gboolean
is_own_host (AssayServer *self,
             const char *host)
{
  g_autofree char *name = dup_name (host);

  for (guint i = 0; self->hosts != NULL && self->hosts[i] != NULL; i++)
    if (g_ascii_strcasecmp (self->hosts[i], host) == 0)
      return TRUE;
  return (self->any_address && g_hostname_is_ip_address (name)) ||
         is_given_name (self, host, name);
}

static gboolean
is_own_origin (const char *host,
               const char *origin)
{
  g_autofree char *own = g_strconcat ("http://", host, NULL);

  return g_ascii_strcasecmp (own, origin) == 0;
}

static char *
format_host (const char *name,
             guint port)
{
  return g_strdup_printf (strchr (name, ':') != NULL ? "[%s]:%u" : "%s:%u", name, port);
}

/* The address line may name a host too (absolute form): it must be ours as well. */
static gboolean
check_host (AssayServer *self,
            SoupServerMessage *message,
            AssayServeRequest *request)
{
  const char *host = assay_serve_request_get_header (request, "Host");
  const char *origin = assay_serve_request_get_header (request, "Origin");
  GUri *uri = soup_server_message_get_uri (message);
  g_autofree char *line = NULL;

  line = format_host (g_uri_get_host (uri), g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : 80);
  if (host == NULL || !is_own_host (self, host) || !is_own_host (self, line))
    {
      assay_serve_request_refuse (request, SOUP_STATUS_FORBIDDEN,
                                  "The Host of the request is not this service");
      return FALSE;
    }
  if (origin != NULL && !is_own_origin (host, origin))
    {
      assay_serve_request_refuse (request, SOUP_STATUS_FORBIDDEN,
                                  "Requests of web pages are not taken");
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_there (AssayServer *self,
          const AssayRoute *route)
{
  if (self->auth != NULL)
    return (route->flags & ASSAY_ROUTE_NO_AUTH) == 0;
  return (route->flags & ASSAY_ROUTE_AUTH) == 0;
}

static const AssayRoute *
find_route_in (AssayServer *self,
               const AssayRoute *routes,
               guint n_routes,
               char **segments,
               AssayServeRequest *request)
{
  char **captures;

  for (guint i = 0; i < n_routes; i++)
    if (is_there (self, &routes[i]) &&
        assay_route_match (&routes[i], (const char *const *) segments, &captures))
      {
        assay_serve_request_set_route (request, &routes[i], captures);
        return &routes[i];
      }
  return NULL;
}

static const AssayRoute *
find_route (AssayServer *self,
            AssayServeRequest *request)
{
  static const AssayRoute *(*const contracts[]) (guint *n_routes) = {
    assay_serve_mlf_get_routes,
    assay_serve_oip_get_routes,
    assay_serve_token_get_routes,
  };
  g_auto (GStrv) segments = assay_serve_request_dup_segments (request);
  const AssayRoute *route = NULL;

  for (guint i = 0; segments != NULL && route == NULL && i < G_N_ELEMENTS (contracts); i++)
    {
      guint n_routes;
      const AssayRoute *routes = contracts[i] (&n_routes);

      route = find_route_in (self, routes, n_routes, segments, request);
    }
  if (route == NULL)
    assay_serve_request_refuse (request, SOUP_STATUS_NOT_FOUND, "URL does not exist");
  return route;
}

static gboolean
check_method (const AssayRoute *route,
              AssayServeRequest *request)
{
  const char *method = assay_serve_request_get_method (request);
  g_autofree char *allow = NULL;

  if ((route->flags & ASSAY_ROUTE_GET) != 0 &&
      (strcmp (method, "GET") == 0 || strcmp (method, "HEAD") == 0))
    return TRUE;
  if ((route->flags & ASSAY_ROUTE_POST) != 0 && strcmp (method, "POST") == 0)
    return TRUE;

  allow = assay_route_dup_allow (route);
  assay_serve_request_add_header (request, "Allow", allow);
  if (strcmp (method, "OPTIONS") == 0)
    assay_serve_request_answer (request, SOUP_STATUS_NO_CONTENT, NULL);
  else
    assay_serve_request_refuse (request, SOUP_STATUS_METHOD_NOT_ALLOWED,
                                "The method is not allowed for this URL");
  return FALSE;
}

static gboolean
check_token (AssayServer *self,
             const AssayRoute *route,
             AssayServeRequest *request)
{
  const char *authorization = assay_serve_request_get_header (request, "Authorization");

  if (self->auth == NULL || (route->flags & ASSAY_ROUTE_PUBLIC) != 0 ||
      assay_serve_auth_check_bearer (self->auth, authorization, g_get_monotonic_time ()))
    return TRUE;

  assay_serve_request_add_header (request, "WWW-Authenticate",
                                  authorization != NULL
                                    ? "Bearer realm=\"assay\", error=\"invalid_token\""
                                    : "Bearer realm=\"assay\"");
  assay_serve_request_refuse (request, SOUP_STATUS_UNAUTHORIZED,
                              authorization != NULL ? "The token is not valid or has expired"
                                                    : "A bearer token is needed");
  return FALSE;
}

static gboolean
check_room (AssayServer *self,
            AssayServeRequest *request)
{
  if (!self->stopping && self->room.held < self->room.limit)
    return TRUE;
  assay_serve_request_add_header (request, "Retry-After", "1");
  assay_serve_request_refuse (request, SOUP_STATUS_SERVICE_UNAVAILABLE,
                              self->stopping ? "The service is stopping" : "The service is busy");
  return FALSE;
}

/* A length that says itself that it is too large saves both sides the trouble;
 * one that does not is not believed, and the body is counted as it comes. */
static gboolean
check_length (SoupServerMessage *message,
              const AssayRoute *route,
              AssayServeRequest *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH ||
      soup_message_headers_get_content_length (headers) <= (goffset) route->limit)
    return TRUE;
  assay_serve_request_refuse (request, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                              "Invalid request: The request is too large");
  return FALSE;
}

/* Who announces more than is thrown away for courtesy, and does not wait to be
 * asked for it, is answered and cut off at once. */
static void
finish_refusal (SoupServerMessage *message,
                AssayServeRequest *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if ((soup_message_headers_get_expectations (headers) & SOUP_EXPECTATION_CONTINUE) != 0)
    assay_serve_request_add_header (request, "Connection", "close");
  else if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
           soup_message_headers_get_content_length (headers) > ASSAY_LIMIT_SMALL_REQUEST_BYTES)
    assay_serve_request_hang_up (request, 0, NULL);
}

/* Nothing is unpacked that does not say how large it will be. */
static gboolean
check_encoding (AssayServeRequest *request)
{
  const char *encoding = assay_serve_request_get_header (request, "Content-Encoding");

  if (encoding == NULL || g_ascii_strcasecmp (encoding, "identity") == 0)
    return TRUE;
  assay_serve_request_refuse (request, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE,
                              "Invalid request: Compressed requests are not taken");
  return FALSE;
}

static void
headers_cb (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  AssayServer *self = ASSAY_SERVER (data);
  AssayServeRequest *request = g_hash_table_lookup (self->requests, message);
  const AssayRoute *route;

  if (request == NULL)
    return;
  assay_serve_sockets_hold (self->sockets, soup_server_message_get_socket (message));
  soup_message_headers_remove (soup_server_message_get_request_headers (message), "Range");
  assay_serve_request_read_body (request, 0);
  if (check_host (self, message, request) &&
      (route = find_route (self, request)) != NULL &&
      check_method (route, request) &&
      check_token (self, route, request) &&
      check_room (self, request) &&
      check_encoding (request) &&
      check_length (message, route, request))
    assay_serve_request_read_body (request, route->limit);
  else
    finish_refusal (message, request);
}

static void
body_cb (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  AssayServer *self = ASSAY_SERVER (data);
  g_autoptr (AssayServeRequest) request = NULL;

  g_set_object (&request, g_hash_table_lookup (self->requests, message));
  if (request == NULL)
    return;
  assay_serve_request_end_body (request);
  if (!assay_serve_request_is_answered (request))
    assay_serve_request_get_route (request)->handle (self, request);
}

static void
watch_socket (AssayServer *self,
              SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL)
    assay_serve_sockets_watch (self->sockets, socket, self->patience_ms);
}

static void
closed_cb (AssayServeRequest *request,
           AssayServer *self)
{
  SoupServerMessage *message = assay_serve_request_get_message (request);

  watch_socket (self, message);
  g_hash_table_remove (self->requests, message);
}

static void
started_cb (SoupServer *soup,
            SoupServerMessage *message,
            AssayServer *self)
{
  GSocket *socket = soup_server_message_get_socket (message);
  gboolean kept = assay_serve_sockets_has (self->sockets, socket);
  AssayServeRequest *request;

  request = assay_serve_request_new (message, &self->room,
                                     kept ? assay_serve_sockets_count_received (socket) : 0,
                                     self->patience_ms);
  g_signal_connect_object (request, "closed", G_CALLBACK (closed_cb), self, 0);
  g_hash_table_insert (self->requests, message, request);
  watch_socket (self, message);
  if (assay_serve_sockets_get_n (self->sockets) > ASSAY_LIMIT_CONNECTIONS)
    assay_serve_request_close (request);
}

/* Of names and addresses only the route is logged: what clients put into a path
 * may be anything, and this at the level of debugging alone. */
static void
ended_cb (SoupServer *soup,
          SoupServerMessage *message,
          AssayServer *self)
{
  AssayServeRequest *request = g_hash_table_lookup (self->requests, message);
  const AssayRoute *route;

  if (request == NULL)
    return;
  route = assay_serve_request_get_route (request);
  g_debug ("%s /%s %u", soup_server_message_get_method (message) != NULL
                          ? soup_server_message_get_method (message) : "-",
           route != NULL ? route->pattern : "?", soup_server_message_get_status (message));
  assay_serve_request_let_go (request);
}

static void
assay_server_dispose (GObject *object)
{
  AssayServer *self = ASSAY_SERVER (object);

  assay_server_disconnect (self);
  g_clear_object (&self->soup);
  g_clear_object (&self->store);
  g_clear_object (&self->workers);
  G_OBJECT_CLASS (assay_server_parent_class)->dispose (object);
}

static void
assay_server_finalize (GObject *object)
{
  AssayServer *self = ASSAY_SERVER (object);

  g_clear_pointer (&self->requests, g_hash_table_unref);
  g_clear_pointer (&self->sockets, assay_serve_sockets_free);
  g_clear_pointer (&self->auth, assay_serve_auth_free);
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->hosts, g_strfreev);
  g_clear_pointer (&self->names, g_strfreev);
  G_OBJECT_CLASS (assay_server_parent_class)->finalize (object);
}

static void
assay_server_class_init (AssayServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_server_dispose;
  object_class->finalize = assay_server_finalize;
}

static void
assay_server_init (AssayServer *self)
{
  self->patience_ms = ASSAY_LIMIT_REQUEST_SECONDS * 1000;
  self->room.limit = ASSAY_LIMIT_REQUESTS_BYTES;
  self->requests = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->sockets = assay_serve_sockets_new ();
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_early_handler (self->soup, NULL, headers_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, body_cb, self, NULL);
  g_signal_connect_object (self->soup, "request-started", G_CALLBACK (started_cb), self, 0);
  g_signal_connect_object (self->soup, "request-finished", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (self->soup, "request-aborted", G_CALLBACK (ended_cb), self, 0);
}

/**
 * assay_server_new:
 * @store: the models
 * @workers: the threads that classify
 * @auth: (transfer full) (nullable): who may sign in; %NULL if nobody has to
 *
 * Returns: (transfer full): a service that does not listen yet
 */
AssayServer *
assay_server_new (AssayModelStore *store,
                  AssayWorkers *workers,
                  AssayServeAuth *auth)
{
  AssayServer *self;

  g_return_val_if_fail (ASSAY_IS_MODEL_STORE (store), NULL);
  g_return_val_if_fail (ASSAY_IS_WORKERS (workers), NULL);

  self = g_object_new (ASSAY_TYPE_SERVER, NULL);
  self->store = g_object_ref (store);
  self->workers = g_object_ref (workers);
  self->auth = auth;
  return self;
}

/**
 * assay_server_set_patience:
 * @self: a service
 * @patience_ms: how long each stage of a request that comes from now on may
 *   take, of which a third (%ASSAY_LIMIT_REQUEST_IDLE_SHARE) without a byte
 */
void
assay_server_set_patience (AssayServer *self,
                           guint patience_ms)
{
  g_return_if_fail (ASSAY_IS_SERVER (self));

  self->patience_ms = patience_ms;
}

/**
 * assay_server_set_names:
 * @self: a service
 * @names: (nullable) (array zero-terminated=1): names or addresses, with or
 *   without a port
 *
 * What clients may call it besides the address that it listens on.
 */
void
assay_server_set_names (AssayServer *self,
                        const char *const *names)
{
  g_return_if_fail (ASSAY_IS_SERVER (self));

  g_strfreev (self->names);
  self->names = g_strdupv ((char **) names);
}

/**
 * assay_server_set_room:
 * @self: a service
 * @room: bytes that all bodies together may take
 */
void
assay_server_set_room (AssayServer *self,
                       gsize room)
{
  g_return_if_fail (ASSAY_IS_SERVER (self));

  self->room.limit = room;
}

/* The names under which a client may have reached us; a port of 80 may be left
 * out. */
static char **
list_own_hosts (GInetAddress *inet,
                const char *address,
                guint port)
{
  g_autoptr (GStrvBuilder) hosts = g_strv_builder_new ();
  gboolean loopback = g_inet_address_get_is_loopback (inet);
  gboolean any = g_inet_address_get_is_any (inet);
  const char *names[] = {
    address,
    loopback || any ? "localhost" : g_get_host_name (),
    any ? g_get_host_name () : NULL,
    NULL,
  };

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *host = format_host (names[i], port);

      g_strv_builder_add (hosts, host);
      if (port == 80)
        g_strv_builder_add (hosts, names[i]);
    }
  return g_strv_builder_end (hosts);
}

static guint
find_port (AssayServer *self)
{
  GSList *uris = soup_server_get_uris (self->soup);
  guint port = uris != NULL ? g_uri_get_port (uris->data) : 0;

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

/* GIO would let ten clients wait to be taken: whoever comes eleventh in the same
 * moment is not heard, and tries again a second later. */
static GSocket *
open_socket (GSocketAddress *address,
             GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL)
    return NULL;
  g_socket_set_listen_backlog (socket, ASSAY_LIMIT_CONNECTIONS);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

/**
 * assay_server_listen:
 * @self: a service
 * @address: an internet address; port 0 for any free one
 * @error: from the system
 *
 * Starts to listen.
 *
 * Returns: whether it listens
 */
gboolean
assay_server_listen (AssayServer *self,
                     GSocketAddress *address,
                     GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  GInetAddress *inet;
  g_autofree char *name = NULL;
  g_autofree char *host = NULL;
  guint port;

  g_return_val_if_fail (ASSAY_IS_SERVER (self), FALSE);
  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), FALSE);
  g_return_val_if_fail (self->url == NULL, FALSE);

  socket = open_socket (address, error);
  if (socket == NULL || !soup_server_listen_socket (self->soup, socket, 0, error))
    return FALSE;
  inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  name = g_inet_address_to_string (inet);
  port = find_port (self);
  host = format_host (name, port);
  self->url = g_strconcat ("http://", host, NULL);
  self->hosts = list_own_hosts (inet, name, port);
  self->any_address = g_inet_address_get_is_any (inet);
  return TRUE;
}

/**
 * assay_server_get_url:
 * @self: a service
 *
 * Returns: (transfer none) (nullable): its address without a slash at the end;
 *   %NULL before it listens
 */
const char *
assay_server_get_url (AssayServer *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVER (self), NULL);

  return self->url;
}

AssayModelStore *
assay_server_get_store (AssayServer *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVER (self), NULL);

  return self->store;
}

AssayWorkers *
assay_server_get_workers (AssayServer *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVER (self), NULL);

  return self->workers;
}

/**
 * assay_server_get_auth:
 * @self: a service
 *
 * Returns: (transfer none) (nullable): who may sign in; %NULL if nobody has to
 */
AssayServeAuth *
assay_server_get_auth (AssayServer *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVER (self), NULL);

  return self->auth;
}

/**
 * assay_server_stop:
 * @self: a service
 *
 * From now on requests are turned away; those under way go on.
 */
void
assay_server_stop (AssayServer *self)
{
  g_return_if_fail (ASSAY_IS_SERVER (self));

  self->stopping = TRUE;
}

/**
 * assay_server_is_busy:
 * @self: a service
 *
 * Returns: whether a request is being read, worked on or answered
 */
gboolean
assay_server_is_busy (AssayServer *self)
{
  GHashTableIter iter;
  gpointer request;

  g_return_val_if_fail (ASSAY_IS_SERVER (self), FALSE);

  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, NULL, &request))
    if (assay_serve_request_get_route (request) != NULL)
      return TRUE;
  return FALSE;
}

/**
 * assay_server_disconnect:
 * @self: a service
 *
 * Closes its socket and all connections.
 */
void
assay_server_disconnect (AssayServer *self)
{
  g_return_if_fail (ASSAY_IS_SERVER (self));

  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
}
