/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-cli-loop.h"
#include "assay-connections.h"

G_BEGIN_DECLS

/**
 * AssayCliStore:
 *
 * The saved connections and their secrets, as the commands on them need both.
 */
typedef struct {
  AssayCliLoop *loop;
  AssayConnections *connections;
  AssaySecrets *secrets;
} AssayCliStore;

AssayCliStore   *assay_cli_store_open   (GError **error);
void             assay_cli_store_free   (AssayCliStore *self);
AssayConnection *assay_cli_store_find   (AssayCliStore *self, const char *name, GError **error);
int              assay_cli_store_add    (AssayCliStore *self, AssayConnection *connection, const char *secret,
                                         GError **error);
const char      *assay_cli_auth_name    (AssayAuth auth);
char            *assay_cli_parse_words  (const char *parameters, const GOptionEntry *entries, int argc, char **argv,
                                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliStore, assay_cli_store_free)

G_END_DECLS
