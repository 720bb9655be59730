/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Charts of sixty flowers and five labels, and of harder cases, for the tests and for
 * their pictures. */

#include "config.h"

#include <math.h>

#include "assay-confusion-chart.h"
#include "assay-coverage-chart.h"
#include "assay-figure-card.h"
#include "assay-paired-chart.h"
#include "assay-reliability-chart.h"
#include "chart-samples.h"
#include "widget-support.h"

static const char *const flowers[] = { "daisy", "dandelion", "roses", "sunflowers", "tulips" };

static void
opened_cb (AssayConfusionChart *chart,
           guint row,
           guint column)
{
  g_autofree char *note = g_strdup_printf ("opened row %u, column %u", row, column);

  assay_confusion_chart_set_note (chart, note);
}

static GtkWidget *
new_confusion (void)
{
  static const guint64 counts[] = {
    12, 0, 0, 0, 0, 0,
    0, 10, 0, 2, 0, 0,
    1, 0, 10, 0, 1, 0,
    0, 1, 0, 11, 0, 0,
    0, 0, 1, 0, 11, 0,
    0, 0, 0, 0, 0, 0,
  };
  GtkWidget *chart = assay_confusion_chart_new ();

  assay_confusion_chart_set_counts (ASSAY_CONFUSION_CHART (chart), flowers, 5, counts);
  g_signal_connect (chart, "cell-activated", G_CALLBACK (opened_cb), NULL);
  return chart;
}

/* n labels with names of all lengths, most images right, some mistakes near the
 * diagonal, and others beyond. */
static GtkWidget *
new_many (guint n,
          AssayConfusionShares shares)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autofree guint64 *counts = g_new0 (guint64, (n + 1) * (n + 1));
  GtkWidget *chart = assay_confusion_chart_new ();

  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (labels, g_strdup_printf (i % 3 == 0   ? "n%02u golden retriever, long-haired"
                                                : i % 3 == 1 ? "tabby %u"
                                                             : "cat %u",
                                                i));
      counts[i * (n + 1) + i] = 20 + 37 * i % 91;
      counts[i * (n + 1) + (i + 3) % n] = 1 + 7 * i % 23;
      counts[i * (n + 1) + (i + 11) % n] += i % 4;
      counts[i * (n + 1) + n] = i % 2;
    }
  counts[n * (n + 1) + n] = 1234;
  counts[n * (n + 1) + 2] = 5;
  assay_confusion_chart_set_counts (ASSAY_CONFUSION_CHART (chart),
                                    (const char *const *) labels->pdata, n, counts);
  assay_confusion_chart_set_shares (ASSAY_CONFUSION_CHART (chart), shares);
  assay_confusion_chart_set_note (ASSAY_CONFUSION_CHART (chart),
                                  "3 images without truth, 1 failed, 2 below the threshold");
  return chart;
}

/* The sixty of the design: few in most bins. */
static GtkWidget *
new_reliability (guint64 times)
{
  static const guint64 counts[ASSAY_EVALUATION_BINS][2] = {
    [5] = { 1, 0 }, [6] = { 2, 1 }, [7] = { 1, 1 }, [8] = { 3, 2 }, [9] = { 3, 2 },
    [10] = { 2, 2 }, [11] = { 4, 3 }, [12] = { 5, 5 }, [13] = { 6, 5 }, [14] = { 33, 33 },
  };
  GtkWidget *chart = assay_reliability_chart_new ();
  AssayReliability bins[ASSAY_EVALUATION_BINS];

  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    bins[i] = (AssayReliability) { counts[i][0] * times, counts[i][1] * times,
                                   (i + .5) / ASSAY_EVALUATION_BINS };
  assay_reliability_chart_set_bins (ASSAY_RELIABILITY_CHART (chart), bins);
  return chart;
}

static GtkWidget *
new_figures (void)
{
  static const char *const figures[][3] = {
    { "Accuracy", "90.0\u202f%", "95\u202f% interval 79.9–95.3\u202f%" },
    { "Macro F1", "0.899", "mean of the five labels" },
    { "Top-2 accuracy", "96.7\u202f%", "58 of 60 in the first two" },
    { "Calibration error", "0.062", "15 bins · too few images to tell" },
    { "Images", "60", "12 per label" },
  };
  GtkWidget *box = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (box), TRUE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (box), 2);
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      GtkWidget *card = assay_figure_card_new (figures[i][0]);

      assay_figure_card_set_figure (ASSAY_FIGURE_CARD (card), figures[i][1], figures[i][2]);
      gtk_widget_add_css_class (card, "card");
      gtk_flow_box_insert (GTK_FLOW_BOX (box), card, -1);
    }
  return box;
}

/* Answers of a model that knows itself: the higher the score, the more are right. */
AssayEvaluation *
chart_samples_new_evaluation (guint n)
{
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();

  for (guint i = 0; i < n; i++)
    {
      double score = 0.34 + 0.66 * pow ((i + 1.0) / n, 0.4);
      const double scores[] = { score, 1 - score };
      gboolean right = i % 7 != 0 || i * 5 > 4 * n;
      const char *const labels[] = { flowers[i % 5], flowers[(i + 1) % 5] };
      g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 2);

      assay_evaluation_add (evaluation, labels[right ? 0 : 1], prediction);
    }
  return g_steal_pointer (&evaluation);
}

static GtkWidget *
new_coverage (guint n)
{
  g_autoptr (AssayEvaluation) evaluation = chart_samples_new_evaluation (n);
  GtkWidget *chart = assay_coverage_chart_new ();

  assay_coverage_chart_set_evaluation (ASSAY_COVERAGE_CHART (chart), evaluation);
  assay_coverage_chart_set_threshold (ASSAY_COVERAGE_CHART (chart), 0.8);
  return chart;
}

static GtkWidget *
new_paired (gboolean compact)
{
  static const char *const order[] = { "tulips", "roses", "sunflowers", "dandelion", "daisy" };
  static const double before[] = { .342, .583, .0408, .0222, .0120 };
  static const double after[] = { .816, .142, .0214, .0126, .0080 };
  g_autoptr (AssayPrediction) baseline = widget_support_predict (order, before, 5);
  g_autoptr (AssayPrediction) candidate = widget_support_predict (order, after, 5);
  GtkWidget *chart = assay_paired_chart_new ();

  assay_paired_chart_set_names (ASSAY_PAIRED_CHART (chart), "version 1", "version 2");
  assay_paired_chart_set_compact (ASSAY_PAIRED_CHART (chart), compact);
  assay_paired_chart_set_predictions (ASSAY_PAIRED_CHART (chart), baseline, candidate, "tulips");
  return chart;
}

/* A thousand labels of which the baseline sent two. */
static GtkWidget *
new_paired_many (void)
{
  static const char *const few[] = { "label 0000", "label 0003" };
  static const double scores[] = { .9, .05 };
  g_autoptr (AssayPrediction) baseline = widget_support_predict (few, scores, 2);
  g_autoptr (AssayPrediction) candidate = widget_support_predict_many (1000, 0.7);
  GtkWidget *chart = assay_paired_chart_new ();

  assay_paired_chart_set_names (ASSAY_PAIRED_CHART (chart), "flowers · v1 · 26 Nov 2026, 13:05",
                                "flowers · v2");
  assay_paired_chart_set_predictions (ASSAY_PAIRED_CHART (chart), baseline, candidate, NULL);
  return chart;
}

/**
 * chart_samples_new:
 * @name: which one
 *
 * Returns: (transfer floating) (nullable): that chart; %NULL if there is none such
 */
GtkWidget *
chart_samples_new (const char *name)
{
  if (g_strcmp0 (name, "confusion") == 0)
    return new_confusion ();
  if (g_strcmp0 (name, "confusion-empty") == 0)
    return assay_confusion_chart_new ();
  if (g_strcmp0 (name, "confusion-10") == 0)
    return new_many (10, ASSAY_CONFUSION_COUNTS);
  if (g_strcmp0 (name, "confusion-20") == 0)
    return new_many (20, ASSAY_CONFUSION_COUNTS);
  if (g_strcmp0 (name, "confusion-20-rows") == 0)
    return new_many (20, ASSAY_CONFUSION_ROWS);
  if (g_strcmp0 (name, "reliability") == 0)
    return new_reliability (1);
  if (g_strcmp0 (name, "reliability-many") == 0)
    return new_reliability (123);
  if (g_strcmp0 (name, "reliability-empty") == 0)
    return assay_reliability_chart_new ();
  if (g_strcmp0 (name, "figures") == 0)
    return new_figures ();
  if (g_strcmp0 (name, "coverage") == 0)
    return new_coverage (1000);
  if (g_strcmp0 (name, "coverage-few") == 0)
    return new_coverage (12);
  if (g_strcmp0 (name, "coverage-empty") == 0)
    return assay_coverage_chart_new ();
  if (g_strcmp0 (name, "paired") == 0)
    return new_paired (FALSE);
  if (g_strcmp0 (name, "paired-compact") == 0)
    return new_paired (TRUE);
  if (g_strcmp0 (name, "paired-many") == 0)
    return new_paired_many ();
  return NULL;
}
