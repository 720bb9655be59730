/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-probability-bar.h"

/* A score above zero is never invisible, and a bar too thin for an outline is
 * drawn solid (charts.md, probability bars 5). */
#define SHORTEST 2
#define OUTLINED 4
#define CORNER 4
#define HATCH 6

struct _AssayProbabilityBar {
  GtkWidget parent_instance;

  GtkWidget *level;
  double from;          /* fractions of the width, 0…1, from < to or empty */
  double to;
  AssayBarLook look;
};

G_DEFINE_FINAL_TYPE (AssayProbabilityBar, assay_probability_bar, GTK_TYPE_WIDGET)

static void
assay_probability_bar_measure (GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  AssayProbabilityBar *self = ASSAY_PROBABILITY_BAR (widget);

  gtk_widget_measure (self->level, orientation, -1, minimum, natural, NULL, NULL);
}

/* The level bar is as thick as the style sheet says, in the middle of the line. */
static void
assay_probability_bar_size_allocate (GtkWidget *widget,
                                     int width,
                                     int height,
                                     int baseline)
{
  AssayProbabilityBar *self = ASSAY_PROBABILITY_BAR (widget);
  GtkAllocation level = { 0, 0, width, height };
  int thickness;

  gtk_widget_measure (self->level, GTK_ORIENTATION_VERTICAL, -1, &thickness, NULL, NULL, NULL);
  level.height = MIN (height, thickness);
  level.y = (height - level.height) / 2;
  gtk_widget_size_allocate (self->level, &level, -1);
}

static GdkRGBA
find_color (GtkWidget *widget,
            const char *name)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (context, name, &color))
    gtk_style_context_get_color (context, &color);
  return color;
}

/* Square at the axis, round at the value. */
static void
round_corners (AssayProbabilityBar *self,
               const graphene_rect_t *rectangle,
               GskRoundedRect *outline)
{
  float radius = MIN (CORNER, MIN (rectangle->size.width / 2, rectangle->size.height / 2));
  graphene_size_t round = GRAPHENE_SIZE_INIT (radius, radius);
  graphene_size_t square = GRAPHENE_SIZE_INIT (0, 0);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    gsk_rounded_rect_init (outline, rectangle, &round, &square, &square, &round);
  else
    gsk_rounded_rect_init (outline, rectangle, &square, &round, &round, &square);
}

static void
draw_hatching (GtkSnapshot *snapshot,
               const graphene_rect_t *rectangle,
               const GdkRGBA *color)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, rectangle);
  float height = rectangle->size.height;
  float right = rectangle->origin.x + rectangle->size.width;
  float bottom = rectangle->origin.y + height;

  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 1);
  for (float x = rectangle->origin.x - height; x < right; x += HATCH)
    {
      cairo_move_to (cr, x, bottom);
      cairo_line_to (cr, x + height, rectangle->origin.y);
    }
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
assay_probability_bar_snapshot (GtkWidget *widget,
                                GtkSnapshot *snapshot)
{
  AssayProbabilityBar *self = ASSAY_PROBABILITY_BAR (widget);
  GdkRGBA accent = find_color (widget, "assay_bar_color");
  GdkRGBA soft = find_color (widget, "assay_bar_soft_color");
  float thin[4] = { 1, 1, 1, 1 };
  GdkRGBA colors[4] = { accent, accent, accent, accent };
  graphene_rect_t rectangle;
  GskRoundedRect outline;

  if (assay_probability_bar_get_rectangle (self, &rectangle))
    {
      gboolean solid = self->look == ASSAY_BAR_STRONG || rectangle.size.width < OUTLINED;

      round_corners (self, &rectangle, &outline);
      gtk_snapshot_push_rounded_clip (snapshot, &outline);
      if (solid || self->look == ASSAY_BAR_SOFT)
        gtk_snapshot_append_color (snapshot, solid ? &accent : &soft, &rectangle);
      else
        draw_hatching (snapshot, &rectangle, &accent);
      gtk_snapshot_pop (snapshot);
      if (!solid)
        gtk_snapshot_append_border (snapshot, &outline, thin, colors);
    }
  gtk_widget_snapshot_child (widget, self->level, snapshot);
}

static void
assay_probability_bar_dispose (GObject *object)
{
  AssayProbabilityBar *self = ASSAY_PROBABILITY_BAR (object);

  g_clear_pointer (&self->level, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_probability_bar_parent_class)->dispose (object);
}

static void
assay_probability_bar_class_init (AssayProbabilityBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_probability_bar_dispose;
  widget_class->measure = assay_probability_bar_measure;
  widget_class->size_allocate = assay_probability_bar_size_allocate;
  widget_class->snapshot = assay_probability_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "probabilitybar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_probability_bar_init (AssayProbabilityBar *self)
{
  self->level = gtk_level_bar_new_for_interval (0, 1);
  /* The offsets would only color what is not drawn. */
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->level), NULL);
  gtk_widget_set_parent (self->level, GTK_WIDGET (self));
}

/**
 * assay_probability_bar_new:
 * @look: how it is filled
 *
 * Returns: (transfer floating): an empty bar
 */
GtkWidget *
assay_probability_bar_new (AssayBarLook look)
{
  AssayProbabilityBar *self = g_object_new (ASSAY_TYPE_PROBABILITY_BAR, NULL);

  self->look = look;
  return GTK_WIDGET (self);
}

AssayBarLook
assay_probability_bar_get_look (AssayProbabilityBar *self)
{
  g_return_val_if_fail (ASSAY_IS_PROBABILITY_BAR (self), ASSAY_BAR_SOFT);

  return self->look;
}

/**
 * assay_probability_bar_set_span:
 * @from: where it starts, a fraction of the width, 0…1 from the start edge
 * @to: where it ends; may lie before @from
 *
 * Nothing is drawn where both are equal.
 */
void
assay_probability_bar_set_span (AssayProbabilityBar *self,
                                double from,
                                double to)
{
  g_return_if_fail (ASSAY_IS_PROBABILITY_BAR (self));

  from = CLAMP (from, 0, 1);
  to = CLAMP (to, 0, 1);
  if (self->from == from && self->to == to)
    return;
  self->from = from;
  self->to = to;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * assay_probability_bar_set_spoken:
 * @value: what assistive technology reads as the value, 0…1
 * @spoken: its name with the rounded value, "roses, 95.7 percent"
 */
void
assay_probability_bar_set_spoken (AssayProbabilityBar *self,
                                  double value,
                                  const char *spoken)
{
  g_return_if_fail (ASSAY_IS_PROBABILITY_BAR (self));
  g_return_if_fail (spoken != NULL);

  /* GTK 4.8 keeps the old value when the new one is within 0.001 of it, so that
   * 0.0002 after 0 would be heard as 0: a detour makes it take every value. */
  gtk_level_bar_set_value (GTK_LEVEL_BAR (self->level), value < 0.5 ? 1 : 0);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (self->level), CLAMP (value, 0, 1));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->level),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
}

/**
 * assay_probability_bar_get_level:
 *
 * Returns: (transfer none): what assistive technology sees of it
 */
GtkLevelBar *
assay_probability_bar_get_level (AssayProbabilityBar *self)
{
  g_return_val_if_fail (ASSAY_IS_PROBABILITY_BAR (self), NULL);

  return GTK_LEVEL_BAR (self->level);
}

/**
 * assay_probability_bar_get_rectangle:
 * @rectangle: (out caller-allocates): what is filled, in the bar's coordinates
 *
 * Returns: whether anything is filled
 */
gboolean
assay_probability_bar_get_rectangle (AssayProbabilityBar *self,
                                     graphene_rect_t *rectangle)
{
  int width, height, thickness;
  double start, end;

  g_return_val_if_fail (ASSAY_IS_PROBABILITY_BAR (self), FALSE);
  g_return_val_if_fail (rectangle != NULL, FALSE);

  if (self->from == self->to)
    return FALSE;

  /* The last pixel belongs to the line at the axis' end. */
  width = gtk_widget_get_width (GTK_WIDGET (self));
  height = gtk_widget_get_height (GTK_WIDGET (self));
  thickness = gtk_widget_get_allocated_height (self->level);
  start = round (MIN (self->from, self->to) * (width - 1));
  end = MAX (start + SHORTEST, round (MAX (self->from, self->to) * (width - 1)));
  if (end > width)
    {
      end = width;
      start = MIN (start, end - SHORTEST);
    }
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    graphene_rect_init (rectangle, width - end, (height - thickness) / 2, end - start, thickness);
  else
    graphene_rect_init (rectangle, start, (height - thickness) / 2, end - start, thickness);
  return TRUE;
}
