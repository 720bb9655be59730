/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The two ways in which the labels of a network come: a file of lines, and what
 * trainers write into an ONNX file.  Of that there is no standard.  Seen are lines,
 * words with commas between them, JSON's lists and objects, and Python's lists and
 * dictionaries as its repr() writes them: "{0: 'tench', 1: 'goldfish'}". */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-model-labels.h"

static gboolean
check_label (const char *label,
             GHashTable *seen,
             GError **error)
{
  if (strlen (label) > ASSAY_LIMIT_LABEL_BYTES)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                 _("A label has more than %d bytes"), ASSAY_LIMIT_LABEL_BYTES);
  else if (!g_hash_table_add (seen, (gpointer) label))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                 _("The label “%s” comes twice"), label);
  else
    return TRUE;
  return FALSE;
}

/* What the service itself would refuse later is refused here. */
static gboolean
check_labels (char **labels,
              GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = g_strv_length (labels);

  if (n == 0 || n > ASSAY_LIMIT_LABELS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                   _("There must be 1 to %d labels, a line each"), ASSAY_LIMIT_LABELS);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (!check_label (labels[i], seen, error))
      return FALSE;
  return TRUE;
}

static char **
split (const char *text,
       const char *at)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (text));
  char **labels = g_strsplit (trimmed, at, -1);

  for (guint i = 0; labels[i] != NULL; i++)
    g_strstrip (g_strdelimit (labels[i], "\r", ' '));
  return labels;
}

/**
 * assay_model_labels_read:
 * @text: UTF-8, a label a line, in the scores' order
 * @error: %ASSAY_ERROR_FAILED, naming the label
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): the labels, each of
 *   them once
 */
char **
assay_model_labels_read (const char *text,
                         GError **error)
{
  g_auto (GStrv) labels = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  labels = split (text, "\n");
  return check_labels (labels, error) ? g_steal_pointer (&labels) : NULL;
}

static const char *
skip_space (const char *at)
{
  return at + strspn (at, " \t\r\n");
}

/* Appends what a backslash before @at[0] means; returns what follows. */
static const char *
read_escape (const char *at,
             GString *word)
{
  static const char letters[] = "nrtbf";
  static const char meant[] = "\n\r\t\b\f";
  const char *letter = at[0] != '\0' ? strchr (letters, at[0]) : NULL;
  gunichar code = 0;

  if (at[0] == 'u' && strspn (at + 1, "0123456789abcdefABCDEF") >= 4)
    {
      for (guint i = 1; i <= 4; i++)
        code = code * 16 + g_ascii_xdigit_value (at[i]);
      g_string_append_unichar (word, g_unichar_validate (code) && code != 0 ? code : 0xfffd);
      return at + 5;
    }
  if (at[0] == '\0')
    return at;
  if (letter == NULL)
    {
      const char *next = g_utf8_next_char (at);

      g_string_append_len (word, at, next - at);
      return next;
    }
  g_string_append_c (word, meant[letter - letters]);
  return at + 1;
}

/* A word in quotes of either kind; returns what follows, or NULL. */
static const char *
read_quoted (const char *at,
             GString *word)
{
  char quote = *at;

  g_string_truncate (word, 0);
  if (quote != '"' && quote != '\'')
    return NULL;
  at++;
  while (*at != quote && *at != '\0')
    {
      if (*at == '\\')
        at = read_escape (at + 1, word);
      else
        g_string_append_c (word, *at++);
    }
  return *at == quote ? at + 1 : NULL;
}

/* In front of an entry of a dictionary: its place, bare or in quotes. */
static const char *
read_place (const char *at,
            guint place)
{
  gboolean quoted = *at == '"' || *at == '\'';
  g_autofree char *number = g_strdup_printf ("%u", place);

  at += quoted;
  if (!g_str_has_prefix (at, number))
    return NULL;
  at += strlen (number);
  if (quoted && *at != '"' && *at != '\'')
    return NULL;
  at = skip_space (at + quoted);
  return *at == ':' ? skip_space (at + 1) : NULL;
}

/* [a, b], (a, b) or {0: a, 1: b}, with the words in quotes. */
static char **
read_list (const char *text)
{
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();
  g_autoptr (GString) word = g_string_new (NULL);
  gboolean dictionary = text[0] == '{';
  char end = dictionary ? '}' : text[0] == '[' ? ']' : ')';
  const char *at = skip_space (text + 1);

  for (guint place = 0; *at != end && place <= ASSAY_LIMIT_LABELS; place++)
    {
      at = dictionary ? read_place (at, place) : at;
      at = at != NULL ? read_quoted (at, word) : NULL;
      if (at == NULL)
        return NULL;
      /* A label is a line of labels.txt in the end. */
      g_strv_builder_add (labels, g_strstrip (g_strdelimit (word->str, "\n\r\t\b\f", ' ')));
      at = skip_space (at);
      if (*at != ',' && *at != end)
        return NULL;
      at = *at == ',' ? skip_space (at + 1) : at;
    }
  return g_strv_builder_end (labels);
}

/**
 * assay_model_labels_guess:
 * @text: UTF-8, as it was found in a network's file
 *
 * Reads labels however they are written, in the order of their places.
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): the labels, or %NULL
 *   where that text is something else
 */
char **
assay_model_labels_guess (const char *text)
{
  g_auto (GStrv) labels = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  text = skip_space (text);
  if (text[0] == '[' || text[0] == '{' || text[0] == '(')
    labels = read_list (text);
  else
    labels = split (text, strchr (text, '\n') != NULL ? "\n" : ",");
  return labels != NULL && check_labels (labels, NULL) ? g_steal_pointer (&labels) : NULL;
}
