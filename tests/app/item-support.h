/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-item.h"

G_BEGIN_DECLS

AssayItem *item_support_new_bytes   (const char *name, GBytes *bytes);
AssayItem *item_support_new_file    (const char *path);
AssayItem *item_support_new_drawing (const char *name, int width, int height);
gboolean   item_support_answer      (AssayAnswer *answer, AssayPrediction *prediction);
gboolean   item_support_fail        (AssayAnswer *answer, const GError *error);
gboolean   item_support_is_settled  (GtkWidget *widget);

G_END_DECLS
