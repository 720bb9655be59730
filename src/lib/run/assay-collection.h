/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-item.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_COLLECTION (assay_collection_get_type ())

/**
 * AssayCollection:
 *
 * The list of items that a window or a command works on: the one #GListModel
 * (of #AssayItem, in order of arrival) that every view shows, and the counts
 * by state and by top label for the target on show, kept answer by answer.
 * Main thread.  Signals "counts-changed", at most once a main loop turn, and
 * "item-changed" (AssayItem), when the answer on show is another or has moved.
 */
G_DECLARE_FINAL_TYPE (AssayCollection, assay_collection, ASSAY, COLLECTION, GObject)

AssayCollection *assay_collection_new          (void);
void             assay_collection_append       (AssayCollection *self, GPtrArray *items);
void             assay_collection_remove       (AssayCollection *self, GPtrArray *items);
void             assay_collection_restore      (AssayCollection *self, GPtrArray *items);
gboolean         assay_collection_contains     (AssayCollection *self, AssayItem *item);
AssayTarget     *assay_collection_get_target   (AssayCollection *self);
void             assay_collection_set_target   (AssayCollection *self, AssayTarget *target);
double           assay_collection_get_threshold (AssayCollection *self);
void             assay_collection_set_threshold (AssayCollection *self, double threshold);
guint            assay_collection_count_state  (AssayCollection *self, AssayAnswerState state);
guint            assay_collection_count_unasked (AssayCollection *self);
guint            assay_collection_count_unsure (AssayCollection *self);
guint            assay_collection_count_label  (AssayCollection *self, const char *label);
char           **assay_collection_dup_labels   (AssayCollection *self);

G_END_DECLS
