/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-protocol.h"

G_BEGIN_DECLS

/**
 * AssayToken:
 *
 * What a token endpoint answered: a token, or an error.
 */
typedef struct {
  guint status;
  char *token;           /* secret; NULL on error */
  double lifetime;       /* seconds from the answer on, 0 when the service doesn't say */
  GError *error;
} AssayToken;

AssayRequest *assay_token_request_new (const char *token_url, gboolean as_get, GError **error);
char         *assay_token_dup_basic   (const char *client_id, const char *client_secret, GError **error);
char         *assay_token_dup_bearer  (const char *token, GError **error);
char         *assay_token_dup_api_key (const char *key, GError **error);
AssayToken   *assay_token_read        (const AssayReply *reply, const char *token_url);
void          assay_token_free        (AssayToken *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayToken, assay_token_free)

G_END_DECLS
