/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-secrets.h"

G_BEGIN_DECLS

/* Secrets as a command gets them: from a file, standard input or the environment,
 * never as an argument.  Free them with assay_secret_free(). */
char *assay_cli_secret_read        (const char *path, GError **error);
char *assay_cli_secret_from_environment (AssaySecretRole role);

G_END_DECLS
