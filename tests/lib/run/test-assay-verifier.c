/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A bundle, with every byte of it changed in turn, and cut off at every length. */

#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

#include "assay-bundle-import.h"
#include "assay-bundle-writer.h"
#include "assay-error.h"
#include "assay-verifier.h"

/* Sanitizers look at each step, and take as many times longer. */
#ifdef __SANITIZE_ADDRESS__
#define STEP 13
#else
#define STEP 1
#endif

typedef struct {
  char *folder;
  GBytes *bytes;              /* of a bundle that is whole */
  char *sha256;               /* of its image */
} Place;

static GFile *
find (Place *place,
      const char *name)
{
  return g_file_new_build_filename (place->folder, name, NULL);
}

static AssaySource *
make_picture (Place *place)
{
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 120, 80);
  g_autoptr (GBytes) bytes = NULL;
  char *data;
  gsize length;

  gdk_pixbuf_fill (picture, 0x80408080);
  g_assert_true (gdk_pixbuf_save_to_buffer (picture, &data, &length, "png", NULL, NULL));
  bytes = g_bytes_new_take (data, length);
  place->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  return assay_source_new_bytes (ASSAY_SOURCE_MEMORY, "1.png", bytes);
}

static AssayBundle *
make_bundle (Place *place)
{
  AssayBundle *self = assay_bundle_new ("1.0", 0.6, "folders");
  AssayBundleRun *run = assay_bundle_run_new ();
  AssayBundleAnswer *answer = g_new0 (AssayBundleAnswer, 1);
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  run->name = g_strdup ("holdout");
  run->service = g_strdup ("Lab");
  run->protocol = g_strdup ("mlf");
  run->model = g_strdup ("flowers");
  run->version = g_strdup ("1");
  run->started = 1000000;
  run->given = 1;
  assay_bundle_take_run (self, run);
  assay_prediction_builder_add (builder, "rose", 0.75, NULL);
  assay_prediction_builder_add (builder, "tulip", 0.25, NULL);
  answer->state = ASSAY_ANSWER_ANSWERED;
  answer->prediction = assay_prediction_builder_end (builder);
  answer->when = 1000000;
  assay_bundle_add_answer (self, "roses/1.png", NULL, place->sha256, 10, answer);
  assay_bundle_set_truth (self, 0, "rose", "folders");
  return self;
}

static void
set_up (Place *place,
        gconstpointer data)
{
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AssayBundle) bundle = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = NULL;

  place->folder = g_dir_make_tmp ("assay-verifier-XXXXXX", NULL);
  file = find (place, "b.zip");
  g_ptr_array_add (sources, make_picture (place));
  bundle = make_bundle (place);
  g_assert_true (assay_bundle_save (bundle, sources, NULL, file, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (bundle->thumbnails), ==, 1);
  place->bytes = g_file_load_bytes (file, NULL, NULL, NULL);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_all (below);
    }
  g_remove (path);
}

static void
tear_down (Place *place,
           gconstpointer data)
{
  remove_all (place->folder);
  g_free (place->folder);
  g_free (place->sha256);
  g_bytes_unref (place->bytes);
}

static AssayVerification *
verify (gconstpointer data,
        gsize length)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, length, NULL);
  g_autoptr (GError) error = NULL;
  AssayVerification *found = assay_verify (stream, NULL, &error);

  g_assert_no_error (error);
  return found;
}

static void
test_whole (Place *place,
            gconstpointer data)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (place->bytes, &length);
  g_autoptr (AssayVerification) found = verify (bytes, length);

  g_assert_cmpuint (found->findings->n, ==, 0);
  g_assert_cmpuint (found->bundle->images->len, ==, 1);
  g_assert_true (g_hash_table_contains (found->bundle->thumbnails, place->sha256));
}

static void
test_every_byte (Place *place,
                 gconstpointer data)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (place->bytes, &length);
  g_autofree guint8 *changed = g_memdup2 (bytes, length);

  for (gsize i = 0; i < length; i += STEP)
    {
      g_autoptr (AssayVerification) found = NULL;

      changed[i] ^= 1 << (i % 8);
      found = verify (changed, length);
      g_assert_cmpuint (found->findings->n, >, 0);
      for (guint j = 0; j < found->findings->list->len; j++)
        {
          const AssayFinding *finding = g_ptr_array_index (found->findings->list, j);

          g_assert_true (*finding->words != '\0' && g_utf8_validate (finding->words, -1, NULL));
        }
      changed[i] = bytes[i];
    }
}

static void
test_every_length (Place *place,
                   gconstpointer data)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (place->bytes, &length);

  for (gsize i = 0; i < length; i += STEP)
    {
      /* Of its own, so that a byte too many that is read is found. */
      g_autofree guint8 *cut = g_memdup2 (bytes, i);
      g_autoptr (AssayVerification) found = verify (cut, i);

      g_assert_cmpuint (found->findings->n, >, 0);
    }
}

/* ---- into a history ---- */

typedef struct {
  GMainLoop *loop;
  GArray *runs;
  GPtrArray *items;
} Wait;

static void
opened_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Wait *wait = data;

  g_assert_true (assay_history_open_finish (ASSAY_HISTORY (source), result, NULL));
  g_main_loop_quit (wait->loop);
}

static void
imported_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  Wait *wait = data;
  g_autoptr (GError) error = NULL;

  wait->runs = assay_bundle_import_finish (result, &error);
  g_assert_no_error (error);
  g_main_loop_quit (wait->loop);
}

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Wait *wait = data;

  wait->items = assay_history_load_finish (ASSAY_HISTORY (source), result, NULL);
  g_main_loop_quit (wait->loop);
}

static void
test_imports (Place *place,
              gconstpointer data)
{
  g_autoptr (GFile) file = find (place, "history/history.db");
  g_autoptr (AssayHistory) history = assay_history_new (g_file_peek_path (file));
  g_autofree char *folder = assay_bundle_dup_thumbnail_folder (history);
  g_autofree char *path = assay_bundle_dup_thumbnail_path (folder, place->sha256);
  Wait wait = { g_main_loop_new (NULL, FALSE) };
  gsize length;
  gconstpointer bytes = g_bytes_get_data (place->bytes, &length);
  g_autoptr (AssayVerification) found = verify (bytes, length);
  g_autoptr (AssayVerification) again = verify (bytes, length);
  const AssayKeptItem *item;
  gint64 first;

  assay_history_open_async (history, NULL, opened_cb, &wait);
  g_main_loop_run (wait.loop);
  assay_bundle_import_async (g_steal_pointer (&found->bundle), history, NULL, imported_cb, &wait);
  g_main_loop_run (wait.loop);
  g_assert_cmpuint (wait.runs->len, ==, 1);
  first = g_array_index (wait.runs, gint64, 0);
  g_array_unref (wait.runs);
  assay_bundle_import_async (g_steal_pointer (&again->bundle), history, NULL, imported_cb, &wait);
  g_main_loop_run (wait.loop);
  g_assert_cmpuint (wait.runs->len, ==, 1);
  g_assert_cmpint (g_array_index (wait.runs, gint64, 0), ==, first);
  assay_history_load_async (history, g_array_index (wait.runs, gint64, 0), ASSAY_HISTORY_ALL, -1, 10,
                            NULL, loaded_cb, &wait);
  g_main_loop_run (wait.loop);
  g_assert_cmpuint (wait.items->len, ==, 1);
  item = g_ptr_array_index (wait.items, 0);
  g_assert_cmpstr (item->path, ==, "roses/1.png");
  g_assert_cmpstr (item->answer->sha256, ==, place->sha256);
  g_assert_cmpfloat (assay_prediction_get_score (item->answer->prediction, 0), ==, 0.75);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_array_unref (wait.runs);
  g_ptr_array_unref (wait.items);
  g_main_loop_unref (wait.loop);
}

static void
test_is_told_by_its_beginning (Place *place,
                               gconstpointer data)
{
  g_autoptr (GFile) file = find (place, "b.zip");
  g_autoptr (GFile) folder = find (place, "");
  g_autoptr (GFile) none = find (place, "none.zip");
  gsize length;
  const char *bytes = g_bytes_get_data (place->bytes, &length);

  g_assert_false (assay_bundle_is_one (none, NULL));
  g_assert_false (assay_bundle_is_one (folder, NULL));
  for (gsize n = 0; n < 256; n++)
    {
      gboolean begun;

      g_assert_true (g_file_set_contents (g_file_peek_path (file), bytes, (gssize) n, NULL));
      begun = assay_bundle_is_one (file, NULL);
      g_assert_true (n > 40 || !begun);
      g_assert_true (n < 128 || begun);
    }
  g_assert_true (g_file_set_contents (g_file_peek_path (file), bytes, (gssize) length, NULL));
  g_assert_true (assay_bundle_is_one (file, NULL));
  g_assert_true (g_file_set_contents (g_file_peek_path (file), bytes + 1, (gssize) length - 1, NULL));
  g_assert_false (assay_bundle_is_one (file, NULL));
}

static void
test_a_canceled_one_leaves_the_old (Place *place,
                                    gconstpointer data)
{
  g_autoptr (GPtrArray) sources = g_ptr_array_new ();
  g_autoptr (AssayBundle) bundle = make_bundle (place);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GFile) file = find (place, "b.zip");
  g_autoptr (GFile) nowhere = find (place, "none/b.zip");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (assay_bundle_save (bundle, sources, NULL, file, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (assay_bundle_save (bundle, sources, NULL, nowhere, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
  bytes = g_file_load_bytes (file, NULL, NULL, NULL);
  g_assert_true (g_bytes_equal (bytes, place->bytes));
}

#define ADD(name, function) \
  g_test_add ("/verifier/" name, Place, NULL, set_up, function, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whole", test_whole);
  ADD ("every-byte", test_every_byte);
  ADD ("every-length", test_every_length);
  ADD ("imports", test_imports);
  ADD ("is-told-by-its-beginning", test_is_told_by_its_beginning);
  ADD ("a-canceled-one-leaves-the-old", test_a_canceled_one_leaves_the_old);
  return g_test_run ();
}
