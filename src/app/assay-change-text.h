/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-comparison.h"
#include "assay-item.h"

G_BEGIN_DECLS

/* What became of one image, in words. */
const char *assay_change_get_word   (AssayChange change);
const char *assay_change_get_class  (AssayChange change);
char       *assay_change_dup_answer (const AssayPrediction *prediction);
char       *assay_change_dup_spoken (AssayItem *item, AssayChange change, const AssayPrediction *a,
                                     const AssayPrediction *b);
char       *assay_change_dup_text   (AssayItem *item, AssayChange change, const char *name_a,
                                     const AssayPrediction *a, const char *name_b,
                                     const AssayPrediction *b);

G_END_DECLS
