/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-revival.h"
#include "assay-session-private.h"

/* A person wants to ask: nobody but whom the run asked. */
void
assay_session_turn_to_kept_target (AssaySession *self)
{
  AssayTarget *target = assay_session_get_target (self);
  AssayConnections *connections = assay_hub_get_connections (self->hub);
  AssayConnection *connection =
    assay_connections_find (connections, assay_target_get_connection_id (target));

  if (connection != NULL)
    {
      assay_session_choose_connection (self, connection);
      assay_session_ask_waiting (self);
      return;
    }
  g_ptr_array_set_size (self->waiting, 0);
  if (assay_target_is_kept (target))
    {
      assay_session_say (self, _("A kept run answers for the images that it had. Choose a version to "
                                 "ask it about others."));
      return;
    }
  assay_session_say (self, _("The connection of this run no longer exists. Add the images to a new window to "
               "ask another one."));
}

static void
restore_kept (AssaySession *self,
              AssayTarget *target,
              GPtrArray *items)
{
  g_autoptr (GPtrArray) shown = assay_session_collect (self, NULL);

  assay_collection_remove (self->collection, shown);
  assay_collection_set_target (self->collection, target);
  assay_collection_restore (self->collection, items);
}

/**
 * assay_session_show_kept:
 * @target: whom the run asked
 * @items: (element-type AssayItem): all of it, each with its serial
 *
 * Shows a kept run in place of what is shown.  Nobody is asked, and no service
 * started, until a person wants that.
 */
void
assay_session_show_kept (AssaySession *self,
                         AssayTarget *target,
                         GPtrArray *items)
{
  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (target != NULL && items != NULL);

  self->kept = TRUE;
  assay_session_use_link (self, NULL);
  restore_kept (self, target, items);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

static void
revived_batch_cb (GPtrArray *items,
                  gpointer data)
{
  AssaySessionWalk *walk = data;

  if (g_cancellable_is_cancelled (walk->cancellable))
    return;
  assay_collection_restore (walk->session->collection, items);
  assay_session_ask_items (walk->session, items, FALSE);
}

static void
revived_cb (GObject *object,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (AssaySessionWalk) walk = data;

  assay_revive_left_finish (result, NULL);
  walk->session->n_walks--;
  assay_session_rest_when_done (walk->session);
  assay_session_emit (walk->session, ASSAY_SESSION_PROGRESS);
}

/**
 * assay_session_resume_kept:
 * @connection: of @target
 * @recording: (transfer none): the kept run, ours from now on
 * @target: whom it asks
 * @items: (element-type AssayItem): what has its answer, each with its serial
 * @left: (element-type AssayKeptItem): what has none
 * @n_given: as for assay_recorder_new_resumed()
 *
 * Goes on with a kept run in place of what is shown: finds the pictures that are left
 * and asks about them, as soon as the service can be asked.
 */
void
assay_session_resume_kept (AssaySession *self,
                           AssayConnection *connection,
                           AssayRecording *recording,
                           AssayTarget *target,
                           GPtrArray *items,
                           GPtrArray *left,
                           guint n_given)
{
  AssaySessionWalk *walk;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (ASSAY_IS_CONNECTION (connection));
  g_return_if_fail (recording != NULL && target != NULL && items != NULL && left != NULL);

  assay_journal_resume (self->journal, recording, target, n_given);
  restore_kept (self, target, items);
  self->n_before = items->len;
  assay_session_choose_connection (self, connection);
  assay_session_remember_choice (self);
  self->n_walks++;
  walk = assay_session_walk_new (self);
  assay_revive_left_async (left, NULL, revived_batch_cb, walk, self->cancellable, revived_cb, walk);
  assay_session_emit (self, ASSAY_SESSION_PROGRESS);
  assay_session_emit (self, ASSAY_SESSION_CHANGED);
}

static int
compare_to_serial (guint serial,
                   AssayItem *item)
{
  guint other = assay_item_get_serial (item);

  return serial < other ? -1 : serial > other;
}

/* The collection stands in order of the serials. */
static AssayItem *
find_serial (AssaySession *self,
             guint serial)
{
  guint low = 0;
  guint high = g_list_model_get_n_items (G_LIST_MODEL (self->collection));

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      g_autoptr (AssayItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->collection), middle);
      int order = compare_to_serial (serial, item);

      if (order == 0)
        return g_steal_pointer (&item);
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}

static void
pictures_batch_cb (GPtrArray *found,
                   gpointer data)
{
  AssaySessionWalk *walk = data;

  if (g_cancellable_is_cancelled (walk->cancellable))
    return;
  for (guint i = 0; i < found->len; i++)
    {
      AssaySource *source = assay_item_get_source (g_ptr_array_index (found, i));
      g_autoptr (AssayItem) item =
        find_serial (walk->session, assay_item_get_serial (g_ptr_array_index (found, i)));

      if (item != NULL && assay_source_get_error (source) == NULL)
        assay_item_set_source (item, source);
    }
}

static void
pictures_cb (GObject *object,
             GAsyncResult *result,
             gpointer data)
{
  g_autoptr (AssaySessionWalk) walk = data;

  assay_revive_left_finish (result, NULL);
}

/**
 * assay_session_find_pictures:
 * @kept: (element-type AssayKeptItem): of which items are shown
 *
 * Looks for their pictures, so that they can be seen as far as they are still there.
 */
void
assay_session_find_pictures (AssaySession *self,
                             GPtrArray *kept)
{
  AssaySessionWalk *walk;

  g_return_if_fail (ASSAY_IS_SESSION (self));
  g_return_if_fail (kept != NULL);

  if (kept->len == 0)
    return;
  walk = assay_session_walk_new (self);
  assay_revive_left_async (kept, NULL, pictures_batch_cb, walk, self->cancellable, pictures_cb,
                           walk);
}

/**
 * assay_session_shows_kept:
 *
 * Returns: whether it shows a kept run and asks nobody
 */
gboolean
assay_session_shows_kept (AssaySession *self)
{
  g_return_val_if_fail (ASSAY_IS_SESSION (self), FALSE);

  return self->kept;
}
