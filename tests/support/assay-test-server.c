/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <libsoup/soup.h>
#include <string.h>

#include "assay-test-server.h"

#define WAIT_SECONDS 30
#define KEPT_BODY (64 * 1024)

const char ASSAY_TEST_FLOWERS[] =
    "{\"id\":\"1da09239-5e0f-44e8-5bd1-9ce03ea488ff\",\"predictions\":[{\"name\":\"photo.jpg\","
    "\"results\":[{\"label\":\"sunflowers\",\"score\":0.9573449492454529},"
    "{\"label\":\"dandelion\",\"score\":0.0396801233291626},"
    "{\"label\":\"tulips\",\"score\":0.0027627646923065186},"
    "{\"label\":\"daisy\",\"score\":0.00018524238839745522},"
    "{\"label\":\"roses\",\"score\":0.0000269435749942204}]}],"
    "\"processedTime\":\"2018-09-27T08:26:59.822949+00:00\",\"status\":\"DONE\"}";

typedef enum {
  KIND_ANSWER,
  KIND_RAW,
  KIND_DRIP,
  KIND_CLOSE_EARLY,
  KIND_SILENT,
} Kind;

struct _AssayTestAnswer {
  Kind kind;
  guint status;
  char *media_type;
  GBytes *bytes;
  SoupMessageHeaders *headers;
  gboolean close;             /* after raw bytes */
  guint milliseconds;         /* between two dripped bytes */
  gboolean hold;
};

/* Everything but @context, @thread and @loop is guarded by @lock; the server's
 * own thread holds it during its callbacks' work on these members. */
struct _AssayTestServer {
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *server;         /* its thread only */
  GTlsCertificate *certificate;
  guint port;

  GMutex lock;
  GCond changed;
  GHashTable *pushed;         /* path ("" for any) → GQueue of answers */
  GHashTable *always;         /* path → answer */
  GPtrArray *requests;        /* (element-type AssayTestRequest) */
  GHashTable *connections;    /* ports seen */
  GHashTable *reading;        /* SoupServerMessage → Reading */
  GPtrArray *held;            /* (element-type Held) */
  GPtrArray *open;            /* (element-type GIOStream): stolen and left open */
  guint busy;
  guint high_water;
};

typedef struct {
  AssayTestServer *server;
  GChecksum *checksum;
  GByteArray *start;
  guint64 length;
} Reading;

typedef struct {
  SoupServerMessage *message;
  AssayTestAnswer *answer;
} Held;

typedef struct {
  AssayTestServer *server;
  GIOStream *stream;
  GBytes *bytes;
  gsize position;
} Drip;

static AssayTestAnswer *
answer_new (Kind kind)
{
  AssayTestAnswer *self = g_rc_box_new0 (AssayTestAnswer);

  self->kind = kind;
  self->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  return self;
}

AssayTestAnswer *
assay_test_answer_new_bytes (guint status,
                             const char *media_type,
                             GBytes *body)
{
  AssayTestAnswer *self = answer_new (KIND_ANSWER);

  self->status = status;
  self->media_type = g_strdup (media_type);
  self->bytes = g_bytes_ref (body);
  return self;
}

AssayTestAnswer *
assay_test_answer_new (guint status,
                       const char *media_type,
                       const char *body)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  return assay_test_answer_new_bytes (status, media_type, bytes);
}

AssayTestAnswer *
assay_test_answer_new_raw (const char *bytes,
                           gsize length,
                           gboolean close)
{
  AssayTestAnswer *self = answer_new (KIND_RAW);

  self->bytes = g_bytes_new (bytes, length);
  self->close = close;
  return self;
}

AssayTestAnswer *
assay_test_answer_new_drip (const char *bytes,
                            guint milliseconds)
{
  AssayTestAnswer *self = answer_new (KIND_DRIP);

  self->bytes = g_bytes_new (bytes, strlen (bytes));
  self->milliseconds = milliseconds;
  return self;
}

AssayTestAnswer *
assay_test_answer_new_close (void)
{
  return assay_test_answer_new_raw ("", 0, TRUE);
}

AssayTestAnswer *
assay_test_answer_new_close_early (void)
{
  return answer_new (KIND_CLOSE_EARLY);
}

AssayTestAnswer *
assay_test_answer_new_silent (void)
{
  return answer_new (KIND_SILENT);
}

void
assay_test_answer_add_header (AssayTestAnswer *self,
                              const char *name,
                              const char *value)
{
  soup_message_headers_append (self->headers, name, value);
}

void
assay_test_answer_gzip (AssayTestAnswer *self)
{
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr(GInputStream) plain = g_memory_input_stream_new_from_bytes (self->bytes);
  g_autoptr(GInputStream) packed = g_converter_input_stream_new (plain, G_CONVERTER (compressor));
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_output_stream_splice (out, packed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
  g_bytes_unref (self->bytes);
  self->bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
  soup_message_headers_replace (self->headers, "Content-Encoding", "gzip");
}

void
assay_test_answer_hold (AssayTestAnswer *self)
{
  self->hold = TRUE;
}

static void
answer_clear (gpointer data)
{
  AssayTestAnswer *self = data;

  g_free (self->media_type);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  soup_message_headers_unref (self->headers);
}

void
assay_test_answer_unref (AssayTestAnswer *self)
{
  g_rc_box_release_full (self, answer_clear);
}

static void
reading_free (Reading *self)
{
  g_checksum_free (self->checksum);
  g_byte_array_unref (self->start);
  g_free (self);
}

static void
held_free (Held *self)
{
  g_object_unref (self->message);
  assay_test_answer_unref (self->answer);
  g_free (self);
}

static void
request_free (AssayTestRequest *self)
{
  g_free (self->method);
  g_free (self->path);
  g_free (self->query);
  g_free (self->sha256);
  g_hash_table_unref (self->headers);
  g_bytes_unref (self->body);
  g_free (self);
}

static void
queue_free (GQueue *queue)
{
  g_queue_free_full (queue, (GDestroyNotify) assay_test_answer_unref);
}

/* The answer for a path; taken from the script if @take.  Lock held.
 * Returns: (transfer full) (nullable) */
static AssayTestAnswer *
find_answer (AssayTestServer *self,
             const char *path,
             gboolean take)
{
  const char *keys[] = { path, "" };
  AssayTestAnswer *answer;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GQueue *queue = g_hash_table_lookup (self->pushed, keys[i]);

      if (queue != NULL && !g_queue_is_empty (queue))
        return take ? g_queue_pop_head (queue) : g_rc_box_acquire (g_queue_peek_head (queue));
    }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      answer = g_hash_table_lookup (self->always, keys[i]);
      if (answer != NULL)
        return g_rc_box_acquire (answer);
    }
  return assay_test_answer_new (200, "application/json", ASSAY_TEST_FLOWERS);
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes *chunk,
              Reading *reading)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (chunk, &length);

  g_checksum_update (reading->checksum, data, length);
  reading->length += length;
  if (reading->start->len < KEPT_BODY)
    g_byte_array_append (reading->start, data, MIN (length, KEPT_BODY - reading->start->len));
}

static void
over (AssayTestServer *self,
      SoupServerMessage *message)
{
  g_mutex_lock (&self->lock);
  if (g_hash_table_remove (self->reading, message))
    self->busy--;
  for (guint i = 0; i < self->held->len; i++)
    if (((Held *) self->held->pdata[i])->message == message)
      g_ptr_array_remove_index (self->held, i--);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
finished_cb (SoupServerMessage *message,
             gpointer user_data)
{
  over (user_data, message);
}

static GIOStream *
steal (AssayTestServer *self,
       SoupServerMessage *message)
{
  g_signal_handlers_disconnect_by_func (message, finished_cb, self);
  over (self, message);
  return soup_server_message_steal_connection (message);
}

/* When the head of a request is here. */
static void
early_cb (SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  AssayTestServer *self = user_data;
  Reading *reading = g_new0 (Reading, 1);
  g_autoptr(AssayTestAnswer) answer = NULL;

  reading->server = self;
  reading->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  reading->start = g_byte_array_new ();
  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->reading, message, reading);
  self->busy++;
  self->high_water = MAX (self->high_water, self->busy);
  answer = find_answer (self, path, FALSE);
  if (answer->kind == KIND_CLOSE_EARLY)
    assay_test_answer_unref (find_answer (self, path, TRUE));
  g_mutex_unlock (&self->lock);

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), reading);
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), self);
  if (answer->kind == KIND_CLOSE_EARLY)
    {
      g_autoptr(GIOStream) stream = NULL;

      g_signal_handlers_disconnect_by_func (message, got_chunk_cb, reading);
      stream = steal (self, message);
      g_io_stream_close (stream, NULL, NULL);
    }
}

static void
keep_header (const char *name,
             const char *value,
             gpointer user_data)
{
  g_hash_table_insert (user_data, g_ascii_strdown (name, -1), g_strdup (value));
}

static void
record (AssayTestServer *self,
        SoupServerMessage *message,
        const char *path)
{
  AssayTestRequest *request = g_new0 (AssayTestRequest, 1);
  Reading *reading = g_hash_table_lookup (self->reading, message);
  GSocketAddress *peer = soup_server_message_get_remote_address (message);

  request->method = g_strdup (soup_server_message_get_method (message));
  request->path = g_strdup (path);
  request->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  request->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), keep_header,
                                request->headers);
  request->sha256 = g_strdup (g_checksum_get_string (reading->checksum));
  request->length = reading->length;
  request->body = g_bytes_new (reading->start->data, reading->start->len);
  request->connection = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (peer));
  g_hash_table_add (self->connections, GUINT_TO_POINTER (request->connection));
  g_ptr_array_add (self->requests, request);
  g_cond_broadcast (&self->changed);
}

static void
copy_header (const char *name,
             const char *value,
             gpointer user_data)
{
  soup_message_headers_append (user_data, name, value);
}

static void
respond (SoupServerMessage *message,
         AssayTestAnswer *answer)
{
  soup_server_message_set_status (message, answer->status, NULL);
  soup_server_message_set_response (message, answer->media_type, SOUP_MEMORY_COPY,
                                    g_bytes_get_data (answer->bytes, NULL),
                                    g_bytes_get_size (answer->bytes));
  soup_message_headers_foreach (answer->headers, copy_header,
                                soup_server_message_get_response_headers (message));
}

static void
drip_free (Drip *self)
{
  g_io_stream_close (self->stream, NULL, NULL);
  g_object_unref (self->stream);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static gboolean
drip_cb (gpointer user_data)
{
  Drip *self = user_data;
  gsize length;
  const char *data = g_bytes_get_data (self->bytes, &length);

  if (self->position == length
      || g_output_stream_write (g_io_stream_get_output_stream (self->stream),
                                data + self->position, 1, NULL, NULL) != 1)
    return G_SOURCE_REMOVE;
  self->position++;
  return G_SOURCE_CONTINUE;
}

static void
start_drip (AssayTestServer *self,
            GIOStream *stream,
            AssayTestAnswer *answer)
{
  Drip *drip = g_new0 (Drip, 1);
  g_autoptr(GSource) source = g_timeout_source_new (answer->milliseconds);

  drip->server = self;
  drip->stream = g_object_ref (stream);
  drip->bytes = g_bytes_ref (answer->bytes);
  g_source_set_callback (source, drip_cb, drip, (GDestroyNotify) drip_free);
  g_source_attach (source, self->context);
}

static void
hold (AssayTestServer *self,
      SoupServerMessage *message,
      AssayTestAnswer *answer)
{
  Held *held = g_new0 (Held, 1);

  soup_server_message_pause (message);
  held->message = g_object_ref (message);
  held->answer = g_rc_box_acquire (answer);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->held, held);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
write_raw (AssayTestServer *self,
           SoupServerMessage *message,
           AssayTestAnswer *answer)
{
  g_autoptr(GIOStream) stream = steal (self, message);

  g_output_stream_write_all (g_io_stream_get_output_stream (stream),
                             g_bytes_get_data (answer->bytes, NULL),
                             g_bytes_get_size (answer->bytes), NULL, NULL, NULL);
  if (answer->close)
    g_io_stream_close (stream, NULL, NULL);
  else
    g_ptr_array_add (self->open, g_steal_pointer (&stream));
}

/* When a request has been read whole. */
static void
handler_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  AssayTestServer *self = user_data;
  g_autoptr(AssayTestAnswer) answer = NULL;
  g_autoptr(GIOStream) stream = NULL;

  g_mutex_lock (&self->lock);
  record (self, message, path);
  answer = find_answer (self, path, TRUE);
  g_mutex_unlock (&self->lock);

  if (answer->hold || answer->kind == KIND_SILENT)
    {
      hold (self, message, answer);
      return;
    }
  switch (answer->kind)
    {
    case KIND_RAW:
      write_raw (self, message, answer);
      break;
    case KIND_DRIP:
      stream = steal (self, message);
      start_drip (self, stream, answer);
      break;
    case KIND_ANSWER:
    case KIND_CLOSE_EARLY:
    case KIND_SILENT:
    default:
      respond (message, answer);
      break;
    }
}

static gpointer
server_worker (gpointer user_data)
{
  AssayTestServer *self = user_data;
  g_autoptr(GError) error = NULL;
  GSList *uris;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new (NULL, NULL);
  if (self->certificate != NULL)
    soup_server_set_tls_certificate (self->server, self->certificate);
  soup_server_add_early_handler (self->server, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->server, NULL, handler_cb, self, NULL);
  if (!soup_server_listen_local (self->server, 0,
                                 SOUP_SERVER_LISTEN_IPV4_ONLY
                                     | (self->certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0),
                                 &error))
    g_error ("The test server cannot listen: %s", error->message);
  uris = soup_server_get_uris (self->server);
  g_mutex_lock (&self->lock);
  self->port = g_uri_get_port (uris->data);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  g_main_loop_run (self->loop);

  g_ptr_array_set_size (self->open, 0);
  soup_server_disconnect (self->server);
  g_ptr_array_set_size (self->held, 0);
  g_clear_object (&self->server);
  /* What was canceled by that still wants to be told. */
  while (g_main_context_iteration (self->context, FALSE))
    continue;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/**
 * assay_test_server_new:
 * @cert_file: (nullable): a PEM certificate, to speak TLS
 * @key_file: (nullable): its key
 *
 * Returns: (transfer full): a server that listens; anything not scripted is
 *   answered with %ASSAY_TEST_FLOWERS
 */
AssayTestServer *
assay_test_server_new (const char *cert_file,
                       const char *key_file)
{
  AssayTestServer *self = g_new0 (AssayTestServer, 1);
  g_autoptr(GError) error = NULL;

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->pushed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) queue_free);
  self->always = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) assay_test_answer_unref);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) request_free);
  self->connections = g_hash_table_new (NULL, NULL);
  self->reading = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) reading_free);
  self->held = g_ptr_array_new_with_free_func ((GDestroyNotify) held_free);
  self->open = g_ptr_array_new_with_free_func (g_object_unref);
  if (cert_file != NULL)
    {
      self->certificate = g_tls_certificate_new_from_files (cert_file, key_file, &error);
      if (self->certificate == NULL)
        g_error ("The test server has no certificate: %s", error->message);
    }
  self->thread = g_thread_new ("test-server", server_worker, self);
  g_mutex_lock (&self->lock);
  while (self->port == 0)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  return self;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

void
assay_test_server_free (AssayTestServer *self)
{
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_clear_object (&self->certificate);
  g_hash_table_unref (self->pushed);
  g_hash_table_unref (self->always);
  g_ptr_array_unref (self->requests);
  g_hash_table_unref (self->connections);
  g_hash_table_unref (self->reading);
  g_ptr_array_unref (self->held);
  g_ptr_array_unref (self->open);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

guint
assay_test_server_get_port (AssayTestServer *self)
{
  return self->port;
}

char *
assay_test_server_dup_url (AssayTestServer *self,
                           const char *path)
{
  return g_strdup_printf ("%s://127.0.0.1:%u%s", self->certificate != NULL ? "https" : "http",
                          self->port, path);
}

void
assay_test_server_push (AssayTestServer *self,
                        const char *path,
                        AssayTestAnswer *answer)
{
  GQueue *queue;

  g_mutex_lock (&self->lock);
  queue = g_hash_table_lookup (self->pushed, path != NULL ? path : "");
  if (queue == NULL)
    {
      queue = g_queue_new ();
      g_hash_table_insert (self->pushed, g_strdup (path != NULL ? path : ""), queue);
    }
  g_queue_push_tail (queue, answer);
  g_mutex_unlock (&self->lock);
}

void
assay_test_server_set (AssayTestServer *self,
                       const char *path,
                       AssayTestAnswer *answer)
{
  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->always, g_strdup (path != NULL ? path : ""), answer);
  g_mutex_unlock (&self->lock);
}

static gboolean
release_cb (gpointer user_data)
{
  AssayTestServer *self = user_data;
  g_autoptr(GPtrArray) held = NULL;

  g_mutex_lock (&self->lock);
  held = g_steal_pointer (&self->held);
  self->held = g_ptr_array_new_with_free_func ((GDestroyNotify) held_free);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < held->len; i++)
    {
      Held *one = held->pdata[i];

      respond (one->message, one->answer);
      soup_server_message_unpause (one->message);
    }
  return G_SOURCE_REMOVE;
}

void
assay_test_server_release (AssayTestServer *self)
{
  g_main_context_invoke (self->context, release_cb, self);
}

static void
wait_until (AssayTestServer *self,
            GPtrArray **what,
            guint n)
{
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_TIME_SPAN_SECOND;

  g_mutex_lock (&self->lock);
  while ((*what)->len < n)
    if (!g_cond_wait_until (&self->changed, &self->lock, end))
      g_error ("The test server waited for %u, and %u came", n, (*what)->len);
  g_mutex_unlock (&self->lock);
}

void
assay_test_server_await_request (AssayTestServer *self,
                                 guint index)
{
  g_mutex_lock (&self->lock);
  while (self->requests->len <= index)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

void
assay_test_server_wait_requests (AssayTestServer *self,
                                 guint n)
{
  wait_until (self, &self->requests, n);
}

void
assay_test_server_wait_held (AssayTestServer *self,
                             guint n)
{
  wait_until (self, &self->held, n);
}

guint
assay_test_server_get_n_requests (AssayTestServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->requests->len;
  g_mutex_unlock (&self->lock);
  return n;
}

guint
assay_test_server_get_n_connections (AssayTestServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = g_hash_table_size (self->connections);
  g_mutex_unlock (&self->lock);
  return n;
}

guint
assay_test_server_get_high_water (AssayTestServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->high_water;
  g_mutex_unlock (&self->lock);
  return n;
}

const AssayTestRequest *
assay_test_server_get_request (AssayTestServer *self,
                               guint index)
{
  const AssayTestRequest *request;

  g_mutex_lock (&self->lock);
  if (index >= self->requests->len)
    g_error ("The test server has %u requests, not a number %u", self->requests->len, index);
  request = self->requests->pdata[index];
  g_mutex_unlock (&self->lock);
  return request;
}
