/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gtk/gtk.h>

#include "assay-past.h"
#include "assay-revival.h"
#include "assay-whole.h"
#include "session-support.h"
#include "widget-support.h"

#define CLASSIFY "/classify/models/flowers/versions/2"

typedef struct {
  SessionSupport *support;
  AssayHistory *history;
  AssaySession *session;
} Fixture;

static AssaySession *
new_session (Fixture *fixture)
{
  return assay_session_new (fixture->support->hub, fixture->support->settings);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autofree char *path = NULL;

  fixture->support = session_support_new ();
  path = g_build_filename (fixture->support->folder, "kept", "history.db", NULL);
  fixture->history = assay_history_new (path);
  assay_hub_set_history (fixture->support->hub, fixture->history);
  fixture->session = new_session (fixture);
}

static gboolean
is_the_last (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
finish_session (Fixture *fixture)
{
  assay_session_close (fixture->session);
  g_assert_true (widget_support_wait (is_the_last, fixture->session));
  g_clear_object (&fixture->session);
}

static gboolean
has_result (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
result_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (fixture->session != NULL)
    finish_session (fixture);
  assay_history_close_async (fixture->history, NULL, result_cb, &result);
  g_assert_true (widget_support_wait (has_result, &result));
  assay_history_close_finish (fixture->history, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  session_support_free (fixture->support);
  g_object_unref (fixture->history);
}

static GPtrArray *
list (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *runs;

  assay_history_list_async (fixture->history, NULL, result_cb, &result);
  g_assert_true (widget_support_wait (has_result, &result));
  runs = assay_history_list_finish (fixture->history, result, &error);
  g_assert_no_error (error);
  return runs;
}

static gboolean
is_under_way (GPtrArray *runs)
{
  for (guint i = 0; i < runs->len; i++)
    if (((AssayKeptRun *) g_ptr_array_index (runs, i))->state == ASSAY_KEPT_RUNNING)
      return TRUE;
  return FALSE;
}

/* A run ends a moment after its last answer. */
static GPtrArray *
list_ended (Fixture *fixture)
{
  for (guint tries = 0; tries < 1000; tries++)
    {
      g_autoptr (GPtrArray) runs = list (fixture);

      if (!is_under_way (runs))
        return g_steal_pointer (&runs);
    }
  g_assert_not_reached ();
}

static void
start (Fixture *fixture)
{
  assay_session_start (fixture->session);
  g_assert_true (session_support_wait_target (fixture->session));
}

/* Until so many are answered, and that is written down. */
static void
wait_written (Fixture *fixture,
              guint n_answered)
{
  g_autoptr (GPtrArray) runs = NULL;

  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, n_answered));
  g_assert_true (session_support_wait_idle (fixture->session));
  runs = list_ended (fixture);
}

static void
answer_all (Fixture *fixture,
            guint n_images)
{
  start (fixture);
  session_support_add (fixture->support, fixture->session, n_images);
  wait_written (fixture, n_images);
}

static void
test_written_down (Fixture *fixture,
                   gconstpointer data)
{
  g_autoptr (GPtrArray) runs = NULL;
  AssayKeptRun *run;

  answer_all (fixture, 5);
  runs = list_ended (fixture);
  g_assert_cmpuint (runs->len, ==, 1);
  run = g_ptr_array_index (runs, 0);
  g_assert_cmpint (run->state, ==, ASSAY_KEPT_FINISHED);
  g_assert_cmpstr (run->name, ==, "image-000.png and 4 others");
  g_assert_cmpstr (run->connection_name, ==, "Test");
  g_assert_cmpstr (run->protocol, ==, "mlf");
  g_assert_cmpstr (assay_target_get_version (run->target), ==, "2");
  g_assert_cmpuint (run->given, ==, 5);
  g_assert_cmpuint (run->n_answered, ==, 5);
}

static void
test_each_its_own (Fixture *fixture,
                   gconstpointer data)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GFile) folder = g_file_new_build_filename (fixture->support->folder, "flowers", NULL);
  g_autoptr (GFile) rose = session_support_draw (fixture->support, "flowers/red/rose.png");
  g_autoptr (GFile) tulip = session_support_draw (fixture->support, "flowers/tulip.png");

  answer_all (fixture, 1);
  assay_session_add_files (fixture->session, &folder, 1);
  wait_written (fixture, 3);
  assay_session_choose_version (fixture->session, "flowers", "1");
  wait_written (fixture, 3);

  /* The newest first. */
  runs = list_ended (fixture);
  g_assert_cmpuint (runs->len, ==, 3);
  g_assert_cmpstr (((AssayKeptRun *) runs->pdata[0])->name, ==, "image-000.png and 2 others");
  g_assert_cmpstr (((AssayKeptRun *) runs->pdata[1])->name, ==, "flowers");
  g_assert_cmpuint (((AssayKeptRun *) runs->pdata[1])->given, ==, 2);
  g_assert_cmpstr (((AssayKeptRun *) runs->pdata[2])->name, ==, "image-000.png");
}

/* What shares the answer of the same bytes is in the history like what was asked about. */
static void
test_shared (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (GFile) first = session_support_draw (fixture->support, "first.png");
  g_autoptr (GFile) folder = g_file_get_parent (first);
  g_autoptr (GFile) twin = g_file_get_child (folder, "twin.png");
  g_autoptr (GPtrArray) runs = NULL;
  GFile *files[] = { first, twin };
  g_autoptr (GError) error = NULL;
  guint n_requests;

  g_file_copy (first, twin, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  start (fixture);
  assay_session_add_files (fixture->session, files, G_N_ELEMENTS (files));
  wait_written (fixture, 2);
  n_requests = assay_test_server_get_n_requests (fixture->support->server);
  assay_session_choose_version (fixture->session, "flowers", "1");
  wait_written (fixture, 2);
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->support->server), ==,
                    n_requests + 1);
  runs = list_ended (fixture);
  g_assert_cmpuint (runs->len, ==, 2);
  for (guint i = 0; i < runs->len; i++)
    {
      AssayKeptRun *run = g_ptr_array_index (runs, i);

      g_assert_cmpint (run->state, ==, ASSAY_KEPT_FINISHED);
      g_assert_cmpuint (run->given, ==, 2);
      g_assert_cmpuint (run->n_answered, ==, 2);
    }
}

static void
test_nothing_asked (Fixture *fixture,
                    gconstpointer data)
{
  g_autoptr (GPtrArray) runs = NULL;

  start (fixture);
  finish_session (fixture);
  runs = list_ended (fixture);
  g_assert_cmpuint (runs->len, ==, 0);
}

static void
test_not_wanted (Fixture *fixture,
                 gconstpointer data)
{
  g_autoptr (GPtrArray) runs = NULL;

  g_settings_set_boolean (fixture->support->settings, "keep-history", FALSE);
  answer_all (fixture, 2);
  finish_session (fixture);
  runs = list_ended (fixture);
  g_assert_cmpuint (runs->len, ==, 0);
  g_settings_reset (fixture->support->settings, "keep-history");
}

/* Two are answered; the service is silent on the others. */
static void
stop_at_two (Fixture *fixture)
{
  for (guint i = 0; i < 3; i++)
    assay_test_server_push (fixture->support->server, CLASSIFY, assay_test_answer_new_silent ());
  start (fixture);
  session_support_add (fixture->support, fixture->session, 5);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 2));
  g_assert_true (session_support_wait_requests (fixture->support, CLASSIFY, 5));
}

static guint
count_classified (Fixture *fixture)
{
  guint n = assay_test_server_get_n_requests (fixture->support->server);
  guint found = 0;

  for (guint i = 0; i < n; i++)
    if (strcmp (assay_test_server_get_request (fixture->support->server, i)->path, CLASSIFY) == 0)
      found++;
  return found;
}

static void
test_canceled (Fixture *fixture,
               gconstpointer data)
{
  g_autoptr (GPtrArray) runs = NULL;
  AssayKeptRun *run;

  stop_at_two (fixture);
  assay_session_cancel (fixture->session);
  g_assert_true (session_support_wait_idle (fixture->session));
  runs = list_ended (fixture);
  g_assert_cmpuint (runs->len, ==, 1);
  run = g_ptr_array_index (runs, 0);
  g_assert_cmpint (run->state, ==, ASSAY_KEPT_FINISHED);
  g_assert_cmpuint (run->n_answered, ==, 2);
  g_assert_cmpuint (run->n_canceled, ==, 3);
  g_assert_cmpuint (assay_kept_run_get_left (run), ==, 0);
}

static void
test_interrupted (Fixture *fixture,
                  gconstpointer data)
{
  g_autoptr (GPtrArray) runs = NULL;
  AssayKeptRun *run;

  stop_at_two (fixture);
  finish_session (fixture);
  runs = list_ended (fixture);
  g_assert_cmpuint (runs->len, ==, 1);
  run = g_ptr_array_index (runs, 0);
  g_assert_cmpint (run->state, ==, ASSAY_KEPT_INTERRUPTED);
  g_assert_cmpuint (run->n_answered, ==, 2);
  g_assert_cmpuint (assay_kept_run_get_left (run), ==, 3);
}

static AssayRecording *
take_up (Fixture *fixture,
         gint64 run)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayRecording *recording;

  assay_history_resume_async (fixture->history, run, NULL, result_cb, &result);
  g_assert_true (widget_support_wait (has_result, &result));
  recording = assay_history_resume_finish (fixture->history, result, &error);
  g_assert_no_error (error);
  return recording;
}

static GPtrArray *
load (Fixture *fixture,
      gint64 run)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *items;

  assay_past_load_async (fixture->history, run, NULL, result_cb, &result);
  g_assert_true (widget_support_wait (has_result, &result));
  items = assay_past_load_finish (result, &error);
  g_assert_no_error (error);
  return items;
}

/* In a session of its own, as after another start. */
static void
resume (Fixture *fixture,
        const AssayKeptRun *run)
{
  g_autoptr (AssayRecording) recording = take_up (fixture, run->id);
  g_autoptr (GPtrArray) kept = load (fixture, run->id);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_kept_item_free);

  for (guint i = 0; i < kept->len; i++)
    {
      AssayKeptItem *item = g_ptr_array_index (kept, i);

      if (item->answer != NULL)
        g_ptr_array_add (items, assay_revive_item (item, run->target));
      else
        g_ptr_array_add (left, assay_kept_item_copy (item));
    }
  fixture->session = new_session (fixture);
  assay_session_resume_kept (fixture->session, fixture->support->connection, recording, run->target,
                             items, left, kept->len);
}

static void
test_resumed (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  AssayProgressFigures figures;
  AssayKeptRun *run;

  stop_at_two (fixture);
  finish_session (fixture);
  before = list_ended (fixture);
  resume (fixture, g_ptr_array_index (before, 0));
  assay_session_get_progress (fixture->session, &figures);
  g_assert_cmpuint (figures.done, ==, 2);
  wait_written (fixture, 5);

  after = list_ended (fixture);
  g_assert_cmpuint (after->len, ==, 1);
  run = g_ptr_array_index (after, 0);
  g_assert_cmpint (run->state, ==, ASSAY_KEPT_FINISHED);
  g_assert_cmpuint (run->n_answered, ==, 5);
  /* Nothing was asked again but what had got no answer. */
  g_assert_true (session_support_wait_requests (fixture->support, CLASSIFY, 5 + 3));
  g_assert_cmpuint (count_classified (fixture), ==, 5 + 3);
}

/* Left before its service could be asked, it can be resumed once more. */
static void
test_resumed_in_vain (Fixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  AssayKeptRun *run;

  stop_at_two (fixture);
  finish_session (fixture);
  before = list_ended (fixture);
  resume (fixture, g_ptr_array_index (before, 0));
  finish_session (fixture);

  after = list_ended (fixture);
  g_assert_cmpuint (after->len, ==, 1);
  run = g_ptr_array_index (after, 0);
  g_assert_cmpint (run->state, ==, ASSAY_KEPT_INTERRUPTED);
  g_assert_cmpuint (assay_kept_run_get_left (run), ==, 3);
}

/* Nobody is asked, whatever becomes of the pictures. */
static void
test_shown (Fixture *fixture,
            gconstpointer data)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) kept = NULL;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  AssayKeptRun *run;
  guint n_requests;

  answer_all (fixture, 3);
  finish_session (fixture);
  n_requests = assay_test_server_get_n_requests (fixture->support->server);
  runs = list_ended (fixture);
  run = g_ptr_array_index (runs, 0);
  kept = load (fixture, run->id);
  for (guint i = 0; i < kept->len; i++)
    g_ptr_array_add (items, assay_revive_item (g_ptr_array_index (kept, i), run->target));

  fixture->session = new_session (fixture);
  assay_session_show_kept (fixture->session, run->target, items);
  assay_session_start (fixture->session);
  g_assert_true (session_support_wait_count (fixture->session, ASSAY_ANSWER_ANSWERED, 3));
  g_assert_null (assay_session_get_link (fixture->session));
  g_assert_cmpuint (assay_test_server_get_n_requests (fixture->support->server), ==, n_requests);

  /* Until a person says so. */
  assay_session_ask (fixture->session, items);
  g_assert_true (session_support_wait_requests (fixture->support, CLASSIFY, 3 + 3));
  wait_written (fixture, 3);
}

/* Of a model with so many labels. */
static AssayTestAnswer *
make_long_answer (guint n_labels)
{
  g_autoptr (GString) body = g_string_new ("{\"predictions\":[{\"name\":\"x\",\"results\":[");

  for (guint i = 0; i < n_labels; i++)
    g_string_append_printf (body, "%s{\"label\":\"label %02u\",\"score\":%s}", i > 0 ? "," : "", i,
                            i == 0 ? "0.5" : "0.01");
  g_string_append (body, "]}],\"status\":\"DONE\"}");
  return assay_test_answer_new (200, "application/json", body->str);
}

static AssayPrediction *
get_prediction (AssayItem *item,
                AssayTarget *target)
{
  return assay_answer_get_prediction (assay_item_find_answer (item, target));
}

static gboolean
is_trimmed (gpointer data)
{
  g_autoptr (AssayItem) item = g_list_model_get_item (data, 0);

  return assay_prediction_is_trimmed (assay_answer_get_prediction (assay_item_get_answer (item)));
}

static gboolean
is_loaded (gpointer data)
{
  return !assay_whole_is_loading (data);
}

/* Whoever looks at it sees everything. */
static void
assert_whole (AssaySession *session,
              AssayPrediction *trimmed,
              guint n_labels)
{
  g_autoptr (AssayWhole) whole = assay_whole_new ();
  AssayPrediction *loaded;

  g_assert_true (assay_prediction_is_trimmed (trimmed));
  assay_whole_set_trimmer (whole, assay_session_get_trimmer (session));
  g_assert_true (assay_whole_look_at (whole, trimmed) == trimmed);
  g_assert_true (assay_whole_is_loading (whole));
  g_assert_true (widget_support_wait (is_loaded, whole));
  loaded = assay_whole_look_at (whole, trimmed);
  g_assert_false (assay_prediction_is_trimmed (loaded));
  g_assert_cmpuint (assay_prediction_get_n (loaded), ==, n_labels);
  g_assert_cmpstr (assay_prediction_get_sent_label (loaded, n_labels - 1), ==, "label 39");
  /* Whatever has trimmed it, it isn't asked for again. */
  g_assert_true (assay_whole_look_at (whole, loaded) == loaded);
  g_assert_true (assay_whole_look_at (whole, trimmed) == loaded);
  g_assert_null (assay_whole_look_at (whole, NULL));
}

/* An answer of many labels is short in memory, and whole where somebody looks at it. */
static void
test_trimmed (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) kept = NULL;
  g_autoptr (AssayItem) item = NULL;
  AssayKeptItem *first;
  AssayKeptRun *run;

  assay_test_server_set (fixture->support->server, CLASSIFY, make_long_answer (40));
  answer_all (fixture, 1);
  g_assert_true (widget_support_wait (is_trimmed,
                                      assay_session_get_collection (fixture->session)));
  item = g_list_model_get_item (G_LIST_MODEL (assay_session_get_collection (fixture->session)), 0);
  runs = list_ended (fixture);
  run = g_ptr_array_index (runs, 0);
  assert_whole (fixture->session, get_prediction (item, run->target), 40);

  kept = load (fixture, run->id);
  first = g_ptr_array_index (kept, 0);
  assert_whole (fixture->session, first->answer->prediction, 40);
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
  add_test ("/assay/journal/written-down", test_written_down);
  add_test ("/assay/journal/each-run-of-its-own", test_each_its_own);
  add_test ("/assay/journal/shared", test_shared);
  add_test ("/assay/journal/nothing-asked", test_nothing_asked);
  add_test ("/assay/journal/not-wanted", test_not_wanted);
  add_test ("/assay/journal/canceled", test_canceled);
  add_test ("/assay/journal/interrupted", test_interrupted);
  add_test ("/assay/journal/resumed", test_resumed);
  add_test ("/assay/journal/resumed-in-vain", test_resumed_in_vain);
  add_test ("/assay/journal/shown", test_shown);
  add_test ("/assay/journal/trimmed", test_trimmed);
  return g_test_run ();
}
