/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "assay-comparison-text.h"

/**
 * assay_p_dup_text:
 * @p: 0…1
 *
 * Returns: (transfer full): with two decimals, or as many as it takes to see a digit,
 *   and the sign before it: "= 0.18", "< 0.000000001"
 */
char *
assay_p_dup_text (double p)
{
  int decimals = p > 0 ? (int) ceil (-log10 (p)) : 2;

  if (p < 1e-9)
    return g_strdup ("< 0.000000001");
  return g_strdup_printf ("= %.*f", MAX (decimals, 2), p);
}

/**
 * assay_comparison_dup_agreement:
 * @figures: of a comparison
 * @a: the baseline, within a sentence
 * @b: the candidate, at the beginning of one
 *
 * Returns: (transfer full): "Version 2 agrees with version 1 on 118 of 128 images"
 */
char *
assay_comparison_dup_agreement (const AssayComparisonFigures *figures,
                                const char *a,
                                const char *b)
{
  g_return_val_if_fail (figures != NULL && a != NULL && b != NULL, NULL);

  if (figures->n == 0)
    return g_strdup (_("No image was answered by both."));
  return g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE,
                 "%s agrees with %s on %u of %u image", "%s agrees with %s on %u of %u images",
                 figures->n),
    b, a, (guint) figures->agree, (guint) figures->n);
}

/* To one digit, or two: it is a guess. */
static char *
dup_needed (guint64 needed)
{
  g_autofree char *number = NULL;
  guint64 step = 1;

  if (needed == ASSAY_PAIRED_NEVER)
    return g_strdup (_("Cannot tell: as they stand, more images would not settle it"));
  while (needed / step >= 100)
    step *= 10;
  number = g_strdup_printf ("%" G_GUINT64_FORMAT, (needed + step - 1) / step * step);
  return g_strdup_printf (
    _("Cannot tell yet: about %s more images would settle it if the pattern held"), number);
}

/**
 * assay_comparison_dup_verdict:
 * @figures: of a comparison with truth
 * @b: the candidate, at the beginning of a sentence
 *
 * Returns: (transfer full): "Version 2 is better: 31 fixed, 4 regressed, p = 0.000003",
 *   that both are the same, or that it can't be told, and what would settle it
 */
char *
assay_comparison_dup_verdict (const AssayComparisonFigures *figures,
                              const char *b)
{
  g_autofree char *p = NULL;
  g_autofree char *needed = NULL;
  guint fixed;
  guint regressed;

  g_return_val_if_fail (figures != NULL && b != NULL, NULL);

  p = assay_p_dup_text (figures->p);
  fixed = figures->only_b;
  regressed = figures->only_a;
  switch (figures->verdict)
    {
    case ASSAY_VERDICT_BETTER:
      return g_strdup_printf (_("%s is better: %u fixed, %u regressed, p %s"), b, fixed, regressed,
                              p);
    case ASSAY_VERDICT_WORSE:
      return g_strdup_printf (_("%s is worse: %u fixed, %u regressed, p %s"), b, fixed, regressed,
                              p);
    case ASSAY_VERDICT_CANNOT_TELL:
    default:
      if (fixed == 0 && regressed == 0)
        return g_strdup (figures->agree == figures->n
                           ? _("The same: both give each image the same label")
                           : _("The same: each is right where the other is"));
      needed = dup_needed (figures->needed);
      return g_strdup_printf (_("%s (%u fixed, %u regressed, p %s)"), needed, fixed, regressed, p);
    }
}
