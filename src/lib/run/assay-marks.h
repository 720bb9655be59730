/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-history.h"
#include "assay-truths.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_MARKS (assay_marks_get_type ())

/**
 * AssayMarks:
 *
 * Keeps the marks that a person makes in the history, by the picture's bytes and the
 * set of labels, and finds those that were made before.  What a person says now counts
 * more than what was kept.  A picture's hash is known once it was read, so a mark may
 * wait for it; and a set of labels may grow while answers come, if the service sends
 * only the best few: then the marks are kept for the larger one too, as soon as it has
 * stopped growing for a second.  Main thread; waits for nothing.
 */
G_DECLARE_FINAL_TYPE (AssayMarks, assay_marks, ASSAY, MARKS, GObject)

AssayMarks *assay_marks_new        (AssayTruths *truths, AssayHistory *history);
void        assay_marks_update     (AssayMarks *self, AssayItem *item);
gboolean    assay_marks_is_settled (AssayMarks *self);

G_END_DECLS
