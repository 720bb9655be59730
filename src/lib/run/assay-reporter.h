/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-report-draft.h"
#include "assay-trimmer.h"

G_BEGIN_DECLS

/* The report about items that are in memory, for a program with a main loop. */

/* One that was asked. */
typedef struct {
  AssayTarget *target;
  const char *service;        /* (nullable): see assay_report_find_service() */
  const char *answered;       /* (nullable): when, if it was not asked now: "recorded" */
} AssayReporterSide;

/* What the report is about. */
typedef struct {
  GPtrArray *items;           /* (element-type AssayItem): not to be changed meanwhile */
  const AssayReporterSide *baseline; /* (nullable): none for a report about one */
  const AssayReporterSide *candidate;
  const char *table;          /* (nullable): the name of the table that says what they show */
  double threshold;           /* below which an answer counts as unsure, 0…1 */
} AssayReporterAsk;

void     assay_reporter_write_async  (const AssayReporterAsk *ask, GFile *file, AssayTrimmer *trimmer,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer data);
gboolean assay_reporter_write_finish (GAsyncResult *result, GError **error);

G_END_DECLS
