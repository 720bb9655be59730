/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-answer.h"
#include "assay-comparison.h"

G_BEGIN_DECLS

/* One item as a result line: plain values, as interface.md lists them. */
typedef struct {
  const char *path;              /* bytes as the system gave them */
  const char *member;            /* (nullable) */
  const char *sha256;            /* (nullable) hex */
  const char *sent_sha256;       /* (nullable) only if converted, or sent within an archive */
  guint fitted;                  /* 0, or the longer side in pixels of what was sent, if it was made to fit */
  guint64 bytes;
  AssayAnswerState state;
  AssayPrediction *prediction;   /* (nullable) */
  guint top;                     /* labels to write, 0 for all */
  const char *model;
  const char *version;
  guint attempts;
  double seconds;
  const GError *error;           /* (nullable) */
} AssayExportRow;

/* One item as the pages that judge list it: what it shows and what was said of it.  Of a
 * comparison a is the baseline and b the candidate, else there is b alone. */
typedef struct {
  const char *path;              /* bytes as the system gave them */
  const char *member;            /* (nullable) */
  const char *sha256;            /* (nullable) hex */
  const char *truth;             /* (nullable) */
  const AssayPrediction *a;      /* (nullable) */
  const AssayPrediction *b;      /* (nullable) */
  const char *model_a;           /* (nullable): %NULL for no comparison */
  const char *version_a;         /* (nullable) likewise */
  const char *model_b;
  const char *version_b;
} AssayExportJudged;

char *assay_export_ndjson     (const AssayExportRow *row);
char *assay_export_csv_header (void);
char *assay_export_csv        (const AssayExportRow *row);

const char *assay_export_get_change_name   (AssayChange change);
char       *assay_export_judged_ndjson     (const AssayExportJudged *row);
char       *assay_export_judged_csv_header (gboolean compared);
char       *assay_export_judged_csv        (const AssayExportJudged *row);

G_END_DECLS
