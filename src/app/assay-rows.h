/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-collection.h"
#include "assay-group.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_ROWS       (assay_rows_get_type ())
#define ASSAY_TYPE_ROW_FILTER (assay_row_filter_get_type ())
#define ASSAY_TYPE_ROW_ORDER  (assay_row_order_get_type ())

typedef enum {
  ASSAY_ROW_FILTER_ALL,
  ASSAY_ROW_FILTER_UNSURE,
  ASSAY_ROW_FILTER_ERRORS,
  ASSAY_ROW_FILTER_LABEL,
  ASSAY_ROW_FILTER_WRONG,     /* the answer is another label than the truth */
  ASSAY_ROW_FILTER_SUBSET,    /* those that a person chose elsewhere */
} AssayRowFilter;

typedef enum {
  ASSAY_ROW_ORDER_ADDED,
  ASSAY_ROW_ORDER_NAME,
  ASSAY_ROW_ORDER_HIGHEST,
  ASSAY_ROW_ORDER_LOWEST,
  ASSAY_ROW_ORDER_LABEL,
} AssayRowOrder;

/**
 * AssayRows:
 *
 * The rows of the list: the items of a collection that pass search and filter,
 * in the order asked for.  In the order of arrival the members of a folder
 * stand together under an #AssayGroup; in any other order there are only items.
 * Rows change answer by answer, the list at most a few times a second.  A
 * #GListModel of #AssayItem and #AssayGroup; main thread.
 */
G_DECLARE_FINAL_TYPE (AssayRows, assay_rows, ASSAY, ROWS, GObject)

GType          assay_row_filter_get_type (void);
GType          assay_row_order_get_type  (void);
AssayRows     *assay_rows_new            (AssayCollection *collection);
AssayRowFilter assay_rows_get_filter     (AssayRows *self);
const char    *assay_rows_get_label      (AssayRows *self);
AssayRowOrder  assay_rows_get_order      (AssayRows *self);
guint          assay_rows_count_items    (AssayRows *self);
GPtrArray     *assay_rows_dup_members    (AssayRows *self, AssayGroup *group);
void           assay_rows_set_search     (AssayRows *self, const char *text);
void           assay_rows_set_filter     (AssayRows *self, AssayRowFilter filter, const char *label);
void           assay_rows_set_subset     (AssayRows *self, GPtrArray *items);
void           assay_rows_look_over      (AssayRows *self);
void           assay_rows_set_order      (AssayRows *self, AssayRowOrder order);

G_END_DECLS
