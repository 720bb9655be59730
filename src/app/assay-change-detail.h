/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-session.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CHANGE_DETAIL (assay_change_detail_get_type ())

/**
 * AssayChangeDetail:
 *
 * One image that two versions have answered: its picture, what became of it, and both
 * versions' bars.
 *
 * Action: change.copy.  The signal "copied" says that the result is in the clipboard, as
 * text and as a picture.
 */
G_DECLARE_FINAL_TYPE (AssayChangeDetail, assay_change_detail, ASSAY, CHANGE_DETAIL, GtkWidget)

void assay_change_detail_set_session (AssayChangeDetail *self, AssaySession *session);
void assay_change_detail_set_item    (AssayChangeDetail *self, AssayItem *item);
void assay_change_detail_set_compact (AssayChangeDetail *self, gboolean compact);
void assay_change_detail_update      (AssayChangeDetail *self);

G_END_DECLS
