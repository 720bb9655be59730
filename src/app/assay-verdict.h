/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-prediction.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_VERDICT (assay_verdict_get_type ())

/**
 * AssayVerdict:
 *
 * The first label in large letters, its score, its lead and the threshold.  Its
 * accessible name is the whole in one sentence.
 */
G_DECLARE_FINAL_TYPE (AssayVerdict, assay_verdict, ASSAY, VERDICT, GtkWidget)

GtkWidget *assay_verdict_new  (void);
void       assay_verdict_show (AssayVerdict *self, const AssayPrediction *prediction, double threshold, gboolean compact);

G_END_DECLS
