/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-present-text.h"
#include "assay-score-text.h"
#include "assay-verdict-text.h"

/* At ten meters a capital letter of 15 mm is 5 minutes of arc, which is what an eye of
 * ordinary sharpness just reads (ISO 8596).  On a screen whose shorter side is 0.7 m, a
 * 55-inch one, a 45th of that side is 15.6 mm. */
#define CAPITAL_SHARE (1.0 / 45)

/* Capital letters of Cantarell, and of what else a desktop is likely to have, are at
 * least this share of the font's size. */
#define CAPITAL_OF_EM 0.68

/**
 * assay_present_get_em:
 * @width: of the window, pixels
 * @height: of the window, pixels
 *
 * Capitals of the bars' labels are a 45th of the window's shorter side; all else is
 * given in style.css by this size: the verdict 2.25 times as large, a 20th.
 *
 * Returns: the size of the font, pixels, at least 6
 */
double
assay_present_get_em (int width,
                      int height)
{
  return MAX (6, MIN (width, height) * CAPITAL_SHARE / CAPITAL_OF_EM);
}

/**
 * assay_present_dup_bars:
 * @n: how many of the best labels
 *
 * Returns: (transfer full): what the bars say, to be heard
 */
char *
assay_present_dup_bars (const AssayPrediction *prediction,
                        guint n)
{
  AssayScale scale;
  g_autofree guint *order = NULL;
  GString *text;

  g_return_val_if_fail (prediction != NULL, NULL);

  scale = assay_prediction_get_scale (prediction);
  order = assay_score_order_new (prediction);
  text = g_string_new (NULL);
  n = MIN (n, assay_prediction_get_n (prediction));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = assay_verdict_dup_label (prediction, order[i]);
      g_autofree char *spoken =
        assay_score_dup_spoken (scale, label, assay_prediction_get_score (prediction, order[i]));

      g_string_append_printf (text, i > 0 ? "; %s" : "%s", spoken);
    }
  return g_string_free (text, FALSE);
}

/**
 * assay_present_get_waiting:
 * @answer: (nullable): one without a prediction
 *
 * Returns: (transfer none): why there is none, in words for an audience
 */
const char *
assay_present_get_waiting (AssayAnswer *answer)
{
  AssayAnswerState state = answer != NULL ? assay_answer_get_state (answer) : ASSAY_ANSWER_QUEUED;

  return state == ASSAY_ANSWER_FAILED || state == ASSAY_ANSWER_REJECTED
           ? _("Could not be answered")
           : _("No answer yet");
}

/**
 * assay_present_find_start:
 * @position: of the image that is looked at
 * @shown: how many the filmstrip has room for, at least 1
 * @n: how many there are
 *
 * Returns: the first that the filmstrip shows: what is looked at stands in its middle,
 *   but for the first and the last few
 */
guint
assay_present_find_start (guint position,
                          guint shown,
                          guint n)
{
  g_return_val_if_fail (shown > 0, 0);

  if (n <= shown || position < shown / 2)
    return 0;
  return MIN (position - shown / 2, n - shown);
}
