/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-evaluation.h"

G_BEGIN_DECLS

/* How many images there are of which kind. */
typedef struct {
  guint n;                    /* in the list */
  guint n_known;              /* whose truth is known */
  guint n_judged;             /* of those, with an answer too */
  guint n_failed;             /* of all, 0 where that isn't known */
  guint n_below;              /* of the judged, below the threshold */
} AssayExtent;

char *assay_evaluate_dup_headline (const char *title, const AssayFigures *figures);
char *assay_evaluate_dup_extent   (const AssayExtent *extent);
char *assay_evaluate_dup_unscored (const AssayExtent *extent, double threshold);
char *assay_evaluate_dup_support  (GArray *labels);
char *assay_evaluate_dup_cell     (const char *truth, const char *answer);
char *assay_evaluate_dup_bin      (guint bin);
char *assay_evaluate_dup_row      (const char *label, gboolean supported);

G_END_DECLS
