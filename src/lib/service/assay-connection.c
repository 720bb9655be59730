/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-connection.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-extra-header.h"
#include "assay-limits.h"
#include "assay-util.h"

struct _AssayConnection {
  GObject parent_instance;

  char *id;
  const AssayProtocol *protocol;
  AssayAuth auth;
  char *name;               /* these are never NULL; "" where nothing is known */
  char *url;
  char *models_url;
  char *token_url;
  char *client_id;
  char *ca_file;
  char *fingerprint;        /* as assay_fingerprint_normalize() writes it */
  char *api_key_header;     /* "" for the usual one */
  char *last_model;
  char *last_version;
  char *template;           /* these three as in AssayProfile */
  char *body;
  char *preprocess;
  gboolean softmax;
  gboolean percent;
  guint fit_pixels;         /* 0 for no bound */
  guint64 fit_bytes;
  char **headers;           /* "Name: value", each fit to be sent; never NULL */
  char **labels;            /* in the order of the scores; never NULL */
  AssayProfile *profile;    /* (nullable): made of these when somebody asks */
};

enum {
  PROP_0,
  PROP_ID,
  PROP_AUTH,
  PROP_NAME,
  PROP_URL,
  PROP_MODELS_URL,
  PROP_TOKEN_URL,
  PROP_CLIENT_ID,
  PROP_CA_FILE,
  PROP_FINGERPRINT,
  PROP_API_KEY_HEADER,
  PROP_LAST_MODEL,
  PROP_LAST_VERSION,
  PROP_TEMPLATE,
  PROP_BODY,
  PROP_PREPROCESS,
  PROP_HEADERS,
  PROP_LABELS,
  PROP_PROTOCOL,
  PROP_SOFTMAX,
  PROP_PERCENT,
  PROP_FIT_PIXELS,
  PROP_FIT_BYTES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ENUM_TYPE (AssayAuth, assay_auth,
                    G_DEFINE_ENUM_VALUE (ASSAY_AUTH_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (ASSAY_AUTH_BEARER, "bearer"),
                    G_DEFINE_ENUM_VALUE (ASSAY_AUTH_OAUTH, "oauth"),
                    G_DEFINE_ENUM_VALUE (ASSAY_AUTH_API_KEY, "api-key"))

G_DEFINE_FINAL_TYPE (AssayConnection, assay_connection, G_TYPE_OBJECT)

/* The string behind a property. */
static char **
find_field (AssayConnection *self,
            guint property_id)
{
  switch (property_id)
    {
    case PROP_ID:
      return &self->id;
    case PROP_NAME:
      return &self->name;
    case PROP_URL:
      return &self->url;
    case PROP_MODELS_URL:
      return &self->models_url;
    case PROP_TOKEN_URL:
      return &self->token_url;
    case PROP_CLIENT_ID:
      return &self->client_id;
    case PROP_CA_FILE:
      return &self->ca_file;
    case PROP_FINGERPRINT:
      return &self->fingerprint;
    case PROP_API_KEY_HEADER:
      return &self->api_key_header;
    case PROP_LAST_MODEL:
      return &self->last_model;
    case PROP_LAST_VERSION:
      return &self->last_version;
    case PROP_TEMPLATE:
      return &self->template;
    case PROP_BODY:
      return &self->body;
    case PROP_PREPROCESS:
      return &self->preprocess;
    default:
      return NULL;
    }
}

/* The switch behind a property. */
static gboolean *
find_switch (AssayConnection *self,
             guint property_id)
{
  if (property_id == PROP_SOFTMAX)
    return &self->softmax;
  return property_id == PROP_PERCENT ? &self->percent : NULL;
}

static void
assay_connection_get_property (GObject *object,
                               guint property_id,
                               GValue *value,
                               GParamSpec *pspec)
{
  AssayConnection *self = ASSAY_CONNECTION (object);
  char **field = find_field (self, property_id);
  gboolean *flag = find_switch (self, property_id);

  if (field != NULL)
    g_value_set_string (value, *field);
  else if (flag != NULL)
    g_value_set_boolean (value, *flag);
  else if (property_id == PROP_AUTH)
    g_value_set_enum (value, self->auth);
  else if (property_id == PROP_PROTOCOL)
    g_value_set_string (value, self->protocol->id);
  else if (property_id == PROP_LABELS)
    g_value_set_boxed (value, self->labels);
  else if (property_id == PROP_HEADERS)
    g_value_set_boxed (value, self->headers);
  else if (property_id == PROP_FIT_PIXELS)
    g_value_set_uint (value, self->fit_pixels);
  else if (property_id == PROP_FIT_BYTES)
    g_value_set_uint64 (value, self->fit_bytes);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

/* Returns whether the property is one of these. */
static gboolean
set_switch (AssayConnection *self,
            guint property_id,
            const GValue *value)
{
  gboolean *flag = find_switch (self, property_id);

  if (flag == NULL)
    return FALSE;
  if (*flag != g_value_get_boolean (value))
    {
      *flag = g_value_get_boolean (value);
      g_object_notify_by_pspec (G_OBJECT (self), properties[property_id]);
    }
  return TRUE;
}

/* Returns whether the property is one of these. */
static gboolean
set_fit (AssayConnection *self,
         guint property_id,
         const GValue *value)
{
  gboolean changed = FALSE;

  if (property_id == PROP_FIT_PIXELS)
    {
      changed = self->fit_pixels != g_value_get_uint (value);
      self->fit_pixels = g_value_get_uint (value);
    }
  else if (property_id == PROP_FIT_BYTES)
    {
      changed = self->fit_bytes != g_value_get_uint64 (value);
      self->fit_bytes = g_value_get_uint64 (value);
    }
  else
    return FALSE;
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property_id]);
  return TRUE;
}

static void
assay_connection_set_property (GObject *object,
                               guint property_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  AssayConnection *self = ASSAY_CONNECTION (object);
  char **field = find_field (self, property_id);
  const char *text;

  /* Whoever has the former one keeps it. */
  g_clear_pointer (&self->profile, assay_profile_unref);
  if (property_id == PROP_AUTH)
    {
      if (self->auth == (AssayAuth) g_value_get_enum (value))
        return;
      self->auth = g_value_get_enum (value);
      g_object_notify_by_pspec (object, pspec);
      return;
    }
  if (property_id == PROP_PROTOCOL)
    {
      const AssayProtocol *protocol = assay_protocol_find (g_value_get_string (value));

      g_return_if_fail (protocol != NULL);
      if (protocol == self->protocol)
        return;
      self->protocol = protocol;
      g_object_notify_by_pspec (object, pspec);
      return;
    }
  if (set_fit (self, property_id, value) || set_switch (self, property_id, value))
    return;
  if (field == NULL)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
      return;
    }
  text = g_value_get_string (value);
  if (assay_set_string (field, text != NULL ? text : "") && property_id != PROP_ID)
    g_object_notify_by_pspec (object, pspec);
}

static void
assay_connection_finalize (GObject *object)
{
  AssayConnection *self = ASSAY_CONNECTION (object);

  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    if (find_field (self, i) != NULL)
      g_free (*find_field (self, i));
  g_strfreev (self->headers);
  g_strfreev (self->labels);
  g_clear_pointer (&self->profile, assay_profile_unref);

  G_OBJECT_CLASS (assay_connection_parent_class)->finalize (object);
}

static void
install_switch (guint property_id,
                const char *name)
{
  properties[property_id] = g_param_spec_boolean (
      name, NULL, NULL, FALSE,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
}

static void
install_string (guint property_id,
                const char *name)
{
  properties[property_id] = g_param_spec_string (
      name, NULL, NULL, "",
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
          | (property_id == PROP_ID ? G_PARAM_CONSTRUCT_ONLY : G_PARAM_EXPLICIT_NOTIFY));
}

static void
assay_connection_class_init (AssayConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_connection_get_property;
  object_class->set_property = assay_connection_set_property;
  object_class->finalize = assay_connection_finalize;

  install_string (PROP_ID, "id");
  install_string (PROP_NAME, "name");
  install_string (PROP_URL, "url");
  install_string (PROP_MODELS_URL, "models-url");
  install_string (PROP_TOKEN_URL, "token-url");
  install_string (PROP_CLIENT_ID, "client-id");
  install_string (PROP_CA_FILE, "ca-file");
  install_string (PROP_FINGERPRINT, "fingerprint");
  install_string (PROP_API_KEY_HEADER, "api-key-header");
  install_string (PROP_LAST_MODEL, "last-model");
  install_string (PROP_LAST_VERSION, "last-version");
  install_string (PROP_TEMPLATE, "template");
  install_string (PROP_BODY, "body");
  install_string (PROP_PREPROCESS, "preprocess");
  install_switch (PROP_SOFTMAX, "softmax");
  install_switch (PROP_PERCENT, "percent");
  properties[PROP_PROTOCOL] = g_param_spec_string (
      "protocol", NULL, NULL, "mlf",
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_LABELS] = g_param_spec_boxed (
      "labels", NULL, NULL, G_TYPE_STRV,
      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_AUTH] = g_param_spec_enum (
      "auth", NULL, NULL, ASSAY_TYPE_AUTH, ASSAY_AUTH_NONE,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_HEADERS] = g_param_spec_boxed (
      "headers", NULL, NULL, G_TYPE_STRV,
      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_FIT_PIXELS] = g_param_spec_uint (
      "fit-pixels", NULL, NULL, 0, ASSAY_LIMIT_SIDE, 0,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_FIT_BYTES] = g_param_spec_uint64 (
      "fit-bytes", NULL, NULL, 0, ASSAY_LIMIT_FILE_BYTES, 0,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_connection_init (AssayConnection *self)
{
  self->protocol = assay_protocol_find ("mlf");
  self->headers = g_new0 (char *, 1);
  self->labels = g_new0 (char *, 1);
  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    if (find_field (self, i) != NULL)
      *find_field (self, i) = g_strdup ("");
}

/**
 * assay_connection_new:
 * @id: (nullable): as it was saved, %ASSAY_CONNECTION_BUILTIN, or %NULL for a new one
 * @name: what a person calls it
 *
 * Returns: (transfer full): a connection to nowhere yet
 */
AssayConnection *
assay_connection_new (const char *id,
                      const char *name)
{
  g_autofree char *made = id == NULL ? g_uuid_string_random () : NULL;

  return g_object_new (ASSAY_TYPE_CONNECTION, "id", id != NULL ? id : made, "name", name, NULL);
}

/**
 * assay_connection_copy:
 *
 * Returns: (transfer full): a connection that says the same, to be changed without
 *   changing what is saved
 */
AssayConnection *
assay_connection_copy (AssayConnection *self)
{
  AssayConnection *copy;

  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  copy = assay_connection_new (self->id, self->name);
  copy->protocol = self->protocol;
  copy->auth = self->auth;
  copy->fit_pixels = self->fit_pixels;
  copy->fit_bytes = self->fit_bytes;
  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    if (find_field (self, i) != NULL)
      assay_set_string (find_field (copy, i), *find_field (self, i));
  g_strfreev (copy->headers);
  copy->headers = g_strdupv (self->headers);
  g_strfreev (copy->labels);
  copy->labels = g_strdupv (self->labels);
  copy->softmax = self->softmax;
  copy->percent = self->percent;
  return copy;
}

const char *
assay_connection_get_id (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->id;
}

const char *
assay_connection_get_name (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->name;
}

const AssayProtocol *
assay_connection_get_protocol (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->protocol;
}

gboolean
assay_connection_is_builtin (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), FALSE);

  return g_str_equal (self->id, ASSAY_CONNECTION_BUILTIN);
}

/**
 * assay_connection_get_url:
 *
 * Returns: (transfer none): where to classify; "" when it is not known (yet)
 */
const char *
assay_connection_get_url (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->url;
}

/**
 * assay_connection_get_models_url:
 *
 * Returns: (transfer none): where models are listed; "" when the service can't
 */
const char *
assay_connection_get_models_url (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->models_url;
}

const char *
assay_connection_get_token_url (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->token_url;
}

const char *
assay_connection_get_client_id (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->client_id;
}

const char *
assay_connection_get_ca_file (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->ca_file;
}

/**
 * assay_connection_get_fingerprint:
 *
 * Returns: (transfer none): SHA-256 of the one certificate that is accepted for
 *   this connection whoever has signed it; "" for none
 */
const char *
assay_connection_get_fingerprint (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->fingerprint;
}

/**
 * assay_connection_get_api_key_header:
 *
 * Returns: (transfer none): the header that carries the API key, the usual one
 *   when none was chosen
 */
const char *
assay_connection_get_api_key_header (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return *self->api_key_header != '\0' ? self->api_key_header : ASSAY_DEFAULT_KEY_HEADER;
}

/**
 * assay_connection_get_headers:
 *
 * Returns: (transfer none) (array zero-terminated=1): extra headers, "Name: value",
 *   sent with every request to the service and to no one else
 */
const char *const *
assay_connection_get_headers (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return (const char *const *) self->headers;
}

/**
 * assay_connection_set_headers:
 * @lines: (array zero-terminated=1) (nullable): "Name: value" each
 * @error: %ASSAY_ERROR_USAGE, as assay_extra_header_split(): then nothing changes
 *
 * Returns: whether all of them can be sent
 */
gboolean
assay_connection_set_headers (AssayConnection *self,
                              const char *const *lines,
                              GError **error)
{
  const char *const none[] = { NULL };

  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), FALSE);

  lines = lines != NULL ? lines : none;
  if (g_strv_length ((char **) lines) > ASSAY_LIMIT_HEADERS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("A connection takes %d extra headers at most."), ASSAY_LIMIT_HEADERS);
      return FALSE;
    }
  for (guint i = 0; lines[i] != NULL; i++)
    if (!assay_extra_header_split (lines[i], NULL, NULL, error))
      return FALSE;
  if (g_strv_equal ((const char *const *) self->headers, lines))
    return TRUE;
  g_strfreev (self->headers);
  self->headers = g_strdupv ((char **) lines);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEADERS]);
  return TRUE;
}

/**
 * assay_connection_get_labels:
 *
 * Returns: (transfer none) (array zero-terminated=1): what the scores are of, in their
 *   order, where somebody has said it
 */
const char *const *
assay_connection_get_labels (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return (const char *const *) self->labels;
}

/**
 * assay_connection_set_labels:
 * @labels: (array zero-terminated=1) (nullable): what the scores are of, in their order
 */
void
assay_connection_set_labels (AssayConnection *self,
                             const char *const *labels)
{
  const char *const none[] = { NULL };

  g_return_if_fail (ASSAY_IS_CONNECTION (self));

  labels = labels != NULL ? labels : none;
  if (g_strv_equal ((const char *const *) self->labels, labels))
    return;
  g_clear_pointer (&self->profile, assay_profile_unref);
  g_strfreev (self->labels);
  self->labels = g_strdupv ((char **) labels);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABELS]);
}

/**
 * assay_connection_dup_profile:
 *
 * Returns: (transfer full): what its protocol has to know, as it is now
 */
AssayProfile *
assay_connection_dup_profile (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  if (self->profile == NULL)
    {
      AssayProfile *profile = assay_profile_new (self->url, self->models_url);

      profile->template = *self->template != '\0' ? g_strdup (self->template) : NULL;
      profile->body = *self->body != '\0' ? g_strdup (self->body) : NULL;
      profile->preprocess = *self->preprocess != '\0' ? g_strdup (self->preprocess) : NULL;
      profile->labels = self->labels[0] != NULL ? g_strdupv (self->labels) : NULL;
      profile->softmax = self->softmax;
      profile->percent = self->percent;
      self->profile = profile;
    }
  return assay_profile_ref (self->profile);
}

static void
set_found (AssayConnection *self,
           const char *property,
           const char *value)
{
  if (value != NULL)
    g_object_set (self, property, value, NULL);
}

/**
 * assay_connection_apply_profile:
 * @protocol: who speaks so
 * @profile: what was found out of a service
 *
 * Takes all from it that it says.  What it says nothing about stays as a person has said it.
 */
void
assay_connection_apply_profile (AssayConnection *self,
                                const AssayProtocol *protocol,
                                const AssayProfile *profile)
{
  g_return_if_fail (ASSAY_IS_CONNECTION (self));
  g_return_if_fail (protocol != NULL);
  g_return_if_fail (profile != NULL);

  g_object_set (self, "protocol", protocol->id, NULL);
  set_found (self, "url", profile->url);
  set_found (self, "models-url", profile->models_url);
  set_found (self, "template", profile->template);
  set_found (self, "body", profile->body);
  set_found (self, "preprocess", profile->preprocess);
  if (profile->softmax)
    g_object_set (self, "softmax", TRUE, NULL);
  if (profile->percent)
    g_object_set (self, "percent", TRUE, NULL);
  if (profile->labels != NULL)
    assay_connection_set_labels (self, (const char *const *) profile->labels);
}

/**
 * assay_connection_can_list:
 *
 * Returns: whether the service can be asked for its models
 */
gboolean
assay_connection_can_list (AssayConnection *self)
{
  g_autoptr (AssayProfile) profile = NULL;

  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), FALSE);

  profile = assay_connection_dup_profile (self);
  return self->protocol->can_list (profile);
}

AssayAuth
assay_connection_get_auth (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), ASSAY_AUTH_NONE);

  return self->auth;
}

/**
 * assay_connection_get_fit_pixels:
 *
 * Returns: how many pixels the longer side of a picture may have; 0 for any
 */
guint
assay_connection_get_fit_pixels (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), 0);

  return self->fit_pixels;
}

/**
 * assay_connection_get_fit_bytes:
 *
 * Returns: how many bytes the file of a picture may have; 0 for any
 */
guint64
assay_connection_get_fit_bytes (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), 0);

  return self->fit_bytes;
}

const char *
assay_connection_get_last_model (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->last_model;
}

const char *
assay_connection_get_last_version (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return self->last_version;
}

/**
 * assay_connection_dup_host:
 *
 * Returns: (transfer full) (nullable): the host that pictures go to
 */
char *
assay_connection_dup_host (AssayConnection *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), NULL);

  return *self->url != '\0' ? assay_endpoint_dup_host (self->url) : NULL;
}

/**
 * assay_connection_apply_service_key:
 * @key: (transfer none): what a service key says
 *
 * Takes protocol, addresses, client and kind of sign-in from it; its secret is for
 * #AssaySecrets and #AssayCredentials.
 */
void
assay_connection_apply_service_key (AssayConnection *self,
                                    const AssayServiceKey *key)
{
  g_return_if_fail (ASSAY_IS_CONNECTION (self));
  g_return_if_fail (key != NULL);

  g_object_set (self,
                "protocol", key->protocol,
                "url", key->url,
                "models-url", key->models_url,
                "token-url", key->token_url,
                "client-id", key->client_id,
                "auth", ASSAY_AUTH_OAUTH,
                "template", NULL,
                "body", NULL,
                NULL);
}

/**
 * assay_connection_get_secret_role:
 * @role: (out): the kind of secret that its sign-in needs
 *
 * Returns: whether it needs one that a person gives; the built-in service makes
 *   its own
 */
gboolean
assay_connection_get_secret_role (AssayConnection *self,
                                  AssaySecretRole *role)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (role != NULL, FALSE);

  if (assay_connection_is_builtin (self))
    return FALSE;
  switch (self->auth)
    {
    case ASSAY_AUTH_BEARER:
      *role = ASSAY_SECRET_TOKEN;
      return TRUE;
    case ASSAY_AUTH_OAUTH:
      *role = ASSAY_SECRET_CLIENT;
      return TRUE;
    case ASSAY_AUTH_API_KEY:
      *role = ASSAY_SECRET_API_KEY;
      return TRUE;
    case ASSAY_AUTH_NONE:
    default:
      return FALSE;
    }
}
