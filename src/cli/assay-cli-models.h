/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The commands below "models", one file each; they return the exit status. */
int assay_cli_models_list   (int argc, char **argv);
int assay_cli_models_add    (int argc, char **argv);
int assay_cli_models_remove (int argc, char **argv);

G_END_DECLS
