/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void        assay_picture_menu_add       (GtkWidget *widget, const char *name, const char *title,
                                          GtkWidget *const *parts, guint n_parts);
GtkWidget  *assay_picture_menu_find      (GtkWidget *root, const char *name);
const char *assay_picture_menu_get_title (GtkWidget *widget);
GdkTexture *assay_picture_menu_draw      (GtkWidget *widget, const char *caption);
char       *assay_picture_menu_dup_file_name (const char *const *words);

G_END_DECLS
