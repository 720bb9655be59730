/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-change-columns.h"
#include "assay-judge.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CHANGE_ROW (assay_change_row_get_type ())

/**
 * AssayChangeRow:
 *
 * One image that two versions have answered: what each said, and by how much the score
 * of the true label, or else of the baseline's answer, is another one.  Signal "clicked"
 * (a plain click, without Ctrl or Shift).
 */
G_DECLARE_FINAL_TYPE (AssayChangeRow, assay_change_row, ASSAY, CHANGE_ROW, GtkWidget)

GtkWidget *assay_change_row_new        (AssayJudge *judge, AssayChangeColumns *ruler);
AssayItem *assay_change_row_get_item   (AssayChangeRow *self);
void       assay_change_row_update     (AssayChangeRow *self);
void       assay_change_row_set_item   (AssayChangeRow *self, AssayItem *item);
void       assay_change_row_set_narrow (AssayChangeRow *self, gboolean narrow);

G_END_DECLS
