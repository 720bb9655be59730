/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-error.h"
#include "assay-generic-presets.h"
#include "assay-protocol-generic.h"

#define PICTURE "picture!"
#define BASE64 "cGljdHVyZSE="

/* For the log, in which a line that is not ours would be read as TAP. */
static void
say (const char *text)
{
  g_autofree char *escaped = g_strescape (text != NULL ? text : "", NULL);

  g_test_message ("%s", escaped);
}

static AssayProfile *
new_profile (const char *url,
             const char *template,
             const char *body)
{
  AssayProfile *profile = assay_profile_new (url, NULL);

  profile->template = g_strdup (template);
  profile->body = g_strdup (body);
  return profile;
}

/* Of one picture, "a.jpg". */
static AssayRequest *
ask (const AssayProfile *profile,
     const char *model,
     const char *version,
     GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (PICTURE, strlen (PICTURE));
  g_autoptr (AssayPayload) payload = assay_payload_new_bytes ("a.jpg", "image/jpeg", bytes);
  AssayPayload *payloads[] = { payload };
  const AssayQuery query = {
    .profile = profile, .model = model, .version = version, .payloads = payloads, .n_payloads = 1,
  };

  return assay_protocol_generic.classify (&query, error);
}

static AssayReply *
new_reply (guint status,
           const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  return assay_reply_new (status, "", NULL, NULL, bytes);
}

static AssayOutcome *
read_one (const AssayProfile *profile,
          guint status,
          const char *body)
{
  AssayPayload *payloads[] = { NULL };
  const AssayQuery query = { .profile = profile, .payloads = payloads, .n_payloads = 1 };
  g_autoptr (AssayReply) reply = new_reply (status, body);
  g_autoptr (GPtrArray) outcomes = assay_protocol_generic.read_classify (&query, reply);

  g_assert_cmpuint (outcomes->len, ==, 1);
  return g_ptr_array_steal_index (outcomes, 0);
}

/* What is sent, whatever it is made of. */
static char *
dup_body (const AssayBody *body)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < assay_body_get_n_parts (body); i++)
    {
      g_autoptr (GInputStream) part = assay_body_open_part (body, i, NULL, &error);

      g_assert_no_error (error);
      g_output_stream_splice (out, part, G_OUTPUT_STREAM_SPLICE_NONE, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (out)), ==,
                    assay_body_get_length (body));
  return g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (out)),
                    assay_body_get_length (body));
}

/* ---- where it goes ---- */

static const struct {
  const char *url;
  const char *template;
  const char *model;
  const char *version;
  const char *expected;      /* an address, or what the error says */
} urls[] = {
  { "https://h.example", NULL, NULL, NULL, "https://h.example" },
  { "https://h.example/a/", NULL, "m", "1", "https://h.example/a" },
  { "https://h.example", "/predictions/{model}/{version}", "m", "1.0", "https://h.example/predictions/m/1.0" },
  { "https://h.example/a?k=v", "/p/{model}?top_k=5", "m", NULL, "https://h.example/a/p/m?k=v&top_k=5" },
  { "https://h.example", "/p?x={version}", NULL, "a&b=c", "https://h.example/p?x=a%26b%3Dc" },
  { "https://h.example", "predict/", NULL, NULL, "https://h.example/predict/" },
  { "https://h.example/v1/endpoints/1", ":predict", NULL, NULL, "https://h.example/v1/endpoints/1:predict" },
  { "https://h.example", ":predict", NULL, NULL, "https://h.example/:predict" },
  { "https://h.example", "?x=1", NULL, NULL, "https://h.example?x=1" },
  { "https://h.example", "/p/{model}{/version}", "m", "1", "https://h.example/p/m/1" },
  { "https://h.example", "/p/{model}{/version}", "m", NULL, "https://h.example/p/m" },
  { "https://h.example", "/p/{model}{/version}", "m", "", "https://h.example/p/m" },
  { "https://h.example", "/p/{model}", "a/b c?ö%", NULL, "https://h.example/p/a%2Fb%20c%3F%C3%B6%25" },
  { "https://h.example", "/p/{+model}/x", "google/vit base", NULL, "https://h.example/p/google/vit%20base/x" },
  { "https://h.example", "/übung/a%20b", NULL, NULL, "https://h.example/%C3%BCbung/a%20b" },
  { "https://h.example", "@evil.example/", NULL, NULL, "https://h.example/@evil.example/" },
  { "https://h.example", ".evil.example/", NULL, NULL, "https://h.example/.evil.example/" },
  { "https://h.example", ":99/x", NULL, NULL, "https://h.example/:99/x" },
  { "https://h.example", "//evil.example/x", NULL, NULL, "https://h.example//evil.example/x" },
  { "https://h.example", "/p#x", NULL, NULL, "https://h.example/p%23x" },
  { NULL, "/p", NULL, NULL, "Give the address" },
  { "h.example", "/p", NULL, NULL, "must begin with https://" },
  { "https://h.example", "/p/{model}", NULL, NULL, "No model is chosen" },
  { "https://h.example", "/p/{model}/{version}", "m", NULL, "No version of “m” is chosen" },
  { "https://h.example", "/p/{model}/{version}", "m", "..", "“.” or “..”" },
  { "https://h.example", "/p/{+model}", "a/../b", NULL, "“.” or “..”" },
  { "https://h.example", "/p/{+model}", "/a", NULL, "“.” or “..”" },
  { "https://h.example", "/p/{project}/{model}", "m", NULL, "has “{project}”" },
  { "https://h.example", "/p/{}", "m", NULL, "has “{}”" },
  { "https://h.example", "/p/{model", "m", NULL, "“{” without a “}”" },
  { "https://h.example", "/p/%zz", "m", NULL, "two hexadecimal digits" },
};

static void
test_urls (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (AssayProfile) profile = new_profile (urls[i].url, urls[i].template, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayRequest) request = ask (profile, urls[i].model, urls[i].version, &error);

      say (urls[i].template);
      if (g_str_has_prefix (urls[i].expected, "https://h"))
        {
          g_assert_no_error (error);
          g_assert_cmpstr (request->url, ==, urls[i].expected);
          g_assert_cmpstr (request->method, ==, "POST");
          continue;
        }
      g_assert_null (request);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
      say (error->message);
      g_assert_nonnull (strstr (error->message, urls[i].expected));
    }
}

/* ---- how it is carried ---- */

static const struct {
  const char *spec;
  const char *type;          /* NULL for an error */
  const char *expected;      /* the body, a part of one in multipart, or what the error says */
} bodies[] = {
  { NULL, "multipart/form-data; boundary=", "name=\"files\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" PICTURE },
  { "multipart", "multipart/form-data; boundary=", "name=\"files\"" },
  { "multipart:", "multipart/form-data; boundary=", "name=\"files\"" },
  { "multipart:data", "multipart/form-data; boundary=", "name=\"data\"" },
  { "multipart:a\"b\r\n", "multipart/form-data; boundary=", "name=\"a%22b%0D%0A\"" },
  { "raw", "image/jpeg", PICTURE },
  { "raw:application/octet-stream", "application/octet-stream", PICTURE },
  { "json:/image", "application/json", "{\"image\":\"" BASE64 "\"}" },
  { "json:/instances/0/b64", "application/json", "{\"instances\":[{\"b64\":\"" BASE64 "\"}]}" },
  { "json:/-", "application/json", "[\"" BASE64 "\"]" },
  { "json", "application/json", "\"" BASE64 "\"" },
  { "json:/a~1b~0c~01/\"", "application/json", "{\"a/b~c~1\":{\"\\\"\":\"" BASE64 "\"}}" },
  { "json:/", "application/json", "{\"\":\"" BASE64 "\"}" },
  { "json:{\"inputs\": \"{image}\", \"parameters\": {\"top_k\": 5}}", "application/json",
    "{\"inputs\": \"" BASE64 "\", \"parameters\": {\"top_k\": 5}}" },
  { "json:[{\"url\": \"data:{type};base64,{image}\", \"t\": \"{type}\"}]", "application/json",
    "[{\"url\": \"data:image/jpeg;base64," BASE64 "\", \"t\": \"image/jpeg\"}]" },
  { "json:/a/1", NULL, "has no element 1" },
  { "json:{\"a\": 1}", NULL, "the text “{image}” once" },
  { "json:[\"{image}\", \"{image}\"]", NULL, "the text “{image}” once" },
  { "json:{\"a\": {image}}", NULL, "is not JSON" },
  { "json:image", NULL, "is not JSON" },
  { "raw:image/jpeg\r\nX: y", NULL, "media type" },
  { "soap", NULL, "“soap” is no way" },
  { "multipartfiles", NULL, "“multipartfiles” is no way" },
};

static void
test_bodies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (AssayProfile) profile = new_profile ("https://h.example", NULL, bodies[i].spec);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayRequest) request = ask (profile, NULL, NULL, &error);
      g_autofree char *sent = NULL;

      say (bodies[i].spec);
      g_assert_true (assay_generic_check (profile, NULL) == (bodies[i].type != NULL));
      if (bodies[i].type == NULL)
        {
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
          say (error->message);
          g_assert_nonnull (strstr (error->message, bodies[i].expected));
          continue;
        }
      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (assay_body_get_media_type (request->body), bodies[i].type));
      sent = dup_body (request->body);
      if (g_str_has_prefix (bodies[i].type, "multipart"))
        g_assert_nonnull (strstr (sent, bodies[i].expected));
      else
        g_assert_cmpstr (sent, ==, bodies[i].expected);
    }
}

/* ---- what comes back ---- */

/* As the servers' own descriptions and captures have it (protocols.md, B3 to B7). */
static const struct {
  guint status;
  const char *answer;
  int code;                  /* -1 for a prediction */
  const char *expected;      /* its best label, or what the service says */
} replies[] = {
  /* TorchServe */
  { 200, "{\n  \"tabby\": 0.4096,\n  \"tiger_cat\": 0.3467,\n  \"lynx\": 0.0239\n}", -1, "tabby" },
  { 200, "[\n  {\n    \"daisy\": 0.25\n  },\n  {\n    \"rose\": 0.5\n  }\n]", -1, "rose" },
  { 400, "{\"code\": 400, \"type\": \"InvalidKeyException\", \"message\": \"Token Authorization failed. Token either incorrect, expired, or not provided correctly\"}",
    ASSAY_ERROR_UNAUTHORIZED, "Token Authorization failed." },
  { 503, "{\"code\": 503, \"type\": \"InternalServerException\", \"message\": \"Prediction failed\"}",
    ASSAY_ERROR_REFUSED, "“Prediction failed”" },
  { 503, "{\"code\": 503, \"type\": \"ServiceUnavailableException\", \"message\": \"Model \\\"m\\\" has no worker to serve inference request. Please use scale workers API to add workers.\"}",
    ASSAY_ERROR_BUSY, "has no worker" },
  { 404, "{\"code\": 404, \"type\": \"ModelVersionNotFoundException\", \"message\": \"Model version: 9.9 does not exist for model: flowers\"}",
    ASSAY_ERROR_NOT_FOUND, "Model version: 9.9 does not exist" },
  { 413, "", ASSAY_ERROR_TOO_LARGE, "" },
  { 507, "{\"code\": 507, \"type\": \"OutOfMemoryError\", \"message\": \"x\"}", ASSAY_ERROR_SERVICE, "“x”" },
  /* Hugging Face */
  { 200, "[{\"label\":\"tabby, tabby cat\",\"score\":0.93}]", -1, "tabby, tabby cat" },
  { 503, "{\"error\":\"Model google/vit is currently loading\",\"estimated_time\":44.49}", ASSAY_ERROR_BUSY, "currently loading" },
  { 400, "{\"error\":\"cannot identify image file <_io.BytesIO object at 0x7f>\"}", ASSAY_ERROR_REFUSED, "cannot identify image file" },
  { 400, "{\"error\":\"\\n Content type \\\"application/octet-stream\\\" not supported.\\n Supported types are\"}", ASSAY_ERROR_REFUSED, "not supported." },
  { 400, "{\"error\":[\"Error in `parameters`: x\",\"y\"]}", ASSAY_ERROR_REFUSED, "“Error in `parameters`: x; y”" },
  { 401, "{\"error\":\"Invalid token\"}", ASSAY_ERROR_UNAUTHORIZED, "Invalid token" },
  { 429, "{\"error\":\"Rate limit reached\"}", ASSAY_ERROR_BUSY, "Rate limit" },
  /* Custom Vision */
  { 200, "{\"id\":\"9\",\"project\":\"6\",\"iteration\":\"f\",\"created\":\"2017-10-31T01:01:00Z\",\"predictions\":[{\"probability\":0.125,\"tagId\":\"3\",\"tagName\":\"Rose\",\"tagType\":\"Regular\",\"boundingBox\":null},{\"probability\":0.875,\"tagId\":\"4\",\"tagName\":\"Tulip\"}]}",
    -1, "Tulip" },
  { 400, "{\"code\":\"BadRequestImageSizeBytes\",\"message\":\"Image size is too large\"}", ASSAY_ERROR_REFUSED, "Image size is too large" },
  { 401, "{\"error\":{\"code\":\"401\",\"message\":\"Access denied due to invalid subscription key\"}}", ASSAY_ERROR_UNAUTHORIZED, "Access denied" },
  /* Vertex AI */
  { 200, "{\"predictions\":[{\"ids\":[\"1\",\"2\"],\"displayNames\":[\"roses\",\"tulips\"],\"confidences\":[0.95,0.04]}],\"deployedModelId\":\"1\",\"modelVersionId\":\"1\"}", -1, "roses" },
  { 400, "{\"error\":{\"code\":400,\"message\":\"Could not parse the image\",\"status\":\"INVALID_ARGUMENT\",\"details\":[]}}", ASSAY_ERROR_REFUSED, "Could not parse the image" },
  { 403, "[{\"error\":{\"code\":403,\"message\":\"Permission denied\",\"status\":\"PERMISSION_DENIED\"}}]", ASSAY_ERROR_FORBIDDEN, "“Permission denied”" },
  /* AI Core */
  { 404, "{\"error\":{\"code\":\"01010076\",\"message\":\"No deployment\",\"requestId\":\"r\",\"target\":\"/api/v2\",\"details\":{}}}", ASSAY_ERROR_NOT_FOUND, "“No deployment”" },
  /* home-made, and SageMaker */
  { 400, "{\"ErrorCode\":\"ValidationError\",\"Message\":\"Endpoint m not found\"}", ASSAY_ERROR_REFUSED, "Endpoint m not found" },
  { 200, "{\"error\":\"no picture\"}", ASSAY_ERROR_REFUSED, "“no picture”" },
  { 200, "<html><body>hotel</body></html>", ASSAY_ERROR_BAD_ANSWER, "A web page came" },
  { 200, "{\"rose\": NaN}", ASSAY_ERROR_BAD_ANSWER, "cannot be used" },
  { 200, "{\"rose\": null}", ASSAY_ERROR_BAD_ANSWER, "answer.rose is not a finite number" },
  { 200, "", ASSAY_ERROR_BAD_ANSWER, "cannot be used" },
};

static void
test_replies (void)
{
  g_autoptr (AssayProfile) profile = new_profile ("https://h.example", NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr (AssayOutcome) outcome = read_one (profile, replies[i].status, replies[i].answer);
      AssayPrediction *prediction = assay_outcome_get_prediction (outcome);
      const GError *error = assay_outcome_get_error (outcome);

      say (replies[i].answer);
      say (error != NULL ? error->message : NULL);
      g_assert_cmpuint (g_bytes_get_size (assay_outcome_get_raw (outcome)), ==, strlen (replies[i].answer));
      if (replies[i].code < 0)
        {
          g_assert_no_error (error);
          g_assert_cmpstr (assay_prediction_get_label (prediction, 0), ==, replies[i].expected);
          continue;
        }
      g_assert_error (error, ASSAY_ERROR, replies[i].code);
      g_assert_nonnull (strstr (error->message, replies[i].expected));
      if (replies[i].status != 200)
        {
          g_autofree char *status = g_strdup_printf ("(HTTP status %u)", replies[i].status);

          g_assert_true (g_str_has_suffix (error->message, status));
        }
    }
}

/* ---- listing ---- */

static void
test_list (void)
{
  g_autoptr (AssayProfile) profile = assay_profile_new ("https://h.example", "https://h.example:8081/");
  g_autoptr (AssayReply) reply = new_reply (200, "{\"nextPageToken\": \"4\", \"models\": [{\"modelName\": \"noop\", \"modelUrl\": \"noop.mar\"},"
                                                 " {\"modelName\": \"flowers\", \"modelVersion\": \"1.0\"}, \"plain\"]}");
  g_autoptr (AssayReply) bad = new_reply (200, "{\"models\": [{\"modelUrl\": \"noop.mar\"}]}");
  g_autoptr (AssayReply) refused = new_reply (400, "{\"code\": 400, \"type\": \"InvalidKeyException\", \"message\": \"no\"}");
  g_autoptr (GPtrArray) requests = NULL;
  g_autoptr (GPtrArray) versions = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (assay_protocol_generic.can_list (profile));
  requests = assay_protocol_generic.list (profile, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (requests->len, ==, 1);
  g_assert_cmpstr (((AssayRequest *) requests->pdata[0])->url, ==, "https://h.example:8081/models?limit=100");
  versions = assay_protocol_generic.read_list (profile, &reply, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (versions->len, ==, 3);
  g_assert_cmpstr (((AssayModelVersion *) versions->pdata[0])->model, ==, "noop");
  g_assert_cmpstr (((AssayModelVersion *) versions->pdata[0])->version, ==, "");
  g_assert_cmpstr (((AssayModelVersion *) versions->pdata[1])->version, ==, "1.0");
  g_assert_cmpstr (((AssayModelVersion *) versions->pdata[2])->model, ==, "plain");
  g_assert_null (assay_protocol_generic.read_list (profile, &bad, 1, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
  g_clear_error (&error);
  g_assert_null (assay_protocol_generic.read_list (profile, &refused, 1, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
}

/* ---- finding out ---- */

static const struct {
  const char *address;
  guint ping_status;
  const char *ping;
  guint health_status;
  const char *health;
  const char *service;       /* NULL for something else */
  const char *url;
  const char *template;
  const char *model;
} probes[] = {
  { "http://localhost:8080/", 200, "{\n  \"status\": \"Healthy\"\n}\n", 404, "", "TorchServe",
    "http://localhost:8080", "/predictions/{model}{/version}", NULL },
  { "http://localhost:8080", 500, "{\"status\": \"Unhealthy\"}", 404, "", "TorchServe",
    "http://localhost:8080", "/predictions/{model}{/version}", NULL },
  { "http://localhost:5000", 404, "Not Found", 200, "Ok", "Hugging Face", "http://localhost:5000", NULL, NULL },
  { "http://localhost:5000", 200, "{\"status\": \"up\"}", 200, "{\"ok\": true}", NULL, NULL, NULL, NULL },
  { "http://localhost:5000", 0, "", 0, "", NULL, NULL, NULL, NULL },
  { "https://x.cognitiveservices.azure.com/customvision/v3.0/Prediction/00000000-0000-0000-0000-000000000001/classify/iterations/Iteration%201/url",
    404, "", 404, "", "Azure Custom Vision", "https://x.cognitiveservices.azure.com",
    "/customvision/v3.0/Prediction/00000000-0000-0000-0000-000000000001/classify/iterations/{model}/image", "Iteration 1" },
  { "https://x.example/customvision/v3.1/prediction/1/classify/iterations/m/image/nostore",
    404, "", 404, "", "Azure Custom Vision", "https://x.example",
    "/customvision/v3.1/prediction/1/classify/iterations/{model}/image/nostore", "m" },
  { "https://eu-aiplatform.googleapis.com/v1/projects/p/locations/eu/endpoints/1:predict", 404, "", 404, "",
    "Google Vertex AI", "https://eu-aiplatform.googleapis.com/v1/projects/p/locations/eu/endpoints/1", ":predict", NULL },
  { "https://abc.eu-west-1.aws.endpoints.huggingface.cloud", 404, "", 404, "", "Hugging Face",
    "https://abc.eu-west-1.aws.endpoints.huggingface.cloud", NULL, NULL },
  { "https://evilaiplatform.googleapis.com.example", 404, "", 404, "", NULL, NULL, NULL, NULL },
};

static void
test_probe (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    {
      g_autoptr (AssayReply) ping = new_reply (probes[i].ping_status, probes[i].ping);
      g_autoptr (AssayReply) health = new_reply (probes[i].health_status, probes[i].health);
      AssayReply *both[] = { ping, health };
      g_autoptr (AssayProfile) profile = new_profile (probes[i].address, NULL, NULL);
      g_autoptr (GPtrArray) requests = NULL;
      g_autoptr (AssayDiscovered) found = NULL;

      profile->labels = g_strsplit ("a b", " ", -1);
      requests = assay_protocol_generic.probe (profile);
      g_assert_cmpuint (requests->len, ==, 2);
      g_assert_true (g_str_has_suffix (((AssayRequest *) requests->pdata[0])->url, "/ping"));
      g_assert_true (g_str_has_suffix (((AssayRequest *) requests->pdata[1])->url, "/health"));
      found = assay_protocol_generic.read_probe (profile, both, requests->len);
      g_assert_true ((found != NULL) == (probes[i].service != NULL));
      if (found == NULL)
        continue;
      g_assert_cmpstr (found->service, ==, probes[i].service);
      g_assert_cmpstr (found->profile->url, ==, probes[i].url);
      g_assert_cmpstr (found->profile->template, ==, probes[i].template);
      g_assert_cmpstr (found->model, ==, probes[i].model);
      g_assert_cmpstr (found->profile->labels[1], ==, "b");
    }
}

/* Each can be used as it is, but for what only the person knows. */
static void
test_presets (void)
{
  guint n;
  const AssayGenericPreset *presets = assay_generic_preset_get_all (&n);

  g_assert_cmpuint (n, >=, 5);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayProfile) profile = assay_profile_new (presets[i].url, presets[i].models_url);
      g_autoptr (GError) error = NULL;

      g_assert_true (assay_generic_preset_find (presets[i].id) == &presets[i]);
      assay_generic_preset_apply (&presets[i], profile);
      if (presets[i].template != NULL && strstr (presets[i].template, "{project}") != NULL)
        {
          g_assert_false (assay_generic_check (profile, &error));
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
          continue;
        }
      g_assert_true (assay_generic_check (profile, &error));
      g_assert_no_error (error);
    }
  g_assert_null (assay_generic_preset_find ("carrier-pigeon"));
  g_assert_null (assay_generic_preset_find (NULL));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/protocol-generic/where-it-goes", test_urls);
  g_test_add_func ("/assay/protocol-generic/how-it-is-carried", test_bodies);
  g_test_add_func ("/assay/protocol-generic/what-comes-back", test_replies);
  g_test_add_func ("/assay/protocol-generic/list", test_list);
  g_test_add_func ("/assay/protocol-generic/probe", test_probe);
  g_test_add_func ("/assay/protocol-generic/presets", test_presets);
  return g_test_run ();
}
