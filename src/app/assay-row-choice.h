/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-item.h"

G_BEGIN_DECLS

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
 * AssayRowChoice:
 *
 * Which items the list shows: what a person chose.
 */
typedef struct {
  AssayRowFilter filter;
  char *label;                /* (nullable): the top label filtered for */
  GtkBitset *subset;          /* (nullable): serials */
  char *search;               /* (nullable): casefolded */
} AssayRowChoice;

/**
 * AssayRowKey:
 *
 * What an item is sorted by, apart from its serial: taken once, so that items stay
 * sorted while answers move on.
 */
typedef struct {
  const char *text;           /* (nullable) (borrowed from the #AssayRowTexts); NULL: last */
  double value;               /* ascending */
} AssayRowKey;

/**
 * AssayRowTexts:
 *
 * Keeps the texts of keys in the user's collation.  A reference may be held, and texts that
 * are there read, in any thread; everything else main thread.
 */
typedef struct _AssayRowTexts AssayRowTexts;

GType          assay_row_filter_get_type (void);
GType          assay_row_order_get_type  (void);

void           assay_row_choice_clear    (AssayRowChoice *self);
gboolean       assay_row_choice_passes   (const AssayRowChoice *self, AssayItem *item,
                                          double threshold);
gboolean       assay_row_choice_follows  (const AssayRowChoice *self);
gboolean       assay_row_order_follows   (AssayRowOrder order);

AssayRowTexts *assay_row_texts_new       (void);
AssayRowTexts *assay_row_texts_ref       (AssayRowTexts *self);
void           assay_row_texts_unref     (AssayRowTexts *self);
AssayRowKey    assay_row_texts_make_key  (AssayRowTexts *self, AssayRowOrder order,
                                          AssayItem *item);
int            assay_row_key_compare     (const AssayRowKey *a, const AssayRowKey *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRowTexts, assay_row_texts_unref)

G_END_DECLS
