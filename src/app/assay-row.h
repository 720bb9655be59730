/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_ROW (assay_row_get_type ())

/**
 * AssayRow:
 *
 * One row of the list: an image with its state, or a folder.  Properties
 * "object" (an AssayItem, an AssayGroup or nothing) and "threshold".  Signal
 * "clicked" (a plain click, without Ctrl or Shift, that has ended on it).
 */
G_DECLARE_FINAL_TYPE (AssayRow, assay_row, ASSAY, ROW, GtkWidget)

GtkWidget *assay_row_new           (void);
void       assay_row_set_object    (AssayRow *self, GObject *object);
GObject   *assay_row_get_object    (AssayRow *self);
void       assay_row_set_threshold (AssayRow *self, double threshold);

G_END_DECLS
