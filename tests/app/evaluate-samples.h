/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-judge.h"

G_BEGIN_DECLS

typedef struct {
  AssayCollection *collection;
  AssayTruths *truths;
  AssayJudge *judge;
  AssayTarget *target;
} EvaluateSample;

EvaluateSample *evaluate_sample_new          (void);
void            evaluate_sample_free         (EvaluateSample *self);
AssayItem      *evaluate_sample_add          (EvaluateSample *self, const char *folder, const char *name);
void            evaluate_sample_answer       (EvaluateSample *self, AssayItem *item, const char *label,
                                              const char *second, double score);
void            evaluate_sample_fill_flowers (EvaluateSample *self, const char *pictures);
void            evaluate_sample_fill_many    (EvaluateSample *self, guint n, guint n_labels);
void            evaluate_sample_settle       (EvaluateSample *self);

G_END_DECLS
