/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-cli-connect.h"
#include "assay-cli-fit.h"
#include "assay-cli-output.h"

G_BEGIN_DECLS

/* What was typed after "classify", but for the service, checked. */
typedef struct {
  char *model;                /* (nullable) */
  char *version;              /* (nullable) */
  char *output;               /* (nullable) */
  char *progress;             /* (nullable) */
  char **paths;               /* (nullable) */
  gint64 run;                 /* to go on with, 0 for the newest that was interrupted */
  AssayCliFit fit;
  AssayCliFormat format;
  double threshold;           /* 0…1 */
  int jobs;
  int batch;
  int retries;
  int top;                    /* 0 for as many as the format is used to */
  int limit;                  /* 0 for none */
  gboolean convert;
  gboolean send_archives;     /* as they are */
  gboolean dry_run;
  gboolean nul;
  gboolean resume;            /* set before: it is a run that goes on */
  const GOptionEntry *judge;  /* set before (nullable): answers are judged, with these options */
  const char *usage;          /* set before, with judge: what stands behind the command */
  gboolean no_history;
  char *bundle;               /* (nullable): where the evidence goes */
  gint64 kept[2];             /* the runs in the history, when all is over; 0 for none */
} AssayCliOptions;

gboolean assay_cli_share_parse (const char *text, double *share);
gboolean assay_cli_options_parse (AssayCliOptions *self, AssayCliConnect *connect, int argc, char **argv, GError **error);
char    *assay_cli_options_dup_kept (const AssayCliOptions *self);
void     assay_cli_options_take_kept (AssayCliOptions *self, const char *kept);
void     assay_cli_options_clear (AssayCliOptions *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayCliOptions, assay_cli_options_clear)

G_END_DECLS
