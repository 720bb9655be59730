/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-scroller.h"

struct _AssayScroller {
  GtkWidget parent_instance;

  GtkWidget *window;
};

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayScroller, assay_scroller, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

static GtkBuildableIface *parent_buildable;

static void
add_child (GtkBuildable *buildable,
           GtkBuilder *builder,
           GObject *child,
           const char *type)
{
  AssayScroller *self = ASSAY_SCROLLER (buildable);

  if (GTK_IS_WIDGET (child))
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->window), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = add_child;
}

static GtkSizeRequestMode
assay_scroller_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
assay_scroller_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  GtkScrolledWindow *window = GTK_SCROLLED_WINDOW (ASSAY_SCROLLER (widget)->window);
  GtkWidget *child = gtk_scrolled_window_get_child (window);
  int wanted = 0;

  gtk_widget_measure (GTK_WIDGET (window), orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL && child != NULL)
    gtk_widget_measure (child, orientation, for_size, NULL, &wanted, NULL, NULL);
  *natural = MAX (*natural, wanted);
}

static void
assay_scroller_size_allocate (GtkWidget *widget,
                              int width,
                              int height,
                              int baseline)
{
  gtk_widget_allocate (ASSAY_SCROLLER (widget)->window, width, height, baseline, NULL);
}

static void
assay_scroller_dispose (GObject *object)
{
  g_clear_pointer (&ASSAY_SCROLLER (object)->window, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_scroller_parent_class)->dispose (object);
}

static void
assay_scroller_class_init (AssayScrollerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_scroller_dispose;
  widget_class->get_request_mode = assay_scroller_get_request_mode;
  widget_class->measure = assay_scroller_measure;
  widget_class->size_allocate = assay_scroller_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "scroller");
}

static void
assay_scroller_init (AssayScroller *self)
{
  self->window = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->window), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_widget_set_parent (self->window, GTK_WIDGET (self));
}
