/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-change-text.h"
#include "assay-display.h"
#include "assay-score-text.h"

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
