/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-model-scan.h"
#include "assay-model-store.h"

/* How long a person's copy may still be under way after a change is seen, and
 * how long a request waits for its model. */
#define SETTLE_MS 150
#define WAIT_MS 30000

typedef enum {
  VERSION_PENDING,
  VERSION_READY,
  VERSION_FAILED,
} VersionState;

/* One version on disk.  @servable is there while ready, and while a changed one
 * is loaded anew; @reason only after a failure. */
typedef struct {
  char *model;
  char *version;
  char *folder;
  char *stamp;
  VersionState state;
  gboolean stale;           /* its files changed since @servable was loaded */
  AssayServable *servable;  /* (nullable) */
  char *reason;             /* (nullable) */
} Version;

/**
 * AssayModelStore:
 *
 * The models in some folders, and their loading.  Lives on the main thread;
 * folders are read and networks loaded on threads that take values and give
 * values, one version at a time.
 *
 * Invariants: @versions is in the order of the last scan, with every state in
 * it; @load is what is being loaded now; each of @waiting (element-type GTask)
 * waits for a version that is pending.
 */
struct _AssayModelStore
{
  GObject parent_instance;
  char **folders;
  GPtrArray *versions;   /* (element-type Version) */
  GPtrArray *monitors;   /* (element-type GFileMonitor) */
  GPtrArray *watched;    /* (nullable) (element-type utf8): what @monitors watch */
  GPtrArray *waiting;
  GCancellable *cancellable;
  guint settle_id;
  gboolean scanning;
  gboolean scan_again;
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (AssayModelStore, assay_model_store, G_TYPE_OBJECT)

typedef struct {
  char *model;    /* (nullable): the first */
  char *version;  /* (nullable): the newest */
  guint timeout_id;
} Find;

static void scan (AssayModelStore *self);
static void load_next (AssayModelStore *self);

static void
version_free (Version *version)
{
  g_free (version->model);
  g_free (version->version);
  g_free (version->folder);
  g_free (version->stamp);
  g_free (version->reason);
  g_clear_pointer (&version->servable, assay_servable_unref);
  g_free (version);
}

static void
find_free (Find *find)
{
  g_clear_handle_id (&find->timeout_id, g_source_remove);
  g_free (find->model);
  g_free (find->version);
  g_free (find);
}

static Version *
find_version (AssayModelStore *self,
              const char *model,
              const char *version)
{
  for (guint i = 0; i < self->versions->len; i++)
    {
      Version *candidate = g_ptr_array_index (self->versions, i);

      if (strcmp (candidate->model, model) == 0 && strcmp (candidate->version, version) == 0)
        return candidate;
    }
  return NULL;
}

/* The newest of the first model that has one which is not broken: @versions
 * has that order already. */
static Version *
find_default (AssayModelStore *self,
              const char *model)
{
  for (guint i = 0; i < self->versions->len; i++)
    {
      Version *candidate = g_ptr_array_index (self->versions, i);

      if (candidate->state != VERSION_FAILED &&
          (model == NULL || strcmp (candidate->model, model) == 0))
        return candidate;
    }
  return NULL;
}

static void
return_missing (GTask *task,
                const Find *find,
                const Version *version)
{
  if (version != NULL)
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                             "Model %s version %s cannot be served: %s",
                             version->model, version->version, version->reason);
  else if (find->model == NULL)
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "No model is deployed");
  else
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                             "Model name or model version does not exist");
}

/* Answers a search that can be answered now; FALSE while it has to wait. */
static gboolean
answer_find (AssayModelStore *self,
             GTask *task)
{
  Find *find = g_task_get_task_data (task);
  Version *version;

  version = find->version != NULL ? find_version (self, find->model, find->version)
                                  : find_default (self, find->model);
  if (version != NULL && version->state != VERSION_FAILED && version->servable == NULL)
    return FALSE;

  g_clear_handle_id (&find->timeout_id, g_source_remove);
  if (version != NULL && version->servable != NULL)
    g_task_return_pointer (task, assay_servable_ref (version->servable),
                           (GDestroyNotify) assay_servable_unref);
  else
    return_missing (task, find, version);
  return TRUE;
}

static void
answer_waiting (AssayModelStore *self)
{
  for (guint i = self->waiting->len; i > 0; i--)
    if (answer_find (self, g_ptr_array_index (self->waiting, i - 1)))
      g_ptr_array_remove_index (self->waiting, i - 1);
}

static void
watch_cb (GFileMonitor *monitor,
          GFile *file,
          GFile *other,
          GFileMonitorEvent event,
          gpointer data)
{
  AssayModelStore *self = ASSAY_MODEL_STORE (data);

  if (self->settle_id == 0 && !g_cancellable_is_cancelled (self->cancellable))
    self->settle_id = g_timeout_add_once (SETTLE_MS, (GSourceOnceFunc) scan, self);
}

static void
monitor_free (GFileMonitor *monitor)
{
  g_file_monitor_cancel (monitor);
  g_object_unref (monitor);
}

static void
watch (AssayModelStore *self,
       const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  GFileMonitor *monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);

  if (monitor == NULL)
    {
      g_message ("changes of the models are not seen: %s", error->message);
      return;
    }
  g_file_monitor_set_rate_limit (monitor, SETTLE_MS);
  g_signal_connect_object (monitor, "changed", G_CALLBACK (watch_cb), self, 0);
  g_ptr_array_add (self->monitors, monitor);
}

static gboolean
same_paths (GPtrArray *a,
            GPtrArray *b)
{
  if (a == NULL || a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (strcmp (g_ptr_array_index (a, i), g_ptr_array_index (b, i)) != 0)
      return FALSE;
  return TRUE;
}

/* Something may have come between the scan and the watch: when what is watched
 * has changed, the folders are read once more. */
static gboolean
watch_all (AssayModelStore *self,
           AssayScan *found)
{
  if (same_paths (self->watched, found->watched))
    return FALSE;
  g_ptr_array_set_size (self->monitors, 0);
  g_clear_pointer (&self->watched, g_ptr_array_unref);
  self->watched = g_ptr_array_ref (found->watched);
  for (guint i = 0; i < self->watched->len; i++)
    watch (self, g_ptr_array_index (self->watched, i));
  return TRUE;
}

static Version *
version_new (const AssayFound *found)
{
  Version *version = g_new0 (Version, 1);

  version->model = g_strdup (found->model);
  version->version = g_strdup (found->version);
  version->folder = g_strdup (found->folder);
  version->stamp = g_strdup (found->stamp);
  return version;
}

/* The version as it was known, moved out of @versions, or a new one. */
static Version *
take_version (AssayModelStore *self,
              const AssayFound *found)
{
  Version *known = find_version (self, found->model, found->version);
  guint index;

  if (known == NULL || !g_ptr_array_find (self->versions, known, &index))
    return version_new (found);

  known = g_ptr_array_steal_index (self->versions, index);
  if (strcmp (known->stamp, found->stamp) != 0)
    {
      g_free (known->stamp);
      known->stamp = g_strdup (found->stamp);
      g_free (known->folder);
      known->folder = g_strdup (found->folder);
      g_clear_pointer (&known->reason, g_free);
      known->stale = TRUE;
      if (known->servable == NULL)
        known->state = VERSION_PENDING;
    }
  return known;
}

static void
take_scan (AssayModelStore *self,
           AssayScan *found)
{
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func ((GDestroyNotify) version_free);

  for (guint i = 0; i < found->versions->len; i++)
    g_ptr_array_add (versions, take_version (self, g_ptr_array_index (found->versions, i)));
  for (guint i = 0; i < self->versions->len; i++)
    {
      Version *gone = g_ptr_array_index (self->versions, i);

      g_message ("model %s version %s is gone", gone->model, gone->version);
    }
  g_ptr_array_unref (self->versions);
  self->versions = g_steal_pointer (&versions);
}

static void
scan_worker (GTask *task,
             gpointer source,
             gpointer data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, assay_scan_run (data), (GDestroyNotify) assay_scan_free);
}

static void
scan_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  AssayModelStore *self = ASSAY_MODEL_STORE (source);
  g_autoptr (AssayScan) found = g_task_propagate_pointer (G_TASK (result), NULL);
  gboolean again;

  self->scanning = FALSE;
  if (found == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  again = watch_all (self, found) || self->scan_again;
  take_scan (self, found);
  load_next (self);
  answer_waiting (self);
  if (again)
    scan (self);
}

static void
scan (AssayModelStore *self)
{
  g_autoptr (GTask) task = NULL;

  self->settle_id = 0;
  self->scan_again = self->scanning;
  if (self->scanning)
    return;
  self->scanning = TRUE;
  task = g_task_new (self, self->cancellable, scan_cb, NULL);
  g_task_set_source_tag (task, scan);
  g_task_set_task_data (task, g_strdupv (self->folders), (GDestroyNotify) g_strfreev);
  g_task_run_in_thread (task, scan_worker);
}

static void
load_worker (GTask *task,
             gpointer source,
             gpointer data,
             GCancellable *cancellable)
{
  const Version *version = data;
  g_autoptr (GError) error = NULL;
  AssayServable *servable = assay_servable_load (version->folder, cancellable, &error);

  if (servable != NULL)
    g_task_return_pointer (task, servable, (GDestroyNotify) assay_servable_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
take_load (Version *version,
           AssayServable *servable,
           const GError *error)
{
  g_clear_pointer (&version->servable, assay_servable_unref);
  g_clear_pointer (&version->reason, g_free);
  version->stale = FALSE;
  version->state = servable != NULL ? VERSION_READY : VERSION_FAILED;
  if (servable != NULL)
    {
      version->servable = assay_servable_ref (servable);
      g_message ("model %s version %s is ready", version->model, version->version);
    }
  else
    {
      version->reason = g_strdup (error->message);
      g_message ("model %s version %s cannot be served: %s",
                 version->model, version->version, version->reason);
    }
}

/* The version may have gone or changed while it was loaded; then this result is
 * nobody's, and load_next() sees to the rest. */
static void
load_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  AssayModelStore *self = ASSAY_MODEL_STORE (source);
  const Version *loaded = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayServable) servable = NULL;
  Version *version;

  servable = g_task_propagate_pointer (G_TASK (result), &error);
  self->loading = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  version = find_version (self, loaded->model, loaded->version);
  if (version != NULL && strcmp (version->stamp, loaded->stamp) == 0)
    take_load (version, servable, error);
  load_next (self);
  answer_waiting (self);
}

static void
load (AssayModelStore *self,
      const Version *version)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, load_cb, NULL);
  Version *copy = g_new0 (Version, 1);

  copy->model = g_strdup (version->model);
  copy->version = g_strdup (version->version);
  copy->folder = g_strdup (version->folder);
  copy->stamp = g_strdup (version->stamp);
  self->loading = TRUE;
  g_task_set_source_tag (task, load);
  g_task_set_task_data (task, copy, (GDestroyNotify) version_free);
  g_task_run_in_thread (task, load_worker);
}

static void
load_next (AssayModelStore *self)
{
  if (self->loading)
    return;
  for (guint i = 0; i < self->versions->len; i++)
    {
      Version *version = g_ptr_array_index (self->versions, i);

      if (version->state == VERSION_PENDING || version->stale)
        {
          load (self, version);
          return;
        }
    }
}

static void
assay_model_store_dispose (GObject *object)
{
  AssayModelStore *self = ASSAY_MODEL_STORE (object);

  assay_model_store_stop (self);
  g_ptr_array_set_size (self->monitors, 0);
  G_OBJECT_CLASS (assay_model_store_parent_class)->dispose (object);
}

static void
assay_model_store_finalize (GObject *object)
{
  AssayModelStore *self = ASSAY_MODEL_STORE (object);

  g_clear_pointer (&self->folders, g_strfreev);
  g_clear_pointer (&self->versions, g_ptr_array_unref);
  g_clear_pointer (&self->monitors, g_ptr_array_unref);
  g_clear_pointer (&self->watched, g_ptr_array_unref);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (assay_model_store_parent_class)->finalize (object);
}

static void
assay_model_store_class_init (AssayModelStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_model_store_dispose;
  object_class->finalize = assay_model_store_finalize;
}

static void
assay_model_store_init (AssayModelStore *self)
{
  self->versions = g_ptr_array_new_with_free_func ((GDestroyNotify) version_free);
  self->monitors = g_ptr_array_new_with_free_func ((GDestroyNotify) monitor_free);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
}

/**
 * assay_model_store_new:
 * @folders: (array zero-terminated=1): paths; each holds MODEL/VERSION folders
 *
 * Reads the folders, so that what is in them is known before the first request,
 * and starts to load it, newest versions first.  Blocks for the reading.
 *
 * Returns: (transfer full): the store
 */
AssayModelStore *
assay_model_store_new (const char *const *folders)
{
  AssayModelStore *self;
  g_autoptr (AssayScan) found = NULL;

  g_return_val_if_fail (folders != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_MODEL_STORE, NULL);
  self->folders = g_strdupv ((char **) folders);
  found = assay_scan_run ((const char *const *) self->folders);
  take_scan (self, found);
  load_next (self);
  /* Once more, to watch them. */
  scan (self);
  return self;
}

/**
 * assay_model_store_stop:
 * @self: a store
 *
 * Loads nothing more and answers whoever waits with a cancellation.
 */
void
assay_model_store_stop (AssayModelStore *self)
{
  g_return_if_fail (ASSAY_IS_MODEL_STORE (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  for (guint i = 0; i < self->waiting->len; i++)
    {
      GTask *task = g_ptr_array_index (self->waiting, i);
      Find *find = g_task_get_task_data (task);

      g_clear_handle_id (&find->timeout_id, g_source_remove);
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_BUSY, "The service is stopping");
    }
  g_ptr_array_set_size (self->waiting, 0);
}

/**
 * assay_model_store_is_busy:
 * @self: a store
 *
 * Returns: whether one of its threads is at work
 */
gboolean
assay_model_store_is_busy (AssayModelStore *self)
{
  g_return_val_if_fail (ASSAY_IS_MODEL_STORE (self), FALSE);

  return self->scanning || self->loading;
}

static AssayModelVersion *
describe (const Version *version)
{
  AssayModelVersion *described = g_new0 (AssayModelVersion, 1);

  described->model = g_strdup (version->model);
  described->version = g_strdup (version->version);
  switch (version->state)
    {
    case VERSION_PENDING:
      described->state = g_strdup ("PENDING");
      described->description = g_strdup ("Loading model...");
      break;
    case VERSION_READY:
      described->state = g_strdup ("SUCCEEDED");
      described->description = g_strdup ("Model is deployed and ready to serve.");
      described->callable = TRUE;
      described->labels = g_strdupv ((char **) assay_servable_get_labels (version->servable));
      break;
    case VERSION_FAILED:
    default:
      described->state = g_strdup ("FAILED");
      described->description = g_strdup (version->reason);
      break;
    }
  return described;
}

/**
 * assay_model_store_dup_versions:
 * @self: a store
 * @model: (nullable): only of this model
 *
 * Returns: (transfer full) (element-type AssayModelVersion): models by name,
 *   the newest version of each first, in every state
 */
GPtrArray *
assay_model_store_dup_versions (AssayModelStore *self,
                                const char *model)
{
  GPtrArray *versions;

  g_return_val_if_fail (ASSAY_IS_MODEL_STORE (self), NULL);

  versions = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_model_version_free);
  for (guint i = 0; i < self->versions->len; i++)
    {
      const Version *version = g_ptr_array_index (self->versions, i);

      if (model == NULL || strcmp (version->model, model) == 0)
        g_ptr_array_add (versions, describe (version));
    }
  return versions;
}

static void
wait_is_over_cb (gpointer data)
{
  GTask *task = G_TASK (data);
  AssayModelStore *self = g_task_get_source_object (task);
  Find *find = g_task_get_task_data (task);

  find->timeout_id = 0;
  g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_BUSY, "The model is still loading");
  g_ptr_array_remove (self->waiting, task);
}

/**
 * assay_model_store_find_async:
 * @self: a store
 * @model: (nullable): %NULL for the first
 * @version: (nullable): %NULL for the newest that is not broken
 * @cancellable: (nullable): to stop waiting
 * @callback: called when it is known
 * @data: for @callback
 *
 * Looks for a version; waits, within bounds, for one that is being loaded.
 */
void
assay_model_store_find_async (AssayModelStore *self,
                              const char *model,
                              const char *version,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Find *find;

  g_return_if_fail (ASSAY_IS_MODEL_STORE (self));
  g_return_if_fail (version == NULL || model != NULL);

  find = g_new0 (Find, 1);
  find->model = g_strdup (model);
  find->version = g_strdup (version);
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_model_store_find_async);
  g_task_set_task_data (task, find, (GDestroyNotify) find_free);
  if (answer_find (self, task))
    return;
  find->timeout_id = g_timeout_add_once (WAIT_MS, wait_is_over_cb, task);
  g_ptr_array_add (self->waiting, g_steal_pointer (&task));
}

/**
 * assay_model_store_find_finish:
 * @self: a store
 * @result: from the callback
 * @error: %ASSAY_ERROR_NOT_FOUND, %ASSAY_ERROR_BUSY or a cancellation
 *
 * Returns: (transfer full) (nullable): the version, ready to classify
 */
AssayServable *
assay_model_store_find_finish (AssayModelStore *self,
                               GAsyncResult *result,
                               GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
