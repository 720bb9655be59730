/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-application.h"
#include "assay-drag-out.h"
#include "assay-hub.h"
#include "assay-preferences.h"
#include "assay-resources.h"
#include "assay-settings.h"
#include "assay-window.h"

struct _AssayApplication {
  AdwApplication parent_instance;

  GSettings *settings;
  AssayHub *hub;
};

G_DEFINE_FINAL_TYPE (AssayApplication, assay_application, ADW_TYPE_APPLICATION)

static AssayWindow *
open_window (AssayApplication *self)
{
  AssayWindow *window = assay_window_new (GTK_APPLICATION (self), self->hub, self->settings);

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static AssayWindow *
get_window (AssayApplication *self)
{
  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (self)); link != NULL;
       link = link->next)
    if (ASSAY_IS_WINDOW (link->data))
      return link->data;
  return NULL;
}

static void
assay_application_activate (GApplication *application)
{
  AssayApplication *self = ASSAY_APPLICATION (application);
  AssayWindow *window = get_window (self);

  if (window != NULL)
    gtk_window_present (GTK_WINDOW (window));
  else
    open_window (self);
}

static void
assay_application_open (GApplication *application,
                        GFile **files,
                        int n_files,
                        const char *hint)
{
  AssayApplication *self = ASSAY_APPLICATION (application);
  AssayWindow *window = get_window (self);

  if (window == NULL)
    window = open_window (self);
  else
    gtk_window_present (GTK_WINDOW (window));
  assay_window_add_files (window, files, (guint) n_files);
}

static void
new_window_action (GSimpleAction *action,
                   GVariant *parameter,
                   gpointer data)
{
  open_window (data);
}

/* What a notification does: the window is named in it, and may be gone since. */
static void
show_window_action (GSimpleAction *action,
                    GVariant *parameter,
                    gpointer data)
{
  GtkWindow *window = gtk_application_get_window_by_id (data, g_variant_get_uint32 (parameter));

  if (window != NULL)
    gtk_window_present (window);
  else
    g_application_activate (data);
}

static void
preferences_action (GSimpleAction *action,
                    GVariant *parameter,
                    gpointer data)
{
  AssayApplication *self = data;
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  gtk_window_present (GTK_WINDOW (assay_preferences_new (window, self->settings)));
}

static void
about_action (GSimpleAction *action,
              GVariant *parameter,
              gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (data));

  adw_show_about_window (window,
                         "application-name", _("Assay"),
                         "application-icon", ASSAY_APPLICATION_ID,
                         "version", ASSAY_VERSION,
                         "developer-name", _("The Assay authors"),
                         "copyright", _("© The Assay authors"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "comments",
                         _("See what an image classification model says about your pictures."),
                         NULL);
}

static void
quit_action (GSimpleAction *action,
             GVariant *parameter,
             gpointer data)
{
  assay_window_close_all (data);
}

static void
add_accelerators (GtkApplication *application)
{
  static const struct {
    const char *action;
    const char *accelerators[4];
  } table[] = {
    { "app.new-window", { "<Ctrl>N" } },
    { "app.preferences", { "<Ctrl>comma" } },
    { "win.page::classify", { "<Alt>1" } },
    { "win.page::compare", { "<Alt>2" } },
    { "win.page::evaluate", { "<Alt>3" } },
    { "app.quit", { "<Ctrl>Q" } },
    { "window.close", { "<Ctrl>W" } },
    { "win.add-files", { "<Ctrl>O" } },
    { "win.add-folder", { "<Ctrl><Shift>O" } },
    { "win.clear", { "<Ctrl><Shift>Delete" } },
    { "win.show-history", { "<Ctrl>H" } },
    { "win.export", { "<Ctrl>S" } },
    { "win.save-report", { "<Ctrl><Shift>S" } },
    { "win.search", { "<Ctrl>F" } },
    { "win.present", { "F11" } },
    { "win.ask-selected", { "F5" } },
    { "win.retry-failed", { "<Ctrl>R" } },
    { "win.pause", { "<Ctrl>P", "Pause" } },
    { "win.zoom-in", { "<Ctrl>plus", "<Ctrl>equal", "<Ctrl>KP_Add" } },
    { "win.zoom-out", { "<Ctrl>minus", "<Ctrl>KP_Subtract" } },
    { "win.zoom-fit", { "<Ctrl>0", "<Ctrl>KP_0" } },
    { "win.show-help-overlay", { "<Ctrl>question" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    gtk_application_set_accels_for_action (application, table[i].action, table[i].accelerators);
}

static void
bounds_changed_cb (AssayApplication *self)
{
  assay_hub_set_bounds (self->hub, g_settings_get_uint (self->settings, "jobs"),
                        g_settings_get_uint (self->settings, "timeout"));
}

static void
open_history (AssayApplication *self)
{
  g_autofree char *path = assay_history_dup_default_path ();
  g_autoptr (AssayHistory) history = assay_history_new (path);

  assay_hub_set_history (self->hub, history);
}

/* Opens a window in the instance that already runs; files that are named then go
 * into it. */
static int
ask_for_new_window (GApplication *application)
{
  g_autoptr (GError) error = NULL;

  if (!g_application_register (application, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  if (g_application_get_is_remote (application))
    g_action_group_activate_action (G_ACTION_GROUP (application), "new-window", NULL);
  return -1;
}

static int
assay_application_handle_local_options (GApplication *application,
                                        GVariantDict *options)
{
  /* That needs neither a display nor the instance that already runs. */
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("assay %s\n", ASSAY_VERSION);
      return 0;
    }
  return g_variant_dict_contains (options, "new-window") ? ask_for_new_window (application) : -1;
}

static void
assay_application_startup (GApplication *application)
{
  AssayApplication *self = ASSAY_APPLICATION (application);
  const GActionEntry entries[] = {
    { "new-window", new_window_action },
    { "show-window", show_window_action, "u" },
    { "preferences", preferences_action },
    { "about", about_action },
    { "quit", quit_action },
  };

  G_APPLICATION_CLASS (assay_application_parent_class)->startup (application);
  self->settings = assay_settings_new ();
  self->hub = assay_hub_new (NULL);
  open_history (self);
  bounds_changed_cb (self);
  g_signal_connect_object (self->settings, "changed::jobs", G_CALLBACK (bounds_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::timeout", G_CALLBACK (bounds_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  add_accelerators (GTK_APPLICATION (application));
}

static void
history_closed_cb (GObject *object,
                   GAsyncResult *result,
                   gpointer data)
{
  g_autoptr (GApplication) application = data;
  g_autoptr (GError) error = NULL;

  if (!assay_history_close_finish (ASSAY_HISTORY (object), result, &error))
    g_message ("%s", error->message);
  g_application_release (application);
}

/* The program ends when what the last window has left is on disk. */
static void
assay_application_window_removed (GtkApplication *application,
                                  GtkWindow *window)
{
  AssayApplication *self = ASSAY_APPLICATION (application);
  AssayHistory *history = self->hub != NULL ? assay_hub_get_history (self->hub) : NULL;

  /* As long as the window is counted. */
  g_application_hold (G_APPLICATION (application));
  GTK_APPLICATION_CLASS (assay_application_parent_class)->window_removed (application, window);
  if (history != NULL && gtk_application_get_windows (application) == NULL)
    assay_history_close_async (history, NULL, history_closed_cb, g_object_ref (application));
  else
    g_application_release (G_APPLICATION (application));
}

static void
assay_application_shutdown (GApplication *application)
{
  AssayApplication *self = ASSAY_APPLICATION (application);

  assay_drag_out_clean ();
  G_APPLICATION_CLASS (assay_application_parent_class)->shutdown (application);
  if (self->hub != NULL)
    assay_hub_close (self->hub);
  g_clear_object (&self->hub);
  g_clear_object (&self->settings);
}

static void
assay_application_class_init (AssayApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  g_resources_register (assay_get_resource ());
  application_class->handle_local_options = assay_application_handle_local_options;
  application_class->startup = assay_application_startup;
  application_class->shutdown = assay_application_shutdown;
  application_class->activate = assay_application_activate;
  application_class->open = assay_application_open;
  GTK_APPLICATION_CLASS (klass)->window_removed = assay_application_window_removed;
}

static void
assay_application_init (AssayApplication *self)
{
  GApplication *application = G_APPLICATION (self);
  const GOptionEntry entries[] = {
    { "new-window", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Open a new window"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version and exit"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (application, entries);
  g_application_set_option_context_parameter_string (application, _("[PATH…]"));
  g_application_set_option_context_summary (
    application, _("PATH is a picture, a folder, an archive, or the web address of a picture; a "
                   "window that is open already takes it."));
}

/**
 * assay_application_new:
 *
 * Makes the application; it takes files on its command line.
 *
 * Returns: (transfer full): the application
 */
AssayApplication *
assay_application_new (void)
{
  return g_object_new (ASSAY_TYPE_APPLICATION,
                       "application-id", ASSAY_APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/io/github/assay/Assay",
                       NULL);
}
