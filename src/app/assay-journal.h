/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connection.h"
#include "assay-recorder.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_JOURNAL (assay_journal_get_type ())

/**
 * AssayJournal:
 *
 * Has the runs of one session written down in the history, if the person wants one
 * to be kept.  Main thread.
 */
G_DECLARE_FINAL_TYPE (AssayJournal, assay_journal, ASSAY, JOURNAL, GObject)

AssayJournal *assay_journal_new         (AssayHistory *history, GSettings *settings);
AssayTrimmer *assay_journal_get_trimmer (AssayJournal *self);
void          assay_journal_name_files  (AssayJournal *self, GFile *const *files, guint n_files);
void          assay_journal_add         (AssayJournal *self, AssayRun *run, AssayConnection *connection,
                                         GPtrArray *items);
void          assay_journal_keep        (AssayJournal *self, AssayTarget *target, AssayItem *item);
void          assay_journal_resume      (AssayJournal *self, AssayRecording *recording, AssayTarget *target,
                                         guint n_given);
gboolean      assay_journal_is_resuming (AssayJournal *self);
void          assay_journal_interrupt   (AssayJournal *self, gboolean more);
void          assay_journal_end         (AssayJournal *self);
void          assay_journal_close       (AssayJournal *self);

G_END_DECLS
