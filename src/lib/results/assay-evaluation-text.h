/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-evaluation.h"

G_BEGIN_DECLS

/* With fewer images a label's figures say little, and with fewer in all those of the
 * calibration do: the numbers of the rules for figures. */
#define ASSAY_EVALUATION_FEW_OF_LABEL 10
#define ASSAY_EVALUATION_FEW_IN_ALL 100

/* Figures and what stands below them, as the window and a report write them. */

char *assay_evaluation_dup_figure   (double figure);
char *assay_evaluation_dup_share    (double share);
char *assay_evaluation_dup_interval (const AssayInterval *interval);
char *assay_evaluation_dup_mean     (guint n_labels);
char *assay_evaluation_dup_top      (const AssayFigures *figures, guint k, double share);
char *assay_evaluation_dup_trust    (const AssayFigures *figures);

G_END_DECLS
