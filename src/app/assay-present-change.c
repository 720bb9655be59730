/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-change-text.h"
#include "assay-present-change.h"

/**
 * assay_present_dup_change:
 * @truth: (nullable): what the image shows
 * @a: what the other version says
 * @b: what the version on show says
 *
 * Returns: (transfer full): "Fixed: tulips, now roses"
 */
char *
assay_present_dup_change (const char *truth,
                          const AssayPrediction *a,
                          const AssayPrediction *b)
{
  AssayChange change;
  g_autofree char *before = NULL;
  g_autofree char *now = NULL;

  g_return_val_if_fail (a != NULL && b != NULL, NULL);

  change = assay_change_judge (truth, a, b);
  before = assay_change_dup_answer (a);
  now = assay_change_dup_answer (b);
  if (change == ASSAY_CHANGE_SAME)
    return g_strdup_printf (_("Both say %s"), now);
  return g_strdup_printf (_("%s: %s, now %s"), assay_change_get_word (change), before, now);
}
