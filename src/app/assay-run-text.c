/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-run-text.h"

/* A longer time is said in minutes. */
#define SECONDS_AT_MOST 120

static char *
dup_gone (guint seconds)
{
  if (seconds == 0)
    return g_strdup (_("The service stopped answering; trying again…"));
  if (seconds > SECONDS_AT_MOST)
    return g_strdup_printf (_("The service stopped answering; trying again in %u min"),
                            (seconds + 59) / 60);
  return g_strdup_printf (_("The service stopped answering; trying again in %u s"), seconds);
}

static char *
dup_asked (guint seconds)
{
  if (seconds > SECONDS_AT_MOST)
    return g_strdup_printf (_("The service asked for a pause; going on in %u min"),
                            (seconds + 59) / 60);
  return g_strdup_printf (_("The service asked for a pause; going on in %u s"),
                          MAX (seconds, 1));
}

/**
 * assay_run_text_dup_pause:
 * @why: one reason
 * @left: microseconds until it goes on; 0 or less while the service is tried
 *
 * Returns: (transfer full) (nullable): why nothing is sent and when that ends, %NULL
 *   for what a person knows anyway
 */
char *
assay_run_text_dup_pause (AssayPause why,
                          gint64 left)
{
  guint seconds = left > 0 ? (guint) MIN ((left - 1) / G_USEC_PER_SEC + 1, G_MAXUINT) : 0;

  switch (why)
    {
    case ASSAY_PAUSE_GONE:
      return dup_gone (seconds);
    case ASSAY_PAUSE_ASKED:
      return dup_asked (seconds);
    case ASSAY_PAUSE_NETWORK:
    case ASSAY_PAUSE_SIGN_IN:
      return g_strdup (assay_run_text_get_reason (why));
    case ASSAY_PAUSE_PERSON:
    case ASSAY_PAUSE_NONE:
    default:
      return NULL;
    }
}

/**
 * assay_run_text_get_reason:
 * @why: one reason
 *
 * Returns: (transfer none) (nullable): the same without a time that runs
 */
const char *
assay_run_text_get_reason (AssayPause why)
{
  switch (why)
    {
    case ASSAY_PAUSE_GONE:
      return _("The service stopped answering; trying again soon");
    case ASSAY_PAUSE_ASKED:
      return _("The service asked for a pause; going on soon");
    case ASSAY_PAUSE_NETWORK:
      return _("There is no network; going on when it is back");
    case ASSAY_PAUSE_SIGN_IN:
      return _("Signing in was refused; going on when you have signed in again");
    case ASSAY_PAUSE_PERSON:
    case ASSAY_PAUSE_NONE:
    default:
      return NULL;
    }
}

/**
 * assay_run_text_dup_paused:
 * @left: items that are not final
 * @total: of how many
 *
 * Returns: (transfer full): what a person has paused
 */
char *
assay_run_text_dup_paused (guint left,
                           guint total)
{
  return g_strdup_printf (_("Paused: %'u of %'u left"), left, total);
}

static void
take_count (GPtrArray *counts,
            guint n,
            char *text)
{
  if (n > 0)
    g_ptr_array_add (counts, text);
  else
    g_free (text);
}

/**
 * assay_run_text_dup_sum:
 * @sum: of work that has ended
 *
 * Returns: (transfer full): "1,000 images: 988 answered, 12 failed"
 */
char *
assay_run_text_dup_sum (const AssaySum *sum)
{
  g_autoptr (GPtrArray) counts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *images = NULL;
  g_autofree char *list = NULL;

  g_return_val_if_fail (sum != NULL, NULL);

  take_count (counts, sum->answered, g_strdup_printf (_("%'u answered"), sum->answered));
  take_count (counts, sum->failed, g_strdup_printf (_("%'u failed"), sum->failed));
  take_count (counts, sum->rejected, g_strdup_printf (_("%'u rejected"), sum->rejected));
  take_count (counts, sum->canceled, g_strdup_printf (_("%'u canceled"), sum->canceled));
  g_ptr_array_add (counts, NULL);
  list = g_strjoinv (_(", "), (char **) counts->pdata);
  images = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u image", "%'u images", sum->total),
                            sum->total);
  /* Translators: "1,000 images: 988 answered, 12 failed" */
  return g_strdup_printf (_("%s: %s"), images, list);
}
