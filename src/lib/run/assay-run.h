/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-client.h"
#include "assay-collection.h"
#include "assay-pace.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_RUN (assay_run_get_type ())

/**
 * AssayRun:
 *
 * One pass over items for one target: queue, counts, life.  Items may be added
 * while it runs.  Every item that it was given ends in exactly one final state.
 * What failed for now is sent again as AssayPace says.  Main thread.  Properties
 * "n-total", "n-done", "active", "pause" notify at most once a main loop turn;
 * signals "item-done" (AssayItem) and "finished".
 */
G_DECLARE_FINAL_TYPE (AssayRun, assay_run, ASSAY, RUN, GObject)

AssayRun    *assay_run_new          (AssayClient *client, AssayTarget *target, guint jobs, gboolean convert);
AssayTarget *assay_run_get_target   (AssayRun *self);
void         assay_run_set_jobs     (AssayRun *self, guint jobs);         /* from now on */
void         assay_run_add          (AssayRun *self, GPtrArray *items);   /* asks each again, whatever it had */
void         assay_run_add_light    (AssayRun *self, GPtrArray *items);   /* for whoever keeps none of them */
void         assay_run_prefer       (AssayRun *self, AssayItem *item);    /* what a person looks at goes first */
void         assay_run_cancel_item  (AssayRun *self, AssayItem *item);
void         assay_run_cancel       (AssayRun *self);
void         assay_run_cancel_waiting (AssayRun *self);               /* what flies, lands */
void         assay_run_set_batch    (AssayRun *self, guint batch);        /* pictures in one request */
void         assay_run_set_tries    (AssayRun *self, guint tries);        /* of one item */
void         assay_run_set_patience (AssayRun *self, guint seconds);      /* without an answer, 0 for ever */
void         assay_run_set_client   (AssayRun *self, AssayClient *client); /* from now on */
void         assay_run_set_can_sign_in (AssayRun *self, gboolean can);    /* whether somebody is there who could */
void         assay_run_pause        (AssayRun *self, AssayPause why);
void         assay_run_resume       (AssayRun *self, AssayPause why);
void         assay_run_try_now      (AssayRun *self);                     /* the service is there again */
AssayPause   assay_run_get_pause    (AssayRun *self, gint64 *until);      /* monotonic µs */
void         assay_run_give_up      (AssayRun *self, const GError *error); /* the service is gone for good */
gboolean     assay_run_has_given_up (AssayRun *self);
gboolean     assay_run_is_active    (AssayRun *self);
guint        assay_run_get_total    (AssayRun *self);
guint        assay_run_get_done     (AssayRun *self);
double       assay_run_get_rate     (AssayRun *self);                     /* items a second, 0 while unknown */
guint        assay_run_get_high_water (AssayRun *self);
guint64      assay_run_get_sent_bytes (AssayRun *self, guint64 *total);   /* of the archives on their way */
/* Why the last one that is to be sent again was not answered, (nullable). */
const GError *assay_run_get_trouble (AssayRun *self);
/* The first error that no other item can escape (offline, unauthorized), (nullable). */
const GError *assay_run_get_fatal   (AssayRun *self);

G_END_DECLS
