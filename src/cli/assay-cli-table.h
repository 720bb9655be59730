/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ASSAY_CLI_TABLE_COLUMNS 4

/**
 * AssayCliTable:
 *
 * Aligned columns of text that is safe for a terminal.
 */
typedef struct _AssayCliTable AssayCliTable;

AssayCliTable *assay_cli_table_new       (const char *const titles[ASSAY_CLI_TABLE_COLUMNS]);
void           assay_cli_table_free      (AssayCliTable *self);
void           assay_cli_table_set_right (AssayCliTable *self, guint column);
void           assay_cli_table_add       (AssayCliTable *self, guint order, const char *const cells[ASSAY_CLI_TABLE_COLUMNS]);
char          *assay_cli_table_format    (AssayCliTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliTable, assay_cli_table_free)

G_END_DECLS
