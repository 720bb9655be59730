/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-picture-menu.h"

static void
assert_name (const char *first,
             const char *second,
             const char *third,
             const char *wanted)
{
  const char *const words[] = { first, second, third, NULL };
  g_autofree char *name = assay_picture_menu_dup_file_name (words);

  g_assert_cmpstr (name, ==, wanted);
}

static void
test_names (void)
{
  assert_name ("flowers", "2", "by label", "flowers-2-by-label.png");
  assert_name ("flowers", "1.0.3", "Schwelle für alle", "flowers-1.0.3-Schwelle-für-alle.png");
  assert_name ("花", "2", "混同行列", "花-2-混同行列.png");
}

/* A model or a version is what a stranger calls it. */
static void
test_hostile_names (void)
{
  assert_name ("../../etc", "", "passwd", "etc-passwd.png");
  assert_name (".hidden", "a/b\\c:d", "x\ny", "hidden-a-b-c-d-x-y.png");
  assert_name ("caf\xe9", "\xe2\x80\xae" "gnp", "*?\"<>|", "caf-gnp.png");
  assert_name ("", "", "", "picture.png");
  assert_name ("...", "--", "/", "picture.png");
}

static void
test_long_names (void)
{
  g_autofree char *word = g_strnfill (500, 'a');
  const char *const words[] = { word, word, word, word, NULL };
  g_autofree char *name = assay_picture_menu_dup_file_name (words);

  g_assert_cmpuint (strlen (name), <=, 4 * 40 + 3 + 4);
  g_assert_true (g_str_has_suffix (name, ".png"));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/picture-menu/names", test_names);
  g_test_add_func ("/assay/picture-menu/hostile-names", test_hostile_names);
  g_test_add_func ("/assay/picture-menu/long-names", test_long_names);
  return g_test_run ();
}
