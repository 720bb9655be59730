/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <json-glib/json-glib.h>

#include "assay-serve-key.h"

static void
add_string (JsonBuilder *builder,
            const char *name,
            const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_url (JsonBuilder *builder,
         const char *name,
         const char *url,
         const char *path)
{
  g_autofree char *whole = g_strconcat (url, path, NULL);

  add_string (builder, name, whole);
}

/**
 * assay_serve_key_format:
 * @url: address of the service, without a slash at the end
 * @auth: (nullable): who may sign in
 * @with_secret: whether the reader of the key does not know the secret already
 *
 * Writes how to reach the service as a service key (protocols.md, A5).
 *
 * Returns: (transfer full): JSON in one line
 */
char *
assay_serve_key_format (const char *url,
                        const AssayServeAuth *auth,
                        gboolean with_secret)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (url != NULL, NULL);

  json_builder_begin_object (builder);
  add_string (builder, "appname", "assay-serve");
  if (auth != NULL)
    add_string (builder, "clientid", assay_serve_auth_get_client (auth));
  if (auth != NULL && with_secret)
    add_string (builder, "clientsecret", assay_serve_auth_get_secret (auth));
  add_string (builder, "url", url);
  json_builder_set_member_name (builder, "serviceurls");
  json_builder_begin_object (builder);
  add_url (builder, "IMAGE_CLASSIFICATION_URL", url, "/api/v2/image/classification");
  add_url (builder, "IMAGE_RETRAIN_API_URL", url, "/api/v2/image/retraining");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
