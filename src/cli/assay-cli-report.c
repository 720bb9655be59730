/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-cli-report.h"
#include "assay-report-file.h"

/**
 * assay_cli_report_dup_origin:
 * @from: (nullable): where the truth comes from, as typed
 *
 * Returns: (transfer full) (nullable): the same for people: of a table its name alone
 */
char *
assay_cli_report_dup_origin (const char *from)
{
  if (from == NULL)
    return NULL;
  if (g_str_equal (from, "folders"))
    return g_strdup (_("the names of the folders"));
  return g_path_get_basename (from);
}

/**
 * assay_cli_report_save:
 * @draft: all of it
 * @comparison: (nullable): of two versions
 * @path: of the file, as typed
 * @error: %ASSAY_ERROR_FAILED
 *
 * Returns: whether all of it is written
 */
gboolean
assay_cli_report_save (AssayReportDraft *draft,
                       AssayComparison *comparison,
                       const char *path,
                       GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (AssayReport) report = assay_report_draft_end (draft, comparison);

  return assay_report_save (report, file, NULL, error);
}
