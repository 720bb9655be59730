/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-base64.h"
#include "assay-error.h"

#define LARGE 100003                    /* several of a stream's buffers, and no whole group */

static const gsize lengths[] = { 0, 1, 2, 3, 4, 5, 6, 4095, 4096, 4097, LARGE };

/* Every byte there is, in an order that no group repeats soon. */
static GBytes *
new_bytes (gsize length)
{
  guchar *data = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    data[i] = i * 167 + i / 256;
  return g_bytes_new_take (data, length);
}

/* Reads with room for @room bytes at a time. */
static char *
read_all (AssayPayload *payload,
          gsize room)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = assay_payload_open (payload, NULL, &error);
  g_autofree char *buffer = g_malloc (room);
  GString *out = g_string_new (NULL);
  gssize got;

  g_assert_no_error (error);
  while ((got = g_input_stream_read (stream, buffer, room, NULL, &error)) > 0)
    g_string_append_len (out, buffer, got);
  g_assert_no_error (error);
  return g_string_free (out, FALSE);
}

/* GLib's own, of all at once, says what must come. */
static void
test_encodes (void)
{
  static const gsize rooms[] = { 1, 3, 4, 5, 4096, 1 << 20 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GBytes) bytes = new_bytes (lengths[i]);
      g_autoptr (AssayPayload) plain = assay_payload_new_bytes ("a.jpg", "image/jpeg", bytes);
      g_autoptr (AssayPayload) encoded = assay_base64_payload (plain);
      g_autofree char *expected = g_base64_encode (g_bytes_get_data (bytes, NULL), lengths[i]);

      g_assert_cmpuint (assay_payload_get_length (encoded), ==, strlen (expected));
      for (guint j = 0; j < G_N_ELEMENTS (rooms); j++)
        {
          g_autofree char *got = read_all (encoded, rooms[j]);

          g_assert_cmpstr (got, ==, expected);
        }
    }
}

/* A stream that gives a byte at a time, as a slow disk may. */
#define TEST_TYPE_DRIP (test_drip_get_type ())
G_DECLARE_FINAL_TYPE (TestDrip, test_drip, TEST, DRIP, GInputStream)

struct _TestDrip {
  GInputStream parent_instance;
  guint left;
};

G_DEFINE_FINAL_TYPE (TestDrip, test_drip, G_TYPE_INPUT_STREAM)

static gssize
drip_read (GInputStream *stream,
           void *buffer,
           gsize count,
           GCancellable *cancellable,
           GError **error)
{
  TestDrip *self = TEST_DRIP (stream);

  if (count == 0 || self->left == 0)
    return 0;
  self->left--;
  *(char *) buffer = 'x';
  return 1;
}

static void
test_drip_class_init (TestDripClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = drip_read;
}

static void
test_drip_init (TestDrip *self)
{
}

static GInputStream *
open_drip (gpointer data,
           GCancellable *cancellable,
           GError **error)
{
  TestDrip *drip = g_object_new (TEST_TYPE_DRIP, NULL);

  drip->left = GPOINTER_TO_UINT (data);
  return G_INPUT_STREAM (drip);
}

static void
test_drips (void)
{
  for (guint n = 0; n < 8; n++)
    {
      g_autoptr (AssayPayload) plain = assay_payload_new ("a.jpg", "image/jpeg", n, open_drip,
                                                          GUINT_TO_POINTER (n), NULL);
      g_autoptr (AssayPayload) encoded = assay_base64_payload (plain);
      g_autofree char *expected = g_base64_encode ((const guchar *) "xxxxxxxx", n);
      g_autofree char *got = read_all (encoded, 4096);

      g_assert_cmpstr (got, ==, expected);
    }
}

static GInputStream *
open_never (gpointer data,
            GCancellable *cancellable,
            GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, "gone");
  return NULL;
}

/* A picture that has gone is told of when it is sent, in the words of whoever opens it. */
static void
test_tells_of_failure (void)
{
  g_autoptr (AssayPayload) plain = assay_payload_new ("a.jpg", "image/jpeg", 7, open_never, NULL, NULL);
  g_autoptr (AssayPayload) encoded = assay_base64_payload (plain);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (assay_payload_get_length (encoded), ==, 12);
  g_assert_null (assay_payload_open (encoded, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_cmpstr (error->message, ==, "gone");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/base64/encodes", test_encodes);
  g_test_add_func ("/assay/base64/drips", test_drips);
  g_test_add_func ("/assay/base64/tells-of-failure", test_tells_of_failure);
  return g_test_run ();
}
