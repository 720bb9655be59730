/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-present-drop.h"

/* "Classify 24 images with flowers 2": how many, not which. */
static char *
dup_invitation (AssayPresentWindow *window,
                const AssayOffer *offer)
{
  g_autofree char *target =
    assay_session_dup_target_title (assay_present_window_get_session (window));
  guint n = offer->picture ? 1 : offer->files->len + offer->addresses->len;
  g_autofree char *what =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u item", "%'u items", n), n);

  if (target == NULL)
    return g_strdup_printf (_("Add %s"), what);
  return g_strdup_printf (_("Classify %s with %s"), what, target);
}

/* What it is has been read, while it is still held over the window. */
static void
looked_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayPresentWindow) window = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOffer) offer = assay_offer_read_finish (result, &error);
  g_autofree char *invitation = NULL;

  if (offer == NULL)
    return;
  if (assay_offer_is_empty (offer))
    {
      assay_present_window_say (window, _("This can’t be classified"));
      gdk_drop_status (GDK_DROP (object), 0, 0);
      return;
    }
  invitation = dup_invitation (window, offer);
  assay_present_window_say (window, invitation);
}

static GdkDragAction
enter_cb (GtkDropTargetAsync *target,
          GdkDrop *drop,
          double x,
          double y,
          AssayPresentWindow *window)
{
  assay_present_window_say (window, _("Drop to classify"));
  assay_offer_read_async (G_OBJECT (drop), TRUE, assay_present_window_look (window), looked_cb,
                          g_object_ref (window));
  return GDK_ACTION_COPY;
}

static void
leave_cb (GtkDropTargetAsync *target,
          GdkDrop *drop,
          AssayPresentWindow *window)
{
  assay_present_window_forget (window);
  assay_present_window_say (window, NULL);
}

typedef struct {
  AssayPresentWindow *window;    /* (owned) */
  GdkDrop *drop;                 /* (owned) (nullable): %NULL for what is pasted */
} Given;

/* Why it can't be read may name it. */
static void
given_cb (GObject *object,
          GAsyncResult *result,
          gpointer data)
{
  g_autofree Given *given = data;
  g_autoptr (AssayPresentWindow) window = g_steal_pointer (&given->window);
  g_autoptr (GdkDrop) drop = g_steal_pointer (&given->drop);
  g_autoptr (AssayOffer) offer = assay_offer_read_finish (result, NULL);
  gboolean taken = offer != NULL && assay_present_window_take (window, offer);

  if (!taken)
    assay_present_window_say_briefly (window, _("There is no image in it"));
  if (drop != NULL)
    gdk_drop_finish (drop, taken ? GDK_ACTION_COPY : 0);
}

static void
read_from (AssayPresentWindow *window,
           GObject *from)
{
  Given *given = g_new0 (Given, 1);

  given->window = g_object_ref (window);
  if (GDK_IS_DROP (from))
    given->drop = g_object_ref (GDK_DROP (from));
  assay_offer_read_async (from, FALSE, NULL, given_cb, given);
}

static gboolean
drop_cb (GtkDropTargetAsync *target,
         GdkDrop *drop,
         double x,
         double y,
         AssayPresentWindow *window)
{
  assay_present_window_forget (window);
  assay_present_window_say (window, NULL);
  read_from (window, G_OBJECT (drop));
  return TRUE;
}

/**
 * assay_present_drop_add:
 *
 * Takes files, folders, pictures and addresses anywhere on the screen.
 */
void
assay_present_drop_add (AssayPresentWindow *window)
{
  GtkDropTargetAsync *target =
    gtk_drop_target_async_new (assay_offer_dup_formats (), GDK_ACTION_COPY);

  g_signal_connect_object (target, "drag-enter", G_CALLBACK (enter_cb), window, 0);
  g_signal_connect_object (target, "drag-leave", G_CALLBACK (leave_cb), window, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), window, 0);
  gtk_widget_add_controller (GTK_WIDGET (window), GTK_EVENT_CONTROLLER (target));
}

/**
 * assay_present_drop_paste:
 *
 * Takes what is on the clipboard.
 */
void
assay_present_drop_paste (AssayPresentWindow *window)
{
  read_from (window, G_OBJECT (gtk_widget_get_clipboard (GTK_WIDGET (window))));
}
