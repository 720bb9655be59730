/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-changes.h"
#include "item-support.h"
#include "widget-support.h"

#define N_ITEMS 12

/* A collection in folders that are its truth, and two targets. */
typedef struct {
  AssayCollection *collection;
  AssayTruths *truths;
  AssayJudge *judge;
  AssayChanges *changes;
  AssayTarget *targets[2];
  GPtrArray *items;
  guint n_signals;
} Fixture;

static void
changed_cb (Fixture *fixture)
{
  fixture->n_signals++;
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->targets[0] = assay_target_new ("builtin", "flowers", "1");
  fixture->targets[1] = assay_target_new ("builtin", "flowers", "2");
  fixture->collection = assay_collection_new ();
  fixture->truths = assay_truths_new (fixture->collection);
  fixture->judge = assay_judge_new (fixture->collection, fixture->truths);
  fixture->changes = assay_changes_new (fixture->collection, fixture->judge);
  g_signal_connect_swapped (fixture->changes, "items-changed", G_CALLBACK (changed_cb), fixture);
  fixture->items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < N_ITEMS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/pictures/roses/%u.jpg", i);
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (AssaySource) source = assay_source_new_file (file, "roses", 1, NULL, NULL);

      g_ptr_array_add (fixture->items, assay_item_new (source));
    }
  assay_collection_append (fixture->collection, fixture->items);
  assay_judge_set_targets (fixture->judge, fixture->targets[0], fixture->targets[1]);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_assert_finalize_object (fixture->changes);
  g_object_unref (fixture->judge);
  g_object_unref (fixture->truths);
  g_ptr_array_unref (fixture->items);
  g_assert_finalize_object (fixture->collection);
  for (guint i = 0; i < 2; i++)
    assay_target_unref (fixture->targets[i]);
}

static AssayPrediction *
predict (const char *label)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();

  assay_prediction_builder_add (builder, "roses", strcmp (label, "roses") == 0 ? 0.9 : 0.1, NULL);
  assay_prediction_builder_add (builder, "tulips", strcmp (label, "tulips") == 0 ? 0.9 : 0.1, NULL);
  return assay_prediction_builder_end (builder);
}

static void
answer (Fixture *fixture,
        guint item,
        const char *a,
        const char *b)
{
  const char *const labels[2] = { a, b };
  AssayItem *of = g_ptr_array_index (fixture->items, item);

  for (guint side = 0; side < 2; side++)
    {
      g_autoptr (AssayPrediction) prediction = predict (labels[side]);
      AssayAnswer *asked = assay_item_ensure_answer (of, fixture->targets[side]);

      if (assay_answer_state_is_final (assay_answer_get_state (asked)))
        g_assert_true (assay_answer_move (asked, ASSAY_ANSWER_QUEUED));
      g_assert_true (item_support_answer (asked, prediction));
    }
  assay_judge_update (fixture->judge, of);
}

static gboolean
is_settled (gpointer data)
{
  return assay_truths_is_settled (data);
}

/* The serials that are listed, as "3 1". */
static char *
dup_listed (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (fixture->changes);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%s%u", i > 0 ? " " : "", assay_item_get_serial (item) - 1);
    }
  return g_string_free (text, FALSE);
}

static Fixture *waited_for;
static const char *wanted;

static gboolean
lists_wanted (gpointer data)
{
  g_autofree char *listed = dup_listed (waited_for);

  return strcmp (listed, wanted) == 0;
}

static void
assert_lists (Fixture *fixture,
              const char *serials)
{
  g_autofree char *listed = NULL;

  waited_for = fixture;
  wanted = serials;
  widget_support_wait (lists_wanted, NULL);
  listed = dup_listed (fixture);
  g_assert_cmpstr (listed, ==, serials);
}

static void
answer_all (Fixture *fixture)
{
  answer (fixture, 0, "roses", "roses");
  answer (fixture, 1, "tulips", "roses");
  answer (fixture, 2, "roses", "tulips");
  answer (fixture, 3, "tulips", "tulips");
  answer (fixture, 4, "tulips", "roses");
  g_assert_true (widget_support_wait (is_settled, fixture->truths));
}

static void
test_filters (Fixture *fixture,
              gconstpointer data)
{
  answer_all (fixture);
  g_assert_cmpuint (fixture->n_signals, ==, 0);
  assay_changes_set_live (fixture->changes, TRUE);
  assert_lists (fixture, "2 1 4");
  assay_changes_set_filter (fixture->changes, ASSAY_CHANGES_FIXED);
  assert_lists (fixture, "1 4");
  assay_changes_set_filter (fixture->changes, ASSAY_CHANGES_REGRESSED);
  assert_lists (fixture, "2");
  assay_changes_set_filter (fixture->changes, ASSAY_CHANGES_SAME);
  assert_lists (fixture, "0 3");
  assay_changes_set_filter (fixture->changes, ASSAY_CHANGES_ALL);
  assert_lists (fixture, "2 1 4 0 3");
  g_assert_cmpuint (assay_changes_count (fixture->judge, ASSAY_CHANGES_CHANGED), ==, 3);
  g_assert_cmpuint (assay_changes_count (fixture->judge, ASSAY_CHANGES_ALL), ==, 5);
}

/* Item by item: what stays is not told again. */
static void
test_follows (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  g_autoptr (AssayTruthMarks) marks = NULL;
  guint before;

  answer_all (fixture);
  assay_changes_set_live (fixture->changes, TRUE);
  assert_lists (fixture, "2 1 4");
  before = fixture->n_signals;
  answer (fixture, 5, "roses", "tulips");
  assert_lists (fixture, "2 5 1 4");
  g_assert_cmpuint (fixture->n_signals, ==, before + 1);

  /* Tulips after all: what was fixed is broken. */
  g_ptr_array_add (one, g_ptr_array_index (fixture->items, 1));
  marks = assay_truths_mark (fixture->truths, one, "tulips");
  assert_lists (fixture, "1 2 5 4");

  g_ptr_array_index (one, 0) = g_ptr_array_index (fixture->items, 2);
  assay_collection_remove (fixture->collection, one);
  assert_lists (fixture, "1 5 4");
  assay_collection_restore (fixture->collection, one);
  assert_lists (fixture, "1 2 5 4");
}

/* What nobody looks at is made anew when somebody does. */
static void
test_unseen (Fixture *fixture,
             gconstpointer data)
{
  assay_changes_set_live (fixture->changes, TRUE);
  assert_lists (fixture, "");
  assay_changes_set_live (fixture->changes, FALSE);
  answer_all (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->changes)), ==, 0);
  assay_changes_set_live (fixture->changes, TRUE);
  assert_lists (fixture, "2 1 4");
}

/* What whoever believes every "items-changed" holds. */
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
    g_ptr_array_insert (mirror, position + i, g_list_model_get_item (model, position + i));
}

/* All that both have answered, worked out anew. */
static char *
dup_expected (Fixture *fixture)
{
  GString *text = g_string_new (NULL);

  for (guint wanted_change = ASSAY_CHANGE_REGRESSED + 1; wanted_change-- > 0;)
    for (guint i = 0; i < N_ITEMS; i++)
      {
        AssayItem *item = g_ptr_array_index (fixture->items, i);
        AssayChange change;

        if (assay_collection_contains (fixture->collection, item)
            && assay_judge_get_change (fixture->judge, item, &change) && change == wanted_change)
          g_string_append_printf (text, "%s%u", text->len > 0 ? " " : "", i);
      }
  return g_string_free (text, FALSE);
}

static void
do_something (Fixture *fixture,
              GRand *random)
{
  static const char *const labels[] = { "roses", "tulips" };
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  guint i = g_rand_int_range (random, 0, N_ITEMS);
  AssayItem *item = g_ptr_array_index (fixture->items, i);

  g_ptr_array_add (one, item);
  if (!assay_collection_contains (fixture->collection, item))
    assay_collection_restore (fixture->collection, one);
  else if (g_rand_int_range (random, 0, 3) == 0)
    assay_collection_remove (fixture->collection, one);
  else
    answer (fixture, i, labels[g_rand_int_range (random, 0, 2)], labels[g_rand_int_range (random, 0, 2)]);
}

static void
test_whatever_happens (Fixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) mirror = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *model = G_LIST_MODEL (fixture->changes);

  g_signal_connect (model, "items-changed", G_CALLBACK (mirror_cb), mirror);
  assay_changes_set_filter (fixture->changes, ASSAY_CHANGES_ALL);
  assay_changes_set_live (fixture->changes, TRUE);
  for (guint round = 0; round < 20; round++)
    {
      g_autofree char *expected = NULL;

      for (guint i = 0; i < 1 + round / 2; i++)
        do_something (fixture, random);
      g_assert_true (widget_support_wait (is_settled, fixture->truths));
      expected = dup_expected (fixture);
      assert_lists (fixture, expected);
      g_assert_cmpuint (mirror->len, ==, g_list_model_get_n_items (model));
      for (guint i = 0; i < mirror->len; i++)
        {
          g_autoptr (AssayItem) item = g_list_model_get_item (model, i);

          g_assert_true (g_ptr_array_index (mirror, i) == item);
        }
    }
  g_signal_handlers_disconnect_by_data (model, mirror);
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

  g_test_add ("/assay/changes/filters", Fixture, NULL, set_up, test_filters, tear_down);
  g_test_add ("/assay/changes/follows", Fixture, NULL, set_up, test_follows, tear_down);
  g_test_add ("/assay/changes/unseen", Fixture, NULL, set_up, test_unseen, tear_down);
  g_test_add ("/assay/changes/whatever-happens", Fixture, NULL, set_up, test_whatever_happens, tear_down);
  return g_test_run ();
}
