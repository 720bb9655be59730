/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A bundle from a stranger: whatever is read of it has names that lead nowhere, hashes
 * that are some, and answers of images that there are; else there are sentences. */

#include <string.h>

#include "assay-verifier.h"
#include "fuzz.h"

static void
check_findings (const AssayFindings *findings)
{
  g_assert_cmpuint (findings->list->len, <=, findings->n);
  for (guint i = 0; i < findings->list->len; i++)
    fuzz_check_sentence (((AssayFinding *) g_ptr_array_index (findings->list, i))->words);
}

static void
check_bundle (AssayBundle *bundle)
{
  for (guint i = 0; i < bundle->images->len; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (bundle->images, i);

      g_assert_true (g_utf8_validate (image->name, -1, NULL));
      g_assert_false (g_path_is_absolute (image->name));
      g_assert_true (image->sha256 == NULL || assay_bundle_is_hash (image->sha256));
    }
  for (guint i = 0; i < bundle->runs->len; i++)
    {
      const AssayBundleRun *run = g_ptr_array_index (bundle->runs, i);

      g_assert_cmpuint (run->answers->len, ==, bundle->images->len);
    }
}

static void
difference_cb (guint version,
               const char *name,
               const char *claimed,
               const char *computed,
               gpointer data)
{
  g_assert_true (name != NULL && claimed != NULL && computed != NULL);
}

/* The texts by themselves, which a checksum keeps most bent zips from. */
static void
read_texts (const uint8_t *data,
            size_t size)
{
  g_autofree char *settings = fuzz_take_string (&data, &size);
  g_autofree char *images = fuzz_take_string (&data, &size);
  g_autofree char *answers = fuzz_take_string (&data, &size);
  g_autofree char *figures = fuzz_take_string (&data, &size);
  g_autofree char *computed = NULL;
  g_autofree char *again = NULL;
  g_autoptr (AssayBundle) bundle = assay_bundle_new (NULL, 0, NULL);

  if (!assay_bundle_read_settings (bundle, settings, strlen (settings), NULL)
      || !assay_bundle_read_images (bundle, images, strlen (images), NULL)
      || !assay_bundle_read_answers (bundle, 0, answers, strlen (answers), NULL))
    return;
  check_bundle (bundle);
  computed = assay_bundle_dup_figures (bundle);
  again = assay_bundle_dup_figures (bundle);
  g_assert_cmpstr (computed, ==, again);
  assay_bundle_compare_figures (figures, strlen (figures), computed, difference_cb, NULL, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayVerification) found = NULL;

  if (size < 2 || memcmp (data, "PK", 2) != 0)
    {
      read_texts (data, size);
      return 0;
    }
  found = assay_verify (stream, NULL, &error);
  if (found == NULL)
    {
      fuzz_check_error (error);
      return 0;
    }
  check_findings (found->findings);
  if (found->bundle != NULL)
    check_bundle (found->bundle);
  return 0;
}
