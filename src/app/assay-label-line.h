/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-evaluation.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_LABEL_LINE (assay_label_line_get_type ())

/**
 * AssayLabelLine:
 *
 * A line of the table of labels: a label and its figures, or a mean over all of them.
 * Signal "changed" when its figures have.
 */
G_DECLARE_FINAL_TYPE (AssayLabelLine, assay_label_line, ASSAY, LABEL_LINE, GObject)

/* In the order of the columns. */
typedef enum {
  ASSAY_LABEL_PRECISION,
  ASSAY_LABEL_RECALL,
  ASSAY_LABEL_F1,
  ASSAY_LABEL_SUPPORT,
  ASSAY_LABEL_N_FIGURES
} AssayLabelFigure;

AssayLabelLine *assay_label_line_new        (const char *label);
AssayLabelLine *assay_label_line_new_mean   (const char *name);
const char     *assay_label_line_get_label  (AssayLabelLine *self); /* (nullable): of a mean */
const char     *assay_label_line_get_name   (AssayLabelLine *self); /* safe to show */
const char     *assay_label_line_get_note   (AssayLabelLine *self); /* (nullable) */
double          assay_label_line_get_figure (AssayLabelLine *self, AssayLabelFigure which);
char           *assay_label_line_dup_text   (AssayLabelLine *self, AssayLabelFigure which);
char           *assay_label_line_dup_spoken (AssayLabelLine *self);
gboolean        assay_label_line_set        (AssayLabelLine *self, const AssayAverages *figures, guint64 support);
gboolean        assay_label_line_set_f1     (AssayLabelLine *self, double f1, guint64 support);

G_END_DECLS
