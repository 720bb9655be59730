/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-truths.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TRUTH_BAR (assay_truth_bar_get_type ())

/**
 * AssayTruthBar:
 *
 * What one image really shows, and whether its answer is right: a menu of the model's
 * labels, and two buttons.  What a person says goes to the window's actions "win.mark"
 * (the label's place, from 0), "win.mark-right" and "win.unmark", which count for all
 * that is selected.
 */
G_DECLARE_FINAL_TYPE (AssayTruthBar, assay_truth_bar, ASSAY, TRUTH_BAR, GtkWidget)

void assay_truth_bar_set_truths (AssayTruthBar *self, AssayTruths *truths);
void assay_truth_bar_set_item   (AssayTruthBar *self, AssayItem *item);
void assay_truth_bar_add_keys   (GtkShortcutController *controller);

G_END_DECLS
