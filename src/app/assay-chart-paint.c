/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What all charts draw with: colors by their name in the style sheet, so that light,
 * dark and high contrast are told there alone, and the contrast between two of them. */

#include "config.h"

#include <math.h>

#include "assay-chart-paint.h"

#define DASH 3

/* Pixels: the thick zero line stands just before the bars. */
#define ZERO_LINE 2

/**
 * assay_paint_find_color:
 * @name: a color that the style sheet defines
 * @color: (out caller-allocates): that, or the text's where it defines none
 */
void
assay_paint_find_color (GtkWidget *widget,
                        const char *name,
                        GdkRGBA *color)
{
  GtkStyleContext *context;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (name != NULL && color != NULL);

  context = gtk_widget_get_style_context (widget);
  if (!gtk_style_context_lookup_color (context, name, color))
    gtk_style_context_get_color (context, color);
}

/**
 * assay_paint_get_em:
 *
 * Returns: the size of the widget's text in pixels, with the factor that a person chose
 *   for all text
 */
double
assay_paint_get_em (GtkWidget *widget)
{
  PangoContext *context;
  const PangoFontDescription *font;
  double size;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), 0);

  context = gtk_widget_get_pango_context (widget);
  font = pango_context_get_font_description (context);
  size = pango_font_description_get_size (font) / (double) PANGO_SCALE;
  if (!pango_font_description_get_size_is_absolute (font))
    size *= pango_cairo_context_get_resolution (context) / 72;
  return size;
}

/**
 * assay_paint_mix:
 * @share: how much of @to, 0…1
 * @color: (out caller-allocates): between both, opaque, so that its contrast to a text
 *   on it is known whatever lies below
 */
void
assay_paint_mix (const GdkRGBA *from,
                 const GdkRGBA *to,
                 double share,
                 GdkRGBA *color)
{
  float part;

  g_return_if_fail (from != NULL && to != NULL && color != NULL);

  part = (float) CLAMP (share, 0, 1);
  *color = (GdkRGBA) {
    from->red + (to->red - from->red) * part,
    from->green + (to->green - from->green) * part,
    from->blue + (to->blue - from->blue) * part,
    1,
  };
}

static double
get_linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
get_luminance (const GdkRGBA *color)
{
  return 0.2126 * get_linear (color->red) + 0.7152 * get_linear (color->green)
         + 0.0722 * get_linear (color->blue);
}

/**
 * assay_paint_get_contrast:
 * @a: an opaque color
 * @b: another one
 *
 * Returns: their contrast, 1…21: (L₁ + 0.05) / (L₂ + 0.05) with the relative luminance
 *   of sRGB, the lighter one first (WCAG 2.1, "contrast ratio")
 */
double
assay_paint_get_contrast (const GdkRGBA *a,
                          const GdkRGBA *b)
{
  double first, second;

  g_return_val_if_fail (a != NULL && b != NULL, 1);

  first = get_luminance (a) + 0.05;
  second = get_luminance (b) + 0.05;
  return MAX (first, second) / MIN (first, second);
}

/**
 * assay_paint_text:
 * @x: the left edge, in pixels
 * @y: the top edge, in pixels
 */
void
assay_paint_text (GtkSnapshot *snapshot,
                  PangoLayout *layout,
                  float x,
                  float y,
                  const GdkRGBA *color)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/**
 * assay_paint_line:
 * @bounds: what it may cover
 *
 * Draws a dashed line, one pixel thick.
 */
void
assay_paint_line (GtkSnapshot *snapshot,
                  const graphene_rect_t *bounds,
                  const graphene_point_t *from,
                  const graphene_point_t *to,
                  const GdkRGBA *color)
{
  static const double dashes[] = { DASH, DASH };
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, bounds);

  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_move_to (cr, from->x, from->y);
  cairo_line_to (cr, to->x, to->y);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/**
 * assay_paint_get_x:
 * @plot: where the bars of a chart stand
 * @fraction: a place of the axis, 0…1 from the start edge
 *
 * Returns: the left pixel of a line there
 */
float
assay_paint_get_x (GtkWidget *widget,
                   const graphene_rect_t *plot,
                   double fraction)
{
  double offset = round (fraction * (plot->size.width - 1));

  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    offset = plot->size.width - 1 - offset;
  return plot->origin.x + offset;
}

/**
 * assay_paint_upright:
 *
 * Draws a line of one pixel over the height of the bars.
 */
void
assay_paint_upright (GtkWidget *widget,
                     GtkSnapshot *snapshot,
                     const graphene_rect_t *plot,
                     double fraction,
                     const char *color_name)
{
  graphene_rect_t line = *plot;
  GdkRGBA color;

  line.origin.x = assay_paint_get_x (widget, plot, fraction);
  line.size.width = 1;
  assay_paint_find_color (widget, color_name, &color);
  gtk_snapshot_append_color (snapshot, &color, &line);
}

/**
 * assay_paint_zero:
 * @fraction: where the axis is 0
 *
 * Draws the thick line that bars grow from.
 */
void
assay_paint_zero (GtkWidget *widget,
                  GtkSnapshot *snapshot,
                  const graphene_rect_t *plot,
                  double fraction)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  graphene_rect_t line = *plot;
  GdkRGBA color;

  line.origin.x = assay_paint_get_x (widget, plot, fraction) + (mirrored ? 1 : -ZERO_LINE);
  line.size.width = ZERO_LINE;
  assay_paint_find_color (widget, "assay_axis_color", &color);
  gtk_snapshot_append_color (snapshot, &color, &line);
}

/**
 * assay_paint_dashes:
 * @area: what is seen of the dashed line, one pixel wide
 *
 * All dashes count from the top of @plot, so that one color covers the other.
 */
void
assay_paint_dashes (GtkWidget *widget,
                    GtkSnapshot *snapshot,
                    const graphene_rect_t *plot,
                    const graphene_rect_t *area,
                    const char *color_name)
{
  float bottom = plot->origin.y + plot->size.height;
  graphene_rect_t dash = *area;
  GdkRGBA color;

  assay_paint_find_color (widget, color_name, &color);
  for (float y = plot->origin.y; y < bottom; y += 2 * DASH)
    {
      graphene_rect_t seen;

      dash.origin.y = y;
      dash.size.height = DASH;
      if (graphene_rect_intersection (&dash, area, &seen))
        gtk_snapshot_append_color (snapshot, &color, &seen);
    }
}
