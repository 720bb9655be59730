/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-limits.h"
#include "assay-picture.h"
#include "assay-preview.h"
#include "assay-texture.h"
#include "assay-thumbnailer.h"
#include "assay-weak.h"

/* Its place has a shape between the two of most photos (4:3 and 3:2), so that
 * nothing around it moves from one picture to the next and little stays free. */
#define SHAPE 0.7
#define SHAPE_COMPACT 0.8
#define WIDTH 480
#define LEAST_WIDTH 96
#define RADIUS 12
#define ICON 48

/* The smallest decoded size; twice and four times that as the place grows. */
#define STEP 512

/* Invariants: cancellable is set exactly while the picture loads; decoded is the
 * size asked for last, 0 when nothing is to be shown. */
struct _AssayPreview {
  GtkWidget parent_instance;

  GtkWidget *icon;
  AssayItem *item;
  GdkTexture *texture;
  GCancellable *cancellable;
  int decoded;
  gboolean failed;
  gboolean compact;
};

G_DEFINE_FINAL_TYPE (AssayPreview, assay_preview, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_ITEM,
  PROP_COMPACT,
  PROP_LOADING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
stop_loading (AssayPreview *self)
{
  if (self->cancellable == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
show_texture (AssayPreview *self,
              GdkTexture *texture,
              gboolean failed)
{
  g_set_object (&self->texture, texture);
  self->failed = failed;
  gtk_widget_set_child_visible (self->icon, failed);
  if (failed)
    gtk_widget_add_css_class (GTK_WIDGET (self), "failed");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "failed");
  if (self->compact)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayPreview) self = assay_weak_take (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = assay_texture_load_finish (result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  show_texture (self, texture, texture == NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/* The size to decode for the place that it has now. */
static int
choose_size (AssayPreview *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int pixels = MAX (gtk_widget_get_width (widget), gtk_widget_get_height (widget))
               * gtk_widget_get_scale_factor (widget);
  int size = STEP;

  while (size < pixels && size < ASSAY_PREVIEW_SIZE)
    size *= 2;
  return size;
}

/* Called when there is an item and a place for it; does nothing when what is
 * there is large enough. */
static void
load (AssayPreview *self)
{
  const AssayFacts *facts;
  int size;

  if (self->item == NULL || self->failed || gtk_widget_get_width (GTK_WIDGET (self)) == 0)
    return;
  size = choose_size (self);
  if (size <= self->decoded)
    return;

  stop_loading (self);
  facts = assay_item_get_facts (self->item);
  self->decoded = size;
  self->cancellable = g_cancellable_new ();
  assay_texture_load_async (assay_item_get_source (self->item), facts, size, self->cancellable,
                            loaded_cb, assay_weak_new (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/* Until the picture is there, the row's small one stands for it. */
static void
show_item (AssayPreview *self)
{
  GdkTexture *small = NULL;

  stop_loading (self);
  self->decoded = 0;
  if (self->item == NULL || !assay_texture_is_possible (assay_item_get_facts (self->item)))
    {
      show_texture (self, NULL, self->item != NULL);
      return;
    }
  assay_thumbnailer_lookup (assay_thumbnailer_get_default (),
                            assay_item_get_source (self->item), &small);
  show_texture (self, small, FALSE);
  load (self);
}

static int
get_height_for (AssayPreview *self,
                int width)
{
  double height = width * (self->compact ? SHAPE_COMPACT : SHAPE);

  /* In one column a wide picture needs no free space below it. */
  if (self->compact && self->texture != NULL)
    height = MIN (height, (double) width * gdk_texture_get_height (self->texture)
                            / gdk_texture_get_width (self->texture));
  return MAX (LEAST_WIDTH / 2, (int) round (height));
}

static GtkSizeRequestMode
assay_preview_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
assay_preview_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  AssayPreview *self = ASSAY_PREVIEW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LEAST_WIDTH;
      *natural = WIDTH;
      return;
    }
  *minimum = get_height_for (self, for_size < 0 ? LEAST_WIDTH : for_size);
  *natural = get_height_for (self, for_size < 0 ? WIDTH : for_size);
}

static void
assay_preview_size_allocate (GtkWidget *widget,
                             int width,
                             int height,
                             int baseline)
{
  AssayPreview *self = ASSAY_PREVIEW (widget);
  GtkAllocation all = { 0, 0, width, height };

  gtk_widget_size_allocate (self->icon, &all, -1);
  load (self);
}

/* In two columns the picture stands at the corner where reading starts, so that
 * its edges line up with the bars; in one column in the middle. */
static void
place_picture (AssayPreview *self,
               graphene_rect_t *place)
{
  GtkWidget *widget = GTK_WIDGET (self);
  graphene_rect_t space = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget),
                                              gtk_widget_get_height (widget));

  assay_picture_fit (GDK_PAINTABLE (self->texture), &space, place);
  if (self->compact)
    return;
  place->origin.y = 0;
  place->origin.x = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL
                      ? space.size.width - place->size.width
                      : 0;
}

static void
assay_preview_snapshot (GtkWidget *widget,
                        GtkSnapshot *snapshot)
{
  AssayPreview *self = ASSAY_PREVIEW (widget);
  graphene_rect_t place = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget),
                                              gtk_widget_get_height (widget));
  GdkRGBA color;

  if (self->texture != NULL)
    {
      gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
      color.alpha *= 0.1;
      place_picture (self, &place);
      assay_picture_draw (snapshot, GDK_PAINTABLE (self->texture), &place, &place, RADIUS, &color);
    }
  else if (self->failed)
    gtk_widget_snapshot_child (widget, self->icon, snapshot);
}

static void
assay_preview_get_property (GObject *object,
                            guint id,
                            GValue *value,
                            GParamSpec *pspec)
{
  AssayPreview *self = ASSAY_PREVIEW (object);

  switch (id)
    {
    case PROP_ITEM:
      g_value_set_object (value, self->item);
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, self->compact);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->cancellable != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_preview_set_property (GObject *object,
                            guint id,
                            const GValue *value,
                            GParamSpec *pspec)
{
  AssayPreview *self = ASSAY_PREVIEW (object);

  switch (id)
    {
    case PROP_ITEM:
      assay_preview_set_item (self, g_value_get_object (value));
      break;
    case PROP_COMPACT:
      assay_preview_set_compact (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_preview_dispose (GObject *object)
{
  AssayPreview *self = ASSAY_PREVIEW (object);

  stop_loading (self);
  g_clear_object (&self->item);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->icon, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_preview_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, ASSAY_TYPE_ITEM, flags);
  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE, flags);
  properties[PROP_LOADING] =
    g_param_spec_boolean ("loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_preview_class_init (AssayPreviewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_preview_get_property;
  object_class->set_property = assay_preview_set_property;
  object_class->dispose = assay_preview_dispose;
  widget_class->get_request_mode = assay_preview_get_request_mode;
  widget_class->measure = assay_preview_measure;
  widget_class->size_allocate = assay_preview_size_allocate;
  widget_class->snapshot = assay_preview_snapshot;
  install_properties (object_class);

  gtk_widget_class_set_css_name (widget_class, "preview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
assay_preview_init (AssayPreview *self)
{
  self->icon = g_object_new (GTK_TYPE_IMAGE,
                             "icon-name", "assay-no-picture-symbolic",
                             "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                             NULL);
  gtk_image_set_pixel_size (GTK_IMAGE (self->icon), ICON);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  gtk_widget_set_child_visible (self->icon, FALSE);
}

/**
 * assay_preview_new:
 *
 * Returns: (transfer floating): an empty preview
 */
GtkWidget *
assay_preview_new (void)
{
  return g_object_new (ASSAY_TYPE_PREVIEW, NULL);
}

AssayItem *
assay_preview_get_item (AssayPreview *self)
{
  g_return_val_if_fail (ASSAY_IS_PREVIEW (self), NULL);

  return self->item;
}

/**
 * assay_preview_get_loading:
 *
 * Returns: whether the picture is still being decoded
 */
gboolean
assay_preview_get_loading (AssayPreview *self)
{
  g_return_val_if_fail (ASSAY_IS_PREVIEW (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * assay_preview_get_paintable:
 *
 * Returns: (transfer none) (nullable): what is shown now
 */
GdkPaintable *
assay_preview_get_paintable (AssayPreview *self)
{
  g_return_val_if_fail (ASSAY_IS_PREVIEW (self), NULL);

  return (GdkPaintable *) self->texture;
}

gboolean
assay_preview_get_compact (AssayPreview *self)
{
  g_return_val_if_fail (ASSAY_IS_PREVIEW (self), FALSE);

  return self->compact;
}

/**
 * assay_preview_set_item:
 * @item: (nullable) (transfer none): whose picture to show
 */
void
assay_preview_set_item (AssayPreview *self,
                        AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_PREVIEW (self));
  g_return_if_fail (item == NULL || ASSAY_IS_ITEM (item));

  if (!g_set_object (&self->item, item))
    return;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  item != NULL ? assay_item_get_name (item) : "",
                                  -1);
  show_item (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

/**
 * assay_preview_set_compact:
 * @compact: whether it stands in one narrow column
 */
void
assay_preview_set_compact (AssayPreview *self,
                           gboolean compact)
{
  g_return_if_fail (ASSAY_IS_PREVIEW (self));

  if (self->compact == !!compact)
    return;
  self->compact = !!compact;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}
