/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-prediction.h"

G_BEGIN_DECLS

/**
 * AssayServable:
 *
 * One version of a model, loaded and tried: how it wants to see pictures, its
 * labels, and as many networks as threads have asked for at once.  Immutable
 * from outside; used from any number of threads.
 *
 * Invariants: the network gives one score for each label; @nets (element-type
 * AssayModel) holds the networks that no thread is using.
 */
typedef struct _AssayServable AssayServable;

AssayServable      *assay_servable_load       (const char *folder, GCancellable *cancellable,
                                                   GError **error);
AssayServable      *assay_servable_ref        (AssayServable *self);
void                assay_servable_unref      (AssayServable *self);
const char *const  *assay_servable_get_labels (const AssayServable *self);
AssayPrediction    *assay_servable_classify   (AssayServable *self, GBytes *picture,
                                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayServable, assay_servable_unref)

G_END_DECLS
