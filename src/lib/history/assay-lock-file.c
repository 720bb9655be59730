/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "assay-lock-file.h"

/* Invariants: taken holds the places that this process has locked through fd;
 * asking the kernel about those would say that they are free, because a lock of
 * one's own never stands in one's way. */
struct _AssayLockFile {
  int fd;
  GHashTable *taken;          /* (element-type gint64) */
};

/* Open file description locks: they belong to this opening of the file, not to
 * the process, so that two histories in one process keep each other out too. */
static gboolean
set_lock (AssayLockFile *self,
          short type,
          gint64 place)
{
  struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = place, .l_len = 1 };
  int result;

  do
    result = fcntl (self->fd, F_OFD_SETLK, &lock);
  while (result != 0 && errno == EINTR);
  return result == 0;
}

/**
 * assay_lock_file_new:
 * @path: of the file; made if it isn't there, readable by its owner alone
 *
 * Returns: (transfer full) (nullable): the file; %NULL with errno set
 */
AssayLockFile *
assay_lock_file_new (const char *path)
{
  AssayLockFile *self;
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    return NULL;
  self = g_new0 (AssayLockFile, 1);
  self->fd = fd;
  self->taken = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

void
assay_lock_file_free (AssayLockFile *self)
{
  g_return_if_fail (self != NULL);

  close (self->fd);
  g_hash_table_unref (self->taken);
  g_free (self);
}

/**
 * assay_lock_file_share:
 *
 * Returns: whether the history may be opened; not while somebody sets it aside
 */
gboolean
assay_lock_file_share (AssayLockFile *self)
{
  return set_lock (self, F_RDLCK, 0);
}

/**
 * assay_lock_file_own:
 *
 * Returns: whether nobody else has the history open, and nobody can open it now
 *   until this one shares it again
 */
gboolean
assay_lock_file_own (AssayLockFile *self)
{
  return set_lock (self, F_WRLCK, 0);
}

/**
 * assay_lock_file_take:
 * @place: of a run, above 0
 *
 * Returns: whether the run is ours now; not when it is anybody's already
 */
gboolean
assay_lock_file_take (AssayLockFile *self,
                      gint64 place)
{
  g_return_val_if_fail (place > 0, FALSE);

  if (g_hash_table_contains (self->taken, &place) || !set_lock (self, F_WRLCK, place))
    return FALSE;
  g_hash_table_add (self->taken, g_memdup2 (&place, sizeof place));
  return TRUE;
}

void
assay_lock_file_release (AssayLockFile *self,
                         gint64 place)
{
  if (g_hash_table_remove (self->taken, &place))
    set_lock (self, F_UNLCK, place);
}

/**
 * assay_lock_file_is_taken:
 *
 * Returns: whether some process, this one included, is at that run
 */
gboolean
assay_lock_file_is_taken (AssayLockFile *self,
                          gint64 place)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place, .l_len = 1 };

  if (g_hash_table_contains (self->taken, &place))
    return TRUE;
  return fcntl (self->fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}
