/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-card.h"
#include "assay-facts-text.h"
#include "assay-score-text.h"
#include "assay-verdict-text.h"

/* Labels listed in the text; of more the rest is one line. */
#define LISTED 10
#define MARGIN 24

/* How dim a caption is: 4.5 to 1 against the window's background in light and dark. */
#define DIM 0.75f

static void
append_scores (GString *text,
               const AssayPrediction *prediction)
{
  g_autofree guint *order = assay_score_order_new (prediction);
  AssayScale scale = assay_prediction_get_scale (prediction);
  guint n = assay_prediction_get_n_sent (prediction);
  guint n_listed = MIN (assay_prediction_get_n (prediction), LISTED);

  for (guint i = 0; i < n_listed; i++)
    {
      double score = assay_prediction_get_score (prediction, order[i]);
      g_autofree char *label = assay_verdict_dup_label (prediction, order[i]);
      g_autofree char *rounded = assay_score_dup_text (scale, score);
      g_autofree char *exact = assay_score_dup_exact (score);

      g_string_append_printf (text, "%s\t%s\t%s\n", label, rounded, exact);
    }
  if (n > n_listed)
    {
      g_autofree char *rest = g_strdup_printf ("%'u", n - n_listed);

      g_string_append_printf (text, _("%s more"), rest);
      g_string_append_c (text, '\n');
    }
}

/**
 * assay_card_dup_text:
 * @item: an item whose answer on show has a prediction
 * @prediction: all of it
 * @threshold: the user's own
 *
 * Returns: (transfer full): the result as text: name, verdict, who said so, then
 *   a line for each label with its exact score
 */
char *
assay_card_dup_text (AssayItem *item,
                     const AssayPrediction *prediction,
                     double threshold)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *title = NULL;
  g_autofree char *score = NULL;
  g_autofree char *note = NULL;
  g_autofree char *facts = NULL;

  g_return_val_if_fail (ASSAY_IS_ITEM (item), NULL);
  g_return_val_if_fail (prediction != NULL, NULL);

  title = assay_verdict_dup_title (prediction, threshold);
  score = assay_verdict_dup_score (prediction, threshold);
  note = assay_verdict_dup_note (prediction, threshold);
  facts = assay_facts_dup_line (item, FALSE);
  g_string_append_printf (text, "%s\n%s: %s\n%s\n%s\n\n",
                          assay_item_get_name (item), title, score, note, facts);
  append_scores (text, prediction);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Below the parts, as dim as what else explains them.  Returns: its height. */
static float
draw_caption (GtkSnapshot *snapshot,
              GtkWidget *container,
              const char *caption,
              float top)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (container, caption);
  GdkRGBA color;
  int height;

  pango_layout_set_width (layout, gtk_widget_get_width (container) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_get_pixel_size (layout, NULL, &height);
  gtk_style_context_get_color (gtk_widget_get_style_context (container), &color);
  color.alpha *= DIM;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (MARGIN, top));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
  return height;
}

/* Draws the parts where they stand in the container, one below the other without
 * what lies between them on the screen (buttons, free space). */
static void
draw_parts (GtkSnapshot *snapshot,
            GtkWidget *container,
            GtkWidget *const *parts,
            guint n_parts,
            const char *caption,
            graphene_rect_t *extents)
{
  float bottom = MARGIN;

  graphene_rect_init (extents, 0, 0, gtk_widget_get_width (container) + 2 * MARGIN, 0);
  for (guint i = 0; i < n_parts; i++)
    {
      g_autoptr (GdkPaintable) paintable = NULL;
      graphene_rect_t bounds;

      if (!gtk_widget_get_mapped (parts[i])
          || !gtk_widget_compute_bounds (parts[i], container, &bounds))
        continue;
      paintable = gtk_widget_paintable_new (parts[i]);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (bounds.origin.x + MARGIN, bottom));
      gdk_paintable_snapshot (paintable, snapshot, bounds.size.width, bounds.size.height);
      gtk_snapshot_restore (snapshot);
      bottom += bounds.size.height + MARGIN;
    }
  if (caption != NULL)
    bottom += draw_caption (snapshot, container, caption, bottom) + MARGIN;
  extents->size.height = bottom;
}

static GskRenderNode *
make_node (GtkWidget *container,
           GtkWidget *const *parts,
           guint n_parts,
           double scale,
           const char *caption,
           graphene_rect_t *extents)
{
  GtkStyleContext *context = gtk_widget_get_style_context (container);
  g_autoptr (GtkSnapshot) all = gtk_snapshot_new ();
  g_autoptr (GtkSnapshot) drawing = gtk_snapshot_new ();
  GskRenderNode *node;
  GdkRGBA background;

  draw_parts (drawing, container, parts, n_parts, caption, extents);
  if (!gtk_style_context_lookup_color (context, "window_bg_color", &background))
    background = (GdkRGBA) { 1, 1, 1, 1 };
  background.alpha = 1;

  gtk_snapshot_scale (all, scale, scale);
  gtk_snapshot_append_color (all, &background, extents);
  node = gtk_snapshot_to_node (drawing);
  if (node != NULL)
    {
      gtk_snapshot_append_node (all, node);
      gsk_render_node_unref (node);
    }
  return gtk_snapshot_to_node (all);
}

/**
 * assay_card_draw:
 * @container: a widget on the screen
 * @parts: (array length=n_parts): widgets inside it, from the top
 * @scale: pixels of the picture for one of the window
 * @caption: (nullable): what stands below them
 *
 * Draws the result as it stands in the window, without its buttons.
 *
 * Returns: (transfer full) (nullable): the picture; %NULL when nothing is on the
 *   screen
 */
GdkTexture *
assay_card_draw (GtkWidget *container,
                 GtkWidget *const *parts,
                 guint n_parts,
                 double scale,
                 const char *caption)
{
  GtkNative *native;
  GskRenderNode *node;
  GdkTexture *texture;
  graphene_rect_t extents;

  g_return_val_if_fail (GTK_IS_WIDGET (container), NULL);
  g_return_val_if_fail (scale > 0, NULL);

  native = gtk_widget_get_native (container);
  if (native == NULL || !gtk_widget_get_mapped (container))
    return NULL;

  node = make_node (container, parts, n_parts, scale, caption, &extents);
  graphene_rect_scale (&extents, scale, scale, &extents);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (native), node, &extents);
  gsk_render_node_unref (node);
  return texture;
}

/**
 * assay_card_new_content:
 * @text: the result as text
 * @texture: (nullable): the result as a picture
 *
 * Returns: (transfer full): both together, for the clipboard: an editor takes the
 *   text, a mail or a drawing the picture
 */
GdkContentProvider *
assay_card_new_content (const char *text,
                        GdkTexture *texture)
{
  GdkContentProvider *providers[2];

  g_return_val_if_fail (text != NULL, NULL);

  providers[0] = gdk_content_provider_new_typed (G_TYPE_STRING, text);
  if (texture == NULL)
    return providers[0];
  providers[1] = gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, texture);
  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}
