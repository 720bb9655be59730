/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayLatency:
 *
 * How long answers took, as counts of durations that are nearly the same, never the
 * durations: of 100,000 answers a percentile is found as quickly as of ten, and each can
 * be taken out again.  About 23 KiB; one thread at a time.
 */
typedef struct _AssayLatency AssayLatency;

AssayLatency *assay_latency_new            (void);
void          assay_latency_free           (AssayLatency *self);
void          assay_latency_add            (AssayLatency *self, double seconds);
void          assay_latency_remove         (AssayLatency *self, double seconds);
guint64       assay_latency_get_n          (const AssayLatency *self);
double        assay_latency_get_percentile (const AssayLatency *self, double share);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLatency, assay_latency_free)

G_END_DECLS
