/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-paired.h"
#include "assay-prediction.h"

G_BEGIN_DECLS

/**
 * AssayComparison:
 *
 * What two targets say of the same images, which come and go one by one: a is the
 * baseline, b the candidate.  An image's answer is the label with the highest score, of
 * equal ones the first by its bytes.  Where the two know different labels, images whose
 * answers or truth not both know are set apart and compared no further; of one whose
 * answers list only the best few labels nobody knows which it lacks.  Reference counted;
 * one thread at a time.
 */
typedef struct _AssayComparison AssayComparison;

typedef enum {
  ASSAY_CHANGE_SAME,          /* the same answer */
  ASSAY_CHANGE_CHANGED,       /* another one; both wrong, or nobody knows */
  ASSAY_CHANGE_FIXED,         /* wrong in a, right in b */
  ASSAY_CHANGE_REGRESSED,     /* right in a, wrong in b */
} AssayChange;

typedef enum {
  ASSAY_VERDICT_CANNOT_TELL,
  ASSAY_VERDICT_BETTER,       /* b is better than a, and not by chance */
  ASSAY_VERDICT_WORSE,
} AssayVerdictKind;

/* NaN is what can't be told. */
typedef struct {
  guint64 n;                  /* images that both have answered, but for those set apart */
  guint64 n_apart;
  guint64 agree;              /* of n */
  guint64 changed;            /* of n: the others */
  guint64 n_truth;            /* of n: their truth is known; the rest is of them */
  guint64 both_right;
  guint64 only_a;             /* regressed */
  guint64 only_b;             /* fixed */
  guint64 both_wrong;
  AssayInterval accuracy_a;
  AssayInterval accuracy_b;
  AssayInterval difference;   /* b − a */
  double p;                   /* McNemar's exact test */
  guint64 needed;             /* more images that would settle it, or ASSAY_PAIRED_NEVER */
  AssayVerdictKind verdict;
} AssayComparisonFigures;

GType            assay_comparison_get_type    (void);
AssayComparison *assay_comparison_new         (void);
AssayComparison *assay_comparison_ref         (AssayComparison *self);
void             assay_comparison_unref       (AssayComparison *self);
void             assay_comparison_add         (AssayComparison *self, const char *truth,
                                               const AssayPrediction *a, const AssayPrediction *b);
void             assay_comparison_remove      (AssayComparison *self, const char *truth,
                                               const AssayPrediction *a, const AssayPrediction *b);
void             assay_comparison_get_figures (AssayComparison *self, AssayComparisonFigures *figures);
GPtrArray       *assay_comparison_list_apart  (AssayComparison *self, gboolean of_b);
gboolean         assay_comparison_is_apart    (AssayComparison *self, const char *truth,
                                               const AssayPrediction *a, const AssayPrediction *b);

AssayChange      assay_change_judge           (const char *truth, const AssayPrediction *a, const AssayPrediction *b);
double           assay_change_get_shift       (const char *truth, const AssayPrediction *a, const AssayPrediction *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayComparison, assay_comparison_unref)

G_END_DECLS
