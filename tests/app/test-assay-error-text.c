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
      /* What isn't supported says itself what to do about it. */
      if (code == ASSAY_ERROR_UNSUPPORTED)
        g_assert_null (advice);
      else
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

/* Below its title a reason says only what is new. */
static void
test_said_once (void)
{
  const struct {
    int code;
    const char *message;
    const char *reason;
  } cases[] = {
    { ASSAY_ERROR_NOT_AN_IMAGE, "Not an image: it is a video", "It is a video" },
    { ASSAY_ERROR_DAMAGED, "Damaged picture: the file is cut off", "The file is cut off" },
    { ASSAY_ERROR_DAMAGED, "“a.zip” is damaged: it breaks", "“a.zip” is damaged: it breaks" },
    { ASSAY_ERROR_TOO_LARGE, "Too large: 9 × 9 pixels", "9 × 9 pixels" },
    { ASSAY_ERROR_TOO_LARGE, "Too large: the file is cut into millions of pieces",
      "The file is cut into millions of pieces" },
    { ASSAY_ERROR_UNREADABLE, "It can't be read: éé", "Éé" },
    { ASSAY_ERROR_BUSY, "Not an image: it is a video", "Not an image: it is a video" },
    { ASSAY_ERROR_DAMAGED, "Damaged picture: ", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, cases[i].code,
                                                      cases[i].message);
      g_autofree char *reason = assay_error_text_dup_reason (error);

      g_assert_cmpstr (reason, ==, cases[i].reason);
    }
}

static void
test_foreign (void)
{
  g_autoptr (GError) error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone\n<b>\u202e</b>");
  g_autofree char *reason = assay_error_text_dup_reason (error);

  g_assert_cmpstr (assay_error_text_get_title (error), ==, "No answer");
  g_assert_cmpstr (reason, ==, "Gone <b>\uFFFD</b>");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/error-text/every-code", test_every_code);
  g_test_add_func ("/assay/error-text/try-again", test_try_again);
  g_test_add_func ("/assay/error-text/said-once", test_said_once);
  g_test_add_func ("/assay/error-text/foreign", test_foreign);
  return g_test_run ();
}
