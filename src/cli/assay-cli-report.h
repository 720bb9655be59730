/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-report-draft.h"

G_BEGIN_DECLS

/* The report for people that the commands that judge were asked for. */

char     *assay_cli_report_dup_origin (const char *from);
gboolean  assay_cli_report_save       (AssayReportDraft *draft, AssayComparison *comparison,
                                       const char *path, GError **error);

G_END_DECLS
