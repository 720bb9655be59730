/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-run.h"

G_BEGIN_DECLS

/**
 * AssayCliProgress:
 *
 * The progress line on standard error: one line, written over.
 */
typedef struct _AssayCliProgress AssayCliProgress;

AssayCliProgress *assay_cli_progress_new    (const char *when, GError **error);
void              assay_cli_progress_free   (AssayCliProgress *self);
void              assay_cli_progress_follow (AssayCliProgress *self, AssayRun *run);
void              assay_cli_progress_set_walking (AssayCliProgress *self, gboolean walking);
void              assay_cli_progress_clear  (AssayCliProgress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliProgress, assay_cli_progress_free)

G_END_DECLS
