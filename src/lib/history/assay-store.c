/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-database.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-label-sets.h"
#include "assay-limits.h"
#include "assay-store.h"

/* Pages given back to the disk at once, so that an answer never waits long. */
#define VACUUM_PAGES "500"

typedef struct {
  AssayJobKind kind;
  GTask *task;                /* (nullable): none when it is tried again */
  AssayJobRun run;            /* (nullable): none when the batch only has to end */
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
  gpointer result;
  GError *error;              /* why not; the disk's or its own */
  gint64 pushed;
  gboolean retry;             /* tries what waits at once */
} Job;

/* Who hears of changes.  Looked at on the main thread only, so that a store that
 * is gone calls nobody. */
typedef struct {
  GObject *owner;             /* (nullable) (transfer none) */
  AssayStoreChanged changed;
} Mailbox;

/* Invariants: everything below queue belongs to the store's thread; the jobs of
 * backlog were reported as not saved, stand in the order in which they were asked
 * for, and are done before any later one; trouble is set exactly while backlog
 * has some or the last batch failed. */
struct _AssayStore {
  char *path;
  GMainContext *context;
  Mailbox *mailbox;
  GThread *thread;
  gint quit;                  /* atomic */
  GAsyncQueue *queue;         /* (element-type Job) */

  AssayDatabase database;
  GHashTable *statements;     /* SQL, by identity → sqlite3_stmt */
  GHashTable *label_sets;     /* see assay-label-sets.c */
  GQueue backlog;             /* (element-type Job) */
  GError *trouble;
  GError *broken;             /* the file is damaged or gone: nothing more is done */
  char *notice;
  GArray *taken;              /* (element-type gint64): places locked in this batch */
  GArray *released;           /* (element-type gint64): those to be let go after it */
  gint64 tried;               /* when the backlog was last tried */
  int data_version;           /* moves when another process has written */
  gboolean damage_seen;
  gboolean vacuum_due;
  gboolean changed;           /* the state, since it was last told */
};

/* What goes to the main thread at once. */
typedef struct {
  Mailbox *mailbox;
  GPtrArray *jobs;            /* (element-type Job) with a task */
  AssayStoreState state;
  gboolean changed;
} Delivery;

static void
mailbox_unref (Mailbox *mailbox)
{
  g_atomic_rc_box_release (mailbox);
}

static void
job_free (Job *job)
{
  g_assert (job->task == NULL);

  if (job->data != NULL && job->free_data != NULL)
    job->free_data (job->data);
  if (job->result != NULL && job->free_result != NULL)
    job->free_result (job->result);
  g_clear_error (&job->error);
  g_free (job);
}

static gboolean
is_write (const Job *job)
{
  return job->run != NULL && job->kind <= ASSAY_JOB_WRITE_ONCE;
}

static gboolean
is_disk_error (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED);
}

/* ---- the file ---- */

static void
set_trouble (AssayStore *self,
             const GError *error)
{
  g_autoptr (GError) old = g_steal_pointer (&self->trouble);

  self->trouble = error != NULL ? g_error_copy (error) : NULL;
  if (g_strcmp0 (old != NULL ? old->message : NULL, error != NULL ? error->message : NULL) != 0)
    self->changed = TRUE;
}

static void
close_file (AssayStore *self)
{
  /* The statements first: the database stays open as long as there are any. */
  g_hash_table_remove_all (self->statements);
  g_hash_table_remove_all (self->label_sets);
  assay_database_close (&self->database);
  self->data_version = 0;
}

/* A damaged file in the middle of everything: what was begun in it cannot go on
 * in another, so nothing more is saved until Assay starts again. */
static void
retire_file (AssayStore *self,
             GError *reason)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = NULL;
  g_autofree char *name = NULL;

  self->damage_seen = FALSE;
  g_hash_table_remove_all (self->statements);
  g_hash_table_remove_all (self->label_sets);
  aside = assay_database_set_aside (&self->database, self->path, &error);
  close_file (self);
  if (aside == NULL)
    {
      self->broken = error != NULL ? g_steal_pointer (&error) : g_error_copy (reason);
      return;
    }
  name = assay_display_name (aside);
  g_free (self->notice);
  self->notice = g_strdup_printf (_("The history is damaged and is kept as “%s”. "
                                    "Nothing more is saved until Assay starts again; "
                                    "then it begins a new one."),
                                  name);
  self->broken = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED, self->notice);
  self->changed = TRUE;
}

/* A file that was removed or replaced under us: what was begun in it is gone. */
static void
lose_file (AssayStore *self)
{
  g_autofree char *name = assay_display_name (self->path);

  close_file (self);
  self->broken = g_error_new (ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED,
                              _("The history “%s” was removed while it was in use. "
                                "Nothing more is saved until Assay starts again."),
                              name);
}

static gboolean
ensure_open (AssayStore *self,
             GError **error)
{
  g_autofree char *before = NULL;

  if (self->broken == NULL && self->database.db != NULL
      && !assay_database_is_there (&self->database, self->path))
    lose_file (self);
  if (self->broken != NULL)
    {
      g_propagate_error (error, g_error_copy (self->broken));
      return FALSE;
    }
  if (self->database.db != NULL)
    return TRUE;
  before = g_strdup (self->notice);
  if (!assay_database_open (&self->database, self->path, &self->notice, error))
    return FALSE;
  if (g_strcmp0 (before, self->notice) != 0)
    self->changed = TRUE;
  return TRUE;
}

static void
set_error (AssayStore *self,
           GError **error,
           int rc)
{
  if (assay_database_is_damage (rc))
    self->damage_seen = TRUE;
  assay_database_set_error (error, self->path, self->database.db, rc);
}

static gboolean
execute (AssayStore *self,
         const char *sql,
         GError **error)
{
  sqlite3_stmt *statement = assay_store_prepare (self, sql, error);

  return statement != NULL && assay_store_run (self, statement, error);
}

/* Lets go of what the batch no longer needs: @places is one of taken and released. */
static void
settle_runs (AssayStore *self,
             GArray *places)
{
  for (guint i = 0; i < places->len && self->database.locks != NULL; i++)
    assay_lock_file_release (self->database.locks, g_array_index (places, gint64, i));
  g_array_set_size (self->taken, 0);
  g_array_set_size (self->released, 0);
}

static void
roll_back (AssayStore *self)
{
  /* SQLite may have done so already. */
  if (self->database.db != NULL && !sqlite3_get_autocommit (self->database.db))
    sqlite3_exec (self->database.db, "ROLLBACK", NULL, NULL, NULL);
  g_hash_table_remove_all (self->label_sets);
  settle_runs (self, self->taken);
}

/* Another process may have pruned what was remembered. */
static gboolean
forget_if_changed (AssayStore *self,
                   GError **error)
{
  sqlite3_stmt *statement = assay_store_prepare (self, "PRAGMA data_version", error);
  int version;

  if (statement == NULL || assay_store_step (self, statement, error) != SQLITE_ROW)
    return FALSE;
  version = sqlite3_column_int (statement, 0);
  sqlite3_reset (statement);
  if (version != self->data_version)
    g_hash_table_remove_all (self->label_sets);
  self->data_version = version;
  return TRUE;
}

static void
vacuum_step (AssayStore *self)
{
  sqlite3_stmt *statement;
  int left = 0;

  if (self->database.db != NULL
      && sqlite3_exec (self->database.db, "PRAGMA incremental_vacuum(" VACUUM_PAGES ")", NULL, NULL,
                       NULL) == SQLITE_OK
      && (statement = assay_store_prepare (self, "PRAGMA freelist_count", NULL)) != NULL
      && assay_store_step (self, statement, NULL) == SQLITE_ROW)
    {
      left = sqlite3_column_int (statement, 0);
      sqlite3_reset (statement);
    }
  self->vacuum_due = left > 0;
}

/* ---- a batch ---- */

static void
clear_outcome (Job *job)
{
  if (job->result != NULL && job->free_result != NULL)
    job->free_result (job->result);
  job->result = NULL;
  g_clear_error (&job->error);
}

/* Does one job inside the open transaction.  What is wrong with the job alone
 * undoes only that. */
static gboolean
run_in_savepoint (AssayStore *self,
                  Job *job,
                  GError **error)
{
  clear_outcome (job);
  if (!execute (self, "SAVEPOINT job", error))
    return FALSE;
  if (job->run (self, job->data, &job->result, &job->error))
    return execute (self, "RELEASE job", error);
  if (is_disk_error (job->error) || sqlite3_get_autocommit (self->database.db))
    {
      g_propagate_error (error, g_error_copy (job->error));
      return FALSE;
    }
  g_hash_table_remove_all (self->label_sets);
  return execute (self, "ROLLBACK TO job", error) && execute (self, "RELEASE job", error);
}

static gboolean
commit_jobs (AssayStore *self,
             GPtrArray *batch,
             GError **error)
{
  if (!ensure_open (self, error) || !execute (self, "BEGIN IMMEDIATE", error)
      || !forget_if_changed (self, error))
    return FALSE;
  for (GList *link = self->backlog.head; link != NULL; link = link->next)
    if (!run_in_savepoint (self, link->data, error))
      return FALSE;
  for (guint i = 0; i < batch->len; i++)
    {
      Job *job = g_ptr_array_index (batch, i);

      if (is_write (job) && !run_in_savepoint (self, job, error))
        return FALSE;
    }
  return execute (self, "COMMIT", error);
}

static void
fail_jobs (GPtrArray *batch,
           const GError *error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      Job *job = g_ptr_array_index (batch, i);

      if (!is_write (job))
        continue;
      clear_outcome (job);
      job->error = g_error_copy (error);
    }
}

static void
clear_backlog (AssayStore *self)
{
  if (self->backlog.length > 0)
    self->changed = TRUE;
  g_queue_clear_full (&self->backlog, (GDestroyNotify) job_free);
}

/* Waiting jobs that failed are tried with the next job, but not at each: a full
 * disk would make that slow. */
static gboolean
is_due (AssayStore *self,
        GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    if (((Job *) g_ptr_array_index (batch, i))->retry)
      return TRUE;
  return self->backlog.length == 0
         || g_get_monotonic_time () - self->tried >= ASSAY_HISTORY_RETRY * G_TIME_SPAN_SECOND;
}

static gboolean
has_writes (AssayStore *self,
            GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    if (is_write (g_ptr_array_index (batch, i)))
      return TRUE;
  return self->backlog.length > 0;
}

static void
write_batch (AssayStore *self,
             GPtrArray *batch)
{
  g_autoptr (GError) error = NULL;

  if (!has_writes (self, batch))
    return;
  if (!is_due (self, batch))
    {
      fail_jobs (batch, self->trouble);
      return;
    }

  self->tried = g_get_monotonic_time ();
  if (commit_jobs (self, batch, &error))
    {
      settle_runs (self, self->released);
      set_trouble (self, NULL);
      clear_backlog (self);
      return;
    }
  roll_back (self);
  if (self->damage_seen)
    retire_file (self, error);
  set_trouble (self, self->broken != NULL ? self->broken : error);
  fail_jobs (batch, self->trouble);
}

/* Reads in one transaction, so that what comes together belongs together. */
static void
read_job (AssayStore *self,
          Job *job)
{
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (job->task), &job->error))
    return;
  if (ensure_open (self, &error) && execute (self, "BEGIN", &error))
    {
      if (forget_if_changed (self, &error))
        job->run (self, job->data, &job->result, &error);
      if (!execute (self, "COMMIT", error == NULL ? &error : NULL))
        roll_back (self);
    }
  if (error != NULL && self->damage_seen)
    {
      retire_file (self, error);
      set_trouble (self, self->broken);
      g_clear_error (&error);
      error = g_error_copy (self->broken);
    }
  if (is_disk_error (error))
    error->code = ASSAY_ERROR_UNREADABLE;
  job->error = error;
}

static void
close_job (AssayStore *self,
           Job *job)
{
  while (self->vacuum_due)
    vacuum_step (self);
  close_file (self);
  if (self->trouble != NULL)
    job->error = g_error_copy (self->trouble);
}

/* ---- back to the main thread ---- */

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  mailbox_unref (delivery->mailbox);
  g_ptr_array_unref (delivery->jobs);
  g_clear_error (&delivery->state.trouble);
  g_free (delivery->state.notice);
  g_free (delivery);
}

static void
return_job (Job *job)
{
  g_autoptr (GTask) task = g_steal_pointer (&job->task);

  if (job->error != NULL)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else if (job->free_result != NULL)
    g_task_return_pointer (task, g_steal_pointer (&job->result), job->free_result);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
deliver_cb (gpointer data)
{
  Delivery *delivery = data;

  if (delivery->changed && delivery->mailbox->owner != NULL)
    {
      g_autoptr (GObject) owner = g_object_ref (delivery->mailbox->owner);

      delivery->mailbox->changed (owner, &delivery->state);
    }
  for (guint i = 0; i < delivery->jobs->len; i++)
    return_job (g_ptr_array_index (delivery->jobs, i));
  return G_SOURCE_REMOVE;
}

/* A job that failed for the disk's sake waits, without its task, to be tried
 * again; it is told apart from the one that returns its error. */
static void
keep_for_later (AssayStore *self,
                Job *job)
{
  Job *later;

  if (!is_write (job) || job->kind == ASSAY_JOB_WRITE_ONCE || !is_disk_error (job->error)
      || self->broken != NULL || self->backlog.length >= ASSAY_LIMIT_UNSAVED)
    return;
  later = g_new0 (Job, 1);
  later->kind = job->kind;
  later->run = job->run;
  later->data = g_steal_pointer (&job->data);
  later->free_data = job->free_data;
  later->free_result = job->free_result;
  g_queue_push_tail (&self->backlog, later);
  self->changed = TRUE;
}

/* Those of the batch whose task has to return; the others have done their part. */
static GPtrArray *
take_answerable (GPtrArray *batch)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);

  for (guint i = 0; i < batch->len; i++)
    {
      Job *job = g_ptr_array_index (batch, i);

      if (job->task != NULL)
        g_ptr_array_add (jobs, job);
      else
        job_free (job);
    }
  return jobs;
}

static void
deliver (AssayStore *self,
         GPtrArray *batch)
{
  Delivery *delivery;
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GSource) source = NULL;

  for (guint i = 0; i < batch->len; i++)
    keep_for_later (self, g_ptr_array_index (batch, i));
  if (self->broken != NULL)
    clear_backlog (self);
  jobs = take_answerable (batch);
  if (jobs->len == 0 && !self->changed)
    return;

  delivery = g_new0 (Delivery, 1);
  delivery->mailbox = g_atomic_rc_box_acquire (self->mailbox);
  delivery->jobs = g_steal_pointer (&jobs);
  delivery->changed = self->changed;
  delivery->state.trouble = self->trouble != NULL ? g_error_copy (self->trouble) : NULL;
  delivery->state.n_unsaved = self->backlog.length;
  delivery->state.notice = g_strdup (self->notice);
  self->changed = FALSE;

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver_cb, delivery, delivery_free);
  g_source_attach (source, self->context);
}

/* ---- the thread ---- */

static Job *
wait_for_job (AssayStore *self)
{
  if (self->vacuum_due)
    return g_async_queue_try_pop (self->queue);
  if (self->backlog.length > 0)
    return g_async_queue_timeout_pop (self->queue, ASSAY_HISTORY_RETRY * G_TIME_SPAN_SECOND);
  return g_async_queue_pop (self->queue);
}

/* Adds what is there already, and what comes until the first has waited long
 * enough; all ends with a job that is in a hurry. */
static void
collect (AssayStore *self,
         GPtrArray *batch)
{
  Job *last = g_ptr_array_index (batch, 0);
  gint64 deadline = last->pushed + ASSAY_HISTORY_BATCH * G_TIME_SPAN_MILLISECOND;

  while (last != NULL && last->kind == ASSAY_JOB_WRITE && batch->len < ASSAY_LIMIT_HISTORY_JOBS)
    {
      gint64 left = deadline - g_get_monotonic_time ();

      last = left > 0 ? g_async_queue_timeout_pop (self->queue, left)
                      : g_async_queue_try_pop (self->queue);
      if (last != NULL)
        g_ptr_array_add (batch, last);
    }
}

static void
process (AssayStore *self,
         GPtrArray *batch)
{
  Job *last = batch->len > 0 ? g_ptr_array_index (batch, batch->len - 1) : NULL;

  write_batch (self, batch);
  if (last != NULL && last->kind == ASSAY_JOB_READ)
    read_job (self, last);
  else if (last != NULL && last->kind == ASSAY_JOB_CLOSE)
    close_job (self, last);
  deliver (self, batch);
}

static gpointer
store_worker (gpointer data)
{
  AssayStore *self = data;

  while (!g_atomic_int_get (&self->quit) || g_async_queue_length (self->queue) > 0)
    {
      g_autoptr (GPtrArray) batch = g_ptr_array_new ();
      Job *job = wait_for_job (self);

      if (job == NULL && self->vacuum_due)
        {
          vacuum_step (self);
          continue;
        }
      if (job != NULL)
        {
          g_ptr_array_add (batch, job);
          collect (self, batch);
        }
      process (self, batch);
    }
  close_file (self);
  clear_backlog (self);
  return NULL;
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

/**
 * assay_store_new:
 * @path: absolute; opened by the first job
 * @owner: (transfer none): hears of changes; ends the store when it is finalized
 * @changed: called in the caller's thread-default main context, before the tasks
 *   of the same batch return
 *
 * Returns: (transfer full): a store with its thread
 */
AssayStore *
assay_store_new (const char *path,
                 GObject *owner,
                 AssayStoreChanged changed)
{
  AssayStore *self;

  g_return_val_if_fail (g_path_is_absolute (path), NULL);

  self = g_new0 (AssayStore, 1);
  self->path = g_strdup (path);
  self->context = g_main_context_ref_thread_default ();
  self->mailbox = g_atomic_rc_box_new0 (Mailbox);
  self->mailbox->owner = owner;
  self->mailbox->changed = changed;
  self->queue = g_async_queue_new ();
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize_statement);
  self->label_sets = assay_label_sets_new ();
  self->taken = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->released = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_queue_init (&self->backlog);
  self->thread = g_thread_new ("assay-history", store_worker, self);
  return self;
}

static void
push (AssayStore *self,
      Job *job)
{
  job->pushed = g_get_monotonic_time ();
  g_async_queue_push (self->queue, job);
}

/**
 * assay_store_free:
 *
 * Ends the thread, after what is in the queue.  Waits for it, which is short when
 * the store was closed.
 */
void
assay_store_free (AssayStore *self)
{
  Job *job = g_new0 (Job, 1);

  self->mailbox->owner = NULL;
  job->kind = ASSAY_JOB_CLOSE;
  job->retry = TRUE;
  g_atomic_int_set (&self->quit, TRUE);
  push (self, job);
  g_thread_join (self->thread);

  g_async_queue_unref (self->queue);
  g_hash_table_unref (self->statements);
  g_hash_table_unref (self->label_sets);
  g_array_unref (self->taken);
  g_array_unref (self->released);
  mailbox_unref (self->mailbox);
  g_main_context_unref (self->context);
  g_clear_error (&self->trouble);
  g_clear_error (&self->broken);
  g_free (self->notice);
  g_free (self->path);
  g_free (self);
}

/**
 * assay_store_push:
 * @task: (transfer full): returns when it is done, for a write after the commit
 * @kind: how it is done
 * @run: (nullable): what is done
 * @data: (transfer full) (nullable): for @run; lives on when it has to be done again
 * @free_result: (nullable): the task returns a pointer to be freed by it; without,
 *   a boolean
 *
 * Jobs are done in the order in which they are pushed.
 */
void
assay_store_push (AssayStore *self,
                  GTask *task,
                  AssayJobKind kind,
                  AssayJobRun run,
                  gpointer data,
                  GDestroyNotify free_data,
                  GDestroyNotify free_result)
{
  Job *job = g_new0 (Job, 1);

  job->task = task;
  job->kind = kind;
  job->run = run;
  job->data = data;
  job->free_data = free_data;
  job->free_result = free_result;
  job->retry = kind == ASSAY_JOB_CLOSE;
  /* What is kept is kept; what is only looked at need not be. */
  g_task_set_check_cancellable (task, kind == ASSAY_JOB_READ);
  push (self, job);
}

/**
 * assay_store_retry:
 *
 * Tries what isn't saved at once.
 */
void
assay_store_retry (AssayStore *self)
{
  Job *job = g_new0 (Job, 1);

  job->kind = ASSAY_JOB_WRITE_NOW;
  job->retry = TRUE;
  push (self, job);
}

/* ---- for jobs ---- */

sqlite3 *
assay_store_get_db (AssayStore *self)
{
  return self->database.db;
}

/**
 * assay_store_take_run:
 * @place: of a run in the lock file
 *
 * Takes it for this process, unless the batch fails.
 *
 * Returns: whether it is ours now; not when it is anybody's already
 */
gboolean
assay_store_take_run (AssayStore *self,
                      gint64 place)
{
  if (!assay_lock_file_take (self->database.locks, place))
    return FALSE;
  g_array_append_val (self->taken, place);
  return TRUE;
}

/**
 * assay_store_release_run:
 *
 * Lets it go as soon as the batch is committed.
 */
void
assay_store_release_run (AssayStore *self,
                         gint64 place)
{
  g_array_append_val (self->released, place);
}

/**
 * assay_store_is_run_taken:
 *
 * Returns: whether some process is at it, this one included
 */
gboolean
assay_store_is_run_taken (AssayStore *self,
                          gint64 place)
{
  return assay_lock_file_is_taken (self->database.locks, place);
}

/**
 * assay_store_get_label_sets:
 *
 * Returns: (transfer none): those known in this transaction; emptied whenever what
 *   it says may no longer be so
 */
GHashTable *
assay_store_get_label_sets (AssayStore *self)
{
  return self->label_sets;
}

/**
 * assay_store_prepare:
 * @sql: a literal, which is its own key
 *
 * Returns: (transfer none) (nullable): the statement, ready to be bound
 */
sqlite3_stmt *
assay_store_prepare (AssayStore *self,
                     const char *sql,
                     GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);
  int rc;

  if (statement != NULL)
    return statement;
  rc = sqlite3_prepare_v3 (self->database.db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (rc != SQLITE_OK)
    {
      set_error (self, error, rc);
      return NULL;
    }
  g_hash_table_insert (self->statements, (gpointer) sql, statement);
  return statement;
}

/**
 * assay_store_step:
 *
 * Returns: SQLITE_ROW; SQLITE_DONE with the statement ready to be bound again;
 *   anything else with @error set, and the same
 */
int
assay_store_step (AssayStore *self,
                  sqlite3_stmt *statement,
                  GError **error)
{
  int rc = sqlite3_step (statement);

  if (rc == SQLITE_ROW)
    return rc;
  if (rc != SQLITE_DONE)
    set_error (self, error, rc);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return rc;
}

/**
 * assay_store_run:
 * @statement: one whose rows don't matter
 *
 * Returns: whether it ran to its end
 */
gboolean
assay_store_run (AssayStore *self,
                 sqlite3_stmt *statement,
                 GError **error)
{
  int rc;

  do
    rc = assay_store_step (self, statement, error);
  while (rc == SQLITE_ROW);
  return rc == SQLITE_DONE;
}

/**
 * assay_store_want_vacuum:
 *
 * Gives pages that hold nothing back to the disk, when there is nothing else to do.
 */
void
assay_store_want_vacuum (AssayStore *self)
{
  self->vacuum_due = TRUE;
}
