/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-chart-axis.h"
#include "assay-chart-paint.h"
#include "assay-number-label.h"
#include "assay-probability-chart.h"
#include "assay-score-list.h"
#include "assay-score-text.h"
#include "assay-tooltip.h"
#include "assay-verdict-text.h"

/* Labels shown at first (charts.md, probability bars 6). */
#define SHOWN 10
#define LABEL_CHARS 22
#define LABEL_CHARS_COMPACT 12

/* Room for "0.0027 %", so that the axis stays where it is from image to image. */
#define VALUE_CHARS 8

enum {
  COLUMN_LABEL,
  COLUMN_BAR,
  COLUMN_VALUE,
};

/* Invariants: lines holds the lines that the grid shows, from the top; low…high
 * is the range of the axis, 0…1 unless the scores are not probabilities, and
 * always contains 0. */
struct _AssayProbabilityChart {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkGrid *grid;
  AssayChartAxis *caption;
  AssayChartAxis *axis;
  GtkMenuButton *more;
  GtkLabel *more_label;
  GtkLabel *note;

  AssayPrediction *prediction;
  GArray *lines;            /* (element-type Line) */
  double threshold;
  double low;
  double high;
  gboolean compact;
};

/* Widgets are the grid's. */
typedef struct {
  GtkWidget *label;
  GtkWidget *bar;
  GtkWidget *value;
} Line;

G_DEFINE_FINAL_TYPE (AssayProbabilityChart, assay_probability_chart, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_PREDICTION,
  PROP_THRESHOLD,
  PROP_COMPACT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_probable (AssayProbabilityChart *self)
{
  return self->prediction != NULL
         && assay_prediction_get_scale (self->prediction) != ASSAY_SCALE_OTHER;
}

static double
get_fraction (AssayProbabilityChart *self,
              double score)
{
  return self->high > self->low ? (score - self->low) / (self->high - self->low) : 0;
}

/* Nothing is rescaled: the axis is 0…1 for every image and version, and only
 * scores that are no probabilities get the range that they have. */
static void
choose_range (AssayProbabilityChart *self)
{
  self->low = 0;
  self->high = 1;
  if (self->prediction == NULL || is_probable (self))
    return;
  self->low = MIN (0, assay_prediction_get_lowest (self->prediction));
  self->high = MAX (0, assay_prediction_get_score (self->prediction, 0));
}

static GtkWidget *
make_text (const char *text,
           float xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  /* The bar says the same aloud. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  return label;
}

static GtkWidget *
make_label (AssayProbabilityChart *self,
            const char *text)
{
  GtkWidget *label = make_text (text, 0);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), 2);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label),
                                 self->compact ? LABEL_CHARS_COMPACT : LABEL_CHARS);
  return label;
}

static void
append_line (AssayProbabilityChart *self,
             const char *label,
             const char *value,
             const char *tooltip,
             AssayBarLook look)
{
  Line line = { make_label (self, label), assay_probability_bar_new (look), make_text (NULL, 1) };
  int row = (int) self->lines->len + 1;

  assay_number_label_set (GTK_LABEL (line.value), value);
  gtk_widget_set_hexpand (line.bar, TRUE);
  gtk_widget_add_css_class (line.label, "line");
  gtk_label_set_width_chars (GTK_LABEL (line.value), VALUE_CHARS);
  gtk_widget_add_css_class (line.value, "numeric");
  if (look == ASSAY_BAR_STRONG)
    {
      gtk_widget_add_css_class (line.label, "first");
      gtk_widget_add_css_class (line.value, "first");
    }
  assay_tooltip_set (line.label, tooltip);
  assay_tooltip_set (line.bar, tooltip);
  assay_tooltip_set (line.value, tooltip);
  gtk_grid_attach (self->grid, line.label, COLUMN_LABEL, row, 1, 1);
  gtk_grid_attach (self->grid, line.bar, COLUMN_BAR, row, 1, 1);
  gtk_grid_attach (self->grid, line.value, COLUMN_VALUE, row, 1, 1);
  g_array_append_val (self->lines, line);
}

static void
append_score (AssayProbabilityChart *self,
              guint rank,
              gboolean strong)
{
  AssayScale scale = assay_prediction_get_scale (self->prediction);
  double score = assay_prediction_get_score (self->prediction, rank);
  g_autofree char *label = assay_verdict_dup_label (self->prediction, rank);
  g_autofree char *value = assay_score_dup_text (scale, score);
  g_autofree char *spoken = assay_score_dup_spoken (scale, label, score);
  g_autofree char *exact = assay_score_dup_exact (score);
  g_autofree char *tooltip = g_strdup_printf ("%s\n%s", label, exact);
  AssayProbabilityBar *bar;

  append_line (self, label, value, tooltip, strong ? ASSAY_BAR_STRONG : ASSAY_BAR_SOFT);
  bar = ASSAY_PROBABILITY_BAR (g_array_index (self->lines, Line, self->lines->len - 1).bar);
  assay_probability_bar_set_span (bar, get_fraction (self, 0), get_fraction (self, score));
  assay_probability_bar_set_spoken (bar, get_fraction (self, score), spoken);
}

/* Services often send only the best few: the rest is shown as what it is. */
static void
append_not_sent (AssayProbabilityChart *self)
{
  double rest = 1 - assay_prediction_get_sum (self->prediction);
  g_autofree char *value = assay_score_dup_text (ASSAY_SCALE_PARTIAL, rest);
  g_autofree char *number = assay_score_dup_spoken (ASSAY_SCALE_PARTIAL, NULL, rest);
  g_autofree char *spoken = g_strdup_printf (_("not sent: %s"), number);
  g_autofree char *tooltip = g_strdup_printf (_("not sent: %s"), value);
  AssayProbabilityBar *bar;

  append_line (self, _("not sent"), value, tooltip, ASSAY_BAR_HATCHED);
  bar = ASSAY_PROBABILITY_BAR (g_array_index (self->lines, Line, self->lines->len - 1).bar);
  assay_probability_bar_set_span (bar, 0, rest);
  assay_probability_bar_set_spoken (bar, rest, spoken);
}

static void
clear_lines (AssayProbabilityChart *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = &g_array_index (self->lines, Line, i);

      gtk_grid_remove (self->grid, line->label);
      gtk_grid_remove (self->grid, line->bar);
      gtk_grid_remove (self->grid, line->value);
    }
  g_array_set_size (self->lines, 0);
}

static void
build_lines (AssayProbabilityChart *self)
{
  g_autofree guint *order = assay_score_order_new (self->prediction);
  guint n = MIN (SHOWN, assay_prediction_get_n (self->prediction));
  guint first = assay_verdict_count_first (self->prediction);

  for (guint i = 0; i < n; i++)
    append_score (self, order[i], i < first);
  if (assay_prediction_get_scale (self->prediction) == ASSAY_SCALE_PARTIAL)
    append_not_sent (self);
}

static void
append_mark (AssayProbabilityChart *self,
             double share)
{
  g_autofree char *text = assay_share_dup_text (share);

  assay_chart_axis_append (self->axis, share, text);
}

static void
append_score_mark (AssayProbabilityChart *self,
                   double score)
{
  g_autofree char *text = assay_score_dup_text (ASSAY_SCALE_OTHER, score);

  assay_chart_axis_append (self->axis, get_fraction (self, score), text);
}

/* The most important first, where there is no room for all. */
static void
build_axes (AssayProbabilityChart *self)
{
  g_autofree char *limit = assay_share_dup_text (self->threshold);
  g_autofree char *caption = g_strdup_printf (_("threshold %s"), limit);

  assay_chart_axis_clear (self->caption);
  assay_chart_axis_clear (self->axis);
  gtk_widget_set_visible (GTK_WIDGET (self->caption), is_probable (self));
  if (!is_probable (self))
    {
      append_score_mark (self, 0);
      if (self->high > 0)
        append_score_mark (self, self->high);
      if (self->low < 0)
        append_score_mark (self, self->low);
      return;
    }

  assay_chart_axis_append (self->caption, self->threshold, caption);
  append_mark (self, 0);
  append_mark (self, 1);
  append_mark (self, 0.5);
  if (self->compact)
    return;
  append_mark (self, 0.25);
  append_mark (self, 0.75);
}

/* While the others of a trimmed one are being loaded, their sum is known all the same. */
static double
sum_rest (const AssayPrediction *prediction)
{
  guint n = assay_prediction_get_n (prediction);
  double sum = 0;

  if (!assay_prediction_is_trimmed (prediction))
    {
      for (guint rank = SHOWN; rank < n; rank++)
        sum += assay_prediction_get_score (prediction, rank);
      return sum;
    }
  for (guint rank = 0; rank < SHOWN; rank++)
    sum += assay_prediction_get_score (prediction, rank);
  return MAX (assay_prediction_get_sum (prediction) - sum, 0);
}

static void
build_more (AssayProbabilityChart *self)
{
  guint n = self->prediction != NULL ? assay_prediction_get_n_sent (self->prediction) : 0;
  guint rest = n > SHOWN ? n - SHOWN : 0;
  AssayScale scale;
  g_autofree char *number = NULL;
  g_autofree char *together = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->more), rest > 0);
  gtk_menu_button_set_popover (self->more, NULL);
  if (rest == 0)
    return;

  number = g_strdup_printf ("%'u", rest);
  scale = assay_prediction_get_scale (self->prediction);
  if (scale == ASSAY_SCALE_PROBABILITIES || scale == ASSAY_SCALE_PARTIAL)
    {
      together = assay_score_dup_text (scale, sum_rest (self->prediction));
      text = g_strdup_printf (_("%s more, together %s"), number, together);
    }
  else
    text = g_strdup_printf (_("%s more"), number);
  gtk_label_set_text (self->more_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->more),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static void
build_note (AssayProbabilityChart *self)
{
  g_autofree char *sum = NULL;
  g_autofree char *tooltip = NULL;

  assay_tooltip_set (GTK_WIDGET (self->note), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
  if (self->prediction == NULL)
    return;

  switch (assay_prediction_get_scale (self->prediction))
    {
    case ASSAY_SCALE_INDEPENDENT:
      sum = assay_score_dup_text (ASSAY_SCALE_INDEPENDENT,
                                  assay_prediction_get_sum (self->prediction));
      tooltip = g_strdup_printf (_("The scores add up to %s: each label was judged by itself."),
                                 sum);
      gtk_label_set_text (self->note, _("independent scores"));
      assay_tooltip_set (GTK_WIDGET (self->note), tooltip);
      gtk_widget_set_visible (GTK_WIDGET (self->note), TRUE);
      break;
    case ASSAY_SCALE_OTHER:
      gtk_label_set_text (self->note, _("These scores are not probabilities"));
      gtk_widget_set_visible (GTK_WIDGET (self->note), TRUE);
      break;
    case ASSAY_SCALE_PROBABILITIES:
    case ASSAY_SCALE_PARTIAL:
    default:
      break;
    }
}

static void
build (AssayProbabilityChart *self)
{
  clear_lines (self);
  choose_range (self);
  if (self->prediction != NULL)
    build_lines (self);
  build_axes (self);
  build_more (self);
  build_note (self);
  /* The marks always stand below the last line. */
  g_object_ref (self->axis);
  gtk_grid_remove (self->grid, GTK_WIDGET (self->axis));
  gtk_grid_attach (self->grid, GTK_WIDGET (self->axis),
                   COLUMN_BAR, (int) self->lines->len + 1, 1, 1);
  g_object_unref (self->axis);
  gtk_widget_set_visible (self->box, self->prediction != NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Made when it is opened: a chart of 1,000 labels costs ten lines until then. */
static void
create_list_cb (GtkMenuButton *button,
                gpointer data)
{
  AssayProbabilityChart *self = data;
  GtkWidget *popover;

  if (gtk_menu_button_get_popover (button) != NULL || self->prediction == NULL)
    return;
  popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), assay_score_list_new (self->prediction));
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("All Labels"),
                                  -1);
  gtk_menu_button_set_popover (button, popover);
}

/* Where the lines stand, in the chart's own coordinates. */
static gboolean
get_plot (AssayProbabilityChart *self,
          graphene_rect_t *plot)
{
  const Line *lines = (const Line *) self->lines->data;
  guint n = self->lines->len;
  graphene_rect_t last;

  if (n == 0
      || !gtk_widget_compute_bounds (lines[0].bar, GTK_WIDGET (self), plot)
      || !gtk_widget_compute_bounds (lines[n - 1].bar, GTK_WIDGET (self), &last))
    return FALSE;
  plot->size.height = last.origin.y + last.size.height - plot->origin.y;
  return TRUE;
}

static void
draw_grid (AssayProbabilityChart *self,
           GtkSnapshot *snapshot,
           const graphene_rect_t *plot)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (is_probable (self))
    for (int quarter = 1; quarter <= 4; quarter++)
      assay_paint_upright (widget, snapshot, plot, quarter / 4.0, "assay_grid_color");
  else
    {
      assay_paint_upright (widget, snapshot, plot, 0, "assay_grid_color");
      assay_paint_upright (widget, snapshot, plot, 1, "assay_grid_color");
    }
  assay_paint_zero (widget, snapshot, plot, get_fraction (self, 0));
}

/* Over a solid bar the dashes are light, so that the mark stays visible. */
static void
draw_threshold (AssayProbabilityChart *self,
                GtkSnapshot *snapshot,
                const graphene_rect_t *plot)
{
  graphene_rect_t area = *plot;

  area.origin.x = assay_paint_get_x (GTK_WIDGET (self), plot, self->threshold);
  area.size.width = 1;
  assay_paint_dashes (GTK_WIDGET (self), snapshot, plot, &area, "assay_threshold_color");

  for (guint i = 0; i < self->lines->len; i++)
    {
      AssayProbabilityBar *bar = ASSAY_PROBABILITY_BAR (g_array_index (self->lines, Line, i).bar);
      graphene_rect_t bounds, filled, crossed;

      if (assay_probability_bar_get_look (bar) != ASSAY_BAR_STRONG
          || !assay_probability_bar_get_rectangle (bar, &filled)
          || !gtk_widget_compute_bounds (GTK_WIDGET (bar), GTK_WIDGET (self), &bounds))
        continue;
      graphene_rect_offset (&filled, bounds.origin.x, bounds.origin.y);
      if (graphene_rect_intersection (&filled, &area, &crossed))
        assay_paint_dashes (GTK_WIDGET (self), snapshot, plot, &crossed, "assay_threshold_over_color");
    }
}

static void
assay_probability_chart_snapshot (GtkWidget *widget,
                                  GtkSnapshot *snapshot)
{
  AssayProbabilityChart *self = ASSAY_PROBABILITY_CHART (widget);
  graphene_rect_t plot;
  gboolean drawn = get_plot (self, &plot);

  if (drawn)
    draw_grid (self, snapshot, &plot);
  GTK_WIDGET_CLASS (assay_probability_chart_parent_class)->snapshot (widget, snapshot);
  if (drawn && is_probable (self))
    draw_threshold (self, snapshot, &plot);
}

static void
assay_probability_chart_get_property (GObject *object,
                                      guint id,
                                      GValue *value,
                                      GParamSpec *pspec)
{
  AssayProbabilityChart *self = ASSAY_PROBABILITY_CHART (object);

  switch (id)
    {
    case PROP_PREDICTION:
      g_value_set_boxed (value, self->prediction);
      break;
    case PROP_THRESHOLD:
      g_value_set_double (value, self->threshold);
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, self->compact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_probability_chart_set_property (GObject *object,
                                      guint id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  AssayProbabilityChart *self = ASSAY_PROBABILITY_CHART (object);

  switch (id)
    {
    case PROP_PREDICTION:
      assay_probability_chart_set_prediction (self, g_value_get_boxed (value));
      break;
    case PROP_THRESHOLD:
      assay_probability_chart_set_threshold (self, g_value_get_double (value));
      break;
    case PROP_COMPACT:
      assay_probability_chart_set_compact (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_probability_chart_dispose (GObject *object)
{
  AssayProbabilityChart *self = ASSAY_PROBABILITY_CHART (object);

  g_array_set_size (self->lines, 0);
  g_clear_pointer (&self->prediction, assay_prediction_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_PROBABILITY_CHART);
  G_OBJECT_CLASS (assay_probability_chart_parent_class)->dispose (object);
}

static void
assay_probability_chart_finalize (GObject *object)
{
  g_array_unref (ASSAY_PROBABILITY_CHART (object)->lines);
  G_OBJECT_CLASS (assay_probability_chart_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_PREDICTION] =
    g_param_spec_boxed ("prediction", NULL, NULL, ASSAY_TYPE_PREDICTION, flags);
  properties[PROP_THRESHOLD] =
    g_param_spec_double ("threshold", NULL, NULL, 0, 1, 0.6, flags);
  properties[PROP_COMPACT] =
    g_param_spec_boolean ("compact", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_probability_chart_class_init (AssayProbabilityChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_probability_chart_get_property;
  object_class->set_property = assay_probability_chart_set_property;
  object_class->dispose = assay_probability_chart_dispose;
  object_class->finalize = assay_probability_chart_finalize;
  widget_class->snapshot = assay_probability_chart_snapshot;
  install_properties (object_class);

  g_type_ensure (ASSAY_TYPE_CHART_AXIS);
  gtk_widget_class_set_css_name (widget_class, "probabilitychart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-probability-chart.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayProbabilityChart, box);
  gtk_widget_class_bind_template_child (widget_class, AssayProbabilityChart, grid);
  gtk_widget_class_bind_template_child (widget_class, AssayProbabilityChart, caption);
  gtk_widget_class_bind_template_child (widget_class, AssayProbabilityChart, axis);
  gtk_widget_class_bind_template_child (widget_class, AssayProbabilityChart, more);
  gtk_widget_class_bind_template_child (widget_class, AssayProbabilityChart, more_label);
  gtk_widget_class_bind_template_child (widget_class, AssayProbabilityChart, note);
}

static void
assay_probability_chart_init (AssayProbabilityChart *self)
{
  self->threshold = 0.6;
  self->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->more, create_list_cb, self, NULL);
  build (self);
}

/**
 * assay_probability_chart_new:
 *
 * Returns: (transfer floating): an empty chart
 */
GtkWidget *
assay_probability_chart_new (void)
{
  return g_object_new (ASSAY_TYPE_PROBABILITY_CHART, NULL);
}

/**
 * assay_probability_chart_get_prediction:
 *
 * Returns: (transfer none) (nullable): what is drawn
 */
AssayPrediction *
assay_probability_chart_get_prediction (AssayProbabilityChart *self)
{
  g_return_val_if_fail (ASSAY_IS_PROBABILITY_CHART (self), NULL);

  return self->prediction;
}

double
assay_probability_chart_get_threshold (AssayProbabilityChart *self)
{
  g_return_val_if_fail (ASSAY_IS_PROBABILITY_CHART (self), 0);

  return self->threshold;
}

gboolean
assay_probability_chart_get_compact (AssayProbabilityChart *self)
{
  g_return_val_if_fail (ASSAY_IS_PROBABILITY_CHART (self), FALSE);

  return self->compact;
}

/**
 * assay_probability_chart_get_n_lines:
 *
 * Returns: lines with a bar, at most ten and "not sent"
 */
guint
assay_probability_chart_get_n_lines (AssayProbabilityChart *self)
{
  g_return_val_if_fail (ASSAY_IS_PROBABILITY_CHART (self), 0);

  return self->lines->len;
}

/**
 * assay_probability_chart_get_bar:
 * @line: a line, from the top
 *
 * Returns: (transfer none): its bar
 */
AssayProbabilityBar *
assay_probability_chart_get_bar (AssayProbabilityChart *self,
                                 guint line)
{
  g_return_val_if_fail (ASSAY_IS_PROBABILITY_CHART (self) && line < self->lines->len, NULL);

  return ASSAY_PROBABILITY_BAR (g_array_index (self->lines, Line, line).bar);
}

/**
 * assay_probability_chart_get_value_text:
 * @line: a line, from the top
 *
 * Returns: (transfer none): the value at its end, as shown
 */
const char *
assay_probability_chart_get_value_text (AssayProbabilityChart *self,
                                        guint line)
{
  g_return_val_if_fail (ASSAY_IS_PROBABILITY_CHART (self) && line < self->lines->len, NULL);

  return gtk_label_get_text (GTK_LABEL (g_array_index (self->lines, Line, line).value));
}

/**
 * assay_probability_chart_set_prediction:
 * @prediction: (nullable) (transfer none): what to draw
 */
void
assay_probability_chart_set_prediction (AssayProbabilityChart *self,
                                        AssayPrediction *prediction)
{
  AssayPrediction *old;

  g_return_if_fail (ASSAY_IS_PROBABILITY_CHART (self));

  if (self->prediction == prediction)
    return;
  old = self->prediction;
  self->prediction = prediction != NULL ? assay_prediction_ref (prediction) : NULL;
  g_clear_pointer (&old, assay_prediction_unref);
  build (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PREDICTION]);
}

/**
 * assay_probability_chart_set_threshold:
 * @threshold: where the dashed line stands, 0…1
 */
void
assay_probability_chart_set_threshold (AssayProbabilityChart *self,
                                       double threshold)
{
  g_return_if_fail (ASSAY_IS_PROBABILITY_CHART (self));

  threshold = CLAMP (threshold, 0, 1);
  if (self->threshold == threshold)
    return;
  self->threshold = threshold;
  build (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THRESHOLD]);
}

/**
 * assay_probability_chart_set_compact:
 * @compact: whether it stands in a narrow column: shorter labels, fewer marks
 */
void
assay_probability_chart_set_compact (AssayProbabilityChart *self,
                                     gboolean compact)
{
  g_return_if_fail (ASSAY_IS_PROBABILITY_CHART (self));

  if (self->compact == !!compact)
    return;
  self->compact = !!compact;
  if (self->compact)
    gtk_widget_add_css_class (GTK_WIDGET (self), "compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "compact");
  build (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}
