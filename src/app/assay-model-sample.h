/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

G_BEGIN_DECLS

void       assay_model_sample_load_async  (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GdkPixbuf *assay_model_sample_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
