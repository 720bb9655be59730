/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's side of the Open Inference Protocol, version 2 (protocols.md, B1):
 *
 *   GET  /v2, /v2/health/live, /v2/health/ready
 *   GET  /v2/models/M[/versions/V][/ready]
 *   POST /v2/models/M[/versions/V]/infer
 *   POST /v2/repository/index
 *
 * beside MLF's addresses, with the same models and the same sign-in; only whether
 * the service lives and is ready may be asked without a token, as a machine asks
 * that runs services.  Errors are {"error": "…"}.  A model that isn't there is
 * 404; one that isn't ready is 400 to whom asks for that, as the protocol wants a
 * status from 400 to 499, and 503 to whom wants to use it. */

#include "config.h"

#include <string.h>

#include "assay-json.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-oip.h"
#include "assay-protocol.h"
#include "assay-serve-oip-work.h"
#include "assay-serve-oip.h"
#include "assay-serve-request.h"
#include "assay-server.h"

static const char *const extensions[] = {
  "classification", "binary_tensor_data", "model_repository", NULL,
};

/* What waits for a model. */
typedef struct {
  AssayServer *server;
  AssayServeRequest *request;
} Ask;

static Ask *
ask_new (AssayServer *server,
         AssayServeRequest *request)
{
  Ask *self = g_new0 (Ask, 1);

  self->server = g_object_ref (server);
  self->request = g_object_ref (request);
  return self;
}

static void
ask_free (Ask *self)
{
  g_object_unref (self->server);
  g_object_unref (self->request);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ask, ask_free)

static void
handle_server (AssayServer *server,
               AssayServeRequest *request)
{
  g_autofree char *json = assay_oip_write_server ("assay-serve", ASSAY_VERSION, extensions);

  assay_serve_request_answer (request, SOUP_STATUS_OK, json);
}

static void
handle_live (AssayServer *server,
             AssayServeRequest *request)
{
  assay_serve_request_answer (request, SOUP_STATUS_OK, "{\"live\":true}");
}

static gboolean
is_ready (const AssayModelVersion *version)
{
  return version->callable;
}

/* One that works is enough: a broken version beside it is for its model to tell. */
static void
handle_ready (AssayServer *server,
              AssayServeRequest *request)
{
  g_autoptr (GPtrArray) versions = NULL;
  gboolean ready = FALSE;

  versions = assay_model_store_dup_versions (assay_server_get_store (server), NULL);
  for (guint i = 0; i < versions->len; i++)
    ready |= is_ready (versions->pdata[i]);
  assay_serve_request_answer (request, ready ? SOUP_STATUS_OK : SOUP_STATUS_BAD_REQUEST,
                              ready ? "{\"ready\":true}" : "{\"ready\":false}");
}

/* Without a version any that is ready will do. */
static void
handle_model_ready (AssayServer *server,
                    AssayServeRequest *request)
{
  const char *model = assay_serve_request_get_capture (request, 0);
  const char *wanted = assay_serve_request_get_capture (request, 1);
  g_autoptr (GPtrArray) versions = NULL;
  gboolean known = FALSE;
  gboolean ready = FALSE;

  versions = assay_model_store_dup_versions (assay_server_get_store (server), model);
  for (guint i = 0; i < versions->len; i++)
    {
      const AssayModelVersion *version = versions->pdata[i];

      if (wanted != NULL && strcmp (wanted, version->version) != 0)
        continue;
      known = TRUE;
      ready |= is_ready (version);
    }
  if (ready)
    assay_serve_request_answer (request, SOUP_STATUS_OK, "{\"ready\":true}");
  else if (known)
    assay_serve_request_refuse (request, SOUP_STATUS_BAD_REQUEST, "The model is not ready");
  else
    assay_serve_request_refuse (request, SOUP_STATUS_NOT_FOUND,
                                "Model name or version does not exist");
}

static void
refuse_model (AssayServeRequest *request,
              const GError *error)
{
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      assay_serve_request_refuse (request, SOUP_STATUS_NOT_FOUND, error->message);
      return;
    }
  assay_serve_request_add_header (request, "Retry-After", "5");
  assay_serve_request_refuse (request, SOUP_STATUS_SERVICE_UNAVAILABLE, error->message);
}

static char **
list_ready (AssayServer *server,
            const char *model)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GPtrArray) versions = NULL;

  versions = assay_model_store_dup_versions (assay_server_get_store (server), model);
  for (guint i = 0; i < versions->len; i++)
    {
      const AssayModelVersion *version = versions->pdata[i];

      if (is_ready (version))
        g_strv_builder_add (names, version->version);
    }
  return g_strv_builder_end (names);
}

static void
find (AssayServer *server,
      AssayServeRequest *request,
      GAsyncReadyCallback callback)
{
  assay_serve_request_wait (request);
  assay_model_store_find_async (assay_server_get_store (server),
                                assay_serve_request_get_capture (request, 0),
                                assay_serve_request_get_capture (request, 1),
                                assay_serve_request_get_cancellable (request),
                                callback, ask_new (server, request));
}

static void
described_cb (GObject *source,
              GAsyncResult *result,
              gpointer data)
{
  g_autoptr (Ask) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayServable) servable = NULL;
  g_autoptr (AssayOipModel) model = NULL;
  g_autofree char *json = NULL;
  const char *name = assay_serve_request_get_capture (self->request, 0);

  servable = assay_model_store_find_finish (ASSAY_MODEL_STORE (source), result, &error);
  if (servable == NULL)
    {
      refuse_model (self->request, error);
      return;
    }
  model = assay_oip_describe (servable, name);
  g_strfreev (model->versions);
  model->versions = list_ready (self->server, name);
  json = assay_oip_write_model (model);
  assay_serve_request_answer (self->request, SOUP_STATUS_OK, json);
}

static void
handle_model (AssayServer *server,
              AssayServeRequest *request)
{
  find (server, request, described_cb);
}

static void
inferred_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  g_autoptr (Ask) self = data;
  const AssayOipJob *job = assay_workers_run_finish (ASSAY_WORKERS (source), result, NULL);
  g_autofree char *length = NULL;

  if (job == NULL)
    return;
  if (job->answer == NULL)
    {
      if (job->status != 0)
        assay_serve_request_refuse (self->request, job->status, job->message);
      return;
    }
  if (job->answer_json == 0)
    {
      assay_serve_request_answer_bytes (self->request, "application/json", job->answer);
      return;
    }
  length = g_strdup_printf ("%" G_GSIZE_FORMAT, job->answer_json);
  assay_serve_request_add_header (self->request, "Inference-Header-Content-Length", length);
  assay_serve_request_answer_bytes (self->request, "application/octet-stream", job->answer);
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (Ask) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayServable) servable = NULL;
  AssayServeRequest *request = self->request;
  AssayWorkers *workers = assay_server_get_workers (self->server);
  AssayOipJob *job;

  servable = assay_model_store_find_finish (ASSAY_MODEL_STORE (source), result, &error);
  if (servable == NULL)
    {
      refuse_model (request, error);
      return;
    }
  job = assay_oip_job_new (assay_serve_request_get_capture (request, 0),
                           assay_serve_request_get_body (request),
                           assay_serve_request_get_header (request,
                                                           "Inference-Header-Content-Length"));
  assay_workers_run_async (workers, servable, assay_oip_job_run, job,
                           (GDestroyNotify) assay_oip_job_free,
                           assay_serve_request_get_cancellable (request), inferred_cb,
                           g_steal_pointer (&self));
}

static void
handle_infer (AssayServer *server,
              AssayServeRequest *request)
{
  find (server, request, found_cb);
}

/* Nothing, {} or {"ready": true}. */
static gboolean
read_index_wish (AssayServeRequest *request,
                 gboolean *only_ready)
{
  GBytes *body = assay_serve_request_get_body (request);
  g_autoptr (JsonNode) root = NULL;
  JsonNode *ready;

  *only_ready = FALSE;
  if (g_bytes_get_size (body) == 0)
    return TRUE;
  root = assay_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;
  ready = json_object_get_member (json_node_get_object (root), "ready");
  if (ready == NULL)
    return TRUE;
  *only_ready = JSON_NODE_HOLDS_VALUE (ready) && json_node_get_boolean (ready);
  return JSON_NODE_HOLDS_VALUE (ready) && json_node_get_value_type (ready) == G_TYPE_BOOLEAN;
}

static const char *
name_state (const AssayModelVersion *version)
{
  if (is_ready (version))
    return "READY";
  return g_strcmp0 (version->state, "FAILED") == 0 ? "UNAVAILABLE" : "LOADING";
}

static void
handle_index (AssayServer *server,
              AssayServeRequest *request)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) versions = NULL;
  g_autofree char *json = NULL;
  gboolean only_ready;

  if (!read_index_wish (request, &only_ready))
    {
      assay_serve_request_refuse (request, SOUP_STATUS_BAD_REQUEST,
                                  "Invalid request: The body must be {\"ready\": true}, {} or empty");
      return;
    }
  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_oip_entry_free);
  versions = assay_model_store_dup_versions (assay_server_get_store (server), NULL);
  for (guint i = 0; i < versions->len; i++)
    {
      const AssayModelVersion *version = versions->pdata[i];

      if (is_ready (version) || !only_ready)
        g_ptr_array_add (entries, assay_oip_entry_new (version->model, version->version,
                                                       name_state (version),
                                                       is_ready (version)
                                                         ? NULL : version->description));
    }
  json = assay_oip_write_index (entries);
  assay_serve_request_answer (request, SOUP_STATUS_OK, json);
}

#define SHOW(pattern, flags, handle) \
  { pattern, ASSAY_ROUTE_GET | (flags), ASSAY_LIMIT_SMALL_REQUEST_BYTES, handle }
#define INFER(pattern) \
  { pattern, ASSAY_ROUTE_POST, ASSAY_LIMIT_REQUEST_BYTES, handle_infer }

static const AssayRoute routes[] = {
  SHOW ("v2", 0, handle_server),
  SHOW ("v2/health/live", ASSAY_ROUTE_PUBLIC, handle_live),
  SHOW ("v2/health/ready", ASSAY_ROUTE_PUBLIC, handle_ready),
  SHOW ("v2/models/*", 0, handle_model),
  SHOW ("v2/models/*/ready", 0, handle_model_ready),
  SHOW ("v2/models/*/versions/*", 0, handle_model),
  SHOW ("v2/models/*/versions/*/ready", 0, handle_model_ready),
  INFER ("v2/models/*/infer"),
  INFER ("v2/models/*/versions/*/infer"),
  { "v2/repository/index", ASSAY_ROUTE_POST, ASSAY_LIMIT_SMALL_REQUEST_BYTES, handle_index },
};

/**
 * assay_serve_oip_get_routes:
 * @n_routes: (out): their number
 *
 * Returns: (transfer none) (array length=n_routes): the protocol's addresses
 */
const AssayRoute *
assay_serve_oip_get_routes (guint *n_routes)
{
  g_return_val_if_fail (n_routes != NULL, NULL);

  *n_routes = G_N_ELEMENTS (routes);
  return routes;
}
