/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "assay-error.h"
#include "assay-file-private.h"
#include "assay-limits.h"
#include "assay-spool.h"
#include "assay-stream-private.h"

/* Invariants: end only grows; used is what ranges hold, and what the disk could
 * not take back.  Offsets are never given out twice, so that no byte of a range
 * can change under a reader; a sparse file may be as long as it likes. */
struct _AssaySpool {
  int fd;
  guint64 limit;
  gint64 end;                 /* atomic */
  gint64 used;                /* atomic */
};

typedef struct {
  guint64 start;              /* in the file */
  guint64 length;
} Extent;

/* Invariants: length is the sum of the extents'. */
struct _AssaySpoolRange {
  AssaySpool *spool;
  GArray *extents;            /* (element-type Extent) */
  guint64 length;
};

/* Everybody may list a folder for temporary files; nobody finds this one. */
static int
open_nameless (const char *folder)
{
  g_autofree char *template = NULL;
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    return fd;
  /* Not every file system has it. */
  template = g_build_filename (folder, "assay-XXXXXX", NULL);
  fd = g_mkstemp_full (template, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (template);
  return fd;
}

static guint64
get_half_of_free (int fd)
{
  struct statvfs info;

  if (fstatvfs (fd, &info) < 0)
    return G_MAXUINT64;
  return (guint64) info.f_bavail * info.f_frsize / 2;
}

/**
 * assay_spool_new:
 * @folder: (nullable): where; the cache folder unless given.  Made if it isn't
 *   there
 * @limit: bytes at most; half of what is free there now, if that is less
 * @error: %ASSAY_ERROR_UNREADABLE
 *
 * Returns: (transfer full) (nullable): an empty spool
 */
AssaySpool *
assay_spool_new (const char *folder,
                 guint64 limit,
                 GError **error)
{
  g_autofree char *place = NULL;
  AssaySpool *self;
  int fd;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  place = folder != NULL ? g_strdup (folder)
                         : g_build_filename (g_get_user_cache_dir (), "assay", NULL);
  fd = g_mkdir_with_parents (place, 0700) == 0 ? open_nameless (place) : -1;
  if (fd < 0)
    {
      int code = errno;

      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                   _("No temporary file can be made in “%s”: %s"), place, g_strerror (code));
      return NULL;
    }

  self = g_atomic_rc_box_new0 (AssaySpool);
  self->fd = fd;
  self->limit = MIN (limit, get_half_of_free (fd));
  return self;
}

/**
 * assay_spool_get_default:
 * @error: why there is none; the same each time
 *
 * The one that the whole process shares, made when it is first asked for.
 *
 * Returns: (transfer none) (nullable): a spool in the cache folder, of up to
 *   %ASSAY_LIMIT_SPOOL_BYTES
 */
AssaySpool *
assay_spool_get_default (GError **error)
{
  static gsize once;
  static AssaySpool *spool;
  static GError *reason;

  if (g_once_init_enter (&once))
    {
      spool = assay_spool_new (NULL, ASSAY_LIMIT_SPOOL_BYTES, &reason);
      g_once_init_leave (&once, 1);
    }
  if (spool == NULL)
    g_propagate_error (error, g_error_copy (reason));
  return spool;
}

AssaySpool *
assay_spool_ref (AssaySpool *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
spool_clear (gpointer data)
{
  AssaySpool *self = data;

  close (self->fd);
}

void
assay_spool_unref (AssaySpool *self)
{
  g_atomic_rc_box_release_full (self, spool_clear);
}

/**
 * assay_spool_get_limit:
 *
 * Returns: bytes that it takes at most
 */
guint64
assay_spool_get_limit (AssaySpool *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->limit;
}

/* GLib has atomic operations on int and pointers alone; offsets need 64 bits on
 * every machine. */
static gint64
atomic_add (gint64 *value,
            gint64 amount)
{
  return __atomic_fetch_add (value, amount, __ATOMIC_ACQ_REL);
}

/**
 * assay_spool_get_used:
 *
 * Returns: bytes that its ranges hold now
 */
guint64
assay_spool_get_used (AssaySpool *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return atomic_add (&self->used, 0);
}

/* Takes @size bytes of what is allowed, or none. */
static gboolean
reserve (AssaySpool *self,
         gsize size,
         guint64 *start)
{
  if ((guint64) atomic_add (&self->used, size) + size > self->limit)
    {
      atomic_add (&self->used, -(gint64) size);
      return FALSE;
    }
  *start = atomic_add (&self->end, size);
  return TRUE;
}

/* Gives the bytes back to the disk.  Where that isn't possible they stay taken
 * until the file is closed, and count. */
static void
release (AssaySpool *self,
         const Extent *extent)
{
  if (fallocate (self->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, extent->start,
                 extent->length) == 0)
    atomic_add (&self->used, -(gint64) extent->length);
}

/**
 * assay_spool_range_new:
 *
 * Returns: (transfer full): an empty range
 */
AssaySpoolRange *
assay_spool_range_new (AssaySpool *spool)
{
  AssaySpoolRange *self;

  g_return_val_if_fail (spool != NULL, NULL);

  self = g_atomic_rc_box_new0 (AssaySpoolRange);
  self->spool = assay_spool_ref (spool);
  self->extents = g_array_new (FALSE, FALSE, sizeof (Extent));
  return self;
}

AssaySpoolRange *
assay_spool_range_ref (AssaySpoolRange *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
range_clear (gpointer data)
{
  AssaySpoolRange *self = data;

  for (guint i = 0; i < self->extents->len; i++)
    release (self->spool, &g_array_index (self->extents, Extent, i));
  g_array_unref (self->extents);
  assay_spool_unref (self->spool);
}

void
assay_spool_range_unref (AssaySpoolRange *self)
{
  g_atomic_rc_box_release_full (self, range_clear);
}

guint64
assay_spool_range_get_length (AssaySpoolRange *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}

/* 0, or why it failed; what is written of it is then in no range. */
static int
write_all (int fd,
           guint64 start,
           const guint8 *bytes,
           gsize size)
{
  while (size > 0)
    {
      gssize done = pwrite (fd, bytes, size, start);

      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        return done < 0 ? errno : ENOSPC;
      bytes += done;
      size -= done;
      start += done;
    }
  return 0;
}

static void
add_extent (AssaySpoolRange *self,
            const Extent *extent)
{
  Extent *last = NULL;

  if (self->extents->len > 0)
    last = &g_array_index (self->extents, Extent, self->extents->len - 1);
  if (last != NULL && last->start + last->length == extent->start)
    last->length += extent->length;
  else
    g_array_append_val (self->extents, *extent);
  self->length += extent->length;
}

/**
 * assay_spool_range_append:
 * @bytes: (array length=size): what to write
 * @size: how many
 * @error: %ASSAY_ERROR_TOO_LARGE when the spool or the disk is full,
 *   %ASSAY_ERROR_UNREADABLE when it can't be written; the range is as before
 *
 * For whoever made the range, before anybody else has it.  Blocks.
 *
 * Returns: whether the bytes are in the range
 */
gboolean
assay_spool_range_append (AssaySpoolRange *self,
                          const guint8 *bytes,
                          gsize size,
                          GError **error)
{
  Extent extent = { 0, size };
  int code;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL || size == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (size == 0)
    return TRUE;
  if (!reserve (self->spool, size, &extent.start))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                   _("The temporary file is full (%u MiB): remove pictures that you don't need, "
                     "or make room on the disk"),
                   (guint) (self->spool->limit >> 20));
      return FALSE;
    }
  code = write_all (self->spool->fd, extent.start, bytes, size);
  if (code == 0)
    {
      add_extent (self, &extent);
      return TRUE;
    }
  release (self->spool, &extent);
  if (code == ENOSPC || code == EDQUOT || code == EFBIG)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE,
                         _("The disk is full: make room in the cache folder"));
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE,
                 _("The temporary file can't be written: %s"), g_strerror (code));
  return FALSE;
}

/**
 * assay_spool_range_pread:
 * @offset: in the range
 * @buffer: (out caller-allocates): gets the bytes
 * @size: at most so many
 * @error: %ASSAY_ERROR_UNREADABLE
 *
 * Reads without a position of its own: any thread.
 *
 * Returns: the number of bytes, 0 at the end, -1 with @error
 */
gssize
assay_spool_range_pread (AssaySpoolRange *self,
                         guint64 offset,
                         guint8 *buffer,
                         gsize size,
                         GError **error)
{
  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (buffer != NULL || size == 0, -1);

  for (guint i = 0; i < self->extents->len; i++)
    {
      const Extent *extent = &g_array_index (self->extents, Extent, i);

      if (offset < extent->length)
        return assay_file_pread (self->spool->fd, extent->start + offset, buffer,
                                 MIN (size, extent->length - offset), error);
      offset -= extent->length;
    }
  return 0;
}

static gssize
pread_range (gpointer data,
             guint64 offset,
             guint8 *buffer,
             gsize size,
             GError **error)
{
  return assay_spool_range_pread (data, offset, buffer, size, error);
}

/**
 * assay_spool_range_open:
 *
 * Returns: (transfer full): the bytes from their start, as a stream that can be
 *   sought and that keeps the range
 */
GInputStream *
assay_spool_range_open (AssaySpoolRange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return assay_stream_new (pread_range, assay_spool_range_ref (self),
                           (GDestroyNotify) assay_spool_range_unref, self->length);
}
