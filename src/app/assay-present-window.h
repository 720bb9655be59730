/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-offer.h"
#include "assay-window.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PRESENT_WINDOW (assay_present_window_get_type ())

/**
 * AssayPresentWindow:
 *
 * Full screen for an audience: one image of a list after the other, and what a session's
 * target says of it.  Signals "left" (AssayItem, nullable), with what was looked at last,
 * and "offered" (AssayOffer): the handler returns whether there was anything of use in it.
 */
G_DECLARE_FINAL_TYPE (AssayPresentWindow, assay_present_window, ASSAY, PRESENT_WINDOW, GtkWindow)

GtkWidget    *assay_present_window_new         (GtkWindow *parent, AssaySession *session,
                                                GListModel *rows, GSettings *settings,
                                                AssayItem *item);
AssaySession *assay_present_window_get_session (AssayPresentWindow *self);
void          assay_present_window_say         (AssayPresentWindow *self, const char *words);
void          assay_present_window_say_briefly (AssayPresentWindow *self, const char *words);
GCancellable *assay_present_window_look        (AssayPresentWindow *self);
void          assay_present_window_forget      (AssayPresentWindow *self);
gboolean      assay_present_window_take        (AssayPresentWindow *self, const AssayOffer *offer);

G_END_DECLS
