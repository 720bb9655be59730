/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-statistics.h"

G_BEGIN_DECLS

/* Two versions over the same images.  b: right in the first version only, c: right in
 * the second only.  Pure; any thread. */

#define ASSAY_PAIRED_RESAMPLES 9999
#define ASSAY_PAIRED_SEED 20180927     /* any number does; always the same one, and it is told */
#define ASSAY_PAIRED_LEVEL 0.05        /* a p below it is no chance */
#define ASSAY_PAIRED_NEVER G_MAXUINT64

double        assay_mcnemar_exact        (guint64 b, guint64 c);
AssayInterval assay_paired_difference    (guint64 n, guint64 b, guint64 c, guint64 seed);
guint64       assay_paired_images_needed (guint64 n, guint64 b, guint64 c);
void          assay_holm_adjust          (double *p, guint n);

G_END_DECLS
