/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connection.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CONNECTIONS (assay_connections_get_type ())

/**
 * AssayConnections:
 *
 * The saved connections: a #GListModel of #AssayConnection over a key file.
 * The built-in service is always first and is never written.  Changes are
 * written at once and atomically.
 */
G_DECLARE_FINAL_TYPE (AssayConnections, assay_connections, ASSAY, CONNECTIONS, GObject)

AssayConnections *assay_connections_new      (const char *path);
char             *assay_connections_dup_default_path (void);
gboolean          assay_connections_load     (AssayConnections *self, GError **error);
gboolean          assay_connections_save     (AssayConnections *self, GError **error);
AssayConnection  *assay_connections_find     (AssayConnections *self, const char *id_or_name);
gboolean          assay_connections_add      (AssayConnections *self, AssayConnection *connection, GError **error);
gboolean          assay_connections_remove   (AssayConnections *self, AssayConnection *connection, GError **error);

G_END_DECLS
