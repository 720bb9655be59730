/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-intake.h"

G_BEGIN_DECLS

/**
 * AssayCliInput:
 *
 * What a command was given: files, folders, "-" and "@LIST", in that order.
 */
typedef struct _AssayCliInput AssayCliInput;

AssayCliInput *assay_cli_input_new         (char **arguments, gboolean nul, gboolean stdin_taken, GError **error);
void           assay_cli_input_free        (AssayCliInput *self);
void           assay_cli_input_set_send_archives (AssayCliInput *self, gboolean send_archives);
void           assay_cli_input_read_async  (AssayCliInput *self, AssayIntakeBatch batch, gpointer batch_data,
                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean       assay_cli_input_read_finish (AssayCliInput *self, GAsyncResult *result, GError **error);
guint          assay_cli_input_get_n_left_out (AssayCliInput *self);
char          *assay_cli_input_dup_path    (AssayCliInput *self, AssaySource *source);
char          *assay_cli_input_dup_label   (AssayCliInput *self, AssaySource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliInput, assay_cli_input_free)

G_END_DECLS
