/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-zip-writer.h"

/* What stands in the comment before the hash. */
#define SEAL "assay seal sha256 "
#define SEAL_BYTES (sizeof SEAL - 1)
#define HASH_BYTES 64

/* The length of the comment is what a zip ends with when it has none. */
#define TAIL 2

#define BLOCK (64 * 1024)

/* Invariant: tail holds the last bytes that came, which are not written yet. */
struct _AssayZipWriter {
  struct archive *archive;
  GOutputStream *stream;
  GCancellable *cancellable;
  GChecksum *sum;             /* of what is written */
  guint8 tail[TAIL];
  gsize n_tail;
  GError *reason;             /* (nullable) what the stream said */
};

static gboolean
put (AssayZipWriter *self,
     gconstpointer data,
     gsize length)
{
  if (length == 0)
    return TRUE;
  g_checksum_update (self->sum, data, length);
  return g_output_stream_write_all (self->stream, data, length, NULL, self->cancellable,
                                    &self->reason);
}

static la_ssize_t
write_cb (struct archive *archive,
          void *data,
          const void *buffer,
          size_t length)
{
  AssayZipWriter *self = data;
  g_autoptr (GByteArray) all = g_byte_array_sized_new (length + TAIL);
  gsize ready;

  if (self->reason != NULL)
    return -1;
  g_byte_array_append (all, self->tail, self->n_tail);
  g_byte_array_append (all, buffer, length);
  ready = all->len > TAIL ? all->len - TAIL : 0;
  self->n_tail = all->len - ready;
  memcpy (self->tail, all->data + ready, self->n_tail);
  return put (self, all->data, ready) ? (la_ssize_t) length : -1;
}

static gboolean
fail (AssayZipWriter *self,
      GError **error)
{
  if (self->reason != NULL)
    g_propagate_error (error, g_steal_pointer (&self->reason));
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED, _("A zip can't be written: %s"),
                 archive_error_string (self->archive) != NULL
                   ? archive_error_string (self->archive)
                   : _("out of memory"));
  return FALSE;
}

/**
 * assay_zip_writer_new:
 * @stream: takes it, and stays open
 * @cancellable: (nullable)
 * @error: %ASSAY_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): a zip without members
 */
AssayZipWriter *
assay_zip_writer_new (GOutputStream *stream,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (AssayZipWriter) self = g_new0 (AssayZipWriter, 1);

  self->stream = g_object_ref (stream);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->sum = g_checksum_new (G_CHECKSUM_SHA256);
  self->archive = archive_write_new ();
  if (self->archive == NULL || archive_write_set_format_zip (self->archive) != ARCHIVE_OK
      || archive_write_zip_set_compression_store (self->archive) != ARCHIVE_OK
      || archive_write_set_bytes_in_last_block (self->archive, 1) != ARCHIVE_OK
      || archive_write_open (self->archive, self, NULL, write_cb, NULL) != ARCHIVE_OK)
    {
      fail (self, error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * assay_zip_writer_add:
 * @name: ASCII
 * @data: (array length=length): the whole member
 * @error: %ASSAY_ERROR_FAILED, what the stream says, or %G_IO_ERROR_CANCELLED
 *
 * Blocks.
 *
 * Returns: whether it is written; if not, the zip is of no use any more
 */
gboolean
assay_zip_writer_add (AssayZipWriter *self,
                      const char *name,
                      gconstpointer data,
                      gsize length,
                      GError **error)
{
  struct archive_entry *entry = archive_entry_new ();
  gboolean written;

  /* No time: the format then has its own first day in all of them. */
  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, length);
  written = archive_write_header (self->archive, entry) == ARCHIVE_OK
            && (length == 0
                || archive_write_data (self->archive, data, length) == (la_ssize_t) length)
            && archive_write_finish_entry (self->archive) == ARCHIVE_OK;
  archive_entry_free (entry);
  return written || fail (self, error);
}

/**
 * assay_zip_writer_close:
 * @error: as assay_zip_writer_add()
 *
 * Writes the directory of the members, and the seal.  Blocks.
 *
 * Returns: whether the zip is whole
 */
gboolean
assay_zip_writer_close (AssayZipWriter *self,
                        GError **error)
{
  const guint8 length[TAIL] = { SEAL_BYTES + HASH_BYTES, 0 };
  const char *hash;

  if (archive_write_close (self->archive) != ARCHIVE_OK)
    return fail (self, error);
  if (!put (self, length, TAIL) || !put (self, SEAL, SEAL_BYTES))
    return fail (self, error);
  hash = g_checksum_get_string (self->sum);
  return g_output_stream_write_all (self->stream, hash, HASH_BYTES, NULL, self->cancellable, error);
}

void
assay_zip_writer_free (AssayZipWriter *self)
{
  g_return_if_fail (self != NULL);

  /* Closing it would write the rest. */
  if (self->archive != NULL)
    {
      archive_write_fail (self->archive);
      archive_write_free (self->archive);
    }
  g_object_unref (self->stream);
  g_clear_object (&self->cancellable);
  g_checksum_free (self->sum);
  g_clear_error (&self->reason);
  g_free (self);
}

/* ---- the seal ---- */

static gboolean
set_broken (GError **error,
            const char *words)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED, words);
  return FALSE;
}

/* Reads @n bytes and adds them to @sum. */
static gboolean
sum_up (GInputStream *stream,
        goffset n,
        GChecksum *sum,
        GCancellable *cancellable,
        GError **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);

  while (n > 0)
    {
      gsize got = 0;

      if (!g_input_stream_read_all (stream, block, MIN (n, BLOCK), &got, cancellable, error))
        return FALSE;
      if (got == 0)
        return set_broken (error, _("it was cut off while it was read"));
      g_checksum_update (sum, block, got);
      n -= got;
    }
  return TRUE;
}

/**
 * assay_zip_check_seal:
 * @stream: a zip; can be sought, and is at its start again if all went well
 * @cancellable: (nullable)
 * @error: %ASSAY_ERROR_DAMAGED if it isn't sealed, or the seal is of other bytes;
 *   %ASSAY_ERROR_TOO_LARGE, what the stream says, or %G_IO_ERROR_CANCELLED
 *
 * Reads all of it, and believes nothing.  Blocks; any thread.
 *
 * Returns: whether every byte is the one that assay_zip_writer_close() has sealed
 */
gboolean
assay_zip_check_seal (GInputStream *stream,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  char end[SEAL_BYTES + HASH_BYTES];
  gsize got = 0;
  goffset size;

  g_return_val_if_fail (G_IS_SEEKABLE (stream), FALSE);

  if (!g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_END, cancellable, error))
    return FALSE;
  size = g_seekable_tell (G_SEEKABLE (stream));
  if (size > ASSAY_LIMIT_BUNDLE_BYTES)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE, _("it has more than %u MB"),
                   ASSAY_LIMIT_BUNDLE_BYTES / 1024 / 1024);
      return FALSE;
    }
  if (!g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, cancellable, error))
    return FALSE;
  if (size < (goffset) sizeof end)
    return set_broken (error, _("it is cut off, or no bundle of Assay"));
  if (!sum_up (stream, size - sizeof end, sum, cancellable, error)
      || !g_input_stream_read_all (stream, end, sizeof end, &got, cancellable, error))
    return FALSE;
  if (got < sizeof end || memcmp (end, SEAL, SEAL_BYTES) != 0)
    return set_broken (error, _("its end, where the seal stands, has changed or is cut off"));
  g_checksum_update (sum, (const guchar *) SEAL, SEAL_BYTES);
  if (memcmp (end + SEAL_BYTES, g_checksum_get_string (sum), HASH_BYTES) != 0)
    return set_broken (error, _("the seal at its end belongs to other bytes"));
  return g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, cancellable, error);
}
