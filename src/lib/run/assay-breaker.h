/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayBreaker:
 *
 * Whether the service is there at all.  Closed: everything may go.  Open: nothing
 * may until a moment, then one probe at a time; an answer closes it.  By value;
 * begins as { 0 }, which is closed.  The clock is passed in: monotonic µs.
 */
typedef struct {
  guint failures;            /* since the last answer */
  gint64 since;              /* from when on there was no answer, if failures > 0 */
  gint64 answered;           /* when the last answer came, 0 for never */
  guint64 history;           /* of the last outcomes, one bit each, 1 for a failure */
  guint n_history;
  gboolean open;
  guint openings;            /* in a row */
  gint64 opened;
  gint64 until;
  gboolean probing;
} AssayBreaker;

#define ASSAY_BREAKER_FAILURES 5                       /* in a row open it */
#define ASSAY_BREAKER_SPAN_US ((gint64) G_USEC_PER_SEC) /* if they lasted so long: a restart breaks all that fly at once */
#define ASSAY_BREAKER_WINDOW 64                        /* or, of so many outcomes */
#define ASSAY_BREAKER_SHARE 48                         /* so many failures */
#define ASSAY_BREAKER_PAUSE_US ((gint64) 30 * G_USEC_PER_SEC)   /* the first pause; then twice as long each time */
#define ASSAY_BREAKER_PAUSE_CAP_US ((gint64) 300 * G_USEC_PER_SEC)

gboolean assay_breaker_may_send  (const AssayBreaker *self, gint64 now);
gint64   assay_breaker_when      (const AssayBreaker *self, gint64 now);
void     assay_breaker_sent      (AssayBreaker *self, gint64 now);
void     assay_breaker_answered  (AssayBreaker *self, gint64 now, gint64 sent);
void     assay_breaker_failed    (AssayBreaker *self, gint64 now, gint64 sent, GRand *random);
void     assay_breaker_canceled  (AssayBreaker *self, gint64 sent);
void     assay_breaker_probe_now (AssayBreaker *self, gint64 now);

G_END_DECLS
