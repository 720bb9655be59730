/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-source.h"

G_BEGIN_DECLS

gboolean    assay_texture_is_possible (const AssayFacts *facts);
void        assay_texture_load_async  (AssaySource *source, const AssayFacts *facts, int size,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GdkTexture *assay_texture_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
