/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-bundle.h"
#include "assay-kept.h"
#include "assay-source.h"

G_BEGIN_DECLS

/* A bundle made of what the history keeps, and its file. */

AssayBundleRun *assay_bundle_run_new_kept    (const AssayKeptRun *kept);
guint           assay_bundle_add_kept        (AssayBundle *self, const AssayKeptItem *kept);

char           *assay_bundle_dup_thumbnail_path (const char *folder, const char *sha256);

gboolean        assay_bundle_save            (AssayBundle *self, GPtrArray *sources, const char *folder, GFile *file,
                                              GCancellable *cancellable, GError **error);
void            assay_bundle_save_async      (AssayBundle *self, GPtrArray *sources, const char *folder, GFile *file,
                                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean        assay_bundle_save_finish     (GAsyncResult *result, GError **error);

G_END_DECLS
