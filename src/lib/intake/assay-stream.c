/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include "assay-file-private.h"
#include "assay-stream-private.h"

/* Invariant: 0 ≤ offset ≤ length. */
struct _AssayStream {
  GInputStream parent_instance;

  AssayProbeRead read;
  gpointer data;
  GDestroyNotify destroy;
  guint64 length;
  guint64 offset;
};

static void assay_stream_seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayStream, assay_stream, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, assay_stream_seekable_init))

static gssize
assay_stream_read (GInputStream *stream,
                   void *buffer,
                   gsize count,
                   GCancellable *cancellable,
                   GError **error)
{
  AssayStream *self = ASSAY_STREAM (stream);
  gssize got;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  count = MIN (count, self->length - self->offset);
  if (count == 0)
    return 0;
  got = self->read (self->data, self->offset, buffer, count, error);
  if (got > 0)
    self->offset += got;
  return got;
}

static goffset
assay_stream_tell (GSeekable *seekable)
{
  return ASSAY_STREAM (seekable)->offset;
}

static gboolean
assay_stream_can_seek (GSeekable *seekable)
{
  return TRUE;
}

static gboolean
assay_stream_seek (GSeekable *seekable,
                   goffset offset,
                   GSeekType type,
                   GCancellable *cancellable,
                   GError **error)
{
  AssayStream *self = ASSAY_STREAM (seekable);
  goffset from = type == G_SEEK_SET ? 0
                 : type == G_SEEK_CUR ? (goffset) self->offset : (goffset) self->length;

  if (offset < -from || offset > (goffset) self->length - from)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Outside the stream");
      return FALSE;
    }
  self->offset = from + offset;
  return TRUE;
}

static gboolean
assay_stream_can_truncate (GSeekable *seekable)
{
  return FALSE;
}

static gboolean
assay_stream_truncate (GSeekable *seekable,
                       goffset offset,
                       GCancellable *cancellable,
                       GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "A stream to read from");
  return FALSE;
}

static void
assay_stream_finalize (GObject *object)
{
  AssayStream *self = ASSAY_STREAM (object);

  if (self->destroy != NULL)
    self->destroy (self->data);
  G_OBJECT_CLASS (assay_stream_parent_class)->finalize (object);
}

static void
assay_stream_class_init (AssayStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = assay_stream_read;
}

static void
assay_stream_seekable_init (GSeekableIface *iface)
{
  iface->tell = assay_stream_tell;
  iface->can_seek = assay_stream_can_seek;
  iface->seek = assay_stream_seek;
  iface->can_truncate = assay_stream_can_truncate;
  iface->truncate_fn = assay_stream_truncate;
}

static void
assay_stream_init (AssayStream *self)
{
}

/*
 * @length bytes that @read gives by offset, on whichever thread uses the stream.
 * Takes @data.
 */
GInputStream *
assay_stream_new (AssayProbeRead read,
                  gpointer data,
                  GDestroyNotify destroy,
                  guint64 length)
{
  AssayStream *self = g_object_new (ASSAY_TYPE_STREAM, NULL);

  g_assert (read != NULL);
  g_assert (length <= G_MAXINT64);

  self->read = read;
  self->data = data;
  self->destroy = destroy;
  self->length = length;
  return G_INPUT_STREAM (self);
}

static gssize
pread_fd (gpointer data,
          guint64 offset,
          guint8 *buffer,
          gsize size,
          GError **error)
{
  return assay_file_pread (GPOINTER_TO_INT (data), offset, buffer, size, error);
}

static void
close_fd (gpointer data)
{
  close (GPOINTER_TO_INT (data));
}

/* The first @length bytes of an open file.  Takes @fd. */
GInputStream *
assay_stream_new_file (int fd,
                       guint64 length)
{
  g_assert (fd >= 0);

  return assay_stream_new (pread_fd, GINT_TO_POINTER (fd), close_fd, length);
}
