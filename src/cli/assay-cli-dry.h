/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-connection.h"
#include "assay-item.h"

G_BEGIN_DECLS

/**
 * AssayCliDry:
 *
 * Does to each item what a run does before it sends: reads, checks and converts
 * it, one at a time, and says what would become of it.
 */
typedef struct _AssayCliDry AssayCliDry;

/* With @answer NULL the item would be sent; with @item NULL there are no more for now. */
typedef void (*AssayCliDryDone) (AssayItem *item, AssayAnswer *answer, gpointer data);

AssayCliDry *assay_cli_dry_new       (gboolean convert, AssayConnection *connection, AssayCliDryDone done, gpointer data);
void         assay_cli_dry_free      (AssayCliDry *self);
void         assay_cli_dry_add       (AssayCliDry *self, GPtrArray *items);
void         assay_cli_dry_cancel    (AssayCliDry *self);
gboolean     assay_cli_dry_is_active (AssayCliDry *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCliDry, assay_cli_dry_free)

G_END_DECLS
