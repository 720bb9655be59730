/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-score-text.h"
#include "assay-verdict-text.h"

/* Within this the first has no crown (charts.md, probability bars 7); the same
 * distance as in assay_prediction_is_close(). */
#define CLOSE 0.05

/* Labels named in "roses, tulips or daisy"; of more only the number is said. */
#define NAMED 3

/**
 * assay_verdict_get_kind:
 * @prediction: what the service said
 * @threshold: the user's own, 0…1
 *
 * Returns: how the first label stands
 */
AssayVerdictKind
assay_verdict_get_kind (const AssayPrediction *prediction,
                        double threshold)
{
  g_return_val_if_fail (prediction != NULL, ASSAY_VERDICT_RAW);

  if (assay_prediction_get_scale (prediction) == ASSAY_SCALE_OTHER)
    return ASSAY_VERDICT_RAW;
  if (assay_prediction_is_unsure (prediction, threshold))
    return ASSAY_VERDICT_UNSURE;
  return assay_prediction_is_close (prediction) ? ASSAY_VERDICT_CLOSE : ASSAY_VERDICT_AHEAD;
}

/**
 * assay_verdict_count_first:
 * @prediction: what the service said
 *
 * Returns: how many labels share the head of the list: those within 5 points of
 *   the first, or, where the scores are not probabilities, those that tie with it
 */
guint
assay_verdict_count_first (const AssayPrediction *prediction)
{
  double first, reach;
  guint n = 1;

  g_return_val_if_fail (prediction != NULL, 0);

  first = assay_prediction_get_score (prediction, 0);
  reach = assay_prediction_get_scale (prediction) == ASSAY_SCALE_OTHER ? 0 : CLOSE;
  while (n < assay_prediction_get_n (prediction))
    {
      double distance = first - assay_prediction_get_score (prediction, n);

      if (distance != 0 && distance >= reach)
        break;
      n++;
    }
  return n;
}

/**
 * assay_verdict_dup_label:
 * @prediction: what the service said
 * @rank: 0 for the highest score
 *
 * Returns: (transfer full): the label, safe to show; an empty one says so
 */
char *
assay_verdict_dup_label (const AssayPrediction *prediction,
                         guint rank)
{
  const char *label = assay_prediction_get_label (prediction, rank);

  return *label != '\0' ? assay_display_text (label, -1, 0) : g_strdup (_("(empty label)"));
}

/* The labels at the head, "roses or tulips". */
static char *
dup_first_labels (const AssayPrediction *prediction)
{
  guint n = assay_verdict_count_first (prediction);
  g_autofree guint *order = assay_score_order_new (prediction);
  g_autofree char *first = assay_verdict_dup_label (prediction, order[0]);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  if (n == 1)
    return g_steal_pointer (&first);

  second = assay_verdict_dup_label (prediction, order[1]);
  if (n == 2)
    return g_strdup_printf (_("%s or %s"), first, second);
  if (n > NAMED)
    return g_strdup_printf (_("%s, %s or %u more"), first, second, n - 2);
  third = assay_verdict_dup_label (prediction, order[2]);
  return g_strdup_printf (_("%s, %s or %s"), first, second, third);
}

/**
 * assay_verdict_dup_title:
 * @prediction: what the service said
 * @threshold: the user's own
 *
 * Returns: (transfer full): "roses", "roses or tulips", or "Unsure"
 */
char *
assay_verdict_dup_title (const AssayPrediction *prediction,
                         double threshold)
{
  g_return_val_if_fail (prediction != NULL, NULL);

  if (assay_verdict_get_kind (prediction, threshold) == ASSAY_VERDICT_UNSURE)
    return g_strdup (_("Unsure"));
  return dup_first_labels (prediction);
}

/**
 * assay_verdict_dup_score:
 * @prediction: what the service said
 * @threshold: the user's own
 *
 * Returns: (transfer full): what stands below the title: "95.7 %", both scores
 *   where there is no crown, and the label too where the title is "Unsure"
 */
char *
assay_verdict_dup_score (const AssayPrediction *prediction,
                         double threshold)
{
  AssayVerdictKind kind;
  AssayScale scale;
  g_autofree char *first = NULL;
  g_autofree char *other = NULL;

  g_return_val_if_fail (prediction != NULL, NULL);

  kind = assay_verdict_get_kind (prediction, threshold);
  scale = assay_prediction_get_scale (prediction);
  first = assay_score_dup_text (scale, assay_prediction_get_score (prediction, 0));

  if (kind == ASSAY_VERDICT_UNSURE)
    {
      other = dup_first_labels (prediction);
      return g_strdup_printf ("%s, %s", other, first);
    }
  if (kind == ASSAY_VERDICT_CLOSE && assay_verdict_count_first (prediction) == 2
      && assay_prediction_get_lead (prediction) > 0)
    {
      other = assay_score_dup_text (scale, assay_prediction_get_score (prediction, 1));
      return g_strdup_printf ("%s · %s", first, other);
    }
  return g_steal_pointer (&first);
}

static char *
dup_lead (const AssayPrediction *prediction)
{
  g_autofree char *points = assay_display_points (assay_prediction_get_lead (prediction),
                                                  ASSAY_DISPLAY_SCREEN);
  g_autofree char *next = assay_verdict_dup_label (prediction, 1);

  return g_strdup_printf (_("%s points ahead of %s"), points, next);
}

/* "3.1 points apart": of all that share the head. */
static char *
dup_distance (const AssayPrediction *prediction)
{
  guint last = assay_verdict_count_first (prediction) - 1;
  double distance = assay_prediction_get_score (prediction, 0)
                    - assay_prediction_get_score (prediction, last);
  g_autofree char *points = assay_display_points (distance, ASSAY_DISPLAY_SCREEN);

  if (distance == 0)
    return g_strdup (_("The same score"));
  return g_strdup_printf (_("%s points apart"), points);
}

/* Scores that are not probabilities have no points; the chart says what they are. */
static char *
dup_raw_lead (const AssayPrediction *prediction)
{
  g_autofree char *difference = NULL;
  g_autofree char *next = NULL;

  if (assay_prediction_get_n (prediction) == 1)
    return g_strdup (_("The only label"));
  if (assay_verdict_count_first (prediction) > 1)
    return g_strdup (_("The same score"));
  difference = assay_score_dup_text (ASSAY_SCALE_OTHER, assay_prediction_get_lead (prediction));
  next = assay_verdict_dup_label (prediction, 1);
  return g_strdup_printf (_("%s ahead of %s"), difference, next);
}

/* "above 60 %": where the first score stands. */
static char *
dup_standing (const AssayPrediction *prediction,
              double threshold)
{
  double score = assay_prediction_get_score (prediction, 0);
  g_autofree char *limit = assay_share_dup_text (threshold);

  if (score == threshold)
    return g_strdup_printf (_("at %s"), limit);
  return g_strdup_printf (score > threshold ? _("above %s") : _("below %s"), limit);
}

/**
 * assay_verdict_dup_note:
 * @prediction: what the service said
 * @threshold: the user's own
 *
 * Returns: (transfer full): the line with the lead and the threshold, "91.8
 *   points ahead of tulips, above 60 %"
 */
char *
assay_verdict_dup_note (const AssayPrediction *prediction,
                        double threshold)
{
  AssayVerdictKind kind;
  g_autofree char *standing = NULL;
  g_autofree char *lead = NULL;

  g_return_val_if_fail (prediction != NULL, NULL);

  kind = assay_verdict_get_kind (prediction, threshold);
  if (kind == ASSAY_VERDICT_RAW)
    return dup_raw_lead (prediction);

  standing = dup_standing (prediction, threshold);
  if (assay_prediction_get_n (prediction) == 1)
    return g_strdup_printf (_("The only label, %s"), standing);

  lead = assay_verdict_count_first (prediction) > 1 ? dup_distance (prediction)
                                                    : dup_lead (prediction);
  return g_strdup_printf (_("%s, %s"), lead, standing);
}

static char *
dup_spoken (const AssayPrediction *prediction,
            guint rank)
{
  double score = assay_prediction_get_score (prediction, rank);
  g_autofree char *label = assay_verdict_dup_label (prediction, rank);
  g_autofree char *rounded = NULL;

  if (assay_prediction_get_scale (prediction) == ASSAY_SCALE_OTHER)
    return assay_score_dup_spoken (ASSAY_SCALE_OTHER, label, score);
  rounded = assay_score_dup_rounded (score);
  return g_strdup_printf ("%s, %s", label, rounded);
}

/**
 * assay_verdict_dup_sentence:
 * @prediction: what the service said
 * @threshold: the user's own
 *
 * Returns: (transfer full): the verdict as it is heard, "roses, 96 percent; next
 *   tulips, 4 percent": the accessible name of the verdict and of a row
 */
char *
assay_verdict_dup_sentence (const AssayPrediction *prediction,
                            double threshold)
{
  AssayVerdictKind kind;
  g_autofree char *first = NULL;
  g_autofree char *next = NULL;
  g_autofree char *both = NULL;
  g_autofree char *limit = NULL;

  g_return_val_if_fail (prediction != NULL, NULL);

  kind = assay_verdict_get_kind (prediction, threshold);
  first = dup_spoken (prediction, 0);
  if (assay_prediction_get_n (prediction) > 1)
    next = dup_spoken (prediction, 1);

  if (next == NULL)
    both = g_strdup (first);
  else if (kind == ASSAY_VERDICT_CLOSE)
    both = g_strdup_printf (_("%s, or %s"), first, next);
  else
    both = g_strdup_printf (_("%s; next %s"), first, next);

  if (kind != ASSAY_VERDICT_UNSURE)
    return g_steal_pointer (&both);
  limit = assay_share_dup_spoken (threshold);
  return g_strdup_printf (_("unsure, below %s; %s"), limit, both);
}
