/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-display.h"
#include "assay-score-text.h"

#define NARROW_NO_BREAK_SPACE "\u202f"

/* A score that is no probability has no percent: six significant digits tell
 * logits apart, and the exact value stands in the tooltip. */
static char *
dup_number (double score)
{
  return g_strdup_printf ("%.6g", score);
}

/**
 * assay_score_dup_text:
 * @scale: what kind of scores the prediction has
 * @score: one of them
 *
 * Returns: (transfer full): the score as a chart shows it, "95.7 %" or, where the
 *   scores are not probabilities, "8.21"
 */
char *
assay_score_dup_text (AssayScale scale,
                      double score)
{
  if (scale == ASSAY_SCALE_OTHER)
    return dup_number (score);
  return assay_display_percent (score, ASSAY_DISPLAY_SCREEN);
}

/* "95.7 %" → "95.7": a speech synthesizer reads the word better than the sign. */
static char *
dup_percent_number (double share)
{
  char *text = assay_display_percent (share, ASSAY_DISPLAY_SCREEN);
  char *space = g_strrstr (text, NARROW_NO_BREAK_SPACE);

  if (space != NULL)
    *space = '\0';
  return text;
}

/**
 * assay_score_dup_spoken:
 * @scale: what kind of scores the prediction has
 * @label: (nullable): the label, already safe to show
 * @score: its score
 *
 * Returns: (transfer full): "roses, 95.7 percent", rounded as on the screen, for
 *   assistive technology; without a label "95.7 percent"
 */
char *
assay_score_dup_spoken (AssayScale scale,
                        const char *label,
                        double score)
{
  g_autofree char *number = scale == ASSAY_SCALE_OTHER ? dup_number (score)
                                                       : dup_percent_number (score);

  if (scale == ASSAY_SCALE_OTHER)
    return label != NULL ? g_strdup_printf (_("%s, score %s"), label, number)
                         : g_strdup_printf (_("score %s"), number);
  return label != NULL ? g_strdup_printf (_("%s, %s percent"), label, number)
                       : g_strdup_printf (_("%s percent"), number);
}

/**
 * assay_score_dup_rounded:
 * @share: 0…1
 *
 * Returns: (transfer full): "96 percent", for a sentence that is heard; what is
 *   not all or nothing is never rounded to it
 */
char *
assay_score_dup_rounded (double share)
{
  double percent = round (share * 100);

  if (percent >= 100 && share < 1)
    return assay_score_dup_spoken (ASSAY_SCALE_PROBABILITIES, NULL, share);
  if (percent <= 0 && share > 0)
    return g_strdup (_("less than 1 percent"));
  return g_strdup_printf (_("%.0f percent"), percent);
}

/**
 * assay_score_dup_exact:
 * @score: any finite number
 *
 * Returns: (transfer full): the shortest decimal that reads back as the same
 *   double, with a point in every locale
 */
char *
assay_score_dup_exact (double score)
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (buffer, sizeof buffer, formats[i], score);
      if (g_ascii_strtod (buffer, NULL) == score)
        break;
    }
  return g_strdup (buffer);
}

/**
 * assay_share_dup_text:
 * @share: a share that a person chose, or a mark of an axis
 *
 * Returns: (transfer full): "60 %", with decimals only where it has some
 */
char *
assay_share_dup_text (double share)
{
  return g_strdup_printf ("%.4g" NARROW_NO_BREAK_SPACE "%%", share * 100);
}

/**
 * assay_share_dup_spoken:
 * @share: a share that a person chose
 *
 * Returns: (transfer full): "60 percent"
 */
char *
assay_share_dup_spoken (double share)
{
  g_autofree char *number = g_strdup_printf ("%.4g", share * 100);

  return g_strdup_printf (_("%s percent"), number);
}

typedef struct {
  char *key;
  guint rank;
} Tied;

static int
compare_tied (gconstpointer a,
              gconstpointer b)
{
  return strcmp (((const Tied *) a)->key, ((const Tied *) b)->key);
}

/* Puts the ranks from first to before end, which share a score, into the user's
 * order. */
static void
sort_tied (const AssayPrediction *prediction,
           guint *order,
           guint first,
           guint end)
{
  g_autofree Tied *tied = g_new (Tied, end - first);

  for (guint i = first; i < end; i++)
    {
      tied[i - first].key = g_utf8_collate_key (assay_prediction_get_label (prediction, i), -1);
      tied[i - first].rank = i;
    }
  qsort (tied, end - first, sizeof (Tied), compare_tied);
  for (guint i = first; i < end; i++)
    {
      order[i] = tied[i - first].rank;
      g_free (tied[i - first].key);
    }
}

/**
 * assay_score_order_new:
 * @prediction: a prediction
 *
 * The order in which a person reads the labels: by score, equal scores by label
 * in the user's collation (the prediction itself knows no locale).
 *
 * Returns: (transfer full) (array): for each line its rank in @prediction
 */
guint *
assay_score_order_new (const AssayPrediction *prediction)
{
  guint n = assay_prediction_get_n (prediction);
  guint *order = g_new (guint, n);
  guint first = 0;

  for (guint i = 0; i < n; i++)
    {
      order[i] = i;
      if (i + 1 < n
          && assay_prediction_get_score (prediction, i + 1)
               == assay_prediction_get_score (prediction, first))
        continue;
      if (i > first)
        sort_tied (prediction, order, first, i + 1);
      first = i + 1;
    }
  return order;
}

/**
 * assay_score_place:
 * @prediction: a prediction
 * @rank: a rank in it, from 0
 *
 * Returns: the place that a person counts, from 1; exact ties share it
 */
guint
assay_score_place (const AssayPrediction *prediction,
                   guint rank)
{
  double score = assay_prediction_get_score (prediction, rank);

  while (rank > 0 && assay_prediction_get_score (prediction, rank - 1) == score)
    rank--;
  return rank + 1;
}

/**
 * assay_points_dup_text:
 * @difference: of two shares; 0.01 is one percentage point
 *
 * Returns: (transfer full): "+47.4 pp", with a sign that is as wide as a plus; "…" for NaN,
 *   which is what is still to be loaded
 */
char *
assay_points_dup_text (double difference)
{
  return isnan (difference) ? g_strdup ("…") : assay_display_shift (difference);
}
