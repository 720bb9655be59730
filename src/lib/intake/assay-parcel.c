/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What an archive must be to be sent as it is (protocols.md, A1 and A4): flat,
 * without any entry for a folder, and holding nothing but pictures of the kinds
 * that are taken as they are.  A .gz that holds one picture and no tar counts as
 * an archive of one, as "gz" is among the endings that the contract lists. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-file-private.h"
#include "assay-identity-private.h"
#include "assay-limits.h"
#include "assay-members-private.h"
#include "assay-parcel-private.h"

/* Where a zip's end record is looked for: itself and the longest comment. */
#define ZIP_END_BYTES (22 + 65535)

/* Invariant: names has n_names elements, in the archive's order. */
struct _AssayParcel {
  AssayPayload *payload;
  char sha256[65];
  char **names;
  guint n_names;
  guint side;                 /* of the largest member, in pixels */
  guint64 bytes;              /* of the longest member */
};

/* A member that was read in full and may be sent. */
typedef struct {
  AssaySource *source;
  char sha256[65];
} Member;

/* One check of one archive. */
typedef struct {
  GFile *file;
  const char *group;
  AssayArchive *archive;
  AssaySpool *spool;          /* (nullable) */
  GArray *members;            /* (element-type Member) */
  guint8 *block;
} Check;

static void
parcel_clear (gpointer data)
{
  AssayParcel *self = data;

  g_clear_pointer (&self->payload, assay_payload_unref);
  g_strfreev (self->names);
}

AssayParcel *
assay_parcel_ref (AssayParcel *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

void
assay_parcel_unref (AssayParcel *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, parcel_clear);
}

/**
 * assay_parcel_get_payload:
 *
 * Returns: (transfer none): the archive, read from where it lies; to open it
 *   fails once the file has changed
 */
AssayPayload *
assay_parcel_get_payload (AssayParcel *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->payload;
}

/**
 * assay_parcel_get_sha256:
 *
 * Returns: (transfer none): of the archive, hex
 */
const char *
assay_parcel_get_sha256 (AssayParcel *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->sha256;
}

/**
 * assay_parcel_get_names:
 * @n_names: (out): how many
 *
 * Returns: (transfer none) (array length=n_names zero-terminated=1): the names of
 *   its members in order; they may repeat
 */
const char *const *
assay_parcel_get_names (AssayParcel *self,
                        guint *n_names)
{
  g_return_val_if_fail (self != NULL && n_names != NULL, NULL);

  *n_names = self->n_names;
  return (const char *const *) self->names;
}

/**
 * assay_parcel_get_side:
 *
 * Returns: the longest side of any picture in it, in pixels
 */
guint
assay_parcel_get_side (AssayParcel *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->side;
}

/**
 * assay_parcel_get_bytes:
 *
 * Returns: the bytes of the longest file in it, unpacked
 */
guint64
assay_parcel_get_bytes (AssayParcel *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->bytes;
}

static void
member_clear (gpointer data)
{
  g_clear_object (&((Member *) data)->source);
}

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* @format says what is wrong, without an end. */
static gboolean
refuse (GError **error,
        const char *format,
        ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
               _("This archive can't be sent as it is: %s. Open it instead"), reason);
  return FALSE;
}

static gboolean
check_member (const AssayArchiveMember *member,
              const char *name,
              GError **error)
{
  if (member->kind == ASSAY_ARCHIVE_FOLDER)
    return refuse (error, _("“%s” in it is a folder"), name);
  if (strpbrk (member->name, "/\\") != NULL || g_str_equal (member->name, "..")
      || g_str_equal (member->name, "."))
    return refuse (error, _("“%s” lies in a folder"), name);
  if (member->kind != ASSAY_ARCHIVE_FILE)
    return refuse (error, _("“%s” in it is a link or a device"), name);
  if (member->encrypted)
    return refuse (error, _("“%s” in it is protected by a password"), name);
  if (member->index >= ASSAY_LIMIT_PARCEL_MEMBERS)
    return refuse (error, _("it holds more than %u files"), ASSAY_LIMIT_PARCEL_MEMBERS);
  return TRUE;
}

static gboolean
check_picture (const char *name,
               GBytes *bytes,
               AssayFacts *facts,
               GError **error)
{
  g_autoptr (GError) reason = NULL;
  gboolean ok = g_bytes_get_size (bytes) > 0 && assay_probe_bytes (bytes, facts, &reason);

  if (assay_format_is_archive (facts->format))
    return refuse (error, _("“%s” in it is an archive itself"), name);
  if (!assay_file_is_picture (facts->format))
    return refuse (error, _("“%s” in it is no picture"), name);
  if (g_error_matches (reason, ASSAY_ERROR, ASSAY_ERROR_DAMAGED))
    return refuse (error, _("the picture “%s” in it is damaged"), name);
  if (!ok || facts->handling != ASSAY_HANDLING_SEND)
    return refuse (error, _("“%s” in it is a kind of picture that services don't take"), name);
  return TRUE;
}

/* One member at a time is in memory.  Errors are the archive's. */
static GBytes *
read_member (Check *self,
             AssaySpoolRange **range,
             GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gssize got;

  while ((got = assay_archive_read (self->archive, self->block, ASSAY_LIMIT_ARCHIVE_BLOCK, error))
         > 0)
    {
      if (bytes->len + (gsize) got > ASSAY_LIMIT_FILE_BYTES)
        {
          g_propagate_error (error, assay_file_new_too_large ());
          return NULL;
        }
      if (*range != NULL && !assay_spool_range_append (*range, self->block, got, NULL))
        g_clear_pointer (range, assay_spool_range_unref);
      g_byte_array_append (bytes, self->block, got);
    }
  return got == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
}

/* What the archive says of itself ends in what became of the members before, as if
 * it had been opened. */
static void
take_archive_error (GError **error,
                    GError *reason)
{
  if (g_error_matches (reason, ASSAY_ERROR, ASSAY_ERROR_DAMAGED))
    refuse (error, _("it is damaged"));
  else if (g_error_matches (reason, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE))
    refuse (error, _("it unpacks to too much"));
  else if (g_error_matches (reason, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED))
    refuse (error, _("it is packed in a way that can't be read"));
  else
    {
      g_propagate_error (error, reason);
      return;
    }
  if (error != NULL)
    (*error)->code = reason->code;
  g_error_free (reason);
}

static gboolean
take_member (Check *self,
             AssayParcel *parcel,
             const AssayArchiveMember *member,
             GError **error)
{
  g_autofree char *name = assay_display_name (member->name);
  g_autoptr (AssaySpoolRange) range = NULL;
  g_autoptr (GBytes) bytes = NULL;
  AssayFacts facts = { .orientation = 1 };
  GError *reason = NULL;
  Member taken;

  if (!check_member (member, name, error))
    return FALSE;
  if (self->spool != NULL)
    range = assay_spool_range_new (self->spool);
  bytes = read_member (self, &range, &reason);
  if (bytes == NULL)
    {
      take_archive_error (error, reason);
      return FALSE;
    }
  if (!check_picture (name, bytes, &facts, error))
    return FALSE;

  assay_digest_bytes (bytes, taken.sha256);
  taken.source =
    assay_source_new_member (self->file, self->group, member->name, member->index,
                             member->raw_name, g_bytes_get_size (bytes), &facts, range, NULL);
  g_array_append_val (self->members, taken);
  parcel->side = MAX (parcel->side, MAX (facts.width, facts.height));
  parcel->bytes = MAX (parcel->bytes, g_bytes_get_size (bytes));
  return TRUE;
}

static gboolean
take_members (Check *self,
              AssayParcel *parcel,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (AssayArchive) archive = NULL;
  const AssayArchiveMember *member;
  GError *reason = NULL;

  archive = assay_members_open (self->file, cancellable, &reason);
  self->archive = archive;
  while (archive != NULL && (member = assay_archive_next (archive, &reason)) != NULL)
    if (!take_member (self, parcel, member, error))
      return FALSE;
  if (reason != NULL)
    {
      take_archive_error (error, reason);
      return FALSE;
    }
  if (self->members->len > 0)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_AN_IMAGE,
                       _("There are no pictures in this archive"));
  return FALSE;
}

/* What opens like an archive must also be called one: services go by the ending. */
static char *
dup_sent_name (const char *name,
               AssayFormat format)
{
  static const char *const zip[] = { ".zip", NULL };
  static const char *const tar[] = { ".tar", NULL };
  static const char *const gzip[] = { ".gz", ".tgz", NULL };
  const char *const *endings = format == ASSAY_FORMAT_ZIP ? zip
                               : format == ASSAY_FORMAT_TAR ? tar : gzip;
  gsize length = strlen (name);

  for (guint i = 0; endings[i] != NULL; i++)
    {
      gsize ending = strlen (endings[i]);

      if (length > ending && g_ascii_strcasecmp (name + length - ending, endings[i]) == 0)
        return g_strdup (name);
    }
  return g_strconcat (name, endings[0], NULL);
}

static void
name_members (AssayParcel *parcel,
              GArray *members)
{
  parcel->n_names = members->len;
  parcel->names = g_new0 (char *, members->len + 1);
  for (guint i = 0; i < members->len; i++)
    parcel->names[i] =
      g_strdup (assay_source_get_member (g_array_index (members, Member, i).source));
}

static GPtrArray *
give_members (AssayParcel *parcel,
              GArray *members)
{
  GPtrArray *sources = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < members->len; i++)
    {
      Member *member = &g_array_index (members, Member, i);

      assay_source_set_parcel (member->source, parcel, i, member->sha256);
      g_ptr_array_add (sources, g_steal_pointer (&member->source));
    }
  return sources;
}

/* A zip that lost its directory can still be opened from its start, but not by
 * everybody: whoever it is sent to may look for the directory's end record, which
 * is followed by a comment at most (APPNOTE.TXT 4.3.16). */
static gboolean
check_end (int fd,
           guint64 size,
           AssayFormat format,
           GError **error)
{
  const gsize window = MIN (size, ZIP_END_BYTES);
  g_autofree guint8 *end = g_malloc (window);
  gssize got;

  if (format != ASSAY_FORMAT_ZIP)
    return TRUE;
  got = assay_file_pread (fd, size - window, end, window, error);
  if (got < 0)
    return FALSE;
  if (memmem (end, got, "PK\5\6", 4) != NULL)
    return TRUE;
  refuse (error, _("it is damaged"));
  if (error != NULL)
    (*error)->code = ASSAY_ERROR_DAMAGED;
  return FALSE;
}

typedef struct {
  int fd;
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
  return assay_file_pread (self->fd, offset, buffer, size, error);
}

/* The whole of the file behind @fd, which must be the same at the end as it was
 * before its members were read. */
static gboolean
check_fd (Check *self,
          AssayParcel *parcel,
          int fd,
          const struct stat *info,
          AssayFormat format,
          GCancellable *cancellable,
          GError **error)
{
  AssayIdentity identity = assay_identity_of (info);
  const char *path = g_file_peek_path (self->file);
  g_autofree char *name = assay_file_dup_name (self->file);
  g_autofree char *sent_name = dup_sent_name (name, format);
  Reader reader = { fd, cancellable };

  if (!check_end (fd, info->st_size, format, error)
      || !take_members (self, parcel, cancellable, error)
      || !assay_digest_read (reader_read, &reader, info->st_size, parcel->sha256, error)
      || !assay_identity_check (&identity, fd, error))
    return FALSE;
  name_members (parcel, self->members);
  parcel->payload = assay_identity_new_payload (&identity, path, sent_name,
                                                assay_format_get_media_type (format));
  return TRUE;
}

/*
 * Reads an archive from its start to its end to see whether it can be sent as it
 * is.  Its members go to @spool (nullable) on the way, for previews; one of them
 * is in memory at a time.  Blocks.
 *
 * Returns (transfer full) (element-type AssaySource) (nullable): its members, each
 * with the parcel; NULL with the reason, %ASSAY_ERROR or G_IO_ERROR_CANCELLED
 */
GPtrArray *
assay_parcel_check (GFile *archive,
                    AssayFormat format,
                    const char *group,
                    AssaySpool *spool,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (AssayParcel) parcel = NULL;
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));
  g_autofree guint8 *block = g_malloc (ASSAY_LIMIT_ARCHIVE_BLOCK);
  Check check = { archive, group, NULL, spool, members, block };
  struct stat info;
  gboolean ok;
  int fd;

  g_array_set_clear_func (members, member_clear);
  if (!g_file_is_native (archive))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                           _("Only an archive on this computer can be sent as it is. Open it "
                             "instead"));
      return NULL;
    }
  fd = assay_file_open_native (g_file_peek_path (archive), &info, error);
  if (fd < 0)
    return NULL;
  parcel = g_atomic_rc_box_new0 (AssayParcel);
  ok = check_fd (&check, parcel, fd, &info, format, cancellable, error);
  close (fd);
  return ok ? give_members (parcel, members) : NULL;
}
