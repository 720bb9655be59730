/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-fold-box.h"

struct _AssayFoldBox {
  GtkWidget parent_instance;

  int spacing;
  gboolean spread;      /* the last child of a row stands at its end */
  gboolean folded;      /* never a row */
};

G_DEFINE_FINAL_TYPE (AssayFoldBox, assay_fold_box, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SPACING,
  PROP_SPREAD,
  PROP_FOLDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GtkWidget *
skip_hidden (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static GtkWidget *
get_first (AssayFoldBox *self)
{
  return skip_hidden (gtk_widget_get_first_child (GTK_WIDGET (self)));
}

static GtkWidget *
get_next (GtkWidget *child)
{
  return skip_hidden (gtk_widget_get_next_sibling (child));
}

/* The width of a row of all children at their natural size. */
static int
get_row_width (AssayFoldBox *self)
{
  int sum = 0;

  for (GtkWidget *child = get_first (self); child != NULL; child = get_next (child))
    {
      int natural;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
      sum += natural + (child != get_first (self) ? self->spacing : 0);
    }
  return sum;
}

static gboolean
is_row (AssayFoldBox *self,
        int width)
{
  return !self->folded && (width < 0 || get_row_width (self) <= width);
}

static GtkSizeRequestMode
assay_fold_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_width (AssayFoldBox *self,
               int *minimum,
               int *natural)
{
  int most = 0;

  for (GtkWidget *child = get_first (self); child != NULL; child = get_next (child))
    {
      int child_minimum, child_natural;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1,
                          &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      most = MAX (most, child_natural);
    }
  *natural = self->folded ? most : get_row_width (self);
}

static int
get_height_for (AssayFoldBox *self,
                int width)
{
  gboolean row = is_row (self, width);
  int height = 0;

  for (GtkWidget *child = get_first (self); child != NULL; child = get_next (child))
    {
      int natural;

      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, row ? -1 : width,
                          NULL, &natural, NULL, NULL);
      if (row)
        height = MAX (height, natural);
      else
        height += natural + (child != get_first (self) ? self->spacing : 0);
    }
  return height;
}

static void
assay_fold_box_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  AssayFoldBox *self = ASSAY_FOLD_BOX (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, minimum, natural);
      return;
    }
  *minimum = get_height_for (self, for_size);
  *natural = *minimum;
}

static void
allocate_row (AssayFoldBox *self,
              int width,
              int height)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int offset = 0;

  for (GtkWidget *child = get_first (self); child != NULL; child = get_next (child))
    {
      GtkAllocation place = { 0, 0, 0, height };

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &place.width, NULL, NULL);
      if (self->spread && offset > 0 && get_next (child) == NULL)
        offset = width - place.width;
      place.x = mirrored ? width - offset - place.width : offset;
      gtk_widget_size_allocate (child, &place, -1);
      offset += place.width + self->spacing;
    }
}

static void
allocate_column (AssayFoldBox *self,
                 int width)
{
  int offset = 0;

  for (GtkWidget *child = get_first (self); child != NULL; child = get_next (child))
    {
      GtkAllocation place = { 0, offset, width, 0 };

      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &place.height, NULL, NULL);
      gtk_widget_size_allocate (child, &place, -1);
      offset += place.height + self->spacing;
    }
}

static void
assay_fold_box_size_allocate (GtkWidget *widget,
                              int width,
                              int height,
                              int baseline)
{
  AssayFoldBox *self = ASSAY_FOLD_BOX (widget);

  if (is_row (self, width))
    allocate_row (self, width, height);
  else
    allocate_column (self, width);
}

static void
assay_fold_box_get_property (GObject *object,
                             guint id,
                             GValue *value,
                             GParamSpec *pspec)
{
  AssayFoldBox *self = ASSAY_FOLD_BOX (object);

  switch (id)
    {
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;
    case PROP_SPREAD:
      g_value_set_boolean (value, self->spread);
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_fold_box_set_property (GObject *object,
                             guint id,
                             const GValue *value,
                             GParamSpec *pspec)
{
  AssayFoldBox *self = ASSAY_FOLD_BOX (object);

  switch (id)
    {
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;
    case PROP_SPREAD:
      self->spread = g_value_get_boolean (value);
      break;
    case PROP_FOLDED:
      assay_fold_box_set_folded (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_fold_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_fold_box_parent_class)->dispose (object);
}

static void
assay_fold_box_class_init (AssayFoldBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags fixed = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = assay_fold_box_get_property;
  object_class->set_property = assay_fold_box_set_property;
  object_class->dispose = assay_fold_box_dispose;
  widget_class->get_request_mode = assay_fold_box_get_request_mode;
  widget_class->measure = assay_fold_box_measure;
  widget_class->size_allocate = assay_fold_box_size_allocate;

  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, 1000, 0, fixed);
  properties[PROP_SPREAD] = g_param_spec_boolean ("spread", NULL, NULL, FALSE, fixed);
  properties[PROP_FOLDED] =
    g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "foldbox");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_fold_box_init (AssayFoldBox *self)
{
}

/**
 * assay_fold_box_set_folded:
 * @folded: whether it is a column however wide it is
 */
void
assay_fold_box_set_folded (AssayFoldBox *self,
                           gboolean folded)
{
  g_return_if_fail (ASSAY_IS_FOLD_BOX (self));

  if (self->folded == !!folded)
    return;
  self->folded = !!folded;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDED]);
}
