/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "assay-model-store.h"
#include "assay-serve-auth.h"
#include "assay-serve-route.h"
#include "assay-workers.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SERVER (assay_server_get_type ())

G_DECLARE_FINAL_TYPE (AssayServer, assay_server, ASSAY, SERVER, GObject)

AssayServer     *assay_server_new          (AssayModelStore *store, AssayWorkers *workers,
                                            AssayServeAuth *auth);
void             assay_server_set_patience (AssayServer *self, guint patience_ms);
void             assay_server_set_names    (AssayServer *self, const char *const *names);
void             assay_server_set_room     (AssayServer *self, gsize room);
gboolean         assay_server_listen       (AssayServer *self, GSocketAddress *address,
                                            GError **error);
const char      *assay_server_get_url      (AssayServer *self);
AssayModelStore *assay_server_get_store    (AssayServer *self);
AssayWorkers    *assay_server_get_workers  (AssayServer *self);
AssayServeAuth  *assay_server_get_auth     (AssayServer *self);
void             assay_server_stop         (AssayServer *self);
gboolean         assay_server_is_busy      (AssayServer *self);
void             assay_server_disconnect   (AssayServer *self);

G_END_DECLS
