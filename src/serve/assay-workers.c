/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-answer.h"
#include "assay-unpack.h"
#include "assay-workers.h"

/**
 * AssayWorkers:
 *
 * The threads that decode pictures and run networks.  A job is one request; its
 * pictures take turns on one thread, so that a request with many does not keep
 * the others waiting.
 */
struct _AssayWorkers
{
  GObject parent_instance;
  GThreadPool *pool;
};

G_DEFINE_FINAL_TYPE (AssayWorkers, assay_workers, G_TYPE_OBJECT)

/* Of pictures, archive and work exactly one is set. */
typedef struct {
  AssayServable *servable;
  GPtrArray *pictures;  /* (element-type GBytes) */
  GBytes *archive;
  char *name;           /* of the archive */
  GPtrArray *names;     /* (element-type utf8): of its members, as they are unpacked */
  GPtrArray *outcomes;  /* (element-type AssayOutcome): theirs */
  AssayWork work;
  gpointer given;       /* to @work */
  GDestroyNotify free_given;
} Job;

static void
job_free (Job *job)
{
  assay_servable_unref (job->servable);
  g_clear_pointer (&job->pictures, g_ptr_array_unref);
  g_clear_pointer (&job->archive, g_bytes_unref);
  g_clear_pointer (&job->names, g_ptr_array_unref);
  g_clear_pointer (&job->outcomes, g_ptr_array_unref);
  if (job->free_given != NULL)
    job->free_given (job->given);
  g_free (job->name);
  g_free (job);
}

static AssayOutcome *
classify_one (Job *job,
              GBytes *picture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPrediction) prediction = NULL;

  prediction = assay_servable_classify (job->servable, picture, &error);
  return prediction != NULL ? assay_outcome_new_prediction (prediction, NULL)
                            : assay_outcome_new_error (error, NULL);
}

static gboolean
classify_member (const char *name,
                 GBytes *bytes,
                 gpointer data,
                 GError **error)
{
  Job *job = data;
  g_autoptr (AssayPrediction) prediction = NULL;

  g_ptr_array_add (job->names, g_strdup (name));
  prediction = assay_servable_classify (job->servable, bytes, error);
  if (prediction == NULL)
    return FALSE;
  g_ptr_array_add (job->outcomes, assay_outcome_new_prediction (prediction, NULL));
  return TRUE;
}

/* A picture that is refused, and an archive that is none, are the last outcome. */
static void
classify_members (GTask *task,
                  Job *job)
{
  g_autoptr (GError) error = NULL;

  if (!assay_unpack (job->archive, job->name, classify_member, job,
                     g_task_get_cancellable (task), &error))
    g_ptr_array_add (job->outcomes, assay_outcome_new_error (error, NULL));
  g_task_return_pointer (task, g_ptr_array_ref (job->outcomes),
                         (GDestroyNotify) g_ptr_array_unref);
}

/* One bad picture refuses the request, so the rest need not be looked at. */
static void
job_worker (gpointer data,
            gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (data);
  g_autoptr (GPtrArray) outcomes = NULL;
  Job *job = g_task_get_task_data (task);
  gboolean failed = FALSE;

  if (job->work != NULL)
    {
      job->work (job->servable, job->given, g_task_get_cancellable (task));
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (job->archive != NULL)
    {
      classify_members (task, job);
      return;
    }
  outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_outcome_unref);
  for (guint i = 0; i < job->pictures->len && !failed; i++)
    {
      AssayOutcome *outcome;

      if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
        break;
      outcome = classify_one (job, g_ptr_array_index (job->pictures, i));
      failed = assay_outcome_get_error (outcome) != NULL;
      g_ptr_array_add (outcomes, outcome);
    }
  g_task_return_pointer (task, g_steal_pointer (&outcomes), (GDestroyNotify) g_ptr_array_unref);
}

/* Jobs that nobody waits for end at once; one that is under way is waited for. */
static void
assay_workers_finalize (GObject *object)
{
  AssayWorkers *self = ASSAY_WORKERS (object);

  if (self->pool != NULL)
    g_thread_pool_free (self->pool, FALSE, TRUE);
  G_OBJECT_CLASS (assay_workers_parent_class)->finalize (object);
}

static void
assay_workers_class_init (AssayWorkersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_workers_finalize;
}

static void
assay_workers_init (AssayWorkers *self)
{
}

/**
 * assay_workers_new:
 * @n_threads: how many work at once
 *
 * Returns: (transfer full): the threads
 */
AssayWorkers *
assay_workers_new (guint n_threads)
{
  AssayWorkers *self;

  g_return_val_if_fail (n_threads > 0, NULL);

  self = g_object_new (ASSAY_TYPE_WORKERS, NULL);
  self->pool = g_thread_pool_new (job_worker, NULL, n_threads, FALSE, NULL);
  return self;
}

/**
 * assay_workers_classify_async:
 * @self: the threads
 * @servable: whom to ask
 * @pictures: (element-type GBytes): bytes of files, in any state
 * @cancellable: (nullable): stops between two pictures
 * @callback: called on the calling thread's main context
 * @data: for @callback
 *
 * Classifies pictures one after another; the first that fails ends it.
 */
void
assay_workers_classify_async (AssayWorkers *self,
                              AssayServable *servable,
                              GPtrArray *pictures,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (ASSAY_IS_WORKERS (self));
  g_return_if_fail (servable != NULL);
  g_return_if_fail (pictures != NULL);

  job = g_new0 (Job, 1);
  job->servable = assay_servable_ref (servable);
  job->pictures = g_ptr_array_ref (pictures);
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_workers_classify_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_thread_pool_push (self->pool, task, NULL);
}

/**
 * assay_workers_classify_finish:
 * @self: the threads
 * @result: from the callback
 * @error: only a cancellation
 *
 * Returns: (transfer full) (element-type AssayOutcome) (nullable): one for each
 *   picture in order, up to the first that failed
 */
GPtrArray *
assay_workers_classify_finish (AssayWorkers *self,
                               GAsyncResult *result,
                               GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * assay_workers_classify_archive_async:
 * @self: the threads
 * @servable: whom to ask
 * @archive: an archive, in any state
 * @name: the file name that it came with
 * @cancellable: (nullable): stops between two pictures
 * @callback: called on the calling thread's main context
 * @data: for @callback
 *
 * Unpacks an archive and classifies its pictures one after another, with one of
 * them in memory; what is refused ends it.
 */
void
assay_workers_classify_archive_async (AssayWorkers *self,
                                      AssayServable *servable,
                                      GBytes *archive,
                                      const char *name,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (ASSAY_IS_WORKERS (self));
  g_return_if_fail (servable != NULL);
  g_return_if_fail (archive != NULL && name != NULL);

  job = g_new0 (Job, 1);
  job->servable = assay_servable_ref (servable);
  job->archive = g_bytes_ref (archive);
  job->name = g_strdup (name);
  job->names = g_ptr_array_new_with_free_func (g_free);
  job->outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_outcome_unref);
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_workers_classify_archive_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_thread_pool_push (self->pool, task, NULL);
}

/**
 * assay_workers_classify_archive_finish:
 * @self: the threads
 * @result: from the callback
 * @names: (out) (transfer full) (element-type utf8): of the members that were
 *   unpacked, in order
 * @error: only a cancellation
 *
 * Returns: (transfer full) (element-type AssayOutcome) (nullable): one for each
 *   member in order, up to what was refused
 */
GPtrArray *
assay_workers_classify_archive_finish (AssayWorkers *self,
                                       GAsyncResult *result,
                                       GPtrArray **names,
                                       GError **error)
{
  Job *job;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (names != NULL, NULL);

  job = g_task_get_task_data (G_TASK (result));
  *names = g_ptr_array_ref (job->names);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * assay_workers_run_async:
 * @self: the threads
 * @servable: whom to ask
 * @work: called on one of the threads
 * @given: to @work, which leaves its result there
 * @free_given: (nullable): frees @given after @callback
 * @cancellable: (nullable): for @work to look at
 * @callback: called on the calling thread's main context
 * @data: for @callback
 *
 * Has anything done where networks run.
 */
void
assay_workers_run_async (AssayWorkers *self,
                         AssayServable *servable,
                         AssayWork work,
                         gpointer given,
                         GDestroyNotify free_given,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (ASSAY_IS_WORKERS (self));
  g_return_if_fail (servable != NULL);
  g_return_if_fail (work != NULL);

  job = g_new0 (Job, 1);
  job->servable = assay_servable_ref (servable);
  job->work = work;
  job->given = given;
  job->free_given = free_given;
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_workers_run_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_thread_pool_push (self->pool, task, NULL);
}

/**
 * assay_workers_run_finish:
 * @self: the threads
 * @result: from the callback
 * @error: only a cancellation
 *
 * Returns: (transfer none) (nullable): what was given to the work, for as long as
 *   @result lives
 */
gpointer
assay_workers_run_finish (AssayWorkers *self,
                          GAsyncResult *result,
                          GError **error)
{
  Job *job;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  job = g_task_get_task_data (G_TASK (result));
  return g_task_propagate_boolean (G_TASK (result), error) ? job->given : NULL;
}
