/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayModel:
 *
 * A neural network, read from ONNX bytes.  Used by one thread at a time; any
 * number of them can be made from the same bytes.
 */
typedef struct _AssayModel AssayModel;

AssayModel *assay_model_new  (GBytes *onnx, GError **error);
void        assay_model_free (AssayModel *self);
float      *assay_model_run  (AssayModel *self, const char *input, const char *output,
                              const int shape[4], float *tensor, gsize *n_scores, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayModel, assay_model_free)

G_END_DECLS
