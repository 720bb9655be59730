/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Image classification as the SAP Leonardo Machine Learning Foundation spoke it.
 *
 * Classifying
 *   POST {url}/models/{model}/versions/{version}   a retrained model
 *   POST {url}                                     the stock model
 *   Accept: application/json; the body is multipart/form-data with one part named
 *   "files", with a file name, for each picture.  No query, no options: how many
 *   labels come back is the service's choice.
 *
 * Its answer, second generation (2018); the first (2017) says "_id" and
 * "processed_time", and adds "request" and "tenantName":
 *   { "id": "1da09239-…",
 *     "predictions": [ { "name": "rose.jpg",
 *                        "results": [ { "label": "roses", "score": 0.98 }, … ] }, … ],
 *     "processedTime": "2018-09-27T08:26:59.822949+00:00",
 *     "status": "DONE" }
 *   Only "predictions" is read, and in it "name", "results", "label" and "score";
 *   other members are of no concern.  Results usually come highest score first.
 *   Labels hold commas and need not be unique.  Any number of results may come;
 *   of the stock model it was always five.
 *
 * Classifying an archive
 *   The same, with one archive (zip, tar, gz, tgz) of pictures, all at its top
 *   level, as the one part; the answer has a prediction for each member, under the
 *   member's name.
 *
 * Its errors
 *   { "error": { "code": "400", "message": "…", "requestId": "…", "details": […] } }
 *   with the status as a string; in the first generation
 *   { "error": "…", "error_description": "…", "status_code": 400 }; from the gateway
 *   { "fault": { "faultstring": "…" } }; from routers on the way text or HTML.
 *
 * Listing, at an address of its own
 *   GET {models_url}/models
 *     { "models": [ { "versions": [ { "modelName": "flowers", "version": "1",
 *                                     "createdAt": "2018-11-03T15:53:09.418Z", … } ] } ] }
 *   GET {models_url}/deployments
 *     { "deployments": [ { "id": "ms-…", "modelName": "flowers", "modelVersion": "1",
 *                          "status": { "state": "SUCCEEDED", "description": "…" } } ] }
 *   A version can be called while a deployment of it is in the state SUCCEEDED.
 *   "labels", an array of strings beside "version", is our own addition; a service
 *   that does not know it leaves it out.
 *
 * Sources: protocols.md, A1 to A6. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-display.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-protocol-mlf-private.h"
#include "assay-reply-words.h"

#define FIELD "files"
#define AMBIGUOUS G_MAXUINT

/**
 * assay_mlf_request:
 *
 * Returns: (transfer full): a request that wants JSON back
 */
AssayRequest *
assay_mlf_request (const char *method,
              const char *url)
{
  AssayRequest *request = assay_request_new (method, url);

  assay_request_add_header (request, "Accept", "application/json");
  return request;
}

static char *
classify_url (const AssayProfile *profile,
              const char *model,
              const char *version,
              GError **error)
{
  g_autofree char *url = NULL;

  if (model == NULL || *model == '\0')
    return assay_endpoint_normalize (profile->url, error);
  if (version == NULL || *version == '\0')
    {
      g_autofree char *shown = assay_display_name (model);

      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("No version of “%s” is chosen. Choose a version."), shown);
      return NULL;
    }

  url = assay_endpoint_normalize (profile->url, error);
  if (url != NULL)
    {
      const char *segments[] = { "models", model, "versions", version, NULL };
      g_autofree char *whole = assay_endpoint_append (url, segments);

      if (whole != NULL)
        return g_steal_pointer (&whole);
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("A model or version named “.” or “..” cannot be asked for. Choose "
                             "another."));
    }
  return NULL;
}

static AssayRequest *
mlf_classify (const AssayQuery *query,
              GError **error)
{
  g_autofree char *url = NULL;
  AssayRequest *request;

  g_return_val_if_fail (query != NULL, NULL);
  g_return_val_if_fail (query->payloads != NULL && query->n_payloads > 0, NULL);

  url = classify_url (query->profile, query->model, query->version, error);
  if (url == NULL)
    return NULL;
  request = assay_mlf_request ("POST", url);
  request->body = assay_multipart_new (FIELD, query->payloads, query->n_payloads);
  return request;
}

/* The length of a place or a sentence, for one that goes on. */
static int
without_point (const char *text)
{
  gsize length = strlen (text);

  return length - (length > 0 && text[length - 1] == '.');
}

static gboolean
add_result (AssayPredictionBuilder *builder,
            JsonObject *result,
            const char *place,
            GError **error)
{
  const char *label = assay_json_need_string (result, place, "label", error);
  g_autoptr (GError) local = NULL;
  double score;

  if (label == NULL || !assay_json_need_double (result, place, "score", &score, error))
    return FALSE;
  if (!assay_prediction_builder_add (builder, label, score, &local))
    return assay_json_bad (error, "%.*s: %.*s", without_point (place), place,
                           without_point (local->message), local->message);
  return TRUE;
}

static AssayPrediction *
read_prediction (JsonArray *predictions,
                 guint index,
                 GError **error)
{
  g_autoptr (AssayPredictionBuilder) builder = assay_prediction_builder_new ();
  JsonObject *prediction = assay_json_need_element (predictions, index, "predictions", error);
  g_autofree char *place = g_strdup_printf ("predictions[%u].", index);
  g_autofree char *list = g_strconcat (place, "results", NULL);
  JsonArray *results;

  if (prediction == NULL)
    return NULL;
  results = assay_json_need_array (prediction, place, "results", error);
  if (results == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *result = assay_json_need_element (results, i, list, error);
      g_autofree char *at = g_strdup_printf ("%s[%u].", list, i);

      if (result == NULL || !add_result (builder, result, at, error))
        return NULL;
    }
  if (json_array_get_length (results) == 0)
    {
      assay_json_bad (error, _("%s is empty"), list);
      return NULL;
    }
  return assay_prediction_builder_end (g_steal_pointer (&builder));
}

/* The name of a prediction, %NULL if it has none. */
static const char *
prediction_name (JsonArray *predictions,
                 guint index)
{
  JsonNode *node = json_array_get_element (predictions, index);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  return assay_json_get_string (json_node_get_object (node), "name");
}

/* A service may give the name back as it was written in the part's header, or
 * with the few escapes of it undone. */
static GHashTable *
index_names (AssayPayload *const *payloads,
             guint n_payloads)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) names = assay_multipart_dup_names (payloads, n_payloads);

  for (guint i = 0; i < n_payloads; i++)
    {
      g_autoptr (GString) plain = g_string_new (names[i]);

      g_string_replace (plain, "%22", "\"", 0);
      g_string_replace (plain, "%5C", "\\", 0);
      g_string_replace (plain, "%0D", "\r", 0);
      g_string_replace (plain, "%0A", "\n", 0);
      g_hash_table_insert (index, g_strdup (names[i]), GUINT_TO_POINTER (i + 1));
      if (!g_hash_table_contains (index, plain->str))
        g_hash_table_insert (index, g_string_free (g_steal_pointer (&plain), FALSE),
                             GUINT_TO_POINTER (i + 1));
    }
  return index;
}

/* Sets chosen[payload] to the prediction of it, plus one.  Predictions belong to
 * payloads by name.  Order decides only about names that nobody sent, and only
 * if there are as many predictions as payloads: a wrong guess would put one
 * picture's answer beside another. */
static void
match_predictions (JsonArray *predictions,
                   AssayPayload *const *payloads,
                   guint n_payloads,
                   guint *chosen)
{
  g_autoptr (GHashTable) index = index_names (payloads, n_payloads);
  guint n = json_array_get_length (predictions);
  guint next = 0;

  for (guint i = 0; i < n; i++)
    {
      const char *name = prediction_name (predictions, i);
      guint payload = name != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (index, name)) : 0;

      if (payload > 0 && chosen[payload - 1] == 0)
        chosen[payload - 1] = i + 1;
    }
  for (guint i = 0; i < n && n == n_payloads; i++)
    {
      const char *name = prediction_name (predictions, i);

      if (name != NULL && g_hash_table_contains (index, name))
        continue;
      while (next < n_payloads && chosen[next] != 0)
        next++;
      if (next < n_payloads)
        chosen[next] = i + 1;
    }
}

/* @chosen: of the predictions, from 1; 0 for none, AMBIGUOUS for several. */
static AssayOutcome *
read_outcome (JsonArray *predictions,
              guint chosen,
              const char *raw_name,
              GBytes *raw)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPrediction) prediction = NULL;

  if (chosen == 0 || chosen == AMBIGUOUS)
    {
      g_autofree char *name = assay_display_name (raw_name);

      if (chosen == 0)
        assay_json_bad (&error, _("it has no prediction for “%s”"), name);
      else
        assay_json_bad (&error, _("it has fewer or more predictions for “%s” than the archive has "
                                  "pictures of that name"), name);
      return assay_outcome_new_error (error, raw);
    }
  prediction = read_prediction (predictions, chosen - 1, &error);
  if (prediction == NULL)
    return assay_outcome_new_error (error, raw);
  return assay_outcome_new_prediction (prediction, raw);
}

/* Why a successful answer holds no predictions: the first generation could put
 * an error there, or say that it has only taken the job. */
static void
explain_no_predictions (JsonObject *root,
                        const AssayReply *reply,
                        GError **error)
{
  const char *status = assay_json_get_string (root, "status");

  if (assay_json_get_string (root, "error") != NULL
      || assay_json_get_object (root, "error") != NULL)
    {
      g_autofree char *words = assay_reply_dup_words (reply);

      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED,
                   _("The service answered with a fault in place of predictions. It says: “%s”"),
                   words);
    }
  else if (status != NULL && strcmp (status, "DONE") != 0
           && !json_object_has_member (root, "predictions"))
    {
      g_autofree char *shown = assay_display_text (status, -1, 40);

      assay_json_bad (error, _("predictions is missing, and its status is “%s”"), shown);
    }
  else
    assay_json_need_array (root, "", "predictions", error);
}

static JsonArray *
find_predictions (const AssayReply *reply,
                  JsonNode **root,
                  GError **error)
{
  JsonArray *predictions;

  if (!assay_reply_is_success (reply))
    {
      g_propagate_error (error, assay_protocol_error_from_reply (reply));
      return NULL;
    }
  *root = assay_json_need_root (reply->body, error);
  if (*root == NULL)
    return NULL;
  predictions = assay_json_get_array (json_node_get_object (*root), "predictions");
  if (predictions == NULL)
    explain_no_predictions (json_node_get_object (*root), reply, error);
  return predictions;
}

static GPtrArray *
mlf_read_classify (const AssayQuery *query,
                   const AssayReply *reply)
{
  AssayPayload *const *payloads = query->payloads;
  guint n_payloads = query->n_payloads;
  GPtrArray *outcomes = g_ptr_array_new_full (n_payloads, (GDestroyNotify) assay_outcome_unref);
  g_autofree guint *chosen = g_new0 (guint, n_payloads + 1);
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  JsonArray *predictions;

  g_return_val_if_fail (reply != NULL, outcomes);
  g_return_val_if_fail (payloads != NULL || n_payloads == 0, outcomes);

  raw = assay_reply_dup_start (reply);
  predictions = find_predictions (reply, &root, &error);
  if (predictions != NULL)
    match_predictions (predictions, payloads, n_payloads, chosen);
  for (guint i = 0; i < n_payloads; i++)
    g_ptr_array_add (outcomes, predictions != NULL
                                 ? read_outcome (predictions, chosen[i],
                                                 assay_payload_get_name (payloads[i]), raw)
                                 : assay_outcome_new_error (error, raw));
  return outcomes;
}

/* The members of one name, and the predictions of it. */
typedef struct {
  guint members;
  guint next;                 /* of indices, to give out */
  GArray *indices;            /* (element-type guint): of the predictions */
} Namesakes;

static void
namesakes_free (gpointer data)
{
  Namesakes *self = data;

  g_array_unref (self->indices);
  g_free (self);
}

static GHashTable *
count_names (JsonArray *predictions,
             const char *const *names,
             guint n_names)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, namesakes_free);

  for (guint i = 0; i < n_names; i++)
    {
      Namesakes *found = g_hash_table_lookup (table, names[i]);

      if (found == NULL)
        {
          found = g_new0 (Namesakes, 1);
          found->indices = g_array_new (FALSE, FALSE, sizeof (guint));
          g_hash_table_insert (table, (gpointer) names[i], found);
        }
      found->members++;
    }
  for (guint i = 0; i < json_array_get_length (predictions); i++)
    {
      const char *name = prediction_name (predictions, i);
      Namesakes *found = name != NULL ? g_hash_table_lookup (table, name) : NULL;

      if (found != NULL)
        g_array_append_val (found->indices, i);
    }
  return table;
}

/* The predictions whose names nobody has sent, in order. */
static GArray *
list_strangers (JsonArray *predictions,
                GHashTable *table)
{
  GArray *strangers = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < json_array_get_length (predictions); i++)
    {
      const char *name = prediction_name (predictions, i);

      if (name == NULL || !g_hash_table_contains (table, name))
        g_array_append_val (strangers, i);
    }
  return strangers;
}

/* Sets chosen[member] to the prediction of it, plus one.  Names decide; members of
 * the same name have the predictions of that name in order, if there are as many.
 * Order decides also about predictions with names that are not in the archive (a
 * service may write them otherwise), if there are as many as members without one:
 * a wrong guess would put one picture's answer beside another. */
static void
match_members (JsonArray *predictions,
               const char *const *names,
               guint n_names,
               guint *chosen)
{
  g_autoptr (GHashTable) table = count_names (predictions, names, n_names);
  g_autoptr (GArray) strangers = list_strangers (predictions, table);
  guint missing = 0, next = 0;

  for (guint i = 0; i < n_names; i++)
    {
      Namesakes *found = g_hash_table_lookup (table, names[i]);

      if (found->indices->len == found->members)
        chosen[i] = g_array_index (found->indices, guint, found->next++) + 1;
      else if (found->indices->len > 0)
        chosen[i] = AMBIGUOUS;
      else
        missing++;
    }
  for (guint i = 0; i < n_names && missing == strangers->len; i++)
    if (chosen[i] == 0)
      chosen[i] = g_array_index (strangers, guint, next++) + 1;
}

static GPtrArray *
mlf_read_archive (const AssayReply *reply,
                  const char *const *names,
                  guint n_names)
{
  GPtrArray *outcomes = g_ptr_array_new_full (n_names, (GDestroyNotify) assay_outcome_unref);
  g_autofree guint *chosen = g_new0 (guint, n_names + 1);
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  JsonArray *predictions;

  g_return_val_if_fail (reply != NULL, outcomes);
  g_return_val_if_fail (names != NULL || n_names == 0, outcomes);

  raw = assay_reply_dup_start (reply);
  predictions = find_predictions (reply, &root, &error);
  if (predictions != NULL)
    match_members (predictions, names, n_names, chosen);
  for (guint i = 0; i < n_names; i++)
    g_ptr_array_add (outcomes, predictions != NULL
                                 ? read_outcome (predictions, chosen[i], names[i], raw)
                                 : assay_outcome_new_error (error, raw));
  return outcomes;
}

const AssayProtocol assay_protocol_mlf = {
  .id = "mlf",
  .title = "SAP ML Foundation",
  .classify = mlf_classify,
  .read_classify = mlf_read_classify,
  .read_archive = mlf_read_archive,
  .can_list = assay_mlf_can_list,
  .list = assay_mlf_list,
  .read_list = assay_mlf_read_list,
  .probe = assay_mlf_probe,
  .read_probe = assay_mlf_read_probe,
};
