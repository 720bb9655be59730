/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a window says of a run that stands still or has ended. */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-run-text.h"
#include "assay-window-private.h"

/* Whoever looked away for less has not gone to do something else. */
#define LONG_RUN_US ((gint64) 10 * G_USEC_PER_SEC)

/* ---- why nothing is sent ---- */

static gboolean countdown_cb (gpointer data);

/* Wakes when the figure of seconds changes. */
static void
count_down (AssayWindow *self,
            gint64 left)
{
  guint milliseconds = left > 0 ? (guint) (left % G_USEC_PER_SEC) / 1000 + 1 : 1000;

  self->countdown_source = g_timeout_add (milliseconds, countdown_cb, self);
}

static gboolean
countdown_cb (gpointer data)
{
  AssayWindow *self = data;
  AssayProgressFigures figures;
  g_autofree char *text = NULL;
  gint64 left;

  self->countdown_source = 0;
  assay_session_get_progress (self->session, &figures);
  if (figures.pause != ASSAY_PAUSE_GONE)
    return G_SOURCE_REMOVE;
  left = figures.until - g_get_monotonic_time ();
  text = assay_run_text_dup_pause (figures.pause, left);
  assay_banner_count (self->service_banner, text);
  count_down (self, left);
  return G_SOURCE_REMOVE;
}

/* The words that are read out have no seconds in them. */
static void
show_gone (AssayWindow *self)
{
  assay_banner_show (self->service_banner, TRUE, assay_run_text_get_reason (ASSAY_PAUSE_GONE),
                     _("Try Now"), "win.try-now", NULL);
  if (self->countdown_source != 0)
    g_source_remove (self->countdown_source);
  countdown_cb (self);
}

/**
 * assay_window_show_pause:
 *
 * Says in the banner of the service why nothing is sent, if a person should know and
 * may do something about it.  What they did themselves, and what the service asked
 * for, is told by the bar at the bottom.
 *
 * Returns: whether there is something to say
 */
gboolean
assay_window_show_pause (AssayWindow *self)
{
  AssayProgressFigures figures;

  assay_session_get_progress (self->session, &figures);
  switch (figures.pause)
    {
    case ASSAY_PAUSE_GONE:
      show_gone (self);
      return TRUE;
    case ASSAY_PAUSE_NETWORK:
      assay_banner_show (self->service_banner, TRUE, assay_run_text_get_reason (figures.pause),
                         _("Try Now"), "win.try-now", NULL);
      return TRUE;
    case ASSAY_PAUSE_SIGN_IN:
      assay_banner_show (self->service_banner, TRUE, assay_run_text_get_reason (figures.pause),
                         _("Sign In…"), "win.edit-connection", NULL);
      return TRUE;
    case ASSAY_PAUSE_NONE:
    case ASSAY_PAUSE_PERSON:
    case ASSAY_PAUSE_ASKED:
    default:
      return FALSE;
    }
}

static void
pause_action (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  AssaySession *session = ASSAY_WINDOW (widget)->session;
  AssayProgressFigures figures;

  assay_session_get_progress (session, &figures);
  if (figures.pause == ASSAY_PAUSE_PERSON)
    assay_session_resume (session);
  else
    assay_session_pause (session);
}

static void
cancel_selected_action (GtkWidget *widget,
                        const char *name,
                        GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  g_autoptr (GPtrArray) items = assay_sidebar_dup_selected (self->sidebar);

  assay_session_cancel_items (self->session, items);
}

static void
try_now_action (GtkWidget *widget,
                const char *name,
                GVariant *parameter)
{
  assay_session_try_now (ASSAY_WINDOW (widget)->session);
}

/* ---- how it ended ---- */

static void
dismiss_failed_action (GtkWidget *widget,
                       const char *name,
                       GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  self->n_failed = 0;
  assay_banner_dismiss (self->failed_banner);
}

/* One that failed says so itself; many are best tried again together.  Where the
 * service is away, the banner above it offers that. */
static void
show_failed (AssayWindow *self,
             const AssaySum *sum)
{
  AssayLink *link = assay_session_get_link (self->session);
  g_autofree char *text = NULL;

  if (sum->failed < 2 || (link != NULL && assay_link_get_error (link) != NULL))
    return;
  self->n_failed = sum->failed;
  text = assay_run_text_dup_sum (sum);
  assay_banner_show (self->failed_banner, TRUE, text, _("Retry Failed"), "win.retry-failed",
                     "win.dismiss-failed");
}

static char *
dup_notification_id (AssayWindow *self)
{
  return g_strdup_printf ("run-%u",
                          gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self)));
}

static void
notify_end (AssayWindow *self,
            const AssaySum *sum)
{
  guint window = gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self));
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *id = dup_notification_id (self);
  g_autofree char *text = assay_run_text_dup_sum (sum);

  notification = g_notification_new (sum->failed > 0 ? _("Classified with Errors")
                                                     : _("Classified"));
  g_notification_set_body (notification, text);
  g_notification_set_default_action_and_target (notification, "app.show-window", "u", window);
  g_application_send_notification (g_application_get_default (), id, notification);
  self->told_end = TRUE;
}

/* A dialog that belongs to it counts as the window itself. */
static gboolean
is_looked_at (AssayWindow *self)
{
  GListModel *windows = gtk_window_get_toplevels ();
  gboolean looked_at = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (windows) && !looked_at; i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      looked_at = gtk_window_is_active (window)
                  && (window == GTK_WINDOW (self)
                      || gtk_window_get_transient_for (window) == GTK_WINDOW (self));
    }
  return looked_at;
}

static void
finished_cb (AssayWindow *self)
{
  const AssaySum *sum = assay_session_get_sum (self->session);

  assay_window_settle_close (self);
  show_failed (self, sum);
  if (!is_looked_at (self)
      && g_get_monotonic_time () - sum->began >= LONG_RUN_US)
    notify_end (self, sum);
}

/* Whoever looks at the window need not be told. */
static void
active_cb (AssayWindow *self)
{
  g_autofree char *id = NULL;

  if (!self->told_end || !gtk_window_is_active (GTK_WINDOW (self)))
    return;
  self->told_end = FALSE;
  id = dup_notification_id (self);
  g_application_withdraw_notification (g_application_get_default (), id);
}

/**
 * assay_window_update_run:
 *
 * Takes away what would do nothing just now.
 */
void
assay_window_update_run (AssayWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  AssayCollection *collection = assay_session_get_collection (self->session);

  gtk_widget_action_set_enabled (widget, "win.pause", assay_session_can_pause (self->session));
  if (self->n_failed > 0 && (assay_session_is_busy (self->session)
                             || assay_collection_count_state (collection, ASSAY_ANSWER_FAILED) == 0))
    dismiss_failed_action (widget, NULL, NULL);
}

void
assay_window_follow_run (AssayWindow *self)
{
  g_signal_connect_object (self->session, "finished", G_CALLBACK (finished_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_cb), NULL);
}

void
assay_window_forget_run (AssayWindow *self)
{
  g_clear_handle_id (&self->countdown_source, g_source_remove);
  g_clear_pointer (&self->close_question, gtk_window_destroy);
}

void
assay_window_install_run (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.pause", NULL, pause_action);
  gtk_widget_class_install_action (widget_class, "win.cancel-selected", NULL,
                                   cancel_selected_action);
  gtk_widget_class_install_action (widget_class, "win.try-now", NULL, try_now_action);
  gtk_widget_class_install_action (widget_class, "win.dismiss-failed", NULL,
                                   dismiss_failed_action);
}
