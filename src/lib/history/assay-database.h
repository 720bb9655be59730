/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include "assay-lock-file.h"

G_BEGIN_DECLS

/* The opened file and who else has it; this room only. */
typedef struct {
  sqlite3 *db;
  AssayLockFile *locks;
  guint64 device;             /* which file it is */
  guint64 inode;
} AssayDatabase;

gboolean assay_database_open       (AssayDatabase *self, const char *path, char **notice, GError **error);
void     assay_database_close      (AssayDatabase *self);
gboolean assay_database_is_there   (const AssayDatabase *self, const char *path);
char    *assay_database_set_aside  (AssayDatabase *self, const char *path, GError **error);
gboolean assay_database_is_damage  (int rc);
void     assay_database_set_error  (GError **error, const char *path, sqlite3 *db, int rc);

G_END_DECLS
