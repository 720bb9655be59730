/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-bundle-writer.h"
#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-thumbnail.h"
#include "assay-whole-file.h"
#include "assay-zip-writer.h"

/* ---- what is kept ---- */

static char *
dup_service (const AssayKeptRun *kept)
{
  const char *name = kept->connection_name;

  if (name == NULL || g_strcmp0 (name, kept->url) == 0 || assay_endpoint_is_told (name, kept->url))
    return g_strdup ("");
  return g_utf8_make_valid (name, -1);
}

/**
 * assay_bundle_run_new_kept:
 * @kept: a run that the history gave
 *
 * Takes from it what others may see: neither address nor options.
 *
 * Returns: (transfer full): the run, without answers
 */
AssayBundleRun *
assay_bundle_run_new_kept (const AssayKeptRun *kept)
{
  AssayBundleRun *self = assay_bundle_run_new ();
  g_autofree char *base = g_path_get_basename (kept->name != NULL ? kept->name : "");

  self->name = g_utf8_make_valid (base, -1);
  self->service = dup_service (kept);
  self->protocol = g_strdup (kept->protocol != NULL ? kept->protocol : "");
  self->model = g_strdup (assay_target_get_model (kept->target));
  self->version = g_strdup (assay_target_get_version (kept->target));
  self->started = kept->started;
  self->ended = kept->ended;
  self->given = kept->given;
  return self;
}

/**
 * assay_bundle_add_kept:
 * @self: whose last run it is of
 * @kept: an item with its answer
 *
 * Returns: the place of the image
 */
guint
assay_bundle_add_kept (AssayBundle *self,
                       const AssayKeptItem *kept)
{
  const AssayKeptAnswer *answer = kept->answer;
  AssayBundleAnswer *own = g_new0 (AssayBundleAnswer, 1);

  g_assert (answer != NULL);

  own->state = answer->state;
  own->prediction = answer->prediction != NULL ? assay_prediction_ref (answer->prediction) : NULL;
  own->code = answer->error != NULL && answer->error->domain == ASSAY_ERROR
                ? (AssayError) answer->error->code
                : ASSAY_ERROR_FAILED;
  if (g_strcmp0 (answer->sent_sha256, answer->sha256) != 0)
    own->sent_sha256 = g_strdup (answer->sent_sha256);
  own->attempts = answer->attempts;
  own->seconds = answer->seconds;
  own->when = answer->when;
  return assay_bundle_add_answer (self, kept->path, kept->member, answer->sha256, kept->bytes, own);
}

/* ---- thumbnails ---- */

/**
 * assay_bundle_dup_thumbnail_path:
 * @folder: of thumbnails that came with bundles
 * @sha256: of an image's bytes, hex
 *
 * Returns: (transfer full): where the thumbnail of it is, if there is one
 */
char *
assay_bundle_dup_thumbnail_path (const char *folder,
                                 const char *sha256)
{
  g_autofree char *name = g_strconcat (sha256, ".jpg", NULL);

  return g_build_filename (folder, name, NULL);
}

/* The picture as it is now may be another one; then it shows nothing of the image. */
static GBytes *
draw_thumbnail (AssaySource *source,
                const char *sha256,
                GCancellable *cancellable)
{
  g_autoptr (AssayPrepared) prepared = assay_source_prepare (source, TRUE, cancellable, NULL);
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GdkPixbuf) picture = NULL;

  if (prepared == NULL || strcmp (prepared->sha256, sha256) != 0)
    return NULL;
  stream = assay_source_open (source, cancellable, NULL);
  if (stream == NULL)
    return NULL;
  picture = assay_thumbnail_load (stream, &prepared->facts, ASSAY_THUMBNAIL_SIZE, cancellable, NULL);
  return picture != NULL ? assay_thumbnail_encode (picture, NULL) : NULL;
}

/* What came with another bundle, and is passed on byte by byte. */
static GBytes *
find_thumbnail (const char *folder,
                const char *sha256)
{
  g_autofree char *path = assay_bundle_dup_thumbnail_path (folder, sha256);
  char *data = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &data, &length, NULL))
    return NULL;
  return g_bytes_new_take (data, length);
}

/* An image that is gone, or can't be decoded, has no thumbnail; that is no reason to have
 * no evidence. */
static gboolean
add_thumbnails (AssayBundle *self,
                GPtrArray *sources,
                const char *folder,
                GCancellable *cancellable,
                GError **error)
{
  for (guint i = 0; i < self->images->len; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->images, i);
      AssaySource *source = i < sources->len ? g_ptr_array_index (sources, i) : NULL;
      g_autoptr (GBytes) thumbnail = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!assay_bundle_is_hash (image->sha256)
          || g_hash_table_contains (self->thumbnails, image->sha256)
          || g_hash_table_size (self->thumbnails) >= ASSAY_LIMIT_BUNDLE_THUMBNAILS)
        continue;
      if (folder != NULL)
        thumbnail = find_thumbnail (folder, image->sha256);
      if (thumbnail == NULL && source != NULL && assay_source_get_error (source) == NULL)
        thumbnail = draw_thumbnail (source, image->sha256, cancellable);
      if (thumbnail != NULL && g_bytes_get_size (thumbnail) <= ASSAY_LIMIT_BUNDLE_THUMBNAIL)
        g_hash_table_insert (self->thumbnails, g_strdup (image->sha256),
                             g_steal_pointer (&thumbnail));
    }
  return TRUE;
}

/* ---- the file ---- */

/* A member, ready to be written. */
typedef struct {
  char *name;
  GBytes *bytes;
} Member;

static void
member_free (gpointer data)
{
  Member *self = data;

  g_free (self->name);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static gboolean
add_member (GPtrArray *members,
            char *name,
            GBytes *bytes,
            GError **error)
{
  Member *member = g_new (Member, 1);

  *member = (Member) { name, bytes };
  g_ptr_array_add (members, member);
  if (g_bytes_get_size (bytes) <= ASSAY_LIMIT_BUNDLE_TEXT)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
               _("These are more answers than one bundle holds: %s would have more than %u MB"),
               name, ASSAY_LIMIT_BUNDLE_TEXT / 1024 / 1024);
  return FALSE;
}

static gboolean
add_text (GPtrArray *members,
          char *name,
          char *text,
          GError **error)
{
  return add_member (members, name, g_bytes_new_take (text, strlen (text)), error);
}

static gboolean
add_run (AssayBundle *self,
         GPtrArray *members,
         guint run,
         GError **error)
{
  return add_text (members, g_strdup_printf (ASSAY_BUNDLE_ANSWERS, run + 1),
                   assay_bundle_dup_answers (self, run), error)
         && add_text (members, g_strdup_printf (ASSAY_BUNDLE_PREDICTIONS, run + 1),
                      assay_bundle_dup_predictions (self, run), error);
}

static GPtrArray *
list_members (AssayBundle *self,
              GError **error)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (member_free);
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);

  if (!add_text (members, g_strdup (ASSAY_BUNDLE_SETTINGS), assay_bundle_dup_settings (self), error)
      || !add_text (members, g_strdup (ASSAY_BUNDLE_IMAGES), assay_bundle_dup_images (self), error))
    return NULL;
  for (guint i = 0; i < self->runs->len; i++)
    if (!add_run (self, members, i, error))
      return NULL;
  if (!add_text (members, g_strdup (ASSAY_BUNDLE_FIGURES), assay_bundle_dup_figures (self), error))
    return NULL;
  for (guint i = 0; i < self->images->len; i++)
    {
      const AssayBundleImage *image = g_ptr_array_index (self->images, i);
      GBytes *bytes =
        image->sha256 != NULL ? g_hash_table_lookup (self->thumbnails, image->sha256) : NULL;

      if (bytes != NULL && g_hash_table_add (done, image->sha256))
        add_member (members, g_strdup_printf (ASSAY_BUNDLE_THUMBNAIL, image->sha256),
                    g_bytes_ref (bytes), NULL);
    }
  return g_steal_pointer (&members);
}

static char *
make_manifest (AssayBundle *self,
               GPtrArray *members)
{
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_bundle_member_free);

  for (guint i = 0; i < members->len; i++)
    {
      const Member *member = g_ptr_array_index (members, i);
      AssayBundleMember *line = g_new0 (AssayBundleMember, 1);

      line->name = g_strdup (member->name);
      line->bytes = g_bytes_get_size (member->bytes);
      line->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, member->bytes);
      g_ptr_array_add (list, line);
    }
  return assay_bundle_dup_manifest (self->program, list);
}

/* What goes into the zip, in its order. */
typedef struct {
  GPtrArray *members;         /* (element-type Member) */
  char *manifest;
} Content;

static gboolean
write_zip (GOutputStream *stream,
           gpointer data,
           GCancellable *cancellable,
           GError **error)
{
  const Content *content = data;
  g_autoptr (AssayZipWriter) zip = assay_zip_writer_new (stream, cancellable, error);

  if (zip == NULL
      || !assay_zip_writer_add (zip, ASSAY_BUNDLE_MANIFEST, content->manifest,
                                strlen (content->manifest), error))
    return FALSE;
  for (guint i = 0; i < content->members->len; i++)
    {
      const Member *member = g_ptr_array_index (content->members, i);
      gsize length;
      gconstpointer bytes = g_bytes_get_data (member->bytes, &length);

      if (!assay_zip_writer_add (zip, member->name, bytes, length, error))
        return FALSE;
    }
  return assay_zip_writer_close (zip, error);
}

/**
 * assay_bundle_save:
 * @self: filled; thumbnails are added to it
 * @sources: (element-type AssaySource): by image, where it is found; elements may be %NULL
 * @folder: (nullable): of thumbnails that came with bundles, looked at first
 * @file: what it becomes
 * @error: %ASSAY_ERROR_TOO_LARGE; %ASSAY_ERROR_FAILED, with the file and what to do; or
 *   %G_IO_ERROR_CANCELLED
 *
 * Writes it, whole or not at all.  The same values give the same bytes.  Blocks; any
 * thread.
 *
 * Returns: whether @file is the bundle now
 */
gboolean
assay_bundle_save (AssayBundle *self,
                   GPtrArray *sources,
                   const char *folder,
                   GFile *file,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GPtrArray) members = NULL;
  g_autofree char *manifest = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GError) reason = NULL;
  Content content;

  if (!add_thumbnails (self, sources, folder, cancellable, error))
    return FALSE;
  members = list_members (self, error);
  if (members == NULL)
    return FALSE;
  manifest = make_manifest (self, members);
  content = (Content) { members, manifest };
  if (assay_whole_file_write (file, write_zip, &content, cancellable, &reason))
    return TRUE;
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  name = g_file_get_parse_name (file);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
               _("The bundle can't be written to %s: %s. Choose another place, or make room there"),
               name, reason->message);
  return FALSE;
}

typedef struct {
  AssayBundle *bundle;
  GPtrArray *sources;
  char *folder;
  GFile *file;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *self = data;

  assay_bundle_free (self->bundle);
  g_ptr_array_unref (self->sources);
  g_free (self->folder);
  g_object_unref (self->file);
  g_free (self);
}

static void
save_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  Saving *self = data;
  GError *error = NULL;

  if (assay_bundle_save (self->bundle, self->sources, self->folder, self->file, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * assay_bundle_save_async:
 * @self: (transfer full): filled
 *
 * As assay_bundle_save(), on a thread of its own.
 */
void
assay_bundle_save_async (AssayBundle *self,
                         GPtrArray *sources,
                         const char *folder,
                         GFile *file,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Saving *saving = g_new (Saving, 1);

  *saving = (Saving) { self, g_ptr_array_ref (sources), g_strdup (folder), g_object_ref (file) };
  g_task_set_source_tag (task, assay_bundle_save_async);
  g_task_set_task_data (task, saving, saving_free);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
assay_bundle_save_finish (GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
