/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-protocol.h"
#include "assay-secrets.h"
#include "assay-service-key.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CONNECTION (assay_connection_get_type ())
#define ASSAY_CONNECTION_BUILTIN "builtin"

typedef enum {
  ASSAY_AUTH_NONE,
  ASSAY_AUTH_BEARER,
  ASSAY_AUTH_OAUTH,           /* client credentials */
  ASSAY_AUTH_API_KEY,         /* in a header of its own */
} AssayAuth;

#define ASSAY_TYPE_AUTH (assay_auth_get_type ())
GType assay_auth_get_type (void);

/**
 * AssayConnection:
 *
 * A service and how to reach it.  Holds no secret: those are with the
 * #AssayCredentials made for it.  Main thread; properties notify.
 */
G_DECLARE_FINAL_TYPE (AssayConnection, assay_connection, ASSAY, CONNECTION, GObject)

AssayConnection     *assay_connection_new            (const char *id, const char *name);
AssayConnection     *assay_connection_copy           (AssayConnection *self);
const char          *assay_connection_get_id         (AssayConnection *self);
const char          *assay_connection_get_name       (AssayConnection *self);
const AssayProtocol *assay_connection_get_protocol   (AssayConnection *self);
gboolean             assay_connection_is_builtin     (AssayConnection *self);
const char          *assay_connection_get_url        (AssayConnection *self);
const char          *assay_connection_get_models_url (AssayConnection *self);
const char          *assay_connection_get_token_url  (AssayConnection *self);
const char          *assay_connection_get_client_id  (AssayConnection *self);
const char          *assay_connection_get_ca_file    (AssayConnection *self);
const char          *assay_connection_get_fingerprint (AssayConnection *self);
const char          *assay_connection_get_api_key_header (AssayConnection *self);
const char *const   *assay_connection_get_headers    (AssayConnection *self);
gboolean             assay_connection_set_headers    (AssayConnection *self, const char *const *lines, GError **error);
const char *const   *assay_connection_get_labels     (AssayConnection *self);
void                 assay_connection_set_labels     (AssayConnection *self, const char *const *labels);
AssayProfile        *assay_connection_dup_profile    (AssayConnection *self);
void                 assay_connection_apply_profile  (AssayConnection *self, const AssayProtocol *protocol,
                                                      const AssayProfile *profile);
gboolean             assay_connection_can_list       (AssayConnection *self);
AssayAuth            assay_connection_get_auth       (AssayConnection *self);
guint                assay_connection_get_fit_pixels (AssayConnection *self);
guint64              assay_connection_get_fit_bytes  (AssayConnection *self);
const char          *assay_connection_get_last_model (AssayConnection *self);
const char          *assay_connection_get_last_version (AssayConnection *self);
char                *assay_connection_dup_host       (AssayConnection *self);
void                 assay_connection_apply_service_key (AssayConnection *self, const AssayServiceKey *key);
gboolean             assay_connection_get_secret_role (AssayConnection *self, AssaySecretRole *role);
/* All of these are construct-less, read-write, explicit-notify properties too:
 * "id" (construct-only), "name", "url", "models-url", "token-url", "client-id",
 * "ca-file", "fingerprint", "api-key-header", "auth", "last-model", "last-version",
 * "fit-pixels", "fit-bytes", "protocol", "template", "body", "preprocess", "softmax",
 * "percent"; "headers" and "labels" are read-only. */

G_END_DECLS
