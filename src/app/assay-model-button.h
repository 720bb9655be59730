/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-session.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_MODEL_BUTTON (assay_model_button_get_type ())

/**
 * AssayModelButton:
 *
 * Says which model and version answer, and how their service stands, by a dot
 * and in words; opens the menu to choose another.
 */
G_DECLARE_FINAL_TYPE (AssayModelButton, assay_model_button, ASSAY, MODEL_BUTTON, GtkWidget)

void assay_model_button_set_session (AssayModelButton *self, AssaySession *session);
void assay_model_button_popup       (AssayModelButton *self);

G_END_DECLS
