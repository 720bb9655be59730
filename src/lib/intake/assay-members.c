/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-archive.h"
#include "assay-error.h"
#include "assay-file-private.h"
#include "assay-limits.h"
#include "assay-members-private.h"
#include "assay-stream-private.h"

/* One pass through one archive. */
typedef struct {
  GFile *file;
  char *path;
  const char *group;
  AssayArchive *archive;
  AssaySpool *spool;          /* (nullable): nothing is kept, and each is unpacked when needed */
  const AssayMembersSink *sink;
  AssayMembersCount *count;
  guint n_encrypted;
  guint8 *block;
} Pass;

static GInputStream *
open_file (GFile *file,
           GCancellable *cancellable,
           GError **error)
{
  struct stat info;
  int fd;

  if (!g_file_is_native (file))
    return assay_file_open_foreign (file, cancellable, error);
  fd = assay_file_open_native (g_file_peek_path (file), &info, error);
  return fd < 0 ? NULL : assay_stream_new_file (fd, info.st_size);
}

/* The format by the first bytes, which are then read again: of a file that
 * can't be sought, by opening it again. */
AssayArchive *
assay_members_open (GFile *file,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GInputStream) first = open_file (file, cancellable, error);
  g_autoptr (GInputStream) second = NULL;
  g_autofree char *name = assay_file_dup_name (file);
  guint8 head[ASSAY_LIMIT_PROBE_HEAD];
  AssayFacts facts = { 0 };
  GError *reason = NULL;
  gsize got;

  if (first == NULL)
    return NULL;
  if (!g_input_stream_read_all (first, head, sizeof head, &got, cancellable, &reason))
    {
      assay_file_take_error (error, reason);
      return NULL;
    }
  assay_probe_head (head, got, &facts, NULL);
  if (!assay_format_is_archive (facts.format))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                           _("The file changed meanwhile and is no archive now; add it again"));
      return NULL;
    }
  second = open_file (file, cancellable, error);
  return second != NULL ? assay_archive_new (second, name, facts.format, cancellable, error) : NULL;
}

/* Hidden in a folder means hidden here, at any step of the way; "." and ".."
 * hide nothing. */
static gboolean
is_hidden (const char *name)
{
  g_auto (GStrv) parts = g_strsplit_set (name, "/\\", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] == '.' && strspn (parts[i], ".") < strlen (parts[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_of_macos (const char *name)
{
  return g_str_has_prefix (name, "__MACOSX/") || strstr (name, "/__MACOSX/") != NULL;
}

/* Why a member is left out unread, or NULL. */
static const char *
find_reason (const AssayArchiveMember *member)
{
  if (member->kind == ASSAY_ARCHIVE_LINK)
    return _("Links in archives aren't followed");
  if (member->kind == ASSAY_ARCHIVE_SPECIAL)
    return _("It is a device or a pipe, not a file");
  if (is_of_macos (member->name))
    return _("It is what macOS notes about another file");
  if (is_hidden (member->name))
    return _("It is hidden");
  if (member->encrypted)
    return _("It is protected by a password; unpack the archive and add the folder");
  return NULL;
}

static const char *
get_label (const AssayArchiveMember *member)
{
  return member->name[0] != '\0' ? member->name : _("without a name");
}

static void
leave_out (Pass *self,
           const AssayArchiveMember *member,
           const char *reason)
{
  g_autofree char *path = g_strconcat (self->path, "/", get_label (member), NULL);

  self->count->n_left_out++;
  self->sink->leave_out (self->sink->walk, path, reason);
}

static void
give (Pass *self,
      const AssayArchiveMember *member,
      guint64 size,
      const AssayFacts *facts,
      AssaySpoolRange *range,
      const GError *error)
{
  AssaySource *source;

  source = assay_source_new_member (self->file, self->group, get_label (member), member->index,
                                    member->raw_name, size, facts, range, error);
  self->count->n_given++;
  self->sink->give (self->sink->walk, source);
}

/* As many bytes as are there, up to @size. */
static gssize
read_head (AssayArchive *archive,
           guint8 *head,
           gsize size,
           GError **error)
{
  gsize done = 0;

  while (done < size)
    {
      gssize got = assay_archive_read (archive, head + done, size - done, error);

      if (got < 0)
        return -1;
      if (got == 0)
        break;
      done += got;
    }
  return done;
}

/* The rest of a member whose first @size bytes are in self->block.  @range is
 * dropped when the spool takes no more: the member is then unpacked again when
 * it is needed, but still read to its end, to know that it can be. */
static gboolean
read_rest (Pass *self,
           gsize got,
           guint64 *size,
           AssaySpoolRange **range,
           GError **error)
{
  gssize more = got;

  *size = 0;
  while (more > 0)
    {
      *size += more;
      if (*size > ASSAY_LIMIT_FILE_BYTES)
        {
          g_propagate_error (error, assay_file_new_too_large ());
          return FALSE;
        }
      if (*range != NULL && !assay_spool_range_append (*range, self->block, more, NULL))
        g_clear_pointer (range, assay_spool_range_unref);
      more = assay_archive_read (self->archive, self->block, ASSAY_LIMIT_ARCHIVE_BLOCK, error);
    }
  return more == 0;
}

/* What is inside a folder has a row when it is a picture by content or by name;
 * the same here.  An archive in an archive never is. */
static gboolean
deserves_row (const AssayArchiveMember *member,
              const AssayFacts *facts)
{
  return !assay_format_is_archive (facts->format)
         && (assay_file_is_picture (facts->format) || assay_file_claims_picture (member->name));
}

static void
take_picture (Pass *self,
              const AssayArchiveMember *member,
              gsize got,
              const AssayFacts *facts)
{
  g_autoptr (AssaySpoolRange) range = NULL;
  g_autoptr (GError) error = NULL;
  guint64 size;

  if (self->spool != NULL)
    range = assay_spool_range_new (self->spool);
  if (read_rest (self, got, &size, &range, &error))
    give (self, member, size, facts, range, NULL);
  else if (!assay_archive_is_broken (self->archive))
    give (self, member, member->size_known ? member->size : size, facts, NULL, error);
}

static void
take_file (Pass *self,
           const AssayArchiveMember *member)
{
  AssayFacts facts = { .orientation = 1 };
  g_autoptr (GError) error = NULL;
  gssize got = read_head (self->archive, self->block, ASSAY_LIMIT_PROBE_HEAD, &error);

  /* The archive's own error follows and says where. */
  if (got < 0 && assay_archive_is_broken (self->archive))
    return;
  if (got >= 0 && assay_file_judge_head (self->block, got, &facts, &error))
    take_picture (self, member, got, &facts);
  else if (deserves_row (member, &facts))
    give (self, member, member->size, &facts, NULL, error);
  else if (assay_format_is_archive (facts.format))
    leave_out (self, member, _("Archives inside archives aren't opened; unpack it and add it"));
  else
    leave_out (self, member, error->message);
}

static void
take_member (Pass *self,
             const AssayArchiveMember *member)
{
  const char *reason;

  if (member->kind == ASSAY_ARCHIVE_FOLDER)
    return;
  reason = find_reason (member);
  if (reason == NULL)
    {
      take_file (self, member);
      return;
    }
  self->n_encrypted += member->encrypted;
  leave_out (self, member, reason);
}

/*
 * Gives the archive's pictures as sources, in its order, and what else is in it
 * as left out; an error when the archive breaks, or when nothing in it could be
 * read for want of a password.  Memory: one block.  Blocks.
 */
gboolean
assay_members_walk (GFile *archive,
                    const char *group,
                    AssaySpool *spool,
                    const AssayMembersSink *sink,
                    AssayMembersCount *count,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (AssayArchive) opened = NULL;
  g_autofree char *path = assay_file_dup_path (archive);
  g_autofree guint8 *block = g_malloc (ASSAY_LIMIT_ARCHIVE_BLOCK);
  Pass pass = { archive, path, group, NULL, spool, sink, count, 0, block };
  const AssayArchiveMember *member;
  GError *reason = NULL;

  *count = (AssayMembersCount) { 0 };
  opened = assay_members_open (archive, cancellable, error);
  if (opened == NULL)
    return FALSE;
  pass.archive = opened;
  while ((member = assay_archive_next (opened, &reason)) != NULL)
    take_member (&pass, member);
  if (reason == NULL && count->n_given == 0 && pass.n_encrypted > 0)
    reason = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                                  _("The archive is protected by a password; unpack it and add "
                                    "the folder"));
  if (reason != NULL)
    g_propagate_error (error, reason);
  return reason == NULL;
}

static void
set_changed_error (GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                       _("The archive changed since it was added; add it again"));
}

static GBytes *
read_member (AssayArchive *archive,
             GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (ASSAY_LIMIT_ARCHIVE_BLOCK);
  gssize got;

  while ((got = assay_archive_read (archive, block, ASSAY_LIMIT_ARCHIVE_BLOCK, error)) > 0)
    {
      if (bytes->len + (gsize) got > ASSAY_LIMIT_FILE_BYTES)
        {
          g_propagate_error (error, assay_file_new_too_large ());
          return NULL;
        }
      g_byte_array_append (bytes, block, got);
    }
  return got == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
}

/*
 * The bytes of the member at @index, by walking the archive once more: for what
 * the spool had no room for.  Blocks.
 */
GBytes *
assay_members_read (GFile *archive,
                    guint index,
                    const char *raw_name,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (AssayArchive) opened = assay_members_open (archive, cancellable, error);
  const AssayArchiveMember *member = NULL;
  GError *reason = NULL;

  if (opened == NULL)
    return NULL;
  do
    member = assay_archive_next (opened, &reason);
  while (member != NULL && member->index < index);

  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return NULL;
    }
  if (member == NULL || !g_str_equal (member->raw_name, raw_name))
    {
      set_changed_error (error);
      return NULL;
    }
  return read_member (opened, error);
}
