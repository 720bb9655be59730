/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-cli-connect.h"
#include "assay-item.h"
#include "assay-report.h"

G_BEGIN_DECLS

/**
 * AssayCliReport:
 *
 * The report for people that the commands that judge were asked for: its file, its images,
 * and the worst mistakes so far.
 */
typedef struct _AssayCliReport AssayCliReport;

AssayCliReport *assay_cli_report_new         (const char *path, double threshold);
void            assay_cli_report_free        (AssayCliReport *self);
AssayReport    *assay_cli_report_get_page    (AssayCliReport *self);
void            assay_cli_report_add_image   (AssayCliReport *self, AssayItem *item);
void            assay_cli_report_add_mistake (AssayCliReport *self, AssaySource *source, const char *truth,
                                              AssayPrediction *prediction);
void            assay_cli_report_add_flip    (AssayCliReport *self, AssaySource *source, const char *truth,
                                              AssayChange change, AssayPrediction *a, AssayPrediction *b);
void            assay_cli_report_set_extent  (AssayCliReport *self, guint n_given, guint n_unanswered,
                                              guint n_without_truth, const char *from);
const char     *assay_cli_report_get_service (AssayCliConnect *connect);
gboolean        assay_cli_report_save        (AssayCliReport *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliReport, assay_cli_report_free)

G_END_DECLS
