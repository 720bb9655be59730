/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A table of files and labels: rows that have both, in the order of their lines, or a
 * sentence; written out again with everything in quotation marks it reads the same. */

#include <string.h>

#include "assay-error.h"
#include "assay-truth-file.h"
#include "fuzz.h"

static void
append_quoted (GString *out,
               const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

static void
check_again (GPtrArray *rows)
{
  g_autoptr (GString) out = g_string_new ("\"file\",\"label\"\n");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < rows->len; i++)
    {
      const AssayTruthRow *row = g_ptr_array_index (rows, i);

      append_quoted (out, row->file);
      g_string_append_c (out, ',');
      append_quoted (out, row->label);
      g_string_append_c (out, '\n');
    }
  bytes = g_bytes_new (out->str, out->len);
  again = assay_truth_file_parse (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, rows->len);
  for (guint i = 0; i < rows->len; i++)
    {
      const AssayTruthRow *row = g_ptr_array_index (rows, i);
      const AssayTruthRow *other = g_ptr_array_index (again, i);

      g_assert_cmpstr (other->file, ==, row->file);
      g_assert_cmpstr (other->label, ==, row->label);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = assay_truth_file_parse (bytes, &error);
  guint line = 0;

  if (rows == NULL)
    {
      fuzz_check_error (error);
      return 0;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, >, 0);
  for (guint i = 0; i < rows->len; i++)
    {
      const AssayTruthRow *row = g_ptr_array_index (rows, i);

      g_assert_cmpuint (strlen (row->file), >, 0);
      g_assert_cmpuint (strlen (row->label), >, 0);
      g_assert_true (g_utf8_validate (row->file, -1, NULL));
      g_assert_true (g_utf8_validate (row->label, -1, NULL));
      g_assert_cmpuint (row->line, >, line);
      line = row->line;
    }
  check_again (rows);
  return 0;
}
