/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AssaySpool:
 *
 * One temporary file without a name, for bytes that have no file of their own.
 * Any number of threads may write at once and none waits for another: each
 * reserves its place by one atomic addition.  Bytes whose range is gone are given
 * back to the disk.
 */
typedef struct _AssaySpool AssaySpool;

/**
 * AssaySpoolRange:
 *
 * Bytes in a spool.  Whoever made it appends to it; from then on it never
 * changes and may be opened on any thread, any number of times.  It keeps the
 * spool.
 */
typedef struct _AssaySpoolRange AssaySpoolRange;

AssaySpool      *assay_spool_new          (const char *folder, guint64 limit, GError **error);
AssaySpool      *assay_spool_get_default  (GError **error);
AssaySpool      *assay_spool_ref          (AssaySpool *self);
void             assay_spool_unref        (AssaySpool *self);
guint64          assay_spool_get_limit    (AssaySpool *self);
guint64          assay_spool_get_used     (AssaySpool *self);

AssaySpoolRange *assay_spool_range_new    (AssaySpool *spool);
AssaySpoolRange *assay_spool_range_ref    (AssaySpoolRange *self);
void             assay_spool_range_unref  (AssaySpoolRange *self);
guint64          assay_spool_range_get_length (AssaySpoolRange *self);
gboolean         assay_spool_range_append (AssaySpoolRange *self, const guint8 *bytes, gsize size, GError **error);
gssize           assay_spool_range_pread  (AssaySpoolRange *self, guint64 offset, guint8 *buffer, gsize size, GError **error);
GInputStream    *assay_spool_range_open   (AssaySpoolRange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySpool, assay_spool_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySpoolRange, assay_spool_range_unref)

G_END_DECLS
