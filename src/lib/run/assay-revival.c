/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-revival.h"

/* Of a picture that lies nowhere on this computer: it was pasted, or came with a bundle. */
static AssaySource *
revive_absent (const AssayKeptItem *kept)
{
  const char *called = kept->member != NULL ? kept->member : kept->path;
  g_autofree char *name = g_utf8_make_valid (called, -1);
  g_autoptr (GError) error = g_error_new_literal (
    ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
    _("Only what was said of this picture was kept, not the picture. Add it again to ask about "
      "it."));

  return assay_source_new_remote (name, kept->path, NULL, error);
}

/* As for a picture that nobody has looked at yet. */
static AssaySource *
revive_source (const AssayKeptItem *kept,
               const GError *error)
{
  g_autoptr (GFile) file = NULL;

  if (kept->uri == NULL)
    return revive_absent (kept);
  file = g_file_new_for_uri (kept->uri);
  if (kept->member == NULL)
    return assay_source_new_file (file, kept->group, kept->bytes, NULL, error);
  return assay_source_new_member (file, kept->group, kept->member, kept->member_index, kept->member,
                                  kept->bytes, NULL, NULL, error);
}

static AssayItem *
revive (AssaySource *source,
        const AssayKeptItem *kept)
{
  AssayItem *item = assay_item_new (source);

  assay_item_set_serial (item, kept->position + 1);
  return item;
}

/* What reading the picture told at that time. */
static void
revive_hashes (AssayItem *item,
               const AssayKeptItem *kept)
{
  AssayPrepared prepared = { .size = kept->bytes, .facts = *assay_item_get_facts (item) };
  const AssayKeptAnswer *answer = kept->answer;

  if (answer->sha256 == NULL)
    return;
  g_strlcpy (prepared.sha256, answer->sha256, sizeof prepared.sha256);
  g_strlcpy (prepared.sent_sha256,
             answer->sent_sha256 != NULL ? answer->sent_sha256 : answer->sha256,
             sizeof prepared.sent_sha256);
  assay_item_set_prepared (item, &prepared);
}

/**
 * assay_revive_item:
 * @kept: an item that the history gave
 * @target: whom the run asked
 *
 * Makes an item as it was when its answer came, without looking whether the picture
 * is still there.
 *
 * Returns: (transfer full): the item, with its serial and, if one is kept, its answer
 */
AssayItem *
assay_revive_item (const AssayKeptItem *kept,
                   AssayTarget *target)
{
  g_autoptr (AssaySource) source = NULL;
  AssayItem *item;

  g_return_val_if_fail (kept != NULL, NULL);
  g_return_val_if_fail (target != NULL, NULL);

  source = revive_source (kept, NULL);
  item = revive (source, kept);
  if (kept->answer == NULL)
    return item;
  revive_hashes (item, kept);
  assay_kept_answer_restore (kept->answer, assay_item_ensure_answer (item, target));
  return item;
}

/* ---- what is left ---- */

/* Invariant: left holds those that were not found yet. */
typedef struct {
  GPtrArray *all;             /* (element-type AssayKeptItem) */
  GHashTable *left;           /* (element-type utf8 AssayKeptItem), by make_key() */
  AssayRevivalBatch batch;
  gpointer batch_data;
} Revival;

static void
revival_free (gpointer data)
{
  Revival *self = data;

  g_hash_table_unref (self->left);
  g_ptr_array_unref (self->all);
  g_free (self);
}

/* A name can be there twice in an archive, a place can't. */
static char *
make_key (const char *uri,
          const char *member,
          guint index)
{
  if (member == NULL)
    return g_strdup (uri);
  return g_strdup_printf ("%s\n%u", uri, index);
}

static AssayKeptItem *
take_kept (Revival *self,
           AssaySource *source)
{
  GFile *file = assay_source_get_file (source);
  const char *member = assay_source_get_member (source);
  g_autofree char *uri = file != NULL ? g_file_get_uri (file) : NULL;
  g_autofree char *key = NULL;
  AssayKeptItem *kept;

  if (uri == NULL)
    return NULL;
  key = make_key (uri, member, member != NULL ? assay_source_get_member_index (source) : 0);
  kept = g_hash_table_lookup (self->left, key);
  /* In another archive of the same name, now. */
  if (kept == NULL || g_strcmp0 (kept->member, member) != 0)
    return NULL;
  g_hash_table_remove (self->left, key);
  return kept;
}

/* A file that is looked for alone knows nothing of the folder that it was given with. */
static AssaySource *
regroup (AssaySource *source,
         const AssayKeptItem *kept)
{
  if (kept->group == NULL || assay_source_get_kind (source) != ASSAY_SOURCE_FILE
      || assay_source_get_parcel (source, NULL) != NULL || assay_source_is_unfit (source))
    return g_object_ref (source);
  return assay_source_new_file (assay_source_get_file (source), kept->group,
                                assay_source_get_size (source), assay_source_get_facts (source),
                                assay_source_get_error (source));
}

static void
found_cb (GPtrArray *sources,
          gpointer data)
{
  Revival *self = data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < sources->len; i++)
    {
      AssayKeptItem *kept = take_kept (self, g_ptr_array_index (sources, i));

      if (kept != NULL)
        {
          g_autoptr (AssaySource) source = regroup (g_ptr_array_index (sources, i), kept);

          g_ptr_array_add (items, revive (source, kept));
        }
    }
  if (items->len > 0)
    self->batch (items, self->batch_data);
}

static AssayItem *
revive_missing (const AssayKeptItem *kept)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssaySource) source = NULL;

  if (kept->member != NULL)
    g_set_error (&error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 _("“%s” is no longer in the archive. Give it again if it is elsewhere."),
                 kept->member);
  else
    g_set_error_literal (&error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                         _("The file is no longer there. Give it again if it is elsewhere."));
  source = revive_source (kept, error);
  return revive (source, kept);
}

/* Each has to end in some state. */
static void
give_missing (Revival *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer kept;

  g_hash_table_iter_init (&iter, self->left);
  while (g_hash_table_iter_next (&iter, NULL, &kept))
    g_ptr_array_add (items, revive_missing (kept));
  g_hash_table_remove_all (self->left);
  if (items->len > 0)
    self->batch (items, self->batch_data);
}

static void
walked_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (AssayIntakeSummary) summary = NULL;
  GError *error = NULL;

  summary = assay_intake_walk_finish (result, &error);
  if (summary == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  give_missing (g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

static Revival *
revival_new (GPtrArray *left)
{
  Revival *self = g_new0 (Revival, 1);

  self->all = g_ptr_array_ref (left);
  self->left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < left->len; i++)
    {
      AssayKeptItem *kept = g_ptr_array_index (left, i);
      char *key = kept->uri != NULL ? make_key (kept->uri, kept->member, kept->member_index)
                                    : g_strdup_printf ("\n%u", kept->position);

      g_hash_table_insert (self->left, key, kept);
    }
  return self;
}

/* Each file and archive once, in the order given. */
static GPtrArray *
list_files (GPtrArray *left)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);
  const char *last = NULL;

  for (guint i = 0; i < left->len; i++)
    {
      const AssayKeptItem *kept = g_ptr_array_index (left, i);

      if (kept->uri == NULL || g_strcmp0 (kept->uri, last) == 0)
        continue;
      last = kept->uri;
      g_ptr_array_add (files, g_file_new_for_uri (kept->uri));
    }
  return files;
}

/**
 * assay_revive_left_async:
 * @left: (element-type AssayKeptItem): those without an answer
 * @options: (nullable): as they were
 * @batch: gets the items as their pictures are found again, and at the end those
 *   that aren't there any more, each with its error
 * @cancellable: (nullable): stops the looking
 *
 * Finds the pictures again that a run has left.  Each of @left is given to @batch
 * once, unless it is canceled.
 */
void
assay_revive_left_async (GPtrArray *left,
                         const AssayIntakeOptions *options,
                         AssayRevivalBatch batch,
                         gpointer batch_data,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GPtrArray) files = NULL;
  Revival *revival;
  GTask *task;

  g_return_if_fail (left != NULL);
  g_return_if_fail (batch != NULL);

  files = list_files (left);
  revival = revival_new (left);
  revival->batch = batch;
  revival->batch_data = batch_data;
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, assay_revive_left_async);
  g_task_set_task_data (task, revival, revival_free);
  if (files->len > 0)
    {
      assay_intake_walk_full_async ((GFile *const *) files->pdata, files->len, options, found_cb,
                                    revival, NULL, cancellable, walked_cb, task);
      return;
    }
  give_missing (revival);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/**
 * assay_revive_left_finish:
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: whether each was given
 */
gboolean
assay_revive_left_finish (GAsyncResult *result,
                          GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
