/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person says that the images show. */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-truth-dialog.h"
#include "assay-window-private.h"

/* The one, or of several how many, so that nobody marks a hundred unawares.  Takes
 * @marks. */
static void
keep_marks (AssayWindow *self,
            AssayTruthMarks *marks,
            guint n,
            const char *label)
{
  g_autofree char *shown = label != NULL ? assay_display_text (label, -1, 0) : NULL;
  g_autofree char *text = NULL;

  if (n > 1 && shown != NULL)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u image marked as %s",
                                         "%'u images marked as %s", n), n, shown);
  else if (n > 1)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Mark of %'u image changed",
                                         "Marks of %'u images changed", n), n);
  assay_window_keep_marks (self, marks, text);
}

static void
mark (AssayWindow *self,
      const char *label)
{
  g_autoptr (GPtrArray) items = assay_window_dup_selected (self);

  if (items->len > 0)
    keep_marks (self, assay_truths_mark (assay_session_get_truths (self->session), items, label),
                items->len, label);
}

static void
mark_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  g_autoptr (GPtrArray) labels =
    assay_truths_list_labels (assay_session_get_truths (self->session));
  guint place = g_variant_get_uint32 (parameter);

  if (place < labels->len)
    mark (self, g_ptr_array_index (labels, place));
}

static void
unmark_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  mark (ASSAY_WINDOW (widget), NULL);
}

static void
mark_right_action (GtkWidget *widget,
                   const char *name,
                   GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  g_autoptr (GPtrArray) items = assay_window_dup_selected (self);

  if (items->len > 0)
    keep_marks (self, assay_truths_mark_right (assay_session_get_truths (self->session), items),
                items->len, NULL);
}

/* ---- how words are read ---- */

/* Where truth counts.  Whoever only classifies is not asked to care. */
static gboolean
counts_truth (AssayWindow *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->pages);

  return g_strcmp0 (page, "compare") == 0 || g_strcmp0 (page, "evaluate") == 0;
}

static void
show_reading_banner (AssayWindow *self)
{
  const char *text = assay_reading_notice_get_text (self->reading_notice);

  if (text == NULL || !counts_truth (self))
    assay_banner_dismiss (self->reading_banner);
  else
    assay_banner_show (self->reading_banner, FALSE, text, _("Truth…"), "win.show-readings",
                       "win.dismiss-readings");
}

static void
truth_page_cb (AssayWindow *self)
{
  if (self->reading_notice == NULL)
    return;
  assay_reading_notice_set_active (self->reading_notice, counts_truth (self));
  show_reading_banner (self);
}

/**
 * assay_window_follow_truth:
 *
 * Says it where labels are read as others, once there is a session.
 */
void
assay_window_follow_truth (AssayWindow *self)
{
  self->reading_notice = assay_reading_notice_new (assay_session_get_truths (self->session));
  g_signal_connect_object (self->reading_notice, "changed", G_CALLBACK (show_reading_banner), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pages, "notify::visible-child-name", G_CALLBACK (truth_page_cb),
                           self, G_CONNECT_SWAPPED);
  truth_page_cb (self);
}

static GtkWidget *
new_truth_dialog (AssayWindow *self)
{
  assay_reading_notice_take_note (self->reading_notice);
  return assay_truth_dialog_new (GTK_WINDOW (self), assay_session_get_truths (self->session));
}

static void
show_truth_action (GtkWidget *widget,
                   const char *name,
                   GVariant *parameter)
{
  gtk_window_present (GTK_WINDOW (new_truth_dialog (ASSAY_WINDOW (widget))));
}

static void
show_readings_action (GtkWidget *widget,
                      const char *name,
                      GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);
  GtkWidget *dialog;

  /* The bar goes, and its button had the keys. */
  assay_window_focus_page (self);
  dialog = new_truth_dialog (self);
  gtk_window_present (GTK_WINDOW (dialog));
  assay_truth_dialog_show_readings (ASSAY_TRUTH_DIALOG (dialog));
}

static void
dismiss_readings_action (GtkWidget *widget,
                         const char *name,
                         GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  assay_window_focus_page (self);
  assay_reading_notice_take_note (self->reading_notice);
}

/**
 * assay_window_install_truth:
 * @widget_class: the window's class
 *
 * Installs what a person says of the images that are selected.
 */
void
assay_window_install_truth (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.mark", "u", mark_action);
  gtk_widget_class_install_action (widget_class, "win.mark-right", NULL, mark_right_action);
  gtk_widget_class_install_action (widget_class, "win.unmark", NULL, unmark_action);
  gtk_widget_class_install_action (widget_class, "win.show-truth", NULL, show_truth_action);
  gtk_widget_class_install_action (widget_class, "win.show-readings", NULL, show_readings_action);
  gtk_widget_class_install_action (widget_class, "win.dismiss-readings", NULL,
                                   dismiss_readings_action);
}
