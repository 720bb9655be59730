/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_WRAP_BOX (assay_wrap_box_get_type ())

/**
 * AssayWrapBox:
 *
 * Children in lines like words of a paragraph: what does not fit into a line
 * begins the next.  A child that wants to expand takes the rest of the first line.
 */
G_DECLARE_FINAL_TYPE (AssayWrapBox, assay_wrap_box, ASSAY, WRAP_BOX, GtkWidget)

G_END_DECLS
