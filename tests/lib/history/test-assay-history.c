/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-error.h"
#include "assay-limits.h"
#include "history-support.h"

static AssayKeptItem *
load_one (Place *place,
          gint64 run,
          guint position)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items =
    do_load (place->history, run, ASSAY_HISTORY_ALL, (gint64) position - 1, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 1);
  return g_ptr_array_steal_index (items, 0);
}

static void
assert_same_prediction (AssayPrediction *a,
                        AssayPrediction *b)
{
  g_assert_cmpuint (assay_prediction_get_n (a), ==, assay_prediction_get_n (b));
  for (guint i = 0; i < assay_prediction_get_n (a); i++)
    {
      double left = assay_prediction_get_sent_score (a, i);
      double right = assay_prediction_get_sent_score (b, i);

      g_assert_cmpstr (assay_prediction_get_sent_label (a, i), ==,
                       assay_prediction_get_sent_label (b, i));
      g_assert_cmpmem (&left, sizeof left, &right, sizeof right);
    }
}

static void
test_keeps_a_run (Place *place,
                  gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A run", "2", 0);
  const gint64 id = assay_recording_get_id (recording);
  g_autoptr (AssayKeptRun) run = NULL;

  g_assert_true (do_add (place->history, recording, 0, 3, &error));
  g_assert_true (do_add (place->history, recording, 3, 2, &error));
  /* In the order in which they finish. */
  g_assert_true (do_keep (place->history, recording, make_answered (4, 1), &error));
  g_assert_true (do_keep (place->history, recording, make_answered (0, 2), &error));
  g_assert_true (do_keep (place->history, recording,
                          make_failed (2, ASSAY_ANSWER_FAILED, ASSAY_ERROR_TIMED_OUT), &error));
  g_assert_true (do_keep (place->history, recording,
                          make_failed (1, ASSAY_ANSWER_REJECTED, ASSAY_ERROR_TOO_LARGE), &error));
  g_assert_true (do_keep (place->history, recording,
                          make_failed (3, ASSAY_ANSWER_CANCELED, 0), &error));
  g_assert_true (do_end (place->history, recording, ASSAY_KEPT_FINISHED, &error));

  place_reopen (place);
  run = do_find (place->history, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (run->name, ==, "A run");
  g_assert_cmpstr (run->url, ==, "https://example.com/");
  g_assert_cmpstr (run->protocol, ==, "mlf");
  g_assert_cmpstr (run->options, ==, "{\"convert\":true}");
  g_assert_cmpstr (run->connection_name, ==, "Lab");
  g_assert_cmpstr (assay_target_get_connection_id (run->target), ==, "lab");
  g_assert_cmpstr (assay_target_get_model (run->target), ==, "flowers");
  g_assert_cmpstr (assay_target_get_version (run->target), ==, "2");
  g_assert_cmpint (run->state, ==, ASSAY_KEPT_FINISHED);
  g_assert_cmpint (run->ended, >=, run->started);
  g_assert_cmpuint (run->given, ==, 5);
  g_assert_cmpuint (run->n_answered, ==, 2);
  g_assert_cmpuint (run->n_failed, ==, 1);
  g_assert_cmpuint (run->n_rejected, ==, 1);
  g_assert_cmpuint (run->n_canceled, ==, 1);
  g_assert_cmpuint (assay_kept_run_get_left (run), ==, 0);
  check_integrity (place->path);
}

/* Bytes that are no text, and every digit of a score. */
static void
test_gives_back_exactly (Place *place,
                         gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A", "1", 0);
  g_autoptr (AssayKeptAnswer) sent = make_answered (0, 9);
  g_autoptr (AssayKeptItem) item = NULL;
  g_autoptr (AssayKeptItem) member = NULL;
  GPtrArray *items = make_items (0, 2);
  AssayKeptItem *second = g_ptr_array_index (items, 1);
  g_autoptr (GAsyncResult) result = NULL;

  second->member = g_strdup ("a\xff/b.png");
  second->member_index = 41;
  g_clear_pointer (&second->uri, g_free);
  g_clear_pointer (&second->group, g_free);
  assay_history_add_async (place->history, recording, items, NULL, await_result, &result);
  g_assert_true (assay_history_add_finish (place->history, await (&result), &error));
  g_clear_object (&result);
  g_assert_true (do_keep (place->history, recording, assay_kept_answer_copy (sent), &error));
  g_assert_true (do_keep (place->history, recording,
                          make_failed (1, ASSAY_ANSWER_FAILED, ASSAY_ERROR_BAD_ANSWER), &error));

  place_reopen (place);
  item = load_one (place, 1, 0);
  g_assert_cmpstr (item->path, ==, "photos/0 \xe9\xff.jpg");
  g_assert_null (item->member);
  g_assert_cmpstr (item->group, ==, "photos");
  g_assert_cmpstr (item->uri, ==, "file:///photos/0.jpg");
  g_assert_cmpuint (item->bytes, ==, 1000);
  assert_same_prediction (item->answer->prediction, sent->prediction);
  g_assert_cmpstr (item->answer->sha256, ==, sent->sha256);
  g_assert_cmpstr (item->answer->sent_sha256, ==, sent->sent_sha256);
  g_assert_cmpuint (item->answer->attempts, ==, sent->attempts);
  g_assert_cmpmem (&item->answer->seconds, sizeof (double), &sent->seconds, sizeof (double));
  g_assert_cmpint (item->answer->when, ==, sent->when);
  g_assert_null (item->answer->error);

  member = load_one (place, 1, 1);
  g_assert_cmpstr (member->member, ==, "a\xff/b.png");
  g_assert_cmpuint (member->member_index, ==, 41);
  g_assert_null (member->uri);
  g_assert_null (member->group);
  g_assert_error (member->answer->error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
  g_assert_cmpstr (member->answer->error->message, ==, "Item 1: “why”.");
  g_assert_null (member->answer->sha256);
}

static AssayKeptAnswer *
make_odd (guint position,
          const char *const *labels,
          const double *scores,
          guint n)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  AssayKeptAnswer *answer = make_answered (position, 1);

  for (guint i = 0; i < n; i++)
    g_assert_true (assay_prediction_builder_add (builder, labels[i], scores[i], NULL));
  assay_prediction_unref (answer->prediction);
  answer->prediction = assay_prediction_builder_end (g_steal_pointer (&builder));
  return answer;
}

/* One set for all orders of the same labels, also when one is sent twice. */
static void
test_label_sets (Place *place,
                 gconstpointer data)
{
  static const char *const orders[][4] = {
    { "rose", "", "tulip", "rose" },
    { "tulip", "rose", "rose", "" },
    { "", "rose", "rose", "tulip" },
    { "rose", "rose", "tulip", "daisy" },
  };
  static const double scores[] = { -0.0, 5e-324, 1.7976931348623157e308, 0.1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A", "1", 0);

  g_assert_true (do_add (place->history, recording, 0, 8, &error));
  for (guint round = 0; round < 2; round++)
    {
      for (guint i = 0; i < 4; i++)
        g_assert_true (do_keep (place->history, recording,
                                make_odd (round * 4 + i, orders[i], scores, 4), &error));
      /* The second time nothing is remembered. */
      g_assert_true (do_close (place->history, &error));
    }

  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (AssayKeptAnswer) sent = make_odd (i, orders[i % 4], scores, 4);
      g_autoptr (AssayKeptItem) item = load_one (place, 1, i);

      assert_same_prediction (item->answer->prediction, sent->prediction);
    }
  g_assert_cmpint (query_number (place->path, "SELECT count(*) FROM label_sets"), ==, 2);
  check_integrity (place->path);
}

static void
test_many_labels (Place *place,
                  gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A", "1", 0);
  g_autoptr (AssayPrediction) sent = make_prediction (1, ASSAY_LIMIT_LABELS);
  AssayKeptAnswer *answer = make_answered (0, 1);
  g_autoptr (AssayKeptItem) item = NULL;

  g_assert_true (do_add (place->history, recording, 0, 1, &error));
  assay_prediction_unref (answer->prediction);
  answer->prediction = assay_prediction_ref (sent);
  g_assert_true (do_keep (place->history, recording, answer, &error));
  item = load_one (place, 1, 0);
  assert_same_prediction (item->answer->prediction, sent);
}

static guint
kept_seed (Place *place,
           guint position)
{
  g_autoptr (AssayKeptItem) item = load_one (place, 1, position);

  return item->answer->state == ASSAY_ANSWER_ANSWERED ? item->answer->when % 1000000 : 0;
}

/* One answer for each item, by the rule of assay_history_keep_async(). */
static void
test_one_answer (Place *place,
                 gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A", "1", 0);
  AssayKeptAnswer *again;

  g_assert_true (do_add (place->history, recording, 0, 2, &error));
  g_assert_true (do_keep (place->history, recording, make_answered (0, 1), &error));
  g_assert_true (do_keep (place->history, recording, make_answered (0, 1), &error));
  g_assert_false (do_keep (place->history, recording, make_answered (0, 2), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_cmpuint (kept_seed (place, 0), ==, 1);

  again = make_answered (0, 3);
  again->again = TRUE;
  g_assert_true (do_keep (place->history, recording, again, &error));
  g_assert_cmpuint (kept_seed (place, 0), ==, 3);

  /* No failure takes an answer away. */
  again = make_failed (0, ASSAY_ANSWER_FAILED, ASSAY_ERROR_BUSY);
  again->again = TRUE;
  g_assert_true (do_keep (place->history, recording, again, &error));
  g_assert_cmpuint (kept_seed (place, 0), ==, 3);

  g_assert_true (do_keep (place->history, recording,
                          make_failed (1, ASSAY_ANSWER_FAILED, ASSAY_ERROR_BUSY), &error));
  again = make_failed (1, ASSAY_ANSWER_CANCELED, 0);
  again->again = TRUE;
  g_assert_true (do_keep (place->history, recording, again, &error));
  again = make_answered (1, 7);
  again->again = TRUE;
  g_assert_true (do_keep (place->history, recording, again, &error));
  g_assert_cmpuint (kept_seed (place, 1), ==, 7);
  g_assert_cmpint (query_number (place->path, "SELECT count(*) FROM answers"), ==, 2);
  check_integrity (place->path);
}

/* What is wrong with one request alone leaves the others of its batch alone. */
static void
test_wrong_requests (Place *place,
                     gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A", "1", 0);
  g_autoptr (GAsyncResult) good = NULL;
  g_autoptr (GAsyncResult) unknown = NULL;
  g_autoptr (GAsyncResult) twice = NULL;
  g_autoptr (GAsyncResult) last = NULL;

  g_assert_true (do_add (place->history, recording, 0, 4, &error));
  assay_history_keep_async (place->history, recording, make_answered (0, 1), NULL,
                            await_result, &good);
  assay_history_keep_async (place->history, recording, make_answered (9, 1), NULL,
                            await_result, &unknown);
  /* 4 is new, 3 is not: neither is added. */
  assay_history_add_async (place->history, recording, make_items (3, 2), NULL,
                            await_result, &twice);
  assay_history_keep_async (place->history, recording, make_answered (1, 1), NULL,
                            await_result, &last);

  g_assert_true (assay_history_keep_finish (place->history, await (&good), &error));
  g_assert_false (assay_history_keep_finish (place->history, await (&unknown), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (assay_history_add_finish (place->history, await (&twice), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_true (assay_history_keep_finish (place->history, await (&last), &error));
  g_assert_cmpint (query_number (place->path, "SELECT count(*) FROM items"), ==, 4);
  g_assert_cmpint (query_number (place->path, "SELECT count(*) FROM answers"), ==, 2);
  g_assert_null (assay_history_get_trouble (place->history));
  g_assert_cmpuint (assay_history_get_n_unsaved (place->history), ==, 0);
  check_integrity (place->path);
}

static void
count_down_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (assay_history_keep_finish (ASSAY_HISTORY (source), result, &error));
  --*(guint *) data;
}

/* All that one commit kept comes back in one turn of the main loop. */
static void
test_one_turn_for_many (Place *place,
                        gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A", "1", 0);
  const guint patience = be_patient ();
  guint left = 1000;
  guint turns = 0;

  g_assert_true (do_add (place->history, recording, 0, left, &error));
  for (guint i = 0; i < 1000; i++)
    assay_history_keep_async (place->history, recording, make_answered (i, i), NULL,
                              count_down_cb, &left);
  while (left > 0)
    {
      guint before = left;

      g_main_context_iteration (NULL, TRUE);
      turns += left < before;
    }
  g_source_remove (patience);
  g_assert_cmpuint (turns, <, 100);
}

/* Each answer is there, for anybody to see, when its success is reported. */
static void
test_kept_when_reported (Place *place,
                         gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A", "1", 0);
  GAsyncResult *results[1000] = { NULL };

  g_assert_true (do_add (place->history, recording, 0, G_N_ELEMENTS (results), &error));
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    assay_history_keep_async (place->history, recording, make_answered (i, i), NULL, await_result,
                              &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_assert_true (assay_history_keep_finish (place->history, await (&results[i]), &error));
      /* Seen from outside at that very moment. */
      if (i % 100 == 0)
        {
          g_autofree char *sql =
            g_strdup_printf ("SELECT count(*) FROM answers WHERE position = %u", i);

          g_assert_cmpint (query_number (place->path, sql), ==, 1);
        }
      g_object_unref (results[i]);
    }
  check_integrity (place->path);
}

static void
test_pages (Place *place,
            gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A", "1", 4000);
  g_autoptr (AssayKeptRun) run = NULL;
  gint64 after = -1;
  guint n_items = 0;
  guint n_left = 0;

  g_assert_true (do_add (place->history, recording, 0, 2500, &error));
  for (guint i = 0; i < 2500; i++)
    if (i % 5 != 0)
      assay_history_keep_async (place->history, recording, make_answered (i, i), NULL, NULL, NULL);

  for (gboolean more = TRUE; more;)
    {
      g_autoptr (GPtrArray) page =
        do_load (place->history, 1, ASSAY_HISTORY_ALL, after, G_MAXUINT, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (page->len, <=, ASSAY_LIMIT_HISTORY_PAGE);
      for (guint i = 0; i < page->len; i++)
        {
          const AssayKeptItem *item = g_ptr_array_index (page, i);

          g_assert_cmpint (item->position, ==, after + 1);
          g_assert_true ((item->answer == NULL) == (item->position % 5 == 0));
          after = item->position;
          n_items++;
        }
      more = page->len > 0;
    }
  g_assert_cmpuint (n_items, ==, 2500);

  after = -1;
  for (gboolean more = TRUE; more;)
    {
      g_autoptr (GPtrArray) page =
        do_load (place->history, 1, ASSAY_HISTORY_LEFT, after, 99, &error);

      for (guint i = 0; i < page->len; i++)
        {
          const AssayKeptItem *item = g_ptr_array_index (page, i);

          g_assert_cmpuint (item->position, ==, n_left * 5);
          after = item->position;
          n_left++;
        }
      more = page->len > 0;
    }
  g_assert_cmpuint (n_left, ==, 500);

  run = do_find (place->history, 1, &error);
  g_assert_cmpuint (run->given, ==, 4000);
  g_assert_cmpuint (run->n_items, ==, 2500);
  g_assert_cmpuint (assay_kept_run_get_left (run), ==, 2000);
}

/* A run of a living process is not offered to anybody; one that was left is. */
static void
test_interrupted (Place *place,
                  gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  AssayHistory *other = assay_history_new (place->path);
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A", "1", 0);
  g_autoptr (AssayRecording) finished = do_begin (place->history, "B", "1", 0);
  g_autoptr (AssayRecording) resumed = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) still_none = NULL;
  g_autoptr (GPtrArray) one = NULL;
  g_autoptr (GPtrArray) list = NULL;

  g_assert_true (do_add (place->history, recording, 0, 3, &error));
  g_assert_true (do_add (place->history, finished, 0, 1, &error));
  g_assert_true (do_end (place->history, finished, ASSAY_KEPT_FINISHED, &error));
  none = do_list_interrupted (place->history, &error);
  g_assert_cmpuint (none->len, ==, 0);
  still_none = do_list_interrupted (other, &error);
  g_assert_cmpuint (still_none->len, ==, 0);
  g_assert_null (do_resume (other, assay_recording_get_id (recording), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BUSY);
  g_clear_error (&error);
  list = do_list (other, &error);
  g_assert_cmpint (((AssayKeptRun *) g_ptr_array_index (list, 1))->state, ==, ASSAY_KEPT_RUNNING);

  /* As at the end of the process: nobody says how it ended. */
  g_assert_true (do_keep (place->history, recording, make_answered (1, 1), &error));
  g_assert_true (do_close (place->history, &error));
  one = do_list_interrupted (other, &error);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpuint (assay_kept_run_get_left (g_ptr_array_index (one, 0)), ==, 2);

  resumed = do_resume (other, assay_recording_get_id (recording), &error);
  g_assert_no_error (error);
  g_assert_null (do_resume (other, assay_recording_get_id (recording), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (do_keep (other, resumed, make_answered (0, 1), &error));
  g_assert_true (do_keep (other, resumed, make_answered (2, 1), &error));
  g_assert_true (do_end (other, resumed, ASSAY_KEPT_INTERRUPTED, &error));
  /* Nothing is left of it. */
  g_clear_pointer (&one, g_ptr_array_unref);
  one = do_list_interrupted (place->history, &error);
  g_assert_cmpuint (one->len, ==, 0);

  g_assert_null (do_resume (other, 99, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);
  g_assert_finalize_object (other);
  check_integrity (place->path);
}

/* Two that write at once: each sees what the other has kept. */
static void
test_two_writers (Place *place,
                  gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  AssayHistory *other = assay_history_new (place->path);
  AssayHistory *const both[] = { place->history, other };
  g_autoptr (AssayRecording) mine = do_begin (place->history, "A", "1", 0);
  g_autoptr (AssayRecording) theirs = do_begin (other, "B", "1", 0);
  AssayRecording *const recordings[] = { mine, theirs };

  for (guint i = 0; i < 2; i++)
    assay_history_add_async (both[i], recordings[i], make_items (0, 500), NULL, NULL, NULL);
  for (guint i = 0; i < 1000; i++)
    assay_history_keep_async (both[i % 2], recordings[i % 2], make_answered (i / 2, i), NULL,
                              NULL, NULL);
  g_assert_true (do_end (place->history, mine, ASSAY_KEPT_FINISHED, &error));
  g_assert_true (do_end (other, theirs, ASSAY_KEPT_FINISHED, &error));

  /* The set of labels that one remembers goes away under it. */
  g_assert_cmpint (do_prune (place->history, &(AssayHistoryPrune) { 0 }, &error), ==, 2);
  g_clear_pointer (&theirs, assay_recording_unref);
  theirs = do_begin (other, "C", "1", 0);
  g_assert_cmpint (assay_recording_get_id (theirs), ==, 3);
  g_assert_true (do_add (other, theirs, 0, 1, &error));
  g_assert_true (do_keep (other, theirs, make_answered (0, 1), &error));
  g_assert_finalize_object (other);
  g_assert_cmpint (query_number (place->path, "SELECT count(*) FROM answers"), ==, 1);
  check_integrity (place->path);
}

static void
test_answers_of_hashes (Place *place,
                        gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTarget) target = assay_target_new ("lab", "flowers", "1");
  g_autoptr (AssayTarget) stranger = assay_target_new ("lab", "flowers", "3");
  g_autoptr (GHashTable) answers = NULL;
  g_autoptr (GHashTable) none = NULL;
  g_autoptr (AssayKeptAnswer) first = make_answered (0, 0);
  g_autoptr (AssayKeptAnswer) second = make_answered (1, 0);
  g_autoptr (AssayKeptAnswer) third = make_answered (2, 0);
  const char *hashes[] = { first->sha256, second->sha256, third->sha256, "no hash", NULL };
  const AssayKeptAnswer *found;

  /* Asked twice of version 1, then of version 2. */
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (AssayRecording) recording = do_begin (place->history, "A", i < 2 ? "1" : "2", 0);

      g_assert_true (do_add (place->history, recording, 0, 3, &error));
      g_assert_true (do_keep (place->history, recording, make_answered (0, 10 + i), &error));
      g_assert_true (do_keep (place->history, recording,
                              make_failed (2, ASSAY_ANSWER_FAILED, ASSAY_ERROR_BUSY), &error));
    }
  answers = do_answers (place->history, target, hashes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (answers), ==, 1);
  found = g_hash_table_lookup (answers, first->sha256);
  g_assert_cmpint (found->when, ==, 1700000000000011);
  none = do_answers (place->history, stranger, hashes, &error);
  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
}

/* What a set of labels is known by. */
static const char set_a[] = "82077f29db6d69eea227e76cc77d4b050eac215aee670c6ddde707ab7d4ad87b";
static const char set_b[] = "00077f29db6d69eea227e76cc77d4b050eac215aee670c6ddde707ab7d4ad87b";

static void
say_truth (Place *place,
           const char *hash,
           const char *set,
           const char *label)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_set_truth_async (place->history, hash, set, label, "person", NULL, await_result,
                                 &result);
  g_assert_true (assay_history_set_truth_finish (place->history, await (&result), NULL));
}

static char *
ask_truth (Place *place,
           const char *hash,
           const char *set)
{
  g_autoptr (GAsyncResult) result = NULL;
  const char *const hashes[] = { "no hash", hash, NULL };
  g_autoptr (GHashTable) truths = NULL;
  const AssayKeptTruth *truth;

  assay_history_truths_async (place->history, hashes, set, NULL, await_result, &result);
  truths = assay_history_truths_finish (place->history, await (&result), NULL);
  truth = g_hash_table_lookup (truths, hash);
  g_assert_true (truth == NULL || g_str_equal (truth->source, "person"));
  return truth != NULL ? g_strdup (truth->label) : NULL;
}

/* The last word counts, and can be taken back; each set of labels has its own. */
static void
test_truth (Place *place,
            gconstpointer data)
{
  static const char *const words[] = { "rose", "", "tulip", NULL };
  g_autoptr (AssayKeptAnswer) answer = make_answered (0, 0);

  say_truth (place, answer->sha256, set_b, "white rose");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *label = NULL;
      g_autofree char *other = NULL;
      g_autofree char *in_other_words = NULL;

      say_truth (place, answer->sha256, set_a, words[i]);
      label = ask_truth (place, answer->sha256, set_a);
      g_assert_cmpstr (label, ==, words[i]);
      other = ask_truth (place, answer->sent_sha256, set_a);
      g_assert_null (other);
      in_other_words = ask_truth (place, answer->sha256, set_b);
      g_assert_cmpstr (in_other_words, ==, "white rose");
    }
}

/* A look can be called off; what is to be kept is kept all the same. */
static void
test_canceled (Place *place,
               gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A", "1", 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) kept = NULL;
  g_autoptr (GAsyncResult) looked = NULL;

  g_assert_true (do_add (place->history, recording, 0, 1, &error));
  assay_history_keep_async (place->history, recording, make_answered (0, 1), cancellable,
                            await_result, &kept);
  assay_history_list_async (place->history, cancellable, await_result, &looked);
  g_cancellable_cancel (cancellable);
  g_assert_true (assay_history_keep_finish (place->history, await (&kept), &error));
  g_assert_null (assay_history_list_finish (place->history, await (&looked), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (query_number (place->path, "SELECT count(*) FROM answers"), ==, 1);
}

static gint64
begin_at (Place *place,
          gint64 started,
          gboolean end)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayTarget) target = assay_target_new ("lab", "flowers", "1");
  const AssayKeptRun run = { .started = started, .target = target };
  g_autoptr (AssayRecording) recording =
    assay_history_begin_async (place->history, &run, NULL, await_result, &result);

  g_assert_true (assay_history_begin_finish (place->history, await (&result), &error));
  g_assert_true (do_add (place->history, recording, 0, 200, &error));
  for (guint i = 0; i < 200; i++)
    assay_history_keep_async (place->history, recording, make_answered (i, i), NULL, NULL, NULL);
  if (end)
    g_assert_true (do_end (place->history, recording, ASSAY_KEPT_FINISHED, &error));
  return assay_recording_get_id (recording);
}

static void
test_prune (Place *place,
            gconstpointer data)
{
  static const struct {
    AssayHistoryPrune what;
    int removed;
  } steps[] = {
    { { .run = 10 }, 0 },
    { { .run = 5 }, 1 },
    { { .run = 5 }, 0 },
    { { .before = 3000 }, 2 },
    { { .before = 9000, .keep_newest = 3 }, 3 },
    { { .keep_newest = 2 }, 1 },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (AssayRecording) resumed = NULL;
  int pages;

  for (gint64 i = 1; i <= 9; i++)
    begin_at (place, i * 1000, TRUE);
  begin_at (place, 10, FALSE);
  g_assert_true (do_close (place->history, &error));
  /* The oldest, but somebody is at it. */
  resumed = do_resume (place->history, 10, &error);
  g_assert_no_error (error);
  pages = query_number (place->path, "PRAGMA page_count");
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    g_assert_cmpint (do_prune (place->history, &steps[i].what, &error), ==, steps[i].removed);
  list = do_list (place->history, &error);
  g_assert_cmpuint (list->len, ==, 3);
  g_assert_cmpint (((AssayKeptRun *) g_ptr_array_index (list, 0))->id, ==, 9);
  g_assert_cmpint (((AssayKeptRun *) g_ptr_array_index (list, 1))->id, ==, 8);
  g_assert_cmpint (((AssayKeptRun *) g_ptr_array_index (list, 2))->id, ==, 10);
  g_assert_true (do_close (place->history, &error));
  g_assert_cmpint (query_number (place->path, "PRAGMA freelist_count"), ==, 0);
  g_assert_cmpint (query_number (place->path, "PRAGMA page_count"), <, pages / 2);
  check_integrity (place->path);
}

/* A name and a password never get into the file. */
static void
test_no_secret_in_address (Place *place,
                           gconstpointer data)
{
  static const char *const cases[][2] = {
    { "https://me:secret@example.com:8443/a%20b", "https://example.com:8443/a%20b" },
    { "https://me@example.com/", "https://example.com/" },
    { "https://example.com/a@b", "https://example.com/a@b" },
    { "secret@not an address", "" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTarget) target = assay_target_new ("lab", "flowers", "1");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      const AssayKeptRun run = { .target = target, .url = (char *) cases[i][0] };
      g_autoptr (AssayRecording) recording =
        assay_history_begin_async (place->history, &run, NULL, await_result, &result);
      g_autoptr (AssayKeptRun) kept = NULL;

      g_assert_true (assay_history_begin_finish (place->history, await (&result), &error));
      kept = do_find (place->history, assay_recording_get_id (recording), &error);
      g_assert_cmpstr (kept->url, ==, cases[i][1]);
    }
}

/* From the answer of a run to the file and back. */
static void
test_restores_answers (Place *place,
                       gconstpointer data)
{
  g_autoptr (AssayTarget) target = assay_target_new ("lab", "flowers", "1");
  g_autoptr (AssayAnswer) answer = assay_answer_new (target);
  g_autoptr (AssayAnswer) again = assay_answer_new (target);
  g_autoptr (AssayPrediction) prediction = make_prediction (4, 3);
  g_autoptr (AssayOutcome) outcome = assay_outcome_new_prediction (prediction, NULL);
  g_autoptr (AssayKeptAnswer) kept = NULL;

  assay_answer_move (answer, ASSAY_ANSWER_READING);
  assay_answer_move (answer, ASSAY_ANSWER_SENDING);
  assay_answer_move (answer, ASSAY_ANSWER_QUEUED);
  assay_answer_move (answer, ASSAY_ANSWER_READING);
  assay_answer_move (answer, ASSAY_ANSWER_SENDING);
  g_assert_true (assay_answer_resolve (answer, outcome, 0.25, 1234));
  kept = assay_kept_answer_new (8, answer, NULL, NULL);
  g_assert_cmpuint (kept->position, ==, 8);
  g_assert_true (assay_kept_answer_restore (kept, again));
  g_assert_cmpint (assay_answer_get_state (again), ==, ASSAY_ANSWER_ANSWERED);
  g_assert_cmpuint (assay_answer_get_attempts (again), ==, 2);
  g_assert_cmpfloat (assay_answer_get_seconds (again), ==, 0.25);
  g_assert_cmpint (assay_answer_get_when (again), ==, 1234);
  g_assert_true (assay_answer_get_prediction (again) == prediction);
  g_assert_false (assay_kept_answer_restore (kept, again));
}

static void
test_restores_other_states (Place *place,
                            gconstpointer data)
{
  static const AssayAnswerState states[] = {
    ASSAY_ANSWER_FAILED, ASSAY_ANSWER_REJECTED, ASSAY_ANSWER_CANCELED,
  };
  g_autoptr (AssayTarget) target = assay_target_new ("lab", "flowers", "1");

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (AssayAnswer) answer = assay_answer_new (target);
      g_autoptr (AssayKeptAnswer) kept = make_failed (0, states[i], ASSAY_ERROR_REFUSED);

      g_assert_true (assay_kept_answer_restore (kept, answer));
      g_assert_cmpint (assay_answer_get_state (answer), ==, states[i]);
      if (states[i] != ASSAY_ANSWER_CANCELED)
        g_assert_error (assay_answer_get_error (answer), ASSAY_ERROR, ASSAY_ERROR_REFUSED);
    }
}

#define ADD(name, function) \
  g_test_add ("/assay/history/" name, Place, NULL, place_set_up, function, place_tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("keeps-a-run", test_keeps_a_run);
  ADD ("gives-back-exactly", test_gives_back_exactly);
  ADD ("label-sets", test_label_sets);
  ADD ("many-labels", test_many_labels);
  ADD ("one-answer-an-item", test_one_answer);
  ADD ("wrong-requests", test_wrong_requests);
  ADD ("one-turn-for-many", test_one_turn_for_many);
  ADD ("kept-when-reported", test_kept_when_reported);
  ADD ("pages", test_pages);
  ADD ("interrupted-runs", test_interrupted);
  ADD ("two-writers", test_two_writers);
  ADD ("answers-of-hashes", test_answers_of_hashes);
  ADD ("truth", test_truth);
  ADD ("canceled", test_canceled);
  ADD ("prune", test_prune);
  ADD ("no-secret-in-address", test_no_secret_in_address);
  ADD ("restores-answers", test_restores_answers);
  ADD ("restores-other-states", test_restores_other_states);
  return g_test_run ();
}
