/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-json.h"
#include "assay-protocol-mlf.h"

#define BASE "https://h.example/api/v2/image/classification"

/* For the log, in which a line that is not ours would be read as TAP. */
static void
say (const char *text)
{
  g_autofree char *escaped = g_strescape (text != NULL ? text : "", NULL);

  g_test_message ("%s", escaped);
}

static const AssayProfile addresses = {
  .url = (char *) BASE,
  .models_url = (char *) "https://h.example/api/v2/image/retraining/",
};

static AssayPayload *
new_payload (const char *name)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);

  return assay_payload_new_bytes (name, "image/jpeg", bytes);
}

static GPtrArray *
new_payloads (const char *const *names)
{
  GPtrArray *payloads = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_payload_unref);

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (payloads, new_payload (names[i]));
  return payloads;
}

static AssayReply *
new_reply (guint status,
           const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  return assay_reply_new (status, "", "application/json", NULL, bytes);
}

static GPtrArray *
read_for (const AssayReply *reply,
          const char *const *names)
{
  g_autoptr (GPtrArray) payloads = new_payloads (names);
  const AssayQuery query = {
    .profile = &addresses,
    .payloads = (AssayPayload *const *) payloads->pdata,
    .n_payloads = payloads->len,
  };
  GPtrArray *outcomes = assay_protocol_mlf.read_classify (&query, reply);

  g_assert_cmpuint (outcomes->len, ==, payloads->len);
  return outcomes;
}

/* One picture, "a.jpg". */
static AssayOutcome *
read_one (guint status,
          const char *body)
{
  static const char *const names[] = { "a.jpg", NULL };
  g_autoptr (AssayReply) reply = new_reply (status, body);
  g_autoptr (GPtrArray) outcomes = read_for (reply, names);

  return g_ptr_array_steal_index (outcomes, 0);
}

typedef struct {
  const char *url;
  const char *model;
  const char *version;
  const char *wanted;        /* NULL for a usage error */
} Url;

static const Url urls[] = {
  { BASE, "flowers", "1", BASE "/models/flowers/versions/1" },
  { BASE "/", "flowers", "1", BASE "/models/flowers/versions/1" },
  { BASE, "", "", BASE },
  { BASE, NULL, NULL, BASE },
  { BASE, "", "1", BASE },
  { BASE, "my flowers/2", "1.0 \u03b2", BASE "/models/my%20flowers%2F2/versions/1.0%20%CE%B2" },
  { BASE "?tenant=7", "flowers", "1", BASE "/models/flowers/versions/1?tenant=7" },
  { "https://sandbox.example/ml/imageclassification/classification", "", "",
    "https://sandbox.example/ml/imageclassification/classification" },
  { BASE, "flowers", "", NULL },
  { BASE, "flowers", NULL, NULL },
  { BASE, "..", "1", NULL },
  { BASE, "flowers", ".", NULL },
  { "nonsense", "flowers", "1", NULL },
  { "nonsense", "", "", NULL },
  { NULL, "flowers", "1", NULL },
};

static void
test_classify_request (void)
{
  g_autoptr (AssayPayload) payload = new_payload ("rose.jpg");
  AssayPayload *payloads[] = { payload };

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      const AssayProfile at = { .url = (char *) urls[i].url };
      const AssayQuery query = {
        .profile = &at,
        .model = urls[i].model,
        .version = urls[i].version,
        .payloads = payloads,
        .n_payloads = 1,
      };
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayRequest) request = assay_protocol_mlf.classify (&query, &error);
      AssayHeader *accept;

      if (urls[i].wanted == NULL)
        {
          g_assert_null (request);
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (request->url, ==, urls[i].wanted);
      g_assert_cmpstr (request->method, ==, "POST");
      g_assert_cmpuint (request->headers->len, ==, 1);
      accept = g_ptr_array_index (request->headers, 0);
      g_assert_cmpstr (accept->name, ==, "Accept");
      g_assert_cmpstr (accept->value, ==, "application/json");
      g_assert_true (g_str_has_prefix (assay_body_get_media_type (request->body), "multipart/form-data; boundary="));
    }
}

/* The answer of the tutorial's own Postman capture, second generation. */
static void
test_second_generation (void)
{
  g_autoptr (AssayOutcome) outcome = read_one (200,
    "{ \"id\": \"1da09239-5e0f-44e8-5bd1-9ce03ea488ff\","
    "  \"predictions\": [ { \"name\": \"BMW.jpg\", \"results\": ["
    "    { \"label\": \"BMW\", \"score\": 0.8598214387893677 },"
    "    { \"label\": \"SAP\", \"score\": 0.09172455966472626 } ] } ],"
    "  \"processedTime\": \"2018-09-27T08:26:59.822949+00:00\", \"status\": \"DONE\" }");
  AssayPrediction *prediction = assay_outcome_get_prediction (outcome);

  g_assert_no_error (assay_outcome_get_error (outcome));
  g_assert_cmpuint (assay_prediction_get_n (prediction), ==, 2);
  g_assert_cmpstr (assay_prediction_get_sent_label (prediction, 0), ==, "BMW");
  g_assert_true (assay_prediction_get_sent_score (prediction, 0) == 0.8598214387893677);
  g_assert_true (assay_prediction_get_sent_score (prediction, 1) == 0.09172455966472626);
  g_assert_nonnull (assay_outcome_get_raw (outcome));
}

static void
test_first_generation (void)
{
  g_autoptr (AssayOutcome) outcome = read_one (200,
    "{ \"_id\": \"9e674a12-07a9-4535-9a33-ba0f77a4547e\","
    "  \"predictions\": [ { \"name\": \"ocean-cliff-5862429.jpg\", \"results\": ["
    "    { \"label\": \"cliff\", \"score\": 0.68992 }, { \"label\": \"promontory\", \"score\": 0.280181 } ] } ],"
    "  \"processed_time\": \"Fri, 26 May 2017 13:53:22 GMT\","
    "  \"request\": { \"files\": [ \"ocean-cliff-5862429.jpg\" ], \"options\": {},"
    "                 \"tenantName\": \"imgclassif-tech-user\", \"texts\": [] },"
    "  \"status\": \"DONE\", \"tenantName\": \"imgclassif-tech-user\" }");
  AssayPrediction *prediction = assay_outcome_get_prediction (outcome);

  g_assert_no_error (assay_outcome_get_error (outcome));
  g_assert_cmpstr (assay_prediction_get_label (prediction, 0), ==, "cliff");
  g_assert_true (assay_prediction_get_score (prediction, 1) == 0.280181);
}

/* The five numbers of the tutorial, the labels that people tripped over. */
static void
test_scores_and_labels_as_sent (void)
{
  static const double scores[] = { .9573449492454529, .0396801233291626, .0027627646923065186,
                                   .00018524238839745522, .0000269435749942204 };
  static const char *const labels[] = { "cellular telephone, cellular phone, cellphone, cell, mobile phone",
                                        "r\u00f6se: 50/50", "", "crane", "crane" };
  g_autoptr (AssayOutcome) outcome = read_one (200,
    "\xEF\xBB\xBF{\"predictions\":[{\"name\":\"a.jpg\",\"extra\":[1],\"results\":["
    "{\"label\":\"cellular telephone, cellular phone, cellphone, cell, mobile phone\",\"score\":0.9573449492454529},"
    "{\"label\":\"r\\u00f6se: 50\\/50\",\"score\":3.96801233291626e-2,\"x\":null},"
    "{\"score\":0.0027627646923065186,\"label\":\"\"},"
    "{\"label\":\"crane\",\"score\":0.00018524238839745522},"
    "{\"label\":\"crane\",\"score\":2.69435749942204e-05}]}]}");
  AssayPrediction *prediction = assay_outcome_get_prediction (outcome);

  g_assert_no_error (assay_outcome_get_error (outcome));
  for (guint i = 0; i < 5; i++)
    {
      g_assert_cmpstr (assay_prediction_get_sent_label (prediction, i), ==, labels[i]);
      g_assert_true (assay_prediction_get_sent_score (prediction, i) == scores[i]);
    }
}

typedef struct {
  const char *body;
  const char *place;
} Fault;

#define RESULTS(text) "{\"predictions\":[{\"name\":\"a.jpg\",\"results\":" text "}]}"

static const Fault faults[] = {
  { "", "empty" },
  { "{", "line 1, byte 2" },
  { "<html>", "A web page came" },
  { "\xEF\xBB\xBF \r\n<!DOCTYPE html>", "A web page came" },
  { "[<html>]", "line 1, byte 2" },
  { "[]", "it is not an object" },
  { "null", "it is not an object" },
  { "{}", "predictions is missing" },
  { "{\"predictions\":null}", "predictions is not a list" },
  { "{\"predictions\":{}}", "predictions is not a list" },
  { "{\"predictions\":\"x\",\"status\":\"QUEUED\"}", "predictions is not a list" },
  { "{\"status\":\"QUEUED\"}", "predictions is missing, and its status is “QUEUED”" },
  { "{\"status\":\"DONE\"}", "predictions is missing." },
  { "{\"predictions\":[]}", "no prediction for “a.jpg”" },
  { "{\"predictions\":[null]}", "predictions[0] is not an object" },
  { "{\"predictions\":[[]]}", "predictions[0] is not an object" },
  { "{\"predictions\":[{\"name\":\"a.jpg\"}]}", "predictions[0].results is missing" },
  { RESULTS ("null"), "predictions[0].results is not a list" },
  { RESULTS ("{}"), "predictions[0].results is not a list" },
  { RESULTS ("[]"), "predictions[0].results is empty" },
  { RESULTS ("[1]"), "predictions[0].results[0] is not an object" },
  { RESULTS ("[{\"label\":\"a\",\"score\":1},{\"label\":\"b\",\"score\":0},{\"label\":\"c\"}]"),
    "predictions[0].results[2].score is missing" },
  { RESULTS ("[{\"score\":1}]"), "predictions[0].results[0].label is missing" },
  { RESULTS ("[{\"label\":null,\"score\":1}]"), "predictions[0].results[0].label is not a text" },
  { RESULTS ("[{\"label\":7,\"score\":1}]"), "predictions[0].results[0].label is not a text" },
  { RESULTS ("[{\"label\":\"a\",\"score\":\"0.5\"}]"), "predictions[0].results[0].score is not a finite number" },
  { RESULTS ("[{\"label\":\"a\",\"score\":null}]"), "predictions[0].results[0].score is not a finite number" },
  { RESULTS ("[{\"label\":\"a\",\"score\":true}]"), "predictions[0].results[0].score is not a finite number" },
  { RESULTS ("[{\"label\":\"a\",\"score\":1e999}]"), "predictions[0].results[0].score is not a finite number" },
  { RESULTS ("[{\"label\":\"a\",\"score\":NaN}]"), "byte" },
  { RESULTS ("[{\"label\":\"\\ud83c\",\"score\":1}]"), "surrogate" },
};

static void
test_names_the_place (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (AssayOutcome) outcome = read_one (200, faults[i].body);
      const GError *error = assay_outcome_get_error (outcome);

      say (faults[i].body);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
      say (error->message);
      g_assert_nonnull (strstr (error->message, faults[i].place));
      g_assert_cmpuint (g_bytes_get_size (assay_outcome_get_raw (outcome)), ==, strlen (faults[i].body));
    }
}

static void
test_service_errors (void)
{
  g_autoptr (AssayOutcome) refused = read_one (400, "{\"error\":{\"code\":\"400\",\"message\":\"Invalid file type\"}}");
  g_autoptr (AssayOutcome) signed_out = read_one (401, "");
  g_autoptr (AssayOutcome) gateway = read_one (502, "<html>sorry</html>");
  g_autoptr (AssayOutcome) fault = read_one (200, "{\"error\":\"odd\",\"error_description\":\"case\"}");

  g_assert_error (assay_outcome_get_error (refused), ASSAY_ERROR, ASSAY_ERROR_REFUSED);
  g_assert_nonnull (strstr (assay_outcome_get_error (refused)->message, "Invalid file type"));
  g_assert_error (assay_outcome_get_error (signed_out), ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_error (assay_outcome_get_error (gateway), ASSAY_ERROR, ASSAY_ERROR_SERVICE);
  g_assert_error (assay_outcome_get_error (fault), ASSAY_ERROR, ASSAY_ERROR_REFUSED);
  g_assert_nonnull (strstr (assay_outcome_get_error (fault)->message, "odd: case"));
}

typedef struct {
  const char *sent[5];       /* names of the pictures */
  const char *named[5];      /* names in the answer; prediction n says "pn"; "?" for none */
  const char *got[5];        /* top label for each picture, or NULL for an error */
} Match;

static const Match matches[] = {
  { { "a.jpg" }, { "a.jpg" }, { "p0" } },
  { { "a.jpg", "b.jpg" }, { "a.jpg", "b.jpg" }, { "p0", "p1" } },
  { { "a.jpg", "b.jpg" }, { "b.jpg", "a.jpg" }, { "p1", "p0" } },
  /* by order where the names say nothing */
  { { "a.jpg" }, { "upload" }, { "p0" } },
  { { "a.jpg" }, { "?" }, { "p0" } },
  { { "a.jpg", "b.jpg" }, { "?", "?" }, { "p0", "p1" } },
  { { "a.jpg", "b.jpg", "c.jpg" }, { "c.jpg", "x", "y" }, { "p1", "p2", "p0" } },
  /* never where the number differs, or a name contradicts */
  { { "a.jpg", "b.jpg" }, { "x" }, { NULL, NULL } },
  { { "a.jpg", "b.jpg" }, { "b.jpg" }, { NULL, "p0" } },
  { { "a.jpg" }, { "x", "y" }, { NULL } },
  { { "a.jpg" }, { "x", "a.jpg" }, { "p1" } },
  { { "a.jpg", "b.jpg" }, { "a.jpg", "a.jpg" }, { "p0", NULL } },
  { { "a.jpg", "b.jpg" }, { NULL }, { NULL, NULL } },
  /* equal names went out with numbers */
  { { "x/a.jpg", "y/a.jpg" }, { "a (2).jpg", "a.jpg" }, { "p1", "p0" } },
  /* as written in the header, or with its escapes undone */
  { { "q\"\\.jpg", "b" }, { "b", "q%22%5C.jpg" }, { "p1", "p0" } },
  { { "q\"\\.jpg", "b" }, { "b", "q\"\\.jpg" }, { "p1", "p0" } },
  { { "caf\xe9", "b" }, { "b", "caf\uFFFD" }, { "p1", "p0" } },
};

static char *
answer_of (const char *const *names)
{
  GString *body = g_string_new ("{\"predictions\":[");

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_string_append (body, i > 0 ? ",{" : "{");
      if (strcmp (names[i], "?") != 0)
        {
          g_string_append (body, "\"name\":");
          assay_json_append_string (body, names[i]);
          g_string_append_c (body, ',');
        }
      g_string_append_printf (body, "\"results\":[{\"label\":\"p%u\",\"score\":1}]}", i);
    }
  g_string_append (body, "]}");
  return g_string_free (body, FALSE);
}

static void
test_matches_pictures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (matches); i++)
    {
      g_autofree char *body = answer_of (matches[i].named);
      g_autoptr (AssayReply) reply = new_reply (200, body);
      g_autoptr (GPtrArray) outcomes = read_for (reply, matches[i].sent);

      say (body);
      for (guint at = 0; at < outcomes->len; at++)
        {
          AssayPrediction *prediction = assay_outcome_get_prediction (g_ptr_array_index (outcomes, at));

          g_assert_cmpstr (prediction != NULL ? assay_prediction_get_label (prediction, 0) : NULL, ==,
                           matches[i].got[at]);
        }
    }
}

/* One broken prediction costs one picture. */
static void
test_keeps_the_good_ones (void)
{
  static const char *const names[] = { "a.jpg", "b.jpg", NULL };
  g_autoptr (AssayReply) reply = new_reply (200,
    "{\"predictions\":[{\"name\":\"a.jpg\",\"results\":[{\"label\":\"l\"}]},"
    "{\"name\":\"b.jpg\",\"results\":[{\"label\":\"l\",\"score\":1}]}]}");
  g_autoptr (GPtrArray) outcomes = read_for (reply, names);

  g_assert_error (assay_outcome_get_error (g_ptr_array_index (outcomes, 0)), ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
  g_assert_nonnull (assay_outcome_get_prediction (g_ptr_array_index (outcomes, 1)));
}

static void
test_huge_answers (void)
{
  g_autoptr (GString) body = g_string_new ("{\"predictions\":[{\"name\":\"a.jpg\",\"results\":[");
  g_autoptr (AssayOutcome) many = NULL;
  g_autoptr (AssayOutcome) huge = NULL;

  for (guint i = 0; i <= ASSAY_LIMIT_LABELS; i++)
    g_string_append_printf (body, "%s{\"label\":\"label number %u of a very large model\",\"score\":0}", i > 0 ? "," : "", i);
  g_string_append (body, "]}]}");
  many = read_one (200, body->str);
  g_assert_error (assay_outcome_get_error (many), ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
  g_assert_nonnull (strstr (assay_outcome_get_error (many)->message, "predictions[0].results[25000]: "));
  g_assert_null (strstr (assay_outcome_get_error (many)->message, ".."));
  g_assert_cmpuint (g_bytes_get_size (assay_outcome_get_raw (many)), ==, ASSAY_LIMIT_RAW_BYTES);

  while (body->len < 50u * 1000 * 1000)
    g_string_append (body, "{\"label\":\"label\",\"score\":0},");
  huge = read_one (200, body->str);
  g_assert_error (assay_outcome_get_error (huge), ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
}

/* ---- Listing ---- */

static void
test_list_requests (void)
{
  static const char *const wanted[] = { "https://h.example/api/v2/image/retraining/models",
                                        "https://h.example/api/v2/image/retraining/deployments" };
  const AssayProfile none = { .url = (char *) BASE };
  const AssayProfile empty = { .url = (char *) BASE, .models_url = (char *) "" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) requests = assay_protocol_mlf.list (&addresses, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (requests->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      AssayRequest *request = g_ptr_array_index (requests, i);

      g_assert_cmpstr (request->method, ==, "GET");
      g_assert_cmpstr (request->url, ==, wanted[i]);
      g_assert_null (request->body);
    }
  g_assert_true (assay_protocol_mlf.can_list (&addresses));
  g_assert_false (assay_protocol_mlf.can_list (&none));
  g_assert_false (assay_protocol_mlf.can_list (&empty));
  g_assert_null (assay_protocol_mlf.list (&none, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
}

static GPtrArray *
read_list (guint models_status,
           const char *models,
           guint deployments_status,
           const char *deployments,
           GError **error)
{
  g_autoptr (AssayReply) first = new_reply (models_status, models);
  g_autoptr (AssayReply) second = new_reply (deployments_status, deployments);
  AssayReply *replies[] = { first, second };

  return assay_protocol_mlf.read_list (&addresses, replies, 2, error);
}

/* "model/version state callable", one a line. */
static char *
describe (GPtrArray *versions)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < versions->len; i++)
    {
      AssayModelVersion *version = g_ptr_array_index (versions, i);

      g_string_append_printf (out, "%s/%s %s%s\n", version->model, version->version, version->state,
                              version->callable ? " callable" : "");
    }
  return g_string_free (out, FALSE);
}

#define MODELS \
  "{\"models\":[{\"name\":\"brands\",\"versions\":[" \
  "{\"modelName\":\"brands-01\",\"version\":\"1\",\"createdAt\":\"2018-11-03T15:53:09.418Z\",\"updatedAt\":\"x\"}," \
  "{\"modelName\":\"brands-01\",\"version\":\"10\"},{\"modelName\":\"brands-01\",\"version\":\"9\"}," \
  "{\"modelName\":\"brands-01\",\"version\":\"2\"}]}," \
  "{\"versions\":[{\"modelName\":\"apples\",\"version\":\"1\",\"labels\":[\"a\",\"b\"]}]}],\"count\":5}"

#define DEPLOYMENT(model, version, state) \
  "{\"id\":\"ms-7128fb07\",\"modelName\":\"" model "\",\"modelVersion\":\"" version "\"," \
  "\"status\":{\"state\":\"" state "\",\"description\":\"about it\"}}"

static void
test_joins (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) versions = read_list (200, MODELS, 200,
    "{\"deployments\":["
    DEPLOYMENT ("brands-01", "9", "FAILED") "," DEPLOYMENT ("brands-01", "9", "SUCCEEDED") ","
    DEPLOYMENT ("brands-01", "9", "PENDING") "," DEPLOYMENT ("brands-01", "10", "PENDING") ","
    DEPLOYMENT ("brands-01", "1", "") "," DEPLOYMENT ("unlisted", "1", "SUCCEEDED") "]}", &error);
  g_autofree char *text = NULL;
  AssayModelVersion *first, *oldest;

  g_assert_no_error (error);
  text = describe (versions);
  g_assert_cmpstr (text, ==,
                   "apples/1 \n"
                   "brands-01/10 PENDING\n"
                   "brands-01/9 SUCCEEDED callable\n"
                   "brands-01/2 \n"
                   "brands-01/1 \n"
                   "unlisted/1 SUCCEEDED callable\n");
  first = g_ptr_array_index (versions, 0);
  oldest = g_ptr_array_index (versions, 4);
  g_assert_cmpstr (first->labels[1], ==, "b");
  g_assert_null (first->description);
  g_assert_cmpint (oldest->created, ==, G_GINT64_CONSTANT (1541260389418000));
  g_assert_cmpstr (((AssayModelVersion *) g_ptr_array_index (versions, 1))->description, ==, "about it");
}

typedef struct {
  guint models_status;
  const char *models;
  guint deployments_status;
  const char *deployments;
  int code;                  /* -1: it must be read … */
  const char *text;          /* … as this, or refused with these words */
} List;

#define ONE "{\"models\":[{\"versions\":[{\"modelName\":\"m\",\"version\":\"1\"}]}]}"
#define NONE "{\"deployments\":[]}"

static const List lists[] = {
  { 200, "{\"models\":[]}", 200, NONE, -1, "" },
  { 200, ONE, 200, NONE, -1, "m/1 \n" },
  /* without a list of deployments every version may be tried */
  { 200, ONE, 404, "", -1, "m/1  callable\n" },
  { 200, ONE, 405, "", -1, "m/1  callable\n" },
  /* without a list of models the deployments are the list */
  { 404, "", 200, "{\"deployments\":[" DEPLOYMENT ("m", "1", "SUCCEEDED") "]}", -1, "m/1 SUCCEEDED callable\n" },
  { 404, "", 404, "", ASSAY_ERROR_NOT_FOUND, "404" },
  { 401, "", 200, NONE, ASSAY_ERROR_UNAUTHORIZED, "401" },
  { 200, ONE, 401, "", ASSAY_ERROR_UNAUTHORIZED, "401" },
  { 200, ONE, 503, "", ASSAY_ERROR_BUSY, "503" },
  { 200, "<html>", 200, NONE, ASSAY_ERROR_BAD_ANSWER, "A web page came" },
  { 200, "[]", 200, NONE, ASSAY_ERROR_BAD_ANSWER, "not an object" },
  { 200, "{}", 200, NONE, ASSAY_ERROR_BAD_ANSWER, "models is missing" },
  { 200, "{\"models\":[1]}", 200, NONE, ASSAY_ERROR_BAD_ANSWER, "models[0] is not an object" },
  { 200, "{\"models\":[{}]}", 200, NONE, ASSAY_ERROR_BAD_ANSWER, "models[0].versions is missing" },
  { 200, "{\"models\":[{\"versions\":[null]}]}", 200, NONE, ASSAY_ERROR_BAD_ANSWER, "models[0].versions[0] is not" },
  { 200, "{\"models\":[{\"versions\":[{\"version\":\"1\"}]}]}", 200, NONE, ASSAY_ERROR_BAD_ANSWER,
    "models[0].versions[0].modelName is missing" },
  { 200, "{\"models\":[{\"versions\":[{\"modelName\":\"\",\"version\":\"1\"}]}]}", 200, NONE, ASSAY_ERROR_BAD_ANSWER,
    "models[0].versions[0].modelName is empty" },
  { 200, "{\"models\":[{\"versions\":[{\"modelName\":\"m\",\"version\":1}]}]}", 200, NONE, ASSAY_ERROR_BAD_ANSWER,
    "models[0].versions[0].version is not a text" },
  { 200, "{\"models\":[{\"versions\":[{\"modelName\":\"m\",\"version\":\"1\",\"labels\":[1],\"createdAt\":7}]}]}", 200,
    NONE, -1, "m/1 \n" },
  { 200, ONE, 200, "{}", ASSAY_ERROR_BAD_ANSWER, "deployments is missing" },
  { 200, ONE, 200, "{\"deployments\":[[]]}", ASSAY_ERROR_BAD_ANSWER, "deployments[0] is not an object" },
  { 200, ONE, 200, "{\"deployments\":[{\"modelVersion\":\"1\"}]}", ASSAY_ERROR_BAD_ANSWER,
    "deployments[0].modelName is missing" },
  { 200, ONE, 200, "{\"deployments\":[{\"modelName\":\"m\",\"modelVersion\":\"1\"}]}", ASSAY_ERROR_BAD_ANSWER,
    "deployments[0].status is missing" },
  { 200, ONE, 200, "{\"deployments\":[{\"modelName\":\"m\",\"modelVersion\":\"1\",\"status\":{}}]}", ASSAY_ERROR_BAD_ANSWER,
    "deployments[0].status.state is missing" },
};

static void
test_lists (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      const List *list = &lists[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) versions = read_list (list->models_status, list->models, list->deployments_status,
                                                  list->deployments, &error);

      say (list->models);
      say (list->deployments);
      if (list->code == -1)
        {
          g_autofree char *text = NULL;

          g_assert_no_error (error);
          text = describe (versions);
          g_assert_cmpstr (text, ==, list->text);
          continue;
        }
      g_assert_null (versions);
      g_assert_error (error, ASSAY_ERROR, list->code);
      say (error->message);
      g_assert_nonnull (strstr (error->message, list->text));
    }
}

static void
test_natural_order (void)
{
  static const char *const newest_first[] = { "v11", "v2", "2018-10-01", "2018-9-30", "10.1", "10", "9.99", "9.9", "2", "1.10",
                                              "1.9", "1", "01", "0", NULL };
  g_autoptr (GString) models = g_string_new ("{\"models\":[{\"versions\":[");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) versions = NULL;
  guint n = g_strv_length ((char **) newest_first);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (models, "%s{\"modelName\":\"m\",\"version\":\"%s\"}", i > 0 ? "," : "",
                            newest_first[(i * 5 + 3) % n]);
  g_string_append (models, "]}]}");
  versions = read_list (200, models->str, 200, NONE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (versions->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (((AssayModelVersion *) g_ptr_array_index (versions, i))->version, ==, newest_first[i]);
}

static void
test_too_many_versions (void)
{
  g_autoptr (GString) models = g_string_new ("{\"models\":[{\"versions\":[");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i <= ASSAY_LIMIT_MODELS; i++)
    g_string_append_printf (models, "%s{\"modelName\":\"m\",\"version\":\"%u\"}", i > 0 ? "," : "", i);
  g_string_append (models, "]}]}");
  g_assert_null (read_list (200, models->str, 200, NONE, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
}

/* ---- The server's side, and that both ends agree ---- */

static AssayPrediction *
new_prediction (void)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  g_assert_true (assay_prediction_builder_add (builder, "tulips", 1.0 / 3, NULL));
  g_assert_true (assay_prediction_builder_add (builder, "r\u00f6ses \"\n", 2.0 / 3, NULL));
  return assay_prediction_builder_end (builder);
}

static void
test_format_answer (void)
{
  g_autoptr (AssayPrediction) prediction = new_prediction ();
  const AssayMlfResult results[] = { { "a.jpg", prediction }, { "b\xff.jpg", prediction } };
  g_autofree char *text = assay_mlf_format_answer ("1da09239-5e0f-44e8-5bd1-9ce03ea488ff", results, 2,
                                                   G_GINT64_CONSTANT (1538036819822949));
  g_autofree char *none = assay_mlf_format_answer ("i", NULL, 0, 5);
  g_autoptr (AssayReply) reply = new_reply (200, text);
  static const char *const names[] = { "b\xff.jpg", "a.jpg", NULL };
  g_autoptr (GPtrArray) outcomes = read_for (reply, names);

  g_assert_cmpstr (text, ==,
    "{\"id\":\"1da09239-5e0f-44e8-5bd1-9ce03ea488ff\",\"predictions\":["
    "{\"name\":\"a.jpg\",\"results\":[{\"label\":\"r\u00f6ses \\\"\\n\",\"score\":0.6666666666666666},"
    "{\"label\":\"tulips\",\"score\":0.3333333333333333}]},"
    "{\"name\":\"b\uFFFD.jpg\",\"results\":[{\"label\":\"r\u00f6ses \\\"\\n\",\"score\":0.6666666666666666},"
    "{\"label\":\"tulips\",\"score\":0.3333333333333333}]}],"
    "\"processedTime\":\"2018-09-27T08:26:59.822949+00:00\",\"status\":\"DONE\"}");
  g_assert_cmpstr (none, ==, "{\"id\":\"i\",\"predictions\":[],\"processedTime\":\"1970-01-01T00:00:00.000005+00:00\","
                             "\"status\":\"DONE\"}");
  for (guint i = 0; i < 2; i++)
    {
      AssayPrediction *back = assay_outcome_get_prediction (g_ptr_array_index (outcomes, i));

      g_assert_nonnull (back);
      g_assert_true (assay_prediction_get_score (back, 0) == 2.0 / 3);
      g_assert_true (assay_prediction_get_score (back, 1) == 1.0 / 3);
      g_assert_cmpstr (assay_prediction_get_label (back, 0), ==, "r\u00f6ses \"\n");
    }
}

static void
test_format_error (void)
{
  g_autofree char *text = assay_mlf_format_error (400, "no \"files\"", NULL);
  g_autofree char *with_id = assay_mlf_format_error (404, "URL does not exist", "r-1");
  g_autoptr (AssayOutcome) outcome = read_one (404, with_id);

  g_assert_cmpstr (text, ==, "{\"error\":{\"code\":\"400\",\"message\":\"no \\\"files\\\"\"}}");
  g_assert_cmpstr (with_id, ==, "{\"error\":{\"requestId\":\"r-1\",\"code\":\"404\",\"message\":\"URL does not exist\"}}");
  g_assert_error (assay_outcome_get_error (outcome), ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (assay_outcome_get_error (outcome)->message, "“URL does not exist”"));
}

static void
test_format_lists (void)
{
  char *labels[] = { (char *) "daisy", (char *) "ro\"ses", NULL };
  AssayModelVersion two = { (char *) "flowers", (char *) "2", (char *) "SUCCEEDED", (char *) "ready", TRUE, labels,
                            G_GINT64_CONSTANT (1541260389418000) };
  AssayModelVersion one = { (char *) "flowers", (char *) "1", (char *) "PENDING", NULL, FALSE, NULL, 0 };
  AssayModelVersion other = { (char *) "apples", (char *) "1", (char *) "", NULL, FALSE, NULL, 0 };
  AssayModelVersion *versions[] = { &two, &other, &one };
  g_autofree char *models = assay_mlf_format_models (versions, 3, NULL);
  g_autofree char *flowers = assay_mlf_format_models (versions, 3, "flowers");
  g_autofree char *unknown = assay_mlf_format_models (versions, 3, "x");
  g_autofree char *empty = assay_mlf_format_models (NULL, 0, NULL);
  g_autofree char *deployments = assay_mlf_format_deployments (versions, 3);
  g_autofree char *again = assay_mlf_format_deployments (versions, 3);
  g_autofree char *undeployed = assay_mlf_format_deployments (NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) back = read_list (200, models, 200, deployments, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (flowers, ==,
    "{\"versions\":[{\"modelName\":\"flowers\",\"version\":\"2\",\"createdAt\":\"2018-11-03T15:53:09.418Z\","
    "\"updatedAt\":\"2018-11-03T15:53:09.418Z\",\"labels\":[\"daisy\",\"ro\\\"ses\"]},"
    "{\"modelName\":\"flowers\",\"version\":\"1\"}]}");
  g_assert_cmpstr (unknown, ==, "{\"versions\":[]}");
  g_assert_cmpstr (empty, ==, "{\"models\":[]}");
  g_assert_cmpstr (undeployed, ==, "{\"deployments\":[]}");
  g_assert_cmpstr (deployments, ==, again);
  text = describe (back);
  g_assert_cmpstr (text, ==, "apples/1 \nflowers/2 SUCCEEDED callable\nflowers/1 PENDING\n");
  g_assert_cmpstr (((AssayModelVersion *) g_ptr_array_index (back, 1))->labels[1], ==, "ro\"ses");
  g_assert_cmpint (((AssayModelVersion *) g_ptr_array_index (back, 1))->created, ==, two.created);
}

/* Members, the names in an answer (prediction n says "pn"; "?" for none), and what
 * each member gets: a label, "-" for no prediction, "x" for no telling which. */
static const struct {
  const char *members;
  const char *named;
  const char *wanted;
} archive_matches[] = {
  { "a b c", "a b c", "p0 p1 p2" },
  { "a b c", "c a b", "p1 p2 p0" },
  { "a b c", "a b", "p0 p1 -" },
  { "a b c", "a b c d", "p0 p1 p2" },
  { "a b c", "a a b c", "x p2 p3" },
  { "a b c", "x y z", "p0 p1 p2" },
  { "a b c", "x c y", "p0 p2 p1" },
  { "a b c", "x y z z", "- - -" },
  { "a b c", "x", "- - -" },
  { "a b c", "? ? ?", "p0 p1 p2" },
  { "a b a", "a a b", "p0 p2 p1" },
  { "a b a", "a b", "x p1 x" },
  { "a b a", "a b a a", "x p1 x" },
  { "a a", "x y", "p0 p1" },
  { "a", "", "-" },
};

static void
append_prediction (GString *json,
                   const char *name,
                   guint number)
{
  g_string_append_printf (json, "%s{", number > 0 ? "," : "");
  if (strcmp (name, "?") != 0)
    g_string_append_printf (json, "\"name\":\"%s\",", name);
  g_string_append_printf (json, "\"results\":[{\"label\":\"p%u\",\"score\":1}]}", number);
}

static char *
describe_outcomes (GPtrArray *outcomes)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < outcomes->len; i++)
    {
      AssayPrediction *prediction = assay_outcome_get_prediction (outcomes->pdata[i]);
      const GError *error = assay_outcome_get_error (outcomes->pdata[i]);

      g_string_append (text, i > 0 ? " " : "");
      if (prediction != NULL)
        g_string_append (text, assay_prediction_get_label (prediction, 0));
      else
        g_string_append (text, strstr (error->message, "fewer or more") != NULL ? "x" : "-");
      if (error != NULL)
        g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_matches_members (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (archive_matches); i++)
    {
      g_auto (GStrv) members = g_strsplit (archive_matches[i].members, " ", -1);
      g_auto (GStrv) named = g_strsplit (archive_matches[i].named, " ", -1);
      g_autoptr (GString) json = g_string_new ("{\"predictions\":[");
      g_autoptr (AssayReply) reply = NULL;
      g_autoptr (GPtrArray) outcomes = NULL;
      g_autofree char *text = NULL;

      for (guint j = 0; named[j] != NULL; j++)
        append_prediction (json, named[j], j);
      g_string_append (json, "]}");
      reply = new_reply (200, json->str);
      outcomes = assay_protocol_mlf.read_archive (reply, (const char *const *) members,
                                                  g_strv_length (members));
      text = describe_outcomes (outcomes);
      g_assert_cmpstr (text, ==, archive_matches[i].wanted);
    }
}

static void
test_archive_refused (void)
{
  static const char *const members[] = { "a", "b", NULL };
  g_autoptr (AssayReply) reply = new_reply (400, "{\"error\":{\"message\":\"No hierarchy\"}}");
  g_autoptr (GPtrArray) outcomes = assay_protocol_mlf.read_archive (reply, members, 2);

  g_assert_cmpuint (outcomes->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const GError *error = assay_outcome_get_error (outcomes->pdata[i]);

      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED);
      g_assert_nonnull (strstr (error->message, "No hierarchy"));
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assay/protocol-mlf/classify-request", test_classify_request);
  g_test_add_func ("/assay/protocol-mlf/second-generation", test_second_generation);
  g_test_add_func ("/assay/protocol-mlf/first-generation", test_first_generation);
  g_test_add_func ("/assay/protocol-mlf/scores-and-labels-as-sent", test_scores_and_labels_as_sent);
  g_test_add_func ("/assay/protocol-mlf/names-the-place", test_names_the_place);
  g_test_add_func ("/assay/protocol-mlf/service-errors", test_service_errors);
  g_test_add_func ("/assay/protocol-mlf/matches-pictures", test_matches_pictures);
  g_test_add_func ("/assay/protocol-mlf/matches-members", test_matches_members);
  g_test_add_func ("/assay/protocol-mlf/archive-refused", test_archive_refused);
  g_test_add_func ("/assay/protocol-mlf/keeps-the-good-ones", test_keeps_the_good_ones);
  g_test_add_func ("/assay/protocol-mlf/huge-answers", test_huge_answers);
  g_test_add_func ("/assay/protocol-mlf/list-requests", test_list_requests);
  g_test_add_func ("/assay/protocol-mlf/joins-models-and-deployments", test_joins);
  g_test_add_func ("/assay/protocol-mlf/lists-or-names-the-place", test_lists);
  g_test_add_func ("/assay/protocol-mlf/natural-order", test_natural_order);
  g_test_add_func ("/assay/protocol-mlf/too-many-versions", test_too_many_versions);
  g_test_add_func ("/assay/protocol-mlf/format-answer", test_format_answer);
  g_test_add_func ("/assay/protocol-mlf/format-error", test_format_error);
  g_test_add_func ("/assay/protocol-mlf/format-lists", test_format_lists);
  return g_test_run ();
}
