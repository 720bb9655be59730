/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <libsoup/soup.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-multipart.h"

static AssayPayload *
new_payload (const char *name,
             const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return assay_payload_new_bytes (name, "image/jpeg", bytes);
}

static GBytes *
read_all (GInputStream *stream)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

/* The parts, read one after the other, are the body; as often as one likes. */
static void
check_parts (AssayBody *body)
{
  g_autoptr (GBytes) whole = assay_body_get_bytes (body);

  for (int pass = 0; pass < 2; pass++)
    {
      g_autoptr (GByteArray) joined = g_byte_array_new ();

      for (guint i = 0; i < assay_body_get_n_parts (body); i++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GInputStream) stream = assay_body_open_part (body, i, NULL, &error);
          g_autoptr (GBytes) part = NULL;

          g_assert_no_error (error);
          part = read_all (stream);
          g_byte_array_append (joined, g_bytes_get_data (part, NULL), g_bytes_get_size (part));
        }
      g_assert_cmpuint (joined->len, ==, assay_body_get_length (body));
      g_assert_cmpmem (joined->data, joined->len, g_bytes_get_data (whole, NULL), g_bytes_get_size (whole));
    }
}

static void
test_opens_again (void)
{
  g_autoptr (AssayPayload) first = new_payload ("a.jpg", "first picture");
  g_autoptr (AssayPayload) second = new_payload ("b.jpg", "");
  AssayPayload *payloads[] = { first, second };

  for (guint n = 0; n <= 2; n++)
    {
      g_autoptr (AssayBody) body = assay_multipart_new ("files", payloads, n);

      check_parts (body);
    }
}

/* libsoup reads its own dialect of the same thing. */
static void
test_libsoup_reads_it (void)
{
  g_autoptr (AssayPayload) first = new_payload ("r\u00f6se \"1\".jpg", "first\r\n--picture");
  g_autoptr (AssayPayload) second = new_payload ("b\r\nX: y.jpg", "second");
  AssayPayload *payloads[] = { first, second };
  g_autoptr (AssayBody) body = assay_multipart_new ("files", payloads, 2);
  g_autoptr (GBytes) whole = assay_body_get_bytes (body);
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  SoupMultipart *multipart;

  soup_message_headers_replace (headers, "Content-Type", assay_body_get_media_type (body));
  multipart = soup_multipart_new_from_message (headers, whole);
  g_assert_nonnull (multipart);
  g_assert_cmpint (soup_multipart_get_length (multipart), ==, 2);
  for (int i = 0; i < 2; i++)
    {
      static const char *const names[] = { "r\u00f6se %221%22.jpg", "b%0D%0AX: y.jpg" };
      SoupMessageHeaders *part;
      GBytes *content;
      g_autofree char *disposition = NULL;
      g_autoptr (GHashTable) params = NULL;
      GBytes *sent = assay_payload_get_bytes (payloads[i]);

      g_assert_true (soup_multipart_get_part (multipart, i, &part, &content));
      g_assert_true (soup_message_headers_get_content_disposition (part, &disposition, &params));
      g_assert_cmpstr (disposition, ==, "form-data");
      g_assert_cmpstr (g_hash_table_lookup (params, "name"), ==, "files");
      g_assert_cmpstr (g_hash_table_lookup (params, "filename"), ==, names[i]);
      g_assert_cmpstr (soup_message_headers_get_content_type (part, NULL), ==, "image/jpeg");
      g_assert_null (soup_message_headers_get_one (part, "X"));
      g_assert_true (g_bytes_equal (content, sent));
    }
  soup_multipart_free (multipart);
}

static GInputStream *
open_twice (gpointer data,
            GCancellable *cancellable,
            GError **error)
{
  int *left = data;

  if ((*left)-- > 0)
    return g_memory_input_stream_new_from_data ("0123456789", 10, NULL);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, "gone");
  return NULL;
}

/* A payload on disk is opened when it is sent, never before, and its failure is told. */
static void
test_leaves_payloads_closed (void)
{
  int left = 2;
  g_autoptr (AssayPayload) payload = assay_payload_new ("a.jpg", "image/jpeg", 10, open_twice, &left, NULL);
  AssayPayload *payloads[] = { payload };
  g_autoptr (AssayBody) body = assay_multipart_new ("files", payloads, 1);
  g_autoptr (GError) error = NULL;

  g_assert_null (assay_body_get_bytes (body));
  g_assert_cmpuint (assay_body_get_n_parts (body), ==, 3);
  g_assert_cmpint (left, ==, 2);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GInputStream) stream = assay_body_open_part (body, 1, NULL, &error);
      g_autoptr (GBytes) bytes = read_all (stream);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 10);
    }
  g_assert_null (assay_body_open_part (body, 1, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
}

static void
test_length_beyond_memory (void)
{
  int left = 0;
  guint64 length = G_GUINT64_CONSTANT (5) * 1024 * 1024 * 1024;
  g_autoptr (AssayPayload) payload = assay_payload_new ("a", "image/jpeg", length, open_twice, &left, NULL);
  AssayPayload *payloads[] = { payload };
  g_autoptr (AssayBody) body = assay_multipart_new ("files", payloads, 1);

  g_assert_cmpuint (assay_body_get_length (body), >, length);
  g_assert_cmpuint (assay_body_get_length (body), <, length + 1000);
}

static void
test_boundary (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < 1000; i++)
    {
      char *boundary = assay_multipart_dup_unique_boundary ();

      g_assert_cmpuint (strlen (boundary), <=, 70);
      for (const char *p = boundary; *p != '\0'; p++)
        g_assert_true (g_ascii_isalnum (*p) || *p == '-');
      g_assert_true (g_hash_table_add (seen, boundary));
    }
}

static void
test_body_of_our_own (void)
{
  g_autoptr (AssayBody) body = assay_body_new ("application/json");
  g_autoptr (GBytes) text = g_bytes_new_static ("{}", 2);
  g_autoptr (GBytes) whole = NULL;
  AssayBody *again;

  g_assert_cmpuint (assay_body_get_length (body), ==, 0);
  assay_body_append_bytes (body, text);
  again = assay_body_ref (body);
  g_assert_cmpstr (assay_body_get_media_type (again), ==, "application/json");
  assay_body_unref (again);
  whole = assay_body_get_bytes (body);
  g_assert_true (g_bytes_equal (whole, text));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/multipart/opens-again", test_opens_again);
  g_test_add_func ("/assay/multipart/libsoup-reads-it", test_libsoup_reads_it);
  g_test_add_func ("/assay/multipart/leaves-payloads-closed", test_leaves_payloads_closed);
  g_test_add_func ("/assay/multipart/length-beyond-memory", test_length_beyond_memory);
  g_test_add_func ("/assay/multipart/boundary", test_boundary);
  g_test_add_func ("/assay/multipart/body-of-our-own", test_body_of_our_own);
  return g_test_run ();
}
