/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_FOLD_BOX (assay_fold_box_get_type ())

/**
 * AssayFoldBox:
 *
 * Children side by side, or one below the other where they do not fit: with large
 * text in a narrow window, or in a language of long words.
 */
G_DECLARE_FINAL_TYPE (AssayFoldBox, assay_fold_box, ASSAY, FOLD_BOX, GtkWidget)

void assay_fold_box_set_folded (AssayFoldBox *self, gboolean folded);

G_END_DECLS
