/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-judge.h"
#include "assay-rows.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CHIPS (assay_chips_get_type ())

/**
 * AssayChips:
 *
 * The filter chips above the list, each with its count: All, Unsure, Errors,
 * Wrong where the truth is known, and a menu of labels; first what was chosen elsewhere.
 */
G_DECLARE_FINAL_TYPE (AssayChips, assay_chips, ASSAY, CHIPS, GtkWidget)

void assay_chips_set_model (AssayChips *self, AssayCollection *collection, AssayRows *rows);
void assay_chips_choose    (AssayChips *self, AssayRowFilter filter, const char *label);
void assay_chips_set_judge (AssayChips *self, AssayJudge *judge, AssayTruths *truths);
void assay_chips_choose_subset (AssayChips *self, const char *title, GPtrArray *items);

G_END_DECLS
