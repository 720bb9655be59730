/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-session.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_EVALUATE_PAGE (assay_evaluate_page_get_type ())

/**
 * AssayEvaluatePage:
 *
 * How good the version on show is against the truth: the sentence, the figures with their
 * intervals, which labels are taken for which, each label's figures, whether scores are
 * what they say, what a threshold costs and brings, and the worst mistakes.  It follows
 * the judge a few times a second, while it is seen.
 *
 * Signal: "show-items" (title, GPtrArray of AssayItem), the images behind a cell, a bar, a
 * line or a mistake.
 */
G_DECLARE_FINAL_TYPE (AssayEvaluatePage, assay_evaluate_page, ASSAY, EVALUATE_PAGE, GtkWidget)

void       assay_evaluate_page_set_session (AssayEvaluatePage *self, AssaySession *session);
void       assay_evaluate_page_set_width   (AssayEvaluatePage *self, int width);

G_END_DECLS
