/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-archive.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-unpack.h"

static AssayFormat
find_format (GBytes *bytes)
{
  AssayFacts facts = { 0 };
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  assay_probe_head (data, MIN (length, ASSAY_LIMIT_PROBE_HEAD), &facts, NULL);
  return facts.format;
}

/**
 * assay_unpack_is_archive:
 * @bytes: a file, in any state
 *
 * Returns: whether its first bytes are those of a zip, a tar or a gzip
 */
gboolean
assay_unpack_is_archive (GBytes *bytes)
{
  g_return_val_if_fail (bytes != NULL, FALSE);

  return assay_format_is_archive (find_format (bytes));
}

static gboolean
refuse (GError **error,
        const char *message)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_REFUSED, message);
  return FALSE;
}

static gboolean
check_member (const AssayArchiveMember *member,
              GError **error)
{
  if (member->kind == ASSAY_ARCHIVE_FOLDER || strpbrk (member->name, "/\\") != NULL)
    return refuse (error, "Invalid request: Absolute path, or hierarchy in archive file is not "
                          "allowed");
  if (member->kind != ASSAY_ARCHIVE_FILE || member->encrypted)
    return refuse (error, "Error when uploading files:: Invalid file type");
  if (member->index >= ASSAY_LIMIT_REQUEST_MEMBERS)
    return refuse (error, "Invalid request: Too many images in one archive");
  return TRUE;
}

static GBytes *
read_member (AssayArchive *archive,
             guint8 *block,
             GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gssize got;

  while ((got = assay_archive_read (archive, block, ASSAY_LIMIT_ARCHIVE_BLOCK, error)) > 0)
    {
      if (bytes->len + (gsize) got > ASSAY_LIMIT_FILE_BYTES)
        {
          refuse (error, "Error when uploading files:: An image in the archive is too large");
          return NULL;
        }
      g_byte_array_append (bytes, block, got);
    }
  return got == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
}

/**
 * assay_unpack:
 * @bytes: an archive, in any state
 * @name: the file name that it came with
 * @each: gets the members in order, one in memory at a time
 * @data: for @each
 * @cancellable: (nullable): stops between two blocks
 * @error: %ASSAY_ERROR_REFUSED with a sentence of the contract, what @each says,
 *   or what assay_archive_next() says
 *
 * Takes an archive apart as the contract has it: images only, at the top level
 * (protocols.md, A1 and A4).  Blocks; any thread.
 *
 * Returns: whether all of it was taken
 */
gboolean
assay_unpack (GBytes *bytes,
              const char *name,
              AssayUnpackEach each,
              gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autofree guint8 *block = g_malloc (ASSAY_LIMIT_ARCHIVE_BLOCK);
  g_autoptr (AssayArchive) archive = NULL;
  const AssayArchiveMember *member;
  GError *reason = NULL;
  guint n = 0;

  g_return_val_if_fail (bytes != NULL && name != NULL && each != NULL, FALSE);

  archive = assay_archive_new (stream, name, find_format (bytes), cancellable, error);
  if (archive == NULL)
    return FALSE;
  for (; (member = assay_archive_next (archive, &reason)) != NULL; n++)
    {
      g_autoptr (GBytes) content = NULL;

      if (!check_member (member, error))
        return FALSE;
      content = read_member (archive, block, error);
      if (content == NULL || !each (member->name, content, data, error))
        return FALSE;
    }
  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return FALSE;
    }
  return n > 0 || refuse (error, "Invalid request: There is no image in the archive");
}
