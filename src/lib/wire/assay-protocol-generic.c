/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Any service that takes a picture in one request and gives labels with scores, or scores,
 * back as JSON.
 *
 * Classifying
 *   POST {url}{template}   where both go together as assay-generic-template.c says; the body
 *                          as assay-generic-body.c says; Accept: application/json.
 *   One picture in each request.  The answer in any of the shapes of assay-shapes.c.
 *
 * What servers that many people have want, as presets (assay-generic-presets.c)
 *   TorchServe           POST :8080/predictions/{model}[/{version}], the file's bytes.
 *     200, without Content-Type: { "tabby": 0.41, … } or, in old ones, [ { "daisy": 0.48 }, … ]
 *     400 { "code": 400, "type": "InvalidKeyException", "message": "Token Authorization …" }
 *         is a sign-in that it doesn't take;
 *     503 { "code": 503, "type": "InternalServerException", "message": "Prediction failed" }
 *         is a picture that it can't read: both would be the same again;
 *     503 { …, "message": "Model \"m\" has no worker to serve inference request. …" } would not.
 *   Hugging Face         POST to the address itself, the file's bytes with their own type.
 *     200 [ { "label": "tabby, tabby cat", "score": 0.93 }, … ]
 *     503 { "error": "Model m is currently loading", "estimated_time": 44.49 }, in seconds
 *     400 { "error": "cannot identify image file <…>" }, as all errors of its toolkit
 *   Custom Vision        POST …/prediction/{project}/classify/iterations/{model}/image, the
 *     bytes as application/octet-stream, with the header Prediction-Key.
 *     200 { …, "predictions": [ { "probability": 0.98, "tagName": "Tulip", … }, … ] }
 *     400 { "code": "BadRequestImageFormat", "message": "…" }
 *   Vertex AI            POST {endpoint}:predict, { "instances": [ { "content": base64 } ] }
 *     200 { "predictions": [ { "displayNames": […], "confidences": […] } ], … }
 *     400 { "error": { "code": 400, "message": "…", "status": "INVALID_ARGUMENT" } }
 *
 * Listing, where the connection has an address for it: TorchServe's management
 *   GET {models_url}/models?limit=100
 *     { "nextPageToken": "100", "models": [ { "modelName": "noop", "modelUrl": "noop.mar" } ] }
 *   100 is the most it gives at once, and all that is listed.  Names alone are read too,
 *   and versions where they stand beside them.
 *
 * Finding out
 *   GET {address}/ping     TorchServe: { "status": "Healthy" }, "Partial Healthy", "Unhealthy"
 *   GET {address}/health   Hugging Face's toolkit: the text "Ok"
 *
 * Sources: protocols.md, B3 to B8, C1 to C3. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-display.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-generic-presets.h"
#include "assay-generic-private.h"
#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-protocol-generic.h"
#include "assay-reply-words.h"
#include "assay-shapes.h"
#include "assay-util.h"

#define PAGE "limit=100"
#define READY "READY"                   /* as other protocols have it, where a list has no states */

static AssayRequest *
new_request (const char *method,
             const char *url)
{
  AssayRequest *request = assay_request_new (method, url);

  assay_request_add_header (request, "Accept", "application/json");
  return request;
}

/* ---- classifying ---- */

static AssayRequest *
generic_classify (const AssayQuery *query,
                  GError **error)
{
  g_autofree char *url = NULL;
  AssayBody *body;
  AssayRequest *request;

  g_return_val_if_fail (query != NULL, NULL);
  g_return_val_if_fail (query->payloads != NULL && query->n_payloads > 0, NULL);

  url = assay_generic_fill (query->profile->url, query->profile->template, query->model,
                            query->version, error);
  body = url != NULL ? assay_generic_make_body (query, error) : NULL;
  if (body == NULL)
    return NULL;
  request = new_request ("POST", url);
  request->body = body;
  return request;
}

static JsonObject *
object_of (JsonNode *root)
{
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}

/* What TorchServe means by its statuses, which is not what they mean elsewhere. */
static GError *
error_of (const AssayReply *reply)
{
  gsize length;
  const char *data = g_bytes_get_data (reply->body, &length);
  g_autoptr (JsonNode) root = length > 0 ? assay_json_parse (data, length, NULL) : NULL;
  JsonObject *object = object_of (root);
  const char *type = assay_json_get_string (object, "type");
  const char *message = assay_json_get_string (object, "message");

  if (reply->status == 400 && g_strcmp0 (type, "InvalidKeyException") == 0)
    return assay_protocol_error_as (reply, ASSAY_ERROR_UNAUTHORIZED);
  if (reply->status == 503 && g_strcmp0 (type, "InternalServerException") == 0
      && g_strcmp0 (message, "Prediction failed") == 0)
    return assay_protocol_error_as (reply, ASSAY_ERROR_REFUSED);
  return assay_protocol_error_from_reply (reply);
}

static gboolean
check_no_fault (JsonNode *root,
                const AssayReply *reply,
                GError **error)
{
  JsonObject *object = object_of (root);
  g_autofree char *words = NULL;

  if (assay_json_get_string (object, "error") == NULL
      && assay_json_get_object (object, "error") == NULL)
    return TRUE;
  words = assay_reply_dup_words (reply);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED,
               _("The service answered with a fault in place of predictions. It says: “%s”"),
               words != NULL ? words : "");
  return FALSE;
}

static GPtrArray *
read_predictions (const AssayQuery *query,
                  const AssayReply *reply,
                  GError **error)
{
  g_autoptr (JsonNode) root = NULL;

  if (!assay_reply_is_success (reply))
    {
      g_propagate_error (error, error_of (reply));
      return NULL;
    }
  root = assay_json_need_value (reply->body, error);
  if (root == NULL || !check_no_fault (root, reply, error))
    return NULL;
  return assay_shapes_read (root, query->profile, query->info != NULL ? query->info->labels : NULL,
                            query->n_payloads, error);
}

/* What is kept of the answer, cut once for all outcomes. */
static GBytes *
raw_start (const AssayReply *reply)
{
  if (g_bytes_get_size (reply->body) <= ASSAY_LIMIT_RAW_BYTES)
    return g_bytes_ref (reply->body);
  return g_bytes_new (g_bytes_get_data (reply->body, NULL), ASSAY_LIMIT_RAW_BYTES);
}

static GPtrArray *
generic_read_classify (const AssayQuery *query,
                       const AssayReply *reply)
{
  GPtrArray *outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_outcome_unref);
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (GPtrArray) predictions = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (query != NULL && query->n_payloads > 0, outcomes);
  g_return_val_if_fail (reply != NULL, outcomes);

  raw = raw_start (reply);
  predictions = read_predictions (query, reply, &error);
  for (guint i = 0; i < query->n_payloads; i++)
    g_ptr_array_add (outcomes, predictions != NULL
                                 ? assay_outcome_new_prediction (predictions->pdata[i], raw)
                                 : assay_outcome_new_error (error, raw));
  return outcomes;
}

/* ---- listing ---- */

static gboolean
generic_can_list (const AssayProfile *profile)
{
  g_return_val_if_fail (profile != NULL, FALSE);

  return profile->models_url != NULL;
}

static GPtrArray *
generic_list (const AssayProfile *profile,
              GError **error)
{
  GDestroyNotify destroy = (GDestroyNotify) assay_request_free;
  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func (destroy);
  g_autofree char *url = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  if (profile->models_url == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("The connection has no address where models are listed. Type model "
                             "and version, or add that address to the connection."));
      return NULL;
    }
  url = assay_generic_fill (profile->models_url, "/models?" PAGE, NULL, NULL, error);
  if (url == NULL)
    return NULL;
  g_ptr_array_add (requests, new_request ("GET", url));
  return g_steal_pointer (&requests);
}

/* { "modelName": "noop", "modelVersion": "1.0" }, or the name alone. */
static AssayModelVersion *
read_model (JsonArray *models,
            guint index,
            GError **error)
{
  JsonNode *node = json_array_get_element (models, index);
  JsonObject *object = object_of (node);
  const char *name = assay_json_get_string (object, "modelName");
  const char *version = assay_json_get_string (object, "modelVersion");
  AssayModelVersion *found;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    name = json_node_get_string (node);
  if (name == NULL || *name == '\0')
    {
      assay_json_bad (error, _("models[%u] has no name"), index);
      return NULL;
    }
  found = g_new0 (AssayModelVersion, 1);
  found->model = g_strdup (name);
  found->version = g_strdup (version != NULL ? version : "");
  found->state = g_strdup (READY);
  found->callable = TRUE;
  return found;
}

static GPtrArray *
generic_read_list (const AssayProfile *profile,
                   AssayReply *const *replies,
                   guint n_replies,
                   GError **error)
{
  GDestroyNotify destroy = (GDestroyNotify) assay_model_version_free;
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func (destroy);
  g_autoptr (JsonNode) root = NULL;
  JsonArray *models;

  g_return_val_if_fail (n_replies == 1, NULL);

  if (!assay_reply_is_success (replies[0]))
    {
      g_propagate_error (error, error_of (replies[0]));
      return NULL;
    }
  root = assay_json_need_root (replies[0]->body, error);
  models = root != NULL ? assay_json_need_array (json_node_get_object (root), "", "models", error)
                        : NULL;
  if (models == NULL)
    return NULL;
  if (json_array_get_length (models) > ASSAY_LIMIT_MODELS)
    {
      assay_json_bad (error, _("it lists more than %d versions"), ASSAY_LIMIT_MODELS);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (models); i++)
    {
      AssayModelVersion *version = read_model (models, i, error);

      if (version == NULL)
        return NULL;
      g_ptr_array_add (versions, version);
    }
  return g_steal_pointer (&versions);
}

/* ---- finding out ---- */

static const char *const probes[] = { "ping", "health" };

static GPtrArray *
generic_probe (const AssayProfile *profile)
{
  GDestroyNotify destroy = (GDestroyNotify) assay_request_free;
  GPtrArray *requests = g_ptr_array_new_with_free_func (destroy);
  g_autofree char *base = assay_endpoint_normalize (profile->url, NULL);

  for (guint i = 0; base != NULL && i < G_N_ELEMENTS (probes); i++)
    {
      const char *segments[] = { probes[i], NULL };
      g_autofree char *url = assay_endpoint_append (base, segments);

      g_ptr_array_add (requests, assay_request_new ("GET", url));
    }
  return requests;
}

static gboolean
is_torchserve (const AssayReply *reply)
{
  static const char *const states[] = { "Healthy", "Partial Healthy", "Unhealthy", NULL };
  gsize length;
  const char *data = g_bytes_get_data (reply->body, &length);
  g_autoptr (JsonNode) root = length > 0 ? assay_json_parse (data, length, NULL) : NULL;
  const char *state = assay_json_get_string (object_of (root), "status");

  return (reply->status == 200 || reply->status == 500) && state != NULL
         && g_strv_contains (states, state);
}

static gboolean
is_hugging_face (const AssayReply *reply)
{
  gsize length;
  const char *data = g_bytes_get_data (reply->body, &length);

  return reply->status == 200 && length == 2 && memcmp (data, "Ok", 2) == 0;
}

/* What the connection says besides stays. */
static AssayDiscovered *
new_discovered (const AssayProfile *profile,
                const char *preset_id)
{
  const AssayGenericPreset *preset = assay_generic_preset_find (preset_id);
  AssayProfile *found = assay_profile_copy (profile);
  g_autofree char *base = assay_endpoint_normalize (profile->url, NULL);

  if (base != NULL)
    assay_set_string (&found->url, base);
  assay_generic_preset_apply (preset, found);
  return assay_discovered_new (preset->title, found);
}

/* Some addresses tell, whatever is answered there. */
static AssayDiscovered *
recognize (const AssayProfile *profile)
{
  g_autoptr (AssayProfile) known = NULL;
  g_autofree char *model = NULL;
  const AssayGenericPreset *preset = assay_generic_recognize (profile->url, &known, &model);
  AssayDiscovered *discovered;

  if (preset == NULL)
    return NULL;
  discovered = new_discovered (profile, preset->id);
  assay_set_string (&discovered->profile->url, known->url);
  assay_set_string (&discovered->profile->template, known->template);
  discovered->model = g_steal_pointer (&model);
  return discovered;
}

static AssayDiscovered *
generic_read_probe (const AssayProfile *profile,
                    AssayReply *const *replies,
                    guint n_replies)
{
  AssayDiscovered *known;

  g_return_val_if_fail (n_replies == G_N_ELEMENTS (probes), NULL);

  known = recognize (profile);
  if (known != NULL)
    return known;
  if (is_torchserve (replies[0]))
    return new_discovered (profile, "torchserve");
  return is_hugging_face (replies[1]) ? new_discovered (profile, "hugging-face") : NULL;
}

/**
 * assay_generic_check:
 * @profile: of a connection that speaks this protocol
 * @error: %ASSAY_ERROR_USAGE, says what to correct
 *
 * Returns: whether address, path and body can be used, so that it is said before a picture
 *   is sent
 */
gboolean
assay_generic_check (const AssayProfile *profile,
                     GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("", 0);
  g_autoptr (AssayPayload) payload = assay_payload_new_bytes ("a.jpg", "image/jpeg", bytes);
  AssayPayload *payloads[] = { payload };
  AssayQuery query = { .profile = profile, .model = "m", .version = "1",
                       .payloads = payloads, .n_payloads = 1 };
  g_autoptr (AssayRequest) request = NULL;

  g_return_val_if_fail (profile != NULL, FALSE);

  request = generic_classify (&query, error);
  return request != NULL;
}

const AssayProtocol assay_protocol_generic = {
  .id = "generic",
  .title = "Generic HTTP",
  .no_version = TRUE,
  .classify = generic_classify,
  .read_classify = generic_read_classify,
  .can_list = generic_can_list,
  .list = generic_list,
  .read_list = generic_read_list,
  .probe = generic_probe,
  .read_probe = generic_read_probe,
};
