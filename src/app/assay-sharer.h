/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-collection.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SHARER (assay_sharer_get_type ())

/**
 * AssaySharer:
 *
 * Has a target asked once about the same bytes: an item whose bytes it has answered
 * already gets that answer, and one whose bytes it is being asked about waits for it.
 * What is sent follows from the bytes that were given, so that those tell.  Main thread.
 *
 * Signal: "shared" (of an item that has waited, its answer is final).
 */
G_DECLARE_FINAL_TYPE (AssaySharer, assay_sharer, ASSAY, SHARER, GObject)

AssaySharer *assay_sharer_new          (AssayCollection *collection);
GPtrArray   *assay_sharer_share        (AssaySharer *self, AssayTarget *target, GPtrArray *items,
                                        GPtrArray *given);
GPtrArray   *assay_sharer_settle       (AssaySharer *self, AssayTarget *target, AssayItem *item);
AssayItem   *assay_sharer_find_asked   (AssaySharer *self, AssayItem *item);
void         assay_sharer_cancel_items (AssaySharer *self, GPtrArray *items);
void         assay_sharer_cancel       (AssaySharer *self);
guint        assay_sharer_get_n        (AssaySharer *self);

G_END_DECLS
