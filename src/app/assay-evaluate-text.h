/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-evaluation.h"

G_BEGIN_DECLS

/* With fewer images a label's figures say little, and with fewer in all those of the
 * calibration do: the numbers of the rules for figures. */
#define ASSAY_EVALUATE_FEW_OF_LABEL 10
#define ASSAY_EVALUATE_FEW_IN_ALL 100

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
char *assay_evaluate_dup_figure   (double figure);
char *assay_evaluate_dup_share    (double share);
char *assay_evaluate_dup_interval (const AssayInterval *interval);
char *assay_evaluate_dup_mean     (GArray *labels);
char *assay_evaluate_dup_top      (const AssayFigures *figures, guint k, double share);
char *assay_evaluate_dup_trust    (const AssayFigures *figures);
char *assay_evaluate_dup_support  (GArray *labels);
char *assay_evaluate_dup_cell     (const char *truth, const char *answer);
char *assay_evaluate_dup_bin      (guint bin);
char *assay_evaluate_dup_row      (const char *label, gboolean supported);

G_END_DECLS
