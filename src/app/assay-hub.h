/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connections.h"
#include "assay-history.h"
#include "assay-link.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_HUB (assay_hub_get_type ())

/**
 * AssayHub:
 *
 * What all windows share: the saved connections, the one built-in service of
 * this process, the secrets, the history, and a link for each connection in use, so that a token
 * given in one window is known in the next.  Main thread.
 *
 * Signals: "reach-changed" (what assay_hub_can_send() says may be different now),
 * "saved" (an AssayConnection, which has a new link).
 */
G_DECLARE_FINAL_TYPE (AssayHub, assay_hub, ASSAY, HUB, GObject)

AssayHub         *assay_hub_new             (const char *path);
gboolean          assay_hub_load            (AssayHub *self, GError **error);
AssayConnections *assay_hub_get_connections (AssayHub *self);
AssaySecrets     *assay_hub_get_secrets     (AssayHub *self);
AssayHistory     *assay_hub_get_history     (AssayHub *self);
void              assay_hub_set_history     (AssayHub *self, AssayHistory *history);
AssayLink        *assay_hub_get_link        (AssayHub *self, AssayConnection *connection);
void              assay_hub_set_monitor     (AssayHub *self, GNetworkMonitor *monitor);
gboolean          assay_hub_can_send        (AssayHub *self, AssayConnection *connection);
void              assay_hub_set_bounds      (AssayHub *self, guint jobs, guint timeout_seconds);
void              assay_hub_forget          (AssayHub *self, AssayConnection *connection);
AssayConnection  *assay_hub_save            (AssayHub *self, AssayConnection *connection, AssayConnection *draft,
                                             const char *secret, GError **error);
gboolean          assay_hub_remove          (AssayHub *self, AssayConnection *connection, GError **error);
void              assay_hub_close           (AssayHub *self);

G_END_DECLS
