/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-clipboard.h"
#include "assay-error.h"
#include "assay-limits.h"

#define CHUNK (256 * 1024)

/* Best first.  The file as it was copied is better than the pixels that GTK would
 * make of it, and GTK may pick a format for them that it then cannot read. */
static const char *const picture_types[] = {
  "image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/tiff", NULL,
};

/**
 * assay_clipboard_has_picture:
 * @clipboard: a clipboard
 *
 * Returns: whether it offers the bytes of a picture
 */
gboolean
assay_clipboard_has_picture (GdkClipboard *clipboard)
{
  GdkContentFormats *formats;

  g_return_val_if_fail (GDK_IS_CLIPBOARD (clipboard), FALSE);

  formats = gdk_clipboard_get_formats (clipboard);
  for (guint i = 0; picture_types[i] != NULL; i++)
    if (gdk_content_formats_contain_mime_type (formats, picture_types[i]))
      return TRUE;
  return FALSE;
}

static void read_chunk (GTask *task, GInputStream *stream);

static void
chunk_cb (GObject *object,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (GTask) task = data;
  GByteArray *bytes = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) chunk =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);

  if (chunk == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_bytes_get_size (chunk) == 0)
    {
      g_task_return_pointer (task, g_bytes_new (bytes->data, bytes->len),
                             (GDestroyNotify) g_bytes_unref);
      return;
    }
  if (bytes->len + g_bytes_get_size (chunk) > ASSAY_LIMIT_FILE_BYTES)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                               _("The copied image is too large."));
      return;
    }
  g_byte_array_append (bytes, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
  read_chunk (g_steal_pointer (&task), G_INPUT_STREAM (object));
}

/* Takes the task. */
static void
read_chunk (GTask *task,
            GInputStream *stream)
{
  g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), chunk_cb, task);
}

static void
opened_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GInputStream) stream =
    gdk_clipboard_read_finish (GDK_CLIPBOARD (object), result, NULL, &error);

  if (stream == NULL)
    g_task_return_error (task, error);
  else
    read_chunk (g_steal_pointer (&task), stream);
}

/**
 * assay_clipboard_read_picture_async:
 * @clipboard: a clipboard that has a picture
 *
 * Reads the bytes of the picture as they were copied, at most
 * %ASSAY_LIMIT_FILE_BYTES.
 */
void
assay_clipboard_read_picture_async (GdkClipboard *clipboard,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data)
{
  GTask *task;

  g_return_if_fail (GDK_IS_CLIPBOARD (clipboard));

  task = g_task_new (clipboard, cancellable, callback, data);
  g_task_set_source_tag (task, assay_clipboard_read_picture_async);
  g_task_set_task_data (task, g_byte_array_new (), (GDestroyNotify) g_byte_array_unref);
  gdk_clipboard_read_async (clipboard, (const char **) picture_types, G_PRIORITY_DEFAULT,
                            cancellable, opened_cb, task);
}

/**
 * assay_clipboard_read_picture_finish:
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
assay_clipboard_read_picture_finish (GAsyncResult *result,
                                     GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
