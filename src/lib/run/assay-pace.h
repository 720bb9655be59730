/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayPace:
 *
 * How many may fly, and how fast they come: pure, with the clock passed in as
 * monotonic microseconds.
 */
typedef struct _AssayPace AssayPace;

AssayPace *assay_pace_new            (guint max_in_flight);
void       assay_pace_set_max        (AssayPace *self, guint max_in_flight);
void       assay_pace_free           (AssayPace *self);
gboolean   assay_pace_may_start      (AssayPace *self);
void       assay_pace_started        (AssayPace *self, gint64 now);
void       assay_pace_ended          (AssayPace *self, gint64 now, gboolean counted);
guint      assay_pace_get_in_flight  (AssayPace *self);
guint      assay_pace_get_high_water (AssayPace *self);
double     assay_pace_get_rate       (AssayPace *self, gint64 now);   /* smoothed, per second; 0 while unknown */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPace, assay_pace_free)

G_END_DECLS
