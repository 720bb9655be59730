/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-prediction.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SCORE_LIST (assay_score_list_get_type ())

/**
 * AssayScoreList:
 *
 * Every label of one prediction with its place and score, to scroll and search.
 */
G_DECLARE_FINAL_TYPE (AssayScoreList, assay_score_list, ASSAY, SCORE_LIST, GtkWidget)

GtkWidget *assay_score_list_new         (AssayPrediction *prediction);
guint      assay_score_list_get_n_shown (AssayScoreList *self);
void       assay_score_list_search      (AssayScoreList *self, const char *text);

G_END_DECLS
