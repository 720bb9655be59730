/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-picture.h"
#include "assay-texture.h"
#include "assay-thumb.h"
#include "assay-thumbnailer.h"
#include "assay-weak.h"

#define SIDE 48      /* pixels */
#define RADIUS 8

/* The cancellable lives as long as a request; a recycled row cancels it. */
struct _AssayThumb {
  GtkWidget parent_instance;

  GtkWidget *icon;          /* shown when it is known that nothing can be */
  AssayItem *item;
  GSignalGroup *item_signals;
  GdkTexture *texture;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (AssayThumb, assay_thumb, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_ITEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show_texture (AssayThumb *self,
              GdkTexture *texture,
              gboolean known)
{
  g_set_object (&self->texture, texture);
  gtk_widget_set_child_visible (self->icon, known && texture == NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayThumb) self = assay_weak_take (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture =
    assay_thumbnailer_load_finish (ASSAY_THUMBNAILER (object), result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  show_texture (self, texture, TRUE);
}

static void
stop_loading (AssayThumb *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
load (AssayThumb *self)
{
  AssayThumbnailer *thumbnailer = assay_thumbnailer_get_default ();
  AssaySource *source = assay_item_get_source (self->item);
  g_autofree char *sha256 = NULL;
  GdkTexture *texture;

  if (assay_source_is_awaited (source))
    {
      show_texture (self, NULL, FALSE);
      return;
    }
  if (assay_thumbnailer_lookup (thumbnailer, source, &texture))
    {
      show_texture (self, texture, TRUE);
      return;
    }
  sha256 = assay_item_dup_sha256 (self->item);
  if (!assay_texture_is_possible (assay_item_get_facts (self->item))
      && !assay_thumbnailer_stands_in (thumbnailer, sha256))
    {
      show_texture (self, NULL, TRUE);
      return;
    }
  show_texture (self, NULL, FALSE);
  self->cancellable = g_cancellable_new ();
  assay_thumbnailer_load_async (thumbnailer, source, assay_item_get_facts (self->item), sha256,
                                self->cancellable, loaded_cb, assay_weak_new (self));
}

/* Its bytes have come, or will not. */
static void
source_cb (AssayThumb *self)
{
  stop_loading (self);
  load (self);
}

static void
assay_thumb_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  *minimum = SIDE;
  *natural = SIDE;
}

static void
assay_thumb_size_allocate (GtkWidget *widget,
                           int width,
                           int height,
                           int baseline)
{
  GtkAllocation all = { 0, 0, width, height };

  gtk_widget_size_allocate (ASSAY_THUMB (widget)->icon, &all, -1);
}

static void
assay_thumb_snapshot (GtkWidget *widget,
                      GtkSnapshot *snapshot)
{
  AssayThumb *self = ASSAY_THUMB (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  graphene_rect_t square = GRAPHENE_RECT_INIT ((width - SIDE) / 2, (height - SIDE) / 2, SIDE, SIDE);
  graphene_rect_t covered;
  GskRoundedRect outline;
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  if (self->texture == NULL)
    {
      color.alpha *= 0.06;
      gsk_rounded_rect_init_from_rect (&outline, &square, RADIUS);
      gtk_snapshot_push_rounded_clip (snapshot, &outline);
      gtk_snapshot_append_color (snapshot, &color, &square);
      gtk_snapshot_pop (snapshot);
      gtk_widget_snapshot_child (widget, self->icon, snapshot);
      return;
    }
  color.alpha *= 0.1;
  assay_picture_cover (GDK_PAINTABLE (self->texture), &square, &covered);
  assay_picture_draw (snapshot, GDK_PAINTABLE (self->texture), &covered, &square, RADIUS, &color);
}

static void
assay_thumb_get_property (GObject *object,
                          guint id,
                          GValue *value,
                          GParamSpec *pspec)
{
  if (id == PROP_ITEM)
    g_value_set_object (value, ASSAY_THUMB (object)->item);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
assay_thumb_set_property (GObject *object,
                          guint id,
                          const GValue *value,
                          GParamSpec *pspec)
{
  if (id == PROP_ITEM)
    assay_thumb_set_item (ASSAY_THUMB (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
assay_thumb_dispose (GObject *object)
{
  AssayThumb *self = ASSAY_THUMB (object);

  stop_loading (self);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->item);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->icon, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_thumb_parent_class)->dispose (object);
}

static void
assay_thumb_class_init (AssayThumbClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_thumb_get_property;
  object_class->set_property = assay_thumb_set_property;
  object_class->dispose = assay_thumb_dispose;
  widget_class->measure = assay_thumb_measure;
  widget_class->size_allocate = assay_thumb_size_allocate;
  widget_class->snapshot = assay_thumb_snapshot;

  properties[PROP_ITEM] =
    g_param_spec_object ("item", NULL, NULL, ASSAY_TYPE_ITEM,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "thumb");
  /* The row has a name; the picture adds nothing to what is heard. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
assay_thumb_init (AssayThumb *self)
{
  self->icon = g_object_new (GTK_TYPE_IMAGE,
                             "icon-name", "assay-no-picture-symbolic",
                             "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                             NULL);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  gtk_widget_set_child_visible (self->icon, FALSE);
  self->item_signals = g_signal_group_new (ASSAY_TYPE_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::source", G_CALLBACK (source_cb),
                                  self);
}

/**
 * assay_thumb_new:
 *
 * Returns: (transfer floating): an empty square
 */
GtkWidget *
assay_thumb_new (void)
{
  return g_object_new (ASSAY_TYPE_THUMB, NULL);
}

AssayItem *
assay_thumb_get_item (AssayThumb *self)
{
  g_return_val_if_fail (ASSAY_IS_THUMB (self), NULL);

  return self->item;
}

/**
 * assay_thumb_get_paintable:
 *
 * Returns: (transfer none) (nullable): the picture, %NULL while it is loaded and
 *   where there is none
 */
GdkPaintable *
assay_thumb_get_paintable (AssayThumb *self)
{
  g_return_val_if_fail (ASSAY_IS_THUMB (self), NULL);

  return (GdkPaintable *) self->texture;
}

/**
 * assay_thumb_set_item:
 * @item: (nullable) (transfer none): whose picture to show
 *
 * What was being loaded for the item before is canceled.
 */
void
assay_thumb_set_item (AssayThumb *self,
                      AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_THUMB (self));
  g_return_if_fail (item == NULL || ASSAY_IS_ITEM (item));

  if (!g_set_object (&self->item, item))
    return;
  g_signal_group_set_target (self->item_signals, item);
  stop_loading (self);
  if (item != NULL)
    load (self);
  else
    show_texture (self, NULL, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}
