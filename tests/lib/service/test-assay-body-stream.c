/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-body-stream.h"
#include "assay-error.h"

typedef struct {
  const char *text;      /* what the stream gives */
  int opened;
} Given;

static GInputStream *
open_given (gpointer data,
            GCancellable *cancellable,
            GError **error)
{
  Given *given = data;

  given->opened++;
  if (given->text == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no such file");
      return NULL;
    }
  return g_memory_input_stream_new_from_data (given->text, strlen (given->text), NULL);
}

/* "<", what is given and promised to have @length bytes, ">" */
static AssayBody *
make_body (Given *given,
           guint64 length)
{
  AssayBody *body = assay_body_new ("text/plain");
  g_autoptr(GBytes) before = g_bytes_new_static ("<", 1);
  g_autoptr(GBytes) after = g_bytes_new_static (">", 1);
  g_autoptr(AssayPayload) payload = assay_payload_new ("a", "b", length, open_given, given, NULL);

  assay_body_append_bytes (body, before);
  assay_body_append_payload (body, payload);
  assay_body_append_bytes (body, after);
  return body;
}

static char *
read_all (AssayBody *body,
          GError **error)
{
  g_autoptr(GInputStream) stream = assay_body_stream_new (body);
  GString *all = g_string_new (NULL);
  char buffer[2];
  gssize got;

  while ((got = g_input_stream_read (stream, buffer, sizeof buffer, NULL, error)) > 0)
    g_string_append_len (all, buffer, got);
  return g_string_free (all, got < 0);
}

static void
test_chains_and_repeats (void)
{
  Given given = { "flower", 0 };
  g_autoptr(AssayBody) body = make_body (&given, 6);

  for (int i = 0; i < 3; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *all = read_all (body, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (all, ==, "<flower>");
      g_assert_cmpint (given.opened, ==, i + 1);
    }
}

static void
test_fills_the_buffer_across_parts (void)
{
  Given given = { "flower", 0 };
  g_autoptr(AssayBody) body = make_body (&given, 6);
  g_autoptr(GInputStream) stream = assay_body_stream_new (body);
  char buffer[64];

  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL), ==, 8);
  g_assert_cmpmem (buffer, 8, "<flower>", 8);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL), ==, 0);
}

static void
test_fails_after_what_it_has (void)
{
  Given given = { NULL, 0 };
  g_autoptr(AssayBody) body = make_body (&given, 6);
  g_autoptr(GInputStream) stream = assay_body_stream_new (body);
  g_autoptr(GError) error = NULL;
  char buffer[64];

  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error), ==, -1);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_cmpint (given.opened, ==, 1);
}

static void
test_opens_lazily (void)
{
  Given given = { "flower", 0 };
  g_autoptr(AssayBody) body = make_body (&given, 6);
  g_autoptr(GInputStream) stream = assay_body_stream_new (body);
  char byte;

  g_assert_cmpint (g_input_stream_read (stream, &byte, 1, NULL, NULL), ==, 1);
  g_assert_cmpint (given.opened, ==, 0);
  g_assert_cmpint (g_input_stream_read (stream, &byte, 1, NULL, NULL), ==, 1);
  g_assert_cmpint (given.opened, ==, 1);
}

static void
test_says_what_changed (void)
{
  const char *texts[] = { "flow", "flowers and more", "" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Given given = { texts[i], 0 };
      g_autoptr(AssayBody) body = make_body (&given, 6);
      g_autoptr(GError) error = NULL;

      g_assert_null (read_all (body, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
    }
}

static void
test_names_the_file_as_the_culprit (void)
{
  Given given = { NULL, 0 };
  g_autoptr(AssayBody) body = make_body (&given, 6);
  g_autoptr(GError) error = NULL;

  g_assert_null (read_all (body, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_nonnull (strstr (error->message, "no such file"));
}

static void
test_stops_when_canceled (void)
{
  Given given = { "flower", 0 };
  g_autoptr(AssayBody) body = make_body (&given, 6);
  g_autoptr(GInputStream) stream = assay_body_stream_new (body);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  char byte;

  g_cancellable_cancel (cancellable);
  g_assert_cmpint (g_input_stream_read (stream, &byte, 1, cancellable, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/body-stream/chains-and-repeats", test_chains_and_repeats);
  g_test_add_func ("/assay/body-stream/fills-the-buffer-across-parts",
                   test_fills_the_buffer_across_parts);
  g_test_add_func ("/assay/body-stream/fails-after-what-it-has", test_fails_after_what_it_has);
  g_test_add_func ("/assay/body-stream/opens-lazily", test_opens_lazily);
  g_test_add_func ("/assay/body-stream/says-what-changed", test_says_what_changed);
  g_test_add_func ("/assay/body-stream/names-the-file-as-the-culprit",
                   test_names_the_file_as_the_culprit);
  g_test_add_func ("/assay/body-stream/stops-when-canceled", test_stops_when_canceled);
  return g_test_run ();
}
