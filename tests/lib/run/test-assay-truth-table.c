/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-truth-table.h"

static AssayTruthTable *
make_table (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = assay_truth_file_parse (bytes, &error);

  g_assert_no_error (error);
  return assay_truth_table_new (rows);
}

static AssaySource *
make_source (const char *path,
             const char *member)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  if (member != NULL)
    return assay_source_new_member (file, "group", member, 0, member, 0, NULL, NULL, NULL);
  return assay_source_new_file (file, NULL, 0, NULL, NULL);
}

static void
assert_label (AssayTruthTable *table,
              const char *path,
              const char *member,
              const char *label)
{
  g_autoptr (AssaySource) source = make_source (path, member);

  g_assert_cmpstr (assay_truth_table_find (table, source), ==, label);
}

static void
finds_files_by_their_ends (void)
{
  g_autoptr (AssayTruthTable) table = make_table (
    "1.jpg,any\nroses/1.jpg,rose\n./tulips\\1.jpg,tulip\n/abs/daisy/2.jpg,daisy\nx.zip/in/3.jpg,lily\n"
    "4.jpg,in an archive\nnever.jpg,nobody\n");
  g_autoptr (GPtrArray) missing = NULL;

  assert_label (table, "/photos/1.jpg", NULL, "any");
  assert_label (table, "/photos/roses/1.jpg", NULL, "rose");
  assert_label (table, "/photos/wildroses/1.jpg", NULL, "any");
  assert_label (table, "/photos/tulips/1.jpg", NULL, "tulip");
  assert_label (table, "/abs/daisy/2.jpg", NULL, "daisy");
  assert_label (table, "/daisy/2.jpg", NULL, NULL);
  assert_label (table, "/photos/x.zip", "in/3.jpg", "lily");
  assert_label (table, "/photos/y.zip", "in/3.jpg", NULL);
  assert_label (table, "/photos/y.zip", "4.jpg", "in an archive");
  assert_label (table, "/photos/5.jpg", NULL, NULL);
  missing = assay_truth_table_list_missing (table);
  g_assert_cmpuint (missing->len, ==, 1);
  g_assert_cmpstr (((AssayTruthRow *) missing->pdata[0])->file, ==, "never.jpg");
}

/* Told when a line leaves open which of several files it means. */
static void
lists_ambiguous (void)
{
  g_autoptr (AssayTruthTable) table = make_table ("1.jpg,any\nroses/2.jpg,rose\n3.jpg,lily\n");
  g_autoptr (GPtrArray) ambiguous = NULL;

  for (guint i = 0; i < 2; i++)
    {
      assert_label (table, "/photos/roses/1.jpg", NULL, "any");
      assert_label (table, "/photos/roses/2.jpg", NULL, "rose");
      assert_label (table, "/photos/3.jpg", NULL, "lily");
    }
  assert_label (table, "/photos/tulips/2.jpg", NULL, NULL);
  ambiguous = assay_truth_table_list_ambiguous (table);
  g_assert_cmpuint (ambiguous->len, ==, 0);
  g_clear_pointer (&ambiguous, g_ptr_array_unref);
  assert_label (table, "/photos/tulips/1.jpg", NULL, "any");
  ambiguous = assay_truth_table_list_ambiguous (table);
  g_assert_cmpuint (ambiguous->len, ==, 1);
  g_assert_cmpuint (((AssayTruthRow *) ambiguous->pdata[0])->line, ==, 1);
}

/* Each picture in a folder of its own, by the same name; and the same line over and over. */
static void
bears_equal_names (void)
{
  const guint n = 20000;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (AssayTruthTable) table = NULL;
  g_autoptr (GPtrArray) missing = NULL;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%u/frame.jpg,rose\nsame.jpg,%u\n", i, i);
  table = make_table (text->str);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/photos/%u/frame.jpg", i);

      assert_label (table, path, NULL, "rose");
    }
  assert_label (table, "/same.jpg", NULL, "19999");
  missing = assay_truth_table_list_missing (table);
  g_assert_cmpuint (missing->len, ==, 0);
}

static void
lists_conflicts (void)
{
  g_autoptr (AssayTruthTable) table = make_table ("1.jpg,rose\n2.jpg,rose\n./1.jpg,tulip\n2.jpg,rose\n");
  g_autoptr (GPtrArray) conflicts = assay_truth_table_list_conflicts (table);
  g_autoptr (GPtrArray) missing = NULL;

  g_assert_cmpuint (conflicts->len, ==, 1);
  g_assert_cmpuint (((AssayTruthRow *) conflicts->pdata[0])->line, ==, 3);
  assert_label (table, "/1.jpg", NULL, "tulip");
  assert_label (table, "/2.jpg", NULL, "rose");
  missing = assay_truth_table_list_missing (table);
  g_assert_cmpuint (missing->len, ==, 0);
}

static void
tells_folders (void)
{
  static const struct {
    const char *path;
    const char *member;
    const char *folder;
  } table[] = {
    { "/photos/roses/1.jpg", NULL, "roses" },
    { "/1.jpg", NULL, NULL },
    { "/photos/a.zip", "roses/1.jpg", "roses" },
    { "/photos/a.zip", "x\\roses\\1.jpg", "roses" },
    { "/photos/roses/a.zip", "1.jpg", NULL },
  };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (AssaySource) pasted = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, "a/b.png", bytes);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (AssaySource) source = make_source (table[i].path, table[i].member);
      g_autofree char *folder = assay_truth_dup_folder (source);

      g_assert_cmpstr (folder, ==, table[i].folder);
    }
  g_assert_null (assay_truth_dup_folder (pasted));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/truth-table/finds-files-by-their-ends", finds_files_by_their_ends);
  g_test_add_func ("/assay/truth-table/lists-conflicts", lists_conflicts);
  g_test_add_func ("/assay/truth-table/tells-folders", tells_folders);
  g_test_add_func ("/assay/truth-table/lists-ambiguous", lists_ambiguous);
  g_test_add_func ("/assay/truth-table/bears-equal-names", bears_equal_names);
  return g_test_run ();
}
