/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-prediction.h"

G_BEGIN_DECLS

/* One answered picture of an earlier run, as an export has it. */
typedef struct {
  char *path;                 /* with the member, if there is one */
  char *sha256;               /* (nullable) hex */
  char *model;
  char *version;
  AssayPrediction *prediction;
} AssayAnswersRow;

void       assay_answers_row_free   (AssayAnswersRow *self);
GPtrArray *assay_answers_file_parse (GBytes *bytes, GError **error);

G_END_DECLS
