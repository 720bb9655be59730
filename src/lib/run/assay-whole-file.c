/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-whole-file.h"

/* A stream that replaces a file does so when it is closed, unless that is canceled. */
static void
abandon (GOutputStream *stream,
         GFile *file,
         gboolean is_new)
{
  g_autoptr (GCancellable) never = g_cancellable_new ();

  g_cancellable_cancel (never);
  g_output_stream_close (stream, never, NULL);
  if (is_new)
    g_file_delete (file, NULL, NULL);
}

/**
 * assay_whole_file_write:
 * @file: what is written
 * @func: writes it
 * @data: for @func
 * @cancellable: (nullable)
 * @error: what @func or the file says, or %G_IO_ERROR_CANCELLED
 *
 * Writes @file whole or not at all: what it held before stays until the last byte is
 * written.  Blocks; any thread.
 *
 * Returns: whether it is written
 */
gboolean
assay_whole_file_write (GFile *file,
                        AssayWholeFileFunc func,
                        gpointer data,
                        GCancellable *cancellable,
                        GError **error)
{
  gboolean is_new;
  g_autoptr (GFileOutputStream) stream = NULL;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  is_new = !g_file_query_exists (file, NULL);
  stream =
    g_file_replace (file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, cancellable, error);
  if (stream == NULL)
    return FALSE;
  if (!func (G_OUTPUT_STREAM (stream), data, cancellable, error)
      || !g_output_stream_flush (G_OUTPUT_STREAM (stream), cancellable, error))
    {
      abandon (G_OUTPUT_STREAM (stream), file, is_new);
      return FALSE;
    }
  return g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error);
}
