/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-trimmer.h"
#include "assay-truths.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_DETAIL (assay_detail_get_type ())

/**
 * AssayDetail:
 *
 * One item: its picture, what the target on show says of it, and how that came
 * about.  It follows the item's answer and holds no truth of its own.
 *
 * Actions: detail.copy, detail.show-response.  The signal "copied" says that the
 * result is on the clipboard.
 */
G_DECLARE_FINAL_TYPE (AssayDetail, assay_detail, ASSAY, DETAIL, GtkWidget)

GtkWidget  *assay_detail_new                 (void);
AssayItem  *assay_detail_get_item            (AssayDetail *self);
double      assay_detail_get_threshold       (AssayDetail *self);
gboolean    assay_detail_get_compact         (AssayDetail *self);
const char *assay_detail_get_connection_name (AssayDetail *self);
void        assay_detail_set_item            (AssayDetail *self, AssayItem *item);
void        assay_detail_set_threshold       (AssayDetail *self, double threshold);
void        assay_detail_set_compact         (AssayDetail *self, gboolean compact);
void        assay_detail_set_connection_name (AssayDetail *self, const char *name);
void        assay_detail_set_trimmer         (AssayDetail *self, AssayTrimmer *trimmer);
void        assay_detail_set_truths          (AssayDetail *self, AssayTruths *truths);

G_END_DECLS
