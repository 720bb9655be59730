/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-prediction.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PRESENT_BARS (assay_present_bars_get_type ())

/**
 * AssayPresentBars:
 *
 * The best five labels of one prediction as bars that grow from nothing, unless the
 * desktop asks for no motion.
 */
G_DECLARE_FINAL_TYPE (AssayPresentBars, assay_present_bars, ASSAY, PRESENT_BARS, GtkWidget)

void   assay_present_bars_show     (AssayPresentBars *self, AssayPrediction *prediction,
                                    double threshold);
void   assay_present_bars_follow   (AssayPresentBars *self, AssayPrediction *leader);
void   assay_present_bars_grow     (AssayPresentBars *self);

G_END_DECLS
