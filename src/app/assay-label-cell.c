/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-label-cell.h"
#include "assay-tooltip.h"

struct _AssayLabelCell {
  GtkWidget parent_instance;

  GtkLabel *text;
  GtkLabel *note;
  gboolean is_name;
  AssayLabelFigure figure;
  AssayLabelLine *line;     /* (nullable) */
  GSignalGroup *line_signals;
};

G_DEFINE_FINAL_TYPE (AssayLabelCell, assay_label_cell, GTK_TYPE_WIDGET)

/* The row has the focus, and is heard by its name; this GTK has no other way to give it one. */
static void
name_row (AssayLabelCell *self,
          const char *spoken)
{
  GtkWidget *widget = GTK_WIDGET (self);

  while (widget != NULL && strcmp (gtk_widget_get_css_name (widget), "row") != 0)
    widget = gtk_widget_get_parent (widget);
  if (widget != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
show_name (AssayLabelCell *self)
{
  const char *name = assay_label_line_get_name (self->line);
  const char *note = assay_label_line_get_note (self->line);
  g_autofree char *spoken = assay_label_line_dup_spoken (self->line);
  g_autofree char *whole = g_strjoin (" · ", name, note, NULL);

  gtk_label_set_text (self->text, name);
  assay_tooltip_set (GTK_WIDGET (self), whole);
  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  name_row (self, spoken);
}

/* A label is often told by its end; the other lines are by their beginning.  Lines are
 * never wrapped: the table would not know how high it has to be. */
static void
style (AssayLabelCell *self)
{
  gboolean is_label = assay_label_line_get_label (self->line) != NULL;

  if (is_label)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "mean");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "mean");
  if (self->is_name)
    gtk_label_set_ellipsize (self->text,
                             is_label ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END);
}

static void
update (AssayLabelCell *self)
{
  g_autofree char *figure = NULL;

  if (self->is_name)
    {
      show_name (self);
      return;
    }
  figure = assay_label_line_dup_text (self->line, self->figure);
  gtk_label_set_text (self->text, figure);
}

static void
assay_label_cell_dispose (GObject *object)
{
  AssayLabelCell *self = ASSAY_LABEL_CELL (object);
  GtkWidget *child;

  g_clear_object (&self->line_signals);
  g_clear_object (&self->line);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_label_cell_parent_class)->dispose (object);
}

static void
assay_label_cell_class_init (AssayLabelCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_label_cell_dispose;
  gtk_widget_class_set_css_name (widget_class, "labelcell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
assay_label_cell_init (AssayLabelCell *self)
{
  GtkOrientable *layout = GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self)));

  gtk_orientable_set_orientation (layout, GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  self->text = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_parent (GTK_WIDGET (self->text), GTK_WIDGET (self));
  self->line_signals = g_signal_group_new (ASSAY_TYPE_LABEL_LINE);
  g_signal_group_connect_swapped (self->line_signals, "changed", G_CALLBACK (update), self);
}

/**
 * assay_label_cell_new_name:
 *
 * Returns: (transfer floating): a cell for the name of a line, which is cut where it has to
 */
GtkWidget *
assay_label_cell_new_name (void)
{
  AssayLabelCell *self = g_object_new (ASSAY_TYPE_LABEL_CELL, NULL);

  self->is_name = TRUE;
  self->note = g_object_new (GTK_TYPE_LABEL,
                             "xalign", 0.0,
                             "ellipsize", PANGO_ELLIPSIZE_END,
                             "visible", FALSE,
                             NULL);
  gtk_label_set_xalign (self->text, 0);
  gtk_label_set_width_chars (self->text, 8);
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "chart-note");
  gtk_widget_set_parent (GTK_WIDGET (self->note), GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

/**
 * assay_label_cell_new_figure:
 * @figure: which of them
 *
 * Returns: (transfer floating): a cell for a figure
 */
GtkWidget *
assay_label_cell_new_figure (AssayLabelFigure figure)
{
  AssayLabelCell *self = g_object_new (ASSAY_TYPE_LABEL_CELL, NULL);

  self->figure = figure;
  gtk_label_set_xalign (self->text, 1);
  gtk_widget_add_css_class (GTK_WIDGET (self->text), "numeric");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  return GTK_WIDGET (self);
}

/**
 * assay_label_cell_set_line:
 * @line: (nullable) (transfer none): what to show
 */
void
assay_label_cell_set_line (AssayLabelCell *self,
                           AssayLabelLine *line)
{
  g_return_if_fail (ASSAY_IS_LABEL_CELL (self));

  g_set_object (&self->line, line);
  g_signal_group_set_target (self->line_signals, line);
  if (line == NULL)
    return;
  style (self);
  update (self);
}
