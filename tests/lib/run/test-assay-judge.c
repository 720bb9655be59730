/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-judge.h"

static const char *const labels[] = { "daisy", "rose", "tulip" };

#define N_LABELS G_N_ELEMENTS (labels)

typedef struct {
  AssayCollection *collection;
  AssayTruths *truths;
  AssayJudge *judge;
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
  self->old = assay_target_new ("c", "flowers", "1");
  self->new = assay_target_new ("c", "flowers", "2");
  assay_judge_set_targets (self->judge, self->old, self->new);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_assert_finalize_object (self->judge);
  g_assert_finalize_object (self->truths);
  g_assert_finalize_object (self->collection);
  assay_target_unref (self->old);
  assay_target_unref (self->new);
}

/* In the folder of a label, or in none that is one. */
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
  while (!assay_truths_is_settled (self->truths))
    g_main_context_iteration (NULL, TRUE);
}

static void
follows_answers (Fixture *self,
                 gconstpointer data)
{
  AssayItem *rose = add_item (self, "rose");
  AssayItem *any = add_item (self, "other");
  AssayComparisonFigures figures;
  AssayChange change;

  answer (self, rose, self->new, "rose", 0.8);
  settle (self);
  g_assert_cmpuint (assay_evaluation_get_n (assay_judge_get_evaluation (self->judge)), ==, 1);
  g_assert_false (assay_judge_get_change (self->judge, rose, NULL));
  answer (self, rose, self->old, "tulip", 0.6);
  g_assert_true (assay_judge_get_change (self->judge, rose, &change));
  g_assert_cmpint (change, ==, ASSAY_CHANGE_FIXED);
  answer (self, any, self->old, "daisy", 0.7);
  answer (self, any, self->new, "rose", 0.7);
  g_assert_cmpuint (assay_judge_count_change (self->judge, ASSAY_CHANGE_FIXED), ==, 1);
  g_assert_cmpuint (assay_judge_count_change (self->judge, ASSAY_CHANGE_CHANGED), ==, 1);

  /* Asked again: the old answer does not count any more. */
  answer (self, rose, self->new, "tulip", 0.9);
  g_assert_cmpuint (assay_judge_count_change (self->judge, ASSAY_CHANGE_FIXED), ==, 0);
  g_assert_cmpuint (assay_judge_count_change (self->judge, ASSAY_CHANGE_SAME), ==, 1);
  assay_comparison_get_figures (assay_judge_get_comparison (self->judge), &figures);
  g_assert_cmpuint (figures.n, ==, 2);
  g_assert_cmpuint (figures.n_truth, ==, 1);
  g_assert_cmpuint (figures.both_wrong, ==, 1);
}

static void
follows_the_truth (Fixture *self,
                   gconstpointer data)
{
  AssayItem *item = add_item (self, "other");
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (AssayTruthMarks) marks = NULL;
  AssayChange change;

  g_ptr_array_add (items, item);
  answer (self, item, self->old, "rose", 0.8);
  answer (self, item, self->new, "tulip", 0.8);
  settle (self);
  assay_judge_get_change (self->judge, item, &change);
  g_assert_cmpint (change, ==, ASSAY_CHANGE_CHANGED);
  g_assert_cmpuint (assay_evaluation_get_n (assay_judge_get_evaluation (self->judge)), ==, 0);
  marks = assay_truths_mark (self->truths, items, "rose");
  assay_judge_get_change (self->judge, item, &change);
  g_assert_cmpint (change, ==, ASSAY_CHANGE_REGRESSED);
  g_assert_cmpuint (assay_evaluation_get_n (assay_judge_get_evaluation (self->judge)), ==, 1);
  marks = assay_truths_restore (self->truths, g_steal_pointer (&marks));
  assay_judge_get_change (self->judge, item, &change);
  g_assert_cmpint (change, ==, ASSAY_CHANGE_CHANGED);
}

/* Whatever came and went, the figures are those of what is there. */
static void
assert_fresh (Fixture *self)
{
  g_autoptr (AssayJudge) fresh = assay_judge_new (self->collection, self->truths);
  AssayFigures figures, others;
  AssayComparisonFigures compared, other_compared;

  assay_judge_set_targets (fresh, assay_judge_get_baseline (self->judge),
                           assay_judge_get_candidate (self->judge));
  assay_evaluation_get_figures (assay_judge_get_evaluation (self->judge), &figures);
  assay_evaluation_get_figures (assay_judge_get_evaluation (fresh), &others);
  g_assert_cmpuint (figures.n, ==, others.n);
  g_assert_cmpuint (figures.n_right, ==, others.n_right);
  g_assert_cmpfloat (figures.log_loss, ==, others.log_loss);
  g_assert_cmpfloat (figures.ece, ==, others.ece);
  assay_comparison_get_figures (assay_judge_get_comparison (self->judge), &compared);
  assay_comparison_get_figures (assay_judge_get_comparison (fresh), &other_compared);
  g_assert_cmpuint (compared.n, ==, other_compared.n);
  g_assert_cmpuint (compared.only_a, ==, other_compared.only_a);
  g_assert_cmpuint (compared.only_b, ==, other_compared.only_b);
  for (AssayChange change = ASSAY_CHANGE_SAME; change <= ASSAY_CHANGE_REGRESSED; change++)
    g_assert_cmpuint (assay_judge_count_change (self->judge, change), ==,
                      assay_judge_count_change (fresh, change));
}

static const char *
random_label (GRand *random)
{
  return labels[g_rand_int_range (random, 0, N_LABELS)];
}

static void
do_something (Fixture *self,
              GRand *random,
              GPtrArray *removed)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->collection));
  g_autoptr (AssayItem) item =
    n > 0 ? g_list_model_get_item (G_LIST_MODEL (self->collection), g_rand_int_range (random, 0, n)) : NULL;
  g_autoptr (GPtrArray) one = g_ptr_array_new_with_free_func (g_object_unref);
  guint dice = g_rand_int_range (random, 0, 20);

  if (item != NULL)
    g_ptr_array_add (one, g_object_ref (item));
  if (item == NULL || dice < 5)
    add_item (self, random_label (random));
  else if (dice < 14)
    answer (self, item, dice % 2 ? self->old : self->new, random_label (random),
            g_rand_double_range (random, 0.4, 1));
  else if (dice < 16)
    assay_truth_marks_free (assay_truths_mark (self->truths, one, dice == 14 ? random_label (random) : NULL));
  else if (dice < 18)
    {
      assay_collection_remove (self->collection, one);
      g_ptr_array_add (removed, g_object_ref (item));
    }
  else if (removed->len > 0)
    {
      g_autoptr (GPtrArray) back = g_ptr_array_new_with_free_func (g_object_unref);

      g_ptr_array_add (back, g_ptr_array_steal_index_fast (removed, 0));
      assay_collection_restore (self->collection, back);
    }
}

static void
agrees_with_a_fresh_one (Fixture *self,
                         gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) removed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 4000; i++)
    {
      do_something (self, random, removed);
      if (i % 200 == 199)
        {
          settle (self);
          assert_fresh (self);
        }
    }
  assay_judge_set_targets (self->judge, self->new, self->old);
  assert_fresh (self);
  assay_judge_set_targets (self->judge, NULL, self->old);
  assert_fresh (self);
  g_assert_cmpuint (assay_judge_count_change (self->judge, ASSAY_CHANGE_SAME), ==, 0);
}

/* Holds one label besides those that it was told to keep. */
static void
trim (Fixture *self,
      AssayItem *item,
      AssayTarget *target,
      const char *keep)
{
  AssayAnswer *answer = assay_item_find_answer (item, target);
  AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;
  g_autoptr (AssayPrediction) trimmed = NULL;
  g_autoptr (AssayLabelSet) set = NULL;
  const char *labels_kept[] = { keep, NULL };

  if (prediction == NULL || assay_prediction_is_trimmed (prediction))
    return;
  set = assay_prediction_dup_label_set (prediction);
  trimmed = assay_prediction_trim (prediction, 1, labels_kept, set, 1, 0);
  assay_answer_set_form (answer, trimmed);
  assay_judge_replace (self->judge, item);
}

/* What the history would give. */
static void
wants_whole_cb (GHashTable *wanted,
                AssayItem *item,
                AssayAnswer *answer)
{
  g_hash_table_insert (wanted, answer, item);
}

static void
awaits_what_a_trimmed_answer_can_not_tell (Fixture *self,
                                           gconstpointer data)
{
  AssayItem *item = add_item (self, "rose");
  AssayEvaluation *evaluation = assay_judge_get_evaluation (self->judge);
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (AssayPrediction) whole = NULL;
  AssayAnswer *candidate;
  AssayChange change;

  g_signal_connect_swapped (self->judge, "wants-whole", G_CALLBACK (wants_whole_cb), wanted);
  answer (self, item, self->old, "rose", 0.8);
  answer (self, item, self->new, "tulip", 0.8);
  settle (self);
  candidate = assay_item_find_answer (item, self->new);
  whole = assay_prediction_ref (assay_answer_get_prediction (candidate));
  trim (self, item, self->old, "rose");
  trim (self, item, self->new, "rose");
  g_assert_cmpuint (assay_evaluation_get_n (evaluation), ==, 1);
  g_assert_cmpuint (g_hash_table_size (wanted), ==, 0);

  g_ptr_array_add (items, item);
  assay_truth_marks_free (assay_truths_mark (self->truths, items, "daisy"));
  g_assert_cmpuint (assay_evaluation_get_n (evaluation), ==, 0);
  g_assert_cmpuint (assay_judge_count_wrong (self->judge), ==, 0);
  g_assert_true (g_hash_table_lookup (wanted, candidate) == item);
  g_assert_true (assay_judge_get_change (self->judge, item, &change));
  g_assert_cmpint (change, ==, ASSAY_CHANGE_CHANGED);

  assay_answer_set_form (candidate, whole);
  assay_judge_replace (self->judge, item);
  g_assert_cmpuint (assay_evaluation_get_n (evaluation), ==, 1);
  g_assert_cmpuint (assay_judge_count_wrong (self->judge), ==, 1);
  assay_truth_marks_free (assay_truths_mark (self->truths, items, NULL));
}

/* As it happens to everything, in any order; here the whole is at hand at once. */
static void
judges_trimmed_answers_like_whole_ones (Fixture *self,
                                        gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autoptr (GPtrArray) removed = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *model = G_LIST_MODEL (self->collection);

  for (guint i = 0; i < 4000; i++)
    {
      do_something (self, random, removed);
      for (guint j = 0; j < g_list_model_get_n_items (model); j += 1 + i % 3)
        {
          g_autoptr (AssayItem) item = g_list_model_get_item (model, j);

          /* Trimmed to what its truth is now. */
          if (assay_item_get_truth (item) != NULL)
            trim (self, item, i % 2 ? self->old : self->new, assay_item_get_truth (item));
        }
      if (i % 200 == 199)
        {
          settle (self);
          assert_fresh (self);
        }
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function) \
  g_test_add ("/assay/judge/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("follows-answers", follows_answers);
  TEST ("follows-the-truth", follows_the_truth);
  TEST ("agrees-with-a-fresh-one", agrees_with_a_fresh_one);
  TEST ("awaits-what-a-trimmed-answer-can-not-tell", awaits_what_a_trimmed_answer_can_not_tell);
  TEST ("judges-trimmed-answers-like-whole-ones", judges_trimmed_answers_like_whole_ones);
#undef TEST
  return g_test_run ();
}
