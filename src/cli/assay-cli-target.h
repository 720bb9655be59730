/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-cli-connect.h"
#include "assay-target.h"

G_BEGIN_DECLS

/* Which model and version is asked: as typed, else as the service lists them. */
void         assay_cli_target_find_async  (AssayCliConnect *connect, const char *model, const char *version,
                                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
AssayTarget *assay_cli_target_find_finish (GAsyncResult *result, GError **error);

G_END_DECLS
