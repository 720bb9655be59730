/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-history-private.h"

/* ---- said ---- */

typedef struct {
  char *sha256;
  char *label_set;
  char *label;                /* (nullable): nothing is known any more */
  char *source;
  gint64 when;
} Saying;

static void
saying_free (gpointer data)
{
  Saying *self = data;

  g_free (self->sha256);
  g_free (self->label_set);
  g_free (self->label);
  g_free (self->source);
  g_free (self);
}

static gboolean
forget (AssayStore *store,
        const Saying *saying,
        GError **error)
{
  sqlite3_stmt *remove = assay_store_prepare (
      store, "DELETE FROM truths WHERE sha256 = ?1 AND label_set = ?2", error);

  if (remove == NULL)
    return FALSE;
  assay_history_bind_hash (remove, 1, saying->sha256);
  assay_history_bind_hash (remove, 2, saying->label_set);
  return assay_store_run (store, remove, error);
}

static gboolean
set_truth_run (AssayStore *store,
               gpointer data,
               gpointer *result,
               GError **error)
{
  const Saying *saying = data;
  sqlite3_stmt *insert;

  if (saying->label == NULL)
    return forget (store, saying, error);
  insert = assay_store_prepare (
      store,
      "INSERT INTO truths (sha256, label_set, label, source, said) VALUES (?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT (sha256, label_set) DO UPDATE SET label = excluded.label,"
      " source = excluded.source, said = excluded.said",
      error);
  if (insert == NULL)
    return FALSE;
  assay_history_bind_hash (insert, 1, saying->sha256);
  assay_history_bind_hash (insert, 2, saying->label_set);
  sqlite3_bind_text (insert, 3, saying->label, -1, SQLITE_STATIC);
  sqlite3_bind_text (insert, 4, saying->source, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (insert, 5, saying->when);
  return assay_store_run (store, insert, error);
}

/**
 * assay_history_set_truth_async:
 * @sha256: of a picture's original bytes, hex
 * @label_set: hex, what assay_label_digest_set() makes of the model's labels
 * @label: (nullable): what it really shows; %NULL when that isn't known any more
 * @source: who says so, as its maker writes it
 *
 * Keeps the truth about a picture in the words of a model; the last word counts.
 */
void
assay_history_set_truth_async (AssayHistory *self,
                               const char *sha256,
                               const char *label_set,
                               const char *label,
                               const char *source,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  Saying *saying;

  g_return_if_fail (ASSAY_IS_HISTORY (self));
  g_return_if_fail (assay_history_is_hash (sha256));
  g_return_if_fail (assay_history_is_hash (label_set));
  g_return_if_fail (source != NULL);

  saying = g_new0 (Saying, 1);
  saying->sha256 = g_strdup (sha256);
  saying->label_set = g_strdup (label_set);
  saying->label = g_strdup (label);
  saying->source = g_strdup (source);
  saying->when = g_get_real_time ();
  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_set_truth_async, cancellable,
                                             callback, data),
                    ASSAY_JOB_WRITE, set_truth_run, saying, saying_free, NULL);
}

gboolean
assay_history_set_truth_finish (AssayHistory *self,
                                GAsyncResult *result,
                                GError **error)
{
  return assay_history_finish (self, result, assay_history_set_truth_async, error);
}

/* ---- asked ---- */

typedef struct {
  char **hashes;
  char *label_set;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_strfreev (self->hashes);
  g_free (self->label_set);
  g_free (self);
}

static AssayKeptTruth *
make_truth (sqlite3_stmt *row)
{
  AssayKeptTruth *truth = g_new0 (AssayKeptTruth, 1);

  truth->label = assay_history_dup_text (row, 0);
  truth->source = assay_history_dup_text (row, 1);
  truth->when = sqlite3_column_int64 (row, 2);
  return truth;
}

static gboolean
truths_run (AssayStore *store,
            gpointer data,
            gpointer *result,
            GError **error)
{
  const Question *question = data;
  g_autoptr (GHashTable) truths =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) assay_kept_truth_free);
  sqlite3_stmt *find = assay_store_prepare (
      store, "SELECT label, source, said FROM truths WHERE sha256 = ?1 AND label_set = ?2", error);

  if (find == NULL)
    return FALSE;
  for (char **hash = question->hashes; *hash != NULL; hash++)
    {
      int rc;

      assay_history_bind_hash (find, 1, *hash);
      assay_history_bind_hash (find, 2, question->label_set);
      rc = assay_store_step (store, find, error);
      if (rc == SQLITE_ROW)
        g_hash_table_insert (truths, g_strdup (*hash), make_truth (find));
      else if (rc != SQLITE_DONE)
        return FALSE;
      sqlite3_reset (find);
    }
  *result = g_steal_pointer (&truths);
  return TRUE;
}

/**
 * assay_history_truths_async:
 * @hashes: (array zero-terminated=1): SHA-256 of pictures' original bytes, hex; of
 *   no more than %ASSAY_LIMIT_HISTORY_HASHES the truth is looked for
 * @label_set: in whose labels, as for assay_history_set_truth_async()
 */
void
assay_history_truths_async (AssayHistory *self,
                            const char *const *hashes,
                            const char *label_set,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  Question *question;

  g_return_if_fail (ASSAY_IS_HISTORY (self));
  g_return_if_fail (hashes != NULL);
  g_return_if_fail (assay_history_is_hash (label_set));

  question = g_new0 (Question, 1);
  question->hashes = assay_history_dup_hashes (hashes);
  question->label_set = g_strdup (label_set);
  assay_store_push (assay_history_get_store (self),
                    assay_history_make_task (self, assay_history_truths_async, cancellable,
                                             callback, data),
                    ASSAY_JOB_READ, truths_run, question, question_free,
                    (GDestroyNotify) g_hash_table_unref);
}

/**
 * assay_history_truths_finish:
 * @error: %ASSAY_ERROR_UNREADABLE
 *
 * Returns: (transfer full) (element-type utf8 AssayKeptTruth): what is known, by hash
 */
GHashTable *
assay_history_truths_finish (AssayHistory *self,
                             GAsyncResult *result,
                             GError **error)
{
  return assay_history_finish_value (self, result, assay_history_truths_async, error);
}
