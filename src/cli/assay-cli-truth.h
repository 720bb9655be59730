/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-prediction.h"
#include "assay-source.h"

G_BEGIN_DECLS

/**
 * AssayCliTruth:
 *
 * What the pictures that a command was given really show, by their folders or a table,
 * in the labels of the model, and what there is to say about that.
 */
typedef struct _AssayCliTruth AssayCliTruth;

AssayCliTruth *assay_cli_truth_new       (const char *from, GError **error);
void           assay_cli_truth_free      (AssayCliTruth *self);
GRefString    *assay_cli_truth_get_given (AssayCliTruth *self, AssaySource *source);
void           assay_cli_truth_learn     (AssayCliTruth *self, const AssayPrediction *prediction);
const char    *assay_cli_truth_read      (AssayCliTruth *self, const char *given);
void           assay_cli_truth_give_up   (AssayCliTruth *self, const char *given);
void           assay_cli_truth_tell      (AssayCliTruth *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliTruth, assay_cli_truth_free)

G_END_DECLS
