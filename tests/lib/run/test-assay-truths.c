/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-truths.h"

static AssayItem *
make_item (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 0, NULL, NULL);

  return assay_item_new (source);
}

static AssayCollection *
make_collection (const char *const *paths)
{
  AssayCollection *collection = assay_collection_new ();
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (; *paths != NULL; paths++)
    g_ptr_array_add (items, make_item (*paths));
  assay_collection_append (collection, items);
  return collection;
}

static AssayItem *
get_item (AssayCollection *collection,
          guint position)
{
  g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (collection), position);

  return item;
}

static void
learn (AssayTruths *truths,
       const char *const *labels)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayPrediction) prediction = NULL;

  for (; *labels != NULL; labels++)
    assay_prediction_builder_add (builder, *labels, 0.1, NULL);
  prediction = assay_prediction_builder_end (builder);
  assay_truths_learn (truths, prediction);
}

static void
settle (AssayTruths *truths)
{
  while (!assay_truths_is_settled (truths))
    g_main_context_iteration (NULL, TRUE);
}

static void
take_table (AssayTruths *truths,
            const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = assay_truth_file_parse (bytes, &error);

  g_assert_no_error (error);
  assay_truths_take_table (truths, assay_truth_table_new (rows));
  settle (truths);
}

static void
assert_truth (AssayCollection *collection,
              guint position,
              const char *label,
              AssayTruthOrigin origin)
{
  AssayItem *item = get_item (collection, position);

  g_assert_cmpstr (assay_item_get_truth (item), ==, label);
  g_assert_cmpint (assay_item_get_truth_origin (item), ==, origin);
}

static const char *const flowers[] = { "roses", "tulips", NULL };
static const char *const paths[] = { "/set/Rose/1.jpg", "/set/tulips/2.jpg", "/set/misc/3.jpg", NULL };

static void
hand_beats_table_beats_folder (void)
{
  g_autoptr (AssayCollection) collection = make_collection (paths);
  g_autoptr (AssayTruths) truths = assay_truths_new (collection);
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  g_autoptr (AssayTruthMarks) marks = NULL;

  /* Nobody knows what the model calls things. */
  assert_truth (collection, 0, NULL, ASSAY_TRUTH_NONE);
  learn (truths, flowers);
  settle (truths);
  assert_truth (collection, 0, "roses", ASSAY_TRUTH_FOLDER);
  assert_truth (collection, 1, "tulips", ASSAY_TRUTH_FOLDER);
  assert_truth (collection, 2, NULL, ASSAY_TRUTH_NONE);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 2);

  take_table (truths, "1.jpg,Tulip\n3.jpg,roses\n");
  assert_truth (collection, 0, "tulips", ASSAY_TRUTH_FILE);
  assert_truth (collection, 1, "tulips", ASSAY_TRUTH_FOLDER);
  assert_truth (collection, 2, "roses", ASSAY_TRUTH_FILE);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 3);

  g_ptr_array_add (chosen, get_item (collection, 0));
  g_ptr_array_add (chosen, get_item (collection, 1));
  marks = assay_truths_mark (truths, chosen, "roses");
  assert_truth (collection, 0, "roses", ASSAY_TRUTH_HAND);
  assert_truth (collection, 1, "roses", ASSAY_TRUTH_HAND);

  assay_truths_set_folders (truths, FALSE);
  assay_truths_take_table (truths, NULL);
  settle (truths);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 2);

  /* Undone, and done again. */
  marks = assay_truths_restore (truths, g_steal_pointer (&marks));
  assert_truth (collection, 0, NULL, ASSAY_TRUTH_NONE);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 0);
  marks = assay_truths_restore (truths, g_steal_pointer (&marks));
  assert_truth (collection, 1, "roses", ASSAY_TRUTH_HAND);
  assay_truth_marks_free (assay_truths_mark (truths, chosen, NULL));
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 0);
}

static void
tells_what_there_is_to_say (void)
{
  g_autoptr (AssayCollection) collection = make_collection (paths);
  g_autoptr (AssayTruths) truths = assay_truths_new (collection);
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (GHashTable) unknown = NULL;
  g_autoptr (GHashTable) similar = NULL;
  AssayTruthConflict *conflict;

  learn (truths, flowers);
  take_table (truths, "1.jpg,tulips\n2.jpg,tulips\n3.jpg,lily\n");
  conflicts = assay_truths_list_conflicts (truths);
  g_assert_cmpuint (conflicts->len, ==, 1);
  conflict = g_ptr_array_index (conflicts, 0);
  g_assert_true (conflict->item == get_item (collection, 0));
  g_assert_cmpstr (conflict->labels[ASSAY_TRUTH_FOLDER], ==, "roses");
  g_assert_cmpstr (conflict->labels[ASSAY_TRUTH_FILE], ==, "tulips");
  g_assert_null (conflict->labels[ASSAY_TRUTH_HAND]);

  unknown = assay_truths_list_unknown (truths);
  g_assert_cmpuint (g_hash_table_size (unknown), ==, 2);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (unknown, "lily")), ==, 1);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (unknown, "misc")), ==, 1);
  similar = assay_truths_list_similar (truths);
  g_assert_cmpuint (g_hash_table_size (similar), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (similar, "Rose"), ==, "roses");

  /* Somebody knows better. */
  assay_truths_map (truths, "lily", "roses");
  assay_truths_map (truths, "Rose", NULL);
  settle (truths);
  assert_truth (collection, 2, "roses", ASSAY_TRUTH_FILE);
  assert_truth (collection, 0, "tulips", ASSAY_TRUTH_FILE);
  g_clear_pointer (&conflicts, g_ptr_array_unref);
  conflicts = assay_truths_list_conflicts (truths);
  g_assert_cmpuint (conflicts->len, ==, 0);
}

static void
count_cb (AssayTruths *truths,
          AssayItem *item,
          guint *n)
{
  (*n)++;
}

/* Items come and go while others are looked at. */
static void
follows_the_collection (void)
{
  g_autoptr (AssayCollection) collection = make_collection (paths);
  g_autoptr (AssayTruths) truths = assay_truths_new (collection);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) more = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = 0;

  g_signal_connect (truths, "item-changed", G_CALLBACK (count_cb), &n);
  learn (truths, flowers);
  g_ptr_array_add (gone, g_object_ref (get_item (collection, 0)));
  assay_collection_remove (collection, gone);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *path = g_strdup_printf ("/set/%s/%u.jpg", i % 2 ? "roses" : "other", i);

      g_ptr_array_add (more, make_item (path));
    }
  assay_collection_append (collection, more);
  settle (truths);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 2501);
  g_assert_cmpuint (n, ==, 2501);
  assay_collection_restore (collection, gone);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 2502);
  assert_truth (collection, 0, "roses", ASSAY_TRUTH_FOLDER);
  assay_collection_remove (collection, more);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 2);
  /* A label that comes later. */
  learn (truths, (const char *const[]) { "misc", NULL });
  settle (truths);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 3);
}

/* A mark of a picture that is not there is undone all the same, and counts for nobody. */
static void
undoes_marks_of_what_is_gone (void)
{
  g_autoptr (AssayCollection) collection = make_collection (paths);
  g_autoptr (AssayTruths) truths = assay_truths_new (collection);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);
  AssayTruthMarks *marks;
  guint n_marked = 0;

  learn (truths, flowers);
  assay_truths_set_folders (truths, FALSE);
  settle (truths);
  g_signal_connect (truths, "marked", G_CALLBACK (count_cb), &n_marked);
  g_ptr_array_add (gone, g_object_ref (get_item (collection, 0)));
  marks = assay_truths_mark (truths, gone, "roses");
  assay_collection_remove (collection, gone);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 0);
  marks = assay_truths_restore (truths, marks);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 0);
  marks = assay_truths_restore (truths, marks);
  assay_truth_marks_free (assay_truths_restore (truths, marks));
  assay_collection_restore (collection, gone);
  g_assert_cmpuint (assay_truths_count_known (truths), ==, 0);
  assert_truth (collection, 0, NULL, ASSAY_TRUTH_NONE);
  g_assert_cmpuint (n_marked, ==, 4);

  /* What was kept is recalled, if the model knows it, and is no mark made now. */
  g_assert_true (assay_truths_recall (truths, get_item (collection, 0), "tulips"));
  g_assert_false (assay_truths_recall (truths, get_item (collection, 1), "lily"));
  assert_truth (collection, 0, "tulips", ASSAY_TRUTH_HAND);
  assert_truth (collection, 1, NULL, ASSAY_TRUTH_NONE);
  g_assert_cmpuint (n_marked, ==, 4);
}

static void
unlearns_a_mapping (void)
{
  g_autoptr (AssayCollection) collection = make_collection (paths);
  g_autoptr (AssayTruths) truths = assay_truths_new (collection);
  g_autoptr (GPtrArray) labels = NULL;
  const char *label;

  learn (truths, flowers);
  labels = assay_truths_list_labels (truths);
  g_assert_cmpuint (labels->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (labels, 0), ==, "roses");
  g_assert_false (assay_truths_get_mapping (truths, "Rose", &label));
  assay_truths_map (truths, "Rose", NULL);
  g_assert_true (assay_truths_get_mapping (truths, "Rose", &label));
  g_assert_null (label);
  assay_truths_map (truths, "Rose", "tulips");
  g_assert_true (assay_truths_get_mapping (truths, "Rose", &label));
  g_assert_cmpstr (label, ==, "tulips");
  settle (truths);
  assert_truth (collection, 0, "tulips", ASSAY_TRUTH_FOLDER);
  assay_truths_unmap (truths, "Rose");
  settle (truths);
  assert_truth (collection, 0, "roses", ASSAY_TRUTH_FOLDER);
}

static void
lists_readings (void)
{
  g_autoptr (AssayCollection) collection = make_collection (paths);
  g_autoptr (AssayTruths) truths = assay_truths_new (collection);
  g_autoptr (GPtrArray) readings = NULL;
  AssayTruthTable *table;
  const AssayTruthReading *reading;

  g_assert_true (assay_truths_get_folders (truths));
  learn (truths, flowers);
  take_table (truths, "1.jpg,tulips\n2.jpg,tulips\n3.jpg,lily\n");
  g_assert_cmpuint (assay_truth_table_count_rows (assay_truths_get_table (truths)), ==, 3);
  assay_truths_map (truths, "lily", "roses");
  readings = assay_truths_list_readings (truths);
  g_assert_cmpuint (readings->len, ==, 3);
  reading = g_ptr_array_index (readings, 0);
  g_assert_cmpstr (reading->given, ==, "Rose");
  g_assert_cmpint (reading->kind, ==, ASSAY_MATCH_SIMILAR);
  reading = g_ptr_array_index (readings, 1);
  g_assert_cmpstr (reading->given, ==, "lily");
  g_assert_cmpstr (reading->label, ==, "roses");
  g_assert_cmpint (reading->kind, ==, ASSAY_MATCH_MAPPED);
  g_assert_cmpuint (reading->n_items, ==, 1);
  reading = g_ptr_array_index (readings, 2);
  g_assert_cmpstr (reading->given, ==, "misc");
  g_assert_null (reading->label);
  g_assert_cmpint (reading->kind, ==, ASSAY_MATCH_NONE);

  /* A table that is taken away can be given back. */
  table = assay_truths_swap_table (truths, NULL);
  settle (truths);
  assert_truth (collection, 2, NULL, ASSAY_TRUTH_NONE);
  g_assert_null (assay_truths_swap_table (truths, table));
  settle (truths);
  assert_truth (collection, 2, "roses", ASSAY_TRUTH_FILE);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/truths/hand-beats-table-beats-folder", hand_beats_table_beats_folder);
  g_test_add_func ("/assay/truths/tells-what-there-is-to-say", tells_what_there_is_to_say);
  g_test_add_func ("/assay/truths/follows-the-collection", follows_the_collection);
  g_test_add_func ("/assay/truths/undoes-marks-of-what-is-gone", undoes_marks_of_what_is_gone);
  g_test_add_func ("/assay/truths/unlearns-a-mapping", unlearns_a_mapping);
  g_test_add_func ("/assay/truths/lists-readings", lists_readings);
  return g_test_run ();
}
