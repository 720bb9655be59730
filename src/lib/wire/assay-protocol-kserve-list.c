/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which models there are, and whether an address speaks this at all; the contract stands in
 * assay-protocol-kserve.c. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-protocol-kserve-private.h"

#define AVAILABLE "AVAILABLE"           /* the state of TensorFlow Serving in which it answers */
#define RUNNING "RUNNING"               /* likewise of SAP AI Core */
#define READY "READY"
#define NOT_READY "NOT READY"

gboolean
assay_kserve_can_list (const AssayProfile *profile)
{
  g_return_val_if_fail (profile != NULL, FALSE);

  return profile->url != NULL || profile->models_url != NULL;
}

static GPtrArray *
requests_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) assay_request_free);
}

static GPtrArray *
one_request (AssayRequest *request)
{
  GPtrArray *requests = requests_new ();

  g_ptr_array_add (requests, request);
  return requests;
}

static AssayRequest *
deployments_request (const AssayProfile *profile,
                     GError **error)
{
  static const char *const segments[] = { "deployments", NULL };
  g_autofree char *base = assay_endpoint_normalize (profile->models_url, error);
  g_autofree char *url = base != NULL ? assay_endpoint_append (base, segments) : NULL;
  g_autofree char *whole = NULL;

  if (url == NULL)
    return NULL;
  whole = g_strconcat (url, strchr (url, '?') != NULL ? "&" : "?", "status=" RUNNING, NULL);
  return assay_kserve_request (profile, "GET", whole);
}

/* Where @profile says that models are listed. */
static AssayKserveAddress *
list_address (const AssayProfile *profile,
              GError **error)
{
  return assay_kserve_address_new (profile->models_url != NULL ? profile->models_url : profile->url,
                                   error);
}

GPtrArray *
assay_kserve_list (const AssayProfile *profile,
                   GError **error)
{
  g_autoptr (AssayKserveAddress) address = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  if (assay_kserve_is_ai_core (profile))
    {
      AssayRequest *request = deployments_request (profile, error);

      return request != NULL ? one_request (request) : NULL;
    }
  address = list_address (profile, error);
  if (address == NULL)
    return NULL;
  url = assay_kserve_dup_url (address->base, address->model, NULL, "", error);
  return url != NULL ? one_request (assay_kserve_request (profile, "GET", url)) : NULL;
}

/* ---- entries ---- */

static gboolean
check_room (guint n,
            GError **error)
{
  return n <= ASSAY_LIMIT_MODELS
         || assay_json_bad (error, _("it lists more than %d versions"), ASSAY_LIMIT_MODELS);
}

static AssayModelVersion *
add_version (GPtrArray *versions,
             const char *model,
             const char *version,
             const char *state,
             gboolean callable)
{
  AssayModelVersion *self = g_new0 (AssayModelVersion, 1);

  self->model = g_strdup (model);
  self->version = g_strdup (version);
  self->state = g_strdup (state);
  self->callable = callable;
  g_ptr_array_add (versions, self);
  return self;
}

static const char *
get_text (JsonNode *node)
{
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  return NULL;
}

/* KServe says whether a model has been loaded when it is asked about that one. */
static gboolean
is_ready (JsonObject *object)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, "ready") : NULL;

  return node == NULL || !JSON_NODE_HOLDS_VALUE (node)
         || json_node_get_value_type (node) != G_TYPE_BOOLEAN || json_node_get_boolean (node);
}

/* Names, or objects that have one. */
static gboolean
read_names (GPtrArray *versions,
            JsonArray *models,
            GError **error)
{
  guint n = json_array_get_length (models);

  if (!check_room (n, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (models, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = object != NULL ? assay_json_get_string (object, "name") : get_text (node);
      gboolean ready = is_ready (object);

      if (name == NULL || *name == '\0')
        return assay_json_bad (error, _("%s[%u] is not the name of a model"), "models", i);
      add_version (versions, name, "", ready ? READY : NOT_READY, ready);
    }
  return TRUE;
}

static gboolean
read_status (GPtrArray *versions,
             const char *model,
             JsonArray *statuses,
             GError **error)
{
  guint n = json_array_get_length (statuses);

  if (!check_room (n, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      JsonObject *status = assay_json_need_element (statuses, i, "model_version_status", error);
      g_autofree char *place = g_strdup_printf ("model_version_status[%u].", i);
      const char *version = status != NULL
                              ? assay_json_need_string (status, place, "version", error) : NULL;
      const char *state = version != NULL
                            ? assay_json_need_string (status, place, "state", error) : NULL;
      const char *message;
      AssayModelVersion *found;

      if (state == NULL)
        return FALSE;
      if (*version == '\0')
        return assay_json_bad (error, _("%s%s is empty"), place, "version");
      found = add_version (versions, model, version, state, strcmp (state, AVAILABLE) == 0);
      message = assay_json_get_string (assay_json_get_object (status, "status"), "error_message");
      found->description = message != NULL && *message != '\0' ? g_strdup (message) : NULL;
    }
  return TRUE;
}

/* What says of itself that it makes texts is no classifier, and there is always one. */
static gboolean
is_generative (JsonObject *deployment)
{
  static const char *const scenarios[] = { "foundation-models", "orchestration", NULL };
  const char *scenario = assay_json_get_string (deployment, "scenarioId");

  return scenario != NULL && g_strv_contains (scenarios, scenario);
}

static gint64
read_time (const char *text)
{
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (time == NULL)
    return 0;
  return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}

static gboolean
read_deployments (GPtrArray *versions,
                  JsonArray *resources,
                  GError **error)
{
  guint n = json_array_get_length (resources);

  if (!check_room (n, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      JsonObject *deployment = assay_json_need_element (resources, i, "resources", error);
      g_autofree char *place = g_strdup_printf ("resources[%u].", i);
      const char *id = deployment != NULL
                         ? assay_json_need_string (deployment, place, "id", error) : NULL;
      const char *state = id != NULL
                            ? assay_json_need_string (deployment, place, "status", error) : NULL;
      const char *name;
      const char *url;
      AssayModelVersion *found;

      if (state == NULL)
        return FALSE;
      if (*id == '\0')
        return assay_json_bad (error, _("%s%s is empty"), place, "id");
      if (is_generative (deployment))
        continue;
      name = assay_json_get_string (deployment, "configurationName");
      url = assay_json_get_string (deployment, "deploymentUrl");
      found = add_version (versions, name != NULL && *name != '\0' ? name : id, id, state,
                           strcmp (state, RUNNING) == 0 && url != NULL && *url != '\0');
      found->created = read_time (assay_json_get_string (deployment, "createdAt"));
    }
  return TRUE;
}

/* ---- lists ---- */

/* Versions of TensorFlow Serving are whole numbers; others have no order but their time. */
static int
compare_versions (gconstpointer a,
                  gconstpointer b)
{
  const AssayModelVersion *left = *(AssayModelVersion *const *) a;
  const AssayModelVersion *right = *(AssayModelVersion *const *) b;
  gsize n_left = strlen (left->version);
  gsize n_right = strlen (right->version);
  int order = strcmp (left->model, right->model);

  if (order != 0)
    return order;
  if (left->created != right->created)
    return left->created > right->created ? -1 : 1;
  if (n_left != n_right)
    return n_left > n_right ? -1 : 1;
  return strcmp (right->version, left->version);
}

static gboolean
read_model (GPtrArray *versions,
            const char *model,
            JsonObject *root,
            GError **error)
{
  JsonArray *statuses = assay_json_get_array (root, "model_version_status");

  if (statuses != NULL)
    return read_status (versions, model, statuses, error);
  if (!json_object_has_member (root, "ready") && !json_object_has_member (root, "name"))
    return assay_json_need_array (root, "", "model_version_status", error) != NULL;
  add_version (versions, model, "", is_ready (root) ? READY : NOT_READY, is_ready (root));
  return TRUE;
}

static gboolean
read_any (GPtrArray *versions,
          const AssayProfile *profile,
          JsonObject *root,
          GError **error)
{
  gboolean ai_core = assay_kserve_is_ai_core (profile);
  const char *member = ai_core ? "resources" : "models";
  g_autoptr (AssayKserveAddress) address = ai_core ? NULL : list_address (profile, error);
  JsonArray *entries;

  if (!ai_core && address == NULL)
    return FALSE;
  if (!ai_core && address->model != NULL)
    return read_model (versions, address->model, root, error);
  entries = assay_json_need_array (root, "", member, error);
  if (entries == NULL)
    return FALSE;
  return ai_core ? read_deployments (versions, entries, error)
                 : read_names (versions, entries, error);
}

/* KServe answers so when the one model that was asked about has not been loaded. */
static gboolean
is_not_ready (const AssayReply *reply)
{
  gsize length;
  const char *data = g_bytes_get_data (reply->body, &length);
  g_autoptr (JsonNode) root = reply->status == 503 ? assay_json_parse (data, length, NULL) : NULL;

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) && !is_ready (json_node_get_object (root));
}

/* Whether the service knows no list; what is not there by name is not there. */
static gboolean
lists_nothing (const AssayProfile *profile,
               const AssayReply *reply)
{
  g_autoptr (AssayKserveAddress) address = NULL;

  if (!assay_reply_is_unknown (reply) || assay_kserve_is_ai_core (profile))
    return FALSE;
  address = list_address (profile, NULL);
  return address == NULL || address->model == NULL;
}

GPtrArray *
assay_kserve_read_list (const AssayProfile *profile,
                        AssayReply *const *replies,
                        guint n_replies,
                        GError **error)
{
  GDestroyNotify destroy = (GDestroyNotify) assay_model_version_free;
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func (destroy);
  g_autoptr (JsonNode) root = NULL;
  const AssayReply *reply;

  g_return_val_if_fail (profile != NULL, NULL);
  g_return_val_if_fail (replies != NULL && n_replies == 1, NULL);

  reply = replies[0];
  if (lists_nothing (profile, reply))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                           _("The service lists no models: TensorFlow Serving never does. Type the "
                             "model’s name, or check the address of the connection."));
      return NULL;
    }
  if (!assay_reply_is_success (reply) && !is_not_ready (reply))
    {
      g_propagate_error (error, assay_protocol_error_from_reply (reply));
      return NULL;
    }
  root = assay_json_need_root (reply->body, error);
  if (root == NULL || !read_any (versions, profile, json_node_get_object (root), error))
    return NULL;
  g_ptr_array_sort (versions, compare_versions);
  return g_steal_pointer (&versions);
}

/* ---- unknown addresses ---- */

GPtrArray *
assay_kserve_probe (const AssayProfile *profile)
{
  GPtrArray *requests;

  g_return_val_if_fail (profile != NULL, NULL);

  requests = assay_kserve_can_list (profile) ? assay_kserve_list (profile, NULL) : NULL;
  return requests != NULL ? requests : requests_new ();
}

static AssayDiscovered *
discovered_new (const char *service,
                const AssayProfile *profile,
                const AssayKserveAddress *parts)
{
  AssayProfile *found = assay_profile_copy (profile);
  AssayDiscovered *self = assay_discovered_new (service, found);

  if (parts != NULL && profile->models_url == NULL)
    {
      g_free (found->url);
      found->url = parts->model != NULL
                     ? assay_kserve_dup_url (parts->base, parts->model, NULL, "", NULL)
                     : g_strdup (parts->base);
      self->model = g_strdup (parts->model);
    }
  return self;
}

static gboolean
are_texts (JsonArray *array)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (get_text (json_array_get_element (array, i)) == NULL)
      return FALSE;
  return TRUE;
}

/* What answers so about one model that an address names, or about all; %NULL if nobody does. */
static const char *
know_service (JsonObject *root,
              gboolean one_model)
{
  JsonArray *models = assay_json_get_array (root, "models");

  if (!one_model)
    return models != NULL && are_texts (models) ? "KServe" : NULL;
  if (assay_json_get_array (root, "model_version_status") != NULL)
    return "TensorFlow Serving";
  return assay_json_get_string (root, "name") != NULL && json_object_has_member (root, "ready")
           ? "KServe"
           : NULL;
}

AssayDiscovered *
assay_kserve_read_probe (const AssayProfile *profile,
                         AssayReply *const *replies,
                         guint n_replies)
{
  g_autoptr (AssayKserveAddress) parts = NULL;
  g_autoptr (JsonNode) root = NULL;
  const char *service;

  g_return_val_if_fail (profile != NULL, NULL);
  g_return_val_if_fail (replies != NULL && n_replies == 1, NULL);

  if (!assay_reply_is_success (replies[0]) && !is_not_ready (replies[0]))
    return NULL;
  root = assay_json_need_root (replies[0]->body, NULL);
  if (root == NULL)
    return NULL;
  if (assay_kserve_is_ai_core (profile))
    return assay_json_get_array (json_node_get_object (root), "resources") != NULL
             ? discovered_new ("SAP AI Core", profile, NULL)
             : NULL;
  parts = list_address (profile, NULL);
  service = parts != NULL ? know_service (json_node_get_object (root), parts->model != NULL) : NULL;
  return service != NULL ? discovered_new (service, profile, parts) : NULL;
}
