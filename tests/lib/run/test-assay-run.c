/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-intake.h"
#include "assay-run.h"

/* For anything; sanitizers are slow. */
#define PATIENCE_SECONDS 60

/* tests/support/mlf_server.py as a child process. */
typedef struct {
  GSubprocess *server;
  char *origin;
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "support", "mlf_server.py", NULL);
  g_autoptr (GDataInputStream) out = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL;

  self->server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                   &error, "/usr/bin/python3", script, NULL);
  g_assert_no_error (error);
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  port = g_data_input_stream_read_line (out, NULL, NULL, &error);
  g_assert_no_error (error);
  self->origin = g_strdup_printf ("http://127.0.0.1:%s", port);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->server), NULL, NULL);
  g_subprocess_wait (self->server, NULL, NULL);
  g_object_unref (self->server);
  g_free (self->origin);
}

/* What the server has seen, once @n requests have come. */
static JsonNode *
get_stats (Fixture *self,
           guint n)
{
  g_autofree char *command = g_strdup_printf (
    "import urllib.request\n"
    "print(urllib.request.urlopen('%s/wait-%u', timeout=60).read().decode())", self->origin, n);
  const char *const argv[] = { "/usr/bin/python3", "-c", command, NULL };
  g_autofree char *out = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *stats;

  g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, &out, NULL, NULL, &error);
  g_assert_no_error (error);
  stats = json_from_string (out, &error);
  g_assert_no_error (error);
  return stats;
}

static guint
get_stat (Fixture *self,
          const char *name)
{
  g_autoptr (JsonNode) stats = get_stats (self, 0);

  return json_object_get_int_member (json_node_get_object (stats), name);
}

/* A run against one mood of the server. */
typedef struct {
  AssayTransport *transport;
  AssayClient *client;
  AssayTarget *target;
  AssayRun *run;
  guint n_done;               /* signals */
  guint n_finished;
} Ride;

static void
item_done_cb (Ride *self,
              AssayItem *item)
{
  AssayAnswer *answer = assay_item_find_answer (item, self->target);

  g_assert_true (assay_answer_state_is_final (assay_answer_get_state (answer)));
  self->n_done++;
}

static void
finished_cb (Ride *self)
{
  g_assert_false (assay_run_is_active (self->run));
  self->n_finished++;
}

static void
ride_init (Ride *self,
           const char *origin,
           const char *mood,
           guint jobs)
{
  g_autofree char *url = g_strdup_printf ("%s/%s", origin, mood);
  g_autoptr (AssayConnection) connection = assay_connection_new ("test", "Test");
  g_autoptr (AssayCredentials) credentials = NULL;
  g_autoptr (GError) error = NULL;

  *self = (Ride) { 0 };
  g_object_set (connection, "url", url, "auth", ASSAY_AUTH_NONE, NULL);
  self->transport = assay_transport_new (jobs, PATIENCE_SECONDS, NULL, &error);
  g_assert_no_error (error);
  credentials = assay_credentials_new (connection, self->transport);
  self->client = assay_client_new (connection, credentials, self->transport);
  self->target = assay_target_new ("test", "flowers", "2");
  self->run = assay_run_new (self->client, self->target, jobs, TRUE);
  g_signal_connect_swapped (self->run, "item-done", G_CALLBACK (item_done_cb), self);
  g_signal_connect_swapped (self->run, "finished", G_CALLBACK (finished_cb), self);
}

static gboolean
late_cb (gpointer data)
{
  g_error ("waited too long for %s", (const char *) data);
  return G_SOURCE_REMOVE;
}

typedef gboolean (*Wanted) (gpointer data);

static void
wait_for (Wanted wanted,
          gpointer data,
          const char *what)
{
  guint late = g_timeout_add_seconds (PATIENCE_SECONDS, late_cb, (gpointer) what);

  while (!wanted (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static gboolean
has_finished (gpointer data)
{
  Ride *ride = data;

  return ride->n_finished > 0;
}

/* Signals and counts agree: nothing was lost and nothing counted twice. */
static void
ride_finish (Ride *self,
             guint n_total)
{
  wait_for (has_finished, self, "the end of the run");
  g_assert_cmpuint (assay_run_get_total (self->run), ==, n_total);
  g_assert_cmpuint (assay_run_get_done (self->run), ==, n_total);
  g_assert_cmpuint (self->n_done, ==, n_total);
}

static void
ride_clear (Ride *self)
{
  assay_transport_close (self->transport);
  g_signal_handlers_disconnect_by_data (self->run, self);
  g_object_unref (self->run);
  g_object_unref (self->client);
  g_object_unref (self->transport);
  assay_target_unref (self->target);
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

/* Pictures called 0.png, 1.png, … */
static GPtrArray *
make_items (guint n)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autoptr (GBytes) bytes = encode (i);
      g_autoptr (AssaySource) source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, name, bytes);

      g_ptr_array_add (items, assay_item_new (source));
    }
  return items;
}

/* Items whose source says from the start that they can't be sent. */
static GPtrArray *
make_rejects (guint n)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("text", 4);
  g_autoptr (AssaySource) source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, "a.txt", bytes);
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (items, assay_item_new (source));
  return items;
}

static AssayAnswerState
state_of (Ride *ride,
          GPtrArray *items,
          guint i)
{
  AssayAnswer *answer = assay_item_find_answer (g_ptr_array_index (items, i), ride->target);

  return assay_answer_get_state (answer);
}

static guint
count_state (Ride *ride,
             GPtrArray *items,
             AssayAnswerState state)
{
  guint n = 0;

  for (guint i = 0; i < items->len; i++)
    n += state_of (ride, items, i) == state;
  return n;
}

static void
answers_every_item (Fixture *fixture,
                    gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (200);
  Ride ride;

  ride_init (&ride, fixture->origin, "ok", 8);
  g_assert_false (assay_run_is_active (ride.run));
  assay_run_add (ride.run, items);
  g_assert_true (assay_run_is_active (ride.run));
  ride_finish (&ride, 200);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 200);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, 200);
  g_assert_cmpuint (get_stat (fixture, "high_water"), <=, 8);
  g_assert_null (assay_run_get_fatal (ride.run));
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);
      AssayAnswer *answer = assay_item_find_answer (item, ride.target);

      g_assert_cmpuint (assay_prediction_get_n (assay_answer_get_prediction (answer)), ==, 2);
      g_assert_cmpuint (assay_answer_get_attempts (answer), ==, 1);
      g_assert_cmpfloat (assay_answer_get_seconds (answer), >, 0);
      g_assert_true (assay_item_is_read (item));
    }
  ride_clear (&ride);
}

static void
flies_as_many_as_allowed (Fixture *fixture,
                          gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (40);
  Ride ride;

  /* The server answers nobody before four are there. */
  ride_init (&ride, fixture->origin, "hold-4", 4);
  assay_run_add (ride.run, items);
  ride_finish (&ride, 40);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 40);
  g_assert_cmpuint (assay_run_get_high_water (ride.run), ==, 4);
  g_assert_cmpuint (get_stat (fixture, "high_water"), ==, 4);
  ride_clear (&ride);
}

static void
sends_nothing_that_is_rejected (Fixture *fixture,
                                gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (3);
  g_autoptr (GPtrArray) rejects = make_rejects (4);
  g_autoptr (GBytes) whole = encode (1);
  g_autoptr (GBytes) half = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) - 15);
  g_autoptr (AssaySource) source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, "half.png", half);
  Ride ride;

  /* Damaged, which only reading it through tells. */
  g_assert_no_error (assay_source_get_error (source));
  g_ptr_array_add (rejects, assay_item_new (source));
  ride_init (&ride, fixture->origin, "ok", 8);
  assay_run_add (ride.run, rejects);
  g_assert_cmpuint (count_state (&ride, rejects, ASSAY_ANSWER_REJECTED), ==, 4);
  assay_run_add (ride.run, items);
  ride_finish (&ride, 8);
  g_assert_cmpuint (count_state (&ride, rejects, ASSAY_ANSWER_REJECTED), ==, 5);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 3);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, 3);
  g_assert_error (assay_answer_get_error (assay_item_find_answer (g_ptr_array_index (rejects, 4),
                                                                  ride.target)),
                  ASSAY_ERROR, ASSAY_ERROR_DAMAGED);
  ride_clear (&ride);
}

static guint n_sending_wanted;

typedef struct {
  Ride *ride;
  GPtrArray *items;
} Look;

static gboolean
are_sending (gpointer data)
{
  Look *look = data;

  return count_state (look->ride, look->items, ASSAY_ANSWER_SENDING) >= n_sending_wanted;
}

static gboolean
are_stuck (gpointer data)
{
  return ((Look *) data)->ride->n_done == 3 && are_sending (data);
}

static void
cancels_at_once (Fixture *fixture,
                 gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (50);
  Ride ride;
  Look look = { &ride, items };

  ride_init (&ride, fixture->origin, "first-3", 4);
  assay_run_add (ride.run, items);
  n_sending_wanted = 4;
  wait_for (are_stuck, &look, "three answers and four in flight");
  assay_run_cancel (ride.run);
  g_assert_false (assay_run_is_active (ride.run));
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 3);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_CANCELED), ==, 47);
  ride_finish (&ride, 50);
  g_assert_cmpuint (ride.n_finished, ==, 1);
  ride_clear (&ride);
}

/* Another takes the place of the one that is canceled. */
static void
cancels_one (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (4);
  Ride ride;
  Look look = { &ride, items };

  n_sending_wanted = 1;
  ride_init (&ride, fixture->origin, "hang", 1);
  assay_run_add (ride.run, items);
  for (guint i = 0; i < 3; i++)
    {
      wait_for (are_sending, &look, "a request in flight");
      g_assert_cmpint (state_of (&ride, items, i), ==, ASSAY_ANSWER_SENDING);
      assay_run_cancel_item (ride.run, g_ptr_array_index (items, i));
      g_assert_cmpint (state_of (&ride, items, i), ==, ASSAY_ANSWER_CANCELED);
    }
  /* One that waits, and one that is done already. */
  assay_run_cancel_item (ride.run, g_ptr_array_index (items, 0));
  g_assert_true (assay_run_is_active (ride.run));
  assay_run_cancel_item (ride.run, g_ptr_array_index (items, 3));
  ride_finish (&ride, 4);
  g_assert_cmpuint (assay_run_get_high_water (ride.run), ==, 1);
  ride_clear (&ride);
}

static void
lets_go_first_what_is_preferred (Fixture *fixture,
                                 gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (6);
  g_autoptr (JsonNode) stats = NULL;
  JsonArray *names;
  Ride ride;

  ride_init (&ride, fixture->origin, "ok", 1);
  assay_run_add (ride.run, items);
  /* The first is being read already. */
  assay_run_prefer (ride.run, g_ptr_array_index (items, 3));
  assay_run_prefer (ride.run, g_ptr_array_index (items, 5));
  ride_finish (&ride, 6);
  assay_run_prefer (ride.run, g_ptr_array_index (items, 2));
  stats = get_stats (fixture, 6);
  names = json_object_get_array_member (json_node_get_object (stats), "names");
  for (guint i = 0; i < 6; i++)
    {
      static const char *const expected[] = {
        "0.png", "5.png", "3.png", "1.png", "2.png", "4.png",
      };

      g_assert_cmpstr (json_array_get_string_element (names, i), ==, expected[i]);
    }
  ride_clear (&ride);
}

static gboolean
has_five (gpointer data)
{
  return ((Ride *) data)->n_done >= 5;
}

static void
takes_more_while_it_runs (Fixture *fixture,
                          gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (10);
  g_autoptr (GPtrArray) more = make_items (10);
  Ride ride;

  ride_init (&ride, fixture->origin, "ok", 2);
  assay_run_add (ride.run, items);
  /* On its way already: not counted twice. */
  assay_run_add (ride.run, items);
  g_assert_cmpuint (assay_run_get_total (ride.run), ==, 10);
  wait_for (has_five, &ride, "five answers");
  assay_run_add (ride.run, more);
  ride_finish (&ride, 20);

  /* Asked again, whatever it had. */
  ride.n_finished = 0;
  assay_run_add (ride.run, items);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 0);
  ride_finish (&ride, 30);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 10);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, 30);
  ride_clear (&ride);
}

static void
fails_alone_when_one_is_refused (Fixture *fixture,
                                 gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (20);
  Ride ride;

  ride_init (&ride, fixture->origin, "status-400", 4);
  assay_run_add (ride.run, items);
  ride_finish (&ride, 20);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_FAILED), ==, 20);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, 20);
  g_assert_null (assay_run_get_fatal (ride.run));
  ride_clear (&ride);
}

/* Nobody may come in: after the first few the rest isn't tried. */
static void
gives_up_where_nobody_comes_in (Fixture *fixture,
                                gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (200);
  Ride ride;

  ride_init (&ride, fixture->origin, "status-401", 2);
  assay_run_add (ride.run, items);
  ride_finish (&ride, 200);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_FAILED), ==, 200);
  g_assert_error (assay_run_get_fatal (ride.run), ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (get_stat (fixture, "requests"), <, 20);
  g_assert_error (assay_answer_get_error (assay_item_find_answer (g_ptr_array_index (items, 199),
                                                                  ride.target)),
                  ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
  ride_clear (&ride);
}

static void
survives_a_service_that_is_away (void)
{
  g_autoptr (GPtrArray) items = make_items (30);
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *origin = NULL;
  Ride ride;

  /* A port that was free a moment ago. */
  origin = g_strdup_printf ("http://127.0.0.1:%u",
                            g_socket_listener_add_any_inet_port (listener, NULL, &error));
  g_assert_no_error (error);
  g_socket_listener_close (listener);
  ride_init (&ride, origin, "ok", 4);
  assay_run_add (ride.run, items);
  ride_finish (&ride, 30);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_FAILED), ==, 30);
  g_assert_error (assay_run_get_fatal (ride.run), ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  ride_clear (&ride);
}

static void
count_notify_cb (GObject *object,
                 GParamSpec *pspec,
                 gpointer data)
{
  (*(guint *) data)++;
}

static void
notifies_once_a_turn (void)
{
  g_autoptr (GPtrArray) rejects = make_rejects (1000);
  guint n_total = 0, n_done = 0, n_active = 0;
  Ride ride;

  ride_init (&ride, "http://127.0.0.1:1", "ok", 4);
  g_signal_connect (ride.run, "notify::n-total", G_CALLBACK (count_notify_cb), &n_total);
  g_signal_connect (ride.run, "notify::n-done", G_CALLBACK (count_notify_cb), &n_done);
  g_signal_connect (ride.run, "notify::active", G_CALLBACK (count_notify_cb), &n_active);
  assay_run_add (ride.run, rejects);
  g_assert_cmpuint (ride.n_done, ==, 1000);
  g_assert_cmpuint (n_total + n_done, ==, 0);
  g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_total, ==, 1);
  g_assert_cmpuint (n_done, ==, 1);
  ride_finish (&ride, 1000);
  ride_clear (&ride);
}

/* A hundred thousand are as much work each as ten are. */
static void
bears_very_many (Fixture *fixture,
                 gconstpointer data)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GBytes) bytes = encode (1);
  g_autoptr (AssaySource) source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, "a.png", bytes);
  double seconds;
  Ride ride;

  for (guint i = 0; i < 100000; i++)
    g_ptr_array_add (items, assay_item_new (source));
  ride_init (&ride, fixture->origin, "hang", 8);
  g_test_timer_start ();
  assay_run_add (ride.run, items);
  for (guint i = 0; i < items->len; i += 2)
    {
      assay_run_prefer (ride.run, g_ptr_array_index (items, items->len - 1 - i));
      assay_run_cancel_item (ride.run, g_ptr_array_index (items, i));
    }
  assay_run_cancel (ride.run);
  ride_finish (&ride, 100000);
  seconds = g_test_timer_elapsed ();
  g_test_minimized_result (seconds, "100,000 items queued and canceled: %.2f s", seconds);
  ride_clear (&ride);
}

/* ---- archives that are sent as they are ---- */

static void
take_members_cb (GPtrArray *sources,
                 gpointer data)
{
  for (guint i = 0; i < sources->len; i++)
    g_ptr_array_add (data, assay_item_new (g_ptr_array_index (sources, i)));
}

static void
walked_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  *(AssayIntakeSummary **) data = assay_intake_walk_finish (result, NULL);
}

static gboolean
has_walked (gpointer data)
{
  return *(AssayIntakeSummary **) data != NULL;
}

/* Of an archive of two pictures. */
static GPtrArray *
make_members (void)
{
  const AssayIntakeOptions options = { .send_archives = TRUE };
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "fixtures", "archives",
                                                 "streamed.zip", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  AssayIntakeSummary *summary = NULL;

  assay_intake_walk_full_async (&file, 1, &options, take_members_cb, items, NULL, NULL, walked_cb,
                                &summary);
  wait_for (has_walked, &summary, "the archive");
  assay_intake_summary_free (summary);
  g_assert_cmpuint (items->len, ==, 2);
  return items;
}

/* One request for both, beside those of others; a retry of one sends it once more,
 * and leaves the other alone. */
static void
sends_an_archive_once (Fixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GPtrArray) members = make_members ();
  g_autoptr (GPtrArray) items = make_items (3);
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  guint64 total;
  Ride ride;

  ride_init (&ride, fixture->origin, "ok", 2);
  g_ptr_array_add (one, g_ptr_array_index (members, 1));
  assay_run_add (ride.run, items);
  assay_run_add (ride.run, members);
  ride_finish (&ride, 5);
  g_assert_cmpuint (count_state (&ride, members, ASSAY_ANSWER_ANSWERED), ==, 2);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, 4);
  g_assert_cmpuint (assay_run_get_sent_bytes (ride.run, &total), ==, 0);
  g_assert_cmpuint (total, ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      AssayItem *item = g_ptr_array_index (members, i);
      g_autofree char *hash = assay_item_dup_sha256 (item);
      g_autofree char *sent_hash = assay_item_dup_sent_sha256 (item);

      g_assert_cmpuint (assay_item_get_sent_bytes (item, &total), ==, 0);
      g_assert_cmpuint (total, ==, 0);
      g_assert_cmpuint (strlen (hash), ==, 64);
      g_assert_cmpstr (hash, !=, sent_hash);
      g_assert_false (assay_item_get_converted (item));
    }

  ride.n_finished = 0;
  assay_run_add (ride.run, one);
  ride_finish (&ride, 6);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, 5);
  ride_clear (&ride);
}

static gboolean
has_sent_all (gpointer data)
{
  AssayItem *item = data;
  guint64 total;
  guint64 sent = assay_item_get_sent_bytes (item, &total);

  return total > 0 && sent == total;
}

static void
count_cb (guint *n)
{
  ++*n;
}

/* The bytes are told while it flies; when one leaves the other goes on, and when
 * the last one leaves so does the request. */
static void
tells_the_bytes_of_an_archive (Fixture *fixture,
                               gconstpointer data)
{
  g_autoptr (GPtrArray) members = make_members ();
  AssayItem *last = g_ptr_array_index (members, 1);
  guint n_told = 0;
  Ride ride;

  ride_init (&ride, fixture->origin, "hang", 2);
  g_signal_connect_swapped (last, "notify::sent-bytes", G_CALLBACK (count_cb), &n_told);
  assay_run_add (ride.run, members);
  wait_for (has_sent_all, last, "the bytes of the archive");
  g_assert_cmpuint (n_told, >=, 1);
  g_assert_cmpint (state_of (&ride, members, 0), ==, ASSAY_ANSWER_SENDING);

  assay_run_cancel_item (ride.run, g_ptr_array_index (members, 0));
  g_assert_cmpint (state_of (&ride, members, 0), ==, ASSAY_ANSWER_CANCELED);
  g_assert_cmpint (state_of (&ride, members, 1), ==, ASSAY_ANSWER_SENDING);
  assay_run_cancel (ride.run);
  g_assert_cmpint (state_of (&ride, members, 1), ==, ASSAY_ANSWER_CANCELED);
  g_assert_cmpuint (assay_item_get_sent_bytes (last, NULL), ==, 0);
  ride_finish (&ride, 2);
  ride_clear (&ride);
}

static void
fails_an_archive_as_one (Fixture *fixture,
                         gconstpointer data)
{
  g_autoptr (GPtrArray) members = make_members ();
  g_autofree char *first = NULL;
  Ride ride;

  ride_init (&ride, fixture->origin, "status-500", 2);
  assay_run_add (ride.run, members);
  ride_finish (&ride, 2);
  g_assert_cmpuint (count_state (&ride, members, ASSAY_ANSWER_FAILED), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      AssayAnswer *answer =
        assay_item_find_answer (g_ptr_array_index (members, i), ride.target);

      if (first == NULL)
        first = g_strdup (assay_answer_get_error (answer)->message);
      g_assert_cmpstr (assay_answer_get_error (answer)->message, ==, first);
      g_assert_cmpuint (assay_answer_get_attempts (answer), ==, 2);
    }
  /* It was sent once more, as what fails there is, and as one. */
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, 2);
  ride_clear (&ride);
}

/* Bounds of the connection: one picture over them keeps the whole archive. */
static void
keeps_an_archive_that_does_not_fit (Fixture *fixture,
                                    gconstpointer data)
{
  g_autoptr (GPtrArray) members = make_members ();
  Ride ride;

  ride_init (&ride, fixture->origin, "ok", 2);
  g_object_set (assay_client_get_connection (ride.client), "fit-bytes", (guint64) 10, NULL);
  assay_run_add (ride.run, members);
  ride_finish (&ride, 2);
  g_assert_cmpuint (count_state (&ride, members, ASSAY_ANSWER_REJECTED), ==, 2);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, 0);
  ride_clear (&ride);
}

static gboolean
is_gone (gpointer data)
{
  return *(AssayRun **) data == NULL;
}

/* Whoever drops a run without a word keeps nothing alive for ever. */
static void
goes_away_when_done (Fixture *fixture,
                     gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (5);
  Ride ride;
  AssayRun *run;

  ride_init (&ride, fixture->origin, "ok", 2);
  run = ride.run;
  g_object_add_weak_pointer (G_OBJECT (run), (gpointer *) &run);
  assay_run_add (run, items);
  g_signal_handlers_disconnect_by_data (run, &ride);
  g_object_unref (run);
  wait_for (is_gone, &run, "the run to go away");
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 5);
  ride.run = assay_run_new (ride.client, ride.target, 1, TRUE);
  ride_clear (&ride);
}

/* What failed for now is sent again, and nothing is lost. */
static void
check_mood (Fixture *fixture,
            const char *mood,
            guint n,
            guint n_answered,
            guint n_requests)
{
  g_autoptr (GPtrArray) items = make_items (n);
  Ride ride;

  ride_init (&ride, fixture->origin, mood, 4);
  assay_run_add (ride.run, items);
  ride_finish (&ride, n);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, n_answered);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_FAILED), ==, n - n_answered);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, n_requests);
  g_assert_cmpuint (get_stat (fixture, "high_water"), <=, 4);
  ride_clear (&ride);
}

static void
sends_again_what_broke (Fixture *fixture,
                        gconstpointer data)
{
  check_mood (fixture, "sick-0-3-0", 30, 30, 33);
}

static void
sends_again_when_busy (Fixture *fixture,
                       gconstpointer data)
{
  check_mood (fixture, "sick-503-3-0", 30, 30, 33);
}

static void
sends_once_more_what_failed_there (Fixture *fixture,
                                   gconstpointer data)
{
  check_mood (fixture, "each-500", 12, 12, 24);
}

static void
sends_twice_at_most_what_fails_there (Fixture *fixture,
                                      gconstpointer data)
{
  check_mood (fixture, "status-500", 12, 0, 24);
}

static void
counts_attempts (Fixture *fixture,
                 gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (1);
  Ride ride;

  ride_init (&ride, fixture->origin, "sick-425-2-0", 4);
  assay_run_add (ride.run, items);
  ride_finish (&ride, 1);
  g_assert_cmpint (state_of (&ride, items, 0), ==, ASSAY_ANSWER_ANSWERED);
  g_assert_cmpuint (assay_answer_get_attempts (assay_item_find_answer (items->pdata[0],
                                                                       ride.target)), ==, 3);
  ride_clear (&ride);
}

static void
ends_after_the_last_try (Fixture *fixture,
                         gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (3);
  AssayAnswer *answer;
  Ride ride;

  ride_init (&ride, fixture->origin, "status-425", 4);
  assay_run_set_tries (ride.run, 2);
  assay_run_add (ride.run, items);
  ride_finish (&ride, 3);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_FAILED), ==, 3);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, 6);
  answer = assay_item_find_answer (items->pdata[0], ride.target);
  g_assert_error (assay_answer_get_error (answer), ASSAY_ERROR, ASSAY_ERROR_BUSY);
  g_assert_cmpuint (assay_answer_get_attempts (answer), ==, 2);
  ride_clear (&ride);
}

/* One hint holds all back. */
static void
rests_when_asked (Fixture *fixture,
                  gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (20);
  g_autoptr (JsonNode) stats = NULL;
  JsonArray *times;
  Ride ride;

  ride_init (&ride, fixture->origin, "sick-429-1-2", 1);
  assay_run_add (ride.run, items);
  ride_finish (&ride, 20);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 20);
  stats = get_stats (fixture, 21);
  times = json_object_get_array_member (json_node_get_object (stats), "times");
  g_assert_cmpfloat (json_array_get_double_element (times, 1)
                       - json_array_get_double_element (times, 0), >=, 2);
  ride_clear (&ride);
}

static gboolean
is_resting (gpointer data)
{
  return assay_run_get_pause (((Ride *) data)->run, NULL) == ASSAY_PAUSE_ASKED;
}

static void
cancels_what_rests (Fixture *fixture,
                    gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (20);
  Ride ride;

  ride_init (&ride, fixture->origin, "sick-503-99-600", 4);
  assay_run_add (ride.run, items);
  wait_for (is_resting, &ride, "a rest");
  assay_run_cancel (ride.run);
  ride_finish (&ride, 20);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_CANCELED), ==, 20);
  ride_clear (&ride);
}

static gboolean
nothing_flies (gpointer data)
{
  Look *look = data;

  return count_state (look->ride, look->items, ASSAY_ANSWER_SENDING) == 0;
}

static void
pauses_and_goes_on (Fixture *fixture,
                    gconstpointer data)
{
  static const AssayPause why[] = {
    ASSAY_PAUSE_PERSON, ASSAY_PAUSE_NETWORK, ASSAY_PAUSE_SIGN_IN,
  };
  g_autoptr (GPtrArray) items = make_items (60);
  Ride ride;
  Look look = { &ride, items };

  ride_init (&ride, fixture->origin, "slow-10", 4);
  assay_run_add (ride.run, items);
  for (guint i = 0; i < G_N_ELEMENTS (why); i++)
    {
      guint done = ride.n_done + 5;

      while (ride.n_done < done)
        g_main_context_iteration (NULL, TRUE);
      assay_run_pause (ride.run, why[i]);
      wait_for (nothing_flies, &look, "those in flight to land");
      g_assert_true (assay_run_is_active (ride.run));
      g_assert_cmpint (assay_run_get_pause (ride.run, NULL), ==, why[i]);
      assay_run_resume (ride.run, why[i]);
    }
  ride_finish (&ride, 60);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 60);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, 60);
  ride_clear (&ride);
}

static gboolean
has_paused (gpointer data)
{
  Look *look = data;

  return assay_run_get_pause (look->ride->run, NULL) == ASSAY_PAUSE_SIGN_IN
         && nothing_flies (look) && count_state (look->ride, look->items, ASSAY_ANSWER_READING) == 0;
}

/* The token ends in the middle: all that is left waits until somebody has signed in. */
static void
waits_for_a_sign_in (Fixture *fixture,
                     gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (30);
  AssayConnection *connection;
  g_autoptr (AssayCredentials) credentials = NULL;
  g_autoptr (AssayClient) client = NULL;
  Ride ride;
  Look look = { &ride, items };

  ride_init (&ride, fixture->origin, "token-6", 4);
  assay_run_set_can_sign_in (ride.run, TRUE);
  assay_run_add (ride.run, items);
  /* The second time, whoever says so has not really signed in. */
  for (guint i = 0; i < 2; i++)
    {
      wait_for (has_paused, &look, "a pause");
      g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 5);
      g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_QUEUED), ==, 25);
      g_assert_error (assay_run_get_trouble (ride.run), ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
      g_assert_no_error (assay_run_get_fatal (ride.run));
      if (i == 0)
        assay_run_resume (ride.run, ASSAY_PAUSE_SIGN_IN);
    }

  connection = assay_client_get_connection (ride.client);
  g_object_set (connection, "auth", ASSAY_AUTH_BEARER, NULL);
  credentials = assay_credentials_new (connection, ride.transport);
  assay_credentials_set_token (credentials, "open-sesame");
  client = assay_client_new (connection, credentials, ride.transport);
  assay_run_set_client (ride.run, client);
  assay_run_resume (ride.run, ASSAY_PAUSE_SIGN_IN);
  ride_finish (&ride, 30);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 30);
  ride_clear (&ride);
}

/* Where nobody can sign in, nothing waits for that. */
static void
fails_where_nobody_can_sign_in (Fixture *fixture,
                                gconstpointer data)
{
  check_mood (fixture, "token-6", 12, 5, 12);
}

static gboolean
all_fly (gpointer data)
{
  Look *look = data;

  return count_state (look->ride, look->items, ASSAY_ANSWER_SENDING) == look->items->len;
}

/* What flew with a client that is closed is sent again through the next one. */
static void
goes_on_with_another_client (Fixture *fixture,
                             gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (4);
  Ride ride, next;
  Look look = { &ride, items };

  ride_init (&ride, fixture->origin, "hang", 4);
  ride_init (&next, fixture->origin, "ok", 4);
  assay_run_add (ride.run, items);
  wait_for (all_fly, &look, "all in the air");
  assay_run_set_client (ride.run, next.client);
  assay_transport_close (ride.transport);
  ride_finish (&ride, 4);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), ==, 4);
  ride_clear (&next);
  ride_clear (&ride);
}

static gboolean
is_gone_for_a_minute (gpointer data)
{
  gint64 until;

  return assay_run_get_pause (((Ride *) data)->run, &until) == ASSAY_PAUSE_GONE
         && until - g_get_monotonic_time () > (gint64) 40 * G_USEC_PER_SEC;
}

static gboolean
is_told_gone (gpointer data)
{
  return assay_run_get_pause (((Ride *) data)->run, NULL) == ASSAY_PAUSE_GONE;
}

/* Somebody who knows better need not wait for the half minute; here they are wrong,
 * and the next pause is the longer one. */
static void
tries_at_once_when_told (Fixture *fixture,
                         gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (100);
  gint64 until;
  Ride ride;

  ride_init (&ride, fixture->origin, "sick-503-999-0", 8);
  assay_run_set_tries (ride.run, 20);
  assay_run_add (ride.run, items);
  wait_for (is_told_gone, &ride, "a service that stopped answering");
  g_assert_false (is_gone_for_a_minute (&ride));
  assay_run_try_now (ride.run);
  assay_run_get_pause (ride.run, &until);
  g_assert_cmpint (until, <=, g_get_monotonic_time ());
  wait_for (is_gone_for_a_minute, &ride, "the second pause");
  assay_run_cancel (ride.run);
  ride_finish (&ride, 100);
  ride_clear (&ride);
}

/* It was there, and is gone: whoever has no patience is told. */
static void
loses_patience (Fixture *fixture,
                gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (40);
  Ride ride;

  ride_init (&ride, fixture->origin, "ok", 4);
  assay_run_set_patience (ride.run, 3);
  assay_run_add (ride.run, items);
  while (ride.n_done < 10)
    g_main_context_iteration (NULL, TRUE);
  g_subprocess_force_exit (fixture->server);
  ride_finish (&ride, 40);
  g_assert_true (assay_run_has_given_up (ride.run));
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED), >=, 10);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_FAILED), >, 0);
  g_assert_cmpuint (count_state (&ride, items, ASSAY_ANSWER_ANSWERED)
                      + count_state (&ride, items, ASSAY_ANSWER_FAILED), ==, 40);
  g_assert_error (assay_run_get_fatal (ride.run), ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  ride_clear (&ride);
}

/* Somebody knows that it doesn't come back, and why: nobody waits, and each item
 * says it, whatever its own last request met with. */
static void
gives_up_when_told (Fixture *fixture,
                    gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_items (40);
  g_autoptr (GError) why = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_OFFLINE, "Gone for good");
  guint n_failed = 0;
  Ride ride;

  ride_init (&ride, fixture->origin, "ok", 4);
  assay_run_add (ride.run, items);
  while (ride.n_done < 10)
    g_main_context_iteration (NULL, TRUE);
  g_subprocess_force_exit (fixture->server);
  g_subprocess_wait (fixture->server, NULL, NULL);
  wait_for (is_told_gone, &ride, "a service that stopped answering");
  assay_run_give_up (ride.run, why);
  ride_finish (&ride, 40);
  g_assert_true (assay_run_has_given_up (ride.run));
  for (guint i = 0; i < items->len; i++)
    {
      AssayAnswer *answer = assay_item_find_answer (items->pdata[i], ride.target);

      if (assay_answer_get_state (answer) != ASSAY_ANSWER_FAILED)
        continue;
      g_assert_cmpstr (assay_answer_get_error (answer)->message, ==, "Gone for good");
      n_failed++;
    }
  g_assert_cmpuint (n_failed, >, 0);
  g_assert_cmpuint (n_failed, <=, 30);
  ride_clear (&ride);
}

/* ---- items that nobody keeps ---- */

#define N_LIGHT 1000

/* Which of them are done, by serial, and how. */
typedef struct {
  guint n[N_LIGHT + 1];
  guint states[ASSAY_ANSWER_N_STATES];
  guint cancel_at;            /* 0 for never */
  guint n_done;
} Tally;

static void
tally_cb (AssayRun *run,
          AssayItem *item,
          gpointer data)
{
  Tally *self = data;
  AssayAnswer *answer = assay_item_find_answer (item, assay_run_get_target (run));

  g_assert_cmpuint (assay_item_get_serial (item), >=, 1);
  g_assert_cmpuint (assay_item_get_serial (item), <=, N_LIGHT);
  self->n[assay_item_get_serial (item)]++;
  self->states[assay_answer_get_state (answer)]++;
  if (++self->n_done == self->cancel_at)
    assay_run_cancel (run);
}

static void
add_light (Ride *ride,
           Tally *tally)
{
  g_autoptr (GPtrArray) items = make_items (N_LIGHT);

  for (guint i = 0; i < items->len; i++)
    assay_item_set_serial (g_ptr_array_index (items, i), i + 1);
  g_signal_connect (ride->run, "item-done", G_CALLBACK (tally_cb), tally);
  assay_run_add_light (ride->run, items);
  g_assert_cmpuint (assay_run_get_total (ride->run), ==, N_LIGHT);
}

/* Each was done exactly once. */
static void
assert_tally (Tally *tally)
{
  g_assert_cmpuint (tally->n_done, ==, N_LIGHT);
  for (guint i = 1; i <= N_LIGHT; i++)
    g_assert_cmpuint (tally->n[i], ==, 1);
}

static void
answers_what_nobody_keeps (Fixture *fixture,
                           gconstpointer data)
{
  Tally tally = { 0 };
  Ride ride;

  ride_init (&ride, fixture->origin, "ok", 8);
  add_light (&ride, &tally);
  ride_finish (&ride, N_LIGHT);
  assert_tally (&tally);
  g_assert_cmpuint (tally.states[ASSAY_ANSWER_ANSWERED], ==, N_LIGHT);
  g_assert_cmpuint (get_stat (fixture, "requests"), ==, N_LIGHT);
  ride_clear (&ride);
}

static void
cancels_what_nobody_keeps (Fixture *fixture,
                           gconstpointer data)
{
  Tally tally = { .cancel_at = 20 };
  Ride ride;

  ride_init (&ride, fixture->origin, "ok", 8);
  add_light (&ride, &tally);
  ride_finish (&ride, N_LIGHT);
  assert_tally (&tally);
  g_assert_cmpuint (tally.states[ASSAY_ANSWER_ANSWERED], ==, 20);
  g_assert_cmpuint (tally.states[ASSAY_ANSWER_CANCELED], ==, N_LIGHT - 20);
  ride_clear (&ride);
}

static void
fails_what_nobody_keeps (Fixture *fixture,
                         gconstpointer data)
{
  Tally tally = { 0 };
  Ride ride;

  g_subprocess_force_exit (fixture->server);
  g_subprocess_wait (fixture->server, NULL, NULL);
  ride_init (&ride, fixture->origin, "ok", 8);
  add_light (&ride, &tally);
  ride_finish (&ride, N_LIGHT);
  assert_tally (&tally);
  g_assert_cmpuint (tally.states[ASSAY_ANSWER_FAILED], ==, N_LIGHT);
  g_assert_error (assay_run_get_fatal (ride.run), ASSAY_ERROR, ASSAY_ERROR_OFFLINE);
  ride_clear (&ride);
}

#define ADD(path, function) \
  g_test_add ("/assay/run/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("answers-every-item", answers_every_item);
  ADD ("flies-as-many-as-allowed", flies_as_many_as_allowed);
  ADD ("sends-nothing-that-is-rejected", sends_nothing_that_is_rejected);
  ADD ("cancels-at-once", cancels_at_once);
  ADD ("cancels-one", cancels_one);
  ADD ("lets-go-first-what-is-preferred", lets_go_first_what_is_preferred);
  ADD ("takes-more-while-it-runs", takes_more_while_it_runs);
  ADD ("fails-alone-when-one-is-refused", fails_alone_when_one_is_refused);
  ADD ("gives-up-where-nobody-comes-in", gives_up_where_nobody_comes_in);
  ADD ("sends-again-what-broke", sends_again_what_broke);
  ADD ("sends-again-when-busy", sends_again_when_busy);
  ADD ("sends-once-more-what-failed-there", sends_once_more_what_failed_there);
  ADD ("sends-twice-at-most-what-fails-there", sends_twice_at_most_what_fails_there);
  ADD ("counts-attempts", counts_attempts);
  ADD ("ends-after-the-last-try", ends_after_the_last_try);
  ADD ("rests-when-asked", rests_when_asked);
  ADD ("cancels-what-rests", cancels_what_rests);
  ADD ("pauses-and-goes-on", pauses_and_goes_on);
  ADD ("waits-for-a-sign-in", waits_for_a_sign_in);
  ADD ("fails-where-nobody-can-sign-in", fails_where_nobody_can_sign_in);
  ADD ("goes-on-with-another-client", goes_on_with_another_client);
  ADD ("tries-at-once-when-told", tries_at_once_when_told);
  ADD ("loses-patience", loses_patience);
  ADD ("gives-up-when-told", gives_up_when_told);
  ADD ("bears-very-many", bears_very_many);
  ADD ("answers-what-nobody-keeps", answers_what_nobody_keeps);
  ADD ("cancels-what-nobody-keeps", cancels_what_nobody_keeps);
  ADD ("fails-what-nobody-keeps", fails_what_nobody_keeps);
  ADD ("goes-away-when-done", goes_away_when_done);
  ADD ("sends-an-archive-once", sends_an_archive_once);
  ADD ("tells-the-bytes-of-an-archive", tells_the_bytes_of_an_archive);
  ADD ("fails-an-archive-as-one", fails_an_archive_as_one);
  ADD ("keeps-an-archive-that-does-not-fit", keeps_an_archive_that_does_not_fit);
  g_test_add_func ("/assay/run/survives-a-service-that-is-away", survives_a_service_that_is_away);
  g_test_add_func ("/assay/run/notifies-once-a-turn", notifies_once_a_turn);
  return g_test_run ();
}
