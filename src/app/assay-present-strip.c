/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-chart-paint.h"
#include "assay-item.h"
#include "assay-picture.h"
#include "assay-present-strip.h"
#include "assay-present-text.h"
#include "assay-texture.h"
#include "assay-weak.h"

/* In the size of the font. */
#define CELL_WIDTH 3.2
#define CELL_HEIGHT 2.4
#define GAP 0.56
#define RADIUS 0.3
#define FRAME 0.09

#define MOST 11
#define PIXELS 320         /* decoded */
#define DIM 0.55           /* opacity of those that are not looked at */

/* Invariant: cells has what is in sight, no more. */
struct _AssayPresentStrip {
  GtkWidget parent_instance;

  GListModel *items;             /* (nullable) */
  guint position;                /* G_MAXUINT while what is looked at isn't in the list */
  GHashTable *cells;             /* (element-type AssayItem Cell) */
};

typedef struct {
  GdkTexture *texture;           /* (nullable) */
  GCancellable *cancellable;
} Cell;

typedef struct {
  GWeakRef *strip;
  AssayItem *item;
} Load;

G_DEFINE_FINAL_TYPE (AssayPresentStrip, assay_present_strip, GTK_TYPE_WIDGET)

static guint picked_signal;

static void
cell_free (gpointer data)
{
  Cell *cell = data;

  g_cancellable_cancel (cell->cancellable);
  g_object_unref (cell->cancellable);
  g_clear_object (&cell->texture);
  g_free (cell);
}

static guint
count_shown (AssayPresentStrip *self)
{
  double em = assay_paint_get_em (GTK_WIDGET (self));
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  return CLAMP ((int) ((width + GAP * em) / ((CELL_WIDTH + GAP) * em)), 1, MOST);
}

static guint
find_start (AssayPresentStrip *self,
            guint n)
{
  return assay_present_find_start (self->position == G_MAXUINT ? 0 : self->position,
                                   count_shown (self), n);
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autofree Load *load = data;
  g_autoptr (AssayPresentStrip) self = assay_weak_take (load->strip);
  g_autoptr (AssayItem) item = g_steal_pointer (&load->item);
  g_autoptr (GdkTexture) texture = assay_texture_load_finish (result, NULL);
  Cell *cell = self != NULL && self->cells != NULL ? g_hash_table_lookup (self->cells, item) : NULL;

  if (cell == NULL || texture == NULL)
    return;
  g_set_object (&cell->texture, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
start_loading (AssayPresentStrip *self,
               AssayItem *item)
{
  Cell *cell;
  Load *load;

  if (g_hash_table_contains (self->cells, item)
      || assay_source_is_awaited (assay_item_get_source (item))
      || !assay_texture_is_possible (assay_item_get_facts (item)))
    return;
  cell = g_new0 (Cell, 1);
  cell->cancellable = g_cancellable_new ();
  g_hash_table_insert (self->cells, g_object_ref (item), cell);
  load = g_new0 (Load, 1);
  load->strip = assay_weak_new (self);
  load->item = g_object_ref (item);
  assay_texture_load_async (assay_item_get_source (item), assay_item_get_facts (item), PIXELS,
                            cell->cancellable, loaded_cb, load);
}

/* Loads what has come into sight, and forgets what has left it. */
static void
update (AssayPresentStrip *self)
{
  guint n = self->items != NULL ? g_list_model_get_n_items (self->items) : 0;
  guint start = find_start (self, n);
  guint end = MIN (n, start + count_shown (self));
  g_autoptr (GHashTable) seen = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  GHashTableIter iter;
  gpointer item;

  if (gtk_widget_get_width (GTK_WIDGET (self)) == 0)
    return;
  for (guint i = start; i < end; i++)
    {
      g_autoptr (AssayItem) shown = g_list_model_get_item (self->items, i);

      start_loading (self, shown);
      g_hash_table_add (seen, g_steal_pointer (&shown));
    }
  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    if (!g_hash_table_contains (seen, item))
      g_hash_table_iter_remove (&iter);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Where the cell at @index of those on show stands. */
static void
get_cell (AssayPresentStrip *self,
          guint index,
          guint shown,
          graphene_rect_t *rect)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double em = assay_paint_get_em (widget);
  double step = (CELL_WIDTH + GAP) * em;
  double left = (gtk_widget_get_width (widget) - shown * step + GAP * em) / 2;
  guint place = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? shown - 1 - index : index;

  graphene_rect_init (rect, (int) (left + place * step),
                      (int) ((gtk_widget_get_height (widget) - CELL_HEIGHT * em) / 2),
                      (int) (CELL_WIDTH * em), (int) (CELL_HEIGHT * em));
}

static void
draw_cell (AssayPresentStrip *self,
           GtkSnapshot *snapshot,
           AssayItem *item,
           const graphene_rect_t *rect,
           gboolean looked_at)
{
  GtkWidget *widget = GTK_WIDGET (self);
  float em = assay_paint_get_em (widget);
  float thick = MAX (2, FRAME * em);
  Cell *cell = g_hash_table_lookup (self->cells, item);
  graphene_rect_t covered, frame = *rect;
  GskRoundedRect outline;
  GdkRGBA color, faint;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  faint = color;
  faint.alpha *= 0.1;
  if (!looked_at)
    gtk_snapshot_push_opacity (snapshot, DIM);
  if (cell != NULL && cell->texture != NULL)
    {
      assay_picture_cover (GDK_PAINTABLE (cell->texture), rect, &covered);
      assay_picture_draw (snapshot, GDK_PAINTABLE (cell->texture), &covered, rect, RADIUS * em,
                          &faint);
    }
  else
    {
      gsk_rounded_rect_init_from_rect (&outline, rect, RADIUS * em);
      gtk_snapshot_push_rounded_clip (snapshot, &outline);
      gtk_snapshot_append_color (snapshot, &faint, rect);
      gtk_snapshot_pop (snapshot);
    }
  if (!looked_at)
    {
      gtk_snapshot_pop (snapshot);
      return;
    }
  graphene_rect_inset (&frame, -2 * thick, -2 * thick);
  gsk_rounded_rect_init_from_rect (&outline, &frame, RADIUS * em + 2 * thick);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]) { thick, thick, thick, thick },
                              (GdkRGBA[4]) { color, color, color, color });
}

static void
assay_present_strip_snapshot (GtkWidget *widget,
                              GtkSnapshot *snapshot)
{
  AssayPresentStrip *self = ASSAY_PRESENT_STRIP (widget);
  guint n = self->items != NULL ? g_list_model_get_n_items (self->items) : 0;
  guint start = find_start (self, n);
  guint shown = MIN (n - start, count_shown (self));

  for (guint i = 0; i < shown; i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (self->items, start + i);
      graphene_rect_t rect;

      get_cell (self, i, shown, &rect);
      draw_cell (self, snapshot, item, &rect, start + i == self->position);
    }
}

static void
assay_present_strip_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  double em = assay_paint_get_em (widget);

  /* The frame stands around the cell. */
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL
                          ? (int) ((CELL_HEIGHT + 5 * FRAME) * em) : (int) (CELL_WIDTH * em);
}

static void
assay_present_strip_size_allocate (GtkWidget *widget,
                                   int width,
                                   int height,
                                   int baseline)
{
  update (ASSAY_PRESENT_STRIP (widget));
}

static void
released_cb (GtkGestureClick *gesture,
             int n_press,
             double x,
             double y,
             AssayPresentStrip *self)
{
  guint n = self->items != NULL ? g_list_model_get_n_items (self->items) : 0;
  guint start = find_start (self, n);
  guint shown = MIN (n - start, count_shown (self));
  graphene_point_t point = GRAPHENE_POINT_INIT ((float) x, (float) y);

  for (guint i = 0; i < shown; i++)
    {
      graphene_rect_t rect;

      get_cell (self, i, shown, &rect);
      if (!graphene_rect_contains_point (&rect, &point))
        continue;
      g_signal_emit (self, picked_signal, 0, start + i);
      return;
    }
}

static void
assay_present_strip_dispose (GObject *object)
{
  AssayPresentStrip *self = ASSAY_PRESENT_STRIP (object);

  g_clear_pointer (&self->cells, g_hash_table_unref);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (assay_present_strip_parent_class)->dispose (object);
}

static void
assay_present_strip_class_init (AssayPresentStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_present_strip_dispose;
  widget_class->measure = assay_present_strip_measure;
  widget_class->size_allocate = assay_present_strip_size_allocate;
  widget_class->snapshot = assay_present_strip_snapshot;
  picked_signal = g_signal_new ("picked", ASSAY_TYPE_PRESENT_STRIP, G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "presentstrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
assay_present_strip_init (AssayPresentStrip *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->position = G_MAXUINT;
  self->cells = g_hash_table_new_full (NULL, NULL, g_object_unref, cell_free);
  g_signal_connect_object (click, "released", G_CALLBACK (released_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/**
 * assay_present_strip_show:
 * @items: (transfer none): a list of #AssayItem
 * @position: what is looked at, or %G_MAXUINT
 *
 * Shows those around it.  To be called again when the list has changed.
 */
void
assay_present_strip_show (AssayPresentStrip *self,
                          GListModel *items,
                          guint position)
{
  g_autofree char *text = NULL;

  g_return_if_fail (ASSAY_IS_PRESENT_STRIP (self));
  g_return_if_fail (G_IS_LIST_MODEL (items));

  g_set_object (&self->items, items);
  self->position = position;
  if (position != G_MAXUINT)
    text = g_strdup_printf (_("Image %'u of %'u"), position + 1, g_list_model_get_n_items (items));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text != NULL ? text : _("All images"), -1);
  update (self);
}
