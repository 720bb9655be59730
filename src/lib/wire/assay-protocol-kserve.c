/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* KServe's first protocol, which is TensorFlow Serving's over HTTP, and SAP AI Core, whose
 * deployments speak it behind a list of their own.
 *
 * Classifying
 *   POST {url}/v1/models/{model}:predict
 *   POST {url}/v1/models/{model}/versions/{version}:predict    TensorFlow Serving alone
 *   Content-Type: application/json.  The form of the body is the connection's "body":
 *     instances         { "instances": [ { "b64": "…" } ] }                     the usual one
 *     instances:NAME    { "instances": [ { "NAME": { "b64": "…" } } ] }
 *     inputs:NAME       { "inputs": { "NAME": [ { "b64": "…" } ] } }
 *     examples:NAME     { "examples": [ { "NAME": { "b64": "…" } } ] }  to …:classify
 *   In place of {"b64": …} stand lists of numbers where the model takes pixels.  Of
 *   TensorFlow Serving there may be a "signature_name" before that, and a "key": "0" beside
 *   a picture whose model wants one.
 *
 * Its answer, in the form of the question
 *   { "predictions": [ [0.1, 0.7, 0.2] ] }, or objects such as {"label", "score"} or
 *   {"classes", "probabilities", "key"} in it; nothing of KServe is strict here.
 *   { "outputs": { "probabilities": [[0.1, 0.7, 0.2]], "classes": ["rose"] } }
 *   { "results": [ [ ["rose", 0.7], ["tulip", 0.2] ] ] }; documented as "result".
 *   TensorFlow Serving may write NaN and Infinity as bare words, which is no JSON.
 *
 * Describing
 *   GET {url}/v1/models/{model}[/versions/{version}]/metadata    TensorFlow Serving alone
 *     { "model_spec": {…}, "metadata": { "signature_def": { "signature_def": {
 *       "serving_default": { "method_name": "tensorflow/serving/predict", "inputs": {
 *         "image": { "dtype": "DT_STRING", "tensor_shape": { "dim": [ { "size": "-1" } ] } }
 *       } } } } } }
 *   A first size of -1 is any number of pictures in one request.
 *   404 of others: nothing is known then, and pictures are sent as they are, one by one.
 *
 * Listing
 *   GET {url}/v1/models            KServe: { "models": ["flowers", "cold"] }
 *   GET {url}/v1/models/{model}    where the address names a model.  TensorFlow Serving:
 *     { "model_version_status": [ { "version": "123", "state": "AVAILABLE",
 *                                   "status": { "error_code": "OK", "error_message": "" } } ] }
 *     KServe: { "name": "flowers", "ready": true }, of which there are no versions.
 *
 * Its errors
 *   { "error": "…" } with a status: 400, 403, 404, 409, 429, 499, 500, 501, 503, 504.
 *
 * SAP AI Core: where models are listed is its API's address and /v2/lm, and a header says
 * whose models they are, "AI-Resource-Group: default" unless the connection says otherwise
 *   GET {models_url}/deployments?status=RUNNING
 *     { "count": 1, "resources": [ { "id": "d3d1fa8ef2da16b1", "configurationName": "flowers",
 *         "deploymentUrl": "https://…", "scenarioId": "…", "status": "RUNNING",
 *         "createdAt": "2021-09-27T06:40:21Z" } ] }
 *   A model is a configuration's name, its versions are the deployments of it.
 *   GET {models_url}/deployments/{id} says where one is asked: {deploymentUrl}/v1/models/….
 *   What the model is called there is said by
 *   GET {models_url}/../inference/deployments/{id}/v1/models, where there is such a list; if
 *   not, it is taken to be called as its configuration.
 *   Its errors: { "error": { "code": "01010076", "message": "…", "requestId": "…" } }
 *
 * Sources: protocols.md, A8, B2, C1. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-base64.h"
#include "assay-display.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-numbers.h"
#include "assay-protocol-kserve-private.h"
#include "assay-reply-words.h"
#include "assay-shapes.h"

#define MODELS "/v1/models"
#define GROUP_HEADER "AI-Resource-Group"
#define DEFAULT_GROUP "default"

/* ---- addresses ---- */

void
assay_kserve_address_free (AssayKserveAddress *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->base);
  g_free (self->model);
  g_free (self->version);
  g_free (self);
}

/* The last "/v1/models" that is whole segments of the path, %NULL if there is none. */
static const char *
find_models (const char *url)
{
  const char *host = strstr (url, "://") + strlen ("://");
  const char *found = NULL;

  for (const char *p = strstr (host, MODELS); p != NULL; p = strstr (p + 1, MODELS))
    if (p[strlen (MODELS)] == '\0' || p[strlen (MODELS)] == '/')
      found = p;
  return found;
}

/* A segment of a path as plain text, without ":predict"; %NULL if that is nothing. */
static char *
dup_segment (const char *segment)
{
  g_autofree char *plain = NULL;

  if (segment == NULL)
    return NULL;
  plain = g_uri_unescape_segment (segment, segment + strcspn (segment, ":"), NULL);
  return plain != NULL && *plain != '\0' ? g_steal_pointer (&plain) : NULL;
}

/**
 * assay_kserve_address_new:
 * @address: (nullable): what somebody gave, down to a model and ":predict" maybe
 * @error: as assay_endpoint_normalize()
 *
 * Returns: (transfer full) (nullable): its parts
 */
AssayKserveAddress *
assay_kserve_address_new (const char *address,
                          GError **error)
{
  g_autoptr (AssayKserveAddress) self = g_new0 (AssayKserveAddress, 1);
  g_autofree char *url = assay_endpoint_normalize (address, error);
  g_auto (GStrv) halves = NULL;
  const char *models;

  if (url == NULL)
    return NULL;
  halves = g_strsplit (url, "?", 2);
  models = find_models (halves[0]);
  if (models != NULL)
    {
      /* "", model, "versions", version */
      g_auto (GStrv) rest = g_strsplit (models + strlen (MODELS), "/", -1);
      guint n = g_strv_length (rest);

      self->model = dup_segment (n > 1 ? rest[1] : NULL);
      if (self->model != NULL && n > 3 && strcmp (rest[2], "versions") == 0)
        self->version = dup_segment (rest[3]);
      halves[0][models - halves[0]] = '\0';
    }
  self->base = g_strjoinv ("?", halves);
  return g_steal_pointer (&self);
}

/**
 * assay_kserve_address_choose:
 * @model: (inout) (nullable): as it was chosen; what the address names unless that is said
 * @version: (inout) (nullable): likewise, if it is of that model
 * @error: %ASSAY_ERROR_USAGE
 *
 * Returns: whether there is a model now; what is empty is %NULL then
 */
gboolean
assay_kserve_address_choose (const AssayKserveAddress *self,
                             const char **model,
                             const char **version,
                             GError **error)
{
  const char *chosen = *model != NULL && **model != '\0' ? *model : self->model;

  if (*version != NULL && **version == '\0')
    *version = NULL;
  if (*version == NULL && g_strcmp0 (chosen, self->model) == 0)
    *version = self->version;
  *model = chosen;
  if (chosen == NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                         _("No model is chosen. Choose one."));
  return chosen != NULL;
}

/**
 * assay_kserve_dup_url:
 * @base: what stands before "/v1/models"
 * @model: (nullable): plain text
 * @version: (nullable): likewise; with a model
 * @tail: what stands behind that, such as ":predict"
 * @error: %ASSAY_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): the address
 */
char *
assay_kserve_dup_url (const char *base,
                      const char *model,
                      const char *version,
                      const char *tail,
                      GError **error)
{
  const char *segments[] = { "v1", "models", model, version != NULL ? "versions" : NULL, version,
                             NULL };
  g_autofree char *url = assay_endpoint_append (base, segments);
  const char *query;

  if (url == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("A model or version named “.” or “..” cannot be asked for. Choose "
                             "another."));
      return NULL;
    }
  query = strchr (url, '?');
  if (query == NULL)
    return g_strconcat (url, tail, NULL);
  return g_strdup_printf ("%.*s%s%s", (int) (query - url), url, tail, query);
}

/**
 * assay_kserve_is_ai_core:
 *
 * Returns: whether models are listed as SAP AI Core lists deployments
 */
gboolean
assay_kserve_is_ai_core (const AssayProfile *profile)
{
  g_autofree char *url = assay_endpoint_normalize (profile->models_url, NULL);

  if (url == NULL)
    return FALSE;
  url[strcspn (url, "?")] = '\0';
  return g_str_has_suffix (url, ASSAY_AI_CORE_PATH);
}

/**
 * assay_kserve_request:
 *
 * Returns: (transfer full): a request that wants JSON back
 */
AssayRequest *
assay_kserve_request (const AssayProfile *profile,
                      const char *method,
                      const char *url)
{
  AssayRequest *request = assay_request_new (method, url);

  assay_request_add_header (request, "Accept", "application/json");
  if (assay_kserve_is_ai_core (profile))
    assay_request_add_header (request, GROUP_HEADER, DEFAULT_GROUP);
  return request;
}

/* ---- asking ---- */

typedef enum {
  INSTANCES,
  INPUTS,
  EXAMPLES,
} Kind;

/* How pictures are put into a body. */
typedef struct {
  Kind kind;
  const char *name;          /* (nullable): of the input */
} Form;

static const AssayKserveModel *
get_own (const AssayQuery *query)
{
  return query->info != NULL ? query->info->own : NULL;
}

static gboolean
read_form (const AssayQuery *query,
           Form *form,
           GError **error)
{
  static const char *const kinds[] = { "instances", "inputs", "examples" };
  const AssayKserveModel *own = get_own (query);
  const char *body = query->profile->body;
  gsize length = body != NULL ? strcspn (body, ":") : 0;
  g_autofree char *shown = NULL;

  *form = (Form) { .kind = INSTANCES, .name = own != NULL ? own->input : NULL };
  if (body == NULL)
    return TRUE;
  form->name = body[length] == ':' && body[length + 1] != '\0' ? body + length + 1 : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strlen (kinds[i]) == length && strncmp (body, kinds[i], length) == 0
        && (form->name != NULL || (i == INSTANCES && body[length] == '\0')))
      {
        form->kind = i;
        return TRUE;
      }
  shown = assay_display_text (body, -1, 40);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               _("“%s” is no form in which this service takes a picture. Use “instances”, or "
                 "“instances:”, “inputs:” or “examples:” with the name of the input."), shown);
  return FALSE;
}

static char *
classify_url (const AssayQuery *query,
              const Form *form,
              GError **error)
{
  const char *tail = form->kind == EXAMPLES ? ":classify" : ":predict";
  const AssayKserveModel *own = get_own (query);
  g_autoptr (AssayKserveAddress) address = NULL;
  const char *model = query->model;
  const char *version = query->version;

  /* Elsewhere, versions are other places, and no part of the path. */
  if (own != NULL && own->base != NULL)
    return assay_kserve_dup_url (own->base, own->model != NULL ? own->model : model, NULL, tail,
                                 error);
  address = assay_kserve_address_new (query->profile->url, error);
  if (address == NULL || !assay_kserve_address_choose (address, &model, &version, error))
    return NULL;
  return assay_kserve_dup_url (address->base, model, version, tail, error);
}

/* A body that is being written: text, then a payload, then text. */
typedef struct {
  AssayBody *body;
  GString *text;
} Writer;

static void
flush_text (Writer *self)
{
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (self->text);

  assay_body_append_bytes (self->body, bytes);
  self->text = g_string_new (NULL);
}

static void
append_member (GString *text,
               const char *name)
{
  assay_json_append_string (text, name);
  g_string_append_c (text, ':');
}

static AssayPayload *
make_pixels (const AssayQuery *query,
             AssayPayload *picture,
             GError **error)
{
  const char *preprocess = query->profile->preprocess;
  AssayPixelNeed need = { .type = ASSAY_PIXELS_FP32 };
  g_autoptr (AssayPayload) pixels = NULL;

  if (query->info != NULL && query->info->takes_pixels)
    need = query->info->need;
  else
    /* TensorFlow has its channels last, and whoever has them first must say so. */
    need.channels_last = preprocess == NULL || strstr (preprocess, "nchw") == NULL;
  pixels = query->pixels (picture, &need, preprocess, error);
  return pixels != NULL ? assay_numbers_nested_payload (pixels, &need, error) : NULL;
}

static gboolean
wants_pixels (const AssayQuery *query)
{
  const AssayKserveModel *own = get_own (query);

  if (own != NULL && own->takes_files)
    return FALSE;
  return query->profile->preprocess != NULL || (query->info != NULL && query->info->takes_pixels);
}

static gboolean
append_picture (Writer *self,
                const AssayQuery *query,
                AssayPayload *picture,
                GError **error)
{
  gboolean pixels = wants_pixels (query);
  g_autoptr (AssayPayload) payload = pixels ? make_pixels (query, picture, error)
                                            : assay_base64_payload (picture);

  if (payload == NULL)
    return FALSE;
  if (!pixels)
    g_string_append (self->text, "{\"b64\":\"");
  flush_text (self);
  assay_body_append_payload (self->body, payload);
  if (!pixels)
    g_string_append (self->text, "\"}");
  return TRUE;
}

static gboolean
append_pictures (Writer *self,
                 const AssayQuery *query,
                 const Form *form,
                 GError **error)
{
  const AssayKserveModel *own = get_own (query);
  gboolean by_row = form->kind != INPUTS && form->name != NULL;

  for (guint i = 0; i < query->n_payloads; i++)
    {
      g_string_append (self->text, i > 0 ? "," : "");
      g_string_append (self->text, by_row ? "{" : "");
      if (by_row)
        append_member (self->text, form->name);
      if (!append_picture (self, query, query->payloads[i], error))
        return FALSE;
      if (by_row && own != NULL && own->key)
        g_string_append_printf (self->text, ",\"key\":\"%u\"", i);
      g_string_append (self->text, by_row ? "}" : "");
    }
  return TRUE;
}

static AssayBody *
make_body (const AssayQuery *query,
           const Form *form,
           GError **error)
{
  static const char *const members[] = { "instances", "inputs", "examples" };
  const AssayKserveModel *own = get_own (query);
  g_autoptr (AssayBody) body = assay_body_new ("application/json");
  g_autoptr (GString) text = g_string_new ("{");
  Writer writer = { body, g_steal_pointer (&text) };
  gboolean done;

  if (own != NULL && own->signature != NULL)
    assay_json_add_string (writer.text, "signature_name", own->signature);
  assay_json_append_name (writer.text, members[form->kind]);
  if (form->kind == INPUTS)
    {
      g_string_append_c (writer.text, '{');
      append_member (writer.text, form->name);
    }
  g_string_append_c (writer.text, '[');
  done = append_pictures (&writer, query, form, error);
  g_string_append (writer.text, form->kind == INPUTS ? "]}}" : "]}");
  flush_text (&writer);
  text = writer.text;
  return done ? g_steal_pointer (&body) : NULL;
}

static gboolean
check_pixels (const AssayQuery *query,
              const Form *form,
              GError **error)
{
  if (!wants_pixels (query))
    return TRUE;
  if (form->kind == EXAMPLES)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Pixels cannot be sent in the form “examples”. Use “instances” or "
                             "“inputs:” with the name of the input, or no preprocessing."));
      return FALSE;
    }
  if (query->pixels != NULL)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       _("The model takes pixels, not files of pictures, and cannot be asked from "
                         "here."));
  return FALSE;
}

static AssayRequest *
kserve_classify (const AssayQuery *query,
                 GError **error)
{
  g_autoptr (AssayRequest) request = NULL;
  g_autofree char *url = NULL;
  Form form;

  g_return_val_if_fail (query != NULL, NULL);
  g_return_val_if_fail (query->payloads != NULL && query->n_payloads > 0, NULL);

  if (!read_form (query, &form, error) || !check_pixels (query, &form, error))
    return NULL;
  url = classify_url (query, &form, error);
  if (url == NULL)
    return NULL;
  request = assay_kserve_request (query->profile, "POST", url);
  request->body = make_body (query, &form, error);
  return request->body != NULL ? g_steal_pointer (&request) : NULL;
}

/* ---- reading answers ---- */

/* Whether one of the words that TensorFlow Serving writes for what is no number stands
 * outside of quotes. */
static gboolean
has_bare_word (GBytes *body)
{
  static const char *const words[] = { "NaN", "Infinity" };
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  gboolean quoted = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (data[i] == '\\' && quoted)
        i++;
      else if (data[i] == '"')
        quoted = !quoted;
      for (guint j = 0; j < G_N_ELEMENTS (words) && !quoted; j++)
        if (i < length && length - i >= strlen (words[j])
            && memcmp (data + i, words[j], strlen (words[j])) == 0)
          return TRUE;
    }
  return FALSE;
}

/* Any JSON: a model of KServe may answer without a name for it. */
static JsonNode *
parse (const AssayReply *reply,
       GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (reply->body, &length);
  g_autoptr (JsonNode) root = assay_json_parse (data, length, NULL);
  g_autoptr (JsonNode) none = NULL;
  g_autoptr (GError) local = NULL;

  if (root != NULL)
    return g_steal_pointer (&root);
  none = assay_json_need_root (reply->body, &local);
  g_assert (none == NULL);
  if (g_error_matches (local, ASSAY_ERROR, ASSAY_ERROR_BAD_ANSWER) && has_bare_word (reply->body))
    assay_json_bad (error, _("a score is NaN or Infinity, which is no number"));
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* Says a fault that came with a status of success. */
static gboolean
check_fault (JsonNode *root,
             const AssayReply *reply,
             GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  g_autofree char *words = NULL;

  if (assay_json_get_string (object, "error") == NULL
      && assay_json_get_object (object, "error") == NULL)
    return TRUE;
  words = assay_reply_dup_words (reply);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED,
               _("The service answered with a fault in place of predictions. It says: “%s”"),
               words);
  return FALSE;
}

static GPtrArray *
read_predictions (const AssayQuery *query,
                  const AssayReply *reply,
                  GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  char *const *labels = query->info != NULL ? query->info->labels : NULL;

  if (!assay_reply_is_success (reply))
    {
      g_propagate_error (error, assay_protocol_error_from_reply (reply));
      return NULL;
    }
  root = parse (reply, error);
  if (root == NULL || !check_fault (root, reply, error))
    return NULL;
  return assay_shapes_read (root, query->profile, labels, query->n_payloads, error);
}

static GPtrArray *
kserve_read_classify (const AssayQuery *query,
                      const AssayReply *reply)
{
  GPtrArray *outcomes = g_ptr_array_new_full (query->n_payloads,
                                              (GDestroyNotify) assay_outcome_unref);
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) predictions = NULL;

  g_return_val_if_fail (reply != NULL, outcomes);

  raw = assay_reply_dup_start (reply);
  predictions = read_predictions (query, reply, &error);
  for (guint i = 0; i < query->n_payloads; i++)
    g_ptr_array_add (outcomes, predictions != NULL
                                 ? assay_outcome_new_prediction (predictions->pdata[i], raw)
                                 : assay_outcome_new_error (error, raw));
  return outcomes;
}

const AssayProtocol assay_protocol_kserve = {
  .id = "kserve-v1",
  .title = "KServe v1 / TF Serving",
  .no_version = TRUE,
  .describe = assay_kserve_describe,
  .read_describe = assay_kserve_read_describe,
  .classify = kserve_classify,
  .read_classify = kserve_read_classify,
  .can_list = assay_kserve_can_list,
  .list = assay_kserve_list,
  .read_list = assay_kserve_read_list,
  .probe = assay_kserve_probe,
  .read_probe = assay_kserve_read_probe,
};
