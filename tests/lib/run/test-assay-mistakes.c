/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-mistakes.h"

static const char *const labels[] = { "daisy", "rose", "tulip" };

#define N_LABELS G_N_ELEMENTS (labels)

typedef struct {
  AssayCollection *collection;
  AssayTruths *truths;
  AssayJudge *judge;
  AssayMistakes *mistakes;
  AssayTarget *old;
  AssayTarget *new;
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  self->collection = assay_collection_new ();
  self->truths = assay_truths_new (self->collection);
  self->judge = assay_judge_new (self->collection, self->truths);
  self->mistakes = assay_mistakes_new (self->judge, self->truths);
  self->old = assay_target_new ("c", "flowers", "1");
  self->new = assay_target_new ("c", "flowers", "2");
  assay_judge_set_targets (self->judge, self->old, self->new);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_assert_finalize_object (self->mistakes);
  g_assert_finalize_object (self->judge);
  g_assert_finalize_object (self->truths);
  g_assert_finalize_object (self->collection);
  assay_target_unref (self->old);
  assay_target_unref (self->new);
}

static AssayItem *
add_item (Fixture *self,
          const char *folder)
{
  g_autofree char *path = g_strdup_printf ("/set/%s/x.jpg", folder);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 0, NULL, NULL);
  g_autoptr (AssayItem) item = assay_item_new (source);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_ptr_array_add (items, item);
  assay_collection_append (self->collection, items);
  return item;
}

static void
answer (Fixture *self,
        AssayItem *item,
        AssayTarget *target,
        const char *label,
        double score)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (AssayPrediction) prediction = NULL;
  g_autoptr (AssayOutcome) outcome = NULL;
  AssayAnswer *to = assay_item_ensure_answer (item, target);

  for (guint i = 0; i < N_LABELS; i++)
    assay_prediction_builder_add (builder, labels[i],
                                  g_str_equal (labels[i], label) ? score : (1 - score) / 2, NULL);
  prediction = assay_prediction_builder_end (builder);
  outcome = assay_outcome_new_prediction (prediction, NULL);
  if (assay_answer_get_state (to) != ASSAY_ANSWER_QUEUED)
    assay_answer_move (to, ASSAY_ANSWER_QUEUED);
  assay_answer_move (to, ASSAY_ANSWER_READING);
  assay_answer_move (to, ASSAY_ANSWER_SENDING);
  assay_answer_resolve (to, outcome, 0.01, 0);
  assay_judge_update (self->judge, item);
}

static void
settle (Fixture *self)
{
  while (g_main_context_iteration (NULL, FALSE) || !assay_truths_is_settled (self->truths)
         || !assay_mistakes_is_settled (self->mistakes))
    ;
}

static void
assert_list (Fixture *self,
             guint n,
             ...)
{
  g_autoptr (GPtrArray) list = assay_mistakes_list (self->mistakes, ASSAY_MISTAKES_MOST);
  va_list args;

  g_assert_cmpuint (list->len, ==, n);
  va_start (args, n);
  for (guint i = 0; i < n; i++)
    g_assert_true (g_ptr_array_index (list, i) == va_arg (args, AssayItem *));
  va_end (args);
}

/* The highest wrong score first; of equal ones the image that came first. */
static void
orders_by_score (Fixture *self,
                 gconstpointer data)
{
  AssayItem *first = add_item (self, "rose");
  AssayItem *second = add_item (self, "rose");
  AssayItem *third = add_item (self, "tulip");
  AssayItem *right = add_item (self, "tulip");
  AssayItem *unknown = add_item (self, "other");

  answer (self, right, self->new, "tulip", 0.99);
  answer (self, unknown, self->new, "daisy", 0.99);
  answer (self, second, self->new, "tulip", 0.6);
  answer (self, third, self->new, "daisy", 0.9);
  answer (self, first, self->new, "daisy", 0.6);
  answer (self, first, self->old, "daisy", 0.95);
  settle (self);
  assert_list (self, 3, third, first, second);
  answer (self, third, self->new, "tulip", 0.9);
  assert_list (self, 2, first, second);
}

/* A mark makes a mistake of what was none, and none of what was one. */
static void
follows_marks (Fixture *self,
               gconstpointer data)
{
  AssayItem *rose = add_item (self, "rose");
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_ptr_array_add (items, rose);
  answer (self, rose, self->new, "rose", 0.8);
  settle (self);
  assert_list (self, 0);
  assay_truth_marks_free (assay_truths_mark (self->truths, items, "tulip"));
  settle (self);
  assert_list (self, 1, rose);
  assay_collection_remove (self->collection, items);
  assert_list (self, 0);
}

static AssayPrediction *
find_mistake (Fixture *self,
              AssayItem *item)
{
  AssayAnswer *given = assay_item_find_answer (item, assay_judge_get_candidate (self->judge));
  AssayPrediction *prediction = given != NULL ? assay_answer_get_prediction (given) : NULL;

  if (prediction == NULL || assay_item_get_truth (item) == NULL
      || g_str_equal (assay_item_get_truth (item), assay_prediction_get_label (prediction, 0)))
    return NULL;
  return prediction;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer data)
{
  AssayItem *left = *(AssayItem **) a, *right = *(AssayItem **) b;
  double first = assay_prediction_get_score (find_mistake (data, left), 0);
  double second = assay_prediction_get_score (find_mistake (data, right), 0);

  if (first != second)
    return first > second ? -1 : 1;
  return assay_item_get_serial (left) < assay_item_get_serial (right) ? -1 : 1;
}

/* The list is what looking at all items gives. */
static void
assert_right (Fixture *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) list = NULL;

  settle (self);
  list = assay_mistakes_list (self->mistakes, ASSAY_MISTAKES_MOST);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->collection)); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (self->collection), i);

      if (find_mistake (self, item) != NULL)
        g_ptr_array_add (all, g_object_ref (item));
    }
  g_ptr_array_sort_with_data (all, compare, self);
  g_assert_cmpuint (list->len, ==, MIN (all->len, ASSAY_MISTAKES_MOST));
  for (guint i = 0; i < list->len; i++)
    g_assert_true (g_ptr_array_index (list, i) == g_ptr_array_index (all, i));
}

static const char *
random_label (GRand *random)
{
  return labels[g_rand_int_range (random, 0, N_LABELS)];
}

static void
do_something (Fixture *self,
              GRand *random)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->collection));
  g_autoptr (GPtrArray) one = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AssayItem) item = NULL;
  guint dice = g_rand_int_range (random, 0, 20);

  if (n > 0)
    {
      item = g_list_model_get_item (G_LIST_MODEL (self->collection),
                                    g_rand_int_range (random, 0, n));
      g_ptr_array_add (one, g_object_ref (item));
    }
  if (item == NULL || dice < 6)
    add_item (self, random_label (random));
  else if (dice < 16)
    answer (self, item, dice % 4 ? self->new : self->old, random_label (random),
            g_rand_int_range (random, 40, 100) / 100.0);
  else if (dice < 18)
    assay_truth_marks_free (assay_truths_mark (self->truths, one, random_label (random)));
  else if (dice < 19)
    assay_collection_remove (self->collection, one);
  else if (g_rand_int_range (random, 0, 100) == 0)
    assay_judge_set_targets (self->judge, NULL,
                             assay_judge_get_candidate (self->judge) == self->new ? self->old
                                                                                  : self->new);
  else
    g_main_context_iteration (NULL, FALSE);
}

static void
agrees_with_all_items (Fixture *self,
                       gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 8000; i++)
    {
      do_something (self, random);
      if (i % 250 == 249)
        assert_right (self);
    }
}

/* So many are put right that those that had been cut off come up. */
static void
brings_up_what_was_cut (Fixture *self,
                        gconstpointer data)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  for (guint i = 0; i < 300; i++)
    {
      AssayItem *item = add_item (self, "rose");

      answer (self, item, self->new, "tulip", 0.5 + i * 0.001);
      g_ptr_array_add (items, item);
    }
  assert_right (self);
  for (guint i = 300; i-- > 0;)
    {
      answer (self, g_ptr_array_index (items, i), self->new, "rose", 0.9);
      if (i % 10 == 0)
        assert_right (self);
    }
  assert_list (self, 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function) \
  g_test_add ("/assay/mistakes/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("orders-by-score", orders_by_score);
  TEST ("follows-marks", follows_marks);
  TEST ("agrees-with-all-items", agrees_with_all_items);
  TEST ("brings-up-what-was-cut", brings_up_what_was_cut);
#undef TEST
  return g_test_run ();
}
