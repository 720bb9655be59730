/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-chart-field.h"
#include "assay-chart-paint.h"

/* Invariants: spots holds n_rows × n_columns spots, row by row; current is the index of
 * the only one that can be focused, or no index where all stand for nothing. */
struct _AssayChartField {
  GtkWidget parent_instance;

  GPtrArray *spots;         /* (element-type AssayChartSpot), the children */
  AssayChartDraw draw;
  gpointer data;
  guint n_rows;
  guint n_columns;
  guint current;
  int gap;                  /* pixels between two spots */
  double least_width;       /* em, of one spot */
  double width;
  double height;
};

G_DEFINE_FINAL_TYPE (AssayChartField, assay_chart_field, GTK_TYPE_WIDGET)

enum {
  SPOT_ACTIVATED,
  SPOT_POINTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static int
get_extent (int each,
            guint n,
            int gap)
{
  return n > 0 ? each * (int) n + gap * ((int) n - 1) : 0;
}

static void
assay_chart_field_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  AssayChartField *self = ASSAY_CHART_FIELD (widget);
  double em = assay_paint_get_em (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = get_extent ((int) (self->height * em), self->n_rows, self->gap);
      return;
    }
  *minimum = get_extent ((int) (self->least_width * em), self->n_columns, self->gap);
  *natural = MAX (*minimum, get_extent ((int) (self->width * em), self->n_columns, self->gap));
}

/* Where the spot with that index starts, so that all of them together fill the room to
 * the last pixel. */
static int
get_start (int room,
           guint n,
           int gap,
           guint index)
{
  return (int) floor ((double) (room + gap) * index / n);
}

static void
assay_chart_field_size_allocate (GtkWidget *widget,
                                 int width,
                                 int height,
                                 int baseline)
{
  AssayChartField *self = ASSAY_CHART_FIELD (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  for (guint i = 0; i < self->spots->len; i++)
    {
      guint row = i / self->n_columns, column = i % self->n_columns;
      int left = get_start (width, self->n_columns, self->gap, column);
      int right = get_start (width, self->n_columns, self->gap, column + 1) - self->gap;
      int top = get_start (height, self->n_rows, self->gap, row);
      int bottom = get_start (height, self->n_rows, self->gap, row + 1) - self->gap;
      GtkAllocation place = { mirrored ? width - right : left, top, MAX (0, right - left),
                              MAX (0, bottom - top) };

      gtk_widget_size_allocate (g_ptr_array_index (self->spots, i), &place, -1);
    }
}

static gboolean
stands_for_something (AssayChartField *self,
                      guint index)
{
  return assay_chart_spot_get_sentence (g_ptr_array_index (self->spots, index)) != NULL;
}

static void
set_current (AssayChartField *self,
             guint index)
{
  if (self->current < self->spots->len)
    gtk_widget_set_focusable (g_ptr_array_index (self->spots, self->current), FALSE);
  self->current = index;
  if (index < self->spots->len)
    gtk_widget_set_focusable (g_ptr_array_index (self->spots, index), TRUE);
}

/* The tab key must find something as long as there is something. */
static void
check_current (AssayChartField *self)
{
  if (self->current < self->spots->len && stands_for_something (self, self->current))
    return;
  for (guint i = 0; i < self->spots->len; i++)
    if (stands_for_something (self, i))
      {
        set_current (self, i);
        return;
      }
  set_current (self, G_MAXUINT);
}

/* The next spot in that direction that stands for something, or the last one where the
 * step is as far as possible; the spot itself where there is none. */
static guint
find_next (AssayChartField *self,
           guint from,
           int columns,
           int rows)
{
  gboolean far = ABS (columns) > 1 || ABS (rows) > 1;
  int column = (int) (from % self->n_columns), row = (int) (from / self->n_columns);
  guint found = from;

  columns = CLAMP (columns, -1, 1);
  rows = CLAMP (rows, -1, 1);
  for (;;)
    {
      guint index;

      column += columns;
      row += rows;
      if (column < 0 || row < 0 || column >= (int) self->n_columns || row >= (int) self->n_rows)
        return found;
      index = (guint) row * self->n_columns + (guint) column;
      if (!stands_for_something (self, index))
        continue;
      found = index;
      if (!far)
        return found;
    }
}

static void
move_cb (AssayChartSpot *spot,
         int columns,
         int rows,
         AssayChartField *self)
{
  guint from = assay_chart_spot_get_row (spot) * self->n_columns
               + assay_chart_spot_get_column (spot);
  /* Home and End mean the row's ends, the arrows what is seen. */
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL
                      && ABS (columns) == 1;
  guint next;

  if (columns == 0 && rows == 0)
    return;
  next = find_next (self, from, mirrored ? -columns : columns, rows);
  if (next == from)
    return;
  set_current (self, next);
  gtk_widget_grab_focus (g_ptr_array_index (self->spots, next));
}

static void
activated_cb (AssayChartSpot *spot,
              AssayChartField *self)
{
  guint row = assay_chart_spot_get_row (spot), column = assay_chart_spot_get_column (spot);

  /* The keys go on from where the pointer was. */
  set_current (self, row * self->n_columns + column);
  g_signal_emit (self, signals[SPOT_ACTIVATED], 0, row, column);
}

static void
pointed_cb (AssayChartSpot *spot,
            AssayChartField *self)
{
  g_signal_emit (self, signals[SPOT_POINTED], 0,
                 assay_chart_spot_get_row (spot), assay_chart_spot_get_column (spot));
}

static void
clear_spots (AssayChartField *self)
{
  self->current = G_MAXUINT;
  for (guint i = 0; i < self->spots->len; i++)
    gtk_widget_unparent (g_ptr_array_index (self->spots, i));
  g_ptr_array_set_size (self->spots, 0);
}

static void
assay_chart_field_dispose (GObject *object)
{
  clear_spots (ASSAY_CHART_FIELD (object));
  G_OBJECT_CLASS (assay_chart_field_parent_class)->dispose (object);
}

static void
assay_chart_field_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_CHART_FIELD (object)->spots);
  G_OBJECT_CLASS (assay_chart_field_parent_class)->finalize (object);
}

static void
assay_chart_field_class_init (AssayChartFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_chart_field_dispose;
  object_class->finalize = assay_chart_field_finalize;
  widget_class->measure = assay_chart_field_measure;
  widget_class->size_allocate = assay_chart_field_size_allocate;

  signals[SPOT_ACTIVATED] =
    g_signal_new ("spot-activated", ASSAY_TYPE_CHART_FIELD, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[SPOT_POINTED] =
    g_signal_new ("spot-pointed", ASSAY_TYPE_CHART_FIELD, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);

  gtk_widget_class_set_css_name (widget_class, "chartfield");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_chart_field_init (AssayChartField *self)
{
  self->spots = g_ptr_array_new ();
  self->current = G_MAXUINT;
}

/**
 * assay_chart_field_new:
 *
 * Returns: (transfer floating): a field without spots
 */
GtkWidget *
assay_chart_field_new (void)
{
  return g_object_new (ASSAY_TYPE_CHART_FIELD, NULL);
}

/**
 * assay_chart_field_set_draw:
 * @draw: draws each of the spots
 * @data: what @draw is given; it must live as long as the field
 */
void
assay_chart_field_set_draw (AssayChartField *self,
                            AssayChartDraw draw,
                            gpointer data)
{
  g_return_if_fail (ASSAY_IS_CHART_FIELD (self));

  self->draw = draw;
  self->data = data;
  for (guint i = 0; i < self->spots->len; i++)
    assay_chart_spot_set_draw (g_ptr_array_index (self->spots, i), draw, data);
}

/**
 * assay_chart_field_set_shape:
 * @n_rows: spots from top to bottom
 * @n_columns: spots from the start edge
 * @gap: pixels between two spots
 *
 * Spots stay as they are, with what they stand for, while the shape does.
 */
void
assay_chart_field_set_shape (AssayChartField *self,
                             guint n_rows,
                             guint n_columns,
                             int gap)
{
  g_return_if_fail (ASSAY_IS_CHART_FIELD (self));

  if (self->gap != gap)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  self->gap = gap;
  if (self->n_rows == n_rows && self->n_columns == n_columns)
    return;
  clear_spots (self);
  self->n_rows = n_rows;
  self->n_columns = n_columns;
  for (guint i = 0; i < n_rows * n_columns; i++)
    {
      GtkWidget *spot = assay_chart_spot_new (i / n_columns, i % n_columns);

      assay_chart_spot_set_draw (ASSAY_CHART_SPOT (spot), self->draw, self->data);
      g_signal_connect (spot, "activated", G_CALLBACK (activated_cb), self);
      g_signal_connect (spot, "pointed", G_CALLBACK (pointed_cb), self);
      g_signal_connect (spot, "move", G_CALLBACK (move_cb), self);
      gtk_widget_set_parent (spot, GTK_WIDGET (self));
      g_ptr_array_add (self->spots, spot);
    }
}

/**
 * assay_chart_field_set_sizes:
 * @least_width: what a spot needs, in em
 * @width: what it would like
 * @height: what it needs and would like
 */
void
assay_chart_field_set_sizes (AssayChartField *self,
                             double least_width,
                             double width,
                             double height)
{
  g_return_if_fail (ASSAY_IS_CHART_FIELD (self));

  if (self->least_width == least_width && self->width == width && self->height == height)
    return;
  self->least_width = least_width;
  self->width = width;
  self->height = height;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * assay_chart_field_set_sentence:
 * @sentence: (nullable): what the spot stands for; %NULL is nothing
 */
void
assay_chart_field_set_sentence (AssayChartField *self,
                                guint row,
                                guint column,
                                const char *sentence)
{
  g_return_if_fail (ASSAY_IS_CHART_FIELD (self));
  g_return_if_fail (row < self->n_rows && column < self->n_columns);

  assay_chart_spot_set_sentence (assay_chart_field_get_spot (self, row, column), sentence);
  check_current (self);
}

/**
 * assay_chart_field_get_spot:
 *
 * Returns: (transfer none): the spot in that place
 */
AssayChartSpot *
assay_chart_field_get_spot (AssayChartField *self,
                            guint row,
                            guint column)
{
  g_return_val_if_fail (ASSAY_IS_CHART_FIELD (self), NULL);
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, NULL);

  return g_ptr_array_index (self->spots, row * self->n_columns + column);
}

guint
assay_chart_field_get_n_rows (AssayChartField *self)
{
  g_return_val_if_fail (ASSAY_IS_CHART_FIELD (self), 0);

  return self->n_rows;
}

guint
assay_chart_field_get_n_columns (AssayChartField *self)
{
  g_return_val_if_fail (ASSAY_IS_CHART_FIELD (self), 0);

  return self->n_columns;
}

/**
 * assay_chart_field_redraw:
 *
 * Draws every spot again, because what the chart draws has changed.
 */
void
assay_chart_field_redraw (AssayChartField *self)
{
  g_return_if_fail (ASSAY_IS_CHART_FIELD (self));

  for (guint i = 0; i < self->spots->len; i++)
    gtk_widget_queue_draw (g_ptr_array_index (self->spots, i));
}
