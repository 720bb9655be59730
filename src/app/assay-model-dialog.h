/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_MODEL_DIALOG (assay_model_dialog_get_type ())

/**
 * AssayModelDialog:
 *
 * Makes an ONNX file a model of the built-in service: what was found out of it, what can
 * be said otherwise, and a picture of exactly what the model sees.
 *
 * Signal: "added" (name, version, the version before or %NULL); the dialog closes then.
 */
G_DECLARE_FINAL_TYPE (AssayModelDialog, assay_model_dialog, ASSAY, MODEL_DIALOG, AdwWindow)

GtkWidget *assay_model_dialog_new (GtkWindow *parent, GFile *onnx);

G_END_DECLS
