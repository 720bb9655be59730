/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a model takes, and where it is; the contract stands in assay-protocol-kserve.c. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-protocol-kserve-private.h"

#define USUAL_SIGNATURE "serving_default"
#define INTERNAL_SIGNATURE "__saved_model_init_op"
#define KEY "key"
#define N_DIMS 4                        /* pictures × the sizes of one */
#define ANY_BATCH 16                    /* pictures in a request where any number is taken */

static void
model_free (gpointer data)
{
  AssayKserveModel *self = data;

  g_free (self->base);
  g_free (self->model);
  g_free (self->signature);
  g_free (self->input);
  g_free (self);
}

/* ---- asking ---- */

static GPtrArray *
requests_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) assay_request_free);
}

/* What the deployment says, and which models are there. */
static GPtrArray *
describe_deployment (const AssayProfile *profile,
                     const char *id,
                     GError **error)
{
  const char *deployment[] = { "deployments", id, NULL };
  const char *inference[] = { "inference", "deployments", id, "v1", "models", NULL };
  g_autoptr (GPtrArray) requests = requests_new ();
  g_autofree char *base = assay_endpoint_normalize (profile->models_url, error);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  char *api;

  if (base == NULL)
    return NULL;
  first = id != NULL && *id != '\0' ? assay_endpoint_append (base, deployment) : NULL;
  if (first == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("No deployment of this model is chosen. Choose a version."));
      return NULL;
    }
  api = strstr (base, ASSAY_AI_CORE_PATH);
  g_assert (api != NULL);
  api[strlen ("/v2")] = '\0';
  second = assay_endpoint_append (base, inference);
  g_ptr_array_add (requests, assay_kserve_request (profile, "GET", first));
  g_ptr_array_add (requests, assay_kserve_request (profile, "GET", second));
  return g_steal_pointer (&requests);
}

GPtrArray *
assay_kserve_describe (const AssayProfile *profile,
                       const char *model,
                       const char *version,
                       GError **error)
{
  g_autoptr (AssayKserveAddress) address = NULL;
  g_autoptr (GPtrArray) requests = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  if (assay_kserve_is_ai_core (profile))
    return describe_deployment (profile, version, error);
  address = assay_kserve_address_new (profile->url, error);
  if (address == NULL || !assay_kserve_address_choose (address, &model, &version, error))
    return NULL;
  url = assay_kserve_dup_url (address->base, model, version, "/metadata", error);
  if (url == NULL)
    return NULL;
  requests = requests_new ();
  g_ptr_array_add (requests, assay_kserve_request (profile, "GET", url));
  return g_steal_pointer (&requests);
}

/* ---- TensorFlow's signatures ---- */

static JsonObject *
get_object_at (JsonObject *object,
               const char *const *names)
{
  for (guint i = 0; names[i] != NULL && object != NULL; i++)
    object = assay_json_get_object (object, names[i]);
  return object;
}

/* The usual signature; else the only one. */
static JsonObject *
choose_signature (JsonObject *signatures,
                  const char **name)
{
  g_autoptr (GList) members = json_object_get_members (signatures);
  const char *only = NULL;
  guint n = 0;

  *name = USUAL_SIGNATURE;
  if (json_object_has_member (signatures, USUAL_SIGNATURE))
    return assay_json_get_object (signatures, USUAL_SIGNATURE);
  for (GList *link = members; link != NULL; link = link->next)
    if (strcmp (link->data, INTERNAL_SIGNATURE) != 0)
      {
        only = link->data;
        n++;
      }
  *name = only;
  return n == 1 ? assay_json_get_object (signatures, only) : NULL;
}

/* Numbers of 64 bits are texts in protocol buffers' JSON. */
static gint64
read_size (JsonArray *dims,
           guint index)
{
  JsonNode *node = json_array_get_element (dims, index);
  JsonObject *dim = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *text = assay_json_get_string (dim, "size");
  double number;

  if (text != NULL)
    return g_ascii_strtoll (text, NULL, 10);
  if (dim != NULL && json_object_has_member (dim, "size")
      && assay_json_get_double (json_object_get_member (dim, "size"), &number)
      && number >= 1 && number <= ASSAY_LIMIT_SIDE)
    return number;
  return -1;
}

/* Whether an input takes pictures in any number, which is the first of its sizes. */
static gboolean
takes_many (JsonObject *input)
{
  JsonArray *dims = assay_json_get_array (assay_json_get_object (input, "tensor_shape"), "dim");

  return dims != NULL && json_array_get_length (dims) > 0 && read_size (dims, 0) < 0;
}

static gboolean
is_channels (gint64 size)
{
  return size == 1 || size == 3;
}

/* Where the sizes are told, the channels are where a 3 or a 1 is. */
static gboolean
read_shape (JsonObject *input,
            AssayPixelNeed *need)
{
  JsonArray *dims = assay_json_get_array (assay_json_get_object (input, "tensor_shape"), "dim");
  guint n = dims != NULL ? json_array_get_length (dims) : 0;
  gint64 sizes[N_DIMS];

  need->channels_last = TRUE;
  if (n == 0)
    return TRUE;
  if (n != N_DIMS)
    return FALSE;
  for (guint i = 0; i < N_DIMS; i++)
    sizes[i] = read_size (dims, i);
  need->channels_last = is_channels (sizes[3]) || !is_channels (sizes[1]);
  for (guint i = 1; i < N_DIMS; i++)
    {
      guint *side = i == (need->channels_last ? 3 : 1) ? &need->channels
                    : i == (need->channels_last ? 1 : 2) ? &need->height : &need->width;

      if (sizes[i] > ASSAY_LIMIT_MODEL_SIDE)
        return FALSE;
      *side = MAX (sizes[i], 0);
    }
  return need->channels == 0 || is_channels (need->channels);
}

static gboolean
is_pixels (JsonObject *input,
           AssayPixelNeed *need)
{
  static const char *const floats[] = { "DT_FLOAT", "DT_DOUBLE", "DT_HALF", "DT_BFLOAT16", NULL };
  const char *type = assay_json_get_string (input, "dtype");

  *need = (AssayPixelNeed) { .type = ASSAY_PIXELS_FP32 };
  if (g_strcmp0 (type, "DT_UINT8") == 0)
    need->type = ASSAY_PIXELS_UINT8;
  else if (type == NULL || !g_strv_contains (floats, type))
    return FALSE;
  return read_shape (input, need);
}

/* One input is the picture; beside it there may be a key, which comes back with the answer. */
static void
read_inputs (JsonObject *inputs,
             AssayModelInfo *info)
{
  AssayKserveModel *own = info->own;
  g_autoptr (GList) names = json_object_get_members (inputs);
  guint n = g_list_length (names);
  gboolean key = n == 2 && json_object_has_member (inputs, KEY);

  if (n != (key ? 2u : 1u))
    return;
  for (GList *link = names; link != NULL; link = link->next)
    {
      JsonObject *input = assay_json_get_object (inputs, link->data);

      if (key && strcmp (link->data, KEY) == 0)
        continue;
      if (g_strcmp0 (assay_json_get_string (input, "dtype"), "DT_STRING") == 0)
        own->takes_files = TRUE;
      else
        info->takes_pixels = is_pixels (input, &info->need);
      own->key = key;
      own->input = key ? g_strdup (link->data) : NULL;
      if ((own->takes_files || info->takes_pixels) && takes_many (input))
        info->max_batch = ANY_BATCH;
    }
}

static void
read_metadata (JsonNode *root,
               AssayModelInfo *info)
{
  static const char *const place[] = { "metadata", "signature_def", "signature_def", NULL };
  AssayKserveModel *own = info->own;
  JsonObject *signatures = JSON_NODE_HOLDS_OBJECT (root)
                             ? get_object_at (json_node_get_object (root), place) : NULL;
  const char *name = NULL;
  JsonObject *signature = signatures != NULL ? choose_signature (signatures, &name) : NULL;
  JsonObject *inputs = assay_json_get_object (signature, "inputs");

  if (inputs == NULL)
    return;
  if (strcmp (name, USUAL_SIGNATURE) != 0)
    own->signature = g_strdup (name);
  read_inputs (inputs, info);
}

/* ---- SAP AI Core's deployments ---- */

/* The only model of a list, %NULL if there are none or several. */
static char *
dup_only_model (const AssayReply *reply)
{
  gsize length;
  const char *data = g_bytes_get_data (reply->body, &length);
  g_autoptr (JsonNode) root = NULL;
  JsonArray *models = NULL;
  JsonNode *node;

  if (assay_reply_is_success (reply))
    root = assay_json_parse (data, length, NULL);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    models = assay_json_get_array (json_node_get_object (root), "models");
  if (models == NULL || json_array_get_length (models) != 1)
    return NULL;
  node = json_array_get_element (models, 0);
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING
      || *json_node_get_string (node) == '\0')
    return NULL;
  return g_strdup (json_node_get_string (node));
}

/* Whoever the token is for says where it is to be shown. */
static gboolean
read_deployment (AssayKserveModel *own,
                 const AssayReply *reply,
                 GError **error)
{
  g_autoptr (JsonNode) root = assay_json_need_root (reply->body, error);
  JsonObject *deployment = root != NULL ? json_node_get_object (root) : NULL;
  const char *url;

  if (deployment == NULL)
    return FALSE;
  url = assay_json_need_string (deployment, "", "deploymentUrl", error);
  if (url == NULL)
    return FALSE;
  if (*url == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BUSY,
                           _("The deployment is not running yet. Try again later, or choose "
                             "another version."));
      return FALSE;
    }
  own->base = assay_endpoint_normalize (url, NULL);
  return own->base != NULL
         || assay_json_bad (error, _("%s is not an address of a service"), "deploymentUrl");
}

/* ---- both ---- */

/* Services that know no metadata say so in many ways, and may be asked for all that; others
 * have been asked at a bad moment, or don't let us in. */
static gboolean
says_nothing (const AssayReply *reply)
{
  return assay_reply_is_unknown (reply) || reply->status == 400 || reply->status == 415
         || reply->status == 422 || reply->status == 500;
}

AssayModelInfo *
assay_kserve_read_describe (const AssayProfile *profile,
                            AssayReply *const *replies,
                            guint n_replies,
                            GError **error)
{
  AssayKserveModel *own = g_new0 (AssayKserveModel, 1);
  g_autoptr (AssayModelInfo) info = assay_model_info_new (own, model_free);
  g_autoptr (JsonNode) root = NULL;
  gsize length;
  const char *data;

  g_return_val_if_fail (replies != NULL && n_replies >= 1, NULL);

  if (n_replies == 1 && says_nothing (replies[0]))
    return g_steal_pointer (&info);
  if (!assay_reply_is_success (replies[0]))
    {
      g_propagate_error (error, assay_protocol_error_from_reply (replies[0]));
      return NULL;
    }
  if (n_replies == 2)
    {
      own->model = dup_only_model (replies[1]);
      return read_deployment (own, replies[0], error) ? g_steal_pointer (&info) : NULL;
    }
  /* Whoever answers that with something else has no metadata either. */
  data = g_bytes_get_data (replies[0]->body, &length);
  root = assay_json_parse (data, length, NULL);
  if (root != NULL)
    read_metadata (root, info);
  return g_steal_pointer (&info);
}
