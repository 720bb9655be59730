/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-bundle.h"
#include "assay-history.h"

G_BEGIN_DECLS

/* A bundle of another machine, kept as if its runs had been made here. */

char     *assay_bundle_dup_thumbnail_folder (AssayHistory *history);
gboolean  assay_bundle_is_imported  (const AssayKeptRun *run);

void      assay_bundle_import_async  (AssayBundle *self, AssayHistory *history, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer data);
GArray   *assay_bundle_import_finish (GAsyncResult *result, GError **error);

G_END_DECLS
