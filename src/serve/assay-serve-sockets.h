/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AssayServeSockets:
 *
 * The sockets of all clients, and a watch on those that no request occupies.
 * libsoup 3.2 forgets a connection that its client closes between two requests,
 * or before the first (mended in 3.3): its descriptor would stay open for ever,
 * and after a thousand clients the service would be deaf.
 */
typedef struct _AssayServeSockets AssayServeSockets;

AssayServeSockets *assay_serve_sockets_new   (void);
void               assay_serve_sockets_free  (AssayServeSockets *self);
guint              assay_serve_sockets_get_n (const AssayServeSockets *self);
gboolean           assay_serve_sockets_has   (const AssayServeSockets *self, GSocket *socket);
guint64            assay_serve_sockets_count_received (GSocket *socket);
void               assay_serve_sockets_watch (AssayServeSockets *self, GSocket *socket,
                                              guint patience_ms);
void               assay_serve_sockets_hold  (AssayServeSockets *self, GSocket *socket);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayServeSockets, assay_serve_sockets_free)

G_END_DECLS
