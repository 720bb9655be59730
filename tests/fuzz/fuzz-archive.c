/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Archives: members in their order with names that are text, bytes that don't
 * depend on how they are asked for, an end that stays one; and the walk that makes
 * sources of them, which gives or leaves out each picture once. */

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "assay-archive.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-members-private.h"
#include "fuzz.h"

#define BLOCK (64 * 1024)

/* What one pass through an archive gave, as text to compare. */
typedef struct {
  GString *said;
  guint n_members;
} Pass;

static void
check_member (const AssayArchiveMember *member,
              guint index)
{
  g_assert_cmpuint (member->index, ==, index);
  g_assert_true (g_utf8_validate (member->name, -1, NULL));
  g_assert_cmpuint (strlen (member->raw_name), <=, ASSAY_LIMIT_MEMBER_NAME_BYTES);
  g_assert_cmpint (member->kind, <=, ASSAY_ARCHIVE_SPECIAL);
  g_assert_true (member->size_known || member->size == 0);
}

/* Reads the member to its end; what an error leaves behind is not compared. */
static void
read_member (AssayArchive *archive,
             const AssayArchiveMember *member,
             gsize step,
             Pass *pass)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_MD5);
  g_autofree guint8 *buffer = g_malloc (step);
  g_autoptr (GError) error = NULL;
  guint64 total = 0;
  gssize got;

  while ((got = assay_archive_read (archive, buffer, step, &error)) > 0)
    {
      g_assert_cmpint (got, <=, step);
      g_assert_cmpint (member->kind, ==, ASSAY_ARCHIVE_FILE);
      g_checksum_update (sum, buffer, got);
      total += got;
    }
  if (got < 0)
    {
      fuzz_check_error (error);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (assay_archive_read (archive, buffer, step, &error), ==, 0);
  g_string_append_printf (pass->said, "%" G_GUINT64_FORMAT " %s\n", total,
                          g_checksum_get_string (sum));
}

static void
walk_members (AssayArchive *archive,
              gsize step,
              Pass *pass)
{
  const AssayArchiveMember *member;
  g_autoptr (GError) error = NULL;

  while ((member = assay_archive_next (archive, &error)) != NULL)
    {
      check_member (member, pass->n_members++);
      g_string_append_printf (pass->said, "%s %d\n", member->name, member->kind);
      read_member (archive, member, step, pass);
    }
  g_assert_cmpint (error != NULL, ==, assay_archive_is_broken (archive));
  if (error == NULL)
    return;
  fuzz_check_error (error);
  g_clear_error (&error);
  g_assert_null (assay_archive_next (archive, &error));
  fuzz_check_error (error);
}

static gboolean
pass_through (const uint8_t *data,
              size_t size,
              gsize step,
              Pass *pass)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayArchive) archive = NULL;
  AssayFacts facts;

  assay_probe_head (data, MIN (size, ASSAY_LIMIT_PROBE_HEAD), &facts, NULL);
  if (!assay_format_is_archive (facts.format))
    return FALSE;
  archive = assay_archive_new (stream, "fuzz.tgz", facts.format, NULL, &error);
  if (archive == NULL)
    fuzz_check_error (error);
  else
    walk_members (archive, step, pass);
  return TRUE;
}

static void
give_cb (gpointer walk,
         AssaySource *source)
{
  AssayMembersCount *count = walk;

  g_assert_true (g_utf8_validate (assay_source_get_member (source), -1, NULL));
  g_assert_cmpuint (assay_source_get_size (source), <=, G_MAXINT64);
  if (assay_source_get_error (source) != NULL)
    fuzz_check_error (assay_source_get_error (source));
  count->n_given++;
  g_object_unref (source);
}

static void
leave_out_cb (gpointer walk,
              const char *path,
              const char *reason)
{
  AssayMembersCount *count = walk;

  g_assert_true (g_utf8_validate (path, -1, NULL));
  g_assert_nonnull (reason);
  count->n_left_out++;
}

/* A file without a name, for what opens archives by theirs. */
static GFile *
make_file (const uint8_t *data,
           size_t size,
           int *fd)
{
  g_autofree char *path = NULL;

  *fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert_cmpint (*fd, >=, 0);
  g_assert_cmpint (write (*fd, data, size), ==, size);
  path = g_strdup_printf ("/proc/self/fd/%d", *fd);
  return g_file_new_for_path (path);
}

static void
check_sources (const uint8_t *data,
               size_t size)
{
  int fd;
  g_autoptr (GFile) file = make_file (data, size, &fd);
  AssayMembersCount seen = { 0 }, count;
  const AssayMembersSink sink = { give_cb, leave_out_cb, &seen };
  g_autoptr (GError) error = NULL;

  if (!assay_members_walk (file, NULL, NULL, &sink, &count, NULL, &error))
    fuzz_check_error (error);
  g_assert_cmpuint (count.n_given, ==, seen.n_given);
  g_assert_cmpuint (count.n_left_out, ==, seen.n_left_out);
  close (fd);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GString) first = g_string_new (NULL);
  g_autoptr (GString) second = g_string_new (NULL);
  Pass large = { first }, small = { second };

  if (!pass_through (data, size, BLOCK, &large))
    return 0;
  pass_through (data, size, 777, &small);
  g_assert_cmpuint (large.n_members, ==, small.n_members);
  g_assert_cmpstr (first->str, ==, second->str);
  check_sources (data, size);
  return 0;
}
