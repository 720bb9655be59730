/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-history-entry.h"

struct _AssayHistoryEntry {
  GObject parent_instance;

  AssayKeptRun *run;
};

G_DEFINE_FINAL_TYPE (AssayHistoryEntry, assay_history_entry, G_TYPE_OBJECT)

static void
assay_history_entry_finalize (GObject *object)
{
  g_clear_pointer (&ASSAY_HISTORY_ENTRY (object)->run, assay_kept_run_free);
  G_OBJECT_CLASS (assay_history_entry_parent_class)->finalize (object);
}

static void
assay_history_entry_class_init (AssayHistoryEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_history_entry_finalize;
}

static void
assay_history_entry_init (AssayHistoryEntry *self)
{
}

/**
 * assay_history_entry_new:
 * @run: (transfer full): what it stands for
 */
AssayHistoryEntry *
assay_history_entry_new (AssayKeptRun *run)
{
  AssayHistoryEntry *self = g_object_new (ASSAY_TYPE_HISTORY_ENTRY, NULL);

  self->run = run;
  return self;
}

const AssayKeptRun *
assay_history_entry_get_run (AssayHistoryEntry *self)
{
  g_return_val_if_fail (ASSAY_IS_HISTORY_ENTRY (self), NULL);

  return self->run;
}
