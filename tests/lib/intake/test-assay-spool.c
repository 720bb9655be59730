/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-error.h"
#include "assay-spool.h"
#include "pictures.h"

#define MANY (64 * 1024 * 1024)

typedef struct {
  char *folder;
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  self->folder = pictures_make_folder ();
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  pictures_remove_folder (self->folder);
  g_free (self->folder);
}

static AssaySpool *
make_spool (Fixture *fixture,
            guint64 limit)
{
  g_autoptr (GError) error = NULL;
  AssaySpool *spool = assay_spool_new (fixture->folder, limit, &error);

  g_assert_no_error (error);
  return spool;
}

static void
append (AssaySpoolRange *range,
        const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (assay_spool_range_append (range, (const guint8 *) text, strlen (text), &error));
  g_assert_no_error (error);
}

static char *
read_range (AssaySpoolRange *range)
{
  g_autoptr (GInputStream) stream = assay_spool_range_open (range);
  g_autoptr (GError) error = NULL;
  char *text = g_malloc0 (assay_spool_range_get_length (range) + 2);
  gsize got;

  g_input_stream_read_all (stream, text, assay_spool_range_get_length (range) + 1, &got, NULL,
                           &error);
  g_assert_no_error (error);
  g_assert_cmpuint (got, ==, assay_spool_range_get_length (range));
  return text;
}

static void
gives_back_what_was_put_in (Fixture *fixture,
                            gconstpointer data)
{
  g_autoptr (AssaySpool) spool = make_spool (fixture, MANY);
  g_autoptr (AssaySpoolRange) first = assay_spool_range_new (spool);
  g_autoptr (AssaySpoolRange) second = assay_spool_range_new (spool);
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  /* Two that are written in turns lie in pieces. */
  append (first, "a meadow ");
  append (second, "a wood ");
  append (first, "and a ");
  append (first, "brook");
  append (second, "and a hill");
  append (second, "");
  one = read_range (first);
  two = read_range (second);
  g_assert_cmpstr (one, ==, "a meadow and a brook");
  g_assert_cmpstr (two, ==, "a wood and a hill");
  g_assert_cmpuint (assay_spool_get_used (spool), ==, 20 + 17);
}

static void
has_no_name (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (AssaySpool) spool = make_spool (fixture, MANY);
  g_autoptr (AssaySpoolRange) range = assay_spool_range_new (spool);
  g_autoptr (GDir) dir = NULL;

  append (range, "secret");
  dir = g_dir_open (fixture->folder, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

static void
can_be_sought (Fixture *fixture,
               gconstpointer data)
{
  g_autoptr (AssaySpool) spool = make_spool (fixture, MANY);
  g_autoptr (AssaySpoolRange) range = assay_spool_range_new (spool);
  g_autoptr (GInputStream) stream = NULL;
  GSeekable *seekable;
  char letter = 0;

  append (range, "0123456789");
  stream = assay_spool_range_open (range);
  seekable = G_SEEKABLE (stream);
  g_assert_true (g_seekable_can_seek (seekable));
  g_assert_true (g_seekable_seek (seekable, -3, G_SEEK_END, NULL, NULL));
  g_assert_cmpint (g_seekable_tell (seekable), ==, 7);
  g_assert_cmpint (g_input_stream_read (stream, &letter, 1, NULL, NULL), ==, 1);
  g_assert_cmpint (letter, ==, '7');
  g_assert_true (g_seekable_seek (seekable, 1, G_SEEK_CUR, NULL, NULL));
  g_assert_cmpint (g_input_stream_read (stream, &letter, 1, NULL, NULL), ==, 1);
  g_assert_cmpint (letter, ==, '9');
  g_assert_cmpint (g_input_stream_read (stream, &letter, 1, NULL, NULL), ==, 0);
  g_assert_false (g_seekable_seek (seekable, -1, G_SEEK_SET, NULL, NULL));
  g_assert_false (g_seekable_seek (seekable, 11, G_SEEK_SET, NULL, NULL));
  g_assert_cmpint (g_seekable_tell (seekable), ==, 10);
}

static void
says_when_it_is_full (Fixture *fixture,
                      gconstpointer data)
{
  g_autoptr (AssaySpool) spool = make_spool (fixture, 10);
  g_autoptr (AssaySpoolRange) range = assay_spool_range_new (spool);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  append (range, "12345678");
  g_assert_false (assay_spool_range_append (range, (const guint8 *) "abc", 3, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_TOO_LARGE);
  append (range, "90");
  text = read_range (range);
  g_assert_cmpstr (text, ==, "1234567890");
  g_assert_cmpuint (assay_spool_get_used (spool), ==, 10);
}

/* Also after the spool's maker and the range's owner have gone. */
static void
keeps_what_is_open (Fixture *fixture,
                    gconstpointer data)
{
  AssaySpool *spool = make_spool (fixture, MANY);
  AssaySpoolRange *range = assay_spool_range_new (spool);
  g_autoptr (GInputStream) stream = NULL;
  char text[6] = "";
  gsize got;

  append (range, "still");
  assay_spool_unref (spool);
  stream = assay_spool_range_open (range);
  assay_spool_range_unref (range);
  g_assert_true (g_input_stream_read_all (stream, text, 5, &got, NULL, NULL));
  g_assert_cmpstr (text, ==, "still");
}

static void
takes_back_what_is_gone (Fixture *fixture,
                         gconstpointer data)
{
  g_autoptr (AssaySpool) spool = make_spool (fixture, MANY);
  g_autoptr (AssaySpoolRange) kept = assay_spool_range_new (spool);
  g_autofree char *text = NULL;

  append (kept, "kept");
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (AssaySpoolRange) range = assay_spool_range_new (spool);
      g_autofree guint8 *block = g_malloc0 (1024 * 1024);

      /* A hundred of these would never fit. */
      g_assert_true (assay_spool_range_append (range, block, 1024 * 1024, NULL));
    }
  text = read_range (kept);
  g_assert_cmpstr (text, ==, "kept");
  g_assert_cmpuint (assay_spool_get_used (spool), ==, 4);
}

static gpointer
write_and_read (gpointer data)
{
  AssaySpool *spool = data;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (AssaySpoolRange) range = assay_spool_range_new (spool);
      g_autoptr (GString) wanted = g_string_new (NULL);
      g_autofree char *text = NULL;

      for (guint piece = 0; piece < 20; piece++)
        {
          g_autofree char *words = g_strdup_printf ("%p/%u/%u ", (gpointer) g_thread_self (), i, piece);

          append (range, words);
          g_string_append (wanted, words);
        }
      text = read_range (range);
      g_assert_cmpstr (text, ==, wanted->str);
    }
  return NULL;
}

static void
serves_many_threads (Fixture *fixture,
                     gconstpointer data)
{
  g_autoptr (AssaySpool) spool = make_spool (fixture, MANY);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("spool", write_and_read, spool);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (assay_spool_get_used (spool), ==, 0);
}

static void
leaves_half_of_the_disk (Fixture *fixture,
                         gconstpointer data)
{
  g_autoptr (AssaySpool) spool = make_spool (fixture, G_MAXUINT64);
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autoptr (GFileInfo) info = NULL;

  info = g_file_query_filesystem_info (folder, G_FILE_ATTRIBUTE_FILESYSTEM_SIZE, NULL, NULL);
  g_assert_cmpuint (assay_spool_get_limit (spool), <=,
                    g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_SIZE) / 2);
}

static void
says_where_none_can_be_made (Fixture *fixture,
                             gconstpointer data)
{
  g_autofree char *file = pictures_write (fixture->folder, "file", "", 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (assay_spool_new (file, MANY, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNREADABLE);
  g_assert_nonnull (strstr (error->message, file));
}

#define TEST(name, function) \
  g_test_add ("/assay/spool/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  TEST ("gives-back-what-was-put-in", gives_back_what_was_put_in);
  TEST ("has-no-name", has_no_name);
  TEST ("can-be-sought", can_be_sought);
  TEST ("says-when-it-is-full", says_when_it_is_full);
  TEST ("keeps-what-is-open", keeps_what_is_open);
  TEST ("takes-back-what-is-gone", takes_back_what_is_gone);
  TEST ("serves-many-threads", serves_many_threads);
  TEST ("leaves-half-of-the-disk", leaves_half_of_the_disk);
  TEST ("says-where-none-can-be-made", says_where_none_can_be_made);
  return g_test_run ();
}
