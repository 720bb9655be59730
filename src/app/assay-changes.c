/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-changes.h"

/* The list is brought up to date so often at most, however fast answers come. */
#define UPDATE_MILLISECONDS 250

/* Of more that have changed the list is made anew. */
#define MAX_CHANGED 2000

/* Invariants: places has each item that the list shows and where it stands; an item that
 * has changed since is in changed, or all is stale. */
struct _AssayChanges {
  GObject parent_instance;

  AssayCollection *collection;
  AssayJudge *judge;
  GSequence *shown;           /* (element-type Entry): in order */
  GHashTable *places;         /* AssayItem → GSequenceIter */
  GHashTable *changed;        /* (element-type AssayItem) */
  AssayChangesFilter which;
  guint update_source;
  gboolean live;              /* somebody looks at it */
  gboolean stale;             /* to be made anew */
};

/* An item as it was sorted in. */
typedef struct {
  AssayItem *item;            /* (owned) */
  guint weight;
} Entry;

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayChanges, assay_changes, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_object_unref (self->item);
  g_free (self);
}

static GType
get_item_type (GListModel *model)
{
  return ASSAY_TYPE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return g_sequence_get_length (ASSAY_CHANGES (model)->shown);
}

static gpointer
get_item (GListModel *model,
          guint position)
{
  AssayChanges *self = ASSAY_CHANGES (model);
  Entry *entry;

  if (position >= get_n_items (model))
    return NULL;
  entry = g_sequence_get (g_sequence_get_iter_at_pos (self->shown, position));
  return g_object_ref (entry->item);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ---- which, and in which order ---- */

static gboolean
passes (AssayChanges *self,
        AssayChange change)
{
  switch (self->which)
    {
    case ASSAY_CHANGES_REGRESSED:
      return change == ASSAY_CHANGE_REGRESSED;
    case ASSAY_CHANGES_FIXED:
      return change == ASSAY_CHANGE_FIXED;
    case ASSAY_CHANGES_CHANGED:
      return change != ASSAY_CHANGE_SAME;
    case ASSAY_CHANGES_SAME:
      return change == ASSAY_CHANGE_SAME;
    case ASSAY_CHANGES_ALL:
    default:
      return TRUE;
    }
}

/* The larger a change is as a number, the sooner a person should see it. */
static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer data)
{
  const Entry *left = a;
  const Entry *right = b;
  guint serial_left = assay_item_get_serial (left->item);
  guint serial_right = assay_item_get_serial (right->item);

  if (left->weight != right->weight)
    return left->weight > right->weight ? -1 : 1;
  return serial_left < serial_right ? -1 : serial_left > serial_right;
}

static Entry *
entry_new (AssayItem *item,
           AssayChange change)
{
  Entry *entry = g_new (Entry, 1);

  entry->item = g_object_ref (item);
  entry->weight = change;
  return entry;
}

/* ---- keeping it ---- */

static void
take_out (AssayChanges *self,
          AssayItem *item)
{
  GSequenceIter *place = g_hash_table_lookup (self->places, item);
  guint position;

  if (place == NULL)
    return;
  position = g_sequence_iter_get_position (place);
  g_hash_table_remove (self->places, item);
  g_sequence_remove (place);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static void
put_in (AssayChanges *self,
        AssayItem *item,
        AssayChange change)
{
  GSequenceIter *place =
    g_sequence_insert_sorted (self->shown, entry_new (item, change), compare, NULL);

  g_hash_table_insert (self->places, item, place);
  g_list_model_items_changed (G_LIST_MODEL (self), g_sequence_iter_get_position (place), 0, 1);
}

/* What stays as it is stays where it is. */
static void
update_item (AssayChanges *self,
             AssayItem *item)
{
  GSequenceIter *place = g_hash_table_lookup (self->places, item);
  AssayChange change;
  gboolean wanted = assay_collection_contains (self->collection, item)
                    && assay_judge_get_change (self->judge, item, &change)
                    && passes (self, change);

  if (place != NULL && wanted && ((Entry *) g_sequence_get (place))->weight == change)
    return;
  take_out (self, item);
  if (wanted)
    put_in (self, item, change);
}

static void
make_anew (AssayChanges *self)
{
  GListModel *model = G_LIST_MODEL (self->collection);
  guint removed = g_sequence_get_length (self->shown);

  g_hash_table_remove_all (self->changed);
  g_hash_table_remove_all (self->places);
  g_sequence_remove_range (g_sequence_get_begin_iter (self->shown),
                           g_sequence_get_end_iter (self->shown));
  self->stale = FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, i);
      AssayChange change;

      if (assay_judge_get_change (self->judge, item, &change) && passes (self, change))
        g_hash_table_insert (self->places, item,
                             g_sequence_append (self->shown, entry_new (item, change)));
    }
  /* Their places move with them. */
  g_sequence_sort (self->shown, compare, NULL);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, removed,
                              g_sequence_get_length (self->shown));
}

static void
bring_up_to_date (AssayChanges *self)
{
  GHashTableIter iter;
  gpointer item;

  if (self->stale)
    {
      make_anew (self);
      return;
    }
  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    update_item (self, item);
  g_hash_table_remove_all (self->changed);
}

static gboolean
update_cb (gpointer data)
{
  AssayChanges *self = data;

  self->update_source = 0;
  if (self->live)
    bring_up_to_date (self);
  return G_SOURCE_REMOVE;
}

static void
update_soon (AssayChanges *self)
{
  if (self->live && self->update_source == 0)
    self->update_source = g_timeout_add (UPDATE_MILLISECONDS, update_cb, self);
}

static void
item_changed_cb (AssayJudge *judge,
                 AssayItem *item,
                 AssayChanges *self)
{
  if (self->stale)
    return;
  if (!self->live || g_hash_table_size (self->changed) >= MAX_CHANGED)
    {
      self->stale = TRUE;
      g_hash_table_remove_all (self->changed);
    }
  else
    g_hash_table_add (self->changed, g_object_ref (item));
  update_soon (self);
}

/* What is taken away is told by nobody else. */
static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  AssayChanges *self)
{
  if (removed == 0)
    return;
  self->stale = TRUE;
  if (self->live)
    make_anew (self);
}

static void
assay_changes_dispose (GObject *object)
{
  AssayChanges *self = ASSAY_CHANGES (object);

  g_clear_handle_id (&self->update_source, g_source_remove);
  g_clear_object (&self->collection);
  g_clear_object (&self->judge);
  G_OBJECT_CLASS (assay_changes_parent_class)->dispose (object);
}

static void
assay_changes_finalize (GObject *object)
{
  AssayChanges *self = ASSAY_CHANGES (object);

  g_hash_table_unref (self->places);
  g_hash_table_unref (self->changed);
  g_sequence_free (self->shown);
  G_OBJECT_CLASS (assay_changes_parent_class)->finalize (object);
}

static void
assay_changes_class_init (AssayChangesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_changes_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_changes_finalize;
}

static void
assay_changes_init (AssayChanges *self)
{
  self->which = ASSAY_CHANGES_CHANGED;
  self->stale = TRUE;
  self->shown = g_sequence_new (entry_free);
  self->places = g_hash_table_new (NULL, NULL);
  self->changed = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * assay_changes_new:
 * @collection: (transfer none): whose items
 * @judge: (transfer none): who knows what became of them
 *
 * Returns: (transfer full): those that changed; empty until it is live
 */
AssayChanges *
assay_changes_new (AssayCollection *collection,
                   AssayJudge *judge)
{
  AssayChanges *self;

  g_return_val_if_fail (ASSAY_IS_COLLECTION (collection), NULL);
  g_return_val_if_fail (ASSAY_IS_JUDGE (judge), NULL);

  self = g_object_new (ASSAY_TYPE_CHANGES, NULL);
  self->collection = g_object_ref (collection);
  self->judge = g_object_ref (judge);
  g_signal_connect_object (judge, "item-changed", G_CALLBACK (item_changed_cb), self, 0);
  g_signal_connect_object (collection, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  return self;
}

AssayChangesFilter
assay_changes_get_filter (AssayChanges *self)
{
  g_return_val_if_fail (ASSAY_IS_CHANGES (self), ASSAY_CHANGES_ALL);

  return self->which;
}

void
assay_changes_set_filter (AssayChanges *self,
                          AssayChangesFilter filter)
{
  g_return_if_fail (ASSAY_IS_CHANGES (self));

  if (self->which == filter)
    return;
  self->which = filter;
  self->stale = TRUE;
  if (self->live)
    make_anew (self);
}

/**
 * assay_changes_set_live:
 * @live: whether somebody looks at it
 */
void
assay_changes_set_live (AssayChanges *self,
                        gboolean live)
{
  g_return_if_fail (ASSAY_IS_CHANGES (self));

  self->live = live;
  if (live)
    bring_up_to_date (self);
}

/**
 * assay_changes_count:
 *
 * Returns: how many there are, without looking at any
 */
guint
assay_changes_count (AssayJudge *judge,
                     AssayChangesFilter filter)
{
  guint regressed = assay_judge_count_change (judge, ASSAY_CHANGE_REGRESSED);
  guint fixed = assay_judge_count_change (judge, ASSAY_CHANGE_FIXED);
  guint changed = assay_judge_count_change (judge, ASSAY_CHANGE_CHANGED);
  guint same = assay_judge_count_change (judge, ASSAY_CHANGE_SAME);

  switch (filter)
    {
    case ASSAY_CHANGES_REGRESSED:
      return regressed;
    case ASSAY_CHANGES_FIXED:
      return fixed;
    case ASSAY_CHANGES_CHANGED:
      return regressed + fixed + changed;
    case ASSAY_CHANGES_SAME:
      return same;
    case ASSAY_CHANGES_ALL:
    default:
      return regressed + fixed + changed + same;
    }
}
