/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-cli-connect.h"

G_BEGIN_DECLS

/* What the service lists (element-type AssayModelVersion); of the built-in one,
 * once it has loaded what it has. */
void       assay_cli_list_async  (AssayCliConnect *connect, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data);
GPtrArray *assay_cli_list_finish (GAsyncResult *result, GError **error);

G_END_DECLS
