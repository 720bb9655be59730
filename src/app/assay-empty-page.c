/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-empty-page.h"
#include "assay-wrap-box.h"

struct _AssayEmptyPage {
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkWidget *ways;
  GtkWidget *add;
};

G_DEFINE_FINAL_TYPE (AssayEmptyPage, assay_empty_page, GTK_TYPE_WIDGET)

static gboolean
assay_empty_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (ASSAY_EMPTY_PAGE (widget)->add);
}

static void
assay_empty_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_EMPTY_PAGE);
  G_OBJECT_CLASS (assay_empty_page_parent_class)->dispose (object);
}

static void
assay_empty_page_class_init (AssayEmptyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_empty_page_dispose;
  widget_class->grab_focus = assay_empty_page_grab_focus;
  g_type_ensure (ASSAY_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-empty-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayEmptyPage, content);
  gtk_widget_class_bind_template_child (widget_class, AssayEmptyPage, ways);
  gtk_widget_class_bind_template_child (widget_class, AssayEmptyPage, add);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "assay-empty-page");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_empty_page_init (AssayEmptyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_empty_page_set_compact:
 * @compact: whether the window is narrow
 */
void
assay_empty_page_set_compact (AssayEmptyPage *self,
                              gboolean compact)
{
  g_return_if_fail (ASSAY_IS_EMPTY_PAGE (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->ways),
                                  compact ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}
