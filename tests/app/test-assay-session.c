/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gtk/gtk.h>

#include "assay-error.h"
#include "assay-test-monitor.h"
#include "session-support.h"
#include "widget-support.h"

#define CLASSIFY "/classify/models/flowers/versions/2"
#define CLASSIFY_1 "/classify/models/flowers/versions/1"

typedef struct {
  SessionSupport *support;
  AssaySession *session;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->support = session_support_new ();
  fixture->session = assay_session_new (fixture->support->hub, fixture->support->settings);
}

static gboolean
is_the_last (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  assay_session_close (fixture->session);
  /* Walks and workers let go of it when they have noticed. */
  g_assert_true (widget_support_wait (is_the_last, fixture->session));
  g_assert_finalize_object (fixture->session);
  session_support_free (fixture->support);
}

static AssayCollection *
get_collection (Fixture *fixture)
{
  return assay_session_get_collection (fixture->session);
}

static guint
count (Fixture *fixture,
       AssayAnswerState state)
{
  return assay_collection_count_state (get_collection (fixture), state);
}

static AssayItem *
get_item (Fixture *fixture,
          guint position)
{
  g_autoptr (AssayItem) item =
    g_list_model_get_item (G_LIST_MODEL (get_collection (fixture)), position);

  return item;
}

static void
start (Fixture *fixture)
{
  assay_session_start (fixture->session);
  g_assert_true (session_support_wait_target (fixture->session));
}

static void
test_asks (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *title = NULL;

  /* Given before anything is known of the service. */
  session_support_add (fixture->support, fixture->session, 5);
  assay_session_start (fixture->session);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 5));
  g_assert_true (session_support_wait_idle (fixture->session));
  title = assay_session_dup_target_title (fixture->session);
  g_assert_cmpstr (title, ==, "flowers 2");
  g_assert_cmpuint (assay_collection_count_label (get_collection (fixture), "sunflowers"), ==, 5);
}

static void
test_takes_first_version (Fixture *fixture,
                          gconstpointer data)
{
  g_autofree char *version = NULL;

  g_settings_set_string (fixture->support->settings, "version", "9");
  start (fixture);
  version = g_settings_get_string (fixture->support->settings, "version");
  g_assert_cmpstr (version, ==, "2");
}

static void
test_waits_for_deployment (Fixture *fixture,
                           gconstpointer data)
{
  session_support_list_once (fixture->support, "PENDING");
  session_support_add (fixture->support, fixture->session, 2);
  assay_session_start (fixture->session);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 2));
  g_assert_cmpstr (assay_target_get_version (assay_session_get_target (fixture->session)), ==, "2");
}

static void
test_few_are_asked_at_once (Fixture *fixture,
                            gconstpointer data)
{
  g_autoptr (AssayTarget) second = assay_target_new ("test", "flowers", "2");
  AssayAnswer *kept;

  start (fixture);
  session_support_add (fixture->support, fixture->session, 3);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 3));
  kept = assay_item_get_answer (get_item (fixture, 0));

  assay_session_choose_version (fixture->session, "flowers", "1");
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 3));
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->support->server), ==, 2 + 3 + 3);
  g_assert_true (assay_item_find_answer (get_item (fixture, 0), second) == kept);
  g_assert_true (assay_item_get_answer (get_item (fixture, 0)) != kept);

  /* Nothing is asked twice. */
  assay_session_choose_version (fixture->session, "flowers", "2");
  g_assert_true (assay_item_get_answer (get_item (fixture, 0)) == kept);
  g_assert_false (assay_session_is_busy (fixture->session));
}

static void
test_many_are_asked_when_told (Fixture *fixture,
                               gconstpointer data)
{
  start (fixture);
  session_support_add (fixture->support, fixture->session, 101);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 101));
  g_assert_cmpuint (assay_session_count_unasked (fixture->session), ==, 0);

  assay_session_choose_version (fixture->session, "flowers", "1");
  g_assert_cmpuint (assay_session_count_unasked (fixture->session), ==, 101);
  g_assert_false (assay_session_is_busy (fixture->session));
  assay_session_ask_unasked (fixture->session);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 101));
  g_assert_cmpuint (assay_session_count_unasked (fixture->session), ==, 0);
}

static void
hold (Fixture *fixture,
      const char *path)
{
  AssayTestAnswer *answer = assay_test_answer_new (200, "application/json", ASSAY_TEST_FLOWERS);

  assay_test_answer_hold (answer);
  assay_test_server_set (fixture->support->server, path, answer);
}

/* What is held is answered, and so is what comes from now on. */
static void
let_go (Fixture *fixture,
        const char *path)
{
  assay_test_server_set (fixture->support->server, path,
                         assay_test_answer_new (200, "application/json", ASSAY_TEST_FLOWERS));
  assay_test_server_release (fixture->support->server);
}

static void
test_undo (Fixture *fixture,
           gconstpointer data)
{
  AssayRemoval *removal;

  start (fixture);
  hold (fixture, CLASSIFY);
  session_support_add (fixture->support, fixture->session, 12);
  g_assert_true (session_support_wait_requests (fixture->support, CLASSIFY, 4));

  removal = assay_session_clear (fixture->session);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (get_collection (fixture))), ==, 0);
  g_assert_true (session_support_wait_idle (fixture->session));

  assay_session_restore (fixture->session, removal);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (get_collection (fixture))), ==, 12);
  let_go (fixture, CLASSIFY);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 12));
  assay_removal_free (removal);
}

static void
test_cancel_and_retry (Fixture *fixture,
                       gconstpointer data)
{
  AssayProgressFigures figures;

  start (fixture);
  hold (fixture, CLASSIFY);
  session_support_add (fixture->support, fixture->session, 12);
  g_assert_true (session_support_wait_requests (fixture->support, CLASSIFY, 4));
  assay_session_get_progress (fixture->session, &figures);
  g_assert_cmpuint (figures.total, ==, 12);
  g_assert_cmpuint (figures.done, ==, 0);

  assay_session_cancel (fixture->session);
  g_assert_cmpuint (count (fixture, ASSAY_ANSWER_CANCELED), ==, 12);
  g_assert_true (session_support_wait_idle (fixture->session));
  let_go (fixture, CLASSIFY);
  g_assert_cmpuint (assay_session_ask_failed (fixture->session), ==, 12);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 12));
}

/* The tear-down closes it with eight requests in flight. */
static void
test_close_in_flight (Fixture *fixture,
                      gconstpointer data)
{
  start (fixture);
  hold (fixture, CLASSIFY);
  session_support_add (fixture->support, fixture->session, 12);
  g_assert_true (session_support_wait_requests (fixture->support, CLASSIFY, 4));
}

static void
test_close_while_listing (Fixture *fixture,
                          gconstpointer data)
{
  AssayTestAnswer *answer = assay_test_answer_new (200, "application/json", "{}");

  assay_test_answer_hold (answer);
  assay_test_server_push (fixture->support->server, "/retraining/models", answer);
  assay_session_start (fixture->session);
  session_support_add (fixture->support, fixture->session, 3);
  g_assert_true (session_support_wait_requests (fixture->support, "/retraining/models", 1));
}

static void
test_try_again (Fixture *fixture,
                gconstpointer data)
{
  assay_test_server_set (fixture->support->server, "/retraining/models",
                         assay_test_answer_new_close ());
  assay_session_start (fixture->session);
  g_assert_true (session_support_wait_status (fixture->session, ASSAY_LINK_OFFLINE));
  g_assert_nonnull (assay_link_get_error (assay_session_get_link (fixture->session)));
  g_assert_false (assay_session_can_ask (fixture->session));

  session_support_list (fixture->support, "SUCCEEDED");
  assay_session_try_again (fixture->session);
  session_support_add (fixture->support, fixture->session, 3);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 3));
}

/* A service that turns away: said of the service, and sent again when it is well. */
static void
test_turned_away (Fixture *fixture,
                  gconstpointer data)
{
  start (fixture);
  assay_test_server_set (fixture->support->server, CLASSIFY,
                         assay_test_answer_new (401, "application/json", "{}"));
  session_support_add (fixture->support, fixture->session, 10);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_FAILED, 10));
  g_assert_true (session_support_wait_status (fixture->session, ASSAY_LINK_NOT_PERMITTED));

  assay_test_server_set (fixture->support->server, CLASSIFY,
                         assay_test_answer_new (200, "application/json", ASSAY_TEST_FLOWERS));
  assay_session_try_again (fixture->session);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 10));
}

static void
test_left_out (Fixture *fixture,
               gconstpointer data)
{
  g_autoptr (GFile) picture = session_support_draw (fixture->support, "given/a.png");
  g_autoptr (GFile) folder = g_file_get_parent (picture);
  g_autofree char *note = g_build_filename (fixture->support->folder, "given", "note.txt", NULL);
  g_autoptr (GFile) named = g_file_new_for_path (note);
  GFile *both[] = { folder, named };
  g_autoptr (AssayRemoval) removal = NULL;

  g_assert_true (g_file_set_contents (note, "words", -1, NULL));
  start (fixture);

  /* Inside the folder it is left out; named, it has a row with the reason. */
  assay_session_add_files (fixture->session, both, 2);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 1));
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_REJECTED, 1));
  g_assert_true (session_support_wait_idle (fixture->session));
  g_assert_cmpuint (assay_session_count_left_out (fixture->session), ==, 1);
  removal = assay_session_remove_left_out (fixture->session);
  g_assert_cmpuint (assay_session_count_left_out (fixture->session), ==, 0);
  assay_session_restore (fixture->session, removal);
  g_assert_cmpuint (assay_session_count_left_out (fixture->session), ==, 1);
  g_assert_cmpuint (assay_session_get_left_out (fixture->session)->len, ==, 1);
}

static void
test_paste (Fixture *fixture,
            gconstpointer data)
{
  g_autoptr (GFile) file = session_support_draw (fixture->support, "a b.png");
  g_autofree char *uri = g_file_get_uri (file);
  g_autofree char *text = g_strdup_printf ("%s\r\n%s\n", uri, g_file_peek_path (file));
  g_autoptr (GBytes) pixels = g_bytes_new_take (g_malloc0 (4 * 4 * 4), 4 * 4 * 4);
  g_autoptr (GdkTexture) texture =
    gdk_memory_texture_new (4, 4, GDK_MEMORY_R8G8B8A8, pixels, 16);

  g_assert_true (assay_text_names_files (text));
  g_assert_false (assay_text_names_files ("roses are red"));
  g_assert_false (assay_text_names_files ("/a/path\nand words"));
  g_assert_false (assay_text_names_files (""));

  start (fixture);
  g_assert_false (assay_session_add_text (fixture->session, "roses are red"));
  g_assert_true (assay_session_add_text (fixture->session, text));
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 2));
  assay_session_add_texture (fixture->session, texture);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 3));
  g_assert_cmpstr (assay_item_get_name (get_item (fixture, 2)), ==, "Pasted image 1");
}

static AssayTestAnswer *
new_picture_answer (Fixture *fixture)
{
  g_autoptr (GFile) file = session_support_draw (fixture->support, "remote.png");
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, NULL);

  return assay_test_answer_new_bytes (200, "text/plain", bytes);
}

static void
add_address (Fixture *fixture,
             const char *path)
{
  g_autofree char *address = assay_test_server_dup_url (fixture->support->server, path);

  g_assert_true (assay_session_add_text (fixture->session, address));
}

static gboolean
has_arrived (gpointer data)
{
  return !assay_source_is_awaited (assay_item_get_source (data));
}

/* The row is there at once; the sums agree while it is awaited, while the service is
 * awaited, and when it is answered. */
static void
test_address (Fixture *fixture,
              gconstpointer data)
{
  AssayTestAnswer *held = new_picture_answer (fixture);
  AssayProgressFigures figures;
  AssayItem *item;

  assay_test_answer_hold (held);
  assay_test_server_set (fixture->support->server, "/a.png", held);
  add_address (fixture, "/a.png");
  item = get_item (fixture, 0);
  g_assert_cmpstr (assay_item_get_name (item), ==, "a.png");
  g_assert_true (assay_session_is_busy (fixture->session));
  g_assert_cmpuint (assay_session_count_unasked (fixture->session), ==, 0);
  assay_session_get_progress (fixture->session, &figures);
  g_assert_cmpuint (figures.total, ==, 1);
  g_assert_cmpuint (figures.done, ==, 0);

  g_assert_true (session_support_wait_requests (fixture->support, "/a.png", 1));
  assay_test_server_wait_held (fixture->support->server, 1);
  assay_test_server_release (fixture->support->server);
  g_assert_true (widget_support_wait (has_arrived, item));
  g_assert_null (assay_item_get_answer (item));
  g_assert_cmpuint (assay_session_count_unasked (fixture->session), ==, 0);

  start (fixture);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 1));
  g_assert_true (session_support_wait_idle (fixture->session));
}

/* What was not there is asked for again when a person says so, and only then. */
static void
test_address_fails (Fixture *fixture,
                    gconstpointer data)
{
  start (fixture);
  assay_test_server_set (fixture->support->server, "/a.png",
                         assay_test_answer_new (503, "text/plain", ""));
  add_address (fixture, "/a.png");
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_FAILED, 1));
  assay_session_choose_version (fixture->session, "flowers", "1");
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_FAILED, 1));
  g_assert_true (session_support_wait_requests (fixture->support, "/a.png", 1));

  assay_test_server_set (fixture->support->server, "/a.png", new_picture_answer (fixture));
  g_assert_cmpuint (assay_session_ask_failed (fixture->session), ==, 1);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 1));
}

static void
test_address_canceled (Fixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  AssayItem *item;

  start (fixture);
  assay_test_server_set (fixture->support->server, "/a.png", assay_test_answer_new_silent ());
  add_address (fixture, "/a.png");
  item = get_item (fixture, 0);
  assay_session_cancel (fixture->session);
  g_assert_error (assay_source_get_error (assay_item_get_source (item)), ASSAY_ERROR,
                  ASSAY_ERROR_CANCELED);
  g_assert_false (assay_session_is_busy (fixture->session));

  assay_test_server_set (fixture->support->server, "/a.png", new_picture_answer (fixture));
  g_ptr_array_add (items, item);
  assay_session_ask (fixture->session, items);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 1));
}

static AssayPause
get_pause (Fixture *fixture)
{
  AssayProgressFigures figures;

  assay_session_get_progress (fixture->session, &figures);
  return figures.pause;
}

static gboolean
waits_for_network (gpointer data)
{
  return get_pause (data) == ASSAY_PAUSE_NETWORK;
}

static gboolean
knows_no_way (gpointer data)
{
  Fixture *fixture = data;

  return !assay_hub_can_send (fixture->support->hub, fixture->support->connection);
}

/* A service elsewhere, which nobody has to reach: nothing is sent. */
static void
test_no_network (Fixture *fixture,
                 gconstpointer data)
{
  g_autoptr (AssayTestMonitor) monitor = assay_test_monitor_new ();

  g_object_set (fixture->support->connection, "url", "http://192.0.2.1:9/classify", "models-url",
                "", NULL);
  assay_test_monitor_set_available (monitor, FALSE);
  assay_hub_set_monitor (fixture->support->hub, G_NETWORK_MONITOR (monitor));
  g_assert_true (widget_support_wait (knows_no_way, fixture));

  assay_session_start (fixture->session);
  session_support_add (fixture->support, fixture->session, 3);
  g_assert_true (widget_support_wait (waits_for_network, fixture));
  g_assert_cmpuint (count (fixture, ASSAY_ANSWER_SENDING), ==, 0);
  /* A person's own pause stays when the network comes back. */
  assay_session_pause (fixture->session);
  assay_test_monitor_set_available (monitor, TRUE);
  g_assert_cmpint (get_pause (fixture), ==, ASSAY_PAUSE_PERSON);
  assay_test_monitor_set_available (monitor, FALSE);
  g_assert_true (widget_support_wait (knows_no_way, fixture));
  assay_session_resume (fixture->session);
  g_assert_true (widget_support_wait (waits_for_network, fixture));
  assay_test_monitor_set_available (monitor, TRUE);
  g_assert_cmpint (get_pause (fixture), ==, ASSAY_PAUSE_NONE);
  assay_session_cancel (fixture->session);
  g_assert_cmpuint (count (fixture, ASSAY_ANSWER_CANCELED), ==, 3);
}

static gboolean
waits_for_sign_in (gpointer data)
{
  AssayProgressFigures figures;

  assay_session_get_progress (data, &figures);
  return figures.pause == ASSAY_PAUSE_SIGN_IN;
}

/* One is answered, and from then on nobody is known any more. */
static void
lose_sign_in (Fixture *fixture,
              AssaySession *session)
{
  assay_test_server_push (fixture->support->server, CLASSIFY,
                          assay_test_answer_new (200, "application/json", ASSAY_TEST_FLOWERS));
  assay_test_server_set (fixture->support->server, CLASSIFY,
                         assay_test_answer_new (401, "application/json", "{}"));
  session_support_add (fixture->support, session, 4);
  g_assert_true (widget_support_wait (waits_for_sign_in, session));
  g_assert_true (session_support_wait_status (session, ASSAY_LINK_NOT_PERMITTED));
}

/* Signed in once, every window goes on, and nothing has failed. */
static void
test_signed_in_again (Fixture *fixture,
                      gconstpointer data)
{
  SessionSupport *support = fixture->support;
  g_autoptr (AssaySession) other = assay_session_new (support->hub, support->settings);
  g_autoptr (AssayConnection) draft = NULL;
  g_autoptr (GError) error = NULL;

  g_settings_set_uint (support->settings, "jobs", 1);
  start (fixture);
  assay_session_start (other);
  g_assert_true (session_support_wait_target (other));
  lose_sign_in (fixture, fixture->session);
  lose_sign_in (fixture, other);

  assay_test_server_set (support->server, CLASSIFY,
                         assay_test_answer_new (200, "application/json", ASSAY_TEST_FLOWERS));
  draft = assay_connection_copy (support->connection);
  g_object_set (draft, "auth", ASSAY_AUTH_BEARER, NULL);
  assay_hub_save (support->hub, support->connection, draft, "t0ken", &error);
  g_assert_no_error (error);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 4));
  g_assert_true (session_support_wait_count (other, ASSAY_ANSWER_ANSWERED, 4));
  assay_session_close (other);
  g_assert_true (widget_support_wait (is_the_last, other));
}

static void
keep_sum_cb (AssaySession *session,
             GArray *sums)
{
  g_array_append_vals (sums, assay_session_get_sum (session), 1);
}

static gboolean
has_one_sum (gpointer data)
{
  return ((GArray *) data)->len == 1;
}

static gboolean
has_two_sums (gpointer data)
{
  return ((GArray *) data)->len == 2;
}

/* From rest to rest, each item as often as it was asked about. */
static void
test_sum (Fixture *fixture,
          gconstpointer data)
{
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (AssaySum));
  const AssaySum *sum;

  g_signal_connect (fixture->session, "finished", G_CALLBACK (keep_sum_cb), sums);
  start (fixture);
  assay_test_server_push (fixture->support->server, CLASSIFY,
                          assay_test_answer_new (422, "application/json", "{}"));
  session_support_add (fixture->support, fixture->session, 5);
  g_assert_true (widget_support_wait (has_one_sum, sums));
  sum = &g_array_index (sums, AssaySum, 0);
  g_assert_cmpuint (sum->total, ==, 5);
  g_assert_cmpuint (sum->answered, ==, 4);
  g_assert_cmpuint (sum->failed, ==, 1);
  g_assert_cmpint (sum->began, >, 0);

  g_assert_cmpuint (assay_session_ask_failed (fixture->session), ==, 1);
  g_assert_true (widget_support_wait (has_two_sums, sums));
  g_assert_cmpuint (g_array_index (sums, AssaySum, 1).total, ==, 1);
}

/* ---- the same bytes ---- */

static guint
count_requests (Fixture *fixture,
                const char *path)
{
  AssayTestServer *server = fixture->support->server;
  guint found = 0;

  for (guint i = 0; i < assay_test_server_get_n_requests (server); i++)
    found += strcmp (assay_test_server_get_request (server, i)->path, path) == 0;
  return found;
}

static gboolean
has_told_all (gpointer data)
{
  return !assay_session_is_busy (data) && assay_session_get_sum (data)->total == 0;
}

/* Two files of the same bytes and another one, all answered by version 2. */
static void
add_twins (Fixture *fixture)
{
  g_autoptr (GFile) first = session_support_draw (fixture->support, "first.png");
  g_autoptr (GFile) other = session_support_draw (fixture->support, "other.png");
  g_autoptr (GFile) folder = g_file_get_parent (first);
  g_autoptr (GFile) twin = g_file_get_child (folder, "twin.png");
  GFile *files[] = { first, twin, other };
  g_autoptr (GError) error = NULL;

  g_file_copy (first, twin, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  start (fixture);
  assay_session_add_files (fixture->session, files, G_N_ELEMENTS (files));
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 3));
  g_assert_true (widget_support_wait (has_told_all, fixture->session));
  /* Nothing was known of their bytes before they were read. */
  g_assert_cmpuint (count_requests (fixture, CLASSIFY), ==, 3);
}

static void
assert_same_answer (Fixture *fixture,
                    AssayTarget *target)
{
  AssayAnswer *first = assay_item_find_answer (get_item (fixture, 0), target);
  AssayAnswer *twin = assay_item_find_answer (get_item (fixture, 1), target);

  g_assert_true (first != twin);
  g_assert_true (assay_answer_get_prediction (first) == assay_answer_get_prediction (twin));
  g_assert_nonnull (assay_answer_get_raw (twin));
  g_assert_true (g_bytes_equal (assay_answer_get_raw (first), assay_answer_get_raw (twin)));
  g_assert_cmpfloat (assay_answer_get_seconds (twin), >, 0);
  g_assert_cmpfloat (assay_answer_get_seconds (first), ==, assay_answer_get_seconds (twin));
  g_assert_cmpint (assay_answer_get_when (first), ==, assay_answer_get_when (twin));
  g_assert_cmpuint (assay_answer_get_attempts (twin), ==, 1);
  g_assert_true (assay_item_has_same_bytes (get_item (fixture, 0), get_item (fixture, 1)));
  g_assert_true (assay_item_is_read (get_item (fixture, 1)));
}

static void
test_candidate_is_asked_once (Fixture *fixture,
                              gconstpointer data)
{
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (AssaySum));

  add_twins (fixture);
  g_signal_connect (fixture->session, "finished", G_CALLBACK (keep_sum_cb), sums);
  assay_session_choose_version (fixture->session, "flowers", "1");
  g_assert_true (widget_support_wait (has_one_sum, sums));
  g_assert_cmpuint (count (fixture, ASSAY_ANSWER_ANSWERED), ==, 3);
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 2);
  g_assert_cmpuint (g_array_index (sums, AssaySum, 0).total, ==, 3);
  g_assert_cmpuint (g_array_index (sums, AssaySum, 0).answered, ==, 3);
  assert_same_answer (fixture, assay_session_get_target (fixture->session));
}

static gboolean
has_all_of_baseline (gpointer data)
{
  Fixture *fixture = data;
  AssayComparisonFigures figures;

  assay_comparison_get_figures (
    assay_judge_get_comparison (assay_session_get_judge (fixture->session)), &figures);
  return figures.n == 3;
}

static void
test_baseline_is_asked_once (Fixture *fixture,
                             gconstpointer data)
{
  add_twins (fixture);
  assay_session_set_comparing (fixture->session, TRUE);
  g_assert_true (widget_support_wait (has_all_of_baseline, fixture));
  g_assert_true (session_support_wait_idle (fixture->session));
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 2);
  assert_same_answer (fixture, assay_session_get_baseline (fixture->session));
}

static gboolean
has_one_of_baseline (gpointer data)
{
  Fixture *fixture = data;
  AssayComparisonFigures figures;

  assay_comparison_get_figures (
    assay_judge_get_comparison (assay_session_get_judge (fixture->session)), &figures);
  return figures.n == 1;
}

/* Not about the rest, until somebody wants to compare all. */
static void
test_baseline_is_asked_what_is_looked_at (Fixture *fixture,
                                          gconstpointer data)
{
  GListModel *items;
  g_autoptr (GPtrArray) looked_at = g_ptr_array_new_with_free_func (g_object_unref);

  add_twins (fixture);
  items = G_LIST_MODEL (assay_session_get_collection (fixture->session));
  g_ptr_array_add (looked_at, g_list_model_get_item (items, 2));
  assay_session_compare_items (fixture->session, looked_at);
  g_assert_true (widget_support_wait (has_one_of_baseline, fixture));
  g_assert_true (session_support_wait_idle (fixture->session));
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 1);
  g_assert_cmpuint (assay_session_count_unasked_of_baseline (fixture->session), ==, 2);
  assay_session_set_comparing (fixture->session, TRUE);
  g_assert_true (widget_support_wait (has_all_of_baseline, fixture));
  g_assert_true (session_support_wait_idle (fixture->session));
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 2);
}

/* What is known is given at once: nothing is sent, and nobody has to wait. */
static void
test_known_is_not_asked (Fixture *fixture,
                         gconstpointer data)
{
  g_autoptr (GPtrArray) twin = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AssayRemoval) removal = NULL;

  add_twins (fixture);
  g_ptr_array_add (twin, g_object_ref (get_item (fixture, 1)));
  removal = assay_session_remove (fixture->session, twin);
  assay_session_choose_version (fixture->session, "flowers", "1");
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 2));
  g_assert_true (session_support_wait_idle (fixture->session));

  assay_session_restore (fixture->session, removal);
  g_assert_cmpuint (assay_session_count_unasked (fixture->session), ==, 1);
  assay_session_ask_unasked (fixture->session);
  g_assert_false (assay_session_is_busy (fixture->session));
  g_assert_cmpuint (count (fixture, ASSAY_ANSWER_ANSWERED), ==, 3);
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 2);
  assert_same_answer (fixture, assay_session_get_target (fixture->session));
}

static void
test_error_is_shared (Fixture *fixture,
                      gconstpointer data)
{
  AssayAnswer *twin;

  add_twins (fixture);
  assay_test_server_set (fixture->support->server, CLASSIFY_1,
                         assay_test_answer_new (422, "application/json", "{}"));
  assay_session_choose_version (fixture->session, "flowers", "1");
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_FAILED, 3));
  g_assert_true (session_support_wait_idle (fixture->session));
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 2);
  twin = assay_item_get_answer (get_item (fixture, 1));
  g_assert_cmpstr (assay_answer_get_error (twin)->message, ==,
                   assay_answer_get_error (assay_item_get_answer (get_item (fixture, 0)))->message);

  /* Asked again, they are once more one. */
  assay_test_server_set (fixture->support->server, CLASSIFY_1,
                         assay_test_answer_new (200, "application/json", ASSAY_TEST_FLOWERS));
  g_assert_cmpuint (assay_session_ask_failed (fixture->session), ==, 3);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 3));
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 4);
}

/* Version 1 is asked about the first and the other, and says nothing yet. */
static void
hold_twins (Fixture *fixture)
{
  AssayProgressFigures figures;

  g_settings_set_uint (fixture->support->settings, "jobs", 4);
  add_twins (fixture);
  hold (fixture, CLASSIFY_1);
  assay_session_choose_version (fixture->session, "flowers", "1");
  g_assert_true (session_support_wait_requests (fixture->support, CLASSIFY_1, 2));
  assay_session_get_progress (fixture->session, &figures);
  g_assert_cmpuint (figures.total, ==, 3);
  g_assert_cmpuint (figures.done, ==, 0);
}

static void
test_twin_takes_over (Fixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GPtrArray) first = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AssayRemoval) removal = NULL;

  hold_twins (fixture);
  g_ptr_array_add (first, g_object_ref (get_item (fixture, 0)));
  removal = assay_session_remove (fixture->session, first);
  g_assert_true (session_support_wait_requests (fixture->support, CLASSIFY_1, 3));
  let_go (fixture, CLASSIFY_1);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 2));
  g_assert_true (session_support_wait_idle (fixture->session));
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 3);

  /* Back again, it gets what the twin was told. */
  assay_session_restore (fixture->session, removal);
  g_assert_cmpuint (count (fixture, ASSAY_ANSWER_ANSWERED), ==, 3);
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 3);
}

static void
test_twins_are_canceled (Fixture *fixture,
                         gconstpointer data)
{
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (AssaySum));

  hold_twins (fixture);
  g_signal_connect (fixture->session, "finished", G_CALLBACK (keep_sum_cb), sums);
  assay_session_cancel (fixture->session);
  g_assert_cmpuint (count (fixture, ASSAY_ANSWER_CANCELED), ==, 3);
  g_assert_true (widget_support_wait (has_one_sum, sums));
  g_assert_cmpuint (g_array_index (sums, AssaySum, 0).canceled, ==, 3);
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 2);
  let_go (fixture, CLASSIFY_1);
  g_assert_cmpuint (assay_session_ask_failed (fixture->session), ==, 3);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 3));
}

/* A person may ask about it itself, and the first's answer no longer is its own. */
static void
test_twin_is_asked_itself (Fixture *fixture,
                           gconstpointer data)
{
  g_autoptr (GPtrArray) twin = g_ptr_array_new ();

  hold_twins (fixture);
  g_ptr_array_add (twin, get_item (fixture, 1));
  assay_session_prefer (fixture->session, get_item (fixture, 1));
  assay_session_ask (fixture->session, twin);
  g_assert_true (session_support_wait_requests (fixture->support, CLASSIFY_1, 3));
  let_go (fixture, CLASSIFY_1);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 3));
  g_assert_true (session_support_wait_idle (fixture->session));
  g_assert_cmpuint (count_requests (fixture, CLASSIFY_1), ==, 3);
}

/* The tear-down closes it while one waits for another. */
static void
test_close_with_twins (Fixture *fixture,
                       gconstpointer data)
{
  hold_twins (fixture);
}

static void
add_test (const char *path,
          void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc,
      char **argv)
{
  widget_support_init (&argc, &argv);
  add_test ("/assay/session/asks-what-is-given", test_asks);
  add_test ("/assay/session/takes-the-first-version", test_takes_first_version);
  add_test ("/assay/session/waits-for-deployment", test_waits_for_deployment);
  add_test ("/assay/session/few-are-asked-at-once", test_few_are_asked_at_once);
  add_test ("/assay/session/many-are-asked-when-told", test_many_are_asked_when_told);
  add_test ("/assay/session/undo", test_undo);
  add_test ("/assay/session/cancel-and-retry", test_cancel_and_retry);
  add_test ("/assay/session/close-in-flight", test_close_in_flight);
  add_test ("/assay/session/close-while-listing", test_close_while_listing);
  add_test ("/assay/session/try-again", test_try_again);
  add_test ("/assay/session/turned-away", test_turned_away);
  add_test ("/assay/session/no-network", test_no_network);
  add_test ("/assay/session/signed-in-again", test_signed_in_again);
  add_test ("/assay/session/sum", test_sum);
  add_test ("/assay/session/left-out", test_left_out);
  add_test ("/assay/session/paste", test_paste);
  add_test ("/assay/session/address", test_address);
  add_test ("/assay/session/address-fails", test_address_fails);
  add_test ("/assay/session/address-canceled", test_address_canceled);
  add_test ("/assay/session/candidate-is-asked-once", test_candidate_is_asked_once);
  add_test ("/assay/session/baseline-is-asked-once", test_baseline_is_asked_once);
  add_test ("/assay/session/baseline-is-asked-what-is-looked-at",
            test_baseline_is_asked_what_is_looked_at);
  add_test ("/assay/session/known-is-not-asked", test_known_is_not_asked);
  add_test ("/assay/session/error-is-shared", test_error_is_shared);
  add_test ("/assay/session/twin-takes-over", test_twin_takes_over);
  add_test ("/assay/session/twins-are-canceled", test_twins_are_canceled);
  add_test ("/assay/session/twin-is-asked-itself", test_twin_is_asked_itself);
  add_test ("/assay/session/close-with-twins", test_close_with_twins);
  return g_test_run ();
}
