/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-limits.h"
#include "assay-retry-after.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define CAP ((gint64) ASSAY_LIMIT_RETRY_AFTER_SECONDS)

/* Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110. */
#define EXAMPLE (G_GINT64_CONSTANT (784111777))

typedef struct {
  const char *text;
  gint64 before;             /* seconds that the clock is before the example */
  gint64 seconds;            /* -1 if it is no Retry-After */
} Case;

static const Case cases[] = {
  /* delay-seconds */
  { "0", 0, 0 },
  { "1", 0, 1 },
  { "120", 0, 120 },
  { "00030", 0, 30 },
  { "  7\t", 0, 7 },
  { "3600", 0, CAP },
  { "3601", 0, CAP },
  { "99999999999999999999999999", 0, CAP },
  { "-1", 0, -1 },
  { "+1", 0, -1 },
  { "1.5", 0, -1 },
  { "1s", 0, -1 },
  { "1 2", 0, -1 },
  { "0x10", 0, -1 },
  { "", 0, -1 },
  { " ", 0, -1 },
  { "soon", 0, -1 },
  { NULL, 0, -1 },
  /* HTTP-date, in its three forms */
  { "Sun, 06 Nov 1994 08:49:37 GMT", 30, 30 },
  { "Sunday, 06-Nov-94 08:49:37 GMT", 30, 30 },
  { "Sun Nov  6 08:49:37 1994", 30, 30 },
  { "Sun, 06 Nov 1994 08:49:37 GMT", 0, 0 },
  { "Sun, 06 Nov 1994 08:49:37 GMT", -30, 0 },
  { "Sun, 06 Nov 1994 08:49:37 GMT", 86400, CAP },
  { "Sun, 06 Nov 9999 08:49:37 GMT", 0, CAP },
  { "Sun, 06 Nov 1994 08:49:60 GMT", 0, 22 },
  { "Wed, 16 Nov 1994 08:49:37 GMT", 10, CAP },
  { "Mon, 29 Feb 1993 08:49:37 GMT", 30, -1 },
  { "Sun, 06 Nov 1994 24:49:37 GMT", 30, -1 },
  { "Sun, 06 Nov 1994 08:49:61 GMT", 30, -1 },
  { "Sun, 00 Nov 1994 08:49:37 GMT", 30, -1 },
  { "Sun, 06 Nov 1994 08:49:37 CET", 30, -1 },
  { "Sun, 06 Nov 1994 08:49:37", 30, -1 },
  { "Sun, 06 Nov 1994 08:49:37 GMT.", 30, -1 },
  { "Sun, 6 Nov 1994 08:49:37 GMT", 30, -1 },
  { "Sun, 06 Nix 1994 08:49:37 GMT", 30, -1 },
  { "Sun, 06 Nov 0000 08:49:37 GMT", 30, -1 },
  { "1994-11-06T08:49:37Z", 30, -1 },
};

static void
reads_both_forms (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *one = &cases[i];
      gint64 delay = -SECOND;
      gboolean valid = assay_retry_after_parse (one->text, (EXAMPLE - one->before) * SECOND,
                                                &delay);

      g_test_message ("\"%s\": %" G_GINT64_FORMAT, one->text, delay);
      g_assert_cmpint (delay, ==, one->seconds * SECOND);
      g_assert_cmpint (valid, ==, one->seconds >= 0);
    }
}

/* Two digits: the year that is no more than 50 ahead. */
static void
finds_the_century (void)
{
  static const struct {
    const char *text;
    int now;
    int year;
  } years[] = {
    { "Monday, 01-Jan-27 00:00:00 GMT", 2026, 2027 },
    { "Monday, 01-Jan-76 00:00:00 GMT", 2026, 2076 },
    { "Monday, 01-Jan-77 00:00:00 GMT", 2026, 1977 },
    { "Monday, 01-Jan-99 00:00:00 GMT", 1998, 1999 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (years); i++)
    {
      g_autoptr (GDateTime) now = g_date_time_new_utc (years[i].now, 12, 31, 23, 59, 50);
      gint64 delay = -1;

      g_assert_true (assay_retry_after_parse (years[i].text, g_date_time_to_unix (now) * SECOND,
                                              &delay));
      if (years[i].year < years[i].now)
        g_assert_cmpint (delay, ==, 0);
      else
        g_assert_cmpint (delay, ==, years[i].year - years[i].now > 1 ? CAP * SECOND : 10 * SECOND);
    }
}

/* Whatever a server sends. */
static void
bears_anything (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  static const char letters[] = "SunMonJanNov 0123456789,:-GMT\t\xff";

  for (guint i = 0; i < 20000; i++)
    {
      char text[40] = { 0 };
      gint64 delay = 0;

      for (int n = g_rand_int_range (random, 0, sizeof text); n > 0; n--)
        text[n - 1] = letters[g_rand_int_range (random, 0, sizeof letters - 1)];
      assay_retry_after_parse (text, EXAMPLE * SECOND, &delay);
      g_assert_cmpint (delay, >=, 0);
      g_assert_cmpint (delay, <=, CAP * SECOND);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/retry-after/reads-both-forms", reads_both_forms);
  g_test_add_func ("/assay/retry-after/finds-the-century", finds_the_century);
  g_test_add_func ("/assay/retry-after/bears-anything", bears_anything);
  return g_test_run ();
}
