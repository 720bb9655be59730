/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-judge.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CHANGES (assay_changes_get_type ())

typedef enum {
  ASSAY_CHANGES_ALL,          /* what both have answered */
  ASSAY_CHANGES_REGRESSED,
  ASSAY_CHANGES_FIXED,
  ASSAY_CHANGES_CHANGED,      /* these two, and what is another answer besides */
  ASSAY_CHANGES_SAME,
} AssayChangesFilter;

/**
 * AssayChanges:
 *
 * The items of a collection that two versions have answered, filtered by what became of
 * them; the regressed come first, then the fixed.  It follows the judge a few times a
 * second, item by item: however many there are, only what has changed is looked at.  A
 * #GListModel of #AssayItem; main thread.
 */
G_DECLARE_FINAL_TYPE (AssayChanges, assay_changes, ASSAY, CHANGES, GObject)

AssayChanges      *assay_changes_new        (AssayCollection *collection, AssayJudge *judge);
AssayChangesFilter assay_changes_get_filter (AssayChanges *self);
void               assay_changes_set_filter (AssayChanges *self, AssayChangesFilter filter);
void               assay_changes_set_live   (AssayChanges *self, gboolean live);
guint              assay_changes_count      (AssayJudge *judge, AssayChangesFilter filter);

G_END_DECLS
