/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-servable.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_WORKERS (assay_workers_get_type ())

G_DECLARE_FINAL_TYPE (AssayWorkers, assay_workers, ASSAY, WORKERS, GObject)

/* What a thread does with a version and what it was given. */
typedef void (*AssayWork) (AssayServable *servable, gpointer given, GCancellable *cancellable);

AssayWorkers *assay_workers_new             (guint n_threads);
void          assay_workers_classify_async  (AssayWorkers *self, AssayServable *servable,
                                             GPtrArray *pictures, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
GPtrArray    *assay_workers_classify_finish (AssayWorkers *self, GAsyncResult *result,
                                             GError **error);
void          assay_workers_classify_archive_async  (AssayWorkers *self, AssayServable *servable,
                                                     GBytes *archive, const char *name,
                                                     GCancellable *cancellable,
                                                     GAsyncReadyCallback callback, gpointer data);
GPtrArray    *assay_workers_classify_archive_finish (AssayWorkers *self, GAsyncResult *result,
                                                     GPtrArray **names, GError **error);
void          assay_workers_run_async       (AssayWorkers *self, AssayServable *servable,
                                             AssayWork work, gpointer given,
                                             GDestroyNotify free_given, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
gpointer      assay_workers_run_finish      (AssayWorkers *self, GAsyncResult *result,
                                             GError **error);

G_END_DECLS
