/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_EMPTY_PAGE (assay_empty_page_get_type ())

/**
 * AssayEmptyPage:
 *
 * What a window without images says: what to drop, and how else to begin.
 */
G_DECLARE_FINAL_TYPE (AssayEmptyPage, assay_empty_page, ASSAY, EMPTY_PAGE, GtkWidget)

void assay_empty_page_set_compact (AssayEmptyPage *self, gboolean compact);

G_END_DECLS
