/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-history.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_HISTORY_ENTRY (assay_history_entry_get_type ())

/**
 * AssayHistoryEntry:
 *
 * A kept run as an object, so that it can stand in a list.  Immutable.
 */
G_DECLARE_FINAL_TYPE (AssayHistoryEntry, assay_history_entry, ASSAY, HISTORY_ENTRY, GObject)

AssayHistoryEntry  *assay_history_entry_new     (AssayKeptRun *run);
const AssayKeptRun *assay_history_entry_get_run (AssayHistoryEntry *self);

G_END_DECLS
