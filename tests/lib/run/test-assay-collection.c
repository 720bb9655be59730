/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-collection.h"
#include "assay-error.h"

static AssayItem *
new_item (const char *name)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (AssaySource) source = assay_source_new_bytes (ASSAY_SOURCE_MEMORY, name, bytes);

  return assay_item_new (source);
}

static GPtrArray *
new_items (guint n)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      g_ptr_array_add (items, new_item (name));
    }
  return items;
}

static void
answer_with (AssayItem *item,
             AssayTarget *target,
             const char *label,
             double score)
{
  AssayAnswer *answer = assay_item_ensure_answer (item, target);
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayPrediction) prediction = NULL;
  g_autoptr (AssayOutcome) outcome = NULL;

  g_assert_true (assay_prediction_builder_add (builder, label, score, NULL));
  prediction = assay_prediction_builder_end (builder);
  outcome = assay_outcome_new_prediction (prediction, NULL);
  if (assay_answer_state_is_final (assay_answer_get_state (answer)))
    g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_QUEUED));
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_READING));
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_SENDING));
  g_assert_true (assay_answer_resolve (answer, outcome, .1, 1));
}

/* The counts, computed a second time from the items themselves. */
static void
assert_counts (AssayCollection *collection)
{
  guint states[ASSAY_ANSWER_N_STATES] = { 0 };
  guint unasked = 0, unsure = 0, roses = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (collection)); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (collection), i);
      AssayAnswer *answer = assay_item_get_answer (item);
      AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;

      if (answer == NULL)
        unasked++;
      else
        states[assay_answer_get_state (answer)]++;
      if (prediction == NULL)
        continue;
      unsure += assay_prediction_get_score (prediction, 0) < assay_collection_get_threshold (collection);
      roses += strcmp (assay_prediction_get_label (prediction, 0), "roses") == 0;
    }
  for (int state = 0; state < ASSAY_ANSWER_N_STATES; state++)
    g_assert_cmpuint (assay_collection_count_state (collection, state), ==, states[state]);
  g_assert_cmpuint (assay_collection_count_unasked (collection), ==, unasked);
  g_assert_cmpuint (assay_collection_count_unsure (collection), ==, unsure);
  g_assert_cmpuint (assay_collection_count_label (collection, "roses"), ==, roses);
}

static void
test_counts_follow (void)
{
  g_autoptr (AssayTarget) one = assay_target_new ("c", "m", "1");
  g_autoptr (AssayTarget) two = assay_target_new ("c", "m", "2");
  AssayCollection *collection = assay_collection_new ();
  g_autoptr (GPtrArray) items = new_items (20);
  g_auto (GStrv) labels = NULL;

  assay_collection_set_target (collection, two);
  assay_collection_append (collection, items);
  assert_counts (collection);
  for (guint i = 0; i < 20; i++)
    {
      answer_with (g_ptr_array_index (items, i), two, i % 3 ? "roses" : "tulips", i / 20.);
      assert_counts (collection);
    }
  answer_with (g_ptr_array_index (items, 3), one, "daisy", 1);
  assert_counts (collection);
  g_assert_cmpuint (assay_collection_count_label (collection, "daisy"), ==, 0);

  assay_collection_set_target (collection, one);
  assert_counts (collection);
  g_assert_cmpuint (assay_collection_count_unasked (collection), ==, 19);
  assay_collection_set_target (collection, two);
  assay_collection_set_threshold (collection, .9);
  assert_counts (collection);
  answer_with (g_ptr_array_index (items, 1), two, "daisy", .95);
  assert_counts (collection);

  labels = assay_collection_dup_labels (collection);
  g_assert_cmpuint (g_strv_length (labels), ==, 3);
  g_assert_cmpstr (labels[0], ==, "daisy");
  g_assert_finalize_object (collection);
}

static char *
names (AssayCollection *collection)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (collection)); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (collection), i);

      g_string_append_printf (all, "%s ", assay_item_get_name (item));
    }
  return g_string_free (all, FALSE);
}

/* What a view would hold if it believed every items-changed. */
static void
mirror_cb (GListModel *model,
           guint position,
           guint removed,
           guint added,
           GPtrArray *mirror)
{
  if (removed > 0)
    g_ptr_array_remove_range (mirror, position, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, position + i);

      g_ptr_array_insert (mirror, position + i, item);
    }
}

static void
assert_mirror (AssayCollection *collection,
               GPtrArray *mirror)
{
  g_assert_cmpuint (mirror->len, ==, g_list_model_get_n_items (G_LIST_MODEL (collection)));
  for (guint i = 0; i < mirror->len; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (collection), i);

      g_assert_true (item == g_ptr_array_index (mirror, i));
    }
}

static void
test_remove_and_restore (void)
{
  g_autoptr (AssayTarget) target = assay_target_new ("c", "m", "1");
  g_autoptr (AssayCollection) collection = assay_collection_new ();
  g_autoptr (GPtrArray) items = new_items (8);
  g_autoptr (GPtrArray) some = g_ptr_array_new ();
  g_autoptr (GPtrArray) mirror = g_ptr_array_new ();
  g_autofree char *before = NULL, *without = NULL, *after = NULL;

  g_signal_connect (collection, "items-changed", G_CALLBACK (mirror_cb), mirror);
  assay_collection_set_target (collection, target);
  assay_collection_append (collection, items);
  answer_with (g_ptr_array_index (items, 2), target, "roses", 1);
  before = names (collection);

  for (guint i = 2; i < 8; i += 2)
    g_ptr_array_add (some, g_ptr_array_index (items, i));
  g_ptr_array_add (some, g_ptr_array_index (items, 3));
  assay_collection_remove (collection, some);
  without = names (collection);
  g_assert_cmpstr (without, ==, "0 1 5 7 ");
  assert_counts (collection);
  assert_mirror (collection, mirror);

  /* Removed items may still be answered; the counts are none of their business then. */
  answer_with (g_ptr_array_index (items, 4), target, "roses", .2);
  assert_counts (collection);

  assay_collection_restore (collection, some);
  assay_collection_restore (collection, some);
  after = names (collection);
  g_assert_cmpstr (after, ==, before);
  assert_counts (collection);
  assert_mirror (collection, mirror);
}

static void
test_remove_many (void)
{
  g_autoptr (AssayCollection) collection = assay_collection_new ();
  g_autoptr (GPtrArray) items = new_items (1000);
  g_autoptr (GPtrArray) odd = g_ptr_array_new ();
  g_autoptr (GPtrArray) mirror = g_ptr_array_new ();

  g_signal_connect (collection, "items-changed", G_CALLBACK (mirror_cb), mirror);
  assay_collection_append (collection, items);
  for (guint i = 1; i < 1000; i += 2)
    g_ptr_array_add (odd, g_ptr_array_index (items, i));
  assay_collection_remove (collection, odd);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (collection)), ==, 500);
  assert_mirror (collection, mirror);
  assert_counts (collection);
  assay_collection_restore (collection, odd);
  assert_mirror (collection, mirror);
}

static void
count_cb (AssayCollection *collection,
          int *count)
{
  (*count)++;
}

static void
test_counts_changed_is_coalesced (void)
{
  g_autoptr (AssayTarget) target = assay_target_new ("c", "m", "1");
  g_autoptr (AssayCollection) collection = assay_collection_new ();
  g_autoptr (GPtrArray) items = new_items (50);
  int count = 0;

  g_signal_connect (collection, "counts-changed", G_CALLBACK (count_cb), &count);
  assay_collection_set_target (collection, target);
  assay_collection_append (collection, items);
  for (guint i = 0; i < 50; i++)
    answer_with (g_ptr_array_index (items, i), target, "roses", 1);
  g_assert_cmpint (count, ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (count, ==, 1);
}

static void
note_cb (AssayCollection *collection,
         AssayItem *item,
         GPtrArray *noted)
{
  g_ptr_array_add (noted, item);
}

static void
test_item_changed_names_the_item (void)
{
  g_autoptr (AssayTarget) one = assay_target_new ("c", "m", "1");
  g_autoptr (AssayTarget) two = assay_target_new ("c", "m", "2");
  g_autoptr (AssayCollection) collection = assay_collection_new ();
  g_autoptr (GPtrArray) items = new_items (3);
  g_autoptr (GPtrArray) noted = g_ptr_array_new ();
  AssayAnswer *answer;

  assay_collection_set_target (collection, one);
  assay_collection_append (collection, items);
  g_signal_connect (collection, "item-changed", G_CALLBACK (note_cb), noted);

  /* Asked, then read: twice. */
  answer = assay_item_ensure_answer (g_ptr_array_index (items, 1), one);
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_READING));
  g_assert_cmpuint (noted->len, ==, 2);
  g_assert_true (g_ptr_array_index (noted, 0) == g_ptr_array_index (items, 1));
  g_assert_true (g_ptr_array_index (noted, 1) == g_ptr_array_index (items, 1));

  /* What another target says is not on show. */
  answer_with (g_ptr_array_index (items, 2), two, "roses", 1);
  g_assert_cmpuint (noted->len, ==, 2);

  assay_collection_remove (collection, items);
  g_ptr_array_set_size (noted, 0);
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_SENDING));
  g_assert_cmpuint (noted->len, ==, 0);
}

static void
test_item_lives_as_long_as_needed (void)
{
  AssayCollection *collection = assay_collection_new ();
  GPtrArray *items = new_items (1);
  AssayItem *item = g_object_ref (g_ptr_array_index (items, 0));

  assay_collection_append (collection, items);
  g_ptr_array_unref (items);
  g_assert_finalize_object (collection);
  g_assert_finalize_object (item);
}

/* An answer on its way may come when nobody has its item any more. */
static void
test_answer_outlives_item (void)
{
  g_autoptr (AssayCollection) collection = assay_collection_new ();
  g_autoptr (AssayTarget) target = assay_target_new ("c", "m", "1");
  GPtrArray *items = new_items (1);
  AssayItem *item = g_object_ref (g_ptr_array_index (items, 0));
  g_autoptr (AssayAnswer) answer = NULL;

  assay_collection_set_target (collection, target);
  assay_collection_append (collection, items);
  answer = g_object_ref (assay_item_ensure_answer (item, target));
  g_assert_cmpuint (assay_collection_count_state (collection, ASSAY_ANSWER_QUEUED), ==, 1);
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_READING));
  g_assert_cmpuint (assay_collection_count_state (collection, ASSAY_ANSWER_READING), ==, 1);

  assay_collection_remove (collection, items);
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_SENDING));
  g_assert_cmpuint (assay_collection_count_state (collection, ASSAY_ANSWER_SENDING), ==, 0);
  assay_collection_restore (collection, items);
  g_assert_cmpuint (assay_collection_count_state (collection, ASSAY_ANSWER_SENDING), ==, 1);

  assay_collection_remove (collection, items);
  g_ptr_array_unref (items);
  g_assert_finalize_object (item);
  g_assert_true (assay_answer_move (answer, ASSAY_ANSWER_CANCELED));
}

/* Of few answers and of more, each stands where its target was first asked, and the one on
 * show is followed. */
static void
test_holds_any_number_of_answers (void)
{
  g_autoptr (GPtrArray) items = new_items (1);
  AssayItem *item = g_ptr_array_index (items, 0);
  AssayCollection *collection = assay_collection_new ();
  AssayTarget *targets[5];

  assay_collection_append (collection, items);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *version = g_strdup_printf ("%u", i);

      targets[i] = assay_target_new ("c", "m", version);
      answer_with (item, targets[i], version, 1);
      g_assert_cmpuint (assay_item_get_n_answers (item), ==, i + 1);
      for (guint j = 0; j <= i; j++)
        {
          AssayAnswer *answer = assay_item_get_nth_answer (item, j);

          g_assert_true (assay_target_equal (assay_answer_get_target (answer), targets[j]));
          g_assert_true (assay_item_find_answer (item, targets[j]) == answer);
        }
      assay_collection_set_target (collection, targets[i]);
      g_assert_cmpuint (assay_collection_count_label (collection, version), ==, 1);
      g_assert_true (assay_answer_move (assay_item_get_answer (item), ASSAY_ANSWER_QUEUED));
      g_assert_cmpuint (assay_collection_count_state (collection, ASSAY_ANSWER_QUEUED), ==, 1);
    }
  g_assert_finalize_object (collection);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    assay_target_unref (targets[i]);
}

/* Among others, and with the same serial as an item of another collection. */
static void
test_knows_its_own (void)
{
  g_autoptr (GPtrArray) items = new_items (50);
  g_autoptr (GPtrArray) others = new_items (50);
  g_autoptr (GPtrArray) odd = g_ptr_array_new ();
  AssayCollection *collection = assay_collection_new ();
  AssayCollection *other = assay_collection_new ();

  assay_collection_append (collection, items);
  assay_collection_append (other, others);
  for (guint i = 1; i < 50; i += 2)
    g_ptr_array_add (odd, g_ptr_array_index (items, i));
  assay_collection_remove (collection, odd);
  for (guint i = 0; i < 50; i++)
    {
      g_assert_cmpint (assay_collection_contains (collection, g_ptr_array_index (items, i)), ==, i % 2 == 0);
      g_assert_false (assay_collection_contains (collection, g_ptr_array_index (others, i)));
    }
  assay_collection_restore (collection, odd);
  for (guint i = 0; i < 50; i++)
    g_assert_true (assay_collection_contains (collection, g_ptr_array_index (items, i)));
  g_assert_finalize_object (collection);
  g_assert_finalize_object (other);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/collection/counts-follow", test_counts_follow);
  g_test_add_func ("/assay/collection/remove-and-restore", test_remove_and_restore);
  g_test_add_func ("/assay/collection/remove-many", test_remove_many);
  g_test_add_func ("/assay/collection/counts-changed-is-coalesced", test_counts_changed_is_coalesced);
  g_test_add_func ("/assay/collection/item-changed-names-the-item", test_item_changed_names_the_item);
  g_test_add_func ("/assay/collection/item-lives-as-long-as-needed", test_item_lives_as_long_as_needed);
  g_test_add_func ("/assay/collection/answer-outlives-item", test_answer_outlives_item);
  g_test_add_func ("/assay/collection/holds-any-number-of-answers", test_holds_any_number_of_answers);
  g_test_add_func ("/assay/collection/knows-its-own", test_knows_its_own);
  return g_test_run ();
}
