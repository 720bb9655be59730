/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-oip.h"

#define INPUT(type, shape, rest) \
  "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"" type "\",\"shape\":" shape "," rest "}]}"
#define OUTPUT(type, shape, rest) \
  "{\"model_name\":\"m\",\"outputs\":[{\"name\":\"x\",\"datatype\":\"" type "\",\"shape\":" shape \
  "," rest "}]}"
#define SIZE(n) "\"parameters\":{\"binary_data_size\":" #n "}"

static AssayOipMessage *
read_request (const char *json,
              const char *rest,
              gsize n_rest,
              GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, strlen (json));

  g_byte_array_append (body, (const guint8 *) json, strlen (json));
  if (n_rest > 0)
    g_byte_array_append (body, (const guint8 *) rest, n_rest);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&body));
  return assay_oip_read_request (bytes, rest != NULL ? length : NULL, error);
}

static AssayOipMessage *
read_response (const char *json,
               GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new (json, strlen (json));

  return assay_oip_read_response (body, NULL, error);
}

/* ---- what is published ---- */

/* Triton's example of the binary extension: two inputs of 16 and 3 bytes. */
static void
test_triton_example (void)
{
  static const char json[] =
    "{\"model_name\":\"mymodel\",\"inputs\":["
    "{\"name\":\"input0\",\"shape\":[2,2],\"datatype\":\"UINT32\"," SIZE (16) "},"
    "{\"name\":\"input1\",\"shape\":[3],\"datatype\":\"BOOL\"," SIZE (3) "}],"
    "\"outputs\":[{\"name\":\"output0\",\"parameters\":{\"binary_data\":true}}]}";
  static const char rest[] = "\1\0\0\0\2\0\0\0\3\0\0\0\0\0\0\200" "\1\0\1";
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOipMessage) message = read_request (json, rest, 19, &error);
  g_autofree double *first = NULL;
  g_autofree double *second = NULL;
  const AssayOipOutput *output;

  g_assert_no_error (error);
  g_assert_cmpuint (message->tensors->len, ==, 2);
  first = assay_oip_tensor_dup_doubles (message->tensors->pdata[0]);
  second = assay_oip_tensor_dup_doubles (assay_oip_message_find (message, "input1"));
  g_assert_cmpfloat (first[0] + first[1] + first[2], ==, 6);
  g_assert_cmpfloat (first[3], ==, 2147483648.0);
  g_assert_cmpfloat (second[0] + 10 * second[1] + 100 * second[2], ==, 101);
  output = message->outputs->pdata[0];
  g_assert_cmpstr (output->name, ==, "output0");
  g_assert_true (output->binary);
  g_assert_cmpuint (output->classification, ==, 0);
}

/* Triton's example of the classification extension, with its “STRING”. */
static void
test_classification_example (void)
{
  static const char json[] =
    "{\"id\":\"42\",\"outputs\":[{\"name\":\"output0\",\"shape\":[2],\"datatype\":\"STRING\","
    "\"data\":[\"3.3:1:index_1_label\",\"2.4:3:index_3_label\"]}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOipMessage) message = read_response (json, &error);
  g_autoptr (GPtrArray) elements = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (message->id, ==, "42");
  elements = assay_oip_tensor_dup_elements (message->tensors->pdata[0]);
  g_assert_cmpuint (elements->len, ==, 2);
  g_assert_cmpmem (g_bytes_get_data (elements->pdata[1], NULL), g_bytes_get_size (elements->pdata[1]),
                   "2.4:3:index_3_label", 19);
}

/* MLServer 0.5.3 as it answered: nulls for what isn't there, lists in lists. */
static void
test_mlserver_answer (void)
{
  static const char json[] =
    "{\"model_name\":\"flowers\",\"model_version\":\"1\",\"id\":\"42\",\"parameters\":null,"
    "\"outputs\":[{\"name\":\"scores\",\"shape\":[1,3],\"datatype\":\"FP32\",\"parameters\":null,"
    "\"data\":[[0.1,null,0.25]]}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOipMessage) message = read_response (json, &error);
  g_autofree double *scores = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (message->model_name, ==, "flowers");
  g_assert_cmpstr (message->model_version, ==, "1");
  scores = assay_oip_tensor_dup_doubles (message->tensors->pdata[0]);
  g_assert_cmpfloat (scores[0], ==, 0.1f);
  g_assert_true (isnan (scores[1]));
  g_assert_cmpfloat (scores[2], ==, 0.25);
}

/* ---- values ---- */

static const struct {
  const char *type;
  const char *data;    /* the first is read */
  double value;        /* NaN: is refused */
} values[] = {
  { "BOOL", "true", 1 }, { "BOOL", "false", 0 }, { "BOOL", "1", NAN }, { "BOOL", "null", NAN },
  { "UINT8", "255", 255 }, { "UINT8", "256", NAN }, { "UINT8", "-1", NAN }, { "UINT8", "-0", NAN },
  { "UINT8", "1.0", NAN }, { "UINT8", "true", NAN }, { "UINT8", "\"1\"", NAN },
  { "INT8", "-128", -128 }, { "INT8", "127", 127 }, { "INT8", "128", NAN }, { "INT8", "-129", NAN },
  { "UINT16", "65535", 65535 }, { "UINT16", "65536", NAN },
  { "INT16", "-32768", -32768 }, { "INT16", "32768", NAN },
  { "UINT32", "4294967295", 4294967295.0 }, { "UINT32", "4294967296", NAN },
  { "INT32", "-2147483648", -2147483648.0 }, { "INT32", "2147483648", NAN },
  { "INT64", "-9223372036854775808", -9223372036854775808.0 },
  { "INT64", "9223372036854775808", NAN },
  { "UINT64", "18446744073709549568", 18446744073709549568.0 },
  { "UINT64", "18446744073709551616", NAN }, { "UINT64", "-1", NAN }, { "UINT64", "1.5", NAN },
  { "FP32", "0.5", 0.5 }, { "FP32", "-7", -7 }, { "FP32", "3.4028234e38", 3.4028234663852886e38 },
  { "FP32", "3.5e38", NAN }, { "FP32", "1e400", NAN }, { "FP32", "[0.5]", NAN }, { "FP32", "{}", NAN },
  { "FP32", "\"0.5\"", NAN }, { "FP32", "false", NAN },
  { "FP64", "1e308", 1e308 }, { "FP64", "-1e400", NAN }, { "FP16", "0.5", NAN },
  { "BYTES", "1", NAN }, { "BYTES", "null", NAN },
};

static void
test_values (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *json = g_strdup_printf (INPUT ("%s", "[1]", "\"data\":[%s]"),
                                               values[i].type, values[i].data);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayOipMessage) message = read_request (json, NULL, 0, &error);
      g_autofree double *found = NULL;

      g_test_message ("%s %s", values[i].type, values[i].data);
      g_assert_cmpint (message == NULL, ==, isnan (values[i].value));
      if (message == NULL)
        {
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
          continue;
        }
      found = assay_oip_tensor_dup_doubles (message->tensors->pdata[0]);
      g_assert_cmpfloat (found[0], ==, values[i].value);
    }
}

/* IEEE 754, table of binary16. */
static void
test_halves (void)
{
  static const struct { guint16 bits; double value; } halves[] = {
    { 0x0000, 0 }, { 0x3c00, 1 }, { 0xc000, -2 }, { 0x7bff, 65504 }, { 0x0400, 0x1p-14 },
    { 0x03ff, 0x1.ff8p-15 }, { 0x0001, 0x1p-24 }, { 0x3555, 0.333251953125 },
    { 0x7c00, INFINITY }, { 0xfc00, -INFINITY },
  };
  const guint64 shape[] = { G_N_ELEMENTS (halves) };
  guint16 bits[G_N_ELEMENTS (halves)];
  g_autoptr (GBytes) data = NULL;
  g_autoptr (AssayOipTensor) tensor = NULL;
  g_autofree double *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (halves); i++)
    bits[i] = GUINT16_TO_LE (halves[i].bits);
  data = g_bytes_new (bits, sizeof bits);
  tensor = assay_oip_tensor_new ("x", ASSAY_OIP_FP16, shape, 1, data);
  found = assay_oip_tensor_dup_doubles (tensor);
  for (guint i = 0; i < G_N_ELEMENTS (halves); i++)
    g_assert_cmpfloat (found[i], ==, halves[i].value);
}

static void
test_base64 (void)
{
  static const char *const bad[] = { "A", "AB", "ABC", "AB=C", "====", "A===", "AB\n=", "AB C", "_-8=" };
  static const char bytes[] = "\0\377 picture";
  g_autoptr (GBytes) given = g_bytes_new_static (bytes, sizeof bytes);
  g_autoptr (GBytes) text = assay_oip_encode_base64 (given);
  g_autoptr (GBytes) again = assay_oip_decode_base64 (text);
  g_autoptr (GBytes) nothing = g_bytes_new_static (NULL, 0);
  g_autoptr (GBytes) empty = assay_oip_decode_base64 (nothing);

  g_assert_true (g_bytes_equal (given, again));
  g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) wrong = g_bytes_new_static (bad[i], strlen (bad[i]));

      g_test_message ("%s", bad[i]);
      g_assert_null (assay_oip_decode_base64 (wrong));
    }
}

/* ---- shapes ---- */

static const struct {
  const char *json;
  const char *fault;   /* NULL: is taken */
} shapes[] = {
  { INPUT ("UINT8", "[]", "\"data\":[7]"), NULL },
  { INPUT ("UINT8", "[0]", "\"data\":[]"), NULL },
  { INPUT ("UINT8", "[0,4]", "\"data\":[]"), NULL },
  { INPUT ("UINT8", "[2,2]", "\"data\":[1,2,3,4]"), NULL },
  { INPUT ("UINT8", "[2,2]", "\"data\":[[1,2],[3,4]]"), NULL },
  { INPUT ("UINT8", "[1,2,2]", "\"data\":[[[1,2],[3,4]]]"), NULL },
  { INPUT ("UINT8", "[2,2]", "\"data\":[[1,2,3],[4]]"), "inputs[0].data does not have the shape" },
  { INPUT ("UINT8", "[2,2]", "\"data\":[[1,2,3,4]]"), "inputs[0].data does not have the shape" },
  { INPUT ("UINT8", "[2,2]", "\"data\":[[1,2],3]"), "inputs[0].data holds a value" },
  { INPUT ("UINT8", "[2,2]", "\"data\":[1,2,[3,4]]"), "inputs[0].data holds a value" },
  { INPUT ("UINT8", "[4]", "\"data\":[[1,2,3,4]]"), "inputs[0].data does not have the shape" },
  { INPUT ("UINT8", "[2,2]", "\"data\":[1,2,3]"), "inputs[0].data does not have the shape" },
  { INPUT ("UINT8", "[2,2]", "\"data\":[1,2,3,4,5]"), "inputs[0].data does not have the shape" },
  { INPUT ("UINT8", "[2]", "\"data\":{}"), "inputs[0].data is not a list" },
  { INPUT ("UINT8", "2", "\"data\":[1,2]"), "inputs[0].shape is not a list" },
  { INPUT ("UINT8", "[-1]", "\"data\":[]"), "inputs[0].shape holds something" },
  { INPUT ("UINT8", "[1.0]", "\"data\":[1]"), "inputs[0].shape holds something" },
  { INPUT ("UINT8", "[\"1\"]", "\"data\":[1]"), "inputs[0].shape holds something" },
  { INPUT ("UINT8", "[4294967296,4294967296]", "\"data\":[]"), "inputs[0].shape is too large" },
  { INPUT ("UINT8", "[9223372036854775807,3]", "\"data\":[]"), "inputs[0].shape is too large" },
  { INPUT ("UINT8", "[134217729]", "\"data\":[]"), "inputs[0].shape is too large" },
  { INPUT ("BYTES", "[262145]", "\"data\":[]"), "inputs[0].shape is too large" },
  { INPUT ("UINT8", "[1,1,1,1,1,1,1,1]", "\"data\":[1]"), NULL },
  { INPUT ("UINT8", "[1,1,1,1,1,1,1,1,1]", "\"data\":[1]"), "inputs[0].shape has too many" },
};

static void
test_shapes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayOipMessage) message = read_request (shapes[i].json, NULL, 0, &error);

      g_test_message ("%s", shapes[i].json);
      if (shapes[i].fault == NULL)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_null (message);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
      g_assert_true (g_str_has_prefix (error->message, shapes[i].fault));
    }
}

/* ---- what stands behind the JSON ---- */

static const struct {
  const char *json;
  const char *rest;
  gsize n_rest;
  const char *fault;   /* NULL: is taken */
} bodies[] = {
  { INPUT ("UINT8", "[2]", SIZE (2)), "ab", 2, NULL },
  { INPUT ("UINT8", "[2]", SIZE (2)), "a", 1, "the binary data of inputs[0]." },
  { INPUT ("UINT8", "[2]", SIZE (2)), "", 0, "the binary data of inputs[0]." },
  { INPUT ("UINT8", "[2]", SIZE (2)), "abc", 3, "something follows" },
  { INPUT ("UINT8", "[2]", SIZE (1)), "ab", 2, "inputs[0].data does not have the shape" },
  { INPUT ("UINT8", "[2]", SIZE (-1)), "ab", 2, "inputs[0].parameters.binary_data_size" },
  { INPUT ("UINT8", "[2]", SIZE (9223372036854775807)), "ab", 2, "the binary data of inputs[0]." },
  { INPUT ("FP32", "[1]", SIZE (4)), "\0\0\200\77", 4, NULL },
  { INPUT ("FP32", "[1]", SIZE (2)), "\0\0", 2, "inputs[0].data does not have the shape" },
  { INPUT ("BYTES", "[2]", SIZE (11)), "\3\0\0\0abc\0\0\0\0", 11, NULL },
  { INPUT ("BYTES", "[1]", SIZE (11)), "\3\0\0\0abc\0\0\0\0", 11, "inputs[0].data does not have" },
  { INPUT ("BYTES", "[3]", SIZE (11)), "\3\0\0\0abc\0\0\0\0", 11, "inputs[0].data does not have" },
  { INPUT ("BYTES", "[1]", SIZE (7)), "\377\377\377\377abc", 7, "inputs[0].data does not have" },
  { INPUT ("BYTES", "[1]", SIZE (7)), "\4\0\0\0abc", 7, "inputs[0].data does not have" },
  { INPUT ("BYTES", "[1]", SIZE (3)), "\0\0\0", 3, "inputs[0].data does not have" },
  { INPUT ("BYTES", "[0]", SIZE (0)), "", 0, NULL },
};

static void
test_bodies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayOipMessage) message = NULL;

      g_test_message ("%s", bodies[i].json);
      message = read_request (bodies[i].json, bodies[i].rest, bodies[i].n_rest, &error);
      if (bodies[i].fault == NULL)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_null (message);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
      g_assert_true (g_str_has_prefix (error->message, bodies[i].fault));
    }
}

static void
test_raw (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("\377\330", 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOipMessage) message = assay_oip_read_request (body, "0", &error);
  g_autoptr (GPtrArray) elements = NULL;

  g_assert_no_error (error);
  g_assert_true (message->raw && message->binary_all);
  elements = assay_oip_tensor_dup_elements (message->tensors->pdata[0]);
  g_assert_cmpuint (elements->len, ==, 1);
  g_assert_true (g_bytes_equal (elements->pdata[0], body));
  g_assert_null (assay_oip_read_response (body, "0", NULL));
}

/* ---- writing, and reading it back ---- */

static void
check_same (const AssayOipMessage *a,
            const AssayOipMessage *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpuint (a->tensors->len, ==, b->tensors->len);
  g_assert_cmpuint (a->outputs->len, ==, b->outputs->len);
  for (guint i = 0; i < a->tensors->len; i++)
    {
      const AssayOipTensor *one = a->tensors->pdata[i];
      const AssayOipTensor *other = b->tensors->pdata[i];

      g_assert_cmpstr (one->name, ==, other->name);
      g_assert_cmpint (one->type, ==, other->type);
      g_assert_cmpmem (one->shape, one->n_dims * sizeof *one->shape,
                       other->shape, other->n_dims * sizeof *other->shape);
      g_assert_true (g_bytes_equal (one->data, other->data));
      g_assert_cmpstr (one->content_type, ==, other->content_type);
      g_assert_cmpint (one->binary, ==, other->binary);
    }
  for (guint i = 0; i < a->outputs->len; i++)
    {
      const AssayOipOutput *one = a->outputs->pdata[i];
      const AssayOipOutput *other = b->outputs->pdata[i];

      g_assert_cmpstr (one->name, ==, other->name);
      g_assert_cmpuint (one->classification, ==, other->classification);
      g_assert_cmpint (one->binary, ==, other->binary);
    }
}

static AssayOipTensor *
make_pictures (void)
{
  const guint64 shape[] = { 2 };
  g_autoptr (GPtrArray) elements = NULL;
  AssayOipTensor *tensor;

  elements = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (elements, g_bytes_new ("/9j/", 4));
  g_ptr_array_add (elements, g_bytes_new ("", 0));
  tensor = assay_oip_tensor_new_elements ("image", shape, 1, elements);
  tensor->content_type = g_strdup ("base64");
  return tensor;
}

static AssayOipTensor *
make_numbers (void)
{
  const guint64 shape[] = { 1, 3 };
  const float numbers[] = { 0.1f, -1e-30f, 3.4e38f };
  g_autoptr (GBytes) data = g_bytes_new (numbers, sizeof numbers);

  return assay_oip_tensor_new ("numbers", ASSAY_OIP_FP32, shape, 2, data);
}

/* The first tensor in JSON or binary, the second in either, by the bits of @how. */
static AssayOipMessage *
make_message (guint how)
{
  AssayOipMessage *message = assay_oip_message_new ();
  AssayOipTensor *pictures = make_pictures ();
  AssayOipTensor *numbers = make_numbers ();

  message->id = g_strdup ("an \"id\"\n");
  pictures->binary = (how & 1) != 0;
  numbers->binary = (how & 2) != 0;
  g_ptr_array_add (message->tensors, pictures);
  g_ptr_array_add (message->tensors, numbers);
  assay_oip_message_add_output (message, "labels");
  assay_oip_message_add_output (message, "scores")->classification = 5;
  ((AssayOipOutput *) message->outputs->pdata[1])->binary = TRUE;
  return message;
}

static void
test_round_trip (void)
{
  for (guint how = 0; how < 4; how++)
    {
      g_autoptr (AssayOipMessage) message = make_message (how);
      g_autoptr (AssayOipMessage) request = NULL;
      g_autoptr (AssayOipMessage) response = NULL;
      g_autoptr (GBytes) asked = NULL;
      g_autoptr (GBytes) answered = NULL;
      g_autofree char *text = NULL;
      g_autofree char *other = NULL;
      g_autoptr (GError) error = NULL;
      gsize length;

      asked = assay_oip_write_request (message, &length);
      g_assert_cmpint (length == 0, ==, how == 0);
      text = length > 0 ? g_strdup_printf ("%" G_GSIZE_FORMAT, length) : NULL;
      request = assay_oip_read_request (asked, text, &error);
      g_assert_no_error (error);
      check_same (message, request);

      answered = assay_oip_write_response (message, &length);
      other = length > 0 ? g_strdup_printf ("%" G_GSIZE_FORMAT, length) : NULL;
      response = assay_oip_read_response (answered, other, &error);
      g_assert_no_error (error);
      g_ptr_array_set_size (message->outputs, 0);
      check_same (message, response);
    }
}

/* A sentence for a person, where an answer is at fault. */
static void
test_bad_answers (void)
{
  static const struct { const char *json; const char *words; } bad[] = {
    { OUTPUT ("FP32", "[2]", "\"data\":[1]"), "outputs[0].data does not have the shape" },
    { OUTPUT ("FP32", "[1]", "\"data\":[\"nan\"]"), "outputs[0].data holds a value that is not FP32" },
    { "{\"outputs\":[{}]}", "outputs[0].name is missing" },
    { "{\"model_name\":7,\"outputs\":[]}", "model_name is not a text" },
    { "{}", "outputs is missing" },
    { "[]", "it is not an object" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_response (bad[i].json, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
      g_assert_true (g_str_has_prefix (error->message, "The answer of the service cannot be used: "));
      g_assert_nonnull (strstr (error->message, bad[i].words));
    }
}

/* ---- what servers and models say of themselves ---- */

static AssayOipModel *
read_model (const char *json,
            GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new (json, strlen (json));

  return assay_oip_read_model (body, error);
}

#define PORTS "\"inputs\":[{\"name\":\"i\",\"datatype\":\"FP32\",\"shape\":[-1,3,8,8]}]," \
  "\"outputs\":[{\"name\":\"o\",\"datatype\":\"BF16\",\"shape\":[-1,2]}]"

static const struct {
  const char *rest;
  const char *labels;  /* joined by “|”; NULL for none */
} label_forms[] = {
  { "", NULL },
  { ",\"parameters\":null", NULL },
  { ",\"parameters\":{\"labels\":\"\"}", NULL },
  { ",\"parameters\":{\"labels\":7}", NULL },
  { ",\"parameters\":{\"labels\":\"a b\\nc: d\\n\"}", "a b|c: d" },
  { ",\"parameters\":{\"labels\":[\"a b\",\"c\"]}", "a b|c" },
  { ",\"parameters\":{\"labels\":[]}", NULL },
  { ",\"rt_info\":{\"model_info\":{\"labels\":\"cat dog\"}}", "cat|dog" },
};

static void
test_labels (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (label_forms); i++)
    {
      g_autofree char *json = g_strconcat ("{\"name\":\"m\"," PORTS, label_forms[i].rest, "}", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayOipModel) model = read_model (json, &error);
      g_autofree char *labels = NULL;

      g_assert_no_error (error);
      labels = model->labels != NULL ? g_strjoinv ("|", model->labels) : NULL;
      g_assert_cmpstr (labels, ==, label_forms[i].labels);
    }
}

static void
test_model (void)
{
  static const char json[] = "{\"name\":\"m\",\"versions\":[\"2\",\"1\"],\"platform\":\"onnx\"," PORTS
    ",\"parameters\":{\"labels\":\"a\\nb\",\"max_batch_size\":8}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOipModel) model = read_model (json, &error);
  g_autofree char *again = NULL;
  const AssayOipPort *port;

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (model->versions), ==, 2);
  port = model->inputs->pdata[0];
  g_assert_cmpint (port->type, ==, ASSAY_OIP_FP32);
  g_assert_cmpuint (port->n_dims, ==, 4);
  g_assert_cmpint (port->shape[0], ==, -1);
  g_assert_cmpint (port->shape[3], ==, 8);
  port = model->outputs->pdata[0];
  g_assert_cmpint (port->type, ==, ASSAY_OIP_UNKNOWN);
  again = assay_oip_write_model (model);
  g_assert_cmpstr (again, ==, "{\"name\":\"m\",\"versions\":[\"2\",\"1\"],\"platform\":\"onnx\","
                   "\"inputs\":[{\"name\":\"i\",\"datatype\":\"FP32\",\"shape\":[-1,3,8,8]}],"
                   "\"outputs\":[{\"name\":\"o\",\"datatype\":\"\",\"shape\":[-1,2]}],"
                   "\"parameters\":{\"labels\":\"a\\nb\",\"max_batch_size\":8}}");
}

static void
test_bad_models (void)
{
  static const char *const bad[] = {
    "", "[]", "{}", "{\"name\":\"m\"}", "{\"name\":\"m\",\"inputs\":[],\"outputs\":{}}",
    "{\"name\":\"m\",\"inputs\":[{}],\"outputs\":[]}",
    "{\"name\":\"m\",\"inputs\":[{\"name\":\"i\",\"datatype\":\"FP32\",\"shape\":[-2]}],\"outputs\":[]}",
    "{\"name\":\"m\",\"inputs\":[{\"name\":\"i\",\"datatype\":\"FP32\","
      "\"shape\":[1,1,1,1,1,1,1,1,1]}],\"outputs\":[]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_model (bad[i], &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
    }
}

static void
check_index (const char *json,
             const char *expected)
{
  g_autoptr (GBytes) body = g_bytes_new (json, strlen (json));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = assay_oip_read_index (body, &error);
  g_autofree char *again = NULL;

  if (expected == NULL)
    {
      g_assert_null (entries);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
      return;
    }
  g_assert_no_error (error);
  again = assay_oip_write_index (entries);
  g_assert_cmpstr (again, ==, expected);
}

static void
test_index (void)
{
  check_index ("[]", "[]");
  check_index ("[{\"name\":\"a\"}]",
               "[{\"name\":\"a\",\"version\":\"\",\"state\":\"\",\"reason\":\"\"}]");
  check_index ("[{\"name\":\"a\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}]",
               "[{\"name\":\"a\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}]");
  check_index ("{\"models\":[\"a\"]}",
               "[{\"name\":\"a\",\"version\":\"\",\"state\":\"\",\"reason\":\"\"}]");
  check_index ("{\"models\":[]}", "[]");
  check_index ("{}", NULL);
  check_index ("[7]", NULL);
  check_index ("[{}]", NULL);
  check_index ("<html>", NULL);
}

static void
test_server (void)
{
  static const char *const extensions[] = { "classification", NULL };
  g_autofree char *json = assay_oip_write_server ("a \"b\"", "1", extensions);
  g_autofree char *fault = assay_oip_write_error ("no “such” \"model\"");
  g_autoptr (GBytes) body = g_bytes_new (json, strlen (json));
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOipServer) server = assay_oip_read_server (body, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (server->name, ==, "a \"b\"");
  g_assert_cmpstr (server->version, ==, "1");
  g_assert_true (g_strv_equal ((const char *const *) server->extensions, extensions));
  g_assert_cmpstr (fault, ==, "{\"error\":\"no “such” \\\"model\\\"\"}");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/oip/triton-example", test_triton_example);
  g_test_add_func ("/assay/oip/classification-example", test_classification_example);
  g_test_add_func ("/assay/oip/mlserver-answer", test_mlserver_answer);
  g_test_add_func ("/assay/oip/values", test_values);
  g_test_add_func ("/assay/oip/halves", test_halves);
  g_test_add_func ("/assay/oip/base64", test_base64);
  g_test_add_func ("/assay/oip/shapes", test_shapes);
  g_test_add_func ("/assay/oip/bodies", test_bodies);
  g_test_add_func ("/assay/oip/raw", test_raw);
  g_test_add_func ("/assay/oip/round-trip", test_round_trip);
  g_test_add_func ("/assay/oip/bad-answers", test_bad_answers);
  g_test_add_func ("/assay/oip/labels", test_labels);
  g_test_add_func ("/assay/oip/model", test_model);
  g_test_add_func ("/assay/oip/bad-models", test_bad_models);
  g_test_add_func ("/assay/oip/index", test_index);
  g_test_add_func ("/assay/oip/server", test_server);

  return g_test_run ();
}
