/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-keeping.h"
#include "assay-error.h"
#include "assay-limits.h"

/* Invariants: history is set while there is one; kept, left and recording exactly
 * when a run is to go on. */
struct _AssayCliKeeping {
  AssayHistory *history;
  AssayRecorder *recorder;
  AssayRecording *recording;
  AssayKeptRun *kept;
  GPtrArray *left;            /* (element-type AssayKeptItem) */
  gint64 id;
};

AssayCliKeeping *
assay_cli_keeping_new (void)
{
  return g_new0 (AssayCliKeeping, 1);
}

void
assay_cli_keeping_free (AssayCliKeeping *self)
{
  g_clear_object (&self->recorder);
  g_clear_pointer (&self->recording, assay_recording_unref);
  g_clear_pointer (&self->kept, assay_kept_run_free);
  g_clear_pointer (&self->left, g_ptr_array_unref);
  g_clear_object (&self->history);
  g_free (self);
}

static void
opened_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  AssayCliKeeping *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (assay_history_open_finish (ASSAY_HISTORY (source), result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_clear_object (&self->history);
  g_task_return_error (task, error);
}

/**
 * assay_cli_keeping_open_async:
 *
 * Opens the user's history.
 */
void
assay_cli_keeping_open_async (AssayCliKeeping *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  g_autofree char *path = assay_history_dup_default_path ();
  GTask *task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, assay_cli_keeping_open_async);
  g_task_set_task_data (task, self, NULL);
  self->history = assay_history_new (path);
  assay_history_open_async (self->history, cancellable, opened_cb, task);
}

/**
 * assay_cli_keeping_open_finish:
 * @error: why there is no history
 *
 * Returns: whether there is one
 */
gboolean
assay_cli_keeping_open_finish (AssayCliKeeping *self,
                               GAsyncResult *result,
                               GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- a run goes on ---- */

static void load_left (GTask *task);

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  AssayCliKeeping *self = g_task_get_task_data (task);
  g_autoptr (GPtrArray) page = NULL;
  GError *error = NULL;
  gboolean full;

  page = assay_history_load_finish (ASSAY_HISTORY (source), result, &error);
  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  full = page->len == ASSAY_LIMIT_HISTORY_PAGE;
  g_ptr_array_extend_and_steal (self->left, g_steal_pointer (&page));
  if (full)
    load_left (g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

/* Takes the task. */
static void
load_left (GTask *task)
{
  AssayCliKeeping *self = g_task_get_task_data (task);
  gint64 after = -1;

  if (self->left->len > 0)
    after = ((AssayKeptItem *) g_ptr_array_index (self->left, self->left->len - 1))->position;
  assay_history_load_async (self->history, self->kept->id, ASSAY_HISTORY_LEFT, after,
                            ASSAY_LIMIT_HISTORY_PAGE, g_task_get_cancellable (task), loaded_cb, task);
}

static void
resumed_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (GTask) task = data;
  AssayCliKeeping *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->recording = assay_history_resume_finish (ASSAY_HISTORY (source), result, &error);
  if (self->recording == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->left = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_kept_item_free);
  load_left (g_steal_pointer (&task));
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (GTask) task = data;
  AssayCliKeeping *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->kept = assay_history_find_finish (ASSAY_HISTORY (source), result, &error);
  if (self->kept == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  assay_history_resume_async (self->history, self->kept->id, g_task_get_cancellable (task),
                              resumed_cb, g_object_ref (task));
}

static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GPtrArray) runs = NULL;
  GError *error = NULL;

  runs = assay_history_list_interrupted_finish (ASSAY_HISTORY (source), result, &error);
  if (runs == NULL)
    g_task_return_error (task, error);
  else if (runs->len == 0)
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                             _("No run was interrupted; there is nothing to go on with"));
  else
    assay_history_find_async (ASSAY_HISTORY (source),
                              ((AssayKeptRun *) g_ptr_array_index (runs, 0))->id,
                              g_task_get_cancellable (task), found_cb, g_object_ref (task));
}

/**
 * assay_cli_keeping_resume_async:
 * @id: the run, 0 for the newest that was interrupted
 *
 * Takes a run over and loads what it left; after opening.
 */
void
assay_cli_keeping_resume_async (AssayCliKeeping *self,
                                gint64 id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, assay_cli_keeping_resume_async);
  g_task_set_task_data (task, self, NULL);
  if (id != 0)
    assay_history_find_async (self->history, id, cancellable, found_cb, task);
  else
    assay_history_list_interrupted_async (self->history, cancellable, listed_cb, task);
}

/**
 * assay_cli_keeping_resume_finish:
 * @error: %ASSAY_ERROR_NOT_FOUND, %ASSAY_ERROR_BUSY when another process is at it,
 *   %ASSAY_ERROR_USAGE when none was interrupted
 *
 * Returns: whether the run is ours
 */
gboolean
assay_cli_keeping_resume_finish (AssayCliKeeping *self,
                                 GAsyncResult *result,
                                 GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * assay_cli_keeping_get_run:
 *
 * Returns: (transfer none) (nullable): the run that goes on
 */
const AssayKeptRun *
assay_cli_keeping_get_run (AssayCliKeeping *self)
{
  return self->kept;
}

/**
 * assay_cli_keeping_get_left:
 *
 * Returns: (transfer none) (element-type AssayKeptItem) (nullable): what it left
 */
GPtrArray *
assay_cli_keeping_get_left (AssayCliKeeping *self)
{
  return self->left;
}

/* ---- writing down ---- */

/* Up to the last that is left: those of a window's run need not follow each other. */
static guint
count_places (AssayCliKeeping *self)
{
  if (self->left->len == 0)
    return 0;
  return ((AssayKeptItem *) g_ptr_array_index (self->left, self->left->len - 1))->position + 1;
}

/**
 * assay_cli_keeping_follow:
 * @run: (transfer none): to which nothing was added yet
 * @name: what was given, for people
 * @options: what going on needs
 *
 * Writes @run down from now on, if there is a history.
 */
void
assay_cli_keeping_follow (AssayCliKeeping *self,
                          AssayRun *run,
                          AssayConnection *connection,
                          const char *name,
                          const char *options)
{
  AssayKeptRun about = {
    .name = (char *) name,
    .target = assay_run_get_target (run),
    .connection_name = (char *) assay_connection_get_name (connection),
    .url = (char *) assay_connection_get_url (connection),
    .protocol = (char *) assay_connection_get_protocol (connection)->id,
    .options = (char *) options,
  };

  if (self->history == NULL)
    return;
  if (self->recording != NULL)
    self->recorder = assay_recorder_new_resumed (self->history, run, self->recording,
                                                 count_places (self));
  else
    self->recorder = assay_recorder_new (self->history, run, &about);
}

/**
 * assay_cli_keeping_add:
 * @items: (element-type AssayItem): about to be added to the run
 */
void
assay_cli_keeping_add (AssayCliKeeping *self,
                       GPtrArray *items)
{
  if (self->recorder != NULL)
    assay_recorder_add (self->recorder, items);
}

/**
 * assay_cli_keeping_interrupt:
 *
 * What is canceled from now on is left for another time.
 */
void
assay_cli_keeping_interrupt (AssayCliKeeping *self)
{
  if (self->recorder != NULL)
    assay_recorder_interrupt (self->recorder);
}

static void
closed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (assay_history_close_finish (ASSAY_HISTORY (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * assay_cli_keeping_close_async:
 *
 * Ends the run and waits until all is on disk.
 */
void
assay_cli_keeping_close_async (AssayCliKeeping *self,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  GTask *task = g_task_new (NULL, NULL, callback, data);

  g_task_set_source_tag (task, assay_cli_keeping_close_async);
  if (self->recorder != NULL)
    {
      self->id = assay_recorder_get_id (self->recorder);
      assay_recorder_end (self->recorder);
    }
  if (self->history != NULL)
    {
      assay_history_close_async (self->history, NULL, closed_cb, task);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/**
 * assay_cli_keeping_close_finish:
 * @error: what is not on disk, and why
 *
 * Returns: the run's number, 0 if there is none
 */
gint64
assay_cli_keeping_close_finish (AssayCliKeeping *self,
                                GAsyncResult *result,
                                GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error) ? self->id : 0;
}
