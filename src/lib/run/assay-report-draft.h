/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connection.h"
#include "assay-item.h"
#include "assay-report.h"

G_BEGIN_DECLS

/**
 * AssayReportDraft:
 *
 * A report while its images come in, in any order: it keeps the worst mistakes and the
 * flips, and takes care that the page says nothing of where the images lie and of what
 * address a service has.  One thread at a time.
 */
typedef struct _AssayReportDraft AssayReportDraft;

AssayReportDraft *assay_report_draft_new         (double threshold);
void              assay_report_draft_free        (AssayReportDraft *self);
void              assay_report_draft_add_version (AssayReportDraft *self, const AssayReportVersion *version,
                                                  AssayEvaluation *evaluation);
void              assay_report_draft_set_extent  (AssayReportDraft *self, const AssayReportExtent *extent);
void              assay_report_draft_add_image   (AssayReportDraft *self, AssayItem *item);
void              assay_report_draft_add_mistake (AssayReportDraft *self, AssaySource *source,
                                                  const char *truth, AssayPrediction *prediction);
void              assay_report_draft_add_flip    (AssayReportDraft *self, AssaySource *source,
                                                  const char *truth, AssayChange change,
                                                  AssayPrediction *a, AssayPrediction *b);
AssayReport      *assay_report_draft_end         (AssayReportDraft *self, AssayComparison *comparison);

char             *assay_report_dup_title         (const char *model, const char *version, const char *service,
                                                  const char *other_model, const char *other_version,
                                                  const char *other_service, gboolean begins);
const char       *assay_report_find_service      (AssayConnection *connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReportDraft, assay_report_draft_free)

G_END_DECLS
