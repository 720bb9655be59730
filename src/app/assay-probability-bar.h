/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_PROBABILITY_BAR (assay_probability_bar_get_type ())

/* How a bar is filled; told apart by more than color. */
typedef enum {
  ASSAY_BAR_STRONG,    /* solid */
  ASSAY_BAR_SOFT,      /* a lighter tone with an outline */
  ASSAY_BAR_HATCHED,   /* what was not sent */
} AssayBarLook;

/**
 * AssayProbabilityBar:
 *
 * One bar from one place of its axis to another.  It draws itself and wraps a
 * #GtkLevelBar, which draws nothing but gives the value to assistive technology:
 * GTK 4.8 exports a value for its own level bar only.
 */
G_DECLARE_FINAL_TYPE (AssayProbabilityBar, assay_probability_bar, ASSAY, PROBABILITY_BAR, GtkWidget)

GtkWidget   *assay_probability_bar_new           (AssayBarLook look);
AssayBarLook assay_probability_bar_get_look      (AssayProbabilityBar *self);
void         assay_probability_bar_set_span      (AssayProbabilityBar *self, double from, double to);
void         assay_probability_bar_set_spoken    (AssayProbabilityBar *self, double value, const char *spoken);
GtkLevelBar *assay_probability_bar_get_level     (AssayProbabilityBar *self);
gboolean     assay_probability_bar_get_rectangle (AssayProbabilityBar *self, graphene_rect_t *rectangle);

G_END_DECLS
