/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-run-text.h"

#define NB "\u202f"
#define S ((gint64) G_USEC_PER_SEC)

static void
assert_pause (AssayPause why,
              gint64 left,
              const char *wanted)
{
  g_autofree char *text = assay_run_text_dup_pause (why, left);

  g_assert_cmpstr (text, ==, wanted);
}

/* Begun seconds count, and nothing is ever promised that is over. */
static void
test_pauses (void)
{
  assert_pause (ASSAY_PAUSE_GONE, 30 * S,
                "The service stopped answering; trying again in 30" NB "s");
  assert_pause (ASSAY_PAUSE_GONE, 29 * S + 1,
                "The service stopped answering; trying again in 30" NB "s");
  assert_pause (ASSAY_PAUSE_GONE, 1, "The service stopped answering; trying again in 1" NB "s");
  assert_pause (ASSAY_PAUSE_GONE, 0, "The service stopped answering; trying again…");
  assert_pause (ASSAY_PAUSE_GONE, -5 * S, "The service stopped answering; trying again…");
  assert_pause (ASSAY_PAUSE_GONE, 120 * S,
                "The service stopped answering; trying again in 120" NB "s");
  assert_pause (ASSAY_PAUSE_GONE, 121 * S,
                "The service stopped answering; trying again in 3" NB "min");
  assert_pause (ASSAY_PAUSE_ASKED, 12 * S, "The service asked for a pause; going on in 12" NB "s");
  assert_pause (ASSAY_PAUSE_ASKED, 0, "The service asked for a pause; going on in 1" NB "s");
  assert_pause (ASSAY_PAUSE_ASKED, 3600 * S,
                "The service asked for a pause; going on in 60" NB "min");
  assert_pause (ASSAY_PAUSE_NETWORK, G_MAXINT64,
                "There is no network; going on when it is back");
  assert_pause (ASSAY_PAUSE_PERSON, G_MAXINT64, NULL);
  assert_pause (ASSAY_PAUSE_NONE, G_MAXINT64, NULL);
}

/* What is read out once must not be wrong a second later. */
static void
test_reasons (void)
{
  for (guint bit = 0; bit < 5; bit++)
    {
      const char *reason = assay_run_text_get_reason (1 << bit);
      g_autofree char *text = assay_run_text_dup_pause (1 << bit, 17 * S);

      g_assert_cmpint (reason == NULL, ==, text == NULL);
      g_assert_true (reason == NULL || strpbrk (reason, "0123456789") == NULL);
    }
}

static void
assert_sum (AssaySum sum,
            const char *wanted)
{
  g_autofree char *text = assay_run_text_dup_sum (&sum);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_sums (void)
{
  assert_sum ((AssaySum) { .total = 1, .answered = 1 }, "1 image: 1 answered");
  assert_sum ((AssaySum) { .total = 1000, .answered = 988, .failed = 12 },
              "1000 images: 988 answered, 12 failed");
  assert_sum ((AssaySum) { .total = 10, .answered = 1, .failed = 2, .rejected = 3, .canceled = 4 },
              "10 images: 1 answered, 2 failed, 3 rejected, 4 canceled");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/run-text/pauses", test_pauses);
  g_test_add_func ("/assay/run-text/reasons", test_reasons);
  g_test_add_func ("/assay/run-text/sums", test_sums);
  return g_test_run ();
}
