/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-bundle-writer.h"
#include "assay-limits.h"
#include "assay-texture.h"
#include "assay-thumbnailer.h"

/* Decoding this many at once keeps scrolling fast and leaves the other
 * processors to whatever else runs, the upload first of all. */
#define AT_ONCE 2

/* What is known of one source; without a texture it cannot be shown, which is
 * kept too, so that scrolling past it does not decode it again. */
typedef struct {
  AssaySource *source;
  GdkTexture *texture;
  GList link;               /* in self->recent */
} Entry;

/* Task data of a request. */
typedef struct {
  AssaySource *source;
  AssayFacts facts;
  char *stand_in;           /* (nullable): path of what is shown if it can't be */
} Request;

/* Invariants: entries maps each source to its entry, which owns a reference to
 * it; recent holds the same entries, the last used first; at most AT_ONCE
 * requests run. */
struct _AssayThumbnailer {
  GObject parent_instance;

  GHashTable *entries;      /* (element-type AssaySource Entry) */
  GQueue recent;
  GQueue waiting;           /* (element-type GTask), the last asked for first */
  char *folder;             /* (nullable): of thumbnails that came with bundles */
  guint limit;
  guint running;
  guint most;
};

G_DEFINE_FINAL_TYPE (AssayThumbnailer, assay_thumbnailer, G_TYPE_OBJECT)

static void start_next (AssayThumbnailer *self);

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->source);
  g_free (request->stand_in);
  g_free (request);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_object (&entry->texture);
  g_object_unref (entry->source);
  g_free (entry);
}

static void
drop_oldest (AssayThumbnailer *self)
{
  GList *last = g_queue_peek_tail_link (&self->recent);
  Entry *entry = last->data;

  g_queue_unlink (&self->recent, last);
  g_hash_table_remove (self->entries, entry->source);
}

static void
keep (AssayThumbnailer *self,
      AssaySource *source,
      GdkTexture *texture)
{
  Entry *entry = g_hash_table_lookup (self->entries, source);

  if (entry != NULL)
    {
      g_set_object (&entry->texture, texture);
      return;
    }
  while (g_hash_table_size (self->entries) >= self->limit)
    drop_oldest (self);

  entry = g_new0 (Entry, 1);
  entry->source = g_object_ref (source);
  entry->texture = texture != NULL ? g_object_ref (texture) : NULL;
  entry->link.data = entry;
  g_hash_table_insert (self->entries, entry->source, entry);
  g_queue_push_head_link (&self->recent, &entry->link);
}

static void loaded_cb (GObject *object, GAsyncResult *result, gpointer data);

/* The picture is not here, or isn't one: what came in its place with a bundle. */
static void
load_stand_in (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  g_autofree char *path = g_steal_pointer (&request->stand_in);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 0, NULL, NULL);
  const AssayFacts facts = { .format = ASSAY_FORMAT_JPEG };

  assay_texture_load_async (source, &facts, ASSAY_THUMBNAIL_SIZE, g_task_get_cancellable (task),
                            loaded_cb, task);
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  AssayThumbnailer *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GdkTexture) texture = assay_texture_load_finish (result, &error);

  if (texture == NULL && request->stand_in != NULL
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      load_stand_in (g_steal_pointer (&task));
      return;
    }
  self->running--;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    keep (self, request->source, texture);

  if (texture != NULL)
    g_task_return_pointer (task, g_steal_pointer (&texture), g_object_unref);
  else
    g_task_return_error (task, error);
  start_next (self);
}

/* A request that was canceled while it waited costs nothing. */
static void
start_next (AssayThumbnailer *self)
{
  while (self->running < AT_ONCE && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);
      Request *request = g_task_get_task_data (task);

      if (g_task_return_error_if_cancelled (task))
        continue;
      self->running++;
      self->most = MAX (self->most, self->running);
      assay_texture_load_async (request->source, &request->facts, ASSAY_THUMBNAIL_SIZE,
                                g_task_get_cancellable (task), loaded_cb, g_object_ref (task));
    }
}

static void
assay_thumbnailer_finalize (GObject *object)
{
  AssayThumbnailer *self = ASSAY_THUMBNAILER (object);

  /* Each request holds a reference, so that none can be left. */
  g_assert (g_queue_is_empty (&self->waiting));
  g_hash_table_unref (self->entries);
  g_free (self->folder);
  G_OBJECT_CLASS (assay_thumbnailer_parent_class)->finalize (object);
}

static void
assay_thumbnailer_class_init (AssayThumbnailerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_thumbnailer_finalize;
}

static void
assay_thumbnailer_init (AssayThumbnailer *self)
{
  self->entries = g_hash_table_new_full (NULL, NULL, NULL, entry_free);
  g_queue_init (&self->recent);
  g_queue_init (&self->waiting);
}

/**
 * assay_thumbnailer_new:
 * @limit: thumbnails kept at most, 1 or more
 *
 * Returns: (transfer full): a thumbnailer with nothing kept
 */
AssayThumbnailer *
assay_thumbnailer_new (guint limit)
{
  AssayThumbnailer *self;

  g_return_val_if_fail (limit > 0, NULL);

  self = g_object_new (ASSAY_TYPE_THUMBNAILER, NULL);
  self->limit = limit;
  return self;
}

/**
 * assay_thumbnailer_get_default:
 *
 * Returns: (transfer none): the one that all windows share, made when first asked
 *   for
 */
AssayThumbnailer *
assay_thumbnailer_get_default (void)
{
  static AssayThumbnailer *shared = NULL;

  if (shared == NULL)
    shared = assay_thumbnailer_new (ASSAY_LIMIT_THUMBNAILS);
  return shared;
}

/**
 * assay_thumbnailer_set_folder:
 * @folder: as assay_bundle_dup_thumbnail_folder() says
 *
 * Takes thumbnails of pictures that can't be shown from there.
 */
void
assay_thumbnailer_set_folder (AssayThumbnailer *self,
                              const char *folder)
{
  g_return_if_fail (ASSAY_IS_THUMBNAILER (self));
  g_return_if_fail (folder != NULL);

  g_free (self->folder);
  self->folder = g_strdup (folder);
}

static char *
dup_stand_in (AssayThumbnailer *self,
              const char *sha256)
{
  g_autofree char *path = self->folder != NULL && sha256 != NULL
                            ? assay_bundle_dup_thumbnail_path (self->folder, sha256)
                            : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path) : NULL;
}

/**
 * assay_thumbnailer_stands_in:
 * @sha256: (nullable): of a picture's bytes, hex
 *
 * Returns: whether a thumbnail of it came with a bundle
 */
gboolean
assay_thumbnailer_stands_in (AssayThumbnailer *self,
                             const char *sha256)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (ASSAY_IS_THUMBNAILER (self), FALSE);

  path = dup_stand_in (self, sha256);
  return path != NULL;
}

/**
 * assay_thumbnailer_lookup:
 * @source: where a picture comes from
 * @texture: (out) (transfer none) (nullable): its thumbnail; %NULL when it cannot
 *   be shown
 *
 * Returns: whether it is known, so that nothing needs loading
 */
gboolean
assay_thumbnailer_lookup (AssayThumbnailer *self,
                          AssaySource *source,
                          GdkTexture **texture)
{
  Entry *entry;

  g_return_val_if_fail (ASSAY_IS_THUMBNAILER (self), FALSE);
  g_return_val_if_fail (texture != NULL, FALSE);

  *texture = NULL;
  entry = g_hash_table_lookup (self->entries, source);
  if (entry == NULL)
    return FALSE;
  g_queue_unlink (&self->recent, &entry->link);
  g_queue_push_head_link (&self->recent, &entry->link);
  *texture = entry->texture;
  return TRUE;
}

guint
assay_thumbnailer_get_n_kept (AssayThumbnailer *self)
{
  g_return_val_if_fail (ASSAY_IS_THUMBNAILER (self), 0);

  return g_hash_table_size (self->entries);
}

/**
 * assay_thumbnailer_get_n_most:
 *
 * Returns: how many were decoded at once at most, ever
 */
guint
assay_thumbnailer_get_n_most (AssayThumbnailer *self)
{
  g_return_val_if_fail (ASSAY_IS_THUMBNAILER (self), 0);

  return self->most;
}

/**
 * assay_thumbnailer_load_async:
 * @source: where the picture's bytes come from
 * @facts: what is known of it
 * @sha256: (nullable): of its bytes, hex, by which another is found if it can't be shown
 * @cancellable: (nullable): cancel it when the row is recycled
 * @callback: called on the main thread
 *
 * Decodes a thumbnail of %ASSAY_THUMBNAIL_SIZE before all that still wait.
 */
void
assay_thumbnailer_load_async (AssayThumbnailer *self,
                              AssaySource *source,
                              const AssayFacts *facts,
                              const char *sha256,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  GTask *task;
  Request *request;

  g_return_if_fail (ASSAY_IS_THUMBNAILER (self));
  g_return_if_fail (ASSAY_IS_SOURCE (source));
  g_return_if_fail (facts != NULL);

  request = g_new0 (Request, 1);
  request->source = g_object_ref (source);
  request->facts = *facts;
  request->stand_in = dup_stand_in (self, sha256);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_thumbnailer_load_async);
  g_task_set_task_data (task, request, request_free);
  g_queue_push_head (&self->waiting, task);
  start_next (self);
}

/**
 * assay_thumbnailer_load_finish:
 * @error: why it cannot be shown
 *
 * Returns: (transfer full) (nullable): the thumbnail
 */
GdkTexture *
assay_thumbnailer_load_finish (AssayThumbnailer *self,
                               GAsyncResult *result,
                               GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
