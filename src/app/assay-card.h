/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-item.h"

G_BEGIN_DECLS

char               *assay_card_dup_text    (AssayItem *item, const AssayPrediction *prediction,
                                            double threshold);
GdkTexture         *assay_card_draw        (GtkWidget *container, GtkWidget *const *parts, guint n_parts, double scale,
                                            const char *caption);
GdkContentProvider *assay_card_new_content (const char *text, GdkTexture *texture);

G_END_DECLS
