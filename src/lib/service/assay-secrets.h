/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_SECRETS       (assay_secrets_get_type ())
#define ASSAY_TYPE_SECRETS_PLACE (assay_secrets_place_get_type ())

/* What a secret is for; a connection has at most one of each. */
typedef enum {
  ASSAY_SECRET_TOKEN,
  ASSAY_SECRET_CLIENT,        /* the client secret of OAuth client credentials */
  ASSAY_SECRET_API_KEY,
  ASSAY_N_SECRETS
} AssaySecretRole;

typedef enum {
  ASSAY_SECRETS_NOWHERE,      /* nothing is kept, or nobody has asked yet */
  ASSAY_SECRETS_KEYRING,
  ASSAY_SECRETS_MEMORY,       /* until this process ends */
} AssaySecretsPlace;

GType assay_secrets_place_get_type (void);

/**
 * AssaySecrets:
 *
 * Keeps the secrets of connections: in the desktop's keyring, and where there is
 * none, in memory for the life of the process; "place" says which.  Main thread.
 * What is asked is done in the order asked, one at a time.
 */
G_DECLARE_FINAL_TYPE (AssaySecrets, assay_secrets, ASSAY, SECRETS, GObject)

AssaySecrets     *assay_secrets_new           (void);
AssaySecretsPlace assay_secrets_get_place     (AssaySecrets *self);
const char       *assay_secrets_get_reason    (AssaySecrets *self);
void              assay_secrets_store_async   (AssaySecrets *self, const char *connection, AssaySecretRole role,
                                               const char *name, const char *secret, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer data);
gboolean          assay_secrets_store_finish  (AssaySecrets *self, GAsyncResult *result, AssaySecretsPlace *place, GError **error);
void              assay_secrets_lookup_async  (AssaySecrets *self, const char *connection, AssaySecretRole role,
                                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean          assay_secrets_lookup_finish (AssaySecrets *self, GAsyncResult *result, char **secret,
                                               AssaySecretsPlace *place, GError **error);
void              assay_secrets_clear_async   (AssaySecrets *self, const char *connection, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer data);
gboolean          assay_secrets_clear_finish  (AssaySecrets *self, GAsyncResult *result, GError **error);
/* The properties "place" and "reason" notify. */

G_END_DECLS
