/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-error.h"
#include "assay-labels-file.h"
#include "assay-labels-load.h"
#include "assay-limits.h"

/**
 * assay_labels_load:
 * @file: a label on each line; any file, as a person has chosen it
 * @error: %ASSAY_ERROR_USAGE in a sentence, or what the file says
 *
 * Reads at most %ASSAY_LIMIT_MODEL_TEXT_BYTES.  Blocks; any thread.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the labels
 */
char **
assay_labels_load (GFile *file,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autofree char *text = NULL;
  gsize length;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return NULL;
  text = g_malloc (ASSAY_LIMIT_MODEL_TEXT_BYTES + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text, ASSAY_LIMIT_MODEL_TEXT_BYTES + 1,
                                &length, cancellable, error))
    return NULL;
  if (length > ASSAY_LIMIT_MODEL_TEXT_BYTES)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("There are too many labels in it. Give the labels of this model."));
      return NULL;
    }
  return assay_labels_parse (text, length, error);
}

static void
load_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  char **labels = assay_labels_load (data, cancellable, &error);

  if (labels != NULL)
    g_task_return_pointer (task, labels, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

/**
 * assay_labels_load_async:
 *
 * assay_labels_load() on a thread of its own.
 */
void
assay_labels_load_async (GFile *file,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, assay_labels_load_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, load_in_thread);
}

char **
assay_labels_load_finish (GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
