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

#define N_CHANGES (ASSAY_CHANGE_REGRESSED + 1)

/* What the list shows, for each change those of which it has become, by serial.  One after
 * the other, the largest change first, they are the list: there may be a hundred thousand,
 * and a place in an array is all that each takes. */
typedef struct {
  GPtrArray *items[N_CHANGES]; /* (element-type AssayItem) */
} Shown;

/* Invariants: an item is at most once in shown, as what it was sorted in as; one that
 * has changed since is in changed, or all is stale.  While there is a walk, what is found is
 * in next, in order, and the list is as it was. */
struct _AssayChanges {
  GObject parent_instance;

  AssayCollection *collection;
  AssayJudge *judge;
  Shown *shown;
  GHashTable *changed;        /* (element-type AssayItem) */
  AssayChangesFilter which;
  AssayWalk *walk;            /* (nullable) */
  Shown *next;                /* (nullable) */
  guint update_source;
  gboolean live;              /* somebody looks at it */
  gboolean stale;             /* to be made anew */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayChanges, assay_changes, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* ---- what is shown ---- */

static Shown *
shown_new (void)
{
  Shown *self = g_new (Shown, 1);

  for (guint i = 0; i < N_CHANGES; i++)
    self->items[i] = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

static void
shown_free (Shown *self)
{
  for (guint i = 0; i < N_CHANGES; i++)
    g_ptr_array_unref (self->items[i]);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shown, shown_free)

static guint
shown_count (const Shown *self)
{
  guint n = 0;

  for (guint i = 0; i < N_CHANGES; i++)
    n += self->items[i]->len;
  return n;
}

/* The larger a change is as a number, the sooner a person should see it. */
static guint
count_before (const Shown *self,
              AssayChange change)
{
  guint n = 0;

  for (guint i = change + 1; i < N_CHANGES; i++)
    n += self->items[i]->len;
  return n;
}

/* Where the first stands that is not before that serial. */
static guint
find_place (const GPtrArray *items,
            guint serial)
{
  guint start = 0, end = items->len;

  /* Most come in the order of arrival. */
  if (end > 0 && assay_item_get_serial (g_ptr_array_index (items, end - 1)) < serial)
    return end;
  while (start < end)
    {
      guint middle = start + (end - start) / 2;

      if (assay_item_get_serial (g_ptr_array_index (items, middle)) < serial)
        start = middle + 1;
      else
        end = middle;
    }
  return start;
}

static gboolean
shown_find (const Shown *self,
            AssayItem *item,
            AssayChange *change,
            guint *place)
{
  for (guint i = 0; i < N_CHANGES; i++)
    {
      guint at = find_place (self->items[i], assay_item_get_serial (item));

      if (at < self->items[i]->len && g_ptr_array_index (self->items[i], at) == item)
        {
          *change = i;
          *place = at;
          return TRUE;
        }
    }
  return FALSE;
}

/* Returns where it stands in the list. */
static guint
shown_insert (Shown *self,
              AssayItem *item,
              AssayChange change)
{
  guint place = find_place (self->items[change], assay_item_get_serial (item));

  g_ptr_array_insert (self->items[change], place, g_object_ref (item));
  return count_before (self, change) + place;
}

/* ---- the list ---- */

static GType
get_item_type (GListModel *model)
{
  return ASSAY_TYPE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return shown_count (ASSAY_CHANGES (model)->shown);
}

static gpointer
get_item (GListModel *model,
          guint position)
{
  AssayChanges *self = ASSAY_CHANGES (model);

  for (guint i = N_CHANGES; i-- > 0;)
    {
      const GPtrArray *items = self->shown->items[i];

      if (position < items->len)
        return g_object_ref (g_ptr_array_index (items, position));
      position -= items->len;
    }
  return NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ---- which ---- */

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

/* ---- keeping it ---- */

static void
take_out (AssayChanges *self,
          AssayItem *item)
{
  AssayChange change;
  guint place;

  if (!shown_find (self->shown, item, &change, &place))
    return;
  g_ptr_array_remove_index (self->shown->items[change], place);
  g_list_model_items_changed (G_LIST_MODEL (self), count_before (self->shown, change) + place, 1, 0);
}

/* What stays as it is stays where it is. */
static void
update_item (AssayChanges *self,
             AssayItem *item)
{
  AssayChange change, before;
  guint place;
  gboolean wanted = assay_collection_contains (self->collection, item)
                    && assay_judge_get_change (self->judge, item, &change)
                    && passes (self, change);

  if (wanted && shown_find (self->shown, item, &before, &place) && before == change)
    return;
  take_out (self, item);
  if (wanted)
    g_list_model_items_changed (G_LIST_MODEL (self), shown_insert (self->shown, item, change), 0, 1);
}

static void bring_up_to_date (AssayChanges *self);

static void
each_cb (AssayItem *item,
         gpointer data)
{
  AssayChanges *self = data;
  AssayChange change;

  if (assay_judge_get_change (self->judge, item, &change) && passes (self, change))
    shown_insert (self->next, item, change);
}

static void
stop_walk (AssayChanges *self)
{
  g_clear_pointer (&self->walk, assay_walk_stop);
  g_clear_pointer (&self->next, shown_free);
}

/* Swallows what takes the place of what was there. */
static void
show (AssayChanges *self,
      Shown *shown)
{
  g_autoptr (Shown) before = g_steal_pointer (&self->shown);

  self->shown = shown;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, shown_count (before), shown_count (shown));
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
  self->next = shown_new ();
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
  Shown *rest = shown_new ();

  for (guint i = 0; i < N_CHANGES; i++)
    for (guint j = 0; j < self->shown->items[i]->len; j++)
      {
        AssayItem *item = g_ptr_array_index (self->shown->items[i], j);

        if (assay_collection_contains (self->collection, item))
          g_ptr_array_add (rest->items[i], g_object_ref (item));
      }
  show (self, rest);
}

/* Of those that are no more in the collection, one more than MAX_REMOVED at most. */
static GPtrArray *
list_removed (AssayChanges *self)
{
  GPtrArray *gone = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < N_CHANGES; i++)
    for (guint j = 0; j < self->shown->items[i]->len && gone->len <= MAX_REMOVED; j++)
      {
        AssayItem *item = g_ptr_array_index (self->shown->items[i], j);

        if (!assay_collection_contains (self->collection, item))
          g_ptr_array_add (gone, g_object_ref (item));
      }
  return gone;
}

/* One by one, so that the others stay selected, as long as it isn't too many. */
static void
drop_removed (AssayChanges *self)
{
  g_autoptr (GPtrArray) gone = list_removed (self);

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

  g_hash_table_unref (self->changed);
  shown_free (self->shown);
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
  self->shown = shown_new ();
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
