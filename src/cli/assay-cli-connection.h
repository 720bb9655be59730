/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The commands below "connection", one file each; they return the exit status. */
int assay_cli_connection_list   (int argc, char **argv);
int assay_cli_connection_show   (int argc, char **argv);
int assay_cli_connection_add    (int argc, char **argv);
int assay_cli_connection_import (int argc, char **argv);
int assay_cli_connection_test   (int argc, char **argv);
int assay_cli_connection_remove (int argc, char **argv);

G_END_DECLS
