/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-collection.h"
#include "assay-group.h"
#include "assay-row-choice.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_ROWS (assay_rows_get_type ())

/**
 * AssayRows:
 *
 * The rows of the list: the items of a collection that pass search and filter,
 * in the order asked for, and which of them are selected.  In the order of arrival
 * the members of a folder stand together under an #AssayGroup; in any other order
 * there are only items.  Rows change answer by answer, the list at most a few times a
 * second, item by item.  Another choice among many items is worked out in small steps,
 * below drawing and input, while the list stays as it was: property "busy" tells of
 * that.  A #GListModel of #AssayItem and #AssayGroup and a #GtkSelectionModel, where an
 * item stays selected wherever it moves, until it leaves the list; main thread.
 */
G_DECLARE_FINAL_TYPE (AssayRows, assay_rows, ASSAY, ROWS, GObject)

/**
 * AssayRowsWatchFunc:
 *
 * Returns: (transfer full): positions of the rows that somebody has widgets for
 */
typedef GtkBitset *(*AssayRowsWatchFunc) (gpointer data);

AssayRows     *assay_rows_new         (AssayCollection *collection);
AssayRowFilter assay_rows_get_filter  (AssayRows *self);
const char    *assay_rows_get_label   (AssayRows *self);
gboolean       assay_rows_is_busy     (AssayRows *self);
guint          assay_rows_count_items (AssayRows *self);
guint          assay_rows_find        (AssayRows *self, gpointer row);
GPtrArray     *assay_rows_dup_members (AssayRows *self, AssayGroup *group);
void           assay_rows_set_search  (AssayRows *self, const char *text);
void           assay_rows_set_filter  (AssayRows *self, AssayRowFilter filter, const char *label);
void           assay_rows_set_subset  (AssayRows *self, GPtrArray *items);
void           assay_rows_set_order   (AssayRows *self, AssayRowOrder order);
void           assay_rows_set_watch   (AssayRows *self, AssayRowsWatchFunc watch, gpointer data);
void           assay_rows_update      (AssayRows *self, AssayItem *item);

G_END_DECLS
