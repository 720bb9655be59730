/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-preprocess.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_ACTIVATION_UNKNOWN,  /* to be seen from what comes out */
  ASSAY_ACTIVATION_NONE,     /* probabilities come out */
  ASSAY_ACTIVATION_SOFTMAX,  /* a softmax makes probabilities of what comes out */
} AssayActivation;

/* How a network wants to be used: model.json, or what can be guessed. */
typedef struct {
  AssayPreprocess preprocess;
  AssayActivation activation;
  char *input;   /* (nullable): name of the input */
  char *output;  /* (nullable): name of the output */
} AssayModelSpec;

gboolean assay_model_spec_read  (AssayModelSpec *self, const char *json, gsize length,
                                 GError **error);
gboolean assay_model_spec_guess (AssayModelSpec *self, GBytes *onnx, GError **error);
void     assay_model_spec_write (const AssayModelSpec *self, GString *out);
void     assay_model_spec_clear (AssayModelSpec *self);

AssayActivation assay_activation_guess (const float *scores, gsize n_scores);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayModelSpec, assay_model_spec_clear)

G_END_DECLS
