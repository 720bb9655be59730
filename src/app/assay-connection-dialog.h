/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-session.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CONNECTION_DIALOG (assay_connection_dialog_get_type ())

/**
 * AssayConnectionDialog:
 *
 * Everything about a connection, a new one or one to change: it can be tried as it
 * stands there, and nothing is saved before Connect.
 */
G_DECLARE_FINAL_TYPE (AssayConnectionDialog, assay_connection_dialog, ASSAY, CONNECTION_DIALOG, AdwWindow)

GtkWidget *assay_connection_dialog_new (GtkWindow *parent, AssaySession *session, AssayConnection *connection);

G_END_DECLS
