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

static void
show_truth_action (GtkWidget *widget,
                   const char *name,
                   GVariant *parameter)
{
  AssayWindow *self = ASSAY_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (assay_truth_dialog_new (
    GTK_WINDOW (self), assay_session_get_truths (self->session))));
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
}
