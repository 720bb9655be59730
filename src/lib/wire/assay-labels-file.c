/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-labels-file.h"
#include "assay-limits.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static char **
refuse (GError **error,
        const char *sentence)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, sentence);
  return NULL;
}

/* Without the line ends of other systems, and what stands at the end of a file. */
static guint
trim_lines (char **lines)
{
  guint n = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strchomp (lines[i]) != '\0')
      n = i + 1;
  for (guint i = n; lines[i] != NULL; i++)
    g_clear_pointer (&lines[i], g_free);
  return n;
}

/**
 * assay_labels_parse:
 * @text: (array length=length): labels.txt: a label on each line, in the order of the scores
 * @error: %ASSAY_ERROR_USAGE, in a sentence without the file's name
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the labels
 */
char **
assay_labels_parse (const char *text,
                    gsize length,
                    GError **error)
{
  g_auto (GStrv) lines = NULL;
  g_autofree char *copy = NULL;
  guint n;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  if (length >= strlen (BYTE_ORDER_MARK) && g_str_has_prefix (text, BYTE_ORDER_MARK))
    {
      text += strlen (BYTE_ORDER_MARK);
      length -= strlen (BYTE_ORDER_MARK);
    }
  if (!g_utf8_validate_len (text, length, NULL))
    return refuse (error, _("The labels are not text in UTF-8. Give a file with a label on each "
                            "line."));
  copy = g_strndup (length > 0 ? text : "", length);
  lines = g_strsplit (copy, "\n", ASSAY_LIMIT_LABELS + 2);
  n = trim_lines (lines);
  if (n == 0)
    return refuse (error, _("There are no labels in it. Give a file with a label on each line."));
  if (n > ASSAY_LIMIT_LABELS)
    return refuse (error, _("There are too many labels in it. Give the labels of this model."));
  for (guint i = 0; i < n; i++)
    if (*lines[i] == '\0' || strlen (lines[i]) > ASSAY_LIMIT_LABEL_BYTES)
      {
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                     *lines[i] == '\0' ? _("Line %u of the labels is empty. Give each class a name.")
                                       : _("Line %u of the labels is too long for a label."),
                     i + 1);
        return NULL;
      }
  return g_steal_pointer (&lines);
}
