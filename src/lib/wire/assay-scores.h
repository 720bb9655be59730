/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-prediction.h"
#include "assay-profile.h"

G_BEGIN_DECLS

char            *assay_scores_dup_class (guint index);
char *const     *assay_scores_choose_labels (const AssayProfile *profile, char *const *labels);
AssayPrediction *assay_scores_predict   (const AssayProfile *profile, char *const *labels,
                                         const double *scores, guint n_scores, GError **error);
double           assay_scores_scale     (const AssayProfile *profile, double score);

G_END_DECLS
