/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-limits.h"
#include "assay-truth-loader.h"

#define CHUNK (64 * 1024)

/* Not what the file says its size is, but what comes out of it is bounded.  One byte more
 * than is allowed is enough for assay_truth_file_parse() to refuse it. */
static GBytes *
read_bytes (GFile *file,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  if (stream == NULL)
    return NULL;
  while (bytes->len <= ASSAY_LIMIT_TRUTH_BYTES)
    {
      g_autoptr (GBytes) chunk = g_input_stream_read_bytes (G_INPUT_STREAM (stream), CHUNK,
                                                            cancellable, error);

      if (chunk == NULL)
        return NULL;
      if (g_bytes_get_size (chunk) == 0)
        break;
      g_byte_array_append (bytes, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static char *
dup_name (GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);

  return base != NULL ? assay_display_name (base) : g_strdup (_("Table"));
}

/* The code stays, and the words begin with the file. */
static void
load (GTask *task,
      gpointer source,
      gpointer data,
      GCancellable *cancellable)
{
  GFile *file = data;
  GError *error = NULL;
  g_autofree char *name = dup_name (file);
  g_autoptr (GBytes) bytes = read_bytes (file, cancellable, &error);
  g_autoptr (GPtrArray) rows = bytes != NULL ? assay_truth_file_parse (bytes, &error) : NULL;
  AssayTruthTable *table;

  if (rows == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_prefix_error (&error, "%s: ", name);
      g_task_return_error (task, error);
      return;
    }
  table = assay_truth_table_new (rows);
  assay_truth_table_set_name (table, name);
  g_task_return_pointer (task, table, (GDestroyNotify) assay_truth_table_free);
}

/**
 * assay_truth_load_async:
 * @file: a table of files and labels
 * @cancellable: (nullable): to give it up
 * @callback: called in the thread-default main context of the caller
 *
 * Reads it on a thread of its own, at most %ASSAY_LIMIT_TRUTH_BYTES.
 */
void
assay_truth_load_async (GFile *file,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (G_IS_FILE (file));

  g_task_set_source_tag (task, assay_truth_load_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, load);
}

/**
 * assay_truth_load_finish:
 * @error: what reading the file or assay_truth_file_parse() said, with the file's name in
 *   front, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the table, which has the name of its file
 */
AssayTruthTable *
assay_truth_load_finish (GAsyncResult *result,
                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
