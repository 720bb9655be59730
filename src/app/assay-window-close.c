/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Closing a window, or all of them, in the middle of a run. */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-window-private.h"

/* Fewer are answered while a person still reads the question. */
#define CLOSE_UNASKED 20

static guint
count_left (AssayWindow *self)
{
  AssayProgressFigures figures;

  assay_session_get_progress (self->session, &figures);
  return figures.total - figures.done;
}

/* (nullable) @application: none once a window has closed.
 * (element-type GtkWindow) (transfer full): the last one looked at first.  A list of our
 * own, because the application's changes with each window that closes. */
static GPtrArray *
list_windows (GtkApplication *application)
{
  GPtrArray *windows = g_ptr_array_new_with_free_func (g_object_unref);

  GList *at = application != NULL ? gtk_application_get_windows (application) : NULL;

  for (; at != NULL; at = at->next)
    g_ptr_array_add (windows, g_object_ref (at->data));
  return windows;
}

static guint
count_left_in (GPtrArray *windows)
{
  guint left = 0;

  for (guint i = 0; i < windows->len; i++)
    if (ASSAY_IS_WINDOW (windows->pdata[i]))
      left += count_left (windows->pdata[i]);
  return left;
}

static void
close_windows (GPtrArray *windows,
               gboolean asked)
{
  for (guint i = 0; i < windows->len; i++)
    {
      if (asked && ASSAY_IS_WINDOW (windows->pdata[i]))
        ASSAY_WINDOW (windows->pdata[i])->may_close = TRUE;
      gtk_window_close (windows->pdata[i]);
    }
}

/* ---- the question ---- */

static gboolean
close_cb (gpointer data)
{
  close_windows (data, TRUE);
  return G_SOURCE_REMOVE;
}

/* What was asked about closes after the dialog, which is still at work here. */
static void
answered_cb (AssayWindow *self,
             const char *response)
{
  GPtrArray *windows;

  self->close_question = NULL;
  if (strcmp (response, "close") != 0)
    return;
  if (self->quitting)
    windows = list_windows (gtk_window_get_application (GTK_WINDOW (self)));
  else
    {
      windows = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (windows, g_object_ref (self));
    }
  g_idle_add_full (G_PRIORITY_DEFAULT, close_cb, windows, (GDestroyNotify) g_ptr_array_unref);
}

static const char *
tell_consequence (gboolean quitting,
                  gboolean kept)
{
  if (quitting)
    return kept ? _("If you quit now, Assay offers to go on with them when it is started the next "
                    "time.")
                : _("If you quit now, they will not be sent, and the answers that have come are "
                    "lost: the history is switched off.");
  return kept ? _("If you close the window now, Assay offers to go on with them when it is started "
                  "the next time.")
              : _("If you close the window now, they will not be sent, and the answers that have "
                  "come are lost: the history is switched off.");
}

static void
ask (AssayWindow *self,
     gboolean quitting,
     guint left)
{
  gboolean kept = g_settings_get_boolean (self->settings, "keep-history");
  g_autofree char *heading = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%'u Image Is Not Answered Yet", "%'u Images Are Not Answered Yet",
                 left),
    left);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
    adw_message_dialog_new (GTK_WINDOW (self), heading, tell_consequence (quitting, kept)));

  adw_message_dialog_add_responses (dialog, "stay", _("_Keep Working"),
                                    "close", quitting ? _("_Quit") : _("_Close Window"), NULL);
  adw_message_dialog_set_response_appearance (
    dialog, "close", kept ? ADW_RESPONSE_SUGGESTED : ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "stay");
  adw_message_dialog_set_close_response (dialog, "stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  g_clear_pointer (&self->close_question, gtk_window_destroy);
  self->quitting = quitting;
  self->close_question = GTK_WINDOW (dialog);
  gtk_window_present (self->close_question);
}

/**
 * assay_window_ask_to_close:
 *
 * Asks, if much is under way, and once: whoever wants to close the window while the
 * question is open, or has answered it, is not asked again.
 *
 * Returns: whether the window stays open for now
 */
gboolean
assay_window_ask_to_close (AssayWindow *self)
{
  guint left = count_left (self);

  if (self->close_question != NULL || self->may_close || left < CLOSE_UNASKED)
    return FALSE;
  ask (self, FALSE, left);
  return TRUE;
}

/**
 * assay_window_settle_close:
 *
 * Takes back what is no question any more, now that the work of this window has ended.
 */
void
assay_window_settle_close (AssayWindow *self)
{
  g_autoptr (GPtrArray) windows = list_windows (gtk_window_get_application (GTK_WINDOW (self)));
  gboolean busy = count_left_in (windows) > 0;

  for (guint i = 0; i < windows->len; i++)
    {
      AssayWindow *window = ASSAY_IS_WINDOW (windows->pdata[i]) ? windows->pdata[i] : NULL;

      if (window != NULL && (window->quitting ? !busy : window == self))
        g_clear_pointer (&window->close_question, gtk_window_destroy);
    }
}

/**
 * assay_window_close_all:
 *
 * Closes all windows of @application, so that each keeps its size and ends its work.
 * If much is under way in them together, that is asked about in one place and before
 * any has gone; doing it again while the question is open is the answer.
 */
void
assay_window_close_all (GtkApplication *application)
{
  g_autoptr (GPtrArray) windows = list_windows (application);
  guint left = count_left_in (windows);
  AssayWindow *front = NULL;
  gboolean several = FALSE;
  gboolean asked = FALSE;

  for (guint i = 0; i < windows->len; i++)
    {
      AssayWindow *window = ASSAY_IS_WINDOW (windows->pdata[i]) ? windows->pdata[i] : NULL;

      if (window == NULL)
        continue;
      asked = asked || (window->quitting && window->close_question != NULL);
      several = front != NULL;
      front = front != NULL ? front : window;
    }
  if (several && !asked && left >= CLOSE_UNASKED)
    ask (front, TRUE, left);
  else
    close_windows (windows, asked);
}
