/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-item.h"

G_BEGIN_DECLS

/* What an audience reads, and how large: never a host, a path or a file's name. */
double      assay_present_get_em      (int width, int height);
char       *assay_present_dup_bars    (const AssayPrediction *prediction, guint n);
const char *assay_present_get_waiting (AssayAnswer *answer);
guint       assay_present_find_start  (guint position, guint shown, guint n);

G_END_DECLS
