/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <adwaita.h>
#include <string.h>

#include "assay-chart-paint.h"
#include "assay-present-bars.h"
#include "assay-present-text.h"
#include "assay-score-text.h"
#include "assay-verdict-text.h"

#define SHOWN 5
#define MILLISECONDS 700

/* In the size of the font. */
#define LINE 1.75
#define LEAST_LINE 1.3        /* where long labels above need the room */
#define BAR 0.82
#define GAP 0.6
#define RADIUS 0.12

/* Of a label that needs two lines: its font at most, and the pitch of a line. */
#define SMALL 0.66F
#define TEXT_LINE 1.35F

/* What stands between the names of one label, as ImageNet has them, and for those left out. */
#define NEXT_NAME ", "
#define MORE_NAMES ",\u00a0…"

/* Around a number: where one reads from the right its sign would stand before it. */
#define LEFT_TO_RIGHT_ISOLATE "\u2066"
#define POP_ISOLATE "\u2069"

/* Of the width, the most for the labels. */
#define LABELS 0.42

struct _AssayPresentBars {
  GtkWidget parent_instance;

  AssayPrediction *prediction;   /* (nullable) */
  AssayPrediction *leader;       /* (nullable): whose order is kept */
  double threshold;
  double part;                   /* of the full length, 0…1 */
  AdwAnimation *animation;
};

G_DEFINE_FINAL_TYPE (AssayPresentBars, assay_present_bars, GTK_TYPE_WIDGET)

/* What is drawn, left to right; columns are swapped where one reads from the right. */
typedef struct {
  float em;
  float line;                /* height of a line */
  float label;               /* width of the labels */
  float value;               /* width of the values */
  graphene_rect_t plot;      /* where bars stand */
  double low, high;          /* of the axis, always around 0 */
} Frame;

static guint
count_lines (AssayPresentBars *self)
{
  return self->prediction != NULL ? MIN (SHOWN, assay_prediction_get_n (self->prediction)) : 0;
}

/* The labels of the leader in its order; FALSE where the best one is not among them. */
static gboolean
follow_leader (AssayPresentBars *self,
               guint *order)
{
  g_autofree guint *led = assay_score_order_new (self->leader);
  guint n = count_lines (self);
  gboolean has_best = FALSE;

  if (assay_prediction_get_n (self->leader) < n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const char *label = assay_prediction_get_label (self->leader, led[i]);

      if (!assay_prediction_find_rank (self->prediction, label, &order[i], NULL))
        return FALSE;
      has_best = has_best || order[i] == 0;
    }
  return has_best;
}

/* For each line its rank. */
static guint *
make_order (AssayPresentBars *self)
{
  g_autofree guint *order = g_new (guint, count_lines (self));

  if (self->leader != NULL && follow_leader (self, order))
    return g_steal_pointer (&order);
  return assay_score_order_new (self->prediction);
}

static void
set_part (double value,
          gpointer data)
{
  AssayPresentBars *self = data;

  self->part = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static PangoLayout *
make_layout (AssayPresentBars *self,
             const char *text,
             gboolean first)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);

  if (first)
    {
      g_autoptr (PangoAttrList) list = pango_attr_list_new ();

      pango_attr_list_insert (list, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
      pango_layout_set_attributes (layout, list);
    }
  return layout;
}

static PangoLayout *
make_label (AssayPresentBars *self,
            guint rank,
            gboolean first)
{
  g_autofree char *text = assay_verdict_dup_label (self->prediction, rank);

  return make_layout (self, text, first);
}

static PangoLayout *
make_value (AssayPresentBars *self,
            guint rank,
            gboolean first)
{
  AssayScale scale = assay_prediction_get_scale (self->prediction);
  double score = assay_prediction_get_score (self->prediction, rank);
  g_autofree char *text = assay_score_dup_text (scale, score);
  g_autofree char *isolated = g_strconcat (LEFT_TO_RIGHT_ISOLATE, text, POP_ISOLATE, NULL);

  return make_layout (self, isolated, first);
}

static float
get_width (PangoLayout *layout)
{
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static gboolean
is_first (AssayPresentBars *self,
          guint rank)
{
  return rank < assay_verdict_count_first (self->prediction);
}

/* Room for all of a value, whatever the others are, and for the labels what they need. */
static void
measure_frame (AssayPresentBars *self,
               const guint *order,
               Frame *frame)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int width = gtk_widget_get_width (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float left;

  frame->em = assay_paint_get_em (widget);
  frame->line = MIN ((float) LINE * frame->em, (float) gtk_widget_get_height (widget) / SHOWN);
  frame->label = frame->value = 0;
  for (guint i = 0; i < count_lines (self); i++)
    {
      g_autoptr (PangoLayout) label = make_label (self, order[i], is_first (self, order[i]));
      g_autoptr (PangoLayout) value = make_value (self, order[i], is_first (self, order[i]));

      frame->label = MAX (frame->label, get_width (label));
      frame->value = MAX (frame->value, get_width (value));
    }
  frame->label = MIN (frame->label, LABELS * width);
  left = (rtl ? frame->value : frame->label) + GAP * frame->em;
  graphene_rect_init (&frame->plot, left, 0,
                      MAX (1, width - frame->label - frame->value - 2 * GAP * frame->em),
                      frame->line * count_lines (self));
  frame->low = 0;
  frame->high = 1;
  if (assay_prediction_get_scale (self->prediction) != ASSAY_SCALE_OTHER)
    return;
  frame->low = MIN (0, assay_prediction_get_lowest (self->prediction));
  frame->high = MAX (0, assay_prediction_get_score (self->prediction, 0));
}

static double
get_fraction (const Frame *frame,
              double score)
{
  return frame->high > frame->low ? (score - frame->low) / (frame->high - frame->low) : 0;
}

static void
draw_bar (AssayPresentBars *self,
          GtkSnapshot *snapshot,
          const Frame *frame,
          guint line,
          guint rank)
{
  double score = assay_prediction_get_score (self->prediction, rank);
  GtkWidget *widget = GTK_WIDGET (self);
  float from = assay_paint_get_x (widget, &frame->plot, get_fraction (frame, 0));
  float to = assay_paint_get_x (widget, &frame->plot, get_fraction (frame, score * self->part));
  float thick = MAX (1, frame->em / 24);
  float radius = RADIUS * frame->em;
  gboolean strong = is_first (self, rank);
  graphene_rect_t rect;
  GskRoundedRect outline;
  GdkRGBA fill, edge;

  /* However small, it is seen. */
  graphene_rect_init (&rect, MIN (from, to), frame->line * (line + 0.5F) - BAR * frame->em / 2,
                      MAX (ABS (to - from), 2 * thick), BAR * frame->em);
  assay_paint_find_color (widget, "assay_bar_color", &edge);
  fill = edge;
  if (!strong && rect.size.width > 4 * thick)
    assay_paint_find_color (widget, "assay_bar_soft_color", &fill);
  gsk_rounded_rect_init_from_rect (&outline, &rect, MIN (radius, rect.size.width / 2));
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &fill, &rect);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]) { thick, thick, thick, thick },
                              (GdkRGBA[4]) { edge, edge, edge, edge });
}

/* FALSE if it has but one name. */
static gboolean
drop_name (PangoLayout *label)
{
  g_autofree char *text = g_strdup (pango_layout_get_text (label));
  g_autofree char *shorter = NULL;
  char *last;

  if (g_str_has_suffix (text, MORE_NAMES))
    text[strlen (text) - strlen (MORE_NAMES)] = '\0';
  last = g_strrstr (text, NEXT_NAME);
  if (last == NULL)
    return FALSE;
  *last = '\0';
  shorter = g_strconcat (text, MORE_NAMES, NULL);
  pango_layout_set_text (label, shorter, -1);
  return TRUE;
}

/* Small in two lines, with as many of its names as they hold: the first label is whole above
 * the bars, and the others are told apart by how they begin. */
static void
fold_label (PangoLayout *label,
            const Frame *frame)
{
  PangoAttrList *given = pango_layout_get_attributes (label);
  g_autoptr (PangoAttrList) list =
    given != NULL ? pango_attr_list_copy (given) : pango_attr_list_new ();
  float scale = MIN (SMALL, frame->line / (2 * TEXT_LINE * frame->em));

  pango_attr_list_insert (list, pango_attr_scale_new (scale));
  pango_layout_set_attributes (label, list);
  pango_layout_set_wrap (label, PANGO_WRAP_WORD_CHAR);
  while (pango_layout_get_line_count (label) > 2 && drop_name (label))
    ;
  pango_layout_set_height (label, -2);
  pango_layout_set_ellipsize (label, PANGO_ELLIPSIZE_END);
}

/* Both stand at the outer edges. */
static void
draw_texts (AssayPresentBars *self,
            GtkSnapshot *snapshot,
            const Frame *frame,
            guint line,
            guint rank)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr (PangoLayout) label = make_label (self, rank, is_first (self, rank));
  g_autoptr (PangoLayout) value = make_value (self, rank, is_first (self, rank));
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float right = gtk_widget_get_width (widget);
  float middle = frame->line * (line + 0.5F);
  GdkRGBA color;
  gboolean folds = get_width (label) > frame->label;
  int height;

  pango_layout_set_width (label, (int) (frame->label * PANGO_SCALE) + PANGO_SCALE);
  if (folds)
    fold_label (label, frame);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  if (!is_first (self, rank))
    color.alpha *= 0.8F;
  pango_layout_set_alignment (label, PANGO_ALIGN_LEFT);
  pango_layout_get_pixel_size (label, NULL, &height);
  assay_paint_text (snapshot, label, rtl ? right - frame->label : 0, middle - height / 2.0F,
                    &color);
  pango_layout_get_pixel_size (value, NULL, &height);
  assay_paint_text (snapshot, value, rtl ? 0 : right - get_width (value), middle - height / 2.0F,
                    &color);
}

static void
draw_axis (AssayPresentBars *self,
           GtkSnapshot *snapshot,
           const Frame *frame)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean probable = assay_prediction_get_scale (self->prediction) != ASSAY_SCALE_OTHER;

  for (int quarter = 1; probable && quarter <= 4; quarter++)
    assay_paint_upright (widget, snapshot, &frame->plot, quarter / 4.0, "assay_grid_color");
  assay_paint_zero (widget, snapshot, &frame->plot, get_fraction (frame, 0));
}

static void
draw_threshold (AssayPresentBars *self,
                GtkSnapshot *snapshot,
                const Frame *frame)
{
  graphene_rect_t area = frame->plot;

  if (assay_prediction_get_scale (self->prediction) == ASSAY_SCALE_OTHER)
    return;
  area.size.width = MAX (1, frame->em / 20);
  area.origin.x = assay_paint_get_x (GTK_WIDGET (self), &frame->plot, self->threshold);
  assay_paint_dashes (GTK_WIDGET (self), snapshot, &frame->plot, &area, "assay_threshold_color");
}

static void
assay_present_bars_snapshot (GtkWidget *widget,
                             GtkSnapshot *snapshot)
{
  AssayPresentBars *self = ASSAY_PRESENT_BARS (widget);
  g_autofree guint *order = NULL;
  Frame frame;

  if (self->prediction == NULL)
    return;
  order = make_order (self);
  measure_frame (self, order, &frame);
  draw_axis (self, snapshot, &frame);
  for (guint i = 0; i < count_lines (self); i++)
    {
      draw_bar (self, snapshot, &frame, i, order[i]);
      draw_texts (self, snapshot, &frame, i, order[i]);
    }
  draw_threshold (self, snapshot, &frame);
}

static void
assay_present_bars_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  double em = assay_paint_get_em (widget);

  /* Room for five, so that nothing moves from image to image. */
  *minimum = *natural = (int) (10 * em);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  *minimum = (int) (SHOWN * LEAST_LINE * em);
  *natural = (int) (SHOWN * LINE * em);
}

static void
assay_present_bars_unmap (GtkWidget *widget)
{
  adw_animation_skip (ASSAY_PRESENT_BARS (widget)->animation);
  GTK_WIDGET_CLASS (assay_present_bars_parent_class)->unmap (widget);
}

static void
assay_present_bars_dispose (GObject *object)
{
  AssayPresentBars *self = ASSAY_PRESENT_BARS (object);

  g_clear_object (&self->animation);
  g_clear_pointer (&self->prediction, assay_prediction_unref);
  g_clear_pointer (&self->leader, assay_prediction_unref);
  G_OBJECT_CLASS (assay_present_bars_parent_class)->dispose (object);
}

static void
assay_present_bars_class_init (AssayPresentBarsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_present_bars_dispose;
  widget_class->measure = assay_present_bars_measure;
  widget_class->snapshot = assay_present_bars_snapshot;
  widget_class->unmap = assay_present_bars_unmap;
  gtk_widget_class_set_css_name (widget_class, "presentbars");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
assay_present_bars_init (AssayPresentBars *self)
{
  AdwAnimationTarget *target = adw_callback_animation_target_new (set_part, self, NULL);

  self->part = 1;
  self->animation = adw_timed_animation_new (GTK_WIDGET (self), 0, 1, MILLISECONDS, target);
  adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->animation), ADW_EASE_OUT_CUBIC);
  gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
}

/**
 * assay_present_bars_show:
 * @prediction: (nullable) (transfer none): what to show
 * @threshold: the user's own, 0…1
 */
void
assay_present_bars_show (AssayPresentBars *self,
                         AssayPrediction *prediction,
                         double threshold)
{
  g_autofree char *text = NULL;

  g_return_if_fail (ASSAY_IS_PRESENT_BARS (self));

  if (prediction != NULL)
    assay_prediction_ref (prediction);
  g_clear_pointer (&self->prediction, assay_prediction_unref);
  self->prediction = prediction;
  self->threshold = threshold;
  if (prediction != NULL)
    text = assay_present_dup_bars (prediction, SHOWN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text != NULL ? text : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * assay_present_bars_follow:
 * @leader: (nullable) (transfer none): what stands beside it
 *
 * Keeps the labels in the order of @leader, so that what is compared stands side by side,
 * unless the most probable one would not be seen then.
 */
void
assay_present_bars_follow (AssayPresentBars *self,
                           AssayPrediction *leader)
{
  g_return_if_fail (ASSAY_IS_PRESENT_BARS (self));

  if (leader != NULL)
    assay_prediction_ref (leader);
  g_clear_pointer (&self->leader, assay_prediction_unref);
  self->leader = leader;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * assay_present_bars_grow:
 *
 * Lets them grow from nothing; at once where no motion is wanted or nobody sees it.
 */
void
assay_present_bars_grow (AssayPresentBars *self)
{
  g_return_if_fail (ASSAY_IS_PRESENT_BARS (self));

  adw_animation_reset (self->animation);
  adw_animation_play (self->animation);
}
