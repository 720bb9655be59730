/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Services that answer with numbers alone: what the numbers are of, and what becomes of
 * them before they are shown. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "assay-error.h"
#include "assay-json-need.h"
#include "assay-scores.h"

/**
 * assay_scores_choose_labels:
 * @labels: (nullable) (array zero-terminated=1): as the service says
 *
 * Returns: (transfer none) (nullable): what a person has said, before what the service says
 */
char *const *
assay_scores_choose_labels (const AssayProfile *profile,
                            char *const *labels)
{
  return profile->labels != NULL ? profile->labels : labels;
}

/**
 * assay_scores_dup_class:
 * @index: of a class, from 0
 *
 * Not translated: a label is the same to everybody, and is compared.
 *
 * Returns: (transfer full): what a class is called whose label nobody has said
 */
char *
assay_scores_dup_class (guint index)
{
  return g_strdup_printf ("class %u", index);
}

/**
 * assay_scores_scale:
 * @score: as a service sent it
 *
 * Returns: of 0…100 the same of 0…1, if the connection says that its scores are such
 */
double
assay_scores_scale (const AssayProfile *profile,
                    double score)
{
  g_return_val_if_fail (profile != NULL, score);

  return profile->percent ? score / 100 : score;
}

static gboolean
check_labels (const AssayProfile *profile,
              char *const *labels,
              guint n_scores,
              GError **error)
{
  guint n = labels != NULL ? g_strv_length ((char **) labels) : n_scores;

  if (n == n_scores)
    return TRUE;
  if (profile->labels != NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                 _("The service gives %u scores, and the labels of this connection are %u. Give it "
                   "the labels of this model."), n_scores, n);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER,
                 _("The service gives %u scores for %u labels. Tell whoever runs it, or give the "
                   "connection the labels of this model."), n_scores, n);
  return FALSE;
}

/* exp (x) ÷ Σ exp (x), shifted by the highest so that nothing overflows (Bishop, Pattern
 * Recognition and Machine Learning, 2006, equation 4.104). */
static double *
softmax (const double *scores,
         guint n)
{
  double *out = g_new (double, MAX (n, 1));
  double highest = -INFINITY;
  double sum = 0;

  for (guint i = 0; i < n; i++)
    highest = MAX (highest, scores[i]);
  for (guint i = 0; i < n; i++)
    sum += out[i] = exp (scores[i] - highest);
  for (guint i = 0; i < n; i++)
    out[i] /= sum;
  return out;
}

static gboolean
are_finite (const double *scores,
            guint n)
{
  for (guint i = 0; i < n; i++)
    if (!isfinite (scores[i]))
      return FALSE;
  return TRUE;
}

/**
 * assay_scores_predict:
 * @profile: says whether a softmax is wanted, and maybe the labels
 * @labels: (nullable) (array zero-terminated=1): as the service says
 * @scores: (array length=n_scores): of each class in order, as sent
 * @error: %ASSAY_ERROR_BAD_ANSWER when there are not as many labels as scores, or a score
 *   is no number
 *
 * Returns: (transfer full) (nullable): the prediction
 */
AssayPrediction *
assay_scores_predict (const AssayProfile *profile,
                      char *const *labels,
                      const double *scores,
                      guint n_scores,
                      GError **error)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  g_autofree double *made = NULL;

  g_return_val_if_fail (profile != NULL, NULL);
  g_return_val_if_fail (scores != NULL || n_scores == 0, NULL);

  labels = assay_scores_choose_labels (profile, labels);
  if (n_scores == 0)
    {
      assay_json_bad (error, _("it holds no scores"));
      return NULL;
    }
  if (!check_labels (profile, labels, n_scores, error))
    return NULL;
  if (profile->softmax && are_finite (scores, n_scores))
    scores = made = softmax (scores, n_scores);
  for (guint i = 0; i < n_scores; i++)
    {
      g_autofree char *label = labels != NULL ? g_strdup (labels[i]) : assay_scores_dup_class (i);

      if (!assay_prediction_builder_add (builder, label, assay_scores_scale (profile, scores[i]),
                                         error))
        return NULL;
    }
  return assay_prediction_builder_end (g_steal_pointer (&builder));
}
