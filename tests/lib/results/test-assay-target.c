/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-target.h"

static void
test_equal (void)
{
  g_autoptr (AssayTarget) a = assay_target_new ("c", "flowers", "2");
  g_autoptr (AssayTarget) same = assay_target_new ("c", "flowers", "2");
  g_autoptr (AssayTarget) version = assay_target_new ("c", "flowers", "1");
  g_autoptr (AssayTarget) connection = assay_target_new ("d", "flowers", "2");
  g_autoptr (AssayTarget) stock = assay_target_new ("c", NULL, NULL);

  g_assert_true (assay_target_equal (a, same));
  g_assert_false (assay_target_equal (a, version));
  g_assert_false (assay_target_equal (a, connection));
  g_assert_false (assay_target_equal (a, stock));
  g_assert_false (assay_target_equal (a, NULL));
  g_assert_true (assay_target_equal (NULL, NULL));
  g_assert_cmpstr (assay_target_get_model (stock), ==, "");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/target/equal", test_equal);
  return g_test_run ();
}
