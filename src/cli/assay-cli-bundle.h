/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-cli-options.h"
#include "assay-cli-past.h"

G_BEGIN_DECLS

/* What "history export --bundle" was asked for. */
typedef struct {
  gint64 runs[2];
  guint n_runs;
  char *file;
  char *from;                 /* (nullable): where the truth comes from */
  double threshold;
  gboolean no_truth;          /* nobody says what the pictures show */
  gboolean no_marks;          /* nor does it count what somebody has said of one by hand */
} AssayCliBundleOptions;

int assay_cli_bundle_export (const AssayCliBundleOptions *options);
int assay_cli_bundle_judged (AssayCliOptions *options, guint n_runs, const char *from, int status);

G_END_DECLS
