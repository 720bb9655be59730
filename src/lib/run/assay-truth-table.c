/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-truth-table.h"

typedef struct {
  char *path;                 /* as compared: strokes are "/", and none stands in front */
  const AssayTruthRow *row;
  gboolean found;
  gboolean beaten;            /* a later line is about the same path */
} Entry;

/* Invariants: entries has one for each row; places has for each last part of a path the
 * entries that end with it. */
struct _AssayTruthTable {
  GPtrArray *rows;            /* (element-type AssayTruthRow) */
  GArray *entries;            /* (element-type Entry) */
  GHashTable *places;         /* (element-type utf8 GArray of guint) */
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

static const char *
get_base (const char *path)
{
  const char *stroke = strrchr (path, '/');

  return stroke != NULL ? stroke + 1 : path;
}

static GArray *
ensure_place (AssayTruthTable *self,
              const char *base)
{
  GArray *place = g_hash_table_lookup (self->places, base);

  if (place == NULL)
    {
      place = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (self->places, (gpointer) base, place);
    }
  return place;
}

/* Where two lines are about the same path, the later one counts. */
static void
beat_earlier (AssayTruthTable *self,
              GArray *place,
              const Entry *entry)
{
  for (guint i = 0; i < place->len; i++)
    {
      Entry *other = &g_array_index (self->entries, Entry, g_array_index (place, guint, i));

      if (other->beaten || strcmp (other->path, entry->path) != 0)
        continue;
      other->beaten = TRUE;
      if (strcmp (other->row->label, entry->row->label) != 0)
        g_ptr_array_add (self->conflicts, (gpointer) entry->row);
      return;
    }
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
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        (GDestroyNotify) g_array_unref);
  self->conflicts = g_ptr_array_new ();
  for (guint i = 0; i < rows->len; i++)
    {
      Entry entry = { .row = g_ptr_array_index (rows, i) };
      GArray *place;

      entry.path = dup_path (entry.row->file);
      place = ensure_place (self, get_base (entry.path));
      beat_earlier (self, place, &entry);
      g_array_append_val (self->entries, entry);
      g_array_append_val (place, i);
    }
  return self;
}

void
assay_truth_table_free (AssayTruthTable *self)
{
  g_hash_table_unref (self->places);
  g_array_unref (self->entries);
  g_ptr_array_unref (self->conflicts);
  g_ptr_array_unref (self->rows);
  g_free (self);
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

static gboolean
is_about (const Entry *entry,
          const char *path)
{
  gsize longer = strlen (path);
  gsize length = strlen (entry->path);

  return length <= longer && strcmp (path + longer - length, entry->path) == 0
         && (length == longer || path[longer - length - 1] == '/');
}

/**
 * assay_truth_table_find:
 * @source: anything that was given
 *
 * Returns: (transfer none) (nullable): the label that the table has for it, as written
 */
const char *
assay_truth_table_find (AssayTruthTable *self,
                        AssaySource *source)
{
  g_autofree char *written = dup_source_path (source);
  g_autofree char *path = dup_path (written);
  GArray *place = g_hash_table_lookup (self->places, get_base (path));
  Entry *best = NULL;

  for (guint i = 0; place != NULL && i < place->len; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, g_array_index (place, guint, i));

      if (!entry->beaten && is_about (entry, path)
          && (best == NULL || strlen (entry->path) > strlen (best->path)))
        best = entry;
    }
  if (best == NULL)
    return NULL;
  best->found = TRUE;
  return best->row->label;
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
