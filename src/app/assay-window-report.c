/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-reporter.h"
#include "assay-toast.h"
#include "assay-window-private.h"

/* What is written is the window's only as long as there is one.  The program stays until
 * it has ended, so that no half of a file is left behind. */
typedef struct {
  GWeakRef window;
  GApplication *application;
  GFile *file;
} Saving;

/* Those that are being written, by whatever window; nobody is told which of two would
 * have become the file.  Main thread. */
static GQueue under_way = G_QUEUE_INIT;

static void
saving_free (Saving *self)
{
  g_queue_remove (&under_way, self);
  g_application_release (self->application);
  g_object_unref (self->application);
  g_weak_ref_clear (&self->window);
  g_object_unref (self->file);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static Saving *
saving_new (AssayWindow *window,
            GFile *file)
{
  Saving *self = g_new0 (Saving, 1);

  g_weak_ref_init (&self->window, window);
  self->application = G_APPLICATION (g_object_ref (gtk_window_get_application (GTK_WINDOW (window))));
  self->file = g_object_ref (file);
  g_application_hold (self->application);
  g_queue_push_tail (&under_way, self);
  return self;
}

static gboolean
is_under_way (GFile *file)
{
  for (GList *link = under_way.head; link != NULL; link = link->next)
    if (g_file_equal (((Saving *) link->data)->file, file))
      return TRUE;
  return FALSE;
}

/* ---- opening ---- */

static void
opened_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayWindow) self = ASSAY_WINDOW (g_object_ref (object));
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  /* Whoever was asked by what to open it may have thought better of it. */
  if (gtk_show_uri_full_finish (GTK_WINDOW (self), result, &error) || self->session == NULL
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  text = g_strdup_printf (_("The report can’t be opened: %s"), error->message);
  assay_window_say (self, text);
}

static void
open_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  gtk_show_uri_full (GTK_WINDOW (widget), g_variant_get_string (parameter, NULL), GDK_CURRENT_TIME,
                     ASSAY_WINDOW (widget)->cancellable, opened_cb, NULL);
}

/* ---- saving ---- */

static void
offer_to_open (AssayWindow *self,
               GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = assay_display_name (name);
  g_autofree char *uri = g_file_get_uri (file);
  g_autofree char *text = g_strdup_printf (_("The report is written to “%s”"), shown);
  AdwToast *toast = assay_toast_new (text);

  adw_toast_set_button_label (toast, _("Open"));
  adw_toast_set_action_name (toast, "win.open-report");
  adw_toast_set_action_target (toast, "s", uri);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
written_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (Saving) saving = data;
  g_autoptr (AssayWindow) window = g_weak_ref_get (&saving->window);
  g_autoptr (GError) error = NULL;
  gboolean written = assay_reporter_write_finish (result, &error);

  if (window == NULL || window->session == NULL)
    return;
  if (written)
    offer_to_open (window, saving->file);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    assay_window_say (window, error->message);
}

static gboolean
is_comparing (AssayWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "compare") == 0;
}

static GPtrArray *
list_items (AssayCollection *collection)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (collection));

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (collection), i));
  return items;
}

/* Of a kept run nobody knows by what it was reached. */
static void
side_init (AssayReporterSide *self,
           AssayTarget *target,
           AssayLink *link)
{
  self->target = target;
  if (link != NULL)
    self->service = assay_report_find_service (assay_link_get_connection (link));
  else
    self->answered = _("recorded");
}

static void
save_to (AssayWindow *self,
         GFile *file,
         gboolean comparing)
{
  AssayCollection *collection = assay_session_get_collection (self->session);
  AssayTruthTable *table = assay_truths_get_table (assay_session_get_truths (self->session));
  g_autoptr (GPtrArray) items = list_items (collection);
  AssayReporterSide baseline = { 0 };
  AssayReporterSide candidate = { 0 };
  const AssayReporterAsk ask = {
    .items = items,
    .baseline = comparing ? &baseline : NULL,
    .candidate = &candidate,
    .table = table != NULL ? assay_truth_table_get_name (table) : NULL,
    .threshold = assay_collection_get_threshold (collection),
  };

  /* They may have gone while the file was chosen. */
  if (assay_session_get_target (self->session) == NULL
      || (comparing && assay_session_get_baseline (self->session) == NULL))
    return;
  side_init (&candidate, assay_session_get_target (self->session), assay_session_get_link (self->session));
  if (comparing)
    side_init (&baseline, assay_session_get_baseline (self->session),
               assay_session_get_baseline_link (self->session));
  assay_reporter_write_async (&ask, file, assay_session_get_trimmer (self->session), self->cancellable,
                              written_cb, saving_new (self, file));
}

static void
say_under_way (AssayWindow *self,
               GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = assay_display_name (name);
  g_autofree char *text = g_strdup_printf (_("“%s” is still being written"), shown);

  assay_window_say (self, text);
}

static void
response_cb (GtkNativeDialog *chooser,
             int response,
             AssayWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && is_under_way (file))
    say_under_way (self, file);
  else if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    save_to (self, file, is_comparing (self));
  g_clear_object (&self->chooser);
}

static void
save_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Save Report"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_filter_set_name (filter, _("Web Page (HTML)"));
  gtk_file_filter_add_pattern (filter, "*.html");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), _("report.html"));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/**
 * assay_window_update_report:
 *
 * Takes "win.save-report" away where there is nothing to report.
 */
void
assay_window_update_report (AssayWindow *self)
{
  GListModel *items = G_LIST_MODEL (assay_session_get_collection (self->session));
  const char *page = gtk_stack_get_visible_child_name (self->pages);
  gboolean can = g_list_model_get_n_items (items) > 0
                 && assay_session_get_target (self->session) != NULL
                 && (g_strcmp0 (page, "evaluate") == 0
                     || (is_comparing (self) && assay_session_get_baseline (self->session) != NULL));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.save-report", can);
}

/**
 * assay_window_show_report:
 *
 * Gives the button that saves what the page shows to the results in the list, or to the
 * report.
 */
void
assay_window_show_report (AssayWindow *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->pages);
  gboolean listed = g_strcmp0 (page, "classify") == 0;
  const char *name = listed ? _("Export Results") : _("Save Report");

  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->export_button),
                                  listed ? "win.export" : "win.save-report");
  gtk_widget_set_tooltip_text (self->export_button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->export_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

/**
 * assay_window_install_report:
 * @widget_class: the window's class
 *
 * Installs "win.save-report", which writes a page about what Compare or Evaluate shows, and
 * "win.open-report", which opens the one at an address.
 */
void
assay_window_install_report (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.save-report", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "win.open-report", "s", open_action);
}
