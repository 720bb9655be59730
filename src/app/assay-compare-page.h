/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-session.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_COMPARE_PAGE (assay_compare_page_get_type ())

/**
 * AssayComparePage:
 *
 * What changed between two versions: the sentence, the choice of both, the images by what
 * became of them, and one of these with both versions' bars.  Property "item": the one
 * that a person looks at.  The signal "copied" says that the result of that one is in the
 * clipboard.
 */
G_DECLARE_FINAL_TYPE (AssayComparePage, assay_compare_page, ASSAY, COMPARE_PAGE, GtkWidget)

void       assay_compare_page_set_session  (AssayComparePage *self, AssaySession *session);
void       assay_compare_page_set_narrow   (AssayComparePage *self, gboolean narrow);
AssayItem *assay_compare_page_get_item     (AssayComparePage *self);
GPtrArray *assay_compare_page_dup_selected (AssayComparePage *self);
GPtrArray *assay_compare_page_dup_shown    (AssayComparePage *self);
void       assay_compare_page_move         (AssayComparePage *self, int by);
void       assay_compare_page_copy         (AssayComparePage *self);
gboolean   assay_compare_page_shows_detail (AssayComparePage *self);
void       assay_compare_page_show_list    (AssayComparePage *self);

G_END_DECLS
