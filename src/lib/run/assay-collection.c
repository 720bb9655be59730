/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-collection.h"
#include "assay-label.h"

/* What one item adds to the counts, so that it can be taken off again when its
 * answer moves: counts are kept answer by answer, never recounted. */
typedef struct {
  AssayItem *item;           /* (owned) */
  GRefString *label;         /* (nullable) top label counted */
  guint serial;              /* the item's, to find it by */
  gint8 state;               /* counted state, or -1 for unasked */
  guint8 unsure;
} Entry;

G_STATIC_ASSERT (ASSAY_ANSWER_N_STATES <= G_MAXINT8);

/* Invariants: entries stand in order of their items' serial, and each item is watched; the
 * counts are the sums over entries for the target on show.  There may be a hundred thousand:
 * mind the size. */
struct _AssayCollection {
  GObject parent_instance;

  GArray *entries;           /* (element-type Entry) */
  AssayItemWatch watch;
  AssayTarget *target;
  double threshold;
  guint next_serial;
  guint states[ASSAY_ANSWER_N_STATES];
  guint unasked;
  guint unsure;
  GHashTable *labels;        /* GRefString (owned) → count */
  guint changed_source;
};

enum {
  PROP_0,
  PROP_N_ITEMS,
  PROP_TARGET,
  PROP_THRESHOLD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint counts_changed_signal;
static guint item_changed_signal;

static Entry *
get_entry (AssayCollection *self,
           guint position)
{
  return &g_array_index (self->entries, Entry, position);
}

/* Of an item that is there: it is found by halves. */
static Entry *
find_entry (AssayCollection *self,
            AssayItem *item)
{
  guint serial = assay_item_get_serial (item);
  guint start = 0, end = self->entries->len;

  while (start < end)
    {
      guint middle = start + (end - start) / 2;

      if (get_entry (self, middle)->serial < serial)
        start = middle + 1;
      else
        end = middle;
    }
  while (get_entry (self, start)->item != item)
    start++;
  return get_entry (self, start);
}

static GType
get_item_type (GListModel *model)
{
  return ASSAY_TYPE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return ASSAY_COLLECTION (model)->entries->len;
}

static gpointer
get_item (GListModel *model,
          guint position)
{
  AssayCollection *self = ASSAY_COLLECTION (model);

  if (position >= self->entries->len)
    return NULL;
  return g_object_ref (get_entry (self, position)->item);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayCollection, assay_collection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static gboolean
counts_changed_cb (gpointer data)
{
  AssayCollection *self = data;

  self->changed_source = 0;
  g_signal_emit (self, counts_changed_signal, 0);
  return G_SOURCE_REMOVE;
}

static void
queue_counts_changed (AssayCollection *self)
{
  if (self->changed_source == 0)
    self->changed_source = g_idle_add_full (G_PRIORITY_DEFAULT, counts_changed_cb, self, NULL);
}

static void
add_label (AssayCollection *self,
           GRefString *label,
           int by)
{
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->labels, label));

  if (count + by == 0)
    g_hash_table_remove (self->labels, label);
  else
    g_hash_table_insert (self->labels, g_ref_string_acquire (label), GUINT_TO_POINTER (count + by));
}

static void
uncount (AssayCollection *self,
         Entry *entry)
{
  if (entry->state < 0)
    self->unasked--;
  else
    self->states[entry->state]--;
  if (entry->unsure)
    self->unsure--;
  if (entry->label != NULL)
    add_label (self, entry->label, -1);
  g_clear_pointer (&entry->label, assay_label_release);
  entry->unsure = FALSE;
}

static void
count (AssayCollection *self,
       Entry *entry)
{
  AssayAnswer *answer = assay_item_get_answer (entry->item);
  AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;

  entry->state = answer != NULL ? (int) assay_answer_get_state (answer) : -1;

  if (entry->state < 0)
    self->unasked++;
  else
    self->states[entry->state]++;
  if (prediction == NULL)
    return;

  entry->unsure = assay_prediction_is_unsure (prediction, self->threshold);
  if (entry->unsure)
    self->unsure++;
  entry->label = assay_label_intern (assay_prediction_get_label (prediction, 0));
  add_label (self, entry->label, 1);
}

static void
recount (AssayCollection *self,
         Entry *entry)
{
  uncount (self, entry);
  count (self, entry);
  queue_counts_changed (self);
}

static void
item_changed (AssayItem *item,
              gpointer data)
{
  AssayCollection *self = data;

  recount (self, find_entry (self, item));
  g_signal_emit (self, item_changed_signal, 0, item);
}

/* At the end. */
static void
attach (AssayCollection *self,
        AssayItem *item)
{
  Entry entry = { .item = g_object_ref (item), .serial = assay_item_get_serial (item) };

  assay_item_show_target (item, self->target);
  count (self, &entry);
  g_array_append_val (self->entries, entry);
  assay_item_set_watch (item, &self->watch);
}

/* Leaves the entry to be taken out of the array. */
static void
detach (AssayCollection *self,
        Entry *entry)
{
  assay_item_set_watch (entry->item, NULL);
  uncount (self, entry);
  g_clear_object (&entry->item);
}

static void
assay_collection_get_property (GObject *object,
                               guint id,
                               GValue *value,
                               GParamSpec *pspec)
{
  AssayCollection *self = ASSAY_COLLECTION (object);

  switch (id)
    {
    case PROP_N_ITEMS:
      g_value_set_uint (value, self->entries->len);
      break;
    case PROP_TARGET:
      g_value_set_boxed (value, self->target);
      break;
    case PROP_THRESHOLD:
      g_value_set_double (value, self->threshold);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_collection_set_property (GObject *object,
                               guint id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  AssayCollection *self = ASSAY_COLLECTION (object);

  switch (id)
    {
    case PROP_TARGET:
      assay_collection_set_target (self, g_value_get_boxed (value));
      break;
    case PROP_THRESHOLD:
      assay_collection_set_threshold (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_collection_dispose (GObject *object)
{
  AssayCollection *self = ASSAY_COLLECTION (object);

  for (guint i = 0; i < self->entries->len; i++)
    detach (self, get_entry (self, i));
  g_array_set_size (self->entries, 0);
  g_clear_handle_id (&self->changed_source, g_source_remove);
  G_OBJECT_CLASS (assay_collection_parent_class)->dispose (object);
}

static void
assay_collection_finalize (GObject *object)
{
  AssayCollection *self = ASSAY_COLLECTION (object);

  g_array_unref (self->entries);
  g_hash_table_unref (self->labels);
  g_clear_pointer (&self->target, assay_target_unref);
  G_OBJECT_CLASS (assay_collection_parent_class)->finalize (object);
}

static void
assay_collection_class_init (AssayCollectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_collection_get_property;
  object_class->set_property = assay_collection_set_property;
  object_class->dispose = assay_collection_dispose;
  object_class->finalize = assay_collection_finalize;

  properties[PROP_N_ITEMS] =
    g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TARGET] =
    g_param_spec_boxed ("target", NULL, NULL, ASSAY_TYPE_TARGET,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_THRESHOLD] =
    g_param_spec_double ("threshold", NULL, NULL, 0, 1, 0.6,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * AssayCollection::counts-changed:
   *
   * Some count has changed; at most once a turn of the main loop.
   */
  counts_changed_signal = g_signal_new ("counts-changed", ASSAY_TYPE_COLLECTION, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * AssayCollection::item-changed:
   * @item: an item of it
   *
   * Its answer by the target on show is another one or has another state; at once.
   */
  item_changed_signal = g_signal_new ("item-changed", ASSAY_TYPE_COLLECTION, G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 1, ASSAY_TYPE_ITEM);
}

static void
assay_collection_init (AssayCollection *self)
{
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->watch = (AssayItemWatch) { item_changed, self };
  self->labels = g_hash_table_new_full (g_str_hash, g_str_equal, assay_label_release, NULL);
  self->threshold = 0.6;
  self->next_serial = 1;
}

AssayCollection *
assay_collection_new (void)
{
  return g_object_new (ASSAY_TYPE_COLLECTION, NULL);
}

static void
items_changed (AssayCollection *self,
               guint position,
               guint removed,
               guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  if (removed != added)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
  queue_counts_changed (self);
}

/**
 * assay_collection_append:
 * @items: (element-type AssayItem): new items, in the order given
 *
 * Adds a batch at the end, in one change.
 */
void
assay_collection_append (AssayCollection *self,
                         GPtrArray *items)
{
  guint position;

  g_return_if_fail (ASSAY_IS_COLLECTION (self));
  g_return_if_fail (items != NULL);

  if (items->len == 0)
    return;
  position = self->entries->len;
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);

      assay_item_set_serial (item, self->next_serial++);
      attach (self, item);
    }
  items_changed (self, position, 0, items->len);
}

/* Takes the entries in [start, end) out, in one change. */
static void
remove_range (AssayCollection *self,
              guint start,
              guint end)
{
  for (guint i = start; i < end; i++)
    detach (self, get_entry (self, i));
  g_array_remove_range (self->entries, start, end - start);
  items_changed (self, start, end - start, 0);
}

static gboolean
is_doomed (AssayCollection *self,
           GHashTable *doomed,
           guint position)
{
  return g_hash_table_contains (doomed, get_entry (self, position)->item);
}

/* A scattered selection is one change over everything, not one a row: removing
 * every other of 100,000 rows one by one moves the rest 50,000 times. */
static void
remove_scattered (AssayCollection *self,
                  GHashTable *doomed)
{
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (Entry));
  guint before = self->entries->len;

  for (guint i = 0; i < before; i++)
    {
      if (is_doomed (self, doomed, i))
        detach (self, get_entry (self, i));
      else
        g_array_append_val (kept, *get_entry (self, i));
    }
  g_array_unref (self->entries);
  self->entries = kept;
  items_changed (self, 0, before, kept->len);
}

#define FEW_RANGES 32

static guint
count_ranges (AssayCollection *self,
              GHashTable *doomed)
{
  guint ranges = 0;

  for (guint i = 0; i < self->entries->len; i++)
    if (is_doomed (self, doomed, i) && (i == 0 || !is_doomed (self, doomed, i - 1)))
      ranges++;
  return ranges;
}

/**
 * assay_collection_remove:
 * @items: (element-type AssayItem): items to take out; those that are not in it
 *   are passed over
 */
void
assay_collection_remove (AssayCollection *self,
                         GPtrArray *items)
{
  g_autoptr (GHashTable) doomed = NULL;

  g_return_if_fail (ASSAY_IS_COLLECTION (self));
  g_return_if_fail (items != NULL);

  /* Holds a reference each: the caller's array may be freed by a handler. */
  doomed = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  for (guint i = 0; i < items->len; i++)
    g_hash_table_add (doomed, g_object_ref (g_ptr_array_index (items, i)));

  if (count_ranges (self, doomed) > FEW_RANGES)
    {
      remove_scattered (self, doomed);
      return;
    }
  for (guint end = self->entries->len; end > 0;)
    {
      guint start;

      if (!is_doomed (self, doomed, end - 1))
        {
          end--;
          continue;
        }
      for (start = end - 1; start > 0 && is_doomed (self, doomed, start - 1);)
        start--;
      remove_range (self, start, end);
      end = start;
    }
}

static int
compare_serial (gconstpointer a,
                gconstpointer b)
{
  guint left = ((const Entry *) a)->serial;
  guint right = ((const Entry *) b)->serial;

  return left < right ? -1 : left > right;
}

/**
 * assay_collection_restore:
 * @items: (element-type AssayItem): items that were removed before, or are made of
 *   what is kept, each with a serial of its own
 *
 * Undoes a removal: each comes back to its place in the order of arrival, with
 * its answers.
 */
void
assay_collection_restore (AssayCollection *self,
                          GPtrArray *items)
{
  guint before;

  g_return_if_fail (ASSAY_IS_COLLECTION (self));
  g_return_if_fail (items != NULL);

  before = self->entries->len;
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i);

      if (assay_collection_contains (self, item))
        continue;
      self->next_serial = MAX (self->next_serial, assay_item_get_serial (item) + 1);
      attach (self, item);
    }
  if (self->entries->len == before)
    return;
  g_array_sort (self->entries, compare_serial);
  items_changed (self, 0, before, self->entries->len);
}

gboolean
assay_collection_contains (AssayCollection *self,
                           AssayItem *item)
{
  g_return_val_if_fail (ASSAY_IS_COLLECTION (self), FALSE);
  g_return_val_if_fail (ASSAY_IS_ITEM (item), FALSE);

  return assay_item_get_watch (item) == &self->watch;
}

/**
 * assay_collection_get_target:
 *
 * Returns: (transfer none) (nullable): the target on show
 */
AssayTarget *
assay_collection_get_target (AssayCollection *self)
{
  g_return_val_if_fail (ASSAY_IS_COLLECTION (self), NULL);

  return self->target;
}

/**
 * assay_collection_set_target:
 * @target: (nullable): the target on show
 *
 * Shows that target's answers in every item; counts follow.
 */
void
assay_collection_set_target (AssayCollection *self,
                             AssayTarget *target)
{
  AssayTarget *old;

  g_return_if_fail (ASSAY_IS_COLLECTION (self));

  if (assay_target_equal (self->target, target))
    return;
  old = self->target;
  self->target = target != NULL ? assay_target_ref (target) : NULL;
  if (old != NULL)
    assay_target_unref (old);

  for (guint i = 0; i < self->entries->len; i++)
    assay_item_show_target (get_entry (self, i)->item, target);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TARGET]);
  queue_counts_changed (self);
}

double
assay_collection_get_threshold (AssayCollection *self)
{
  g_return_val_if_fail (ASSAY_IS_COLLECTION (self), 0);

  return self->threshold;
}

/**
 * assay_collection_set_threshold:
 * @threshold: 0…1; an answer whose highest score lies below counts as unsure
 */
void
assay_collection_set_threshold (AssayCollection *self,
                                double threshold)
{
  g_return_if_fail (ASSAY_IS_COLLECTION (self));

  threshold = CLAMP (threshold, 0, 1);
  if (threshold == self->threshold)
    return;
  self->threshold = threshold;
  for (guint i = 0; i < self->entries->len; i++)
    recount (self, get_entry (self, i));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THRESHOLD]);
}

/**
 * assay_collection_count_state:
 *
 * Returns: items whose answer by the target on show is in that state
 */
guint
assay_collection_count_state (AssayCollection *self,
                              AssayAnswerState state)
{
  g_return_val_if_fail (ASSAY_IS_COLLECTION (self), 0);
  g_return_val_if_fail ((guint) state < ASSAY_ANSWER_N_STATES, 0);

  return self->states[state];
}

/**
 * assay_collection_count_unasked:
 *
 * Returns: items that the target on show was never asked about
 */
guint
assay_collection_count_unasked (AssayCollection *self)
{
  g_return_val_if_fail (ASSAY_IS_COLLECTION (self), 0);

  return self->unasked;
}

guint
assay_collection_count_unsure (AssayCollection *self)
{
  g_return_val_if_fail (ASSAY_IS_COLLECTION (self), 0);

  return self->unsure;
}

/**
 * assay_collection_count_label:
 * @label: a label, byte for byte
 *
 * Returns: items whose top label by the target on show is @label
 */
guint
assay_collection_count_label (AssayCollection *self,
                              const char *label)
{
  g_return_val_if_fail (ASSAY_IS_COLLECTION (self), 0);
  g_return_val_if_fail (label != NULL, 0);

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->labels, label));
}

static int
compare_labels (gconstpointer a,
                gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

/**
 * assay_collection_dup_labels:
 *
 * Returns: (transfer full): the top labels that occur, in the user's collation
 */
char **
assay_collection_dup_labels (AssayCollection *self)
{
  GPtrArray *labels;
  GHashTableIter iter;
  gpointer label;

  g_return_val_if_fail (ASSAY_IS_COLLECTION (self), NULL);

  labels = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->labels);
  while (g_hash_table_iter_next (&iter, &label, NULL))
    g_ptr_array_add (labels, g_strdup (label));
  g_ptr_array_sort (labels, compare_labels);
  g_ptr_array_add (labels, NULL);
  return (char **) g_ptr_array_free (labels, FALSE);
}
