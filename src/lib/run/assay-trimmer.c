/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-trimmer.h"

typedef struct {
  AssayItem *item;
  AssayAnswer *answer;
} Wanted;

typedef struct {
  AssayAnswer *answer;
  GBytes *bytes;
} Raw;

/* What one takes beside its bytes: itself, its place in a queue, and what GBytes and the
 * allocator need. */
#define RAW_OVERHEAD 128

/* Invariants: at most ASSAY_LIMIT_TRIMMED_LOADS of those wanted are being loaded; the others
 * wait only while that many are.  raws are of answers that the history has, oldest first, and
 * raw_bytes is what they take, at most ASSAY_LIMIT_KEPT_RAW. */
struct _AssayTrimmer {
  GObject parent_instance;

  AssayHistory *history;
  GHashTable *sets;           /* (element-type AssayLabelSet) */
  AssayLabelSet *last;        /* (nullable): of sets, the one that was met last */
  GQueue wanted;              /* (element-type Wanted) */
  GQueue raws;                /* (element-type Raw) */
  gsize raw_bytes;
  guint n_loading;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (AssayTrimmer, assay_trimmer, G_TYPE_OBJECT)

static guint trimmed_signal;

static void
wanted_free (gpointer data)
{
  Wanted *self = data;

  g_object_unref (self->item);
  g_object_unref (self->answer);
  g_free (self);
}

static void
raw_free (gpointer data)
{
  Raw *self = data;

  g_object_unref (self->answer);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static void
assay_trimmer_dispose (GObject *object)
{
  AssayTrimmer *self = ASSAY_TRIMMER (object);

  assay_trimmer_close (self);
  g_queue_clear_full (&self->raws, raw_free);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (assay_trimmer_parent_class)->dispose (object);
}

static void
assay_trimmer_finalize (GObject *object)
{
  AssayTrimmer *self = ASSAY_TRIMMER (object);

  g_hash_table_unref (self->sets);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (assay_trimmer_parent_class)->finalize (object);
}

static void
assay_trimmer_class_init (AssayTrimmerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_trimmer_dispose;
  object_class->finalize = assay_trimmer_finalize;

  trimmed_signal = g_signal_new ("trimmed", ASSAY_TYPE_TRIMMER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, ASSAY_TYPE_ITEM);
}

static void
assay_trimmer_init (AssayTrimmer *self)
{
  self->sets = g_hash_table_new_full (assay_label_set_hash, assay_label_set_equal,
                                      (GDestroyNotify) assay_label_set_unref, NULL);
  g_queue_init (&self->wanted);
  g_queue_init (&self->raws);
  self->cancellable = g_cancellable_new ();
}

/**
 * assay_trimmer_new:
 * @history: (transfer none): where the answers are kept that are trimmed
 *
 * Returns: (transfer full): one that has trimmed nothing yet
 */
AssayTrimmer *
assay_trimmer_new (AssayHistory *history)
{
  AssayTrimmer *self;

  g_return_val_if_fail (ASSAY_IS_HISTORY (history), NULL);

  self = g_object_new (ASSAY_TYPE_TRIMMER, NULL);
  self->history = g_object_ref (history);
  return self;
}

/**
 * assay_trimmer_close:
 *
 * Nothing is wanted any more.  What is being loaded holds this until it has landed.
 */
void
assay_trimmer_close (AssayTrimmer *self)
{
  g_return_if_fail (ASSAY_IS_TRIMMER (self));

  g_cancellable_cancel (self->cancellable);
  g_queue_clear_full (&self->wanted, wanted_free);
}

/* ---- one prediction ---- */

/* Most services send their labels in the same order each time: then there is nothing to sort
 * and to look up.  Interned labels are equal where their pointers are. */
static gboolean
stands_as (const AssayPrediction *prediction,
           const AssayLabelSet *labels)
{
  guint n = assay_label_set_get_n (labels);

  if (assay_prediction_get_n (prediction) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (assay_prediction_get_sent_label (prediction, i) != assay_label_set_get_label (labels, i))
      return FALSE;
  return TRUE;
}

/* A service that sends the best of very many labels has another set for each answer; those
 * beyond the bound are shared by nobody, and go with their answer. */
static AssayLabelSet *
share_labels (AssayTrimmer *self,
              const AssayPrediction *prediction)
{
  g_autoptr (AssayLabelSet) own = NULL;
  AssayLabelSet *shared;

  if (self->last != NULL && stands_as (prediction, self->last))
    return assay_label_set_ref (self->last);
  own = assay_prediction_dup_label_set (prediction);
  shared = g_hash_table_lookup (self->sets, own);
  if (shared == NULL && g_hash_table_size (self->sets) >= ASSAY_LIMIT_LABEL_SETS)
    return g_steal_pointer (&own);
  if (shared == NULL)
    {
      shared = own;
      g_hash_table_add (self->sets, assay_label_set_ref (own));
    }
  self->last = shared;
  return assay_label_set_ref (shared);
}

static gboolean
is_long (const AssayPrediction *prediction)
{
  return !assay_prediction_is_trimmed (prediction)
         && assay_prediction_get_n (prediction) > ASSAY_TRIMMED_LABELS;
}

/**
 * assay_trimmer_shorten:
 * @prediction: (transfer none): one that the history has
 * @keep: (array zero-terminated=1) (nullable): labels to hold besides the best few
 * @run: where it is kept
 * @position: of its item in that run
 *
 * Returns: (transfer full): a short form of it; itself where that would be no shorter
 */
AssayPrediction *
assay_trimmer_shorten (AssayTrimmer *self,
                       AssayPrediction *prediction,
                       const char *const *keep,
                       gint64 run,
                       guint position)
{
  g_autoptr (AssayLabelSet) labels = NULL;

  g_return_val_if_fail (ASSAY_IS_TRIMMER (self), NULL);
  g_return_val_if_fail (prediction != NULL, NULL);

  if (!is_long (prediction))
    return assay_prediction_ref (prediction);
  labels = share_labels (self, prediction);
  return assay_prediction_trim (prediction, ASSAY_TRIMMED_LABELS, keep, labels, run, position);
}

/* ---- one answer ---- */

/* The labels that an answer's item is judged by: its truth, and what others call it. */
static char **
list_kept_labels (AssayItem *item)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (assay_item_get_truth (item) != NULL)
    g_strv_builder_add (builder, assay_item_get_truth (item));
  for (guint i = 0; i < assay_item_get_n_answers (item); i++)
    {
      AssayPrediction *prediction =
        assay_answer_get_prediction (assay_item_get_nth_answer (item, i));

      if (prediction != NULL)
        g_strv_builder_add (builder, assay_prediction_get_label (prediction, 0));
    }
  return g_strv_builder_end (builder);
}

static gsize
weigh_raw (const Raw *raw)
{
  return g_bytes_get_size (raw->bytes) + RAW_OVERHEAD;
}

/* Of many answers, what the oldest said word by word is forgotten: it is no part of what
 * the history keeps. */
static void
count_raw (AssayTrimmer *self,
           AssayAnswer *answer)
{
  GBytes *bytes = assay_answer_get_raw (answer);
  Raw *raw;

  if (bytes == NULL)
    return;
  raw = g_new (Raw, 1);
  *raw = (Raw) { g_object_ref (answer), g_bytes_ref (bytes) };
  g_queue_push_tail (&self->raws, raw);
  self->raw_bytes += weigh_raw (raw);
  while (self->raw_bytes > ASSAY_LIMIT_KEPT_RAW)
    {
      Raw *oldest = g_queue_pop_head (&self->raws);

      self->raw_bytes -= weigh_raw (oldest);
      /* One that was asked again meanwhile has another, and stands further behind for it. */
      if (assay_answer_get_raw (oldest->answer) == oldest->bytes)
        assay_answer_drop_raw (oldest->answer);
      raw_free (oldest);
    }
}

/**
 * assay_trimmer_trim:
 * @item: whose answer it is
 * @answer: one that the history has, as it is now
 * @run: where it is kept
 * @position: of @item in that run
 *
 * Trims it, if it has enough labels for that to be of use; and if what came word by word takes
 * too much, that of the oldest answers is forgotten.
 */
void
assay_trimmer_trim (AssayTrimmer *self,
                    AssayItem *item,
                    AssayAnswer *answer,
                    gint64 run,
                    guint position)
{
  AssayPrediction *prediction;
  g_autoptr (AssayPrediction) trimmed = NULL;
  g_auto (GStrv) keep = NULL;

  g_return_if_fail (ASSAY_IS_TRIMMER (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));
  g_return_if_fail (ASSAY_IS_ANSWER (answer));

  prediction = assay_answer_get_prediction (answer);
  if (prediction == NULL)
    return;
  count_raw (self, answer);
  if (!is_long (prediction))
    return;
  keep = list_kept_labels (item);
  trimmed = assay_trimmer_shorten (self, prediction, (const char *const *) keep, run, position);
  assay_answer_set_form (answer, trimmed);
  g_signal_emit (self, trimmed_signal, 0, item);
}

/* ---- whole again ---- */

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autofree char *number = NULL;
  GError *error = NULL;
  g_autoptr (GPtrArray) items = assay_history_load_finish (ASSAY_HISTORY (object), result, &error);
  AssayPrediction *trimmed = g_task_get_task_data (task);
  AssayKeptItem *item = items != NULL && items->len > 0 ? g_ptr_array_index (items, 0) : NULL;
  guint position;

  number = g_strdup_printf ("%" G_GINT64_FORMAT, assay_prediction_get_kept (trimmed, &position));
  if (items == NULL)
    g_task_return_error (task, error);
  else if (item == NULL || item->position != position || item->answer == NULL
           || item->answer->prediction == NULL
           || assay_prediction_get_n (item->answer->prediction)
                != assay_prediction_get_n_sent (trimmed))
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                             _("The history has no run %s. List its runs to see their numbers."),
                             number);
  else
    g_task_return_pointer (task, assay_prediction_ref (item->answer->prediction),
                           (GDestroyNotify) assay_prediction_unref);
}

/**
 * assay_trimmer_load_async:
 * @trimmed: (transfer none): a trimmed prediction
 *
 * Asks the history for all of it.
 */
void
assay_trimmer_load_async (AssayTrimmer *self,
                          AssayPrediction *trimmed,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  GTask *task;
  guint position;
  gint64 run;

  g_return_if_fail (ASSAY_IS_TRIMMER (self));
  g_return_if_fail (trimmed != NULL && assay_prediction_is_trimmed (trimmed));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_trimmer_load_async);
  g_task_set_task_data (task, assay_prediction_ref (trimmed),
                        (GDestroyNotify) assay_prediction_unref);
  run = assay_prediction_get_kept (trimmed, &position);
  assay_history_load_async (self->history, run, ASSAY_HISTORY_ALL, (gint64) position - 1, 1,
                            cancellable, loaded_cb, task);
}

/**
 * assay_trimmer_load_finish:
 * @error: %ASSAY_ERROR_UNREADABLE, %ASSAY_ERROR_NOT_FOUND when somebody has removed the run
 *   meanwhile
 *
 * Returns: (transfer full): what was sent
 */
AssayPrediction *
assay_trimmer_load_finish (AssayTrimmer *self,
                           GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
can_tell_all (const AssayPrediction *prediction,
              char **labels)
{
  for (; *labels != NULL; labels++)
    if (!assay_prediction_can_tell (prediction, *labels))
      return FALSE;
  return TRUE;
}

/* Whether it was asked again meanwhile is seen by where it is kept. */
static gboolean
is_form_of (const AssayPrediction *prediction,
            const AssayPrediction *trimmed)
{
  guint place, places;

  return prediction != NULL && assay_prediction_is_trimmed (prediction)
         && assay_prediction_get_kept (prediction, &place)
              == assay_prediction_get_kept (trimmed, &places)
         && place == places
         && assay_prediction_get_squares (prediction) == assay_prediction_get_squares (trimmed);
}

typedef struct {
  AssayTrimmer *trimmer;
  Wanted *wanted;
  AssayPrediction *trimmed;
} Load;

static void
load_free (Load *self)
{
  g_object_unref (self->trimmer);
  wanted_free (self->wanted);
  assay_prediction_unref (self->trimmed);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Load, load_free)

static void
take_whole (AssayTrimmer *self,
            const Load *load,
            AssayPrediction *whole)
{
  g_auto (GStrv) keep = list_kept_labels (load->wanted->item);
  g_autoptr (AssayPrediction) again = NULL;
  guint position;
  gint64 run = assay_prediction_get_kept (load->trimmed, &position);

  again = assay_trimmer_shorten (self, whole, (const char *const *) keep, run, position);
  assay_answer_set_form (load->wanted->answer, again);
  g_signal_emit (self, trimmed_signal, 0, load->wanted->item);
}

static void load_next (AssayTrimmer *self);

/* What the history can't give any more stays as it is: nobody can judge by it. */
static void
whole_cb (GObject *object,
          GAsyncResult *result,
          gpointer data)
{
  AssayTrimmer *self = ASSAY_TRIMMER (object);
  g_autoptr (Load) load = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPrediction) whole = assay_trimmer_load_finish (self, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->n_loading--;
  if (whole == NULL)
    g_debug ("An answer can't be loaded: %s", error->message);
  else if (is_form_of (assay_answer_get_prediction (load->wanted->answer), load->trimmed))
    take_whole (self, load, whole);
  load_next (self);
}

static void
load_wanted (AssayTrimmer *self,
             Wanted *wanted)
{
  AssayPrediction *prediction = assay_answer_get_prediction (wanted->answer);
  g_auto (GStrv) keep = list_kept_labels (wanted->item);
  Load *load;

  if (prediction == NULL || can_tell_all (prediction, keep))
    {
      wanted_free (wanted);
      return;
    }
  load = g_new (Load, 1);
  *load = (Load) { g_object_ref (self), wanted, assay_prediction_ref (prediction) };
  self->n_loading++;
  assay_trimmer_load_async (self, prediction, self->cancellable, whole_cb, load);
}

static void
load_next (AssayTrimmer *self)
{
  while (self->n_loading < ASSAY_LIMIT_TRIMMED_LOADS && !g_queue_is_empty (&self->wanted))
    load_wanted (self, g_queue_pop_head (&self->wanted));
}

/**
 * assay_trimmer_want:
 * @item: whose truth, or another answer of it, is now a label that @answer can't tell of
 * @answer: (transfer none): a trimmed one
 *
 * Has it tell of them as well, which is signaled as it is done.
 */
void
assay_trimmer_want (AssayTrimmer *self,
                    AssayItem *item,
                    AssayAnswer *answer)
{
  Wanted *wanted;

  g_return_if_fail (ASSAY_IS_TRIMMER (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));
  g_return_if_fail (ASSAY_IS_ANSWER (answer));

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  wanted = g_new (Wanted, 1);
  *wanted = (Wanted) { g_object_ref (item), g_object_ref (answer) };
  g_queue_push_tail (&self->wanted, wanted);
  load_next (self);
}
