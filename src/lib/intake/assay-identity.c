/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <nettle/sha2.h>

#include "assay-error.h"
#include "assay-file-private.h"
#include "assay-identity-private.h"

/* Read at once while hashing a file that isn't held in memory. */
#define BLOCK_BYTES (256 * 1024)

AssayIdentity
assay_identity_of (const struct stat *info)
{
  return (AssayIdentity) { info->st_dev, info->st_ino, info->st_size, info->st_mtim };
}

static gboolean
is_equal (const AssayIdentity *a,
          const AssayIdentity *b)
{
  return a->device == b->device && a->inode == b->inode && a->size == b->size
         && a->modified.tv_sec == b->modified.tv_sec
         && a->modified.tv_nsec == b->modified.tv_nsec;
}

void
assay_identity_set_changed (GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                       _("The file changed while it was being sent; add it again"));
}

/* Whether the file behind @fd is still what it was. */
gboolean
assay_identity_check (const AssayIdentity *self,
                      int fd,
                      GError **error)
{
  struct stat info;
  AssayIdentity now;

  if (fstat (fd, &info) < 0)
    {
      assay_file_set_errno (error, errno);
      return FALSE;
    }
  now = assay_identity_of (&info);
  if (is_equal (self, &now))
    return TRUE;
  assay_identity_set_changed (error);
  return FALSE;
}

/* What a payload that stays on disk needs to be opened again, on any thread. */
typedef struct {
  char *path;
  AssayIdentity identity;
} Reopen;

static void
reopen_free (gpointer data)
{
  Reopen *self = data;

  g_free (self->path);
  g_free (self);
}

static GInputStream *
reopen_open (gpointer data,
             GCancellable *cancellable,
             GError **error)
{
  Reopen *self = data;
  g_autoptr (GInputStream) stream = NULL;
  int fd = assay_file_open_native (self->path, NULL, error);

  if (fd < 0)
    return NULL;
  stream = g_unix_input_stream_new (fd, TRUE);
  if (!assay_identity_check (&self->identity, fd, error))
    return NULL;
  return g_steal_pointer (&stream);
}

/* A payload that stays where it is; to open it fails once the file has changed. */
AssayPayload *
assay_identity_new_payload (const AssayIdentity *self,
                            const char *path,
                            const char *name,
                            const char *media_type)
{
  Reopen *reopen = g_new0 (Reopen, 1);

  reopen->path = g_strdup (path);
  reopen->identity = *self;
  return assay_payload_new (name, media_type, self->size, reopen_open, reopen, reopen_free);
}

static void
format_digest (struct sha256_ctx *context,
               char hex[65])
{
  static const char digits[] = "0123456789abcdef";
  guint8 digest[SHA256_DIGEST_SIZE];

  sha256_digest (context, sizeof digest, digest);
  for (gsize i = 0; i < sizeof digest; i++)
    {
      hex[2 * i] = digits[digest[i] >> 4];
      hex[2 * i + 1] = digits[digest[i] & 15];
    }
  hex[64] = '\0';
}

/* nettle, not GChecksum: it uses the processor's SHA instructions and takes a
 * fifth of the time. */
void
assay_digest_bytes (GBytes *bytes,
                    char hex[65])
{
  struct sha256_ctx context;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  sha256_init (&context);
  sha256_update (&context, size, data);
  format_digest (&context, hex);
}

/* Of exactly @size bytes; fewer mean that the file has changed. */
gboolean
assay_digest_read (AssayProbeRead read,
                   gpointer data,
                   guint64 size,
                   char hex[65],
                   GError **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK_BYTES);
  struct sha256_ctx context;
  guint64 done = 0;

  sha256_init (&context);
  while (done < size)
    {
      gssize got;

      got = read (data, done, block, MIN (size - done, BLOCK_BYTES), error);
      if (got < 0)
        return FALSE;
      if (got == 0)
        {
          assay_identity_set_changed (error);
          return FALSE;
        }
      sha256_update (&context, got, block);
      done += got;
    }
  format_digest (&context, hex);
  return TRUE;
}
