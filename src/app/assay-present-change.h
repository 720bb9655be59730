/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-comparison.h"

G_BEGIN_DECLS

char *assay_present_dup_change (const char *truth, const AssayPrediction *a,
                                const AssayPrediction *b);

G_END_DECLS
