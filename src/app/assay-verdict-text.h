/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-prediction.h"

G_BEGIN_DECLS

/* How the first label stands; unsure outranks close. */
typedef enum {
  ASSAY_VERDICT_AHEAD,    /* above the threshold, and 5 points or more ahead of the next */
  ASSAY_VERDICT_CLOSE,    /* above it, but the next is within 5 points: no crown */
  ASSAY_VERDICT_UNSURE,   /* below it */
  ASSAY_VERDICT_RAW,      /* the scores are not probabilities: nothing to compare with it */
} AssayVerdictKind;

AssayVerdictKind assay_verdict_get_kind     (const AssayPrediction *prediction, double threshold);
guint            assay_verdict_count_first  (const AssayPrediction *prediction);
char            *assay_verdict_dup_label    (const AssayPrediction *prediction, guint rank);
char            *assay_verdict_dup_title    (const AssayPrediction *prediction, double threshold);
char            *assay_verdict_dup_score    (const AssayPrediction *prediction, double threshold);
char            *assay_verdict_dup_note     (const AssayPrediction *prediction, double threshold);
char            *assay_verdict_dup_sentence (const AssayPrediction *prediction, double threshold);

G_END_DECLS
