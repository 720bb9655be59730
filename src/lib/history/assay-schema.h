/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include <glib.h>

G_BEGIN_DECLS

/* How the file is laid out; this room only. */

typedef enum {
  ASSAY_SCHEMA_EMPTY,         /* nothing in it yet */
  ASSAY_SCHEMA_OLDER,         /* to be brought up to date */
  ASSAY_SCHEMA_CURRENT,
  ASSAY_SCHEMA_NEWER,         /* made by a later Assay: not to be touched */
  ASSAY_SCHEMA_FOREIGN,       /* a database, but not ours: not to be touched */
} AssaySchemaKind;

int assay_schema_get_version (void);
int assay_schema_inspect     (sqlite3 *db, AssaySchemaKind *kind, int *version);
int assay_schema_migrate     (sqlite3 *db);

G_END_DECLS
