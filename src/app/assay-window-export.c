/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-exporter.h"
#include "assay-window-private.h"

/* What is written is the window's only as long as there is one. */
typedef struct {
  GWeakRef window;
  GFile *file;
  guint n;
} Export;

static void
export_free (Export *self)
{
  g_weak_ref_clear (&self->window);
  g_object_unref (self->file);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

static const struct {
  AssayExporterFormat format;
  const char *name;
  const char *ending;
} formats[] = {
  { ASSAY_EXPORTER_CSV, N_("Table (CSV)"), ".csv" },
  { ASSAY_EXPORTER_JSON, "JSON", ".json" },
  { ASSAY_EXPORTER_NDJSON, N_("Lines of JSON"), ".ndjson" },
};

static void
written_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (Export) export = data;
  g_autoptr (AssayWindow) window = g_weak_ref_get (&export->window);
  g_autoptr (GError) error = NULL;
  gboolean written = assay_exporter_write_finish (result, &error);
  g_autofree char *name = g_file_get_basename (export->file);
  g_autofree char *shown = assay_display_name (name);
  g_autofree char *text = NULL;

  if (window == NULL || window->session == NULL)
    return;
  if (written)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u result written to “%s”",
                                         "%'u results written to “%s”", export->n),
                            export->n, shown);
  else
    text = g_strdup (error->message);
  assay_window_say (window, text);
}

static const char *
get_page (AssayWindow *self)
{
  return gtk_stack_get_visible_child_name (self->pages);
}

/* What the page on show shows. */
static GPtrArray *
dup_shown (AssayWindow *self,
           const char *page)
{
  if (g_strcmp0 (page, "compare") == 0)
    return assay_compare_page_dup_shown (self->compare_page);
  if (g_strcmp0 (page, "evaluate") == 0)
    return assay_evaluate_page_dup_judged (self->evaluate_page);
  return assay_sidebar_dup_shown (self->sidebar);
}

static void
export_to (AssayWindow *self,
           GFile *file,
           AssayExporterFormat format)
{
  const char *page = get_page (self);
  gboolean listed = g_strcmp0 (page, "classify") == 0;
  gboolean comparing = g_strcmp0 (page, "compare") == 0;
  g_autoptr (GPtrArray) items = dup_shown (self, page);
  AssayTarget *candidate = assay_session_get_target (self->session);
  AssayTarget *baseline = comparing ? assay_session_get_baseline (self->session) : NULL;
  Export *export;

  /* They may have gone while the file was chosen. */
  if (!listed && (candidate == NULL || (comparing && baseline == NULL)))
    return;
  export = g_new0 (Export, 1);
  g_weak_ref_init (&export->window, self);
  export->file = g_object_ref (file);
  export->n = items->len;
  if (listed)
    assay_exporter_write_async (items, NULL, format, file,
                                assay_session_get_trimmer (self->session), NULL, written_cb,
                                export);
  else
    assay_exporter_write_judged_async (items, baseline, candidate, format, file, NULL, written_cb,
                                       export);
}

static const char *
get_file_name (const char *page)
{
  if (g_strcmp0 (page, "compare") == 0)
    return _("comparison.csv");
  if (g_strcmp0 (page, "evaluate") == 0)
    return _("evaluation.csv");
  return _("results.csv");
}

/* The one that was chosen, where the name doesn't say it. */
static AssayExporterFormat
get_chosen_format (GtkFileChooser *chooser)
{
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);

  for (guint i = 0; filter != NULL && i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (gtk_file_filter_get_name (filter), _(formats[i].name)) == 0)
      return formats[i].format;
  return ASSAY_EXPORTER_CSV;
}

static void
response_cb (GtkNativeDialog *chooser,
             int response,
             AssayWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  AssayExporterFormat format = get_chosen_format (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    {
      g_autofree char *name = g_file_get_basename (file);

      assay_exporter_find_format (name, &format);
      export_to (self, file, format);
    }
  g_clear_object (&self->chooser);
}

static void
export_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  GtkFileChooser *chooser;

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Export Results"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("Export"), NULL);
  chooser = GTK_FILE_CHOOSER (self->chooser);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
      g_autofree char *pattern = g_strconcat ("*", formats[i].ending, NULL);

      gtk_file_filter_set_name (filter, _(formats[i].name));
      gtk_file_filter_add_pattern (filter, pattern);
      gtk_file_chooser_add_filter (chooser, filter);
    }
  gtk_file_chooser_set_current_name (chooser, get_file_name (get_page (self)));
  g_signal_connect_object (chooser, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * assay_window_can_export:
 *
 * Returns: whether the page on show has a list to write
 */
gboolean
assay_window_can_export (AssayWindow *self)
{
  const char *page = get_page (self);

  if (g_list_model_get_n_items (G_LIST_MODEL (assay_session_get_collection (self->session))) == 0)
    return FALSE;
  if (g_strcmp0 (page, "compare") == 0)
    return assay_session_get_target (self->session) != NULL
           && assay_session_get_baseline (self->session) != NULL;
  return g_strcmp0 (page, "evaluate") != 0 || assay_session_get_target (self->session) != NULL;
}

/**
 * assay_window_install_export:
 * @widget_class: the window's class
 *
 * Installs "win.export", which writes what the page on show lists, as it is filtered and
 * sorted, into a file: on Compare with what became of the images, on Evaluate with their
 * truth.
 */
void
assay_window_install_export (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
}
