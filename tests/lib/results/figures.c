/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Computes figures of what stands on standard input, for test_figures.py, which knows
 * them from elsewhere.  One command a line, its fields divided by tabs, and one line of
 * JSON for each "figures", "comparison" and pure function:
 *
 *   add TRUTH LABEL SCORE …      remove TRUTH LABEL SCORE …      figures
 *   pair TRUTH LABEL SCORE … / LABEL SCORE …                     comparison
 *   unpair TRUTH LABEL SCORE … / LABEL SCORE …
 *   wilson RIGHT N    mcnemar B C    difference N B C SEED    needed N B C    holm P …
 */

#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "assay-comparison.h"
#include "assay-evaluation.h"

static void
print_number (const char *name,
              double value)
{
  if (isnan (value))
    printf ("\"%s\": null, ", name);
  else
    printf ("\"%s\": %.17g, ", name, value);
}

static void
print_interval (const char *name,
                AssayInterval interval)
{
  printf ("\"%s\": {", name);
  print_number ("value", interval.value);
  print_number ("low", interval.low);
  print_number ("high", interval.high);
  printf ("\"\": 0}, ");
}

static void
print_averages (const char *name,
                const AssayAverages *averages)
{
  printf ("\"%s\": {", name);
  print_number ("precision", averages->precision);
  print_number ("recall", averages->recall);
  print_number ("f1-score", averages->f1);
  printf ("\"\": 0}, ");
}

static void
print_labels (AssayEvaluation *evaluation)
{
  g_autoptr (GArray) labels = assay_evaluation_list_labels (evaluation);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree guint64 *matrix = NULL;

  printf ("\"labels\": {");
  for (guint i = 0; i < labels->len; i++)
    {
      const AssayLabelFigures *label = &g_array_index (labels, AssayLabelFigures, i);

      printf ("\"%s\": {", label->label);
      print_number ("precision", label->precision);
      print_number ("recall", label->recall);
      print_number ("f1-score", label->f1);
      printf ("\"support\": %" G_GUINT64_FORMAT "}, ", label->support);
      g_ptr_array_add (names, (gpointer) label->label);
    }
  printf ("\"\": 0}, \"matrix\": [");
  matrix = assay_evaluation_dup_matrix (evaluation, (const char *const *) names->pdata, names->len);
  for (guint i = 0; i < (names->len + 1) * (names->len + 1); i++)
    printf ("%s%" G_GUINT64_FORMAT, i > 0 ? ", " : "", matrix[i]);
  printf ("], ");
}

static void
print_confusions (AssayEvaluation *evaluation)
{
  g_autoptr (GArray) confusions = assay_evaluation_list_confusions (evaluation, 10);

  printf ("\"confusions\": [");
  for (guint i = 0; i < confusions->len; i++)
    {
      const AssayConfusion *confusion = &g_array_index (confusions, AssayConfusion, i);

      printf ("%s[\"%s\", \"%s\", %" G_GUINT64_FORMAT "]", i > 0 ? ", " : "", confusion->truth,
              confusion->answer, confusion->n);
    }
  printf ("], ");
}

static void
print_curves (AssayEvaluation *evaluation)
{
  AssayReliability bins[ASSAY_EVALUATION_BINS];
  AssayCoverage coverage;

  assay_evaluation_get_reliability (evaluation, bins);
  printf ("\"bins\": [");
  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    {
      printf ("%s{\"n\": %" G_GUINT64_FORMAT ", \"right\": %" G_GUINT64_FORMAT ", ", i > 0 ? ", " : "",
              bins[i].n, bins[i].n_right);
      print_number ("mean", bins[i].mean_score);
      printf ("\"\": 0}");
    }
  printf ("], \"coverage\": [");
  for (guint i = 0; i <= 100; i += 5)
    {
      assay_evaluation_get_coverage (evaluation, i / 100.0, &coverage);
      printf ("%s[%" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT "]", i > 0 ? ", " : "", coverage.n,
              coverage.n_right);
    }
  printf ("], ");
  if (assay_evaluation_find_threshold (evaluation, 0.9, &coverage))
    print_number ("threshold_90", coverage.threshold);
}

static void
print_figures (AssayEvaluation *evaluation)
{
  AssayFigures figures;

  assay_evaluation_get_figures (evaluation, &figures);
  printf ("{\"n\": %" G_GUINT64_FORMAT ", \"right\": %" G_GUINT64_FORMAT ", ", figures.n,
          figures.n_right);
  print_interval ("accuracy", figures.accuracy);
  print_number ("balanced_accuracy", figures.balanced_accuracy);
  print_averages ("macro avg", &figures.macro);
  print_averages ("weighted avg", &figures.weighted);
  print_number ("log_loss", figures.log_loss);
  print_number ("brier", figures.brier);
  print_number ("ece", figures.ece);
  print_number ("kappa", figures.kappa);
  print_number ("mcc", figures.mcc);
  print_number ("top_1", assay_evaluation_get_top_k (evaluation, 1));
  print_number ("top_2", assay_evaluation_get_top_k (evaluation, 2));
  print_number ("top_5", assay_evaluation_get_top_k (evaluation, 5));
  print_labels (evaluation);
  print_confusions (evaluation);
  print_curves (evaluation);
  printf ("\"\": 0}\n");
}

static void
print_comparison (AssayComparison *comparison)
{
  AssayComparisonFigures figures;

  assay_comparison_get_figures (comparison, &figures);
  printf ("{\"n\": %d, \"apart\": %d, \"agree\": %d, \"changed\": %d, \"n_truth\": %d, "
          "\"both_right\": %d, \"only_a\": %d, \"only_b\": %d, \"both_wrong\": %d, ",
          (int) figures.n, (int) figures.n_apart, (int) figures.agree, (int) figures.changed,
          (int) figures.n_truth, (int) figures.both_right, (int) figures.only_a,
          (int) figures.only_b, (int) figures.both_wrong);
  print_interval ("accuracy_a", figures.accuracy_a);
  print_interval ("accuracy_b", figures.accuracy_b);
  print_interval ("difference", figures.difference);
  print_number ("p", figures.p);
  printf ("\"verdict\": %d}\n", figures.verdict);
}

/* Moves @fields past what it takes: to the end, or behind "/". */
static AssayPrediction *
read_prediction (char ***fields)
{
  AssayPredictionBuilder *builder = assay_prediction_builder_new ();
  g_autoptr (GError) error = NULL;

  for (; (*fields)[0] != NULL && strcmp ((*fields)[0], "/") != 0; *fields += 2)
    {
      assay_prediction_builder_add (builder, (*fields)[0], g_ascii_strtod ((*fields)[1], NULL), &error);
      g_assert_no_error (error);
    }
  if ((*fields)[0] != NULL)
    *fields += 1;
  return assay_prediction_builder_end (builder);
}

static guint64
number (char **fields,
        guint i)
{
  return g_ascii_strtoull (fields[i], NULL, 10);
}

static void
print_holm (char **fields)
{
  g_autoptr (GArray) p = g_array_new (FALSE, FALSE, sizeof (double));

  for (; *fields != NULL; fields++)
    {
      double value = g_ascii_strtod (*fields, NULL);

      g_array_append_val (p, value);
    }
  assay_holm_adjust ((double *) p->data, p->len);
  printf ("[");
  for (guint i = 0; i < p->len; i++)
    printf ("%s%.17g", i > 0 ? ", " : "", g_array_index (p, double, i));
  printf ("]\n");
}

static void
compute (char **fields)
{
  const char *command = fields[0];

  if (strcmp (command, "wilson") == 0)
    print_interval ("", assay_wilson_interval (number (fields, 1), number (fields, 2)));
  else if (strcmp (command, "mcnemar") == 0)
    printf ("%.17g\n", assay_mcnemar_exact (number (fields, 1), number (fields, 2)));
  else if (strcmp (command, "needed") == 0)
    printf ("%" G_GUINT64_FORMAT "\n", assay_paired_images_needed (
                                         number (fields, 1), number (fields, 2), number (fields, 3)));
  else if (strcmp (command, "difference") == 0)
    {
      printf ("{");
      print_interval ("difference",
                      assay_paired_difference (number (fields, 1), number (fields, 2),
                                               number (fields, 3), number (fields, 4)));
      printf ("\"\": 0}\n");
    }
  else if (strcmp (command, "holm") == 0)
    print_holm (fields + 1);
  else
    g_error ("%s: what is that?", command);
}

static void
count (AssayEvaluation *evaluation,
       AssayComparison *comparison,
       char **fields)
{
  const char *command = fields[0];
  const char *truth = fields[1];
  char **rest = fields + 2;
  g_autoptr (AssayPrediction) a = read_prediction (&rest);
  g_autoptr (AssayPrediction) b = *rest != NULL ? read_prediction (&rest) : NULL;

  if (strcmp (command, "add") == 0)
    assay_evaluation_add (evaluation, truth, a);
  else if (strcmp (command, "remove") == 0)
    assay_evaluation_remove (evaluation, truth, a);
  else if (strcmp (command, "pair") == 0)
    assay_comparison_add (comparison, *truth != '\0' ? truth : NULL, a, b);
  else
    assay_comparison_remove (comparison, *truth != '\0' ? truth : NULL, a, b);
}

int
main (void)
{
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  g_autoptr (AssayComparison) comparison = assay_comparison_new ();
  g_autofree char *line = NULL;
  size_t size = 0;
  ssize_t length;

  while ((length = getline (&line, &size, stdin)) > 0)
    {
      g_auto (GStrv) fields = NULL;

      line[length - 1] = '\0';
      fields = g_strsplit (line, "\t", -1);
      if (strcmp (fields[0], "figures") == 0)
        print_figures (evaluation);
      else if (strcmp (fields[0], "comparison") == 0)
        print_comparison (comparison);
      else if (strstr (fields[0], "add") || strstr (fields[0], "remove") || strstr (fields[0], "pair"))
        count (evaluation, comparison, fields);
      else
        compute (fields);
      fflush (stdout);
    }
  return 0;
}
