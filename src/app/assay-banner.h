/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_BANNER (assay_banner_get_type ())

/**
 * AssayBanner:
 *
 * A calm bar under the header: a sentence, one thing to do about it, and perhaps
 * a way to put it away.
 */
G_DECLARE_FINAL_TYPE (AssayBanner, assay_banner, ASSAY, BANNER, GtkWidget)

void assay_banner_show    (AssayBanner *self, gboolean warns, const char *text,
                           const char *button, const char *action, const char *close_action);
void assay_banner_count   (AssayBanner *self, const char *text);
void assay_banner_dismiss (AssayBanner *self);

G_END_DECLS
