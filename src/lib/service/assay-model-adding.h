/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-model-exam.h"

G_BEGIN_DECLS

/* A network of the user's own, as it is to become a version of a model. */
typedef struct {
  GFile *onnx;
  GFile *labels;           /* (nullable): a line each; found out where it is NULL */
  const char *preprocess;  /* (nullable): in the words of assay_preprocess_parse() */
  const char *name;        /* of the model: a new one, or one that is there */
} AssayModelWish;

/* What has become of it; immutable. */
typedef struct {
  char *name;
  char *version;
  AssayModelExam *exam;
} AssayAddedModel;

char            *assay_model_adding_propose_name (GFile *onnx);
gboolean         assay_model_adding_check_name   (const char *name, GError **error);
char            *assay_model_adding_dup_version  (const char *name, char **latest);
gboolean         assay_model_adding_remove       (const char *name, const char *version, GError **error);

void             assay_model_adding_async        (const AssayModelWish *wish, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer data);
AssayAddedModel *assay_model_adding_finish       (GAsyncResult *result, GError **error);
void             assay_added_model_free          (AssayAddedModel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAddedModel, assay_added_model_free)

G_END_DECLS
