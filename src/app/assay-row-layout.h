/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-collection.h"
#include "assay-group.h"
#include "assay-row-choice.h"

G_BEGIN_DECLS

/**
 * AssayRowLayoutHost:
 *
 * Who wants the list.  get_group tells the group of that name, which lives as long as the
 * host; sorted is called when a thread has sorted and work can go on.
 */
typedef struct {
  AssayGroup *(*get_group) (gpointer host, AssayItem *item, const char *name);
  void (*sorted) (gpointer host);
  gpointer host;
} AssayRowLayoutHost;

typedef struct _AssayRowSorting AssayRowSorting;

/**
 * AssayRowLayout:
 *
 * A new list in the making, in steps that end by the clock; a thread sorts.  The result is
 * there once assay_row_layout_work() is done.  Nothing may be removed from the collection
 * meanwhile; what is appended before all is scanned is in the result.  Main thread.
 */
typedef struct {
  AssayCollection *collection;
  const AssayRowChoice *choice;  /* (borrowed) */
  AssayRowTexts *texts;
  AssayRowLayoutHost host;

  /* the result */
  AssayRowOrder order;
  guint scanned;                 /* items of the collection that were looked at */
  guint n_items;                 /* that pass */
  GPtrArray *by_serial;          /* (borrowed): the item where it passes, else NULL */
  GArray *keys;                  /* (element-type AssayRowKey) by serial; empty unless sorted */
  GHashTable *members;           /* AssayGroup → GPtrArray of AssayItem, by serial */
  GPtrArray *rows;               /* (element-type GObject) */

  /* the work */
  GArray *entries;               /* what passes, to be sorted */
  GPtrArray *top;                /* (borrowed): items and groups, where nothing is sorted */
  guint next_top;
  guint next_member;
  gboolean sorted;
  AssayRowSorting *sorting;      /* (nullable) while a thread is at it */
} AssayRowLayout;

AssayRowLayout *assay_row_layout_new    (AssayCollection *collection, const AssayRowChoice *choice,
                                         AssayRowOrder order, AssayRowTexts *texts,
                                         const AssayRowLayoutHost *host);
void            assay_row_layout_free   (AssayRowLayout *self);
gboolean        assay_row_layout_work   (AssayRowLayout *self, gint64 until);
gboolean        assay_row_layout_waits  (AssayRowLayout *self);
void            assay_row_layout_rewind (AssayRowLayout *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRowLayout, assay_row_layout_free)

G_END_DECLS
