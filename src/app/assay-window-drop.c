/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-window-private.h"

/* What is dragged, as far as its names tell: nothing is opened before it is
 * dropped. */
typedef struct {
  guint n_files;
  gboolean images;               /* every name is that of an image */
  char *name;                    /* (nullable) of the only one, safe to show */
} Dragged;

static gboolean
looks_like_image (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *type = name != NULL ? g_content_type_guess (name, NULL, 0, NULL) : NULL;

  return type != NULL && g_content_type_is_a (type, "image/*");
}

static void
look_at_files (const GValue *value,
               Dragged *dragged)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

  dragged->images = TRUE;
  for (GSList *link = files; link != NULL; link = link->next)
    {
      dragged->n_files++;
      dragged->images = dragged->images && looks_like_image (link->data);
    }
  if (dragged->n_files == 1)
    {
      g_autofree char *name = g_file_get_basename (files->data);

      dragged->name = name != NULL ? assay_display_text (name, -1, 60) : NULL;
    }
}

/* "Classify 24 images with flowers 2" */
static char *
dup_invitation (AssayWindow *self,
                const Dragged *dragged)
{
  g_autofree char *target = assay_session_dup_target_title (self->session);
  g_autofree char *what = NULL;

  if (dragged->name != NULL)
    what = g_strdup (dragged->name);
  else if (dragged->images)
    what = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u image", "%'u images",
                                         dragged->n_files),
                            dragged->n_files);
  else
    what = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u item", "%'u items",
                                         dragged->n_files),
                            dragged->n_files);
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
is_refused (const GValue *value)
{
  return G_VALUE_HOLDS (value, G_TYPE_STRING)
         && (g_value_get_string (value) == NULL
             || !assay_text_names_files (g_value_get_string (value)));
}

static void
show_value (AssayWindow *self,
            const GValue *value)
{
  Dragged dragged = { 1, TRUE, NULL };
  g_autofree char *title = NULL;

  if (is_refused (value))
    {
      show_target (self, _("This text can’t be classified"),
                   _("Drop images, folders, or the path of one"), FALSE);
      return;
    }
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      dragged.n_files = 0;
      look_at_files (value, &dragged);
    }
  title = dup_invitation (self, &dragged);
  show_target (self, title, get_note (self), TRUE);
  g_free (dragged.name);
}

/* What it is has arrived, while it is still held over the window. */
static void
value_cb (GtkDropTarget *target,
          GParamSpec *pspec,
          AssayWindow *self)
{
  const GValue *value = gtk_drop_target_get_value (target);

  if (value != NULL)
    show_value (self, value);
}

static GdkDragAction
enter_cb (GtkDropTarget *target,
          double x,
          double y,
          AssayWindow *self)
{
  const GValue *value = gtk_drop_target_get_value (target);

  if (value != NULL)
    show_value (self, value);
  else
    show_target (self, _("Drop to classify"), get_note (self), TRUE);
  return GDK_ACTION_COPY;
}

static GdkDragAction
motion_cb (GtkDropTarget *target,
           double x,
           double y,
           AssayWindow *self)
{
  const GValue *value = gtk_drop_target_get_value (target);

  return value != NULL && is_refused (value) ? 0 : GDK_ACTION_COPY;
}

static void
hide_target (AssayWindow *self)
{
  gtk_revealer_set_reveal_child (self->drop_revealer, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->drop_revealer), FALSE);
}

static void
leave_cb (GtkDropTarget *target,
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

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue *value,
         double x,
         double y,
         AssayWindow *self)
{
  hide_target (self);
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
      g_autoptr (GPtrArray) given = g_ptr_array_new ();

      for (GSList *link = files; link != NULL; link = link->next)
        g_ptr_array_add (given, link->data);
      assay_session_add_files (self->session, (GFile *const *) given->pdata, given->len);
      return TRUE;
    }
  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    {
      assay_session_add_texture (self->session, g_value_get_object (value));
      return TRUE;
    }
  return g_value_get_string (value) != NULL
         && assay_session_add_text (self->session, g_value_get_string (value));
}

/**
 * assay_window_add_drop_target:
 *
 * Takes files, folders, pixels and paths anywhere in the window, before an entry
 * below could take their names for text.
 */
void
assay_window_add_drop_target (AssayWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GtkEventController *pointer = gtk_event_controller_motion_new ();
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE, G_TYPE_STRING };

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  gtk_drop_target_set_preload (target, TRUE);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_object (target, "notify::value", G_CALLBACK (value_cb), self, 0);
  g_signal_connect_object (target, "enter", G_CALLBACK (enter_cb), self, 0);
  g_signal_connect_object (target, "motion", G_CALLBACK (motion_cb), self, 0);
  g_signal_connect_object (target, "leave", G_CALLBACK (leave_cb), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));

  gtk_event_controller_set_propagation_phase (pointer, GTK_PHASE_CAPTURE);
  g_signal_connect_object (pointer, "motion", G_CALLBACK (pointer_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), pointer);
}
