/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-session.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_MODEL_MENU (assay_model_menu_get_type ())

/**
 * AssayModelMenu:
 *
 * Whom the images go to, and where that is; its models and versions with the
 * state of each; and the other connections.
 */
G_DECLARE_FINAL_TYPE (AssayModelMenu, assay_model_menu, ASSAY, MODEL_MENU, GtkPopover)

void assay_model_menu_set_session (AssayModelMenu *self, AssaySession *session);

G_END_DECLS
