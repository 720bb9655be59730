/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "assay-label-set.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PREDICTION (assay_prediction_get_type ())

typedef struct _AssayPrediction        AssayPrediction;
typedef struct _AssayPredictionBuilder AssayPredictionBuilder;

typedef enum {
  ASSAY_SCALE_PROBABILITIES,  /* every score in 0…1, their sum in 0.99…1.01 */
  ASSAY_SCALE_PARTIAL,        /* every score in 0…1, sum below 0.99: the rest was not sent */
  ASSAY_SCALE_INDEPENDENT,    /* every score in 0…1, sum above 1.01 */
  ASSAY_SCALE_OTHER,          /* some score outside 0…1: not probabilities */
} AssayScale;

GType            assay_prediction_get_type         (void);
AssayPredictionBuilder *
                 assay_prediction_builder_new      (void);
gboolean         assay_prediction_builder_add      (AssayPredictionBuilder *self, const char *label,
                                                    double score, GError **error);
AssayPrediction *assay_prediction_builder_end      (AssayPredictionBuilder *self);
void             assay_prediction_builder_free     (AssayPredictionBuilder *self);

AssayPrediction *assay_prediction_ref              (AssayPrediction *self);
void             assay_prediction_unref            (AssayPrediction *self);
guint            assay_prediction_get_n            (const AssayPrediction *self);
const char      *assay_prediction_get_sent_label   (const AssayPrediction *self, guint index);
double           assay_prediction_get_sent_score   (const AssayPrediction *self, guint index);
const char      *assay_prediction_get_label        (const AssayPrediction *self, guint rank);
double           assay_prediction_get_score        (const AssayPrediction *self, guint rank);
gboolean         assay_prediction_find             (const AssayPrediction *self, const char *label, double *score);
gboolean         assay_prediction_find_rank        (const AssayPrediction *self, const char *label, guint *rank,
                                                    double *score);
double           assay_prediction_get_sum          (const AssayPrediction *self);
AssayScale       assay_prediction_get_scale        (const AssayPrediction *self);
double           assay_prediction_get_lead         (const AssayPrediction *self);
gboolean         assay_prediction_is_unsure        (const AssayPrediction *self, double threshold);
gboolean         assay_prediction_is_close         (const AssayPrediction *self);
double           assay_prediction_get_lowest       (const AssayPrediction *self);
double           assay_prediction_get_squares      (const AssayPrediction *self);
double           assay_prediction_get_clipped      (const AssayPrediction *self);

AssayPrediction *assay_prediction_trim             (AssayPrediction *self, guint n, const char *const *keep,
                                                    AssayLabelSet *labels, gint64 run, guint position);
gint64           assay_prediction_get_kept         (const AssayPrediction *self, guint *position);
gboolean         assay_prediction_is_trimmed       (const AssayPrediction *self);
gboolean         assay_prediction_is_form_of       (const AssayPrediction *self, const AssayPrediction *whole);
guint            assay_prediction_get_n_sent       (const AssayPrediction *self);
const char      *assay_prediction_get_any_label    (const AssayPrediction *self, guint index);
gboolean         assay_prediction_can_tell         (const AssayPrediction *self, const char *label);
AssayLabelSet   *assay_prediction_get_shared_set   (const AssayPrediction *self); /* (nullable) */
AssayLabelSet   *assay_prediction_dup_label_set    (const AssayPrediction *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPrediction, assay_prediction_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPredictionBuilder, assay_prediction_builder_free)

G_END_DECLS
