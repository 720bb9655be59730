/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-session.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_WINDOW (assay_window_get_type ())

/**
 * AssayWindow:
 *
 * A view of one session, which it owns.  It keeps no truth of its own but which
 * pane is on show.
 */
G_DECLARE_FINAL_TYPE (AssayWindow, assay_window, ASSAY, WINDOW, AdwApplicationWindow)

AssayWindow  *assay_window_new         (GtkApplication *application, AssayHub *hub, GSettings *settings);
AssaySession *assay_window_get_session (AssayWindow *self);
void          assay_window_add_files   (AssayWindow *self, GFile *const *files, guint n_files);
void          assay_window_close_all   (GtkApplication *application);

G_END_DECLS
