/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-history.h"

G_BEGIN_DECLS

/* A kept run, as it is shown. */

/* Everything that a run has, page by page. */
void       assay_past_load_async   (AssayHistory *history, gint64 run, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer data);
GPtrArray *assay_past_load_finish  (GAsyncResult *result, GError **error);

char      *assay_past_dup_name     (const AssayKeptRun *run);
char      *assay_past_dup_when     (const AssayKeptRun *run);
char      *assay_past_dup_whom     (const AssayKeptRun *run);
char      *assay_past_dup_counts   (const AssayKeptRun *run);
gboolean   assay_past_can_go_on    (const AssayKeptRun *run);

G_END_DECLS
