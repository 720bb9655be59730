/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The Open Inference Protocol, version 2, as its servers speak it over HTTP: Triton,
 * MLServer, KServe, OpenVINO Model Server, and ours.  assay-oip.h has the messages.
 *
 * Finding out
 *   GET  {url}/v2                          the server's name, version and extensions
 *
 * Listing, of which a server has one
 *   POST {url}/v2/repository/index  {}     Triton, MLServer: names, versions, states
 *   GET  {url}/v2/models                   KServe: names
 *
 * Describing
 *   GET  {url}/v2/models/M[/versions/V]    inputs and outputs, their types and shapes
 *   GET  {url}/v2/models/M[/versions/V]/config
 *                                          Triton: "max_batch_size"; others have none
 *   GET  {url}/v2                          whether values may stand behind the JSON
 *                                          ("binary_tensor_data"), and whether scores may be
 *                                          asked for with their labels ("classification")
 *
 * Classifying
 *   POST {url}/v2/models/M[/versions/V]/infer
 *   An input of BYTES takes the picture's file: behind the JSON, else as base64 in it.  One
 *   of numbers, UINT8 or FP32, that has a place for three channels or one takes its pixels.
 *   Outputs are wanted in JSON.  KServe's own server knows no versions (501): a version may
 *   be left out.
 *
 * Errors are {"error": "…"}, of MLServer and KServe also FastAPI's {"detail": […]}.
 *
 * Sources: protocols.md, B1 and C1. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-protocol-oip-private.h"

#define READY "READY"
#define JSON_LENGTH_HEADER "Inference-Header-Content-Length"

/* Whether what stands behind "/v2" is ours: others have a version 2, too, such as SAP AI Core
 * with /v2/inference/deployments/D. */
static gboolean
is_ours (const char *behind)
{
  return *behind == '\0' || g_str_equal (behind, "/") || g_str_has_prefix (behind, "/models")
         || g_str_has_prefix (behind, "/repository") || g_str_has_prefix (behind, "/health");
}

/* What stands before "/v2" in an address that somebody has taken from a manual or another
 * program, such as {url}/v2/models/flowers/versions/2/infer, and the model that it names. */
static char *
split_address (const char *address,
               char **model)
{
  const char *behind = address != NULL ? strstr (address, "/v2") : NULL;
  g_auto (GStrv) segments = NULL;

  while (behind != NULL && !is_ours (behind + 3))
    behind = strstr (behind + 1, "/v2");
  if (behind == NULL)
    return g_strdup (address);
  segments = g_strsplit (behind, "/", 6);
  if (model != NULL && g_strv_length (segments) > 3 && strcmp (segments[2], "models") == 0)
    *model = g_uri_unescape_string (segments[3], NULL);
  return g_strndup (address, (gsize) (behind - address));
}

/* @segments: behind "v2", ended by %NULL. */
static AssayRequest *
make_request (const char *method,
              const char *address,
              const char *const *segments,
              GError **error)
{
  g_autofree char *base = split_address (address, NULL);
  g_autofree char *url = assay_endpoint_normalize (base, error);
  g_autofree char *whole = url != NULL ? assay_endpoint_append (url, segments) : NULL;
  AssayRequest *request;

  if (url == NULL)
    return NULL;
  if (whole == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("A model or version named “.” or “..” cannot be asked for. Choose "
                             "another."));
      return NULL;
    }
  request = assay_request_new (method, whole);
  assay_request_add_header (request, "Accept", "application/json");
  return request;
}

/* What the address of a model's @verb is behind {url}; the version may be left out. */
static AssayRequest *
make_model_request (const char *method,
                    const char *address,
                    const char *model,
                    const char *version,
                    const char *verb,
                    GError **error)
{
  const char *segments[7] = { "v2", "models", model };
  guint n = 3;

  if (model == NULL || *model == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("No model is chosen. Choose one."));
      return NULL;
    }
  if (version != NULL && *version != '\0')
    {
      segments[n++] = "versions";
      segments[n++] = version;
    }
  segments[n++] = verb;
  segments[n] = NULL;
  return make_request (method, address, segments, error);
}

/* Adds a request, or gives all up. */
static gboolean
add (GPtrArray *requests,
     AssayRequest *request)
{
  if (request != NULL)
    g_ptr_array_add (requests, request);
  return request != NULL;
}

static GPtrArray *
requests_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) assay_request_free);
}

/* ---- finding out ---- */

static const char *const SERVER[] = { "v2", NULL };

static GPtrArray *
oip_probe (const AssayProfile *profile)
{
  GPtrArray *requests = requests_new ();

  add (requests, make_request ("GET", profile->url, SERVER, NULL));
  return requests;
}

static AssayDiscovered *
oip_read_probe (const AssayProfile *profile,
                AssayReply *const *replies,
                guint n_replies)
{
  g_autoptr (AssayOipServer) server = assay_reply_is_success (replies[0])
                                        ? assay_oip_read_server (replies[0]->body, NULL)
                                        : NULL;
  g_autofree char *service = NULL;
  g_autofree char *base = NULL;
  AssayDiscovered *found;
  char *model = NULL;

  if (server == NULL)
    return NULL;
  service = *server->version != '\0' ? g_strdup_printf ("%s %s", server->name, server->version)
                                     : g_strdup (server->name);
  base = split_address (profile->url, &model);
  found = assay_discovered_new (service, assay_profile_new (base, NULL));
  found->model = model;
  return found;
}

/* ---- listing ---- */

static gboolean
oip_can_list (const AssayProfile *profile)
{
  return profile->url != NULL;
}

static GPtrArray *
oip_list (const AssayProfile *profile,
          GError **error)
{
  static const char *const index[] = { "v2", "repository", "index", NULL };
  static const char *const models[] = { "v2", "models", NULL };
  g_autoptr (GPtrArray) requests = requests_new ();
  g_autoptr (GBytes) nothing = g_bytes_new_static ("{}", 2);
  AssayRequest *request;

  if (!add (requests, make_request ("POST", profile->url, index, error))
      || !add (requests, make_request ("GET", profile->url, models, error)))
    return NULL;
  request = requests->pdata[0];
  request->body = assay_body_new ("application/json");
  assay_body_append_bytes (request->body, nothing);
  return g_steal_pointer (&requests);
}

/* A list that has no states is one of those that can be asked. */
static AssayModelVersion *
make_version (const AssayOipEntry *entry)
{
  AssayModelVersion *version = g_new0 (AssayModelVersion, 1);

  version->model = g_strdup (entry->name);
  version->version = g_strdup (entry->version);
  version->state = g_strdup (*entry->state != '\0' ? entry->state : READY);
  version->description = *entry->reason != '\0' ? g_strdup (entry->reason) : NULL;
  version->callable = g_ascii_strcasecmp (version->state, READY) == 0;
  return version;
}

/* By name, then the newest version first. */
static int
compare_versions (gconstpointer a,
                  gconstpointer b)
{
  const AssayModelVersion *left = *(AssayModelVersion *const *) a;
  const AssayModelVersion *right = *(AssayModelVersion *const *) b;
  int order = strcmp (left->model, right->model);
  guint64 first = g_ascii_strtoull (left->version, NULL, 10);
  guint64 second = g_ascii_strtoull (right->version, NULL, 10);

  if (order != 0)
    return order;
  if (first != second)
    return first > second ? -1 : 1;
  return strcmp (right->version, left->version);
}

static GPtrArray *
oip_read_list (const AssayProfile *profile,
               AssayReply *const *replies,
               guint n_replies,
               GError **error)
{
  g_autoptr (GPtrArray) versions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_model_version_free);
  const AssayReply *reply = assay_reply_is_unknown (replies[0]) ? replies[1] : replies[0];
  g_autoptr (GPtrArray) entries = NULL;

  if (assay_reply_is_unknown (reply))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                           _("This service does not list its models. Type model and version."));
      return NULL;
    }
  if (!assay_reply_is_success (reply))
    {
      g_propagate_error (error, assay_protocol_error_from_reply (reply));
      return NULL;
    }
  entries = assay_oip_read_index (reply->body, error);
  if (entries == NULL)
    return NULL;
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (versions, make_version (entries->pdata[i]));
  g_ptr_array_sort (versions, compare_versions);
  return g_steal_pointer (&versions);
}

/* ---- describing ---- */

static GPtrArray *
oip_describe (const AssayProfile *profile,
              const char *model,
              const char *version,
              GError **error)
{
  g_autoptr (GPtrArray) requests = requests_new ();

  if (!add (requests, make_model_request ("GET", profile->url, model, version, NULL, error))
      || !add (requests, make_model_request ("GET", profile->url, model, version, "config", error))
      || !add (requests, make_request ("GET", profile->url, SERVER, error)))
    return NULL;
  return g_steal_pointer (&requests);
}

/* 0 where nobody says it. */
static guint
read_max_batch (const AssayReply *reply)
{
  g_autoptr (JsonNode) root = NULL;
  gsize size;
  const char *data = g_bytes_get_data (reply->body, &size);
  double value = 0;

  if (!assay_reply_is_success (reply))
    return 0;
  root = assay_json_parse (data, size, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)
      || !json_object_has_member (json_node_get_object (root), "max_batch_size")
      || !assay_json_get_double (json_object_get_member (json_node_get_object (root),
                                                         "max_batch_size"), &value))
    return 0;
  return value > 0 && value <= G_MAXINT ? (guint) value : 0;
}

static AssayModelInfo *
oip_read_describe (const AssayProfile *profile,
                   AssayReply *const *replies,
                   guint n_replies,
                   GError **error)
{
  g_autoptr (AssayOipModel) model = NULL;
  g_autoptr (AssayOipServer) server = NULL;

  /* What only a busy server keeps to itself would be missed in every request. */
  for (guint i = 0; i < n_replies; i++)
    if (assay_status_is_passing (replies[i]->status)
        || (i == 0 && !assay_reply_is_success (replies[i])))
      {
        g_propagate_error (error, assay_protocol_error_from_reply (replies[i]));
        return NULL;
      }
  model = assay_oip_read_model (replies[0]->body, error);
  if (model == NULL)
    return NULL;
  server = assay_reply_is_success (replies[2]) ? assay_oip_read_server (replies[2]->body, NULL) : NULL;
  return assay_oip_plan (profile, model, server, read_max_batch (replies[1]), error);
}

/* ---- classifying ---- */

static AssayRequest *
oip_classify (const AssayQuery *query,
              GError **error)
{
  g_autoptr (AssayRequest) request = NULL;
  gsize json_length;

  g_return_val_if_fail (query != NULL && query->info != NULL, NULL);
  g_return_val_if_fail (query->payloads != NULL && query->n_payloads > 0, NULL);

  request = make_model_request ("POST", query->profile->url, query->model, query->version, "infer",
                                error);
  if (request == NULL)
    return NULL;
  request->body = assay_oip_plan_body (query, &json_length, error);
  if (request->body == NULL)
    return NULL;
  if (json_length > 0)
    {
      g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, json_length);

      assay_request_add_header (request, JSON_LENGTH_HEADER, length);
    }
  return g_steal_pointer (&request);
}

static GPtrArray *
oip_read_classify (const AssayQuery *query,
                   const AssayReply *reply)
{
  GPtrArray *outcomes =
    g_ptr_array_new_full (query->n_payloads, (GDestroyNotify) assay_outcome_unref);
  g_autoptr (GBytes) raw = assay_reply_dup_start (reply);
  g_autoptr (GPtrArray) predictions = NULL;
  g_autoptr (GError) error = NULL;

  if (assay_reply_is_success (reply))
    predictions = assay_oip_read_answer (query, reply->body, &error);
  else
    error = assay_protocol_error_from_reply (reply);
  for (guint i = 0; i < query->n_payloads; i++)
    g_ptr_array_add (outcomes, predictions != NULL
                                 ? assay_outcome_new_prediction (predictions->pdata[i], raw)
                                 : assay_outcome_new_error (error, raw));
  return outcomes;
}

const AssayProtocol assay_protocol_oip = {
  .id = "oip",
  .title = "Open Inference Protocol v2",
  .no_version = TRUE,
  .describe = oip_describe,
  .read_describe = oip_read_describe,
  .classify = oip_classify,
  .read_classify = oip_read_classify,
  .can_list = oip_can_list,
  .list = oip_list,
  .read_list = oip_read_list,
  .probe = oip_probe,
  .read_probe = oip_read_probe,
};
