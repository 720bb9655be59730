/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Models joined with deployments; the contract stands in assay-protocol-mlf.c. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-json-need.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-protocol-mlf-private.h"
#include "assay-util.h"

gboolean
assay_mlf_can_list (const AssayProfile *profile)
{
  g_return_val_if_fail (profile != NULL, FALSE);

  return profile->models_url != NULL && *profile->models_url != '\0';
}

GPtrArray *
assay_mlf_list (const AssayProfile *profile,
          GError **error)
{
  static const char *const lists[] = { "models", "deployments" };
  GDestroyNotify destroy = (GDestroyNotify) assay_request_free;
  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func (destroy);
  g_autofree char *base = NULL;

  g_return_val_if_fail (profile != NULL, NULL);

  if (!assay_mlf_can_list (profile))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("The connection has no address where models are listed. Type model "
                             "and version, or add that address to the connection."));
      return NULL;
    }
  base = assay_endpoint_normalize (profile->models_url, error);
  if (base == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      const char *segments[] = { lists[i], NULL };
      g_autofree char *url = assay_endpoint_append (base, segments);

      g_ptr_array_add (requests, assay_mlf_request ("GET", url));
    }
  return g_steal_pointer (&requests);
}

/* Versions in the order found; index finds them by model and version.  The key
 * is a JSON text, in which no model's name can pretend to be two. */
typedef struct {
  GPtrArray *versions;
  GHashTable *index;
} Listing;

static AssayModelVersion *
listing_ensure (Listing *self,
                const char *model,
                const char *version)
{
  g_autoptr (GString) key = g_string_new (NULL);
  AssayModelVersion *found;

  assay_json_append_string (key, model);
  assay_json_append_string (key, version);
  found = g_hash_table_lookup (self->index, key->str);
  if (found != NULL)
    return found;
  found = g_new0 (AssayModelVersion, 1);
  found->model = g_strdup (model);
  found->version = g_strdup (version);
  found->state = g_strdup ("");
  g_ptr_array_add (self->versions, found);
  g_hash_table_insert (self->index, g_string_free (g_steal_pointer (&key), FALSE), found);
  return found;
}

static gboolean
check_room (const Listing *self,
            GError **error)
{
  if (self->versions->len < ASSAY_LIMIT_MODELS)
    return TRUE;
  return assay_json_bad (error, _("it lists more than %d versions"), ASSAY_LIMIT_MODELS);
}

static const char *
need_name (JsonObject *object,
           const char *place,
           const char *name,
           GError **error)
{
  const char *text = assay_json_need_string (object, place, name, error);

  if (text == NULL || *text != '\0')
    return text;
  assay_json_bad (error, _("%s%s is empty"), place, name);
  return NULL;
}

static char **
read_labels (JsonObject *version)
{
  JsonArray *array = assay_json_get_array (version, "labels");
  guint n = array != NULL ? json_array_get_length (array) : 0;
  g_auto (GStrv) labels = NULL;

  if (n == 0)
    return NULL;
  labels = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        return NULL;
      labels[i] = g_strdup (json_node_get_string (node));
    }
  return g_steal_pointer (&labels);
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
read_version (Listing *listing,
              JsonObject *object,
              const char *place,
              GError **error)
{
  const char *model = need_name (object, place, "modelName", error);
  const char *version = model != NULL ? need_name (object, place, "version", error) : NULL;
  AssayModelVersion *found;

  if (version == NULL || !check_room (listing, error))
    return FALSE;
  found = listing_ensure (listing, model, version);
  found->created = read_time (assay_json_get_string (object, "createdAt"));
  if (found->labels == NULL)
    found->labels = read_labels (object);
  return TRUE;
}

static gboolean
read_model (Listing *listing,
            JsonArray *models,
            guint index,
            GError **error)
{
  JsonObject *model = assay_json_need_element (models, index, "models", error);
  g_autofree char *place = g_strdup_printf ("models[%u].", index);
  g_autofree char *list = g_strconcat (place, "versions", NULL);
  JsonArray *versions = model != NULL ? assay_json_need_array (model, place, "versions", error)
                                      : NULL;

  if (versions == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (versions); i++)
    {
      JsonObject *version = assay_json_need_element (versions, i, list, error);
      g_autofree char *at = g_strdup_printf ("%s[%u].", list, i);

      if (version == NULL || !read_version (listing, version, at, error))
        return FALSE;
    }
  return TRUE;
}

static int
rank_of_state (const char *state)
{
  if (strcmp (state, ASSAY_MLF_SUCCEEDED) == 0)
    return 3;
  if (strcmp (state, ASSAY_MLF_PENDING) == 0)
    return 2;
  return *state != '\0' ? 1 : 0;
}

static gboolean
read_deployment (Listing *listing,
                 JsonArray *deployments,
                 guint index,
                 GError **error)
{
  JsonObject *deployment = assay_json_need_element (deployments, index, "deployments", error);
  g_autofree char *place = g_strdup_printf ("deployments[%u].", index);
  g_autofree char *status_place = g_strconcat (place, "status.", NULL);
  const char *model = deployment != NULL ? need_name (deployment, place, "modelName", error) : NULL;
  const char *version = model != NULL ? need_name (deployment, place, "modelVersion", error) : NULL;
  JsonObject *status;
  const char *state;
  AssayModelVersion *found;

  if (version == NULL)
    return FALSE;
  status = assay_json_need_object (deployment, place, "status", error);
  state = status != NULL ? assay_json_need_string (status, status_place, "state", error) : NULL;
  if (state == NULL || !check_room (listing, error))
    return FALSE;

  found = listing_ensure (listing, model, version);
  /* A version deployed more than once is as good as its best deployment. */
  if (rank_of_state (state) <= rank_of_state (found->state))
    return TRUE;
  assay_set_string (&found->state, state);
  assay_set_string (&found->description, assay_json_get_string (status, "description"));
  found->callable = strcmp (state, ASSAY_MLF_SUCCEEDED) == 0;
  return TRUE;
}

typedef gboolean (*ReadEntry) (Listing *listing, JsonArray *array, guint index, GError **error);

static gboolean
read_entries (Listing *listing,
              const AssayReply *reply,
              const char *name,
              ReadEntry read,
              GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  JsonArray *array;

  if (!assay_reply_is_success (reply))
    {
      g_propagate_error (error, assay_protocol_error_from_reply (reply));
      return FALSE;
    }
  root = assay_json_need_root (reply->body, error);
  array = root != NULL ? assay_json_need_array (json_node_get_object (root), "", name, error)
                       : NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (!read (listing, array, i, error))
      return FALSE;
  return array != NULL;
}

/* Compares runs of digits as numbers: "9" before "10", "v2" before "v11". */
static int
compare_natural (const char *a,
                 const char *b)
{
  const char *whole_a = a, *whole_b = b;

  while (*a != '\0' && *b != '\0')
    {
      gsize na, nb;
      int order;

      if (!g_ascii_isdigit (*a) || !g_ascii_isdigit (*b))
        {
          if (*a != *b)
            return (guchar) *a < (guchar) *b ? -1 : 1;
          a++;
          b++;
          continue;
        }
      a += strspn (a, "0");
      b += strspn (b, "0");
      na = strspn (a, "0123456789");
      nb = strspn (b, "0123456789");
      if (na != nb)
        return na < nb ? -1 : 1;
      order = strncmp (a, b, na);
      if (order != 0)
        return order;
      a += na;
      b += nb;
    }
  if (*a != *b)
    return *a == '\0' ? -1 : 1;
  return strcmp (whole_a, whole_b);
}

static int
compare_versions (gconstpointer a,
                  gconstpointer b)
{
  const AssayModelVersion *left = *(AssayModelVersion *const *) a;
  const AssayModelVersion *right = *(AssayModelVersion *const *) b;
  int order = compare_natural (left->model, right->model);

  return order != 0 ? order : compare_natural (right->version, left->version);
}

/* One of the two lists may not exist: deployments alone name what can be called;
 * models alone don't say which, so each may be tried. */
static gboolean
read_both (Listing *listing,
           const AssayReply *models,
           const AssayReply *deployments,
           GError **error)
{
  gboolean no_models = assay_reply_is_unknown (models) && assay_reply_is_success (deployments);
  gboolean no_deployments = assay_reply_is_unknown (deployments);

  if (!no_models && !read_entries (listing, models, "models", read_model, error))
    return FALSE;
  if (!no_deployments)
    return read_entries (listing, deployments, "deployments", read_deployment, error);
  for (guint i = 0; i < listing->versions->len; i++)
    ((AssayModelVersion *) g_ptr_array_index (listing->versions, i))->callable = TRUE;
  return TRUE;
}

GPtrArray *
assay_mlf_read_list (const AssayProfile *profile,
                     AssayReply *const *replies,
                     guint n_replies,
                     GError **error)
{
  GDestroyNotify destroy = (GDestroyNotify) assay_model_version_free;
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func (destroy);
  g_autoptr (GHashTable) index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Listing listing = { versions, index };

  g_return_val_if_fail (replies != NULL && n_replies == 2, NULL);

  if (!read_both (&listing, replies[0], replies[1], error))
    return NULL;
  g_ptr_array_sort (versions, compare_versions);
  return g_steal_pointer (&versions);
}

/* Only a list tells: pictures are asked about at addresses that answer nothing else. */
GPtrArray *
assay_mlf_probe (const AssayProfile *profile)
{
  GPtrArray *requests = assay_mlf_can_list (profile) ? assay_mlf_list (profile, NULL) : NULL;

  return requests != NULL
           ? requests
           : g_ptr_array_new_with_free_func ((GDestroyNotify) assay_request_free);
}

AssayDiscovered *
assay_mlf_read_probe (const AssayProfile *profile,
                      AssayReply *const *replies,
                      guint n_replies)
{
  g_autoptr (GPtrArray) versions = assay_mlf_read_list (profile, replies, n_replies, NULL);

  return versions != NULL
           ? assay_discovered_new (assay_protocol_mlf.title, assay_profile_copy (profile))
           : NULL;
}
