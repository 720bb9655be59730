/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-protocol.h"
#include "assay-servable.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_MODEL_STORE (assay_model_store_get_type ())

G_DECLARE_FINAL_TYPE (AssayModelStore, assay_model_store, ASSAY, MODEL_STORE, GObject)

AssayModelStore *assay_model_store_new          (const char *const *folders);
void             assay_model_store_stop         (AssayModelStore *self);
gboolean         assay_model_store_is_busy      (AssayModelStore *self);
GPtrArray       *assay_model_store_dup_versions (AssayModelStore *self, const char *model);
void             assay_model_store_find_async   (AssayModelStore *self, const char *model,
                                                 const char *version, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer data);
AssayServable   *assay_model_store_find_finish  (AssayModelStore *self, GAsyncResult *result,
                                                 GError **error);

G_END_DECLS
