/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-connection.h"
#include "assay-token-row.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_AUTH_GROUP (assay_auth_group_get_type ())

/**
 * AssayAuthGroup:
 *
 * How a connection signs in; only what the chosen kind needs is shown.  Signals:
 * "edited" when something changes, "refresh" when a new token is wanted.
 */
G_DECLARE_FINAL_TYPE (AssayAuthGroup, assay_auth_group, ASSAY, AUTH_GROUP, AdwPreferencesGroup)

void           assay_auth_group_show          (AssayAuthGroup *self, AssayConnection *connection);
void           assay_auth_group_fill          (AssayAuthGroup *self, const AssayServiceKey *key);
void           assay_auth_group_set_kept      (AssayAuthGroup *self, AssaySecretRole role);
AssayTokenRow *assay_auth_group_get_token_row (AssayAuthGroup *self);
gboolean       assay_auth_group_focus_secret  (AssayAuthGroup *self);
void           assay_auth_group_settle        (AssayAuthGroup *self);
gboolean       assay_auth_group_ask_kind      (AssayAuthGroup *self);
void           assay_auth_group_want_key      (AssayAuthGroup *self, const char *header);
gboolean       assay_auth_group_apply         (AssayAuthGroup *self, AssayConnection *draft, char **secret,
                                               GtkWidget **wrong, GError **error);

G_END_DECLS
