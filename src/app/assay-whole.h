/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-trimmer.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_WHOLE (assay_whole_get_type ())

/**
 * AssayWhole:
 *
 * The answer that somebody looks at, with all of its labels: one that was trimmed is loaded
 * from the history.  Signals "loaded", when it is there, or can't be had.
 */
G_DECLARE_FINAL_TYPE (AssayWhole, assay_whole, ASSAY, WHOLE, GObject)

AssayWhole      *assay_whole_new         (void);
void             assay_whole_set_trimmer (AssayWhole *self, AssayTrimmer *trimmer);
AssayPrediction *assay_whole_look_at     (AssayWhole *self, AssayPrediction *prediction);
gboolean         assay_whole_is_loading  (AssayWhole *self);

G_END_DECLS
