/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-cli-options.h"

G_BEGIN_DECLS

/* What a command makes of the answers.  Each may fail: then nothing more is asked. */
typedef struct {
  /* When the line makes sense, and nothing has been done yet; what fails is wrong usage. */
  gboolean (*prepare) (gpointer data, GError **error);
  /* Before the first. */
  gboolean (*begin) (gpointer data, GError **error);
  /* @which: the place of the one asked; @answer is NULL for what would be sent in a dry
   * run; @path: as other formats than a table have it, @label: for people. */
  gboolean (*take) (gpointer data, guint which, AssayItem *item, AssayAnswer *answer,
                    const char *path, GError **error);
  /* After the last. */
  gboolean (*end) (gpointer data, GError **error);
  /* (nullable): the exit status, where the job itself would end with @status */
  int (*judge) (gpointer data, int status);
} AssayCliSink;

/* One that is asked. */
typedef struct {
  AssayCliConnect *connect;
  const char *model;          /* (nullable) as typed */
  const char *version;        /* (nullable) */
} AssayCliAsked;

#define ASSAY_CLI_ASKED_MAX 2

int  assay_cli_job_run       (const char *command, AssayCliOptions *options,
                              const AssayCliAsked *asked, guint n_asked,
                              const AssayCliSink *sink, gpointer data);

G_END_DECLS
