/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: judge ITEMS LABELS [TRIM]
 *
 * A collection of so many items whose truth is known by their folders, and two targets
 * whose answers come one by one, and are trimmed as if the history had them.  Prints:
 * microseconds that an answer costs judge and trimmer, milliseconds that all figures take
 * once they are there, milliseconds that judging everything anew would take, KiB that an
 * item takes with both answers and what is made of them, and what it took before any
 * answer. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "assay-judge.h"
#include "assay-trimmer.h"

static double
get_resident_kib (void)
{
  g_autofree char *text = NULL;
  unsigned long total = 0, resident = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%lu %lu", &total, &resident) != 2)
    return 0;
  return resident * (sysconf (_SC_PAGESIZE) / 1024.0);
}

static AssayItem *
make_item (GRand *random,
           guint i,
           guint n_labels)
{
  g_autofree char *path =
    g_strdup_printf ("/pictures/label %u/picture-%07u.jpg", g_rand_int_range (random, 0, n_labels), i);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (AssaySource) source = assay_source_new_file (file, "pictures", 100000, NULL, NULL);

  return assay_item_new (source);
}

static AssayPrediction *
make_prediction (GRand *random,
                 guint n_labels)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  guint top = g_rand_int_range (random, 0, n_labels);
  double score = g_rand_double_range (random, 0.5, 1);

  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %u", i);

      assay_prediction_builder_add (builder, label, i == top ? score : (1 - score) / (n_labels - 1), NULL);
    }
  return assay_prediction_builder_end (builder);
}

static void
answer (AssayItem *item,
        AssayTarget *target,
        AssayPrediction *prediction)
{
  g_autoptr (AssayOutcome) outcome = assay_outcome_new_prediction (prediction, NULL);
  AssayAnswer *to = assay_item_ensure_answer (item, target);

  assay_answer_move (to, ASSAY_ANSWER_READING);
  assay_answer_move (to, ASSAY_ANSWER_SENDING);
  assay_answer_resolve (to, outcome, 0.01, 0);
}

static void
settle (AssayTruths *truths)
{
  while (!assay_truths_is_settled (truths) || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}

static void
trimmed_cb (AssayJudge *judge,
            AssayItem *item)
{
  assay_judge_replace (judge, item);
}

int
main (int argc,
      char *argv[])
{
  guint n_items = argc > 1 ? strtoul (argv[1], NULL, 10) : 1000;
  guint n_labels = argc > 2 ? strtoul (argv[2], NULL, 10) : 5;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (AssayCollection) collection = assay_collection_new ();
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AssayTarget) old = assay_target_new ("c", "m", "1");
  g_autoptr (AssayTarget) new = assay_target_new ("c", "m", "2");
  g_autoptr (AssayTruths) truths = NULL;
  g_autoptr (AssayJudge) judge = NULL;
  g_autoptr (AssayHistory) history = assay_history_new ("history.db");
  g_autoptr (AssayTrimmer) trimmer = assay_trimmer_new (history);
  AssayFigures figures;
  AssayComparisonFigures compared;
  double before = get_resident_kib ();
  double whole, given;
  gint64 spent = 0, began;
  double each, all;
  gboolean trim = argc > 3 ? strtoul (argv[3], NULL, 10) > 0 : TRUE;

  for (guint i = 0; i < n_items; i++)
    g_ptr_array_add (items, make_item (random, i, n_labels));
  assay_collection_append (collection, items);
  truths = assay_truths_new (collection);
  judge = assay_judge_new (collection, truths);
  assay_judge_set_targets (judge, old, new);
  given = get_resident_kib () - before;
  g_signal_connect_swapped (trimmer, "trimmed", G_CALLBACK (trimmed_cb), judge);
  for (guint i = 0; i < 2 * n_items; i++)
    {
      AssayItem *item = g_ptr_array_index (items, i / 2);
      g_autoptr (AssayPrediction) prediction = make_prediction (random, n_labels);

      answer (item, i % 2 ? new : old, prediction);
      began = g_get_monotonic_time ();
      assay_judge_update (judge, item);
      if (trim)
        assay_trimmer_trim (trimmer, item, assay_item_find_answer (item, i % 2 ? new : old), 1 + i % 2,
                            i / 2);
      spent += g_get_monotonic_time () - began;
      /* All labels are known after the first. */
      if (i == 0)
        settle (truths);
    }
  settle (truths);
  each = spent / (2.0 * n_items);
  whole = get_resident_kib () - before;

  began = g_get_monotonic_time ();
  assay_evaluation_get_figures (assay_judge_get_evaluation (judge), &figures);
  assay_comparison_get_figures (assay_judge_get_comparison (judge), &compared);
  all = (g_get_monotonic_time () - began) / 1000.0;
  g_assert_cmpuint (figures.n, ==, n_items);
  g_assert_cmpuint (compared.n_truth, ==, n_items);

  began = g_get_monotonic_time ();
  assay_judge_set_targets (judge, NULL, NULL);
  assay_judge_set_targets (judge, old, new);
  printf ("%.3f %.3f %.3f %.3f %.3f\n", each, all, (g_get_monotonic_time () - began) / 1000.0,
          whole / n_items, given / n_items);
  return 0;
}
