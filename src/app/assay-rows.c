/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-rows.h"
#include "assay-util.h"

/* A list that is filtered or sorted by answers is looked over again so often at
 * most, however fast they come. */
#define LOOK_OVER_MILLISECONDS 250

/* Invariants: rows holds what the list shows; n_items counts the items of
 * sorted; each group of groups that has members stands in rows before them.
 * names holds a collation key for each item that was ever sorted by name. */
struct _AssayRows {
  GObject parent_instance;

  AssayCollection *collection;
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;
  GtkCustomFilter *custom_filter;
  GtkCustomSorter *custom_sorter;
  GPtrArray *rows;               /* (element-type GObject) */
  GHashTable *groups;            /* name → AssayGroup */
  GHashTable *names;             /* AssayItem (borrowed) → key */
  AssayGroup *last_group;        /* (nullable) (borrowed): whose members end the list */
  AssayRowFilter filter;
  AssayRowOrder order;
  char *label;                   /* (nullable) */
  GHashTable *subset;            /* (element-type AssayItem) (nullable) */
  char *search;                  /* (nullable) casefolded */
  guint look_over_source;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayRows, assay_rows, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

G_DEFINE_ENUM_TYPE (AssayRowFilter, assay_row_filter,
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_ALL, "all"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_UNSURE, "unsure"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_ERRORS, "errors"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_LABEL, "label"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_WRONG, "wrong"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_FILTER_SUBSET, "subset"))

G_DEFINE_ENUM_TYPE (AssayRowOrder, assay_row_order,
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_ORDER_ADDED, "added"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_ORDER_NAME, "name"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_ORDER_HIGHEST, "highest"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_ORDER_LOWEST, "lowest"),
                    G_DEFINE_ENUM_VALUE (ASSAY_ROW_ORDER_LABEL, "label"))

static GType
get_item_type (GListModel *model)
{
  return G_TYPE_OBJECT;
}

static guint
get_n_items (GListModel *model)
{
  return ASSAY_ROWS (model)->rows->len;
}

static gpointer
get_item (GListModel *model,
          guint position)
{
  AssayRows *self = ASSAY_ROWS (model);

  if (position >= self->rows->len)
    return NULL;
  return g_object_ref (g_ptr_array_index (self->rows, position));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ---- which items ---- */

static AssayPrediction *
get_prediction (AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);

  return answer != NULL ? assay_answer_get_prediction (answer) : NULL;
}

static gboolean
has_error (AssayItem *item)
{
  AssayAnswer *answer = assay_item_get_answer (item);

  return answer != NULL && assay_answer_get_error (answer) != NULL;
}

static gboolean
passes_filter (AssayRows *self,
               AssayItem *item)
{
  AssayPrediction *prediction = get_prediction (item);

  switch (self->filter)
    {
    case ASSAY_ROW_FILTER_UNSURE:
      return prediction != NULL
             && assay_prediction_is_unsure (prediction,
                                            assay_collection_get_threshold (self->collection));
    case ASSAY_ROW_FILTER_ERRORS:
      return has_error (item);
    case ASSAY_ROW_FILTER_LABEL:
      return prediction != NULL
             && g_strcmp0 (assay_prediction_get_label (prediction, 0), self->label) == 0;
    case ASSAY_ROW_FILTER_WRONG:
      return prediction != NULL && assay_item_get_truth (item) != NULL
             && strcmp (assay_prediction_get_label (prediction, 0), assay_item_get_truth (item)) != 0;
    case ASSAY_ROW_FILTER_SUBSET:
      return g_hash_table_contains (self->subset, item);
    case ASSAY_ROW_FILTER_ALL:
    default:
      return TRUE;
    }
}

static gboolean
contains (const char *text,
          const char *folded_needle)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, folded_needle) != NULL;
}

static gboolean
passes_search (AssayRows *self,
               AssayItem *item)
{
  return self->search == NULL
         || contains (assay_item_get_name (item), self->search)
         || contains (assay_item_get_group (item), self->search);
}

static gboolean
passes (gpointer object,
        gpointer data)
{
  AssayRows *self = data;
  AssayItem *item = object;

  return passes_filter (self, item) && passes_search (self, item);
}

/* ---- in which order ---- */

static const char *
get_name_key (AssayRows *self,
              AssayItem *item)
{
  char *key = g_hash_table_lookup (self->names, item);

  if (key == NULL)
    {
      key = g_utf8_collate_key_for_filename (assay_item_get_name (item), -1);
      g_hash_table_insert (self->names, item, key);
    }
  return key;
}

static int
compare_doubles (double a,
                 double b)
{
  return a < b ? -1 : a > b;
}

static int
compare_scores (AssayPrediction *a,
                AssayPrediction *b)
{
  return compare_doubles (assay_prediction_get_score (a, 0), assay_prediction_get_score (b, 0));
}

static int
compare_labels (AssayPrediction *a,
                AssayPrediction *b)
{
  int order = g_utf8_collate (assay_prediction_get_label (a, 0),
                              assay_prediction_get_label (b, 0));

  return order != 0 ? order : -compare_scores (a, b);
}

static int
compare_answers (AssayRows *self,
                 AssayItem *a,
                 AssayItem *b)
{
  AssayPrediction *left = get_prediction (a);
  AssayPrediction *right = get_prediction (b);

  /* What has no answer comes last, whichever way. */
  if (left == NULL || right == NULL)
    return (left == NULL) - (right == NULL);

  switch (self->order)
    {
    case ASSAY_ROW_ORDER_HIGHEST:
      return -compare_scores (left, right);
    case ASSAY_ROW_ORDER_LOWEST:
      return compare_scores (left, right);
    case ASSAY_ROW_ORDER_LABEL:
      return compare_labels (left, right);
    default:
      return 0;
    }
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer data)
{
  AssayRows *self = data;
  AssayItem *left = (AssayItem *) a;
  AssayItem *right = (AssayItem *) b;
  int order;

  if (self->order == ASSAY_ROW_ORDER_NAME)
    order = strcmp (get_name_key (self, left), get_name_key (self, right));
  else
    order = compare_answers (self, left, right);
  if (order == 0)
    order = assay_item_get_serial (left) < assay_item_get_serial (right) ? -1 : 1;
  return order;
}

/* ---- rows of them ---- */

static gboolean
is_grouped (AssayRows *self)
{
  return self->order == ASSAY_ROW_ORDER_ADDED;
}

/* What rebuilding works on: members collects the items of each group, in order. */
typedef struct {
  GPtrArray *top;                /* (element-type GObject): items and groups */
  GHashTable *members;           /* AssayGroup → GPtrArray of AssayItem */
} Layout;

static void
group_expanded_cb (AssayGroup *group,
                   GParamSpec *pspec,
                   AssayRows  *self);

static AssayGroup *
ensure_group (AssayRows *self,
              AssayItem *item,
              const char *name)
{
  AssayGroup *group = g_hash_table_lookup (self->groups, name);

  if (group == NULL)
    {
      AssaySource *source = assay_item_get_source (item);

      group = assay_group_new (name, assay_source_get_member (source) != NULL);
      g_hash_table_insert (self->groups, g_strdup (name), group);
      g_signal_connect_object (group, "notify::expanded", G_CALLBACK (group_expanded_cb), self, 0);
    }
  return group;
}

static void
lay_out_item (AssayRows *self,
              Layout *layout,
              AssayItem *item)
{
  const char *name = is_grouped (self) ? assay_item_get_group (item) : NULL;
  AssayGroup *group;
  GPtrArray *members;

  if (name == NULL)
    {
      g_ptr_array_add (layout->top, item);
      return;
    }
  group = ensure_group (self, item, name);
  members = g_hash_table_lookup (layout->members, group);
  if (members == NULL)
    {
      members = g_ptr_array_new ();
      g_hash_table_insert (layout->members, group, members);
      g_ptr_array_add (layout->top, group);
    }
  g_ptr_array_add (members, item);
}

static void
append_members (AssayRows *self,
                GPtrArray *rows,
                AssayGroup *group,
                GPtrArray *members)
{
  assay_group_set_count (group, members->len);
  if (!assay_group_get_expanded (group))
    return;
  for (guint i = 0; i < members->len; i++)
    g_ptr_array_add (rows, g_object_ref (g_ptr_array_index (members, i)));
}

static GPtrArray *
lay_out (AssayRows *self)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) top = g_ptr_array_new ();
  g_autoptr (GHashTable) members =
    g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  Layout layout = { top, members };
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (self->sorted), i);

      /* The collection keeps it alive meanwhile. */
      lay_out_item (self, &layout, item);
    }

  self->last_group = NULL;
  for (guint i = 0; i < top->len; i++)
    {
      gpointer row = g_ptr_array_index (top, i);

      g_ptr_array_add (rows, g_object_ref (row));
      self->last_group = ASSAY_IS_GROUP (row) ? row : NULL;
      if (self->last_group != NULL)
        append_members (self, rows, row, g_hash_table_lookup (members, row));
    }
  return rows;
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
  if (old->len - head - tail > 0 || rows->len - head - tail > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail,
                                rows->len - head - tail);
}

static void
rebuild (AssayRows *self)
{
  replace_rows (self, lay_out (self));
}

static void
group_expanded_cb (AssayGroup *group,
                   GParamSpec *pspec,
                   AssayRows *self)
{
  rebuild (self);
}

/* The members of one group that follow each other: told of once, not one by one. */
typedef struct {
  AssayGroup *group;             /* (nullable) (borrowed) */
  guint count;
} Tally;

static void
tally_turn (Tally *self,
            AssayGroup *group)
{
  if (group == self->group)
    return;
  if (self->group != NULL)
    assay_group_set_count (self->group, self->count);
  self->group = group;
  self->count = group != NULL ? assay_group_get_count (group) : 0;
}

/* Whether the item can stand at the end as the list is, without looking at the
 * rest of it: the common case, a batch of a walk. */
static gboolean
append_item (AssayRows *self,
             AssayItem *item,
             Tally *tally)
{
  const char *name = is_grouped (self) ? assay_item_get_group (item) : NULL;
  AssayGroup *group = name != NULL ? ensure_group (self, item, name) : NULL;

  tally_turn (tally, group);
  if (group == NULL)
    {
      g_ptr_array_add (self->rows, g_object_ref (item));
      self->last_group = NULL;
      return TRUE;
    }
  if (group != self->last_group)
    {
      if (tally->count > 0)
        return FALSE;
      g_ptr_array_add (self->rows, g_object_ref (group));
      self->last_group = group;
    }
  tally->count++;
  if (assay_group_get_expanded (group))
    g_ptr_array_add (self->rows, g_object_ref (item));
  return TRUE;
}

static gboolean
append_items (AssayRows *self,
              guint position,
              guint added)
{
  guint before = self->rows->len;
  Tally tally = { 0 };

  for (guint i = 0; i < added; i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (self->sorted),
                                                         position + i);

      if (!append_item (self, item, &tally))
        {
          g_ptr_array_set_size (self->rows, before);
          return FALSE;
        }
    }
  tally_turn (&tally, NULL);
  if (self->rows->len > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->rows->len - before);
  return TRUE;
}

static void
reset_counts (AssayRows *self)
{
  GHashTableIter iter;
  gpointer group;

  g_hash_table_iter_init (&iter, self->groups);
  while (g_hash_table_iter_next (&iter, NULL, &group))
    assay_group_set_count (group, 0);
}

static void
sorted_changed_cb (GListModel *model,
                   guint position,
                   guint removed,
                   guint added,
                   AssayRows *self)
{
  if (removed == 0
      && position + added == g_list_model_get_n_items (model)
      && append_items (self, position, added))
    return;
  reset_counts (self);
  rebuild (self);
}

static void
collection_changed_cb (GListModel *model,
                       guint position,
                       guint removed,
                       guint added,
                       AssayRows *self)
{
  /* An address may come again for another item. */
  if (removed > 0)
    g_hash_table_remove_all (self->names);
}

/* ---- following the answers ---- */

static gboolean
order_needs_answers (AssayRows *self)
{
  return self->order != ASSAY_ROW_ORDER_ADDED && self->order != ASSAY_ROW_ORDER_NAME;
}

/* A subset is what it is, whatever is answered. */
static gboolean
filter_needs_answers (AssayRows *self)
{
  return self->filter != ASSAY_ROW_FILTER_ALL && self->filter != ASSAY_ROW_FILTER_SUBSET;
}

static gboolean
look_over_cb (gpointer data)
{
  AssayRows *self = data;

  self->look_over_source = 0;
  if (filter_needs_answers (self))
    gtk_filter_changed (GTK_FILTER (self->custom_filter), GTK_FILTER_CHANGE_DIFFERENT);
  if (order_needs_answers (self))
    gtk_sorter_changed (GTK_SORTER (self->custom_sorter), GTK_SORTER_CHANGE_DIFFERENT);
  return G_SOURCE_REMOVE;
}

/**
 * assay_rows_look_over:
 *
 * What filter and order depend on has changed: looks over all again, soon.
 */
void
assay_rows_look_over (AssayRows *self)
{
  g_return_if_fail (ASSAY_IS_ROWS (self));

  if (self->look_over_source != 0)
    return;
  if (filter_needs_answers (self) || order_needs_answers (self))
    self->look_over_source = g_timeout_add (LOOK_OVER_MILLISECONDS, look_over_cb, self);
}

/* ---- the object ---- */

static void
assay_rows_dispose (GObject *object)
{
  AssayRows *self = ASSAY_ROWS (object);

  g_clear_handle_id (&self->look_over_source, g_source_remove);
  if (self->sorted != NULL)
    g_signal_handlers_disconnect_by_data (self->sorted, self);
  g_clear_object (&self->sorted);
  g_clear_object (&self->filtered);
  g_clear_object (&self->custom_filter);
  g_clear_object (&self->custom_sorter);
  g_clear_object (&self->collection);
  G_OBJECT_CLASS (assay_rows_parent_class)->dispose (object);
}

static void
assay_rows_finalize (GObject *object)
{
  AssayRows *self = ASSAY_ROWS (object);

  g_ptr_array_unref (self->rows);
  g_hash_table_unref (self->groups);
  g_hash_table_unref (self->names);
  g_clear_pointer (&self->subset, g_hash_table_unref);
  g_free (self->label);
  g_free (self->search);
  G_OBJECT_CLASS (assay_rows_parent_class)->finalize (object);
}

static void
assay_rows_class_init (AssayRowsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_rows_dispose;
  object_class->finalize = assay_rows_finalize;
}

static void
assay_rows_init (AssayRows *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->custom_filter = gtk_custom_filter_new (passes, self, NULL);
  self->custom_sorter = gtk_custom_sorter_new (compare, self, NULL);
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
  self->filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (collection)), NULL);
  self->sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)), NULL);
  g_signal_connect (self->sorted, "items-changed", G_CALLBACK (sorted_changed_cb), self);
  g_signal_connect_object (collection, "counts-changed", G_CALLBACK (assay_rows_look_over), self,
                           G_CONNECT_SWAPPED);
  rebuild (self);
  return self;
}

AssayRowFilter
assay_rows_get_filter (AssayRows *self)
{
  g_return_val_if_fail (ASSAY_IS_ROWS (self), ASSAY_ROW_FILTER_ALL);

  return self->filter;
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

  return self->label;
}

AssayRowOrder
assay_rows_get_order (AssayRows *self)
{
  g_return_val_if_fail (ASSAY_IS_ROWS (self), ASSAY_ROW_ORDER_ADDED);

  return self->order;
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

  return g_list_model_get_n_items (G_LIST_MODEL (self->sorted));
}

static void
filter_changed (AssayRows *self)
{
  GtkFilter *wanted = NULL;

  if (self->filter != ASSAY_ROW_FILTER_ALL || self->search != NULL)
    wanted = GTK_FILTER (self->custom_filter);
  if (wanted != gtk_filter_list_model_get_filter (self->filtered))
    gtk_filter_list_model_set_filter (self->filtered, wanted);
  else if (wanted != NULL)
    gtk_filter_changed (wanted, GTK_FILTER_CHANGE_DIFFERENT);
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
  GPtrArray *members;
  guint n;

  g_return_val_if_fail (ASSAY_IS_ROWS (self), NULL);
  g_return_val_if_fail (ASSAY_IS_GROUP (group), NULL);

  members = g_ptr_array_new_with_free_func (g_object_unref);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (self->sorted), i);

      if (g_strcmp0 (assay_item_get_group (item), assay_group_get_name (group)) == 0)
        g_ptr_array_add (members, g_steal_pointer (&item));
    }
  return members;
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
  if (g_strcmp0 (folded, self->search) == 0)
    return;
  g_free (self->search);
  self->search = g_steal_pointer (&folded);
  filter_changed (self);
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

  if (self->filter == filter && g_strcmp0 (self->label, label) == 0)
    return;
  self->filter = filter;
  assay_set_string (&self->label, label);
  g_clear_pointer (&self->subset, g_hash_table_unref);
  filter_changed (self);
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

  g_clear_pointer (&self->subset, g_hash_table_unref);
  self->subset = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  for (guint i = 0; i < items->len; i++)
    g_hash_table_add (self->subset, g_object_ref (g_ptr_array_index (items, i)));
  self->filter = ASSAY_ROW_FILTER_SUBSET;
  assay_set_string (&self->label, NULL);
  filter_changed (self);
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
  if (order == ASSAY_ROW_ORDER_ADDED)
    gtk_sort_list_model_set_sorter (self->sorted, NULL);
  else if (gtk_sort_list_model_get_sorter (self->sorted) != NULL)
    gtk_sorter_changed (GTK_SORTER (self->custom_sorter), GTK_SORTER_CHANGE_DIFFERENT);
  else
    gtk_sort_list_model_set_sorter (self->sorted, GTK_SORTER (self->custom_sorter));
  /* Groups come or go even if no item moved. */
  reset_counts (self);
  rebuild (self);
}
