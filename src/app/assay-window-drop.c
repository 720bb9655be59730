/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-address.h"
#include "assay-display.h"
#include "assay-drag-out.h"
#include "assay-window-private.h"

static gboolean
looks_like_image (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *type = name != NULL ? g_content_type_guess (name, NULL, 0, NULL) : NULL;

  return type != NULL && g_content_type_is_a (type, "image/*");
}

/* Whether all of it are images, as far as names tell: nothing is opened, and nobody
 * is asked, before it is dropped. */
static gboolean
are_images (const AssayOffer *offer)
{
  for (guint i = 0; i < offer->files->len; i++)
    if (!looks_like_image (g_ptr_array_index (offer->files, i)))
      return FALSE;
  return TRUE;
}

/* Returns: (nullable): of the only one, safe to show */
static char *
dup_only_name (const AssayOffer *offer)
{
  g_autofree char *name = NULL;

  if (offer->picture)
    name = g_strdup (offer->name);
  else if (offer->files->len + offer->addresses->len > 1)
    return NULL;
  else if (offer->files->len == 1)
    name = g_file_get_basename (g_ptr_array_index (offer->files, 0));
  else
    name = assay_address_dup_name (g_ptr_array_index (offer->addresses, 0));
  return name != NULL ? assay_display_text (name, -1, 60) : NULL;
}

/* "Classify 24 images with flowers 2" */
static char *
dup_invitation (AssayWindow *self,
                const AssayOffer *offer)
{
  g_autofree char *target = assay_session_dup_target_title (self->session);
  g_autofree char *what = dup_only_name (offer);
  guint n = offer->picture ? 1 : offer->files->len + offer->addresses->len;

  if (what == NULL && are_images (offer))
    what = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u image", "%'u images", n), n);
  else if (what == NULL)
    what = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u item", "%'u items", n), n);
  if (target == NULL)
    return g_strdup_printf (_("Add %s"), what);
  return g_strdup_printf (_("Classify %s with %s"), what, target);
}

/* Why what is dropped will have to wait, if it will. */
static const char *
get_note (AssayWindow *self)
{
  AssayLink *link = assay_session_get_link (self->session);

  if (link == NULL || assay_link_get_status (link) == ASSAY_LINK_CONNECTING)
    return _("The service is still starting; images are sent as soon as it is ready");
  if (assay_link_get_status (link) == ASSAY_LINK_OFFLINE)
    return _("The service is offline; images wait until it is back");
  if (assay_session_get_target (self->session) == NULL)
    return _("No model is chosen; images wait until one is");
  return NULL;
}

/* Whom will be asked for it, before anything leaves this computer. */
static char *
dup_download_note (const AssayOffer *offer)
{
  g_autofree char *first = NULL;
  g_autofree char *shown = NULL;

  for (guint i = 0; i < offer->addresses->len; i++)
    {
      g_autofree char *host = assay_address_dup_host (g_ptr_array_index (offer->addresses, i));

      if (host == NULL)
        continue;
      if (first != NULL && strcmp (host, first) != 0)
        return g_strdup (_("They are downloaded from the web first"));
      if (first == NULL)
        first = g_steal_pointer (&host);
    }
  if (first == NULL)
    return NULL;
  shown = assay_display_text (first, -1, 60);
  return g_strdup_printf (offer->addresses->len == 1 ? _("It is downloaded from %s first")
                                                     : _("They are downloaded from %s first"),
                          shown);
}

static void
show_target (AssayWindow *self,
             const char *title,
             const char *note,
             gboolean welcome)
{
  gtk_label_set_text (self->drop_title, title);
  gtk_label_set_text (self->drop_note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->drop_note), note != NULL);
  gtk_image_set_from_icon_name (self->drop_icon, welcome ? "assay-picture-symbolic"
                                                         : "assay-no-picture-symbolic");
  if (welcome)
    gtk_widget_remove_css_class (self->drop_box, "refused");
  else
    gtk_widget_add_css_class (self->drop_box, "refused");
  gtk_widget_set_visible (GTK_WIDGET (self->drop_revealer), TRUE);
  gtk_revealer_set_reveal_child (self->drop_revealer, TRUE);
}

static gboolean
is_model (const AssayOffer *offer)
{
  return offer->files->len == 1 && offer->addresses->len == 0 &&
         assay_window_is_model (g_ptr_array_index (offer->files, 0));
}

static void
show_offer (AssayWindow *self,
            const AssayOffer *offer)
{
  g_autofree char *title = NULL;
  g_autofree char *download = NULL;
  g_autofree char *note = NULL;

  if (assay_offer_is_empty (offer))
    {
      show_target (self, _("This can’t be classified"),
                   _("Drop images, folders, archives, or the address of an image"), FALSE);
      return;
    }
  if (is_model (offer))
    {
      g_autofree char *name = dup_only_name (offer);
      g_autofree char *invitation = g_strdup_printf (_("Add the Model %s"), name);

      show_target (self, invitation, _("The built-in service runs it, on this computer"), TRUE);
      return;
    }
  title = dup_invitation (self, offer);
  download = dup_download_note (offer);
  if (download != NULL && get_note (self) != NULL)
    note = g_strconcat (download, "\n", get_note (self), NULL);
  show_target (self, title, note != NULL ? note : download != NULL ? download : get_note (self),
               TRUE);
}

/**
 * assay_window_forget_drag:
 *
 * Stops reading what was held over the window.
 */
void
assay_window_forget_drag (AssayWindow *self)
{
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_clear_pointer (&self->dragged, assay_offer_free);
}

/* What it is has been read, while it is still held over the window. */
static void
looked_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOffer) offer = assay_offer_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->looking);
  if (offer == NULL)
    return;
  self->dragged = g_steal_pointer (&offer);
  show_offer (self, self->dragged);
  /* Not only when the pointer moves next. */
  if (assay_offer_is_empty (self->dragged))
    gdk_drop_status (GDK_DROP (object), 0, 0);
}

static GdkDragAction
enter_cb (GtkDropTargetAsync *target,
          GdkDrop *drop,
          double x,
          double y,
          AssayWindow *self)
{
  assay_window_forget_drag (self);
  if (assay_drag_out_is_from (drop, GTK_WIDGET (self)))
    return 0;
  self->looking = g_cancellable_new ();
  show_target (self, _("Drop to classify"), get_note (self), TRUE);
  assay_offer_read_async (G_OBJECT (drop), TRUE, self->looking, looked_cb, g_object_ref (self));
  return GDK_ACTION_COPY;
}

static GdkDragAction
motion_cb (GtkDropTargetAsync *target,
           GdkDrop *drop,
           double x,
           double y,
           AssayWindow *self)
{
  if (assay_drag_out_is_from (drop, GTK_WIDGET (self)))
    return 0;
  return self->dragged != NULL && assay_offer_is_empty (self->dragged) ? 0 : GDK_ACTION_COPY;
}

static void
hide_target (AssayWindow *self)
{
  assay_window_forget_drag (self);
  gtk_revealer_set_reveal_child (self->drop_revealer, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->drop_revealer), FALSE);
}

static void
leave_cb (GtkDropTargetAsync *target,
          GdkDrop *drop,
          AssayWindow *self)
{
  hide_target (self);
}

/* A program that ends in the middle of its drag never says that it has left; the
 * pointer that moves freely again does. */
static void
pointer_cb (GtkEventControllerMotion *controller,
            double x,
            double y,
            AssayWindow *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self->drop_revealer)))
    hide_target (self);
}

/**
 * assay_window_take_offer:
 * @offer: what was dropped or pasted
 *
 * Gives it to the session.
 *
 * Returns: whether there was anything of use in it
 */
gboolean
assay_window_take_offer (AssayWindow *self,
                         const AssayOffer *offer)
{
  if (assay_offer_is_empty (offer))
    return FALSE;
  if (offer->bytes != NULL)
    assay_session_add_picture (self->session, offer->bytes, offer->name);
  else if (offer->texture != NULL)
    assay_session_add_texture (self->session, offer->texture);
  assay_window_add_files (self, (GFile *const *) offer->files->pdata, offer->files->len);
  assay_session_add_addresses (self->session, offer->addresses);
  return TRUE;
}

typedef struct {
  AssayWindow *window;           /* (owned) */
  GdkDrop *drop;                 /* (owned) */
} Dropped;

static void
dropped_cb (GObject *object,
            GAsyncResult *result,
            gpointer data)
{
  g_autofree Dropped *dropped = data;
  g_autoptr (AssayWindow) self = g_steal_pointer (&dropped->window);
  g_autoptr (GdkDrop) drop = g_steal_pointer (&dropped->drop);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOffer) offer = assay_offer_read_finish (result, &error);
  gboolean taken = FALSE;

  if (self->session != NULL && offer != NULL)
    {
      taken = assay_window_take_offer (self, offer);
      if (!taken)
        assay_window_say (self, _("What was dropped holds no image, file or address"));
    }
  else if (self->session != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    assay_window_say (self, error->message);
  gdk_drop_finish (drop, taken ? GDK_ACTION_COPY : 0);
}

static gboolean
drop_cb (GtkDropTargetAsync *target,
         GdkDrop *drop,
         double x,
         double y,
         AssayWindow *self)
{
  Dropped *dropped = g_new0 (Dropped, 1);

  hide_target (self);
  dropped->window = g_object_ref (self);
  dropped->drop = g_object_ref (drop);
  assay_offer_read_async (G_OBJECT (drop), FALSE, self->cancellable, dropped_cb, dropped);
  return TRUE;
}

/**
 * assay_window_add_drop_target:
 *
 * Takes files, folders, pictures, addresses and paths anywhere in the window, before
 * an entry below could take their names for text.
 */
void
assay_window_add_drop_target (AssayWindow *self)
{
  GtkDropTargetAsync *target =
    gtk_drop_target_async_new (assay_offer_dup_formats (), GDK_ACTION_COPY);
  GtkEventController *pointer = gtk_event_controller_motion_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_object (target, "drag-enter", G_CALLBACK (enter_cb), self, 0);
  g_signal_connect_object (target, "drag-motion", G_CALLBACK (motion_cb), self, 0);
  g_signal_connect_object (target, "drag-leave", G_CALLBACK (leave_cb), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));

  gtk_event_controller_set_propagation_phase (pointer, GTK_PHASE_CAPTURE);
  g_signal_connect_object (pointer, "motion", G_CALLBACK (pointer_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), pointer);
}
