/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayServeAuth:
 *
 * One client and the tokens that it was given: OAuth 2 client credentials.
 *
 * Invariants: at most ASSAY_LIMIT_TOKENS tokens, oldest first; one more pushes
 * the oldest out, and its client asks for another after its 401.
 */
typedef struct _AssayServeAuth AssayServeAuth;

/* 12 hours less a second, as the real one says */
#define ASSAY_TOKEN_SECONDS G_GINT64_CONSTANT (43199)

AssayServeAuth *assay_serve_auth_new          (const char *client, const char *secret);
void            assay_serve_auth_free         (AssayServeAuth *self);
const char     *assay_serve_auth_get_client   (const AssayServeAuth *self);
const char     *assay_serve_auth_get_secret   (const AssayServeAuth *self);
gboolean        assay_serve_auth_check_client (const AssayServeAuth *self, const char *client,
                                               const char *secret);
gboolean        assay_serve_auth_check_basic  (const AssayServeAuth *self,
                                               const char *authorization);
char           *assay_serve_auth_make_token   (AssayServeAuth *self, gint64 now);
gboolean        assay_serve_auth_check_bearer (const AssayServeAuth *self,
                                               const char *authorization, gint64 now);
char           *assay_serve_auth_dup_random   (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayServeAuth, assay_serve_auth_free)

G_END_DECLS
