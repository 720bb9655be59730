/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-report.h"

G_BEGIN_DECLS

/* A report with the thumbnails of its pictures, whose pictures are sources (AssaySource). */

gboolean assay_report_send        (AssayReport *report, GOutputStream *stream, GCancellable *cancellable,
                                   GError **error);
gboolean assay_report_save        (AssayReport *report, GFile *file, GCancellable *cancellable,
                                   GError **error);
void     assay_report_save_async  (AssayReport *report, GFile *file, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer data);
gboolean assay_report_save_finish (GAsyncResult *result, GError **error);

G_END_DECLS
