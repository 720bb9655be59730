/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_PREFERENCES (assay_preferences_get_type ())

/**
 * AssayPreferences:
 *
 * The settings that a person changes.  Each acts at once, in every window.
 */
G_DECLARE_FINAL_TYPE (AssayPreferences, assay_preferences, ASSAY, PREFERENCES, AdwPreferencesWindow)

GtkWidget *assay_preferences_new (GtkWindow *parent, GSettings *settings);

G_END_DECLS
