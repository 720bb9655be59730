/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "assay-model-scan.h"

typedef struct {
  char *a;
  char *b;
} Folders;

static void
folders_init (Folders *folders,
              gconstpointer data)
{
  folders->a = g_dir_make_tmp ("assay-scan-XXXXXX", NULL);
  folders->b = g_dir_make_tmp ("assay-scan-XXXXXX", NULL);
}

static void
remove_tree (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (path);
}

static void
folders_clear (Folders *folders,
               gconstpointer data)
{
  remove_tree (folders->a);
  remove_tree (folders->b);
  g_free (folders->a);
  g_free (folders->b);
}

static void
add (const char *root,
     const char *path)
{
  g_autofree char *whole = g_build_filename (root, path, NULL);

  g_assert_no_errno (g_mkdir_with_parents (whole, 0700));
}

static AssayScan *
scan (Folders *folders)
{
  const char *roots[] = { folders->a, folders->b, NULL };

  return assay_scan_run (roots);
}

static char *
list (AssayScan *found)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < found->versions->len; i++)
    {
      const AssayFound *version = g_ptr_array_index (found->versions, i);

      g_string_append_printf (text, "%s/%s ", version->model, version->version);
    }
  return g_string_free (text, FALSE);
}

static void
test_orders_newest_first (Folders *folders,
                          gconstpointer data)
{
  g_autoptr (AssayScan) found = NULL;
  g_autofree char *text = NULL;

  add (folders->a, "roses/9");
  add (folders->a, "roses/10");
  add (folders->a, "roses/1.2");
  add (folders->a, "daisies/2");
  add (folders->b, "asters/1");
  add (folders->b, "roses/10");
  add (folders->b, "roses/11");
  found = scan (folders);
  text = list (found);
  g_assert_cmpstr (text, ==, "daisies/2 roses/11 roses/10 roses/9 roses/1.2 asters/1 ");
}

static void
test_leaves_out_what_is_no_name (Folders *folders,
                                 gconstpointer data)
{
  g_autoptr (AssayScan) found = NULL;
  g_autofree char *text = NULL;
  g_autofree char *file = g_build_filename (folders->a, "file", NULL);
  g_autofree char *long_name = g_strnfill (129, 'x');

  add (folders->a, ".hidden/1");
  add (folders->a, "new\nline/1");
  add (folders->a, "latin\xfc/1");
  add (folders->a, long_name);
  add (folders->a, "good/.1");
  add (folders->a, "good/Blüte 2");
  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  found = scan (folders);
  text = list (found);
  g_assert_cmpstr (text, ==, "good/Blüte 2 ");
}

static void
test_stamps_change_with_files (Folders *folders,
                               gconstpointer data)
{
  g_autofree char *model = g_build_filename (folders->a, "m/1/model.onnx", NULL);
  g_autofree char *before = NULL;

  add (folders->a, "m/1");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (AssayScan) found = scan (folders);
      const AssayFound *version = g_ptr_array_index (found->versions, 0);

      g_assert_cmpstr (version->stamp, !=, before);
      g_free (before);
      before = g_strdup (version->stamp);
      g_assert_true (g_file_set_contents (model, "xxx", i + 1, NULL));
    }
}

static void
test_survives_missing_folders (Folders *folders,
                               gconstpointer data)
{
  g_autoptr (AssayScan) found = NULL;

  g_rmdir (folders->a);
  found = scan (folders);
  g_assert_cmpuint (found->versions->len, ==, 0);
  g_assert_cmpuint (found->watched->len, ==, 2);
}

static void
test_compares_versions (void)
{
  static const char *const ordered[] = {
    "", "1", "01", "1.9", "1.10", "2", "2-rc", "10",
    "18446744073709551616", "18446744073709551617", "a", "b1", "b2", "b10",
  };

  for (int i = 0; i < (int) G_N_ELEMENTS (ordered); i++)
    for (int j = 0; j < (int) G_N_ELEMENTS (ordered); j++)
      {
        int order = assay_scan_compare_versions (ordered[i], ordered[j]);

        if (g_str_equal (ordered[i], "01") || g_str_equal (ordered[j], "01"))
          g_assert_true ((order == 0) == (i == j));
        else
          g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
      }
}

#define ADD(name, function) \
  g_test_add ("/assay/model-scan/" name, Folders, NULL, folders_init, function, folders_clear)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("orders-newest-first", test_orders_newest_first);
  ADD ("leaves-out-what-is-no-name", test_leaves_out_what_is_no_name);
  ADD ("stamps-change-with-files", test_stamps_change_with_files);
  ADD ("survives-missing-folders", test_survives_missing_folders);
  g_test_add_func ("/assay/model-scan/compares-versions", test_compares_versions);
  return g_test_run ();
}
