/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes answers until it is killed, and says of each that it was kept as soon as
 * it is told so.  It goes on with a run that was interrupted, if there is one.
 *
 * usage: history-writer FILE ITEMS IN_FLIGHT */

#include "config.h"

#include <unistd.h>

#include "history-support.h"

typedef struct {
  AssayHistory *history;
  AssayRecording *recording;
  GArray *left;               /* (element-type guint) */
  guint next;
  guint flying;
  guint in_flight;
} Writer;

typedef struct {
  Writer *writer;
  guint position;
} Flight;

static void fly (Writer *writer);

/* One line in one piece: a killed process leaves no buffer behind. */
static void
say (const char *word,
     gint64 run,
     guint position)
{
  g_autofree char *line = g_strdup_printf ("%s %" G_GINT64_FORMAT " %u\n", word, run, position);

  g_assert_cmpint (write (STDOUT_FILENO, line, strlen (line)), ==, (gssize) strlen (line));
}

static void
kept_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  g_autofree Flight *flight = data;
  Writer *writer = flight->writer;
  g_autoptr (GError) error = NULL;

  if (!assay_history_keep_finish (writer->history, result, &error))
    g_error ("%u: %s", flight->position, error->message);
  say ("kept", assay_recording_get_id (writer->recording), flight->position);
  writer->flying--;
  fly (writer);
}

static void
fly (Writer *writer)
{
  while (writer->flying < writer->in_flight && writer->next < writer->left->len)
    {
      Flight *flight = g_new0 (Flight, 1);

      flight->writer = writer;
      flight->position = g_array_index (writer->left, guint, writer->next++);
      writer->flying++;
      assay_history_keep_async (writer->history, writer->recording,
                                make_answered (flight->position, flight->position), NULL, kept_cb,
                                flight);
    }
}

static void
find_left (Writer *writer)
{
  const gint64 run = assay_recording_get_id (writer->recording);
  gint64 after = -1;
  guint n;

  do
    {
      g_autoptr (GPtrArray) page =
        do_load (writer->history, run, ASSAY_HISTORY_LEFT, after, 1000, NULL);

      for (guint i = 0; i < page->len; i++)
        {
          const AssayKeptItem *item = g_ptr_array_index (page, i);

          g_array_append_val (writer->left, item->position);
          after = item->position;
        }
      n = page->len;
    }
  while (n > 0);
}

/* Goes on with what there is, or begins. */
static void
take_run (Writer *writer,
          guint n_items)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = do_list_interrupted (writer->history, &error);

  g_assert_no_error (error);
  if (runs->len > 0)
    {
      const AssayKeptRun *run = g_ptr_array_index (runs, 0);

      writer->recording = do_resume (writer->history, run->id, &error);
      g_assert_no_error (error);
      say ("resumed", run->id, run->n_items);
      if (run->n_items == run->given)
        return;
      g_assert_cmpuint (run->n_items, ==, 0);
    }
  else
    {
      writer->recording = do_begin (writer->history, "A run", "1", n_items);
      say ("begun", assay_recording_get_id (writer->recording), 0);
    }
  g_assert_true (do_add (writer->history, writer->recording, 0, n_items, &error));
  say ("added", assay_recording_get_id (writer->recording), n_items);
}

int
main (int argc,
      char **argv)
{
  Writer writer = { NULL };
  g_autoptr (GError) error = NULL;
  guint patience;

  g_assert_cmpint (argc, ==, 4);
  writer.history = assay_history_new (argv[1]);
  writer.in_flight = (guint) g_ascii_strtoull (argv[3], NULL, 10);
  writer.left = g_array_new (FALSE, FALSE, sizeof (guint));
  take_run (&writer, (guint) g_ascii_strtoull (argv[2], NULL, 10));
  find_left (&writer);
  fly (&writer);
  patience = be_patient ();
  while (writer.flying > 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);

  g_assert_true (do_end (writer.history, writer.recording, ASSAY_KEPT_FINISHED, &error));
  say ("ended", assay_recording_get_id (writer.recording), writer.next);
  assay_recording_unref (writer.recording);
  g_array_unref (writer.left);
  g_assert_finalize_object (writer.history);
  return 0;
}
