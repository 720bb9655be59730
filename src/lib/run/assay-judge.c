/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-judge.h"
#include "assay-label.h"

#define N_CHANGES (ASSAY_CHANGE_REGRESSED + 1)

/* What one item adds to the figures, so that it can be taken out of them again when its
 * answer or its truth is another one. */
typedef struct {
  AssayItem *item;            /* (owned) */
  GRefString *truth;          /* (nullable) interned */
  AssayPrediction *baseline;  /* (nullable) */
  AssayPrediction *candidate; /* (nullable) */
  float seconds[2];           /* that they took, closer than AssayLatency tells them */
} Entry;

/* Invariants: entries has one for each item of the collection, in its order, which is that of
 * their serials; one without predictions adds nothing.  There may be a hundred thousand: mind
 * the size.  The evaluation has each entry with truth and a candidate that can tell of it,
 * as only a trimmed one can't; n_wrong counts those of them that are called something else;
 * the comparison has each with both predictions, n_changes counts these, and latencies has
 * the seconds of both. */
struct _AssayJudge {
  GObject parent_instance;

  AssayCollection *collection;
  AssayTruths *truths;
  AssayTarget *targets[2];    /* (nullable): baseline, candidate */
  AssayEvaluation *evaluation;
  AssayComparison *comparison;
  GArray *entries;            /* (element-type Entry) */
  AssayLatency *latencies[2];
  guint n_changes[N_CHANGES];
  guint n_wrong;
  guint changed_source;
};

G_DEFINE_FINAL_TYPE (AssayJudge, assay_judge, G_TYPE_OBJECT)

enum {
  BASELINE,
  CANDIDATE,
};

enum {
  SIGNAL_CHANGED,
  SIGNAL_ITEM_CHANGED,
  SIGNAL_WANTS_WHOLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* It adds nothing any more. */
static void
entry_reset (Entry *self)
{
  g_clear_pointer (&self->truth, assay_label_release);
  g_clear_pointer (&self->baseline, assay_prediction_unref);
  g_clear_pointer (&self->candidate, assay_prediction_unref);
}

static void
entry_clear (gpointer data)
{
  Entry *self = data;

  entry_reset (self);
  g_clear_object (&self->item);
}

static void
assay_judge_dispose (GObject *object)
{
  AssayJudge *self = ASSAY_JUDGE (object);

  g_clear_handle_id (&self->changed_source, g_source_remove);
  g_clear_object (&self->collection);
  g_clear_object (&self->truths);
  g_array_set_size (self->entries, 0);
  G_OBJECT_CLASS (assay_judge_parent_class)->dispose (object);
}

static void
assay_judge_finalize (GObject *object)
{
  AssayJudge *self = ASSAY_JUDGE (object);

  g_array_unref (self->entries);
  assay_evaluation_unref (self->evaluation);
  assay_comparison_unref (self->comparison);
  for (guint i = 0; i < 2; i++)
    {
      assay_latency_free (self->latencies[i]);
      g_clear_pointer (&self->targets[i], assay_target_unref);
    }
  G_OBJECT_CLASS (assay_judge_parent_class)->finalize (object);
}

static void
assay_judge_class_init (AssayJudgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_judge_dispose;
  object_class->finalize = assay_judge_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ASSAY_TYPE_JUDGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ITEM_CHANGED] = g_signal_new ("item-changed", ASSAY_TYPE_JUDGE, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 1, ASSAY_TYPE_ITEM);
  signals[SIGNAL_WANTS_WHOLE] = g_signal_new ("wants-whole", ASSAY_TYPE_JUDGE, G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 2, ASSAY_TYPE_ITEM,
                                              ASSAY_TYPE_ANSWER);
}

static void
assay_judge_init (AssayJudge *self)
{
  self->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
  self->evaluation = assay_evaluation_new ();
  self->comparison = assay_comparison_new ();
  for (guint i = 0; i < 2; i++)
    self->latencies[i] = assay_latency_new ();
}

static gboolean
changed_cb (gpointer data)
{
  AssayJudge *self = data;

  self->changed_source = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
queue_changed (AssayJudge *self)
{
  if (self->changed_source == 0)
    self->changed_source = g_idle_add_full (G_PRIORITY_DEFAULT, changed_cb, self, NULL);
}

/* ---- one item ---- */

static Entry *
get_entry (AssayJudge *self,
           guint position)
{
  return &g_array_index (self->entries, Entry, position);
}

/* By halves.  Returns NULL for an item that isn't known, as one that the collection has just
 * got while others are told of it first. */
static Entry *
find_entry (AssayJudge *self,
            AssayItem *item)
{
  guint serial = assay_item_get_serial (item);
  guint start = 0, end = self->entries->len;

  while (start < end)
    {
      guint middle = start + (end - start) / 2;

      if (assay_item_get_serial (get_entry (self, middle)->item) < serial)
        start = middle + 1;
      else
        end = middle;
    }
  if (start == self->entries->len || get_entry (self, start)->item != item)
    return NULL;
  return get_entry (self, start);
}

static gboolean
is_empty (const Entry *entry)
{
  return entry->baseline == NULL && entry->candidate == NULL;
}

static gboolean
is_compared (const Entry *entry)
{
  return entry->baseline != NULL && entry->candidate != NULL;
}

static gboolean
is_evaluated (const Entry *entry)
{
  return entry->truth != NULL && entry->candidate != NULL
         && assay_prediction_can_tell (entry->candidate, entry->truth);
}

static gboolean
is_wrong (const Entry *entry)
{
  return is_evaluated (entry)
         && strcmp (assay_prediction_get_label (entry->candidate, 0), entry->truth) != 0;
}

static void
evaluate (AssayJudge *self,
          const Entry *entry)
{
  if (!is_evaluated (entry))
    return;
  assay_evaluation_add (self->evaluation, entry->truth, entry->candidate);
  self->n_wrong += is_wrong (entry);
}

static void
count_in (AssayJudge *self,
          const Entry *entry)
{
  evaluate (self, entry);
  if (!is_compared (entry))
    return;
  for (guint i = 0; i < 2; i++)
    assay_latency_add (self->latencies[i], entry->seconds[i]);
  assay_comparison_add (self->comparison, entry->truth, entry->baseline, entry->candidate);
  self->n_changes[assay_change_judge (entry->truth, entry->baseline, entry->candidate)]++;
}

static void
count_out (AssayJudge *self,
           const Entry *entry)
{
  if (is_evaluated (entry))
    assay_evaluation_remove (self->evaluation, entry->truth, entry->candidate);
  self->n_wrong -= is_wrong (entry);
  if (!is_compared (entry))
    return;
  for (guint i = 0; i < 2; i++)
    assay_latency_remove (self->latencies[i], entry->seconds[i]);
  assay_comparison_remove (self->comparison, entry->truth, entry->baseline, entry->candidate);
  self->n_changes[assay_change_judge (entry->truth, entry->baseline, entry->candidate)]--;
}

static AssayAnswer *
find_answer (AssayJudge *self,
             AssayItem *item,
             guint which)
{
  return self->targets[which] != NULL ? assay_item_find_answer (item, self->targets[which]) : NULL;
}

static AssayPrediction *
find_prediction (AssayJudge *self,
                 AssayItem *item,
                 guint which)
{
  AssayAnswer *answer = find_answer (self, item, which);

  return answer != NULL ? assay_answer_get_prediction (answer) : NULL;
}

static gboolean
is_same (const Entry *entry,
         const char *truth,
         AssayPrediction *baseline,
         AssayPrediction *candidate)
{
  return entry->baseline == baseline && entry->candidate == candidate
         && g_strcmp0 (entry->truth, truth) == 0;
}

static void
empty_entry (AssayJudge *self,
             Entry *entry)
{
  count_out (self, entry);
  entry_reset (entry);
}

/* What assay_change_get_shift() needs of both, and the evaluation of the candidate. */
static gboolean
can_judge (const Entry *entry,
           const AssayPrediction *prediction)
{
  const char *label = entry->truth;

  if (label == NULL && entry->baseline != NULL)
    label = assay_prediction_get_label (entry->baseline, 0);
  return prediction == NULL || label == NULL || assay_prediction_can_tell (prediction, label);
}

static void
want_whole (AssayJudge *self,
            AssayItem *item)
{
  const Entry *entry = find_entry (self, item);
  AssayAnswer *wanted[2] = { NULL, NULL };

  if (entry == NULL)
    return;
  if (!can_judge (entry, entry->baseline))
    wanted[BASELINE] = find_answer (self, item, BASELINE);
  if (!can_judge (entry, entry->candidate))
    wanted[CANDIDATE] = find_answer (self, item, CANDIDATE);
  for (guint i = 0; i < 2; i++)
    if (wanted[i] != NULL)
      g_signal_emit (self, signals[SIGNAL_WANTS_WHOLE], 0, item, wanted[i]);
}

static void
fill_entry (AssayJudge *self,
            Entry *entry,
            const char *truth,
            AssayPrediction *baseline,
            AssayPrediction *candidate)
{
  entry->truth = truth != NULL ? assay_label_intern (truth) : NULL;
  entry->baseline = baseline != NULL ? assay_prediction_ref (baseline) : NULL;
  entry->candidate = candidate != NULL ? assay_prediction_ref (candidate) : NULL;
  if (baseline != NULL)
    entry->seconds[BASELINE] = assay_answer_get_seconds (find_answer (self, entry->item, BASELINE));
  if (candidate != NULL)
    entry->seconds[CANDIDATE] = assay_answer_get_seconds (find_answer (self, entry->item, CANDIDATE));
  count_in (self, entry);
}

static void
judge_item (AssayJudge *self,
            AssayItem *item)
{
  const char *truth = assay_item_get_truth (item);
  AssayPrediction *baseline = find_prediction (self, item, BASELINE);
  AssayPrediction *candidate = find_prediction (self, item, CANDIDATE);
  Entry *entry = find_entry (self, item);
  gboolean adds = baseline != NULL || candidate != NULL;

  if (entry == NULL || (is_empty (entry) ? !adds : is_same (entry, truth, baseline, candidate)))
    return;
  empty_entry (self, entry);
  if (adds)
    fill_entry (self, entry, truth, baseline, candidate);
  g_signal_emit (self, signals[SIGNAL_ITEM_CHANGED], 0, item);
  want_whole (self, item);
  queue_changed (self);
}

/* Labels first: the truth is read in them. */
static void
look_at (AssayJudge *self,
         AssayItem *item)
{
  for (guint i = 0; i < 2; i++)
    {
      AssayPrediction *prediction = find_prediction (self, item, i);

      if (prediction != NULL)
        assay_truths_learn (self->truths, prediction);
    }
  judge_item (self, item);
}

static void
truth_changed_cb (AssayTruths *truths,
                  AssayItem *item,
                  AssayJudge *self)
{
  judge_item (self, item);
}

/* One for each of so many items that stand there in the collection. */
static void
insert_empty (AssayJudge *self,
              guint position,
              guint n)
{
  guint behind = self->entries->len - position;

  if (n == 0)
    return;
  g_array_set_size (self->entries, self->entries->len + n);
  memmove (get_entry (self, position + n), get_entry (self, position), behind * sizeof (Entry));
  for (guint i = 0; i < n; i++)
    *get_entry (self, position + i) =
      (Entry) { .item = g_list_model_get_item (G_LIST_MODEL (self->collection), position + i) };
}

static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  AssayJudge *self)
{
  for (guint i = 0; i < removed; i++)
    empty_entry (self, get_entry (self, position + i));
  if (removed > 0)
    g_array_remove_range (self->entries, position, removed);
  insert_empty (self, position, added);
  for (guint i = 0; i < added; i++)
    look_at (self, get_entry (self, position + i)->item);
  queue_changed (self);
}

/**
 * assay_judge_new:
 * @collection: (transfer none): whose items are judged
 * @truths: (transfer none): what they show
 *
 * Returns: (transfer full): one that judges nobody yet
 */
AssayJudge *
assay_judge_new (AssayCollection *collection,
                 AssayTruths *truths)
{
  AssayJudge *self;

  g_return_val_if_fail (ASSAY_IS_COLLECTION (collection), NULL);
  g_return_val_if_fail (ASSAY_IS_TRUTHS (truths), NULL);

  self = g_object_new (ASSAY_TYPE_JUDGE, NULL);
  self->collection = g_object_ref (collection);
  self->truths = g_object_ref (truths);
  g_signal_connect_object (collection, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  g_signal_connect_object (truths, "item-changed", G_CALLBACK (truth_changed_cb), self, 0);
  items_changed_cb (G_LIST_MODEL (collection), 0, 0,
                    g_list_model_get_n_items (G_LIST_MODEL (collection)), self);
  return self;
}

static void
set_target (AssayJudge *self,
            guint which,
            AssayTarget *target)
{
  g_clear_pointer (&self->targets[which], assay_target_unref);
  self->targets[which] = target != NULL ? assay_target_ref (target) : NULL;
}

/**
 * assay_judge_set_targets:
 * @baseline: (nullable): with whom is compared
 * @candidate: (nullable): who is judged
 *
 * Judges all items anew.
 */
void
assay_judge_set_targets (AssayJudge *self,
                         AssayTarget *baseline,
                         AssayTarget *candidate)
{
  g_return_if_fail (ASSAY_IS_JUDGE (self));

  set_target (self, BASELINE, baseline);
  set_target (self, CANDIDATE, candidate);
  for (guint i = 0; i < self->entries->len; i++)
    look_at (self, get_entry (self, i)->item);
  queue_changed (self);
}

AssayTarget *
assay_judge_get_baseline (AssayJudge *self)
{
  g_return_val_if_fail (ASSAY_IS_JUDGE (self), NULL);

  return self->targets[BASELINE];
}

AssayTarget *
assay_judge_get_candidate (AssayJudge *self)
{
  g_return_val_if_fail (ASSAY_IS_JUDGE (self), NULL);

  return self->targets[CANDIDATE];
}

/**
 * assay_judge_update:
 * @item: one whose answer by one of the targets has come, or gone
 *
 * As long as the number of labels in the answers.
 */
void
assay_judge_update (AssayJudge *self,
                    AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_JUDGE (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  look_at (self, item);
}

/* A form that can't tell of the truth, once the entry is evaluated, could not be taken out of
 * the evaluation: then the one that was put in is held on to. */
static void
replace_candidate (Entry *entry,
                   AssayPrediction *form)
{
  if (is_evaluated (entry) && !assay_prediction_can_tell (form, entry->truth))
    return;
  assay_prediction_ref (form);
  assay_prediction_unref (entry->candidate);
  entry->candidate = form;
}

/**
 * assay_judge_replace:
 * @item: one of which an answer has another form than before, and says the same
 *
 * See AssayTrimmer.  Counts nothing anew; what could not be judged for want of the whole
 * answer is, if it can be now.
 */
void
assay_judge_replace (AssayJudge *self,
                     AssayItem *item)
{
  AssayPrediction *baseline, *candidate;
  gboolean could_judge, was_evaluated;
  Entry *entry;

  g_return_if_fail (ASSAY_IS_JUDGE (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  entry = find_entry (self, item);
  if (entry == NULL)
    return;
  could_judge = can_judge (entry, entry->baseline) && can_judge (entry, entry->candidate);
  was_evaluated = is_evaluated (entry);
  baseline = find_prediction (self, item, BASELINE);
  candidate = find_prediction (self, item, CANDIDATE);
  if (entry->baseline != NULL && baseline != NULL)
    {
      assay_prediction_ref (baseline);
      assay_prediction_unref (entry->baseline);
      entry->baseline = baseline;
    }
  if (entry->candidate != NULL && candidate != NULL)
    replace_candidate (entry, candidate);
  if (!was_evaluated)
    evaluate (self, entry);
  if (could_judge)
    return;
  g_signal_emit (self, signals[SIGNAL_ITEM_CHANGED], 0, item);
  queue_changed (self);
}

/**
 * assay_judge_get_evaluation:
 *
 * Returns: (transfer none): the candidate against the truth
 */
AssayEvaluation *
assay_judge_get_evaluation (AssayJudge *self)
{
  g_return_val_if_fail (ASSAY_IS_JUDGE (self), NULL);

  return self->evaluation;
}

/**
 * assay_judge_get_comparison:
 *
 * Returns: (transfer none): the candidate beside the baseline
 */
AssayComparison *
assay_judge_get_comparison (AssayJudge *self)
{
  g_return_val_if_fail (ASSAY_IS_JUDGE (self), NULL);

  return self->comparison;
}

/**
 * assay_judge_count_change:
 *
 * Returns: items of which that has become
 */
guint
assay_judge_count_change (AssayJudge *self,
                          AssayChange change)
{
  g_return_val_if_fail (ASSAY_IS_JUDGE (self), 0);
  g_return_val_if_fail (change < N_CHANGES, 0);

  return self->n_changes[change];
}

/**
 * assay_judge_get_change:
 * @change: (out) (optional): what has become of it
 *
 * Returns: whether both have answered
 */
gboolean
assay_judge_get_change (AssayJudge *self,
                        AssayItem *item,
                        AssayChange *change)
{
  const Entry *entry;

  g_return_val_if_fail (ASSAY_IS_JUDGE (self), FALSE);

  entry = find_entry (self, item);
  if (entry == NULL || !is_compared (entry))
    return FALSE;
  if (change != NULL)
    *change = assay_change_judge (entry->truth, entry->baseline, entry->candidate);
  return TRUE;
}

/**
 * assay_judge_count_wrong:
 *
 * Returns: items of which the candidate says something else than the truth
 */
guint
assay_judge_count_wrong (AssayJudge *self)
{
  g_return_val_if_fail (ASSAY_IS_JUDGE (self), 0);

  return self->n_wrong;
}

/**
 * assay_judge_get_latency:
 * @baseline: the baseline's, else the candidate's
 *
 * Returns: (transfer none): how long it took, over the images that both have answered
 */
const AssayLatency *
assay_judge_get_latency (AssayJudge *self,
                         gboolean baseline)
{
  g_return_val_if_fail (ASSAY_IS_JUDGE (self), NULL);

  return self->latencies[baseline ? BASELINE : CANDIDATE];
}
