/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-item.h"

G_BEGIN_DECLS

/**
 * AssayBacklog:
 *
 * Items that nobody has asked about yet and nobody looks at, first in, first out,
 * in little memory: of a file on this machine only its path and what its first
 * bytes said, of anything else its source.  One thread.
 */
typedef struct _AssayBacklog AssayBacklog;

AssayBacklog *assay_backlog_new        (void);
void          assay_backlog_free       (AssayBacklog *self);
void          assay_backlog_push       (AssayBacklog *self, AssayItem *item);
AssayItem    *assay_backlog_pop        (AssayBacklog *self);
guint         assay_backlog_get_length (AssayBacklog *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBacklog, assay_backlog_free)

G_END_DECLS
