/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-truth-table.h"

typedef struct {
  char *path;                 /* as compared: strokes are "/", and none stands in front */
  const AssayTruthRow *row;
  guint about;                /* hash of the first path that it was found for */
  gboolean found;
  gboolean several;           /* it was found for others too */
  gboolean beaten;            /* a later line is about the same path */
} Entry;

/* Invariants: entries has one for each row; by_path has the place of each that is not
 * beaten. */
struct _AssayTruthTable {
  char *name;                 /* (nullable) */
  GPtrArray *rows;            /* (element-type AssayTruthRow) */
  GArray *entries;            /* (element-type Entry) */
  GHashTable *by_path;        /* (element-type utf8 guint): the path is the entry's */
  GPtrArray *conflicts;       /* (element-type AssayTruthRow), not owned */
};

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->path);
}

/* Spreadsheets come from anywhere; what leads up to the path doesn't tell. */
static char *
dup_path (const char *written)
{
  g_autofree char *path = g_strdup (written);

  g_strdelimit (path, "\\", '/');
  while (g_str_has_prefix (path, "./"))
    memmove (path, path + 2, strlen (path + 2) + 1);
  return g_strdup (path + strspn (path, "/"));
}

static Entry *
lookup (AssayTruthTable *self,
        const char *path)
{
  gpointer place;

  if (!g_hash_table_lookup_extended (self->by_path, path, NULL, &place))
    return NULL;
  return &g_array_index (self->entries, Entry, GPOINTER_TO_UINT (place));
}

/* Where two lines are about the same path, the later one counts. */
static void
add_row (AssayTruthTable *self,
         const AssayTruthRow *row)
{
  Entry entry = { .row = row, .path = dup_path (row->file) };
  Entry *earlier = lookup (self, entry.path);

  if (earlier != NULL)
    {
      earlier->beaten = TRUE;
      if (strcmp (earlier->row->label, row->label) != 0)
        g_ptr_array_add (self->conflicts, (gpointer) row);
    }
  g_hash_table_replace (self->by_path, entry.path, GUINT_TO_POINTER (self->entries->len));
  g_array_append_val (self->entries, entry);
}

/**
 * assay_truth_table_new:
 * @rows: (transfer none) (element-type AssayTruthRow): of the file, kept
 *
 * Returns: (transfer full): the table
 */
AssayTruthTable *
assay_truth_table_new (GPtrArray *rows)
{
  AssayTruthTable *self = g_new0 (AssayTruthTable, 1);

  self->rows = g_ptr_array_ref (rows);
  self->entries = g_array_sized_new (FALSE, FALSE, sizeof (Entry), rows->len);
  g_array_set_clear_func (self->entries, entry_clear);
  self->by_path = g_hash_table_new (g_str_hash, g_str_equal);
  self->conflicts = g_ptr_array_new ();
  for (guint i = 0; i < rows->len; i++)
    add_row (self, g_ptr_array_index (rows, i));
  return self;
}

void
assay_truth_table_free (AssayTruthTable *self)
{
  g_hash_table_unref (self->by_path);
  g_array_unref (self->entries);
  g_ptr_array_unref (self->conflicts);
  g_ptr_array_unref (self->rows);
  g_free (self->name);
  g_free (self);
}

/**
 * assay_truth_table_set_name:
 * @name: (nullable): what a person calls the file that it was read from, safe to show
 */
void
assay_truth_table_set_name (AssayTruthTable *self,
                            const char *name)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  self->name = g_strdup (name);
}

/**
 * assay_truth_table_get_name:
 *
 * Returns: (transfer none) (nullable): what assay_truth_table_set_name() was told
 */
const char *
assay_truth_table_get_name (AssayTruthTable *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * assay_truth_table_count_rows:
 *
 * Returns: the lines that name a file with a label
 */
guint
assay_truth_table_count_rows (AssayTruthTable *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->rows->len;
}

static char *
dup_source_path (AssaySource *source)
{
  const char *path = assay_source_get_path (source);
  const char *member = assay_source_get_member (source);

  if (path == NULL)
    path = assay_source_get_name (source);
  if (member != NULL)
    return g_strconcat (path, "/", member, NULL);
  return g_strdup (path);
}

/* The path itself first, then each part of it that ends it, so that the longest counts. */
static Entry *
find_ending (AssayTruthTable *self,
             const char *path)
{
  Entry *entry = lookup (self, path);

  while (entry == NULL && (path = strchr (path, '/')) != NULL)
    entry = lookup (self, ++path);
  return entry;
}

/**
 * assay_truth_table_find:
 * @source: anything that was given
 *
 * As long as the path, however long the table.
 *
 * Returns: (transfer none) (nullable): the label that the table has for it, as written
 */
const char *
assay_truth_table_find (AssayTruthTable *self,
                        AssaySource *source)
{
  g_autofree char *written = dup_source_path (source);
  g_autofree char *path = dup_path (written);
  Entry *entry = find_ending (self, path);
  guint about;

  if (entry == NULL)
    return NULL;
  about = g_str_hash (path);
  entry->several |= entry->found && entry->about != about;
  entry->about = about;
  entry->found = TRUE;
  return entry->row->label;
}

/**
 * assay_truth_table_list_missing:
 *
 * Returns: (transfer full) (element-type AssayTruthRow): the lines about files that
 *   nobody has asked for
 */
GPtrArray *
assay_truth_table_list_missing (AssayTruthTable *self)
{
  GPtrArray *missing = g_ptr_array_new ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (!entry->found && !entry->beaten)
        g_ptr_array_add (missing, (gpointer) entry->row);
    }
  return missing;
}

/**
 * assay_truth_table_list_ambiguous:
 *
 * Returns: (transfer full) (element-type AssayTruthRow): the lines that are about several
 *   of the files that were asked for, because they don't say in which folder; they count
 *   for all of them
 */
GPtrArray *
assay_truth_table_list_ambiguous (AssayTruthTable *self)
{
  GPtrArray *ambiguous = g_ptr_array_new ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (entry->several)
        g_ptr_array_add (ambiguous, (gpointer) entry->row);
    }
  return ambiguous;
}

/**
 * assay_truth_table_list_conflicts:
 *
 * Returns: (transfer full) (element-type AssayTruthRow): the lines that say of a file
 *   something else than one before them; they count
 */
GPtrArray *
assay_truth_table_list_conflicts (AssayTruthTable *self)
{
  return g_ptr_array_copy (self->conflicts, NULL, NULL);
}

/**
 * assay_truth_dup_folder:
 * @source: anything that was given
 *
 * Returns: (transfer full) (nullable): the name of the folder that it lies in, in an
 *   archive the one within it, UTF-8; %NULL for none
 */
char *
assay_truth_dup_folder (AssaySource *source)
{
  const char *member = assay_source_get_member (source);
  g_autofree char *written = g_strdup (member != NULL ? member : assay_source_get_path (source));
  g_autofree char *folder = NULL;
  g_autofree char *base = NULL;

  if (written == NULL || (member == NULL && assay_source_get_file (source) == NULL))
    return NULL;
  g_strdelimit (written, "\\", '/');
  if (strchr (written, '/') == NULL)
    return NULL;
  folder = g_path_get_dirname (written);
  base = g_path_get_basename (folder);
  if (strcmp (base, ".") == 0 || strcmp (base, "/") == 0)
    return NULL;
  return g_utf8_validate (base, -1, NULL) ? g_steal_pointer (&base) : g_filename_display_name (base);
}
