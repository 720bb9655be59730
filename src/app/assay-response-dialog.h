/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_RESPONSE_DIALOG (assay_response_dialog_get_type ())

/**
 * AssayResponseDialog:
 *
 * The service's answer as it came, to read, select and copy.
 */
G_DECLARE_FINAL_TYPE (AssayResponseDialog, assay_response_dialog, ASSAY, RESPONSE_DIALOG, AdwWindow)

GtkWidget  *assay_response_dialog_new      (GBytes *raw, const char *name);
char       *assay_response_dialog_dup_text (AssayResponseDialog *self);

G_END_DECLS
