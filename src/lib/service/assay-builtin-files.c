/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-builtin.h"
#include "assay-display.h"
#include "assay-error.h"

#define MAX_LEVELS_UP 6   /* from a test program to the top of the build tree */

static char *
dup_own_folder (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  return g_path_get_dirname (self != NULL ? self : "/usr/bin/assay");
}

/* The top of the build tree that this program lies in, or NULL.  Programs lie in
 * src/<room>, tests up to four levels deep. */
static char *
find_build_tree (void)
{
  g_autofree char *folder = dup_own_folder ();

  for (int level = 0; level < MAX_LEVELS_UP; level++)
    {
      g_autofree char *marker = g_build_filename (folder, "src", "serve", "assay-serve", NULL);
      char *parent;

      if (g_file_test (marker, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&folder);
      parent = g_path_get_dirname (folder);
      g_free (folder);
      folder = parent;
    }
  return NULL;
}

/**
 * assay_builtin_dup_program:
 * @program: such as "assay-serve"
 * @error: %ASSAY_ERROR_FAILED when it isn't there
 *
 * Finds one of our own programs beside this one: in the same folder where
 * Assay is installed, in the folder of its room in the build tree.
 *
 * Returns: (transfer full) (nullable): its path
 */
char *
assay_builtin_dup_program (const char *program,
                           GError **error)
{
  static const char *const rooms[] = { "serve", "cli", "app" };
  g_autofree char *folder = dup_own_folder ();
  g_autofree char *installed = g_build_filename (folder, program, NULL);
  g_autofree char *tree = NULL;
  g_autofree char *shown = NULL;

  if (g_file_test (installed, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&installed);
  tree = find_build_tree ();
  for (guint i = 0; tree != NULL && i < G_N_ELEMENTS (rooms); i++)
    {
      g_autofree char *built = g_build_filename (tree, "src", rooms[i], program, NULL);

      if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&built);
    }
  shown = assay_display_name (installed);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
               _("“%s” is missing. Install Assay again."), shown);
  return NULL;
}

static char *
dup_data_folder (const char *name)
{
  g_autofree char *tree = find_build_tree ();
  g_autofree char *folder = dup_own_folder ();
  g_autofree char *joined = NULL;

  if (tree != NULL)
    return g_build_filename (tree, "data", name, NULL);
  joined = g_build_filename (folder, "..", "share", "assay", name, NULL);
  return g_canonicalize_filename (joined, NULL);
}

/**
 * assay_builtin_dup_models_dir:
 *
 * Returns: (transfer full): where the models that come with Assay are
 */
char *
assay_builtin_dup_models_dir (void)
{
  return dup_data_folder ("models");
}

/**
 * assay_builtin_dup_own_models_dir:
 *
 * Returns: (transfer full): where the models are that the user has added; it may not
 *   be there
 */
char *
assay_builtin_dup_own_models_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "assay", "models", NULL);
}

/**
 * assay_builtin_dup_samples_dir:
 *
 * Returns: (transfer full): where the sample pictures are
 */
char *
assay_builtin_dup_samples_dir (void)
{
  return dup_data_folder ("samples");
}
