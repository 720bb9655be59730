/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-intake.h"
#include "assay-item.h"
#include "assay-kept.h"

G_BEGIN_DECLS

/* Items made of what the history keeps. */

AssayItem *assay_revive_item       (const AssayKeptItem *kept, AssayTarget *target);

/**
 * AssayRevivalBatch:
 * @items: (element-type AssayItem): with their serials
 */
typedef void (*AssayRevivalBatch) (GPtrArray *items, gpointer data);

void       assay_revive_left_async  (GPtrArray *left, const AssayIntakeOptions *options,
                                     AssayRevivalBatch batch, gpointer batch_data,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean   assay_revive_left_finish (GAsyncResult *result, GError **error);

G_END_DECLS
