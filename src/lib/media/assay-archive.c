/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>

#include "assay-archive.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-limits.h"

/* Tries of a header that libarchive wants to read again. */
#define RETRIES 8

/* Invariants: stop is set once and ends everything; in_member exactly while the
 * current member may have unread bytes. */
struct _AssayArchive {
  struct archive *archive;
  GInputStream *stream;
  GCancellable *cancellable;
  char *label;                /* of the archive, safe to show */
  char *name;                 /* of a lone file in gzip that brings none itself */
  AssayFormat format;
  guint8 *block;
  guint64 length;             /* of the archive in bytes, 0 while unknown */
  guint64 taken;              /* bytes read from the stream, again where it was sought back */
  guint64 given;              /* unpacked bytes that were read or skipped one by one */
  guint64 member_given;       /* of the current member */
  gboolean opened;
  gboolean in_member;
  gboolean member_failed;
  gboolean member_greedy;     /* packed in a way that takes as much memory as it says */
  guint n_members;
  AssayArchiveMember member;
  GError *stop;               /* (nullable) why nothing follows */
};

/* libarchive converts names by the locale of the thread, which in the C locale
 * makes question marks of them.  Here it always finds UTF-8, whatever the
 * program has set, and other threads see nothing of it. */
static locale_t
get_utf8_locale (void)
{
  static gsize once;
  static locale_t locale;

  if (g_once_init_enter (&once))
    {
      static const char *const names[] = { "C.UTF-8", "C.utf8", "en_US.UTF-8" };

      for (gsize i = 0; i < G_N_ELEMENTS (names) && locale == (locale_t) 0; i++)
        locale = newlocale (LC_CTYPE_MASK, names[i], (locale_t) 0);
      g_once_init_leave (&once, 1);
    }
  return locale;
}

static locale_t
enter_utf8 (void)
{
  locale_t utf8 = get_utf8_locale ();

  return uselocale (utf8);
}

static void
leave_utf8 (locale_t before)
{
  uselocale (before);
}

static void
stop (AssayArchive *self,
      GError *reason)
{
  if (self->stop == NULL)
    self->stop = reason;
  else
    g_error_free (reason);
}

/* What has come out of the unpacker so far, by whichever way most is seen: a
 * tar's skipped bytes pass the gzip filter, a zip's members only us. */
static guint64
get_unpacked (AssayArchive *self)
{
  gint64 filtered = 0;

  if (self->opened && self->format == ASSAY_FORMAT_GZIP)
    filtered = archive_filter_bytes (self->archive, 0);
  return MAX (self->given, (guint64) MAX (filtered, 0));
}

static gboolean
check_bounds (AssayArchive *self)
{
  guint64 unpacked = get_unpacked (self);
  guint64 packed = self->length > 0 ? self->length : self->taken;

  if (unpacked > ASSAY_LIMIT_ARCHIVE_BYTES)
    stop (self, g_error_new (ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                             _("“%s” unpacks to more than %u GiB; give it in parts. What came "
                               "before was opened"),
                             self->label, (guint) (ASSAY_LIMIT_ARCHIVE_BYTES >> 30)));
  else if (unpacked > ASSAY_LIMIT_ARCHIVE_SLACK
           && unpacked / ASSAY_LIMIT_ARCHIVE_RATIO > packed)
    stop (self, g_error_new (ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                             _("“%s” unpacks to more than %d times its size, as archives do that "
                               "are made to fill a disk. What came before was opened"),
                             self->label, ASSAY_LIMIT_ARCHIVE_RATIO));
  return self->stop == NULL;
}

static la_ssize_t
read_cb (struct archive *archive,
         void *data,
         const void **buffer)
{
  AssayArchive *self = data;
  GError *reason = NULL;
  gssize got;

  *buffer = self->block;
  if (self->stop == NULL && check_bounds (self))
    {
      got = g_input_stream_read (self->stream, self->block, ASSAY_LIMIT_ARCHIVE_BLOCK,
                                 self->cancellable, &reason);
      if (got >= 0)
        {
          self->taken += got;
          return got;
        }
      stop (self, reason);
    }
  archive_set_error (archive, ECANCELED, "stopped");
  return ARCHIVE_FATAL;
}

static la_int64_t
seek_cb (struct archive *archive,
         void *data,
         la_int64_t offset,
         int whence)
{
  AssayArchive *self = data;
  GSeekable *seekable = G_SEEKABLE (self->stream);
  GSeekType type = whence == SEEK_SET ? G_SEEK_SET : whence == SEEK_CUR ? G_SEEK_CUR : G_SEEK_END;

  if (!g_seekable_seek (seekable, offset, type, self->cancellable, NULL))
    {
      archive_set_error (archive, EINVAL, "cannot seek");
      return ARCHIVE_FATAL;
    }
  return g_seekable_tell (seekable);
}

/* Never beyond the end: what is missing there must be found missing. */
static la_int64_t
skip_cb (struct archive *archive,
         void *data,
         la_int64_t request)
{
  AssayArchive *self = data;
  GSeekable *seekable = G_SEEKABLE (self->stream);
  goffset here = g_seekable_tell (seekable);
  gint64 room = here < (goffset) self->length ? (gint64) self->length - here : 0;
  gint64 wanted = MIN (request, room);

  if (wanted <= 0 || !g_seekable_seek (seekable, wanted, G_SEEK_CUR, self->cancellable, NULL))
    return 0;
  return wanted;
}

static void
find_length (AssayArchive *self)
{
  GSeekable *seekable;

  if (!G_IS_SEEKABLE (self->stream) || !g_seekable_can_seek (G_SEEKABLE (self->stream)))
    return;
  seekable = G_SEEKABLE (self->stream);
  if (g_seekable_seek (seekable, 0, G_SEEK_END, self->cancellable, NULL))
    self->length = MAX (0, g_seekable_tell (seekable));
  if (!g_seekable_seek (seekable, 0, G_SEEK_SET, self->cancellable, NULL))
    self->length = 0;
}

/* Only what the content says it is: libarchive knows thirty formats, and each
 * one more is a parser more for strangers to play with. */
static void
choose_formats (AssayArchive *self)
{
  if (self->format == ASSAY_FORMAT_ZIP)
    {
      archive_read_support_format_zip_streamable (self->archive);
      if (self->length > 0)
        archive_read_support_format_zip_seekable (self->archive);
      return;
    }
  archive_read_support_format_tar (self->archive);
  if (self->format == ASSAY_FORMAT_GZIP)
    {
      archive_read_support_filter_gzip (self->archive);
      archive_read_support_format_raw (self->archive);
      archive_read_support_format_empty (self->archive);
    }
}

/* Where in the archive we are.  A gzip is taken a block at a time, and what is
 * unpacked of one doesn't say from where. */
static gint64
get_position (AssayArchive *self)
{
  if (self->format == ASSAY_FORMAT_GZIP)
    return self->taken;
  return MAX (0, archive_filter_bytes (self->archive, -1));
}

/* The archive itself is broken: says where.  @inside: in the member's bytes. */
static void
stop_broken (AssayArchive *self,
             gboolean inside)
{
  g_autofree char *position = g_strdup_printf ("%" G_GINT64_FORMAT, get_position (self));
  g_autofree char *member = NULL;
  GError *reason;

  if (self->stop != NULL)
    return;
  g_debug ("%s", archive_error_string (self->archive) != NULL
                   ? archive_error_string (self->archive) : "no reason is known");
  if (self->n_members == 0)
    {
      stop (self, g_error_new (ASSAY_ERROR, ASSAY_ERROR_DAMAGED,
                               _("“%s” is damaged: it breaks before its first member, %s bytes "
                                 "in. Get it again from where it came"),
                               self->label, position));
      return;
    }
  member = assay_display_name (self->member.name);
  if (inside)
    reason = g_error_new (ASSAY_ERROR, ASSAY_ERROR_DAMAGED,
                          _("“%s” is damaged: it breaks inside the member “%s”, %s bytes in. What "
                            "came before was opened"),
                          self->label, member, position);
  else
    reason = g_error_new (ASSAY_ERROR, ASSAY_ERROR_DAMAGED,
                          _("“%s” is damaged: it breaks after the member “%s”, %s bytes in. What "
                            "came before was opened"),
                          self->label, member, position);
  stop (self, reason);
}

/* What it was called before it was packed: "a.jpg.gz" held "a.jpg", and
 * "b.tgz" a tar. */
static char *
dup_name_inside (const char *name)
{
  gsize length = strlen (name);

  if (length > 3 && g_ascii_strcasecmp (name + length - 3, ".gz") == 0)
    return g_strndup (name, length - 3);
  if (length > 4 && g_ascii_strcasecmp (name + length - 4, ".tgz") == 0)
    return g_strdup_printf ("%.*s.tar", (int) length - 4, name);
  return g_strdup (name);
}

static gboolean
open_stream (AssayArchive *self)
{
  archive_read_set_read_callback (self->archive, read_cb);
  if (self->length > 0)
    {
      archive_read_set_seek_callback (self->archive, seek_cb);
      archive_read_set_skip_callback (self->archive, skip_cb);
    }
  archive_read_set_callback_data (self->archive, self);
  if (archive_read_open1 (self->archive) != ARCHIVE_OK)
    {
      stop_broken (self, FALSE);
      return FALSE;
    }
  self->opened = TRUE;
  /* A filter for what is on disk, and one at most for what is in it. */
  if (archive_filter_count (self->archive) > 2)
    {
      stop (self, g_error_new (ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                               _("“%s” is packed more than once; unpack it and add what is "
                                 "inside"),
                               self->label));
      return FALSE;
    }
  return TRUE;
}

/* The error that ended it, as often as it is asked for. */
static void
set_stop_error (AssayArchive *self,
                GError **error)
{
  g_assert (self->stop != NULL);

  if (self->stop->domain == ASSAY_ERROR
      || g_error_matches (self->stop, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (self->stop));
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE, _("It can't be read: %s"),
                 self->stop->message);
}

/**
 * assay_archive_new:
 * @stream: (transfer none): the archive's bytes from their start; sought in if it
 *   can be
 * @name: what the archive is called, any bytes; names what is in a gzip that
 *   doesn't say itself
 * @format: %ASSAY_FORMAT_ZIP, _GZIP or _TAR, as its first bytes say
 * @cancellable: (nullable): stops it, and everything done with it later
 * @error: %ASSAY_ERROR_DAMAGED, _UNSUPPORTED, _UNREADABLE or
 *   %G_IO_ERROR_CANCELLED
 *
 * Reads as far as the first member.  Blocks: for a worker thread.
 *
 * Returns: (transfer full) (nullable): an archive, before its first member
 */
AssayArchive *
assay_archive_new (GInputStream *stream,
                   const char *name,
                   AssayFormat format,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (AssayArchive) self = NULL;
  locale_t before;
  gboolean ok;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (assay_format_is_archive (format), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_new0 (AssayArchive, 1);
  self->stream = g_object_ref (stream);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->label = assay_display_name (name);
  self->name = dup_name_inside (name);
  self->format = format;
  self->block = g_malloc (ASSAY_LIMIT_ARCHIVE_BLOCK);
  self->archive = archive_read_new ();
  find_length (self);
  choose_formats (self);

  before = enter_utf8 ();
  ok = open_stream (self);
  leave_utf8 (before);
  if (ok)
    return g_steal_pointer (&self);
  set_stop_error (self, error);
  return NULL;
}

static void
member_clear (AssayArchiveMember *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->raw_name, g_free);
}

void
assay_archive_free (AssayArchive *self)
{
  archive_read_free (self->archive);
  member_clear (&self->member);
  g_clear_error (&self->stop);
  g_clear_object (&self->stream);
  g_clear_object (&self->cancellable);
  g_free (self->label);
  g_free (self->name);
  g_free (self->block);
  g_free (self);
}

/**
 * assay_archive_is_broken:
 *
 * Returns: whether nothing more is to be had from it: assay_archive_next() then
 *   fails and says why
 */
gboolean
assay_archive_is_broken (AssayArchive *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->stop != NULL;
}

/* The upper half of code page 437, in which zips name their members unless
 * they say otherwise (APPNOTE.TXT, appendix D). */
static const char cp437[] =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ"
  "áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
  "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
  "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\302\240";

static char *
decode_name (const char *raw,
             AssayFormat format)
{
  GString *name;

  if (g_utf8_validate (raw, -1, NULL))
    return g_strdup (raw);

  name = g_string_new (NULL);
  for (const guchar *p = (const guchar *) raw; *p != '\0'; p++)
    {
      if (*p >= 0x80 && format == ASSAY_FORMAT_ZIP)
        g_string_append_unichar (name,
                                 g_utf8_get_char (g_utf8_offset_to_pointer (cp437, *p - 0x80)));
      else
        g_string_append_unichar (name, *p);
    }
  return g_string_free (name, FALSE);
}

/* The end of a name that is too long: there the file is named. */
static const char *
bound_name (const char *raw)
{
  gsize length = strlen (raw);

  if (length <= ASSAY_LIMIT_MEMBER_NAME_BYTES)
    return raw;
  raw += length - ASSAY_LIMIT_MEMBER_NAME_BYTES;
  while ((*raw & 0xc0) == 0x80)
    raw++;
  return raw;
}

static AssayArchiveKind
get_kind (struct archive_entry *entry)
{
  if (archive_entry_hardlink (entry) != NULL)
    return ASSAY_ARCHIVE_LINK;
  switch (archive_entry_filetype (entry))
    {
    case AE_IFREG:
    case 0:
      return ASSAY_ARCHIVE_FILE;
    case AE_IFDIR:
      return ASSAY_ARCHIVE_FOLDER;
    case AE_IFLNK:
      return ASSAY_ARCHIVE_LINK;
    default:
      return ASSAY_ARCHIVE_SPECIAL;
    }
}

static const char *
get_raw_name (AssayArchive *self,
              struct archive_entry *entry)
{
  const char *raw = archive_entry_pathname (entry);

  if (raw == NULL)
    raw = archive_entry_pathname_utf8 (entry);
  if (archive_format (self->archive) != ARCHIVE_FORMAT_RAW)
    return raw != NULL ? raw : "";
  /* libarchive's word for a gzip that brings no name. */
  return raw == NULL || *raw == '\0' || g_str_equal (raw, "data") ? self->name : raw;
}

/* Of LZMA, xz and PPMd a stranger sets how much memory unpacking takes: 200 bytes of
 * a zip ask for 4 GB, and get them.  Nobody packs pictures so.  libarchive tells the
 * method nowhere but here. */
static gboolean
is_greedy (AssayArchive *self)
{
  static const char *const methods[] = { "(lzma", "(xz", "(ppmd" };
  const char *format = archive_format_name (self->archive);

  for (gsize i = 0; i < G_N_ELEMENTS (methods) && format != NULL; i++)
    if (strstr (format, methods[i]) != NULL)
      return TRUE;
  return FALSE;
}

static void
take_member (AssayArchive *self,
             struct archive_entry *entry)
{
  AssayArchiveMember *member = &self->member;
  const char *raw = bound_name (get_raw_name (self, entry));

  member_clear (member);
  member->index = self->n_members++;
  member->raw_name = g_strdup (raw);
  member->name = decode_name (raw, self->format);
  member->kind = get_kind (entry);
  member->encrypted = archive_entry_is_encrypted (entry) > 0;
  member->size_known = archive_entry_size_is_set (entry) && archive_entry_size (entry) >= 0;
  member->size = member->size_known ? (guint64) archive_entry_size (entry) : 0;
  self->in_member = member->kind == ASSAY_ARCHIVE_FILE;
  self->member_failed = FALSE;
  self->member_greedy = self->format == ASSAY_FORMAT_ZIP && is_greedy (self);
  self->member_given = 0;
}

/* A member of unknown length is unpacked to be skipped; its bytes must be
 * counted, and libarchive would count none. */
static void
skip_rest (AssayArchive *self)
{
  g_autofree guint8 *scratch = NULL;

  if (!self->in_member || self->member.size_known || self->member.encrypted)
    return;
  if (self->member_greedy)
    {
      stop_broken (self, TRUE);
      return;
    }
  scratch = g_malloc (ASSAY_LIMIT_ARCHIVE_BLOCK);
  while (assay_archive_read (self, scratch, ASSAY_LIMIT_ARCHIVE_BLOCK, NULL) > 0)
    {
    }
}

static int
read_header (AssayArchive *self,
             struct archive_entry **entry)
{
  int status = ARCHIVE_RETRY;
  locale_t before = enter_utf8 ();

  for (guint i = 0; i < RETRIES && status == ARCHIVE_RETRY; i++)
    status = archive_read_next_header (self->archive, entry);
  if (status == ARCHIVE_OK || status == ARCHIVE_WARN)
    take_member (self, *entry);
  leave_utf8 (before);
  return status;
}

/**
 * assay_archive_next:
 * @error: %ASSAY_ERROR_DAMAGED, saying where it broke; _TOO_LARGE, _UNREADABLE,
 *   _UNSUPPORTED or %G_IO_ERROR_CANCELLED
 *
 * Leaves what is unread of the current member and goes to the next.
 *
 * Returns: (transfer none) (nullable): the member, good until the next call;
 *   %NULL without @error at the end
 */
const AssayArchiveMember *
assay_archive_next (AssayArchive *self,
                    GError **error)
{
  struct archive_entry *entry;
  int status;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->stop == NULL)
    skip_rest (self);
  if (self->stop == NULL && self->n_members >= ASSAY_LIMIT_ARCHIVE_MEMBERS)
    stop (self, g_error_new (ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                             _("“%s” has more than %u members; give it in parts. What came before "
                               "was opened"),
                             self->label, ASSAY_LIMIT_ARCHIVE_MEMBERS));
  if (self->stop == NULL)
    {
      status = read_header (self, &entry);
      if (status == ARCHIVE_OK || status == ARCHIVE_WARN)
        return &self->member;
      self->in_member = FALSE;
      if (status == ARCHIVE_EOF && self->stop == NULL)
        return NULL;
      stop_broken (self, FALSE);
    }
  set_stop_error (self, error);
  return NULL;
}

static void
set_member_error (AssayArchive *self,
                  int status,
                  GError **error)
{
  if (self->member.encrypted)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                         _("It is protected by a password; unpack the archive and add the "
                           "folder"));
  else if (status == ARCHIVE_FAILED || self->member_greedy)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                         _("It is packed in a way that can't be read; unpack the archive and add "
                           "the folder"));
  else
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_DAMAGED,
                         _("It is damaged inside the archive: its checksum or its length is "
                           "wrong"));
}

/* A tar's member that ends in a hole may end early for libarchive. */
static gboolean
is_short (AssayArchive *self,
          gssize got)
{
  return got == 0 && self->member.size_known && self->member_given < self->member.size;
}

/**
 * assay_archive_read:
 * @buffer: (out caller-allocates): gets the bytes
 * @size: at most so many, more than 0
 * @error: %ASSAY_ERROR_DAMAGED or _UNSUPPORTED for this member alone; or, when
 *   assay_archive_is_broken(), what assay_archive_next() says too
 *
 * Reads on in the current member.
 *
 * Returns: the number of bytes; 0 at the member's end, or where it has none;
 *   -1 with @error
 */
gssize
assay_archive_read (AssayArchive *self,
                    guint8 *buffer,
                    gsize size,
                    GError **error)
{
  la_ssize_t got;

  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (buffer != NULL && size > 0, -1);
  g_return_val_if_fail (error == NULL || *error == NULL, -1);

  if (self->stop != NULL)
    {
      set_stop_error (self, error);
      return -1;
    }
  if (!self->in_member)
    return 0;
  if (self->member.encrypted || self->member_failed || self->member_greedy)
    {
      set_member_error (self, ARCHIVE_WARN, error);
      return -1;
    }

  got = archive_read_data (self->archive, buffer, size);
  if (got >= 0)
    {
      self->in_member = got > 0;
      self->given += got;
      self->member_given += got;
      if (check_bounds (self) && !is_short (self, got))
        return got;
    }
  else if (got == ARCHIVE_FATAL)
    stop_broken (self, TRUE);

  if (self->stop != NULL)
    {
      set_stop_error (self, error);
      return -1;
    }
  self->in_member = TRUE;
  self->member_failed = TRUE;
  set_member_error (self, got, error);
  return -1;
}
