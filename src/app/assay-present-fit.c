/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-present-fit.h"

/* In twentieths of the full size, the least that a font becomes: below it nobody reads
 * anything, whether it is whole or not. */
#define FULL 20
#define LEAST 8

/* Of the width, kept free: what is measured isn't yet styled as it will be drawn. */
#define SPARE 0.03

/* As many as stand where @lines of the full size do. */
static guint
count_lines (guint lines,
             int twentieths)
{
  return lines * FULL / (guint) twentieths;
}

/* Whether all of the text stands in as many lines, and no word has to be broken. */
static gboolean
is_fitting (PangoLayout *layout,
            double font,
            double width,
            guint lines,
            int twentieths)
{
  PangoContext *context = pango_layout_get_context (layout);
  g_autoptr (PangoFontDescription) description =
    pango_font_description_copy (pango_context_get_font_description (context));
  int room = (int) (width * (1 - SPARE) * PANGO_SCALE);
  PangoRectangle place;

  pango_font_description_set_absolute_size (description, font * twentieths / FULL * PANGO_SCALE);
  pango_layout_set_font_description (layout, description);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD);
  pango_layout_set_width (layout, room);
  pango_layout_get_extents (layout, NULL, &place);
  return place.width <= room
         && pango_layout_get_line_count (layout) <= (int) count_lines (lines, twentieths);
}

/**
 * assay_present_fit:
 * @label: whose text has been set; it is to wrap and to have an ellipsis at its end
 * @font: its size in style.css, pixels
 * @width: that it will have, pixels; 0 while nobody knows
 * @lines: that there is room for at that size
 *
 * Makes the text of @label smaller, until it is whole in the height of @lines.  Only what
 * is too long at two fifths of the size is cut.
 */
void
assay_present_fit (GtkLabel *label,
                   double font,
                   double width,
                   guint lines)
{
  g_autoptr (PangoAttrList) list = pango_attr_list_new ();
  g_autoptr (PangoLayout) layout = NULL;
  int twentieths = FULL;

  g_return_if_fail (GTK_IS_LABEL (label));

  layout = gtk_widget_create_pango_layout (GTK_WIDGET (label), gtk_label_get_text (label));
  while (width > 0 && twentieths > LEAST && !is_fitting (layout, font, width, lines, twentieths))
    twentieths--;
  pango_attr_list_insert (list, pango_attr_scale_new (twentieths / (double) FULL));
  gtk_label_set_attributes (label, twentieths < FULL ? list : NULL);
  gtk_label_set_lines (label, (int) count_lines (lines, twentieths));
}
