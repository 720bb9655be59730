/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-chart-paint.h"
#include "assay-columns.h"

/* How much wider than others one child may be. */
#define WIDE 1.22

struct _AssayColumns {
  GtkWidget parent_instance;

  double column_width;  /* em, at least */
  int spacing;
  gboolean even;        /* a row that is not full leaves the rest of it empty */
  GHashTable *full;     /* (element-type GtkWidget): those that have a row to themselves */
  GtkWidget *wide;      /* (nullable): has WIDE times as much of a row as others */
};

/* A child's place, counted from the start edge. */
typedef struct {
  GtkWidget *child;
  int minimum;
  double weight;
  int start;
  int width;
  guint row;
} Place;

G_DEFINE_FINAL_TYPE (AssayColumns, assay_columns, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_COLUMN_WIDTH,
  PROP_SPACING,
  PROP_EVEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static int
get_column_width (AssayColumns *self)
{
  return (int) (self->column_width * assay_paint_get_em (GTK_WIDGET (self)));
}

/* (element-type Place) (transfer full): the children that are shown, without places yet. */
static GArray *
list_children (AssayColumns *self)
{
  GArray *places = g_array_new (FALSE, TRUE, sizeof (Place));
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      Place place = { .child = child, .weight = child == self->wide ? WIDE : 1 };

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &place.minimum, NULL, NULL, NULL);
      g_array_append_val (places, place);
    }
  return places;
}

/* Sets the row of each, and returns how many there are. */
static guint
break_rows (AssayColumns *self,
            GArray *places,
            guint n_columns)
{
  guint row = 0, in_row = 0;

  for (guint i = 0; i < places->len; i++)
    {
      Place *place = &g_array_index (places, Place, i);
      gboolean full = g_hash_table_contains (self->full, place->child);

      if (in_row > 0 && (full || in_row == n_columns))
        {
          row++;
          in_row = 0;
        }
      place->row = row;
      in_row = full ? n_columns : in_row + 1;
    }
  return places->len > 0 ? row + 1 : 0;
}

static guint
find_row_end (GArray *places,
              guint first)
{
  guint end = first;

  while (end < places->len
         && g_array_index (places, Place, end).row == g_array_index (places, Place, first).row)
    end++;
  return end;
}

static gboolean
fits (AssayColumns *self,
      GArray *places,
      int width)
{
  for (guint first = 0, end; first < places->len; first = end)
    {
      int sum = -self->spacing;

      end = find_row_end (places, first);
      for (guint i = first; i < end; i++)
        sum += g_array_index (places, Place, i).minimum + self->spacing;
      if (sum > width)
        return FALSE;
    }
  return TRUE;
}

/* Shares the width of a row by weight, but for those children that need more: of what
 * they leave the others have their shares. */
static void
share_row (AssayColumns *self,
           GArray *places,
           guint first,
           guint end,
           guint n_columns,
           int width)
{
  gboolean partial = self->even && end - first < n_columns
                     && !g_hash_table_contains (self->full,
                                                g_array_index (places, Place, first).child);
  guint n = partial ? n_columns : end - first;
  double room = width - self->spacing * (double) (n - 1), weights = n - (end - first);
  double rest = room, rest_weights;
  int start = 0;

  for (guint i = first; i < end; i++)
    weights += g_array_index (places, Place, i).weight;
  rest_weights = weights;
  for (guint i = first; i < end; i++)
    {
      Place *place = &g_array_index (places, Place, i);

      place->width = place->minimum > room * place->weight / weights ? place->minimum : 0;
      rest -= place->width;
      rest_weights -= place->width > 0 ? place->weight : 0;
    }
  for (guint i = first; i < end; i++)
    {
      Place *place = &g_array_index (places, Place, i);

      if (place->width == 0)
        place->width = MAX (place->minimum, (int) (rest * place->weight / rest_weights));
      /* The last one has the pixels that a division leaves. */
      if (i == end - 1 && !partial)
        place->width = MAX (place->width, width - start);
      place->start = start;
      start += place->width + self->spacing;
    }
}

/* (element-type Place) (transfer full): in as many columns as that width has room for. */
static GArray *
lay_out (AssayColumns *self,
         int width)
{
  GArray *places = list_children (self);
  int each = MAX (1, get_column_width (self) + self->spacing);
  guint n_columns = (guint) CLAMP ((width + self->spacing) / each, 1, MAX (1, (int) places->len));

  break_rows (self, places, n_columns);
  while (n_columns > 1 && !fits (self, places, width))
    break_rows (self, places, --n_columns);
  for (guint first = 0, end; first < places->len; first = end)
    {
      end = find_row_end (places, first);
      share_row (self, places, first, end, n_columns, width);
    }
  return places;
}

static int
get_row_height (GArray *places,
                guint first,
                guint end)
{
  int height = 0;

  for (guint i = first; i < end; i++)
    {
      Place *place = &g_array_index (places, Place, i);
      int natural;

      gtk_widget_measure (place->child, GTK_ORIENTATION_VERTICAL, place->width,
                          NULL, &natural, NULL, NULL);
      height = MAX (height, natural);
    }
  return height;
}

static GtkSizeRequestMode
assay_columns_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_width (AssayColumns *self,
               int *minimum,
               int *natural)
{
  g_autoptr (GArray) places = list_children (self);
  int n = (int) places->len;
  int each = get_column_width (self) + self->spacing;

  for (int i = 0; i < n; i++)
    *minimum = MAX (*minimum, g_array_index (places, Place, i).minimum);
  *natural = MAX (*minimum, n > 0 ? n * each - self->spacing : 0);
}

static void
assay_columns_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  AssayColumns *self = ASSAY_COLUMNS (widget);
  g_autoptr (GArray) places = NULL;
  int height = 0;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, minimum, natural);
      return;
    }
  if (for_size < 0)
    gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &for_size, NULL, NULL);
  places = lay_out (self, for_size);
  for (guint first = 0, end; first < places->len; first = end)
    {
      end = find_row_end (places, first);
      height += get_row_height (places, first, end) + (first > 0 ? self->spacing : 0);
    }
  *minimum = *natural = height;
}

static void
assay_columns_size_allocate (GtkWidget *widget,
                             int width,
                             int height,
                             int baseline)
{
  AssayColumns *self = ASSAY_COLUMNS (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  g_autoptr (GArray) places = lay_out (self, width);
  int top = 0;

  for (guint first = 0, end; first < places->len; first = end)
    {
      int row_height;

      end = find_row_end (places, first);
      row_height = get_row_height (places, first, end);
      for (guint i = first; i < end; i++)
        {
          Place *place = &g_array_index (places, Place, i);
          GtkAllocation allocation = {
            mirrored ? width - place->start - place->width : place->start, top, place->width,
            row_height
          };

          gtk_widget_size_allocate (place->child, &allocation, -1);
        }
      top += row_height + self->spacing;
    }
}

static void
assay_columns_get_property (GObject *object,
                            guint id,
                            GValue *value,
                            GParamSpec *pspec)
{
  AssayColumns *self = ASSAY_COLUMNS (object);

  switch (id)
    {
    case PROP_COLUMN_WIDTH:
      g_value_set_double (value, self->column_width);
      break;
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;
    case PROP_EVEN:
      g_value_set_boolean (value, self->even);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_columns_set_property (GObject *object,
                            guint id,
                            const GValue *value,
                            GParamSpec *pspec)
{
  AssayColumns *self = ASSAY_COLUMNS (object);

  switch (id)
    {
    case PROP_COLUMN_WIDTH:
      self->column_width = g_value_get_double (value);
      break;
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;
    case PROP_EVEN:
      self->even = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
assay_columns_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_hash_table_remove_all (ASSAY_COLUMNS (object)->full);
  G_OBJECT_CLASS (assay_columns_parent_class)->dispose (object);
}

static void
assay_columns_finalize (GObject *object)
{
  g_hash_table_unref (ASSAY_COLUMNS (object)->full);
  G_OBJECT_CLASS (assay_columns_parent_class)->finalize (object);
}

static void
assay_columns_class_init (AssayColumnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_columns_get_property;
  object_class->set_property = assay_columns_set_property;
  object_class->dispose = assay_columns_dispose;
  object_class->finalize = assay_columns_finalize;
  widget_class->get_request_mode = assay_columns_get_request_mode;
  widget_class->measure = assay_columns_measure;
  widget_class->size_allocate = assay_columns_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "columns");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);

  /**
   * AssayColumns:column-width:
   *
   * Em that a column is wide at least where there is more than one.
   */
  properties[PROP_COLUMN_WIDTH] =
    g_param_spec_double ("column-width", NULL, NULL, 1, 1000, 20,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * AssayColumns:spacing:
   *
   * Pixels between two children, and between two rows.
   */
  properties[PROP_SPACING] =
    g_param_spec_int ("spacing", NULL, NULL, 0, 1000, 0,
                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * AssayColumns:even:
   *
   * Whether the children of a row that is not full are as wide as those above.
   */
  properties[PROP_EVEN] =
    g_param_spec_boolean ("even", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_columns_init (AssayColumns *self)
{
  self->column_width = 20;
  self->full = g_hash_table_new (NULL, NULL);
}

/**
 * assay_columns_set_full:
 * @child: one of the children, as long as this lives
 * @full: whether it has a row to itself
 */
void
assay_columns_set_full (AssayColumns *self,
                        GtkWidget *child,
                        gboolean full)
{
  g_return_if_fail (ASSAY_IS_COLUMNS (self));
  g_return_if_fail (gtk_widget_get_parent (child) == GTK_WIDGET (self));

  if (full ? g_hash_table_add (self->full, child) : g_hash_table_remove (self->full, child))
    gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * assay_columns_set_wide:
 * @child: (nullable): one of the children, as long as this lives
 *
 * Gives one child a little more of its row than the others.
 */
void
assay_columns_set_wide (AssayColumns *self,
                        GtkWidget *child)
{
  g_return_if_fail (ASSAY_IS_COLUMNS (self));
  g_return_if_fail (child == NULL || gtk_widget_get_parent (child) == GTK_WIDGET (self));

  self->wide = child;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
