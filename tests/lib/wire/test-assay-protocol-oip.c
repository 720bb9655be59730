/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Exchanges as the servers of the Open Inference Protocol describe them (protocols.md, B1). */

#include "config.h"

#include <string.h>

#include "assay-error.h"
#include "assay-protocol-oip-private.h"

#define BASE "http://h.example:8000"

/* ---- what models say ---- */

#define PORT(name, type, shape) \
  "{\"name\":\"" name "\",\"datatype\":\"" type "\",\"shape\":" shape "}"
#define MODEL(inputs, outputs, more) \
  "{\"name\":\"flowers\",\"versions\":[\"1\"],\"platform\":\"p\",\"inputs\":[" inputs "]," \
  "\"outputs\":[" outputs "]" more "}"

/* Triton's plain ONNX model, and one that takes files. */
#define TRITON MODEL (PORT ("data_0", "FP32", "[-1,3,1,2]"), PORT ("fc6_1", "FP32", "[-1,3]"), "")
#define TRITON_FILES \
  MODEL (PORT ("image", "BYTES", "[-1,1]"), PORT ("scores", "FP32", "[-1,3]"), "")
/* MLServer: a custom runtime, one without metadata, and the Hugging Face runtime. */
#define MLSERVER MODEL (PORT ("pixels", "UINT8", "[-1,2,1,3]"), PORT ("p", "FP64", "[-1,3]"), \
                        ",\"parameters\":{\"labels\":[\"daisy\",\"rose\",\"tulip\"]}")
#define MLSERVER_SILENT MODEL ("", "", ",\"parameters\":{}")
#define MLSERVER_HF \
  MODEL ("{\"name\":\"images\",\"datatype\":\"BYTES\",\"shape\":[-1]," \
         "\"parameters\":{\"content_type\":\"pillow_image\"}}", \
         PORT ("output", "BYTES", "[-1,1]"), "")
/* OpenVINO Model Server. */
#define OVMS MODEL (PORT ("x", "FP32", "[1,2,1,3]"), PORT ("y", "FP32", "[1,3]"), \
                    ",\"rt_info\":{\"model_info\":{\"labels\":\"daisy rose tulip\"}}")
/* assay-serve's own, and an ensemble's two outputs. */
#define PAIRS MODEL (PORT ("image", "BYTES", "[-1]"), \
                     PORT ("labels", "BYTES", "[-1,3]") "," PORT ("scores", "FP32", "[-1,3]"), "")

#define BINARY "\"binary_tensor_data\""
#define CLASSES "\"classification\""
#define SERVER(extensions) \
  "{\"name\":\"triton\",\"version\":\"2.50.0\",\"extensions\":[" extensions "]}"
#define TRITON_SERVER SERVER (CLASSES ",\"sequence\"," BINARY)

static char *const LABELS[] = { (char *) "a", (char *) "b", (char *) "c", NULL };

static GBytes *
new_bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static AssayReply *
new_reply (guint status,
           const char *body)
{
  g_autoptr (GBytes) bytes = new_bytes (body != NULL ? body : "");

  return assay_reply_new (status, "", "application/json", NULL, bytes);
}

/* Answers of a description: %NULL is what a server says of an address that it hasn't. */
static AssayModelInfo *
describe (const AssayProfile *profile,
          const char *model,
          const char *config,
          const char *server,
          GError **error)
{
  g_autoptr (AssayReply) first = new_reply (model != NULL ? 200 : 404, model);
  g_autoptr (AssayReply) second = new_reply (config != NULL ? 200 : 404, config);
  g_autoptr (AssayReply) third = new_reply (server != NULL ? 200 : 404, server);
  AssayReply *const replies[] = { first, second, third };

  return assay_protocol_oip.read_describe (profile, replies, G_N_ELEMENTS (replies), error);
}

/* ---- describing ---- */

typedef struct {
  const char *name;
  const char *model;
  const char *config;
  const char *server;
  AssayProfile profile;

  const char *input;
  const char *content_type;
  gboolean pixels;
  AssayPixelNeed need;
  guint rank;
  guint max_batch;
  gboolean binary;
  const char *output;
  guint classes;
  const char *labels;        /* with commas between */
} Described;

static const Described DESCRIBED[] = {
  { .name = "triton: pixels, channels first", .model = TRITON, .config = "{\"max_batch_size\":8}",
    .server = TRITON_SERVER, .input = "data_0", .pixels = TRUE,
    .need = { ASSAY_PIXELS_FP32, FALSE, 3, 2, 1 }, .rank = 4, .max_batch = 8, .binary = TRUE,
    .output = "fc6_1", .classes = 3 },
  { .name = "triton: a person's labels", .model = TRITON, .config = "{\"max_batch_size\":8}",
    .server = TRITON_SERVER, .profile = { .labels = (char **) LABELS }, .input = "data_0",
    .pixels = TRUE, .need = { ASSAY_PIXELS_FP32, FALSE, 3, 2, 1 }, .rank = 4, .max_batch = 8,
    .binary = TRUE, .output = "fc6_1" },
  { .name = "triton: no configuration", .model = TRITON, .server = SERVER (BINARY),
    .input = "data_0", .pixels = TRUE, .need = { ASSAY_PIXELS_FP32, FALSE, 3, 2, 1 }, .rank = 4,
    .max_batch = 16, .binary = TRUE },
  { .name = "triton: files", .model = TRITON_FILES, .config = "{\"max_batch_size\":4}",
    .server = TRITON_SERVER, .input = "image", .rank = 2, .max_batch = 4, .binary = TRUE,
    .output = "scores", .classes = 3 },
  { .name = "triton: as many classes as there are",
    .model = MODEL (PORT ("image", "BYTES", "[1]"), PORT ("s", "FP32", "[-1]"), ""),
    .server = TRITON_SERVER, .input = "image", .rank = 1, .max_batch = 1, .binary = TRUE,
    .output = "s", .classes = 1000 },
  { .name = "triton: one picture, no batches",
    .model = MODEL (PORT ("i", "FP32", "[3,4,5]"), PORT ("o", "FP32", "[3]"), ""),
    .config = "{\"max_batch_size\":0}", .server = SERVER (BINARY), .input = "i", .pixels = TRUE,
    .need = { ASSAY_PIXELS_FP32, FALSE, 3, 5, 4 }, .rank = 3, .max_batch = 1, .binary = TRUE },
  { .name = "triton: any size", .server = SERVER (BINARY),
    .model = MODEL (PORT ("i", "FP32", "[-1,3,-1,-1]"), PORT ("o", "FP32", "[-1,3]"), ""),
    .input = "i", .pixels = TRUE, .need = { ASSAY_PIXELS_FP32, FALSE, 3, 0, 0 }, .rank = 4,
    .max_batch = 16, .binary = TRUE },
  { .name = "mlserver: pixels, channels last", .model = MLSERVER, .server = SERVER (""),
    .input = "pixels", .pixels = TRUE, .need = { ASSAY_PIXELS_UINT8, TRUE, 3, 1, 2 }, .rank = 4,
    .max_batch = 16, .output = "p", .labels = "daisy,rose,tulip" },
  { .name = "mlserver: nothing said", .model = MLSERVER_SILENT, .server = SERVER (""),
    .input = "image", .rank = 1, .max_batch = 1 },
  { .name = "mlserver: Hugging Face", .model = MLSERVER_HF, .server = SERVER (""),
    .input = "images", .content_type = "pillow_image", .rank = 1, .max_batch = 16 },
  { .name = "mlserver: an input that a person names", .model = MLSERVER_SILENT,
    .server = SERVER (""), .profile = { .body = (char *) "photo:image/jpeg" }, .input = "photo",
    .content_type = "image/jpeg", .rank = 1, .max_batch = 1 },
  { .name = "kserve: no extensions", .model = PAIRS, .server = "{\"name\":\"kserve\"}",
    .input = "image", .rank = 1, .max_batch = 16 },
  { .name = "kserve: no word of the server", .model = PAIRS, .input = "image", .rank = 1,
    .max_batch = 16 },
  { .name = "a pair of outputs, and labels", .model = PAIRS, .server = SERVER (BINARY),
    .profile = { .labels = (char **) LABELS }, .input = "image", .rank = 1, .max_batch = 16,
    .binary = TRUE, .output = "scores" },
  { .name = "ovms: labels with spaces between", .model = OVMS, .server = SERVER ("\"binary_data\""),
    .input = "x", .pixels = TRUE, .need = { ASSAY_PIXELS_FP32, TRUE, 3, 1, 2 }, .rank = 4,
    .max_batch = 1, .binary = TRUE, .output = "y", .labels = "daisy,rose,tulip" },
  { .name = "files before pixels", .server = SERVER (""),
    .model = MODEL (PORT ("x", "FP32", "[-1,3,8,8]") "," PORT ("file", "BYTES", "[-1]"),
                    PORT ("y", "FP32", "[-1,3]"), ",\"parameters\":{\"max_batch_size\":5}"),
    .input = "file", .rank = 1, .max_batch = 5 },
  { .name = "the input that a person chooses", .server = SERVER (""),
    .model = MODEL (PORT ("x", "FP32", "[-1,3,8,9]") "," PORT ("file", "BYTES", "[-1]"),
                    PORT ("y", "FP32", "[-1,3]"), ""),
    .profile = { .body = (char *) "x" }, .input = "x", .pixels = TRUE,
    .need = { ASSAY_PIXELS_FP32, FALSE, 3, 9, 8 }, .rank = 4, .max_batch = 16 },
  { .name = "gray", .server = SERVER (""),
    .model = MODEL (PORT ("x", "UINT8", "[-1,1,28,28]"), PORT ("y", "FP32", "[-1,3]"), ""),
    .input = "x", .pixels = TRUE, .need = { ASSAY_PIXELS_UINT8, FALSE, 1, 28, 28 }, .rank = 4,
    .max_batch = 16 },
};

static void
check_description (const Described *self,
                   const AssayModelInfo *info)
{
  const AssayOipPlan *plan = info->own;
  g_autofree char *labels = info->labels != NULL ? g_strjoinv (",", info->labels) : NULL;

  g_assert_cmpstr (plan->input, ==, self->input);
  g_assert_cmpstr (plan->content_type, ==, self->content_type);
  g_assert_cmpuint (plan->rank, ==, self->rank);
  g_assert_cmpint (plan->binary, ==, self->binary);
  g_assert_cmpstr (plan->output, ==, self->output);
  g_assert_cmpuint (plan->classes, ==, self->classes);
  g_assert_cmpuint (info->max_batch, ==, self->max_batch);
  g_assert_cmpstr (labels, ==, self->labels);
  g_assert_cmpint (info->takes_pixels, ==, self->pixels);
  if (!self->pixels)
    return;
  g_assert_cmpint (info->need.type, ==, self->need.type);
  g_assert_cmpint (info->need.channels_last, ==, self->need.channels_last);
  g_assert_cmpuint (info->need.channels, ==, self->need.channels);
  g_assert_cmpuint (info->need.width, ==, self->need.width);
  g_assert_cmpuint (info->need.height, ==, self->need.height);
}

static void
test_describes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (DESCRIBED); i++)
    {
      const Described *self = &DESCRIBED[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayModelInfo) info = describe (&self->profile, self->model, self->config,
                                                  self->server, &error);

      g_test_message ("%s", self->name);
      g_assert_no_error (error);
      check_description (self, info);
    }
}

typedef struct {
  const char *model;         /* (nullable): 404 */
  const char *body;          /* (nullable): of the profile */
  int code;
  const char *part;          /* of what is said */
} Indescribable;

static const Indescribable INDESCRIBABLE[] = {
  { NULL, NULL, ASSAY_ERROR_NOT_FOUND, "no such address" },
  { "<html>hello</html>", NULL, ASSAY_ERROR_BAD_ANSWER, "web page" },
  { "{\"name\":\"flowers\"}", NULL, ASSAY_ERROR_BAD_ANSWER, "inputs is missing" },
  { MODEL (PORT ("ids", "INT64", "[-1,-1]"), "", ""), NULL, ASSAY_ERROR_UNSUPPORTED,
    "“ids” is INT64 of shape [-1, -1]" },
  { MODEL (PORT ("x", "FP32", "[-1,4]"), "", ""), NULL, ASSAY_ERROR_UNSUPPORTED,
    "“x” is FP32 of shape [-1, 4]" },
  /* 729 MB a picture. */
  { MODEL (PORT ("x", "FP32", "[1,3,9000,9000]"), "", ""), NULL, ASSAY_ERROR_UNSUPPORTED,
    "of shape [1, 3, 9000, 9000]" },
  { MODEL (PORT ("x", "FP32", "[]"), "", ""), NULL, ASSAY_ERROR_UNSUPPORTED, "of shape []" },
  { MODEL (PORT ("x", "FP16", "[-1,3,8,8]"), "", ""), NULL, ASSAY_ERROR_UNSUPPORTED, "FP16" },
  { MODEL (PORT ("x", "FP32", "[-1,4,8,8]"), "", ""), NULL, ASSAY_ERROR_UNSUPPORTED,
    "[-1, 4, 8, 8]" },
  { MODEL (PORT ("x", "FP32", "[-1,3,8,8]") "," PORT ("ids", "INT64", "[1]"), "", ""), "ids",
    ASSAY_ERROR_UNSUPPORTED, "takes neither image files nor pixels" },
  /* Exactly so many pictures, and no way to send them one by one. */
  { MODEL (PORT ("x", "FP32", "[4,3,8,8]"), "", ""), NULL, ASSAY_ERROR_UNSUPPORTED,
    "[4, 3, 8, 8]" },
  { MODEL (PORT ("x", "FP32", "[-1,3,99999999999,8]"), "", ""), NULL, ASSAY_ERROR_UNSUPPORTED,
    "99999999999" },
};

static void
test_refuses_models (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (INDESCRIBABLE); i++)
    {
      const Indescribable *self = &INDESCRIBABLE[i];
      const AssayProfile profile = { .body = (char *) self->body };
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayModelInfo) info = describe (&profile, self->model, NULL, SERVER (""), &error);

      g_assert_null (info);
      g_assert_error (error, ASSAY_ERROR, self->code);
      g_test_message ("%u: %s", i, error->message);
      g_assert_nonnull (strstr (error->message, self->part));
    }
}

typedef struct {
  const char *model;
  const char *version;
  const char *urls[3];       /* NULL: a usage error */
} Asked;

static const Asked ASKED[] = {
  { "flowers", "2", { "/v2/models/flowers/versions/2", "/v2/models/flowers/versions/2/config",
                      "/v2" } },
  { "flowers", "", { "/v2/models/flowers", "/v2/models/flowers/config", "/v2" } },
  { "flowers", NULL, { "/v2/models/flowers", "/v2/models/flowers/config", "/v2" } },
  { "my flowers/ä", "1 2", { "/v2/models/my%20flowers%2F%C3%A4/versions/1%202",
                             "/v2/models/my%20flowers%2F%C3%A4/versions/1%202/config", "/v2" } },
  { "", "", { NULL } },
  { NULL, NULL, { NULL } },
  { "..", "", { NULL } },
};

static void
test_asks_for_description (void)
{
  const AssayProfile profile = { .url = (char *) BASE "/" };

  for (guint i = 0; i < G_N_ELEMENTS (ASKED); i++)
    {
      const Asked *self = &ASKED[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) requests =
        assay_protocol_oip.describe (&profile, self->model, self->version, &error);

      if (self->urls[0] == NULL)
        {
          g_assert_null (requests);
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (requests->len, ==, 3);
      for (guint k = 0; k < 3; k++)
        {
          const AssayRequest *request = requests->pdata[k];

          g_assert_cmpstr (request->method, ==, "GET");
          g_assert_true (g_str_has_prefix (request->url, BASE));
          g_assert_cmpstr (request->url + strlen (BASE), ==, self->urls[k]);
          g_assert_null (request->body);
        }
    }
}

/* ---- requests ---- */

/* A picture that is its own tensor: what preprocessing makes of one is proven elsewhere. */
static AssayPayload *
take_as_pixels (AssayPayload *picture,
                AssayPixelNeed *need,
                const char *preprocess,
                GError **error)
{
  if (g_strcmp0 (preprocess, "impossible") == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "impossible");
      return NULL;
    }
  need->width = need->width > 0 ? need->width : 2;
  need->height = need->height > 0 ? need->height : 1;
  need->channels = 3;
  return assay_payload_ref (picture);
}

/* The floats 0, 1, 2, -1, 0.5, 1.5, as they lie behind the JSON. */
#define FLOATS "\0\0\0\0" "\0\0\200\77" "\0\0\0\100" "\0\0\200\277" "\0\0\0\77" "\0\0\300\77"
#define DIGITS " 0.00000000e+00, 1.00000000e+00, 2.00000000e+00,-1.00000000e+00," \
               " 5.00000000e-01, 1.50000000e+00"
#define LEVELS "\0\1\2\144\376\377"
#define LEVEL_DIGITS "  0,  1,  2,100,254,255"

#define BYTES(text) text, sizeof (text) - 1

typedef struct {
  const char *name;
  const char *model;
  const char *server;
  AssayProfile profile;
  const char *picture;
  gsize picture_length;
  guint n;                   /* the same picture, so often */
  const char *json;          /* of the body */
  const char *behind;        /* it, of one picture; NULL where all is JSON */
  gsize behind_length;
} Written;

static const Written WRITTEN[] = {
  { "triton: pixels", TRITON, TRITON_SERVER, { 0 }, BYTES (FLOATS), 1,
    "{\"inputs\":[{\"name\":\"data_0\",\"shape\":[1,3,1,2],\"datatype\":\"FP32\","
    "\"parameters\":{\"binary_data_size\":24}}],"
    "\"outputs\":[{\"name\":\"fc6_1\","
    "\"parameters\":{\"classification\":3,\"binary_data\":false}}]}",
    BYTES (FLOATS) },
  { "triton: pixels of three", TRITON, TRITON_SERVER, { 0 }, BYTES (FLOATS), 3,
    "{\"inputs\":[{\"name\":\"data_0\",\"shape\":[3,3,1,2],\"datatype\":\"FP32\","
    "\"parameters\":{\"binary_data_size\":72}}],"
    "\"outputs\":[{\"name\":\"fc6_1\","
    "\"parameters\":{\"classification\":3,\"binary_data\":false}}]}",
    BYTES (FLOATS) },
  { "triton: files", TRITON_FILES, TRITON_SERVER, { .labels = (char **) LABELS },
    BYTES ("J\0PG"), 1,
    "{\"inputs\":[{\"name\":\"image\",\"shape\":[1,1],\"datatype\":\"BYTES\","
    "\"parameters\":{\"binary_data_size\":8}}],"
    "\"outputs\":[{\"name\":\"scores\",\"parameters\":{\"binary_data\":false}}]}",
    BYTES ("\4\0\0\0J\0PG") },
  { "triton: files of three", TRITON_FILES, TRITON_SERVER, { .labels = (char **) LABELS },
    BYTES ("J\0PG"), 3,
    "{\"inputs\":[{\"name\":\"image\",\"shape\":[3,1],\"datatype\":\"BYTES\","
    "\"parameters\":{\"binary_data_size\":24}}],"
    "\"outputs\":[{\"name\":\"scores\",\"parameters\":{\"binary_data\":false}}]}",
    BYTES ("\4\0\0\0J\0PG") },
  { "mlserver: pixels", MLSERVER, SERVER (""), { 0 }, BYTES (LEVELS), 1,
    "{\"inputs\":[{\"name\":\"pixels\",\"shape\":[1,2,1,3],\"datatype\":\"UINT8\","
    "\"data\":[" LEVEL_DIGITS "]}],\"outputs\":[{\"name\":\"p\"}]}", NULL, 0 },
  { "mlserver: pixels of three", MLSERVER, SERVER (""), { 0 }, BYTES (LEVELS), 3,
    "{\"inputs\":[{\"name\":\"pixels\",\"shape\":[3,2,1,3],\"datatype\":\"UINT8\","
    "\"data\":[" LEVEL_DIGITS "," LEVEL_DIGITS "," LEVEL_DIGITS "]}],"
    "\"outputs\":[{\"name\":\"p\"}]}", NULL, 0 },
  { "mlserver: nothing said", MLSERVER_SILENT, SERVER (""), { 0 }, BYTES ("J\0PG"), 1,
    "{\"inputs\":[{\"name\":\"image\",\"shape\":[1],\"datatype\":\"BYTES\","
    "\"parameters\":{\"content_type\":\"base64\"},\"data\":[\"SgBQRw==\"]}]}", NULL, 0 },
  { "mlserver: Hugging Face, three", MLSERVER_HF, SERVER (""), { 0 }, BYTES ("J\0PG"), 3,
    "{\"inputs\":[{\"name\":\"images\",\"shape\":[3],\"datatype\":\"BYTES\","
    "\"parameters\":{\"content_type\":\"pillow_image\"},"
    "\"data\":[\"SgBQRw==\",\"SgBQRw==\",\"SgBQRw==\"]}]}", NULL, 0 },
  { "kserve: pixels", TRITON, NULL, { .labels = (char **) LABELS }, BYTES (FLOATS), 1,
    "{\"inputs\":[{\"name\":\"data_0\",\"shape\":[1,3,1,2],\"datatype\":\"FP32\","
    "\"data\":[" DIGITS "]}],\"outputs\":[{\"name\":\"fc6_1\"}]}", NULL, 0 },
  { "one picture, no batches",
    MODEL (PORT ("a \\\"b\\\"", "UINT8", "[3,-1,-1]"), PORT ("o", "FP32", "[3]"), ""),
    SERVER (BINARY), { 0 }, BYTES (LEVELS), 1,
    "{\"inputs\":[{\"name\":\"a \\\"b\\\"\",\"shape\":[3,1,2],\"datatype\":\"UINT8\","
    "\"parameters\":{\"binary_data_size\":6}}]}",
    BYTES (LEVELS) },
};

static void
append_part (GByteArray *out,
             const AssayBody *body,
             guint part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = assay_body_open_part (body, part, NULL, &error);
  guint8 buffer[512];
  gssize got;

  g_assert_no_error (error);
  while ((got = g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error)) > 0)
    g_byte_array_append (out, buffer, (guint) got);
  g_assert_no_error (error);
}

static GByteArray *
read_body (const AssayBody *body)
{
  GByteArray *out = g_byte_array_new ();

  for (guint i = 0; i < assay_body_get_n_parts (body); i++)
    append_part (out, body, i);
  g_assert_cmpuint (out->len, ==, assay_body_get_length (body));
  return out;
}

static const char *
find_header (const AssayRequest *request,
             const char *name)
{
  for (guint i = 0; i < request->headers->len; i++)
    {
      const AssayHeader *header = request->headers->pdata[i];

      if (g_ascii_strcasecmp (header->name, name) == 0)
        return header->value;
    }
  return NULL;
}

static AssayRequest *
ask (const Written *self,
     const AssayModelInfo *info,
     GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (self->picture, self->picture_length);
  g_autoptr (AssayPayload) payload = assay_payload_new_bytes ("a.jpg", "image/jpeg", bytes);
  AssayPayload *payloads[] = { payload, payload, payload };
  g_autoptr (AssayProfile) profile = assay_profile_copy (&self->profile);
  const AssayQuery query = {
    .profile = profile,
    .info = info,
    .model = "flowers",
    .version = "2",
    .payloads = payloads,
    .n_payloads = self->n,
    .pixels = take_as_pixels,
  };

  g_free (profile->url);
  profile->url = g_strdup (BASE);
  return assay_protocol_oip.classify (&query, error);
}

static void
check_request (const Written *self,
               const AssayRequest *request)
{
  g_autoptr (GByteArray) body = read_body (request->body);
  gsize json_length = strlen (self->json);
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, json_length);
  g_autofree char *json = g_strndup ((const char *) body->data, MIN (json_length, body->len));

  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (request->url, ==, BASE "/v2/models/flowers/versions/2/infer");
  g_assert_cmpstr (find_header (request, "Accept"), ==, "application/json");
  g_assert_cmpstr (find_header (request, "Inference-Header-Content-Length"), ==,
                   self->behind != NULL ? length : NULL);
  g_assert_cmpstr (assay_body_get_media_type (request->body), ==,
                   self->behind != NULL ? "application/octet-stream" : "application/json");
  g_assert_cmpstr (json, ==, self->json);
  g_assert_cmpuint (body->len, ==, json_length + self->n * self->behind_length);
  for (guint i = 0; i < self->n && self->behind != NULL; i++)
    g_assert_cmpmem (body->data + json_length + i * self->behind_length, self->behind_length,
                     self->behind, self->behind_length);
}

static void
test_writes_requests (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (WRITTEN); i++)
    {
      const Written *self = &WRITTEN[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayModelInfo) info = describe (&self->profile, self->model, NULL, self->server,
                                                  &error);
      g_autoptr (AssayRequest) request = NULL;

      g_test_message ("%s", self->name);
      g_assert_no_error (error);
      request = ask (self, info, &error);
      g_assert_no_error (error);
      check_request (self, request);
    }
}

static void
test_impossible_pixels (void)
{
  const Written written = {
    .profile = { .preprocess = (char *) "impossible" },
    .picture = "x",
    .picture_length = 1,
    .n = 1,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayModelInfo) info = describe (&written.profile, TRITON, NULL, NULL, &error);
  g_autoptr (AssayRequest) request = ask (&written, info, &error);

  g_assert_null (request);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
}

/* ---- answers ---- */

#define ANSWER(outputs) "{\"model_name\":\"flowers\",\"outputs\":[" outputs "]}"
#define OUTPUT(name, type, shape, data) \
  "{\"name\":\"" name "\",\"datatype\":\"" type "\",\"shape\":" shape ",\"data\":" data "}"

typedef struct {
  const char *name;
  const char *model;
  AssayProfile profile;
  guint n;
  const char *answer;
  const char *labels[3];     /* the best of each picture */
  double scores[3];
  guint n_scores;
} Answered;

static const Answered ANSWERED[] = {
  { "scores alone", TRITON, { 0 }, 1,
    ANSWER (OUTPUT ("fc6_1", "FP32", "[1,3]", "[0.1,0.7,0.2]")), { "class 1" }, { 0.7 }, 3 },
  { "nested", TRITON, { 0 }, 1,
    ANSWER (OUTPUT ("fc6_1", "FP32", "[1,3]", "[[0.1,0.7,0.2]]")), { "class 1" }, { 0.7 }, 3 },
  { "three", TRITON, { .labels = (char **) LABELS }, 3,
    ANSWER (OUTPUT ("fc6_1", "FP32", "[3,3]", "[[8,1,2],[1,8.5,2],[1,2,9e0]]")), { "a", "b", "c" },
    { 8, 8.5, 9 }, 3 },
  { "no batch", TRITON, { 0 }, 1, ANSWER (OUTPUT ("fc6_1", "FP64", "[3]", "[-0.5,0.25,-1]")),
    { "class 1" }, { 0.25 }, 3 },
  { "one with four dimensions", TRITON, { 0 }, 1,
    ANSWER (OUTPUT ("fc6_1", "FP32", "[1,3,1,1]", "[1,3,2]")), { "class 1" }, { 3 }, 3 },
  { "MLServer's own fields", MLSERVER, { 0 }, 1,
    "{\"model_name\":\"flowers\",\"model_version\":\"1\",\"id\":\"42\",\"parameters\":null,"
    "\"outputs\":[{\"name\":\"p\",\"shape\":[1,3],\"datatype\":\"FP32\",\"parameters\":null,"
    "\"data\":[0.1,0.7,0.2]}]}",
    { "rose" }, { 0.7 }, 3 },
  { "softmax", TRITON, { .softmax = TRUE }, 1,
    ANSWER (OUTPUT ("fc6_1", "FP32", "[1,2]", "[0,0]")), { "class 0" }, { 0.5 }, 2 },
  { "percent", TRITON, { .percent = TRUE }, 1,
    ANSWER (OUTPUT ("fc6_1", "FP32", "[1,2]", "[25,75]")), { "class 1" }, { 0.75 }, 2 },
  { "other output first", OVMS, { 0 }, 1,
    ANSWER (OUTPUT ("features", "FP32", "[1,4]", "[9,9,9,9]") ","
            OUTPUT ("y", "FP32", "[1,3]", "[0,0,1]")), { "tulip" }, { 1 }, 3 },
  { "a pair", PAIRS, { 0 }, 2,
    ANSWER (OUTPUT ("labels", "BYTES", "[2,2]", "[\"rose\",\"tulip\",\"a:b,c\",\"\"]") ","
            OUTPUT ("scores", "FP32", "[2,2]", "[0.25,0.75,0.5,0.125]")),
    { "tulip", "a:b,c" }, { 0.75, 0.5 }, 2 },
  { "a pair, before a person's labels", PAIRS, { .labels = (char **) LABELS }, 1,
    ANSWER (OUTPUT ("labels", "BYTES", "[1,2]", "[\"rose\",\"tulip\"]") ","
            OUTPUT ("scores", "FP32", "[1,2]", "[0.25,0.75]")), { "tulip" }, { 0.75 }, 2 },
  { "classification", TRITON, { 0 }, 1,
    ANSWER (OUTPUT ("fc6_1", "BYTES", "[1,3]", "[\"3.5:1:rose\",\"2:0:daisy\",\"-1e-3:2:tulip\"]")),
    { "rose" }, { 3.5 }, 3 },
  { "classification of two, colons in labels", TRITON, { 0 }, 2,
    ANSWER (OUTPUT ("fc6_1", "BYTES", "[2,1]", "[\"3.5:1:rose: red\",\"0.25:0:a::b\"]")),
    { "rose: red", "a::b" }, { 3.5, 0.25 }, 1 },
  { "classification without labels", TRITON, { 0 }, 1,
    ANSWER (OUTPUT ("fc6_1", "BYTES", "[2]", "[\"0.75:1\",\"0.25:0\"]")), { "class 1" }, { 0.75 },
    2 },
  { "classification, softmax", TRITON, { .softmax = TRUE }, 1,
    ANSWER (OUTPUT ("fc6_1", "BYTES", "[1,2]", "[\"2:1:b\",\"2:0:a\"]")), { "a" }, { 0.5 }, 2 },
  { "Hugging Face: a list for each", MLSERVER_HF, { 0 }, 2,
    ANSWER ("{\"name\":\"output\",\"shape\":[2,1],\"datatype\":\"BYTES\","
            "\"parameters\":{\"content_type\":\"hg_jsonlist\"},\"data\":["
            "\"[{\\\"label\\\": \\\"cat\\\", \\\"score\\\": 0.75}, {\\\"label\\\": \\\"dog\\\", "
            "\\\"score\\\": 0.25}]\","
            "\"[{\\\"label\\\": \\\"cat\\\", \\\"score\\\": 0.125}, {\\\"label\\\": \\\"dog\\\", "
            "\\\"score\\\": 0.875}]\"]}"), { "cat", "dog" }, { 0.75, 0.875 }, 2 },
  { "Hugging Face: an object for each label", MLSERVER_HF, { 0 }, 1,
    ANSWER (OUTPUT ("output", "BYTES", "[2,1]",
                    "[\"{\\\"label\\\": \\\"cat\\\", \\\"score\\\": 0.25}\","
                    "\"{\\\"label\\\": \\\"dog\\\", \\\"score\\\": 0.5}\"]")),
    { "dog" }, { 0.5 }, 2 },
};

static GPtrArray *
read_answer (const char *model,
             const AssayProfile *profile,
             guint n,
             guint status,
             const char *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayModelInfo) info = describe (profile, model, NULL, TRITON_SERVER, &error);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (AssayPayload) payload = assay_payload_new_bytes ("a.jpg", "image/jpeg", bytes);
  AssayPayload *payloads[] = { payload, payload, payload };
  g_autoptr (AssayReply) reply = new_reply (status, answer);
  const AssayQuery query = {
    .profile = profile,
    .info = info,
    .payloads = payloads,
    .n_payloads = n,
  };
  GPtrArray *outcomes;

  g_assert_no_error (error);
  outcomes = assay_protocol_oip.read_classify (&query, reply);
  g_assert_cmpuint (outcomes->len, ==, n);
  return outcomes;
}

static void
test_reads_answers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ANSWERED); i++)
    {
      const Answered *self = &ANSWERED[i];
      g_autoptr (GPtrArray) outcomes = read_answer (self->model, &self->profile, self->n, 200,
                                                    self->answer);

      g_test_message ("%s", self->name);
      for (guint k = 0; k < self->n; k++)
        {
          AssayPrediction *prediction = assay_outcome_get_prediction (outcomes->pdata[k]);

          g_assert_no_error (assay_outcome_get_error (outcomes->pdata[k]));
          g_assert_cmpuint (assay_prediction_get_n (prediction), ==, self->n_scores);
          g_assert_cmpstr (assay_prediction_get_label (prediction, 0), ==, self->labels[k]);
          g_assert_cmpfloat_with_epsilon (assay_prediction_get_score (prediction, 0),
                                          self->scores[k], 1e-7);
          g_assert_nonnull (assay_outcome_get_raw (outcomes->pdata[k]));
        }
    }
}

typedef struct {
  guint status;
  const char *answer;
  int code;
  const char *part;
} Failed;

static const Failed FAILED[] = {
  /* In the words of Triton, MLServer (two kinds) and KServe. */
  { 400, "{\"error\":\"[request id: <id_unknown>] inference request batch-size must be <= 8\"}",
    ASSAY_ERROR_REFUSED, "batch-size must be <= 8" },
  { 404, "{\"error\":\"Model flowers with version 9 not found\"}", ASSAY_ERROR_NOT_FOUND,
    "version 9 not found" },
  { 422, "{\"detail\":[{\"loc\":[\"body\",\"inputs\"],\"msg\":\"field required\","
         "\"type\":\"value_error.missing\"}]}", ASSAY_ERROR_REFUSED, "field required" },
  { 500, "{\"error\":\"InferenceError: out of memory\"}", ASSAY_ERROR_SERVICE, "out of memory" },
  { 501, "{\"error\":\"Model versioning not supported yet.\"}", ASSAY_ERROR_SERVICE,
    "versioning not supported" },
  { 503, "{\"error\":\"Model flowers is not ready.\"}", ASSAY_ERROR_BUSY, "not ready" },
  { 403, "{\"error\":\"This API is restricted, expecting header 'k'\"}", ASSAY_ERROR_FORBIDDEN,
    "restricted" },
  { 415, "", ASSAY_ERROR_REFUSED, "415" },
  { 502, "<html><body>Bad Gateway</body></html>", ASSAY_ERROR_SERVICE, "Bad Gateway" },
  /* Successes that are none. */
  { 200, "", ASSAY_ERROR_BAD_ANSWER, "cannot be used. It is empty." },
  { 200, "<html></html>", ASSAY_ERROR_BAD_ANSWER, "web page" },
  { 200, "{\"outputs\":", ASSAY_ERROR_BAD_ANSWER, "line 1" },
  { 200, "[]", ASSAY_ERROR_BAD_ANSWER, "not an object" },
  { 200, "{\"model_name\":\"flowers\"}", ASSAY_ERROR_BAD_ANSWER, "outputs is missing" },
  { 200, ANSWER (""), ASSAY_ERROR_BAD_ANSWER, "no output with scores" },
  { 200, ANSWER (OUTPUT ("n", "INT64", "[1]", "[3]")), ASSAY_ERROR_BAD_ANSWER,
    "no output with scores" },
  { 200, ANSWER (OUTPUT ("fc6_1", "FP32", "[1,3]", "[0.1,0.7]")), ASSAY_ERROR_BAD_ANSWER, "" },
  { 200, ANSWER (OUTPUT ("fc6_1", "FP32", "[1,2]", "[0.1,0.7,0.2]")), ASSAY_ERROR_BAD_ANSWER, "" },
  { 200, ANSWER (OUTPUT ("fc6_1", "FP32", "[1,0]", "[]")), ASSAY_ERROR_BAD_ANSWER, "0 values" },
  { 200, ANSWER (OUTPUT ("fc6_1", "FP32", "[1,2]", "[0.1,NaN]")), ASSAY_ERROR_BAD_ANSWER, "" },
  { 200, ANSWER (OUTPUT ("fc6_1", "FP32", "[1,2]", "[0.1,null]")), ASSAY_ERROR_BAD_ANSWER, "" },
  { 200, ANSWER (OUTPUT ("fc6_1", "FP32", "[1,2]", "[0.1,1e999]")), ASSAY_ERROR_BAD_ANSWER, "" },
  { 200, ANSWER (OUTPUT ("fc6_1", "FP32", "[1,2]", "[0.1,\"1\"]")), ASSAY_ERROR_BAD_ANSWER, "" },
  { 200, ANSWER (OUTPUT ("fc6_1", "FP32", "[-1,2]", "[0.1,1]")), ASSAY_ERROR_BAD_ANSWER, "" },
  { 200, ANSWER (OUTPUT ("fc6_1", "BYTES", "[1,1]", "[\"rose\"]")), ASSAY_ERROR_BAD_ANSWER,
    "“rose” is no score with its class" },
  { 200, ANSWER (OUTPUT ("fc6_1", "BYTES", "[1,1]", "[\"0.5\"]")), ASSAY_ERROR_BAD_ANSWER,
    "“0.5” is no score" },
  { 200, ANSWER (OUTPUT ("fc6_1", "BYTES", "[1,1]", "[\"0.5:x:rose\"]")), ASSAY_ERROR_BAD_ANSWER,
    "no score with its class" },
  { 200, ANSWER (OUTPUT ("fc6_1", "BYTES", "[1,1]", "[\"nan:1:rose\"]")), ASSAY_ERROR_BAD_ANSWER,
    "" },
  { 200, ANSWER (OUTPUT ("fc6_1", "BYTES", "[1,1]", "[\"[broken\"]")), ASSAY_ERROR_BAD_ANSWER,
    "cannot be used. This is not JSON" },
  { 200, "{\"error\":\"CUDA out of memory\"}", ASSAY_ERROR_REFUSED, "CUDA out of memory" },
  /* Binary data that nobody wanted: no word says where the JSON ends. */
  { 200, ANSWER ("{\"name\":\"fc6_1\",\"datatype\":\"FP32\",\"shape\":[1,1],"
                 "\"parameters\":{\"binary_data_size\":4}}") "abcd", ASSAY_ERROR_BAD_ANSWER, "" },
};

static void
test_names_the_fault (void)
{
  const AssayProfile profile = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (FAILED); i++)
    for (guint n = 1; n <= 3; n += 2)
      {
        const Failed *self = &FAILED[i];
        g_autoptr (GPtrArray) outcomes = read_answer (TRITON, &profile, n, self->status,
                                                      self->answer);

        for (guint k = 0; k < n; k++)
          {
            const GError *error = assay_outcome_get_error (outcomes->pdata[k]);

            g_assert_error (error, ASSAY_ERROR, self->code);
            if (k == 0)
              g_test_message ("%u, %u: %s", i, n, error->message);
            if (n == 1)
              g_assert_nonnull (strstr (error->message, self->part));
          }
      }
}

/* Scores that can't be shared out among the pictures, and labels of another number. */
static void
test_counts (void)
{
  const AssayProfile labelled = { .labels = (char **) LABELS };
  const AssayProfile plain = { 0 };
  g_autoptr (GPtrArray) few =
    read_answer (TRITON, &plain, 3, 200, ANSWER (OUTPUT ("fc6_1", "FP32", "[2,2]", "[1,2,3,4]")));
  g_autoptr (GPtrArray) other =
    read_answer (TRITON, &labelled, 1, 200, ANSWER (OUTPUT ("fc6_1", "FP32", "[1,2]", "[1,2]")));

  g_assert_error (assay_outcome_get_error (few->pdata[2]), ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
  g_assert_nonnull (strstr (assay_outcome_get_error (few->pdata[2])->message,
                            "“fc6_1” holds 4 values for 3 images"));
  g_assert_error (assay_outcome_get_error (other->pdata[0]), ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
  g_assert_nonnull (strstr (assay_outcome_get_error (other->pdata[0])->message, "2 scores"));
}

/* ---- listing ---- */

typedef struct {
  const char *name;
  guint statuses[2];
  const char *bodies[2];
  const char *wanted;        /* name, version, state and whether it can be called; NULL: an error */
  int code;
} Listed;

static const Listed LISTED[] = {
  { "triton", { 200, 404 },
    { "[{\"name\":\"flowers\",\"version\":\"9\",\"state\":\"READY\"},"
      "{\"name\":\"flowers\",\"version\":\"10\",\"state\":\"READY\"},"
      "{\"name\":\"birds\",\"version\":\"1\",\"state\":\"UNAVAILABLE\",\"reason\":\"unloaded\"},"
      "{\"name\":\"cars\"}]", "" },
    "birds/1 UNAVAILABLE -;cars/ READY +;flowers/10 READY +;flowers/9 READY +;", 0 },
  { "mlserver", { 200, 404 },
    { "[{\"name\":\"flowers\",\"version\":\"v1\",\"state\":\"READY\",\"reason\":\"\"}]", "{}" },
    "flowers/v1 READY +;", 0 },
  { "kserve", { 404, 200 }, { "", "{\"models\":[\"flowers\",\"birds\"]}" },
    "birds/ READY +;flowers/ READY +;", 0 },
  { "kserve: wrong method", { 405, 200 }, { "{\"detail\":\"Method Not Allowed\"}",
                                            "{\"models\":[\"flowers\"]}" }, "flowers/ READY +;", 0 },
  { "nothing there", { 200, 404 }, { "[]", "" }, "", 0 },
  { "ovms", { 404, 404 }, { "", "" }, NULL, ASSAY_ERROR_NOT_FOUND },
  { "no entry", { 403, 403 }, { "", "" }, NULL, ASSAY_ERROR_FORBIDDEN },
  { "nonsense", { 200, 404 }, { "{\"hello\":1}", "" }, NULL, ASSAY_ERROR_BAD_ANSWER },
  { "a page", { 404, 200 }, { "", "<html>" }, NULL, ASSAY_ERROR_BAD_ANSWER },
};

static char *
dup_listed (GPtrArray *versions)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < versions->len; i++)
    {
      const AssayModelVersion *version = versions->pdata[i];

      g_string_append_printf (out, "%s/%s %s %c;", version->model, version->version,
                              version->state, version->callable ? '+' : '-');
    }
  return g_string_free (out, FALSE);
}

static void
test_lists (void)
{
  const AssayProfile profile = { .url = (char *) BASE };

  for (guint i = 0; i < G_N_ELEMENTS (LISTED); i++)
    {
      const Listed *self = &LISTED[i];
      g_autoptr (AssayReply) first = new_reply (self->statuses[0], self->bodies[0]);
      g_autoptr (AssayReply) second = new_reply (self->statuses[1], self->bodies[1]);
      AssayReply *const replies[] = { first, second };
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) versions = assay_protocol_oip.read_list (&profile, replies, 2, &error);
      g_autofree char *got = versions != NULL ? dup_listed (versions) : NULL;

      g_test_message ("%s", self->name);
      g_assert_cmpstr (got, ==, self->wanted);
      if (self->wanted == NULL)
        g_assert_error (error, ASSAY_ERROR, self->code);
    }
}

static void
test_asks_for_list (void)
{
  const AssayProfile profile = { .url = (char *) BASE };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) requests = assay_protocol_oip.list (&profile, &error);
  const AssayRequest *index;
  const AssayRequest *models;
  g_autoptr (GByteArray) body = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (requests->len, ==, 2);
  index = requests->pdata[0];
  models = requests->pdata[1];
  body = read_body (index->body);
  g_assert_cmpstr (index->method, ==, "POST");
  g_assert_cmpstr (index->url, ==, BASE "/v2/repository/index");
  g_assert_cmpstr (assay_body_get_media_type (index->body), ==, "application/json");
  g_assert_cmpmem (body->data, body->len, "{}", 2);
  g_assert_cmpstr (models->method, ==, "GET");
  g_assert_cmpstr (models->url, ==, BASE "/v2/models");
}

/* ---- finding out ---- */

typedef struct {
  const char *address;
  const char *asked;
  guint status;
  const char *body;
  const char *service;       /* NULL: something else is spoken there */
  const char *url;
  const char *model;
} Probed;

static const Probed PROBED[] = {
  { BASE, BASE "/v2", 200, TRITON_SERVER, "triton 2.50.0", BASE, NULL },
  { BASE "/", BASE "/v2", 200, "{\"name\":\"mlserver\",\"version\":\"1.7.1\",\"extensions\":[]}",
    "mlserver 1.7.1", BASE "/", NULL },
  { BASE "/v2", BASE "/v2", 200, "{\"name\":\"kserve\"}", "kserve", BASE, NULL },
  { BASE "/a/v2/models/my%20flowers/versions/2/infer", BASE "/a/v2", 200,
    "{\"name\":\"kserve\",\"version\":\"0.13\"}", "kserve 0.13", BASE "/a", "my flowers" },
  { BASE "/v2x/v2/models", BASE "/v2x/v2", 200, TRITON_SERVER, "triton 2.50.0", BASE "/v2x",
    NULL },
  /* Somebody else's version 2. */
  { BASE "/v2/inference/deployments/d1", BASE "/v2/inference/deployments/d1/v2", 200,
    TRITON_SERVER, "triton 2.50.0", BASE "/v2/inference/deployments/d1", NULL },
  { BASE "/v2/inference/deployments/d1/v2/models/m/infer",
    BASE "/v2/inference/deployments/d1/v2", 200, TRITON_SERVER, "triton 2.50.0",
    BASE "/v2/inference/deployments/d1", "m" },
  { BASE, BASE "/v2", 404, "{}", NULL, NULL, NULL },
  { BASE, BASE "/v2", 0, "", NULL, NULL, NULL },
  { BASE, BASE "/v2", 200, "<html>welcome</html>", NULL, NULL, NULL },
  { BASE, BASE "/v2", 200, "{\"hello\":1}", NULL, NULL, NULL },
};

static void
test_probes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (PROBED); i++)
    {
      const Probed *self = &PROBED[i];
      const AssayProfile profile = { .url = (char *) self->address };
      g_autoptr (GPtrArray) requests = assay_protocol_oip.probe (&profile);
      g_autoptr (AssayReply) reply = new_reply (self->status, self->body);
      g_autoptr (AssayDiscovered) found = NULL;

      g_test_message ("%s: %s", self->address, self->body);
      g_assert_cmpuint (requests->len, ==, 1);
      g_assert_cmpstr (((AssayRequest *) requests->pdata[0])->url, ==, self->asked);
      found = assay_protocol_oip.read_probe (&profile, &reply, 1);
      g_assert_cmpint (found != NULL, ==, self->service != NULL);
      if (found == NULL)
        continue;
      g_assert_cmpstr (found->service, ==, self->service);
      g_assert_cmpstr (found->profile->url, ==, self->url);
      g_assert_cmpstr (found->model, ==, self->model);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol-oip/describes", test_describes);
  g_test_add_func ("/protocol-oip/refuses-models", test_refuses_models);
  g_test_add_func ("/protocol-oip/asks-for-description", test_asks_for_description);
  g_test_add_func ("/protocol-oip/writes-requests", test_writes_requests);
  g_test_add_func ("/protocol-oip/impossible-pixels", test_impossible_pixels);
  g_test_add_func ("/protocol-oip/reads-answers", test_reads_answers);
  g_test_add_func ("/protocol-oip/names-the-fault", test_names_the_fault);
  g_test_add_func ("/protocol-oip/counts", test_counts);
  g_test_add_func ("/protocol-oip/lists", test_lists);
  g_test_add_func ("/protocol-oip/asks-for-list", test_asks_for_list);
  g_test_add_func ("/protocol-oip/probes", test_probes);
  return g_test_run ();
}
