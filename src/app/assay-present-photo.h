/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-item.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PRESENT_PHOTO (assay_present_photo_get_type ())

/**
 * AssayPresentPhoto:
 *
 * The picture an audience looks at, as large as there is room.
 */
G_DECLARE_FINAL_TYPE (AssayPresentPhoto, assay_present_photo, ASSAY, PRESENT_PHOTO, GtkWidget)

void assay_present_photo_set_item (AssayPresentPhoto *self, AssayItem *item);

G_END_DECLS
