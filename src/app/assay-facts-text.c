/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-display.h"
#include "assay-facts-text.h"

#define NARROW_NO_BREAK_SPACE "\u202f"
#define NO_BREAK_SPACE "\u00a0"
#define SEPARATOR " · "

/* The unit is a word of its own for translators; U+202F keeps it at its number. */
static char *
join_unit (const char *number,
           const char *unit)
{
  return g_strconcat (number, NARROW_NO_BREAK_SPACE, unit, NULL);
}

/**
 * assay_facts_dup_bytes:
 * @bytes: a size
 *
 * Returns: (transfer full): "143 KB", with one decimal from a megabyte up
 */
char *
assay_facts_dup_bytes (guint64 bytes)
{
  g_autofree char *number = NULL;

  if (bytes < 1000)
    {
      number = g_strdup_printf ("%u", (guint) bytes);
      return join_unit (number, ngettext ("byte", "bytes", (gulong) bytes));
    }
  if (bytes < 999500)
    {
      number = g_strdup_printf ("%.0f", bytes / 1e3);
      return join_unit (number, _("KB"));
    }
  number = g_strdup_printf ("%'.1f", bytes / 1e6);
  return join_unit (number, _("MB"));
}

/**
 * assay_facts_dup_seconds:
 * @seconds: a time
 *
 * Returns: (transfer full): "112 ms" or "1.3 s"
 */
char *
assay_facts_dup_seconds (double seconds)
{
  gboolean brief = seconds < 0.9995;
  g_autofree char *number = brief ? g_strdup_printf ("%.0f", MAX (1, round (seconds * 1000)))
                                  : g_strdup_printf ("%.1f", seconds);

  return join_unit (number, brief ? _("ms") : _("s"));
}

/**
 * assay_facts_dup_target:
 * @target: whom is asked
 *
 * Returns: (transfer full): "flowers · version 2", safe to show
 */
char *
assay_facts_dup_target (AssayTarget *target)
{
  const char *model, *version;
  g_autofree char *safe_model = NULL;
  g_autofree char *safe_version = NULL;

  g_return_val_if_fail (target != NULL, NULL);

  model = assay_target_get_model (target);
  version = assay_target_get_version (target);
  safe_model = model != NULL && *model != '\0' ? assay_display_text (model, -1, 0)
                                               : g_strdup (_("the service's own model"));
  if (version == NULL || *version == '\0')
    return g_steal_pointer (&safe_model);
  safe_version = assay_display_text (version, -1, 0);
  return g_strdup_printf (_("%s · version %s"), safe_model, safe_version);
}

/**
 * assay_facts_dup_picture:
 * @item: an item
 *
 * Returns: (transfer full): "1,024 × 768 · 143 KB · JPEG", upright, without what
 *   is not known; nothing of what is not here
 */
char *
assay_facts_dup_picture (AssayItem *item)
{
  const AssayFacts *facts;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *size = NULL;

  g_return_val_if_fail (ASSAY_IS_ITEM (item), NULL);

  if (!assay_source_is_here (assay_item_get_source (item)))
    return g_strdup ("");
  facts = assay_item_get_facts (item);
  if (facts->width > 0 && facts->height > 0)
    {
      /* Orientations from 5 on are lying: a camera held upright. */
      gboolean lying = facts->orientation >= 5;

      g_string_append_printf (text, "%'u" NO_BREAK_SPACE "×" NO_BREAK_SPACE "%'u" SEPARATOR,
                              lying ? facts->height : facts->width,
                              lying ? facts->width : facts->height);
    }
  size = assay_facts_dup_bytes (assay_item_get_size (item));
  g_string_append (text, size);
  if (facts->format != ASSAY_FORMAT_UNKNOWN)
    g_string_append_printf (text, SEPARATOR "%s", assay_format_get_name (facts->format));
  if (assay_item_get_fitted (item) > 0)
    {
      g_string_append (text, SEPARATOR);
      g_string_append_printf (text, _("fitted to %'u pixels"), assay_item_get_fitted (item));
    }
  else if (assay_item_get_converted (item))
    g_string_append_printf (text, SEPARATOR "%s", _("converted to PNG"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * assay_facts_dup_sending:
 * @item: an item
 *
 * Returns: (transfer full) (nullable): "Sending 12 of 48 MB", while the archive
 *   that it is in is on its way
 */
char *
assay_facts_dup_sending (AssayItem *item)
{
  guint64 total;
  guint64 sent = assay_item_get_sent_bytes (item, &total);

  if (total == 0)
    return NULL;
  return g_strdup_printf (_("Sending %.0f of %.0f MB"), floor (sent / 1e6),
                          MAX (1, ceil (total / 1e6)));
}

/**
 * assay_facts_dup_line:
 * @item: an item
 * @compact: whether it is to be two short lines
 *
 * Returns: (transfer full): model and version, picture, and the time to answer
 */
char *
assay_facts_dup_line (AssayItem *item,
                      gboolean compact)
{
  AssayAnswer *answer;
  g_autofree char *picture = NULL;
  g_autofree char *target = NULL;
  g_autofree char *seconds = NULL;

  g_return_val_if_fail (ASSAY_IS_ITEM (item), NULL);

  answer = assay_item_get_answer (item);
  picture = assay_facts_dup_picture (item);
  if (answer == NULL)
    return g_steal_pointer (&picture);

  target = assay_facts_dup_target (assay_answer_get_target (answer));
  if (*picture == '\0')
    return g_steal_pointer (&target);
  if (assay_answer_get_seconds (answer) <= 0)
    return g_strconcat (target, compact ? "\n" : SEPARATOR, picture, NULL);
  seconds = assay_facts_dup_seconds (assay_answer_get_seconds (answer));
  if (compact)
    return g_strconcat (target, SEPARATOR, seconds, "\n", picture, NULL);
  return g_strconcat (target, SEPARATOR, picture, SEPARATOR, seconds, NULL);
}

/**
 * assay_facts_dup_when:
 * @answer: an answer
 * @connection_name: (nullable): the connection as its owner calls it
 *
 * Returns: (transfer full) (nullable): who answered and when, for a tooltip
 */
char *
assay_facts_dup_when (AssayAnswer *answer,
                      const char *connection_name)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *when = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (ASSAY_IS_ANSWER (answer), NULL);

  if (assay_answer_get_when (answer) == 0)
    return NULL;
  utc = g_date_time_new_from_unix_utc (assay_answer_get_when (answer) / G_USEC_PER_SEC);
  local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  when = local != NULL ? g_date_time_format (local, "%x %X") : NULL;
  if (when == NULL)
    return NULL;
  if (connection_name == NULL || *connection_name == '\0')
    return g_strdup_printf (_("Answered %s"), when);
  name = assay_display_text (connection_name, -1, 0);
  return g_strdup_printf (_("Answered by %s, %s"), name, when);
}
