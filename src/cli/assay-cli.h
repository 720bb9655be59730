/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What scripts go by; never renumbered. */
typedef enum {
  ASSAY_CLI_OK = 0,           /* everything was answered */
  ASSAY_CLI_SOME_FAILED = 1,  /* some items failed or were rejected */
  ASSAY_CLI_USAGE = 2,
  ASSAY_CLI_NO_SERVICE = 3,   /* could not connect or sign in */
  ASSAY_CLI_GATE = 4,         /* what was asked for was not reached */
  ASSAY_CLI_INTERRUPTED = 130,
} AssayCliStatus;

/* A command below another one. */
typedef struct {
  const char *name;
  const char *summary;        /* to be translated */
  int (*run) (int argc, char **argv);
} AssayCliCommand;

int  assay_cli_run_below        (const char *above, const char *usage, const AssayCliCommand *commands, guint n_commands,
                                 int argc, char **argv);

/* The commands, one file each. */
int  assay_cli_classify         (int argc, char **argv);
int  assay_cli_compare          (int argc, char **argv);
int  assay_cli_connection       (int argc, char **argv);
int  assay_cli_evaluate         (int argc, char **argv);
int  assay_cli_history          (int argc, char **argv);
int  assay_cli_models           (int argc, char **argv);
int  assay_cli_verify           (int argc, char **argv);

void assay_cli_complain         (const char *subject, const char *message);
int  assay_cli_complain_usage   (const char *command, const GError *error);
int  assay_cli_status_for_error (const GError *error);

G_END_DECLS
