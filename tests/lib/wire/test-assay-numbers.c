/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tensors in digits: read back they are the same, bit for bit. */

#include "config.h"

#include <float.h>
#include <string.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-numbers.h"

#define MANY 20000

static const float FLOATS[] = {
  0, -0.0f, 1, -1, 0.1f, 1 / 3.0f, -2.1179039f, 2.64f, 255, 16777217, 1e10f, 1.23456789e-38f,
  -1.23456789e-38f, FLT_MAX, -FLT_MAX, FLT_MIN, FLT_TRUE_MIN, -FLT_TRUE_MIN, FLT_EPSILON,
};

static AssayPayload *
new_tensor (gconstpointer data,
            gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  return assay_payload_new_bytes ("a.jpg", "application/octet-stream", bytes);
}

static char *
read_all (AssayPayload *payload)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = assay_payload_open (payload, NULL, &error);
  gsize length = assay_payload_get_length (payload);
  char *text = g_malloc0 (length + 2);
  gsize got;

  g_assert_no_error (error);
  /* One more than is promised, which must not come. */
  g_input_stream_read_all (stream, text, length + 1, &got, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (got, ==, length);
  g_assert_cmpuint (strlen (text), ==, length);
  return text;
}

static JsonNode *
parse_list (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *list = g_strconcat ("[", text, "]", NULL);
  JsonNode *root = assay_json_parse (list, strlen (list), &error);

  g_assert_no_error (error);
  return root;
}

static void
assert_floats (const float *values,
               guint n)
{
  g_autoptr (AssayPayload) tensor = new_tensor (values, n * sizeof *values);
  g_autoptr (AssayPayload) digits = assay_numbers_payload (tensor, ASSAY_PIXELS_FP32);
  g_autofree char *text = read_all (digits);
  g_autoptr (JsonNode) root = parse_list (text);
  JsonArray *list = json_node_get_array (root);

  g_assert_cmpuint (json_array_get_length (list), ==, n);
  for (guint i = 0; i < n; i++)
    {
      double value;
      float back;

      g_assert_true (assay_json_get_double (json_array_get_element (list, i), &value));
      back = (float) value;
      g_assert_cmpmem (&back, sizeof back, &values[i], sizeof values[i]);
    }
}

static void
test_floats (void)
{
  assert_floats (FLOATS, G_N_ELEMENTS (FLOATS));
}

static void
test_many_floats (void)
{
  g_autofree float *values = g_new (float, MANY);

  for (guint i = 0; i < MANY; i++)
    values[i] = (float) g_test_rand_double_range (-3, 3);
  assert_floats (values, MANY);
}

/* Each number as wide as the others, whatever it is. */
static void
test_as_written (void)
{
  static const float floats[] = { 0, -1, 0.5f };
  static const guint8 levels[] = { 0, 7, 42, 255 };
  g_autoptr (AssayPayload) pixels = new_tensor (floats, sizeof floats);
  g_autoptr (AssayPayload) bytes = new_tensor (levels, sizeof levels);
  g_autoptr (AssayPayload) nothing = new_tensor ("", 0);
  g_autoptr (AssayPayload) first = assay_numbers_payload (pixels, ASSAY_PIXELS_FP32);
  g_autoptr (AssayPayload) second = assay_numbers_payload (bytes, ASSAY_PIXELS_UINT8);
  g_autoptr (AssayPayload) third = assay_numbers_payload (nothing, ASSAY_PIXELS_UINT8);
  g_autofree char *one = read_all (first);
  g_autofree char *two = read_all (second);
  g_autofree char *three = read_all (third);

  g_assert_cmpstr (one, ==, " 0.00000000e+00,-1.00000000e+00, 5.00000000e-01");
  g_assert_cmpstr (two, ==, "  0,  7, 42,255");
  g_assert_cmpstr (three, ==, "");
}

/* JSON has no word for these. */
static void
test_no_numbers (void)
{
  static const guint32 bits[] = { 0x7f800000, 0xff800000, 0x7fc00000, 0xffffffff };

  for (guint i = 0; i < G_N_ELEMENTS (bits); i++)
    {
      guint32 data = GUINT32_TO_LE (bits[i]);
      g_autoptr (AssayPayload) tensor = new_tensor (&data, sizeof data);
      g_autoptr (AssayPayload) digits = assay_numbers_payload (tensor, ASSAY_PIXELS_FP32);
      g_autoptr (GError) error = NULL;
      g_autoptr (GInputStream) stream = assay_payload_open (digits, NULL, &error);
      char buffer[64];

      if (stream != NULL)
        g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
    }
}

static GInputStream *
open_short (gpointer data,
            GCancellable *cancellable,
            GError **error)
{
  return g_memory_input_stream_new_from_data ("abc", 3, NULL);
}

static GInputStream *
open_never (gpointer data,
            GCancellable *cancellable,
            GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, "No picture");
  return NULL;
}

static void
test_fails_as_its_tensor (void)
{
  g_autoptr (AssayPayload) shorter =
    assay_payload_new ("a", "application/octet-stream", 8, open_short, NULL, NULL);
  g_autoptr (AssayPayload) broken =
    assay_payload_new ("a", "application/octet-stream", 8, open_never, NULL, NULL);
  AssayPayload *const tensors[] = { shorter, broken };

  for (guint i = 0; i < G_N_ELEMENTS (tensors); i++)
    {
      g_autoptr (AssayPayload) digits = assay_numbers_payload (tensors[i], ASSAY_PIXELS_FP32);
      g_autoptr (GError) error = NULL;
      g_autoptr (GInputStream) stream = assay_payload_open (digits, NULL, &error);

      g_assert_null (stream);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/numbers/floats", test_floats);
  g_test_add_func ("/numbers/many-floats", test_many_floats);
  g_test_add_func ("/numbers/as-written", test_as_written);
  g_test_add_func ("/numbers/no-numbers", test_no_numbers);
  g_test_add_func ("/numbers/fails-as-its-tensor", test_fails_as_its_tensor);
  return g_test_run ();
}
