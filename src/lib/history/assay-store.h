/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * AssayStore:
 *
 * The database and its thread: a queue of jobs, one commit for each batch.  This
 * room only; nobody above sees SQLite.
 */
typedef struct _AssayStore AssayStore;

typedef enum {
  ASSAY_JOB_WRITE,            /* with others, in the next commit */
  ASSAY_JOB_WRITE_NOW,        /* the batch ends with it */
  ASSAY_JOB_WRITE_ONCE,       /* the same, and not done later if it can't be now */
  ASSAY_JOB_READ,             /* sees what was committed, with all that was asked before */
  ASSAY_JOB_CLOSE,            /* tries once more what isn't saved, and closes the file */
} AssayJobKind;

/**
 * AssayJobRun:
 * @store: its store; on the store's thread
 * @data: the job's own
 * @result: (out): what the task returns
 *
 * Does the work, perhaps more than once: a batch that could not be committed is
 * done again.  An error that is %ASSAY_ERROR_NOT_SAVED is the disk's; any other is
 * this job's own.
 */
typedef gboolean (*AssayJobRun) (AssayStore *store, gpointer data, gpointer *result, GError **error);

/* The state of the file, for whoever shows it. */
typedef struct {
  GError *trouble;            /* (nullable): why something isn't saved */
  guint n_unsaved;            /* jobs that wait to be tried again */
  char *notice;               /* (nullable): what became of a damaged file */
} AssayStoreState;

typedef void (*AssayStoreChanged) (gpointer owner, const AssayStoreState *state);

AssayStore   *assay_store_new       (const char *path, GObject *owner, AssayStoreChanged changed);
void          assay_store_free      (AssayStore *self);
void          assay_store_push      (AssayStore *self, GTask *task, AssayJobKind kind, AssayJobRun run,
                                     gpointer data, GDestroyNotify free_data, GDestroyNotify free_result);
void          assay_store_retry     (AssayStore *self);

/* On the store's thread, in jobs. */
sqlite3      *assay_store_get_db       (AssayStore *self);
gboolean      assay_store_take_run     (AssayStore *self, gint64 place);
void          assay_store_release_run  (AssayStore *self, gint64 place);
gboolean      assay_store_is_run_taken (AssayStore *self, gint64 place);
GHashTable   *assay_store_get_label_sets (AssayStore *self);
sqlite3_stmt *assay_store_prepare      (AssayStore *self, const char *sql, GError **error);
int           assay_store_step         (AssayStore *self, sqlite3_stmt *statement, GError **error);
gboolean      assay_store_run          (AssayStore *self, sqlite3_stmt *statement, GError **error);
void          assay_store_want_vacuum  (AssayStore *self);

G_END_DECLS
