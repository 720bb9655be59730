/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-link.h"

G_BEGIN_DECLS

void     assay_model_arrival_async  (AssayLink *link, const char *model, const char *version, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer data);
gboolean assay_model_arrival_finish (AssayLink *link, GAsyncResult *result, GError **error);

G_END_DECLS
