/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "assay-limits.h"
#include "assay-model-scan.h"

static void
assay_found_free (AssayFound *self)
{
  g_free (self->model);
  g_free (self->version);
  g_free (self->folder);
  g_free (self->stamp);
  g_free (self);
}

/* A name that can stand in an address, in a log and on a screen. */
static gboolean
is_name (const char *name)
{
  if (name[0] == '.' || strlen (name) > ASSAY_LIMIT_MODEL_NAME_BYTES ||
      !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isprint (g_utf8_get_char (at)))
      return FALSE;
  return name[0] != '\0';
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gsize
count_digits (const char *text)
{
  return strspn (text, "0123456789");
}

/* Two runs of digits as numbers, however long. */
static int
compare_numbers (const char **a,
                 const char **b)
{
  gsize zeros_a = strspn (*a, "0");
  gsize zeros_b = strspn (*b, "0");
  gsize n_a = count_digits (*a + zeros_a);
  gsize n_b = count_digits (*b + zeros_b);
  int order = n_a != n_b ? (n_a < n_b ? -1 : 1) : strncmp (*a + zeros_a, *b + zeros_b, n_a);

  *a += zeros_a + n_a;
  *b += zeros_b + n_b;
  return order;
}

/**
 * assay_scan_compare_versions:
 * @a: a version's name
 * @b: another
 *
 * Orders versions by age as their names tell it: runs of digits count as
 * numbers, so that "10" comes after "9".
 *
 * Returns: below 0 if @a is older, above 0 if it is newer, 0 if they are equal
 */
int
assay_scan_compare_versions (const char *a,
                             const char *b)
{
  const char *left = a;
  const char *right = b;
  int order = 0;

  g_return_val_if_fail (a != NULL && b != NULL, 0);

  while (order == 0 && *left != '\0' && *right != '\0')
    {
      if (g_ascii_isdigit (*left) && g_ascii_isdigit (*right))
        order = compare_numbers (&left, &right);
      else
        order = (guchar) *left++ - (guchar) *right++;
    }
  if (order == 0)
    order = (*left != '\0') - (*right != '\0');
  return order != 0 ? order : strcmp (a, b);
}

static GPtrArray *
list_folders (const char *path)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  if (dir == NULL)
    return g_steal_pointer (&names);
  while ((name = g_dir_read_name (dir)) != NULL && names->len < ASSAY_LIMIT_MODELS)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (is_name (name) && g_file_test (child, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_dir_close (dir);
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static char *
make_stamp (const char *folder)
{
  static const char *const files[] = { "model.onnx", "labels.txt", "model.json" };
  GString *stamp = g_string_new (folder);
  struct stat facts;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);

      if (stat (path, &facts) != 0)
        g_string_append (stamp, " -");
      else
        g_string_append_printf (stamp, " %" G_GUINT64_FORMAT ":%" G_GINT64_FORMAT ":%ld.%09ld",
                                (guint64) facts.st_ino, (gint64) facts.st_size,
                                (long) facts.st_mtim.tv_sec, (long) facts.st_mtim.tv_nsec);
    }
  return g_string_free (stamp, FALSE);
}

static int
compare_found (gconstpointer a,
               gconstpointer b)
{
  const AssayFound *left = *(const AssayFound *const *) a;
  const AssayFound *right = *(const AssayFound *const *) b;

  if (left->rank != right->rank)
    return left->rank < right->rank ? -1 : 1;
  return assay_scan_compare_versions (right->version, left->version);
}

/* The rank that the model has from a folder before this one, or the next. */
static guint
find_rank (AssayScan *self,
           const char *model)
{
  guint next = 0;

  for (guint i = 0; i < self->versions->len; i++)
    {
      const AssayFound *found = g_ptr_array_index (self->versions, i);

      if (strcmp (found->model, model) == 0)
        return found->rank;
      next = MAX (next, found->rank + 1);
    }
  return next;
}

static gboolean
has_version (AssayScan *self,
             guint rank,
             const char *version)
{
  for (guint i = 0; i < self->versions->len; i++)
    {
      const AssayFound *found = g_ptr_array_index (self->versions, i);

      if (found->rank == rank && strcmp (found->version, version) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Where two folders hold the same version, the one given first counts. */
static void
scan_model (AssayScan *self,
            const char *root,
            const char *model)
{
  g_autofree char *path = g_build_filename (root, model, NULL);
  g_autoptr (GPtrArray) versions = list_folders (path);
  guint rank = find_rank (self, model);

  g_ptr_array_add (self->watched, g_strdup (path));
  for (guint i = 0; i < versions->len && self->versions->len < ASSAY_LIMIT_MODELS; i++)
    {
      const char *version = g_ptr_array_index (versions, i);
      AssayFound *found;

      if (has_version (self, rank, version))
        continue;
      found = g_new0 (AssayFound, 1);
      found->rank = rank;
      found->model = g_strdup (model);
      found->version = g_strdup (version);
      found->folder = g_build_filename (path, version, NULL);
      found->stamp = make_stamp (found->folder);
      g_ptr_array_add (self->versions, found);
      g_ptr_array_add (self->watched, g_strdup (found->folder));
    }
}

/**
 * assay_scan_run:
 * @folders: (array zero-terminated=1): paths of folders of models
 *
 * Looks for MODEL/VERSION folders.  A folder that cannot be read is empty.
 * Blocks for a few system calls a version; any thread.
 *
 * Returns: (transfer full): what is there
 */
AssayScan *
assay_scan_run (const char *const *folders)
{
  AssayScan *self;

  g_return_val_if_fail (folders != NULL, NULL);

  self = g_new0 (AssayScan, 1);
  self->versions = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_found_free);
  self->watched = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) models = list_folders (folders[i]);

      g_ptr_array_add (self->watched, g_strdup (folders[i]));
      for (guint j = 0; j < models->len; j++)
        scan_model (self, folders[i], g_ptr_array_index (models, j));
    }
  g_ptr_array_sort (self->versions, compare_found);
  return self;
}

void
assay_scan_free (AssayScan *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->versions);
  g_ptr_array_unref (self->watched);
  g_free (self);
}
