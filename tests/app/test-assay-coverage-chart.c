/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-chart-plot.h"
#include "assay-coverage-chart.h"
#include "chart-samples.h"
#include "widget-support.h"

#define NB "\u202f"

/* Ten images: scores 0.55, 0.60 … 1.00; the two lowest are wrong. */
static AssayEvaluation *
new_ten (void)
{
  const char *const labels[] = { "roses", "tulips" };
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();

  for (int i = 0; i < 10; i++)
    {
      const double scores[] = { 0.55 + 0.05 * i, 0.45 - 0.05 * i };
      g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 2);

      assay_evaluation_add (evaluation, i < 2 ? "tulips" : "roses", prediction);
    }
  return g_steal_pointer (&evaluation);
}

static void
test_sentences (void)
{
  g_autoptr (AssayEvaluation) evaluation = new_ten ();
  GtkWidget *chart = g_object_ref_sink (assay_coverage_chart_new ());
  AssayCoverageChart *self = ASSAY_COVERAGE_CHART (chart);

  g_assert_cmpstr (assay_coverage_chart_get_sentence (self), ==,
                   "No image has a truth and an answer yet");
  assay_coverage_chart_set_evaluation (self, evaluation);
  g_assert_cmpstr (assay_coverage_chart_get_sentence (self), ==,
                   "Scores above 60" NB "%: 90.0" NB "% of images answered, "
                   "88.9" NB "% of them right");
  assay_coverage_chart_set_threshold (self, 0.8);
  g_assert_cmpstr (assay_coverage_chart_get_sentence (self), ==,
                   "Scores above 80" NB "%: 50.0" NB "% of images answered, "
                   "100" NB "% of them right");
  g_assert_cmpstr (assay_coverage_chart_get_found (self), ==,
                   "60.01" NB "%, with 80.0" NB "% answered");
  assay_coverage_chart_set_wish (self, 0.8);
  g_assert_cmpstr (assay_coverage_chart_get_found (self), ==, "0" NB "%, with 100" NB "% answered");
  g_assert_finalize_object (chart);
}

static void
test_unreachable (void)
{
  const char *const labels[] = { "roses", "tulips" };
  const double scores[] = { .7, .3 };
  g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 2);
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();
  GtkWidget *chart = g_object_ref_sink (assay_coverage_chart_new ());
  AssayCoverageChart *self = ASSAY_COVERAGE_CHART (chart);

  assay_coverage_chart_set_evaluation (self, evaluation);
  assay_evaluation_add (evaluation, "tulips", prediction);
  assay_coverage_chart_update (self);
  g_assert_cmpstr (assay_coverage_chart_get_found (self), ==, "none reaches it");
  assay_coverage_chart_set_threshold (self, 0.9);
  g_assert_cmpstr (assay_coverage_chart_get_sentence (self), ==,
                   "Scores above 90" NB "%: no image is answered");
  g_assert_finalize_object (chart);
}

static GtkWidget *
find_type (GtkWidget *widget,
           GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
count_cb (guint *times)
{
  (*times)++;
}

/* The slider and the property are one; the button takes what was found. */
static void
test_slider (void)
{
  GtkWidget *chart = chart_samples_new ("coverage");
  AssayCoverageChart *self = ASSAY_COVERAGE_CHART (chart);
  GtkWidget *window = widget_support_show (chart, 420, 520);
  GtkWidget *slider = find_type (chart, GTK_TYPE_SCALE);
  guint times = 0;

  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (slider)), ==, 0.8);
  g_signal_connect_swapped (chart, "notify::threshold", G_CALLBACK (count_cb), &times);
  gtk_range_set_value (GTK_RANGE (slider), 0.25);
  g_assert_cmpfloat (assay_coverage_chart_get_threshold (self), ==, 0.25);
  g_assert_cmpuint (times, ==, 1);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (slider), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Threshold");
  g_signal_emit_by_name (gtk_widget_get_parent (widget_support_find_label (chart, "Use")),
                         "clicked");
  g_assert_cmpfloat (assay_coverage_chart_get_threshold (self), >, 0.25);
  g_assert_cmpuint (times, ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_wish (void)
{
  GtkWidget *chart = g_object_ref_sink (chart_samples_new ("coverage"));
  AssayCoverageChart *self = ASSAY_COVERAGE_CHART (chart);
  GtkWidget *entry = find_type (chart, GTK_TYPE_SPIN_BUTTON);
  guint times = 0;

  g_signal_connect_swapped (chart, "notify::wish", G_CALLBACK (count_cb), &times);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (entry), 99);
  g_assert_cmpfloat_with_epsilon (assay_coverage_chart_get_wish (self), 0.99, 1e-12);
  assay_coverage_chart_set_wish (self, 0.9123);
  g_assert_cmpfloat (assay_coverage_chart_get_wish (self), ==, 0.9123);
  g_assert_cmpuint (times, ==, 2);
  g_assert_finalize_object (chart);
}

/* Images that are all answered with one score, and all of them right or none. */
static AssayEvaluation *
new_alike (double score,
           gboolean right)
{
  const char *const labels[] = { "roses", "tulips" };
  const double scores[] = { score, 1 - score };
  g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 2);
  g_autoptr (AssayEvaluation) evaluation = assay_evaluation_new ();

  for (int i = 0; i < 4; i++)
    assay_evaluation_add (evaluation, right ? "roses" : "tulips", prediction);
  return g_steal_pointer (&evaluation);
}

/* Where both curves are one as well as where they are far apart. */
static void
assert_names_apart (AssayCoverageChart *self,
                    gboolean wanted)
{
  GtkWidget *plot = find_type (GTK_WIDGET (self), ASSAY_TYPE_CHART_PLOT);
  graphene_rect_t area, places[2];

  assay_chart_plot_get_area (ASSAY_CHART_PLOT (plot), &area);
  for (guint i = 0; i < 2; i++)
    {
      gboolean placed = assay_coverage_chart_get_name_place (self, i == 1, &places[i]);

      g_assert_true (placed || !wanted);
      g_assert_true (!placed || graphene_rect_contains_rect (&area, &places[i]));
    }
  g_assert_false (graphene_rect_intersection (&places[0], &places[1], NULL)
                  && places[0].size.width > 0 && places[1].size.width > 0);
}

static void
test_names (void)
{
  static const int sizes[][2] = { { 420, 520 }, { 300, 460 }, { 260, 420 } };
  GtkWidget *chart = g_object_ref_sink (assay_coverage_chart_new ());
  AssayCoverageChart *self = ASSAY_COVERAGE_CHART (chart);

  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
    {
      GtkWidget *window = widget_support_show (chart, sizes[size][0], sizes[size][1]);

      for (int percent = 50; percent <= 100; percent += 5)
        for (int right = 0; right < 2; right++)
          {
            g_autoptr (AssayEvaluation) evaluation = new_alike (percent / 100.0, right);

            assay_coverage_chart_set_evaluation (self, evaluation);
            for (int threshold = 0; threshold <= 100; threshold += 20)
              {
                assay_coverage_chart_set_threshold (self, threshold / 100.0);
                assert_names_apart (self, right);
              }
          }
      gtk_window_set_child (GTK_WINDOW (window), NULL);
      gtk_window_destroy (GTK_WINDOW (window));
    }
  g_assert_finalize_object (chart);
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

  g_test_add_func ("/assay/coverage-chart/sentences", test_sentences);
  g_test_add_func ("/assay/coverage-chart/unreachable", test_unreachable);
  g_test_add_func ("/assay/coverage-chart/slider", test_slider);
  g_test_add_func ("/assay/coverage-chart/wish", test_wish);
  g_test_add_func ("/assay/coverage-chart/names-stand-apart", test_names);
  return g_test_run ();
}
