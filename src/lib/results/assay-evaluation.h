/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-prediction.h"
#include "assay-statistics.h"

G_BEGIN_DECLS

#define ASSAY_EVALUATION_BINS 15

/**
 * AssayEvaluation:
 *
 * A version against the truth, over any number of images that come and go one by
 * one.  What it keeps are counts and exact sums, so that in whatever order images
 * came, and however often one was replaced, the figures are those of the images that
 * it holds.  An image's answer is the label with the highest score, of equal ones
 * the first by its bytes.  Reference counted; one thread at a time.
 */
typedef struct _AssayEvaluation AssayEvaluation;

typedef struct {
  double precision;
  double recall;
  double f1;
} AssayAverages;

/* NaN is what can't be told. */
typedef struct {
  guint64 n;                  /* images with truth and answer */
  guint64 n_right;
  AssayInterval accuracy;
  double balanced_accuracy;
  AssayAverages macro;
  AssayAverages weighted;
  double log_loss;
  double brier;
  double ece;
  double kappa;
  double mcc;
} AssayFigures;

typedef struct {
  const char *label;          /* as long as the evaluation holds it */
  guint64 support;            /* images of it */
  guint64 predicted;          /* images called so */
  guint64 n_right;
  double precision;           /* NaN for 0 of 0, which counts as 0 in means */
  double recall;
  double f1;
} AssayLabelFigures;

typedef struct {
  const char *truth;          /* as long as the evaluation holds it */
  const char *answer;         /* another label; likewise */
  guint64 n;                  /* images of the one that were called the other */
} AssayConfusion;

typedef struct {
  guint64 n;
  guint64 n_right;
  double mean_score;          /* NaN for none */
} AssayReliability;

typedef struct {
  double threshold;
  guint64 n;                  /* images whose highest score is at least that */
  guint64 n_right;
  double coverage;            /* their share of all */
  double accuracy;            /* NaN for none */
} AssayCoverage;

GType            assay_evaluation_get_type     (void);
AssayEvaluation *assay_evaluation_new          (void);
AssayEvaluation *assay_evaluation_ref          (AssayEvaluation *self);
void             assay_evaluation_unref        (AssayEvaluation *self);
void             assay_evaluation_add          (AssayEvaluation *self, const char *truth,
                                                const AssayPrediction *prediction);
void             assay_evaluation_remove       (AssayEvaluation *self, const char *truth,
                                                const AssayPrediction *prediction);
guint64          assay_evaluation_get_n        (AssayEvaluation *self);
void             assay_evaluation_get_figures  (AssayEvaluation *self, AssayFigures *figures);
double           assay_evaluation_get_top_k    (AssayEvaluation *self, guint k);
GArray          *assay_evaluation_list_labels  (AssayEvaluation *self);
GArray          *assay_evaluation_list_confused (AssayEvaluation *self, guint n);
GArray          *assay_evaluation_list_confusions (AssayEvaluation *self, guint n);
guint64          assay_evaluation_get_count    (AssayEvaluation *self, const char *truth, const char *answer);
guint64         *assay_evaluation_dup_matrix   (AssayEvaluation *self, const char *const *labels, guint n);
void             assay_evaluation_get_reliability (AssayEvaluation *self, AssayReliability bins[ASSAY_EVALUATION_BINS]);
guint            assay_evaluation_find_bin     (double score);
void             assay_evaluation_get_coverage (AssayEvaluation *self, double threshold, AssayCoverage *coverage);
gboolean         assay_evaluation_find_threshold (AssayEvaluation *self, double accuracy, AssayCoverage *coverage);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayEvaluation, assay_evaluation_unref)

G_END_DECLS
