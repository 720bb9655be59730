/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-chart-axis.h"
#include "assay-chart-paint.h"
#include "assay-display.h"
#include "assay-number-label.h"
#include "assay-paired-chart.h"
#include "assay-score-list.h"
#include "assay-score-text.h"
#include "assay-tooltip.h"
#include "assay-verdict-text.h"
#include "assay-wrap-box.h"

/* Labels shown at first (charts.md, probability bars 6). */
#define SHOWN 10
#define LABEL_CHARS 22
#define LABEL_CHARS_COMPACT 10
#define VALUE_CHARS 7
#define NARROW_NO_BREAK_SPACE "\u202f"
#define SPACING 14
#define SPACING_COMPACT 8

enum {
  COLUMN_LABEL,
  COLUMN_BARS,
  COLUMN_VALUES,
  COLUMN_DIFFERENCE,
};

enum {
  BASELINE,
  CANDIDATE,
  N_SIDES
};

/* Widgets are the grid's. */
typedef struct {
  GtkWidget *label;
  GtkWidget *bars;
  GtkWidget *values;
  GtkWidget *difference;
  AssayProbabilityBar *bar[N_SIDES];
  GtkLabel *value[N_SIDES];
} Line;

/* Invariants: both predictions are there or neither; low…high is the range of the axis,
 * 0…1 unless some score is no probability, and always contains 0. */
struct _AssayPairedChart {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkGrid *grid;
  GtkLabel *name[N_SIDES];
  GtkWidget *difference;    /* the head of its column */
  AssayChartAxis *caption;
  AssayChartAxis *axis;
  GtkMenuButton *more;
  GtkLabel *more_label;

  AssayPrediction *prediction[N_SIDES];
  char *truth;
  GArray *lines;            /* (element-type Line) */
  double threshold;
  double low;
  double high;
  gboolean compact;
};

G_DEFINE_FINAL_TYPE (AssayPairedChart, assay_paired_chart, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_THRESHOLD,
  PROP_COMPACT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static Line *
get_line (AssayPairedChart *self,
          guint line)
{
  return &g_array_index (self->lines, Line, line);
}

/* Logits of one side make no axis of shares, and their differences are no points. */
static AssayScale
get_scale (AssayPairedChart *self)
{
  for (guint side = 0; side < N_SIDES; side++)
    if (self->prediction[side] != NULL
        && assay_prediction_get_scale (self->prediction[side]) == ASSAY_SCALE_OTHER)
      return ASSAY_SCALE_OTHER;
  return ASSAY_SCALE_PROBABILITIES;
}

static double
get_fraction (AssayPairedChart *self,
              double score)
{
  return self->high > self->low ? (score - self->low) / (self->high - self->low) : 0;
}

static void
choose_range (AssayPairedChart *self)
{
  self->low = 0;
  self->high = 1;
  if (get_scale (self) != ASSAY_SCALE_OTHER)
    return;
  self->high = 0;
  for (guint side = 0; side < N_SIDES; side++)
    {
      self->low = MIN (self->low, assay_prediction_get_lowest (self->prediction[side]));
      self->high = MAX (self->high, assay_prediction_get_score (self->prediction[side], 0));
    }
}

/* The bars say the same aloud. */
static GtkWidget *
make_text (const char *text,
           float xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_accessible_update_state (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  return label;
}

static GtkWidget *
make_label (AssayPairedChart *self,
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

/* "+47.4 pp", with the sign that is as wide as a plus; "" for a label that one side
 * does not know. */
static char *
dup_difference (AssayPairedChart *self,
                const gboolean *known,
                const double *scores)
{
  double difference = scores[CANDIDATE] - scores[BASELINE];

  if (!known[BASELINE] || !known[CANDIDATE])
    return g_strdup ("");
  if (get_scale (self) == ASSAY_SCALE_OTHER)
    return g_strdup_printf ("%s%.4g", difference > 0 ? "+" : difference < 0 ? "−" : "",
                            fabs (difference));
  return assay_points_dup_text (difference);
}

static void
fill_side (AssayPairedChart *self,
           Line *line,
           guint side,
           const char *label,
           gboolean known,
           double score)
{
  const char *name = gtk_label_get_text (self->name[side]);
  g_autofree char *value = known ? assay_score_dup_text (get_scale (self), score)
                                 : g_strdup ("–");
  g_autofree char *heard =
    known ? assay_score_dup_spoken (get_scale (self), label, score)
          : g_strdup_printf (_("%s, not sent"), label);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", name, heard);

  line->bar[side] = ASSAY_PROBABILITY_BAR (
    assay_probability_bar_new (side == CANDIDATE ? ASSAY_BAR_STRONG : ASSAY_BAR_SOFT));
  assay_probability_bar_set_span (line->bar[side], get_fraction (self, 0),
                                  known ? get_fraction (self, score) : get_fraction (self, 0));
  assay_probability_bar_set_spoken (line->bar[side], known ? get_fraction (self, score) : 0,
                                    spoken);
  gtk_box_append (GTK_BOX (line->bars), GTK_WIDGET (line->bar[side]));
  line->value[side] = GTK_LABEL (make_text (NULL, 1));
  assay_number_label_set (line->value[side], value);
  gtk_label_set_width_chars (line->value[side], self->compact ? -1 : VALUE_CHARS);
  gtk_widget_add_css_class (GTK_WIDGET (line->value[side]), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (line->value[side]),
                            side == CANDIDATE ? "candidate" : "baseline");
  gtk_box_append (GTK_BOX (line->values), GTK_WIDGET (line->value[side]));
}

static char *
dup_tooltip (AssayPairedChart *self,
             const char *label,
             const gboolean *known,
             const double *scores)
{
  GString *text = g_string_new (label);

  for (guint side = 0; side < N_SIDES; side++)
    {
      g_autofree char *exact = known[side] ? assay_score_dup_exact (scores[side])
                                           : g_strdup (_("not sent"));

      g_string_append_printf (text, "\n%s: %s", gtk_label_get_text (self->name[side]), exact);
    }
  return g_string_free (text, FALSE);
}

/* In a narrow column the difference stands below the values, so that bars are long
 * enough to be compared. */
static void
attach_line (AssayPairedChart *self,
             const Line *line,
             const char *tooltip)
{
  GtkWidget *const widgets[] = { line->label, line->bars, line->values };
  int row = (int) self->lines->len + 1;

  for (guint column = 0; column < G_N_ELEMENTS (widgets); column++)
    {
      assay_tooltip_set (widgets[column], tooltip);
      gtk_grid_attach (self->grid, widgets[column], (int) column, row, 1, 1);
    }
  assay_tooltip_set (line->difference, tooltip);
  if (self->compact)
    gtk_box_append (GTK_BOX (line->values), line->difference);
  else
    gtk_grid_attach (self->grid, line->difference, COLUMN_DIFFERENCE, row, 1, 1);
  g_array_append_vals (self->lines, line, 1);
}

/* What the truth won or lost is what a person looks for first. */
static void
emphasize (Line *line,
           double difference)
{
  gtk_widget_add_css_class (line->label, "first");
  gtk_widget_add_css_class (line->difference, "first");
  if (difference > 0)
    gtk_widget_add_css_class (line->difference, "better");
  else if (difference < 0)
    gtk_widget_add_css_class (line->difference, "worse");
}

static void
append_label (AssayPairedChart *self,
              guint rank)
{
  const char *sent = assay_prediction_get_label (self->prediction[CANDIDATE], rank);
  g_autofree char *label = assay_verdict_dup_label (self->prediction[CANDIDATE], rank);
  double scores[N_SIDES] = { 0, assay_prediction_get_score (self->prediction[CANDIDATE], rank) };
  gboolean known[N_SIDES] = {
    assay_prediction_find (self->prediction[BASELINE], sent, &scores[BASELINE]), TRUE
  };
  g_autofree char *difference = dup_difference (self, known, scores);
  g_autofree char *tooltip = dup_tooltip (self, label, known, scores);
  Line line = {
    .label = make_label (self, label),
    .bars = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
    .values = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
    .difference = make_text (NULL, 1),
  };

  gtk_widget_set_valign (line.bars, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (line.values, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (line.bars, TRUE);
  gtk_widget_add_css_class (line.label, "line");
  gtk_widget_add_css_class (line.bars, "bars");
  for (guint side = 0; side < N_SIDES; side++)
    fill_side (self, &line, side, label, known[side], scores[side]);
  assay_number_label_set (GTK_LABEL (line.difference), difference);
  gtk_widget_add_css_class (line.difference, "numeric");
  gtk_widget_add_css_class (line.difference, "difference");
  if (g_strcmp0 (sent, self->truth) == 0)
    emphasize (&line, known[BASELINE] ? scores[CANDIDATE] - scores[BASELINE] : 0);
  else if (self->truth == NULL && self->lines->len == 0)
    gtk_widget_add_css_class (line.label, "first");
  attach_line (self, &line, tooltip);
}

static void
clear_lines (AssayPairedChart *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = get_line (self, i);

      /* It may be one of the values' and goes with them. */
      if (gtk_widget_get_parent (line->difference) == GTK_WIDGET (self->grid))
        gtk_grid_remove (self->grid, line->difference);
      gtk_grid_remove (self->grid, line->label);
      gtk_grid_remove (self->grid, line->bars);
      gtk_grid_remove (self->grid, line->values);
    }
  g_array_set_size (self->lines, 0);
}

static void
append_mark (AssayPairedChart *self,
             double score)
{
  g_autofree char *text = get_scale (self) == ASSAY_SCALE_OTHER
                            ? assay_score_dup_text (ASSAY_SCALE_OTHER, score)
                            : assay_share_dup_text (score);

  assay_chart_axis_append (self->axis, get_fraction (self, score), text);
}

/* The most important first, where there is no room for all. */
static void
build_axes (AssayPairedChart *self)
{
  gboolean probable = get_scale (self) != ASSAY_SCALE_OTHER;
  g_autofree char *limit = assay_share_dup_text (self->threshold);
  g_autofree char *caption = g_strdup_printf (_("threshold %s"), limit);

  assay_chart_axis_clear (self->caption);
  assay_chart_axis_clear (self->axis);
  gtk_widget_set_visible (GTK_WIDGET (self->caption), probable);
  if (probable)
    assay_chart_axis_append (self->caption, self->threshold, caption);
  append_mark (self, 0);
  if (self->high > 0)
    append_mark (self, self->high);
  if (self->low < 0)
    append_mark (self, self->low);
  if (!probable)
    return;
  append_mark (self, 0.5);
  if (self->compact)
    return;
  append_mark (self, 0.25);
  append_mark (self, 0.75);
}

/* The marks always stand below the last line. */
static void
move_axis_down (AssayPairedChart *self)
{
  g_object_ref (self->axis);
  gtk_grid_remove (self->grid, GTK_WIDGET (self->axis));
  gtk_grid_attach (self->grid, GTK_WIDGET (self->axis),
                   COLUMN_BARS, (int) self->lines->len + 1, 1, 1);
  g_object_unref (self->axis);
}

static void
build_more (AssayPairedChart *self)
{
  guint n = self->prediction[CANDIDATE] != NULL
              ? assay_prediction_get_n_sent (self->prediction[CANDIDATE])
              : 0;
  guint rest = n > SHOWN ? n - SHOWN : 0;
  g_autofree char *number = g_strdup_printf ("%'u", rest);
  g_autofree char *text = g_strdup_printf (_("%s more"), number);

  gtk_menu_button_set_popover (self->more, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->more), rest > 0);
  gtk_label_set_text (self->more_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->more),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static void
build (AssayPairedChart *self)
{
  clear_lines (self);
  choose_range (self);
  gtk_widget_set_visible (self->box, self->prediction[CANDIDATE] != NULL);
  if (self->prediction[CANDIDATE] != NULL)
    {
      g_autofree guint *order = assay_score_order_new (self->prediction[CANDIDATE]);

      for (guint i = 0; i < MIN (SHOWN, assay_prediction_get_n (self->prediction[CANDIDATE])); i++)
        append_label (self, order[i]);
    }
  build_axes (self);
  move_axis_down (self);
  build_more (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Made when it is opened: a chart of 1,000 labels costs ten lines until then. */
static void
create_list_cb (GtkMenuButton *button,
                gpointer data)
{
  AssayPairedChart *self = data;
  GtkWidget *popover;

  if (gtk_menu_button_get_popover (button) != NULL || self->prediction[CANDIDATE] == NULL)
    return;
  popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover),
                         assay_score_list_new (self->prediction[CANDIDATE]));
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (self->name[CANDIDATE]),
                                  -1);
  gtk_menu_button_set_popover (button, popover);
}

/* Where the lines stand, in the chart's own coordinates. */
static gboolean
get_plot (AssayPairedChart *self,
          graphene_rect_t *plot)
{
  guint n = self->lines->len;
  graphene_rect_t last;

  if (n == 0
      || !gtk_widget_compute_bounds (get_line (self, 0)->bars, GTK_WIDGET (self), plot)
      || !gtk_widget_compute_bounds (get_line (self, n - 1)->bars, GTK_WIDGET (self), &last))
    return FALSE;
  plot->size.height = last.origin.y + last.size.height - plot->origin.y;
  return TRUE;
}

static void
draw_grid (AssayPairedChart *self,
           GtkSnapshot *snapshot,
           const graphene_rect_t *plot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int parts = get_scale (self) != ASSAY_SCALE_OTHER ? 4 : 1;

  for (int part = 0; part <= parts; part++)
    assay_paint_upright (widget, snapshot, plot, part / (double) parts, "assay_grid_color");
  assay_paint_zero (widget, snapshot, plot, get_fraction (self, 0));
}

/* Over a solid bar the dashes are light, so that the mark stays visible. */
static void
draw_threshold (AssayPairedChart *self,
                GtkSnapshot *snapshot,
                const graphene_rect_t *plot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  graphene_rect_t area = *plot;

  area.origin.x = assay_paint_get_x (widget, plot, self->threshold);
  area.size.width = 1;
  assay_paint_dashes (widget, snapshot, plot, &area, "assay_threshold_color");
  for (guint i = 0; i < self->lines->len; i++)
    {
      AssayProbabilityBar *bar = get_line (self, i)->bar[CANDIDATE];
      graphene_rect_t bounds, filled, crossed;

      if (!assay_probability_bar_get_rectangle (bar, &filled)
          || !gtk_widget_compute_bounds (GTK_WIDGET (bar), widget, &bounds))
        continue;
      graphene_rect_offset (&filled, bounds.origin.x, bounds.origin.y);
      if (graphene_rect_intersection (&filled, &area, &crossed))
        assay_paint_dashes (widget, snapshot, plot, &crossed, "assay_threshold_over_color");
    }
}

static void
assay_paired_chart_snapshot (GtkWidget *widget,
                             GtkSnapshot *snapshot)
{
  AssayPairedChart *self = ASSAY_PAIRED_CHART (widget);
  graphene_rect_t plot;
  gboolean drawn = get_plot (self, &plot);

  if (drawn)
    draw_grid (self, snapshot, &plot);
  GTK_WIDGET_CLASS (assay_paired_chart_parent_class)->snapshot (widget, snapshot);
  if (drawn && get_scale (self) != ASSAY_SCALE_OTHER)
    draw_threshold (self, snapshot, &plot);
}

static void
assay_paired_chart_get_property (GObject *object,
                                 guint id,
                                 GValue *value,
                                 GParamSpec *pspec)
{
  AssayPairedChart *self = ASSAY_PAIRED_CHART (object);

  switch (id)
    {
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
assay_paired_chart_set_property (GObject *object,
                                 guint id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  AssayPairedChart *self = ASSAY_PAIRED_CHART (object);

  switch (id)
    {
    case PROP_THRESHOLD:
      assay_paired_chart_set_threshold (self, g_value_get_double (value));
      break;
    case PROP_COMPACT:
      assay_paired_chart_set_compact (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_paired_chart_dispose (GObject *object)
{
  AssayPairedChart *self = ASSAY_PAIRED_CHART (object);

  g_array_set_size (self->lines, 0);
  for (guint side = 0; side < N_SIDES; side++)
    g_clear_pointer (&self->prediction[side], assay_prediction_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_PAIRED_CHART);
  G_OBJECT_CLASS (assay_paired_chart_parent_class)->dispose (object);
}

static void
assay_paired_chart_finalize (GObject *object)
{
  AssayPairedChart *self = ASSAY_PAIRED_CHART (object);

  g_free (self->truth);
  g_array_unref (self->lines);
  G_OBJECT_CLASS (assay_paired_chart_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_THRESHOLD] =
    g_param_spec_double ("threshold", NULL, NULL, 0, 1, 0.6, flags);
  properties[PROP_COMPACT] =
    g_param_spec_boolean ("compact", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_paired_chart_class_init (AssayPairedChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_paired_chart_get_property;
  object_class->set_property = assay_paired_chart_set_property;
  object_class->dispose = assay_paired_chart_dispose;
  object_class->finalize = assay_paired_chart_finalize;
  widget_class->snapshot = assay_paired_chart_snapshot;
  install_properties (object_class);

  g_type_ensure (ASSAY_TYPE_CHART_AXIS);
  g_type_ensure (ASSAY_TYPE_WRAP_BOX);
  gtk_widget_class_set_css_name (widget_class, "pairedchart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-paired-chart.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayPairedChart, box);
  gtk_widget_class_bind_template_child (widget_class, AssayPairedChart, grid);
  gtk_widget_class_bind_template_child_full (widget_class, "baseline_name", FALSE,
                                             G_STRUCT_OFFSET (AssayPairedChart, name[BASELINE]));
  gtk_widget_class_bind_template_child_full (widget_class, "candidate_name", FALSE,
                                             G_STRUCT_OFFSET (AssayPairedChart, name[CANDIDATE]));
  gtk_widget_class_bind_template_child (widget_class, AssayPairedChart, difference);
  gtk_widget_class_bind_template_child (widget_class, AssayPairedChart, caption);
  gtk_widget_class_bind_template_child (widget_class, AssayPairedChart, axis);
  gtk_widget_class_bind_template_child (widget_class, AssayPairedChart, more);
  gtk_widget_class_bind_template_child (widget_class, AssayPairedChart, more_label);
}

static void
assay_paired_chart_init (AssayPairedChart *self)
{
  self->threshold = 0.6;
  self->high = 1;
  self->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->more, create_list_cb, self, NULL);
  build (self);
}

/**
 * assay_paired_chart_new:
 *
 * Returns: (transfer floating): an empty chart
 */
GtkWidget *
assay_paired_chart_new (void)
{
  return g_object_new (ASSAY_TYPE_PAIRED_CHART, NULL);
}

/**
 * assay_paired_chart_get_n_lines:
 *
 * Returns: labels with bars, at most ten
 */
guint
assay_paired_chart_get_n_lines (AssayPairedChart *self)
{
  g_return_val_if_fail (ASSAY_IS_PAIRED_CHART (self), 0);

  return self->lines->len;
}

/**
 * assay_paired_chart_get_bar:
 * @line: a line, from the top
 * @candidate: the candidate's, or the baseline's
 *
 * Returns: (transfer none): the bar
 */
AssayProbabilityBar *
assay_paired_chart_get_bar (AssayPairedChart *self,
                            guint line,
                            gboolean candidate)
{
  g_return_val_if_fail (ASSAY_IS_PAIRED_CHART (self) && line < self->lines->len, NULL);

  return get_line (self, line)->bar[candidate ? CANDIDATE : BASELINE];
}

/**
 * assay_paired_chart_get_value_text:
 * @line: a line, from the top
 * @candidate: the candidate's, or the baseline's
 *
 * Returns: (transfer none): the score, as shown; "–" for a label that was not sent
 */
const char *
assay_paired_chart_get_value_text (AssayPairedChart *self,
                                   guint line,
                                   gboolean candidate)
{
  g_return_val_if_fail (ASSAY_IS_PAIRED_CHART (self) && line < self->lines->len, NULL);

  return gtk_label_get_text (get_line (self, line)->value[candidate ? CANDIDATE : BASELINE]);
}

/**
 * assay_paired_chart_get_difference:
 * @line: a line, from the top
 *
 * Returns: (transfer none): candidate less baseline, as shown; "" where one is not known
 */
const char *
assay_paired_chart_get_difference (AssayPairedChart *self,
                                   guint line)
{
  g_return_val_if_fail (ASSAY_IS_PAIRED_CHART (self) && line < self->lines->len, NULL);

  return gtk_label_get_text (GTK_LABEL (get_line (self, line)->difference));
}

/**
 * assay_paired_chart_set_names:
 * @baseline: what the lighter bars are, "version 1"
 * @candidate: what the darker ones are
 */
void
assay_paired_chart_set_names (AssayPairedChart *self,
                              const char *baseline,
                              const char *candidate)
{
  g_return_if_fail (ASSAY_IS_PAIRED_CHART (self));
  g_return_if_fail (baseline != NULL && candidate != NULL);

  gtk_label_set_text (self->name[BASELINE], baseline);
  gtk_label_set_text (self->name[CANDIDATE], candidate);
  build (self);
}

/**
 * assay_paired_chart_set_predictions:
 * @baseline: (nullable) (transfer none): what the baseline says
 * @candidate: (nullable) (transfer none): what the candidate says
 * @truth: (nullable): the true label, whose difference is told as better or worse
 *
 * Nothing is drawn unless both are there.
 */
void
assay_paired_chart_set_predictions (AssayPairedChart *self,
                                    AssayPrediction *baseline,
                                    AssayPrediction *candidate,
                                    const char *truth)
{
  AssayPrediction *const given[N_SIDES] = { baseline, candidate };

  g_return_if_fail (ASSAY_IS_PAIRED_CHART (self));

  for (guint side = 0; side < N_SIDES; side++)
    {
      AssayPrediction *old = self->prediction[side];

      self->prediction[side] = baseline != NULL && candidate != NULL
                                 ? assay_prediction_ref (given[side])
                                 : NULL;
      g_clear_pointer (&old, assay_prediction_unref);
    }
  g_free (self->truth);
  self->truth = g_strdup (truth);
  build (self);
}

/**
 * assay_paired_chart_set_threshold:
 * @threshold: where the dashed line stands, 0…1
 */
void
assay_paired_chart_set_threshold (AssayPairedChart *self,
                                  double threshold)
{
  g_return_if_fail (ASSAY_IS_PAIRED_CHART (self));

  threshold = CLAMP (threshold, 0, 1);
  if (self->threshold == threshold)
    return;
  self->threshold = threshold;
  build_axes (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THRESHOLD]);
}

/**
 * assay_paired_chart_set_compact:
 * @compact: whether it stands in a narrow column: shorter labels, fewer marks
 */
void
assay_paired_chart_set_compact (AssayPairedChart *self,
                                gboolean compact)
{
  g_return_if_fail (ASSAY_IS_PAIRED_CHART (self));

  if (self->compact == !!compact)
    return;
  self->compact = !!compact;
  if (self->compact)
    gtk_widget_add_css_class (GTK_WIDGET (self), "compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "compact");
  gtk_widget_set_visible (self->difference, !self->compact);
  gtk_grid_set_column_spacing (self->grid, self->compact ? SPACING_COMPACT : SPACING);
  build (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}
