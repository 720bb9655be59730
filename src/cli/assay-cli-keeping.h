/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connection.h"
#include "assay-recorder.h"

G_BEGIN_DECLS

/**
 * AssayCliKeeping:
 *
 * What the history is to a command that asks: where the run is written down, or
 * where it goes on from.  Without a history all of it does nothing.
 */
typedef struct _AssayCliKeeping AssayCliKeeping;

AssayCliKeeping *assay_cli_keeping_new           (void);
void             assay_cli_keeping_free          (AssayCliKeeping *self);
void             assay_cli_keeping_open_async    (AssayCliKeeping *self, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer data);
gboolean         assay_cli_keeping_open_finish   (AssayCliKeeping *self, GAsyncResult *result, GError **error);
void             assay_cli_keeping_resume_async  (AssayCliKeeping *self, gint64 id, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer data);
gboolean         assay_cli_keeping_resume_finish (AssayCliKeeping *self, GAsyncResult *result, GError **error);
const AssayKeptRun *assay_cli_keeping_get_run    (AssayCliKeeping *self);
GPtrArray       *assay_cli_keeping_get_left      (AssayCliKeeping *self);
void             assay_cli_keeping_follow        (AssayCliKeeping *self, AssayRun *run, AssayConnection *connection,
                                                  const char *name, const char *options);
void             assay_cli_keeping_add           (AssayCliKeeping *self, GPtrArray *items);
void             assay_cli_keeping_interrupt     (AssayCliKeeping *self);
void             assay_cli_keeping_close_async   (AssayCliKeeping *self, GAsyncReadyCallback callback, gpointer data);
gint64           assay_cli_keeping_close_finish  (AssayCliKeeping *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliKeeping, assay_cli_keeping_free)

G_END_DECLS
