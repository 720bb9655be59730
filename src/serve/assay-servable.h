/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-prediction.h"
#include "assay-preprocess.h"

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

AssayServable         *assay_servable_load           (const char *folder,
                                                      GCancellable *cancellable, GError **error);
AssayServable         *assay_servable_ref            (AssayServable *self);
void                   assay_servable_unref          (AssayServable *self);
const char *const     *assay_servable_get_labels     (const AssayServable *self);
guint                  assay_servable_get_n_labels   (const AssayServable *self);
const char            *assay_servable_get_version    (const AssayServable *self);
const AssayPreprocess *assay_servable_get_preprocess (const AssayServable *self);
float                 *assay_servable_score_tensor   (AssayServable *self, float *tensor,
                                                      GError **error);
float                 *assay_servable_score_picture  (AssayServable *self, GBytes *picture,
                                                      GError **error);
AssayPrediction       *assay_servable_classify       (AssayServable *self, GBytes *picture,
                                                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayServable, assay_servable_unref)

G_END_DECLS
