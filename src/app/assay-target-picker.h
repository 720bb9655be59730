/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-session.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TARGET_PICKER (assay_target_picker_get_type ())

/**
 * AssayTargetPicker:
 *
 * A button that says which version is one side of a comparison, with a menu of what it
 * could be: the versions of all connections that list them, and kept runs.
 */
G_DECLARE_FINAL_TYPE (AssayTargetPicker, assay_target_picker, ASSAY, TARGET_PICKER, GtkWidget)

void       assay_target_picker_set_session (AssayTargetPicker *self, AssaySession *session, gboolean baseline);

G_END_DECLS
