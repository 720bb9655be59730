/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-comparison.h"
#include "assay-evaluation.h"
#include "assay-latency.h"
#include "assay-truths.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_JUDGE (assay_judge_get_type ())

/**
 * AssayJudge:
 *
 * Two targets over the items of a collection: how good the candidate is, and what has
 * changed from the baseline, kept answer by answer.  Main thread.  Signals "changed", at
 * most once a main loop turn, "item-changed" (AssayItem), when what became of one has
 * changed, and "wants-whole" (AssayItem, AssayAnswer), when an answer that was trimmed can't
 * tell what it is to be judged by; until assay_judge_replace() such a candidate is awaited,
 * and not evaluated.
 */
G_DECLARE_FINAL_TYPE (AssayJudge, assay_judge, ASSAY, JUDGE, GObject)

AssayJudge      *assay_judge_new            (AssayCollection *collection, AssayTruths *truths);
void             assay_judge_set_targets    (AssayJudge *self, AssayTarget *baseline, AssayTarget *candidate);
AssayTarget     *assay_judge_get_baseline   (AssayJudge *self);
AssayTarget     *assay_judge_get_candidate  (AssayJudge *self);
void             assay_judge_update         (AssayJudge *self, AssayItem *item);
void             assay_judge_replace        (AssayJudge *self, AssayItem *item);
AssayEvaluation *assay_judge_get_evaluation (AssayJudge *self);
AssayComparison *assay_judge_get_comparison (AssayJudge *self);
guint            assay_judge_count_change   (AssayJudge *self, AssayChange change);
gboolean         assay_judge_get_change     (AssayJudge *self, AssayItem *item, AssayChange *change);
guint            assay_judge_count_wrong    (AssayJudge *self);
const AssayLatency *assay_judge_get_latency (AssayJudge *self, gboolean baseline);

G_END_DECLS
