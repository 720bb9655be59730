/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-row-layout.h"
#include "assay-rows.h"
#include "assay-util.h"

/* What answers do to the list is done so often at most, however fast they come. */
#define UPDATE_MILLISECONDS 250

/* So few are laid out at once, without a step in between that a person could see. */
#define FEW 2000

/* Of more that have changed the list is made anew. */
#define MAX_CHANGED 4000

/* One by one, so many at most. */
#define MAX_TAKEN_OUT 32

/* Of so many selected each stays tracked by whoever shows it when it moves. */
#define MAX_TRACKED 16

/* Work goes on so long before the main loop has its turn. */
#define STEP_MICROSECONDS 4000

/* A main loop that is busy all the time never comes to idle work; a little is done
 * nevertheless. */
#define NUDGE_MILLISECONDS 50

/* Invariants: rows holds what the list shows, sorted by their places; by_serial has each
 * item that it shows or that a closed group hides, n_items of them; in the order of
 * arrival each folder has its members and stands in rows as long as it has some, else keys
 * has a key for each of by_serial.  selected is among the items in rows.  While layout is
 * being made, choice and order are its and rows are those of the choice before. */
struct _AssayRows {
  GObject parent_instance;

  AssayCollection *collection;
  AssayRowChoice choice;
  AssayRowOrder order;
  AssayRowTexts *texts;

  GPtrArray *rows;               /* (element-type GObject) */
  GPtrArray *by_serial;          /* (borrowed) (nullable) */
  GArray *keys;                  /* (element-type AssayRowKey) by serial */
  AssayRowOrder shown_order;
  AssayRowTexts *shown_texts;    /* keeps keys */
  guint n_items;
  GHashTable *folders;           /* name → Folder */
  GHashTable *selected;          /* (element-type AssayItem) (borrowed) */
  AssayRowsWatchFunc watch;      /* (nullable) */
  gpointer watch_data;

  gboolean quiet;                /* what changes is told of later */
  gpointer *old;                 /* (nullable): rows as they were, while differences are told */
  guint n_old;
  guint told_old;                /* of old have been told to be gone, */
  guint told;                    /* and so many of rows to be there */

  AssayRowLayout *layout;        /* (nullable) */
  GHashTable *changed;           /* (element-type AssayItem): since the last update */
  GPtrArray *updating;           /* (element-type AssayItem): those of the last update to do */
  gboolean stale;                /* too many have changed */
  guint update_source;
  guint work_source;
  guint nudge_source;
};

typedef struct {
  AssayGroup *group;
  GPtrArray *members;            /* (element-type AssayItem): by serial */
} Folder;

static void list_model_init (GListModelInterface *iface);
static void selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayRows, assay_rows, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                      selection_model_init))

enum {
  PROP_0,
  PROP_BUSY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return G_TYPE_OBJECT;
}

/* While differences are told one after the other, the list is new as far as they were told
 * and old from there on. */
static guint
count_rows (AssayRows *self)
{
  return self->old != NULL ? self->told + self->n_old - self->told_old : self->rows->len;
}

static gpointer
get_row (AssayRows *self,
         guint position)
{
  if (self->old != NULL && position >= self->told)
    return self->old[position - self->told + self->told_old];
  return g_ptr_array_index (self->rows, position);
}

static guint
get_n_items (GListModel *model)
{
  return count_rows (ASSAY_ROWS (model));
}

static gpointer
get_item (GListModel *model,
          guint position)
{
  AssayRows *self = ASSAY_ROWS (model);

  if (position >= count_rows (self))
    return NULL;
  return g_object_ref (get_row (self, position));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
rows_changed (AssayRows *self,
              guint position,
              guint removed,
              guint added)
{
  if (!self->quiet && (removed > 0 || added > 0))
    g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

/* ---- folders ---- */

static void
folder_free (gpointer data)
{
  Folder *self = data;

  g_object_unref (self->group);
  g_ptr_array_unref (self->members);
  g_free (self);
}

static void group_expanded_cb (AssayGroup *group, GParamSpec *pspec, AssayRows *self);

static Folder *
ensure_folder (AssayRows *self,
               AssayItem *item,
               const char *name)
{
  Folder *folder = g_hash_table_lookup (self->folders, name);
  AssaySource *source = assay_item_get_source (item);

  if (folder != NULL)
    return folder;
  folder = g_new (Folder, 1);
  folder->group = assay_group_new (name, assay_source_get_member (source) != NULL);
  folder->members = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_insert (self->folders, g_strdup (name), folder);
  g_signal_connect_object (folder->group, "notify::expanded", G_CALLBACK (group_expanded_cb),
                           self, 0);
  return folder;
}

static gboolean
is_grouped (AssayRows *self)
{
  return self->shown_order == ASSAY_ROW_ORDER_ADDED;
}

/* Where the item stands in the list as it is: its folder, or NULL at the top. */
static Folder *
get_folder (AssayRows *self,
            AssayItem *item)
{
  const char *name = is_grouped (self) ? assay_item_get_group (item) : NULL;

  return name != NULL ? ensure_folder (self, item, name) : NULL;
}

static guint
get_serial (GPtrArray *items,
            guint index)
{
  return assay_item_get_serial (g_ptr_array_index (items, index));
}

static guint
count_shown_members (Folder *folder)
{
  return assay_group_get_expanded (folder->group) ? folder->members->len : 0;
}

/* The first of them with that serial or a later one. */
static guint
find_member (Folder *folder,
             guint serial)
{
  guint low = 0;
  guint high = folder->members->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (get_serial (folder->members, middle) < serial)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* ---- places ---- */

/* What rows are sorted by.  A folder stands where its first member would. */
typedef struct {
  AssayRowKey key;
  guint top;                     /* serial of the item, or of the first of its folder */
  guint serial;                  /* 0 for the row of the folder itself */
} Place;

static Place
get_folder_place (Folder *folder)
{
  return (Place) { .top = get_serial (folder->members, 0) };
}

static Place
get_item_place (AssayRows *self,
                AssayItem *item)
{
  guint serial = assay_item_get_serial (item);
  Folder *folder = get_folder (self, item);
  Place place = { .top = serial, .serial = serial };

  if (!is_grouped (self))
    place.key = g_array_index (self->keys, AssayRowKey, serial);
  else if (folder != NULL && folder->members->len > 0)
    place.top = get_serial (folder->members, 0);
  return place;
}

static Folder *
find_folder (AssayRows *self,
             AssayGroup *group)
{
  return g_hash_table_lookup (self->folders, assay_group_get_name (group));
}

static Place
get_place (AssayRows *self,
           gpointer row)
{
  return ASSAY_IS_GROUP (row) ? get_folder_place (find_folder (self, row))
                              : get_item_place (self, row);
}

static int
compare_places (const Place *a,
                const Place *b)
{
  int order = assay_row_key_compare (&a->key, &b->key);

  if (order != 0)
    return order;
  if (a->top != b->top)
    return a->top < b->top ? -1 : 1;
  return a->serial < b->serial ? -1 : a->serial > b->serial;
}

/* The first row from @low on and before @high that stands there or further down, or
 * @high. */
static guint
find_place (AssayRows *self,
            Place place,
            guint low,
            guint high)
{
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      Place other = get_place (self, g_ptr_array_index (self->rows, middle));

      if (compare_places (&other, &place) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
has_item (AssayRows *self,
          AssayItem *item)
{
  guint serial = assay_item_get_serial (item);

  return serial < self->by_serial->len && g_ptr_array_index (self->by_serial, serial) == item;
}

static guint
find_item (AssayRows *self,
           AssayItem *item)
{
  guint position;

  if (!has_item (self, item))
    return G_MAXUINT;
  position = find_place (self, get_item_place (self, item), 0, self->rows->len);
  if (position < self->rows->len && g_ptr_array_index (self->rows, position) == item)
    return position;
  return G_MAXUINT;
}

static guint
find_folder_row (AssayRows *self,
                 Folder *folder)
{
  return find_place (self, get_folder_place (folder), 0, self->rows->len);
}

/* ---- moving pointers ---- */

/* Makes room for rows that are to be filled in. */
static void
open_rows (AssayRows *self,
           guint position,
           guint n)
{
  guint before = self->rows->len;
  gpointer *rows;

  g_ptr_array_set_size (self->rows, before + n);
  rows = self->rows->pdata + position;
  memmove (rows + n, rows, (before - position) * sizeof (gpointer));
}

static void
insert_row (AssayRows *self,
            guint position,
            gpointer row)
{
  g_ptr_array_insert (self->rows, position, g_object_ref (row));
}

static void
insert_members (AssayRows *self,
                guint position,
                Folder *folder)
{
  guint n = folder->members->len;

  open_rows (self, position, n);
  for (guint i = 0; i < n; i++)
    self->rows->pdata[position + i] = g_object_ref (g_ptr_array_index (folder->members, i));
}

/* Puts the rows from @middle on before those from @start on. */
static void
rotate_rows (AssayRows *self,
             guint start,
             guint middle,
             guint end)
{
  gpointer *rows = self->rows->pdata;
  gsize n_first = middle - start;
  gsize n_last = end - middle;
  g_autofree gpointer *first = NULL;

  if (n_first == 0 || n_last == 0)
    return;
  first = g_memdup2 (rows + start, n_first * sizeof (gpointer));
  memmove (rows + start, rows + middle, n_last * sizeof (gpointer));
  memcpy (rows + start + n_last, first, n_first * sizeof (gpointer));
}

/* Tells only of the stretch that differs. */
static void
replace_rows (AssayRows *self,
              GPtrArray *rows)
{
  g_autoptr (GPtrArray) old = self->rows;
  guint least = MIN (old->len, rows->len);
  guint head = 0;
  guint tail = 0;

  while (head < least && g_ptr_array_index (old, head) == g_ptr_array_index (rows, head))
    head++;
  while (tail < least - head
         && g_ptr_array_index (old, old->len - 1 - tail)
              == g_ptr_array_index (rows, rows->len - 1 - tail))
    tail++;
  self->rows = rows;
  rows_changed (self, head, old->len - head - tail, rows->len - head - tail);
}

/* ---- one item in or out ---- */

static void
note_item (AssayRows *self,
           AssayItem *item)
{
  guint serial = assay_item_get_serial (item);

  if (serial >= self->by_serial->len)
    g_ptr_array_set_size (self->by_serial, serial + 1);
  g_ptr_array_index (self->by_serial, serial) = item;
  self->n_items++;
  if (is_grouped (self))
    return;
  if (serial >= self->keys->len)
    g_array_set_size (self->keys, serial + 1);
  g_array_index (self->keys, AssayRowKey, serial) =
    assay_row_texts_make_key (self->texts, self->shown_order, item);
}

static void
forget_item (AssayRows *self,
             AssayItem *item)
{
  g_ptr_array_index (self->by_serial, assay_item_get_serial (item)) = NULL;
  self->n_items--;
  g_hash_table_remove (self->selected, item);
}

/* A folder begins with another member than before: puts it where that belongs, all in one
 * change.  @removed and @added rows right below its own have changed already. */
static void
reseat (AssayRows *self,
        Folder *folder,
        guint position,
        guint removed,
        guint added)
{
  guint n = 1 + count_shown_members (folder);
  Place place = get_folder_place (folder);
  guint above = find_place (self, place, 0, position);
  guint below = find_place (self, place, position + n, self->rows->len);

  if (above < position)
    {
      rotate_rows (self, above, position, position + n);
      rows_changed (self, above, position + n - above - added + removed, position + n - above);
    }
  else if (below > position + n)
    {
      rotate_rows (self, position, position + n, below);
      rows_changed (self, position, below - position - added + removed, below - position);
    }
  else
    rows_changed (self, position + 1, removed, added);
}

static void
open_folder (AssayRows *self,
             Folder *folder,
             AssayItem *item)
{
  gboolean shown = assay_group_get_expanded (folder->group);
  guint position;

  g_ptr_array_add (folder->members, g_object_ref (item));
  position = find_folder_row (self, folder);
  insert_row (self, position, folder->group);
  if (shown)
    insert_row (self, position + 1, item);
  rows_changed (self, position, 0, 1 + shown);
}

static void
add_member (AssayRows *self,
            Folder *folder,
            AssayItem *item)
{
  gboolean shown = assay_group_get_expanded (folder->group);
  guint index = find_member (folder, assay_item_get_serial (item));
  guint position = find_folder_row (self, folder);

  g_ptr_array_insert (folder->members, index, g_object_ref (item));
  if (shown)
    insert_row (self, position + 1 + index, item);
  if (index == 0)
    reseat (self, folder, position, 0, shown);
  else if (shown)
    rows_changed (self, position + 1 + index, 0, 1);
}

static void
put_in (AssayRows *self,
        AssayItem *item)
{
  Folder *folder = get_folder (self, item);
  guint position;

  note_item (self, item);
  if (folder == NULL)
    {
      position = find_place (self, get_item_place (self, item), 0, self->rows->len);
      insert_row (self, position, item);
      rows_changed (self, position, 0, 1);
      return;
    }
  if (folder->members->len == 0)
    open_folder (self, folder, item);
  else
    add_member (self, folder, item);
  assay_group_set_count (folder->group, folder->members->len);
}

static void
remove_member (AssayRows *self,
               Folder *folder,
               AssayItem *item)
{
  gboolean shown = assay_group_get_expanded (folder->group);
  guint index = find_member (folder, assay_item_get_serial (item));
  guint position = find_folder_row (self, folder);

  g_ptr_array_remove_index (folder->members, index);
  if (folder->members->len == 0)
    {
      g_ptr_array_remove_range (self->rows, position, 1 + shown);
      rows_changed (self, position, 1 + shown, 0);
      return;
    }
  if (shown)
    g_ptr_array_remove_index (self->rows, position + 1 + index);
  if (index == 0)
    reseat (self, folder, position, shown, 0);
  else if (shown)
    rows_changed (self, position + 1 + index, 1, 0);
}

static void
take_out (AssayRows *self,
          AssayItem *item)
{
  /* The list may have had the last reference. */
  g_autoptr (AssayItem) kept = g_object_ref (item);
  Folder *folder = get_folder (self, item);
  guint position = folder == NULL ? find_item (self, item) : 0;

  forget_item (self, item);
  if (folder == NULL)
    {
      g_ptr_array_remove_index (self->rows, position);
      rows_changed (self, position, 1, 0);
      return;
    }
  remove_member (self, folder, item);
  assay_group_set_count (folder->group, folder->members->len);
}

/* ---- one item moves ---- */

/* In one change whoever shows the row knows it for the same, but looks at all in between;
 * that is for the few that somebody looks at. */
static gboolean
is_tracked (AssayRows *self,
            AssayItem *item)
{
  return g_hash_table_size (self->selected) <= MAX_TRACKED
         && g_hash_table_contains (self->selected, item);
}

static void
move (AssayRows *self,
      AssayItem *item,
      AssayRowKey key)
{
  g_autoptr (AssayItem) kept = g_object_ref (item);
  gboolean tracked = is_tracked (self, item);
  guint from = find_item (self, item);
  guint to;

  g_ptr_array_remove_index (self->rows, from);
  if (!tracked)
    rows_changed (self, from, 1, 0);
  g_array_index (self->keys, AssayRowKey, assay_item_get_serial (item)) = key;
  to = find_place (self, get_item_place (self, item), 0, self->rows->len);
  insert_row (self, to, item);
  if (!tracked)
    rows_changed (self, to, 0, 1);
  else if (from != to)
    rows_changed (self, MIN (from, to), MAX (from, to) - MIN (from, to) + 1,
                  MAX (from, to) - MIN (from, to) + 1);
}

static gboolean
stays (AssayRows *self,
       AssayItem *item,
       const AssayRowKey *key)
{
  guint position = find_item (self, item);
  Place place = { *key, assay_item_get_serial (item), assay_item_get_serial (item) };
  Place other;

  if (position > 0)
    {
      other = get_place (self, g_ptr_array_index (self->rows, position - 1));
      if (compare_places (&other, &place) > 0)
        return FALSE;
    }
  if (position + 1 < self->rows->len)
    {
      other = get_place (self, g_ptr_array_index (self->rows, position + 1));
      if (compare_places (&place, &other) > 0)
        return FALSE;
    }
  return TRUE;
}

static void
update_key (AssayRows *self,
            AssayItem *item)
{
  AssayRowKey *old = &g_array_index (self->keys, AssayRowKey, assay_item_get_serial (item));
  AssayRowKey key = assay_row_texts_make_key (self->texts, self->shown_order, item);

  if (assay_row_key_compare (old, &key) == 0 || stays (self, item, &key))
    *old = key;
  else
    move (self, item, key);
}

static gboolean
passes (AssayRows *self,
        AssayItem *item)
{
  return assay_row_choice_passes (&self->choice, item,
                                  assay_collection_get_threshold (self->collection));
}

static void
update_item (AssayRows *self,
             AssayItem *item)
{
  gboolean wanted;

  /* Those that were removed are out already. */
  if (!assay_collection_contains (self->collection, item))
    return;
  wanted = passes (self, item);
  if (wanted && !has_item (self, item))
    put_in (self, item);
  else if (!wanted && has_item (self, item))
    take_out (self, item);
  else if (wanted && !is_grouped (self))
    update_key (self, item);
}

/* ---- many at the end ---- */

/* Whether it can stand below all the others, the common case: a batch of a walk. */
static gboolean
comes_last (AssayRows *self,
            Folder *folder)
{
  gpointer last = self->rows->len > 0
                    ? g_ptr_array_index (self->rows, self->rows->len - 1) : NULL;

  if (folder == NULL || folder->members->len == 0)
    return TRUE;
  return ASSAY_IS_GROUP (last) ? last == folder->group : get_folder (self, last) == folder;
}

static void
append_item (AssayRows *self,
             Folder *folder,
             AssayItem *item)
{
  note_item (self, item);
  if (folder != NULL && folder->members->len == 0)
    g_ptr_array_add (self->rows, g_object_ref (folder->group));
  if (folder != NULL)
    g_ptr_array_add (folder->members, g_object_ref (item));
  if (folder == NULL || assay_group_get_expanded (folder->group))
    g_ptr_array_add (self->rows, g_object_ref (item));
}

/* A stretch at the end that was added to and not told of yet. */
typedef struct {
  guint start;
  Folder *folder;                /* (nullable): whose count changes */
} Tail;

static void
tell_tail (AssayRows *self,
           Tail *tail,
           Folder *next)
{
  if (tail->folder != NULL && tail->folder != next)
    assay_group_set_count (tail->folder->group, tail->folder->members->len);
  tail->folder = next;
}

static void
end_tail (AssayRows *self,
          Tail *tail)
{
  guint start = tail->start;

  tell_tail (self, tail, NULL);
  tail->start = self->rows->len;
  rows_changed (self, start, 0, self->rows->len - start);
}

static void note_changed (AssayRows *self, AssayItem *item);

/* The items of the collection from @position on are new. */
static void
append_items (AssayRows *self,
              guint position)
{
  GListModel *model = G_LIST_MODEL (self->collection);
  guint n = g_list_model_get_n_items (model);
  Tail tail = { self->rows->len, NULL };

  for (; position < n; position++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, position);
      Folder *folder = get_folder (self, item);

      if (!passes (self, item))
        continue;
      if (is_grouped (self) && comes_last (self, folder))
        {
          tell_tail (self, &tail, folder);
          append_item (self, folder, item);
          continue;
        }
      if (n > FEW)
        {
          note_changed (self, item);
          continue;
        }
      end_tail (self, &tail);
      put_in (self, item);
      tail.start = self->rows->len;
    }
  end_tail (self, &tail);
}

/* ---- many out ---- */

static GPtrArray *
keep_items (AssayRows *self,
            GPtrArray *items)
{
  GPtrArray *kept = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < items->len; i++)
    if (has_item (self, g_ptr_array_index (items, i)))
      g_ptr_array_add (kept, g_object_ref (g_ptr_array_index (items, i)));
  return kept;
}

static void
keep_members (AssayRows *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->folders);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Folder *folder = value;
      GPtrArray *kept = keep_items (self, folder->members);

      g_ptr_array_unref (folder->members);
      folder->members = kept;
      assay_group_set_count (folder->group, kept->len);
    }
}

/* All rows in the order of arrival, from what there is. */
static GPtrArray *
lay_out (AssayRows *self)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->by_serial->len; i++)
    {
      AssayItem *item = g_ptr_array_index (self->by_serial, i);
      Folder *folder = item != NULL ? get_folder (self, item) : NULL;

      if (item != NULL && folder == NULL)
        g_ptr_array_add (rows, g_object_ref (item));
      if (folder == NULL || g_ptr_array_index (folder->members, 0) != item)
        continue;
      g_ptr_array_add (rows, g_object_ref (folder->group));
      for (guint j = 0; j < count_shown_members (folder); j++)
        g_ptr_array_add (rows, g_object_ref (g_ptr_array_index (folder->members, j)));
    }
  return rows;
}

static void
take_out_many (AssayRows *self,
               GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    forget_item (self, g_ptr_array_index (items, i));
  if (is_grouped (self))
    keep_members (self);
  replace_rows (self, is_grouped (self) ? lay_out (self) : keep_items (self, self->rows));
}

static guint
get_serial_at (AssayRows *self,
               guint position)
{
  g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (self->collection), position);

  return item != NULL ? assay_item_get_serial (item) : G_MAXUINT;
}

/* The collection stands in order of serials: what has gone had one between those of the
 * neighbors that are left. */
static void
take_out_removed (AssayRows *self,
                  guint position,
                  guint added)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);
  guint start = position > 0 ? get_serial_at (self, position - 1) + 1 : 0;
  guint end = MIN (get_serial_at (self, position + added), self->by_serial->len);

  for (guint i = start; i < end; i++)
    {
      AssayItem *item = g_ptr_array_index (self->by_serial, i);

      if (item != NULL && !assay_collection_contains (self->collection, item))
        g_ptr_array_add (gone, g_object_ref (item));
    }
  if (gone->len > MAX_TAKEN_OUT)
    {
      take_out_many (self, gone);
      return;
    }
  for (guint i = 0; i < gone->len; i++)
    take_out (self, g_ptr_array_index (gone, i));
}

/* ---- groups that open and close ---- */

static void
unselect_members (AssayRows *self,
                  Folder *folder)
{
  if (g_hash_table_size (self->selected) == 0)
    return;
  for (guint i = 0; i < folder->members->len; i++)
    g_hash_table_remove (self->selected, g_ptr_array_index (folder->members, i));
}

static void
group_expanded_cb (AssayGroup *group,
                   GParamSpec *pspec,
                   AssayRows *self)
{
  Folder *folder = find_folder (self, group);
  guint n = folder->members->len;
  guint position;

  if (self->layout != NULL)
    assay_row_layout_rewind (self->layout);
  if (!is_grouped (self) || n == 0)
    return;
  position = find_folder_row (self, folder) + 1;
  if (assay_group_get_expanded (group))
    {
      insert_members (self, position, folder);
      rows_changed (self, position, 0, n);
      return;
    }
  unselect_members (self, folder);
  g_ptr_array_remove_range (self->rows, position, n);
  rows_changed (self, position, n, 0);
}

/* ---- another choice ---- */

static gboolean has_work (AssayRows *self);
static void start_work (AssayRows *self);
static void update_soon (AssayRows *self);
static void make_anew (AssayRows *self);

static void
take_members (AssayRows *self,
              GHashTable *members)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->folders);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Folder *folder = value;
      GPtrArray *own = g_hash_table_lookup (members, folder->group);

      g_ptr_array_unref (folder->members);
      folder->members =
        own != NULL ? g_ptr_array_ref (own) : g_ptr_array_new_with_free_func (g_object_unref);
      assay_group_set_count (folder->group, folder->members->len);
    }
}

static gboolean
is_hidden (AssayRows *self,
           AssayItem *item)
{
  Folder *folder = get_folder (self, item);

  return folder != NULL && !assay_group_get_expanded (folder->group);
}

static gboolean
is_not_shown (gpointer item,
              gpointer value,
              gpointer data)
{
  return !has_item (data, item) || is_hidden (data, item);
}

static void
take_result (AssayRows *self,
             AssayRowLayout *layout)
{
  g_clear_pointer (&self->by_serial, g_ptr_array_unref);
  self->by_serial = g_ptr_array_ref (layout->by_serial);
  g_clear_pointer (&self->keys, g_array_unref);
  self->keys = g_array_ref (layout->keys);
  assay_row_texts_unref (self->shown_texts);
  self->shown_texts = assay_row_texts_ref (layout->texts);
  self->shown_order = layout->order;
  self->n_items = layout->n_items;
  take_members (self, layout->members);
  g_hash_table_foreach_remove (self->selected, is_not_shown, self);
  replace_rows (self, g_ptr_array_ref (layout->rows));
}

static void
end_layout (AssayRows *self)
{
  g_autoptr (AssayRowLayout) layout = g_steal_pointer (&self->layout);

  take_result (self, layout);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->collection)) - layout->scanned > FEW)
    self->stale = TRUE;
  else
    append_items (self, layout->scanned);
  update_soon (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static AssayGroup *
get_layout_group (gpointer host,
                  AssayItem *item,
                  const char *name)
{
  return ensure_folder (host, item, name)->group;
}

static void
layout_sorted (gpointer host)
{
  start_work (host);
}

/* All that is there is looked at for the choice as it is now. */
static void
make_anew (AssayRows *self)
{
  const AssayRowLayoutHost host = { get_layout_group, layout_sorted, self };
  gboolean was_busy = self->layout != NULL;

  g_clear_pointer (&self->layout, assay_row_layout_free);
  g_hash_table_remove_all (self->changed);
  g_ptr_array_set_size (self->updating, 0);
  self->stale = FALSE;
  self->layout = assay_row_layout_new (self->collection, &self->choice, self->order, self->texts,
                                       &host);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->collection)) <= FEW)
    {
      assay_row_layout_work (self->layout, G_MAXINT64);
      end_layout (self);
      return;
    }
  start_work (self);
  if (!was_busy)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* ---- many changes told together ---- */

/* A stretch of rows that has become another. */
typedef struct {
  guint old_start;
  guint old_end;
  guint start;
  guint end;
} Stretch;

static void
tell_stretch (AssayRows *self,
              Stretch *stretch)
{
  guint removed = stretch->old_end - stretch->old_start;
  guint added = stretch->end - stretch->start;

  self->told_old = stretch->old_end;
  self->told = stretch->end;
  rows_changed (self, stretch->start, removed, added);
}

static gboolean
may_differ (gpointer row,
            GHashTable *touched)
{
  return ASSAY_IS_GROUP (row) || g_hash_table_contains (touched, row);
}

/* The next stretch that differs from the end of @stretch on.  What was not touched stands in
 * the same order as before, unless a whole group has moved: then all the rest differs. */
static gboolean
find_stretch (AssayRows *self,
              GHashTable *touched,
              Stretch *stretch)
{
  guint old = stretch->old_end;
  guint new = stretch->end;

  while (old < self->n_old && new < self->rows->len
         && self->old[old] == g_ptr_array_index (self->rows, new))
    old++, new++;
  stretch->old_start = old;
  stretch->start = new;
  while (old < self->n_old || new < self->rows->len)
    {
      gpointer was = old < self->n_old ? self->old[old] : NULL;
      gpointer is = new < self->rows->len ? g_ptr_array_index (self->rows, new) : NULL;

      if (was == is)
        break;
      if (was != NULL && may_differ (was, touched))
        old++;
      else if (is != NULL && may_differ (is, touched))
        new++;
      else
        {
          old = self->n_old;
          new = self->rows->len;
        }
    }
  stretch->old_end = old;
  stretch->end = new;
  return old > stretch->old_start || new > stretch->start;
}

/* Whoever shows a part of the rows looks at each of these again with every change above
 * them: what changes between two of them is told as one. */
static gboolean
join (Stretch *stretch,
      const Stretch *next,
      GtkBitset *watched)
{
  if (watched == NULL
      || gtk_bitset_get_size_in_range (watched, stretch->old_start, next->old_end) > 0)
    return FALSE;
  stretch->old_end = next->old_end;
  stretch->end = next->end;
  return TRUE;
}

static void
tell_differences (AssayRows *self,
                  gpointer *old,
                  guint n_old,
                  GHashTable *touched)
{
  Stretch stretch = { 0 };
  Stretch next;
  g_autoptr (GtkBitset) watched = self->watch != NULL ? self->watch (self->watch_data) : NULL;

  self->old = old;
  self->n_old = n_old;
  self->told_old = 0;
  self->told = 0;
  if (find_stretch (self, touched, &stretch))
    {
      for (next = stretch; find_stretch (self, touched, &next);)
        {
          if (join (&stretch, &next, watched))
            continue;
          tell_stretch (self, &stretch);
          stretch = next;
        }
      tell_stretch (self, &stretch);
    }
  self->old = NULL;
}

/**
 * assay_rows_set_watch:
 * @watch: (nullable): tells which rows somebody shows
 *
 * Lets many changes of the others be told as one.
 */
void
assay_rows_set_watch (AssayRows *self,
                      AssayRowsWatchFunc watch,
                      gpointer data)
{
  g_return_if_fail (ASSAY_IS_ROWS (self));

  self->watch = watch;
  self->watch_data = data;
}

/* ---- work in steps ---- */

static void
stop_work (AssayRows *self)
{
  g_clear_handle_id (&self->work_source, g_source_remove);
  g_clear_handle_id (&self->nudge_source, g_source_remove);
}

static gboolean
has_work (AssayRows *self)
{
  if (self->layout != NULL)
    return !assay_row_layout_waits (self->layout);
  return self->updating->len > 0;
}

static AssayItem *
take_next (AssayRows *self)
{
  return g_ptr_array_steal_index_fast (self->updating, self->updating->len - 1);
}

/* What is tracked moves in a change of its own. */
static void
update_alone (AssayRows *self,
              GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    update_item (self, g_ptr_array_index (items, i));
}

static void
update_some (AssayRows *self,
             gint64 until)
{
  g_autoptr (GHashTable) touched = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  g_autoptr (GPtrArray) alone = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree gpointer *old =
    g_memdup2 (self->rows->pdata, self->rows->len * sizeof (gpointer));
  guint n_old = self->rows->len;

  self->quiet = TRUE;
  while (self->updating->len > 0 && g_get_monotonic_time () < until)
    {
      g_autoptr (AssayItem) item = take_next (self);

      if (is_tracked (self, item))
        {
          g_ptr_array_add (alone, g_steal_pointer (&item));
          continue;
        }
      update_item (self, item);
      g_hash_table_add (touched, g_steal_pointer (&item));
    }
  self->quiet = FALSE;
  tell_differences (self, old, n_old, touched);
  update_alone (self, alone);
}

static gboolean
work_cb (gpointer data)
{
  AssayRows *self = data;
  gint64 until = g_get_monotonic_time () + STEP_MICROSECONDS;

  if (self->layout == NULL)
    update_some (self, until);
  else if (assay_row_layout_work (self->layout, until))
    end_layout (self);
  if (!has_work (self))
    stop_work (self);
  return G_SOURCE_CONTINUE;
}

static void
start_work (AssayRows *self)
{
  if (self->work_source != 0)
    return;
  self->work_source = g_idle_add (work_cb, self);
  self->nudge_source = g_timeout_add (NUDGE_MILLISECONDS, work_cb, self);
}

/* ---- following the answers ---- */

static gboolean
update_cb (gpointer data)
{
  AssayRows *self = data;
  GHashTableIter iter;
  gpointer item;

  self->update_source = 0;
  if (self->layout != NULL)
    return G_SOURCE_REMOVE;
  if (self->stale)
    {
      make_anew (self);
      return G_SOURCE_REMOVE;
    }
  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (self->updating, item);
    }
  if (self->updating->len > 0)
    start_work (self);
  return G_SOURCE_REMOVE;
}

/* Whatever comes while a list is made waits for it. */
static void
update_soon (AssayRows *self)
{
  if (self->layout != NULL || self->update_source != 0)
    return;
  if (self->stale || g_hash_table_size (self->changed) > 0)
    self->update_source = g_timeout_add (UPDATE_MILLISECONDS, update_cb, self);
}

static void
note_changed (AssayRows *self,
              AssayItem *item)
{
  if (!self->stale && g_hash_table_size (self->changed) + self->updating->len >= MAX_CHANGED)
    {
      self->stale = TRUE;
      g_hash_table_remove_all (self->changed);
    }
  if (!self->stale)
    g_hash_table_add (self->changed, g_object_ref (item));
  update_soon (self);
}

/**
 * assay_rows_update:
 * @item: of the collection
 *
 * Its truth has changed: sees to it, soon, that it is there or not.
 */
void
assay_rows_update (AssayRows *self,
                   AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_ROWS (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  if (assay_row_choice_follows (&self->choice) || assay_row_order_follows (self->order))
    note_changed (self, item);
}

static void
threshold_changed_cb (AssayRows *self)
{
  if (self->choice.filter != ASSAY_ROW_FILTER_UNSURE)
    return;
  self->stale = TRUE;
  update_soon (self);
}

static void
collection_changed_cb (GListModel *model,
                       guint position,
                       guint removed,
                       guint added,
                       AssayRows *self)
{
  if (removed > 0)
    take_out_removed (self, position, added);
  /* A list in the making may have been given what has gone. */
  if (added > FEW || (removed > 0 && (added > removed || self->layout != NULL)))
    make_anew (self);
  else if (removed == 0 && self->layout == NULL)
    append_items (self, position);
}

/* ---- what is selected ---- */

static gboolean
is_selected (GtkSelectionModel *model,
             guint position)
{
  AssayRows *self = ASSAY_ROWS (model);

  return position < count_rows (self)
         && g_hash_table_contains (self->selected, get_row (self, position));
}

/* Whether looking for each of the selected is less than looking at @n rows. */
static gboolean
are_few_selected (AssayRows *self,
                  guint n)
{
  return g_hash_table_size (self->selected) < n / 32;
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model,
                        guint start,
                        guint n)
{
  AssayRows *self = ASSAY_ROWS (model);
  GtkBitset *selected = gtk_bitset_new_empty ();
  GHashTableIter iter;
  gpointer item;

  if (self->old != NULL || !are_few_selected (self, n))
    {
      for (guint i = start; i < MIN ((guint64) start + n, count_rows (self)); i++)
        if (is_selected (model, i))
          gtk_bitset_add (selected, i);
      return selected;
    }
  g_hash_table_iter_init (&iter, self->selected);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    {
      guint position = find_item (self, item);

      if (position >= start && position - start < n)
        gtk_bitset_add (selected, position);
    }
  return selected;
}

/* Takes those out of the selection that are in @mask and not in @selected. */
static void
unselect (AssayRows *self,
          GtkBitset *selected,
          GtkBitset *mask,
          GtkBitset *changed)
{
  g_autoptr (GtkBitset) doomed =
    get_selection_in_range (GTK_SELECTION_MODEL (self), 0, self->rows->len);
  GtkBitsetIter iter;
  guint position;

  gtk_bitset_intersect (doomed, mask);
  gtk_bitset_subtract (doomed, selected);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, doomed, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_hash_table_remove (self->selected, g_ptr_array_index (self->rows, position));
  gtk_bitset_union (changed, doomed);
}

static gboolean
set_selection (GtkSelectionModel *model,
               GtkBitset *selected,
               GtkBitset *mask)
{
  AssayRows *self = ASSAY_ROWS (model);
  g_autoptr (GtkBitset) changed = gtk_bitset_new_empty ();
  g_autoptr (GtkBitset) wanted = gtk_bitset_copy (selected);
  GtkBitsetIter iter;
  guint position;
  guint first, last;

  unselect (self, selected, mask, changed);
  gtk_bitset_intersect (wanted, mask);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, wanted, &position);
       more && position < self->rows->len;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      gpointer row = g_ptr_array_index (self->rows, position);

      /* Groups are no part of it. */
      if (ASSAY_IS_ITEM (row) && g_hash_table_add (self->selected, row))
        gtk_bitset_add (changed, position);
    }
  if (gtk_bitset_is_empty (changed))
    return TRUE;
  first = gtk_bitset_get_minimum (changed);
  last = gtk_bitset_get_maximum (changed);
  gtk_selection_model_selection_changed (model, first, last - first + 1);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->set_selection = set_selection;
}

/* ---- the object ---- */

static void
assay_rows_get_property (GObject *object,
                         guint id,
                         GValue *value,
                         GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean (value, ASSAY_ROWS (object)->layout != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
assay_rows_dispose (GObject *object)
{
  AssayRows *self = ASSAY_ROWS (object);

  stop_work (self);
  g_clear_handle_id (&self->update_source, g_source_remove);
  g_clear_pointer (&self->layout, assay_row_layout_free);
  g_clear_object (&self->collection);
  G_OBJECT_CLASS (assay_rows_parent_class)->dispose (object);
}

static void
assay_rows_finalize (GObject *object)
{
  AssayRows *self = ASSAY_ROWS (object);

  g_hash_table_unref (self->selected);
  g_hash_table_unref (self->changed);
  g_ptr_array_unref (self->updating);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->by_serial);
  g_array_unref (self->keys);
  g_hash_table_unref (self->folders);
  assay_row_texts_unref (self->texts);
  assay_row_texts_unref (self->shown_texts);
  assay_row_choice_clear (&self->choice);
  G_OBJECT_CLASS (assay_rows_parent_class)->finalize (object);
}

static void
assay_rows_class_init (AssayRowsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_rows_get_property;
  object_class->dispose = assay_rows_dispose;
  object_class->finalize = assay_rows_finalize;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_rows_init (AssayRows *self)
{
  self->texts = assay_row_texts_new ();
  self->shown_texts = assay_row_texts_ref (self->texts);
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_serial = g_ptr_array_new ();
  self->keys = g_array_new (FALSE, TRUE, sizeof (AssayRowKey));
  self->folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, folder_free);
  self->selected = g_hash_table_new (NULL, NULL);
  self->changed = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->updating = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * assay_rows_new:
 * @collection: (transfer none): whose items
 *
 * Returns: (transfer full): all of them, in order of arrival
 */
AssayRows *
assay_rows_new (AssayCollection *collection)
{
  AssayRows *self;

  g_return_val_if_fail (ASSAY_IS_COLLECTION (collection), NULL);

  self = g_object_new (ASSAY_TYPE_ROWS, NULL);
  self->collection = g_object_ref (collection);
  g_signal_connect_object (collection, "items-changed", G_CALLBACK (collection_changed_cb), self,
                           0);
  g_signal_connect_object (collection, "item-changed", G_CALLBACK (assay_rows_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (collection, "notify::threshold", G_CALLBACK (threshold_changed_cb),
                           self, G_CONNECT_SWAPPED);
  append_items (self, 0);
  return self;
}

AssayRowFilter
assay_rows_get_filter (AssayRows *self)
{
  g_return_val_if_fail (ASSAY_IS_ROWS (self), ASSAY_ROW_FILTER_ALL);

  return self->choice.filter;
}

/**
 * assay_rows_get_label:
 *
 * Returns: (transfer none) (nullable): the label that is filtered for
 */
const char *
assay_rows_get_label (AssayRows *self)
{
  g_return_val_if_fail (ASSAY_IS_ROWS (self), NULL);

  return self->choice.label;
}

/**
 * assay_rows_is_busy:
 *
 * Returns: whether the list is not yet what was chosen
 */
gboolean
assay_rows_is_busy (AssayRows *self)
{
  g_return_val_if_fail (ASSAY_IS_ROWS (self), FALSE);

  return self->layout != NULL;
}

/**
 * assay_rows_count_items:
 *
 * Returns: items that pass search and filter, without the rows of groups
 */
guint
assay_rows_count_items (AssayRows *self)
{
  g_return_val_if_fail (ASSAY_IS_ROWS (self), 0);

  return self->n_items;
}

/**
 * assay_rows_find:
 * @row: an #AssayItem or an #AssayGroup
 *
 * Returns: where it stands, without looking at all rows; %G_MAXUINT if it doesn't
 */
guint
assay_rows_find (AssayRows *self,
                 gpointer row)
{
  Folder *folder;
  guint position;

  g_return_val_if_fail (ASSAY_IS_ROWS (self), G_MAXUINT);

  if (ASSAY_IS_ITEM (row))
    return find_item (self, row);
  folder = is_grouped (self) ? find_folder (self, row) : NULL;
  if (folder == NULL || folder->members->len == 0)
    return G_MAXUINT;
  position = find_folder_row (self, folder);
  if (position < self->rows->len && g_ptr_array_index (self->rows, position) == row)
    return position;
  return G_MAXUINT;
}

/**
 * assay_rows_dup_members:
 * @group: one of the rows
 *
 * Returns: (transfer full) (element-type AssayItem): the images that it counts,
 *   hidden or not
 */
GPtrArray *
assay_rows_dup_members (AssayRows *self,
                        AssayGroup *group)
{
  Folder *folder;

  g_return_val_if_fail (ASSAY_IS_ROWS (self), NULL);
  g_return_val_if_fail (ASSAY_IS_GROUP (group), NULL);

  folder = find_folder (self, group);
  return keep_items (self, folder->members);
}

/**
 * assay_rows_set_search:
 * @text: (nullable): what a name or its folder must contain, in any case
 */
void
assay_rows_set_search (AssayRows *self,
                       const char *text)
{
  g_autofree char *folded = NULL;

  g_return_if_fail (ASSAY_IS_ROWS (self));

  if (text != NULL && *text != '\0')
    folded = g_utf8_casefold (text, -1);
  if (g_strcmp0 (folded, self->choice.search) == 0)
    return;
  g_free (self->choice.search);
  self->choice.search = g_steal_pointer (&folded);
  make_anew (self);
}

/**
 * assay_rows_set_filter:
 * @filter: which items
 * @label: (nullable): the top label to filter for, with %ASSAY_ROW_FILTER_LABEL
 */
void
assay_rows_set_filter (AssayRows *self,
                       AssayRowFilter filter,
                       const char *label)
{
  g_return_if_fail (ASSAY_IS_ROWS (self));
  g_return_if_fail ((filter == ASSAY_ROW_FILTER_LABEL) == (label != NULL));
  g_return_if_fail (filter != ASSAY_ROW_FILTER_SUBSET);

  if (self->choice.filter == filter && g_strcmp0 (self->choice.label, label) == 0)
    return;
  self->choice.filter = filter;
  assay_set_string (&self->choice.label, label);
  g_clear_pointer (&self->choice.subset, gtk_bitset_unref);
  make_anew (self);
}

/**
 * assay_rows_set_subset:
 * @items: (element-type AssayItem): of the collection
 *
 * Filters for just these, whatever becomes of them, until another filter is set.
 */
void
assay_rows_set_subset (AssayRows *self,
                       GPtrArray *items)
{
  g_return_if_fail (ASSAY_IS_ROWS (self));
  g_return_if_fail (items != NULL);

  g_clear_pointer (&self->choice.subset, gtk_bitset_unref);
  self->choice.subset = gtk_bitset_new_empty ();
  for (guint i = 0; i < items->len; i++)
    gtk_bitset_add (self->choice.subset, get_serial (items, i));
  self->choice.filter = ASSAY_ROW_FILTER_SUBSET;
  assay_set_string (&self->choice.label, NULL);
  make_anew (self);
}

/**
 * assay_rows_set_order:
 * @order: in which order; equal ones as they arrived
 */
void
assay_rows_set_order (AssayRows *self,
                      AssayRowOrder order)
{
  g_return_if_fail (ASSAY_IS_ROWS (self));

  if (self->order == order)
    return;
  self->order = order;
  assay_row_texts_unref (self->texts);
  self->texts = assay_row_texts_new ();
  make_anew (self);
}
