/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Items as the history gives them, with what lies in the working folder meanwhile. */

#include "config.h"

#include <glib/gstdio.h>

#include "assay-error.h"
#include "assay-revival.h"

static void
test_absent (void)
{
  g_autoptr (AssayTarget) target = assay_target_new ("elsewhere", "flowers", "2");
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("assay-revival-XXXXXX", &error);
  g_autofree char *before = g_get_current_dir ();
  AssayKeptItem kept = { .path = (char *) "rose.jpg", .bytes = 7 };
  g_autoptr (AssayItem) item = NULL;
  AssaySource *source;

  g_assert_no_error (error);
  g_assert_cmpint (g_chdir (folder), ==, 0);
  g_assert_true (g_file_set_contents ("rose.jpg", "another", 7, NULL));

  item = assay_revive_item (&kept, target);
  source = assay_item_get_source (item);
  g_assert_cmpstr (assay_item_get_name (item), ==, "rose.jpg");
  g_assert_null (assay_source_get_file (source));
  g_assert_false (assay_source_is_here (source));
  g_assert_false (assay_source_is_awaited (source));
  g_assert_error (assay_source_get_error (source), ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);
  g_assert_null (assay_source_open (source, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);

  g_assert_cmpint (g_remove ("rose.jpg"), ==, 0);
  g_assert_cmpint (g_chdir (before), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_file (void)
{
  g_autoptr (AssayTarget) target = assay_target_new ("elsewhere", "flowers", "2");
  AssayKeptItem kept = { .path = (char *) "/photos/rose.jpg",
                         .uri = (char *) "file:///photos/rose.jpg", .bytes = 7, .position = 4 };
  g_autoptr (AssayItem) item = assay_revive_item (&kept, target);
  AssaySource *source = assay_item_get_source (item);

  g_assert_cmpstr (assay_source_get_path (source), ==, "/photos/rose.jpg");
  g_assert_cmpuint (assay_item_get_serial (item), ==, 5);
  g_assert_no_error (assay_source_get_error (source));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/revival/absent", test_absent);
  g_test_add_func ("/revival/file", test_file);
  return g_test_run ();
}
