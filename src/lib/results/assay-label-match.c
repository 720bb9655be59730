/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-label-match.h"
#include "assay-label.h"

/* Two labels have this spelling: it reads as neither. */
static const char ambiguous[] = "";

/* Invariant: spellings has every spelling of every label, with the label, or with
 * ambiguous where several share it. */
struct _AssayLabelMatch {
  GHashTable *labels;         /* (element-type utf8 utf8): a set of interned strings */
  GHashTable *spellings;      /* (element-type utf8 utf8) */
  GHashTable *mapping;        /* (element-type utf8 utf8): given → label, "" for none */
};

/**
 * assay_label_match_new:
 *
 * Returns: (transfer full): one that knows no label yet
 */
AssayLabelMatch *
assay_label_match_new (void)
{
  AssayLabelMatch *self = g_new0 (AssayLabelMatch, 1);

  self->labels = g_hash_table_new_full (g_str_hash, g_str_equal, assay_label_release, NULL);
  self->spellings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->mapping = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
assay_label_match_free (AssayLabelMatch *self)
{
  g_hash_table_unref (self->spellings);
  g_hash_table_unref (self->labels);
  g_hash_table_unref (self->mapping);
  g_free (self);
}

/* Without case, accents' composition and everything that is neither letter nor digit. */
static char *
fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *lower = normal != NULL ? g_utf8_casefold (normal, -1) : g_strdup ("");
  GString *folded = g_string_new (NULL);

  for (const char *p = lower; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)) || g_unichar_ismark (g_utf8_get_char (p)))
      g_string_append_unichar (folded, g_utf8_get_char (p));
  return g_string_free (folded, FALSE);
}

static void
add_without (GPtrArray *list,
             const char *word,
             const char *ending,
             const char *instead)
{
  gsize keep = strlen (word) - strlen (ending);

  /* What is left must still be a word. */
  if (g_str_has_suffix (word, ending) && keep >= 3)
    g_ptr_array_add (list, g_strdup_printf ("%.*s%s", (int) keep, word, instead));
}

/* The word itself, and what it may be the English plural of. */
static GPtrArray *
list_spellings (const char *text)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  char *word = fold (text);

  g_ptr_array_add (list, word);
  add_without (list, word, "ies", "y");
  add_without (list, word, "es", "");
  add_without (list, word, "s", "");
  return list;
}

/**
 * assay_label_match_add:
 * @label: one that the model has; again does nothing
 *
 * Returns: whether it is new
 */
gboolean
assay_label_match_add (AssayLabelMatch *self,
                       const char *label)
{
  g_autoptr (GPtrArray) spellings = NULL;
  GRefString *interned;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (label != NULL, FALSE);

  if (g_hash_table_contains (self->labels, label))
    return FALSE;
  interned = assay_label_intern (label);
  g_hash_table_add (self->labels, interned);
  spellings = list_spellings (label);
  for (guint i = 0; i < spellings->len; i++)
    {
      const char *spelling = g_ptr_array_index (spellings, i);
      gboolean taken = g_hash_table_contains (self->spellings, spelling);

      g_hash_table_insert (self->spellings, g_strdup (spelling),
                           (gpointer) (taken ? ambiguous : interned));
    }
  return TRUE;
}

/**
 * assay_label_match_has:
 *
 * Returns: whether the model has just this label
 */
gboolean
assay_label_match_has (AssayLabelMatch *self,
                       const char *label)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (label != NULL, FALSE);

  return g_hash_table_contains (self->labels, label);
}

/**
 * assay_label_match_map:
 * @given: as people write it
 * @label: (nullable): as what it is to be read; %NULL for no label at all
 *
 * What somebody has said, over everything else.
 */
void
assay_label_match_map (AssayLabelMatch *self,
                       const char *given,
                       const char *label)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (given != NULL);

  g_hash_table_insert (self->mapping, g_strdup (given), g_strdup (label != NULL ? label : ""));
}

/**
 * assay_label_match_unmap:
 * @given: as people write it
 *
 * Nobody has said anything about it.
 */
void
assay_label_match_unmap (AssayLabelMatch *self,
                         const char *given)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (given != NULL);

  g_hash_table_remove (self->mapping, given);
}

/**
 * assay_label_match_get_mapping:
 * @given: as people write it
 * @label: (out) (transfer none) (nullable): as what it is to be read, until that is
 *   said anew; %NULL for no label at all
 *
 * Returns: whether somebody has said so
 */
gboolean
assay_label_match_get_mapping (AssayLabelMatch *self,
                               const char *given,
                               const char **label)
{
  const char *mapped;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (given != NULL, FALSE);

  mapped = g_hash_table_lookup (self->mapping, given);
  *label = mapped != NULL && *mapped != '\0' ? mapped : NULL;
  return mapped != NULL;
}

static int
compare_labels (gconstpointer a,
                gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * assay_label_match_list:
 *
 * Returns: (transfer container) (element-type utf8): the labels by strcmp(); they live
 *   as long as this
 */
GPtrArray *
assay_label_match_list (AssayLabelMatch *self)
{
  GPtrArray *list;
  GHashTableIter iter;
  gpointer label;

  g_return_val_if_fail (self != NULL, NULL);

  list = g_ptr_array_sized_new (g_hash_table_size (self->labels));
  g_hash_table_iter_init (&iter, self->labels);
  while (g_hash_table_iter_next (&iter, &label, NULL))
    g_ptr_array_add (list, label);
  g_ptr_array_sort (list, compare_labels);
  return list;
}

/**
 * assay_label_match_dup_key:
 *
 * Returns: (transfer full) (nullable): what identifies the set of labels, as
 *   assay_label_digest_set() makes it, hex; %NULL for no labels
 */
char *
assay_label_match_dup_key (AssayLabelMatch *self)
{
  g_autoptr (GPtrArray) labels = assay_label_match_list (self);
  guint8 digest[ASSAY_LABEL_SET_BYTES];
  GString *key;

  g_return_val_if_fail (labels != NULL, NULL);

  if (labels->len == 0)
    return NULL;
  assay_label_digest_set (labels, digest);
  key = g_string_sized_new (2 * sizeof digest);
  for (gsize i = 0; i < sizeof digest; i++)
    g_string_append_printf (key, "%02x", digest[i]);
  return g_string_free (key, FALSE);
}

static const char *
find_similar (AssayLabelMatch *self,
              const char *given)
{
  g_autoptr (GPtrArray) spellings = list_spellings (given);
  const char *found = NULL;

  /* Something must be left of it to compare. */
  if (*(const char *) g_ptr_array_index (spellings, 0) == '\0')
    return NULL;
  for (guint i = 0; i < spellings->len; i++)
    {
      const char *label = g_hash_table_lookup (self->spellings, g_ptr_array_index (spellings, i));

      if (label == NULL)
        continue;
      if (label == ambiguous || (found != NULL && found != label))
        return NULL;
      found = label;
    }
  return found;
}

/**
 * assay_label_match_find:
 * @given: as people write it, UTF-8
 * @kind: (out) (optional): how it was found
 *
 * Exactly first, then without case, spaces and punctuation, and as the English plural
 * or singular, if only one label is spelled like that.
 *
 * Returns: (transfer none) (nullable): the label, as long as this lives; %NULL for none
 */
const char *
assay_label_match_find (AssayLabelMatch *self,
                        const char *given,
                        AssayMatchKind *kind)
{
  AssayMatchKind how = ASSAY_MATCH_EXACT;
  const char *label;
  gpointer exact;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (given != NULL, NULL);

  label = g_hash_table_lookup (self->mapping, given);
  if (label != NULL)
    {
      how = ASSAY_MATCH_MAPPED;
      label = *label != '\0' ? label : NULL;
    }
  else if (g_hash_table_lookup_extended (self->labels, given, &exact, NULL))
    label = exact;
  else
    {
      label = find_similar (self, given);
      how = label != NULL ? ASSAY_MATCH_SIMILAR : ASSAY_MATCH_NONE;
    }
  if (kind != NULL)
    *kind = how;
  return label;
}
