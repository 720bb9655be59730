/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * AssayDragOutFunc:
 *
 * Returns: (transfer full) (nullable): what is dragged out of @widget
 */
typedef GdkContentProvider *(*AssayDragOutFunc) (GtkWidget *widget, gpointer data);

void                assay_drag_out_add       (GtkWidget *widget, AssayDragOutFunc func, gpointer data);
GdkContentProvider *assay_drag_out_new_rows  (GPtrArray *items);
GdkContentProvider *assay_drag_out_new_card  (const char *name, const char *text, GdkTexture *texture);
gboolean            assay_drag_out_is_from   (GdkDrop *drop, GtkWidget *widget);
void                assay_drag_out_clean     (void);

G_END_DECLS
