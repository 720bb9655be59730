/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-report-file.h"
#include "assay-reporter.h"

/* Items are looked at for so long in one turn of the main loop. */
#define SLICE (4 * G_TIME_SPAN_MILLISECOND)

/* Labels that are said of one image: the truth, and the best two of each. */
#define MAX_LABELS 5

/* The places of the two; a report about one has the candidate alone. */
enum {
  A,
  B,
};

typedef struct {
  AssayTarget *target;           /* (nullable): no such side */
  char *service;                 /* (nullable) */
  char *answered;                /* (nullable) */
  AssayEvaluation *evaluation;
  AssayPrediction *loaded;       /* (nullable): of the next item */
} Side;

/* What the labels of one image are.  They are borrowed. */
typedef struct {
  const char *names[MAX_LABELS + 1];
  guint n;
} Labels;

/* Invariant: those before next are in the draft.  Once it is written, on a thread of its
 * own, nobody else touches the draft and what it was given. */
typedef struct {
  GPtrArray *items;              /* (element-type AssayItem) */
  Side sides[2];
  AssayReportDraft *draft;       /* (nullable) once it is written */
  AssayComparison *comparison;   /* (nullable): of two sides */
  AssayTrimmer *trimmer;         /* (nullable) */
  GFile *file;
  char *table;                   /* (nullable) */
  guint next;
  guint loading;                 /* the side that is loaded just now */
  guint n_answered;              /* by all sides */
  guint n_with_truth;            /* of those */
  gboolean origins[ASSAY_TRUTH_HAND + 1];
} Gather;

static void
forget_figures (Gather *self)
{
  g_clear_pointer (&self->draft, assay_report_draft_free);
  g_clear_pointer (&self->comparison, assay_comparison_unref);
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->sides[i].evaluation, assay_evaluation_unref);
}

static void
gather_free (gpointer data)
{
  Gather *self = data;

  forget_figures (self);
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->sides[i].target, assay_target_unref);
      g_clear_pointer (&self->sides[i].loaded, assay_prediction_unref);
      g_free (self->sides[i].service);
      g_free (self->sides[i].answered);
    }
  g_ptr_array_unref (self->items);
  g_clear_object (&self->trimmer);
  g_object_unref (self->file);
  g_free (self->table);
  g_free (self);
}

/* ---- one image ---- */

static void
add_label (Labels *labels,
           const char *name)
{
  for (guint i = 0; i < labels->n; i++)
    if (g_str_equal (labels->names[i], name))
      return;
  labels->names[labels->n++] = name;
}

/* Those that the page may say of it, besides what is told by all anyway. */
static void
list_labels (const char *truth,
             AssayPrediction *const predictions[2],
             Labels *labels)
{
  *labels = (Labels) { 0 };
  if (truth != NULL)
    add_label (labels, truth);
  for (guint i = 0; i < 2; i++)
    for (guint j = 0; predictions[i] != NULL && j < MIN (2, assay_prediction_get_n (predictions[i])); j++)
      add_label (labels, assay_prediction_get_label (predictions[i], j));
}

static gboolean
can_tell_all (AssayPrediction *prediction,
              const Labels *labels)
{
  for (guint i = 0; i < labels->n; i++)
    if (!assay_prediction_can_tell (prediction, labels->names[i]))
      return FALSE;
  return TRUE;
}

/* (transfer none) (nullable) */
static AssayPrediction *
find_prediction (const Side *side,
                 AssayItem *item)
{
  AssayAnswer *answer = side->target != NULL ? assay_item_find_answer (item, side->target) : NULL;

  if (answer == NULL || assay_answer_get_state (answer) != ASSAY_ANSWER_ANSWERED)
    return NULL;
  return side->loaded != NULL ? side->loaded : assay_answer_get_prediction (answer);
}

/* Whether all sides have answered. */
static gboolean
find_predictions (Gather *self,
                  AssayItem *item,
                  AssayPrediction *predictions[2])
{
  for (guint i = 0; i < 2; i++)
    predictions[i] = find_prediction (&self->sides[i], item);
  return predictions[B] != NULL && (self->comparison == NULL || predictions[A] != NULL);
}

static void
judge (Gather *self,
       AssayItem *item,
       AssayPrediction *const predictions[2])
{
  AssaySource *source = assay_item_get_source (item);
  const char *truth = assay_item_get_truth (item);
  AssayChange change = ASSAY_CHANGE_SAME;

  self->n_answered++;
  if (self->comparison != NULL)
    {
      change = assay_change_judge (truth, predictions[A], predictions[B]);
      assay_comparison_add (self->comparison, truth, predictions[A], predictions[B]);
    }
  if (change != ASSAY_CHANGE_SAME)
    assay_report_draft_add_flip (self->draft, source, truth, change, predictions[A], predictions[B]);
  if (truth == NULL)
    return;
  self->n_with_truth++;
  self->origins[assay_item_get_truth_origin (item)] = TRUE;
  for (guint i = 0; i < 2; i++)
    if (predictions[i] != NULL)
      assay_evaluation_add (self->sides[i].evaluation, truth, predictions[i]);
  if (!g_str_equal (assay_prediction_get_label (predictions[B], 0), truth))
    assay_report_draft_add_mistake (self->draft, source, truth, predictions[B]);
}

/* FALSE if one of its answers has to be loaded first; which one is in loading then. */
static gboolean
take_next (Gather *self)
{
  AssayItem *item = g_ptr_array_index (self->items, self->next);
  AssayPrediction *predictions[2];
  Labels labels;

  if (find_predictions (self, item, predictions))
    {
      list_labels (assay_item_get_truth (item), predictions, &labels);
      for (guint i = 0; i < 2; i++)
        if (predictions[i] != NULL && !can_tell_all (predictions[i], &labels))
          {
            self->loading = i;
            return FALSE;
          }
      judge (self, item, predictions);
    }
  assay_report_draft_add_image (self->draft, item);
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->sides[i].loaded, assay_prediction_unref);
  self->next++;
  return TRUE;
}

/* ---- the end ---- */

static void
add_version (Gather *self,
             guint which)
{
  const Side *side = &self->sides[which];
  const AssayTarget *other = self->sides[1 - which].target;
  const char *model = assay_target_get_model (side->target);
  const char *version = assay_target_get_version (side->target);
  const char *other_model = other != NULL ? assay_target_get_model (other) : NULL;
  const char *other_version = other != NULL ? assay_target_get_version (other) : NULL;
  const char *other_service = other != NULL ? self->sides[1 - which].service : NULL;
  g_autofree char *title = assay_report_dup_title (model, version, side->service, other_model,
                                                   other_version, other_service, FALSE);
  g_autofree char *first = assay_report_dup_title (model, version, side->service, other_model,
                                                   other_version, other_service, TRUE);
  const AssayReportVersion named = {
    .title = title,
    .first = first,
    .model = model,
    .version = version,
    .service = side->service,
    .answered = side->answered,
  };

  assay_report_draft_add_version (self->draft, &named, side->evaluation);
}

/* (transfer full) (nullable) */
static char *
dup_origin (Gather *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (self->origins[ASSAY_TRUTH_FOLDER])
    g_ptr_array_add (names, (gpointer) _("the names of the folders"));
  if (self->origins[ASSAY_TRUTH_FILE] && self->table != NULL)
    g_ptr_array_add (names, self->table);
  if (self->origins[ASSAY_TRUTH_HAND])
    g_ptr_array_add (names, (gpointer) _("marks by hand"));
  g_ptr_array_add (names, NULL);
  return names->len > 1 ? g_strjoinv (", ", (char **) names->pdata) : NULL;
}

static void
fill_in (Gather *self)
{
  g_autofree char *origin = dup_origin (self);
  /* Where nobody says what anything shows, that is no lack of two that are compared. */
  const gboolean judged = self->comparison == NULL || self->n_with_truth > 0;
  const AssayReportExtent extent = {
    .n_given = self->items->len,
    .n_unanswered = self->items->len - self->n_answered,
    .n_without_truth = judged ? self->n_answered - self->n_with_truth : 0,
    .truth = origin,
  };

  if (self->comparison != NULL)
    add_version (self, A);
  add_version (self, B);
  assay_report_draft_set_extent (self->draft, &extent);
}

static void
write_in_thread (GTask *task,
                 gpointer source,
                 gpointer data,
                 GCancellable *cancellable)
{
  Gather *self = data;
  AssayReport *report = assay_report_draft_end (self->draft, self->comparison);
  GError *error = NULL;
  gboolean saved = assay_report_save (report, self->file, cancellable, &error);

  /* Before the main thread goes on: their references aren't counted for two threads. */
  assay_report_free (report);
  forget_figures (self);
  if (saved)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* ---- all of them ---- */

static void go_on (GTask *task);

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Gather *self = g_task_get_task_data (task);
  Side *side = &self->sides[self->loading];
  AssayItem *item = g_ptr_array_index (self->items, self->next);
  AssayTrimmer *trimmer = ASSAY_TRIMMER (object);
  GError *error = NULL;
  g_autoptr (AssayPrediction) whole = assay_trimmer_load_finish (trimmer, result, &error);
  g_autoptr (AssayPrediction) trimmed = NULL;
  AssayPrediction *predictions[2];
  Labels labels;
  guint position = 0;
  gint64 run;

  if (whole == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* As many are kept as there are flips: only what the page says of them. */
  if (find_predictions (self, item, predictions)
      && assay_prediction_is_trimmed (predictions[self->loading]))
    {
      trimmed = assay_prediction_ref (predictions[self->loading]);
      list_labels (assay_item_get_truth (item), predictions, &labels);
      run = assay_prediction_get_kept (trimmed, &position);
      g_clear_pointer (&side->loaded, assay_prediction_unref);
      side->loaded = assay_trimmer_shorten (trimmer, whole, labels.names, run, position);
    }
  go_on (g_steal_pointer (&task));
}

static void
load_next (GTask *task)
{
  Gather *self = g_task_get_task_data (task);
  Side *side = &self->sides[self->loading];
  AssayPrediction *prediction;

  /* One that was loaded before can't tell a truth that was said only then. */
  g_clear_pointer (&side->loaded, assay_prediction_unref);
  prediction = find_prediction (side, g_ptr_array_index (self->items, self->next));
  if (prediction != NULL && assay_prediction_is_trimmed (prediction))
    assay_trimmer_load_async (self->trimmer, prediction, g_task_get_cancellable (task), loaded_cb,
                              g_object_ref (task));
  else
    go_on (g_object_ref (task));
}

/* As many as there is time for.  FALSE when one of them has to be loaded. */
static gboolean
take_some (Gather *self)
{
  gint64 end = g_get_monotonic_time () + SLICE;

  while (self->next < self->items->len && g_get_monotonic_time () < end)
    if (!take_next (self))
      return FALSE;
  return TRUE;
}

static gboolean
step_cb (gpointer data)
{
  GTask *task = data;
  Gather *self = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (!take_some (self))
    {
      load_next (task);
      return G_SOURCE_REMOVE;
    }
  if (self->next < self->items->len)
    return G_SOURCE_CONTINUE;
  fill_in (self);
  g_task_run_in_thread (task, write_in_thread);
  return G_SOURCE_REMOVE;
}

/* Swallows the task. */
static void
go_on (GTask *task)
{
  g_idle_add_full (G_PRIORITY_LOW, step_cb, task, g_object_unref);
}

static void
side_init (Side *self,
           const AssayReporterSide *asked)
{
  self->evaluation = assay_evaluation_new ();
  if (asked == NULL)
    return;
  self->target = assay_target_ref (asked->target);
  self->service = g_strdup (asked->service);
  self->answered = g_strdup (asked->answered);
}

/**
 * assay_reporter_write_async:
 * @ask: what it is about; copied, but for the items
 * @file: what it becomes; what is there stays whole until all is written
 * @trimmer: (nullable) (transfer none): what loads the answers that were trimmed, so that
 *   no score is missing; %NULL where nothing is ever trimmed
 * @cancellable: (nullable)
 *
 * Writes the page that "assay-cli evaluate --report" or "assay-cli compare --report" writes.
 * The items are looked at a little at a time, each as it is then, and the figures are of
 * just what was seen; the page is written on a thread of its own.  Main thread.
 */
void
assay_reporter_write_async (const AssayReporterAsk *ask,
                            GFile *file,
                            AssayTrimmer *trimmer,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  GTask *task;
  Gather *self;

  g_return_if_fail (ask != NULL && ask->items != NULL && ask->candidate != NULL);
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (trimmer == NULL || ASSAY_IS_TRIMMER (trimmer));

  self = g_new0 (Gather, 1);
  self->items = g_ptr_array_ref (ask->items);
  side_init (&self->sides[A], ask->baseline);
  side_init (&self->sides[B], ask->candidate);
  self->draft = assay_report_draft_new (ask->threshold);
  self->comparison = ask->baseline != NULL ? assay_comparison_new () : NULL;
  self->trimmer = trimmer != NULL ? g_object_ref (trimmer) : NULL;
  self->file = g_object_ref (file);
  self->table = g_strdup (ask->table);
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, assay_reporter_write_async);
  g_task_set_task_data (task, self, gather_free);
  go_on (task);
}

/**
 * assay_reporter_write_finish:
 * @error: %ASSAY_ERROR_FAILED with the file and what to do; what the history says, where a
 *   trimmed answer can't be loaded; %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the file is the report now
 */
gboolean
assay_reporter_write_finish (GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
