/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

#include "assay-probe.h"

G_BEGIN_DECLS

/* How this room opens and judges files; used by the source and by the walk. */

char         *assay_file_dup_name       (GFile *file);
char         *assay_file_dup_path       (GFile *file);
const char   *assay_file_get_ending     (AssayFormat format);
gboolean      assay_file_claims_picture (const char *name);
gboolean      assay_file_is_picture     (AssayFormat format);

void          assay_file_set_errno      (GError **error, int code);
void          assay_file_take_error     (GError **error, GError *reason);
GError       *assay_file_new_too_large  (void);
void          assay_file_set_kind_error (GError **error, mode_t mode);

int           assay_file_open_native    (const char *path, struct stat *info, GError **error);
gssize        assay_file_pread          (int fd, guint64 offset, guint8 *buffer, gsize size, GError **error);
GInputStream *assay_file_open_foreign   (GFile *file, GCancellable *cancellable, GError **error);
GBytes       *assay_file_read_stream    (GInputStream *stream, gsize limit, GCancellable *cancellable, GError **error);

gboolean      assay_file_judge_head     (const guint8 *head, gsize length, AssayFacts *facts, GError **error);
gboolean      assay_file_check_handling (const AssayFacts *facts, gboolean convert, GError **error);

G_END_DECLS
