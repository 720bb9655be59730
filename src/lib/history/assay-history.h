/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-kept.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_HISTORY (assay_history_get_type ())

/**
 * AssayHistory:
 *
 * Runs, their items and answers, on disk.  Main thread; the database has a thread
 * of its own, and nothing here waits for it.
 *
 * Requests are done in the order in which they are made, and a callback that
 * reports success comes after the commit that kept the thing: whatever ends the
 * process from then on, it is there.  Answers share a commit with others for at
 * most %ASSAY_HISTORY_BATCH; anything else is done at once, with all before it.
 *
 * What is only looked at can be canceled (%G_IO_ERROR_CANCELLED).  What is to be
 * kept can not be taken back: its request ends as if it had not been canceled.
 *
 * A disk that is full or may not be written stops nobody: the request returns
 * %ASSAY_ERROR_NOT_SAVED, #AssayHistory:trouble says why, and what was to be kept
 * of runs, items, answers and truth is tried again, in order: with the first
 * request after %ASSAY_HISTORY_RETRY, by itself after as long, or by
 * assay_history_retry().  #AssayHistory:n-unsaved counts what waits; at 0 all that
 * was reported as not saved is.
 *
 * The file: 0600, in a folder 0700; SQLite, write-ahead log, synchronous FULL.  App
 * and command line may have it open at once.  A damaged file is given another name,
 * never deleted, and #AssayHistory:notice says so.  One that a newer Assay or
 * another program has made is refused (%ASSAY_ERROR_USAGE) and stays as it was.
 */
G_DECLARE_FINAL_TYPE (AssayHistory, assay_history, ASSAY, HISTORY, GObject)

#define ASSAY_TYPE_RECORDING (assay_recording_get_type ())

/**
 * AssayRecording:
 *
 * A run that this process is at.  While it lives no other process is offered the
 * run; that ends with assay_history_end_async(), assay_history_close_async() or
 * the process.
 */
typedef struct _AssayRecording AssayRecording;

GType           assay_recording_get_type (void);
AssayRecording *assay_recording_ref      (AssayRecording *self);
void            assay_recording_unref    (AssayRecording *self);
gint64          assay_recording_get_id   (AssayRecording *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRecording, assay_recording_unref)

typedef enum {
  ASSAY_HISTORY_ALL,          /* every item */
  ASSAY_HISTORY_LEFT,         /* those without an answer */
} AssayHistoryItems;

/* Which runs to remove: those that meet all that is given.  Runs that some process
 * is at stay. */
typedef struct {
  gint64 before;              /* started before this time (microseconds since 1970); 0 for any */
  guint keep_newest;          /* all but so many of the newest; 0 keeps none for its age */
  gint64 run;                 /* this one alone; 0 for any */
} AssayHistoryPrune;

/* Opening, trouble, closing: assay-history.c */
char           *assay_history_dup_default_path (void);
AssayHistory   *assay_history_new            (const char *path);
const char     *assay_history_get_path       (AssayHistory *self);
const GError   *assay_history_get_trouble    (AssayHistory *self);
guint           assay_history_get_n_unsaved  (AssayHistory *self);
const char     *assay_history_get_notice     (AssayHistory *self);
void            assay_history_retry          (AssayHistory *self);
void            assay_history_open_async     (AssayHistory *self, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
gboolean        assay_history_open_finish    (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_close_async    (AssayHistory *self, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
gboolean        assay_history_close_finish   (AssayHistory *self, GAsyncResult *result, GError **error);

/* Keeping: assay-history-keep.c */
AssayRecording *assay_history_begin_async    (AssayHistory *self, const AssayKeptRun *run, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
gboolean        assay_history_begin_finish   (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_add_async      (AssayHistory *self, AssayRecording *recording, GPtrArray *items,
                                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean        assay_history_add_finish     (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_keep_async     (AssayHistory *self, AssayRecording *recording, AssayKeptAnswer *answer,
                                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean        assay_history_keep_finish    (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_end_async      (AssayHistory *self, AssayRecording *recording, AssayKeptState state,
                                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
void            assay_history_end_at_async   (AssayHistory *self, AssayRecording *recording, AssayKeptState state, gint64 when,
                                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean        assay_history_end_finish     (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_resume_async   (AssayHistory *self, gint64 run, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
AssayRecording *assay_history_resume_finish  (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_prune_async    (AssayHistory *self, const AssayHistoryPrune *what, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
gboolean        assay_history_prune_finish   (AssayHistory *self, GAsyncResult *result, guint *n_removed, GError **error);

/* Looking: assay-history-load.c */
void            assay_history_list_async     (AssayHistory *self, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
GPtrArray      *assay_history_list_finish    (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_list_interrupted_async  (AssayHistory *self, GCancellable *cancellable,
                                                       GAsyncReadyCallback callback, gpointer data);
GPtrArray      *assay_history_list_interrupted_finish (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_find_async     (AssayHistory *self, gint64 run, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
AssayKeptRun   *assay_history_find_finish    (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_load_async     (AssayHistory *self, gint64 run, AssayHistoryItems which,
                                              gint64 after, guint n, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer data);
GPtrArray      *assay_history_load_finish    (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_answers_async  (AssayHistory *self, AssayTarget *target, const char *const *hashes,
                                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GHashTable     *assay_history_answers_finish (AssayHistory *self, GAsyncResult *result, GError **error);

/* Truth: assay-history-truth.c */
void            assay_history_set_truth_async  (AssayHistory *self, const char *sha256, const char *label_set,
                                                const char *label, const char *source, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer data);
gboolean        assay_history_set_truth_finish (AssayHistory *self, GAsyncResult *result, GError **error);
void            assay_history_truths_async     (AssayHistory *self, const char *const *hashes,
                                                const char *label_set, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer data);
GHashTable     *assay_history_truths_finish    (AssayHistory *self, GAsyncResult *result, GError **error);

G_END_DECLS
