/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayThrottle:
 *
 * How many may be in the air, and how fast one may follow the other, found out
 * from what the service does.  By value, with assay_throttle_init().  The clock
 * is passed in: monotonic µs.
 */
typedef struct {
  guint most;                /* never more in the air */
  double limit;              /* what may be in the air, 1…most */
  double threshold;          /* where doubling ends */
  gint64 full_at;            /* when as many as that were in the air last */
  gint64 cut_at;             /* requests sent before say nothing new */
  double lowest;             /* of the seconds that an answer takes, rising slowly */
  double recent;             /* the same, of the last few */
  double peak;               /* answers a second when the service last throttled, 0 for no cap */
  gint64 throttled_at;
  gboolean progress;         /* something was answered since */
  gint64 next;               /* with a cap: when the next may go */
} AssayThrottle;

#define ASSAY_THROTTLE_START 4        /* in the air at first */

void   assay_throttle_init      (AssayThrottle *self, guint most);
void   assay_throttle_set_most  (AssayThrottle *self, guint most);
guint  assay_throttle_get_limit (const AssayThrottle *self);
gint64 assay_throttle_when      (const AssayThrottle *self, gint64 now);
void   assay_throttle_sent      (AssayThrottle *self, gint64 now, guint in_flight);
void   assay_throttle_answered  (AssayThrottle *self, gint64 now, gint64 sent);
void   assay_throttle_congested (AssayThrottle *self, gint64 now, gint64 sent);
void   assay_throttle_slow_down (AssayThrottle *self, gint64 now, gint64 sent, double rate);
void   assay_throttle_collapse  (AssayThrottle *self, gint64 now);

G_END_DECLS
