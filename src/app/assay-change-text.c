/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-change-text.h"
#include "assay-display.h"
#include "assay-score-text.h"

/* Labels listed in the text, as in the chart; of more the rest is one line. */
#define LISTED 10

const char *
assay_change_get_word (AssayChange change)
{
  switch (change)
    {
    case ASSAY_CHANGE_REGRESSED:
      return _("Regressed");
    case ASSAY_CHANGE_FIXED:
      return _("Fixed");
    case ASSAY_CHANGE_CHANGED:
      return _("Changed");
    case ASSAY_CHANGE_SAME:
    default:
      return _("Same");
    }
}

/**
 * assay_change_get_class:
 *
 * Returns: (transfer none): the style class of its color
 */
const char *
assay_change_get_class (AssayChange change)
{
  if (change == ASSAY_CHANGE_REGRESSED)
    return "regressed";
  return change == ASSAY_CHANGE_FIXED ? "fixed" : "neither";
}

/**
 * assay_change_dup_answer:
 *
 * Returns: (transfer full): the first label, safe to show
 */
char *
assay_change_dup_answer (const AssayPrediction *prediction)
{
  return assay_display_text (assay_prediction_get_label (prediction, 0), -1, 0);
}

/**
 * assay_change_dup_spoken:
 * @item: the image
 * @a: what the baseline said
 * @b: what the candidate said
 *
 * Returns: (transfer full): all of it in one sentence
 */
char *
assay_change_dup_spoken (AssayItem *item,
                         AssayChange change,
                         const AssayPrediction *a,
                         const AssayPrediction *b)
{
  const char *truth = assay_item_get_truth (item);
  g_autofree char *before = assay_change_dup_answer (a);
  g_autofree char *now = assay_change_dup_answer (b);
  g_autofree char *shown = truth != NULL ? assay_display_text (truth, -1, 0) : NULL;
  g_autofree char *shift = assay_points_dup_text (assay_change_get_shift (truth, a, b));

  if (shown != NULL)
    return g_strdup_printf (_("%s, %s: %s, then %s, truth %s, %s"), assay_item_get_name (item),
                            assay_change_get_word (change), before, now, shown, shift);
  return g_strdup_printf (_("%s, %s: %s, then %s, %s"), assay_item_get_name (item),
                          assay_change_get_word (change), before, now, shift);
}

/* ---- to be copied ---- */

static char *
dup_label (const AssayPrediction *prediction,
           guint rank)
{
  const char *label = assay_prediction_get_label (prediction, rank);

  return *label != '\0' ? assay_display_text (label, -1, 0) : g_strdup (_("(empty label)"));
}

static void
append_answer (GString *text,
               const char *name,
               const AssayPrediction *prediction)
{
  g_autofree char *label = dup_label (prediction, 0);
  g_autofree char *score = assay_score_dup_text (assay_prediction_get_scale (prediction),
                                                 assay_prediction_get_score (prediction, 0));

  g_string_append_printf (text, "%s: %s, %s\n", name, label, score);
}

/* Of a label that one of them did not send nothing is known. */
static char *
dup_difference (const AssayPrediction *b,
                gboolean known,
                double difference)
{
  if (!known)
    return g_strdup ("");
  if (assay_prediction_get_scale (b) == ASSAY_SCALE_OTHER)
    return g_strdup_printf ("%s%.4g", difference > 0 ? "+" : difference < 0 ? "−" : "",
                            fabs (difference));
  return assay_points_dup_text (difference);
}

static void
append_label (GString *text,
              const AssayPrediction *a,
              const AssayPrediction *b,
              guint rank)
{
  double now = assay_prediction_get_score (b, rank);
  double before = 0;
  gboolean known = assay_prediction_find (a, assay_prediction_get_label (b, rank), &before);
  g_autofree char *label = dup_label (b, rank);
  g_autofree char *score_a = known ? assay_score_dup_text (assay_prediction_get_scale (a), before)
                                   : g_strdup ("–");
  g_autofree char *score_b = assay_score_dup_text (assay_prediction_get_scale (b), now);
  g_autofree char *difference = dup_difference (b, known, now - before);

  g_string_append_printf (text, "%s\t%s\t%s\t%s\n", label, score_a, score_b, difference);
}

static void
append_labels (GString *text,
               const AssayPrediction *a,
               const AssayPrediction *b)
{
  g_autofree guint *order = assay_score_order_new (b);
  guint n = assay_prediction_get_n_sent (b);
  guint n_listed = MIN (assay_prediction_get_n (b), LISTED);

  for (guint i = 0; i < n_listed; i++)
    append_label (text, a, b, order[i]);
  if (n > n_listed)
    {
      g_autofree char *rest = g_strdup_printf ("%'u", n - n_listed);

      g_string_append_printf (text, _("%s more"), rest);
      g_string_append_c (text, '\n');
    }
}

/**
 * assay_change_dup_text:
 * @item: the image
 * @change: what became of it
 * @name_a: what the baseline is called
 * @a: all that it said
 * @name_b: what the candidate is called
 * @b: all that it said
 *
 * Returns: (transfer full): the result as text: name, what became of it, both answers and
 *   the truth, then a line for each of the candidate's first labels with both scores and
 *   the difference, columns apart by tabs
 */
char *
assay_change_dup_text (AssayItem *item,
                       AssayChange change,
                       const char *name_a,
                       const AssayPrediction *a,
                       const char *name_b,
                       const AssayPrediction *b)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *truth;
  g_autofree char *shown = NULL;
  g_autofree char *line = NULL;

  g_return_val_if_fail (ASSAY_IS_ITEM (item), NULL);
  g_return_val_if_fail (name_a != NULL && a != NULL && name_b != NULL && b != NULL, NULL);

  truth = assay_item_get_truth (item);
  shown = truth != NULL ? assay_display_text (truth, -1, 0) : NULL;
  line = shown != NULL ? g_strdup_printf (_("Truth: %s"), shown)
                       : g_strdup (_("The truth isn’t known"));
  g_string_append_printf (text, "%s\n%s\n", assay_item_get_name (item),
                          assay_change_get_word (change));
  append_answer (text, name_a, a);
  append_answer (text, name_b, b);
  g_string_append_printf (text, "%s\n\n\t%s\t%s\t%s\n", line, name_a, name_b, _("difference"));
  append_labels (text, a, b);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
