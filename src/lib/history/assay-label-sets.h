/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-prediction.h"
#include "assay-store.h"

G_BEGIN_DECLS

/* The labels of a model, kept once for all its answers.  This room only, on the
 * store's thread. */

GHashTable      *assay_label_sets_new  (void);
gboolean         assay_label_sets_save (AssayStore *store, const AssayPrediction *prediction,
                                        gint64 *id, GBytes **places, GError **error);
AssayPrediction *assay_label_sets_load (AssayStore *store, gint64 id, GBytes *scores, GBytes *places, GError **error);
GBytes          *assay_label_sets_pack_scores (const AssayPrediction *prediction);

G_END_DECLS
