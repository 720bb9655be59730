/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_FIGURE_CARD (assay_figure_card_get_type ())

/**
 * AssayFigureCard:
 *
 * One figure, large, below its caption and above a line that says how far it can be
 * trusted.  It is heard as one sentence.
 */
G_DECLARE_FINAL_TYPE (AssayFigureCard, assay_figure_card, ASSAY, FIGURE_CARD, GtkWidget)

GtkWidget  *assay_figure_card_new        (const char *caption);
const char *assay_figure_card_get_figure (AssayFigureCard *self);
const char *assay_figure_card_get_line   (AssayFigureCard *self);
void        assay_figure_card_set_figure (AssayFigureCard *self, const char *figure, const char *line);

G_END_DECLS
