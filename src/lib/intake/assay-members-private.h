/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-archive.h"
#include "assay-source.h"
#include "assay-spool.h"

G_BEGIN_DECLS

/* Where a walk through an archive puts what it finds. */
typedef struct {
  void (*give)      (gpointer walk, AssaySource *source);   /* (transfer full) */
  void (*leave_out) (gpointer walk, const char *path, const char *reason);
  gpointer walk;
} AssayMembersSink;

typedef struct {
  guint n_given;
  guint n_left_out;
} AssayMembersCount;

gboolean assay_members_walk (GFile *archive, const char *group, AssaySpool *spool, const AssayMembersSink *sink,
                             AssayMembersCount *count, GCancellable *cancellable, GError **error);
AssayArchive *assay_members_open (GFile *file, GCancellable *cancellable, GError **error);
GBytes  *assay_members_read (GFile *archive, guint index, const char *raw_name,
                             GCancellable *cancellable, GError **error);

G_END_DECLS
