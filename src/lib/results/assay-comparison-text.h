/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-comparison.h"

G_BEGIN_DECLS

/* What a comparison says, in sentences without a full stop.  Names are safe to show. */

char *assay_comparison_dup_agreement (const AssayComparisonFigures *figures, const char *a, const char *b);
char *assay_comparison_dup_verdict   (const AssayComparisonFigures *figures, const char *b);
char *assay_p_dup_text               (double p);

G_END_DECLS
