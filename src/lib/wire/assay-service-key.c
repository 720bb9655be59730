/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The key of a service instance on SAP's platform, as people get it to see:
 *
 *   {"clientid": "sb-…!b6427|…", "clientsecret": "abc+/=",
 *    "url": "https://….authentication.….hana.ondemand.com",
 *    "serviceurls": {"IMAGE_CLASSIFICATION_URL": "https://…/api/v2/image/classification",
 *                    "IMAGE_RETRAIN_API_URL": "https://…/api/v2/image/retraining", …}}
 *
 * bare; with the words of "cf service-key" around it; inside "credentials"; or in
 * a whole VCAP_SERVICES, {"service": [{"credentials": {…}}]}.  An older name of
 * the first address is IMAGE_CLASSIFIER_URL.  An address may come without a path,
 * and then has the usual one.
 *
 * A key of SAP AI Core has the same form, with {"AI_API_URL": "https://api.ai.…"} in
 * "serviceurls".  One that signs in by a certificate, with "certificate", "key" and
 * "certurl" in place of "clientsecret" and "url", is known and refused.
 *
 * Sources: protocols.md, A5 and A8. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-json.h"
#include "assay-limits.h"
#include "assay-protocol-kserve.h"
#include "assay-protocol-mlf.h"
#include "assay-service-key.h"

/* {"VCAP_SERVICES": {"service": [{"credentials": {…}}]}} has five levels. */
#define MAX_DEPTH 6
#define MIN_SECRET 8            /* bytes; shorter is part of many an address */

static const char *const CLASSIFY_PATH[] = { "api", "v2", "image", "classification", NULL };
static const char *const RETRAIN_PATH[] = { "api", "v2", "image", "retraining", NULL };
static const char *const TOKEN_PATH[] = { "oauth", "token", NULL };

void
assay_service_key_free (AssayServiceKey *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  g_free (self->url);
  g_free (self->models_url);
  g_free (self->token_url);
  g_free (self->client_id);
  if (self->client_secret != NULL)
    explicit_bzero (self->client_secret, strlen (self->client_secret));
  g_free (self->client_secret);
  g_free (self);
}

static const char *
find_classify_url (JsonObject *key)
{
  JsonObject *urls = assay_json_get_object (key, "serviceurls");
  const char *url = assay_json_get_string (urls, "IMAGE_CLASSIFICATION_URL");

  return url != NULL ? url : assay_json_get_string (urls, "IMAGE_CLASSIFIER_URL");
}

static const char *
find_ai_core_url (JsonObject *key)
{
  return assay_json_get_string (assay_json_get_object (key, "serviceurls"), "AI_API_URL");
}

static gboolean
can_classify (JsonObject *key)
{
  return find_classify_url (key) != NULL || find_ai_core_url (key) != NULL;
}

static gboolean
has_client (JsonObject *object)
{
  return assay_json_get_string (object, "clientid") != NULL
         || assay_json_get_string (object, "clientsecret") != NULL;
}

/* Looks into @node for keys: *@best is the first that can classify, *@any the first
 * of any kind; a VCAP_SERVICES has one for each service that is bound. */
static void
find_keys (JsonNode *node,
           guint depth,
           JsonObject **best,
           JsonObject **any)
{
  g_autoptr(GList) inner = NULL;
  JsonObject *object;

  if (depth > MAX_DEPTH || *best != NULL)
    return;
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        find_keys (json_array_get_element (array, i), depth + 1, best, any);
      return;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  object = json_node_get_object (node);
  if (has_client (object))
    {
      *any = *any != NULL ? *any : object;
      *best = can_classify (object) ? object : NULL;
      return;
    }
  inner = json_object_get_values (object);
  for (GList *link = inner; link != NULL; link = link->next)
    find_keys (link->data, depth + 1, best, any);
}

/* The address, with the usual path if it has none of its own. */
static char *
complete_url (const char *address,
              const char *const *path,
              GError **error)
{
  g_autofree char *url = assay_endpoint_normalize (address, error);
  g_autoptr(GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_PARSE_RELAXED, NULL) : NULL;

  if (url == NULL)
    return NULL;
  if (uri != NULL && strlen (g_uri_get_path (uri)) > 1)
    return g_steal_pointer (&url);
  return assay_endpoint_append (url, path);
}

/* UAA's address may have a path of its own; the endpoint stands below it. */
static char *
make_token_url (const char *address,
                GError **error)
{
  g_autofree char *url = assay_endpoint_normalize (address, error);

  if (url == NULL || g_str_has_suffix (url, "/oauth/token"))
    return g_steal_pointer (&url);
  return assay_endpoint_append (url, TOKEN_PATH);
}

static gboolean
refuse (const char *name,
        GError **error)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               _("The service key has no usable “%s”. Copy the whole key again."), name);
  return FALSE;
}

static const char *
need_string (JsonObject *key,
             const char *name,
             GError **error)
{
  const char *value = assay_json_get_string (key, name);

  if (value != NULL && *value != '\0' && strlen (value) <= ASSAY_LIMIT_SECRET_BYTES)
    return value;
  refuse (name, error);
  return NULL;
}

/* Addresses are shown, quoted in errors and kept in a plain file. */
static gboolean
check_quiet (const char *address,
             const char *name,
             const char *secret,
             GError **error)
{
  if (address == NULL || strlen (secret) < MIN_SECRET || strstr (address, secret) == NULL)
    return TRUE;
  return refuse (name, error);
}

/* The addresses of SAP's image classification. */
static gboolean
read_classification (AssayServiceKey *self,
                     JsonObject *key,
                     GError **error)
{
  JsonObject *urls = assay_json_get_object (key, "serviceurls");
  const char *classify_url = find_classify_url (key);
  const char *retrain_url = assay_json_get_string (urls, "IMAGE_RETRAIN_API_URL");

  if (!check_quiet (classify_url, "IMAGE_CLASSIFICATION_URL", self->client_secret, error)
      || !check_quiet (retrain_url, "IMAGE_RETRAIN_API_URL", self->client_secret, error))
    return FALSE;
  self->protocol = assay_protocol_mlf.id;
  self->url = complete_url (classify_url, CLASSIFY_PATH, error);
  if (self->url == NULL || retrain_url == NULL)
    return self->url != NULL;
  self->models_url = complete_url (retrain_url, RETRAIN_PATH, error);
  return self->models_url != NULL;
}

/* The address of SAP AI Core's API; some write its version behind it. */
static gboolean
read_ai_core (AssayServiceKey *self,
              JsonObject *key,
              GError **error)
{
  static const char *const lifecycle[] = { "v2", "lm", NULL };
  const char *api_url = find_ai_core_url (key);

  if (!check_quiet (api_url, "AI_API_URL", self->client_secret, error))
    return FALSE;
  self->protocol = assay_protocol_kserve.id;
  self->url = assay_endpoint_normalize (api_url, error);
  if (self->url == NULL)
    return FALSE;
  if (g_str_has_suffix (self->url, "/v2"))
    self->url[strlen (self->url) - strlen ("/v2")] = '\0';
  self->models_url = assay_endpoint_append (self->url, lifecycle);
  return self->models_url != NULL;
}

static gboolean
read_client (AssayServiceKey *self,
             JsonObject *key,
             GError **error)
{
  const char *url;

  if (assay_json_get_string (key, "certificate") != NULL
      && assay_json_get_string (key, "clientsecret") == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("The service key signs in by a certificate, which Assay does not "
                             "support. Use a key with a client secret."));
      return FALSE;
    }
  url = need_string (key, "url", error);
  if (url == NULL)
    return FALSE;
  self->client_id = g_strdup (need_string (key, "clientid", error));
  if (self->client_id == NULL)
    return FALSE;
  self->client_secret = g_strdup (need_string (key, "clientsecret", error));
  if (self->client_secret == NULL || !check_quiet (url, "url", self->client_secret, error))
    return FALSE;
  self->token_url = make_token_url (url, error);
  return self->token_url != NULL;
}

static AssayServiceKey *
read_key (JsonObject *key,
          GError **error)
{
  g_autoptr(AssayServiceKey) self = g_new0 (AssayServiceKey, 1);
  gboolean image = find_classify_url (key) != NULL;

  if (!read_client (self, key, error))
    return NULL;
  if (!can_classify (key))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("The service key is for a service that does not classify images: it "
                             "has no IMAGE_CLASSIFICATION_URL and no AI_API_URL."));
      return NULL;
    }
  self->name = g_strdup (assay_json_get_string (key, "identityzone"));
  if (!(image ? read_classification (self, key, error) : read_ai_core (self, key, error)))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * assay_service_key_read:
 * @text: what was pasted, dropped or opened; need not end in NUL
 * @length: bytes, up to %ASSAY_LIMIT_SERVICE_KEY_BYTES are read
 * @error: %ASSAY_ERROR_USAGE for what is no service key, or one of another
 *   service; no part of @text that is secret is in it
 *
 * Pure; any thread.  Words before the first brace and after the last are skipped.
 *
 * Returns: (transfer full) (nullable): the key's values
 */
AssayServiceKey *
assay_service_key_read (const char *text,
                        gsize length,
                        GError **error)
{
  const char *start, *end;
  g_autoptr(JsonNode) root = NULL;
  JsonObject *best = NULL;
  JsonObject *any = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  if (length > ASSAY_LIMIT_SERVICE_KEY_BYTES)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("This is too long for a service key."));
      return NULL;
    }
  start = length > 0 ? memchr (text, '{', length) : NULL;
  end = start != NULL ? memrchr (start, '}', length - (start - text)) : NULL;
  /* The parser's own words could quote what is secret. */
  if (end != NULL)
    root = assay_json_parse (start, end - start + 1, NULL);
  if (root == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("This is no service key: it is not JSON, or not all of it. Copy the "
                             "key from its first brace to its last."));
      return NULL;
    }
  find_keys (root, 1, &best, &any);
  if (best != NULL || any != NULL)
    return read_key (best != NULL ? best : any, error);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       _("This is no service key: it has no “clientid” and no “clientsecret”."));
  return NULL;
}
