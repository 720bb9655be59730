/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-comparison.h"
#include "assay-evaluation.h"

G_BEGIN_DECLS

/**
 * AssayReport:
 *
 * What one or two versions said of images, as one HTML file that needs nothing else: no
 * script, no other file, no network.  It is filled with plain values, of which it takes
 * copies, and written piece by piece, so that not all thumbnails are in memory at once.
 * Whoever fills it keeps addresses, paths and secrets out: names are shown as they are.
 * Filled on one thread; once filled it may be written on another.
 */
typedef struct _AssayReport AssayReport;

/* One that was asked. */
typedef struct {
  const char *title;          /* within a sentence: "version 2" */
  const char *first;          /* (nullable): at the beginning of one, if that is another: "Version 2" */
  const char *model;          /* (nullable) */
  const char *version;        /* (nullable) */
  const char *service;        /* (nullable): the connection's name, never its address */
  const char *answered;       /* (nullable): when, if not by this run: "recorded" */
} AssayReportVersion;

/* How many images there are of which kind. */
typedef struct {
  guint n_given;
  guint n_unanswered;         /* not answered, or not by both */
  guint n_without_truth;      /* of those answered */
  const char *truth;          /* (nullable): where the truth comes from, for people */
} AssayReportExtent;

/* Takes the next piece of the file. */
typedef gboolean (*AssayReportPut)  (const char *text, gsize length, gpointer data, GError **error);

/* A thumbnail as a whole file, JPEG or PNG: (transfer full) (nullable).  None without an
 * error is one that can't be had. */
typedef GBytes  *(*AssayReportShow) (GObject *picture, gpointer data, GError **error);

AssayReport *assay_report_new            (gint64 when, double threshold);
void         assay_report_free           (AssayReport *self);
void         assay_report_add_version    (AssayReport *self, const AssayReportVersion *version,
                                          AssayEvaluation *evaluation);
void         assay_report_set_comparison (AssayReport *self, AssayComparison *comparison);
void         assay_report_set_extent     (AssayReport *self, const AssayReportExtent *extent);
void         assay_report_add_flip       (AssayReport *self, const char *name, const char *truth,
                                          AssayChange change, AssayPrediction *a, AssayPrediction *b,
                                          GObject *picture);
void         assay_report_add_mistake    (AssayReport *self, const char *name, const char *truth,
                                          AssayPrediction *prediction, GObject *picture);
void         assay_report_count_mistakes (AssayReport *self, guint n);
void         assay_report_add_image      (AssayReport *self, const char *name, const char *sha256);
char        *assay_report_dup_headline   (AssayReport *self);
gboolean     assay_report_write          (AssayReport *self, AssayReportPut put, AssayReportShow show,
                                          gpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReport, assay_report_free)

G_END_DECLS
