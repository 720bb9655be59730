/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-history-entry.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_HISTORY_ROW (assay_history_row_get_type ())

/**
 * AssayHistoryRow:
 *
 * One run in the list of those that are kept.  Signals "resume-wanted" and
 * "remove-wanted", with the AssayHistoryEntry.
 */
G_DECLARE_FINAL_TYPE (AssayHistoryRow, assay_history_row, ASSAY, HISTORY_ROW, GtkWidget)

GtkWidget *assay_history_row_new       (void);
void       assay_history_row_set_entry (AssayHistoryRow *self, AssayHistoryEntry *entry);

G_END_DECLS
