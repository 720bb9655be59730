/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-judge.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_EVALUATE_PAGE (assay_evaluate_page_get_type ())

/**
 * AssayEvaluatePage:
 *
 * How good the judge's candidate is against the truth: all figures, the confusion matrix,
 * the labels, reliability, what a threshold brings, and the worst mistakes.  It follows
 * the judge while it is seen, a few times a second at most.
 *
 * Property: "threshold", 0…1, which follows the slider.
 *
 * Signal: "show-items" (char *title, GPtrArray *items): a person wants to see the images
 * behind a place of the page, which are AssayItems.
 */
G_DECLARE_FINAL_TYPE (AssayEvaluatePage, assay_evaluate_page, ASSAY, EVALUATE_PAGE, GtkWidget)

GtkWidget *assay_evaluate_page_new           (void);
void       assay_evaluate_page_set_judge     (AssayEvaluatePage *self, AssayJudge *judge, AssayTruths *truths);
void       assay_evaluate_page_set_title     (AssayEvaluatePage *self, const char *name);
double     assay_evaluate_page_get_threshold (AssayEvaluatePage *self);
void       assay_evaluate_page_set_threshold (AssayEvaluatePage *self, double threshold);
void       assay_evaluate_page_set_compact   (AssayEvaluatePage *self, gboolean compact);
gboolean   assay_evaluate_page_is_settled    (AssayEvaluatePage *self);
GPtrArray *assay_evaluate_page_dup_judged   (AssayEvaluatePage *self);
void       assay_evaluate_page_add_picker    (AssayEvaluatePage *self, GtkWidget *picker);

G_END_DECLS
