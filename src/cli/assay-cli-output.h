/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-item.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_CLI_TABLE,
  ASSAY_CLI_JSON,
  ASSAY_CLI_NDJSON,
  ASSAY_CLI_CSV,
} AssayCliFormat;

/**
 * AssayCliOutput:
 *
 * Where results go: standard output or a file, in one of the formats.  ndjson
 * and csv are written as items finish, table and json at the end in the order
 * given.  An item is not kept: of it stay only the words to be written.
 */
typedef struct _AssayCliOutput AssayCliOutput;

gboolean        assay_cli_format_parse    (const char *name, AssayCliFormat *format);
AssayCliOutput *assay_cli_output_new      (AssayCliFormat format, const char *path, guint top, double threshold, GError **error);
void            assay_cli_output_free     (AssayCliOutput *self);
gboolean        assay_cli_output_begin    (AssayCliOutput *self, GError **error);
gboolean        assay_cli_output_add      (AssayCliOutput *self, AssayItem *item, AssayAnswer *answer, const char *path, GError **error);
gboolean        assay_cli_output_end      (AssayCliOutput *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliOutput, assay_cli_output_free)

G_END_DECLS
