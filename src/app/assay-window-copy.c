/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-copier.h"
#include "assay-window-private.h"

/* The window may go while images are copied, Assay doesn't before they are. */
typedef struct {
  GWeakRef window;
  GApplication *application;  /* (nullable) */
} Copying;

static Copying *
copying_new (AssayWindow *window)
{
  Copying *self = g_new0 (Copying, 1);

  g_weak_ref_init (&self->window, window);
  g_set_object (&self->application, g_application_get_default ());
  if (self->application != NULL)
    g_application_hold (self->application);
  return self;
}

static void
copying_free (Copying *self)
{
  if (self->application != NULL)
    g_application_release (self->application);
  g_clear_object (&self->application);
  g_weak_ref_clear (&self->window);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Copying, copying_free)

/* ---- what is said ---- */

static void
append_sentence (GString *text,
                 const char *sentence)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, sentence);
}

/* "300 images copied" and "into 5 folders", each with a plural of its own. */
static void
append_copied (GString *text,
               AssayCopies *copies)
{
  guint n = assay_copies_get_n (copies);
  guint n_folders = assay_copies_get_n_folders (copies);
  g_autofree char *images =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u image", "%'u images", n), n);
  g_autofree char *folders =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u folder", "%'u folders", n_folders),
                     n_folders);
  g_autofree char *sentence = NULL;

  if (n == 0)
    return;
  /* Translators: "300 images copied into 5 folders." */
  sentence = g_strdup_printf (_("%s copied into %s."), images, folders);
  append_sentence (text, sentence);
}

static void
append_left_out (GString *text,
                 guint n)
{
  g_autofree char *sentence =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u has no answer and was left out.",
                                  "%'u have no answer and were left out.", n), n);

  if (n > 0)
    append_sentence (text, sentence);
}

static void
append_failed (GString *text,
               AssayCopies *copies)
{
  guint n = assay_copies_get_n_failed (copies);
  g_autofree char *sentence =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u was not copied.", "%'u were not copied.",
                                  n), n);

  if (n == 0)
    return;
  append_sentence (text, sentence);
  append_sentence (text, assay_copies_get_reason (copies));
}

static char *
dup_report (AssayCopies *copies)
{
  GString *text = g_string_new (NULL);

  append_copied (text, copies);
  append_left_out (text, assay_copies_get_n_left_out (copies));
  append_failed (text, copies);
  return g_string_free (text, FALSE);
}

/* ---- copying, and taking it back ---- */

static void
copied_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (Copying) copying = data;
  g_autoptr (AssayWindow) window = g_weak_ref_get (&copying->window);
  g_autoptr (AssayCopies) copies = assay_copier_copy_finish (result, NULL);
  g_autofree char *report = NULL;

  if (window == NULL || window->session == NULL || copies == NULL)
    return;
  report = dup_report (copies);
  if (assay_copies_get_n (copies) == 0)
    assay_window_say (window, report);
  else
    assay_window_keep_copies (window, g_steal_pointer (&copies), report);
}

static void
copy_into (AssayWindow *self,
           GFile *folder)
{
  g_autoptr (GPtrArray) items = assay_sidebar_dup_shown (self->sidebar);

  assay_copier_copy_async (items, assay_session_get_target (self->session), folder, NULL, copied_cb,
                           copying_new (self));
}

static void
undone_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (Copying) copying = data;
  g_autoptr (AssayWindow) window = g_weak_ref_get (&copying->window);
  guint n_kept = assay_copies_undo_finish (result);
  g_autofree char *sentence = NULL;

  if (window == NULL || window->session == NULL)
    return;
  if (n_kept == 0)
    sentence = g_strdup (_("The copies are deleted"));
  else
    sentence = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "The copies are deleted, but for %'u that was changed since",
                   "The copies are deleted, but for %'u that were changed since", n_kept),
      n_kept);
  assay_window_say (window, sentence);
}

/**
 * assay_window_undo_copies:
 * @copies: (transfer full): what was copied
 *
 * Deletes them, and says so.
 */
void
assay_window_undo_copies (AssayWindow *self,
                          AssayCopies *copies)
{
  assay_copies_undo_async (copies, NULL, undone_cb, copying_new (self));
}

/* ---- the choice of the folder ---- */

static void
response_cb (GtkNativeDialog *chooser,
             int response,
             AssayWindow *self)
{
  g_autoptr (GFile) folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && folder != NULL)
    copy_into (self, folder);
  g_clear_object (&self->chooser);
}

static void
copy_by_label_action (GtkWidget *widget,
                      const char *name,
                      GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  if (self->chooser != NULL)
    return;
  self->chooser =
    gtk_file_chooser_native_new (_("Copy Images into Folders by Label"), GTK_WINDOW (self),
                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Copy Here"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/**
 * assay_window_install_copy:
 * @widget_class: the window's class
 *
 * Installs "win.copy-by-label", which copies the images in the list, as it is filtered, into
 * a folder for each label.
 */
void
assay_window_install_copy (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.copy-by-label", NULL, copy_by_label_action);
}
