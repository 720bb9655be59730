/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-source.h"

G_BEGIN_DECLS

/* A file inside a folder or an archive that was left out, and why; names as the system gave them. */
typedef struct {
  char *path;
  char *reason;
} AssayLeftOut;

typedef struct {
  guint n_sources;
  guint n_left_out;           /* may exceed the list's length: ASSAY_LIMIT_LEFT_OUT */
  GPtrArray *left_out;        /* (element-type AssayLeftOut) */
} AssayIntakeSummary;

/* How to walk; all zero is what is usual. */
typedef struct {
  gboolean keep_archives;     /* an archive is one source, with an error; else it is opened */
  gboolean send_archives;     /* one that is fit gives its members with their parcel, any other is one source, with the reason */
  AssaySpool *spool;          /* (nullable) for members; the process's own unless given */
} AssayIntakeOptions;

void assay_intake_summary_free (AssayIntakeSummary *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayIntakeSummary, assay_intake_summary_free)

/**
 * AssayIntakeBatch:
 * @sources: (element-type AssaySource): at most ASSAY_LIMIT_WALK_BATCH, in order;
 *   but the members of a parcel are never divided
 *
 * Called in the thread-default main context of the caller, before the walk's
 * own callback.
 */
typedef void (*AssayIntakeBatch) (GPtrArray *sources, gpointer data);

void                assay_intake_walk_async  (GFile *const *files, guint n_files,
                                              AssayIntakeBatch batch, gpointer batch_data, GDestroyNotify batch_destroy,
                                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
void                assay_intake_walk_full_async (GFile *const *files, guint n_files, const AssayIntakeOptions *options,
                                                  AssayIntakeBatch batch, gpointer batch_data, GDestroyNotify batch_destroy,
                                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
AssayIntakeSummary *assay_intake_walk_finish (GAsyncResult *result, GError **error);

G_END_DECLS
