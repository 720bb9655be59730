/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-evaluate-query.h"
#include "assay-evaluate-text.h"

typedef enum {
  CELL,
  BIN,
  LABEL,
} Kind;

struct _AssayEvaluateQuery {
  Kind kind;
  GHashTable *labels;       /* of a cell: those that have a row */
  char *truth;              /* of a cell (nullable): all that have no row; or of a label */
  char *answer;             /* of a cell (nullable): likewise */
  gboolean supported;       /* of a label: by truth, not by answer */
  guint bin;
};

static const char *
get_label (GPtrArray *labels,
           guint index)
{
  return index < labels->len ? g_ptr_array_index (labels, index) : NULL;
}

/**
 * assay_evaluate_query_new_cell:
 * @labels: (element-type utf8): those that have a row and a column
 * @row: of the truth; the number of labels stands for all others
 * @column: of the answer; likewise
 *
 * Returns: (transfer full): the images of a cell of the confusion matrix
 */
AssayEvaluateQuery *
assay_evaluate_query_new_cell (GPtrArray *labels,
                               guint row,
                               guint column)
{
  AssayEvaluateQuery *self = g_new0 (AssayEvaluateQuery, 1);

  self->kind = CELL;
  self->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < labels->len; i++)
    g_hash_table_add (self->labels, g_strdup (g_ptr_array_index (labels, i)));
  self->truth = g_strdup (get_label (labels, row));
  self->answer = g_strdup (get_label (labels, column));
  return self;
}

/**
 * assay_evaluate_query_new_bin:
 * @bin: of the reliability diagram, from 0
 *
 * Returns: (transfer full): the images whose highest score lies in the bin
 */
AssayEvaluateQuery *
assay_evaluate_query_new_bin (guint bin)
{
  AssayEvaluateQuery *self = g_new0 (AssayEvaluateQuery, 1);

  self->kind = BIN;
  self->bin = bin;
  return self;
}

/**
 * assay_evaluate_query_new_label:
 * @supported: whether the images of the label are meant, or those that were called so
 *
 * Returns: (transfer full): the images of a line of the table
 */
AssayEvaluateQuery *
assay_evaluate_query_new_label (const char *label,
                                gboolean supported)
{
  AssayEvaluateQuery *self = g_new0 (AssayEvaluateQuery, 1);

  self->kind = LABEL;
  self->truth = g_strdup (label);
  self->supported = supported;
  return self;
}

void
assay_evaluate_query_free (AssayEvaluateQuery *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->labels, g_hash_table_unref);
  g_free (self->truth);
  g_free (self->answer);
  g_free (self);
}

/**
 * assay_evaluate_query_dup_title:
 *
 * Returns: (transfer full): what the images are, "dandelion called sunflowers"
 */
char *
assay_evaluate_query_dup_title (const AssayEvaluateQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  switch (self->kind)
    {
    case CELL:
      return assay_evaluate_dup_cell (self->truth, self->answer);
    case BIN:
      return assay_evaluate_dup_bin (self->bin);
    case LABEL:
      return assay_evaluate_dup_row (self->truth, self->supported);
    default:
      g_return_val_if_reached (NULL);
    }
}

static gboolean
is_label (const AssayEvaluateQuery *self,
          const char *wanted,
          const char *label)
{
  return wanted != NULL ? g_str_equal (wanted, label)
                        : !g_hash_table_contains (self->labels, label);
}

/* Scores that are no probabilities are in none. */
static gboolean
is_in_bin (guint bin,
           const AssayPrediction *prediction)
{
  return assay_prediction_get_scale (prediction) != ASSAY_SCALE_OTHER
         && assay_evaluation_find_bin (assay_prediction_get_score (prediction, 0)) == bin;
}

/**
 * assay_evaluate_query_matches:
 * @truth: what an image shows
 * @prediction: (transfer none): what was said of it
 *
 * Returns: whether it is one of them
 */
gboolean
assay_evaluate_query_matches (const AssayEvaluateQuery *self,
                              const char *truth,
                              const AssayPrediction *prediction)
{
  const char *answer;

  g_return_val_if_fail (self != NULL, FALSE);

  answer = assay_prediction_get_label (prediction, 0);
  switch (self->kind)
    {
    case CELL:
      return is_label (self, self->truth, truth) && is_label (self, self->answer, answer);
    case BIN:
      return is_in_bin (self->bin, prediction);
    case LABEL:
      return g_str_equal (self->truth, self->supported ? truth : answer);
    default:
      g_return_val_if_reached (FALSE);
    }
}
