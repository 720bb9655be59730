/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The answers of an earlier run, as they were exported: rows that have a name and a
 * prediction, or a sentence. */

#include <math.h>
#include <string.h>

#include "assay-answers-file.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = assay_answers_file_parse (bytes, &error);

  if (rows == NULL)
    {
      fuzz_check_error (error);
      return 0;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, >, 0);
  for (guint i = 0; i < rows->len; i++)
    {
      const AssayAnswersRow *row = g_ptr_array_index (rows, i);

      g_assert_nonnull (row->path);
      g_assert_true (g_utf8_validate (row->path, -1, NULL));
      g_assert_cmpuint (assay_prediction_get_n (row->prediction), >, 0);
      g_assert_true (isfinite (assay_prediction_get_score (row->prediction, 0)));
    }
  return 0;
}
