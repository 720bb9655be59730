/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-prediction.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SCORE_ROW (assay_score_row_get_type ())

/**
 * AssayScoreRow:
 *
 * One label of a prediction as a line of a list: "place", "label", "score" and
 * "exact", all text that is safe to show.
 */
G_DECLARE_FINAL_TYPE (AssayScoreRow, assay_score_row, ASSAY, SCORE_ROW, GObject)

AssayScoreRow *assay_score_row_new (AssayPrediction *prediction, guint rank);

G_END_DECLS
