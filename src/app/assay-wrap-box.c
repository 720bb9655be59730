/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-wrap-box.h"

struct _AssayWrapBox {
  GtkWidget parent_instance;

  int spacing;
  int natural_length;   /* 0 for all children in one line */
  gboolean centered;
};

/* A child's place, counted from the start edge. */
typedef struct {
  GtkWidget *child;
  int start;
  int width;
  int line;
} Place;

G_DEFINE_FINAL_TYPE (AssayWrapBox, assay_wrap_box, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SPACING,
  PROP_NATURAL_LINE_LENGTH,
  PROP_CENTERED,
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

/* (element-type Place) (transfer full): in lines of at most @width pixels. */
static GArray *
lay_out (AssayWrapBox *self,
         int width)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));
  Place place = { skip_hidden (gtk_widget_get_first_child (GTK_WIDGET (self))), 0, 0, 0 };
  int end = 0;

  for (; place.child != NULL; place.child = skip_hidden (gtk_widget_get_next_sibling (place.child)))
    {
      int minimum, natural;

      gtk_widget_measure (place.child, GTK_ORIENTATION_HORIZONTAL, -1,
                          &minimum, &natural, NULL, NULL);
      place.width = MAX (minimum, MIN (natural, width));
      place.start = end > 0 ? end + self->spacing : 0;
      if (end > 0 && place.start + place.width > width)
        {
          place.line++;
          place.start = 0;
        }
      end = place.start + place.width;
      g_array_append_val (places, place);
    }
  return places;
}

/* The last child of the first line may have what is left of it. */
static void
give_rest (GArray *places,
           int width)
{
  Place *last = NULL;

  for (guint i = 0; i < places->len && g_array_index (places, Place, i).line == 0; i++)
    last = &g_array_index (places, Place, i);
  if (last != NULL && gtk_widget_compute_expand (last->child, GTK_ORIENTATION_HORIZONTAL))
    last->width = MAX (last->width, width - last->start);
}

/* Moves each line to the middle. */
static void
center (GArray *places,
        int width)
{
  int rest = 0;

  for (guint i = places->len; i-- > 0;)
    {
      Place *place = &g_array_index (places, Place, i);
      gboolean last = i + 1 == places->len
                      || g_array_index (places, Place, i + 1).line != place->line;

      if (last)
        rest = MAX (0, width - place->start - place->width);
      place->start += rest / 2;
    }
}

/* A line is as high as its highest child. */
static int
get_line_height (GArray *places,
                 int line)
{
  int height = 0;

  for (guint i = 0; i < places->len; i++)
    {
      Place *place = &g_array_index (places, Place, i);
      int natural;

      if (place->line != line)
        continue;
      gtk_widget_measure (place->child, GTK_ORIENTATION_VERTICAL, place->width,
                          NULL, &natural, NULL, NULL);
      height = MAX (height, natural);
    }
  return height;
}

/* Where the line begins; that after the last is the end of all, with a space. */
static int
get_line_top (AssayWrapBox *self,
              GArray *places,
              int line)
{
  int top = 0;

  for (int above = 0; above < line; above++)
    top += get_line_height (places, above) + self->spacing;
  return top;
}

static GtkSizeRequestMode
assay_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_width (AssayWrapBox *self,
               int *minimum,
               int *natural)
{
  g_autoptr (GArray) places = lay_out (self, G_MAXINT);

  *minimum = 0;
  *natural = 0;
  for (guint i = 0; i < places->len; i++)
    {
      Place *place = &g_array_index (places, Place, i);
      int least;

      gtk_widget_measure (place->child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural = place->start + place->width;
    }
  if (self->natural_length > 0)
    *natural = MAX (*minimum, MIN (*natural, self->natural_length));
}

static void
assay_wrap_box_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  AssayWrapBox *self = ASSAY_WRAP_BOX (widget);
  g_autoptr (GArray) places = NULL;
  int lines = 0;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, minimum, natural);
      return;
    }
  places = lay_out (self, for_size < 0 ? G_MAXINT : for_size);
  if (places->len > 0)
    lines = g_array_index (places, Place, places->len - 1).line + 1;
  give_rest (places, for_size < 0 ? 0 : for_size);
  *minimum = *natural = MAX (0, get_line_top (self, places, lines) - self->spacing);
}

static void
assay_wrap_box_size_allocate (GtkWidget *widget,
                              int width,
                              int height,
                              int baseline)
{
  AssayWrapBox *self = ASSAY_WRAP_BOX (widget);
  g_autoptr (GArray) places = lay_out (self, width);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  give_rest (places, width);
  if (self->centered)
    center (places, width);
  for (guint i = 0; i < places->len; i++)
    {
      Place *place = &g_array_index (places, Place, i);
      GtkAllocation allocation = { place->start, get_line_top (self, places, place->line),
                                   place->width, get_line_height (places, place->line) };

      if (mirrored)
        allocation.x = width - place->start - place->width;
      gtk_widget_size_allocate (place->child, &allocation, -1);
    }
}

static void
assay_wrap_box_get_property (GObject *object,
                             guint id,
                             GValue *value,
                             GParamSpec *pspec)
{
  AssayWrapBox *self = ASSAY_WRAP_BOX (object);

  switch (id)
    {
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;
    case PROP_NATURAL_LINE_LENGTH:
      g_value_set_int (value, self->natural_length);
      break;
    case PROP_CENTERED:
      g_value_set_boolean (value, self->centered);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_wrap_box_set_property (GObject *object,
                             guint id,
                             const GValue *value,
                             GParamSpec *pspec)
{
  AssayWrapBox *self = ASSAY_WRAP_BOX (object);

  switch (id)
    {
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;
    case PROP_NATURAL_LINE_LENGTH:
      self->natural_length = g_value_get_int (value);
      break;
    case PROP_CENTERED:
      self->centered = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
assay_wrap_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_wrap_box_parent_class)->dispose (object);
}

static void
assay_wrap_box_class_init (AssayWrapBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_wrap_box_get_property;
  object_class->set_property = assay_wrap_box_set_property;
  object_class->dispose = assay_wrap_box_dispose;
  widget_class->get_request_mode = assay_wrap_box_get_request_mode;
  widget_class->measure = assay_wrap_box_measure;
  widget_class->size_allocate = assay_wrap_box_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "wrapbox");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);

  /**
   * AssayWrapBox:spacing:
   *
   * Pixels between two children, and between two lines.
   */
  properties[PROP_SPACING] =
    g_param_spec_int ("spacing", NULL, NULL, 0, 1000, 0,
                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * AssayWrapBox:natural-line-length:
   *
   * Pixels that a line is wide where there is room for more; 0 for as many as all
   * children take.
   */
  properties[PROP_NATURAL_LINE_LENGTH] =
    g_param_spec_int ("natural-line-length", NULL, NULL, 0, G_MAXINT, 0,
                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * AssayWrapBox:centered:
   *
   * Whether lines that are not full stand in the middle.
   */
  properties[PROP_CENTERED] =
    g_param_spec_boolean ("centered", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_wrap_box_init (AssayWrapBox *self)
{
}
