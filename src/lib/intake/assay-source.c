/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assay-convert.h"
#include "assay-error.h"
#include "assay-file-private.h"
#include "assay-identity-private.h"
#include "assay-label.h"
#include "assay-limits.h"
#include "assay-members-private.h"
#include "assay-parcel-private.h"
#include "assay-source.h"

/* Read at once of a file that is held. */
#define BLOCK_BYTES (1024 * 1024)

/* What most sources, files on disk, have nothing of. */
typedef struct {
  GBytes *bytes;
  char *own_name;
  char *own_path;
  AssaySpoolRange *range;     /* (nullable): the member is unpacked again */
  char *raw_name;
  GError *error;
  AssayParcel *parcel;        /* (nullable): it is sent within this */
  char *sha256;               /* (nullable): known already, of a parcel's member */
  guint index;
  guint place;                /* in the parcel */
  gboolean unfit;             /* an archive that can't be sent as it is */
} Rest;

static const Rest nothing;

/* Invariants: nothing changes after construction; of file and bytes exactly one
 * is set, and path with file, which for a member is its archive's; range and
 * raw_name are a member's alone.  One from an address has no file, its address for
 * a path, and no bytes while they are on their way or if they never came.  There may be a
 * hundred thousand: mind the size. */
struct _AssaySource {
  GObject parent_instance;

  GFile *file;
  const char *name;           /* own_name, or within path: a thousand files are many strings */
  const char *base;           /* in name: what it is called when it is sent */
  const char *path;           /* own_path, or the file's */
  GRefString *group;          /* (nullable) interned: a folder's files share it */
  const Rest *rest;           /* nothing, or its own */
  guint64 size;
  AssayFacts facts;
  AssaySourceKind kind;
};

G_DEFINE_FINAL_TYPE (AssaySource, assay_source, G_TYPE_OBJECT)

static void
rest_free (Rest *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->range, assay_spool_range_unref);
  g_clear_pointer (&self->parcel, assay_parcel_unref);
  g_free (self->sha256);
  g_free (self->raw_name);
  g_free (self->own_name);
  g_free (self->own_path);
  g_free (self);
}

static Rest *
ensure_rest (AssaySource *self)
{
  if (self->rest == &nothing)
    self->rest = g_new0 (Rest, 1);
  return (Rest *) self->rest;
}

static void
assay_source_finalize (GObject *object)
{
  AssaySource *self = ASSAY_SOURCE (object);

  g_clear_object (&self->file);
  if (self->rest != &nothing)
    rest_free ((Rest *) self->rest);
  g_clear_pointer (&self->group, assay_label_release);
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
  self->rest = &nothing;
}

static void
take_name (AssaySource *self,
           char *name)
{
  Rest *rest = ensure_rest (self);

  g_free (rest->own_name);
  rest->own_name = name;
  self->name = name;
}

static void
take_path (AssaySource *self,
           char *path)
{
  if (path != NULL)
    ensure_rest (self)->own_path = path;
  self->path = path;
}

/* The file has its path already, and the name is the end of that. */
static void
name_file (AssaySource *self)
{
  const char *stroke;

  self->path = g_file_is_native (self->file) ? g_file_peek_path (self->file) : NULL;
  stroke = self->path != NULL ? strrchr (self->path, '/') : NULL;
  if (self->path == NULL)
    take_path (self, assay_file_dup_path (self->file));
  if (stroke != NULL && stroke[1] != '\0')
    self->name = stroke + 1;
  else
    take_name (self, assay_file_dup_name (self->file));
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
  name_file (self);
  self->base = self->name;
  self->group = group != NULL ? assay_label_intern (group) : NULL;
  self->size = size;
  if (facts != NULL)
    self->facts = *facts;
  if (error != NULL)
    ensure_rest (self)->error = g_error_copy (error);
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
  Rest *rest;

  g_return_val_if_fail (name != NULL && raw_name != NULL, NULL);

  self = assay_source_new_file (archive, group, size, facts, error);
  g_return_val_if_fail (self != NULL, NULL);
  self->kind = ASSAY_SOURCE_MEMBER;
  take_name (self, g_strdup (name));
  self->base = find_base (self->name);
  rest = ensure_rest (self);
  rest->index = index;
  rest->raw_name = g_strdup (raw_name);
  rest->range = range != NULL ? assay_spool_range_ref (range) : NULL;
  return self;
}

static void
take_bytes (AssaySource *self,
            GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Rest *rest = ensure_rest (self);

  self->size = size;
  rest->bytes = g_bytes_ref (bytes);
  if (size > ASSAY_LIMIT_FILE_BYTES)
    rest->error = assay_file_new_too_large ();
  else
    assay_file_judge_head (data, MIN (size, ASSAY_LIMIT_PROBE_HEAD), &self->facts, &rest->error);
}

/* What is most often behind an address that isn't a picture's, though it may end
 * like one. */
static gboolean
looks_like_page (GBytes *bytes)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  gsize i = 0;

  while (i < size && (g_ascii_isspace (text[i]) || (guchar) text[i] >= 0x80))
    i++;
  return i < size && text[i] == '<';
}

/**
 * assay_source_new_remote:
 * @name: what to call it, UTF-8; a label, never a path
 * @address: (nullable): where it comes from
 * @bytes: (nullable) (transfer none): what was there; %NULL while it is on its way
 * @error: (nullable): why nothing came; copied
 *
 * Returns: (transfer full): a source
 */
AssaySource *
assay_source_new_remote (const char *name,
                         const char *address,
                         GBytes *bytes,
                         const GError *error)
{
  AssaySource *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (bytes == NULL || error == NULL, NULL);

  self = g_object_new (ASSAY_TYPE_SOURCE, NULL);
  self->kind = ASSAY_SOURCE_REMOTE;
  take_name (self, g_strdup (name));
  self->base = find_base (self->name);
  take_path (self, g_strdup (address));
  if (bytes != NULL)
    take_bytes (self, bytes);
  else if (error != NULL)
    ensure_rest (self)->error = g_error_copy (error);
  if (bytes != NULL && g_error_matches (self->rest->error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE)
      && looks_like_page (bytes))
    {
      Rest *rest = ensure_rest (self);

      g_clear_error (&rest->error);
      rest->error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE,
                                         _("The address leads to a web page, not to a picture. "
                                           "Drag the picture itself, or save it and add the "
                                           "file."));
    }
  return self;
}

/**
 * assay_source_is_awaited:
 *
 * Returns: whether its bytes are still to come
 */
gboolean
assay_source_is_awaited (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), FALSE);

  return self->kind == ASSAY_SOURCE_REMOTE && self->rest->bytes == NULL
         && self->rest->error == NULL;
}

/**
 * assay_source_is_here:
 *
 * Returns: %FALSE for what has to be fetched, or fetched again, before anything can
 *   be said of it
 */
gboolean
assay_source_is_here (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), FALSE);

  return self->kind != ASSAY_SOURCE_REMOTE || self->rest->bytes != NULL;
}

/* Nothing can be read of what isn't here. */
static gboolean
check_here (AssaySource *self,
            GError **error)
{
  if (assay_source_is_here (self))
    return TRUE;
  if (self->rest->error != NULL)
    g_propagate_error (error, g_error_copy (self->rest->error));
  else
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                         _("It is still being downloaded"));
  return FALSE;
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

  g_return_val_if_fail (kind == ASSAY_SOURCE_MEMORY || kind == ASSAY_SOURCE_STDIN, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_SOURCE, NULL);
  self->kind = kind;
  take_name (self, g_strdup (name));
  self->base = self->name;
  take_bytes (self, bytes);
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
 *   %NULL for bytes that have none
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
 * assay_source_get_member_index:
 *
 * Returns: its place in the archive, 0 for what isn't a member
 */
guint
assay_source_get_member_index (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), 0);

  return self->rest->index;
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

  return self->rest->error;
}

/* Before anybody else has it: a member of @parcel that was read in full. */
void
assay_source_set_parcel (AssaySource *self,
                         AssayParcel *parcel,
                         guint place,
                         const char *sha256)
{
  Rest *rest = ensure_rest (self);

  g_assert (rest->parcel == NULL && self->kind == ASSAY_SOURCE_MEMBER);

  rest->parcel = assay_parcel_ref (parcel);
  rest->place = place;
  rest->sha256 = g_strdup (sha256);
}

/* Before anybody else has it. */
void
assay_source_set_unfit (AssaySource *self)
{
  ensure_rest (self)->unfit = TRUE;
}

/**
 * assay_source_get_parcel:
 * @place: (out) (optional): which of its members this is
 *
 * Returns: (transfer none) (nullable): the archive that it is sent within, with
 *   all other members in one request; %NULL for what is sent by itself
 */
AssayParcel *
assay_source_get_parcel (AssaySource *self,
                         guint *place)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);

  if (place != NULL)
    *place = self->rest->place;
  return self->rest->parcel;
}

/**
 * assay_source_is_unfit:
 *
 * Returns: whether it is an archive that was to be sent as it is, and can't be:
 *   it may still be opened
 */
gboolean
assay_source_is_unfit (AssaySource *self)
{
  g_return_val_if_fail (ASSAY_IS_SOURCE (self), FALSE);

  return self->rest->unfit;
}

static GInputStream *
open_member (AssaySource *self,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (self->rest->range != NULL)
    return assay_spool_range_open (self->rest->range);
  bytes = assay_members_read (self->file, self->rest->index, self->rest->raw_name, cancellable,
                              error);
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

  if (!check_here (self, error))
    return NULL;
  if (self->rest->bytes != NULL)
    return g_memory_input_stream_new_from_bytes (self->rest->bytes);
  if (self->kind == ASSAY_SOURCE_MEMBER)
    return open_member (self, cancellable, error);
  if (!g_file_is_native (self->file))
    return assay_file_open_foreign (self->file, cancellable, error);

  fd = assay_file_open_native (self->path, NULL, error);
  return fd < 0 ? NULL : g_unix_input_stream_new (fd, TRUE);
}

/* What may be done to a picture that can't go as it is. */
typedef struct {
  gboolean convert;
  AssayFit fit;
} Manner;

/* A service goes by the name's ending; what was converted to @format has a new one,
 * and what has none at all gets the one of its content. */
static char *
dup_sent_name (const char *name,
               AssayFormat format,
               gboolean converted)
{
  const char *dot = strrchr (name, '.');
  const char *ending = assay_file_get_ending (format);

  if (dot == name)
    dot = NULL;
  if (converted)
    return g_strdup_printf ("%.*s%s", dot != NULL ? (int) (dot - name) : (int) strlen (name), name,
                            ending);
  return g_strconcat (name, dot == NULL ? ending : NULL, NULL);
}

static gboolean
needs_copy (const AssayPrepared *prepared,
            const Manner *manner)
{
  return prepared->facts.handling == ASSAY_HANDLING_CONVERT
         || !assay_fit_takes (&manner->fit, &prepared->facts, prepared->size);
}

/* The last word on a picture whose size is known. */
static gboolean
check_fit (const AssayPrepared *prepared,
           const Manner *manner,
           GError **error)
{
  if (manner->convert || assay_fit_takes (&manner->fit, &prepared->facts, prepared->size))
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                       _("The picture is larger than what this connection sends, and conversion "
                         "is switched off"));
  return FALSE;
}

/* A copy that the service takes; a PNG where that fits. */
static GBytes *
convert_copy (AssayPrepared *prepared,
              GBytes *bytes,
              const Manner *manner,
              AssayFormat *format,
              GError **error)
{
  const AssayFit pixels = { manner->fit.pixels, 0 };
  g_autoptr (GBytes) png = NULL;

  prepared->converted = TRUE;
  if (prepared->facts.handling == ASSAY_HANDLING_CONVERT
      && assay_fit_takes (&pixels, &prepared->facts, 0))
    {
      *format = ASSAY_FORMAT_PNG;
      png = assay_convert_to_png (bytes, &prepared->facts, error);
      if (png == NULL
          || assay_fit_takes (&manner->fit, &prepared->facts, g_bytes_get_size (png)))
        return g_steal_pointer (&png);
    }
  *format = ASSAY_FORMAT_JPEG;
  return assay_fit_picture (&manner->fit, bytes, &prepared->facts, &prepared->fitted, error);
}

/* Sends what is in memory: as it is, or converted on a copy. */
static gboolean
prepare_bytes (AssayPrepared *prepared,
               const char *name,
               GBytes *bytes,
               const Manner *manner,
               GError **error)
{
  AssayFormat format;
  g_autoptr (GBytes) sent = NULL;
  g_autofree char *sent_name = NULL;

  prepared->size = g_bytes_get_size (bytes);
  assay_digest_bytes (bytes, prepared->sha256);
  if (!assay_probe_bytes (bytes, &prepared->facts, error)
      || !assay_file_check_handling (&prepared->facts, manner->convert, error)
      || !check_fit (prepared, manner, error))
    return FALSE;

  format = prepared->facts.format;
  if (needs_copy (prepared, manner))
    {
      sent = convert_copy (prepared, bytes, manner, &format, error);
      if (sent == NULL)
        return FALSE;
      assay_digest_bytes (sent, prepared->sent_sha256);
    }
  else
    {
      sent = g_bytes_ref (bytes);
      memcpy (prepared->sent_sha256, prepared->sha256, sizeof prepared->sha256);
    }

  sent_name = dup_sent_name (name, format, prepared->converted);
  prepared->payload =
    assay_payload_new_bytes (sent_name, assay_format_get_media_type (format), sent);
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
      got = reader_read (reader, done, data + done, MIN (size + 1 - done, BLOCK_BYTES), error);
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
  assay_identity_set_changed (error);
  return NULL;
}

/* What is too large to be held is hashed and walked where it lies; only what is
 * converted has its payload then. */
static gboolean
prepare_large (AssaySource *self,
               AssayPrepared *prepared,
               Reader *reader,
               guint64 size,
               const Manner *manner,
               GError **error)
{
  prepared->size = size;
  if (!assay_probe_walk (reader_read, reader, size, &prepared->facts, error)
      || !assay_file_check_handling (&prepared->facts, manner->convert, error)
      || !check_fit (prepared, manner, error))
    return FALSE;

  if (needs_copy (prepared, manner))
    {
      g_autoptr (GBytes) bytes = read_whole (reader, size, error);

      return bytes != NULL && prepare_bytes (prepared, self->base, bytes, manner, error);
    }

  if (!assay_digest_read (reader_read, reader, size, prepared->sha256, error))
    return FALSE;
  memcpy (prepared->sent_sha256, prepared->sha256, sizeof prepared->sha256);
  return TRUE;
}

static gboolean
prepare_large_file (AssaySource *self,
                    AssayPrepared *prepared,
                    Reader *reader,
                    const AssayIdentity *identity,
                    const Manner *manner,
                    GError **error)
{
  g_autofree char *name = NULL;

  if (!prepare_large (self, prepared, reader, identity->size, manner, error))
    return FALSE;
  if (prepared->payload != NULL)
    return TRUE;
  name = dup_sent_name (self->base, prepared->facts.format, FALSE);
  prepared->payload =
    assay_identity_new_payload (identity, self->path, name,
                                assay_format_get_media_type (prepared->facts.format));
  return TRUE;
}

static gboolean
prepare_native_fd (AssaySource *self,
                   AssayPrepared *prepared,
                   int fd,
                   const struct stat *info,
                   const Manner *manner,
                   GCancellable *cancellable,
                   GError **error)
{
  AssayIdentity identity = assay_identity_of (info);
  Reader reader = { fd, NULL, cancellable };

  if (info->st_size > ASSAY_LIMIT_FILE_BYTES)
    {
      g_propagate_error (error, assay_file_new_too_large ());
      return FALSE;
    }
  if (info->st_size > ASSAY_LIMIT_MEMORY_PAYLOAD)
    {
      if (!prepare_large_file (self, prepared, &reader, &identity, manner, error))
        return FALSE;
    }
  else
    {
      g_autoptr (GBytes) bytes = read_whole (&reader, info->st_size, error);

      if (bytes == NULL || !prepare_bytes (prepared, self->base, bytes, manner, error))
        return FALSE;
    }
  return assay_identity_check (&identity, fd, error);
}

static gboolean
prepare_native (AssaySource *self,
                AssayPrepared *prepared,
                const Manner *manner,
                GCancellable *cancellable,
                GError **error)
{
  struct stat info;
  gboolean ok;
  int fd = assay_file_open_native (self->path, &info, error);

  if (fd < 0)
    return FALSE;
  ok = prepare_native_fd (self, prepared, fd, &info, manner, cancellable, error);
  close (fd);
  return ok;
}

/* Files elsewhere (trash:, sftp:) are read whole through GIO: to open them a
 * second time may ask somebody for a password. */
static gboolean
prepare_foreign (AssaySource *self,
                 AssayPrepared *prepared,
                 const Manner *manner,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GBytes) bytes = NULL;

  stream = assay_file_open_foreign (self->file, cancellable, error);
  if (stream == NULL)
    return FALSE;
  bytes = assay_file_read_stream (stream, ASSAY_LIMIT_FILE_BYTES, cancellable, error);
  return bytes != NULL && prepare_bytes (prepared, self->base, bytes, manner, error);
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
               const Manner *manner,
               GCancellable *cancellable,
               GError **error)
{
  Reader reader = { -1, self->rest->range, cancellable };
  guint64 size = assay_spool_range_get_length (self->rest->range);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *name = NULL;

  if (size <= ASSAY_LIMIT_MEMORY_PAYLOAD)
    {
      bytes = read_whole (&reader, size, error);
      return bytes != NULL && prepare_bytes (prepared, self->base, bytes, manner, error);
    }
  if (!prepare_large (self, prepared, &reader, size, manner, error))
    return FALSE;
  if (prepared->payload != NULL)
    return TRUE;
  name = dup_sent_name (self->base, prepared->facts.format, FALSE);
  prepared->payload =
    assay_payload_new (name, assay_format_get_media_type (prepared->facts.format), prepared->size,
                       open_range, assay_spool_range_ref (self->rest->range),
                       (GDestroyNotify) assay_spool_range_unref);
  return TRUE;
}

static gboolean
prepare_member (AssaySource *self,
                AssayPrepared *prepared,
                const Manner *manner,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (self->rest->range != NULL)
    return prepare_range (self, prepared, manner, cancellable, error);
  bytes = assay_members_read (self->file, self->rest->index, self->rest->raw_name, cancellable,
                              error);
  return bytes != NULL && prepare_bytes (prepared, self->base, bytes, manner, error);
}

/* All that there is to know was found when its archive was checked. */
static gboolean
prepare_parceled (AssaySource *self,
                  AssayPrepared *prepared,
                  const Manner *manner,
                  GError **error)
{
  const AssayFacts largest = { .width = assay_parcel_get_side (self->rest->parcel) };

  if (!assay_fit_takes (&manner->fit, &largest, assay_parcel_get_bytes (self->rest->parcel)))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                           _("This archive can't be sent as it is: a picture in it is larger than "
                             "what this connection sends. Open it instead"));
      return FALSE;
    }
  prepared->size = self->size;
  g_strlcpy (prepared->sha256, self->rest->sha256, sizeof prepared->sha256);
  g_strlcpy (prepared->sent_sha256, assay_parcel_get_sha256 (self->rest->parcel),
             sizeof prepared->sent_sha256);
  prepared->payload = assay_payload_ref (assay_parcel_get_payload (self->rest->parcel));
  return TRUE;
}

static gboolean
prepare (AssaySource *self,
         AssayPrepared *prepared,
         const Manner *manner,
         GCancellable *cancellable,
         GError **error)
{
  if (self->rest->parcel != NULL)
    return prepare_parceled (self, prepared, manner, error);
  if (self->rest->bytes != NULL)
    return prepare_bytes (prepared, self->base, self->rest->bytes, manner, error);
  if (self->kind == ASSAY_SOURCE_MEMBER)
    return prepare_member (self, prepared, manner, cancellable, error);
  if (g_file_is_native (self->file))
    return prepare_native (self, prepared, manner, cancellable, error);
  return prepare_foreign (self, prepared, manner, cancellable, error);
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
 * unpacked again and held.  Blocks: for a worker thread; but not for a parcel's
 * member, of which all is known, and whose payload is the parcel's.
 *
 * Returns: (transfer full) (nullable): what is ready to be sent
 */
AssayPrepared *
assay_source_prepare (AssaySource *self,
                      gboolean convert,
                      GCancellable *cancellable,
                      GError **error)
{
  return assay_source_prepare_fit (self, convert, NULL, cancellable, error);
}

/**
 * assay_source_prepare_fit:
 * @fit: (nullable): how large a picture may be; one that is larger is made to fit
 *   on a copy if it may be converted, else it is %ASSAY_ERROR_TOO_LARGE
 *
 * assay_source_prepare() with bounds.
 *
 * Returns: (transfer full) (nullable): what is ready to be sent
 */
AssayPrepared *
assay_source_prepare_fit (AssaySource *self,
                          gboolean convert,
                          const AssayFit *fit,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (AssayPrepared) prepared = NULL;
  Manner manner = { .convert = convert };

  g_return_val_if_fail (ASSAY_IS_SOURCE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !check_here (self, error))
    return NULL;
  if (self->rest->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->rest->error));
      return NULL;
    }

  if (fit != NULL)
    manner.fit = *fit;
  prepared = g_new0 (AssayPrepared, 1);
  prepared->facts = self->facts;
  if (!prepare (self, prepared, &manner, cancellable, error))
    return NULL;
  return g_steal_pointer (&prepared);
}

void
assay_prepared_free (AssayPrepared *self)
{
  g_clear_pointer (&self->payload, assay_payload_unref);
  g_free (self);
}
