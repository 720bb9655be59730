/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* labels.txt, as people and training programs write it. */

#include "config.h"

#include <string.h>

#include "assay-error.h"
#include "assay-labels-file.h"
#include "assay-limits.h"

#define TEXT(text) text, sizeof (text) - 1

typedef struct {
  const char *text;
  gsize length;
  const char *wanted;        /* with "|" between; NULL: refused */
  const char *part;          /* of why */
} Case;

static const Case CASES[] = {
  { TEXT ("daisy\nrose\n"), "daisy|rose", NULL },
  { TEXT ("daisy\nrose"), "daisy|rose", NULL },
  { TEXT ("daisy\r\nrose\r\n"), "daisy|rose", NULL },
  { TEXT ("\xef\xbb\xbf" "daisy\nrose\n"), "daisy|rose", NULL },
  { TEXT ("daisy\nrose\n\n\n \n"), "daisy|rose", NULL },
  { TEXT ("one"), "one", NULL },
  /* A label may hold anything but a line's end. */
  { TEXT ("cellular telephone, cellphone\n0: a:b\nröse\n  two  \n"),
    "cellular telephone, cellphone|0: a:b|röse|  two", NULL },
  { TEXT ("same\nsame\n"), "same|same", NULL },
  { TEXT (""), NULL, "no labels" },
  { TEXT ("\n \r\n\t\n"), NULL, "no labels" },
  { TEXT ("\xef\xbb\xbf"), NULL, "no labels" },
  { TEXT ("daisy\n\nrose\n"), NULL, "Line 2" },
  { TEXT ("\ndaisy\n"), NULL, "Line 1" },
  { TEXT ("caf\xe9\n"), NULL, "UTF-8" },
  { TEXT ("da\0isy\n"), NULL, "UTF-8" },
  { TEXT ("\xff\xfe" "d\0a\0"), NULL, "UTF-8" },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      const Case *self = &CASES[i];
      /* Just so many bytes: a sanitizer sees one that is read behind them. */
      g_autofree char *text = g_memdup2 (self->text, self->length);
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) labels = assay_labels_parse (text, self->length, &error);
      g_autofree char *joined = labels != NULL ? g_strjoinv ("|", labels) : NULL;

      g_assert_cmpstr (joined, ==, self->wanted);
      if (self->wanted != NULL)
        continue;
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, self->part));
    }
}

static char *
repeat (const char *line,
        guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, line);
  return g_string_free (text, FALSE);
}

static void
test_bounds (void)
{
  g_autofree char *most = repeat ("x\n", ASSAY_LIMIT_LABELS);
  g_autofree char *more = repeat ("x\n", ASSAY_LIMIT_LABELS + 1);
  g_autofree char *longest = g_strnfill (ASSAY_LIMIT_LABEL_BYTES, 'x');
  g_autofree char *longer = g_strnfill (ASSAY_LIMIT_LABEL_BYTES + 1, 'x');
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) labels = assay_labels_parse (most, strlen (most), &error);
  g_auto (GStrv) one = assay_labels_parse (longest, strlen (longest), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (labels), ==, ASSAY_LIMIT_LABELS);
  g_assert_cmpuint (g_strv_length (one), ==, 1);
  g_assert_null (assay_labels_parse (more, strlen (more), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "too many labels"));
  g_clear_error (&error);
  g_assert_null (assay_labels_parse (longer, strlen (longer), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "too long"));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/labels-file/cases", test_cases);
  g_test_add_func ("/labels-file/bounds", test_bounds);
  return g_test_run ();
}
