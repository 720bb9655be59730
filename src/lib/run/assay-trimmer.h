/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-history.h"
#include "assay-item.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TRIMMER (assay_trimmer_get_type ())

/**
 * AssayTrimmer:
 *
 * Keeps answers with many labels out of memory once the history has them: what stays is
 * the best few, the labels that the item is judged by, and sums.  Main thread.  Signals
 * "trimmed" (AssayItem), when an answer of it has another form than before and says the
 * same: see assay_judge_replace().
 */
G_DECLARE_FINAL_TYPE (AssayTrimmer, assay_trimmer, ASSAY, TRIMMER, GObject)

AssayTrimmer    *assay_trimmer_new         (AssayHistory *history);
void             assay_trimmer_close       (AssayTrimmer *self);
void             assay_trimmer_trim        (AssayTrimmer *self, AssayItem *item, AssayAnswer *answer, gint64 run,
                                            guint position);
AssayPrediction *assay_trimmer_shorten     (AssayTrimmer *self, AssayPrediction *prediction,
                                            const char *const *keep, gint64 run, guint position);
void             assay_trimmer_want        (AssayTrimmer *self, AssayItem *item, AssayAnswer *answer);
void             assay_trimmer_load_async  (AssayTrimmer *self, AssayPrediction *trimmed, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer data);
AssayPrediction *assay_trimmer_load_finish (AssayTrimmer *self, GAsyncResult *result, GError **error);

G_END_DECLS
