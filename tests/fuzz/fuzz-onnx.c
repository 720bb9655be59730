/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Networks as anybody may give them, before OpenCV sees them: what is read of them lies
 * within them, a network that was mended has the same input, and labels that are found are
 * lines of a file, each of them once. */

#include <string.h>

#include "assay-limits.h"
#include "fuzz.h"
#include "../../src/serve/assay-model-labels.h"
#include "../../src/serve/assay-onnx.h"

static void
check_labels (char **labels)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (g_strv_length (labels), >, 0);
  g_assert_cmpuint (g_strv_length (labels), <=, ASSAY_LIMIT_LABELS);
  for (guint i = 0; labels[i] != NULL; i++)
    {
      g_assert_true (g_hash_table_add (seen, labels[i]));
      g_assert_null (strpbrk (labels[i], "\r\n"));
      g_assert_cmpuint (strlen (labels[i]), <=, ASSAY_LIMIT_LABEL_BYTES);
      g_assert_true (g_utf8_validate (labels[i], -1, NULL));
    }
}

static void
check_metadata (const uint8_t *data,
                size_t size)
{
  g_autofree char *text = assay_onnx_dup_metadata (data, size, "labels");
  g_auto (GStrv) guessed = text != NULL ? assay_model_labels_guess (text) : NULL;
  g_auto (GStrv) read = NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return;
  g_assert_true (g_utf8_validate (text, -1, NULL));
  if (guessed != NULL)
    check_labels (guessed);
  read = assay_model_labels_read (text, &error);
  g_assert_true ((read != NULL) == (error == NULL));
  if (read != NULL)
    check_labels (read);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GBytes) onnx = g_bytes_new (data, size);
  g_autoptr (GBytes) mended = assay_onnx_mend (onnx);
  const uint8_t *mended_data;
  gsize mended_size;
  gint64 dims[4] = { 0 };
  gint64 mended_dims[4] = { 0 };
  gboolean found;

  mended_data = g_bytes_get_data (mended, &mended_size);
  found = assay_onnx_find_input (data, size, dims);
  g_assert_true (assay_onnx_find_input (mended_data, mended_size, mended_dims) == found);
  g_assert_cmpmem (dims, sizeof dims, mended_dims, sizeof mended_dims);
  check_metadata (data, size);
  return 0;
}
