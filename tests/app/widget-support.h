/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-prediction.h"

G_BEGIN_DECLS

void             widget_support_register     (void);
void             widget_support_init         (int *argc, char ***argv);
gboolean         widget_support_wait         (gboolean (*reached) (gpointer data), gpointer data);
GtkWidget       *widget_support_show         (GtkWidget *child, int width, int height);
GtkWidget       *widget_support_find_label   (GtkWidget *widget, const char *text);
GdkTexture      *widget_support_draw         (GtkWidget *widget);
guint32          widget_support_get_pixel    (GtkWidget *widget, int x, int y);
AssayPrediction *widget_support_predict      (const char *const *labels, const double *scores, guint n);
AssayPrediction *widget_support_predict_many (guint n, double first);

G_END_DECLS
