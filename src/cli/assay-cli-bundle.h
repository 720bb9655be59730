/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-cli-past.h"

G_BEGIN_DECLS

/* What "history export --bundle" was asked for. */
typedef struct {
  gint64 runs[2];
  guint n_runs;
  char *file;
  char *from;                 /* (nullable): where the truth comes from */
  double threshold;
} AssayCliBundleOptions;

int assay_cli_bundle_export (const AssayCliBundleOptions *options);

G_END_DECLS
