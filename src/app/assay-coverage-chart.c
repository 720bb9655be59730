/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-chart-paint.h"
#include "assay-chart-plot.h"
#include "assay-coverage-chart.h"
#include "assay-fold-box.h"
#include "assay-picture-menu.h"
#include "assay-score-text.h"
#include "assay-wrap-box.h"

/* A curve has a point for each percent of the threshold. */
#define STEPS 100

#define ACCURACY_LINE 2.5
#define COVERAGE_LINE 1.5
#define DOT 9
#define LABEL_GAP 4
#define CROSSED 0.05f
#define ALIKE 0.5f

struct _AssayCoverageChart {
  GtkWidget parent_instance;

  GtkWidget *box;
  AssayChartPlot *plot;
  GtkScale *slider;         /* the plot's */
  GtkLabel *sentence;
  GtkSpinButton *wish_entry;
  GtkLabel *found_label;
  GtkButton *use;

  AssayEvaluation *evaluation;
  AssayCoverage curve[STEPS + 1];
  AssayCoverage here;       /* at the threshold */
  AssayCoverage found;      /* at the lowest one that reaches the wish, if is_found */
  gboolean is_found;
  double threshold;
  double wish;
};

G_DEFINE_FINAL_TYPE (AssayCoverageChart, assay_coverage_chart, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_THRESHOLD,
  PROP_WISH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
has_images (AssayCoverageChart *self)
{
  return self->evaluation != NULL && self->curve[0].n > 0;
}

static double
get_value (const AssayCoverage *coverage,
           gboolean accuracy)
{
  return accuracy ? coverage->accuracy : coverage->coverage;
}

static void
draw_curve (AssayCoverageChart *self,
            GtkSnapshot *snapshot,
            gboolean accuracy,
            const GdkRGBA *color)
{
  graphene_rect_t area;
  cairo_t *cr;

  assay_chart_plot_get_area (self->plot, &area);
  graphene_rect_inset (&area, -DOT, -DOT);
  cr = gtk_snapshot_append_cairo (snapshot, &area);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, accuracy ? ACCURACY_LINE : COVERAGE_LINE);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i <= STEPS; i++)
    {
      double value = get_value (&self->curve[i], accuracy);
      graphene_point_t point;

      /* Where nothing is answered there is no accuracy either. */
      if (isnan (value))
        break;
      assay_chart_plot_get_point (self->plot, self->curve[i].threshold, value, &point);
      cairo_line_to (cr, point.x + 0.5, point.y + 0.5);
    }
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* A ring of what lies below keeps the dot apart from the curves. */
static void
draw_dot (AssayCoverageChart *self,
          GtkSnapshot *snapshot,
          double value,
          const GdkRGBA *color)
{
  const float widths[4] = { 1.5, 1.5, 1.5, 1.5 };
  graphene_point_t point;
  graphene_rect_t place;
  GskRoundedRect dot;
  GdkRGBA ring;

  if (isnan (value))
    return;
  assay_chart_plot_get_point (self->plot, self->threshold, value, &point);
  graphene_rect_init (&place, point.x + 0.5f - DOT / 2.0f, point.y + 0.5f - DOT / 2.0f, DOT, DOT);
  gsk_rounded_rect_init_from_rect (&dot, &place, DOT / 2.0f);
  assay_paint_find_color (GTK_WIDGET (self), "window_bg_color", &ring);
  gtk_snapshot_push_rounded_clip (snapshot, &dot);
  gtk_snapshot_append_color (snapshot, color, &place);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &dot, widths, (GdkRGBA[4]) { ring, ring, ring, ring });
}

static void
draw_threshold (AssayCoverageChart *self,
                GtkSnapshot *snapshot)
{
  graphene_rect_t area;
  graphene_point_t from, to;
  GdkRGBA color;

  assay_chart_plot_get_area (self->plot, &area);
  assay_chart_plot_get_point (self->plot, self->threshold, 1, &from);
  assay_chart_plot_get_point (self->plot, self->threshold, 0, &to);
  from.x += 0.5f;
  to.x += 0.5f;
  assay_paint_find_color (GTK_WIDGET (self), "assay_threshold_color", &color);
  assay_paint_line (snapshot, &area, &from, &to, &color);
}

/* The curve at that threshold, in pixels of the plot; at the bottom where it has ended. */
static float
get_height (AssayCoverageChart *self,
            guint step,
            gboolean accuracy)
{
  double value = get_value (&self->curve[step], accuracy);
  graphene_point_t point;

  assay_chart_plot_get_point (self->plot, step / (double) STEPS, isnan (value) ? 0 : value,
                              &point);
  return point.y;
}

/* A name that a line of the plot would strike through stands below that. */
static float
avoid_line (AssayCoverageChart *self,
            float top,
            int height,
            float floor)
{
  for (int mark = 1; mark < ASSAY_CHART_PLOT_MARKS; mark++)
    {
      graphene_point_t point;

      assay_chart_plot_get_point (self->plot, 0, mark / (double) ASSAY_CHART_PLOT_MARKS, &point);
      if (point.y > top && point.y < top + height && point.y + 1 + height <= floor)
        return point.y + 1;
    }
  return top;
}

/* Below the curve and above what lies under it, between two steps.  Returns whether the
 * curves are apart anywhere between them. */
static gboolean
get_room (AssayCoverageChart *self,
          guint first,
          guint last,
          gboolean accuracy,
          float *top,
          float *floor)
{
  gboolean apart = FALSE;

  for (guint i = first; i <= last; i++)
    {
      float mine = get_height (self, i, accuracy), other = get_height (self, i, !accuracy);

      apart = apart || fabsf (other - mine) > LABEL_GAP;
      *top = MAX (*top, mine + LABEL_GAP);
      if (other > mine)
        *floor = MIN (*floor, other);
    }
  return apart;
}

/* Where the other name stands in that room it goes below that, or above it if there is more. */
static void
leave_out (const graphene_rect_t *taken,
           float left,
           float width,
           float *top,
           float *floor)
{
  float end = taken->origin.y + taken->size.height + LABEL_GAP;
  float start = taken->origin.y - LABEL_GAP;

  if (taken->size.width <= 0 || left >= taken->origin.x + taken->size.width + LABEL_GAP
      || left + width <= taken->origin.x - LABEL_GAP || end <= *top || start >= *floor)
    return;
  if (*floor - end >= start - *top)
    *top = end;
  else
    *floor = start;
}

/* The name of a curve stands below it, where neither curve runs through it, nor the name
 * @taken: of the places along the axis that which has the most room.  Where there is none,
 * @place is empty. */
static void
find_place (AssayCoverageChart *self,
            PangoLayout *layout,
            gboolean accuracy,
            const graphene_rect_t *taken,
            graphene_rect_t *place)
{
  float best_room = 0;
  graphene_rect_t area;
  int width, height;

  graphene_rect_init (place, 0, 0, 0, 0);
  pango_layout_get_pixel_size (layout, &width, &height);
  assay_chart_plot_get_area (self->plot, &area);
  for (guint step = 0; step <= STEPS; step++)
    {
      guint last = step + (guint) ceilf (width / area.size.width * STEPS);
      float top = area.origin.y, floor = area.origin.y + area.size.height, left, room;
      graphene_point_t start, end;
      gboolean apart;

      if (last > STEPS || isnan (get_value (&self->curve[last], accuracy)))
        break;
      assay_chart_plot_get_point (self->plot, step / (double) STEPS, 0, &start);
      assay_chart_plot_get_point (self->plot, last / (double) STEPS, 0, &end);
      left = (start.x + end.x - width) / 2;
      apart = get_room (self, step, last, accuracy, &top, &floor);
      leave_out (taken, left, width, &top, &floor);
      room = floor - top - height;
      /* Where both are one, nobody sees whose name it is. */
      if (!apart)
        room *= ALIKE;
      /* Across the threshold only where there is no room beside it. */
      if (self->threshold * STEPS >= step && self->threshold * STEPS <= last)
        room *= CROSSED;
      if (room <= best_room)
        continue;
      best_room = room;
      graphene_rect_init (place, left, avoid_line (self, top, height, floor), width, height);
    }
}

/* @layouts and @places are those of the images answered and of those right. */
static void
place_names (AssayCoverageChart *self,
             PangoLayout **layouts,
             graphene_rect_t *places)
{
  const char *const names[] = { _("answered"), _("of them right") };
  const graphene_rect_t none = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      layouts[i] = gtk_widget_create_pango_layout (GTK_WIDGET (self->plot), names[i]);
      find_place (self, layouts[i], i == 1, i == 0 ? &none : &places[0], &places[i]);
    }
}

static void
draw_names (AssayCoverageChart *self,
            GtkSnapshot *snapshot,
            const GdkRGBA *color)
{
  PangoLayout *layouts[2];
  graphene_rect_t places[2];

  place_names (self, layouts, places);
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      if (places[i].size.width > 0)
        assay_paint_text (snapshot, layouts[i], places[i].origin.x, places[i].origin.y, color);
      g_object_unref (layouts[i]);
    }
}

static void
draw_curves (AssayChartPlot *plot,
             GtkSnapshot *snapshot,
             gpointer data)
{
  AssayCoverageChart *self = data;
  GdkRGBA strong, soft, text;

  if (!has_images (self))
    return;
  assay_paint_find_color (GTK_WIDGET (self), "assay_bar_color", &strong);
  assay_paint_find_color (GTK_WIDGET (self), "assay_axis_color", &soft);
  assay_paint_find_color (GTK_WIDGET (self), "window_fg_color", &text);
  draw_threshold (self, snapshot);
  draw_curve (self, snapshot, FALSE, &soft);
  draw_curve (self, snapshot, TRUE, &strong);
  draw_names (self, snapshot, &text);
  draw_dot (self, snapshot, self->here.coverage, &soft);
  draw_dot (self, snapshot, self->here.accuracy, &strong);
}

static void
update_sentence (AssayCoverageChart *self)
{
  g_autofree char *limit = assay_share_dup_text (self->threshold);
  g_autofree char *answered = NULL;
  g_autofree char *n_right = NULL;
  g_autofree char *text = NULL;

  if (!has_images (self))
    {
      gtk_label_set_text (self->sentence, _("No image has a truth and an answer yet"));
      return;
    }
  assay_evaluation_get_coverage (self->evaluation, self->threshold, &self->here);
  answered = assay_score_dup_text (ASSAY_SCALE_PROBABILITIES, self->here.coverage);
  if (self->here.n == 0)
    text = g_strdup_printf (_("Scores above %s: no image is answered"), limit);
  else
    {
      n_right = assay_score_dup_text (ASSAY_SCALE_PROBABILITIES, self->here.accuracy);
      text = g_strdup_printf (_("Scores above %s: %s of images answered, %s of them right"),
                              limit, answered, n_right);
    }
  gtk_label_set_text (self->sentence, text);
}

static void
update_found (AssayCoverageChart *self)
{
  g_autofree char *threshold = NULL;
  g_autofree char *answered = NULL;
  g_autofree char *text = NULL;

  self->is_found = has_images (self)
                   && assay_evaluation_find_threshold (self->evaluation, self->wish, &self->found);
  gtk_widget_set_sensitive (GTK_WIDGET (self->use), self->is_found);
  if (!self->is_found)
    {
      gtk_label_set_text (self->found_label, has_images (self) ? _("none reaches it") : "");
      return;
    }
  threshold = assay_share_dup_text (self->found.threshold);
  answered = assay_score_dup_text (ASSAY_SCALE_PROBABILITIES, self->found.coverage);
  text = g_strdup_printf (_("%s, with %s answered"), threshold, answered);
  gtk_label_set_text (self->found_label, text);
}

static void
moved_cb (AssayCoverageChart *self)
{
  assay_coverage_chart_set_threshold (self, gtk_range_get_value (GTK_RANGE (self->slider)));
}

static void
wish_cb (AssayCoverageChart *self)
{
  double wish = gtk_spin_button_get_value (self->wish_entry) / 100;

  /* To percent and back again is not always the same number. */
  if (fabs (wish - self->wish) > 1e-9)
    assay_coverage_chart_set_wish (self, wish);
}

static void
use_cb (AssayCoverageChart *self)
{
  if (self->is_found)
    assay_coverage_chart_set_threshold (self, self->found.threshold);
}

static GtkScale *
create_slider (AssayCoverageChart *self)
{
  GtkWidget *slider = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 1, 0.01);

  gtk_range_set_increments (GTK_RANGE (slider), 0.01, 0.05);
  gtk_scale_set_digits (GTK_SCALE (slider), 4);
  gtk_scale_set_draw_value (GTK_SCALE (slider), FALSE);
  gtk_range_set_value (GTK_RANGE (slider), self->threshold);
  gtk_accessible_update_property (GTK_ACCESSIBLE (slider),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Threshold"),
                                  -1);
  g_signal_connect_swapped (slider, "value-changed", G_CALLBACK (moved_cb), self);
  return GTK_SCALE (slider);
}

static void
assay_coverage_chart_get_property (GObject *object,
                                   guint id,
                                   GValue *value,
                                   GParamSpec *pspec)
{
  AssayCoverageChart *self = ASSAY_COVERAGE_CHART (object);

  switch (id)
    {
    case PROP_THRESHOLD:
      g_value_set_double (value, self->threshold);
      break;
    case PROP_WISH:
      g_value_set_double (value, self->wish);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_coverage_chart_set_property (GObject *object,
                                   guint id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  AssayCoverageChart *self = ASSAY_COVERAGE_CHART (object);

  switch (id)
    {
    case PROP_THRESHOLD:
      assay_coverage_chart_set_threshold (self, g_value_get_double (value));
      break;
    case PROP_WISH:
      assay_coverage_chart_set_wish (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_coverage_chart_dispose (GObject *object)
{
  AssayCoverageChart *self = ASSAY_COVERAGE_CHART (object);

  g_clear_pointer (&self->evaluation, assay_evaluation_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_COVERAGE_CHART);
  G_OBJECT_CLASS (assay_coverage_chart_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_THRESHOLD] =
    g_param_spec_double ("threshold", NULL, NULL, 0, 1, 0.6, flags);
  properties[PROP_WISH] =
    g_param_spec_double ("wish", NULL, NULL, 0, 1, 0.95, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_coverage_chart_class_init (AssayCoverageChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_coverage_chart_get_property;
  object_class->set_property = assay_coverage_chart_set_property;
  object_class->dispose = assay_coverage_chart_dispose;
  install_properties (object_class);

  g_type_ensure (ASSAY_TYPE_CHART_PLOT);
  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  g_type_ensure (ASSAY_TYPE_WRAP_BOX);
  gtk_widget_class_set_css_name (widget_class, "coveragechart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-coverage-chart.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayCoverageChart, box);
  gtk_widget_class_bind_template_child (widget_class, AssayCoverageChart, plot);
  gtk_widget_class_bind_template_child (widget_class, AssayCoverageChart, sentence);
  gtk_widget_class_bind_template_child (widget_class, AssayCoverageChart, wish_entry);
  gtk_widget_class_bind_template_child (widget_class, AssayCoverageChart, found_label);
  gtk_widget_class_bind_template_child (widget_class, AssayCoverageChart, use);
  gtk_widget_class_bind_template_callback (widget_class, wish_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
}

static void
assay_coverage_chart_init (AssayCoverageChart *self)
{
  self->threshold = 0.6;
  self->wish = 0.95;
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_picture_menu_add (GTK_WIDGET (self), "coverage-chart", _("Threshold"), &self->box, 1);
  self->slider = create_slider (self);
  assay_chart_plot_set_below (self->plot, GTK_WIDGET (self->slider));
  assay_chart_plot_set_draw (self->plot, draw_curves, self);
  assay_coverage_chart_update (self);
}

/**
 * assay_coverage_chart_new:
 *
 * Returns: (transfer floating): a chart of nothing, at 60 %
 */
GtkWidget *
assay_coverage_chart_new (void)
{
  return g_object_new (ASSAY_TYPE_COVERAGE_CHART, NULL);
}

double
assay_coverage_chart_get_threshold (AssayCoverageChart *self)
{
  g_return_val_if_fail (ASSAY_IS_COVERAGE_CHART (self), 0);

  return self->threshold;
}

double
assay_coverage_chart_get_wish (AssayCoverageChart *self)
{
  g_return_val_if_fail (ASSAY_IS_COVERAGE_CHART (self), 0);

  return self->wish;
}

/**
 * assay_coverage_chart_get_sentence:
 *
 * Returns: (transfer none): what the threshold gives
 */
const char *
assay_coverage_chart_get_sentence (AssayCoverageChart *self)
{
  g_return_val_if_fail (ASSAY_IS_COVERAGE_CHART (self), NULL);

  return gtk_label_get_text (self->sentence);
}

/**
 * assay_coverage_chart_get_found:
 *
 * Returns: (transfer none): the lowest threshold that reaches the wish, in words
 */
const char *
assay_coverage_chart_get_found (AssayCoverageChart *self)
{
  g_return_val_if_fail (ASSAY_IS_COVERAGE_CHART (self), NULL);

  return gtk_label_get_text (self->found_label);
}

/**
 * assay_coverage_chart_get_name_place:
 * @of_right: of the curve of those right, else of those answered
 * @place: (out): where the curve's name stands, in the plot's coordinates
 *
 * Returns: whether there is room for it
 */
gboolean
assay_coverage_chart_get_name_place (AssayCoverageChart *self,
                                     gboolean of_right,
                                     graphene_rect_t *place)
{
  PangoLayout *layouts[2];
  graphene_rect_t places[2];

  g_return_val_if_fail (ASSAY_IS_COVERAGE_CHART (self), FALSE);

  place_names (self, layouts, places);
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    g_object_unref (layouts[i]);
  *place = places[of_right ? 1 : 0];
  return place->size.width > 0;
}

/**
 * assay_coverage_chart_set_evaluation:
 * @evaluation: (nullable): what is judged; it may change, see
 *   assay_coverage_chart_update()
 */
void
assay_coverage_chart_set_evaluation (AssayCoverageChart *self,
                                     AssayEvaluation *evaluation)
{
  AssayEvaluation *old;

  g_return_if_fail (ASSAY_IS_COVERAGE_CHART (self));

  old = self->evaluation;
  self->evaluation = evaluation != NULL ? assay_evaluation_ref (evaluation) : NULL;
  g_clear_pointer (&old, assay_evaluation_unref);
  assay_coverage_chart_update (self);
}

/**
 * assay_coverage_chart_set_threshold:
 * @threshold: where the slider stands, 0…1
 */
void
assay_coverage_chart_set_threshold (AssayCoverageChart *self,
                                    double threshold)
{
  g_return_if_fail (ASSAY_IS_COVERAGE_CHART (self));

  threshold = CLAMP (threshold, 0, 1);
  if (self->threshold == threshold)
    return;
  self->threshold = threshold;
  gtk_range_set_value (GTK_RANGE (self->slider), threshold);
  update_sentence (self);
  gtk_widget_queue_draw (GTK_WIDGET (self->plot));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THRESHOLD]);
}

/**
 * assay_coverage_chart_set_wish:
 * @wish: the accuracy that a threshold is looked for, 0…1
 */
void
assay_coverage_chart_set_wish (AssayCoverageChart *self,
                               double wish)
{
  g_return_if_fail (ASSAY_IS_COVERAGE_CHART (self));

  wish = CLAMP (wish, 0, 1);
  if (self->wish == wish)
    return;
  self->wish = wish;
  gtk_spin_button_set_value (self->wish_entry, wish * 100);
  update_found (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WISH]);
}

/**
 * assay_coverage_chart_update:
 *
 * Looks at the evaluation again, because images came or went.
 */
void
assay_coverage_chart_update (AssayCoverageChart *self)
{
  g_return_if_fail (ASSAY_IS_COVERAGE_CHART (self));

  for (guint i = 0; i <= STEPS; i++)
    if (self->evaluation != NULL)
      assay_evaluation_get_coverage (self->evaluation, i / (double) STEPS, &self->curve[i]);
    else
      self->curve[i] = (AssayCoverage) { 0 };
  update_sentence (self);
  update_found (self);
  gtk_widget_queue_draw (GTK_WIDGET (self->plot));
}
