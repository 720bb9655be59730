/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-error.h"
#include "assay-history-private.h"
#include "assay-label-sets.h"
#include "assay-limits.h"

/* The file's content is not believed: what can't be is an error, or left out. */

static guint
column_count (sqlite3_stmt *row,
              int column)
{
  return (guint) CLAMP (sqlite3_column_int64 (row, column), 0, G_MAXUINT);
}

/* Bytes that end at a NUL, should there be one. */
static char *
dup_column_bytes (sqlite3_stmt *row,
                  int column)
{
  const char *bytes = sqlite3_column_blob (row, column);

  if (bytes == NULL)
    return sqlite3_column_type (row, column) == SQLITE_NULL ? NULL : g_strdup ("");
  return g_strndup (bytes, sqlite3_column_bytes (row, column));
}

static GBytes *
dup_column_blob (sqlite3_stmt *row,
                 int column)
{
  if (sqlite3_column_type (row, column) != SQLITE_BLOB)
    return NULL;
  return g_bytes_new (sqlite3_column_blob (row, column), sqlite3_column_bytes (row, column));
}

static char *
dup_column_hash (sqlite3_stmt *row,
                 int column)
{
  const guint8 *bytes = sqlite3_column_blob (row, column);
  int length = sqlite3_column_bytes (row, column);
  GString *hex;

  if (bytes == NULL || length != 32)
    return NULL;
  hex = g_string_sized_new (64);
  for (int i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", bytes[i]);
  return g_string_free (hex, FALSE);
}

/* ---- runs ---- */

#define RUN_COLUMNS                                                                            \
  "id, lock, name, started, ended, state, connection_id, connection_name, url, protocol,"     \
  " options, model, version, given, items, answered, failed, rejected, canceled"

enum {
  RUN_ID, RUN_LOCK, RUN_NAME, RUN_STARTED, RUN_ENDED, RUN_STATE, RUN_CONNECTION_ID,
  RUN_CONNECTION_NAME, RUN_URL, RUN_PROTOCOL, RUN_OPTIONS, RUN_MODEL, RUN_VERSION, RUN_GIVEN,
  RUN_ITEMS, RUN_ANSWERED, RUN_FAILED, RUN_REJECTED, RUN_CANCELED,
};

/* Under way is only what some process is at, whatever was written. */
static AssayKeptState
run_state (AssayStore *store,
           sqlite3_stmt *row)
{
  const char *state = (const char *) sqlite3_column_text (row, RUN_STATE);
  gint64 place = sqlite3_column_int64 (row, RUN_LOCK);

  if (g_strcmp0 (state, "finished") == 0)
    return ASSAY_KEPT_FINISHED;
  if (g_strcmp0 (state, "running") == 0 && place > 0 && assay_store_is_run_taken (store, place))
    return ASSAY_KEPT_RUNNING;
  return ASSAY_KEPT_INTERRUPTED;
}

static AssayKeptRun *
make_run (AssayStore *store,
          sqlite3_stmt *row)
{
  g_autofree char *connection_id = assay_history_dup_text (row, RUN_CONNECTION_ID);
  g_autofree char *model = assay_history_dup_text (row, RUN_MODEL);
  g_autofree char *version = assay_history_dup_text (row, RUN_VERSION);
  AssayKeptRun *run = g_new0 (AssayKeptRun, 1);

  run->id = sqlite3_column_int64 (row, RUN_ID);
  run->name = assay_history_dup_text (row, RUN_NAME);
  run->started = sqlite3_column_int64 (row, RUN_STARTED);
  run->ended = sqlite3_column_int64 (row, RUN_ENDED);
  run->state = run_state (store, row);
  run->target = assay_target_new (connection_id != NULL ? connection_id : "", model, version);
  run->connection_name = assay_history_dup_text (row, RUN_CONNECTION_NAME);
  run->url = assay_history_dup_text (row, RUN_URL);
  run->protocol = assay_history_dup_text (row, RUN_PROTOCOL);
  run->options = assay_history_dup_text (row, RUN_OPTIONS);
  run->n_items = column_count (row, RUN_ITEMS);
  run->given = MAX (column_count (row, RUN_GIVEN), run->n_items);
  run->n_answered = column_count (row, RUN_ANSWERED);
  run->n_failed = column_count (row, RUN_FAILED);
  run->n_rejected = column_count (row, RUN_REJECTED);
  run->n_canceled = column_count (row, RUN_CANCELED);
  return run;
}

static gboolean
is_offered (const AssayKeptRun *run)
{
  return run->state == ASSAY_KEPT_INTERRUPTED && assay_kept_run_get_left (run) > 0;
}

static gboolean
list_runs (AssayStore *store,
           const char *sql,
           gboolean interrupted,
           gpointer *result,
           GError **error)
{
  g_autoptr (GPtrArray) runs =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_kept_run_free);
  sqlite3_stmt *list = assay_store_prepare (store, sql, error);
  int rc = SQLITE_ERROR;

  while (list != NULL && (rc = assay_store_step (store, list, error)) == SQLITE_ROW)
    {
      g_autoptr (AssayKeptRun) run = make_run (store, list);

      if (!interrupted || is_offered (run))
        g_ptr_array_add (runs, g_steal_pointer (&run));
    }
  if (rc == SQLITE_DONE)
    *result = g_steal_pointer (&runs);
  return rc == SQLITE_DONE;
}

static gboolean
list_run (AssayStore *store,
          gpointer data,
          gpointer *result,
          GError **error)
{
  return list_runs (store, "SELECT " RUN_COLUMNS " FROM runs ORDER BY started DESC, id DESC", FALSE,
                    result, error);
}

/**
 * assay_history_list_async:
 *
 * Lists all runs with their counts.
 */
void
assay_history_list_async (AssayHistory *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_return_if_fail (ASSAY_IS_HISTORY (self));

  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_list_async, cancellable, callback,
                                             data),
                    ASSAY_JOB_READ, list_run, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * assay_history_list_finish:
 * @error: %ASSAY_ERROR_UNREADABLE
 *
 * Returns: (transfer full) (element-type AssayKeptRun): newest first
 */
GPtrArray *
assay_history_list_finish (AssayHistory *self,
                           GAsyncResult *result,
                           GError **error)
{
  return assay_history_finish_value (self, result, assay_history_list_async, error);
}

static gboolean
list_interrupted_run (AssayStore *store,
                      gpointer data,
                      gpointer *result,
                      GError **error)
{
  return list_runs (store,
                    "SELECT " RUN_COLUMNS " FROM runs WHERE state <> 'finished'"
                    " ORDER BY started DESC, id DESC",
                    TRUE, result, error);
}

/**
 * assay_history_list_interrupted_async:
 *
 * Lists the runs that can be offered for resuming: something is left, and no
 * process is at it.
 */
void
assay_history_list_interrupted_async (AssayHistory *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer data)
{
  g_return_if_fail (ASSAY_IS_HISTORY (self));

  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_list_interrupted_async,
                                             cancellable, callback, data),
                    ASSAY_JOB_READ, list_interrupted_run, NULL, NULL,
                    (GDestroyNotify) g_ptr_array_unref);
}

/**
 * assay_history_list_interrupted_finish:
 *
 * Returns: (transfer full) (element-type AssayKeptRun): newest first
 */
GPtrArray *
assay_history_list_interrupted_finish (AssayHistory *self,
                                       GAsyncResult *result,
                                       GError **error)
{
  return assay_history_finish_value (self, result, assay_history_list_interrupted_async, error);
}

static gboolean
find_run (AssayStore *store,
          gpointer data,
          gpointer *result,
          GError **error)
{
  gint64 run = *(gint64 *) data;
  sqlite3_stmt *find =
    assay_store_prepare (store, "SELECT " RUN_COLUMNS " FROM runs WHERE id = ?1", error);
  int rc;

  if (find == NULL)
    return FALSE;
  sqlite3_bind_int64 (find, 1, run);
  rc = assay_store_step (store, find, error);
  if (rc == SQLITE_DONE)
    assay_history_set_no_run (run, error);
  if (rc == SQLITE_ROW)
    *result = make_run (store, find);
  sqlite3_reset (find);
  return rc == SQLITE_ROW;
}

/**
 * assay_history_find_async:
 * @run: an id
 */
void
assay_history_find_async (AssayHistory *self,
                          gint64 run,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_return_if_fail (ASSAY_IS_HISTORY (self));

  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_find_async, cancellable, callback,
                                             data),
                    ASSAY_JOB_READ, find_run, g_memdup2 (&run, sizeof run), g_free,
                    (GDestroyNotify) assay_kept_run_free);
}

/**
 * assay_history_find_finish:
 * @error: %ASSAY_ERROR_NOT_FOUND, %ASSAY_ERROR_UNREADABLE
 *
 * Returns: (transfer full): the run with its counts
 */
AssayKeptRun *
assay_history_find_finish (AssayHistory *self,
                           GAsyncResult *result,
                           GError **error)
{
  return assay_history_finish_value (self, result, assay_history_find_async, error);
}

/* ---- answers ---- */

#define ANSWER_COLUMNS                                                                        \
  "a.position, a.state, a.label_set, a.scores, a.places, a.error_code, a.error_message,"     \
  " a.sha256, a.sent_sha256, a.attempts, a.seconds, a.ended"

enum {
  ANSWER_POSITION, ANSWER_STATE, ANSWER_LABEL_SET, ANSWER_SCORES, ANSWER_PLACES, ANSWER_ERROR_CODE,
  ANSWER_ERROR_MESSAGE, ANSWER_SHA256, ANSWER_SENT_SHA256, ANSWER_ATTEMPTS, ANSWER_SECONDS,
  ANSWER_ENDED, N_ANSWER_COLUMNS
};

static AssayAnswerState
state_from_name (const char *name)
{
  for (guint state = ASSAY_ANSWER_ANSWERED; state < ASSAY_ANSWER_N_STATES; state++)
    if (g_strcmp0 (assay_answer_state_get_name (state), name) == 0)
      return state;
  return ASSAY_ANSWER_FAILED;
}

static int
code_from_name (const char *name)
{
  for (int code = ASSAY_ERROR_FAILED; code <= ASSAY_ERROR_CANCELED; code++)
    if (g_strcmp0 (assay_error_code_name (code), name) == 0)
      return code;
  return ASSAY_ERROR_FAILED;
}

/* Fills in what exactly one of the states has. */
static gboolean
fill_outcome (AssayStore *store,
              sqlite3_stmt *row,
              AssayKeptAnswer *answer,
              GError **error)
{
  g_autoptr (GBytes) scores = dup_column_blob (row, ANSWER_SCORES);
  g_autoptr (GBytes) places = dup_column_blob (row, ANSWER_PLACES);
  g_autofree char *message = assay_history_dup_text (row, ANSWER_ERROR_MESSAGE);
  const char *code = (const char *) sqlite3_column_text (row, ANSWER_ERROR_CODE);

  if (answer->state == ASSAY_ANSWER_CANCELED)
    return TRUE;
  if (answer->state == ASSAY_ANSWER_ANSWERED)
    {
      gint64 set = sqlite3_column_int64 (row, ANSWER_LABEL_SET);

      answer->prediction = assay_label_sets_load (store, set, scores, places, error);
      return answer->prediction != NULL;
    }
  answer->error =
    g_error_new_literal (ASSAY_ERROR, code_from_name (code), message != NULL ? message : "");
  return TRUE;
}

static AssayKeptAnswer *
make_answer (AssayStore *store,
             sqlite3_stmt *row,
             GError **error)
{
  g_autoptr (AssayKeptAnswer) answer = g_new0 (AssayKeptAnswer, 1);

  answer->position = column_count (row, ANSWER_POSITION);
  answer->state = state_from_name ((const char *) sqlite3_column_text (row, ANSWER_STATE));
  answer->sha256 = dup_column_hash (row, ANSWER_SHA256);
  answer->sent_sha256 = dup_column_hash (row, ANSWER_SENT_SHA256);
  answer->attempts = column_count (row, ANSWER_ATTEMPTS);
  answer->seconds = sqlite3_column_double (row, ANSWER_SECONDS);
  answer->when = sqlite3_column_int64 (row, ANSWER_ENDED);
  if (!fill_outcome (store, row, answer, error))
    return NULL;
  return g_steal_pointer (&answer);
}

/* ---- a run's items ---- */

typedef struct {
  gint64 run;
  AssayHistoryItems which;
  gint64 after;
  guint n;
} Page;

enum {
  ITEM_POSITION = N_ANSWER_COLUMNS, ITEM_PATH, ITEM_MEMBER, ITEM_MEMBER_INDEX, ITEM_GROUP, ITEM_URI,
  ITEM_BYTES,
};

static AssayKeptItem *
make_item (AssayStore *store,
           sqlite3_stmt *row,
           GError **error)
{
  g_autoptr (AssayKeptItem) item = g_new0 (AssayKeptItem, 1);

  item->position = column_count (row, ITEM_POSITION);
  item->path = dup_column_bytes (row, ITEM_PATH);
  item->member = dup_column_bytes (row, ITEM_MEMBER);
  item->member_index = column_count (row, ITEM_MEMBER_INDEX);
  item->group = dup_column_bytes (row, ITEM_GROUP);
  item->uri = assay_history_dup_text (row, ITEM_URI);
  item->bytes = MAX (sqlite3_column_int64 (row, ITEM_BYTES), 0);
  if (sqlite3_column_type (row, ANSWER_STATE) != SQLITE_NULL)
    {
      item->answer = make_answer (store, row, error);
      if (item->answer == NULL)
        return NULL;
    }
  return g_steal_pointer (&item);
}

static gboolean
load_run (AssayStore *store,
          gpointer data,
          gpointer *result,
          GError **error)
{
  const Page *page = data;
  g_autoptr (GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_kept_item_free);
  sqlite3_stmt *load = assay_store_prepare (
      store,
      "SELECT " ANSWER_COLUMNS ", i.position, i.path, i.member, i.member_index, i.\"group\", i.uri,"
      " i.bytes FROM items i LEFT JOIN answers a ON a.run = i.run AND a.position = i.position"
      " WHERE i.run = ?1 AND i.position > ?2 AND (?3 OR a.position IS NULL)"
      " ORDER BY i.position LIMIT ?4",
      error);
  int rc;

  if (load == NULL)
    return FALSE;
  sqlite3_bind_int64 (load, 1, page->run);
  sqlite3_bind_int64 (load, 2, page->after);
  sqlite3_bind_int (load, 3, page->which == ASSAY_HISTORY_ALL);
  sqlite3_bind_int64 (load, 4, page->n);
  while ((rc = assay_store_step (store, load, error)) == SQLITE_ROW)
    {
      AssayKeptItem *item = make_item (store, load, error);

      if (item == NULL)
        {
          sqlite3_reset (load);
          return FALSE;
        }
      g_ptr_array_add (items, item);
    }
  if (rc == SQLITE_DONE)
    *result = g_steal_pointer (&items);
  return rc == SQLITE_DONE;
}

/**
 * assay_history_load_async:
 * @run: an id
 * @which: all items with their answers, or those that have none: what resuming sends
 * @after: position of the last item of the page before; -1 for the first page
 * @n: items wanted, at most %ASSAY_LIMIT_HISTORY_PAGE
 *
 * Loads a page of a run, in the order given, so that any number of items takes the
 * memory of one page.
 */
void
assay_history_load_async (AssayHistory *self,
                          gint64 run,
                          AssayHistoryItems which,
                          gint64 after,
                          guint n,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  Page *page;

  g_return_if_fail (ASSAY_IS_HISTORY (self));
  g_return_if_fail (n > 0);

  page = g_new (Page, 1);
  *page = (Page) { run, which, after, MIN (n, ASSAY_LIMIT_HISTORY_PAGE) };
  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_load_async, cancellable, callback,
                                             data),
                    ASSAY_JOB_READ, load_run, page, g_free, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * assay_history_load_finish:
 * @error: %ASSAY_ERROR_UNREADABLE
 *
 * Returns: (transfer full) (element-type AssayKeptItem): in the order given; fewer
 *   than wanted, or none, when there are no more
 */
GPtrArray *
assay_history_load_finish (AssayHistory *self,
                           GAsyncResult *result,
                           GError **error)
{
  return assay_history_finish_value (self, result, assay_history_load_async, error);
}

/* ---- what was ever answered ---- */

typedef struct {
  AssayTarget *target;
  char **hashes;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  assay_target_unref (self->target);
  g_strfreev (self->hashes);
  g_free (self);
}

static gboolean
find_answer (AssayStore *store,
             sqlite3_stmt *find,
             const Question *question,
             const char *hash,
             GHashTable *answers,
             GError **error)
{
  AssayKeptAnswer *answer = NULL;
  int rc;

  assay_history_bind_hash (find, 1, hash);
  sqlite3_bind_text (find, 2, assay_target_get_connection_id (question->target), -1, SQLITE_STATIC);
  sqlite3_bind_text (find, 3, assay_target_get_model (question->target), -1, SQLITE_STATIC);
  sqlite3_bind_text (find, 4, assay_target_get_version (question->target), -1, SQLITE_STATIC);
  rc = assay_store_step (store, find, error);
  if (rc == SQLITE_ROW)
    {
      answer = make_answer (store, find, error);
      sqlite3_reset (find);
      if (answer != NULL)
        g_hash_table_insert (answers, g_strdup (hash), answer);
      return answer != NULL;
    }
  return rc == SQLITE_DONE;
}

static gboolean
answers_run (AssayStore *store,
             gpointer data,
             gpointer *result,
             GError **error)
{
  const Question *question = data;
  g_autoptr (GHashTable) answers =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                           (GDestroyNotify) assay_kept_answer_free);
  sqlite3_stmt *find = assay_store_prepare (
      store,
      "SELECT " ANSWER_COLUMNS " FROM answers a JOIN runs r ON r.id = a.run"
      " WHERE a.sha256 = ?1 AND a.state = 'answered'"
      " AND r.connection_id = ?2 AND r.model = ?3 AND r.version = ?4"
      " ORDER BY a.ended DESC, a.run DESC LIMIT 1",
      error);

  if (find == NULL)
    return FALSE;
  for (char **hash = question->hashes; *hash != NULL; hash++)
    if (!find_answer (store, find, question, *hash, answers, error))
      return FALSE;
  *result = g_steal_pointer (&answers);
  return TRUE;
}

/**
 * assay_history_answers_async:
 * @target: whose answers
 * @hashes: (array zero-terminated=1): SHA-256 of items' original bytes, hex; of no
 *   more than %ASSAY_LIMIT_HISTORY_HASHES the answers are looked for
 *
 * Finds what @target last answered for the same bytes in any run.
 */
void
assay_history_answers_async (AssayHistory *self,
                             AssayTarget *target,
                             const char *const *hashes,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  Question *question;

  g_return_if_fail (ASSAY_IS_HISTORY (self));
  g_return_if_fail (target != NULL);
  g_return_if_fail (hashes != NULL);

  question = g_new0 (Question, 1);
  question->target = assay_target_ref (target);
  question->hashes = assay_history_dup_hashes (hashes);
  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_answers_async, cancellable,
                                             callback, data),
                    ASSAY_JOB_READ, answers_run, question, question_free,
                    (GDestroyNotify) g_hash_table_unref);
}

/**
 * assay_history_answers_finish:
 * @error: %ASSAY_ERROR_UNREADABLE
 *
 * Returns: (transfer full) (element-type utf8 AssayKeptAnswer): the newest answered
 *   one of each hash that has one
 */
GHashTable *
assay_history_answers_finish (AssayHistory *self,
                              GAsyncResult *result,
                              GError **error)
{
  return assay_history_finish_value (self, result, assay_history_answers_async, error);
}
