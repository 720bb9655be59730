/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-evaluation-text.h"
#include "assay-report.h"

G_BEGIN_DECLS

/* Steps of the threshold in the chart of coverage. */
#define ASSAY_REPORT_STEPS 50

/* A label and its figures; it owns its name, which is as it came. */
typedef struct {
  char *label;
  AssayLabelFigures figures;  /* but for the name */
} AssayReportLabel;

/* What an evaluation said at the time. */
typedef struct {
  AssayFigures figures;
  double top_2;
  GPtrArray *labels;          /* (element-type AssayReportLabel), as the table has them */
  guint n_labels;             /* in all */
  GPtrArray *confused;        /* (element-type utf8): of the matrix */
  guint64 *matrix;            /* (n + 1)², the last for all others */
  AssayReliability bins[ASSAY_EVALUATION_BINS];
  AssayCoverage steps[ASSAY_REPORT_STEPS + 1];
  AssayCoverage at_threshold;
} AssayReportJudged;

typedef struct {
  char *title;                /* safe to show, as all below */
  char *first;                /* at the beginning of a sentence */
  char *model;                /* (nullable), as the three below */
  char *version;
  char *service;
  char *answered;
  AssayReportJudged *judged;  /* (nullable): never compared with a truth */
} AssayReportAsked;

/* One image with its answers: a flip has two. */
typedef struct {
  char *name;                 /* safe to show, as truth */
  char *truth;                /* (nullable) */
  char *raw_truth;            /* (nullable) */
  AssayChange change;
  AssayPrediction *a;         /* (nullable) */
  AssayPrediction *b;
  GObject *picture;           /* (nullable) */
} AssayReportRow;

typedef struct {
  char *name;                 /* safe to show */
  char sha256[65];
} AssayReportImage;

struct _AssayReport {
  gint64 when;                /* seconds since 1970 */
  double threshold;           /* 0…1, or negative for none */
  AssayReportAsked asked[2];  /* the baseline first */
  guint n_asked;
  gboolean compared;
  AssayComparisonFigures figures;
  AssayReportExtent extent;   /* its text is truth below */
  char *truth;                /* (nullable) */
  GPtrArray *flips;           /* (element-type AssayReportRow) */
  GPtrArray *mistakes;        /* (element-type AssayReportRow) */
  GArray *images;             /* (element-type AssayReportImage) */
  guint n_flips;              /* in all, with those that are not kept */
  guint n_mistakes;
  guint n_images;
};

/* HTML */
void  assay_html_add            (GString *out, const char *format, ...) G_GNUC_PRINTF (2, 3);
void  assay_html_add_length     (GString *out, const char *attribute, double value);
void  assay_html_add_base64     (GString *out, GBytes *bytes);
const char *assay_html_get_language (void);
const char *assay_html_get_direction (const char *language);
const char *assay_report_get_style (void);
char *assay_report_dup_policy   (void);

/* Numbers, as they are on the screen */
char *assay_report_dup_count    (guint64 n);
char *assay_report_dup_score    (const AssayPrediction *prediction, double score);
char *assay_report_dup_mark     (double share);
char *assay_report_dup_shift    (double difference);

/* Sections */
void  assay_report_add_cards    (AssayReport *self, GString *out);
void  assay_report_add_figures  (AssayReport *self, GString *out);
void  assay_report_add_paired   (AssayReport *self, GString *out);
void  assay_report_add_confusion (const AssayReportAsked *asked, gboolean alone, GString *out);
void  assay_report_add_labels   (const AssayReportAsked *asked, gboolean alone, GString *out);
void  assay_report_add_charts   (AssayReport *self, const AssayReportAsked *asked, GString *out);
void  assay_report_add_flip_row (AssayReport *self, const AssayReportRow *row, GBytes *thumbnail,
                                 GString *out);
void  assay_report_add_mistake_row (AssayReport *self, const AssayReportRow *row, GBytes *thumbnail,
                                    GString *out);
void  assay_report_begin_making (AssayReport *self, GString *out);
void  assay_report_add_image_row (const AssayReportImage *image, GString *out);
void  assay_report_end_making   (AssayReport *self, GString *out);

G_END_DECLS
