/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "assay-database.h"
#include "assay-display.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-schema.h"

/* Two processes that make the same file at once get in each other's way while
 * the journal changes its kind, and SQLite doesn't wait there by itself. */
#define JOURNAL_TRIES 100
#define JOURNAL_PAUSE (20 * G_TIME_SPAN_MILLISECOND)

/* SQLite's own files beside the database. */
static const char *const companions[] = { "-wal", "-shm", "-journal" };

static gboolean
is_full (sqlite3 *db,
         int rc)
{
  int code = db != NULL ? sqlite3_system_errno (db) : 0;

  if ((rc & 0xff) == SQLITE_FULL)
    return TRUE;
  return (rc & 0xff) == SQLITE_IOERR && (code == ENOSPC || code == EDQUOT || code == EFBIG);
}

/**
 * assay_database_is_damage:
 * @rc: what SQLite says
 *
 * Returns: whether the content of the file is broken
 */
gboolean
assay_database_is_damage (int rc)
{
  return (rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB;
}

/**
 * assay_database_set_error:
 * @path: of the file
 * @db: (nullable): the database
 * @rc: what SQLite says
 *
 * Says it in words.  What is the disk's fault, and passes with it, is
 * %ASSAY_ERROR_NOT_SAVED; anything else is %ASSAY_ERROR_FAILED.
 */
void
assay_database_set_error (GError **error,
                          const char *path,
                          sqlite3 *db,
                          int rc)
{
  g_autofree char *name = assay_display_name (path);

  if (is_full (db, rc))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED,
                         _("The history cannot be saved because the disk is full. "
                           "Make room on it."));
  else if (assay_database_is_damage (rc))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED, _("The history “%s” is damaged."),
                 name);
  else
    switch (rc & 0xff)
      {
      case SQLITE_READONLY:
      case SQLITE_CANTOPEN:
      case SQLITE_PERM:
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED,
                     _("The history “%s” cannot be written. "
                       "Check that you may write to its folder."),
                     name);
        break;
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
      case SQLITE_PROTOCOL:
        g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED,
                             _("Another program is using the history. Wait until it is done."));
        break;
      case SQLITE_IOERR:
      case SQLITE_NOMEM:
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED,
                     _("The history “%s” cannot be read or saved: %s. Check the disk."),
                     name, sqlite3_errstr (rc));
        break;
      default:
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED, _("The history refuses an entry: %s"),
                     db != NULL ? sqlite3_errmsg (db) : sqlite3_errstr (rc));
        break;
      }
}

static gboolean
set_errno (GError **error,
           const char *path,
           int code)
{
  g_autofree char *name = assay_display_name (path);

  if (code == ENOSPC || code == EDQUOT)
    assay_database_set_error (error, path, NULL, SQLITE_FULL);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED,
                 _("The history “%s” cannot be written: %s. "
                   "Check that you may write to its folder."),
                 name, g_strerror (code));
  return FALSE;
}

/* Makes the folder and the file, so that neither is ever open to others.  The
 * file isn't opened for that: closing it would take away the locks of another
 * history in this process. */
static gboolean
make_file (const char *path,
           GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat info;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return set_errno (error, path, errno);
  if (mknod (path, S_IFREG | 0600, 0) == 0)
    return TRUE;
  if (errno != EEXIST)
    return set_errno (error, path, errno);
  if (stat (path, &info) != 0)
    return set_errno (error, path, errno);
  if ((info.st_mode & 077) != 0 && chmod (path, info.st_mode & 0700) != 0)
    return set_errno (error, path, errno);
  return TRUE;
}

static gboolean
check_kind (AssaySchemaKind kind,
            int version,
            const char *path,
            GError **error)
{
  g_autofree char *name = assay_display_name (path);

  if (kind == ASSAY_SCHEMA_NEWER)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("The history “%s” was made by a newer Assay (format %d, this one knows %d). "
                   "Nothing in it was changed. Update Assay."),
                 name, version, assay_schema_get_version ());
  else if (kind == ASSAY_SCHEMA_FOREIGN)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 _("“%s” belongs to another program. Nothing in it was changed. "
                   "Move it away, and Assay begins a history there."),
                 name);
  return kind != ASSAY_SCHEMA_NEWER && kind != ASSAY_SCHEMA_FOREIGN;
}

/* Looks at the file as if it could never change, which makes no file beside it
 * and takes no lock.  What is still in the journal is not seen; that is looked at
 * again later. */
static int
peek (const char *path,
      AssaySchemaKind *kind,
      int *version)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *fixed = g_strconcat (uri, "?immutable=1", NULL);
  sqlite3 *db = NULL;
  int rc = sqlite3_open_v2 (fixed, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);

  if (rc == SQLITE_OK)
    rc = assay_schema_inspect (db, kind, version);
  sqlite3_close (db);
  return rc;
}

static int
set_journal (sqlite3 *db)
{
  int rc = SQLITE_BUSY;

  for (guint i = 0; i < JOURNAL_TRIES && (rc & 0xff) == SQLITE_BUSY; i++)
    {
      if (i > 0)
        g_usleep (JOURNAL_PAUSE);
      rc = sqlite3_exec (db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    }
  return rc;
}

static int
set_up (sqlite3 *db)
{
  int rc = sqlite3_exec (db, "PRAGMA auto_vacuum = INCREMENTAL", NULL, NULL, NULL);

  if (rc == SQLITE_OK)
    rc = set_journal (db);
  if (rc == SQLITE_OK)
    rc = sqlite3_exec (db,
                       "PRAGMA synchronous = FULL;"
                       "PRAGMA journal_size_limit = 4194304",
                       NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = assay_schema_migrate (db);
  if (rc == SQLITE_OK)
    rc = sqlite3_exec (db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
  return rc;
}

/* Opens and brings up to date; *@damaged tells a broken file from other errors. */
static gboolean
open_db (AssayDatabase *self,
         const char *path,
         gboolean *damaged,
         GError **error)
{
  AssaySchemaKind kind = ASSAY_SCHEMA_EMPTY;
  int version = 0;
  int rc = peek (path, &kind, &version);

  if (rc == SQLITE_OK && !check_kind (kind, version, path, error))
    return FALSE;
  if (rc == SQLITE_OK)
    rc = sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (rc == SQLITE_OK)
    {
      sqlite3_extended_result_codes (self->db, TRUE);
      /* A file that turns out not to be ours stays as it is when it is closed. */
      sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
      rc = sqlite3_busy_timeout (self->db, ASSAY_LIMIT_HISTORY_BUSY);
    }
  if (rc == SQLITE_OK)
    rc = assay_schema_inspect (self->db, &kind, &version);
  if (rc == SQLITE_OK && !check_kind (kind, version, path, error))
    return FALSE;
  if (rc == SQLITE_OK && sqlite3_db_readonly (self->db, "main") == 1)
    rc = SQLITE_READONLY;
  if (rc == SQLITE_OK)
    rc = set_up (self->db);
  if (rc == SQLITE_OK)
    return sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL) == SQLITE_OK;

  *damaged = assay_database_is_damage (rc);
  assay_database_set_error (error, path, self->db, rc);
  return FALSE;
}

static gboolean
open_locks (AssayDatabase *self,
            const char *path,
            GError **error)
{
  g_autofree char *name = g_strconcat (path, "-lock", NULL);

  self->locks = assay_lock_file_new (name);
  if (self->locks == NULL)
    return set_errno (error, path, errno);
  if (assay_lock_file_share (self->locks))
    return TRUE;
  assay_database_set_error (error, path, NULL, SQLITE_BUSY);
  return FALSE;
}

/* A name that isn't taken. */
static char *
dup_aside_path (const char *path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d-%H%M%S");
  char *aside = g_strdup_printf ("%s.damaged-%s", path, date);

  for (guint i = 2; g_file_test (aside, G_FILE_TEST_EXISTS); i++)
    {
      g_free (aside);
      aside = g_strdup_printf ("%s.damaged-%s-%u", path, date, i);
    }
  return aside;
}

/**
 * assay_database_set_aside:
 * @self: opened or not
 * @path: of a damaged file
 * @error: %ASSAY_ERROR_NOT_SAVED
 *
 * Closes the database and gives the file, with SQLite's own beside it, another
 * name, so that whatever can be rescued from it still can be.  Not while another
 * process has it open.
 *
 * Returns: (transfer full): the new path; %NULL if it could not be done
 */
char *
assay_database_set_aside (AssayDatabase *self,
                          const char *path,
                          GError **error)
{
  g_autofree char *aside = dup_aside_path (path);
  g_autofree char *name = assay_display_name (path);

  /* Closing must not write into what is damaged. */
  if (self->db != NULL)
    sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  g_clear_pointer (&self->db, sqlite3_close_v2);
  if (!assay_lock_file_own (self->locks))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED,
                   _("The history “%s” is damaged. Close every other Assay, so that it can be "
                     "set aside."),
                   name);
      return NULL;
    }
  if (g_rename (path, aside) != 0)
    {
      set_errno (error, path, errno);
      return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (companions); i++)
    {
      g_autofree char *from = g_strconcat (path, companions[i], NULL);
      g_autofree char *to = g_strconcat (aside, companions[i], NULL);

      /* Most often there is none. */
      if (g_rename (from, to) != 0 && errno != ENOENT)
        g_debug ("%s: %s", from, g_strerror (errno));
    }
  assay_lock_file_share (self->locks);
  return g_steal_pointer (&aside);
}

/* Sets the damaged file aside and begins a new one. */
static gboolean
begin_anew (AssayDatabase *self,
            const char *path,
            char **notice,
            GError **error)
{
  g_autofree char *aside = assay_database_set_aside (self, path, error);
  g_autofree char *name = NULL;
  gboolean damaged = FALSE;

  if (aside == NULL)
    return FALSE;
  name = assay_display_name (aside);
  g_free (*notice);
  *notice = g_strdup_printf (_("The history was damaged. It is kept as “%s”, "
                               "and a new one was begun."),
                             name);
  return make_file (path, error) && open_db (self, path, &damaged, error);
}

/**
 * assay_database_open:
 * @self: (out caller-allocates): what is opened
 * @path: absolute; folder and file are made if they aren't there, for their owner
 *   alone
 * @notice: (inout): set when a damaged file was set aside, to what a person has to
 *   be told
 * @error: %ASSAY_ERROR_NOT_SAVED, or %ASSAY_ERROR_USAGE for a file that a newer
 *   Assay or another program has made, which is then as it was
 *
 * Returns: whether it is open, with the present schema
 */
gboolean
assay_database_open (AssayDatabase *self,
                     const char *path,
                     char **notice,
                     GError **error)
{
  g_autoptr (GError) reason = NULL;
  gboolean damaged = FALSE;
  gboolean opened;
  struct stat info;

  *self = (AssayDatabase) { NULL };
  opened = make_file (path, error) && open_locks (self, path, error);
  if (opened && !open_db (self, path, &damaged, &reason))
    {
      opened = damaged && begin_anew (self, path, notice, error);
      if (!damaged)
        g_propagate_error (error, g_steal_pointer (&reason));
    }
  if (opened && stat (path, &info) == 0)
    {
      self->device = info.st_dev;
      self->inode = info.st_ino;
    }
  if (!opened)
    assay_database_close (self);
  return opened;
}

/**
 * assay_database_is_there:
 * @self: opened
 *
 * Returns: whether @path is still the file that was opened: what is written into
 *   one that was removed is lost with the process
 */
gboolean
assay_database_is_there (const AssayDatabase *self,
                         const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 && info.st_dev == self->device && info.st_ino == self->inode;
}

/**
 * assay_database_close:
 *
 * Closes what is open.  Whoever was at a run is not any more.
 */
void
assay_database_close (AssayDatabase *self)
{
  g_clear_pointer (&self->db, sqlite3_close_v2);
  g_clear_pointer (&self->locks, assay_lock_file_free);
}
