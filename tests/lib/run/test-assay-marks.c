/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "assay-marks.h"

/* Seconds after which what was waited for will not come. */
#define PATIENCE 60

static const char *const flowers[] = { "roses", "tulips", NULL };
static const char *const more_flowers[] = { "daisies", NULL };

/* One history on disk, and one session after the other. */
typedef struct {
  char *folder;
  char *path;
  AssayHistory *history;
  AssayCollection *collection;
  AssayTruths *truths;
  AssayMarks *marks;
} Place;

static void
begin (Place *place)
{
  place->history = assay_history_new (place->path);
  place->collection = assay_collection_new ();
  place->truths = assay_truths_new (place->collection);
  place->marks = assay_marks_new (place->truths, place->history);
}

static void
closed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (assay_history_close_finish (ASSAY_HISTORY (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
end (Place *place)
{
  gboolean closed = FALSE;

  g_assert_finalize_object (place->marks);
  g_assert_finalize_object (place->truths);
  g_assert_finalize_object (place->collection);
  assay_history_close_async (place->history, NULL, closed_cb, &closed);
  while (!closed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (place->history);
}

static void
restart (Place *place)
{
  end (place);
  begin (place);
}

static void
set_up (Place *place,
        gconstpointer data)
{
  place->folder = g_dir_make_tmp ("assay-marks-XXXXXX", NULL);
  place->path = g_build_filename (place->folder, "history.db", NULL);
  begin (place);
}

static void
tear_down (Place *place,
           gconstpointer data)
{
  g_autofree char *lock = g_strconcat (place->path, "-lock", NULL);

  end (place);
  g_assert_cmpint (g_unlink (place->path), ==, 0);
  g_assert_cmpint (g_unlink (lock), ==, 0);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->path);
  g_free (place->folder);
}

static gboolean
give_up_cb (gpointer data)
{
  g_error ("not settled after %d seconds", PATIENCE);
  return G_SOURCE_REMOVE;
}

static void
settle (Place *place)
{
  guint patience = g_timeout_add_seconds (PATIENCE, give_up_cb, NULL);

  while (!assay_marks_is_settled (place->marks) || !assay_truths_is_settled (place->truths))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

static void
learn (Place *place,
       const char *const *labels)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayPrediction) prediction = NULL;

  for (; *labels != NULL; labels++)
    assay_prediction_builder_add (builder, *labels, 0.1, NULL);
  prediction = assay_prediction_builder_end (builder);
  assay_truths_learn (place->truths, prediction);
}

/* The item's bytes have been read. */
static void
read_item (AssayItem *item,
           guint seed)
{
  g_autofree char *text = g_strdup_printf ("picture %u", seed);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  AssayPrepared prepared = { .size = 1, .facts = *assay_item_get_facts (item) };

  g_strlcpy (prepared.sha256, hash, sizeof prepared.sha256);
  g_strlcpy (prepared.sent_sha256, hash, sizeof prepared.sent_sha256);
  assay_item_set_prepared (item, &prepared);
}

static AssayItem *
make_item (guint seed,
           gboolean was_read)
{
  g_autofree char *path = g_strdup_printf ("/photos/%u.jpg", seed);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 0, NULL, NULL);
  AssayItem *item = assay_item_new (source);

  if (was_read)
    read_item (item, seed);
  return item;
}

static void
add_items (Place *place,
           guint first,
           guint n,
           gboolean were_read)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = first; i < first + n; i++)
    g_ptr_array_add (items, make_item (i, were_read));
  assay_collection_append (place->collection, items);
}

static AssayItem *
get_item (Place *place,
          guint position)
{
  g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (place->collection), position);

  return item;
}

static AssayTruthMarks *
mark (Place *place,
      guint position,
      guint n,
      const char *label)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  for (guint i = position; i < position + n; i++)
    g_ptr_array_add (items, get_item (place, i));
  return assay_truths_mark (place->truths, items, label);
}

static void
assert_marked (Place *place,
               guint position,
               const char *label)
{
  AssayItem *item = get_item (place, position);

  g_assert_cmpstr (assay_item_get_truth (item), ==, label);
  g_assert_cmpint (assay_item_get_truth_origin (item), ==,
                   label != NULL ? ASSAY_TRUTH_HAND : ASSAY_TRUTH_NONE);
}

/* Whether its hash, the labels or the mark comes first. */
static void
finds_marks_again (Place *place,
                   gconstpointer data)
{
  add_items (place, 0, 2, TRUE);
  add_items (place, 2, 2, FALSE);
  assay_truth_marks_free (mark (place, 0, 1, "roses"));
  learn (place, flowers);
  assay_truth_marks_free (mark (place, 1, 2, "tulips"));
  read_item (get_item (place, 2), 2);
  assay_marks_update (place->marks, get_item (place, 2));

  restart (place);
  add_items (place, 0, 2, TRUE);
  settle (place);
  assert_marked (place, 0, NULL);
  learn (place, flowers);
  add_items (place, 2, 2, FALSE);
  settle (place);
  assert_marked (place, 0, "roses");
  assert_marked (place, 1, "tulips");
  assert_marked (place, 2, NULL);
  for (guint i = 2; i < 4; i++)
    {
      read_item (get_item (place, i), i);
      assay_marks_update (place->marks, get_item (place, i));
    }
  settle (place);
  assert_marked (place, 2, "tulips");
  assert_marked (place, 3, NULL);
  g_assert_cmpuint (assay_truths_count_known (place->truths), ==, 3);

  /* A model with other labels speaks of other things. */
  restart (place);
  add_items (place, 0, 3, TRUE);
  learn (place, more_flowers);
  settle (place);
  g_assert_cmpuint (assay_truths_count_known (place->truths), ==, 0);
}

/* What is said while the history looks, and what is taken back. */
static void
now_counts_more (Place *place,
                 gconstpointer data)
{
  g_autoptr (AssayTruthMarks) before = NULL;

  learn (place, flowers);
  add_items (place, 0, 3, TRUE);
  assay_truth_marks_free (mark (place, 0, 2, "roses"));
  before = mark (place, 2, 1, "roses");
  assay_truth_marks_free (assay_truths_restore (place->truths, g_steal_pointer (&before)));

  restart (place);
  learn (place, flowers);
  add_items (place, 0, 3, TRUE);
  assay_truth_marks_free (mark (place, 0, 1, NULL));
  settle (place);
  assert_marked (place, 0, NULL);
  assert_marked (place, 1, "roses");
  assert_marked (place, 2, NULL);

  restart (place);
  learn (place, flowers);
  add_items (place, 0, 3, TRUE);
  settle (place);
  assert_marked (place, 0, NULL);
  assert_marked (place, 1, "roses");
}

/* A service that sends only the best few has one label after the other. */
static void
goes_with_the_labels (Place *place,
                      gconstpointer data)
{
  learn (place, flowers);
  add_items (place, 0, 2, TRUE);
  assay_truth_marks_free (mark (place, 0, 1, "roses"));
  restart (place);

  /* One that was found, and one that is said. */
  learn (place, flowers);
  add_items (place, 0, 2, TRUE);
  settle (place);
  assay_truth_marks_free (mark (place, 1, 1, "tulips"));
  learn (place, more_flowers);
  settle (place);
  restart (place);

  for (guint i = 0; i < 2; i++)
    {
      learn (place, flowers);
      if (i == 1)
        learn (place, more_flowers);
      add_items (place, 0, 2, TRUE);
      settle (place);
      assert_marked (place, 0, "roses");
      assert_marked (place, 1, "tulips");
      restart (place);
    }

  /* What is said last, at the end of a session. */
  learn (place, flowers);
  add_items (place, 0, 2, TRUE);
  learn (place, more_flowers);
  assay_truth_marks_free (mark (place, 1, 1, "roses"));
  restart (place);
  learn (place, more_flowers);
  learn (place, flowers);
  add_items (place, 0, 2, TRUE);
  settle (place);
  assert_marked (place, 1, "roses");
}

/* Several requests' worth, while items come and go. */
static void
bears_many (Place *place,
            gconstpointer data)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);

  learn (place, flowers);
  add_items (place, 0, 3000, TRUE);
  assay_truth_marks_free (mark (place, 0, 3000, "tulips"));
  restart (place);

  learn (place, flowers);
  add_items (place, 5000, 5000, FALSE);
  add_items (place, 0, 2000, TRUE);
  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (gone, g_object_ref (get_item (place, 4990 + i)));
  assay_collection_remove (place->collection, gone);
  add_items (place, 2000, 1000, TRUE);
  settle (place);
  g_assert_cmpuint (assay_truths_count_known (place->truths), ==, 2910);
  assay_collection_restore (place->collection, gone);
  settle (place);
  g_assert_cmpuint (assay_truths_count_known (place->truths), ==, 3000);
}

#define ADD(name, function) \
  g_test_add ("/assay/marks/" name, Place, NULL, set_up, function, tear_down)

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("finds-marks-again", finds_marks_again);
  ADD ("now-counts-more", now_counts_more);
  ADD ("goes-with-the-labels", goes_with_the_labels);
  ADD ("bears-many", bears_many);
  return g_test_run ();
}
