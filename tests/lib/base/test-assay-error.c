/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-error.h"

static void
test_names_are_distinct (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int code = ASSAY_ERROR_FAILED; code <= ASSAY_ERROR_CANCELED; code++)
    g_assert_true (g_hash_table_add (seen, (gpointer) assay_error_code_name (code)));
  g_assert_cmpstr (assay_error_code_name (9999), ==, "failed");
}

static void
test_transient (void)
{
  static const int again[] = {
    ASSAY_ERROR_OFFLINE, ASSAY_ERROR_TIMED_OUT, ASSAY_ERROR_BUSY, ASSAY_ERROR_SERVICE,
  };
  static const int never[] = {
    ASSAY_ERROR_REFUSED, ASSAY_ERROR_UNAUTHORIZED, ASSAY_ERROR_DAMAGED, ASSAY_ERROR_NOT_FOUND,
  };
  g_autoptr (GError) foreign = g_error_new_literal (g_quark_from_static_string ("x"), 2, "x");

  for (gsize i = 0; i < G_N_ELEMENTS (again); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, again[i], "x");

      g_assert_true (assay_error_is_transient (error));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (never); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, never[i], "x");

      g_assert_false (assay_error_is_transient (error));
    }
  g_assert_false (assay_error_is_transient (foreign));
  g_assert_false (assay_error_is_transient (NULL));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/error/names-are-distinct", test_names_are_distinct);
  g_test_add_func ("/assay/error/transient", test_transient);
  return g_test_run ();
}
