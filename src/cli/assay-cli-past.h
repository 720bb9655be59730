/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-cli-loop.h"
#include "assay-history.h"

G_BEGIN_DECLS

/**
 * AssayCliPast:
 *
 * One command that looks at the history: it opens it, does its part, and ends.
 */
typedef struct {
  AssayCliLoop *loop;
  AssayHistory *history;
  gpointer data;              /* the command's own */
  int status;
} AssayCliPast;

/* Begins the command's own part, which has to lead to assay_cli_past_end(). */
typedef void (*AssayCliPastStart) (AssayCliPast *past);

int      assay_cli_past_run       (AssayCliPastStart start, gpointer data);
void     assay_cli_past_end       (AssayCliPast *self, const GError *error);
gboolean assay_cli_past_parse_run (char **words, gint64 *run, GError **error);
char    *assay_cli_past_dup_time  (gint64 when);
char    *assay_cli_past_dup_what  (const AssayKeptRun *run);
char    *assay_cli_past_dup_result (const AssayKeptRun *run);
char    *assay_cli_past_dup_json  (const AssayKeptRun *run);

G_END_DECLS
