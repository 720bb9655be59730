/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-rows.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CHIPS (assay_chips_get_type ())

/**
 * AssayChips:
 *
 * The filter chips above the list, each with its count: All, Unsure, Errors, and
 * a menu of labels.
 */
G_DECLARE_FINAL_TYPE (AssayChips, assay_chips, ASSAY, CHIPS, GtkWidget)

void assay_chips_set_model (AssayChips *self, AssayCollection *collection, AssayRows *rows);
void assay_chips_choose    (AssayChips *self, AssayRowFilter filter, const char *label);

G_END_DECLS
