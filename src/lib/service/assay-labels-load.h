/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char **assay_labels_load        (GFile *file, GCancellable *cancellable, GError **error);
void   assay_labels_load_async  (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer data);
char **assay_labels_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
