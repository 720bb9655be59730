/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-history.h"
#include "assay-item.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_KEPT_ANSWERS (assay_kept_answers_get_type ())

/**
 * AssayKeptAnswers:
 *
 * What a kept run said, as if it could be asked: its target is one of its own, so that
 * the same version may be compared with what it said before, and its answers are found
 * by the bytes of the picture.  Signal "loaded", once.  Main thread.
 */
G_DECLARE_FINAL_TYPE (AssayKeptAnswers, assay_kept_answers, ASSAY, KEPT_ANSWERS, GObject)

AssayKeptAnswers *assay_kept_answers_new        (AssayHistory *history, const AssayKeptRun *run);
AssayTarget      *assay_kept_answers_get_target (AssayKeptAnswers *self);
const char       *assay_kept_answers_get_when   (AssayKeptAnswers *self);   /* for people */
const GError     *assay_kept_answers_get_error  (AssayKeptAnswers *self);   /* (nullable) */
gboolean          assay_kept_answers_give       (AssayKeptAnswers *self, AssayItem *item);

gboolean          assay_target_is_kept          (const AssayTarget *target);

G_END_DECLS
