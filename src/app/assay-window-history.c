/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-bundle-import.h"
#include "assay-display.h"
#include "assay-history-dialog.h"
#include "assay-past.h"
#include "assay-revival.h"
#include "assay-thumbnailer.h"
#include "assay-window-private.h"

static AssayHistory *
get_history (AssayWindow *self)
{
  return assay_hub_get_history (assay_session_get_hub (self->session));
}

static gboolean
is_empty (AssayWindow *self)
{
  GListModel *items = G_LIST_MODEL (assay_session_get_collection (self->session));

  return g_list_model_get_n_items (items) == 0 && !assay_session_is_busy (self->session);
}

/* Whom it asked; one that was made anew is known by its name. */
static AssayConnection *
find_connection (AssayWindow *self,
                 const AssayKeptRun *run)
{
  AssayConnections *connections =
    assay_hub_get_connections (assay_session_get_hub (self->session));
  AssayConnection *connection =
    assay_connections_find (connections, assay_target_get_connection_id (run->target));

  if (connection == NULL && run->connection_name != NULL)
    connection = assay_connections_find (connections, run->connection_name);
  return connection;
}

/* ---- the banner ---- */

static void
show_interrupted (AssayWindow *self)
{
  const AssayKeptRun *run = self->interrupted;
  guint left = assay_kept_run_get_left (run);
  g_autofree char *name = assay_past_dup_name (run);
  g_autofree char *connection = assay_display_name (run->connection_name);
  g_autofree char *text =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                  "“%s” was interrupted: %'u of %'u left",
                                  "“%s” was interrupted: %'u of %'u left", left),
                     name, left, run->given);
  g_autofree char *more = NULL;

  if (find_connection (self, run) != NULL)
    {
      assay_banner_show (self->history_banner, FALSE, text, _("Resume"), "win.resume-run",
                         "win.dismiss-history");
      return;
    }
  more = g_strdup_printf (_("%s. Its connection “%s” no longer exists; add one of this name to "
                            "go on."), text, connection);
  assay_banner_show (self->history_banner, FALSE, more, _("Add Connection…"),
                     "win.add-connection", "win.dismiss-history");
}

static void
show_kept (AssayWindow *self)
{
  const AssayKeptRun *run = self->shown_run;
  g_autofree char *name = assay_past_dup_name (run);
  g_autofree char *when = assay_past_dup_when (run);
  g_autofree char *text =
    g_strdup_printf (assay_bundle_is_imported (run)
                       ? _("“%s” is evidence from %s, checked: every figure follows from its answers")
                       : _("“%s” from the history, %s"), name, when);
  g_autofree char *more = NULL;
  guint left = assay_kept_run_get_left (run);

  if (!assay_past_can_go_on (run) || find_connection (self, run) == NULL)
    {
      assay_banner_show (self->history_banner, FALSE, text, NULL, NULL, NULL);
      return;
    }
  more = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s: %'u of %'u left", "%s: %'u of %'u left", left),
                          text, left, run->given);
  assay_banner_show (self->history_banner, FALSE, more, _("Resume"), "win.resume-run", NULL);
}

/**
 * assay_window_show_history_banner:
 *
 * Says what is to be known of the history: what isn't saved, what was found damaged,
 * which run is shown, or which one was interrupted.
 */
void
assay_window_show_history_banner (AssayWindow *self)
{
  AssayHistory *history = get_history (self);
  const GError *trouble = history != NULL ? assay_history_get_trouble (history) : NULL;
  const char *notice = history != NULL ? assay_history_get_notice (history) : NULL;
  g_autofree char *text = NULL;

  if (trouble != NULL)
    {
      text = g_strdup_printf (_("Not saved. %s"), trouble->message);
      assay_banner_show (self->history_banner, TRUE, text, _("Try Again"), "win.retry-history",
                         NULL);
    }
  else if (notice != NULL && !self->notice_read)
    assay_banner_show (self->history_banner, TRUE, notice, NULL, NULL, "win.dismiss-history");
  else if (self->shown_run != NULL && assay_session_shows_kept (self->session))
    show_kept (self);
  else if (self->interrupted != NULL && is_empty (self))
    show_interrupted (self);
  else
    assay_banner_dismiss (self->history_banner);
}

static void
interrupted_cb (GObject *object,
                GAsyncResult *result,
                gpointer data)
{
  g_autoptr (AssayWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs =
    assay_history_list_interrupted_finish (ASSAY_HISTORY (object), result, &error);
  gint64 dismissed;

  if (self->session == NULL)
    return;
  if (runs == NULL)
    g_debug ("The history cannot be looked at: %s", error->message);
  dismissed = g_settings_get_int64 (self->settings, "dismissed-run");
  if (runs != NULL && runs->len > 0 && ((AssayKeptRun *) runs->pdata[0])->id > dismissed)
    self->interrupted = g_ptr_array_steal_index (runs, 0);
  assay_window_show_history_banner (self);
}

/**
 * assay_window_start_history:
 *
 * Looks whether a run was interrupted.
 */
void
assay_window_start_history (AssayWindow *self)
{
  AssayHistory *history = get_history (self);
  g_autofree char *folder = NULL;

  if (history == NULL)
    return;
  folder = assay_bundle_dup_thumbnail_folder (history);
  assay_thumbnailer_set_folder (assay_thumbnailer_get_default (), folder);
  g_signal_connect_object (history, "notify::trouble",
                           G_CALLBACK (assay_window_show_history_banner), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (history, "notify::notice",
                           G_CALLBACK (assay_window_show_history_banner), self,
                           G_CONNECT_SWAPPED);
  assay_window_show_history_banner (self);
  /* Whoever keeps none has no file made. */
  if (g_file_test (assay_history_get_path (history), G_FILE_TEST_EXISTS) && is_empty (self))
    assay_history_list_interrupted_async (history, self->cancellable, interrupted_cb,
                                          g_object_ref (self));
}

void
assay_window_forget_history (AssayWindow *self)
{
  g_clear_pointer (&self->interrupted, assay_kept_run_free);
  g_clear_pointer (&self->shown_run, assay_kept_run_free);
}

/* ---- opening ---- */

/* What is being opened, or gone on with; of the window until that has ended. */
typedef struct {
  AssayWindow *window;           /* (owned) */
  AssayKeptRun *run;
  AssayRecording *recording;     /* (nullable): to go on */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_object_unref (self->window);
  assay_kept_run_free (self->run);
  g_clear_pointer (&self->recording, assay_recording_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static AssayKeptRun *
copy_run (const AssayKeptRun *run)
{
  AssayKeptRun *copy = g_memdup2 (run, sizeof *run);

  copy->name = g_strdup (run->name);
  copy->target = assay_target_ref (run->target);
  copy->connection_name = g_strdup (run->connection_name);
  copy->url = g_strdup (run->url);
  copy->protocol = g_strdup (run->protocol);
  copy->options = g_strdup (run->options);
  return copy;
}

static Opening *
opening_new (AssayWindow *self,
             const AssayKeptRun *run)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->window = g_object_ref (self);
  opening->run = copy_run (run);
  return opening;
}

/**
 * assay_window_get_for_run:
 *
 * Returns: (transfer none): where a run is opened: this one, if nothing is in it
 */
AssayWindow *
assay_window_get_for_run (AssayWindow *self)
{
  if (is_empty (self) || assay_session_shows_kept (self->session))
    return self;
  return assay_window_new (gtk_window_get_application (GTK_WINDOW (self)),
                           assay_session_get_hub (self->session), self->settings);
}

/* Its name and whom it asked are there at once; in a new window nobody else is. */
static void
show_run (AssayWindow *self,
          const AssayKeptRun *run)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  AssayKeptRun *copy = copy_run (run);

  assay_window_forget_history (self);
  self->shown_run = copy;
  assay_session_show_kept (self->session, copy->target, none);
  gtk_window_present (GTK_WINDOW (self));
}

static void
opened_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (Opening) opening = data;
  AssayWindow *self = opening->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) kept = assay_past_load_finish (result, &error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->session == NULL)
    return;
  if (kept == NULL)
    {
      assay_window_say (self, error->message);
      return;
    }
  for (guint i = 0; i < kept->len; i++)
    g_ptr_array_add (items, assay_revive_item (g_ptr_array_index (kept, i), opening->run->target));
  assay_session_show_kept (self->session, opening->run->target, items);
  assay_session_find_pictures (self->session, kept);
}

/**
 * assay_window_open_run:
 * @run: (transfer none): a kept one
 *
 * Shows it, in this window if that is empty, else in a new one.  Nothing is sent.
 */
void
assay_window_open_run (AssayWindow *self,
                       const AssayKeptRun *run)
{
  AssayWindow *window;

  g_return_if_fail (ASSAY_IS_WINDOW (self));
  g_return_if_fail (run != NULL);

  window = assay_window_get_for_run (self);
  show_run (window, run);
  assay_past_load_async (get_history (window), run->id, window->cancellable, opened_cb,
                         opening_new (window, run));
}

/* ---- going on ---- */

static void
give_back (Opening *opening,
           AssayHistory *history)
{
  if (opening->recording != NULL)
    assay_history_end_async (history, opening->recording, ASSAY_KEPT_INTERRUPTED, NULL, NULL, NULL);
}

static GPtrArray *
new_kept_items (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) assay_kept_item_free);
}

static void
go_on (Opening *opening,
       AssayConnection *connection,
       GPtrArray *kept)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) done = new_kept_items ();
  g_autoptr (GPtrArray) left = new_kept_items ();
  g_autoptr (AssayTarget) target =
    assay_target_new (assay_connection_get_id (connection),
                      assay_target_get_model (opening->run->target),
                      assay_target_get_version (opening->run->target));
  guint n_given = 0;

  for (guint i = 0; i < kept->len; i++)
    {
      AssayKeptItem *item = g_ptr_array_index (kept, i);

      n_given = MAX (n_given, item->position + 1);
      if (item->answer != NULL)
        g_ptr_array_add (items, assay_revive_item (item, target));
      g_ptr_array_add (item->answer != NULL ? done : left, assay_kept_item_copy (item));
    }
  assay_session_resume_kept (opening->window->session, connection, opening->recording, target,
                             items, left, n_given);
  assay_session_find_pictures (opening->window->session, done);
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (Opening) opening = data;
  AssayWindow *self = opening->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) kept = assay_past_load_finish (result, &error);
  AssayConnection *connection =
    self->session != NULL ? find_connection (self, opening->run) : NULL;

  if (kept == NULL || connection == NULL)
    {
      give_back (opening, ASSAY_HISTORY (object));
      if (self->session != NULL && error != NULL)
        assay_window_say (self, error->message);
      return;
    }
  assay_window_forget_history (self);
  go_on (opening, connection, kept);
  assay_window_show_history_banner (self);
}

static void
resumed_cb (GObject *object,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (Opening) opening = data;
  AssayWindow *self = opening->window;
  AssayHistory *history = ASSAY_HISTORY (object);
  g_autoptr (GError) error = NULL;
  gint64 run = opening->run->id;

  opening->recording = assay_history_resume_finish (history, result, &error);
  if (opening->recording == NULL || self->session == NULL)
    {
      give_back (opening, history);
      if (self->session != NULL)
        assay_window_say (self, error->message);
      return;
    }
  assay_past_load_async (history, run, NULL, loaded_cb, g_steal_pointer (&opening));
}

/**
 * assay_window_resume_run:
 * @run: (transfer none): an interrupted one
 *
 * Goes on with it, in this window if that is empty, else in a new one.
 */
void
assay_window_resume_run (AssayWindow *self,
                         const AssayKeptRun *run)
{
  AssayWindow *window;

  g_return_if_fail (ASSAY_IS_WINDOW (self));
  g_return_if_fail (run != NULL);

  if (find_connection (self, run) == NULL)
    {
      g_autofree char *name = assay_display_name (run->connection_name);
      g_autofree char *text =
        g_strdup_printf (_("The connection “%s” no longer exists. Add one of this name to go on "
                           "with the run."), name);

      assay_window_say (self, text);
      return;
    }
  window = assay_window_get_for_run (self);
  if (window != self)
    show_run (window, run);
  assay_history_resume_async (get_history (window), run->id, NULL, resumed_cb,
                              opening_new (window, run));
}

/* ---- actions ---- */

static void
resume_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  const AssayKeptRun *run = assay_session_shows_kept (self->session) ? self->shown_run
                                                                     : self->interrupted;

  if (run != NULL)
    assay_window_resume_run (self, run);
}

static void
dismiss_action (GtkWidget *widget,
                const char *name,
                GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  if (assay_history_get_notice (get_history (self)) != NULL && !self->notice_read)
    self->notice_read = TRUE;
  else if (self->interrupted != NULL)
    {
      g_settings_set_int64 (self->settings, "dismissed-run", self->interrupted->id);
      g_clear_pointer (&self->interrupted, assay_kept_run_free);
    }
  assay_window_show_history_banner (self);
}

static void
retry_action (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  assay_history_retry (get_history (ASSAY_WINDOW (widget)));
}

static void
show_history_action (GtkWidget *widget,
                     const char *name,
                     GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  AssayHistoryDialog *dialog;

  if (get_history (self) == NULL)
    return;
  dialog = assay_history_dialog_new (GTK_WINDOW (self), get_history (self));
  g_signal_connect_object (dialog, "opened", G_CALLBACK (assay_window_open_run), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "resumed", G_CALLBACK (assay_window_resume_run), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * assay_window_install_history:
 * @widget_class: the window's class
 *
 * Installs what has to do with runs that are kept.
 */
void
assay_window_install_history (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.resume-run", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "win.dismiss-history", NULL, dismiss_action);
  gtk_widget_class_install_action (widget_class, "win.retry-history", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "win.show-history", NULL, show_history_action);
}
