/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* File names in a form: nothing in a name ends its header line, and the service's
 * reader finds the parts that were written, under the names that were promised.
 * The same bytes are then read as a whole form of somebody else's. */

#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-multipart.h"
#include "assay-serve-form.h"
#include "fuzz.h"

#define MAX_FILES 6

static void
check_name (const char *name)
{
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_cmpstr (name, !=, "");
  g_assert_cmpuint (strlen (name), <=, ASSAY_LIMIT_NAME_BYTES);
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_assert_true (c >= 0x20 && (c < 0x7F || c > 0x9F));
      g_assert_true (c != '"' && c != '\\' && c != '/');
    }
}

static void
check_names (AssayPayload *const *payloads,
             guint n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) names = assay_multipart_dup_names (payloads, n);

  g_assert_cmpuint (g_strv_length (names), ==, n);
  for (guint i = 0; i < n; i++)
    {
      check_name (names[i]);
      g_assert_true (g_hash_table_add (seen, names[i]));
    }
}

static void
check_body (AssayPayload *const *payloads,
            guint n,
            const char *field)
{
  g_autoptr (AssayBody) body = assay_multipart_new (field, payloads, n);
  g_autoptr (GBytes) bytes = assay_body_get_bytes (body);
  g_auto (GStrv) names = assay_multipart_dup_names (payloads, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = NULL;

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, assay_body_get_length (body));
  parts = assay_form_parse_multipart (assay_body_get_media_type (body), bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (parts->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      const AssayFormPart *part = parts->pdata[i];

      g_assert_cmpstr (part->filename, ==, names[i]);
      g_assert_true (g_bytes_equal (part->bytes, assay_payload_get_bytes (payloads[i])));
    }
}

/* A stranger's form: parts inside the body, names in UTF-8, in bounded number. */
static void
check_foreign (const char *type,
               const uint8_t *data,
               size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = assay_form_parse_multipart (type, bytes, &error);
  gsize total = 0;

  g_assert_true ((parts == NULL) != (error == NULL));
  for (guint i = 0; parts != NULL && i < parts->len; i++)
    {
      const AssayFormPart *part = parts->pdata[i];
      gsize length;
      const guint8 *start = g_bytes_get_data (part->bytes, &length);

      total += length;
      g_assert_true (length == 0 || (start >= data && start + length <= data + size));
      g_assert_true (part->filename == NULL || g_utf8_validate (part->filename, -1, NULL));
    }
  g_assert_cmpuint (total, <=, size);
}

static void
check_own (const uint8_t *data,
           size_t size)
{
  g_autofree char *field = fuzz_take_string (&data, &size);
  AssayPayload *payloads[MAX_FILES];
  guint n = 0;

  for (; n < MAX_FILES && size > 0; n++)
    {
      g_autofree char *name = fuzz_take_string (&data, &size);
      g_autofree char *type = fuzz_take_string (&data, &size);
      g_autoptr (GBytes) content = g_bytes_new (data, size);

      payloads[n] = assay_payload_new_bytes (name, type, content);
    }
  check_names (payloads, n);
  if (n > 0)
    check_body (payloads, n, field);
  for (guint i = 0; i < n; i++)
    assay_payload_unref (payloads[i]);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *type = NULL;

  check_own (data, size);
  check_foreign ("multipart/form-data; boundary=xx", data, size);
  type = fuzz_take_string (&data, &size);
  check_foreign (type, data, size);
  return 0;
}
