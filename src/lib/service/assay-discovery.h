/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-client.h"

G_BEGIN_DECLS

/**
 * AssayDiscovery:
 *
 * What a service has turned out to be.
 */
typedef struct {
  const AssayProtocol *protocol;
  char *service;              /* what it calls itself, safe to show: "mlserver 1.6.0" */
  char *model;                /* (nullable): which one the address named */
  GPtrArray *versions;        /* (nullable) (element-type AssayModelVersion): what it listed */
} AssayDiscovery;

void            assay_discovery_free   (AssayDiscovery *self);
guint           assay_discovery_count_models (const AssayDiscovery *self);
char           *assay_discovery_dup_text (const AssayDiscovery *self);
void            assay_discovery_async  (AssayClient *client, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer data);
AssayDiscovery *assay_discovery_finish (AssayClient *client, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayDiscovery, assay_discovery_free)

G_END_DECLS
