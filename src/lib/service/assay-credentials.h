/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connection.h"
#include "assay-transport.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CREDENTIALS (assay_credentials_get_type ())

/**
 * AssayCredentials:
 *
 * Gives the Authorization header for a connection, or what stands in the header of
 * its API key.  While they are used, secrets
 * live in here; #AssaySecrets keeps them.  Main thread.  Any number of callers that wait for
 * a token cause one token request.
 */
G_DECLARE_FINAL_TYPE (AssayCredentials, assay_credentials, ASSAY, CREDENTIALS, GObject)

AssayCredentials *assay_credentials_new            (AssayConnection *connection, AssayTransport *transport);
void              assay_credentials_set_token      (AssayCredentials *self, const char *token);
void              assay_credentials_set_client_secret (AssayCredentials *self, const char *secret);
void              assay_credentials_load_async     (AssayCredentials *self, AssaySecrets *secrets, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer data);
gboolean          assay_credentials_load_finish    (AssayCredentials *self, GAsyncResult *result, GError **error);
void              assay_credentials_set_secret     (AssayCredentials *self, AssaySecretRole role, const char *secret);
gboolean          assay_credentials_has_secret     (AssayCredentials *self);
gint64            assay_credentials_get_expires    (AssayCredentials *self);
void              assay_credentials_hold           (AssayCredentials *self);
void              assay_credentials_refuse         (AssayCredentials *self, const GError *error);
void              assay_credentials_reject         (AssayCredentials *self, const char *header);
void              assay_credentials_get_header_async  (AssayCredentials *self, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer data);
gboolean          assay_credentials_get_header_finish (AssayCredentials *self, GAsyncResult *result, char **header, GError **error);

G_END_DECLS
