/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-walk.h"

/* A slice is a quarter of what a frame takes, so that there is a picture between any two
 * of them; the clock is looked at once for so many items. */
#define SLICE (4 * G_TIME_SPAN_MILLISECOND)
#define STRIDE 64

/* Invariant: what stands before position has been looked at, or has come since. */
struct _AssayWalk {
  AssayCollection *collection;
  AssayWalkEach each;
  AssayWalkDone done;
  gpointer data;
  guint position;
  guint source;
  gulong handler;
};

static void
items_changed_cb (AssayWalk *self,
                  guint position,
                  guint removed,
                  guint added)
{
  if (position + removed <= self->position)
    self->position = self->position - removed + added;
  else if (position < self->position)
    self->position = position;
}

static gboolean
slice_cb (gpointer data)
{
  AssayWalk *self = data;
  GListModel *model = G_LIST_MODEL (self->collection);
  gint64 end = g_get_monotonic_time () + SLICE;
  guint n = g_list_model_get_n_items (model);

  while (self->position < n)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, self->position++);

      self->each (item, self->data);
      if (self->position % STRIDE == 0 && g_get_monotonic_time () >= end)
        return G_SOURCE_CONTINUE;
    }
  self->source = 0;
  /* This may stop, and so free, the walk. */
  self->done (self->data);
  return G_SOURCE_REMOVE;
}

/**
 * assay_walk_start:
 * @collection: (transfer none): whose items are looked at, in their order
 * @each: called for each; it must not change the collection
 * @done: called once after the last, and never within this function; it may stop the walk
 * @data: what both are given
 *
 * Returns: (transfer full): to be stopped with assay_walk_stop(), before its end or after
 */
AssayWalk *
assay_walk_start (AssayCollection *collection,
                  AssayWalkEach each,
                  AssayWalkDone done,
                  gpointer data)
{
  AssayWalk *self;

  g_return_val_if_fail (ASSAY_IS_COLLECTION (collection), NULL);
  g_return_val_if_fail (each != NULL && done != NULL, NULL);

  self = g_new0 (AssayWalk, 1);
  self->collection = g_object_ref (collection);
  self->each = each;
  self->done = done;
  self->data = data;
  self->handler = g_signal_connect_swapped (collection, "items-changed",
                                            G_CALLBACK (items_changed_cb), self);
  self->source = g_idle_add (slice_cb, self);
  return self;
}

/**
 * assay_walk_stop:
 * @self: (transfer full): the walk
 *
 * Nothing is called any more.
 */
void
assay_walk_stop (AssayWalk *self)
{
  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->source, g_source_remove);
  g_signal_handler_disconnect (self->collection, self->handler);
  g_object_unref (self->collection);
  g_free (self);
}
