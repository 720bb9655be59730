/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-mistakes.h"
#include "assay-walk.h"

/* More than are shown, so that marks and better answers can take some away before all
 * items have to be looked at again. */
#define KEPT 64

/* Where a mistake stands: the higher score first, then what came first. */
typedef struct {
  double score;
  guint serial;
} Place;

typedef struct {
  AssayItem *item;
  Place place;
} Entry;

/* Invariants, once there is no walk: the entries are in their order, and are the first of
 * all mistakes; while is_cut, there may be others from the floor on. */
struct _AssayMistakes {
  GObject parent_instance;

  AssayJudge *judge;
  AssayCollection *collection;
  AssayTarget *target;        /* (nullable): whose mistakes these are */
  GArray *entries;            /* (element-type Entry), KEPT at most */
  Place floor;
  gboolean is_cut;
  AssayWalk *walk;            /* (nullable) */
};

G_DEFINE_FINAL_TYPE (AssayMistakes, assay_mistakes, G_TYPE_OBJECT)

static guint changed_signal;

static void
entry_clear (gpointer data)
{
  g_clear_object (&((Entry *) data)->item);
}

static gboolean
is_before (const Place *a,
           const Place *b)
{
  return a->score != b->score ? a->score > b->score : a->serial < b->serial;
}

/* What the candidate says, if that is wrong. */
static AssayPrediction *
find_mistake (AssayMistakes *self,
              AssayItem *item)
{
  const char *truth = assay_item_get_truth (item);
  AssayAnswer *answer = self->target != NULL && truth != NULL
                          ? assay_item_find_answer (item, self->target)
                          : NULL;
  AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;

  if (prediction == NULL || g_str_equal (assay_prediction_get_label (prediction, 0), truth))
    return NULL;
  return prediction;
}

static gboolean
take_out (AssayMistakes *self,
          AssayItem *item)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (g_array_index (self->entries, Entry, i).item == item)
      {
        g_array_remove_index (self->entries, i);
        return TRUE;
      }
  return FALSE;
}

static gboolean
put_in (AssayMistakes *self,
        AssayItem *item,
        const AssayPrediction *prediction)
{
  Place place = { assay_prediction_get_score (prediction, 0), assay_item_get_serial (item) };
  Entry entry = { item, place };
  guint at = self->entries->len;

  if (self->is_cut && !is_before (&entry.place, &self->floor))
    return FALSE;
  while (at > 0 && is_before (&entry.place, &g_array_index (self->entries, Entry, at - 1).place))
    at--;
  if (at == KEPT)
    {
      self->floor = entry.place;
      self->is_cut = TRUE;
      return FALSE;
    }
  g_object_ref (item);
  g_array_insert_val (self->entries, at, entry);
  if (self->entries->len > KEPT)
    {
      self->floor = g_array_index (self->entries, Entry, KEPT).place;
      self->is_cut = TRUE;
      g_array_set_size (self->entries, KEPT);
    }
  return TRUE;
}

static gboolean
consider (AssayMistakes *self,
          AssayItem *item)
{
  gboolean gone = take_out (self, item);
  AssayPrediction *prediction = find_mistake (self, item);

  return (prediction != NULL && put_in (self, item, prediction)) || gone;
}

static void
each_cb (AssayItem *item,
         gpointer data)
{
  consider (data, item);
}

static void
done_cb (gpointer data)
{
  AssayMistakes *self = data;

  g_clear_pointer (&self->walk, assay_walk_stop);
  g_signal_emit (self, changed_signal, 0);
}

static void
look_at_all (AssayMistakes *self)
{
  g_clear_pointer (&self->walk, assay_walk_stop);
  g_array_set_size (self->entries, 0);
  self->is_cut = FALSE;
  self->walk = assay_walk_start (self->collection, each_cb, done_cb, self);
}

/* Whether it is another one; all items are looked at then. */
static gboolean
follow_target (AssayMistakes *self)
{
  AssayTarget *target = assay_judge_get_candidate (self->judge);

  if (self->target == target
      || (self->target != NULL && target != NULL && assay_target_equal (self->target, target)))
    return FALSE;
  g_clear_pointer (&self->target, assay_target_unref);
  self->target = target != NULL ? assay_target_ref (target) : NULL;
  look_at_all (self);
  return TRUE;
}

/* Some have gone: those that come next may have been cut off. */
static void
settle (AssayMistakes *self)
{
  if (self->walk != NULL)
    return;
  if (self->is_cut && self->entries->len < ASSAY_MISTAKES_MOST)
    look_at_all (self);
  else
    g_signal_emit (self, changed_signal, 0);
}

static void
judged_cb (AssayMistakes *self,
           AssayItem *item)
{
  if (!follow_target (self) && consider (self, item))
    settle (self);
}

static void
targets_cb (AssayMistakes *self)
{
  follow_target (self);
}

/* An item that goes away says nothing itself. */
static void
items_changed_cb (AssayMistakes *self,
                  guint position,
                  guint removed)
{
  gboolean gone = FALSE;

  if (removed == 0)
    return;
  for (guint i = self->entries->len; i-- > 0;)
    if (!assay_collection_contains (self->collection, g_array_index (self->entries, Entry, i).item))
      {
        g_array_remove_index (self->entries, i);
        gone = TRUE;
      }
  if (gone)
    settle (self);
}

static void
assay_mistakes_dispose (GObject *object)
{
  AssayMistakes *self = ASSAY_MISTAKES (object);

  g_clear_pointer (&self->walk, assay_walk_stop);
  g_clear_pointer (&self->target, assay_target_unref);
  g_array_set_size (self->entries, 0);
  g_clear_object (&self->judge);
  g_clear_object (&self->collection);
  G_OBJECT_CLASS (assay_mistakes_parent_class)->dispose (object);
}

static void
assay_mistakes_finalize (GObject *object)
{
  g_array_unref (ASSAY_MISTAKES (object)->entries);
  G_OBJECT_CLASS (assay_mistakes_parent_class)->finalize (object);
}

static void
assay_mistakes_class_init (AssayMistakesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_mistakes_dispose;
  object_class->finalize = assay_mistakes_finalize;
  changed_signal = g_signal_new ("changed", ASSAY_TYPE_MISTAKES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
assay_mistakes_init (AssayMistakes *self)
{
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
}

/**
 * assay_mistakes_new:
 * @judge: (transfer none): whose candidate makes them
 * @truths: (transfer none): the ones that the judge was made with
 *
 * Returns: (transfer full): the worst mistakes, once it has settled
 */
AssayMistakes *
assay_mistakes_new (AssayJudge *judge,
                    AssayTruths *truths)
{
  AssayMistakes *self;

  g_return_val_if_fail (ASSAY_IS_JUDGE (judge), NULL);
  g_return_val_if_fail (ASSAY_IS_TRUTHS (truths), NULL);

  self = g_object_new (ASSAY_TYPE_MISTAKES, NULL);
  self->judge = g_object_ref (judge);
  self->collection = g_object_ref (assay_truths_get_collection (truths));
  g_signal_connect_object (judge, "item-changed", G_CALLBACK (judged_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (judge, "changed", G_CALLBACK (targets_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->collection, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  follow_target (self);
  return self;
}

/**
 * assay_mistakes_is_settled:
 *
 * Returns: whether the list is right: %FALSE while all items are looked at
 */
gboolean
assay_mistakes_is_settled (AssayMistakes *self)
{
  g_return_val_if_fail (ASSAY_IS_MISTAKES (self), FALSE);

  return self->walk == NULL;
}

/**
 * assay_mistakes_list:
 * @n: how many at most, up to %ASSAY_MISTAKES_MOST
 *
 * Returns: (transfer full) (element-type AssayItem): the images with the highest wrong
 *   scores, those first, of equal ones what came first
 */
GPtrArray *
assay_mistakes_list (AssayMistakes *self,
                     guint n)
{
  GPtrArray *items;

  g_return_val_if_fail (ASSAY_IS_MISTAKES (self), NULL);
  g_return_val_if_fail (n <= ASSAY_MISTAKES_MOST, NULL);

  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < MIN (n, self->entries->len); i++)
    g_ptr_array_add (items, g_object_ref (g_array_index (self->entries, Entry, i).item));
  return items;
}
