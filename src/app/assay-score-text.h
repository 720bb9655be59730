/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-prediction.h"

G_BEGIN_DECLS

char  *assay_score_dup_text   (AssayScale scale, double score);
char  *assay_score_dup_spoken (AssayScale scale, const char *label, double score);
char  *assay_score_dup_rounded (double share);
char  *assay_score_dup_exact  (double score);
char  *assay_share_dup_text   (double share);
char  *assay_share_dup_spoken (double share);
char  *assay_points_dup_text  (double difference);
guint *assay_score_order_new  (const AssayPrediction *prediction);
guint  assay_score_place      (const AssayPrediction *prediction, guint rank);

G_END_DECLS
