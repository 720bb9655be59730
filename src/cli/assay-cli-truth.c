/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-truth.h"
#include "assay-cli.h"
#include "assay-error.h"
#include "assay-label-match.h"
#include "assay-label.h"
#include "assay-truth-table.h"

/* More of a kind than a person reads. */
#define MAX_TOLD 10

#define FOLDERS "folders"

/* Invariant: table is set exactly when the truth does not come from folders. */
struct _AssayCliTruth {
  AssayTruthTable *table;
  AssayLabelMatch *match;
  GHashTable *similar;        /* (element-type utf8 utf8): given → label */
  GHashTable *unknown;        /* (element-type utf8 guint): given → images */
};

static AssayTruthTable *
load_table (const char *path,
            GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, &reason);
  g_autoptr (GPtrArray) rows = bytes != NULL ? assay_truth_file_parse (bytes, &reason) : NULL;

  if (rows != NULL)
    return assay_truth_table_new (rows);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("--truth %s: %s"), path, reason->message);
  return NULL;
}

/**
 * assay_cli_truth_new:
 * @from: "folders", or the path of a table
 * @error: %ASSAY_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): the truth
 */
AssayCliTruth *
assay_cli_truth_new (const char *from,
                     GError **error)
{
  AssayTruthTable *table = NULL;
  AssayCliTruth *self;

  if (!g_str_equal (from, FOLDERS))
    {
      table = load_table (from, error);
      if (table == NULL)
        return NULL;
    }
  self = g_new0 (AssayCliTruth, 1);
  self->table = table;
  self->match = assay_label_match_new ();
  self->similar = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->unknown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
assay_cli_truth_free (AssayCliTruth *self)
{
  g_clear_pointer (&self->table, assay_truth_table_free);
  assay_label_match_free (self->match);
  g_hash_table_unref (self->similar);
  g_hash_table_unref (self->unknown);
  g_free (self);
}

/**
 * assay_cli_truth_get_given:
 *
 * Returns: (transfer full) (nullable): what is said of a picture, as it is written;
 *   to be released with assay_label_release()
 */
GRefString *
assay_cli_truth_get_given (AssayCliTruth *self,
                           AssaySource *source)
{
  g_autofree char *folder = self->table == NULL ? assay_truth_dup_folder (source) : NULL;
  const char *given = self->table != NULL ? assay_truth_table_find (self->table, source) : folder;

  return given != NULL ? assay_label_intern (given) : NULL;
}

/**
 * assay_cli_truth_learn:
 *
 * The labels of an answer are labels of the model.
 */
void
assay_cli_truth_learn (AssayCliTruth *self,
                       const AssayPrediction *prediction)
{
  guint n = assay_prediction_get_n (prediction);

  for (guint i = 0; i < n; i++)
    assay_label_match_add (self->match, assay_prediction_get_sent_label (prediction, i));
}

/**
 * assay_cli_truth_read:
 * @given: as it is written
 *
 * Returns: (transfer none) (nullable): the label that it means; %NULL while the model
 *   has none that is meant
 */
const char *
assay_cli_truth_read (AssayCliTruth *self,
                      const char *given)
{
  AssayMatchKind kind;
  const char *label = assay_label_match_find (self->match, given, &kind);

  if (kind == ASSAY_MATCH_SIMILAR && !g_hash_table_contains (self->similar, given))
    g_hash_table_insert (self->similar, g_strdup (given), g_strdup (label));
  return label;
}

/**
 * assay_cli_truth_give_up:
 * @given: of a picture that is not judged, because the model has no such label
 */
void
assay_cli_truth_give_up (AssayCliTruth *self,
                         const char *given)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->unknown, given));

  g_hash_table_insert (self->unknown, g_strdup (given), GUINT_TO_POINTER (n + 1));
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
sort_keys (GHashTable *table)
{
  GPtrArray *keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, key);
  g_ptr_array_sort (keys, compare_keys);
  return keys;
}

static void
say_more (guint n)
{
  g_autofree char *words = NULL;

  if (n <= MAX_TOLD)
    return;
  words = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "… and %u more", "… and %u more",
                                        n - MAX_TOLD),
                           n - MAX_TOLD);
  assay_cli_complain (NULL, words);
}

static void
tell_similar (AssayCliTruth *self)
{
  g_autoptr (GPtrArray) given = sort_keys (self->similar);

  for (guint i = 0; i < MIN (given->len, MAX_TOLD); i++)
    {
      const char *written = g_ptr_array_index (given, i);
      const char *label = g_hash_table_lookup (self->similar, written);
      g_autofree char *words = g_strdup_printf (_("“%s” is read as “%s”"), written, label);

      assay_cli_complain (NULL, words);
    }
  say_more (given->len);
}

static void
tell_unknown (AssayCliTruth *self)
{
  g_autoptr (GPtrArray) given = sort_keys (self->unknown);

  for (guint i = 0; i < MIN (given->len, MAX_TOLD); i++)
    {
      const char *written = g_ptr_array_index (given, i);
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->unknown, written));
      g_autofree char *words = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "the model has no label “%s”: %u image is not judged",
                     "the model has no label “%s”: %u images are not judged", n),
        written, n);

      assay_cli_complain (NULL, words);
    }
  say_more (given->len);
}

static void
tell_rows (GPtrArray *rows,
           gboolean missing)
{
  for (guint i = 0; i < MIN (rows->len, MAX_TOLD); i++)
    {
      const AssayTruthRow *row = g_ptr_array_index (rows, i);
      g_autofree char *said =
        missing ? g_strdup_printf (_("line %u of the table names a file that was not given"), row->line)
                : g_strdup_printf (_("line %u of the table says something else than one before it, "
                                     "and counts"),
                                   row->line);

      assay_cli_complain (row->file, said);
    }
  say_more (rows->len);
}

/**
 * assay_cli_truth_tell:
 *
 * Says on standard error how labels were read, and what could not be used.
 */
void
assay_cli_truth_tell (AssayCliTruth *self)
{
  tell_similar (self);
  tell_unknown (self);
  if (self->table != NULL)
    {
      g_autoptr (GPtrArray) conflicts = assay_truth_table_list_conflicts (self->table);
      g_autoptr (GPtrArray) missing = assay_truth_table_list_missing (self->table);

      tell_rows (conflicts, FALSE);
      tell_rows (missing, TRUE);
    }
}
