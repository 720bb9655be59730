/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <adwaita.h>
#include <math.h>

#include "assay-probability-chart.h"
#include "assay-score-list.h"
#include "widget-support.h"

#define NB "\u202f"

/* The answer that the service's own tutorial prints. */
static const char *const tutorial_labels[] = { "roses", "tulips", "sunflowers", "dandelion",
                                               "daisy" };
static const double tutorial_scores[] = {
  .9573449492454529, .0396801233291626, .0027627646923065186, .00018524238839745522,
  .0000269435749942204,
};

static AssayProbabilityChart *
show_chart (GtkWidget **window,
            AssayPrediction *prediction)
{
  GtkWidget *chart = assay_probability_chart_new ();

  assay_probability_chart_set_prediction (ASSAY_PROBABILITY_CHART (chart), prediction);
  *window = widget_support_show (chart, 700, 520);
  return ASSAY_PROBABILITY_CHART (chart);
}

static float
get_bar_width (AssayProbabilityChart *chart,
               guint line)
{
  graphene_rect_t rectangle;

  if (!assay_probability_bar_get_rectangle (assay_probability_chart_get_bar (chart, line),
                                            &rectangle))
    return 0;
  return rectangle.size.width;
}

static void
assert_line (AssayProbabilityChart *chart,
             guint line,
             const char *value,
             double level,
             const char *spoken)
{
  GtkLevelBar *bar =
      assay_probability_bar_get_level (assay_probability_chart_get_bar (chart, line));

  g_assert_cmpstr (assay_probability_chart_get_value_text (chart, line), ==, value);
  g_assert_cmpfloat (gtk_level_bar_get_value (bar), ==, level);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_ROLE_METER);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN,
                                       0.0);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_VALUE_MAX,
                                       1.0);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                       level);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken);
}

static void
test_tutorial (void)
{
  g_autoptr (AssayPrediction) prediction =
    widget_support_predict (tutorial_labels, tutorial_scores, G_N_ELEMENTS (tutorial_scores));
  GtkWidget *window;
  AssayProbabilityChart *chart = show_chart (&window, prediction);

  g_assert_cmpuint (assay_probability_chart_get_n_lines (chart), ==, 5);
  assert_line (chart, 0, "95.7" NB "%", .9573449492454529, "roses, 95.7 percent");
  assert_line (chart, 1, "3.97" NB "%", .0396801233291626, "tulips, 3.97 percent");
  assert_line (chart, 2, "0.28" NB "%", .0027627646923065186, "sunflowers, 0.28 percent");
  assert_line (chart, 3, "0.019" NB "%", .00018524238839745522, "dandelion, 0.019 percent");
  assert_line (chart, 4, "0.0027" NB "%", .0000269435749942204, "daisy, 0.0027 percent");
  g_assert_nonnull (widget_support_find_label (GTK_WIDGET (chart), "threshold 60" NB "%"));
  g_assert_nonnull (widget_support_find_label (GTK_WIDGET (chart), "0" NB "%"));
  g_assert_nonnull (widget_support_find_label (GTK_WIDGET (chart), "100" NB "%"));
  g_assert_null (widget_support_find_label (GTK_WIDGET (chart), "not sent"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* One axis from 0 to 1: the widths are the scores, and the smallest still shows. */
static void
test_widths (void)
{
  g_autoptr (AssayPrediction) prediction =
    widget_support_predict (tutorial_labels, tutorial_scores, G_N_ELEMENTS (tutorial_scores));
  GtkWidget *window;
  AssayProbabilityChart *chart = show_chart (&window, prediction);
  int axis = gtk_widget_get_width (GTK_WIDGET (assay_probability_chart_get_bar (chart, 0))) - 1;

  g_assert_cmpint (axis, >, 300);
  for (guint line = 0; line < G_N_ELEMENTS (tutorial_scores); line++)
    {
      float width = get_bar_width (chart, line);

      g_assert_cmpfloat (width, >=, 2);
      g_assert_cmpfloat (fabs (width - MAX (2, tutorial_scores[line] * axis)), <=, 0.5);
    }
  g_assert_cmpint (assay_probability_bar_get_look (assay_probability_chart_get_bar (chart, 0)), ==,
                   ASSAY_BAR_STRONG);
  g_assert_cmpint (assay_probability_bar_get_look (assay_probability_chart_get_bar (chart, 1)), ==,
                   ASSAY_BAR_SOFT);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_zero_and_one (void)
{
  const char *const labels[] = { "roses", "tulips" };
  const double scores[] = { 1, 0 };
  g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 2);
  GtkWidget *window;
  AssayProbabilityChart *chart = show_chart (&window, prediction);
  int axis = gtk_widget_get_width (GTK_WIDGET (assay_probability_chart_get_bar (chart, 0))) - 1;

  assert_line (chart, 0, "100" NB "%", 1, "roses, 100 percent");
  assert_line (chart, 1, "0" NB "%", 0, "tulips, 0 percent");
  g_assert_cmpfloat (get_bar_width (chart, 0), ==, axis);
  g_assert_cmpfloat (get_bar_width (chart, 1), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_ten_and_more (void)
{
  g_autoptr (AssayPrediction) prediction = widget_support_predict_many (1000, 0.7);
  GtkWidget *window;
  AssayProbabilityChart *chart = show_chart (&window, prediction);
  GtkWidget *list;

  g_assert_cmpuint (assay_probability_chart_get_n_lines (chart), ==, 10);
  /* 0.7 for the first, 0.3 / 999 for each of the others: 990 of them are 29.7 %. */
  g_assert_nonnull (
      widget_support_find_label (GTK_WIDGET (chart), "990 more, together 29.7" NB "%"));

  list = g_object_ref_sink (assay_score_list_new (prediction));
  g_assert_cmpuint (assay_score_list_get_n_shown (ASSAY_SCORE_LIST (list)), ==, 1000);
  assay_score_list_search (ASSAY_SCORE_LIST (list), "label 0999");
  g_assert_cmpuint (assay_score_list_get_n_shown (ASSAY_SCORE_LIST (list)), ==, 1);
  assay_score_list_search (ASSAY_SCORE_LIST (list), "no such label");
  g_assert_cmpuint (assay_score_list_get_n_shown (ASSAY_SCORE_LIST (list)), ==, 0);
  g_assert_nonnull (widget_support_find_label (list, "No label matches"));
  g_assert_finalize_object (list);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_not_sent (void)
{
  const char *const labels[] = { "roses", "tulips" };
  const double scores[] = { .5, .14 };
  g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 2);
  GtkWidget *window;
  AssayProbabilityChart *chart = show_chart (&window, prediction);

  g_assert_cmpuint (assay_probability_chart_get_n_lines (chart), ==, 3);
  assert_line (chart, 2, "36.0" NB "%", 1 - (.5 + .14), "not sent: 36.0 percent");
  g_assert_cmpint (assay_probability_bar_get_look (assay_probability_chart_get_bar (chart, 2)), ==,
                   ASSAY_BAR_HATCHED);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_independent (void)
{
  const char *const labels[] = { "roses", "tulips" };
  const double scores[] = { .9, .8 };
  g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 2);
  GtkWidget *window;
  AssayProbabilityChart *chart = show_chart (&window, prediction);

  g_assert_nonnull (widget_support_find_label (GTK_WIDGET (chart), "independent scores"));
  assert_line (chart, 1, "80.0" NB "%", .8, "tulips, 80.0 percent");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Logits: an axis over what they span, bars from zero to both sides. */
static void
test_not_probabilities (void)
{
  const char *const labels[] = { "roses", "tulips", "daisy" };
  const double scores[] = { 6, 2, -2 };
  g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 3);
  GtkWidget *window;
  AssayProbabilityChart *chart = show_chart (&window, prediction);
  graphene_rect_t first, last;

  g_assert_nonnull (
      widget_support_find_label (GTK_WIDGET (chart), "These scores are not probabilities"));
  g_assert_null (widget_support_find_label (GTK_WIDGET (chart), "threshold 60" NB "%"));
  assert_line (chart, 0, "6", 1, "roses, score 6");
  assert_line (chart, 1, "2", .5, "tulips, score 2");
  assert_line (chart, 2, "-2", 0, "daisy, score -2");
  assay_probability_bar_get_rectangle (assay_probability_chart_get_bar (chart, 0), &first);
  assay_probability_bar_get_rectangle (assay_probability_chart_get_bar (chart, 2), &last);
  g_assert_cmpfloat (last.origin.x, ==, 0);
  g_assert_cmpfloat (last.size.width, ==, first.origin.x);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Within five points neither has a crown; equal scores stand by label. */
static void
test_close (void)
{
  const char *const labels[] = { "tulips", "roses", "daisy" };
  const double scores[] = { .4, .4, .2 };
  g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 3);
  GtkWidget *window;
  AssayProbabilityChart *chart = show_chart (&window, prediction);

  assert_line (chart, 0, "40.0" NB "%", .4, "roses, 40.0 percent");
  g_assert_cmpint (assay_probability_bar_get_look (assay_probability_chart_get_bar (chart, 0)), ==,
                   ASSAY_BAR_STRONG);
  g_assert_cmpint (assay_probability_bar_get_look (assay_probability_chart_get_bar (chart, 1)), ==,
                   ASSAY_BAR_STRONG);
  g_assert_cmpint (assay_probability_bar_get_look (assay_probability_chart_get_bar (chart, 2)), ==,
                   ASSAY_BAR_SOFT);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_right_to_left (void)
{
  g_autoptr (AssayPrediction) prediction =
    widget_support_predict (tutorial_labels, tutorial_scores, G_N_ELEMENTS (tutorial_scores));
  GtkWidget *window;
  AssayProbabilityChart *chart;
  AssayProbabilityBar *bar;
  graphene_rect_t rectangle, bounds;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  chart = show_chart (&window, prediction);
  bar = assay_probability_chart_get_bar (chart, 1);
  g_assert_true (assay_probability_bar_get_rectangle (bar, &rectangle));
  g_assert_cmpfloat (rectangle.origin.x + rectangle.size.width, ==,
                     gtk_widget_get_width (GTK_WIDGET (bar)));
  /* The labels stand at the right of the bars then. */
  g_assert_true (gtk_widget_compute_bounds (
      GTK_WIDGET (widget_support_find_label (GTK_WIDGET (chart), "roses")), GTK_WIDGET (bar),
      &bounds));
  g_assert_cmpfloat (bounds.origin.x, >, gtk_widget_get_width (GTK_WIDGET (bar)));
  gtk_window_destroy (GTK_WINDOW (window));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* What stands on the screen: a solid first bar, an outlined second, a threshold. */
static void
test_pixels (void)
{
  const char *const labels[] = { "roses", "tulips" };
  const double scores[] = { .7, .3 };
  g_autoptr (AssayPrediction) prediction = widget_support_predict (labels, scores, 2);
  GtkWidget *window;
  AssayProbabilityChart *chart = show_chart (&window, prediction);
  AssayProbabilityBar *first = assay_probability_chart_get_bar (chart, 0);
  AssayProbabilityBar *second = assay_probability_chart_get_bar (chart, 1);
  graphene_rect_t filled;
  guint32 accent, outline, soft;

  g_assert_true (assay_probability_bar_get_rectangle (first, &filled));
  accent = widget_support_get_pixel (GTK_WIDGET (first), filled.origin.x + 10, filled.origin.y + 5);
  g_assert_cmphex (accent, ==, 0x3584e4);
  g_assert_true (assay_probability_bar_get_rectangle (second, &filled));
  outline = widget_support_get_pixel (GTK_WIDGET (second), filled.origin.x + 10, filled.origin.y);
  soft = widget_support_get_pixel (GTK_WIDGET (second), filled.origin.x + 10, filled.origin.y + 5);
  g_assert_cmphex (outline, ==, accent);
  g_assert_cmphex (soft, !=, accent);
  g_assert_cmphex (
      soft, !=,
      widget_support_get_pixel (GTK_WIDGET (second), filled.size.width + 10, filled.origin.y + 5));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_lets_go (void)
{
  g_autoptr (AssayPrediction) prediction =
    widget_support_predict (tutorial_labels, tutorial_scores, G_N_ELEMENTS (tutorial_scores));
  GtkWidget *chart = g_object_ref_sink (assay_probability_chart_new ());

  assay_probability_chart_set_prediction (ASSAY_PROBABILITY_CHART (chart), prediction);
  assay_probability_chart_set_threshold (ASSAY_PROBABILITY_CHART (chart), 0.8);
  assay_probability_chart_set_compact (ASSAY_PROBABILITY_CHART (chart), TRUE);
  g_assert_finalize_object (chart);
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

  g_test_add_func ("/assay/probability-chart/tutorial", test_tutorial);
  g_test_add_func ("/assay/probability-chart/widths", test_widths);
  g_test_add_func ("/assay/probability-chart/zero-and-one", test_zero_and_one);
  g_test_add_func ("/assay/probability-chart/ten-and-more", test_ten_and_more);
  g_test_add_func ("/assay/probability-chart/not-sent", test_not_sent);
  g_test_add_func ("/assay/probability-chart/independent", test_independent);
  g_test_add_func ("/assay/probability-chart/not-probabilities", test_not_probabilities);
  g_test_add_func ("/assay/probability-chart/close", test_close);
  g_test_add_func ("/assay/probability-chart/right-to-left", test_right_to_left);
  g_test_add_func ("/assay/probability-chart/pixels", test_pixels);
  g_test_add_func ("/assay/probability-chart/lets-go", test_lets_go);
  return g_test_run ();
}
