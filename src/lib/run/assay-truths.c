/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-label-match.h"
#include "assay-truths.h"

/* Microseconds in which items are looked at again before others have their turn: half
 * of a frame. */
#define SLICE 8000

struct _AssayTruthMarks {
  GPtrArray *items;           /* (element-type AssayItem) */
  GPtrArray *labels;          /* (element-type utf8) (nullable elements) of each */
};

/* Invariants: known counts the items of the collection that have a truth; those before
 * looked_at are judged by the labels as they are now. */
struct _AssayTruths {
  GObject parent_instance;

  AssayCollection *collection;
  AssayTruthTable *table;     /* (nullable) */
  AssayLabelMatch *match;
  AssayLabelSet *learned;     /* (nullable): the set that was learned last */
  GPtrArray *items;           /* (element-type AssayItem): of the collection, in its order */
  guint n_known;
  guint looked_at;
  guint look_source;          /* while some are to be looked at again */
  guint changed_source;
  gboolean folders;
};

G_DEFINE_FINAL_TYPE (AssayTruths, assay_truths, G_TYPE_OBJECT)

enum {
  SIGNAL_ITEM_CHANGED,
  SIGNAL_CHANGED,
  SIGNAL_MARKED,
  SIGNAL_LABELS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
assay_truths_dispose (GObject *object)
{
  AssayTruths *self = ASSAY_TRUTHS (object);

  g_clear_handle_id (&self->look_source, g_source_remove);
  g_clear_handle_id (&self->changed_source, g_source_remove);
  g_clear_object (&self->collection);
  g_ptr_array_set_size (self->items, 0);
  G_OBJECT_CLASS (assay_truths_parent_class)->dispose (object);
}

static void
assay_truths_finalize (GObject *object)
{
  AssayTruths *self = ASSAY_TRUTHS (object);

  g_clear_pointer (&self->table, assay_truth_table_free);
  assay_label_match_free (self->match);
  g_clear_pointer (&self->learned, assay_label_set_unref);
  g_ptr_array_unref (self->items);
  G_OBJECT_CLASS (assay_truths_parent_class)->finalize (object);
}

static void
assay_truths_class_init (AssayTruthsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_truths_dispose;
  object_class->finalize = assay_truths_finalize;

  signals[SIGNAL_ITEM_CHANGED] = g_signal_new ("item-changed", ASSAY_TYPE_TRUTHS,
                                               G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                               G_TYPE_NONE, 1, ASSAY_TYPE_ITEM);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ASSAY_TYPE_TRUTHS, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MARKED] = g_signal_new ("marked", ASSAY_TYPE_TRUTHS, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, ASSAY_TYPE_ITEM);
  signals[SIGNAL_LABELS_CHANGED] = g_signal_new ("labels-changed", ASSAY_TYPE_TRUTHS,
                                                 G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 0);
}

static void
assay_truths_init (AssayTruths *self)
{
  self->match = assay_label_match_new ();
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->folders = TRUE;
}

static gboolean
changed_cb (gpointer data)
{
  AssayTruths *self = data;

  self->changed_source = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
queue_changed (AssayTruths *self)
{
  if (self->changed_source == 0)
    self->changed_source = g_idle_add_full (G_PRIORITY_DEFAULT, changed_cb, self, NULL);
}

/* ---- one item ---- */

static const char *
read_label (AssayTruths *self,
            const char *given)
{
  return given != NULL ? assay_label_match_find (self->match, given, NULL) : NULL;
}

/* What each says, in the labels of the model. */
static void
ask_all (AssayTruths *self,
         AssayItem *item,
         const char *labels[ASSAY_TRUTH_HAND + 1])
{
  AssaySource *source = assay_item_get_source (item);
  g_autofree char *folder = self->folders ? assay_truth_dup_folder (source) : NULL;

  labels[ASSAY_TRUTH_NONE] = NULL;
  labels[ASSAY_TRUTH_FOLDER] = read_label (self, folder);
  labels[ASSAY_TRUTH_FILE] =
    self->table != NULL ? read_label (self, assay_truth_table_find (self->table, source)) : NULL;
  /* Whoever marks a picture chooses among labels. */
  labels[ASSAY_TRUTH_HAND] = assay_item_get_mark (item);
}

static void
judge_item (AssayTruths *self,
            AssayItem *item)
{
  const char *labels[ASSAY_TRUTH_HAND + 1];
  const char *before = assay_item_get_truth (item);
  AssayTruthOrigin origin = ASSAY_TRUTH_HAND;

  ask_all (self, item, labels);
  while (origin > ASSAY_TRUTH_NONE && labels[origin] == NULL)
    origin--;
  if (origin == assay_item_get_truth_origin (item) && g_strcmp0 (labels[origin], before) == 0)
    return;
  self->n_known += (labels[origin] != NULL) - (before != NULL);
  assay_item_set_truth (item, labels[origin], origin);
  g_signal_emit (self, signals[SIGNAL_ITEM_CHANGED], 0, item);
  queue_changed (self);
}

/* ---- all of them ---- */

static gboolean
look_cb (gpointer data)
{
  AssayTruths *self = data;
  gint64 end = g_get_monotonic_time () + SLICE;

  while (self->looked_at < self->items->len && g_get_monotonic_time () < end)
    judge_item (self, g_ptr_array_index (self->items, self->looked_at++));
  if (self->looked_at < self->items->len)
    return G_SOURCE_CONTINUE;
  self->look_source = 0;
  queue_changed (self);
  return G_SOURCE_REMOVE;
}

static void
look_again (AssayTruths *self)
{
  self->looked_at = 0;
  if (self->look_source == 0 && self->items->len > 0)
    self->look_source = g_idle_add (look_cb, self);
}

static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  AssayTruths *self)
{
  for (guint i = 0; i < removed; i++)
    {
      AssayItem *item = g_ptr_array_index (self->items, position + i);

      self->n_known -= assay_item_get_truth (item) != NULL;
    }
  if (removed > 0)
    g_ptr_array_remove_range (self->items, position, removed);
  for (guint i = 0; i < added; i++)
    {
      AssayItem *item = g_list_model_get_item (model, position + i);

      g_ptr_array_insert (self->items, position + i, item);
      /* It may have been here before, with a truth. */
      self->n_known += assay_item_get_truth (item) != NULL;
      judge_item (self, item);
    }
  if (position < self->looked_at)
    self->looked_at = MIN (self->looked_at + added - MIN (removed, self->looked_at - position),
                           self->items->len);
  if (removed > 0)
    queue_changed (self);
}

/**
 * assay_truths_new:
 * @collection: (transfer none): whose items it is about
 *
 * Returns: (transfer full): what is known of them, by their folders
 */
AssayTruths *
assay_truths_new (AssayCollection *collection)
{
  AssayTruths *self;

  g_return_val_if_fail (ASSAY_IS_COLLECTION (collection), NULL);

  self = g_object_new (ASSAY_TYPE_TRUTHS, NULL);
  self->collection = g_object_ref (collection);
  g_signal_connect_object (collection, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  items_changed_cb (G_LIST_MODEL (collection), 0, 0,
                    g_list_model_get_n_items (G_LIST_MODEL (collection)), self);
  return self;
}

/**
 * assay_truths_set_folders:
 * @folders: whether the names of folders say what pictures show; %TRUE unless told
 *   otherwise
 */
void
assay_truths_set_folders (AssayTruths *self,
                          gboolean folders)
{
  g_return_if_fail (ASSAY_IS_TRUTHS (self));

  if (self->folders == folders)
    return;
  self->folders = folders;
  look_again (self);
}

/**
 * assay_truths_get_folders:
 *
 * Returns: whether the names of folders say what pictures show
 */
gboolean
assay_truths_get_folders (AssayTruths *self)
{
  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), FALSE);

  return self->folders;
}

/**
 * assay_truths_take_table:
 * @table: (transfer full) (nullable): what says it, in place of the one before
 */
void
assay_truths_take_table (AssayTruths *self,
                         AssayTruthTable *table)
{
  AssayTruthTable *before;

  g_return_if_fail (ASSAY_IS_TRUTHS (self));

  before = assay_truths_swap_table (self, table);
  g_clear_pointer (&before, assay_truth_table_free);
}

/**
 * assay_truths_swap_table:
 * @table: (transfer full) (nullable): what says it from now on
 *
 * Returns: (transfer full) (nullable): the one until now, so that this can be undone
 */
AssayTruthTable *
assay_truths_swap_table (AssayTruths *self,
                         AssayTruthTable *table)
{
  AssayTruthTable *before;

  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), NULL);

  before = g_steal_pointer (&self->table);
  self->table = table;
  look_again (self);
  return before;
}

/**
 * assay_truths_learn:
 * @prediction: (transfer none): any answer of the model; its labels are labels of the
 *   model
 */
void
assay_truths_learn (AssayTruths *self,
                    const AssayPrediction *prediction)
{
  AssayLabelSet *labels;
  gboolean grown = FALSE;
  guint n;

  g_return_if_fail (ASSAY_IS_TRUTHS (self));
  g_return_if_fail (prediction != NULL);

  labels = assay_prediction_get_shared_set (prediction);
  if (labels != NULL && labels == self->learned)
    return;
  g_clear_pointer (&self->learned, assay_label_set_unref);
  self->learned = labels != NULL ? assay_label_set_ref (labels) : NULL;
  n = assay_prediction_get_n_sent (prediction);
  for (guint i = 0; i < n; i++)
    if (assay_label_match_add (self->match, assay_prediction_get_any_label (prediction, i)))
      grown = TRUE;
  if (!grown)
    return;
  look_again (self);
  g_signal_emit (self, signals[SIGNAL_LABELS_CHANGED], 0);
}

/**
 * assay_truths_map:
 * @given: as a folder or a table calls it
 * @label: (nullable): as what it is to be read, %NULL for nothing
 */
void
assay_truths_map (AssayTruths *self,
                  const char *given,
                  const char *label)
{
  g_return_if_fail (ASSAY_IS_TRUTHS (self));
  g_return_if_fail (given != NULL);

  assay_label_match_map (self->match, given, label);
  look_again (self);
}

/**
 * assay_truths_unmap:
 * @given: as a folder or a table calls it; it is read by its spelling again
 */
void
assay_truths_unmap (AssayTruths *self,
                    const char *given)
{
  g_return_if_fail (ASSAY_IS_TRUTHS (self));
  g_return_if_fail (given != NULL);

  assay_label_match_unmap (self->match, given);
  look_again (self);
}

/**
 * assay_truths_get_mapping:
 * @given: as a folder or a table calls it
 * @label: (out) (transfer none) (nullable): what assay_truths_map() was told, so that
 *   this can be done again
 *
 * Returns: whether it was told
 */
gboolean
assay_truths_get_mapping (AssayTruths *self,
                          const char *given,
                          const char **label)
{
  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), FALSE);

  return assay_label_match_get_mapping (self->match, given, label);
}

/* ---- marks ---- */

void
assay_truth_marks_free (AssayTruthMarks *self)
{
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->labels);
  g_free (self);
}

static AssayTruthMarks *
take_marks (GPtrArray *items)
{
  AssayTruthMarks *marks = g_new0 (AssayTruthMarks, 1);

  marks->items = g_ptr_array_new_full (items->len, g_object_unref);
  marks->labels = g_ptr_array_new_full (items->len, g_free);
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);

      g_ptr_array_add (marks->items, g_object_ref (item));
      g_ptr_array_add (marks->labels, g_strdup (assay_item_get_mark (item)));
    }
  return marks;
}

/* It may have been removed since, and is judged when it comes back. */
static void
set_mark (AssayTruths *self,
          AssayItem *item,
          const char *label)
{
  assay_item_set_mark (item, label);
  if (assay_collection_contains (self->collection, item))
    judge_item (self, item);
}

static void
mark_item (AssayTruths *self,
           AssayItem *item,
           const char *label)
{
  set_mark (self, item, label);
  g_signal_emit (self, signals[SIGNAL_MARKED], 0, item);
}

/**
 * assay_truths_mark:
 * @items: (element-type AssayItem): of the collection
 * @label: (nullable): what they show, a label of the model; %NULL takes the marks away
 *
 * What a person says of them, over everything else.
 *
 * Returns: (transfer full): the marks as they were, for assay_truths_restore()
 */
AssayTruthMarks *
assay_truths_mark (AssayTruths *self,
                   GPtrArray *items,
                   const char *label)
{
  AssayTruthMarks *marks;

  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), NULL);
  g_return_val_if_fail (items != NULL, NULL);

  marks = take_marks (items);
  for (guint i = 0; i < items->len; i++)
    mark_item (self, g_ptr_array_index (items, i), label);
  return marks;
}

/**
 * assay_truths_mark_right:
 * @items: (element-type AssayItem): of the collection
 *
 * A person says that the answers on show are right: each that has one is marked with its
 * first label.
 *
 * Returns: (transfer full): the marks as they were, for assay_truths_restore()
 */
AssayTruthMarks *
assay_truths_mark_right (AssayTruths *self,
                         GPtrArray *items)
{
  AssayTruthMarks *marks;

  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), NULL);
  g_return_val_if_fail (items != NULL, NULL);

  marks = take_marks (items);
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);
      AssayAnswer *answer = assay_item_get_answer (item);
      AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;

      if (prediction != NULL)
        mark_item (self, item, assay_prediction_get_label (prediction, 0));
    }
  return marks;
}

/**
 * assay_truths_restore:
 * @marks: (transfer full): as they were
 *
 * Returns: (transfer full): as they were until now, so that this can be undone too
 */
AssayTruthMarks *
assay_truths_restore (AssayTruths *self,
                      AssayTruthMarks *marks)
{
  g_autoptr (AssayTruthMarks) owned = marks;
  AssayTruthMarks *now;

  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), NULL);
  g_return_val_if_fail (marks != NULL, NULL);

  now = take_marks (owned->items);
  for (guint i = 0; i < owned->items->len; i++)
    mark_item (self, g_ptr_array_index (owned->items, i), g_ptr_array_index (owned->labels, i));
  return now;
}

/**
 * assay_truths_recall:
 * @label: how somebody has marked it before
 *
 * For AssayMarks.
 *
 * Returns: whether that is a label of the model; if not, nothing has changed
 */
gboolean
assay_truths_recall (AssayTruths *self,
                     AssayItem *item,
                     const char *label)
{
  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), FALSE);
  g_return_val_if_fail (ASSAY_IS_ITEM (item), FALSE);
  g_return_val_if_fail (label != NULL, FALSE);

  if (!assay_label_match_has (self->match, label))
    return FALSE;
  set_mark (self, item, label);
  return TRUE;
}

/* ---- what there is to say ---- */

AssayCollection *
assay_truths_get_collection (AssayTruths *self)
{
  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), NULL);

  return self->collection;
}

/**
 * assay_truths_get_table:
 *
 * Returns: (transfer none) (nullable): what was taken; it lists its own missing files
 *   and conflicts, once this is settled
 */
AssayTruthTable *
assay_truths_get_table (AssayTruths *self)
{
  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), NULL);

  return self->table;
}

/**
 * assay_truths_list_labels:
 *
 * Returns: (transfer container) (element-type utf8): the labels that the model is known
 *   to have, sorted; they live as long as this
 */
GPtrArray *
assay_truths_list_labels (AssayTruths *self)
{
  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), NULL);

  return assay_label_match_list (self->match);
}

/**
 * assay_truths_dup_label_set:
 *
 * Returns: (transfer full) (nullable): what identifies these labels in the history;
 *   %NULL while none is known
 */
char *
assay_truths_dup_label_set (AssayTruths *self)
{
  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), NULL);

  return assay_label_match_dup_key (self->match);
}

/**
 * assay_truths_count_known:
 *
 * Returns: items whose truth is known
 */
guint
assay_truths_count_known (AssayTruths *self)
{
  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), 0);

  return self->n_known;
}

/**
 * assay_truths_is_settled:
 *
 * Returns: whether every item has been looked at since something changed
 */
gboolean
assay_truths_is_settled (AssayTruths *self)
{
  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), TRUE);

  return self->look_source == 0;
}

static void
conflict_free (gpointer data)
{
  AssayTruthConflict *self = data;

  g_object_unref (self->item);
  g_free (self);
}

static gboolean
disagree (const char *labels[ASSAY_TRUTH_HAND + 1])
{
  const char *first = NULL;

  for (guint i = ASSAY_TRUTH_FOLDER; i <= ASSAY_TRUTH_HAND; i++)
    {
      if (labels[i] != NULL && first != NULL && g_strcmp0 (labels[i], first) != 0)
        return TRUE;
      first = labels[i] != NULL ? labels[i] : first;
    }
  return FALSE;
}

/**
 * assay_truths_list_conflicts:
 *
 * As long as the collection.
 *
 * Returns: (transfer full) (element-type AssayTruthConflict): items of which two sources
 *   say different things
 */
GPtrArray *
assay_truths_list_conflicts (AssayTruths *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (conflict_free);

  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), list);

  for (guint i = 0; i < self->items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (self->items, i);
      AssayTruthConflict conflict = { 0 };

      ask_all (self, item, conflict.labels);
      if (!disagree (conflict.labels))
        continue;
      conflict.item = g_object_ref (item);
      g_ptr_array_add (list, g_memdup2 (&conflict, sizeof conflict));
    }
  return list;
}

typedef void (*Given) (AssayTruths *self, GHashTable *table, const char *given);

static GHashTable *
collect (AssayTruths *self,
         GHashTable *table,
         Given take)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      AssaySource *source = assay_item_get_source (g_ptr_array_index (self->items, i));
      g_autofree char *folder = self->folders ? assay_truth_dup_folder (source) : NULL;
      const char *listed = self->table != NULL ? assay_truth_table_find (self->table, source) : NULL;

      if (folder != NULL)
        take (self, table, folder);
      if (listed != NULL)
        take (self, table, listed);
    }
  return table;
}

static void
take_unknown (AssayTruths *self,
              GHashTable *table,
              const char *given)
{
  AssayMatchKind kind;
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (table, given));

  assay_label_match_find (self->match, given, &kind);
  if (kind == ASSAY_MATCH_NONE)
    g_hash_table_insert (table, g_strdup (given), GUINT_TO_POINTER (n + 1));
}

/**
 * assay_truths_list_unknown:
 *
 * As long as the collection.
 *
 * Returns: (transfer full) (element-type utf8 guint): what folders or the table say that
 *   the model has no label for, and of how many items
 */
GHashTable *
assay_truths_list_unknown (AssayTruths *self)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), table);

  return collect (self, table, take_unknown);
}

static void
take_similar (AssayTruths *self,
              GHashTable *table,
              const char *given)
{
  AssayMatchKind kind;
  const char *label = assay_label_match_find (self->match, given, &kind);

  if (kind == ASSAY_MATCH_SIMILAR)
    g_hash_table_insert (table, g_strdup (given), g_strdup (label));
}

/**
 * assay_truths_list_similar:
 *
 * As long as the collection.
 *
 * Returns: (transfer full) (element-type utf8 utf8): what is read as another label
 */
GHashTable *
assay_truths_list_similar (AssayTruths *self)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), table);

  return collect (self, table, take_similar);
}

void
assay_truth_reading_free (AssayTruthReading *self)
{
  g_free (self->given);
  g_free (self->label);
  g_free (self);
}

static void
take_reading (AssayTruths *self,
              GHashTable *table,
              const char *given)
{
  AssayTruthReading *reading = g_hash_table_lookup (table, given);
  AssayMatchKind kind;
  const char *label;

  if (reading == NULL)
    {
      label = assay_label_match_find (self->match, given, &kind);
      if (kind == ASSAY_MATCH_EXACT)
        return;
      reading = g_new0 (AssayTruthReading, 1);
      reading->given = g_strdup (given);
      reading->label = g_strdup (label);
      reading->kind = kind;
      g_hash_table_insert (table, reading->given, reading);
    }
  reading->n_items++;
}

static int
compare_readings (gconstpointer a,
                  gconstpointer b)
{
  const AssayTruthReading *one = *(const AssayTruthReading *const *) a;
  const AssayTruthReading *other = *(const AssayTruthReading *const *) b;

  return g_strcmp0 (one->given, other->given);
}

/**
 * assay_truths_list_readings:
 *
 * As long as the collection.
 *
 * Returns: (transfer full) (element-type AssayTruthReading): whatever folders or the table
 *   say that isn't the very spelling of a label, by its spelling
 */
GPtrArray *
assay_truths_list_readings (AssayTruths *self)
{
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_truth_reading_free);
  GHashTableIter iter;
  gpointer reading;

  g_return_val_if_fail (ASSAY_IS_TRUTHS (self), list);

  collect (self, table, take_reading);
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, NULL, &reading))
    g_ptr_array_add (list, reading);
  g_ptr_array_sort (list, compare_readings);
  return list;
}
