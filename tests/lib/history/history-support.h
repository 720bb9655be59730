/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-history.h"

/* A history in a folder of its own, and its requests as calls that wait.  Each
 * gives what its _finish gives. */
typedef struct {
  char *folder;
  char *path;
  AssayHistory *history;
} Place;

void             place_set_up       (Place *place, gconstpointer data);
void             place_tear_down    (Place *place, gconstpointer data);
void             place_reopen       (Place *place);

void             await_result       (GObject *source, GAsyncResult *result, gpointer data);
guint            be_patient         (void);
GAsyncResult    *await              (GAsyncResult **result);

gboolean         do_open            (AssayHistory *history, GError **error);
gboolean         do_close           (AssayHistory *history, GError **error);
AssayRecording  *do_begin           (AssayHistory *history, const char *name, const char *version, guint given);
gboolean         do_add             (AssayHistory *history, AssayRecording *recording, guint first, guint n, GError **error);
gboolean         do_keep            (AssayHistory *history, AssayRecording *recording, AssayKeptAnswer *answer, GError **error);
gboolean         do_end             (AssayHistory *history, AssayRecording *recording, AssayKeptState state, GError **error);
AssayRecording  *do_resume          (AssayHistory *history, gint64 run, GError **error);
int              do_prune           (AssayHistory *history, const AssayHistoryPrune *what, GError **error);
GPtrArray       *do_list            (AssayHistory *history, GError **error);
GPtrArray       *do_list_interrupted (AssayHistory *history, GError **error);
AssayKeptRun    *do_find            (AssayHistory *history, gint64 run, GError **error);
GPtrArray       *do_load            (AssayHistory *history, gint64 run, AssayHistoryItems which, gint64 after, guint n, GError **error);
GHashTable      *do_answers         (AssayHistory *history, AssayTarget *target, const char *const *hashes, GError **error);

AssayPrediction *make_prediction    (guint seed, guint n_labels);
AssayKeptAnswer *make_answered      (guint position, guint seed);
AssayKeptAnswer *make_failed        (guint position, AssayAnswerState state, int code);
GPtrArray       *make_items         (guint first, guint n);

int              query_number       (const char *path, const char *sql);
char            *query_text         (const char *path, const char *sql);
void             execute_sql        (const char *path, const char *sql);
void             check_integrity    (const char *path);
