/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A version that was put into a folder is listed when the service has seen it, and can be
 * asked when it has loaded it; nobody says when.  So it is asked for its list until then. */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "assay-model-arrival.h"

#define LOOK_MILLISECONDS 200
#define GIVE_UP_SECONDS 60

/* One version that is waited for. */
typedef struct {
  char *model;
  char *version;
  gulong changed_id;
  guint look_id;
  guint give_up_id;
  gboolean over;
} Arrival;

static void
arrival_free (Arrival *self)
{
  g_free (self->model);
  g_free (self->version);
  g_free (self);
}

/* Takes the task's own reference with it. */
static void
end (GTask *task,
     GError *error)
{
  Arrival *self = g_task_get_task_data (task);

  if (self->over)
    return;
  self->over = TRUE;
  g_clear_signal_handler (&self->changed_id, g_task_get_source_object (task));
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_handle_id (&self->give_up_id, g_source_remove);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static gboolean
look_cb (gpointer data)
{
  GTask *task = data;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      end (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Canceled"));
      return G_SOURCE_CONTINUE;
    }
  assay_link_refresh (g_task_get_source_object (task));
  return G_SOURCE_CONTINUE;
}

static gboolean
give_up_cb (gpointer data)
{
  end (data, g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_TIMED_OUT,
                                  _("The built-in service does not list it")));
  return G_SOURCE_CONTINUE;
}

static void
changed_cb (GTask *task)
{
  Arrival *self = g_task_get_task_data (task);
  AssayLink *link = g_task_get_source_object (task);
  AssayModelVersion *found = assay_link_find_version (link, self->model, self->version);

  if (found == NULL || assay_link_version_is_pending (found))
    return;
  if (found->callable)
    end (task, NULL);
  else
    end (task, g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_FAILED,
                                    _("The built-in service can’t serve it")));
}

/**
 * assay_model_arrival_async:
 * @link: to the built-in service
 * @model: a model's name
 * @version: a version of it
 * @cancellable: (nullable): ends the wait
 *
 * Waits until the service can be asked about that version, for a minute at most.  Main
 * thread.
 */
void
assay_model_arrival_async (AssayLink *link,
                           const char *model,
                           const char *version,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  GTask *task;
  Arrival *self = g_new0 (Arrival, 1);

  g_return_if_fail (ASSAY_IS_LINK (link));
  g_return_if_fail (model != NULL && version != NULL);

  task = g_task_new (link, cancellable, callback, data);
  g_task_set_source_tag (task, assay_model_arrival_async);
  self->model = g_strdup (model);
  self->version = g_strdup (version);
  g_task_set_task_data (task, self, (GDestroyNotify) arrival_free);
  self->changed_id = g_signal_connect_swapped (link, "changed", G_CALLBACK (changed_cb), task);
  self->look_id = g_timeout_add (LOOK_MILLISECONDS, look_cb, task);
  self->give_up_id = g_timeout_add_seconds (GIVE_UP_SECONDS, give_up_cb, task);
  assay_link_refresh (link);
}

/**
 * assay_model_arrival_finish:
 * @error: %ASSAY_ERROR_TIMED_OUT, %ASSAY_ERROR_FAILED, %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it can be asked
 */
gboolean
assay_model_arrival_finish (AssayLink *link,
                            GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, link), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
