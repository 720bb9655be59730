/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-intake.h"
#include "assay-left-out-dialog.h"

struct _AssayLeftOutDialog {
  AdwWindow parent_instance;

  AdwPreferencesGroup *group;
};

G_DEFINE_FINAL_TYPE (AssayLeftOutDialog, assay_left_out_dialog, ADW_TYPE_WINDOW)

static void
assay_left_out_dialog_class_init (AssayLeftOutDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-left-out-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayLeftOutDialog, group);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
assay_left_out_dialog_init (AssayLeftOutDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
add_file (AssayLeftOutDialog *self,
          const AssayLeftOut *file)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *base = g_path_get_basename (file->path);
  g_autofree char *name = assay_display_name (base);
  g_autofree char *path = assay_display_name (file->path);
  g_autofree char *reason = assay_display_text (file->reason, -1, 0);

  /* What stands on a disk is no markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), reason);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  gtk_widget_set_tooltip_text (row, path);
  adw_preferences_group_add (self->group, row);
}

/**
 * assay_left_out_dialog_new:
 * @parent: the window that asks
 * @summaries: (element-type AssayIntakeSummary): the walks that left files out
 * @n_left_out: how many in all, which may be more than are known by name
 *
 * Returns: (transfer floating): the list, in a window
 */
GtkWidget *
assay_left_out_dialog_new (GtkWindow *parent,
                           GPtrArray *summaries,
                           guint n_left_out)
{
  AssayLeftOutDialog *self = g_object_new (ASSAY_TYPE_LEFT_OUT_DIALOG,
                                           "transient-for", parent, NULL);
  guint n_named = 0;

  for (guint i = 0; i < summaries->len; i++)
    {
      AssayIntakeSummary *summary = g_ptr_array_index (summaries, i);

      for (guint k = 0; k < summary->left_out->len; k++, n_named++)
        add_file (self, g_ptr_array_index (summary->left_out, k));
    }
  if (n_named < n_left_out)
    {
      g_autofree char *more = g_strdup_printf (_("%'u more are not listed"), n_left_out - n_named);
      g_autofree char *both =
        g_strdup_printf ("%s\n%s", adw_preferences_group_get_description (self->group), more);

      adw_preferences_group_set_description (self->group, both);
    }
  return GTK_WIDGET (self);
}
