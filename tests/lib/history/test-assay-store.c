/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The file itself: who may read it, what is done with an older, a newer, a foreign
 * and a damaged one. */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "assay-error.h"
#include "history-support.h"

static void
make_folder (Place *place)
{
  g_autofree char *folder = g_path_get_dirname (place->path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
}

static void
put_file (Place *place,
          const char *bytes,
          gsize length)
{
  g_autoptr (GError) error = NULL;

  make_folder (place);
  g_file_set_contents_full (place->path, bytes, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT,
                            0600, &error);
  g_assert_no_error (error);
}

static GBytes *
get_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;
  gsize length = 0;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (bytes, length);
}

/* The file that was set aside, (nullable). */
static char *
find_aside (Place *place)
{
  g_autofree char *folder = g_path_get_dirname (place->path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "history.db.damaged-") && !g_str_has_suffix (name, "-wal")
        && !g_str_has_suffix (name, "-shm"))
      return g_build_filename (folder, name, NULL);
  return NULL;
}

static int
get_mode (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

static void
test_nobody_else_reads (Place *place,
                        gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (place->path);
  g_autofree char *log = g_strconcat (place->path, "-wal", NULL);
  g_autofree char *lock = g_strconcat (place->path, "-lock", NULL);
  g_autoptr (GError) error = NULL;
  const mode_t old = umask (0);

  g_assert_true (do_open (place->history, &error));
  umask (old);
  g_assert_cmpint (get_mode (folder), ==, 0700);
  g_assert_cmpint (get_mode (place->path), ==, 0600);
  g_assert_cmpint (get_mode (log), ==, 0600);
  g_assert_cmpint (get_mode (lock), ==, 0600);

  /* One that was open to others is closed to them. */
  g_assert_true (do_close (place->history, &error));
  g_assert_cmpint (g_chmod (place->path, 0644), ==, 0);
  g_assert_true (do_open (place->history, &error));
  g_assert_cmpint (get_mode (place->path), ==, 0600);
}

static void
test_settings (Place *place,
               gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *journal = NULL;

  g_assert_true (do_open (place->history, &error));
  g_assert_true (do_close (place->history, &error));
  journal = query_text (place->path, "PRAGMA journal_mode");
  g_assert_cmpstr (journal, ==, "wal");
  g_assert_cmpint (query_number (place->path, "PRAGMA auto_vacuum"), ==, 2);
  g_assert_cmpint (query_number (place->path, "PRAGMA user_version"), ==, 3);
  check_integrity (place->path);
}

/* An empty file is no damage: a process was killed as it began. */
static void
test_empty_file (Place *place,
                 gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = NULL;

  put_file (place, "", 0);
  g_assert_true (do_open (place->history, &error));
  g_assert_null (assay_history_get_notice (place->history));
  aside = find_aside (place);
  g_assert_null (aside);
}

/* A real file of each earlier version: what was in it is there, and works on. */
static void
test_migrates (Place *place,
               gconstpointer data)
{
  const int version = GPOINTER_TO_INT (data);
  g_autofree char *name = g_strdup_printf ("version-%d.db", version);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "lib", "history", name, NULL);
  g_autoptr (GBytes) old = get_file (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayKeptRun) run = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (AssayRecording) recording = NULL;
  g_autoptr (AssayKeptAnswer) made = make_answered (1, 1);
  const AssayKeptItem *item;

  put_file (place, g_bytes_get_data (old, NULL), g_bytes_get_size (old));
  g_assert_cmpint (query_number (place->path, "PRAGMA user_version"), ==, version);
  run = do_find (place->history, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (run->name, ==, "First run");
  g_assert_cmpuint (run->n_answered, ==, 1);
  g_assert_cmpuint (assay_kept_run_get_left (run), ==, 0);
  items = do_load (place->history, 1, ASSAY_HISTORY_ALL, -1, 10, &error);
  g_assert_cmpuint (items->len, ==, 4);
  item = g_ptr_array_index (items, 1);
  g_assert_cmpstr (item->answer->sha256, ==, made->sha256);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpfloat (assay_prediction_get_sent_score (item->answer->prediction, i), ==,
                       assay_prediction_get_sent_score (made->prediction, i));

  recording = do_resume (place->history, 2, &error);
  g_assert_no_error (error);
  g_assert_true (do_keep (place->history, recording, make_answered (2, 2), &error));
  g_assert_true (do_close (place->history, &error));
  g_assert_cmpint (query_number (place->path, "PRAGMA user_version"), ==, 3);
  check_integrity (place->path);
}

/* What was said of a picture is said of the labels that it was answered in, once for both
 * of its answers; the other one was never answered. */
static void
test_migrates_truth (Place *place,
                     gconstpointer data)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "lib", "history", "version-2.db", NULL);
  g_autoptr (GBytes) old = get_file (path);
  g_autoptr (GError) error = NULL;
  g_autofree char *label = NULL;

  put_file (place, g_bytes_get_data (old, NULL), g_bytes_get_size (old));
  g_assert_cmpint (query_number (place->path, "SELECT count(*) FROM truths"), ==, 2);
  g_assert_true (do_open (place->history, &error));
  g_assert_true (do_close (place->history, &error));
  g_assert_cmpint (query_number (place->path, "SELECT count(*) FROM truths"), ==, 1);
  label = query_text (place->path, "SELECT label FROM truths JOIN label_sets"
                                   " ON label_sets.sha256 = truths.label_set");
  g_assert_cmpstr (label, ==, "label 2");
  check_integrity (place->path);
}

/* The schema is the same whichever way a file came to it. */
static void
test_one_schema (Place *place,
                 gconstpointer data)
{
  static const char sql[] =
    "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)";
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "lib", "history", "version-1.db", NULL);
  g_autoptr (GBytes) old = get_file (path);
  g_autofree char *fresh = NULL;
  g_autofree char *migrated = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (do_open (place->history, &error));
  g_assert_true (do_close (place->history, &error));
  fresh = query_text (place->path, sql);
  put_file (place, g_bytes_get_data (old, NULL), g_bytes_get_size (old));
  g_assert_true (do_open (place->history, &error));
  g_assert_true (do_close (place->history, &error));
  migrated = query_text (place->path, sql);
  g_assert_cmpstr (fresh, ==, migrated);
}

static void
assert_refused (Place *place,
                const char *because)
{
  g_autoptr (GBytes) before = get_file (place->path);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = NULL;

  g_assert_false (do_open (place->history, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, because));
  g_clear_error (&error);
  g_assert_null (do_list (place->history, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE);
  g_assert_cmpuint (assay_history_get_n_unsaved (place->history), ==, 0);
  after = get_file (place->path);
  g_assert_true (g_bytes_equal (before, after));
  aside = find_aside (place);
  g_assert_null (aside);
}

static void
test_newer (Place *place,
            gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (do_open (place->history, &error));
  g_assert_true (do_close (place->history, &error));
  execute_sql (place->path, "PRAGMA user_version = 4");
  assert_refused (place, "format 4, this one knows 3");
}

static void
test_foreign (Place *place,
              gconstpointer data)
{
  make_folder (place);
  put_file (place, "", 0);
  execute_sql (place->path, "CREATE TABLE recipes (cake TEXT)");
  assert_refused (place, "belongs to another program");
}

/* Set aside as it was, said, and begun anew. */
static void
test_no_database (Place *place,
                  gconstpointer data)
{
  g_autofree char *garbage = g_strnfill (5000, 'x');
  g_autofree char *aside = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GBytes) kept = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = NULL;

  put_file (place, garbage, 5000);
  g_assert_true (do_open (place->history, &error));
  g_assert_no_error (error);
  aside = find_aside (place);
  g_assert_nonnull (aside);
  kept = get_file (aside);
  g_assert_cmpmem (g_bytes_get_data (kept, NULL), g_bytes_get_size (kept), garbage, 5000);
  name = g_path_get_basename (aside);
  g_assert_nonnull (strstr (assay_history_get_notice (place->history), name));
  recording = do_begin (place->history, "A run", "1", 0);
  check_integrity (place->path);
}

/* Nobody takes the file from under another that has it open. */
static void
test_in_use (Place *place,
             gconstpointer data)
{
  AssayHistory *other = assay_history_new (place->path);
  g_autofree char *garbage = g_strnfill (5000, 'x');
  g_autofree char *aside = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (do_open (other, &error));
  g_assert_cmpint (g_unlink (place->path), ==, 0);
  put_file (place, garbage, 5000);
  g_assert_false (do_open (place->history, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED);
  g_assert_nonnull (strstr (error->message, "Close every other Assay"));
  g_clear_error (&error);
  aside = find_aside (place);
  g_assert_null (aside);

  g_assert_finalize_object (other);
  g_assert_true (do_open (place->history, &error));
}

/* What would be written into a file that has no name any more is not kept. */
static void
test_removed (Place *place,
              gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A run", "1", 0);

  g_assert_true (do_add (place->history, recording, 0, 2, &error));
  g_assert_true (do_keep (place->history, recording, make_answered (0, 0), &error));
  g_assert_cmpint (g_unlink (place->path), ==, 0);
  g_assert_false (do_keep (place->history, recording, make_answered (1, 1), &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED);
  g_assert_nonnull (strstr (error->message, "was removed"));
  g_clear_error (&error);
  g_assert_false (g_file_test (place->path, G_FILE_TEST_EXISTS));

  place_reopen (place);
  g_assert_true (do_open (place->history, &error));
}

static void
fill (Place *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRecording) recording = do_begin (place->history, "A run", "1", 0);

  g_assert_true (do_add (place->history, recording, 0, 500, &error));
  for (guint i = 0; i < 500; i++)
    assay_history_keep_async (place->history, recording, make_answered (i, i), NULL, NULL, NULL);
  g_assert_true (do_end (place->history, recording, ASSAY_KEPT_INTERRUPTED, &error));
  g_assert_true (do_close (place->history, &error));
}

/* Breaks every page but the first. */
static void
break_pages (Place *place)
{
  g_autoptr (GBytes) bytes = get_file (place->path);
  gsize length = g_bytes_get_size (bytes);
  g_autofree char *broken = g_memdup2 (g_bytes_get_data (bytes, NULL), length);

  g_assert_cmpuint (length, >, 100000);
  memset (broken + 4096, 0xa5, length - 4096);
  put_file (place, broken, length);
}

/* Found only as something is looked for: nothing goes on in another file. */
static void
test_damage_inside (Place *place,
                    gconstpointer data)
{
  g_autofree char *aside = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GBytes) broken = NULL;
  g_autoptr (GBytes) kept = NULL;
  g_autoptr (GError) error = NULL;

  fill (place);
  break_pages (place);
  broken = get_file (place->path);
  g_assert_null (do_list (place->history, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  aside = find_aside (place);
  g_assert_nonnull (aside);
  name = g_path_get_basename (aside);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_cmpstr (assay_history_get_notice (place->history), ==, error->message);
  g_assert_nonnull (assay_history_get_trouble (place->history));
  g_clear_error (&error);
  kept = get_file (aside);
  g_assert_true (g_bytes_equal (broken, kept));
  g_assert_false (do_open (place->history, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_SAVED);
  g_clear_error (&error);

  /* The next start begins anew. */
  place_reopen (place);
  g_assert_true (do_open (place->history, &error));
  g_assert_null (assay_history_get_notice (place->history));
}

/* Cut off in the middle: never a crash, never silence. */
static void
test_cut_off (Place *place,
              gconstpointer data)
{
  g_autoptr (GBytes) whole = NULL;

  fill (place);
  whole = get_file (place->path);
  for (gsize length = 50; length < g_bytes_get_size (whole); length += 7919)
    {
      g_autoptr (GPtrArray) runs = NULL;
      g_autoptr (GPtrArray) items = NULL;
      g_autoptr (GError) error = NULL;

      put_file (place, g_bytes_get_data (whole, NULL), length);
      place_reopen (place);
      runs = do_list (place->history, &error);
      if (runs != NULL && runs->len > 0)
        items = do_load (place->history, 1, ASSAY_HISTORY_ALL, -1, 1000, &error);
      g_assert_true (error != NULL || assay_history_get_notice (place->history) != NULL);
    }
}

/* Two processes that make the file at the same time. */
static void
test_made_twice (Place *place,
                 gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      AssayHistory *other = assay_history_new (place->path);
      g_autoptr (GAsyncResult) mine = NULL;
      g_autoptr (GAsyncResult) theirs = NULL;
      g_autoptr (GError) error = NULL;

      assay_history_open_async (place->history, NULL, await_result, &mine);
      assay_history_open_async (other, NULL, await_result, &theirs);
      assay_history_open_finish (place->history, await (&mine), &error);
      g_assert_no_error (error);
      assay_history_open_finish (other, await (&theirs), &error);
      g_assert_no_error (error);
      g_clear_object (&mine);
      g_clear_object (&theirs);
      g_assert_true (do_close (place->history, &error));
      g_assert_finalize_object (other);
      check_integrity (place->path);
      g_assert_cmpint (g_unlink (place->path), ==, 0);
    }
}

/* What a file says is not believed. */
static void
test_nonsense (Place *place,
               gconstpointer data)
{
  static const char *const changes[] = {
    "UPDATE answers SET scores = x'00'",
    "UPDATE answers SET scores = x'000000000000f07f000000000000f07f000000000000f07f"
    "000000000000f07f000000000000f07f'",
    "UPDATE answers SET places = x'ffff'",
    "UPDATE answers SET places = x'ffffffffffffffffffff'",
    "UPDATE label_sets SET labels = x''",
    "UPDATE label_sets SET labels = x'41004200'",
    "UPDATE label_sets SET labels = x'ff00ff00ff00ff00ff00'",
    "UPDATE label_sets SET labels = x'4142434445'",
  };
  g_autoptr (GBytes) whole = NULL;

  fill (place);
  whole = get_file (place->path);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GError) error = NULL;

      put_file (place, g_bytes_get_data (whole, NULL), g_bytes_get_size (whole));
      execute_sql (place->path, changes[i]);
      place_reopen (place);
      g_assert_null (do_load (place->history, 1, ASSAY_HISTORY_ALL, -1, 1000, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
      g_assert_null (assay_history_get_notice (place->history));
    }
}

#define ADD(name, data, function) \
  g_test_add ("/assay/store/" name, Place, data, place_set_up, function, place_tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("nobody-else-reads", NULL, test_nobody_else_reads);
  ADD ("settings", NULL, test_settings);
  ADD ("empty-file", NULL, test_empty_file);
  ADD ("migrates-from-1", GINT_TO_POINTER (1), test_migrates);
  ADD ("migrates-from-2", GINT_TO_POINTER (2), test_migrates);
  ADD ("migrates-truth", NULL, test_migrates_truth);
  ADD ("one-schema", NULL, test_one_schema);
  ADD ("newer", NULL, test_newer);
  ADD ("foreign", NULL, test_foreign);
  ADD ("no-database", NULL, test_no_database);
  ADD ("in-use", NULL, test_in_use);
  ADD ("removed", NULL, test_removed);
  ADD ("damage-inside", NULL, test_damage_inside);
  ADD ("cut-off", NULL, test_cut_off);
  ADD ("made-twice", NULL, test_made_twice);
  ADD ("nonsense", NULL, test_nonsense);
  return g_test_run ();
}
