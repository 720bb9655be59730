/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-client.h"
#include "assay-kept.h"

G_BEGIN_DECLS

/**
 * AssayCliConnect:
 *
 * Whom a command speaks to: the options for it, and what is made of them.
 */
typedef struct _AssayCliConnect AssayCliConnect;

/* What has become of the built-in service; @gone: it is not started again. */
typedef void (*AssayCliConnectTell) (const char *sentence, const GError *gone, gpointer data);

AssayCliConnect *assay_cli_connect_new         (void);
void             assay_cli_connect_free        (AssayCliConnect *self);
void             assay_cli_connect_set_name    (AssayCliConnect *self, const char *name);
void             assay_cli_connect_adopt        (AssayCliConnect *self, const AssayKeptRun *run);
void             assay_cli_connect_add_options (AssayCliConnect *self, GOptionContext *context);
gboolean         assay_cli_connect_reads_stdin (AssayCliConnect *self);
gboolean         assay_cli_connect_check       (AssayCliConnect *self, GError **error);
void             assay_cli_connect_open_async  (AssayCliConnect *self, guint jobs, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer data);
gboolean         assay_cli_connect_open_finish (AssayCliConnect *self, GAsyncResult *result, GError **error);
AssayConnection *assay_cli_connect_get_connection (AssayCliConnect *self);
AssayClient     *assay_cli_connect_get_client  (AssayCliConnect *self);
void             assay_cli_connect_set_tell    (AssayCliConnect *self, AssayCliConnectTell tell, gpointer data);
gboolean         assay_cli_connect_can_list    (AssayCliConnect *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliConnect, assay_cli_connect_free)

G_END_DECLS
