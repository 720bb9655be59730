/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-client.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_BUILTIN (assay_builtin_get_type ())

/**
 * AssayBuiltin:
 *
 * The local service as a child process: started when first needed, its client
 * secret handed in on standard input, its port read from standard output.  It
 * ends at the end of its standard input, so it cannot outlive this process.
 *
 * When it ends by itself it is started again, at another address and with another
 * secret: whoever else took the old address meanwhile would be sent what was meant
 * for it.  Every connection that was filled in follows; requests wait for that.
 * Three times within a minute, and it is left alone until somebody asks for it.
 *
 * Signals: "restarted", it listens again; "gone" (const GError *), it has ended and
 * is not started again.
 */
G_DECLARE_FINAL_TYPE (AssayBuiltin, assay_builtin, ASSAY, BUILTIN, GObject)

AssayBuiltin *assay_builtin_new          (void);
/* Starts the child if needed, fills in @connection (url, models-url, token-url,
 * client-id, auth) and gives @credentials its secret. */
void          assay_builtin_start_async  (AssayBuiltin *self, AssayConnection *connection, AssayCredentials *credentials,
                                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean      assay_builtin_start_finish (AssayBuiltin *self, GAsyncResult *result, GError **error);
gboolean      assay_builtin_is_running   (AssayBuiltin *self);
GPid          assay_builtin_get_pid      (AssayBuiltin *self);

/* Where the programs' own files are, installed or in the build tree; needs no environment. */
char         *assay_builtin_dup_program     (const char *program, GError **error);
char         *assay_builtin_dup_models_dir  (void);
char         *assay_builtin_dup_own_models_dir (void);
char         *assay_builtin_dup_samples_dir (void);

G_END_DECLS
