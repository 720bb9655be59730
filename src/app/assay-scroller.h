/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_SCROLLER (assay_scroller_get_type ())

/**
 * AssayScroller:
 *
 * Asks for the height that its content would like at the width that it has, and scrolls
 * where it gets less.  A GtkScrolledWindow asks for what it would like at its natural
 * width, which is too little for text that is wrapped.
 */
G_DECLARE_FINAL_TYPE (AssayScroller, assay_scroller, ASSAY, SCROLLER, GtkWidget)

G_END_DECLS
