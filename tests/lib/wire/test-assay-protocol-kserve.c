/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* KServe, TensorFlow Serving and SAP AI Core: described exchanges, from protocols.md. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "assay-error.h"
#include "assay-json.h"
#include "assay-numbers.h"
#include "assay-protocol-kserve.h"

#define URL "https://h.example"
#define LM "https://api.example/v2/lm"
#define DEPLOYMENT "https://d3d1.serving.example"

static const AssayProtocol *const protocol = &assay_protocol_kserve;

static AssayReply *
new_reply (guint status,
           const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  return assay_reply_new (status, "", "application/json", NULL, bytes);
}

static AssayPayload *
new_payload (const char *name,
             const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return assay_payload_new_bytes (name, "image/jpeg", bytes);
}

/* Reads a body as it is sent, and checks that it is as long as it has said. */
static char *
dup_body (const AssayBody *body)
{
  g_autoptr (GOutputStream) all = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < assay_body_get_n_parts (body); i++)
    {
      g_autoptr (GInputStream) part = assay_body_open_part (body, i, NULL, &error);

      g_assert_no_error (error);
      g_output_stream_splice (all, part, G_OUTPUT_STREAM_SPLICE_NONE, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (all)), ==,
                    assay_body_get_length (body));
  g_assert_cmpstr (assay_body_get_media_type (body), ==, "application/json");
  g_output_stream_write (all, "", 1, NULL, NULL);
  g_output_stream_close (all, NULL, NULL);
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (all));
}

static const char *
get_header (const AssayRequest *request,
            const char *name)
{
  for (guint i = 0; i < request->headers->len; i++)
    {
      const AssayHeader *header = request->headers->pdata[i];

      if (strcmp (header->name, name) == 0)
        return header->value;
    }
  return NULL;
}

/* What a service says of a model. */
static AssayModelInfo *
describe (const AssayProfile *profile,
          const char *model,
          const char *version,
          guint status,
          const char *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) requests = protocol->describe (profile, model, version, &error);
  g_autoptr (AssayReply) reply = new_reply (status, answer);
  AssayReply *replies[] = { reply };
  AssayModelInfo *info;

  g_assert_no_error (error);
  g_assert_cmpuint (requests->len, ==, 1);
  info = protocol->read_describe (profile, replies, 1, &error);
  g_assert_no_error (error);
  return info;
}

#define METADATA(signature, inputs) \
  "{\"model_spec\":{\"name\":\"m\",\"signature_name\":\"\",\"version\":\"1\"},\"metadata\":" \
  "{\"signature_def\":{\"signature_def\":{\"__saved_model_init_op\":{\"inputs\":{}}," \
  "\"" signature "\":{\"inputs\":{" inputs "}," \
  "\"method_name\":\"tensorflow/serving/predict\"}}}}}"
#define STRING(name) \
  "\"" name "\":{\"dtype\":\"DT_STRING\",\"tensor_shape\":{\"dim\":[{\"size\":\"-1\",\"name\":\"\"}]," \
  "\"unknown_rank\":false},\"name\":\"x:0\"}"
#define TENSOR(type, a, b, c, d) \
  "\"in\":{\"dtype\":\"" type "\",\"tensor_shape\":{\"dim\":[{\"size\":\"" a "\"},{\"size\":\"" b \
  "\"},{\"size\":\"" c "\"},{\"size\":\"" d "\"}]}}"

/* ---- addresses ---- */

typedef struct {
  const char *url;
  const char *model;
  const char *version;
  const char *body;
  const char *wanted;        /* NULL for a usage error */
} Url;

static const Url URLS[] = {
  { URL, "flowers", NULL, NULL, URL "/v1/models/flowers:predict" },
  { URL "/", "flowers", "", NULL, URL "/v1/models/flowers:predict" },
  { URL "/serve/", "flowers", "3", NULL, URL "/serve/v1/models/flowers/versions/3:predict" },
  { URL, "flowers", "3", "examples:image", URL "/v1/models/flowers/versions/3:classify" },
  { URL "?tenant=7", "flowers", NULL, NULL, URL "/v1/models/flowers:predict?tenant=7" },
  { URL, "org/a:b", NULL, NULL, URL "/v1/models/org%2Fa%3Ab:predict" },
  { URL "/v1/models", "flowers", NULL, NULL, URL "/v1/models/flowers:predict" },
  { URL "/v1/models/flowers", NULL, NULL, NULL, URL "/v1/models/flowers:predict" },
  { URL "/v1/models/flowers:predict", NULL, NULL, NULL, URL "/v1/models/flowers:predict" },
  { URL "/v1/models/flowers/versions/3:predict", "", "", NULL,
    URL "/v1/models/flowers/versions/3:predict" },
  { URL "/v1/models/flowers/versions/3:predict", "flowers", "4", NULL,
    URL "/v1/models/flowers/versions/4:predict" },
  { URL "/v1/models/flowers/versions/3", "trees", "", NULL, URL "/v1/models/trees:predict" },
  { URL "/v1/models/r%C3%B6se%2F1", NULL, NULL, NULL, URL "/v1/models/r%C3%B6se%2F1:predict" },
  { "http://v1/models", "m", NULL, NULL, "http://v1/models/v1/models/m:predict" },
  { URL "/v1/modelsX", "m", NULL, NULL, URL "/v1/modelsX/v1/models/m:predict" },
  { URL, NULL, NULL, NULL, NULL },
  { URL, "", "", NULL, NULL },
  { URL, "..", NULL, NULL, NULL },
  { URL, "m", ".", NULL, NULL },
  { "nonsense", "m", NULL, NULL, NULL },
  { NULL, "m", NULL, NULL, NULL },
  { URL, "m", NULL, "inputs", NULL },
  { URL, "m", NULL, "inputs:", NULL },
  { URL, "m", NULL, "examples", NULL },
  { URL, "m", NULL, "instances:", NULL },
  { URL, "m", NULL, "instance", NULL },
  { URL, "m", NULL, "rows:x", NULL },
};

static void
test_urls (void)
{
  g_autoptr (AssayPayload) payload = new_payload ("a.jpg", "x");

  for (guint i = 0; i < G_N_ELEMENTS (URLS); i++)
    {
      const AssayProfile profile = { .url = (char *) URLS[i].url, .body = (char *) URLS[i].body };
      const AssayQuery query = {
        .profile = &profile,
        .model = URLS[i].model,
        .version = URLS[i].version,
        .payloads = &payload,
        .n_payloads = 1,
      };
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayRequest) request = protocol->classify (&query, &error);

      g_test_message ("%u", i);
      if (URLS[i].wanted == NULL)
        {
          g_assert_null (request);
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (request->url, ==, URLS[i].wanted);
      g_assert_cmpstr (request->method, ==, "POST");
      g_assert_cmpstr (get_header (request, "Accept"), ==, "application/json");
      g_assert_null (get_header (request, "AI-Resource-Group"));
    }
}

/* ---- bodies ---- */

/* Two by two pixels of three channels, or one value for each byte of the picture. */
static AssayPayload *
make_pixels (AssayPayload *picture,
             AssayPixelNeed *need,
             const char *preprocess,
             GError **error)
{
  static const guint8 bytes[] = { 0, 1, 2, 3, 4, 5, 60, 70, 80, 99, 100, 255 };
  static const float floats[] = { 0, 1, -1, 0.1f, 1e-38f, -1.5e38f, 2, 3, 4, 5, 6, 7 };
  g_autoptr (GBytes) data = need->type == ASSAY_PIXELS_UINT8
                              ? g_bytes_new_static (bytes, sizeof bytes)
                              : g_bytes_new_static (floats, sizeof floats);

  if (g_strcmp0 (preprocess, "wrong") == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "wrong");
      return NULL;
    }
  g_assert_true (need->width == 0 || need->width == 2);
  g_assert_true (need->height == 0 || need->height == 2);
  need->channels = 3;
  need->width = need->height = 2;
  return assay_payload_new_bytes (assay_payload_get_name (picture), "application/octet-stream", data);
}

#define BYTES_LAST "[[[  0,  1,  2],[  3,  4,  5]],[[ 60, 70, 80],[ 99,100,255]]]"
#define BYTES_FIRST "[[[  0,  1],[  2,  3]],[[  4,  5],[ 60, 70]],[[ 80, 99],[100,255]]]"

typedef struct {
  const char *metadata;      /* (nullable) */
  const char *body;
  const char *preprocess;
  guint n;
  const char *wanted;        /* NULL for a usage error */
} Body;

static const Body BODIES[] = {
  { NULL, NULL, NULL, 1, "{\"instances\":[{\"b64\":\"Zmlyc3Q=\"}]}" },
  { NULL, NULL, NULL, 2, "{\"instances\":[{\"b64\":\"Zmlyc3Q=\"},{\"b64\":\"c2Vjb25kIQ==\"}]}" },
  { NULL, "instances", NULL, 1, "{\"instances\":[{\"b64\":\"Zmlyc3Q=\"}]}" },
  { NULL, "instances:image_bytes", NULL, 1,
    "{\"instances\":[{\"image_bytes\":{\"b64\":\"Zmlyc3Q=\"}}]}" },
  { NULL, "instances:a\"b:c", NULL, 1, "{\"instances\":[{\"a\\\"b:c\":{\"b64\":\"Zmlyc3Q=\"}}]}" },
  { NULL, "inputs:image_bytes", NULL, 2,
    "{\"inputs\":{\"image_bytes\":[{\"b64\":\"Zmlyc3Q=\"},{\"b64\":\"c2Vjb25kIQ==\"}]}}" },
  { NULL, "examples:image", NULL, 1, "{\"examples\":[{\"image\":{\"b64\":\"Zmlyc3Q=\"}}]}" },
  /* What the metadata say */
  { METADATA ("serving_default", STRING ("image")), NULL, NULL, 1,
    "{\"instances\":[{\"b64\":\"Zmlyc3Q=\"}]}" },
  { METADATA ("serving_default", STRING ("image")), NULL, "imagenet", 1,
    "{\"instances\":[{\"b64\":\"Zmlyc3Q=\"}]}" },
  { METADATA ("serving_default", STRING ("image_bytes") "," STRING ("key")), NULL, NULL, 2,
    "{\"instances\":[{\"image_bytes\":{\"b64\":\"Zmlyc3Q=\"},\"key\":\"0\"},"
    "{\"image_bytes\":{\"b64\":\"c2Vjb25kIQ==\"},\"key\":\"1\"}]}" },
  { METADATA ("photos", STRING ("image")), NULL, NULL, 1,
    "{\"signature_name\":\"photos\",\"instances\":[{\"b64\":\"Zmlyc3Q=\"}]}" },
  { METADATA ("serving_default", STRING ("a") "," STRING ("b")), "instances:a", NULL, 1,
    "{\"instances\":[{\"a\":{\"b64\":\"Zmlyc3Q=\"}}]}" },
  { METADATA ("serving_default", TENSOR ("DT_UINT8", "-1", "2", "2", "3")), NULL, NULL, 1,
    "{\"instances\":[" BYTES_LAST "]}" },
  { METADATA ("serving_default", TENSOR ("DT_UINT8", "-1", "3", "2", "2")), NULL, NULL, 2,
    "{\"instances\":[" BYTES_FIRST "," BYTES_FIRST "]}" },
  { METADATA ("serving_default", TENSOR ("DT_UINT8", "-1", "-1", "-1", "3")), "inputs:in", NULL, 1,
    "{\"inputs\":{\"in\":[" BYTES_LAST "]}}" },
  { METADATA ("serving_default", TENSOR ("DT_FLOAT", "-1", "2", "2", "3")), "instances:in", NULL, 1,
    "{\"instances\":[{\"in\":[[[ 0.00000000e+00, 1.00000000e+00,-1.00000000e+00],"
    "[ 1.00000001e-01, 9.99999935e-39,-1.50000000e+38]],"
    "[[ 2.00000000e+00, 3.00000000e+00, 4.00000000e+00],"
    "[ 5.00000000e+00, 6.00000000e+00, 7.00000000e+00]]]}]}" },
  /* A tensor that is no picture is left to the service. */
  { METADATA ("serving_default", TENSOR ("DT_FLOAT", "-1", "2", "2", "7")), NULL, NULL, 1,
    "{\"instances\":[{\"b64\":\"Zmlyc3Q=\"}]}" },
  { METADATA ("serving_default", TENSOR ("DT_INT64", "-1", "2", "2", "3")), NULL, NULL, 1,
    "{\"instances\":[{\"b64\":\"Zmlyc3Q=\"}]}" },
  /* Somebody has said what becomes of a picture. */
  { NULL, "instances", "0..1", 1,
    "{\"instances\":[[[[ 0.00000000e+00, 1.00000000e+00,-1.00000000e+00],"
    "[ 1.00000001e-01, 9.99999935e-39,-1.50000000e+38]],"
    "[[ 2.00000000e+00, 3.00000000e+00, 4.00000000e+00],"
    "[ 5.00000000e+00, 6.00000000e+00, 7.00000000e+00]]]]}" },
  { NULL, "inputs:x", "0..1,layout=nchw", 1,
    "{\"inputs\":{\"x\":[[[[ 0.00000000e+00, 1.00000000e+00],[-1.00000000e+00, 1.00000001e-01]],"
    "[[ 9.99999935e-39,-1.50000000e+38],[ 2.00000000e+00, 3.00000000e+00]],"
    "[[ 4.00000000e+00, 5.00000000e+00],[ 6.00000000e+00, 7.00000000e+00]]]]}}" },
  { NULL, NULL, "wrong", 1, NULL },
  { NULL, "examples:image", "0..1", 1, NULL },
  { "{}", NULL, NULL, 1, "{\"instances\":[{\"b64\":\"Zmlyc3Q=\"}]}" },
  { "no JSON", NULL, NULL, 1, "{\"instances\":[{\"b64\":\"Zmlyc3Q=\"}]}" },
  { "{\"metadata\":{\"signature_def\":{\"signature_def\":[]}}}", NULL, NULL, 1,
    "{\"instances\":[{\"b64\":\"Zmlyc3Q=\"}]}" },
};

static void
test_bodies (void)
{
  g_autoptr (AssayPayload) first = new_payload ("a.jpg", "first");
  g_autoptr (AssayPayload) second = new_payload ("b.jpg", "second!");
  AssayPayload *payloads[] = { first, second };

  for (guint i = 0; i < G_N_ELEMENTS (BODIES); i++)
    {
      const Body *self = &BODIES[i];
      const AssayProfile profile = {
        .url = (char *) URL,
        .body = (char *) self->body,
        .preprocess = (char *) self->preprocess,
      };
      g_autoptr (AssayModelInfo) info = describe (&profile, "m", NULL,
                                                  self->metadata != NULL ? 200 : 404,
                                                  self->metadata != NULL ? self->metadata : "");
      const AssayQuery query = {
        .profile = &profile,
        .info = info,
        .model = "m",
        .payloads = payloads,
        .n_payloads = self->n,
        .pixels = make_pixels,
      };
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayRequest) request = protocol->classify (&query, &error);
      g_autofree char *text = request != NULL ? dup_body (request->body) : NULL;
      g_autofree char *again = request != NULL ? dup_body (request->body) : NULL;

      g_test_message ("%u", i);
      g_assert_cmpstr (text, ==, self->wanted);
      g_assert_cmpstr (again, ==, self->wanted);
      if (self->wanted == NULL)
        g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      else
        g_assert_no_error (error);
    }
}

/* Where nobody can make pixels of a picture. */
static void
test_no_maker (void)
{
  const AssayProfile profile = { .url = (char *) URL, .preprocess = (char *) "0..1" };
  g_autoptr (AssayPayload) payload = new_payload ("a.jpg", "x");
  const AssayQuery query = { .profile = &profile, .model = "m", .payloads = &payload,
                             .n_payloads = 1 };
  g_autoptr (GError) error = NULL;

  g_assert_null (protocol->classify (&query, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
}

/* Every float comes back as it was. */
static void
test_numbers (void)
{
  static const float values[] = { 0.485f, -2.1179039f, 1 / 3.0f, 16777217.0f, 1e-45f, 3.4028235e38f };
  g_autoptr (GBytes) data = g_bytes_new_static (values, sizeof values);
  g_autoptr (AssayPayload) pixels = assay_payload_new_bytes ("a", "application/octet-stream", data);
  const AssayPixelNeed need = { .channels = 1, .width = 6, .height = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPayload) text = assay_numbers_nested_payload (pixels, &need, &error);
  g_autoptr (GInputStream) stream = assay_payload_open (text, NULL, &error);
  char buffer[256];
  gsize n;
  g_autoptr (JsonNode) root = NULL;
  JsonArray *row;

  g_assert_true (g_input_stream_read_all (stream, buffer, sizeof buffer, &n, NULL, &error));
  g_assert_cmpuint (n, ==, assay_payload_get_length (text));
  root = assay_json_parse (buffer, n, &error);
  g_assert_no_error (error);
  row = json_array_get_array_element (json_array_get_array_element (json_node_get_array (root), 0), 0);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_true ((float) json_array_get_double_element (row, i) == values[i]);
}

static void
test_numbers_refused (void)
{
  static const float values[] = { 1, NAN, 0 };
  g_autoptr (GBytes) data = g_bytes_new_static (values, sizeof values);
  g_autoptr (AssayPayload) pixels = assay_payload_new_bytes ("a", "application/octet-stream", data);
  g_autoptr (GBytes) many = g_bytes_new_take (g_malloc0 (4096 * 4096), 4096 * 4096);
  g_autoptr (AssayPayload) large = assay_payload_new_bytes ("b", "application/octet-stream", many);
  AssayPixelNeed need = { .channels = 3, .width = 1, .height = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPayload) text = assay_numbers_nested_payload (pixels, &need, &error);

  g_assert_no_error (error);
  g_assert_null (assay_payload_open (text, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_clear_error (&error);

  need = (AssayPixelNeed) { .type = ASSAY_PIXELS_UINT8, .channels = 1, .width = 4096, .height = 4096 };
  g_assert_null (assay_numbers_nested_payload (large, &need, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
}

/* ---- describing ---- */

typedef struct {
  const char *type;
  const char *sizes[4];
  gboolean takes_pixels;
  AssayPixelNeed need;
} Shape;

static const Shape SHAPES[] = {
  { "DT_FLOAT", { "-1", "224", "299", "3" }, TRUE, { ASSAY_PIXELS_FP32, TRUE, 3, 299, 224 } },
  { "DT_FLOAT", { "1", "3", "224", "299" }, TRUE, { ASSAY_PIXELS_FP32, FALSE, 3, 299, 224 } },
  { "DT_HALF", { "-1", "28", "28", "1" }, TRUE, { ASSAY_PIXELS_FP32, TRUE, 1, 28, 28 } },
  { "DT_UINT8", { "-1", "-1", "-1", "3" }, TRUE, { ASSAY_PIXELS_UINT8, TRUE, 3, 0, 0 } },
  { "DT_FLOAT", { "-1", "3", "-1", "-1" }, TRUE, { ASSAY_PIXELS_FP32, FALSE, 3, 0, 0 } },
  { "DT_FLOAT", { "-1", "-1", "-1", "-1" }, TRUE, { ASSAY_PIXELS_FP32, TRUE, 0, 0, 0 } },
  { "DT_FLOAT", { "-1", "224", "224", "4" }, FALSE, { 0 } },
  { "DT_FLOAT", { "-1", "99999", "224", "3" }, FALSE, { 0 } },
  { "DT_INT32", { "-1", "224", "224", "3" }, FALSE, { 0 } },
};

static void
test_shapes (void)
{
  const AssayProfile profile = { .url = (char *) URL };

  for (guint i = 0; i < G_N_ELEMENTS (SHAPES); i++)
    {
      const Shape *self = &SHAPES[i];
      g_autofree char *metadata = g_strdup_printf (
        METADATA ("serving_default", TENSOR ("%s", "%s", "%s", "%s", "%s")), self->type,
        self->sizes[0], self->sizes[1], self->sizes[2], self->sizes[3]);
      g_autoptr (AssayModelInfo) info = describe (&profile, "m", NULL, 200, metadata);

      g_test_message ("%u", i);
      g_assert_cmpint (info->takes_pixels, ==, self->takes_pixels);
      g_assert_cmpuint (info->max_batch, ==,
                        self->takes_pixels && *self->sizes[0] == '-' ? 16 : 1);
      if (!self->takes_pixels)
        continue;
      g_assert_cmpint (info->need.type, ==, self->need.type);
      g_assert_cmpint (info->need.channels_last, ==, self->need.channels_last);
      g_assert_cmpuint (info->need.channels, ==, self->need.channels);
      g_assert_cmpuint (info->need.width, ==, self->need.width);
      g_assert_cmpuint (info->need.height, ==, self->need.height);
    }
}

static void
test_describe_requests (void)
{
  const AssayProfile profile = { .url = (char *) URL "/v1/models/flowers" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) plain = protocol->describe (&profile, NULL, NULL, &error);
  g_autoptr (GPtrArray) versioned = protocol->describe (&profile, "trees", "7", &error);
  const AssayProfile third = { .url = (char *) URL "/v1/models/flowers/versions/3:predict" };
  g_autoptr (GPtrArray) named = protocol->describe (&third, "flowers", "", &error);
  const AssayProfile none = { .url = (char *) URL };

  g_assert_no_error (error);
  g_assert_cmpstr (((AssayRequest *) plain->pdata[0])->url, ==, URL "/v1/models/flowers/metadata");
  g_assert_cmpstr (((AssayRequest *) versioned->pdata[0])->url, ==,
                   URL "/v1/models/trees/versions/7/metadata");
  g_assert_cmpstr (((AssayRequest *) named->pdata[0])->url, ==,
                   URL "/v1/models/flowers/versions/3/metadata");
  g_assert_null (protocol->describe (&none, NULL, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
}

/* A service that is busy is asked again; one that knows no metadata is not. */
static void
test_describe_faults (void)
{
  static const struct { guint status; int code; } cases[] = {
    { 404, -1 }, { 405, -1 }, { 501, -1 }, { 400, -1 }, { 422, -1 }, { 500, -1 },
    { 401, ASSAY_ERROR_UNAUTHORIZED }, { 403, ASSAY_ERROR_FORBIDDEN }, { 503, ASSAY_ERROR_BUSY },
    { 429, ASSAY_ERROR_BUSY }, { 502, ASSAY_ERROR_SERVICE }, { 504, ASSAY_ERROR_TIMED_OUT },
    { 302, ASSAY_ERROR_USAGE },
  };
  const AssayProfile profile = { .url = (char *) URL };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayReply) reply = new_reply (cases[i].status, "{\"error\":\"no\"}");
      AssayReply *replies[] = { reply };
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayModelInfo) info = protocol->read_describe (&profile, replies, 1, &error);

      g_assert_cmpint (info != NULL, ==, cases[i].code == -1);
      if (info == NULL)
        g_assert_error (error, ASSAY_ERROR, cases[i].code);
    }
}

/* ---- answers ---- */

static char *const LABELS[] = { (char *) "daisy", (char *) "rose", (char *) "tulip", NULL };

typedef struct {
  guint status;
  const char *body;
  int code;                  /* of the error, or -1 */
  const char *words;         /* the best label, or words that the error has */
  double score;
} Answer;

static const Answer ANSWERS[] = {
  { 200, "{\"predictions\":[[0.1,0.7,0.2]]}", -1, "rose", 0.7 },
  { 200, "{\"predictions\":[[0.1,7e-1,0.2]],\"model\":\"x\"}", -1, "rose", 0.7 },
  { 200, "{\"predictions\":[{\"classes\":[\"a\",\"b\"],\"probabilities\":[0.1,0.9],\"key\":\"0\"}]}", -1,
    "b", 0.9 },
  { 200, "{\"predictions\":[[{\"label\":\"a\",\"score\":0.4},{\"label\":\"b\",\"score\":0.6}]]}", -1,
    "b", 0.6 },
  { 200, "{\"outputs\":[[0.1,0.7,0.2]]}", -1, "rose", 0.7 },
  { 200, "{\"results\":[[[\"a\",0.9],[\"\",0.1]]]}", -1, "a", 0.9 },
  { 200, "{\"result\":[[[\"a\",0.9],[\"b\",0.1]]]}", -1, "a", 0.9 },
  { 200, "[[0.1,0.7,0.2]]", -1, "rose", 0.7 },
  { 200, "7", ASSAY_ERROR_BAD_ANSWER, NULL, 0 },
  { 200, "null", ASSAY_ERROR_BAD_ANSWER, NULL, 0 },
  { 200, "{\"predictions\":[[NaN,0.7,0.2]]}", ASSAY_ERROR_BAD_ANSWER, "NaN", 0 },
  { 200, "{\"predictions\":[[0.1,-Infinity,0.2]]}", ASSAY_ERROR_BAD_ANSWER, "Infinity", 0 },
  { 200, "{\"predictions\":[[\"NaN\",0.7,0.2", ASSAY_ERROR_BAD_ANSWER, NULL, 0 },
  { 200, "{\"predictions\":[]}", ASSAY_ERROR_BAD_ANSWER, NULL, 0 },
  { 200, "{\"predictions\":[[0.1,0.7]]}", ASSAY_ERROR_BAD_ANSWER, NULL, 0 },
  { 200, "{\"predictions\":[[0.1,0.7,0.2],[0.1,0.7,0.2]]}", ASSAY_ERROR_BAD_ANSWER, NULL, 0 },
  { 200, "{}", ASSAY_ERROR_BAD_ANSWER, NULL, 0 },
  { 200, "", ASSAY_ERROR_BAD_ANSWER, NULL, 0 },
  { 200, "<html>sign in</html>", ASSAY_ERROR_BAD_ANSWER, "web page", 0 },
  { 200, "{\"error\":\"no session\"}", ASSAY_ERROR_REFUSED, "no session", 0 },
  { 404, "{\"error\":\"Servable not found for request: Latest(half)\"}", ASSAY_ERROR_NOT_FOUND,
    "Servable not found for request: Latest(half)", 0 },
  { 404, "{\"error\":\"Model with name nope does not exist.\"}", ASSAY_ERROR_NOT_FOUND,
    "Model with name nope does not exist.", 0 },
  { 400, "{\"error\":\"Unrecognized request format: x\"}", ASSAY_ERROR_REFUSED,
    "Unrecognized request format: x", 0 },
  { 500, "{\"error\":\"'instances'\"}", ASSAY_ERROR_SERVICE, "'instances'", 0 },
  { 503, "{\"error\":\"Model with name cold is not ready.\"}", ASSAY_ERROR_BUSY, "is not ready", 0 },
  { 429, "{\"error\":\"exhausted\"}", ASSAY_ERROR_BUSY, "exhausted", 0 },
  { 504, "{\"error\":\"deadline\"}", ASSAY_ERROR_TIMED_OUT, "deadline", 0 },
  { 501, "{\"error\":\"no such method\"}", ASSAY_ERROR_SERVICE, "no such method", 0 },
  { 409, "{\"error\":\"aborted\"}", ASSAY_ERROR_REFUSED, "aborted", 0 },
  { 499, "{\"error\":\"canceled\"}", ASSAY_ERROR_REFUSED, "canceled", 0 },
  { 401, "", ASSAY_ERROR_UNAUTHORIZED, NULL, 0 },
  { 403, "RBAC: access denied", ASSAY_ERROR_FORBIDDEN, "RBAC: access denied", 0 },
  { 404, "{\"error\":{\"code\":\"01010076\",\"message\":\"Deployment not found\",\"requestId\":\"r\","
    "\"target\":\"/api/v2\",\"details\":{}}}", ASSAY_ERROR_NOT_FOUND, "Deployment not found", 0 },
};

static void
test_answers (void)
{
  const AssayProfile profile = { .url = (char *) URL };
  g_autoptr (AssayPayload) payload = new_payload ("a.jpg", "x");
  g_autoptr (AssayModelInfo) info = assay_model_info_new (NULL, NULL);
  const AssayQuery query = { .profile = &profile, .info = info, .model = "m", .payloads = &payload,
                             .n_payloads = 1 };

  info->labels = g_strdupv ((char **) LABELS);
  for (guint i = 0; i < G_N_ELEMENTS (ANSWERS); i++)
    {
      const Answer *self = &ANSWERS[i];
      g_autoptr (AssayReply) reply = new_reply (self->status, self->body);
      g_autoptr (GPtrArray) outcomes = protocol->read_classify (&query, reply);
      const GError *error = assay_outcome_get_error (outcomes->pdata[0]);
      const AssayPrediction *prediction = assay_outcome_get_prediction (outcomes->pdata[0]);

      g_test_message ("%u", i);
      g_assert_cmpuint (outcomes->len, ==, 1);
      g_assert_nonnull (assay_outcome_get_raw (outcomes->pdata[0]));
      if (self->code >= 0)
        {
          g_assert_error (error, ASSAY_ERROR, self->code);
          g_assert_true (self->words == NULL || strstr (error->message, self->words) != NULL);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (assay_prediction_get_label (prediction, 0), ==, self->words);
      g_assert_true (assay_prediction_get_score (prediction, 0) == self->score);
    }
}

static void
test_several (void)
{
  const AssayProfile profile = { .url = (char *) URL, .labels = (char **) LABELS };
  g_autoptr (AssayPayload) first = new_payload ("a.jpg", "x");
  g_autoptr (AssayPayload) second = new_payload ("b.jpg", "y");
  AssayPayload *payloads[] = { first, second };
  const AssayQuery query = { .profile = &profile, .model = "m", .payloads = payloads,
                             .n_payloads = 2 };
  g_autoptr (AssayReply) both = new_reply (200, "{\"predictions\":[[0,1,0],[0,0,1]]}");
  g_autoptr (AssayReply) one = new_reply (200, "{\"predictions\":[[0,1,0]]}");
  g_autoptr (GPtrArray) outcomes = protocol->read_classify (&query, both);
  g_autoptr (GPtrArray) fewer = protocol->read_classify (&query, one);

  g_assert_cmpstr (assay_prediction_get_label (assay_outcome_get_prediction (outcomes->pdata[0]), 0),
                   ==, "rose");
  g_assert_cmpstr (assay_prediction_get_label (assay_outcome_get_prediction (outcomes->pdata[1]), 0),
                   ==, "tulip");
  for (guint i = 0; i < 2; i++)
    g_assert_error (assay_outcome_get_error (fewer->pdata[i]), ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
}

/* ---- lists ---- */

typedef struct {
  const char *url;
  const char *models_url;
  const char *asked;
  guint status;
  const char *body;
  int code;                  /* of the error, or -1 */
  const char *wanted;        /* model/version=state, with ! when it can't be called */
} List;

#define STATUS \
  "{\"model_version_status\":[" \
  "{\"version\":\"9\",\"state\":\"END\",\"status\":{\"error_code\":\"OK\",\"error_message\":\"\"}}," \
  "{\"version\":\"10\",\"state\":\"AVAILABLE\",\"status\":{\"error_code\":\"OK\"}}," \
  "{\"version\":\"11\",\"state\":\"LOADING\"}]}"
#define RESOURCE(id, name, url, scenario, state, created) \
  "{\"id\":\"" id "\",\"configurationName\":\"" name "\",\"deploymentUrl\":\"" url "\"," \
  "\"scenarioId\":\"" scenario "\",\"status\":\"" state "\",\"createdAt\":\"" created "\"}"

static const List LISTS[] = {
  { URL, NULL, URL "/v1/models", 200, "{\"models\":[\"flowers\",\"cold\"]}", -1,
    "cold/=READY flowers/=READY " },
  { URL, NULL, URL "/v1/models", 200, "{\"models\":[{\"name\":\"a\",\"ready\":false},{\"name\":\"b\"}]}", -1,
    "a/=NOT READY! b/=READY " },
  { URL, NULL, URL "/v1/models", 200, "{\"models\":[]}", -1, "" },
  { URL, URL "/lists", URL "/lists/v1/models", 200, "{\"models\":[]}", -1, "" },
  { URL, NULL, URL "/v1/models", 404, "{\"error\":\"Malformed request: GET /v1/models\"}",
    ASSAY_ERROR_NOT_FOUND, "TensorFlow" },
  { URL, NULL, URL "/v1/models", 200, "{\"models\":[7]}", ASSAY_ERROR_BAD_ANSWER, "models[0]" },
  { URL, NULL, URL "/v1/models", 200, "{\"models\":[\"\"]}", ASSAY_ERROR_BAD_ANSWER, "models[0]" },
  { URL, NULL, URL "/v1/models", 200, "{\"data\":[]}", ASSAY_ERROR_BAD_ANSWER, "models" },
  { URL, NULL, URL "/v1/models", 200, "[]", ASSAY_ERROR_BAD_ANSWER, NULL },
  { URL, NULL, URL "/v1/models", 503, "", ASSAY_ERROR_BUSY, NULL },
  { URL "/v1/models/f", NULL, URL "/v1/models/f", 200, STATUS, -1,
    "f/11=LOADING! f/10=AVAILABLE f/9=END! " },
  { URL "/v1/models/f/versions/9:predict", NULL, URL "/v1/models/f", 200, STATUS, -1,
    "f/11=LOADING! f/10=AVAILABLE f/9=END! " },
  { URL "/v1/models/f", NULL, URL "/v1/models/f", 200, "{\"name\":\"f\",\"ready\":true}", -1, "f/=READY " },
  { URL "/v1/models/f", NULL, URL "/v1/models/f", 200, "{\"name\":\"f\",\"ready\":false}", -1,
    "f/=NOT READY! " },
  { URL "/v1/models/f", NULL, URL "/v1/models/f", 503, "{\"name\":\"f\",\"ready\":false}", -1,
    "f/=NOT READY! " },
  { URL "/v1/models/f", NULL, URL "/v1/models/f", 503, "{\"error\":\"Model f is not ready.\"}",
    ASSAY_ERROR_BUSY, "not ready" },
  { URL "/v1/models/f", NULL, URL "/v1/models/f", 200, "{\"model_version_status\":[{\"state\":\"END\"}]}",
    ASSAY_ERROR_BAD_ANSWER, "model_version_status[0].version" },
  { URL "/v1/models/f", NULL, URL "/v1/models/f", 404,
    "{\"error\":\"Model with name f does not exist.\"}", ASSAY_ERROR_NOT_FOUND, "name f does not" },
  { URL "/v1/models/f", NULL, URL "/v1/models/f", 200, "{}", ASSAY_ERROR_BAD_ANSWER,
    "model_version_status" },
  /* SAP AI Core */
  { "https://api.example", LM, LM "/deployments?status=RUNNING", 200, "{\"count\":4,\"resources\":["
    RESOURCE ("d1", "flowers", DEPLOYMENT, "s", "RUNNING", "2021-09-27T06:40:21Z") ","
    RESOURCE ("d0", "flowers", DEPLOYMENT, "s", "RUNNING", "2022-09-27T06:40:21Z") ","
    RESOURCE ("d2", "", "", "s", "PENDING", "2021-09-27T06:40:21Z") ","
    RESOURCE ("d3", "chat", DEPLOYMENT, "foundation-models", "RUNNING", "2021-09-27T06:40:21Z")
    "]}", -1, "d2/d2=PENDING! flowers/d0=RUNNING flowers/d1=RUNNING " },
  { "https://api.example", LM "/", LM "/deployments?status=RUNNING", 200, "{\"count\":0,\"resources\":[]}",
    -1, "" },
  { "https://api.example", LM "?a=b", LM "/deployments?a=b&status=RUNNING", 200, "{\"resources\":[{}]}",
    ASSAY_ERROR_BAD_ANSWER, "resources[0].id" },
  { "https://api.example", LM, LM "/deployments?status=RUNNING", 404,
    "{\"error\":{\"code\":\"01\",\"message\":\"no such group\"}}", ASSAY_ERROR_NOT_FOUND, "no such group" },
};

static char *
print_versions (GPtrArray *versions)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < versions->len; i++)
    {
      const AssayModelVersion *version = versions->pdata[i];

      g_string_append_printf (out, "%s/%s=%s%s ", version->model, version->version, version->state,
                              version->callable ? "" : "!");
    }
  return g_string_free (out, FALSE);
}

static void
test_lists (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (LISTS); i++)
    {
      const List *self = &LISTS[i];
      const AssayProfile profile = { .url = (char *) self->url,
                                     .models_url = (char *) self->models_url };
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) requests = protocol->list (&profile, &error);
      g_autoptr (AssayReply) reply = new_reply (self->status, self->body);
      AssayReply *replies[] = { reply };
      g_autoptr (GPtrArray) versions = NULL;
      g_autofree char *text = NULL;

      g_test_message ("%u", i);
      g_assert_no_error (error);
      g_assert_true (protocol->can_list (&profile));
      g_assert_cmpuint (requests->len, ==, 1);
      g_assert_cmpstr (((AssayRequest *) requests->pdata[0])->url, ==, self->asked);
      versions = protocol->read_list (&profile, replies, 1, &error);
      if (self->code >= 0)
        {
          g_assert_error (error, ASSAY_ERROR, self->code);
          g_assert_true (self->wanted == NULL || strstr (error->message, self->wanted) != NULL);
          continue;
        }
      g_assert_no_error (error);
      text = print_versions (versions);
      g_assert_cmpstr (text, ==, self->wanted);
    }
}

/* ---- SAP AI Core ---- */

static const AssayProfile AI_CORE = {
  .url = (char *) "https://api.example",
  .models_url = (char *) LM,
};

typedef struct {
  const char *models;        /* the answer of the deployment's list */
  guint models_status;
  const char *wanted;
} Deployment;

static const Deployment DEPLOYMENTS[] = {
  { "{\"models\":[\"net\"]}", 200, DEPLOYMENT "/v1/models/net:predict" },
  { "{\"models\":[\"net\",\"other\"]}", 200, DEPLOYMENT "/v1/models/flowers:predict" },
  { "{\"models\":[7]}", 200, DEPLOYMENT "/v1/models/flowers:predict" },
  { "", 404, DEPLOYMENT "/v1/models/flowers:predict" },
  { "<html>", 200, DEPLOYMENT "/v1/models/flowers:predict" },
};

static void
check_deployment (const Deployment *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) requests = protocol->describe (&AI_CORE, "flowers", "d1", &error);
  g_autoptr (AssayReply) deployment = new_reply (
    200, RESOURCE ("d1", "flowers", DEPLOYMENT "/", "s", "RUNNING", "2021-09-27T06:40:21Z"));
  g_autoptr (AssayReply) models = new_reply (self->models_status, self->models);
  AssayReply *replies[] = { deployment, models };
  g_autoptr (AssayModelInfo) info = NULL;
  g_autoptr (AssayPayload) payload = new_payload ("a.jpg", "x");
  AssayQuery query = { .profile = &AI_CORE, .model = "flowers", .version = "d1",
                       .payloads = &payload, .n_payloads = 1 };
  g_autoptr (AssayRequest) request = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (requests->len, ==, 2);
  g_assert_cmpstr (((AssayRequest *) requests->pdata[0])->url, ==, LM "/deployments/d1");
  g_assert_cmpstr (((AssayRequest *) requests->pdata[1])->url, ==,
                   "https://api.example/v2/inference/deployments/d1/v1/models");
  g_assert_cmpstr (get_header (requests->pdata[0], "AI-Resource-Group"), ==, "default");
  info = protocol->read_describe (&AI_CORE, replies, 2, &error);
  g_assert_no_error (error);
  query.info = info;
  request = protocol->classify (&query, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (request->url, ==, self->wanted);
  g_assert_cmpstr (get_header (request, "AI-Resource-Group"), ==, "default");
}

static void
test_deployments (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (DEPLOYMENTS); i++)
    check_deployment (&DEPLOYMENTS[i]);
}

static void
test_deployment_faults (void)
{
  static const struct { guint status; const char *body; int code; } cases[] = {
    { 200, "{\"id\":\"d1\",\"deploymentUrl\":\"\"}", ASSAY_ERROR_BUSY },
    { 200, "{\"id\":\"d1\",\"deploymentUrl\":\"ftp://x\"}", ASSAY_ERROR_BAD_ANSWER },
    { 200, "{\"id\":\"d1\"}", ASSAY_ERROR_BAD_ANSWER },
    { 200, "[]", ASSAY_ERROR_BAD_ANSWER },
    { 404, "{\"error\":{\"message\":\"gone\"}}", ASSAY_ERROR_NOT_FOUND },
    { 401, "", ASSAY_ERROR_UNAUTHORIZED },
  };
  g_autoptr (AssayReply) models = new_reply (404, "");
  g_autoptr (GError) none = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayReply) deployment = new_reply (cases[i].status, cases[i].body);
      AssayReply *replies[] = { deployment, models };
      g_autoptr (GError) error = NULL;

      g_assert_null (protocol->read_describe (&AI_CORE, replies, 2, &error));
      g_assert_error (error, ASSAY_ERROR, cases[i].code);
    }
  g_assert_null (protocol->describe (&AI_CORE, "flowers", "", &none));
  g_assert_error (none, ASSAY_ERROR, ASSAY_ERROR_USAGE);
}

/* ---- unknown addresses ---- */

typedef struct {
  const char *address;
  const char *asked;
  guint status;
  const char *body;
  const char *service;       /* NULL: something else */
  const char *url;
  const char *model;
} Probe;

static const Probe PROBES[] = {
  { URL, URL "/v1/models", 200, "{\"models\":[\"a\"]}", "KServe", URL, NULL },
  { URL "/x/v1/models/", URL "/x/v1/models", 200, "{\"models\":[]}", "KServe", URL "/x", NULL },
  { URL "/v1/models/f:predict", URL "/v1/models/f", 200, STATUS, "TensorFlow Serving",
    URL "/v1/models/f", "f" },
  { URL "/v1/models/f", URL "/v1/models/f", 503, "{\"name\":\"f\",\"ready\":false}", "KServe",
    URL "/v1/models/f", "f" },
  { URL, URL "/v1/models", 200, "{\"object\":\"list\",\"data\":[]}", NULL, NULL, NULL },
  { URL, URL "/v1/models", 200, "{\"models\":[{\"name\":\"models/x\"}]}", NULL, NULL, NULL },
  { URL, URL "/v1/models", 404, "{\"models\":[\"a\"]}", NULL, NULL, NULL },
  { URL, URL "/v1/models", 200, "[]", NULL, NULL, NULL },
  { URL, URL "/v1/models", 0, "", NULL, NULL, NULL },
  { URL "/v1/models/f", URL "/v1/models/f", 200, "{\"id\":\"f\",\"object\":\"model\"}", NULL, NULL,
    NULL },
};

static void
test_probes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (PROBES); i++)
    {
      const Probe *self = &PROBES[i];
      const AssayProfile profile = { .url = (char *) self->address, .body = (char *) "instances:x" };
      g_autoptr (GPtrArray) requests = protocol->probe (&profile);
      g_autoptr (AssayReply) reply = new_reply (self->status, self->body);
      AssayReply *replies[] = { reply };
      g_autoptr (AssayDiscovered) found = NULL;

      g_test_message ("%u", i);
      g_assert_cmpuint (requests->len, ==, 1);
      g_assert_cmpstr (((AssayRequest *) requests->pdata[0])->url, ==, self->asked);
      found = protocol->read_probe (&profile, replies, 1);
      g_assert_cmpstr (found != NULL ? found->service : NULL, ==, self->service);
      if (found == NULL)
        continue;
      g_assert_cmpstr (found->profile->url, ==, self->url);
      g_assert_cmpstr (found->profile->body, ==, "instances:x");
      g_assert_cmpstr (found->model, ==, self->model);
    }
}

static void
test_probes_of_nothing (void)
{
  const AssayProfile nowhere = { 0 };
  const AssayProfile nonsense = { .url = (char *) "nonsense" };
  g_autoptr (GPtrArray) none = protocol->probe (&nowhere);
  g_autoptr (GPtrArray) neither = protocol->probe (&nonsense);

  g_assert_cmpuint (none->len + neither->len, ==, 0);
}

static void
test_probe_of_ai_core (void)
{
  g_autoptr (GPtrArray) requests = protocol->probe (&AI_CORE);
  g_autoptr (AssayReply) yes = new_reply (200, "{\"count\":0,\"resources\":[]}");
  g_autoptr (AssayReply) no = new_reply (200, "{\"models\":[]}");
  g_autoptr (AssayDiscovered) found = protocol->read_probe (&AI_CORE, &yes, 1);

  g_assert_cmpstr (((AssayRequest *) requests->pdata[0])->url, ==, LM "/deployments?status=RUNNING");
  g_assert_cmpstr (found->service, ==, "SAP AI Core");
  g_assert_cmpstr (found->profile->url, ==, AI_CORE.url);
  g_assert_cmpstr (found->profile->models_url, ==, LM);
  g_assert_null (protocol->read_probe (&AI_CORE, &no, 1));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/kserve/urls", test_urls);
  g_test_add_func ("/assay/kserve/bodies", test_bodies);
  g_test_add_func ("/assay/kserve/no-maker", test_no_maker);
  g_test_add_func ("/assay/kserve/numbers", test_numbers);
  g_test_add_func ("/assay/kserve/numbers-refused", test_numbers_refused);
  g_test_add_func ("/assay/kserve/shapes", test_shapes);
  g_test_add_func ("/assay/kserve/describe-requests", test_describe_requests);
  g_test_add_func ("/assay/kserve/describe-faults", test_describe_faults);
  g_test_add_func ("/assay/kserve/answers", test_answers);
  g_test_add_func ("/assay/kserve/several", test_several);
  g_test_add_func ("/assay/kserve/lists", test_lists);
  g_test_add_func ("/assay/kserve/deployments", test_deployments);
  g_test_add_func ("/assay/kserve/deployment-faults", test_deployment_faults);
  g_test_add_func ("/assay/kserve/probes", test_probes);
  g_test_add_func ("/assay/kserve/probes-of-nothing", test_probes_of_nothing);
  g_test_add_func ("/assay/kserve/probe-of-ai-core", test_probe_of_ai_core);
  return g_test_run ();
}
