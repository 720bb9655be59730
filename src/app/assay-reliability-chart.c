/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-chart-paint.h"
#include "assay-chart-plot.h"
#include "assay-evaluation-text.h"
#include "assay-fold-box.h"
#include "assay-picture-menu.h"
#include "assay-reliability-chart.h"
#include "assay-score-text.h"

/* charts.md: below this a bin says little. */
#define FEW_IN_BIN 10

#define GAP 2
#define CORNER 3
#define PADDING 2
#define SHORTEST 3          /* pixels of a bar of none right */
#define LEAST_BAR 0.5       /* em */

/* A count is drawn smaller where it would not fit, and upright before it cannot be
 * read. */
#define SMALLEST_TEXT 0.75

struct _AssayReliabilityChart {
  GtkWidget parent_instance;

  GtkWidget *box;
  AssayChartPlot *plot;
  AssayChartField *field;   /* the plot's */
  GtkLabel *note;

  AssayReliability bins[ASSAY_EVALUATION_BINS];
};

G_DEFINE_FINAL_TYPE (AssayReliabilityChart, assay_reliability_chart, GTK_TYPE_WIDGET)

enum {
  BIN_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_hollow (const AssayReliability *bin)
{
  return bin->n < FEW_IN_BIN;
}

/* Inside the bar at its foot, above a bar that is too short. */
static void
draw_count (GtkWidget *spot,
            GtkSnapshot *snapshot,
            const AssayReliability *bin,
            const graphene_rect_t *bar)
{
  g_autofree char *text = g_strdup_printf ("%'" G_GUINT64_FORMAT, bin->n);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (spot, text);
  float bottom = bar->origin.y + bar->size.height;
  int width, height;
  gboolean upright, inside;
  float scale, length;
  GdkRGBA color;

  pango_layout_get_pixel_size (layout, &width, &height);
  scale = MIN (1, bar->size.width / width);
  upright = scale < SMALLEST_TEXT;
  if (upright)
    scale = MIN (1, bar->size.width / height);
  length = (upright ? width : height) * scale + PADDING;
  inside = bar->size.height >= length + PADDING;
  assay_paint_find_color (spot,
                          inside && !is_hollow (bin) ? "assay_cell_light_text_color"
                                                     : "window_fg_color",
                          &color);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (bar->origin.x + bar->size.width / 2,
                                                inside ? bottom - PADDING
                                                       : bar->origin.y - PADDING));
  if (upright)
    gtk_snapshot_rotate (snapshot, -90);
  gtk_snapshot_scale (snapshot, scale, scale);
  if (upright)
    assay_paint_text (snapshot, layout, 0, -height / 2.0f, &color);
  else
    assay_paint_text (snapshot, layout, -width / 2.0f, -height, &color);
  gtk_snapshot_restore (snapshot);
}

/* What the bar fills of its spot. */
static void
get_bar (GtkWidget *spot,
         const AssayReliability *bin,
         graphene_rect_t *bar)
{
  float width = gtk_widget_get_width (spot), height = gtk_widget_get_height (spot);
  float tall = MAX (SHORTEST, roundf ((float) bin->n_right / (float) bin->n * height));

  graphene_rect_init (bar, 0, height - tall, width, tall);
}

static void
draw_bin (GtkWidget *spot,
          GtkSnapshot *snapshot,
          guint row,
          guint column,
          gpointer data)
{
  const AssayReliability *bin = &ASSAY_RELIABILITY_CHART (data)->bins[column];
  float corner = MIN (CORNER, gtk_widget_get_width (spot) / 3.0f);
  const float thin[4] = { 1, 1, 1, 1 };
  graphene_size_t round = GRAPHENE_SIZE_INIT (corner, corner);
  graphene_size_t square = GRAPHENE_SIZE_INIT (0, 0);
  graphene_rect_t bar;
  GskRoundedRect outline;
  GdkRGBA line, fill;

  if (bin->n == 0)
    return;
  get_bar (spot, bin, &bar);
  if (bar.size.height <= SHORTEST)
    round = square;
  gsk_rounded_rect_init (&outline, &bar, &round, &round, &square, &square);
  assay_paint_find_color (spot, is_hollow (bin) ? "assay_bar_color" : "assay_cell_full_color",
                          &line);
  assay_paint_find_color (spot, "assay_bar_hollow_color", &fill);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, is_hollow (bin) ? &fill : &line, &bar);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, thin, (GdkRGBA[4]) { line, line, line, line });
  draw_count (spot, snapshot, bin, &bar);
}

/* Over solid bars the dashes are light, so that the diagonal stays visible. */
static void
draw_ideal (AssayChartPlot *plot,
            GtkSnapshot *snapshot,
            gpointer data)
{
  AssayReliabilityChart *self = data;
  graphene_rect_t area, bar, bounds;
  graphene_point_t from, to;
  GdkRGBA color, over;

  assay_chart_plot_get_area (plot, &area);
  assay_chart_plot_get_point (plot, 0, 0, &from);
  assay_chart_plot_get_point (plot, 1, 1, &to);
  assay_paint_find_color (GTK_WIDGET (plot), "assay_ideal_color", &color);
  assay_paint_find_color (GTK_WIDGET (plot), "assay_threshold_over_color", &over);
  assay_paint_line (snapshot, &area, &from, &to, &color);
  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    {
      GtkWidget *spot = GTK_WIDGET (assay_chart_field_get_spot (self->field, 0, i));

      if (self->bins[i].n == 0 || is_hollow (&self->bins[i])
          || !gtk_widget_compute_bounds (spot, GTK_WIDGET (plot), &bounds))
        continue;
      get_bar (spot, &self->bins[i], &bar);
      graphene_rect_offset (&bar, bounds.origin.x, bounds.origin.y);
      gtk_snapshot_push_clip (snapshot, &bar);
      assay_paint_line (snapshot, &area, &from, &to, &over);
      gtk_snapshot_pop (snapshot);
    }
}

static void
activated_cb (AssayReliabilityChart *self,
              guint row,
              guint column)
{
  g_signal_emit (self, signals[BIN_ACTIVATED], 0, column);
}

static void
assay_reliability_chart_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_RELIABILITY_CHART);
  G_OBJECT_CLASS (assay_reliability_chart_parent_class)->dispose (object);
}

static void
assay_reliability_chart_class_init (AssayReliabilityChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_reliability_chart_dispose;
  signals[BIN_ACTIVATED] =
    g_signal_new ("bin-activated", ASSAY_TYPE_RELIABILITY_CHART, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  g_type_ensure (ASSAY_TYPE_CHART_PLOT);
  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  gtk_widget_class_set_css_name (widget_class, "reliabilitychart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-reliability-chart.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayReliabilityChart, box);
  gtk_widget_class_bind_template_child (widget_class, AssayReliabilityChart, plot);
  gtk_widget_class_bind_template_child (widget_class, AssayReliabilityChart, note);
}

static void
assay_reliability_chart_init (AssayReliabilityChart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_picture_menu_add (GTK_WIDGET (self), "reliability-chart", _("Reliability"), &self->box, 1);
  self->field = ASSAY_CHART_FIELD (assay_chart_field_new ());
  assay_chart_field_set_draw (self->field, draw_bin, self);
  assay_chart_field_set_sizes (self->field, LEAST_BAR, LEAST_BAR, 0);
  assay_chart_field_set_shape (self->field, 1, ASSAY_EVALUATION_BINS, GAP);
  g_signal_connect_swapped (self->field, "spot-activated", G_CALLBACK (activated_cb), self);
  assay_chart_plot_set_content (self->plot, GTK_WIDGET (self->field));
  assay_chart_plot_set_draw (self->plot, draw_ideal, self);
}

/**
 * assay_reliability_chart_new:
 *
 * Returns: (transfer floating): a chart without bars
 */
GtkWidget *
assay_reliability_chart_new (void)
{
  return g_object_new (ASSAY_TYPE_RELIABILITY_CHART, NULL);
}

/**
 * assay_reliability_chart_get_field:
 *
 * Returns: (transfer none): its bars
 */
AssayChartField *
assay_reliability_chart_get_field (AssayReliabilityChart *self)
{
  g_return_val_if_fail (ASSAY_IS_RELIABILITY_CHART (self), NULL);

  return self->field;
}

static char *
dup_sentence (const AssayReliability *bin,
              guint index)
{
  g_autofree char *from = assay_share_dup_text (index / (double) ASSAY_EVALUATION_BINS);
  g_autofree char *to = assay_share_dup_text ((index + 1) / (double) ASSAY_EVALUATION_BINS);
  g_autofree char *n_right = g_strdup_printf ("%'" G_GUINT64_FORMAT, bin->n_right);
  g_autofree char *n = g_strdup_printf ("%'" G_GUINT64_FORMAT, bin->n);
  g_autofree char *mean = assay_score_dup_text (ASSAY_SCALE_PROBABILITIES, bin->mean_score);
  g_autofree char *sentence =
    g_strdup_printf (_("Scores above %s, up to %s: %s of %s right, mean score %s"),
                     from, to, n_right, n, mean);

  if (!is_hollow (bin))
    return g_steal_pointer (&sentence);
  return g_strdup_printf (_("%s (fewer than %d images)"), sentence, FEW_IN_BIN);
}

static void
update_note (AssayReliabilityChart *self)
{
  gboolean hollow = FALSE;
  guint64 n = 0;

  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    {
      n += self->bins[i].n;
      hollow = hollow || (self->bins[i].n > 0 && is_hollow (&self->bins[i]));
    }
  if (n > 0 && n < ASSAY_EVALUATION_FEW_IN_ALL)
    gtk_label_set_text (self->note, _("hollow: fewer than 10 images · too few images to tell"));
  else
    gtk_label_set_text (self->note, _("hollow: fewer than 10 images"));
  gtk_widget_set_visible (GTK_WIDGET (self->note), hollow || (n > 0 && n < ASSAY_EVALUATION_FEW_IN_ALL));
}

/**
 * assay_reliability_chart_set_bins:
 * @bins: by the highest score, as of assay_evaluation_get_reliability()
 */
void
assay_reliability_chart_set_bins (AssayReliabilityChart *self,
                                  const AssayReliability bins[ASSAY_EVALUATION_BINS])
{
  g_return_if_fail (ASSAY_IS_RELIABILITY_CHART (self));
  g_return_if_fail (bins != NULL);

  for (guint i = 0; i < ASSAY_EVALUATION_BINS; i++)
    {
      g_autofree char *sentence = bins[i].n > 0 ? dup_sentence (&bins[i], i) : NULL;

      self->bins[i] = bins[i];
      assay_chart_field_set_sentence (self->field, 0, i, sentence);
    }
  update_note (self);
  assay_chart_field_redraw (self->field);
}
