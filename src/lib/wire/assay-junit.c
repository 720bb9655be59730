/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The XML in which build servers read what a test found: one <testsuite> in
 * <testsuites>, with the attributes of the schema that Jenkins, GitLab and others share
 * (JUnit 4 as Ant writes it). */

#include "config.h"

#include "assay-junit.h"

/* XML 1.0 has no way to write control characters, not even by number. */
static void
append_attribute (GString *out,
                  const char *name,
                  const char *text)
{
  g_autoptr (GString) clean = g_string_new (NULL);
  g_autofree char *escaped = NULL;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f || c == 0xfffe || c == 0xffff
          || (c >= 0x80 && c < 0xa0))
        c = 0xfffd;
      g_string_append_unichar (clean, c);
    }
  escaped = g_markup_escape_text (clean->str, clean->len);
  g_string_append_printf (out, " %s=\"%s\"", name, escaped);
}

static void
append_seconds (GString *out,
                double seconds)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  append_attribute (out, "time", g_ascii_formatd (buffer, sizeof buffer, "%.3f", seconds));
}

static void
append_outcome (GString *out,
                const char *element,
                const char *why)
{
  if (why == NULL)
    return;
  g_string_append_printf (out, "      <%s", element);
  append_attribute (out, "message", why);
  g_string_append (out, "/>\n");
}

/**
 * assay_junit_append_case:
 * @out: the cases so far
 * @one: the next; at most one of failure and error
 */
void
assay_junit_append_case (GString *out,
                         const AssayJunitCase *one)
{
  g_return_if_fail (out != NULL);
  g_return_if_fail (one != NULL);

  g_string_append (out, "    <testcase");
  append_attribute (out, "classname", one->group);
  append_attribute (out, "name", one->name);
  append_seconds (out, one->seconds);
  if (one->failure == NULL && one->error == NULL)
    {
      g_string_append (out, "/>\n");
      return;
    }
  g_string_append (out, ">\n");
  append_outcome (out, "failure", one->failure);
  append_outcome (out, "error", one->error);
  g_string_append (out, "    </testcase>\n");
}

/**
 * assay_junit_end:
 * @suite: what was tested
 * @when: it began, in seconds since 1970
 * @seconds: it took
 * @n_cases: in @cases
 * @n_failures: of them
 * @n_errors: of them
 * @cases: as assay_junit_append_case() wrote them
 *
 * Returns: (transfer full): the whole document
 */
char *
assay_junit_end (const char *suite,
                 gint64 when,
                 double seconds,
                 guint n_cases,
                 guint n_failures,
                 guint n_errors,
                 const char *cases)
{
  GString *out = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (when);
  g_autofree char *stamp = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  g_autoptr (GString) counts = g_string_new (NULL);

  g_string_append_printf (counts, " tests=\"%u\" failures=\"%u\" errors=\"%u\"", n_cases, n_failures,
                          n_errors);
  append_seconds (counts, seconds);
  g_string_append_printf (out, "<testsuites%s>\n  <testsuite", counts->str);
  append_attribute (out, "name", suite);
  g_string_append_printf (out, "%s timestamp=\"%s\" skipped=\"0\">\n%s  </testsuite>\n</testsuites>\n",
                          counts->str, stamp, cases);
  return g_string_free (out, FALSE);
}
