/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "assay-locale.h"

/* In the build tree programs lie in src/<room>, and Meson lays the translations
 * into po, beside src. */
static char *
dup_built_folder (const char *folder)
{
  g_autofree char *above = g_path_get_dirname (folder);
  g_autofree char *room = g_path_get_basename (above);

  if (!g_str_equal (room, "src"))
    return NULL;
  return g_build_filename (folder, "..", "..", "po", NULL);
}

/**
 * assay_locale_dup_folder:
 * @program: (nullable): path of the program that runs
 *
 * Finds the translations beside the program: in the build tree, or in the prefix
 * that it was moved to.  Where neither has any, they are where the build was told
 * to install them.
 *
 * Returns: (transfer full): the folder, for bindtextdomain()
 */
char *
assay_locale_dup_folder (const char *program)
{
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *built = folder != NULL ? dup_built_folder (folder) : NULL;
  g_autofree char *moved = NULL;

  if (built != NULL && g_file_test (built, G_FILE_TEST_IS_DIR))
    return g_canonicalize_filename (built, NULL);
  if (folder != NULL)
    moved = g_build_filename (folder, "..", "share", "locale", NULL);
  if (moved != NULL && g_file_test (moved, G_FILE_TEST_IS_DIR))
    return g_canonicalize_filename (moved, NULL);
  return g_strdup (ASSAY_LOCALE_DIR);
}

/**
 * assay_locale_init:
 *
 * Makes the program speak the language of whoever runs it.  For main(), before
 * anything else.
 */
void
assay_locale_init (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = assay_locale_dup_folder (program);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
