/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-limits.h"
#include "assay-oip.h"
#include "assay-protocol-mlf.h"
#include "assay-serve-farewell.h"
#include "assay-serve-request.h"
#include "assay-serve-sockets.h"

#define LOOKS 10  /* at a head, in the time that it may take */

typedef enum {
  STAGE_HEAD,     /* waiting for the first byte and the headers */
  STAGE_BODY,     /* reading the body, kept or, after a refusal, thrown away */
  STAGE_WORK,     /* ours to answer */
  STAGE_ANSWER,   /* the answer is on its way */
  STAGE_CLOSED,   /* libsoup has let go of it */
} Stage;

/**
 * AssayServeRequest:
 *
 * One request of a client from its first byte to the last of its answer, held
 * to its bounds: how long each stage may take, how much body is kept.
 *
 * Invariants: a stage ends @patience_ms after it was @entered, and one in which
 * something comes a third of that after it @moved; @body never has more than @limit bytes, whatever a
 * Content-Length says, and all bodies together not more than @room has; after
 * the answer is set, nothing more is kept, and a body that goes on is cut off.
 */
struct _AssayServeRequest
{
  GObject parent_instance;
  SoupServerMessage *message;
  AssayServeRoom *room;       /* the server's, which lives longer */
  gsize held;                 /* our part of it */
  GCancellable *cancellable;  /* canceled when the client has gone */
  GByteArray *body;
  GBytes *whole_body;         /* (nullable): once it is complete */
  const AssayRoute *route;    /* (nullable): once it is known */
  char **captures;            /* (nullable): what stood for each “*” of @route */
  char *answer;               /* (nullable): what was set, for a client that is cut off */
  Stage stage;
  guint status;
  guint timer_id;
  guint patience_ms;
  gint64 entered;             /* the stage, in monotonic µs */
  gint64 moved;               /* the last time that something of it came, likewise */
  guint64 received;           /* on its socket before a head that is waited for */
  gsize limit;
  gsize thrown_away;
  gulong chunk_id;
  gboolean paused;
};

G_DEFINE_FINAL_TYPE (AssayServeRequest, assay_serve_request, G_TYPE_OBJECT)

enum {
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void out_of_patience_cb (gpointer data);

static gint64
find_end (AssayServeRequest *self)
{
  gint64 patience = (gint64) self->patience_ms * 1000;
  gint64 end = self->entered + patience;

  return self->moved != 0 ? MIN (end, self->moved + patience / ASSAY_LIMIT_REQUEST_IDLE_SHARE)
                          : end;
}

/* A head is looked at now and then, as nobody tells when its first byte comes. */
static void
set_timer (AssayServeRequest *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 when = find_end (self);

  if (self->stage == STAGE_HEAD)
    when = MIN (when, now + (gint64) self->patience_ms * 1000 / LOOKS);
  self->timer_id = g_timeout_add_once (MAX (when - now, 0) / 1000 + 1, out_of_patience_cb, self);
}

/* libsoup says nothing of a client that goes before its head is whole. */
static gboolean
has_gone (AssayServeRequest *self)
{
  return soup_server_message_get_socket (self->message) == NULL;
}

/* One of which something has come has moved, once: it does not live longer by
 * dripping.  A connection that is silent between two requests may be so for longer. */
static void
look_at_head (AssayServeRequest *self,
              gint64 now)
{
  GSocket *socket = soup_server_message_get_socket (self->message);

  if (self->moved == 0 && assay_serve_sockets_count_received (socket) > self->received)
    self->moved = now;
}

static void
out_of_patience_cb (gpointer data)
{
  g_autoptr (AssayServeRequest) self = g_object_ref (ASSAY_SERVE_REQUEST (data));
  gint64 now = g_get_monotonic_time ();

  self->timer_id = 0;
  if (has_gone (self))
    {
      assay_serve_request_let_go (self);
      return;
    }
  if (self->stage == STAGE_HEAD)
    look_at_head (self, now);
  if (now < find_end (self))
    set_timer (self);
  else if (self->moved != 0)
    assay_serve_request_hang_up (self, SOUP_STATUS_REQUEST_TIMEOUT, "The request came too slowly");
  else
    assay_serve_request_close (self);
}

static void
enter (AssayServeRequest *self,
       Stage stage)
{
  self->stage = stage;
  self->entered = g_get_monotonic_time ();
  self->moved = stage == STAGE_BODY ? self->entered : 0;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (stage != STAGE_WORK && stage != STAGE_CLOSED)
    set_timer (self);
}

static void
set_held (AssayServeRequest *self,
          gsize held)
{
  self->room->held += held - self->held;
  self->held = held;
}

static void
leave (AssayServeRequest *self)
{
  if (self->stage == STAGE_CLOSED)
    return;
  g_clear_signal_handler (&self->chunk_id, self->message);
  enter (self, STAGE_CLOSED);
  set_held (self, 0);
  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, signals[CLOSED], 0);
}

/* What is refused is read a little further, so that the client gets to read the
 * answer on a connection that it can use again. */
static void
throw_away (AssayServeRequest *self,
            gsize length)
{
  self->thrown_away += length;
  if (self->thrown_away > ASSAY_LIMIT_SMALL_REQUEST_BYTES)
    assay_serve_request_hang_up (self, 0, NULL);
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes *chunk,
              gpointer data)
{
  g_autoptr (AssayServeRequest) self = g_object_ref (ASSAY_SERVE_REQUEST (data));
  gsize length = g_bytes_get_size (chunk);

  self->moved = g_get_monotonic_time ();
  if (self->status != 0)
    throw_away (self, length);
  else if (length > self->limit - self->body->len)
    assay_serve_request_hang_up (self, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                                 "Invalid request: The request is too large");
  else if (self->room->held + length > self->room->limit)
    assay_serve_request_hang_up (self, SOUP_STATUS_SERVICE_UNAVAILABLE, "The service is busy");
  else
    {
      g_byte_array_append (self->body, g_bytes_get_data (chunk, NULL), length);
      set_held (self, self->body->len);
    }
}

static void
assay_serve_request_dispose (GObject *object)
{
  AssayServeRequest *self = ASSAY_SERVE_REQUEST (object);

  leave (self);
  g_clear_object (&self->message);
  G_OBJECT_CLASS (assay_serve_request_parent_class)->dispose (object);
}

static void
assay_serve_request_finalize (GObject *object)
{
  AssayServeRequest *self = ASSAY_SERVE_REQUEST (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_clear_pointer (&self->whole_body, g_bytes_unref);
  g_clear_pointer (&self->captures, g_strfreev);
  g_clear_pointer (&self->answer, g_free);
  G_OBJECT_CLASS (assay_serve_request_parent_class)->finalize (object);
}

static void
assay_serve_request_class_init (AssayServeRequestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_serve_request_dispose;
  object_class->finalize = assay_serve_request_finalize;

  /**
   * AssayServeRequest::closed:
   *
   * Emitted once, when nothing more will come of it, answered or not.
   */
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_serve_request_init (AssayServeRequest *self)
{
  self->cancellable = g_cancellable_new ();
  self->body = g_byte_array_new ();
}

/**
 * assay_serve_request_new:
 * @message: a message that libsoup has begun to read
 * @room: (transfer none): what all bodies share; outlives the request
 * @received: bytes that came on its connection before it
 * @patience_ms: how long each stage may take, a third of it without a byte
 *
 * Returns: (transfer full): the request
 */
AssayServeRequest *
assay_serve_request_new (SoupServerMessage *message,
                         AssayServeRoom *room,
                         guint64 received,
                         guint patience_ms)
{
  AssayServeRequest *self;

  g_return_val_if_fail (SOUP_IS_SERVER_MESSAGE (message), NULL);
  g_return_val_if_fail (room != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_SERVE_REQUEST, NULL);
  self->message = g_object_ref (message);
  self->room = room;
  self->patience_ms = patience_ms;
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  self->chunk_id = g_signal_connect_object (message, "got-chunk", G_CALLBACK (got_chunk_cb),
                                            self, 0);
  self->received = received;
  enter (self, STAGE_HEAD);
  return self;
}

SoupServerMessage *
assay_serve_request_get_message (AssayServeRequest *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVE_REQUEST (self), NULL);

  return self->message;
}

const char *
assay_serve_request_get_method (AssayServeRequest *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVE_REQUEST (self), NULL);

  return soup_server_message_get_method (self->message);
}

/**
 * assay_serve_request_get_header:
 * @self: a request
 * @name: of a header that is sent once
 *
 * Returns: (transfer none) (nullable): its value, any bytes but NUL
 */
const char *
assay_serve_request_get_header (AssayServeRequest *self,
                                const char *name)
{
  SoupMessageHeaders *headers;

  g_return_val_if_fail (ASSAY_IS_SERVE_REQUEST (self), NULL);

  headers = soup_server_message_get_request_headers (self->message);
  return soup_message_headers_get_one (headers, name);
}

/**
 * assay_serve_request_get_query:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): the query of its address, encoded
 */
const char *
assay_serve_request_get_query (AssayServeRequest *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVE_REQUEST (self), NULL);

  return g_uri_get_query (soup_server_message_get_uri (self->message));
}

/**
 * assay_serve_request_get_body:
 * @self: a request whose body has ended
 *
 * Returns: (transfer none): its body
 */
GBytes *
assay_serve_request_get_body (AssayServeRequest *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVE_REQUEST (self), NULL);
  g_return_val_if_fail (self->whole_body != NULL, NULL);

  return self->whole_body;
}

gboolean
assay_serve_request_is_answered (AssayServeRequest *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVE_REQUEST (self), TRUE);

  return self->status != 0 || self->stage == STAGE_CLOSED;
}

/**
 * assay_serve_request_get_cancellable:
 * @self: a request
 *
 * Returns: (transfer none): canceled when nobody waits for the answer
 */
GCancellable *
assay_serve_request_get_cancellable (AssayServeRequest *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVE_REQUEST (self), NULL);

  return self->cancellable;
}

/**
 * assay_serve_request_dup_segments:
 * @self: a request
 *
 * Takes the path apart before it decodes, so that a “%2F” in a name stays part
 * of that name.
 *
 * Returns: (transfer full) (nullable): the decoded segments of its path;
 *   %NULL where one is not UTF-8
 */
char **
assay_serve_request_dup_segments (AssayServeRequest *self)
{
  g_auto (GStrv) encoded = NULL;
  g_autoptr (GPtrArray) segments = g_ptr_array_new_with_free_func (g_free);
  const char *path;

  g_return_val_if_fail (ASSAY_IS_SERVE_REQUEST (self), NULL);

  path = g_uri_get_path (soup_server_message_get_uri (self->message));
  encoded = g_strsplit (path[0] == '/' ? path + 1 : path, "/", -1);
  for (guint i = 0; encoded[i] != NULL; i++)
    {
      char *segment;

      if (encoded[i][0] == '\0' && encoded[i + 1] == NULL)
        break;
      segment = g_uri_unescape_string (encoded[i], NULL);
      if (segment == NULL)
        return NULL;
      g_ptr_array_add (segments, segment);
      if (!g_utf8_validate (segment, -1, NULL))
        return NULL;
    }
  g_ptr_array_add (segments, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&segments), FALSE);
}

/**
 * assay_serve_request_set_route:
 * @self: a request
 * @route: (transfer none): its address, for the life of the program
 * @captures: (transfer full) (array zero-terminated=1): what stood for each “*”
 */
void
assay_serve_request_set_route (AssayServeRequest *self,
                               const AssayRoute *route,
                               char **captures)
{
  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));

  self->route = route;
  g_strfreev (self->captures);
  self->captures = captures;
}

/**
 * assay_serve_request_get_route:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): its address, once it is known
 */
const AssayRoute *
assay_serve_request_get_route (AssayServeRequest *self)
{
  g_return_val_if_fail (ASSAY_IS_SERVE_REQUEST (self), NULL);

  return self->route;
}

/**
 * assay_serve_request_get_capture:
 * @self: a request
 * @index: of a “*” in its route
 *
 * Returns: (transfer none) (nullable): what stood there; %NULL if the route has fewer
 */
const char *
assay_serve_request_get_capture (AssayServeRequest *self,
                                 guint index)
{
  g_return_val_if_fail (ASSAY_IS_SERVE_REQUEST (self), NULL);

  if (self->captures == NULL || index >= g_strv_length (self->captures))
    return NULL;
  return self->captures[index];
}

/**
 * assay_serve_request_read_body:
 * @self: a request whose headers have come
 * @limit: bytes that its body may have
 *
 * Lets the body come.
 */
void
assay_serve_request_read_body (AssayServeRequest *self,
                               gsize limit)
{
  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));

  self->limit = limit;
  enter (self, STAGE_BODY);
}

/**
 * assay_serve_request_end_body:
 * @self: a request whose body has ended
 */
void
assay_serve_request_end_body (AssayServeRequest *self)
{
  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));

  self->whole_body = g_byte_array_free_to_bytes (g_steal_pointer (&self->body));
  self->body = g_byte_array_new ();
  enter (self, self->status == 0 ? STAGE_WORK : STAGE_ANSWER);
}

/**
 * assay_serve_request_wait:
 * @self: a request whose body has ended
 *
 * The answer will be given later.
 */
void
assay_serve_request_wait (AssayServeRequest *self)
{
  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));
  g_return_if_fail (self->stage == STAGE_WORK);

  self->paused = TRUE;
  soup_server_message_pause (self->message);
}

/**
 * assay_serve_request_add_header:
 * @self: a request
 * @name: of a header of its answer
 * @value: our own words, never a client's
 */
void
assay_serve_request_add_header (AssayServeRequest *self,
                                const char *name,
                                const char *value)
{
  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));

  if (self->stage != STAGE_CLOSED)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                  name, value);
}

/* Before the answer; what is kept of the body goes. */
static void
begin_answer (AssayServeRequest *self,
              guint status)
{
  self->status = status;
  if (self->whole_body == NULL)
    {
      g_byte_array_set_size (self->body, 0);
      set_held (self, 0);
    }
  assay_serve_request_add_header (self, "Cache-Control", "no-store");
  assay_serve_request_add_header (self, "X-Content-Type-Options", "nosniff");
  soup_server_message_set_status (self->message, status, NULL);
}

static void
end_answer (AssayServeRequest *self)
{
  enter (self, self->stage == STAGE_WORK ? STAGE_ANSWER : STAGE_BODY);
  if (self->paused)
    {
      self->paused = FALSE;
      soup_server_message_unpause (self->message);
    }
}

/**
 * assay_serve_request_answer:
 * @self: a request
 * @status: of HTTP
 * @json: (nullable): the body; %NULL for none
 *
 * Answers it, now or as soon as its body has been thrown away.  A client that
 * has gone is no error.
 */
void
assay_serve_request_answer (AssayServeRequest *self,
                            guint status,
                            const char *json)
{
  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));

  if (assay_serve_request_is_answered (self))
    return;
  self->answer = g_strdup (json);
  begin_answer (self, status);
  if (json != NULL)
    soup_server_message_set_response (self->message, "application/json", SOUP_MEMORY_COPY,
                                      json, strlen (json));
  end_answer (self);
}

/**
 * assay_serve_request_answer_bytes:
 * @self: a request whose body has ended
 * @type: the body's media type
 * @bytes: the body
 *
 * Answers it with success.  A client that has gone is no error.
 */
void
assay_serve_request_answer_bytes (AssayServeRequest *self,
                                  const char *type,
                                  GBytes *bytes)
{
  SoupMessageHeaders *headers;

  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));
  g_return_if_fail (bytes != NULL);

  if (assay_serve_request_is_answered (self))
    return;
  begin_answer (self, SOUP_STATUS_OK);
  headers = soup_server_message_get_response_headers (self->message);
  soup_message_headers_set_content_type (headers, type, NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), bytes);
  end_answer (self);
}

/* The contract by which an address is asked stands in its beginning, also where
 * there is no such address. */
static gboolean
is_oip (AssayServeRequest *self)
{
  GUri *uri = soup_server_message_get_uri (self->message);
  const char *path = uri != NULL ? g_uri_get_path (uri) : "";

  return g_str_has_prefix (path, "/v2") && (path[3] == '/' || path[3] == '\0');
}

/**
 * assay_serve_request_refuse:
 * @self: a request
 * @status: of HTTP, an error
 * @message: in English, as the contract has it
 *
 * Answers with the error of the contract by which was asked (protocols.md, A4
 * and B1).
 */
void
assay_serve_request_refuse (AssayServeRequest *self,
                            guint status,
                            const char *message)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *json = NULL;

  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));

  json = is_oip (self) ? assay_oip_write_error (message)
                       : assay_mlf_format_error (status, message, id);
  assay_serve_request_answer (self, status, json);
}

/**
 * assay_serve_request_hang_up:
 * @self: a request whose body is still coming
 * @status: of HTTP, an error; unused if the request is answered already
 * @message: (nullable): what went wrong, likewise
 *
 * Answers without reading the rest, and closes the connection, if there still is one.
 */
void
assay_serve_request_hang_up (AssayServeRequest *self,
                             guint status,
                             const char *message)
{
  g_autoptr (AssayServeRequest) alive = NULL;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GSocket) socket = NULL;

  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));

  if (self->stage == STAGE_CLOSED)
    return;
  alive = g_object_ref (self);
  if (self->status == 0)
    assay_serve_request_refuse (self, status, message);
  g_set_object (&socket, soup_server_message_get_socket (self->message));
  leave (self);
  /* There is nothing to steal from a client that has gone, and libsoup minds. */
  if (!has_gone (self))
    stream = soup_server_message_steal_connection (self->message);
  if (stream != NULL)
    assay_farewell_say (stream, socket, self->status,
                        soup_server_message_get_response_headers (self->message),
                        self->answer, self->patience_ms);
}

/**
 * assay_serve_request_close:
 * @self: a request
 *
 * Ends its connection without a word: the client is silent, or does not take
 * its answer.
 */
void
assay_serve_request_close (AssayServeRequest *self)
{
  GSocket *socket;

  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));

  if (self->stage == STAGE_CLOSED)
    return;
  socket = soup_server_message_get_socket (self->message);
  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
  leave (self);
}

/**
 * assay_serve_request_let_go:
 * @self: a request
 *
 * To be called when libsoup is done with it, whether it ended well or not.
 */
void
assay_serve_request_let_go (AssayServeRequest *self)
{
  g_return_if_fail (ASSAY_IS_SERVE_REQUEST (self));

  leave (self);
}
