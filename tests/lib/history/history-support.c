/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "history-support.h"

#define PATIENCE 120          /* seconds until a test gives up */

void
place_set_up (Place *place,
              gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  place->folder = g_dir_make_tmp ("assay-history-XXXXXX", &error);
  g_assert_no_error (error);
  place->path = g_build_filename (place->folder, "assay", "history.db", NULL);
  place->history = assay_history_new (place->path);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_folder (path);
      else
        g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

void
place_tear_down (Place *place,
                 gconstpointer data)
{
  g_assert_finalize_object (place->history);
  remove_folder (place->folder);
  g_free (place->folder);
  g_free (place->path);
}

/* Closes the file and opens it as a program that has just started would. */
void
place_reopen (Place *place)
{
  g_assert_finalize_object (place->history);
  place->history = assay_history_new (place->path);
}

void
await_result (GObject *source,
              GAsyncResult *result,
              gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
give_up_cb (gpointer data)
{
  g_error ("no answer after %d seconds", PATIENCE);
  return G_SOURCE_REMOVE;
}

/* A source that fails the test, unless it is removed in time: for loops that wait
 * for a state. */
guint
be_patient (void)
{
  return g_timeout_add_seconds (PATIENCE, give_up_cb, NULL);
}

GAsyncResult *
await (GAsyncResult **result)
{
  const guint source = be_patient ();

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  return *result;
}

gboolean
do_open (AssayHistory *history,
         GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_open_async (history, NULL, await_result, &result);
  return assay_history_open_finish (history, await (&result), error);
}

gboolean
do_close (AssayHistory *history,
          GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_close_async (history, NULL, await_result, &result);
  return assay_history_close_finish (history, await (&result), error);
}

AssayRecording *
do_begin (AssayHistory *history,
          const char *name,
          const char *version,
          guint given)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTarget) target = assay_target_new ("lab", "flowers", version);
  AssayRecording *recording;
  const AssayKeptRun run = {
    .name = (char *) name,
    .target = target,
    .connection_name = (char *) "Lab",
    .url = (char *) "https://example.com/",
    .protocol = (char *) "mlf",
    .options = (char *) "{\"convert\":true}",
    .given = given,
  };

  recording = assay_history_begin_async (history, &run, NULL, await_result, &result);
  assay_history_begin_finish (history, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (assay_recording_get_id (recording), >, 0);
  return recording;
}

gboolean
do_add (AssayHistory *history,
        AssayRecording *recording,
        guint first,
        guint n,
        GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_add_async (history, recording, make_items (first, n), NULL, await_result, &result);
  return assay_history_add_finish (history, await (&result), error);
}

gboolean
do_keep (AssayHistory *history,
         AssayRecording *recording,
         AssayKeptAnswer *answer,
         GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_keep_async (history, recording, answer, NULL, await_result, &result);
  return assay_history_keep_finish (history, await (&result), error);
}

gboolean
do_end (AssayHistory *history,
        AssayRecording *recording,
        AssayKeptState state,
        GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_end_async (history, recording, state, NULL, await_result, &result);
  return assay_history_end_finish (history, await (&result), error);
}

AssayRecording *
do_resume (AssayHistory *history,
           gint64 run,
           GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_resume_async (history, run, NULL, await_result, &result);
  return assay_history_resume_finish (history, await (&result), error);
}

/* The number of runs removed; -1 with @error set. */
int
do_prune (AssayHistory *history,
          const AssayHistoryPrune *what,
          GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  guint n_removed = 0;

  assay_history_prune_async (history, what, NULL, await_result, &result);
  if (!assay_history_prune_finish (history, await (&result), &n_removed, error))
    return -1;
  return (int) n_removed;
}

GPtrArray *
do_list (AssayHistory *history,
         GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_list_async (history, NULL, await_result, &result);
  return assay_history_list_finish (history, await (&result), error);
}

GPtrArray *
do_list_interrupted (AssayHistory *history,
                     GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_list_interrupted_async (history, NULL, await_result, &result);
  return assay_history_list_interrupted_finish (history, await (&result), error);
}

AssayKeptRun *
do_find (AssayHistory *history,
         gint64 run,
         GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_find_async (history, run, NULL, await_result, &result);
  return assay_history_find_finish (history, await (&result), error);
}

GPtrArray *
do_load (AssayHistory *history,
         gint64 run,
         AssayHistoryItems which,
         gint64 after,
         guint n,
         GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_load_async (history, run, which, after, n, NULL, await_result, &result);
  return assay_history_load_finish (history, await (&result), error);
}

GHashTable *
do_answers (AssayHistory *history,
            AssayTarget *target,
            const char *const *hashes,
            GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_history_answers_async (history, target, hashes, NULL, await_result, &result);
  return assay_history_answers_finish (history, await (&result), error);
}

/* Scores that have no short decimal form, in an order that is no one's. */
AssayPrediction *
make_prediction (guint seed,
                 guint n_labels)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %u", (i * 7) % n_labels);

      g_assert_true (assay_prediction_builder_add (builder, label, 1.0 / (seed + i + 3), NULL));
    }
  return assay_prediction_builder_end (builder);
}

static char *
make_hash (guint position)
{
  g_autofree char *text = g_strdup_printf ("picture %u", position);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

AssayKeptAnswer *
make_answered (guint position,
               guint seed)
{
  AssayKeptAnswer *answer = g_new0 (AssayKeptAnswer, 1);

  answer->position = position;
  answer->state = ASSAY_ANSWER_ANSWERED;
  answer->prediction = make_prediction (seed, 5);
  answer->sha256 = make_hash (position);
  answer->sent_sha256 = make_hash (position + 1000000);
  answer->attempts = 1 + position % 3;
  answer->seconds = 0.1 / (position + 3);
  answer->when = 1700000000000000 + seed;
  return answer;
}

AssayKeptAnswer *
make_failed (guint position,
             AssayAnswerState state,
             int code)
{
  AssayKeptAnswer *answer = g_new0 (AssayKeptAnswer, 1);

  answer->position = position;
  answer->state = state;
  answer->when = 1700000000000000 + position;
  if (state != ASSAY_ANSWER_CANCELED)
    answer->error = g_error_new (ASSAY_ERROR, code, "Item %u: “why”.", position);
  return answer;
}

GPtrArray *
make_items (guint first,
            guint n)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_kept_item_free);

  for (guint i = first; i < first + n; i++)
    {
      AssayKeptItem *item = g_new0 (AssayKeptItem, 1);

      item->position = i;
      item->path = g_strdup_printf ("photos/%u \xe9\xff.jpg", i);
      item->group = g_strdup ("photos");
      item->uri = g_strdup_printf ("file:///photos/%u.jpg", i);
      item->bytes = 1000 + i;
      g_ptr_array_add (items, item);
    }
  return items;
}

/* ---- the file, looked at from outside ---- */

static sqlite3 *
open_file (const char *path)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, ASSAY_LIMIT_HISTORY_BUSY);
  return db;
}

/* The first column of the first row; (nullable) when there is none. */
char *
query_text (const char *path,
            const char *sql)
{
  sqlite3 *db = open_file (path);
  sqlite3_stmt *statement = NULL;
  char *text = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return text;
}

int
query_number (const char *path,
              const char *sql)
{
  g_autofree char *text = query_text (path, sql);

  g_assert_nonnull (text);
  return (int) g_ascii_strtoll (text, NULL, 10);
}

void
execute_sql (const char *path,
             const char *sql)
{
  sqlite3 *db = open_file (path);

  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  sqlite3_close (db);
}

/* Sound as SQLite sees it, and the counts are what they count. */
void
check_integrity (const char *path)
{
  g_autofree char *verdict = query_text (path, "PRAGMA integrity_check");
  g_autofree char *foreign = query_text (path, "PRAGMA foreign_key_check");

  g_assert_cmpstr (verdict, ==, "ok");
  g_assert_null (foreign);
  g_assert_cmpint (query_number (path,
                                 "SELECT count(*) FROM runs r WHERE items <>"
                                 " (SELECT count(*) FROM items WHERE run = r.id)"
                                 " OR answered + failed + rejected + canceled <>"
                                 " (SELECT count(*) FROM answers WHERE run = r.id)"
                                 " OR answered <> (SELECT count(*) FROM answers"
                                 "  WHERE run = r.id AND state = 'answered')"
                                 " OR failed <> (SELECT count(*) FROM answers"
                                 "  WHERE run = r.id AND state = 'failed')"),
                   ==, 0);
}
