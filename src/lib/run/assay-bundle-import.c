/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "assay-bundle-import.h"
#include "assay-bundle-writer.h"
#include "assay-error.h"
#include "assay-label-match.h"
#include "assay-limits.h"

/* Who says what an image shows, where no person of this machine has said it. */
#define SOURCE "bundle"

/* Before the seal of the bundle, in the options of its runs. */
#define SEAL "bundle:"

/* Invariants: the runs before that of run are in the history; keys has of each of them
 * the key of its set of labels, NULL for one that has none. */
typedef struct {
  AssayBundle *bundle;
  AssayHistory *history;
  GArray *ids;                /* (element-type gint64) of the runs, in their order */
  GPtrArray *keys;            /* (element-type utf8), elements may be NULL */
  char *options;              /* (nullable) of its runs, by which it is known again */
  AssayRecording *recording;  /* (nullable) of the run that is written down */
  guint run;                  /* the next one to begin, or whose truth is looked at */
  guint image;                /* the next one whose truth is looked for */
  guint until;                /* behind the last one whose truth is being looked for */
} Import;

static void begin_next (GTask *task);
static void look_for_truth (GTask *task);

static void
import_free (gpointer data)
{
  Import *self = data;

  assay_bundle_free (self->bundle);
  g_object_unref (self->history);
  g_clear_pointer (&self->ids, g_array_unref);
  g_ptr_array_unref (self->keys);
  g_free (self->options);
  g_clear_pointer (&self->recording, assay_recording_unref);
  g_free (self);
}

/* ---- thumbnails ---- */

/**
 * assay_bundle_dup_thumbnail_folder:
 *
 * Returns: (transfer full): where thumbnails that came with bundles are, each under its
 *   image's hash: beside the history
 */
char *
assay_bundle_dup_thumbnail_folder (AssayHistory *history)
{
  g_autofree char *folder = g_path_get_dirname (assay_history_get_path (history));

  return g_build_filename (folder, "thumbnails", NULL);
}

static gboolean
write_thumbnails (AssayBundle *self,
                  const char *folder,
                  GCancellable *cancellable,
                  GError **error)
{
  GHashTableIter iter;
  gpointer hash;
  gpointer bytes;

  if (g_hash_table_size (self->thumbnails) == 0)
    return TRUE;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED, _("%s can't be made: %s"), folder,
                   g_strerror (errno));
      return FALSE;
    }
  g_hash_table_iter_init (&iter, self->thumbnails);
  while (g_hash_table_iter_next (&iter, &hash, &bytes))
    {
      g_autofree char *path = assay_bundle_dup_thumbnail_path (folder, hash);
      gsize length;
      const char *data = g_bytes_get_data (bytes, &length);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!g_file_test (path, G_FILE_TEST_EXISTS)
          && !g_file_set_contents_full (path, data, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT,
                                        0600, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- runs ---- */

static AssayKeptAnswer *
make_answer (const AssayBundleImage *image,
             const AssayBundleAnswer *answer,
             guint position)
{
  AssayKeptAnswer *kept = g_new0 (AssayKeptAnswer, 1);

  kept->position = position;
  kept->state = answer->state;
  if (answer->prediction != NULL)
    kept->prediction = assay_prediction_ref (answer->prediction);
  if (answer->state == ASSAY_ANSWER_FAILED || answer->state == ASSAY_ANSWER_REJECTED)
    kept->error = g_error_new (ASSAY_ERROR, answer->code,
                               _("It had no answer where the bundle was made (%s)"),
                               assay_error_code_name (answer->code));
  kept->sha256 = g_strdup (image->sha256);
  kept->sent_sha256 = g_strdup (answer->sent_sha256 != NULL ? answer->sent_sha256 : image->sha256);
  kept->attempts = answer->attempts;
  kept->seconds = answer->seconds;
  kept->when = answer->when;
  return kept;
}

/* No address: what was given lies on another machine. */
static AssayKeptItem *
make_item (const AssayBundleImage *image,
           guint position)
{
  AssayKeptItem *item = g_new0 (AssayKeptItem, 1);

  item->position = position;
  item->path = g_strdup (image->name);
  item->bytes = image->bytes;
  return item;
}

/* Both are done in the order asked, and the end of the run tells whether they were. */
static void
keep_answers (Import *self)
{
  g_autoptr (GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_kept_item_free);
  guint position = 0;

  for (guint i = 0; i < self->bundle->images->len; i++)
    if (assay_bundle_get_answer (self->bundle, self->run, i) != NULL)
      g_ptr_array_add (items, make_item (g_ptr_array_index (self->bundle->images, i), items->len));
  if (items->len > 0)
    assay_history_add_async (self->history, self->recording, g_steal_pointer (&items), NULL, NULL,
                             NULL);
  for (guint i = 0; i < self->bundle->images->len; i++)
    {
      const AssayBundleAnswer *answer = assay_bundle_get_answer (self->bundle, self->run, i);
      AssayKeptAnswer *kept;

      if (answer == NULL)
        continue;
      kept = make_answer (g_ptr_array_index (self->bundle->images, i), answer, position++);
      assay_history_keep_async (self->history, self->recording, kept, NULL, NULL, NULL);
    }
}

/* (transfer full) (nullable): what truth in the labels of the run is kept under. */
static char *
dup_key (Import *self)
{
  g_autoptr (AssayLabelMatch) match = assay_label_match_new ();

  for (guint i = 0; i < self->bundle->images->len; i++)
    {
      const AssayBundleAnswer *answer = assay_bundle_get_answer (self->bundle, self->run, i);
      guint n = answer != NULL && answer->prediction != NULL
                  ? assay_prediction_get_n (answer->prediction)
                  : 0;

      for (guint j = 0; j < n; j++)
        assay_label_match_add (match, assay_prediction_get_sent_label (answer->prediction, j));
    }
  return assay_label_match_dup_key (match);
}

static void
ended_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (GTask) task = data;
  Import *self = g_task_get_task_data (task);
  GError *error = NULL;
  gint64 id;

  if (!assay_history_end_finish (ASSAY_HISTORY (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  id = assay_recording_get_id (self->recording);
  g_array_append_val (self->ids, id);
  g_ptr_array_add (self->keys, dup_key (self));
  g_clear_pointer (&self->recording, assay_recording_unref);
  self->run++;
  begin_next (g_steal_pointer (&task));
}

static void
begin_next (GTask *task)
{
  Import *self = g_task_get_task_data (task);
  const AssayBundleRun *run;
  g_autoptr (AssayTarget) target = NULL;
  AssayKeptRun about = { 0 };

  if (self->run == self->bundle->runs->len)
    {
      self->run = 0;
      look_for_truth (task);
      return;
    }
  run = g_ptr_array_index (self->bundle->runs, self->run);
  /* A connection of its own: nobody here has asked it. */
  target = assay_target_new (SOURCE, run->model, run->version);
  about.name = run->name;
  about.started = run->started;
  about.target = target;
  about.connection_name = run->service;
  about.protocol = run->protocol;
  about.given = run->given;
  about.options = self->options;
  self->recording = assay_history_begin_async (self->history, &about, NULL, NULL, NULL);
  keep_answers (self);
  assay_history_end_at_async (self->history, self->recording, ASSAY_KEPT_FINISHED,
                              run->ended != 0 ? run->ended : run->started, NULL, ended_cb, task);
}

/* ---- truth ---- */

/* What a person of this machine has said stays. */
static void
set_truths (Import *self,
            GHashTable *known)
{
  const char *key = g_ptr_array_index (self->keys, self->run);

  for (; self->image < self->until; self->image++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->bundle->images, self->image);

      if (image->sha256 != NULL && image->truth != NULL
          && !g_hash_table_contains (known, image->sha256))
        assay_history_set_truth_async (self->history, image->sha256, key, image->truth, SOURCE,
                                       NULL, NULL, NULL);
    }
}

static void
truths_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Import *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GHashTable) known = assay_history_truths_finish (ASSAY_HISTORY (source), result,
                                                             &error);

  if (known == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  set_truths (self, known);
  look_for_truth (g_steal_pointer (&task));
}

/* Takes the task. */
static void
look_for_truth (GTask *task)
{
  Import *self = g_task_get_task_data (task);
  g_autoptr (GPtrArray) hashes = g_ptr_array_new ();

  while (self->run < self->keys->len
         && (self->image == self->bundle->images->len
             || g_ptr_array_index (self->keys, self->run) == NULL))
    {
      self->run++;
      self->image = 0;
    }
  if (self->run == self->keys->len)
    {
      g_task_return_pointer (task, g_steal_pointer (&self->ids), (GDestroyNotify) g_array_unref);
      g_object_unref (task);
      return;
    }
  self->until = MIN (self->image + ASSAY_LIMIT_HISTORY_HASHES, self->bundle->images->len);
  for (guint i = self->image; i < self->until; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->bundle->images, i);

      if (image->sha256 != NULL)
        g_ptr_array_add (hashes, image->sha256);
    }
  g_ptr_array_add (hashes, NULL);
  assay_history_truths_async (self->history, (const char *const *) hashes->pdata,
                              g_ptr_array_index (self->keys, self->run), NULL, truths_cb, task);
}

static void
thumbnails_in_thread (GTask *task,
                      gpointer source,
                      gpointer data,
                      GCancellable *cancellable)
{
  Import *self = data;
  g_autofree char *folder = assay_bundle_dup_thumbnail_folder (self->history);
  GError *error = NULL;

  if (write_thumbnails (self->bundle, folder, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
thumbnails_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    begin_next (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * assay_bundle_is_imported:
 * @run: a kept one
 *
 * Returns: whether it came with a bundle
 */
gboolean
assay_bundle_is_imported (const AssayKeptRun *run)
{
  g_return_val_if_fail (run != NULL, FALSE);

  return run->options != NULL && g_str_has_prefix (run->options, SEAL);
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

/* All of them, in the order in which they were kept; of an import that did not end, or of
 * which a person has removed one, there is nothing to take up. */
static gboolean
find_kept (Import *self,
           GPtrArray *runs)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const AssayKeptRun *run = g_ptr_array_index (runs, i);

      if (run->state == ASSAY_KEPT_FINISHED && g_strcmp0 (run->options, self->options) == 0)
        g_array_append_val (self->ids, run->id);
    }
  g_array_sort (self->ids, compare_ids);
  if (self->ids->len == self->bundle->runs->len)
    return TRUE;
  g_array_set_size (self->ids, 0);
  return FALSE;
}

static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Import *self = g_task_get_task_data (task);
  g_autoptr (GTask) writing = NULL;
  GError *error = NULL;
  g_autoptr (GPtrArray) runs = assay_history_list_finish (ASSAY_HISTORY (source), result, &error);

  if (runs == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (self->options != NULL && find_kept (self, runs))
    {
      g_task_return_pointer (task, g_steal_pointer (&self->ids), (GDestroyNotify) g_array_unref);
      return;
    }
  writing = g_task_new (NULL, g_task_get_cancellable (task), thumbnails_cb, task);
  g_task_set_task_data (writing, self, NULL);
  g_steal_pointer (&task);
  g_task_run_in_thread (writing, thumbnails_in_thread);
}

/**
 * assay_bundle_import_async:
 * @self: (transfer full): whole, as assay_bundle_read_finish() gave it
 * @history: open
 *
 * Keeps its runs as finished ones, with the days on which they were made; what its images
 * show, unless somebody here has said so already; and its thumbnails.  One whose runs are
 * all there already, known by its seal, is not kept again.  Main thread.
 */
void
assay_bundle_import_async (AssayBundle *self,
                           AssayHistory *history,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Import *import = g_new0 (Import, 1);

  import->bundle = self;
  import->history = g_object_ref (history);
  import->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  import->keys = g_ptr_array_new_with_free_func (g_free);
  if (self->seal != NULL)
    import->options = g_strconcat (SEAL, self->seal, NULL);
  g_task_set_source_tag (task, assay_bundle_import_async);
  g_task_set_task_data (task, import, import_free);
  assay_history_list_async (history, cancellable, listed_cb, task);
}

/**
 * assay_bundle_import_finish:
 * @error: %ASSAY_ERROR_NOT_SAVED, what the disk says, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type gint64) (nullable): the runs in the history, in
 *   the order of the bundle's
 */
GArray *
assay_bundle_import_finish (GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
