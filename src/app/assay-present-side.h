/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-item.h"
#include "assay-trimmer.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PRESENT_SIDE (assay_present_side_get_type ())

/**
 * AssayPresentSide:
 *
 * What one version says of an image, for an audience: verdict and bars, or that there is
 * no answer.  Signal "answered", when another prediction is on show.
 */
G_DECLARE_FINAL_TYPE (AssayPresentSide, assay_present_side, ASSAY, PRESENT_SIDE, GtkWidget)

void             assay_present_side_set_trimmer    (AssayPresentSide *self, AssayTrimmer *trimmer);
void             assay_present_side_set_heading    (AssayPresentSide *self, const char *heading);
void             assay_present_side_set_room       (AssayPresentSide *self, double width, double em);
void             assay_present_side_set_threshold  (AssayPresentSide *self, double threshold);
void             assay_present_side_set_answer     (AssayPresentSide *self, AssayAnswer *answer,
                                                    const char *waiting);
AssayPrediction *assay_present_side_get_prediction (AssayPresentSide *self);
void             assay_present_side_follow         (AssayPresentSide *self, AssayPrediction *leader);
void             assay_present_side_grow           (AssayPresentSide *self);

G_END_DECLS
