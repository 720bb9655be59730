/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "assay-evaluation.h"

G_BEGIN_DECLS

GtkWidget       *chart_samples_new            (const char *name);
AssayEvaluation *chart_samples_new_evaluation (guint n);

G_END_DECLS
