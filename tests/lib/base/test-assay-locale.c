/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "assay-locale.h"

/* A folder of the test's own with the folders that are named, for which empty ones
 * are made; ended by NULL. */
static char *
make_tree (const char *folder, ...)
{
  g_autofree char *top = g_dir_make_tmp ("assay-locale-XXXXXX", NULL);
  va_list folders;

  g_assert_nonnull (top);
  va_start (folders, folder);
  for (; folder != NULL; folder = va_arg (folders, const char *))
    {
      g_autofree char *path = g_build_filename (top, folder, NULL);

      g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
    }
  va_end (folders);
  return g_steal_pointer (&top);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_tree (below);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static void
assert_found (const char *top,
              const char *program,
              const char *expected)
{
  g_autofree char *path = g_build_filename (top, program, NULL);
  g_autofree char *wanted = g_build_filename (top, expected, NULL);
  g_autofree char *found = assay_locale_dup_folder (path);

  g_assert_cmpstr (found, ==, wanted);
}

static void
test_in_the_build_tree (void)
{
  g_autofree char *top = make_tree ("src/cli", "po", NULL);

  assert_found (top, "src/cli/assay-cli", "po");
  remove_tree (top);
}

static void
test_in_a_prefix (void)
{
  g_autofree char *top = make_tree ("bin", "share/locale", "po", NULL);

  assert_found (top, "bin/assay", "share/locale");
  remove_tree (top);
}

static void
test_where_the_build_was_told (void)
{
  g_autofree char *top = make_tree ("src/cli", NULL);
  g_autofree char *program = g_build_filename (top, "src", "cli", "assay-cli", NULL);
  g_autofree char *bare = assay_locale_dup_folder (program);
  g_autofree char *unknown = assay_locale_dup_folder (NULL);

  g_assert_cmpstr (bare, ==, ASSAY_LOCALE_DIR);
  g_assert_cmpstr (unknown, ==, ASSAY_LOCALE_DIR);
  remove_tree (top);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/locale/in-the-build-tree", test_in_the_build_tree);
  g_test_add_func ("/assay/locale/in-a-prefix", test_in_a_prefix);
  g_test_add_func ("/assay/locale/where-the-build-was-told", test_where_the_build_was_told);
  return g_test_run ();
}
