/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-cli-dry.h"

/* Invariant: busy exactly while the head of waiting is with the worker. */
struct _AssayCliDry {
  AssayTarget *target;        /* nobody: it is never asked */
  GQueue waiting;             /* (element-type AssayItem) */
  GCancellable *cancellable;
  AssayCliDryDone done;
  gpointer data;
  AssayFit fit;
  gboolean convert;
  gboolean busy;
};

static void check_next (AssayCliDry *self);

/**
 * assay_cli_dry_new:
 * @convert: whether what a service doesn't take would be converted
 * @connection: (transfer none): that has the bounds of what would be sent
 * @done: told about each item
 * @data: for @done
 *
 * Returns: (transfer full): nothing to do yet
 */
AssayCliDry *
assay_cli_dry_new (gboolean convert,
                   AssayConnection *connection,
                   AssayCliDryDone done,
                   gpointer data)
{
  AssayCliDry *self = g_new0 (AssayCliDry, 1);

  self->target = assay_target_new ("", "", "");
  g_queue_init (&self->waiting);
  self->cancellable = g_cancellable_new ();
  self->convert = convert;
  self->fit.pixels = assay_connection_get_fit_pixels (connection);
  self->fit.bytes = assay_connection_get_fit_bytes (connection);
  self->done = done;
  self->data = data;
  return self;
}

void
assay_cli_dry_free (AssayCliDry *self)
{
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_object_unref (self->cancellable);
  assay_target_unref (self->target);
  g_free (self);
}

static void
check_worker (GTask *task,
              gpointer source_object,
              gpointer task_data,
              GCancellable *cancellable)
{
  const AssayCliDry *self = task_data;
  GError *error = NULL;
  AssayPrepared *prepared;

  prepared = assay_source_prepare_fit (ASSAY_SOURCE (source_object), self->convert, &self->fit,
                                       cancellable, &error);
  if (prepared != NULL)
    g_task_return_pointer (task, prepared, (GDestroyNotify) assay_prepared_free);
  else
    g_task_return_error (task, error);
}

static void
tell (AssayCliDry *self,
      AssayItem *item,
      const GError *error)
{
  AssayAnswer *answer = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      answer = assay_item_ensure_answer (item, self->target);
      assay_answer_move (answer, ASSAY_ANSWER_CANCELED);
    }
  else if (error != NULL)
    {
      answer = assay_item_ensure_answer (item, self->target);
      assay_answer_reject (answer, error);
    }
  self->done (item, answer, self->data);
}

static void
checked_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  AssayCliDry *self = data;
  g_autoptr (AssayItem) item = g_queue_pop_head (&self->waiting);
  g_autoptr (AssayPrepared) prepared = NULL;
  g_autoptr (GError) error = NULL;

  self->busy = FALSE;
  prepared = g_task_propagate_pointer (G_TASK (result), &error);
  if (prepared != NULL)
    assay_item_set_prepared (item, prepared);
  tell (self, item, error);
  check_next (self);
}

static void
check_next (AssayCliDry *self)
{
  g_autoptr (GTask) task = NULL;
  AssayItem *item = g_queue_peek_head (&self->waiting);

  if (item == NULL)
    {
      self->done (NULL, NULL, self->data);
      return;
    }
  self->busy = TRUE;
  task = g_task_new (assay_item_get_source (item), self->cancellable, checked_cb, self);
  g_task_set_source_tag (task, check_next);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, check_worker);
}

/**
 * assay_cli_dry_add:
 * @items: (element-type AssayItem): items to look at
 */
void
assay_cli_dry_add (AssayCliDry *self,
                   GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    g_queue_push_tail (&self->waiting, g_object_ref (g_ptr_array_index (items, i)));
  if (!self->busy && items->len > 0)
    check_next (self);
}

/**
 * assay_cli_dry_cancel:
 *
 * The rest is canceled, each item as its turn comes.
 */
void
assay_cli_dry_cancel (AssayCliDry *self)
{
  g_cancellable_cancel (self->cancellable);
}

gboolean
assay_cli_dry_is_active (AssayCliDry *self)
{
  return self->busy;
}
