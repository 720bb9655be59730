/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What was reported as kept survives whatever ends the process. */

#include "config.h"

#include <signal.h>
#include <unistd.h>

#include "history-support.h"

/* A sanitized program begins and ends twenty times as slowly. */
#ifdef __SANITIZE_ADDRESS__
#define ROUNDS 8
#else
#define ROUNDS 30
#endif
#define ITEMS 600

/* What a writer has said: (element-type "run position") of what is kept. */
typedef struct {
  GHashTable *kept;
  gint64 begun;               /* the last run that was said to have begun */
  guint added;                /* of it */
  gboolean ended;
} Said;

static void
hear (Said *said,
      const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);

  g_assert_cmpuint (g_strv_length (words), ==, 3);
  if (g_str_equal (words[0], "kept"))
    {
      g_autofree char *key = g_strconcat (words[1], " ", words[2], NULL);

      /* Nothing is kept twice. */
      g_assert_true (g_hash_table_add (said->kept, g_steal_pointer (&key)));
    }
  else if (g_str_equal (words[0], "begun"))
    {
      said->begun = g_ascii_strtoll (words[1], NULL, 10);
      said->added = 0;
    }
  else if (g_str_equal (words[0], "added"))
    said->added = (guint) g_ascii_strtoull (words[2], NULL, 10);
  else if (g_str_equal (words[0], "resumed"))
    g_assert_cmpuint (g_ascii_strtoull (words[2], NULL, 10), >=, said->added);
  else
    said->ended = g_str_equal (words[0], "ended");
}

static gboolean
hear_line (Said *said,
           GDataInputStream *lines)
{
  g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

  if (line != NULL)
    hear (said, line);
  return line != NULL;
}

/* Lets a writer go until it has said @n_lines (-1: until its end) and a little
 * longer, and kills it.  That little longer is no waiting for anything: the moment
 * of the kill is what is tested. */
static void
run_writer (Place *place,
            Said *said,
            int n_lines)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program =
    g_test_build_filename (G_TEST_BUILT, "lib", "history", "history-writer", NULL);
  g_autofree char *items = g_strdup_printf ("%d", ITEMS);
  g_autofree char *in_flight = g_strdup_printf ("%d", g_test_rand_int_range (1, 200));
  const char *const argv[] = { program, place->path, items, in_flight, NULL };
  g_autoptr (GSubprocess) child = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_autoptr (GDataInputStream) lines = NULL;

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  for (int i = 0; i != n_lines && hear_line (said, lines); i++)
    continue;
  if (n_lines >= 0)
    {
      g_usleep (g_test_rand_int_range (0, 60000));
      g_subprocess_send_signal (child, SIGKILL);
    }
  /* What it still said before it died counts too; a last line is whole. */
  while (hear_line (said, lines))
    continue;
  g_assert_true (g_subprocess_wait (child, NULL, &error));
  g_assert_true (n_lines >= 0 || g_subprocess_get_successful (child));
}

static void
assert_as_made (const AssayKeptItem *item)
{
  g_autoptr (AssayKeptAnswer) made = make_answered (item->position, item->position);

  g_assert_cmpint (item->answer->state, ==, ASSAY_ANSWER_ANSWERED);
  g_assert_cmpint (item->answer->when, ==, made->when);
  g_assert_cmpstr (item->answer->sha256, ==, made->sha256);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpfloat (assay_prediction_get_sent_score (item->answer->prediction, i), ==,
                       assay_prediction_get_sent_score (made->prediction, i));
}

/* The file is sound, and all that was said is in it. */
static guint
check_kept (Place *place,
            Said *said)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = do_list (place->history, &error);
  guint n_found = 0;
  guint n_kept = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < runs->len; i++)
    {
      const AssayKeptRun *run = g_ptr_array_index (runs, i);
      g_autoptr (GPtrArray) items =
        do_load (place->history, run->id, ASSAY_HISTORY_ALL, -1, ITEMS, &error);

      g_assert_no_error (error);
      g_assert_true (items->len == 0 || items->len == ITEMS);
      if (run->id == said->begun)
        g_assert_cmpuint (items->len, >=, said->added);
      for (guint j = 0; j < items->len; j++)
        {
          const AssayKeptItem *item = g_ptr_array_index (items, j);
          g_autofree char *key =
            g_strdup_printf ("%" G_GINT64_FORMAT " %u", run->id, item->position);

          if (item->answer == NULL)
            continue;
          assert_as_made (item);
          n_kept++;
          n_found += g_hash_table_contains (said->kept, key);
        }
    }
  g_assert_cmpuint (n_found, ==, g_hash_table_size (said->kept));
  g_assert_true (do_close (place->history, &error));
  check_integrity (place->path);
  return n_kept;
}

static void
test_kill (Place *place,
           gconstpointer data)
{
  Said said = { .kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  g_autoptr (GPtrArray) left = NULL;
  guint n_kept = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      /* The first ones while the file is made; the others anywhere. */
      run_writer (place, &said, i < ROUNDS / 6 ? 0 : g_test_rand_int_range (0, ITEMS / 2));
      n_kept = check_kept (place, &said);
    }
  g_test_message ("%u said, %u kept", g_hash_table_size (said.kept), n_kept);
  g_assert_cmpuint (g_hash_table_size (said.kept), >, ITEMS / 2);

  said.ended = FALSE;
  while (left == NULL || left->len > 0)
    {
      run_writer (place, &said, -1);
      g_assert_true (said.ended);
      check_kept (place, &said);
      g_clear_pointer (&left, g_ptr_array_unref);
      left = do_list_interrupted (place->history, NULL);
    }
  g_assert_cmpint (query_number (place->path, "SELECT count(*) FROM items"), ==,
                   query_number (place->path, "SELECT count(*) FROM answers"));
  g_hash_table_unref (said.kept);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/assay/history-crash/kill", Place, NULL, place_set_up, test_kill, place_tear_down);
  return g_test_run ();
}
