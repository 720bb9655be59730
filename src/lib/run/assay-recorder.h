/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-history.h"
#include "assay-run.h"
#include "assay-trimmer.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_RECORDER (assay_recorder_get_type ())

/**
 * AssayRecorder:
 *
 * Writes a run down while it goes: each item as it is given, each answer as it
 * comes, in the history.  An item's place there is its serial, so that those of one
 * run must have different ones, from 1.  Main thread; waits for nothing.
 */
G_DECLARE_FINAL_TYPE (AssayRecorder, assay_recorder, ASSAY, RECORDER, GObject)

AssayRecorder *assay_recorder_new         (AssayHistory *history, AssayRun *run, const AssayKeptRun *about);
AssayRecorder *assay_recorder_new_resumed (AssayHistory *history, AssayRun *run, AssayRecording *recording,
                                           guint n_given);
void           assay_recorder_set_trimmer (AssayRecorder *self, AssayTrimmer *trimmer);
gint64         assay_recorder_get_id      (AssayRecorder *self);
void           assay_recorder_add         (AssayRecorder *self, GPtrArray *items);
void           assay_recorder_keep        (AssayRecorder *self, AssayItem *item);
void           assay_recorder_interrupt   (AssayRecorder *self);
void           assay_recorder_end         (AssayRecorder *self);

G_END_DECLS
