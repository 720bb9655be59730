/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_PRESENT_STRIP (assay_present_strip_get_type ())

/**
 * AssayPresentStrip:
 *
 * Small pictures of a list of #AssayItem around the one that is looked at.  Signal
 * "picked" (guint): the position of one that was clicked.
 */
G_DECLARE_FINAL_TYPE (AssayPresentStrip, assay_present_strip, ASSAY, PRESENT_STRIP, GtkWidget)

void assay_present_strip_show (AssayPresentStrip *self, GListModel *items, guint position);

G_END_DECLS
