/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-reliability-chart.h"
#include "chart-samples.h"
#include "widget-support.h"

#define NB "\u202f"

static AssayReliabilityChart *
show_chart (GtkWidget **window,
            const char *name)
{
  GtkWidget *chart = chart_samples_new (name);

  *window = widget_support_show (chart, 400, 420);
  return ASSAY_RELIABILITY_CHART (chart);
}

static AssayChartSpot *
get_spot (AssayReliabilityChart *chart,
          guint bin)
{
  return assay_chart_field_get_spot (assay_reliability_chart_get_field (chart), 0, bin);
}

static void
test_bins (void)
{
  GtkWidget *window;
  AssayReliabilityChart *chart = show_chart (&window, "reliability");

  g_assert_null (assay_chart_spot_get_sentence (get_spot (chart, 0)));
  g_assert_cmpstr (assay_chart_spot_get_sentence (get_spot (chart, 11)), ==,
                   "Scores above 73.33" NB "%, up to 80" NB "%: 3 of 4 right, "
                   "mean score 76.7" NB "% (fewer than 10 images)");
  g_assert_cmpstr (assay_chart_spot_get_sentence (get_spot (chart, 14)), ==,
                   "Scores above 93.33" NB "%, up to 100" NB "%: 33 of 33 right, "
                   "mean score 96.7" NB "%");
  g_assert_nonnull (widget_support_find_label (
    GTK_WIDGET (chart), "hollow: fewer than 10 images · too few images to tell"));
  gtk_window_destroy (GTK_WINDOW (window));

  chart = show_chart (&window, "reliability-many");
  g_assert_null (
    widget_support_find_label (GTK_WIDGET (chart), "hollow: fewer than 10 images"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A bar is as high as its share; solid from ten images on. */
static void
test_pixels (void)
{
  GtkWidget *window;
  AssayReliabilityChart *chart = show_chart (&window, "reliability");
  GtkWidget *hollow = GTK_WIDGET (get_spot (chart, 6)), *solid = GTK_WIDGET (get_spot (chart, 14));
  int height = gtk_widget_get_height (hollow), middle = gtk_widget_get_width (hollow) / 2;
  guint32 nothing = widget_support_get_pixel (hollow, middle, height / 4 + 4);
  guint32 inside = widget_support_get_pixel (hollow, middle, height * 3 / 4 - 4);
  guint32 edge = widget_support_get_pixel (hollow, 0, height * 3 / 4);
  guint32 full = widget_support_get_pixel (solid, middle, height / 4 + 2);

  g_assert_cmphex (edge, ==, 0x3584e4);
  g_assert_cmphex (inside, !=, nothing);
  g_assert_cmphex (inside, !=, edge);
  g_assert_cmphex (full, !=, nothing);
  g_assert_cmphex (full, !=, inside);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
activated_cb (AssayReliabilityChart *chart,
              guint bin,
              guint *last)
{
  *last = bin;
}

/* Empty bins are passed over. */
static void
test_keyboard (void)
{
  GtkWidget *window;
  AssayReliabilityChart *chart = show_chart (&window, "reliability");
  guint last = G_MAXUINT;

  g_signal_connect (chart, "bin-activated", G_CALLBACK (activated_cb), &last);
  g_assert_false (gtk_widget_get_focusable (GTK_WIDGET (get_spot (chart, 0))));
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (get_spot (chart, 5))));
  g_signal_emit_by_name (get_spot (chart, 5), "move", -1, 0);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == GTK_WIDGET (get_spot (chart, 5)));
  g_signal_emit_by_name (get_spot (chart, 5), "move", 1, 0);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == GTK_WIDGET (get_spot (chart, 6)));
  gtk_widget_activate (gtk_window_get_focus (GTK_WINDOW (window)));
  g_assert_cmpuint (last, ==, 6);
  gtk_widget_activate (GTK_WIDGET (get_spot (chart, 0)));
  g_assert_cmpuint (last, ==, 6);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* When the images of the focused bin go, the tab key finds another one. */
static void
test_emptied (void)
{
  GtkWidget *window;
  AssayReliabilityChart *chart = show_chart (&window, "reliability");
  AssayReliability bins[ASSAY_EVALUATION_BINS] = { [3] = { 2, 1, .23 } };

  assay_reliability_chart_set_bins (chart, bins);
  g_assert_false (gtk_widget_get_focusable (GTK_WIDGET (get_spot (chart, 5))));
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (get_spot (chart, 3))));
  bins[3].n = 0;
  assay_reliability_chart_set_bins (chart, bins);
  g_assert_false (gtk_widget_get_focusable (GTK_WIDGET (get_spot (chart, 3))));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_lets_go (void)
{
  g_assert_finalize_object (g_object_ref_sink (chart_samples_new ("reliability")));
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

  g_test_add_func ("/assay/reliability-chart/bins", test_bins);
  g_test_add_func ("/assay/reliability-chart/pixels", test_pixels);
  g_test_add_func ("/assay/reliability-chart/keyboard", test_keyboard);
  g_test_add_func ("/assay/reliability-chart/emptied", test_emptied);
  g_test_add_func ("/assay/reliability-chart/lets-go", test_lets_go);
  return g_test_run ();
}
