/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One of the sample pictures, with all its pixels, as the service decodes it. */

#include "config.h"

#include <gio/gio.h>

#include "assay-builtin.h"
#include "assay-limits.h"
#include "assay-model-sample.h"
#include "assay-thumbnail.h"

/* Not square, and with something at its edges. */
#define SAMPLE "daisy-meadow.jpg"

static void
load_worker (GTask *task,
             gpointer source,
             gpointer data,
             GCancellable *cancellable)
{
  g_autofree char *folder = assay_builtin_dup_samples_dir ();
  g_autoptr (GFile) file = g_file_new_build_filename (folder, SAMPLE, NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GInputStream) stream = NULL;
  AssayFacts facts = { 0 };
  GdkPixbuf *picture = NULL;
  GError *error = NULL;

  bytes = g_file_load_bytes (file, cancellable, NULL, &error);
  if (bytes != NULL && assay_probe_bytes (bytes, &facts, &error))
    {
      stream = g_memory_input_stream_new_from_bytes (bytes);
      picture = assay_thumbnail_load (stream, &facts, ASSAY_LIMIT_SIDE, cancellable, &error);
    }
  if (picture != NULL)
    g_task_return_pointer (task, picture, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * assay_model_sample_load_async:
 * @cancellable: (nullable): ends it
 *
 * Reads and decodes one of the sample pictures on a thread.
 */
void
assay_model_sample_load_async (GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, assay_model_sample_load_async);
  g_task_run_in_thread (task, load_worker);
}

/**
 * assay_model_sample_load_finish:
 * @error: where the samples are not installed
 *
 * Returns: (transfer full) (nullable): the picture, upright
 */
GdkPixbuf *
assay_model_sample_load_finish (GAsyncResult *result,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
