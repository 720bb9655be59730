/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-judge.h"
#include "assay-rows.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SIDEBAR (assay_sidebar_get_type ())

/**
 * AssaySidebar:
 *
 * Search, filter chips, order and the list of images.  Property "item": the one
 * that a person looks at.  Signal "item-activated": Enter or a plain click on an
 * image.
 */
G_DECLARE_FINAL_TYPE (AssaySidebar, assay_sidebar, ASSAY, SIDEBAR, GtkWidget)

void       assay_sidebar_set_collection (AssaySidebar *self, AssayCollection *collection);
void       assay_sidebar_set_judge      (AssaySidebar *self, AssayJudge *judge, AssayTruths *truths);
void       assay_sidebar_show_subset    (AssaySidebar *self, const char *title, GPtrArray *items);
GListModel *assay_sidebar_get_rows      (AssaySidebar *self);
AssayItem *assay_sidebar_get_item       (AssaySidebar *self);
GPtrArray *assay_sidebar_dup_selected   (AssaySidebar *self);
GPtrArray *assay_sidebar_dup_shown      (AssaySidebar *self);
GPtrArray *assay_sidebar_begin_removal  (AssaySidebar *self);
void       assay_sidebar_show_item      (AssaySidebar *self, AssayItem *item);
void       assay_sidebar_move           (AssaySidebar *self, int by);
void       assay_sidebar_search         (AssaySidebar *self);
void       assay_sidebar_focus_list     (AssaySidebar *self);

G_END_DECLS
