/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-truths.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TRUTH_DIALOG (assay_truth_dialog_get_type ())

/**
 * AssayTruthDialog:
 *
 * Where the truth of the images comes from, how its words are read as labels of the model,
 * and what doesn't fit together.  What is changed here counts at once, and can be undone
 * as long as the dialog is open, by the action "truth.undo".
 */
G_DECLARE_FINAL_TYPE (AssayTruthDialog, assay_truth_dialog, ASSAY, TRUTH_DIALOG, AdwWindow)

GtkWidget *assay_truth_dialog_new  (GtkWindow *parent, AssayTruths *truths);
void       assay_truth_dialog_load (AssayTruthDialog *self, GFile *file);
void       assay_truth_dialog_show_readings (AssayTruthDialog *self);

G_END_DECLS
