/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayLockFile:
 *
 * Who is alive, as the kernel knows it: a file beside the history whose bytes are
 * locked.  Byte 0 is shared by all who have the history open; every run that is
 * under way has one further byte.  A lock ends with its process, whatever ended
 * that, and unlike a process id it means the same in every sandbox.  This room
 * only; one thread.
 */
typedef struct _AssayLockFile AssayLockFile;

AssayLockFile *assay_lock_file_new       (const char *path);
void           assay_lock_file_free      (AssayLockFile *self);
gboolean       assay_lock_file_share     (AssayLockFile *self);
gboolean       assay_lock_file_own       (AssayLockFile *self);
gboolean       assay_lock_file_take      (AssayLockFile *self, gint64 place);
void           assay_lock_file_release   (AssayLockFile *self, gint64 place);
gboolean       assay_lock_file_is_taken  (AssayLockFile *self, gint64 place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLockFile, assay_lock_file_free)

G_END_DECLS
