/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connection.h"

G_BEGIN_DECLS

/**
 * AssayCliFit:
 *
 * The options --fit-pixels and --fit-size as they were typed; nothing that was
 * not.
 */
typedef struct {
  char *pixels;
  char *size;
} AssayCliFit;

/* For an array of GOptionEntry. */
#define ASSAY_CLI_FIT_ENTRIES(self)                                                         \
  { "fit-pixels", 0, 0, G_OPTION_ARG_STRING, &(self)->pixels,                               \
    N_("Send a smaller copy of what has more pixels on its longer side (0: never)"),        \
    N_("N") },                                                                              \
  { "fit-size", 0, 0, G_OPTION_ARG_STRING, &(self)->size,                                   \
    N_("Send a smaller copy of what has more bytes (0: never)"), N_("N[K|M]") }

gboolean assay_cli_fit_apply       (const AssayCliFit *self, AssayConnection *connection, GError **error);
char    *assay_cli_fit_dup_pixels  (AssayConnection *connection);
char    *assay_cli_fit_dup_size    (AssayConnection *connection);
void     assay_cli_fit_clear       (AssayCliFit *self);

G_END_DECLS
