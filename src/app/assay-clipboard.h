/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

gboolean assay_clipboard_has_picture         (GdkClipboard *clipboard);
void     assay_clipboard_read_picture_async  (GdkClipboard *clipboard, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
GBytes  *assay_clipboard_read_picture_finish (GAsyncResult *result, GError **error);

G_END_DECLS
