/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Several pictures in one request: what one of them, or the service, does to the others. */

#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "assay-error.h"
#include "assay-pixels.h"
#include "assay-run.h"

/* For anything; sanitizers are slow. */
#define PATIENCE_SECONDS 60

#define BATCH 8
#define NOBODY G_MAXUINT

#define FILES "\"datatype\":\"BYTES\",\"shape\":[-1]"
#define PIXELS "\"datatype\":\"FP32\",\"shape\":[-1,3,8,8]"
#define METADATA \
  "{\"name\":\"m\",\"inputs\":[{\"name\":\"image\",%s}]," \
  "\"outputs\":[{\"name\":\"scores\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]," \
  "\"parameters\":{\"labels\":\"rose\\ntulip\"}}"

/* What becomes of a request that has a picture in it, or of one. */
typedef enum {
  MOOD_FINE,
  MOOD_STATUS,               /* says it */
  MOOD_NAN,                  /* has no score for it, and so no answer that can be read */
  MOOD_ONE,                  /* answers as if it were one */
  MOOD_CLOSES,               /* falls over */
  MOOD_HOLDS,                /* thinks until it is released */
} Mood;

/* A service that takes several pictures at once, in the thread of the test. */
typedef struct {
  SoupServer *server;
  char *url;
  const char *input;
  GPtrArray *known;           /* (element-type utf8): pictures as they are sent, in order */
  GArray *sizes;              /* of the requests about pictures */
  GPtrArray *held;            /* (element-type SoupServerMessage) */
  Mood mood;
  guint status;
  guint spoiled;              /* which picture, or nobody */
  guint n_moody;              /* requests with several pictures that meet the mood, all if many */
} Service;

typedef struct {
  Service service;
  AssayTransport *transport;
  AssayClient *client;
  AssayTarget *target;
  AssayRun *run;
  GPtrArray *items;
  guint n_done;               /* signals */
} Fixture;

/* ---- the service ---- */

static void
respond (SoupServerMessage *message,
         guint status,
         const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body,
                                    strlen (body));
}

static guint
find_picture (Service *self,
              const char *text)
{
  guint index = NOBODY;

  g_ptr_array_find_with_equal_func (self->known, text, g_str_equal, &index);
  return index;
}

/* Of picture i, "tulip" has i hundredths. */
static void
answer (Service *self,
        SoupServerMessage *message,
        JsonArray *data,
        guint n,
        gboolean spoil)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint said = spoil && self->mood == MOOD_ONE ? 1 : n;

  g_string_printf (text, "{\"model_name\":\"m\",\"outputs\":[{\"name\":\"scores\","
                   "\"datatype\":\"FP32\",\"shape\":[%u,2],\"data\":[", said);
  for (guint i = 0; i < said; i++)
    {
      guint index = data != NULL ? find_picture (self, json_array_get_string_element (data, i)) : i;
      gboolean nan = spoil && self->mood == MOOD_NAN && (index == self->spoiled);

      g_string_append_printf (text, "%s%s,0.%02u", i > 0 ? "," : "", nan ? "null" : "0.5", index);
    }
  g_string_append (text, "]}]}");
  respond (message, 200, text->str);
}

/* Whether the mood is met by a request about @n pictures. */
static gboolean
meets_mood (Service *self,
            JsonArray *data,
            guint n)
{
  if (self->mood == MOOD_FINE)
    return FALSE;
  if (self->spoiled == NOBODY)
    return n > 1 && self->n_moody > 0 && self->n_moody-- > 0;
  for (guint i = 0; data != NULL && i < json_array_get_length (data); i++)
    if (find_picture (self, json_array_get_string_element (data, i)) == self->spoiled)
      return TRUE;
  return FALSE;
}

static void
infer (Service *self,
       SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *input;
  JsonArray *data;
  gboolean moody;
  guint n;

  json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL),
                              (gssize) g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  input = json_array_get_object_element (
    json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "inputs"),
    0);
  n = (guint) json_array_get_int_element (json_object_get_array_member (input, "shape"), 0);
  data = json_object_get_array_member (input, "data");
  if (strstr (self->input, "BYTES") == NULL)
    data = NULL;
  g_array_append_val (self->sizes, n);
  moody = meets_mood (self, data, n);
  if (moody && self->mood == MOOD_STATUS)
    respond (message, self->status, "{\"error\":\"cannot read image\"}");
  else if (moody && self->mood == MOOD_CLOSES)
    g_socket_shutdown (soup_server_message_get_socket (message), TRUE, TRUE, NULL);
  else
    answer (self, message, data, n, moody);
  if (!moody || self->mood != MOOD_HOLDS)
    return;
  soup_server_message_pause (message);
  g_ptr_array_add (self->held, g_object_ref (message));
}

static void
handle_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer data)
{
  Service *self = data;
  g_autofree char *metadata = g_strdup_printf (METADATA, self->input);

  if (g_str_equal (path, "/v2"))
    respond (message, 200, "{\"name\":\"s\"}");
  else if (g_str_equal (path, "/v2/models/m"))
    respond (message, 200, metadata);
  else if (g_str_equal (path, "/v2/models/m/infer"))
    infer (self, message);
  else
    respond (message, 404, "{}");
}

static void
service_init (Service *self)
{
  g_autoptr (GError) error = NULL;
  g_autoslist (GUri) uris = NULL;

  self->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_handler (self->server, NULL, handle_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  self->input = FILES;
  self->known = g_ptr_array_new_with_free_func (g_free);
  self->sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->spoiled = NOBODY;
  self->n_moody = G_MAXUINT;
}

static void
service_release (Service *self)
{
  self->mood = MOOD_FINE;
  for (guint i = 0; i < self->held->len; i++)
    soup_server_message_unpause (self->held->pdata[i]);
  g_ptr_array_set_size (self->held, 0);
}

static void
service_clear (Service *self)
{
  g_clear_object (&self->server);
  g_free (self->url);
  g_ptr_array_unref (self->known);
  g_array_unref (self->sizes);
  g_ptr_array_unref (self->held);
}

/* ---- the run ---- */

static gboolean
late_cb (gpointer data)
{
  g_error ("waited too long for %s", (const char *) data);
  return G_SOURCE_REMOVE;
}

typedef gboolean (*Wanted) (Fixture *fixture);

static void
wait_for (Fixture *fixture,
          Wanted wanted,
          const char *what)
{
  guint late = g_timeout_add_seconds (PATIENCE_SECONDS, late_cb, (gpointer) what);

  while (!wanted (fixture))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static gboolean
is_over (Fixture *fixture)
{
  return fixture->n_done == assay_run_get_total (fixture->run);
}

static gboolean
are_read (Fixture *fixture)
{
  for (guint i = 0; i < fixture->items->len; i++)
    if (!assay_item_is_read (fixture->items->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_held (Fixture *fixture)
{
  return fixture->service.held->len > 0;
}

static void
item_done_cb (Fixture *self,
              AssayItem *item)
{
  AssayAnswer *answer = assay_item_find_answer (item, self->target);

  g_assert_true (assay_answer_state_is_final (assay_answer_get_state (answer)));
  self->n_done++;
}

static AssayClient *
make_client (Fixture *self)
{
  g_autoptr (AssayConnection) connection = assay_connection_new ("test", "Test");
  g_autoptr (AssayCredentials) credentials = NULL;
  AssayClient *client;

  g_object_set (connection, "url", self->service.url, "auth", ASSAY_AUTH_NONE, "protocol", "oip",
                NULL);
  credentials = assay_credentials_new (connection, self->transport);
  client = assay_client_new (connection, credentials, self->transport);
  assay_client_set_pixels (client, assay_pixels_payload);
  return client;
}

static void
set_up (Fixture *self,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  service_init (&self->service);
  self->transport = assay_transport_new (2, PATIENCE_SECONDS, NULL, &error);
  g_assert_no_error (error);
  self->client = make_client (self);
  self->target = assay_target_new ("test", "m", "");
  self->run = assay_run_new (self->client, self->target, 1, TRUE);
  assay_run_set_batch (self->run, BATCH);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect_swapped (self->run, "item-done", G_CALLBACK (item_done_cb), self);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  assay_transport_close (self->transport);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_signal_handlers_disconnect_by_data (self->run, self);
  g_assert_finalize_object (self->run);
  g_assert_finalize_object (self->client);
  g_object_unref (self->transport);
  assay_target_unref (self->target);
  g_ptr_array_unref (self->items);
  service_clear (&self->service);
}

static GBytes *
encode (guint32 color)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 8, 8);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize size;

  gdk_pixbuf_fill (pixbuf, color << 8);
  gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, "png", &error, NULL);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}

/* PNG (Third Edition), annex D. */
static guint32
sum_up (const guint8 *data,
        gsize length)
{
  guint32 sum = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      sum ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        sum = (sum >> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
  return ~sum;
}

/* A picture that is one in every regard until somebody wants its pixels. */
static GBytes *
damage (GBytes *picture)
{
  gsize size;
  guint8 *data = g_bytes_unref_to_data (g_bytes_ref (picture), &size);
  guint8 *chunk = memmem (data, size, "IDAT", 4);
  guint32 length, sum;

  g_assert_nonnull (chunk);
  memcpy (&length, chunk - 4, sizeof length);
  length = GUINT32_FROM_BE (length);
  memset (chunk + 4, 0xff, length);
  sum = GUINT32_TO_BE (sum_up (chunk, length + 4));
  memcpy (chunk + 4 + length, &sum, sizeof sum);
  return g_bytes_new_take (data, size);
}

static void
add_picture (Fixture *self,
             gboolean damaged)
{
  guint index = self->items->len;
  g_autofree char *name = g_strdup_printf ("%u.png", index);
  g_autoptr (GBytes) whole = encode (index);
  g_autoptr (GBytes) bytes = damaged ? damage (whole) : g_bytes_ref (whole);
  g_autoptr (AssaySource) source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, name, bytes);
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  gsize size;
  const guchar *data = g_bytes_get_data (bytes, &size);

  g_ptr_array_add (self->service.known, g_base64_encode (data, size));
  g_ptr_array_add (self->items, assay_item_new (source));
  g_ptr_array_add (one, self->items->pdata[index]);
  assay_run_add (self->run, one);
}

/* Picture 0 goes by itself, before anything is known of the model; 1 to BATCH are ready
 * together as soon as nothing keeps them. */
static void
fill (Fixture *self,
      guint damaged)
{
  add_picture (self, FALSE);
  wait_for (self, is_over, "the first picture");
  assay_run_pause (self->run, ASSAY_PAUSE_PERSON);
  for (guint i = 1; i <= BATCH; i++)
    add_picture (self, i == damaged);
  wait_for (self, are_read, "all to be read");
  g_assert_cmpuint (self->service.sizes->len, ==, 1);
}

static void
go (Fixture *self)
{
  assay_run_resume (self->run, ASSAY_PAUSE_PERSON);
  wait_for (self, is_over, "the end of the run");
  g_assert_cmpuint (assay_run_get_done (self->run), ==, BATCH + 1);
}

static AssayAnswer *
get_answer (Fixture *self,
            guint i)
{
  return assay_item_find_answer (self->items->pdata[i], self->target);
}

static void
assert_answered (Fixture *self,
                 guint i)
{
  AssayAnswer *answer = get_answer (self, i);
  AssayPrediction *prediction;

  g_assert_no_error (assay_answer_get_error (answer));
  g_assert_cmpint (assay_answer_get_state (answer), ==, ASSAY_ANSWER_ANSWERED);
  prediction = assay_answer_get_prediction (answer);
  g_assert_cmpstr (assay_prediction_get_label (prediction, 1), ==, "tulip");
  g_assert_cmpfloat_with_epsilon (assay_prediction_get_score (prediction, 1), i / 100.0, 1e-6);
}

static void
assert_only_failed (Fixture *self,
                    guint which,
                    int code,
                    const char *words)
{
  const GError *error = assay_answer_get_error (get_answer (self, which));

  g_assert_error (error, ASSAY_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  for (guint i = 0; i <= BATCH; i++)
    if (i != which)
      assert_answered (self, i);
}

static guint
get_size (Fixture *self,
          guint i)
{
  g_assert_cmpuint (i, <, self->service.sizes->len);
  return g_array_index (self->service.sizes, guint, i);
}

/* ---- the tests ---- */

static void
test_together (Fixture *self,
               gconstpointer data)
{
  fill (self, 0);
  go (self);
  for (guint i = 0; i <= BATCH; i++)
    assert_answered (self, i);
  g_assert_cmpuint (self->service.sizes->len, ==, 2);
  g_assert_cmpuint (get_size (self, 1), ==, BATCH);
}

typedef struct {
  const char *name;
  Mood mood;
  guint status;
  int code;
  const char *words;
  guint together;            /* requests about all of them: one on a kept connection is repeated */
  guint most;                /* requests after the first */
} Spoiled;

/* A service that failed may succeed the second time, and one that is away the fifth. */
static const Spoiled SPOILED[] = {
  { "400", MOOD_STATUS, 400, ASSAY_ERROR_REFUSED, "cannot read image", 1, 1 + BATCH },
  { "413", MOOD_STATUS, 413, ASSAY_ERROR_TOO_LARGE, "too large", 1, 1 + BATCH },
  { "422", MOOD_STATUS, 422, ASSAY_ERROR_REFUSED, "cannot read image", 1, 1 + BATCH },
  { "500", MOOD_STATUS, 500, ASSAY_ERROR_SERVICE, "cannot read image", 1, 2 + BATCH },
  { "502", MOOD_STATUS, 502, ASSAY_ERROR_SERVICE, "cannot read image", 1, 3 + BATCH },
  { "no-number", MOOD_NAN, 200, ASSAY_ERROR_BAD_ANSWER, "not a number", 1, 1 + BATCH },
  { "fatal", MOOD_CLOSES, 0, ASSAY_ERROR_OFFLINE, "closed the connection", 2, 8 + BATCH },
};

/* It has its own reason, and all others their answers. */
static void
test_spoiled (Fixture *self,
              gconstpointer data)
{
  const Spoiled *spoiled = data;

  self->service.mood = spoiled->mood;
  self->service.status = spoiled->status;
  self->service.spoiled = 3;
  assay_run_set_tries (self->run, 3);
  fill (self, 0);
  go (self);
  assert_only_failed (self, 3, spoiled->code, spoiled->words);
  for (guint i = 1; i < self->service.sizes->len; i++)
    g_assert_cmpuint (get_size (self, i), ==, i <= spoiled->together ? BATCH : 1);
  g_assert_cmpuint (self->service.sizes->len, <=, 1 + spoiled->most);
}

/* It is found out when the pixels of all are on their way. */
static void
test_undecodable (Fixture *self,
                  gconstpointer data)
{
  self->service.input = PIXELS;
  fill (self, 5);
  assay_run_resume (self->run, ASSAY_PAUSE_PERSON);
  wait_for (self, is_over, "the end of the run");
  for (guint i = 0; i <= BATCH; i++)
    {
      const GError *error = assay_answer_get_error (get_answer (self, i));

      if (i == 5)
        g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
      else
        g_assert_no_error (error);
    }
  g_assert_cmpuint (self->service.sizes->len, <=, 1 + BATCH);
}

/* A service that says that it takes several, and doesn't. */
static void
test_answers_one (Fixture *self,
                  gconstpointer data)
{
  self->service.mood = MOOD_ONE;
  fill (self, 0);
  go (self);
  for (guint i = 0; i <= BATCH; i++)
    assert_answered (self, i);
  g_assert_cmpuint (self->service.sizes->len, ==, 2 + BATCH);
}

/* It has not looked at them: they are sent again together. */
static void
test_busy (Fixture *self,
           gconstpointer data)
{
  self->service.mood = MOOD_STATUS;
  self->service.status = GPOINTER_TO_UINT (data);
  self->service.n_moody = 1;
  fill (self, 0);
  go (self);
  for (guint i = 0; i <= BATCH; i++)
    assert_answered (self, i);
  g_assert_cmpuint (get_size (self, 1), ==, BATCH);
  g_assert_cmpuint (self->service.sizes->len, <=, 2 + BATCH);
}

static void
test_goes_away (Fixture *self,
                gconstpointer data)
{
  self->service.mood = MOOD_CLOSES;
  self->service.n_moody = 2;  /* a kept connection that closes is tried again at once */
  fill (self, 0);
  go (self);
  for (guint i = 0; i <= BATCH; i++)
    assert_answered (self, i);
}

static void
hold (Fixture *self)
{
  self->service.mood = MOOD_HOLDS;
  fill (self, 0);
  assay_run_resume (self->run, ASSAY_PAUSE_PERSON);
  wait_for (self, is_held, "the request");
  g_assert_cmpuint (get_size (self, 1), ==, BATCH);
}

static void
test_cancel_one (Fixture *self,
                 gconstpointer data)
{
  hold (self);
  assay_run_cancel_item (self->run, self->items->pdata[4]);
  g_assert_cmpint (assay_answer_get_state (get_answer (self, 4)), ==, ASSAY_ANSWER_CANCELED);
  service_release (&self->service);
  wait_for (self, is_over, "the end of the run");
  for (guint i = 0; i <= BATCH; i++)
    if (i != 4)
      assert_answered (self, i);
  g_assert_cmpuint (self->service.sizes->len, ==, 2);
}

static void
assert_all_canceled (Fixture *self)
{
  g_assert_false (assay_run_is_active (self->run));
  g_assert_cmpuint (self->n_done, ==, BATCH + 1);
  for (guint i = 1; i <= BATCH; i++)
    g_assert_cmpint (assay_answer_get_state (get_answer (self, i)), ==, ASSAY_ANSWER_CANCELED);
  service_release (&self->service);
}

static void
test_cancel_all (Fixture *self,
                 gconstpointer data)
{
  hold (self);
  assay_run_cancel (self->run);
  assert_all_canceled (self);
}

static void
test_cancel_each (Fixture *self,
                  gconstpointer data)
{
  hold (self);
  for (guint i = 1; i <= BATCH; i++)
    assay_run_cancel_item (self->run, self->items->pdata[i]);
  assert_all_canceled (self);
}

static void
cancel_rest_cb (AssayRun *run)
{
  assay_run_cancel (run);
}

/* Whoever hears of the first answer may stop at once. */
static void
test_cancel_from_within (Fixture *self,
                         gconstpointer data)
{
  guint n_answered = 0;

  fill (self, 0);
  g_signal_connect (self->run, "item-done", G_CALLBACK (cancel_rest_cb), NULL);
  go (self);
  for (guint i = 1; i <= BATCH; i++)
    n_answered += assay_answer_get_state (get_answer (self, i)) == ASSAY_ANSWER_ANSWERED;
  g_assert_cmpuint (n_answered, ==, 1);
}

/* What flies comes to its end. */
static void
test_pause (Fixture *self,
            gconstpointer data)
{
  hold (self);
  assay_run_pause (self->run, ASSAY_PAUSE_PERSON);
  service_release (&self->service);
  wait_for (self, is_over, "the end of the run");
  for (guint i = 0; i <= BATCH; i++)
    assert_answered (self, i);
  g_assert_cmpuint (self->service.sizes->len, ==, 2);
}

/* Those that would be sent again by themselves are not. */
static void
test_closing (Fixture *self,
              gconstpointer data)
{
  hold (self);
  assay_run_cancel_waiting (self->run);
  for (guint i = 1; i <= BATCH; i++)
    g_assert_cmpint (assay_answer_get_state (get_answer (self, i)), ==, ASSAY_ANSWER_SENDING);
  respond (self->service.held->pdata[0], 400, "{\"error\":\"cannot read image\"}");
  service_release (&self->service);
  wait_for (self, is_over, "the end of the run");
  for (guint i = 1; i <= BATCH; i++)
    g_assert_cmpint (assay_answer_get_state (get_answer (self, i)), ==, ASSAY_ANSWER_CANCELED);
  g_assert_cmpuint (self->service.sizes->len, ==, 2);
}

static void
test_other_client (Fixture *self,
                   gconstpointer data)
{
  AssayTransport *former = self->transport;
  g_autoptr (GError) error = NULL;

  hold (self);
  self->transport = assay_transport_new (2, PATIENCE_SECONDS, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (self->client);
  self->client = make_client (self);
  assay_run_set_client (self->run, self->client);
  assay_transport_close (former);
  self->service.mood = MOOD_FINE;
  wait_for (self, is_over, "the end of the run");
  for (guint i = 0; i <= BATCH; i++)
    assert_answered (self, i);
  service_release (&self->service);
  g_object_unref (former);
}

static void
add_spoiled (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (SPOILED); i++)
    {
      g_autofree char *path = g_strdup_printf ("/assay/run/batch/spoiled-by-%s", SPOILED[i].name);

      g_test_add (path, Fixture, &SPOILED[i], set_up, test_spoiled, tear_down);
    }
}

#define TEST(path, function) \
  g_test_add ("/assay/run/batch/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("together", test_together);
  add_spoiled ();
  TEST ("undecodable", test_undecodable);
  TEST ("answers-one", test_answers_one);
  g_test_add ("/assay/run/batch/busy-429", Fixture, GUINT_TO_POINTER (429), set_up, test_busy,
              tear_down);
  g_test_add ("/assay/run/batch/busy-503", Fixture, GUINT_TO_POINTER (503), set_up, test_busy,
              tear_down);
  TEST ("goes-away", test_goes_away);
  TEST ("cancel-one", test_cancel_one);
  TEST ("cancel-all", test_cancel_all);
  TEST ("cancel-each", test_cancel_each);
  TEST ("cancel-from-within", test_cancel_from_within);
  TEST ("pause", test_pause);
  TEST ("closing", test_closing);
  TEST ("other-client", test_other_client);
  return g_test_run ();
}
