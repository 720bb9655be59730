/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-history.h"
#include "assay-store.h"

G_BEGIN_DECLS

/* What the files of assay-history share. */

AssayStore *assay_history_get_store    (AssayHistory *self);
GTask      *assay_history_make_task    (AssayHistory *self, gpointer tag, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer data);
gboolean    assay_history_finish       (AssayHistory *self, GAsyncResult *result, gpointer tag, GError **error);
gpointer    assay_history_finish_value (AssayHistory *self, GAsyncResult *result, gpointer tag, GError **error);

void        assay_history_bind_hash    (sqlite3_stmt *statement, int index, const char *hex);
char      **assay_history_dup_hashes   (const char *const *hashes);
gboolean    assay_history_is_hash      (const char *hex);
char       *assay_history_dup_text     (sqlite3_stmt *row, int column);
void        assay_history_set_no_run   (gint64 run, GError **error);

G_END_DECLS
