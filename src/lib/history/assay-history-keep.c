/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "assay-error.h"
#include "assay-history-private.h"
#include "assay-label-sets.h"

/* Invariants: place never changes; id is 0 until the run was first written, and is
 * changed by the store's thread alone, under the lock. */
struct _AssayRecording {
  GMutex mutex;
  gint64 id;
  gint64 place;               /* its byte in the lock file */
};

G_DEFINE_BOXED_TYPE (AssayRecording, assay_recording, assay_recording_ref, assay_recording_unref)

static AssayRecording *
recording_new (gint64 id,
               gint64 place)
{
  AssayRecording *self = g_atomic_rc_box_new0 (AssayRecording);

  g_mutex_init (&self->mutex);
  self->id = id;
  self->place = place;
  return self;
}

AssayRecording *
assay_recording_ref (AssayRecording *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
recording_clear (gpointer data)
{
  AssayRecording *self = data;

  g_mutex_clear (&self->mutex);
}

void
assay_recording_unref (AssayRecording *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, recording_clear);
}

/**
 * assay_recording_get_id:
 *
 * Any thread.
 *
 * Returns: the run's id; 0 until its beginning is saved.  Only after
 *   assay_history_begin_finish() it is sure to last
 */
gint64
assay_recording_get_id (AssayRecording *self)
{
  gint64 id;

  g_return_val_if_fail (self != NULL, 0);

  g_mutex_lock (&self->mutex);
  id = self->id;
  g_mutex_unlock (&self->mutex);
  return id;
}

static void
set_id (AssayRecording *self,
        gint64 id)
{
  g_mutex_lock (&self->mutex);
  self->id = id;
  g_mutex_unlock (&self->mutex);
}

static void
bind_text (sqlite3_stmt *statement,
           int index,
           const char *text)
{
  sqlite3_bind_text (statement, index, text != NULL ? text : "", -1, SQLITE_STATIC);
}

static void
bind_bytes (sqlite3_stmt *statement,
            int index,
            const char *bytes)
{
  if (bytes != NULL)
    sqlite3_bind_blob (statement, index, bytes, strlen (bytes), SQLITE_STATIC);
}

/* ---- a run begins ---- */

typedef struct {
  AssayRecording *recording;
  AssayKeptRun *run;
} Beginning;

static void
beginning_free (gpointer data)
{
  Beginning *self = data;

  assay_recording_unref (self->recording);
  assay_kept_run_free (self->run);
  g_free (self);
}

/* An address may carry a name and a password; nothing here ever does. */
static char *
dup_address (const char *url)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL) : NULL;

  if (uri == NULL)
    return g_strdup (url != NULL && strchr (url, '@') == NULL ? url : "");
  if (g_uri_get_userinfo (uri) == NULL)
    return g_strdup (url);
  return g_uri_to_string_partial (uri, G_URI_HIDE_USERINFO);
}

static Beginning *
beginning_new (const AssayKeptRun *run)
{
  Beginning *self = g_new0 (Beginning, 1);

  /* A random byte of 2⁶²: two runs never share one. */
  self->recording = recording_new (0, ((gint64) g_random_int () << 30 | g_random_int () >> 2) + 1);
  self->run = g_new0 (AssayKeptRun, 1);
  self->run->name = g_strdup (run->name);
  self->run->started = run->started != 0 ? run->started : g_get_real_time ();
  self->run->target = assay_target_ref (run->target);
  self->run->connection_name = g_strdup (run->connection_name);
  self->run->url = dup_address (run->url);
  self->run->protocol = g_strdup (run->protocol);
  self->run->options = g_strdup (run->options);
  self->run->given = run->given;
  return self;
}

static gboolean
begin_run (AssayStore *store,
           gpointer data,
           gpointer *result,
           GError **error)
{
  const Beginning *self = data;
  const AssayKeptRun *run = self->run;
  sqlite3_stmt *insert = assay_store_prepare (
      store,
      "INSERT INTO runs (lock, name, started, connection_id, connection_name, url, protocol,"
      " options, model, version, given) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      error);

  if (insert == NULL)
    return FALSE;
  sqlite3_bind_int64 (insert, 1, self->recording->place);
  bind_text (insert, 2, run->name);
  sqlite3_bind_int64 (insert, 3, run->started);
  bind_text (insert, 4, assay_target_get_connection_id (run->target));
  bind_text (insert, 5, run->connection_name);
  bind_text (insert, 6, run->url);
  bind_text (insert, 7, run->protocol);
  bind_text (insert, 8, run->options);
  bind_text (insert, 9, assay_target_get_model (run->target));
  bind_text (insert, 10, assay_target_get_version (run->target));
  sqlite3_bind_int64 (insert, 11, run->given);
  if (!assay_store_run (store, insert, error))
    return FALSE;
  set_id (self->recording, sqlite3_last_insert_rowid (assay_store_get_db (store)));
  /* Nobody else can have it: the place is new, and nobody sees it yet. */
  assay_store_take_run (store, self->recording->place);
  return TRUE;
}

/**
 * assay_history_begin_async:
 * @run: (transfer none): name, started (0 for now), target, connection's name, url,
 *   protocol, options, given (0 while unknown); the rest is not looked at.  A
 *   user's name and password are left out of the url; the options must hold no
 *   secret
 *
 * Begins a run.  What is returned can be used at once: requests are done in order.
 * If the beginning can't be saved now, it is saved later together with all that
 * follows.
 *
 * Returns: (transfer full): the run under way
 */
AssayRecording *
assay_history_begin_async (AssayHistory *self,
                           const AssayKeptRun *run,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  Beginning *beginning;
  AssayRecording *recording;

  g_return_val_if_fail (ASSAY_IS_HISTORY (self), NULL);
  g_return_val_if_fail (run != NULL && run->target != NULL, NULL);

  beginning = beginning_new (run);
  recording = assay_recording_ref (beginning->recording);
  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_begin_async, cancellable, callback,
                                             data),
                    ASSAY_JOB_WRITE_NOW, begin_run, beginning, beginning_free, NULL);
  return recording;
}

/**
 * assay_history_begin_finish:
 *
 * Returns: whether the beginning is saved
 */
gboolean
assay_history_begin_finish (AssayHistory *self,
                            GAsyncResult *result,
                            GError **error)
{
  return assay_history_finish (self, result, assay_history_begin_async, error);
}

/* ---- items ---- */

typedef struct {
  AssayRecording *recording;
  GPtrArray *items;
} Addition;

static void
addition_free (gpointer data)
{
  Addition *self = data;

  assay_recording_unref (self->recording);
  g_ptr_array_unref (self->items);
  g_free (self);
}

static gboolean
insert_item (AssayStore *store,
             gint64 run,
             const AssayKeptItem *item,
             GError **error)
{
  sqlite3_stmt *insert = assay_store_prepare (
      store,
      "INSERT INTO items (run, position, path, member, member_index, \"group\", uri, bytes)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      error);

  if (insert == NULL)
    return FALSE;
  sqlite3_bind_int64 (insert, 1, run);
  sqlite3_bind_int64 (insert, 2, item->position);
  bind_bytes (insert, 3, item->path);
  bind_bytes (insert, 4, item->member);
  if (item->member != NULL)
    sqlite3_bind_int64 (insert, 5, item->member_index);
  bind_bytes (insert, 6, item->group);
  if (item->uri != NULL)
    bind_text (insert, 7, item->uri);
  sqlite3_bind_int64 (insert, 8, (gint64) MIN (item->bytes, G_MAXINT64));
  return assay_store_run (store, insert, error);
}

static gboolean
add_run (AssayStore *store,
         gpointer data,
         gpointer *result,
         GError **error)
{
  const Addition *self = data;
  gint64 run = assay_recording_get_id (self->recording);

  for (guint i = 0; i < self->items->len; i++)
    if (!insert_item (store, run, g_ptr_array_index (self->items, i), error))
      return FALSE;
  return TRUE;
}

/**
 * assay_history_add_async:
 * @recording: (transfer none): the run
 * @items: (transfer full) (element-type AssayKeptItem): as many as came at once,
 *   none added before; not changed from here on.  Their answers are not looked at
 *
 * Adds given items: all or, on an error, none.  An item has to be added before its
 * answer is kept.
 */
void
assay_history_add_async (AssayHistory *self,
                         AssayRecording *recording,
                         GPtrArray *items,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  Addition *addition;

  g_return_if_fail (ASSAY_IS_HISTORY (self));
  g_return_if_fail (recording != NULL);
  g_return_if_fail (items != NULL);

  addition = g_new0 (Addition, 1);
  addition->recording = assay_recording_ref (recording);
  addition->items = items;
  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_add_async, cancellable, callback,
                                             data),
                    ASSAY_JOB_WRITE, add_run, addition, addition_free, NULL);
}

gboolean
assay_history_add_finish (AssayHistory *self,
                          GAsyncResult *result,
                          GError **error)
{
  return assay_history_finish (self, result, assay_history_add_async, error);
}

/* ---- answers ---- */

typedef struct {
  AssayRecording *recording;
  AssayKeptAnswer *answer;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *self = data;

  assay_recording_unref (self->recording);
  assay_kept_answer_free (self->answer);
  g_free (self);
}

static gboolean
bind_prediction (AssayStore *store,
                 sqlite3_stmt *statement,
                 const AssayPrediction *prediction,
                 GError **error)
{
  g_autoptr (GBytes) scores = assay_label_sets_pack_scores (prediction);
  g_autoptr (GBytes) places = NULL;
  gint64 set;

  if (!assay_label_sets_save (store, prediction, &set, &places, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 4, set);
  sqlite3_bind_blob (statement, 5, g_bytes_get_data (scores, NULL), (int) g_bytes_get_size (scores),
                     SQLITE_TRANSIENT);
  if (places != NULL)
    sqlite3_bind_blob (statement, 6, g_bytes_get_data (places, NULL),
                       (int) g_bytes_get_size (places), SQLITE_TRANSIENT);
  return TRUE;
}

static void
bind_error (sqlite3_stmt *statement,
            const GError *error)
{
  int code = error->domain == ASSAY_ERROR ? error->code : (int) ASSAY_ERROR_FAILED;

  bind_text (statement, 7, assay_error_code_name (code));
  bind_text (statement, 8, error->message);
}

static gboolean
bind_answer (AssayStore *store,
             sqlite3_stmt *statement,
             gint64 run,
             const AssayKeptAnswer *answer,
             GError **error)
{
  sqlite3_bind_int64 (statement, 1, run);
  sqlite3_bind_int64 (statement, 2, answer->position);
  bind_text (statement, 3, assay_answer_state_get_name (answer->state));
  if (answer->error != NULL)
    bind_error (statement, answer->error);
  assay_history_bind_hash (statement, 9, answer->sha256);
  assay_history_bind_hash (statement, 10, answer->sent_sha256);
  sqlite3_bind_int64 (statement, 11, answer->attempts);
  sqlite3_bind_double (statement, 12, isfinite (answer->seconds) ? answer->seconds : 0);
  sqlite3_bind_int64 (statement, 13, answer->when);
  sqlite3_bind_int (statement, 14, answer->again);
  return answer->prediction == NULL
         || bind_prediction (store, statement, answer->prediction, error);
}

/* An answer stands in the way and was not replaced. */
static gboolean
check_kept (AssayStore *store,
            gint64 run,
            const AssayKeptAnswer *answer,
            GError **error)
{
  sqlite3_stmt *find;
  gboolean same = FALSE;

  if (answer->again)
    return TRUE;
  find = assay_store_prepare (
      store,
      "SELECT state = ?3 AND ended = ?4 FROM answers WHERE run = ?1 AND position = ?2", error);
  if (find == NULL)
    return FALSE;
  sqlite3_bind_int64 (find, 1, run);
  sqlite3_bind_int64 (find, 2, answer->position);
  bind_text (find, 3, assay_answer_state_get_name (answer->state));
  sqlite3_bind_int64 (find, 4, answer->when);
  if (assay_store_step (store, find, error) != SQLITE_ROW)
    return FALSE;
  same = sqlite3_column_int (find, 0);
  sqlite3_reset (find);
  if (!same)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("Item %u of this run has an answer already. Only asking again replaces it."),
                 answer->position + 1);
  return same;
}

static gboolean
keep_run (AssayStore *store,
          gpointer data,
          gpointer *result,
          GError **error)
{
  const Keeping *self = data;
  gint64 run = assay_recording_get_id (self->recording);
  sqlite3_stmt *insert = assay_store_prepare (
      store,
      "INSERT INTO answers (run, position, state, label_set, scores, places, error_code,"
      " error_message, sha256, sent_sha256, attempts, seconds, ended)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
      " ON CONFLICT (run, position) DO UPDATE SET state = excluded.state,"
      " label_set = excluded.label_set, scores = excluded.scores, places = excluded.places,"
      " error_code = excluded.error_code, error_message = excluded.error_message,"
      " sha256 = excluded.sha256, sent_sha256 = excluded.sent_sha256,"
      " attempts = excluded.attempts, seconds = excluded.seconds, ended = excluded.ended"
      " WHERE ?14 AND (answers.state <> 'answered' OR excluded.state = 'answered')",
      error);

  if (insert == NULL)
    return FALSE;
  if (!bind_answer (store, insert, run, self->answer, error))
    {
      sqlite3_clear_bindings (insert);
      return FALSE;
    }
  if (!assay_store_run (store, insert, error))
    return FALSE;
  return sqlite3_changes (assay_store_get_db (store)) == 1
         || check_kept (store, run, self->answer, error);
}

/**
 * assay_history_keep_async:
 * @recording: (transfer none): the run
 * @answer: (transfer full): of an item that was added
 *
 * Keeps the answer of an item, in whatever order they come.  An item has exactly
 * one in each run:
 *
 * - the first is kept;
 * - the same once more (equal state and time) changes nothing and is a success, so
 *   that a request may be repeated;
 * - another one is refused (%ASSAY_ERROR_USAGE), unless it says that the item was
 *   asked again.  Then it takes the place of the former, except that nothing but
 *   an answered one takes the place of an answered one: that stays, and the
 *   request is a success.  A kept prediction is never lost to a failure.
 */
void
assay_history_keep_async (AssayHistory *self,
                          AssayRecording *recording,
                          AssayKeptAnswer *answer,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  Keeping *keeping;

  g_return_if_fail (ASSAY_IS_HISTORY (self));
  g_return_if_fail (recording != NULL);
  g_return_if_fail (answer != NULL && assay_answer_state_is_final (answer->state));

  keeping = g_new0 (Keeping, 1);
  keeping->recording = assay_recording_ref (recording);
  keeping->answer = answer;
  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_keep_async, cancellable, callback,
                                             data),
                    ASSAY_JOB_WRITE, keep_run, keeping, keeping_free, NULL);
}

/**
 * assay_history_keep_finish:
 * @error: %ASSAY_ERROR_NOT_SAVED, and it will be tried again; %ASSAY_ERROR_USAGE as
 *   said above; %ASSAY_ERROR_FAILED when there is no such item
 *
 * Returns: whether it is on disk
 */
gboolean
assay_history_keep_finish (AssayHistory *self,
                           GAsyncResult *result,
                           GError **error)
{
  return assay_history_finish (self, result, assay_history_keep_async, error);
}

/* ---- a run ends ---- */

typedef struct {
  AssayRecording *recording;
  AssayKeptState state;
  gint64 when;
} Ending;

static void
ending_free (gpointer data)
{
  Ending *self = data;

  assay_recording_unref (self->recording);
  g_free (self);
}

static gboolean
end_run (AssayStore *store,
         gpointer data,
         gpointer *result,
         GError **error)
{
  const Ending *self = data;
  sqlite3_stmt *update = assay_store_prepare (
      store, "UPDATE runs SET state = ?2, ended = ?3 WHERE id = ?1", error);

  if (update == NULL)
    return FALSE;
  sqlite3_bind_int64 (update, 1, assay_recording_get_id (self->recording));
  bind_text (update, 2, self->state == ASSAY_KEPT_FINISHED ? "finished" : "interrupted");
  sqlite3_bind_int64 (update, 3, self->when);
  if (!assay_store_run (store, update, error))
    return FALSE;
  assay_store_release_run (store, self->recording->place);
  return TRUE;
}

/**
 * assay_history_end_async:
 * @recording: (transfer none): the run
 * @state: %ASSAY_KEPT_FINISHED, or %ASSAY_KEPT_INTERRUPTED when it is left with
 *   items that have no answer and are to be offered again
 *
 * Ends it, and saves all that was asked before without waiting.
 */
void
assay_history_end_async (AssayHistory *self,
                         AssayRecording *recording,
                         AssayKeptState state,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  assay_history_end_at_async (self, recording, state, g_get_real_time (), cancellable, callback,
                              data);
}

/**
 * assay_history_end_at_async:
 * @when: microseconds since 1970 (UTC)
 *
 * As assay_history_end_async(), which finishes it too, for a run that ended at another
 * time, somewhere else.
 */
void
assay_history_end_at_async (AssayHistory *self,
                            AssayRecording *recording,
                            AssayKeptState state,
                            gint64 when,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  Ending *ending;

  g_return_if_fail (ASSAY_IS_HISTORY (self));
  g_return_if_fail (recording != NULL);
  g_return_if_fail (state != ASSAY_KEPT_RUNNING);

  ending = g_new0 (Ending, 1);
  ending->recording = assay_recording_ref (recording);
  ending->state = state;
  ending->when = when;
  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_end_async, cancellable, callback,
                                             data),
                    ASSAY_JOB_WRITE_NOW, end_run, ending, ending_free, NULL);
}

gboolean
assay_history_end_finish (AssayHistory *self,
                          GAsyncResult *result,
                          GError **error)
{
  return assay_history_finish (self, result, assay_history_end_async, error);
}

/* ---- a run goes on ---- */

static gboolean
find_place (AssayStore *store,
            gint64 run,
            gint64 *place,
            GError **error)
{
  sqlite3_stmt *find = assay_store_prepare (store, "SELECT lock FROM runs WHERE id = ?1", error);
  int rc;

  if (find == NULL)
    return FALSE;
  sqlite3_bind_int64 (find, 1, run);
  rc = assay_store_step (store, find, error);
  if (rc == SQLITE_ROW)
    *place = sqlite3_column_int64 (find, 0);
  sqlite3_reset (find);
  if (rc == SQLITE_DONE)
    assay_history_set_no_run (run, error);
  return rc == SQLITE_ROW;
}

static gboolean
resume_run (AssayStore *store,
            gpointer data,
            gpointer *result,
            GError **error)
{
  gint64 run = *(gint64 *) data;
  sqlite3_stmt *update = assay_store_prepare (
      store, "UPDATE runs SET state = 'running', ended = 0 WHERE id = ?1", error);
  gint64 place = 0;

  if (update == NULL || !find_place (store, run, &place, error))
    return FALSE;
  sqlite3_bind_int64 (update, 1, run);
  if (!assay_store_run (store, update, error))
    return FALSE;
  /* Last, because what this job alone fails at does not let it go again. */
  if (place <= 0 || !assay_store_take_run (store, place))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BUSY,
                           _("This run is under way already, here or in another Assay. "
                             "Wait until it ends, or stop it there."));
      return FALSE;
    }
  *result = recording_new (run, place);
  return TRUE;
}

/**
 * assay_history_resume_async:
 * @run: id of a run that nobody is at
 *
 * Goes on with it: its items are those of assay_history_load_async(), and answers
 * are kept as if it had never been interrupted.
 */
void
assay_history_resume_async (AssayHistory *self,
                            gint64 run,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  g_return_if_fail (ASSAY_IS_HISTORY (self));

  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_resume_async, cancellable,
                                             callback, data),
                    ASSAY_JOB_WRITE_ONCE, resume_run, g_memdup2 (&run, sizeof run), g_free,
                    (GDestroyNotify) assay_recording_unref);
}

/**
 * assay_history_resume_finish:
 * @error: %ASSAY_ERROR_BUSY when a process is at it, %ASSAY_ERROR_NOT_FOUND when
 *   there is no such run, %ASSAY_ERROR_NOT_SAVED
 *
 * Returns: (transfer full): the run, ours from now on
 */
AssayRecording *
assay_history_resume_finish (AssayHistory *self,
                             GAsyncResult *result,
                             GError **error)
{
  return assay_history_finish_value (self, result, assay_history_resume_async, error);
}

/* ---- runs go ---- */

/* The runs that @what means, newest first. */
static GArray *
choose_runs (AssayStore *store,
             const AssayHistoryPrune *what,
             GError **error)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *list = assay_store_prepare (
      store, "SELECT id, started, lock FROM runs ORDER BY started DESC, id DESC", error);
  int rc = SQLITE_ERROR;

  if (list == NULL)
    return NULL;
  for (guint newer = 0; (rc = assay_store_step (store, list, error)) == SQLITE_ROW; newer++)
    {
      gint64 id = sqlite3_column_int64 (list, 0);

      if ((what->run == 0 || what->run == id) && newer >= what->keep_newest
          && (what->before == 0 || sqlite3_column_int64 (list, 1) < what->before)
          && !assay_store_is_run_taken (store, sqlite3_column_int64 (list, 2)))
        g_array_append_val (runs, id);
    }
  return rc == SQLITE_DONE ? g_steal_pointer (&runs) : NULL;
}

static gboolean
remove_run (AssayStore *store,
            gint64 run,
            GError **error)
{
  /* From the leaves, so that no row is looked for twice. */
  static const char *const statements[] = {
    "DELETE FROM answers WHERE run = ?1",
    "DELETE FROM items WHERE run = ?1",
    "DELETE FROM runs WHERE id = ?1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      sqlite3_stmt *remove = assay_store_prepare (store, statements[i], error);

      if (remove == NULL)
        return FALSE;
      sqlite3_bind_int64 (remove, 1, run);
      if (!assay_store_run (store, remove, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
prune_run (AssayStore *store,
           gpointer data,
           gpointer *result,
           GError **error)
{
  g_autoptr (GArray) runs = choose_runs (store, data, error);
  sqlite3_stmt *orphans;

  if (runs == NULL)
    return FALSE;
  for (guint i = 0; i < runs->len; i++)
    if (!remove_run (store, g_array_index (runs, gint64, i), error))
      return FALSE;
  orphans = assay_store_prepare (store,
                                 "DELETE FROM label_sets WHERE NOT EXISTS"
                                 " (SELECT 1 FROM answers WHERE label_set = label_sets.id)",
                                 error);
  if (orphans == NULL || !assay_store_run (store, orphans, error))
    return FALSE;
  g_hash_table_remove_all (assay_store_get_label_sets (store));
  assay_store_want_vacuum (store);
  *result = g_memdup2 (&runs->len, sizeof runs->len);
  return TRUE;
}

/**
 * assay_history_prune_async:
 * @what: which runs; when it gives nothing at all, every run goes
 *
 * Removes runs with all that belongs to them, and gives their room back to the
 * disk when there is nothing else to do.
 */
void
assay_history_prune_async (AssayHistory *self,
                           const AssayHistoryPrune *what,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_return_if_fail (ASSAY_IS_HISTORY (self));
  g_return_if_fail (what != NULL);

  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_prune_async, cancellable, callback,
                                             data),
                    ASSAY_JOB_WRITE_ONCE, prune_run, g_memdup2 (what, sizeof *what), g_free,
                    g_free);
}

/**
 * assay_history_prune_finish:
 * @n_removed: (out) (optional): how many runs are gone
 *
 * Returns: whether it was done; if not, nothing is gone
 */
gboolean
assay_history_prune_finish (AssayHistory *self,
                            GAsyncResult *result,
                            guint *n_removed,
                            GError **error)
{
  g_autofree guint *count =
    assay_history_finish_value (self, result, assay_history_prune_async, error);

  if (count == NULL)
    return FALSE;
  if (n_removed != NULL)
    *n_removed = *count;
  return TRUE;
}
