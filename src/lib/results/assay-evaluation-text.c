/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "assay-display.h"
#include "assay-evaluation-text.h"

#define DASH "–"

/* What rounds to all or nothing has as many decimals as show that it is neither. */
#define LEAST_DECIMALS 3
#define MOST_DECIMALS 9

static char *
dup_number (guint64 n)
{
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, n);
}

/**
 * assay_evaluation_dup_figure:
 * @figure: a figure without a unit, NaN for what can't be told
 *
 * Returns: (transfer full): "0.899", with more decimals where three would read as all or
 *   nothing; "–" for what can't be told
 */
char *
assay_evaluation_dup_figure (double figure)
{
  char *text = NULL;

  if (isnan (figure))
    return g_strdup (DASH);
  for (int decimals = LEAST_DECIMALS; decimals <= MOST_DECIMALS; decimals++)
    {
      double unit = pow (10, decimals);
      double rounded = round (fabs (figure) * unit) / unit;

      g_free (text);
      text = g_strdup_printf ("%.*f", decimals, figure);
      if ((rounded != 0 || figure == 0) && (rounded != 1 || fabs (figure) == 1))
        break;
    }
  return text;
}

/**
 * assay_evaluation_dup_share:
 * @share: 0…1, NaN for what can't be told
 *
 * Returns: (transfer full): "90.0 %", or "–"
 */
char *
assay_evaluation_dup_share (double share)
{
  return isnan (share) ? g_strdup (DASH) : assay_display_percent (share, ASSAY_DISPLAY_SCREEN);
}

/**
 * assay_evaluation_dup_interval:
 *
 * Returns: (transfer full): "95 % interval 79.9–95.3 %"
 */
char *
assay_evaluation_dup_interval (const AssayInterval *interval)
{
  if (isnan (interval->value))
    return g_strdup (_("nothing to tell it by"));
  return g_strdup_printf (_("95\u202f%% interval %.1f–%.1f\u202f%%"), 100 * interval->low,
                          100 * interval->high);
}

/**
 * assay_evaluation_dup_mean:
 * @n_labels: how many labels it is of
 *
 * Returns: (transfer full): "mean of 5 labels"
 */
char *
assay_evaluation_dup_mean (guint n_labels)
{
  g_autofree char *n = dup_number (n_labels);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "mean of %s label", "mean of %s labels",
                                       n_labels), n);
}

/**
 * assay_evaluation_dup_top:
 * @k: how many labels are looked at
 * @share: of the images whose truth is among those
 *
 * Returns: (transfer full): "58 of 60 in the first 2"
 */
char *
assay_evaluation_dup_top (const AssayFigures *figures,
                        guint k,
                        double share)
{
  g_autofree char *hits = dup_number (isnan (share) ? 0 : (guint64) llround (share * figures->n));
  g_autofree char *n = dup_number (figures->n);

  /* Translators: so many of so many images have their truth among the first so many labels */
  return g_strdup_printf (_("%s of %s in the first %u"), hits, n, k);
}

/**
 * assay_evaluation_dup_trust:
 *
 * Returns: (transfer full): how far the calibration error can be trusted
 */
char *
assay_evaluation_dup_trust (const AssayFigures *figures)
{
  if (isnan (figures->ece))
    return g_strdup (_("some scores are not probabilities"));
  if (figures->n < ASSAY_EVALUATION_FEW_IN_ALL)
    return g_strdup_printf (_("%d bins · too few images to tell"), ASSAY_EVALUATION_BINS);
  return g_strdup_printf (_("%d bins"), ASSAY_EVALUATION_BINS);
}
