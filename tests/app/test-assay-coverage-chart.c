/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

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

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

  g_test_add_func ("/assay/coverage-chart/sentences", test_sentences);
  g_test_add_func ("/assay/coverage-chart/unreachable", test_unreachable);
  g_test_add_func ("/assay/coverage-chart/slider", test_slider);
  g_test_add_func ("/assay/coverage-chart/wish", test_wish);
  return g_test_run ();
}
