/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-limits.h"
#include "assay-picture.h"
#include "assay-preview.h"
#include "assay-score-text.h"
#include "assay-texture.h"
#include "assay-thumbnailer.h"
#include "assay-weak.h"
#include "assay-zoom.h"

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

/* How long the new percentage is seen. */
#define SAY_MILLISECONDS 1200
#define SAY_MARGIN 12

/* A wheel's notch, a key's press and a touchpad's way, in pixels. */
#define NOTCH 60
#define KEY_WAY 60
#define TOUCHPAD_DOUBLES 200

/* Invariants: cancellable is set exactly while the picture loads; decoded is the
 * size asked for last, 0 when nothing is to be shown; shown is that of texture, 0
 * while a thumbnail stands in. */
struct _AssayPreview {
  GtkWidget parent_instance;

  GtkWidget *icon;
  GtkWidget *sayer;              /* a revealer */
  GtkLabel *percent;
  AssayItem *item;
  GSignalGroup *item_signals;
  GdkTexture *texture;
  GCancellable *cancellable;
  int decoded;
  int shown;
  AssayZoom zoom;
  graphene_point_t pointer;
  graphene_point_t drag_origin;
  double pinch_scale;
  guint say_source;
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
stand_in_cb (GObject *object,
             GAsyncResult *result,
             gpointer data)
{
  g_autoptr (AssayPreview) self = assay_weak_take (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture =
    assay_thumbnailer_load_finish (ASSAY_THUMBNAILER (object), result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  show_texture (self, texture, texture == NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/* A picture that is on another machine, of which a bundle has brought a thumbnail. */
static gboolean
load_stand_in (AssayPreview *self)
{
  AssayThumbnailer *thumbnailer = assay_thumbnailer_get_default ();
  g_autofree char *sha256 = assay_item_dup_sha256 (self->item);

  if (!assay_thumbnailer_stands_in (thumbnailer, sha256))
    return FALSE;
  self->cancellable = g_cancellable_new ();
  assay_thumbnailer_load_async (thumbnailer, assay_item_get_source (self->item),
                                assay_item_get_facts (self->item), sha256, self->cancellable,
                                stand_in_cb, assay_weak_new (self));
  return TRUE;
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
  if (texture == NULL && self->shown == 0 && load_stand_in (self))
    return;
  /* What is seen already stays when there is no room for it in full. */
  if (texture != NULL || self->shown == 0)
    {
      self->shown = texture != NULL ? self->decoded : 0;
      show_texture (self, texture, texture == NULL);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/* The picture's own size, upright; what is decoded of it until that is known. */
static void
get_full_size (AssayPreview *self,
               graphene_size_t *size)
{
  const AssayFacts *facts = assay_item_get_facts (self->item);
  gboolean lies = facts->orientation >= 5 && facts->orientation <= 8;

  if (facts->width > 0 && facts->height > 0)
    graphene_size_init (size, lies ? facts->height : facts->width,
                        lies ? facts->width : facts->height);
  else
    graphene_size_init (size, gdk_texture_get_width (self->texture),
                        gdk_texture_get_height (self->texture));
}

/* The size to decode for the place that it has now: in full when that is wanted. */
static int
choose_size (AssayPreview *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const AssayFacts *facts = assay_item_get_facts (self->item);
  int longer = MAX (facts->width, facts->height);
  int most = self->zoom.scale > 0 ? ASSAY_LIMIT_SIDE : ASSAY_PREVIEW_SIZE;
  double pixels = MAX (gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  int size = STEP;

  if (self->zoom.scale > 0)
    pixels = MAX (self->zoom.picture.width, self->zoom.picture.height) * self->zoom.scale;
  pixels *= gtk_widget_get_scale_factor (widget);
  while (size < pixels && size < most)
    size *= 2;
  return longer > 0 ? MIN (size, longer) : size;
}

/* Called when there is an item and a place for it; does nothing when what is
 * there is large enough. */
static void
load (AssayPreview *self)
{
  const AssayFacts *facts;
  int size;

  if (self->item == NULL || self->failed || gtk_widget_get_width (GTK_WIDGET (self)) == 0
      || assay_source_is_awaited (assay_item_get_source (self->item)))
    return;
  size = choose_size (self);
  if (size <= self->decoded || !assay_texture_is_possible (assay_item_get_facts (self->item)))
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
  self->shown = 0;
  if (self->item == NULL || !assay_texture_is_possible (assay_item_get_facts (self->item)))
    {
      if (self->item != NULL && load_stand_in (self))
        {
          show_texture (self, NULL, FALSE);
          return;
        }
      show_texture (self, NULL, self->item != NULL
                                  && !assay_source_is_awaited (assay_item_get_source (self->item)));
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

/* ---- zoom ---- */

/* Brings what the zoom knows of picture and place up to date; FALSE when there is
 * nothing to zoom. */
static gboolean
prepare_zoom (AssayPreview *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  AssayZoom *zoom = &self->zoom;
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  if (self->texture == NULL || self->item == NULL || gtk_widget_get_width (widget) == 0)
    return FALSE;
  graphene_size_init (&zoom->place, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  get_full_size (self, &zoom->picture);
  place_picture (self, &zoom->fitted);
  zoom->align.x = self->compact ? 0.5 : (rtl ? 1 : 0);
  zoom->align.y = self->compact ? 0.5 : 0;
  zoom->whole = 1.0 / gtk_widget_get_scale_factor (widget);
  if (zoom->scale > 0)
    assay_zoom_keep_in (zoom);
  return TRUE;
}

static double
get_share (AssayPreview *self)
{
  return assay_zoom_get_scale (&self->zoom) / self->zoom.whole;
}

static gboolean
said_cb (gpointer data)
{
  AssayPreview *self = data;

  self->say_source = 0;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->sayer), FALSE);
  return G_SOURCE_REMOVE;
}

/* Shown for a moment; for those who don't see it, it describes the picture. */
static void
say_percent (AssayPreview *self)
{
  double share = round (get_share (self) * 100) / 100;
  g_autofree char *text = assay_share_dup_text (share);
  g_autofree char *spoken = assay_share_dup_spoken (share);
  g_autofree char *sentence = g_strdup_printf (_("shown at %s"), spoken);

  gtk_label_set_text (self->percent, text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->sayer), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  sentence, -1);
  g_clear_handle_id (&self->say_source, g_source_remove);
  self->say_source = g_timeout_add (SAY_MILLISECONDS, said_cb, self);
}

static void
zoom_changed (AssayPreview *self)
{
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self),
                                   assay_zoom_can_pan (&self->zoom) ? "grab" : NULL);
  say_percent (self);
  load (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pan (AssayPreview *self,
     double x,
     double y)
{
  assay_zoom_pan (&self->zoom, x, y);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
reset_zoom (AssayPreview *self)
{
  self->zoom.scale = 0;
  g_clear_handle_id (&self->say_source, g_source_remove);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->sayer), FALSE);
  gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
}

/* What of the picture is seen. */
static void
get_seen (AssayPreview *self,
          graphene_rect_t *seen)
{
  graphene_rect_t place = GRAPHENE_RECT_INIT (0, 0, self->zoom.place.width,
                                              self->zoom.place.height);

  assay_zoom_get_rect (&self->zoom, seen);
  graphene_rect_intersection (seen, &place, seen);
}

/* In the middle of what is seen of the picture, above its lower edge. */
static void
place_sayer (AssayPreview *self,
             int width,
             int height)
{
  graphene_rect_t seen = GRAPHENE_RECT_INIT (0, 0, width, height);
  GtkAllocation place;

  if (prepare_zoom (self))
    get_seen (self, &seen);
  gtk_widget_measure (self->sayer, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &place.width, NULL, NULL);
  gtk_widget_measure (self->sayer, GTK_ORIENTATION_VERTICAL, -1, NULL, &place.height, NULL, NULL);
  place.x = seen.origin.x + (seen.size.width - place.width) / 2;
  place.y = seen.origin.y + seen.size.height - place.height - SAY_MARGIN;
  gtk_widget_size_allocate (self->sayer, &place, -1);
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
  place_sayer (self, width, height);
  load (self);
}

/* ---- hands ---- */

static gboolean
scroll_cb (GtkEventControllerScroll *controller,
           double x,
           double y,
           AssayPreview *self)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  gboolean wheel = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL;

  if (!prepare_zoom (self))
    return FALSE;
  if (state & GDK_CONTROL_MASK)
    {
      double doublings = wheel ? y / 2 : y / TOUCHPAD_DOUBLES;

      assay_zoom_set_scale (&self->zoom, assay_zoom_get_scale (&self->zoom) * exp2 (-doublings),
                            &self->pointer);
      zoom_changed (self);
      return TRUE;
    }
  if (!assay_zoom_can_pan (&self->zoom))
    return FALSE;
  if (wheel && (state & GDK_SHIFT_MASK) && x == 0)
    pan (self, -y * NOTCH, 0);
  else
    pan (self, -x * (wheel ? NOTCH : 1), -y * (wheel ? NOTCH : 1));
  return TRUE;
}

static void
motion_cb (GtkEventControllerMotion *controller,
           double x,
           double y,
           AssayPreview *self)
{
  graphene_point_init (&self->pointer, x, y);
}

static void
pressed_cb (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            AssayPreview *self)
{
  graphene_point_t about = GRAPHENE_POINT_INIT (x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press % 2 != 0 || !prepare_zoom (self))
    return;
  if (self->zoom.scale > 0)
    self->zoom.scale = 0;
  else
    assay_zoom_set_scale (&self->zoom, self->zoom.whole, &about);
  zoom_changed (self);
}

static void
drag_begin_cb (GtkGestureDrag *gesture,
               double x,
               double y,
               AssayPreview *self)
{
  self->drag_origin = self->zoom.origin;
}

/* Only a movement makes it a drag: a double click must stay one. */
static void
drag_update_cb (GtkGestureDrag *gesture,
                double x,
                double y,
                AssayPreview *self)
{
  if (!prepare_zoom (self) || !assay_zoom_can_pan (&self->zoom))
    return;
  if (gtk_drag_check_threshold (GTK_WIDGET (self), 0, 0, x, y))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
    }
  pan (self, self->drag_origin.x + x - self->zoom.origin.x,
       self->drag_origin.y + y - self->zoom.origin.y);
}

static void
drag_end_cb (GtkGestureDrag *gesture,
             double x,
             double y,
             AssayPreview *self)
{
  if (prepare_zoom (self))
    gtk_widget_set_cursor_from_name (GTK_WIDGET (self),
                                     assay_zoom_can_pan (&self->zoom) ? "grab" : NULL);
}

static void
pinch_begin_cb (GtkGesture *gesture,
                GdkEventSequence *sequence,
                AssayPreview *self)
{
  if (!prepare_zoom (self))
    return;
  self->pinch_scale = assay_zoom_get_scale (&self->zoom);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
pinch_cb (GtkGestureZoom *gesture,
          double scale,
          AssayPreview *self)
{
  double x;
  double y;

  if (!prepare_zoom (self)
      || !gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    return;
  assay_zoom_set_scale (&self->zoom, self->pinch_scale * scale, &GRAPHENE_POINT_INIT (x, y));
  zoom_changed (self);
}

/* Arrow keys show more of what lies in their direction; where there is no more to
 * show, they mean what they mean elsewhere. */
static gboolean
key_cb (GtkEventControllerKey *controller,
        guint key,
        guint code,
        GdkModifierType state,
        AssayPreview *self)
{
  static const struct {
    guint keys[2];
    int x;
    int y;
  } ways[] = {
    { { GDK_KEY_Left, GDK_KEY_KP_Left }, 1, 0 },
    { { GDK_KEY_Right, GDK_KEY_KP_Right }, -1, 0 },
    { { GDK_KEY_Up, GDK_KEY_KP_Up }, 0, 1 },
    { { GDK_KEY_Down, GDK_KEY_KP_Down }, 0, -1 },
  };

  if ((state & gtk_accelerator_get_default_mod_mask ()) != 0 || !prepare_zoom (self)
      || !assay_zoom_can_pan (&self->zoom))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (key == ways[i].keys[0] || key == ways[i].keys[1])
      {
        pan (self, ways[i].x * KEY_WAY, ways[i].y * KEY_WAY);
        return TRUE;
      }
  return FALSE;
}

static void
add_controller (AssayPreview *self,
                gpointer controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
add_hands (AssayPreview *self)
{
  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  add_controller (self, scroll);
  add_controller (self, motion);
  add_controller (self, key);
  add_controller (self, click);
  add_controller (self, drag);
  add_controller (self, pinch);
}

/* ---- drawing ---- */

static void
draw_focus (AssayPreview *self,
            GtkSnapshot *snapshot,
            const graphene_rect_t *around)
{
  float thick[4] = { 2, 2, 2, 2 };
  GskRoundedRect outline;
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                                       "accent_color", &color))
    return;
  gsk_rounded_rect_init_from_rect (&outline, around, RADIUS);
  gtk_snapshot_append_border (snapshot, &outline, thick,
                              (GdkRGBA[4]) { color, color, color, color });
}

static void
draw_picture (AssayPreview *self,
              GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  graphene_rect_t place;
  graphene_rect_t seen;
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= 0.1;
  assay_zoom_get_rect (&self->zoom, &place);
  get_seen (self, &seen);
  assay_picture_draw (snapshot, GDK_PAINTABLE (self->texture), &place, &seen, RADIUS, &color);
  if (gtk_widget_has_visible_focus (widget))
    draw_focus (self, snapshot, &seen);
}

static void
assay_preview_snapshot (GtkWidget *widget,
                        GtkSnapshot *snapshot)
{
  AssayPreview *self = ASSAY_PREVIEW (widget);

  if (prepare_zoom (self))
    {
      draw_picture (self, snapshot);
      gtk_widget_snapshot_child (widget, self->sayer, snapshot);
    }
  else if (self->failed)
    gtk_widget_snapshot_child (widget, self->icon, snapshot);
}

static void
assay_preview_state_flags_changed (GtkWidget *widget,
                                   GtkStateFlags old)
{
  gtk_widget_queue_draw (widget);
  GTK_WIDGET_CLASS (assay_preview_parent_class)->state_flags_changed (widget, old);
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
  g_clear_handle_id (&self->say_source, g_source_remove);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->item);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->icon, gtk_widget_unparent);
  g_clear_pointer (&self->sayer, gtk_widget_unparent);
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
  widget_class->state_flags_changed = assay_preview_state_flags_changed;
  install_properties (object_class);

  gtk_widget_class_set_css_name (widget_class, "preview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

/* What it says is the picture's description too, so it isn't read out twice. */
static void
add_sayer (AssayPreview *self)
{
  self->percent = g_object_new (GTK_TYPE_LABEL,
                                "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->percent), "osd");
  gtk_widget_add_css_class (GTK_WIDGET (self->percent), "numeric");
  self->sayer = g_object_new (GTK_TYPE_REVEALER,
                              "child", self->percent,
                              "transition-type", GTK_REVEALER_TRANSITION_TYPE_CROSSFADE,
                              "can-target", FALSE,
                              NULL);
  gtk_widget_set_parent (self->sayer, GTK_WIDGET (self));
}

static void
assay_preview_init (AssayPreview *self)
{
  /* Without one it would be called after its type. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  self->icon = g_object_new (GTK_TYPE_IMAGE,
                             "icon-name", "assay-no-picture-symbolic",
                             "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                             NULL);
  gtk_image_set_pixel_size (GTK_IMAGE (self->icon), ICON);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  gtk_widget_set_child_visible (self->icon, FALSE);
  add_sayer (self);
  add_hands (self);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  self->item_signals = g_signal_group_new (ASSAY_TYPE_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::source", G_CALLBACK (show_item),
                                  self);
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

/**
 * assay_preview_get_zoom:
 *
 * Returns: 1 when one pixel of the picture is one of the screen; 0 when there is no
 *   picture
 */
double
assay_preview_get_zoom (AssayPreview *self)
{
  g_return_val_if_fail (ASSAY_IS_PREVIEW (self), 0);

  return prepare_zoom (self) ? get_share (self) : 0;
}

/**
 * assay_preview_zoom:
 * @steps: in if positive, out if negative; two of them double it
 *
 * Zooms about the middle of what is seen.
 */
void
assay_preview_zoom (AssayPreview *self,
                    int steps)
{
  graphene_rect_t seen;
  graphene_point_t middle;

  g_return_if_fail (ASSAY_IS_PREVIEW (self));

  if (!prepare_zoom (self))
    return;
  get_seen (self, &seen);
  graphene_rect_get_center (&seen, &middle);
  assay_zoom_step (&self->zoom, steps, &middle);
  zoom_changed (self);
}

/**
 * assay_preview_zoom_to_fit:
 *
 * Shows the whole picture again.
 */
void
assay_preview_zoom_to_fit (AssayPreview *self)
{
  g_return_if_fail (ASSAY_IS_PREVIEW (self));

  if (!prepare_zoom (self))
    return;
  self->zoom.scale = 0;
  zoom_changed (self);
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
  g_signal_group_set_target (self->item_signals, item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  item != NULL ? assay_item_get_name (item) : "",
                                  -1);
  reset_zoom (self);
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
