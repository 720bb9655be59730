/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-truth-file.h"

static GPtrArray *
parse (const char *data,
       gssize size,
       GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size >= 0 ? (gsize) size : strlen (data));

  return assay_truth_file_parse (bytes, error);
}

/* "file=label@line" for each row, or the reason why not. */
static char *
describe (const char *data,
          gssize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = parse (data, size, &error);
  GString *out = g_string_new (NULL);

  if (rows == NULL)
    {
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      g_string_append (out, error->message);
    }
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const AssayTruthRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (out, "%s%s=%s@%u", i > 0 ? " " : "", row->file, row->label, row->line);
    }
  return g_string_free (out, FALSE);
}

static void
reads_what_is_written (void)
{
  static const struct {
    const char *text;
    const char *rows;
  } table[] = {
    { "a.jpg,rose\nb.jpg,tulip\n", "a.jpg=rose@1 b.jpg=tulip@2" },
    { "a.jpg,rose", "a.jpg=rose@1" },
    { "file,label\na.jpg,rose\n", "a.jpg=rose@2" },
    { "File;Label\r\na.jpg;rose\r\n\r\nb.jpg;tulip\r\n", "a.jpg=rose@2 b.jpg=tulip@4" },
    { "a.jpg\trose\rb.jpg\ttulip\r", "a.jpg=rose@1 b.jpg=tulip@2" },
    { "a.jpg|rose\n", "a.jpg=rose@1" },
    { "\xef\xbb\xbf" "file,label\na.jpg,rose\n", "a.jpg=rose@2" },
    { "\"a, b.jpg\",\"say \"\"rose\"\"\"\n", "a, b.jpg=say \"rose\"@1" },
    { "\"a;b.jpg\";rose\n", "a;b.jpg=rose@1" },
    { "\"two\nlines.jpg\",rose\nb.jpg,tulip\n", "two\nlines.jpg=rose@1 b.jpg=tulip@3" },
    { "  a.jpg , rose \n", "a.jpg=rose@1" },
    { "id,class,size,path\n1,rose,20,x/a.jpg\n", "x/a.jpg=rose@2" },
    { "image,species\na.jpg,rose\n", "a.jpg=rose@2" },
    { "species,image\nrose,a.jpg\n", "a.jpg=rose@2" },
    { "path,label,truth\na.jpg,tulip,rose\n", "a.jpg=rose@2" },
    { "path,member,label\nx.zip,in/a.jpg,rose\nb.jpg,,tulip\n", "x.zip/in/a.jpg=rose@2 b.jpg=tulip@3" },
    { "a.jpg,rose,0.9,whatever\n", "a.jpg=rose@1" },
    { "a.jpg,\nb.jpg,rose\n,,\n", "b.jpg=rose@2" },
    { "a.jpg,rose\na.jpg,tulip\n", "a.jpg=rose@1 a.jpg=tulip@2" },
    /* Windows-1252, as no UTF-8 can be. */
    { "M\xfcller.jpg,Fr\xfchling\n", "Müller.jpg=Frühling@1" },
    { "a\"b.jpg,rose\n", "a\"b.jpg=rose@1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *rows = describe (table[i].text, -1);

      g_assert_cmpstr (rows, ==, table[i].rows);
    }
}

static void
reads_unicode_text (void)
{
  static const char text[] = "file\tlabel\r\nb\u00e4r.jpg\trose\r\n";

  for (guint big = 0; big < 2; big++)
    {
      gsize size;
      g_autofree char *wide = g_convert (text, -1, big ? "UTF-16BE" : "UTF-16LE", "UTF-8", NULL, &size,
                                         NULL);
      g_autofree char *whole = g_malloc (size + 2);
      g_autofree char *rows = NULL;

      memcpy (whole, big ? "\xfe\xff" : "\xff\xfe", 2);
      memcpy (whole + 2, wide, size);
      rows = describe (whole, size + 2);
      g_assert_cmpstr (rows, ==, "b\u00e4r.jpg=rose@2");
    }
}

static void
says_what_is_wrong (void)
{
  static const struct {
    const char *text;
    gssize size;
    const char *words;
  } table[] = {
    { "", 0, "names no file" },
    { "\n\n\n", -1, "names no file" },
    { "file,label\n", -1, "names no file" },
    { "a.jpg,rose\nb.jpg\n", -1, "Line 2: a file and a label" },
    { "a.jpg,rose\n,tulip\n", -1, "Line 2: the file has no name" },
    { "a.jpg,rose\n\"b.jpg,tulip\nc.jpg,rose\n", -1, "Line 2: a quotation mark" },
    { "only words\n", -1, "Line 1: a file and a label" },
    { "a\0b,c\n", 6, "no text" },
    { "\xff\xfe\x00\xd8", 4, "no text" },
    { "\xff\xfe" "a\0,\0b\0\n\0\0\0a\0", 14, "no text" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *words = describe (table[i].text, table[i].size);

      g_test_message ("%s", words);
      g_assert_nonnull (strstr (words, table[i].words));
    }
}

static void
is_bounded (void)
{
  g_autofree char *huge = g_malloc (ASSAY_LIMIT_TRUTH_BYTES + 1);
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  memset (huge, 'a', ASSAY_LIMIT_TRUTH_BYTES + 1);
  g_assert_null (parse (huge, ASSAY_LIMIT_TRUTH_BYTES + 1, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
  g_clear_error (&error);

  for (guint i = 0; i < ASSAY_LIMIT_TRUTH_ROWS; i++)
    g_string_append (many, "a,b\n");
  rows = parse (many->str, many->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, ASSAY_LIMIT_TRUTH_ROWS);
  g_string_append (many, "a,b\n");
  g_assert_null (parse (many->str, many->len, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
}

/* A line of nothing but dividers takes the memory of a line. */
static void
bounds_columns (void)
{
  const guint n = 1000 * 1000;
  g_autoptr (GString) text = g_string_new ("a.jpg,rose");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  for (guint i = 0; i < n; i++)
    g_string_append_c (text, ',');
  g_string_append (text, "\nb.jpg,tulip\n");
  rows = parse (text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/truth-file/reads-what-is-written", reads_what_is_written);
  g_test_add_func ("/assay/truth-file/reads-unicode-text", reads_unicode_text);
  g_test_add_func ("/assay/truth-file/says-what-is-wrong", says_what_is_wrong);
  g_test_add_func ("/assay/truth-file/is-bounded", is_bounded);
  g_test_add_func ("/assay/truth-file/bounds-columns", bounds_columns);
  return g_test_run ();
}
