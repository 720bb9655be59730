/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AssayCliLoop:
 *
 * The only main loop of assay-cli, and what an interrupt does to it: the first
 * cancels and lets the command finish what is under way, the second lets it say
 * what it has, the third ends it there.
 */
typedef struct _AssayCliLoop AssayCliLoop;

typedef void (*AssayCliInterrupted) (gpointer data);

AssayCliLoop *assay_cli_loop_new            (AssayCliInterrupted interrupted, gpointer data);
void          assay_cli_loop_free           (AssayCliLoop *self);
GCancellable *assay_cli_loop_get_cancellable (AssayCliLoop *self);
gboolean      assay_cli_loop_is_interrupted (AssayCliLoop *self);
gboolean      assay_cli_loop_is_urgent      (AssayCliLoop *self);
void          assay_cli_loop_quit           (AssayCliLoop *self, int status);
int           assay_cli_loop_run            (AssayCliLoop *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliLoop, assay_cli_loop_free)

G_END_DECLS
