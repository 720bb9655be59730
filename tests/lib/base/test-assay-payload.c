/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-error.h"
#include "assay-payload.h"

static void
assert_stream (GInputStream *stream,
               const char *expected)
{
  char buffer[64];
  gsize read;

  g_assert_true (g_input_stream_read_all (stream, buffer, sizeof buffer, &read, NULL, NULL));
  g_assert_cmpmem (buffer, read, expected, strlen (expected));
}

static void
test_bytes_open_again (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("pixels", 6);
  g_autoptr (AssayPayload) payload = assay_payload_new_bytes ("a.png", "image/png", bytes);

  g_assert_cmpstr (assay_payload_get_name (payload), ==, "a.png");
  g_assert_cmpstr (assay_payload_get_media_type (payload), ==, "image/png");
  g_assert_cmpuint (assay_payload_get_length (payload), ==, 6);
  g_assert_true (assay_payload_get_bytes (payload) == bytes);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GInputStream) stream = assay_payload_open (payload, NULL, NULL);

      assert_stream (stream, "pixels");
    }
}

typedef struct {
  int opened;
  int freed;
} Opened;

static GInputStream *
open_cb (gpointer data,
         GCancellable *cancellable,
         GError **error)
{
  Opened *opened = data;

  if (++opened->opened > 2)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, "gone");
      return NULL;
    }
  return g_memory_input_stream_new_from_data ("abc", 3, NULL);
}

static void
destroy_cb (gpointer data)
{
  ((Opened *) data)->freed++;
}

static void
test_opener (void)
{
  Opened opened = { 0 };
  AssayPayload *payload = assay_payload_new ("x", "image/jpeg", 3, open_cb, &opened, destroy_cb);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GInputStream) stream = assay_payload_open (payload, NULL, NULL);

      assert_stream (stream, "abc");
    }
  g_assert_null (assay_payload_open (payload, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_null (assay_payload_get_bytes (payload));

  assay_payload_unref (assay_payload_ref (payload));
  g_assert_cmpint (opened.freed, ==, 0);
  assay_payload_unref (payload);
  g_assert_cmpint (opened.freed, ==, 1);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/payload/bytes-open-again", test_bytes_open_again);
  g_test_add_func ("/assay/payload/opener", test_opener);
  return g_test_run ();
}
