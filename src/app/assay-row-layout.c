/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-row-layout.h"

/* So many items or rows between two looks at the clock. */
#define STRIDE 64

/* One that passes, with all that sorting looks at. */
typedef struct {
  AssayRowKey key;
  guint serial;
  AssayItem *item;               /* (borrowed): for the main thread */
} Entry;

/* What the thread holds on to; it reads the texts of the keys. */
struct _AssayRowSorting {
  GArray *entries;
  AssayRowTexts *texts;
  AssayRowLayout *layout;        /* (nullable) main thread: NULL when nobody waits any more */
};

static void
sorting_free (gpointer data)
{
  AssayRowSorting *self = data;

  g_array_unref (self->entries);
  assay_row_texts_unref (self->texts);
  g_free (self);
}

static gboolean
is_sorted_by_key (AssayRowLayout *self)
{
  return self->order != ASSAY_ROW_ORDER_ADDED;
}

/**
 * assay_row_layout_new:
 * @collection: (transfer none): whose items
 * @choice: (transfer none): which of them; stays as it is as long as the layout lives
 * @order: in which order
 * @texts: (transfer none): keeps the texts of the keys
 *
 * Returns: (transfer full): a list that nothing was done for yet
 */
AssayRowLayout *
assay_row_layout_new (AssayCollection *collection,
                      const AssayRowChoice *choice,
                      AssayRowOrder order,
                      AssayRowTexts *texts,
                      const AssayRowLayoutHost *host)
{
  AssayRowLayout *self = g_new0 (AssayRowLayout, 1);

  self->collection = g_object_ref (collection);
  self->choice = choice;
  self->texts = assay_row_texts_ref (texts);
  self->host = *host;
  self->order = order;
  self->by_serial = g_ptr_array_new ();
  self->keys = g_array_new (FALSE, TRUE, sizeof (AssayRowKey));
  self->members = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->top = g_ptr_array_new ();
  return self;
}

void
assay_row_layout_free (AssayRowLayout *self)
{
  if (self->sorting != NULL)
    self->sorting->layout = NULL;
  g_object_unref (self->collection);
  assay_row_texts_unref (self->texts);
  g_ptr_array_unref (self->by_serial);
  g_array_unref (self->keys);
  g_hash_table_unref (self->members);
  g_ptr_array_unref (self->rows);
  g_array_unref (self->entries);
  g_ptr_array_unref (self->top);
  g_free (self);
}

/* ---- scanning ---- */

static void
add_to_group (AssayRowLayout *self,
              AssayItem *item,
              const char *name)
{
  AssayGroup *group = self->host.get_group (self->host.host, item, name);
  GPtrArray *members = g_hash_table_lookup (self->members, group);

  if (members == NULL)
    {
      members = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (self->members, group, members);
      g_ptr_array_add (self->top, group);
    }
  g_ptr_array_add (members, g_object_ref (item));
}

static void
add_to_entries (AssayRowLayout *self,
                AssayItem *item,
                guint serial)
{
  Entry entry = { assay_row_texts_make_key (self->texts, self->order, item), serial, item };

  g_array_append_val (self->entries, entry);
  if (serial >= self->keys->len)
    g_array_set_size (self->keys, serial + 1);
  g_array_index (self->keys, AssayRowKey, serial) = entry.key;
}

static void
add (AssayRowLayout *self,
     AssayItem *item)
{
  const char *name = assay_item_get_group (item);
  guint serial = assay_item_get_serial (item);

  self->n_items++;
  if (serial >= self->by_serial->len)
    g_ptr_array_set_size (self->by_serial, serial + 1);
  g_ptr_array_index (self->by_serial, serial) = item;

  if (is_sorted_by_key (self))
    add_to_entries (self, item, serial);
  else if (name != NULL)
    add_to_group (self, item, name);
  else
    g_ptr_array_add (self->top, item);
}

static void
scan (AssayRowLayout *self)
{
  GListModel *model = G_LIST_MODEL (self->collection);
  double threshold = assay_collection_get_threshold (self->collection);
  guint end = MIN (self->scanned + STRIDE, g_list_model_get_n_items (model));

  for (; self->scanned < end; self->scanned++)
    {
      /* The collection keeps it alive. */
      g_autoptr (AssayItem) item = g_list_model_get_item (model, self->scanned);

      if (assay_row_choice_passes (self->choice, item, threshold))
        add (self, item);
    }
}

/* ---- sorting ---- */

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const Entry *left = a;
  const Entry *right = b;
  int order = assay_row_key_compare (&left->key, &right->key);

  return order != 0 ? order : left->serial < right->serial ? -1 : 1;
}

static void
sort_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  AssayRowSorting *sorting = data;

  g_array_sort (sorting->entries, compare_entries);
  g_task_return_boolean (task, TRUE);
}

static void
sorted_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  AssayRowSorting *sorting = g_task_get_task_data (G_TASK (result));
  AssayRowLayout *self = sorting->layout;

  if (self == NULL)
    return;
  self->sorting = NULL;
  self->sorted = TRUE;
  self->host.sorted (self->host.host);
}

static void
sort_elsewhere (AssayRowLayout *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, sorted_cb, NULL);

  self->sorting = g_new (AssayRowSorting, 1);
  self->sorting->entries = g_array_ref (self->entries);
  self->sorting->texts = assay_row_texts_ref (self->texts);
  self->sorting->layout = self;
  g_task_set_task_data (task, self->sorting, sorting_free);
  g_task_run_in_thread (task, sort_in_thread);
}

/* ---- laying out ---- */

static void
lay_out_sorted (AssayRowLayout *self)
{
  guint end = MIN (self->rows->len + STRIDE, self->entries->len);

  while (self->rows->len < end)
    {
      Entry *entry = &g_array_index (self->entries, Entry, self->rows->len);

      g_ptr_array_add (self->rows, g_object_ref (entry->item));
    }
}

/* One row of a group, its own or one of a member. */
static void
lay_out_group (AssayRowLayout *self,
               AssayGroup *group)
{
  GPtrArray *members = g_hash_table_lookup (self->members, group);
  guint n_shown = assay_group_get_expanded (group) ? members->len : 0;

  if (self->next_member == 0)
    g_ptr_array_add (self->rows, g_object_ref (group));
  else
    g_ptr_array_add (self->rows, g_object_ref (g_ptr_array_index (members, self->next_member - 1)));
  self->next_member++;
  if (self->next_member <= n_shown)
    return;
  self->next_member = 0;
  self->next_top++;
}

static void
lay_out_top (AssayRowLayout *self)
{
  for (guint i = 0; i < STRIDE && self->next_top < self->top->len; i++)
    {
      gpointer row = g_ptr_array_index (self->top, self->next_top);

      if (ASSAY_IS_GROUP (row))
        {
          lay_out_group (self, row);
          continue;
        }
      g_ptr_array_add (self->rows, g_object_ref (row));
      self->next_top++;
    }
}

/**
 * assay_row_layout_rewind:
 *
 * A group was opened or closed: its rows may be laid out as it was before.
 */
void
assay_row_layout_rewind (AssayRowLayout *self)
{
  if (is_sorted_by_key (self))
    return;
  g_ptr_array_set_size (self->rows, 0);
  self->next_top = 0;
  self->next_member = 0;
}

/* ---- all of it ---- */

static gboolean
is_scanned (AssayRowLayout *self)
{
  /* What comes once the order is settled is for the next one. */
  return self->sorted || self->sorting != NULL
         || self->scanned == g_list_model_get_n_items (G_LIST_MODEL (self->collection));
}

static gboolean
is_laid_out (AssayRowLayout *self)
{
  if (is_sorted_by_key (self))
    return self->rows->len == self->entries->len;
  return self->next_top == self->top->len;
}

/* What little there is can be sorted at once. */
static void
sort (AssayRowLayout *self,
      gboolean elsewhere)
{
  if (is_sorted_by_key (self) && elsewhere)
    {
      sort_elsewhere (self);
      return;
    }
  if (is_sorted_by_key (self))
    g_array_sort (self->entries, compare_entries);
  self->sorted = TRUE;
}

/**
 * assay_row_layout_waits:
 *
 * Returns: whether a thread sorts, and nothing can be done until it has
 */
gboolean
assay_row_layout_waits (AssayRowLayout *self)
{
  return self->sorting != NULL;
}

/**
 * assay_row_layout_work:
 * @until: monotonic time, µs; %G_MAXINT64 to do all of it here and now
 *
 * Returns: whether the list is done
 */
gboolean
assay_row_layout_work (AssayRowLayout *self,
                       gint64 until)
{
  do
    {
      if (!is_scanned (self))
        scan (self);
      else if (self->sorting != NULL)
        return FALSE;
      else if (!self->sorted)
        sort (self, until != G_MAXINT64);
      else if (is_sorted_by_key (self))
        lay_out_sorted (self);
      else
        lay_out_top (self);

      if (self->sorted && is_laid_out (self))
        return TRUE;
    }
  while (until == G_MAXINT64 || g_get_monotonic_time () < until);
  return FALSE;
}
