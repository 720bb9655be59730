/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-limits.h"
#include "assay-marks.h"

/* Who says it, for the history. */
#define PERSON "person"

/* Milliseconds without a new label after which the set counts as complete. */
#define QUIET 1000

/* Items without a hash that are passed in one turn: 0.1 ms. */
#define MAX_PASSED 2000

/* Invariants: said has each item that a person has marked here, or taken the mark from,
 * and whether this is kept for label_set; nothing is looked for without a label_set, and
 * one request at a time. */
struct _AssayMarks {
  GObject parent_instance;

  AssayTruths *truths;
  AssayHistory *history;
  char *label_set;            /* (nullable) */
  GHashTable *said;           /* (element-type AssayItem gboolean) */
  GPtrArray *read;            /* (element-type AssayItem): with their hash since looked_at passed */
  GCancellable *cancellable;  /* (nullable): while one looks */
  guint looked_at;            /* in the collection */
  guint look_source;
  guint quiet_source;         /* while the labels are another set */
};

G_DEFINE_FINAL_TYPE (AssayMarks, assay_marks, G_TYPE_OBJECT)

typedef struct {
  AssayMarks *marks;          /* not owned, gone when canceled */
  GPtrArray *items;           /* (element-type AssayItem) */
} Look;

static gboolean look_cb (gpointer data);

static void
look_free (Look *self)
{
  g_ptr_array_unref (self->items);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

/* ---- kept ---- */

static void
keep (AssayMarks *self,
      AssayItem *item)
{
  g_autofree char *hash = assay_item_dup_sha256 (item);

  assay_history_set_truth_async (self->history, hash, self->label_set,
                                 assay_item_get_mark (item), PERSON, NULL, NULL, NULL);
}

static void
keep_said (AssayMarks *self,
           AssayItem *item)
{
  gboolean kept = self->label_set != NULL && assay_item_is_read (item);

  if (kept)
    keep (self, item);
  g_hash_table_insert (self->said, g_object_ref (item), GINT_TO_POINTER (kept));
}

static void
keep_all_said (AssayMarks *self)
{
  GHashTableIter iter;
  gpointer item;
  gpointer kept;

  g_hash_table_iter_init (&iter, self->said);
  while (g_hash_table_iter_next (&iter, &item, &kept))
    if (assay_item_is_read (item))
      {
        keep (self, item);
        g_hash_table_iter_replace (&iter, GINT_TO_POINTER (TRUE));
      }
    else
      g_hash_table_iter_replace (&iter, GINT_TO_POINTER (FALSE));
}

static void
marked_cb (AssayTruths *truths,
           AssayItem *item,
           AssayMarks *self)
{
  keep_said (self, item);
}

/* ---- found ---- */

static GListModel *
get_model (AssayMarks *self)
{
  return G_LIST_MODEL (assay_truths_get_collection (self->truths));
}

static void
queue_look (AssayMarks *self)
{
  if (self->label_set != NULL && self->cancellable == NULL && self->look_source == 0)
    self->look_source = g_idle_add (look_cb, self);
}

/* What was kept for the labels before these, and nobody has kept for these yet. */
static void
take_found (AssayMarks *self,
            AssayItem *item,
            const AssayKeptTruth *truth)
{
  if (g_hash_table_contains (self->said, item))
    return;
  if (truth != NULL)
    assay_truths_recall (self->truths, item, truth->label);
  else if (assay_item_get_mark (item) != NULL)
    keep (self, item);
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (Look) look = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) found =
    assay_history_truths_finish (ASSAY_HISTORY (source), result, &error);
  AssayMarks *self = look->marks;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  /* A history that can't be read is told of where it is opened. */
  for (guint i = 0; found != NULL && i < look->items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (look->items, i);

      g_autofree char *hash = assay_item_dup_sha256 (item);

      take_found (self, item, g_hash_table_lookup (found, hash));
    }
  queue_look (self);
}

static void
look_for (AssayMarks *self,
          GPtrArray *items)
{
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_full (items->len + 1, g_free);
  Look *look = g_new0 (Look, 1);

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (hashes, assay_item_dup_sha256 (g_ptr_array_index (items, i)));
  g_ptr_array_add (hashes, NULL);
  look->marks = self;
  look->items = g_ptr_array_ref (items);
  self->cancellable = g_cancellable_new ();
  assay_history_truths_async (self->history, (const char *const *) hashes->pdata, self->label_set,
                              self->cancellable, found_cb, look);
}

/* The next of the collection that have a hash, and are not said. */
static void
gather (AssayMarks *self,
        GPtrArray *items)
{
  GListModel *model = get_model (self);
  guint n = g_list_model_get_n_items (model);
  guint end = MIN (n, self->looked_at + MAX_PASSED);

  for (; self->looked_at < end && items->len < ASSAY_LIMIT_HISTORY_PAGE; self->looked_at++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, self->looked_at);

      if (assay_item_is_read (item) && !g_hash_table_contains (self->said, item))
        g_ptr_array_add (items, g_steal_pointer (&item));
    }
}

static gboolean
look_cb (gpointer data)
{
  AssayMarks *self = data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  while (self->read->len > 0 && items->len < ASSAY_LIMIT_HISTORY_PAGE)
    g_ptr_array_add (items, g_ptr_array_steal_index_fast (self->read, self->read->len - 1));
  gather (self, items);
  if (items->len == 0 && self->looked_at < g_list_model_get_n_items (get_model (self)))
    return G_SOURCE_CONTINUE;
  self->look_source = 0;
  if (items->len > 0)
    look_for (self, items);
  return G_SOURCE_REMOVE;
}

/* Those that come with their hash come with what a run has left. */
static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  AssayMarks *self)
{
  self->looked_at = MIN (self->looked_at, position);
  queue_look (self);
}

/* ---- labels ---- */

static void
stop_looking (AssayMarks *self)
{
  g_clear_handle_id (&self->look_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
take_labels (AssayMarks *self)
{
  g_clear_handle_id (&self->quiet_source, g_source_remove);
  g_free (self->label_set);
  self->label_set = assay_truths_dup_label_set (self->truths);
  if (self->label_set != NULL)
    keep_all_said (self);
}

static void
start_over (AssayMarks *self)
{
  stop_looking (self);
  take_labels (self);
  g_ptr_array_set_size (self->read, 0);
  self->looked_at = 0;
  queue_look (self);
}

static gboolean
quiet_cb (gpointer data)
{
  start_over (data);
  return G_SOURCE_REMOVE;
}

/* The first answer of most services has all labels. */
static void
labels_changed_cb (AssayTruths *truths,
                   AssayMarks *self)
{
  if (self->label_set == NULL)
    {
      start_over (self);
      return;
    }
  g_clear_handle_id (&self->quiet_source, g_source_remove);
  self->quiet_source = g_timeout_add (QUIET, quiet_cb, self);
}

/* ---- life ---- */

static void
assay_marks_dispose (GObject *object)
{
  AssayMarks *self = ASSAY_MARKS (object);

  if (self->truths != NULL)
    {
      stop_looking (self);
      if (self->quiet_source != 0)
        take_labels (self);
    }
  g_hash_table_remove_all (self->said);
  g_ptr_array_set_size (self->read, 0);
  g_clear_object (&self->truths);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (assay_marks_parent_class)->dispose (object);
}

static void
assay_marks_finalize (GObject *object)
{
  AssayMarks *self = ASSAY_MARKS (object);

  g_hash_table_unref (self->said);
  g_ptr_array_unref (self->read);
  g_free (self->label_set);
  G_OBJECT_CLASS (assay_marks_parent_class)->finalize (object);
}

static void
assay_marks_class_init (AssayMarksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_marks_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_marks_finalize;
}

static void
assay_marks_init (AssayMarks *self)
{
  self->said = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->read = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * assay_marks_new:
 * @truths: (transfer none): where a person marks
 * @history: (transfer none): where it is kept
 *
 * Returns: (transfer full): what keeps it
 */
AssayMarks *
assay_marks_new (AssayTruths *truths,
                 AssayHistory *history)
{
  AssayMarks *self;

  g_return_val_if_fail (ASSAY_IS_TRUTHS (truths), NULL);
  g_return_val_if_fail (ASSAY_IS_HISTORY (history), NULL);

  self = g_object_new (ASSAY_TYPE_MARKS, NULL);
  self->truths = g_object_ref (truths);
  self->history = g_object_ref (history);
  g_signal_connect_object (truths, "marked", G_CALLBACK (marked_cb), self, 0);
  g_signal_connect_object (truths, "labels-changed", G_CALLBACK (labels_changed_cb), self, 0);
  g_signal_connect_object (get_model (self), "items-changed", G_CALLBACK (items_changed_cb), self,
                           0);
  start_over (self);
  return self;
}

/**
 * assay_marks_update:
 * @item: one that has been read, so that its hash is known; again does no harm
 */
void
assay_marks_update (AssayMarks *self,
                    AssayItem *item)
{
  gpointer kept;

  g_return_if_fail (ASSAY_IS_MARKS (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  if (self->label_set == NULL || !assay_item_is_read (item))
    return;
  if (g_hash_table_lookup_extended (self->said, item, NULL, &kept))
    {
      if (!GPOINTER_TO_INT (kept))
        keep_said (self, item);
      return;
    }
  g_ptr_array_add (self->read, g_object_ref (item));
  queue_look (self);
}

/**
 * assay_marks_is_settled:
 *
 * Returns: whether every mark has been looked for that can be
 */
gboolean
assay_marks_is_settled (AssayMarks *self)
{
  g_return_val_if_fail (ASSAY_IS_MARKS (self), TRUE);

  return self->look_source == 0 && self->cancellable == NULL && self->quiet_source == 0;
}
