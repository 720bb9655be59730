/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The commands below "history", one file each; they return the exit status. */
int assay_cli_history_list   (int argc, char **argv);
int assay_cli_history_show   (int argc, char **argv);
int assay_cli_history_export (int argc, char **argv);
int assay_cli_history_import (int argc, char **argv);
int assay_cli_history_resume (int argc, char **argv);
int assay_cli_history_prune  (int argc, char **argv);

G_END_DECLS
