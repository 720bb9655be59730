/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "assay-error.h"
#include "assay-label.h"
#include "assay-limits.h"
#include "assay-prediction.h"

typedef struct {
  GRefString *label;   /* interned: a thousand answers share their labels */
  double score;
} Entry;

/* Invariants: at least one entry; every score is finite; the entries stand in
 * the order sent and never change; behind them, in the same block of memory, stand
 * n ranks (Rank), a permutation of their indices, highest score first, equal scores
 * by label. */
struct _AssayPrediction {
  guint n;
  AssayScale scale;
  double sum;
  Entry entries[];
};

typedef guint16 Rank;

G_STATIC_ASSERT (ASSAY_LIMIT_LABELS <= G_MAXUINT16);

struct _AssayPredictionBuilder {
  GArray *entries;
};

G_DEFINE_BOXED_TYPE (AssayPrediction, assay_prediction, assay_prediction_ref, assay_prediction_unref)

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

  assay_label_release (entry->label);
}

AssayPredictionBuilder *
assay_prediction_builder_new (void)
{
  AssayPredictionBuilder *self = g_new0 (AssayPredictionBuilder, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
  return self;
}

void
assay_prediction_builder_free (AssayPredictionBuilder *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->entries);
  g_free (self);
}

/**
 * assay_prediction_builder_add:
 * @label: valid UTF-8, may be empty
 * @score: as sent
 * @error: %ASSAY_ERROR_BAD_ANSWER for a score that is not finite, a label that
 *   is too long or too many labels
 *
 * Adds a label in the order sent.
 *
 * Returns: whether it was added
 */
gboolean
assay_prediction_builder_add (AssayPredictionBuilder *self,
                              const char *label,
                              double score,
                              GError **error)
{
  Entry entry;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (label != NULL, FALSE);

  if (!isfinite (score))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                           _("The service sent a score that is not a number."));
      return FALSE;
    }
  if (strlen (label) > ASSAY_LIMIT_LABEL_BYTES)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                   _("The service sent a label of more than %d bytes."), ASSAY_LIMIT_LABEL_BYTES);
      return FALSE;
    }
  if (self->entries->len >= ASSAY_LIMIT_LABELS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                   _("The service sent more than %d labels."), ASSAY_LIMIT_LABELS);
      return FALSE;
    }

  entry.label = assay_label_intern (label);
  entry.score = score;
  g_array_append_val (self->entries, entry);
  return TRUE;
}

static Rank *
get_ranks (const AssayPrediction *self)
{
  return (Rank *) (self->entries + self->n);
}

static int
compare_rank (gconstpointer a,
              gconstpointer b,
              gpointer data)
{
  const Entry *entries = data;
  const Entry *left = &entries[*(const Rank *) a];
  const Entry *right = &entries[*(const Rank *) b];

  if (left->score != right->score)
    return left->score < right->score ? 1 : -1;
  return strcmp (left->label, right->label);
}

static AssayScale
scale_of (const Entry *entries,
          guint n,
          double sum)
{
  for (guint i = 0; i < n; i++)
    if (entries[i].score < 0 || entries[i].score > 1)
      return ASSAY_SCALE_OTHER;
  if (sum < 0.99)
    return ASSAY_SCALE_PARTIAL;
  return sum > 1.01 ? ASSAY_SCALE_INDEPENDENT : ASSAY_SCALE_PROBABILITIES;
}

/**
 * assay_prediction_builder_end:
 * @self: (transfer full): swallowed
 *
 * Returns: (transfer full) (nullable): the prediction; %NULL when nothing was
 *   added, because a prediction has at least one label
 */
AssayPrediction *
assay_prediction_builder_end (AssayPredictionBuilder *self)
{
  g_autoptr (AssayPredictionBuilder) builder = self;
  AssayPrediction *prediction;
  guint n;

  g_return_val_if_fail (self != NULL, NULL);

  n = builder->entries->len;
  if (n == 0)
    return NULL;

  prediction = g_atomic_rc_box_alloc (sizeof (AssayPrediction) + n * (sizeof (Entry) + sizeof (Rank)));
  *prediction = (AssayPrediction) { .n = n };
  memcpy (prediction->entries, builder->entries->data, n * sizeof (Entry));
  /* The labels' references have moved; the array must not release them. */
  g_array_set_clear_func (builder->entries, NULL);

  for (guint i = 0; i < n; i++)
    {
      get_ranks (prediction)[i] = i;
      prediction->sum += prediction->entries[i].score;
    }
  g_qsort_with_data (get_ranks (prediction), n, sizeof (Rank), compare_rank, prediction->entries);
  prediction->scale = scale_of (prediction->entries, n, prediction->sum);
  return prediction;
}

AssayPrediction *
assay_prediction_ref (AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
prediction_clear (gpointer data)
{
  AssayPrediction *self = data;

  for (guint i = 0; i < self->n; i++)
    entry_clear (&self->entries[i]);
}

void
assay_prediction_unref (AssayPrediction *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, prediction_clear);
}

/**
 * assay_prediction_get_n:
 *
 * Returns: the number of labels, at least 1
 */
guint
assay_prediction_get_n (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

/**
 * assay_prediction_get_sent_label:
 * @index: place in the order sent
 *
 * Returns: (transfer none): the label, any valid UTF-8: make it safe to show
 */
const char *
assay_prediction_get_sent_label (const AssayPrediction *self,
                                 guint index)
{
  g_return_val_if_fail (self != NULL && index < self->n, NULL);

  return self->entries[index].label;
}

double
assay_prediction_get_sent_score (const AssayPrediction *self,
                                 guint index)
{
  g_return_val_if_fail (self != NULL && index < self->n, 0);

  return self->entries[index].score;
}

/**
 * assay_prediction_get_label:
 * @rank: 0 for the highest score; equal scores stand by label
 *
 * Returns: (transfer none): the label at that rank
 */
const char *
assay_prediction_get_label (const AssayPrediction *self,
                            guint rank)
{
  g_return_val_if_fail (self != NULL && rank < self->n, NULL);

  return self->entries[get_ranks (self)[rank]].label;
}

double
assay_prediction_get_score (const AssayPrediction *self,
                            guint rank)
{
  g_return_val_if_fail (self != NULL && rank < self->n, 0);

  return self->entries[get_ranks (self)[rank]].score;
}

/**
 * assay_prediction_find:
 * @label: a label, compared byte for byte
 * @score: (out) (optional): its score
 *
 * Returns: whether the label was sent
 */
gboolean
assay_prediction_find (const AssayPrediction *self,
                       const char *label,
                       double *score)
{
  g_return_val_if_fail (self != NULL && label != NULL, FALSE);

  for (guint rank = 0; rank < self->n; rank++)
    if (strcmp (assay_prediction_get_label (self, rank), label) == 0)
      {
        if (score != NULL)
          *score = assay_prediction_get_score (self, rank);
        return TRUE;
      }
  return FALSE;
}

double
assay_prediction_get_sum (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->sum;
}

AssayScale
assay_prediction_get_scale (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, ASSAY_SCALE_OTHER);

  return self->scale;
}

/**
 * assay_prediction_get_lead:
 *
 * Returns: the highest score less the next, in the unit of the scores; the
 *   highest score itself when there is only one label
 */
double
assay_prediction_get_lead (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->n == 1)
    return assay_prediction_get_score (self, 0);
  return assay_prediction_get_score (self, 0) - assay_prediction_get_score (self, 1);
}

/**
 * assay_prediction_is_unsure:
 * @threshold: the user's own, 0…1
 *
 * Returns: whether the highest score lies below the threshold
 */
gboolean
assay_prediction_is_unsure (const AssayPrediction *self,
                            double threshold)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return assay_prediction_get_score (self, 0) < threshold;
}

/**
 * assay_prediction_is_close:
 *
 * Returns: whether the two first lie within 5 points of each other, so that
 *   neither should be crowned
 */
gboolean
assay_prediction_is_close (const AssayPrediction *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->n > 1 && assay_prediction_get_lead (self) < 0.05;
}
