/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sixty flowers with a truth and an answer each, for the page that evaluates, and as many
 * other images as wanted. */

#include "config.h"

#include <string.h>

#include "evaluate-samples.h"
#include "item-support.h"
#include "widget-support.h"

static const char *const flowers[] = { "daisy", "dandelion", "roses", "sunflowers", "tulips" };

#define N_FLOWERS G_N_ELEMENTS (flowers)
#define N_EACH 12

/* The six that are wrong: truth, answer, score, and whether the truth comes second. */
static const struct {
  guint truth;
  guint answer;
  double score;
  gboolean second;
} mistakes[] = {
  { 2, 4, .874, TRUE }, { 1, 3, .743, TRUE }, { 4, 2, .662, FALSE },
  { 1, 3, .571, TRUE }, { 3, 1, .463, TRUE }, { 2, 0, .371, FALSE },
};

/* Of those that are right. */
static const double scores[] = { .45, .52, .58, .59, .64, .65, .71, .72, .77, .78, .79,
                                 .81, .82, .83, .85, .86, .87, .89, .90, .92, .93 };

EvaluateSample *
evaluate_sample_new (void)
{
  EvaluateSample *self = g_new0 (EvaluateSample, 1);

  self->collection = assay_collection_new ();
  self->truths = assay_truths_new (self->collection);
  self->judge = assay_judge_new (self->collection, self->truths);
  self->target = assay_target_new ("builtin", "flowers", "2");
  assay_judge_set_targets (self->judge, NULL, self->target);
  assay_collection_set_target (self->collection, self->target);
  return self;
}

void
evaluate_sample_free (EvaluateSample *self)
{
  g_assert_finalize_object (self->judge);
  g_assert_finalize_object (self->truths);
  g_assert_finalize_object (self->collection);
  assay_target_unref (self->target);
  g_free (self);
}

/* In that folder, whose name is the truth if it is that of a label; borrowed. */
AssayItem *
evaluate_sample_add (EvaluateSample *self,
                     const char *folder,
                     const char *name)
{
  const AssayFacts jpeg = { .format = ASSAY_FORMAT_JPEG };
  g_autoptr (GFile) file = g_file_new_build_filename (folder, name, NULL);
  g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 0, &jpeg, NULL);
  g_autoptr (AssayItem) item = assay_item_new (source);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_ptr_array_add (items, item);
  assay_collection_append (self->collection, items);
  return item;
}

static void
resolve (EvaluateSample *self,
         AssayItem *item,
         AssayPrediction *prediction)
{
  AssayAnswer *answer = assay_item_ensure_answer (item, self->target);

  if (assay_answer_get_state (answer) != ASSAY_ANSWER_QUEUED)
    assay_answer_move (answer, ASSAY_ANSWER_QUEUED);
  g_assert_true (item_support_answer (answer, prediction));
  assay_judge_update (self->judge, item);
}

/* The second label has two fifths of what the first leaves, the other flowers the rest. */
void
evaluate_sample_answer (EvaluateSample *self,
                        AssayItem *item,
                        const char *label,
                        const char *second,
                        double score)
{
  double given[N_FLOWERS];
  g_autoptr (AssayPrediction) prediction = NULL;

  for (guint i = 0; i < N_FLOWERS; i++)
    {
      given[i] = (1 - score) / 5;
      if (g_str_equal (flowers[i], label))
        given[i] = score;
      else if (g_str_equal (flowers[i], second))
        given[i] = 2 * (1 - score) / 5;
    }
  prediction = widget_support_predict (flowers, given, N_FLOWERS);
  resolve (self, item, prediction);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names of the folder's files in their order, or invented ones. */
static GPtrArray *
list_names (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  while (names->len < N_EACH)
    g_ptr_array_add (names, g_strdup_printf ("IMG_%02u.jpg", names->len));
  return names;
}

static void
answer_flower (EvaluateSample *self,
               AssayItem *item,
               guint flower,
               guint *n_right,
               guint *done)
{
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    if (mistakes[i].truth == flower && !(*done & 1u << i))
      {
        const char *second = flowers[mistakes[i].second ? flower
                                                        : 5 - flower - mistakes[i].answer / 2];

        *done |= 1u << i;
        evaluate_sample_answer (self, item, flowers[mistakes[i].answer], second, mistakes[i].score);
        return;
      }
  evaluate_sample_answer (self, item, flowers[flower], flowers[(flower + 1) % N_FLOWERS],
                          *n_right < G_N_ELEMENTS (scores) ? scores[*n_right] : .97);
  (*n_right)++;
}

/* The sixty, from a folder of folders of pictures if there is one, and 68 others. */
void
evaluate_sample_fill_flowers (EvaluateSample *self,
                              const char *pictures)
{
  guint n_right = 0, done = 0;

  for (guint flower = 0; flower < N_FLOWERS; flower++)
    {
      g_autofree char *folder =
        g_build_filename (pictures != NULL ? pictures : "/set", flowers[flower], NULL);
      g_autoptr (GPtrArray) names = list_names (folder);

      for (guint i = 0; i < N_EACH; i++)
        answer_flower (self, evaluate_sample_add (self, folder, g_ptr_array_index (names, i)),
                       flower, &n_right, &done);
    }
  for (guint i = 0; i < 68; i++)
    {
      g_autofree char *name = g_strdup_printf ("DSC_%04u.jpg", i);

      evaluate_sample_add (self, "/other", name);
    }
  evaluate_sample_settle (self);
}

/* Images of many labels, most of them right. */
void
evaluate_sample_fill_many (EvaluateSample *self,
                           guint n,
                           guint n_labels)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/set/label %04u/%u.jpg", i % n_labels, i);
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (AssaySource) source = assay_source_new_file (file, NULL, 0, NULL, NULL);

      g_ptr_array_add (items, assay_item_new (source));
    }
  assay_collection_append (self->collection, items);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label =
        g_strdup_printf ("label %04u", (i % 7 == 0 ? i * 13 % 31 + i : i) % n_labels);
      g_autofree char *other = g_strdup_printf ("label %04u", (i + 1) % n_labels);
      const char *const labels[] = { label, g_str_equal (label, other) ? "none" : other };
      const double given[] = { .5 + i % 997 / 2000.0, .5 - i % 997 / 2000.0 };
      g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, given, 2);

      resolve (self, g_ptr_array_index (items, i), prediction);
    }
  evaluate_sample_settle (self);
}

static gboolean
is_settled (gpointer data)
{
  return assay_truths_is_settled (((EvaluateSample *) data)->truths);
}

void
evaluate_sample_settle (EvaluateSample *self)
{
  g_assert_true (widget_support_wait (is_settled, self));
}
