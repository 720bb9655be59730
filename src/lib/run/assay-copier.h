/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-item.h"

G_BEGIN_DECLS

/**
 * AssayCopies:
 *
 * What one pass of assay_copier_copy_async() has made: the files and folders that were not
 * there before, and what became of the others.  Owned by one thread at a time.
 */
typedef struct _AssayCopies AssayCopies;

void         assay_copier_copy_async     (GPtrArray *items, AssayTarget *target, GFile *folder,
                                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
AssayCopies *assay_copier_copy_finish    (GAsyncResult *result, GError **error);
guint        assay_copies_get_n          (AssayCopies *self);      /* files */
guint        assay_copies_get_n_folders  (AssayCopies *self);      /* that files were copied into */
guint        assay_copies_get_n_left_out (AssayCopies *self);      /* images that have no answer */
guint        assay_copies_get_n_failed   (AssayCopies *self);      /* images that could not be copied */
const char  *assay_copies_get_reason     (AssayCopies *self);      /* (nullable): of the first of those */
void         assay_copies_undo_async     (AssayCopies *self, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer data);
guint        assay_copies_undo_finish    (GAsyncResult *result);
void         assay_copies_free           (AssayCopies *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCopies, assay_copies_free)

G_END_DECLS
