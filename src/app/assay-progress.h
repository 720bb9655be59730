/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-session.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PROGRESS (assay_progress_get_type ())

/**
 * AssayProgress:
 *
 * The bar at the bottom, there only while something runs: how far, how fast and
 * how long still, why not just now, and a way to pause and to stop it.  Property "compact": few words.
 */
G_DECLARE_FINAL_TYPE (AssayProgress, assay_progress, ASSAY, PROGRESS, GtkWidget)

void  assay_progress_set_session (AssayProgress *self, AssaySession *session);
void  assay_progress_set_compact (AssayProgress *self, gboolean compact);
char *assay_progress_dup_markup  (const AssayProgressFigures *figures, double seconds_left, gboolean compact);
char *assay_progress_dup_paused  (const AssayProgressFigures *figures, gint64 now);

G_END_DECLS
