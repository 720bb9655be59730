/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A disk that is full, or that may not be written: said, and mended later. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assay-error.h"
#include "history-support.h"

#define ITEMS 400

/* A disk of 1 MB on the test's folder, seen by this process alone and gone with
 * it.  Not everybody may have one. */
static gboolean
mount_small_disk (const char *folder)
{
  if (unshare (CLONE_NEWNS) != 0)
    return FALSE;
  return mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
         && mount ("assay-test", folder, "tmpfs", 0, "size=1m,mode=0755") == 0;
}

/* Instead of that: no file may grow beyond this. */
static void
limit_files (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* Leaves no room at all. */
static void
fill_disk (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "ballast", NULL);
  const int fd = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  static const char block[512];

  g_assert_cmpint (fd, >=, 0);
  while (write (fd, block, sizeof block) > 0)
    continue;
  g_assert_cmpint (errno, ==, ENOSPC);
  close (fd);
}

static void
make_room (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "ballast", NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
set_full (Place *place,
          gboolean own_disk,
          gboolean full)
{
  if (!own_disk)
    limit_files (full ? 4096 : RLIM_INFINITY);
  else if (full)
    fill_disk (place->folder);
  else
    make_room (place->folder);
}

typedef struct {
  guint kept;
  guint unsaved;
} Tally;

static void
tally_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  Tally *tally = data;
  g_autoptr (GError) error = NULL;

  if (assay_history_keep_finish (ASSAY_HISTORY (source), result, &error))
    {
      tally->kept++;
      return;
    }
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED);
  tally->unsaved++;
}

static void
keep_all (Place *place,
          AssayRecording *recording,
          guint first,
          guint n,
          Tally *tally)
{
  const guint before = tally->kept + tally->unsaved;
  const guint patience = be_patient ();

  for (guint i = first; i < first + n; i++)
    assay_history_keep_async (place->history, recording, make_answered (i, i), NULL, tally_cb,
                              tally);
  while (tally->kept + tally->unsaved < before + n)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

static void
wait_until_saved (Place *place)
{
  const guint patience = be_patient ();

  while (assay_history_get_n_unsaved (place->history) > 0
         || assay_history_get_trouble (place->history) != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

/* The child: a disk that runs full in the middle of a run, and has room again. */
static void
run_full (gboolean from_the_start)
{
  Place place = { NULL };
  Tally tally = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) begun = NULL;
  g_autoptr (AssayTarget) target = assay_target_new ("lab", "flowers", "1");
  const AssayKeptRun run = { .name = (char *) "A run", .target = target };
  AssayRecording *recording;
  gboolean own_disk;

  place_set_up (&place, NULL);
  own_disk = mount_small_disk (place.folder);
  /* A thread sees the disks that its starter saw. */
  place_reopen (&place);
  g_test_message ("%s", own_disk ? "a disk of 1 MB" : "a limit on files");
  signal (SIGXFSZ, SIG_IGN);
  g_assert_true (do_open (place.history, &error));
  if (from_the_start)
    set_full (&place, own_disk, TRUE);

  recording = assay_history_begin_async (place.history, &run, NULL, await_result, &begun);
  await (&begun);
  g_assert_true (assay_history_begin_finish (place.history, begun, &error) != from_the_start);
  g_clear_error (&error);
  g_clear_object (&begun);
  g_assert_true (do_add (place.history, recording, 0, ITEMS, &error) != from_the_start);
  g_clear_error (&error);
  if (!from_the_start)
    {
      keep_all (&place, recording, 0, 20, &tally);
      g_assert_cmpuint (tally.kept, ==, 20);
      set_full (&place, own_disk, TRUE);
    }

  /* Every one is told what became of it. */
  keep_all (&place, recording, 20, ITEMS - 20, &tally);
  g_assert_cmpuint (tally.unsaved, >, ITEMS / 2);
  g_assert_cmpuint (assay_history_get_n_unsaved (place.history), >=, tally.unsaved);
  g_assert_error (assay_history_get_trouble (place.history), ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED);
  if (own_disk)
    g_assert_nonnull (strstr (assay_history_get_trouble (place.history)->message, "disk is full"));
  /* Still full: nothing changes. */
  g_assert_false (do_keep (place.history, recording, make_answered (20, 20), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED);
  g_clear_error (&error);

  set_full (&place, own_disk, FALSE);
  /* By itself, or because a person says so. */
  if (!from_the_start)
    assay_history_retry (place.history);
  wait_until_saved (&place);
  if (from_the_start)
    keep_all (&place, recording, 0, 20, &tally);
  g_assert_true (do_end (place.history, recording, ASSAY_KEPT_FINISHED, &error));
  assay_recording_unref (recording);
  g_assert_cmpint (query_number (place.path, "SELECT answered FROM runs"), ==, ITEMS);
  g_assert_true (do_close (place.history, &error));
  check_integrity (place.path);
  if (own_disk)
    umount2 (place.folder, MNT_DETACH);
  place_tear_down (&place, NULL);
}

static void
test_full (gconstpointer data)
{
  if (g_test_subprocess ())
    {
      run_full (GPOINTER_TO_INT (data));
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* The child, as somebody who owns nothing here. */
static void
run_not_permitted (const char *path)
{
  AssayHistory *history = assay_history_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) begun = NULL;
  g_autoptr (AssayTarget) target = assay_target_new ("lab", "flowers", "1");
  const AssayKeptRun run = { .name = (char *) "A run", .target = target };
  AssayRecording *recording;

  g_assert_false (do_open (history, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED);
  g_assert_nonnull (strstr (error->message, "cannot be written"));
  g_clear_error (&error);
  g_assert_null (do_list (history, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_clear_error (&error);

  /* A run goes on without being kept. */
  recording = assay_history_begin_async (history, &run, NULL, await_result, &begun);
  g_assert_false (assay_history_begin_finish (history, await (&begun), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED);
  g_clear_error (&error);
  g_clear_object (&begun);
  g_assert_false (do_add (history, recording, 0, 1, NULL));
  g_assert_false (do_keep (history, recording, make_answered (0, 1), NULL));
  g_assert_cmpuint (assay_history_get_n_unsaved (history), ==, 3);
  g_assert_false (do_close (history, NULL));
  assay_recording_unref (recording);
  g_assert_finalize_object (history);
}

/* Opens the history as another user; root may write anywhere. */
static void
open_as_nobody (const char *path)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  const char *const as_nobody[] = {
    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, "--not-permitted", path,
    NULL,
  };
  const char *const as_self[] = { program, "--not-permitted", path, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child =
    g_subprocess_newv (getuid () == 0 ? as_nobody : as_self, G_SUBPROCESS_FLAGS_NONE, &error);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (child, NULL, &error));
  g_assert_no_error (error);
}

static void
test_not_permitted (Place *place,
                    gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (place->path);
  g_autoptr (GError) error = NULL;

  /* A folder that can be entered and not written, without a history and with one. */
  g_assert_cmpint (g_chmod (place->folder, 0755), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0555), ==, 0);
  open_as_nobody (place->path);

  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
  g_assert_true (do_open (place->history, &error));
  g_assert_true (do_close (place->history, &error));
  g_assert_cmpint (g_chmod (folder, 0555), ==, 0);
  g_assert_cmpint (g_chmod (place->path, getuid () == 0 ? 0600 : 0400), ==, 0);
  open_as_nobody (place->path);
  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
}

int
main (int argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--not-permitted"))
    {
      run_not_permitted (argv[2]);
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/assay/history-disk/full", GINT_TO_POINTER (FALSE), test_full);
  g_test_add_data_func ("/assay/history-disk/full-from-the-start", GINT_TO_POINTER (TRUE),
                        test_full);
  g_test_add ("/assay/history-disk/not-permitted", Place, NULL, place_set_up, test_not_permitted,
              place_tear_down);
  return g_test_run ();
}
