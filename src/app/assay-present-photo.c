/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-chart-paint.h"
#include "assay-picture.h"
#include "assay-present-photo.h"
#include "assay-texture.h"
#include "assay-thumbnailer.h"
#include "assay-weak.h"

/* Decoded at this size or twice, four times … that, as the screen grows. */
#define STEP 1024
#define MOST 8192

/* Of the corners, in the size of the font. */
#define RADIUS 0.5

struct _AssayPresentPhoto {
  GtkWidget parent_instance;

  AssayItem *item;               /* (nullable) */
  GSignalGroup *item_signals;
  GdkTexture *texture;           /* (nullable) */
  GCancellable *cancellable;     /* (nullable): while it is loaded */
  int decoded;                   /* the size asked for last, 0 for none */
};

G_DEFINE_FINAL_TYPE (AssayPresentPhoto, assay_present_photo, GTK_TYPE_WIDGET)

static void
stop (AssayPresentPhoto *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayPresentPhoto) self = assay_weak_take (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = assay_texture_load_finish (result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (texture != NULL)
    g_set_object (&self->texture, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static int
find_size (AssayPresentPhoto *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int wanted = MAX (gtk_widget_get_width (widget), gtk_widget_get_height (widget))
               * gtk_widget_get_scale_factor (widget);
  int size = STEP;

  while (size < wanted && size < MOST)
    size *= 2;
  return size;
}

/* A small picture that is known stands in until the large one is there. */
static void
load (AssayPresentPhoto *self)
{
  AssaySource *source;
  int size = find_size (self);

  if (self->item == NULL || gtk_widget_get_width (GTK_WIDGET (self)) == 0 || size <= self->decoded)
    return;
  source = assay_item_get_source (self->item);
  if (assay_source_is_awaited (source)
      || !assay_texture_is_possible (assay_item_get_facts (self->item)))
    return;
  if (self->texture == NULL)
    {
      GdkTexture *small = NULL;

      if (assay_thumbnailer_lookup (assay_thumbnailer_get_default (), source, &small))
        g_set_object (&self->texture, small);
    }
  stop (self);
  self->decoded = size;
  self->cancellable = g_cancellable_new ();
  assay_texture_load_async (source, assay_item_get_facts (self->item), size, self->cancellable,
                            loaded_cb, assay_weak_new (self));
}

static void
source_cb (AssayPresentPhoto *self)
{
  self->decoded = 0;
  load (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
assay_present_photo_size_allocate (GtkWidget *widget,
                                   int width,
                                   int height,
                                   int baseline)
{
  load (ASSAY_PRESENT_PHOTO (widget));
}

static void
assay_present_photo_snapshot (GtkWidget *widget,
                              GtkSnapshot *snapshot)
{
  AssayPresentPhoto *self = ASSAY_PRESENT_PHOTO (widget);
  graphene_rect_t all, place;
  GdkRGBA color;

  if (self->texture == NULL)
    return;
  graphene_rect_init (&all, 0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= 0.1;
  assay_picture_fit (GDK_PAINTABLE (self->texture), &all, &place);
  assay_picture_draw (snapshot, GDK_PAINTABLE (self->texture), &place, &place,
                      assay_paint_get_em (widget) * RADIUS, &color);
}

static void
assay_present_photo_dispose (GObject *object)
{
  AssayPresentPhoto *self = ASSAY_PRESENT_PHOTO (object);

  stop (self);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->item);
  g_clear_object (&self->texture);
  G_OBJECT_CLASS (assay_present_photo_parent_class)->dispose (object);
}

static void
assay_present_photo_class_init (AssayPresentPhotoClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_present_photo_dispose;
  widget_class->size_allocate = assay_present_photo_size_allocate;
  widget_class->snapshot = assay_present_photo_snapshot;
  gtk_widget_class_set_css_name (widget_class, "presentphoto");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
assay_present_photo_init (AssayPresentPhoto *self)
{
  self->item_signals = g_signal_group_new (ASSAY_TYPE_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::source", G_CALLBACK (source_cb),
                                  self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("The image"), -1);
}

/**
 * assay_present_photo_set_item:
 * @item: (nullable) (transfer none): whose picture to show
 */
void
assay_present_photo_set_item (AssayPresentPhoto *self,
                              AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_PRESENT_PHOTO (self));
  g_return_if_fail (item == NULL || ASSAY_IS_ITEM (item));

  if (!g_set_object (&self->item, item))
    return;
  stop (self);
  g_clear_object (&self->texture);
  self->decoded = 0;
  g_signal_group_set_target (self->item_signals, item);
  load (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
