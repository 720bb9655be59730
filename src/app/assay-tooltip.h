/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void        assay_tooltip_set (GtkWidget *widget, const char *text);
const char *assay_tooltip_get (GtkWidget *widget);

G_END_DECLS
