/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayServiceKey:
 *
 * What a service key says, ready for a connection.
 */
typedef struct {
  const char *protocol;       /* how its service is spoken to: "mlf", "kserve-v1" */
  char *name;                 /* (nullable): of the account it is for */
  char *url;                  /* where pictures go */
  char *models_url;           /* (nullable) */
  char *token_url;
  char *client_id;
  char *client_secret;        /* secret */
} AssayServiceKey;

AssayServiceKey *assay_service_key_read (const char *text, gsize length, GError **error);
void             assay_service_key_free (AssayServiceKey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayServiceKey, assay_service_key_free)

G_END_DECLS
