/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-evaluation.h"

G_BEGIN_DECLS

/**
 * AssayEvaluateQuery:
 *
 * Which images lie behind a place of the charts, by their truth and what was said of
 * them.  Immutable.
 */
typedef struct _AssayEvaluateQuery AssayEvaluateQuery;

AssayEvaluateQuery *assay_evaluate_query_new_cell  (GPtrArray *labels, guint row, guint column);
AssayEvaluateQuery *assay_evaluate_query_new_bin   (guint bin);
AssayEvaluateQuery *assay_evaluate_query_new_label (const char *label, gboolean supported);
void                assay_evaluate_query_free      (AssayEvaluateQuery *self);
char               *assay_evaluate_query_dup_title (const AssayEvaluateQuery *self);
gboolean            assay_evaluate_query_matches   (const AssayEvaluateQuery *self, const char *truth,
                                                    const AssayPrediction *prediction);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayEvaluateQuery, assay_evaluate_query_free)

G_END_DECLS
