/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-export.h"
#include "assay-item.h"
#include "assay-trimmer.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_EXPORTER_CSV,
  ASSAY_EXPORTER_JSON,
  ASSAY_EXPORTER_NDJSON,
} AssayExporterFormat;

gboolean assay_exporter_find_format  (const char *name, AssayExporterFormat *format);
char    *assay_exporter_dup_line     (AssayExporterFormat format, AssayItem *item, AssayAnswer *answer,
                                      AssayPrediction *prediction, const char *path, guint top);
void     assay_exporter_write_async  (GPtrArray *items, GPtrArray *targets, AssayExporterFormat format, GFile *file,
                                      AssayTrimmer *trimmer, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
void     assay_exporter_write_judged_async (GPtrArray *items, AssayTarget *baseline, AssayTarget *candidate,
                                      AssayExporterFormat format, GFile *file, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer data);
gboolean assay_exporter_write_finish (GAsyncResult *result, GError **error);

G_END_DECLS
