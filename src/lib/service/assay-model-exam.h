/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  ASSAY_LABELS_NONE,      /* nothing says what the scores are of */
  ASSAY_LABELS_FILE,      /* a file that was named */
  ASSAY_LABELS_METADATA,  /* the network's own file */
  ASSAY_LABELS_BESIDE,    /* labels.txt beside it */
} AssayLabelsFrom;

/* What an ONNX file was found to be by a process that loaded and ran it; immutable. */
typedef struct {
  guint n_scores;
  char **labels;          /* (nullable): as many as scores, in their order */
  AssayLabelsFrom labels_from;
  char *passed_over;      /* (nullable): labels that do not fit, as a sentence */
  char *preprocess;       /* what it is shown, in the words of assay_preprocess_parse() */
  gboolean guessed;       /* nobody said those words */
  gboolean softmax;       /* what comes out are no probabilities yet */
  char *model;            /* a model.json that says all that */
} AssayModelExam;

void            assay_model_exam_free   (AssayModelExam *self);
void            assay_model_exam_async  (GFile *onnx, GFile *labels, const char *preprocess, const char *shown,
                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
AssayModelExam *assay_model_exam_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayModelExam, assay_model_exam_free)

G_END_DECLS
