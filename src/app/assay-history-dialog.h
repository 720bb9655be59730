/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "assay-history.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_HISTORY_DIALOG (assay_history_dialog_get_type ())

/**
 * AssayHistoryDialog:
 *
 * The runs that are kept, newest first.  Signals "opened" and "resumed", with the
 * AssayKeptRun that a person wants to look at or to go on with.
 */
G_DECLARE_FINAL_TYPE (AssayHistoryDialog, assay_history_dialog, ASSAY, HISTORY_DIALOG, AdwWindow)

AssayHistoryDialog *assay_history_dialog_new (GtkWindow *parent, AssayHistory *history);

G_END_DECLS
