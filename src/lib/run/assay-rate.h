/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayRate:
 *
 * How many a second, smoothed.  By value; begins as { 0 }.  The clock is passed
 * in: monotonic µs.
 */
typedef struct {
  guint ends;
  gint64 since;              /* from when on it counts */
  gint64 last;               /* when the sums were brought up to date */
  double plain;
  double aged;
} AssayRate;

void   assay_rate_begin (AssayRate *self, gint64 now);
void   assay_rate_count (AssayRate *self, gint64 now, gboolean counted);
double assay_rate_get   (const AssayRate *self, gint64 now);

G_END_DECLS
