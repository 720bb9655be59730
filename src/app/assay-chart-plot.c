/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-chart-paint.h"
#include "assay-chart-plot.h"
#include "assay-score-text.h"

#define GAP 6               /* pixels between a mark and the square */
#define MARK_DISTANCE 4     /* pixels between two marks at least */

/* The theme's sliders have that much beside their trough: so a slider below the axis
 * stands where its value is on it. */
#define SLIDER_INSET 12

#define LEAST_SIZE 9        /* em */
#define SIZE 16

struct _AssayChartPlot {
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkWidget *below;
  AssayPlotDraw draw;
  gpointer data;
  graphene_rect_t area;
};

G_DEFINE_FINAL_TYPE (AssayChartPlot, assay_chart_plot, GTK_TYPE_WIDGET)

/* "80 %" beside the square; below it the unit stands in the caption. */
static PangoLayout *
create_mark (AssayChartPlot *self,
             int mark,
             gboolean upright)
{
  g_autofree char *text = upright ? assay_share_dup_text (mark / (double) ASSAY_CHART_PLOT_MARKS)
                                  : g_strdup_printf ("%d", mark * 100 / ASSAY_CHART_PLOT_MARKS);
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);

  /* A number and its sign keep their order in a window from right to left too. */
  pango_layout_set_auto_dir (layout, FALSE);
  pango_context_set_base_dir (pango_layout_get_context (layout), PANGO_DIRECTION_LTR);
  return layout;
}

static void
get_mark_size (AssayChartPlot *self,
               int *width,
               int *height)
{
  g_autoptr (PangoLayout) layout = create_mark (self, ASSAY_CHART_PLOT_MARKS, TRUE);

  pango_layout_get_pixel_size (layout, width, height);
}

static int
get_height_below (AssayChartPlot *self)
{
  int height = 0;

  if (self->below != NULL)
    gtk_widget_measure (self->below, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  return height;
}

static void
assay_chart_plot_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  AssayChartPlot *self = ASSAY_CHART_PLOT (widget);
  double em = assay_paint_get_em (widget);
  int content = 0, width, height, around;

  get_mark_size (self, &width, &height);
  around = orientation == GTK_ORIENTATION_HORIZONTAL
             ? width + GAP + SLIDER_INSET
             : height / 2 + GAP + height + get_height_below (self);
  if (self->content != NULL)
    gtk_widget_measure (self->content, orientation, -1, &content, NULL, NULL, NULL);
  *minimum = around + MAX (content, (int) (LEAST_SIZE * em));
  *natural = around + MAX (content, (int) (SIZE * em));
}

static void
assay_chart_plot_size_allocate (GtkWidget *widget,
                                int width,
                                int height,
                                int baseline)
{
  AssayChartPlot *self = ASSAY_CHART_PLOT (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int below = get_height_below (self);
  int mark_width, mark_height;
  GtkAllocation place;

  get_mark_size (self, &mark_width, &mark_height);
  place.x = mirrored ? SLIDER_INSET : mark_width + GAP;
  place.y = mark_height / 2;
  place.width = MAX (1, width - mark_width - GAP - SLIDER_INSET);
  place.height = MAX (1, height - place.y - GAP - mark_height - below);
  graphene_rect_init (&self->area, place.x, place.y, place.width, place.height);
  if (self->content != NULL)
    gtk_widget_size_allocate (self->content, &place, -1);
  if (self->below == NULL)
    return;
  place.x -= SLIDER_INSET;
  place.width += 2 * SLIDER_INSET;
  place.y = height - below;
  place.height = below;
  gtk_widget_size_allocate (self->below, &place, -1);
}

static void
draw_upright_mark (AssayChartPlot *self,
                   GtkSnapshot *snapshot,
                   int mark,
                   const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = create_mark (self, mark, TRUE);
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  graphene_point_t point;
  int width, height;

  assay_chart_plot_get_point (self, 0, mark / (double) ASSAY_CHART_PLOT_MARKS, &point);
  pango_layout_get_pixel_size (layout, &width, &height);
  assay_paint_text (snapshot, layout, mirrored ? point.x + GAP : point.x - GAP - width,
                    point.y - height / 2.0f, color);
}

static void
draw_level_mark (AssayChartPlot *self,
                 GtkSnapshot *snapshot,
                 int mark,
                 const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = create_mark (self, mark, FALSE);
  graphene_point_t point;
  int width, height;

  assay_chart_plot_get_point (self, mark / (double) ASSAY_CHART_PLOT_MARKS, 0, &point);
  pango_layout_get_pixel_size (layout, &width, &height);
  assay_paint_text (snapshot, layout, point.x - width / 2.0f, point.y + GAP, color);
}

/* With large text in a narrow window not every mark has room. */
static int
get_step (AssayChartPlot *self)
{
  g_autoptr (PangoLayout) layout = create_mark (self, ASSAY_CHART_PLOT_MARKS, FALSE);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  if (self->area.size.width / ASSAY_CHART_PLOT_MARKS >= width + MARK_DISTANCE)
    return 1;
  return ASSAY_CHART_PLOT_MARKS;
}

static void
draw_axes (AssayChartPlot *self,
           GtkSnapshot *snapshot)
{
  GdkRGBA grid, axis, caption;
  int step = get_step (self);

  assay_paint_find_color (GTK_WIDGET (self), "assay_grid_color", &grid);
  assay_paint_find_color (GTK_WIDGET (self), "assay_axis_color", &axis);
  assay_paint_find_color (GTK_WIDGET (self), "assay_caption_color", &caption);
  for (int mark = 0; mark <= ASSAY_CHART_PLOT_MARKS; mark++)
    {
      graphene_rect_t line = self->area;
      graphene_point_t point;

      assay_chart_plot_get_point (self, 0, mark / (double) ASSAY_CHART_PLOT_MARKS, &point);
      line.origin.y = point.y;
      line.size.height = 1;
      gtk_snapshot_append_color (snapshot, mark == 0 ? &axis : &grid, &line);
      draw_upright_mark (self, snapshot, mark, &caption);
      if (mark % step == 0)
        draw_level_mark (self, snapshot, mark, &caption);
    }
}

static void
assay_chart_plot_snapshot (GtkWidget *widget,
                           GtkSnapshot *snapshot)
{
  AssayChartPlot *self = ASSAY_CHART_PLOT (widget);

  draw_axes (self, snapshot);
  if (self->content != NULL)
    gtk_widget_snapshot_child (widget, self->content, snapshot);
  if (self->draw != NULL)
    self->draw (self, snapshot, self->data);
  if (self->below != NULL)
    gtk_widget_snapshot_child (widget, self->below, snapshot);
}

static void
assay_chart_plot_dispose (GObject *object)
{
  AssayChartPlot *self = ASSAY_CHART_PLOT (object);

  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_pointer (&self->below, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_chart_plot_parent_class)->dispose (object);
}

static void
assay_chart_plot_class_init (AssayChartPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_chart_plot_dispose;
  widget_class->measure = assay_chart_plot_measure;
  widget_class->size_allocate = assay_chart_plot_size_allocate;
  widget_class->snapshot = assay_chart_plot_snapshot;
  gtk_widget_class_set_css_name (widget_class, "chartplot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_chart_plot_init (AssayChartPlot *self)
{
}

/**
 * assay_chart_plot_new:
 *
 * Returns: (transfer floating): a plot of nothing
 */
GtkWidget *
assay_chart_plot_new (void)
{
  return g_object_new (ASSAY_TYPE_CHART_PLOT, NULL);
}

/**
 * assay_chart_plot_set_content:
 * @content: (transfer floating): what fills the square; once
 */
void
assay_chart_plot_set_content (AssayChartPlot *self,
                              GtkWidget *content)
{
  g_return_if_fail (ASSAY_IS_CHART_PLOT (self));
  g_return_if_fail (GTK_IS_WIDGET (content) && self->content == NULL);

  self->content = content;
  gtk_widget_set_parent (content, GTK_WIDGET (self));
}

/**
 * assay_chart_plot_set_below:
 * @below: (transfer floating): a slider, whose trough is in line with the axis; once
 */
void
assay_chart_plot_set_below (AssayChartPlot *self,
                            GtkWidget *below)
{
  g_return_if_fail (ASSAY_IS_CHART_PLOT (self));
  g_return_if_fail (GTK_IS_WIDGET (below) && self->below == NULL);

  self->below = below;
  gtk_widget_set_parent (below, GTK_WIDGET (self));
}

/**
 * assay_chart_plot_set_draw:
 * @draw: draws over the content
 * @data: what @draw is given; it must live as long as the plot
 */
void
assay_chart_plot_set_draw (AssayChartPlot *self,
                           AssayPlotDraw draw,
                           gpointer data)
{
  g_return_if_fail (ASSAY_IS_CHART_PLOT (self));

  self->draw = draw;
  self->data = data;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * assay_chart_plot_get_area:
 * @area: (out caller-allocates): the square, in the plot's coordinates
 */
void
assay_chart_plot_get_area (AssayChartPlot *self,
                           graphene_rect_t *area)
{
  g_return_if_fail (ASSAY_IS_CHART_PLOT (self));
  g_return_if_fail (area != NULL);

  *area = self->area;
}

/**
 * assay_chart_plot_get_point:
 * @x: from the start edge, 0…1
 * @y: from the bottom, 0…1
 * @point: (out caller-allocates): that, in the plot's coordinates
 */
void
assay_chart_plot_get_point (AssayChartPlot *self,
                            double x,
                            double y,
                            graphene_point_t *point)
{
  g_return_if_fail (ASSAY_IS_CHART_PLOT (self));
  g_return_if_fail (point != NULL);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = 1 - x;
  graphene_point_init (point,
                       self->area.origin.x + (float) round (x * (self->area.size.width - 1)),
                       self->area.origin.y
                         + (float) round ((1 - y) * (self->area.size.height - 1)));
}
