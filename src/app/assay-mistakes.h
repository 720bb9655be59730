/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-judge.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_MISTAKES (assay_mistakes_get_type ())

/**
 * AssayMistakes:
 *
 * The images whose wrong answers had the highest scores, the highest first.  They are
 * looked for a little at a time, so that nobody waits for it.
 *
 * Signal: "item-activated" (AssayItem).
 */
G_DECLARE_FINAL_TYPE (AssayMistakes, assay_mistakes, ASSAY, MISTAKES, GtkWidget)

void  assay_mistakes_set_judge  (AssayMistakes *self, AssayCollection *collection, AssayJudge *judge);
void  assay_mistakes_look       (AssayMistakes *self);

G_END_DECLS
