/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-junit.h"

/* Values of attributes, in the order in which they come. */
static void
start_cb (GMarkupParseContext *context,
          const char *element,
          const char **names,
          const char **values,
          gpointer data,
          GError **error)
{
  GString *seen = data;

  g_string_append_printf (seen, "<%s", element);
  for (; *names != NULL; names++, values++)
    g_string_append_printf (seen, " %s=%s", *names, *values);
}

static char *
read_back (const char *xml)
{
  const GMarkupParser parser = { .start_element = start_cb };
  GString *seen = g_string_new (NULL);
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, seen, NULL);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, xml, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  return g_string_free (seen, FALSE);
}

static void
writes_a_report (void)
{
  const AssayJunitCase cases[] = {
    { "gates", "--min-accuracy", 0, "0.8 < 0.9", NULL },
    { "images", "roses/1.jpg", 0.25, NULL, NULL },
    { "images", "roses/2.jpg", 1.5, NULL, "no answer" },
  };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *xml = NULL;
  g_autofree char *seen = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assay_junit_append_case (out, &cases[i]);
  xml = assay_junit_end ("assay-cli evaluate", 1538036786, 2.5, 3, 1, 1, out->str);
  g_assert_true (g_str_has_prefix (xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"));
  seen = read_back (xml);
  g_assert_cmpstr (seen, ==,
                   "<testsuites tests=3 failures=1 errors=1 time=2.500"
                   "<testsuite name=assay-cli evaluate tests=3 failures=1 errors=1 time=2.500"
                   " timestamp=2018-09-27T08:26:26 skipped=0"
                   "<testcase classname=gates name=--min-accuracy time=0.000<failure message=0.8 < 0.9"
                   "<testcase classname=images name=roses/1.jpg time=0.250"
                   "<testcase classname=images name=roses/2.jpg time=1.500<error message=no answer");
}

/* XML has no way to write some characters. */
static void
bears_any_text (void)
{
  const AssayJunitCase one = { "a&b<c>\"'", "\x01\x1b[31m\x7f\xc2\x85\xef\xbf\xbf ü 猫", 0, "\x02 & <", NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *xml = NULL;
  g_autofree char *seen = NULL;

  assay_junit_append_case (out, &one);
  xml = assay_junit_end ("s", 0, 0, 1, 1, 0, out->str);
  for (const char *p = xml; *p != '\0'; p++)
    g_assert_true ((guchar) *p >= 0x20 || *p == '\n');
  g_assert_null (strstr (xml, "&#x1"));
  seen = read_back (xml);
  g_assert_nonnull (strstr (seen, "classname=a&b<c>\"' name=\ufffd\ufffd[31m\ufffd\ufffd\ufffd ü 猫"));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/junit/writes-a-report", writes_a_report);
  g_test_add_func ("/assay/junit/bears-any-text", bears_any_text);
  return g_test_run ();
}
