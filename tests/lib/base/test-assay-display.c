/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "assay-display.h"
#include "assay-limits.h"

typedef struct {
  double score;
  const char *screen;
  const char *plain;
} Percent;

#define NB "\u202f"

static const Percent percents[] = {
  /* the tutorial's own answer */
  { .9573449492454529, "95.7" NB "%", "95.7%" },
  { .0396801233291626, "3.97" NB "%", "3.97%" },
  { .0027627646923065186, "0.28" NB "%", "0.28%" },
  { .00018524238839745522, "0.019" NB "%", "0.019%" },
  { .0000269435749942204, "0.0027" NB "%", "0.0027%" },
  /* decimals are chosen after rounding */
  { .09996, "10.0" NB "%", "10.0%" },
  { .0999, "9.99" NB "%", "9.99%" },
  { .09995, "10.0" NB "%", "10.0%" },
  { .009996, "1.00" NB "%", "1.00%" },
  { .000996, "0.10" NB "%", "0.10%" },
  /* never 100 % unless exact */
  { .9996, "99.96" NB "%", "99.96%" },
  { .999996, "99.9996" NB "%", "99.9996%" },
  { .99999999, "99.999999" NB "%", "99.999999%" },
  { 1, "100" NB "%", "100%" },
  /* never 0 % unless exact */
  { 1.2e-8, "0.0000012" NB "%", "0.0000012%" },
  { 9e-10, "< 0.0000001" NB "%", "< 0.0000001%" },
  { 5e-324, "< 0.0000001" NB "%", "< 0.0000001%" },
  { 0, "0" NB "%", "0%" },
  { -0.0, "0" NB "%", "0%" },
  /* what is no probability is still said */
  { -.2, "\u2212" "20.0" NB "%", "-20.0%" },
  { 3.5, "350.0" NB "%", "350.0%" },
  { G_MAXDOUBLE * 10, "\u2013", "-" },
};

static void
test_percent (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (percents); i++)
    {
      g_autofree char *screen = assay_display_percent (percents[i].score, ASSAY_DISPLAY_SCREEN);
      g_autofree char *plain = assay_display_percent (percents[i].score, ASSAY_DISPLAY_PLAIN);

      g_assert_cmpstr (screen, ==, percents[i].screen);
      g_assert_cmpstr (plain, ==, percents[i].plain);
    }
}

/* A text that reads "0" or "100" for what is neither is a lie, wherever it comes from. */
static void
test_percent_never_lies (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20180927);

  for (int i = 0; i < 20000; i++)
    {
      double exponent = g_rand_double_range (rand, -18, 0);
      double small = pow (10, exponent);
      g_autofree char *low = assay_display_percent (small, ASSAY_DISPLAY_PLAIN);
      g_autofree char *high = assay_display_percent (1 - small, ASSAY_DISPLAY_PLAIN);

      if (small > 0 && small < 1 && *low != '<')
        g_assert_cmpfloat (g_ascii_strtod (low, NULL), >, 0);
      if (1 - small < 1)
        g_assert_cmpfloat (g_ascii_strtod (high, NULL), <, 100);
    }
}

static void
test_points (void)
{
  static const struct { double difference; const char *text; } rows[] = {
    { .9176648259162903, "91.8" }, { .0035, "0.35" }, { -.05, "5.0" },
    { 1e-7, "< 0.01" }, { 0, "0" }, { .00996, "1.0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = assay_display_points (rows[i].difference, ASSAY_DISPLAY_PLAIN);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
check_text (const char *bytes,
            gssize length,
            const char *expected)
{
  g_autofree char *text = assay_display_text (bytes, length, 0);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  check_text ("roses.jpg", -1, "roses.jpg");
  check_text ("", 0, "");
  check_text ("a\nb\tc\rd", -1, "a b c d");
  check_text ("a\033[31mb", -1, "a\uFFFD[31mb");
  check_text ("a\0b", 3, "a\uFFFDb");
  check_text ("a\xff\xfe" "b", -1, "a\uFFFD\uFFFDb");
  check_text ("cut \xe2\x82", -1, "cut \uFFFD\uFFFD");
  check_text ("gpj.\u202Egnp", -1, "gpj.\uFFFDgnp");
  check_text ("\u2066x\u2069", -1, "\uFFFDx\uFFFD");
  check_text ("\xC2\x9B" "31m\u200b\ufeff\u200f", -1, "\uFFFD31m\uFFFD\uFFFD\uFFFD");
  check_text ("ro\u00adse\u3164\U000e0041", -1, "ro\uFFFDse\uFFFD\uFFFD");
  check_text ("\033]52;c;aGk=\a\033]8;;http://x\033\\\b", -1,
              "\uFFFD]52;c;aGk=\uFFFD\uFFFD]8;;http://x\uFFFD\\\uFFFD");
  check_text ("<b>&amp;", -1, "<b>&amp;");
  check_text ("क्‍ष 👩‍🌾", -1, "क्‍ष 👩‍🌾");
}

static void
test_text_is_bounded (void)
{
  g_autofree char *text = assay_display_text ("äöüäöü", -1, 3);
  g_autofree char *exact = assay_display_text ("äöü", -1, 3);
  g_autofree char *huge = g_strnfill (1000 * 1000, 'x');
  g_autofree char *cut = assay_display_text (huge, -1, 0);

  g_assert_cmpstr (text, ==, "äöü…");
  g_assert_cmpstr (exact, ==, "äöü");
  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, ASSAY_LIMIT_DISPLAY_CHARS + 1);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/display/percent", test_percent);
  g_test_add_func ("/assay/display/percent-never-lies", test_percent_never_lies);
  g_test_add_func ("/assay/display/points", test_points);
  g_test_add_func ("/assay/display/text-is-safe", test_text);
  g_test_add_func ("/assay/display/text-is-bounded", test_text_is_bounded);
  return g_test_run ();
}
