/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-paired-chart.h"
#include "chart-samples.h"
#include "widget-support.h"

#define NB "\u202f"

static AssayPairedChart *
show_chart (GtkWidget **window,
            const char *name)
{
  GtkWidget *chart = chart_samples_new (name);

  *window = widget_support_show (chart, 600, 700);
  return ASSAY_PAIRED_CHART (chart);
}

static void
assert_line (AssayPairedChart *chart,
             guint line,
             const char *baseline,
             const char *candidate,
             const char *difference)
{
  g_assert_cmpstr (assay_paired_chart_get_value_text (chart, line, FALSE), ==, baseline);
  g_assert_cmpstr (assay_paired_chart_get_value_text (chart, line, TRUE), ==, candidate);
  g_assert_cmpstr (assay_paired_chart_get_difference (chart, line), ==, difference);
}

static void
assert_heard (AssayPairedChart *chart,
              guint line,
              gboolean candidate,
              double value,
              const char *spoken)
{
  GtkLevelBar *level =
    assay_probability_bar_get_level (assay_paired_chart_get_bar (chart, line, candidate));

  g_assert_cmpfloat (gtk_level_bar_get_value (level), ==, value);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (level), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       spoken);
}

static void
test_flowers (void)
{
  GtkWidget *window;
  AssayPairedChart *chart = show_chart (&window, "paired");

  g_assert_cmpuint (assay_paired_chart_get_n_lines (chart), ==, 5);
  assert_line (chart, 0, "34.2" NB "%", "81.6" NB "%", "+47.4" NB "pp");
  assert_line (chart, 1, "58.3" NB "%", "14.2" NB "%", "−44.1" NB "pp");
  assert_line (chart, 3, "2.22" NB "%", "1.26" NB "%", "−0.96" NB "pp");
  assert_heard (chart, 0, FALSE, .342, "version 1: tulips, 34.2 percent");
  assert_heard (chart, 0, TRUE, .816, "version 2: tulips, 81.6 percent");
  g_assert_cmpint (assay_probability_bar_get_look (assay_paired_chart_get_bar (chart, 0, FALSE)),
                   ==, ASSAY_BAR_SOFT);
  g_assert_cmpint (assay_probability_bar_get_look (assay_paired_chart_get_bar (chart, 0, TRUE)),
                   ==, ASSAY_BAR_STRONG);
  g_assert_nonnull (widget_support_find_label (GTK_WIDGET (chart), "threshold 60" NB "%"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Both bars of a label stand on one axis from 0 to 1. */
static void
test_widths (void)
{
  GtkWidget *window;
  AssayPairedChart *chart = show_chart (&window, "paired");
  AssayProbabilityBar *one = assay_paired_chart_get_bar (chart, 0, FALSE);
  AssayProbabilityBar *other = assay_paired_chart_get_bar (chart, 0, TRUE);
  int axis = gtk_widget_get_width (GTK_WIDGET (one)) - 1;
  graphene_rect_t first, second;

  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (other)) - 1, ==, axis);
  g_assert_true (assay_probability_bar_get_rectangle (one, &first));
  g_assert_true (assay_probability_bar_get_rectangle (other, &second));
  g_assert_cmpfloat (fabs (first.size.width - .342 * axis), <=, 0.5);
  g_assert_cmpfloat (fabs (second.size.width - .816 * axis), <=, 0.5);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The candidate's order, its ten best; what the baseline did not send has no value. */
static void
test_many (void)
{
  GtkWidget *window;
  AssayPairedChart *chart = show_chart (&window, "paired-many");
  graphene_rect_t filled;

  g_assert_cmpuint (assay_paired_chart_get_n_lines (chart), ==, 10);
  assert_line (chart, 0, "90.0" NB "%", "70.0" NB "%", "−20.0" NB "pp");
  assert_line (chart, 1, "–", "0.030" NB "%", "");
  assert_line (chart, 3, "5.00" NB "%", "0.030" NB "%", "−5.0" NB "pp");
  assert_heard (chart, 1, FALSE, 0,
                "flowers · v1 · 26 Nov 2026, 13:05: label 0001, not sent");
  g_assert_false (assay_probability_bar_get_rectangle (
    assay_paired_chart_get_bar (chart, 1, FALSE), &filled));
  g_assert_nonnull (widget_support_find_label (GTK_WIDGET (chart), "990 more"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Logits: an axis over what both span, and differences that are no points. */
static void
test_not_probabilities (void)
{
  const char *const labels[] = { "roses", "tulips" };
  const double before[] = { 2, -2 };
  const double after[] = { 6, 1 };
  g_autoptr (AssayPrediction) baseline = widget_support_predict (labels, before, 2);
  g_autoptr (AssayPrediction) candidate = widget_support_predict (labels, after, 2);
  GtkWidget *widget = g_object_ref_sink (assay_paired_chart_new ());
  AssayPairedChart *chart = ASSAY_PAIRED_CHART (widget);

  assay_paired_chart_set_names (chart, "a", "b");
  assay_paired_chart_set_predictions (chart, baseline, candidate, "roses");
  assert_line (chart, 0, "2", "6", "+4");
  assert_line (chart, 1, "-2", "1", "+3");
  assert_heard (chart, 0, TRUE, 1, "b: roses, score 6");
  assert_heard (chart, 1, FALSE, 0, "a: tulips, score -2");
  g_assert_null (widget_support_find_label (widget, "threshold 60" NB "%"));
  assay_paired_chart_set_predictions (chart, NULL, candidate, NULL);
  g_assert_cmpuint (assay_paired_chart_get_n_lines (chart), ==, 0);
  g_assert_finalize_object (widget);
}

static void
test_smallest_difference (void)
{
  const char *const labels[] = { "roses", "tulips" };
  const double before[] = { .5, .5 };
  const double after[] = { .50001, .49999 };
  g_autoptr (AssayPrediction) baseline = widget_support_predict (labels, before, 2);
  g_autoptr (AssayPrediction) candidate = widget_support_predict (labels, after, 2);
  GtkWidget *widget = g_object_ref_sink (assay_paired_chart_new ());

  assay_paired_chart_set_predictions (ASSAY_PAIRED_CHART (widget), baseline, candidate, NULL);
  g_assert_cmpstr (assay_paired_chart_get_difference (ASSAY_PAIRED_CHART (widget), 0), ==,
                   "< 0.01" NB "pp");
  assay_paired_chart_set_predictions (ASSAY_PAIRED_CHART (widget), baseline, baseline, NULL);
  g_assert_cmpstr (assay_paired_chart_get_difference (ASSAY_PAIRED_CHART (widget), 0), ==,
                   "0" NB "pp");
  g_assert_finalize_object (widget);
}

static void
test_right_to_left (void)
{
  GtkWidget *window;
  AssayPairedChart *chart;
  AssayProbabilityBar *bar;
  graphene_rect_t filled;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  chart = show_chart (&window, "paired");
  bar = assay_paired_chart_get_bar (chart, 1, TRUE);
  g_assert_true (assay_probability_bar_get_rectangle (bar, &filled));
  g_assert_cmpfloat (filled.origin.x + filled.size.width, ==,
                     gtk_widget_get_width (GTK_WIDGET (bar)));
  gtk_window_destroy (GTK_WINDOW (window));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
test_compact (void)
{
  GtkWidget *window;
  AssayPairedChart *chart = show_chart (&window, "paired-compact");

  assert_line (chart, 0, "34.2" NB "%", "81.6" NB "%", "+47.4" NB "pp");
  g_assert_null (widget_support_find_label (GTK_WIDGET (chart), "difference"));
  assay_paired_chart_set_compact (chart, FALSE);
  assert_line (chart, 0, "34.2" NB "%", "81.6" NB "%", "+47.4" NB "pp");
  g_assert_nonnull (widget_support_find_label (GTK_WIDGET (chart), "difference"));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

  g_test_add_func ("/assay/paired-chart/flowers", test_flowers);
  g_test_add_func ("/assay/paired-chart/widths", test_widths);
  g_test_add_func ("/assay/paired-chart/many", test_many);
  g_test_add_func ("/assay/paired-chart/not-probabilities", test_not_probabilities);
  g_test_add_func ("/assay/paired-chart/smallest-difference", test_smallest_difference);
  g_test_add_func ("/assay/paired-chart/right-to-left", test_right_to_left);
  g_test_add_func ("/assay/paired-chart/compact", test_compact);
  return g_test_run ();
}
