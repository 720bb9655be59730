/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-changes.h"
#include "assay-walk.h"

/* The list is brought up to date so often at most, however fast answers come. */
#define UPDATE_MILLISECONDS 100

/* That goes on for so long, and after a pause with the rest. */
#define STEP_MICROSECONDS 6000
#define REST_MILLISECONDS 10

/* Of more that have changed the list is made anew. */
#define MAX_CHANGED 2000

/* One by one, so many are taken out at most. */
#define MAX_REMOVED 64

/* So few are looked at in one turn, and more in slices. */
#define FEW 2000

/* Invariants: places has each item that the list shows and where it stands; an item that
 * has changed since is in changed, or all is stale.  While there is a walk, what is found is
 * in next, in order, and the list is as it was. */
struct _AssayChanges {
  GObject parent_instance;

  AssayCollection *collection;
  AssayJudge *judge;
  GSequence *shown;           /* (element-type Entry): in order */
  GHashTable *places;         /* AssayItem → GSequenceIter */
  GHashTable *changed;        /* (element-type AssayItem) */
  AssayChangesFilter which;
  AssayWalk *walk;            /* (nullable) */
  GSequence *next;            /* (nullable) (element-type Entry) */
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

static void bring_up_to_date (AssayChanges *self);

static void
each_cb (AssayItem *item,
         gpointer data)
{
  AssayChanges *self = data;
  AssayChange change;

  if (assay_judge_get_change (self->judge, item, &change) && passes (self, change))
    g_sequence_insert_sorted (self->next, entry_new (item, change), compare, NULL);
}

static void
stop_walk (AssayChanges *self)
{
  g_clear_pointer (&self->walk, assay_walk_stop);
  g_clear_pointer (&self->next, g_sequence_free);
}

/* Swallows what takes the place of what was there. */
static void
show (AssayChanges *self,
      GSequence *shown)
{
  g_autoptr (GSequence) before = g_steal_pointer (&self->shown);
  GSequenceIter *place;

  self->shown = shown;
  g_hash_table_remove_all (self->places);
  for (place = g_sequence_get_begin_iter (self->shown); !g_sequence_iter_is_end (place);
       place = g_sequence_iter_next (place))
    g_hash_table_insert (self->places, ((Entry *) g_sequence_get (place))->item, place);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, g_sequence_get_length (before),
                              g_sequence_get_length (self->shown));
}

static void
walked_cb (gpointer data)
{
  AssayChanges *self = data;

  g_clear_pointer (&self->walk, assay_walk_stop);
  show (self, g_steal_pointer (&self->next));
  bring_up_to_date (self);
}

static void
make_anew (AssayChanges *self)
{
  GListModel *model = G_LIST_MODEL (self->collection);
  guint n = g_list_model_get_n_items (model);

  stop_walk (self);
  g_hash_table_remove_all (self->changed);
  self->stale = FALSE;
  self->next = g_sequence_new (entry_free);
  if (n > FEW)
    {
      self->walk = assay_walk_start (self->collection, each_cb, walked_cb, self);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, i);

      each_cb (item, self);
    }
  show (self, g_steal_pointer (&self->next));
}

/* Without those that are no more in the collection. */
static void
show_rest (AssayChanges *self)
{
  GSequence *rest = g_sequence_new (entry_free);
  GSequenceIter *place;

  for (place = g_sequence_get_begin_iter (self->shown); !g_sequence_iter_is_end (place);
       place = g_sequence_iter_next (place))
    {
      Entry *entry = g_sequence_get (place);

      if (assay_collection_contains (self->collection, entry->item))
        g_sequence_append (rest, entry_new (entry->item, entry->weight));
    }
  show (self, rest);
}

/* One by one, so that the others stay selected, as long as it isn't too many. */
static void
drop_removed (AssayChanges *self)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->places);
  while (gone->len <= MAX_REMOVED && g_hash_table_iter_next (&iter, &item, NULL))
    if (!assay_collection_contains (self->collection, item))
      g_ptr_array_add (gone, g_object_ref (item));
  if (gone->len > MAX_REMOVED)
    {
      show_rest (self);
      return;
    }
  for (guint i = 0; i < gone->len; i++)
    take_out (self, g_ptr_array_index (gone, i));
}

static void update_soon (AssayChanges *self, guint milliseconds);

static void
bring_up_to_date (AssayChanges *self)
{
  gint64 end = g_get_monotonic_time () + STEP_MICROSECONDS;
  GHashTableIter iter;
  gpointer item;

  if (self->stale)
    make_anew (self);
  if (self->walk != NULL)
    return;
  g_hash_table_iter_init (&iter, self->changed);
  while (g_get_monotonic_time () < end && g_hash_table_iter_next (&iter, &item, NULL))
    {
      update_item (self, item);
      g_hash_table_iter_remove (&iter);
    }
  if (g_hash_table_size (self->changed) > 0)
    update_soon (self, REST_MILLISECONDS);
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
update_soon (AssayChanges *self,
             guint milliseconds)
{
  if (self->live && self->update_source == 0)
    self->update_source = g_timeout_add (milliseconds, update_cb, self);
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
  update_soon (self, UPDATE_MILLISECONDS);
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
  if (!self->live)
    {
      self->stale = TRUE;
      return;
    }
  drop_removed (self);
  /* It may have found some of them. */
  if (self->walk != NULL)
    make_anew (self);
}

static void
assay_changes_dispose (GObject *object)
{
  AssayChanges *self = ASSAY_CHANGES (object);

  g_clear_handle_id (&self->update_source, g_source_remove);
  stop_walk (self);
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
