/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_LEFT_OUT_DIALOG (assay_left_out_dialog_get_type ())

/**
 * AssayLeftOutDialog:
 *
 * The files inside folders that were left out, each with the reason.
 */
G_DECLARE_FINAL_TYPE (AssayLeftOutDialog, assay_left_out_dialog, ASSAY, LEFT_OUT_DIALOG, AdwWindow)

GtkWidget *assay_left_out_dialog_new (GtkWindow *parent, GPtrArray *summaries, guint n_left_out);

G_END_DECLS
