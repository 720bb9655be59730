/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>

#include "assay-error.h"
#include "assay-error-text.h"

/* Each code has words of its own: no hole in the table, none said twice. */
static void
test_every_code (void)
{
  g_autoptr (GHashTable) titles = g_hash_table_new (g_str_hash, g_str_equal);

  for (int code = ASSAY_ERROR_FAILED; code <= ASSAY_ERROR_CANCELED; code++)
    {
      g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, code, "why");
      const char *title = assay_error_text_get_title (error);
      const char *advice = assay_error_text_get_advice (error);

      g_assert_nonnull (title);
      g_assert_cmpuint (strlen (title), >, 5);
      g_assert_nonnull (advice);
      g_assert_true (g_str_has_suffix (advice, "."));
      g_assert_true (g_hash_table_add (titles, (gpointer) title));
    }
}

/* What would be refused again offers no second try; what passes does. */
static void
test_try_again (void)
{
  const int hopeless[] = {
    ASSAY_ERROR_REFUSED, ASSAY_ERROR_NOT_AN_IMAGE, ASSAY_ERROR_UNSUPPORTED, ASSAY_ERROR_DAMAGED,
    ASSAY_ERROR_TOO_LARGE,
  };
  const int hopeful[] = {
    ASSAY_ERROR_OFFLINE, ASSAY_ERROR_TIMED_OUT, ASSAY_ERROR_BUSY, ASSAY_ERROR_SERVICE,
    ASSAY_ERROR_UNAUTHORIZED, ASSAY_ERROR_UNREADABLE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (hopeless); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, hopeless[i], "why");

      g_assert_false (assay_error_text_can_try_again (error));
    }
  for (guint i = 0; i < G_N_ELEMENTS (hopeful); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, hopeful[i], "why");

      g_assert_true (assay_error_text_can_try_again (error));
    }
}

static void
test_foreign (void)
{
  g_autoptr (GError) error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone\n<b>\u202e</b>");
  g_autofree char *reason = assay_error_text_dup_reason (error);

  g_assert_cmpstr (assay_error_text_get_title (error), ==, "No answer");
  g_assert_cmpstr (reason, ==, "gone <b>\uFFFD</b>");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/error-text/every-code", test_every_code);
  g_test_add_func ("/assay/error-text/try-again", test_try_again);
  g_test_add_func ("/assay/error-text/foreign", test_foreign);
  return g_test_run ();
}
