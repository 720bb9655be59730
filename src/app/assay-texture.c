/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-texture.h"
#include "assay-thumbnail.h"

typedef struct {
  AssaySource *source;
  AssayFacts facts;
  int size;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_object_unref (load->source);
  g_free (load);
}

static void
load_worker (GTask *task,
             gpointer source_object,
             gpointer task_data,
             GCancellable *cancellable)
{
  Load *load = task_data;
  GError *error = NULL;
  g_autoptr (GInputStream) stream = assay_source_open (load->source, cancellable, &error);
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  if (stream != NULL)
    pixbuf = assay_thumbnail_load (stream, &load->facts, load->size, cancellable, &error);
  if (pixbuf == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, gdk_texture_new_for_pixbuf (pixbuf), g_object_unref);
}

/**
 * assay_texture_is_possible:
 * @facts: what is known of a source
 *
 * Returns: whether its content is a picture, so that decoding is worth a try
 */
gboolean
assay_texture_is_possible (const AssayFacts *facts)
{
  g_return_val_if_fail (facts != NULL, FALSE);

  return facts->format != ASSAY_FORMAT_UNKNOWN && facts->format != ASSAY_FORMAT_PDF
         && !assay_format_is_archive (facts->format);
}

/**
 * assay_texture_load_async:
 * @source: where the picture's bytes come from
 * @facts: what is known of it
 * @size: pixels that the longer side should have at most
 * @cancellable: (nullable): stops it
 * @callback: called on the main thread
 *
 * Decodes a picture at size, upright, on a thread of its own.
 */
void
assay_texture_load_async (AssaySource *source,
                          const AssayFacts *facts,
                          int size,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Load *load;

  g_return_if_fail (ASSAY_IS_SOURCE (source));
  g_return_if_fail (facts != NULL && size > 0);

  load = g_new0 (Load, 1);
  load->source = g_object_ref (source);
  load->facts = *facts;
  load->size = size;

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, assay_texture_load_async);
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_worker);
}

/**
 * assay_texture_load_finish:
 * @error: why it cannot be shown
 *
 * Returns: (transfer full) (nullable): the picture
 */
GdkTexture *
assay_texture_load_finish (GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, assay_texture_load_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
