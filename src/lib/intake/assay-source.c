/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <nettle/sha2.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assay-convert.h"
#include "assay-error.h"
#include "assay-file-private.h"
#include "assay-limits.h"
#include "assay-members-private.h"
#include "assay-source.h"

/* Read at once while hashing a file that isn't held in memory. */
#define BLOCK_BYTES (256 * 1024)

/* Invariants: nothing changes after construction; of file and bytes exactly one
 * is set, and path with file, which for a member is its archive's; range and
 * raw_name are a member's alone. */
struct _AssaySource {
  GObject parent_instance;

  AssaySourceKind kind;
  GFile *file;
  GBytes *bytes;
  char *name;
  const char *base;           /* in name: what it is called when it is sent */
  char *path;
  char *group;
  AssaySpoolRange *range;     /* (nullable): the member is unpacked again */
  char *raw_name;
  guint index;
  guint64 size;
  AssayFacts facts;
  GError *error;
};

G_DEFINE_FINAL_TYPE (AssaySource, assay_source, G_TYPE_OBJECT)

static void
assay_source_finalize (GObject *object)
{
  AssaySource *self = ASSAY_SOURCE (object);

  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->range, assay_spool_range_unref);
  g_free (self->raw_name);
  g_free (self->name);
  g_free (self->path);
  g_free (self->group);
  G_OBJECT_CLASS (assay_source_parent_class)->finalize (object);
}

static void
assay_source_class_init (AssaySourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_source_finalize;
}

static void
assay_source_init (AssaySource *self)
{
  self->facts.orientation = 1;
}

/**
 * assay_source_new_file:
 * @file: (transfer none): the file
 * @group: (nullable): the folder that it was given with
 * @size: its size in bytes, 0 if unknown
 * @facts: (nullable): what its first bytes say
 * @error: (nullable): why it can't be sent; copied
 *
 * Opens nothing.
 *
 * Returns: (transfer full): a source
 */
AssaySource *
assay_source_new_file (GFile *file,
                       const char *group,
                       guint64 size,
                       const AssayFacts *facts,
                       const GError *error)
{
  AssaySource *self;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = g_object_new (ASSAY_TYPE_SOURCE, NULL);
  self->kind = ASSAY_SOURCE_FILE;
  self->file = g_object_ref (file);
  self->name = assay_file_dup_name (file);
  self->base = self->name;
  self->path = assay_file_dup_path (file);
  self->group = g_strdup (group);
  self->size = size;
  if (facts != NULL)
    self->facts = *facts;
  self->error = error != NULL ? g_error_copy (error) : NULL;
  return self;
}

/* The last part of a member's name, by whichever stroke parts are divided: no
 * service gets to see a way. */
static const char *
find_base (const char *name)
{
  const char *base = name;

  for (const char *p = name; *p != '\0'; p++)
    if (*p == '/' || *p == '\\')
      base = p + 1;
  return base[strspn (base, ".")] != '\0' ? base : "picture";
}

/**
 * assay_source_new_member:
 * @archive: (transfer none): the archive
 * @group: (nullable): the archive, as its members are grouped
 * @name: the member's name in it, UTF-8; a label, never a path
 * @index: its place in the archive
 * @raw_name: its name in the archive's own bytes
 * @size: its size in bytes, 0 if unknown
 * @facts: (nullable): what its first bytes say
 * @range: (nullable) (transfer none): its bytes; without, it is found again by
 *   walking the archive
 * @error: (nullable): why it can't be sent; copied
 *
 * Returns: (transfer full): a source
 */
AssaySource *
assay_source_new_member (GFile *archive,
                         const char *group,
                         const char *name,
                         guint index,
                         const char *raw_name,
                         guint64 size,
                         const AssayFacts *facts,
                         AssaySpoolRange *range,
                         const GError *error)
{
  AssaySource *self;

  g_return_val_if_fail (name != NULL && raw_name != NULL, NULL);

  self = assay_source_new_file (archive, group, size, facts, error);
  g_return_val_if_fail (self != NULL, NULL);
  self->kind = ASSAY_SOURCE_MEMBER;
  g_free (self->name);
  self->name = g_strdup (name);
  self->base = find_base (self->name);
  self->index = index;
  self->raw_name = g_strdup (raw_name);
  self->range = range != NULL ? assay_spool_range_ref (range) : NULL;
  return self;
}

/**
 * assay_source_new_bytes:
 * @kind: memory or standard input
 * @name: what to call it
 * @bytes: (transfer none): the picture, probed here from its first bytes
 *
 * Returns: (transfer full): a source, with an error if the bytes can't be sent
 */
AssaySource *
assay_source_new_bytes (AssaySourceKind kind,
                        const char *name,
                        GBytes *bytes)
{
  AssaySource *self;
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (kind == ASSAY_SOURCE_MEMORY || kind == ASSAY_SOURCE_STDIN, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_SOURCE, NULL);
  self->kind = kind;
  self->bytes = g_bytes_ref (bytes);
  self->name = g_strdup (name);
  self->base = self->name;
  data = g_bytes_get_data (bytes, &size);
  self->size = size;
  if (size > ASSAY_LIMIT_FILE_BYTES)
    self->error = assay_file_new_too_large ();
  else
    assay_file_judge_head (data, MIN (size, ASSAY_LIMIT_PROBE_HEAD), &self->facts, &self->error);
  return self;
}

AssaySourceKind
assay_source_get_kind (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), ASSAY_SOURCE_FILE);

  return self->kind;
}

/**
 * assay_source_get_name:
 *
 * Returns: (transfer none): the last part of the path as the system gave it (any
 *   bytes), what the bytes were called, or a member's whole name
 */
const char *
assay_source_get_name (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);

  return self->name;
}

/**
 * assay_source_get_path:
 *
 * Returns: (transfer none) (nullable): the absolute path as the system gave it
 *   (any bytes), or the address of a file elsewhere; the archive's for a member;
 *   %NULL for bytes
 */
const char *
assay_source_get_path (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);

  return self->path;
}

/**
 * assay_source_get_member:
 *
 * Returns: (transfer none) (nullable): its name in the archive, UTF-8; %NULL for
 *   what isn't a member
 */
const char *
assay_source_get_member (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);

  return self->kind == ASSAY_SOURCE_MEMBER ? self->name : NULL;
}

/**
 * assay_source_get_file:
 *
 * Returns: (transfer none) (nullable): the file, or the member's archive; %NULL
 *   for bytes
 */
GFile *
assay_source_get_file (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);

  return self->file;
}

/**
 * assay_source_get_group:
 *
 * Returns: (transfer none) (nullable): the folder or archive that it was given
 *   with, from the one that the person named down ("holiday/beach.zip"), any bytes
 */
const char *
assay_source_get_group (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);

  return self->group;
}

/**
 * assay_source_get_size:
 *
 * Returns: bytes when it was given; preparing it tells how many it has now
 */
guint64
assay_source_get_size (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), 0);

  return self->size;
}

/**
 * assay_source_get_facts:
 *
 * Returns: (transfer none): what its first bytes say; width and height may be
 *   unknown still
 */
const AssayFacts *
assay_source_get_facts (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);

  return &self->facts;
}

/**
 * assay_source_get_error:
 *
 * Returns: (transfer none) (nullable): why it can't be sent
 */
const GError *
assay_source_get_error (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);

  return self->error;
}

/* Which file it was, to see later whether it still is the same. */
typedef struct {
  dev_t device;
  ino_t inode;
  off_t size;
  struct timespec modified;
} Identity;

static Identity
identity_of (const struct stat *info)
{
  return (Identity) { info->st_dev, info->st_ino, info->st_size, info->st_mtim };
}

static gboolean
identity_equal (const Identity *a,
                const Identity *b)
{
  return a->device == b->device && a->inode == b->inode && a->size == b->size
         && a->modified.tv_sec == b->modified.tv_sec
         && a->modified.tv_nsec == b->modified.tv_nsec;
}

static void
set_changed_error (GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                       _("The file changed while it was being sent; add it again"));
}

/* Whether the file behind @fd is still what it was. */
static gboolean
check_unchanged (int fd,
                 const Identity *before,
                 GError **error)
{
  struct stat info;
  Identity now;

  if (fstat (fd, &info) < 0)
    {
      assay_file_set_errno (error, errno);
      return FALSE;
    }
  now = identity_of (&info);
  if (identity_equal (before, &now))
    return TRUE;
  set_changed_error (error);
  return FALSE;
}

static GInputStream *
open_member (AssaySource *self,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (self->range != NULL)
    return assay_spool_range_open (self->range);
  bytes = assay_members_read (self->file, self->index, self->raw_name, cancellable, error);
  return bytes != NULL ? g_memory_input_stream_new_from_bytes (bytes) : NULL;
}

/**
 * assay_source_open:
 * @cancellable: (nullable): stops a slow open
 * @error: %ASSAY_ERROR_UNREADABLE or %ASSAY_ERROR_NOT_AN_IMAGE (not a file); what
 *   assay_archive_next() says, for a member that isn't in the spool
 *
 * Opens the bytes from their start, for a preview.  Any thread; may block.
 *
 * Returns: (transfer full) (nullable): a stream
 */
GInputStream *
assay_source_open (AssaySource *self,
                   GCancellable *cancellable,
                   GError **error)
{
  int fd;

  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->bytes != NULL)
    return g_memory_input_stream_new_from_bytes (self->bytes);
  if (self->kind == ASSAY_SOURCE_MEMBER)
    return open_member (self, cancellable, error);
  if (!g_file_is_native (self->file))
    return assay_file_open_foreign (self->file, cancellable, error);

  fd = assay_file_open_native (self->path, NULL, error);
  return fd < 0 ? NULL : g_unix_input_stream_new (fd, TRUE);
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
static void
hash_bytes (GBytes *bytes,
            char hex[65])
{
  struct sha256_ctx context;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  sha256_init (&context);
  sha256_update (&context, size, data);
  format_digest (&context, hex);
}

/* A service goes by the name's ending; what was converted has a new one, and
 * what has none at all gets the one of its content. */
static char *
dup_sent_name (const char *name,
               AssayFormat format,
               gboolean converted)
{
  const char *dot = strrchr (name, '.');
  const char *ending = assay_file_get_ending (converted ? ASSAY_FORMAT_PNG : format);

  if (dot == name)
    dot = NULL;
  if (converted)
    return g_strdup_printf ("%.*s%s", dot != NULL ? (int) (dot - name) : (int) strlen (name), name,
                            ending);
  return g_strconcat (name, dot == NULL ? ending : NULL, NULL);
}

/* Sends what is in memory: as it is, or converted on a copy. */
static gboolean
prepare_bytes (AssayPrepared *prepared,
               const char *name,
               GBytes *bytes,
               gboolean convert,
               GError **error)
{
  g_autoptr (GBytes) sent = NULL;
  g_autofree char *sent_name = NULL;

  prepared->size = g_bytes_get_size (bytes);
  hash_bytes (bytes, prepared->sha256);
  if (!assay_probe_bytes (bytes, &prepared->facts, error)
      || !assay_file_check_handling (&prepared->facts, convert, error))
    return FALSE;

  prepared->converted = prepared->facts.handling == ASSAY_HANDLING_CONVERT;
  if (prepared->converted)
    {
      sent = assay_convert_to_png (bytes, &prepared->facts, error);
      if (sent == NULL)
        return FALSE;
      hash_bytes (sent, prepared->sent_sha256);
    }
  else
    {
      sent = g_bytes_ref (bytes);
      memcpy (prepared->sent_sha256, prepared->sha256, sizeof prepared->sha256);
    }

  sent_name = dup_sent_name (name, prepared->facts.format, prepared->converted);
  prepared->payload = assay_payload_new_bytes (
    sent_name,
    assay_format_get_media_type (prepared->converted ? ASSAY_FORMAT_PNG : prepared->facts.format),
    sent);
  return TRUE;
}

/* Bytes that can be read by offset: of an open file, or of a range in the spool. */
typedef struct {
  int fd;
  AssaySpoolRange *range;     /* (nullable) */
  GCancellable *cancellable;
} Reader;

static gssize
reader_read (gpointer data,
             guint64 offset,
             guint8 *buffer,
             gsize size,
             GError **error)
{
  Reader *self = data;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return -1;
  if (self->range != NULL)
    return assay_spool_range_pread (self->range, offset, buffer, size, error);
  return assay_file_pread (self->fd, offset, buffer, size, error);
}

/* Reads exactly @size bytes from the start; a file that has fewer or more by
 * now has changed. */
static GBytes *
read_whole (Reader *reader,
            gsize size,
            GError **error)
{
  g_autofree guint8 *data = g_malloc (size + 1);
  gsize done = 0;

  for (;;)
    {
      gssize got;

      /* One byte more than it should have, to see its end. */
      got = reader_read (reader, done, data + done, MIN (size + 1 - done, BLOCK_BYTES * 4), error);
      if (got < 0)
        return NULL;
      if (got == 0)
        break;
      done += got;
      if (done > size)
        break;
    }
  if (done == size)
    return g_bytes_new_take (g_steal_pointer (&data), size);
  set_changed_error (error);
  return NULL;
}

static gboolean
hash_file (Reader *reader,
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

      got = reader_read (reader, done, block, MIN (size - done, BLOCK_BYTES), error);
      if (got < 0)
        return FALSE;
      if (got == 0)
        {
          set_changed_error (error);
          return FALSE;
        }
      sha256_update (&context, got, block);
      done += got;
    }
  format_digest (&context, hex);
  return TRUE;
}

/* What a payload that stays on disk needs to be opened again, on any thread. */
typedef struct {
  char *path;
  Identity identity;
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
  if (!check_unchanged (fd, &self->identity, error))
    return NULL;
  return g_steal_pointer (&stream);
}

/* What is too large to be held is hashed and walked where it lies; only what is
 * converted has its payload then. */
static gboolean
prepare_large (AssaySource *self,
               AssayPrepared *prepared,
               Reader *reader,
               guint64 size,
               gboolean convert,
               GError **error)
{
  prepared->size = size;
  if (!assay_probe_walk (reader_read, reader, size, &prepared->facts, error)
      || !assay_file_check_handling (&prepared->facts, convert, error))
    return FALSE;

  if (prepared->facts.handling == ASSAY_HANDLING_CONVERT)
    {
      g_autoptr (GBytes) bytes = read_whole (reader, size, error);

      return bytes != NULL && prepare_bytes (prepared, self->base, bytes, convert, error);
    }

  if (!hash_file (reader, size, prepared->sha256, error))
    return FALSE;
  memcpy (prepared->sent_sha256, prepared->sha256, sizeof prepared->sha256);
  return TRUE;
}

/* A payload that stays where it is.  Takes @data. */
static AssayPayload *
new_payload (AssaySource *self,
             const AssayPrepared *prepared,
             AssayPayloadOpen open_bytes,
             gpointer data,
             GDestroyNotify destroy)
{
  g_autofree char *name = dup_sent_name (self->base, prepared->facts.format, FALSE);

  return assay_payload_new (name, assay_format_get_media_type (prepared->facts.format),
                            prepared->size, open_bytes, data, destroy);
}

static gboolean
prepare_large_file (AssaySource *self,
                    AssayPrepared *prepared,
                    Reader *reader,
                    const Identity *identity,
                    gboolean convert,
                    GError **error)
{
  Reopen *reopen;

  if (!prepare_large (self, prepared, reader, identity->size, convert, error))
    return FALSE;
  if (prepared->payload != NULL)
    return TRUE;
  reopen = g_new0 (Reopen, 1);
  reopen->path = g_strdup (self->path);
  reopen->identity = *identity;
  prepared->payload = new_payload (self, prepared, reopen_open, reopen, reopen_free);
  return TRUE;
}

static gboolean
prepare_native_fd (AssaySource *self,
                   AssayPrepared *prepared,
                   int fd,
                   const struct stat *info,
                   gboolean convert,
                   GCancellable *cancellable,
                   GError **error)
{
  Identity identity = identity_of (info);
  Reader reader = { fd, NULL, cancellable };

  if (info->st_size > ASSAY_LIMIT_FILE_BYTES)
    {
      g_propagate_error (error, assay_file_new_too_large ());
      return FALSE;
    }
  if (info->st_size > ASSAY_LIMIT_MEMORY_PAYLOAD)
    {
      if (!prepare_large_file (self, prepared, &reader, &identity, convert, error))
        return FALSE;
    }
  else
    {
      g_autoptr (GBytes) bytes = read_whole (&reader, info->st_size, error);

      if (bytes == NULL || !prepare_bytes (prepared, self->base, bytes, convert, error))
        return FALSE;
    }
  return check_unchanged (fd, &identity, error);
}

static gboolean
prepare_native (AssaySource *self,
                AssayPrepared *prepared,
                gboolean convert,
                GCancellable *cancellable,
                GError **error)
{
  struct stat info;
  gboolean ok;
  int fd = assay_file_open_native (self->path, &info, error);

  if (fd < 0)
    return FALSE;
  ok = prepare_native_fd (self, prepared, fd, &info, convert, cancellable, error);
  close (fd);
  return ok;
}

/* Files elsewhere (trash:, sftp:) are read whole through GIO: to open them a
 * second time may ask somebody for a password. */
static gboolean
prepare_foreign (AssaySource *self,
                 AssayPrepared *prepared,
                 gboolean convert,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GBytes) bytes = NULL;

  stream = assay_file_open_foreign (self->file, cancellable, error);
  if (stream == NULL)
    return FALSE;
  bytes = assay_file_read_stream (stream, ASSAY_LIMIT_FILE_BYTES, cancellable, error);
  return bytes != NULL && prepare_bytes (prepared, self->base, bytes, convert, error);
}

static GInputStream *
open_range (gpointer data,
            GCancellable *cancellable,
            GError **error)
{
  return assay_spool_range_open (data);
}

static gboolean
prepare_range (AssaySource *self,
               AssayPrepared *prepared,
               gboolean convert,
               GCancellable *cancellable,
               GError **error)
{
  Reader reader = { -1, self->range, cancellable };
  guint64 size = assay_spool_range_get_length (self->range);
  g_autoptr (GBytes) bytes = NULL;

  if (size <= ASSAY_LIMIT_MEMORY_PAYLOAD)
    {
      bytes = read_whole (&reader, size, error);
      return bytes != NULL && prepare_bytes (prepared, self->base, bytes, convert, error);
    }
  if (!prepare_large (self, prepared, &reader, size, convert, error))
    return FALSE;
  if (prepared->payload == NULL)
    prepared->payload =
      new_payload (self, prepared, open_range, assay_spool_range_ref (self->range),
                   (GDestroyNotify) assay_spool_range_unref);
  return TRUE;
}

static gboolean
prepare_member (AssaySource *self,
                AssayPrepared *prepared,
                gboolean convert,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (self->range != NULL)
    return prepare_range (self, prepared, convert, cancellable, error);
  bytes = assay_members_read (self->file, self->index, self->raw_name, cancellable, error);
  return bytes != NULL && prepare_bytes (prepared, self->base, bytes, convert, error);
}

/**
 * assay_source_prepare:
 * @convert: whether what the service doesn't take may be converted on a copy
 * @cancellable: (nullable): stops the reading
 * @error: the source's own error; %ASSAY_ERROR_UNREADABLE, _TOO_LARGE, _DAMAGED,
 *   _UNSUPPORTED, _NOT_AN_IMAGE; or %G_IO_ERROR_CANCELLED
 *
 * Reads the source, hashes it, walks it to its container's end and, where the
 * service needs it, converts it.  Up to %ASSAY_LIMIT_MEMORY_PAYLOAD it is read
 * once and held; a larger file stays on disk and is opened again for sending,
 * which fails if it has changed by then.  A member is read from the spool, or
 * unpacked again and held.  Blocks: for a worker thread.
 *
 * Returns: (transfer full) (nullable): what is ready to be sent
 */
AssayPrepared *
assay_source_prepare (AssaySource *self,
                      gboolean convert,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (AssayPrepared) prepared = NULL;
  gboolean ok;

  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return NULL;
    }

  prepared = g_new0 (AssayPrepared, 1);
  prepared->facts = self->facts;
  if (self->bytes != NULL)
    ok = prepare_bytes (prepared, self->base, self->bytes, convert, error);
  else if (self->kind == ASSAY_SOURCE_MEMBER)
    ok = prepare_member (self, prepared, convert, cancellable, error);
  else if (g_file_is_native (self->file))
    ok = prepare_native (self, prepared, convert, cancellable, error);
  else
    ok = prepare_foreign (self, prepared, convert, cancellable, error);
  return ok ? g_steal_pointer (&prepared) : NULL;
}

void
assay_prepared_free (AssayPrepared *self)
{
  g_clear_pointer (&self->payload, assay_payload_unref);
  g_free (self);
}
