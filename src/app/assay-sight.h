/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_SIGHT (assay_sight_get_type ())

/**
 * AssaySight:
 *
 * One of the sample pictures, and beside it exactly what a model sees of it.
 */
G_DECLARE_FINAL_TYPE (AssaySight, assay_sight, ASSAY, SIGHT, GtkWidget)

void assay_sight_set_preprocess (AssaySight *self, const char *text);

G_END_DECLS
