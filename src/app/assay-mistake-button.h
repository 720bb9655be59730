/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-item.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_MISTAKE_BUTTON (assay_mistake_button_get_type ())

/**
 * AssayMistakeButton:
 *
 * An image that was called something else than it is: its picture, the wrong answer with
 * its score, and the truth.  It is heard as one sentence.
 */
G_DECLARE_FINAL_TYPE (AssayMistakeButton, assay_mistake_button, ASSAY, MISTAKE_BUTTON, GtkButton)

GtkWidget *assay_mistake_button_new      (void);
AssayItem *assay_mistake_button_get_item (AssayMistakeButton *self);
void       assay_mistake_button_show     (AssayMistakeButton *self, AssayItem *item, AssayTarget *target);

G_END_DECLS
