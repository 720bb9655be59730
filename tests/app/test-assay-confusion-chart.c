/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-chart-paint.h"
#include "assay-confusion-chart.h"
#include "chart-samples.h"
#include "widget-support.h"

static AssayConfusionChart *
show_chart (GtkWidget **window,
            const char *name)
{
  GtkWidget *chart = chart_samples_new (name);

  *window = widget_support_show (chart, 460, 420);
  return ASSAY_CONFUSION_CHART (chart);
}

static AssayChartField *
get_field (AssayConfusionChart *chart)
{
  return assay_confusion_matrix_get_field (assay_confusion_chart_get_matrix (chart));
}

static void
assert_cell (AssayConfusionChart *chart,
             guint row,
             guint column,
             const char *text,
             const char *sentence)
{
  g_autofree char *shown =
    assay_confusion_matrix_dup_text (assay_confusion_chart_get_matrix (chart), row, column);
  AssayChartSpot *spot = assay_chart_field_get_spot (get_field (chart), row, column);

  g_assert_cmpstr (shown, ==, text);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (spot), GTK_ACCESSIBLE_ROLE_BUTTON);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (spot), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       sentence);
}

static void
test_flowers (void)
{
  GtkWidget *window;
  AssayConfusionChart *chart = show_chart (&window, "confusion");

  g_assert_cmpuint (assay_chart_field_get_n_rows (get_field (chart)), ==, 5);
  assert_cell (chart, 0, 0, "12", "12 of 12 daisy were called daisy");
  assert_cell (chart, 1, 3, "2", "2 of 12 dandelion were called sunflowers");
  assert_cell (chart, 2, 0, "1", "1 of 12 roses was called daisy");
  assert_cell (chart, 0, 1, "", "0 of 12 daisy were called dandelion");
  g_assert_cmpstr (assay_confusion_chart_get_sentence (chart), ==,
                   "2 of 12 dandelion were called sunflowers");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_shares (void)
{
  GtkWidget *window;
  AssayConfusionChart *chart = show_chart (&window, "confusion");

  assay_confusion_chart_set_shares (chart, ASSAY_CONFUSION_ROWS);
  assert_cell (chart, 1, 3, "17", "2 of 12 dandelion were called sunflowers");
  assay_confusion_chart_set_shares (chart, ASSAY_CONFUSION_COLUMNS);
  assert_cell (chart, 1, 3, "15", "2 of 13 called sunflowers are dandelion");
  assert_cell (chart, 2, 4, "8", "1 of 12 called tulips is roses");
  g_assert_cmpstr (assay_confusion_chart_get_sentence (chart), ==,
                   "2 of 13 called sunflowers are dandelion");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What is not all never reads as all, what is not nothing never as nothing. */
static void
test_almost_all (void)
{
  const char *const labels[] = { "a", "b" };
  const guint64 counts[] = { 999, 1, 0, 0, 5, 0, 0, 0, 0 };
  GtkWidget *chart = g_object_ref_sink (assay_confusion_chart_new ());

  assay_confusion_chart_set_counts (ASSAY_CONFUSION_CHART (chart), labels, 2, counts);
  assay_confusion_chart_set_shares (ASSAY_CONFUSION_CHART (chart), ASSAY_CONFUSION_ROWS);
  assert_cell (ASSAY_CONFUSION_CHART (chart), 0, 0, ">99", "999 of 1000 a were called a");
  assert_cell (ASSAY_CONFUSION_CHART (chart), 0, 1, "<1", "1 of 1000 a was called b");
  assert_cell (ASSAY_CONFUSION_CHART (chart), 1, 1, "100", "5 of 5 b were called b");
  g_assert_finalize_object (chart);
}

/* Others have their row and column only where some image needs them, and hide nothing. */
static void
test_others (void)
{
  const char *const labels[] = { "cat", "dog" };
  const guint64 without[] = { 3, 1, 0, 0, 4, 0, 0, 0, 0 };
  const guint64 with[] = { 3, 1, 2, 0, 4, 0, 7, 0, 90 };
  GtkWidget *chart = g_object_ref_sink (assay_confusion_chart_new ());
  AssayConfusionChart *self = ASSAY_CONFUSION_CHART (chart);

  assay_confusion_chart_set_counts (self, labels, 2, without);
  g_assert_cmpuint (assay_chart_field_get_n_rows (get_field (self)), ==, 2);
  assay_confusion_chart_set_counts (self, labels, 2, with);
  g_assert_cmpuint (assay_chart_field_get_n_rows (get_field (self)), ==, 3);
  assert_cell (self, 2, 0, "7", "7 of 97 other were called cat");
  /* All others together are no confusion of one label with another. */
  g_assert_cmpstr (assay_confusion_chart_get_sentence (self), ==, "1 of 6 cat was called dog");
  assay_confusion_chart_set_counts (self, NULL, 0, NULL);
  g_assert_cmpuint (assay_chart_field_get_n_rows (get_field (self)), ==, 0);
  g_assert_cmpstr (assay_confusion_chart_get_sentence (self), ==, "");
  g_assert_finalize_object (chart);
}

typedef struct {
  guint times;
  guint row;
  guint column;
} Activated;

static void
activated_cb (AssayConfusionChart *chart,
              guint row,
              guint column,
              Activated *activated)
{
  activated->times++;
  activated->row = row;
  activated->column = column;
}

static AssayChartSpot *
get_focus (GtkWidget *window)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));

  g_assert_true (ASSAY_IS_CHART_SPOT (focus));
  return ASSAY_CHART_SPOT (focus);
}

static void
press (GtkWidget *window,
       int columns,
       int rows)
{
  g_signal_emit_by_name (get_focus (window), "move", columns, rows);
}

static void
assert_focus (GtkWidget *window,
              guint row,
              guint column)
{
  g_assert_cmpuint (assay_chart_spot_get_row (get_focus (window)), ==, row);
  g_assert_cmpuint (assay_chart_spot_get_column (get_focus (window)), ==, column);
}

/* One stop for the tab key, arrows from cell to cell, and a sentence for each. */
static void
test_keyboard (void)
{
  GtkWidget *window;
  AssayConfusionChart *chart = show_chart (&window, "confusion");
  Activated activated = { 0 };
  guint stops = 0;

  g_signal_connect (chart, "cell-activated", G_CALLBACK (activated_cb), &activated);
  for (guint i = 0; i < 25; i++)
    stops += gtk_widget_get_focusable (
      GTK_WIDGET (assay_chart_field_get_spot (get_field (chart), i / 5, i % 5)));
  g_assert_cmpuint (stops, ==, 1);

  gtk_widget_grab_focus (GTK_WIDGET (assay_chart_field_get_spot (get_field (chart), 0, 0)));
  press (window, 0, 1);
  press (window, G_MAXINT, 0);
  assert_focus (window, 1, 4);
  press (window, -1, 0);
  assert_focus (window, 1, 3);
  gtk_widget_activate (GTK_WIDGET (get_focus (window)));
  g_assert_cmpuint (activated.times, ==, 1);
  g_assert_cmpuint (activated.row, ==, 1);
  g_assert_cmpuint (activated.column, ==, 3);
  /* A cell without images has nothing to open, and there is nothing beyond the last. */
  press (window, 1, 0);
  press (window, 1, 0);
  assert_focus (window, 1, 4);
  gtk_widget_activate (GTK_WIDGET (get_focus (window)));
  g_assert_cmpuint (activated.times, ==, 1);
  g_assert_cmpstr (assay_confusion_chart_get_sentence (chart), ==,
                   "0 of 12 dandelion were called tulips");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The first column stands at the start edge, and the left arrow goes to the left. */
static void
test_right_to_left (void)
{
  GtkWidget *window;
  AssayConfusionChart *chart;
  graphene_rect_t first, last;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  chart = show_chart (&window, "confusion");
  g_assert_true (gtk_widget_compute_bounds (
    GTK_WIDGET (assay_chart_field_get_spot (get_field (chart), 0, 0)), window, &first));
  g_assert_true (gtk_widget_compute_bounds (
    GTK_WIDGET (assay_chart_field_get_spot (get_field (chart), 0, 4)), window, &last));
  g_assert_cmpfloat (first.origin.x, >, last.origin.x);
  gtk_widget_grab_focus (GTK_WIDGET (assay_chart_field_get_spot (get_field (chart), 0, 0)));
  press (window, -1, 0);
  assert_focus (window, 0, 1);
  gtk_window_destroy (GTK_WINDOW (window));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* Numbers can be read on each lightness: 4.5:1 (charts.md, probability bars 10). */
static void
test_contrast (void)
{
  GtkWidget *window;
  GtkWidget *chart = GTK_WIDGET (show_chart (&window, "confusion"));
  GdkRGBA empty, full, light, dark;

  assay_paint_find_color (chart, "assay_cell_color", &empty);
  assay_paint_find_color (chart, "assay_cell_full_color", &full);
  assay_paint_find_color (chart, "assay_cell_light_text_color", &light);
  assay_paint_find_color (chart, "assay_cell_dark_text_color", &dark);
  for (int percent = 0; percent <= 100; percent++)
    {
      GdkRGBA cell;

      assay_paint_mix (&empty, &full, percent / 100.0, &cell);
      g_assert_cmpfloat (MAX (assay_paint_get_contrast (&cell, &light),
                              assay_paint_get_contrast (&cell, &dark)), >=, 4.5);
    }
  g_assert_cmpfloat_with_epsilon (assay_paint_get_contrast (&light, &dark), 21, 1e-6);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The more images, the darker; nothing is the color of an empty cell. */
static void
test_lightness (void)
{
  GtkWidget *window;
  AssayConfusionChart *chart = show_chart (&window, "confusion");
  const guint places[][2] = { { 0, 0 }, { 1, 1 }, { 2, 0 }, { 0, 1 } };
  guint32 darker = 0;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      guint32 pixel = widget_support_get_pixel (
        GTK_WIDGET (assay_chart_field_get_spot (get_field (chart), places[i][0], places[i][1])),
        8, 8);

      g_assert_cmphex (pixel >> 16, >, darker >> 16);
      darker = pixel;
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_lets_go (void)
{
  GtkWidget *chart = g_object_ref_sink (chart_samples_new ("confusion-20"));

  assay_confusion_chart_set_shares (ASSAY_CONFUSION_CHART (chart), ASSAY_CONFUSION_ROWS);
  g_assert_finalize_object (chart);
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

  g_test_add_func ("/assay/confusion-chart/flowers", test_flowers);
  g_test_add_func ("/assay/confusion-chart/shares", test_shares);
  g_test_add_func ("/assay/confusion-chart/almost-all", test_almost_all);
  g_test_add_func ("/assay/confusion-chart/others", test_others);
  g_test_add_func ("/assay/confusion-chart/keyboard", test_keyboard);
  g_test_add_func ("/assay/confusion-chart/right-to-left", test_right_to_left);
  g_test_add_func ("/assay/confusion-chart/contrast", test_contrast);
  g_test_add_func ("/assay/confusion-chart/lightness", test_lightness);
  g_test_add_func ("/assay/confusion-chart/lets-go", test_lets_go);
  return g_test_run ();
}
