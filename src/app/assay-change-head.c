/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-change-head.h"

/* The places of the columns. */
enum {
  NAME,
  SIDE_A,
  SIDE_B,
  SHIFT,
  N_COLUMNS
};

struct _AssayChangeHead {
  GtkWidget parent_instance;

  GtkLabel *labels[N_COLUMNS];
};

G_DEFINE_FINAL_TYPE (AssayChangeHead, assay_change_head, GTK_TYPE_WIDGET)

static void
assay_change_head_dispose (GObject *object)
{
  AssayChangeHead *self = ASSAY_CHANGE_HEAD (object);

  for (guint i = 0; i < N_COLUMNS; i++)
    g_clear_pointer ((GtkWidget **) &self->labels[i], gtk_widget_unparent);
  G_OBJECT_CLASS (assay_change_head_parent_class)->dispose (object);
}

static void
assay_change_head_class_init (AssayChangeHeadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_change_head_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, ASSAY_TYPE_CHANGE_COLUMNS);
  gtk_widget_class_set_css_name (widget_class, "changehead");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
set_text (AssayChangeHead *self,
          guint column,
          const char *text)
{
  gtk_label_set_text (self->labels[column], text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->labels[column]), text);
}

static void
assay_change_head_init (AssayChangeHead *self)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkWidget *label = gtk_label_new (NULL);

      self->labels[i] = GTK_LABEL (label);
      gtk_label_set_xalign (self->labels[i], i == SHIFT ? 1 : 0);
      gtk_label_set_ellipsize (self->labels[i], PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_set_parent (label, GTK_WIDGET (self));
    }
  set_text (self, NAME, _("Image"));
  set_text (self, SHIFT, _("Difference"));
}

/**
 * assay_change_head_get_columns:
 *
 * Returns: (transfer none): the ruler of the rows
 */
AssayChangeColumns *
assay_change_head_get_columns (AssayChangeHead *self)
{
  g_return_val_if_fail (ASSAY_IS_CHANGE_HEAD (self), NULL);

  return ASSAY_CHANGE_COLUMNS (gtk_widget_get_layout_manager (GTK_WIDGET (self)));
}

/**
 * assay_change_head_set_names:
 * @a: (nullable): what the baseline is called
 * @b: (nullable): what the candidate is called
 */
void
assay_change_head_set_names (AssayChangeHead *self,
                             const char *a,
                             const char *b)
{
  g_return_if_fail (ASSAY_IS_CHANGE_HEAD (self));

  set_text (self, SIDE_A, a != NULL ? a : "");
  set_text (self, SIDE_B, b != NULL ? b : "");
}

/**
 * assay_change_head_dup_spoken:
 *
 * Returns: (transfer full): the headings in their order, for whoever hears the list
 */
char *
assay_change_head_dup_spoken (AssayChangeHead *self)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (ASSAY_IS_CHANGE_HEAD (self), g_string_free (text, FALSE));

  for (guint i = 0; i < N_COLUMNS; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", gtk_label_get_text (self->labels[i]));
  return g_string_free (text, FALSE);
}
