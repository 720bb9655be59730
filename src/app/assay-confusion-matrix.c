/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-chart-paint.h"
#include "assay-confusion-matrix.h"
#include "assay-display.h"
#include "assay-score-text.h"

#define LABEL_LENGTH 200      /* characters */
#define LABEL_GAP 10          /* pixels between a label and the cells */
#define CORNER 5
#define OUTLINE 2
#define MARK 3
#define PADDING 2

/* Of a wide chart no more is given to the labels than the cells can spare. */
#define LABEL_SHARE 0.3
#define SHORTEST_LABEL 2.5    /* em */
#define LONGEST_TURNED 7      /* em */

/* The lightest cell that is not empty is told from an empty one. */
#define LIGHTEST 0.2

/* A number is drawn smaller where it would not fit, but never so that nobody can read
 * it: then only its lightness is left, and the tooltip. */
#define SMALLEST_TEXT 8       /* pixels */

typedef struct {
  guint most;           /* labels up to which these hold */
  double least_width;   /* em, for one cell */
  double width;
  double height;
  int gap;              /* pixels */
} Sizes;

static const Sizes all_sizes[] = {
  { 6, 1.1, 5, 4.4, 4 },
  { 11, 0.7, 3.6, 2.8, 3 },
  { G_MAXUINT, 0.4, 2.4, 1.8, 2 },
};

/* Invariants: labels, counts and the field have size rows and columns; that is the
 * number of labels, and one more for the others where any image needs it. */
struct _AssayConfusionMatrix {
  GtkWidget parent_instance;

  AssayChartField *field;
  GPtrArray *labels;        /* (element-type utf8), safe to show */
  guint64 *counts;
  guint64 *row_sums;
  guint64 *column_sums;
  guint64 most;             /* the highest count, but for the others among themselves */
  guint size;
  gboolean with_others;
  AssayConfusionShares shares;
  guint marked_row;
  guint marked_column;
  int label_width;          /* pixels, as laid out */
  int head_height;
  gboolean turned;
};

G_DEFINE_FINAL_TYPE (AssayConfusionMatrix, assay_confusion_matrix, GTK_TYPE_WIDGET)

enum {
  CELL_ACTIVATED,
  CELL_POINTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const Sizes *
get_sizes (guint size)
{
  guint i = 0;

  while (size > all_sizes[i].most)
    i++;
  return &all_sizes[i];
}

static PangoLayout *
create_label_layout (AssayConfusionMatrix *self,
                     guint index)
{
  PangoLayout *layout =
    gtk_widget_create_pango_layout (GTK_WIDGET (self), g_ptr_array_index (self->labels, index));

  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_MIDDLE);
  if (self->with_others && index == self->size - 1)
    {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_style_new (PANGO_STYLE_ITALIC));
      pango_layout_set_attributes (layout, attributes);
    }
  return layout;
}

static int
get_longest_label (AssayConfusionMatrix *self,
                   int *line_height)
{
  int longest = 0;

  *line_height = 0;
  for (guint i = 0; i < self->size; i++)
    {
      g_autoptr (PangoLayout) layout = create_label_layout (self, i);
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      longest = MAX (longest, width);
      *line_height = MAX (*line_height, height);
    }
  return longest;
}

/* Where a width is not given yet, labels have all they want. */
static void
lay_out (AssayConfusionMatrix *self,
         int width)
{
  double em = assay_paint_get_em (GTK_WIDGET (self));
  int line_height;
  int longest = get_longest_label (self, &line_height);
  double cell;

  self->label_width = longest;
  self->turned = FALSE;
  self->head_height = line_height;
  if (width < 0 || self->size == 0)
    return;

  self->label_width = MIN (longest, (int) MAX (SHORTEST_LABEL * em, LABEL_SHARE * width));
  cell = (width - self->label_width - LABEL_GAP) / (double) self->size;
  self->turned = longest > cell - PADDING;
  if (self->turned)
    self->head_height = MIN (longest, (int) (LONGEST_TURNED * em));
}

static void
assay_confusion_matrix_measure (GtkWidget *widget,
                                GtkOrientation orientation,
                                int for_size,
                                int *minimum,
                                int *natural,
                                int *minimum_baseline,
                                int *natural_baseline)
{
  AssayConfusionMatrix *self = ASSAY_CONFUSION_MATRIX (widget);
  double em = assay_paint_get_em (widget);
  int field_minimum, field_natural;

  gtk_widget_measure (GTK_WIDGET (self->field), orientation, -1,
                      &field_minimum, &field_natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      lay_out (self, for_size);
      *minimum = *natural = self->head_height + PADDING + field_natural;
      return;
    }
  lay_out (self, -1);
  *minimum = MIN (self->label_width, (int) (SHORTEST_LABEL * em)) + LABEL_GAP + field_minimum;
  *natural = MAX (*minimum, self->label_width + LABEL_GAP + field_natural);
}

static void
assay_confusion_matrix_size_allocate (GtkWidget *widget,
                                      int width,
                                      int height,
                                      int baseline)
{
  AssayConfusionMatrix *self = ASSAY_CONFUSION_MATRIX (widget);
  GtkAllocation place;
  int start;

  lay_out (self, width);
  start = self->label_width + LABEL_GAP;
  place.x = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? 0 : start;
  place.y = self->head_height + PADDING;
  place.width = MAX (0, width - start);
  place.height = MAX (0, height - place.y);
  gtk_widget_size_allocate (GTK_WIDGET (self->field), &place, -1);
}

static GtkSizeRequestMode
assay_confusion_matrix_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static guint64
get_count (AssayConfusionMatrix *self,
           guint row,
           guint column)
{
  return self->counts[row * self->size + column];
}

/* The share that is the cell's lightness, and its number where shares are shown. */
static double
get_share (AssayConfusionMatrix *self,
           guint row,
           guint column)
{
  guint64 whole = self->shares == ASSAY_CONFUSION_ROWS      ? self->row_sums[row]
                  : self->shares == ASSAY_CONFUSION_COLUMNS ? self->column_sums[column]
                                                            : self->most;

  return whole > 0 ? MIN (1, (double) get_count (self, row, column) / (double) whole) : 0;
}

static gboolean
is_right (AssayConfusionMatrix *self,
          guint row,
          guint column)
{
  return row == column && !(self->with_others && row == self->size - 1);
}

/* What is not all never reads as all, what is not nothing never as nothing. */
static char *
dup_whole_percent (double share)
{
  double percent = round (share * 100);

  if (percent >= 100 && share < 1)
    return g_strdup (">99");
  if (percent <= 0 && share > 0)
    return g_strdup ("<1");
  return g_strdup_printf ("%.0f", percent);
}

static void
draw_dot (GtkWidget *spot,
          GtkSnapshot *snapshot,
          float width,
          float height)
{
  graphene_rect_t dot = GRAPHENE_RECT_INIT (floorf (width / 2) - 1, floorf (height / 2) - 1, 2, 2);
  GdkRGBA color;

  assay_paint_find_color (spot, "assay_cell_dot_color", &color);
  gtk_snapshot_append_color (snapshot, &color, &dot);
}

/* "4.8k": the exact count stands in the tooltip. */
static char *
dup_short_count (guint64 count)
{
  double value = (double) count;

  if (value < 1e3)
    return g_strdup_printf ("%.0f", value);
  if (value < 9950)
    return g_strdup_printf ("%.1fk", value / 1e3);
  if (value < 999500)
    return g_strdup_printf ("%.0fk", value / 1e3);
  return g_strdup_printf ("%.1fM", value / 1e6);
}

/* How much smaller a text must be to stand in the cell, at most 1. */
static float
get_text_scale (GtkWidget *spot,
                PangoLayout *layout)
{
  float width = gtk_widget_get_width (spot) - 2 * PADDING;
  float height = gtk_widget_get_height (spot);
  int text_width, text_height;

  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  return MIN (1, MIN (width / text_width, height / text_height));
}

static void
draw_number (AssayConfusionMatrix *self,
             GtkWidget *spot,
             GtkSnapshot *snapshot,
             guint row,
             guint column,
             const GdkRGBA *cell)
{
  g_autofree char *text = assay_confusion_matrix_dup_text (self, row, column);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (spot, text);
  float width = gtk_widget_get_width (spot), height = gtk_widget_get_height (spot);
  float scale = get_text_scale (spot, layout);
  double smallest = SMALLEST_TEXT / assay_paint_get_em (spot);
  GdkRGBA light, dark;
  int text_width, text_height;

  if (scale < smallest && self->shares == ASSAY_CONFUSION_COUNTS)
    {
      g_autofree char *shorter = dup_short_count (get_count (self, row, column));

      pango_layout_set_text (layout, shorter, -1);
      scale = get_text_scale (spot, layout);
    }
  if (scale < smallest)
    return;
  /* "<1" is a number, in a window from right to left too. */
  pango_layout_set_auto_dir (layout, FALSE);
  pango_context_set_base_dir (pango_layout_get_context (layout), PANGO_DIRECTION_LTR);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  assay_paint_find_color (spot, "assay_cell_light_text_color", &light);
  assay_paint_find_color (spot, "assay_cell_dark_text_color", &dark);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((width - text_width * scale) / 2,
                                                (height - text_height * scale) / 2));
  gtk_snapshot_scale (snapshot, scale, scale);
  gtk_snapshot_append_layout (snapshot, layout,
                              assay_paint_get_contrast (cell, &light)
                                  >= assay_paint_get_contrast (cell, &dark)
                                ? &light
                                : &dark);
  gtk_snapshot_restore (snapshot);
}

static void
draw_outline (GtkWidget *spot,
              GtkSnapshot *snapshot,
              const GskRoundedRect *cell,
              float thick,
              const char *color_name)
{
  float widths[4] = { thick, thick, thick, thick };
  GdkRGBA color;

  assay_paint_find_color (spot, color_name, &color);
  gtk_snapshot_append_border (snapshot, cell, widths,
                              (GdkRGBA[4]) { color, color, color, color });
}

static void
draw_cell (GtkWidget *spot,
           GtkSnapshot *snapshot,
           guint row,
           guint column,
           gpointer data)
{
  AssayConfusionMatrix *self = data;
  graphene_rect_t place =
    GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (spot), gtk_widget_get_height (spot));
  guint64 count = get_count (self, row, column);
  GskRoundedRect cell;
  GdkRGBA empty, full, color;

  gsk_rounded_rect_init_from_rect (&cell, &place, MIN (CORNER, place.size.width / 4));
  assay_paint_find_color (spot, "assay_cell_color", &empty);
  assay_paint_find_color (spot, "assay_cell_full_color", &full);
  assay_paint_mix (&empty, &full,
                   count > 0 ? LIGHTEST + (1 - LIGHTEST) * get_share (self, row, column) : 0,
                   &color);
  gtk_snapshot_push_rounded_clip (snapshot, &cell);
  gtk_snapshot_append_color (snapshot, &color, &place);
  gtk_snapshot_pop (snapshot);
  if (count > 0)
    draw_number (self, spot, snapshot, row, column, &color);
  else
    draw_dot (spot, snapshot, place.size.width, place.size.height);

  draw_outline (spot, snapshot, &cell, 1, "assay_cell_edge_color");
  if (is_right (self, row, column))
    draw_outline (spot, snapshot, &cell, OUTLINE, "assay_cell_right_color");
  if (row == self->marked_row && column == self->marked_column)
    draw_outline (spot, snapshot, &cell, MARK, "assay_bar_color");
}

static void
draw_row_label (AssayConfusionMatrix *self,
                GtkSnapshot *snapshot,
                guint row,
                const graphene_rect_t *cell,
                const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = create_label_layout (self, row);
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int width, height;
  float x;

  pango_layout_set_width (layout, self->label_width * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, &width, &height);
  width = MIN (width, self->label_width);
  /* The layout of a given width starts where its paragraph does. */
  pango_layout_set_width (layout, width * PANGO_SCALE);
  x = mirrored ? gtk_widget_get_width (GTK_WIDGET (self)) - self->label_width
               : self->label_width - width;
  assay_paint_text (snapshot, layout, x, cell->origin.y + (cell->size.height - height) / 2, color);
}

static void
draw_column_label (AssayConfusionMatrix *self,
                   GtkSnapshot *snapshot,
                   guint column,
                   const graphene_rect_t *cell,
                   const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = create_label_layout (self, column);
  float center = cell->origin.x + cell->size.width / 2;
  int width, height;
  float scale;

  if (!self->turned)
    {
      pango_layout_get_pixel_size (layout, &width, &height);
      assay_paint_text (snapshot, layout, center - width / 2.0f, 0, color);
      return;
    }
  pango_layout_set_width (layout, self->head_height * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, &width, &height);
  pango_layout_set_alignment (layout, PANGO_ALIGN_LEFT);
  pango_layout_set_auto_dir (layout, FALSE);
  scale = MIN (1, (cell->size.width + PADDING) / height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (center, self->head_height));
  gtk_snapshot_rotate (snapshot, -90);
  gtk_snapshot_scale (snapshot, scale, scale);
  assay_paint_text (snapshot, layout, 0, -height / 2.0f, color);
  gtk_snapshot_restore (snapshot);
}

static void
assay_confusion_matrix_snapshot (GtkWidget *widget,
                                 GtkSnapshot *snapshot)
{
  AssayConfusionMatrix *self = ASSAY_CONFUSION_MATRIX (widget);
  GdkRGBA dim, plain;

  assay_paint_find_color (widget, "assay_caption_color", &dim);
  assay_paint_find_color (widget, "window_fg_color", &plain);
  for (guint i = 0; i < self->size; i++)
    {
      GtkWidget *spot = GTK_WIDGET (assay_chart_field_get_spot (self->field, i, i));
      graphene_rect_t cell;

      if (!gtk_widget_compute_bounds (spot, widget, &cell))
        continue;
      draw_row_label (self, snapshot, i, &cell, i == self->marked_row ? &plain : &dim);
      draw_column_label (self, snapshot, i, &cell, i == self->marked_column ? &plain : &dim);
    }
  gtk_widget_snapshot_child (widget, GTK_WIDGET (self->field), snapshot);
}

static void
activated_cb (AssayConfusionMatrix *self,
              guint row,
              guint column)
{
  if (get_count (self, row, column) > 0)
    g_signal_emit (self, signals[CELL_ACTIVATED], 0, row, column);
}

static void
pointed_cb (AssayConfusionMatrix *self,
            guint row,
            guint column)
{
  g_signal_emit (self, signals[CELL_POINTED], 0, row, column);
}

static void
clear_counts (AssayConfusionMatrix *self)
{
  g_clear_pointer (&self->counts, g_free);
  g_clear_pointer (&self->row_sums, g_free);
  g_clear_pointer (&self->column_sums, g_free);
  self->most = 0;
  self->size = 0;
}

static void
assay_confusion_matrix_dispose (GObject *object)
{
  AssayConfusionMatrix *self = ASSAY_CONFUSION_MATRIX (object);

  g_clear_pointer ((GtkWidget **) &self->field, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_confusion_matrix_parent_class)->dispose (object);
}

static void
assay_confusion_matrix_finalize (GObject *object)
{
  AssayConfusionMatrix *self = ASSAY_CONFUSION_MATRIX (object);

  clear_counts (self);
  g_ptr_array_unref (self->labels);
  G_OBJECT_CLASS (assay_confusion_matrix_parent_class)->finalize (object);
}

static void
assay_confusion_matrix_class_init (AssayConfusionMatrixClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_confusion_matrix_dispose;
  object_class->finalize = assay_confusion_matrix_finalize;
  widget_class->get_request_mode = assay_confusion_matrix_get_request_mode;
  widget_class->measure = assay_confusion_matrix_measure;
  widget_class->size_allocate = assay_confusion_matrix_size_allocate;
  widget_class->snapshot = assay_confusion_matrix_snapshot;

  signals[CELL_ACTIVATED] =
    g_signal_new ("cell-activated", ASSAY_TYPE_CONFUSION_MATRIX, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[CELL_POINTED] =
    g_signal_new ("cell-pointed", ASSAY_TYPE_CONFUSION_MATRIX, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);

  gtk_widget_class_set_css_name (widget_class, "confusionmatrix");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_confusion_matrix_init (AssayConfusionMatrix *self)
{
  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->marked_row = G_MAXUINT;
  self->marked_column = G_MAXUINT;
  self->field = ASSAY_CHART_FIELD (assay_chart_field_new ());
  assay_chart_field_set_draw (self->field, draw_cell, self);
  g_signal_connect_swapped (self->field, "spot-activated", G_CALLBACK (activated_cb), self);
  g_signal_connect_swapped (self->field, "spot-pointed", G_CALLBACK (pointed_cb), self);
  gtk_widget_set_parent (GTK_WIDGET (self->field), GTK_WIDGET (self));
}

/**
 * assay_confusion_matrix_new:
 *
 * Returns: (transfer floating): an empty matrix
 */
GtkWidget *
assay_confusion_matrix_new (void)
{
  return g_object_new (ASSAY_TYPE_CONFUSION_MATRIX, NULL);
}

/**
 * assay_confusion_matrix_get_field:
 *
 * Returns: (transfer none): its cells
 */
AssayChartField *
assay_confusion_matrix_get_field (AssayConfusionMatrix *self)
{
  g_return_val_if_fail (ASSAY_IS_CONFUSION_MATRIX (self), NULL);

  return self->field;
}

/**
 * assay_confusion_matrix_dup_text:
 *
 * Returns: (transfer full): what stands in the cell, the count or a share in whole
 *   percent; "" for none
 */
char *
assay_confusion_matrix_dup_text (AssayConfusionMatrix *self,
                                 guint row,
                                 guint column)
{
  g_return_val_if_fail (ASSAY_IS_CONFUSION_MATRIX (self), NULL);
  g_return_val_if_fail (row < self->size && column < self->size, NULL);

  if (get_count (self, row, column) == 0)
    return g_strdup ("");
  if (self->shares == ASSAY_CONFUSION_COUNTS)
    return g_strdup_printf ("%'" G_GUINT64_FORMAT, get_count (self, row, column));
  return dup_whole_percent (get_share (self, row, column));
}

/**
 * assay_confusion_matrix_dup_sentence:
 *
 * Returns: (transfer full): what the cell says, "2 of 12 dandelion were called
 *   sunflowers", of a column's share "2 of 13 called sunflowers are dandelion"
 */
char *
assay_confusion_matrix_dup_sentence (AssayConfusionMatrix *self,
                                     guint row,
                                     guint column)
{
  guint64 count;
  const char *truth, *answer;
  g_autofree char *part = NULL;
  g_autofree char *of_row = NULL;
  g_autofree char *of_column = NULL;

  g_return_val_if_fail (ASSAY_IS_CONFUSION_MATRIX (self), NULL);
  g_return_val_if_fail (row < self->size && column < self->size, NULL);

  count = get_count (self, row, column);
  truth = g_ptr_array_index (self->labels, row);
  answer = g_ptr_array_index (self->labels, column);
  part = g_strdup_printf ("%'" G_GUINT64_FORMAT, count);
  of_row = g_strdup_printf ("%'" G_GUINT64_FORMAT, self->row_sums[row]);
  of_column = g_strdup_printf ("%'" G_GUINT64_FORMAT, self->column_sums[column]);
  if (self->shares == ASSAY_CONFUSION_COLUMNS)
    return g_strdup_printf (ngettext ("%s of %s called %s is %s", "%s of %s called %s are %s",
                                      (gulong) MIN (count, G_MAXUINT)),
                            part, of_column, answer, truth);
  return g_strdup_printf (ngettext ("%s of %s %s was called %s", "%s of %s %s were called %s",
                                    (gulong) MIN (count, G_MAXUINT)),
                          part, of_row, truth, answer);
}

/**
 * assay_confusion_matrix_find_worst:
 * @row: (out): the truth of the cell with the most mistakes, of equal ones the first
 * @column: (out): what those were called
 *
 * Returns: whether there is any mistake
 */
gboolean
assay_confusion_matrix_find_worst (AssayConfusionMatrix *self,
                                   guint *row,
                                   guint *column)
{
  guint64 most = 0;

  g_return_val_if_fail (ASSAY_IS_CONFUSION_MATRIX (self), FALSE);
  g_return_val_if_fail (row != NULL && column != NULL, FALSE);

  /* All others together are no confusion of one label with another. */
  for (guint i = 0; i < self->size - (self->with_others ? 1 : 0); i++)
    for (guint j = 0; j < self->size - (self->with_others ? 1 : 0); j++)
      if (i != j && get_count (self, i, j) > most)
        {
          most = get_count (self, i, j);
          *row = i;
          *column = j;
        }
  return most > 0;
}

static void
update_sentences (AssayConfusionMatrix *self)
{
  for (guint row = 0; row < self->size; row++)
    for (guint column = 0; column < self->size; column++)
      {
        g_autofree char *sentence = assay_confusion_matrix_dup_sentence (self, row, column);

        assay_chart_field_set_sentence (self->field, row, column, sentence);
      }
}

/* Whether any image has a truth or an answer beyond the labels. */
static gboolean
needs_others (const guint64 *counts,
              guint n)
{
  for (guint i = 0; i <= n; i++)
    if (counts[i * (n + 1) + n] > 0 || counts[n * (n + 1) + i] > 0)
      return TRUE;
  return FALSE;
}

static GPtrArray *
show_labels (const char *const *labels,
             guint n,
             gboolean with_others)
{
  GPtrArray *shown = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (shown, assay_display_text (labels[i], -1, LABEL_LENGTH));
  if (with_others)
    g_ptr_array_add (shown, g_strdup (_("other")));
  return shown;
}

/* The room that is needed depends on the labels alone: while a run is under way, nothing
 * is laid out anew for each answer. */
static void
set_labels (AssayConfusionMatrix *self,
            GPtrArray *labels)
{
  gboolean same = labels->len == self->labels->len;
  const Sizes *sizes = get_sizes (self->size);

  for (guint i = 0; same && i < labels->len; i++)
    same = g_str_equal (g_ptr_array_index (labels, i), g_ptr_array_index (self->labels, i));
  g_ptr_array_unref (self->labels);
  self->labels = labels;
  if (same)
    return;
  assay_chart_field_set_shape (self->field, self->size, self->size, sizes->gap);
  assay_chart_field_set_sizes (self->field, sizes->least_width, sizes->width, sizes->height);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * assay_confusion_matrix_set_counts:
 * @labels: (array length=n): the labels, in the order wanted
 * @n: how many, 0 for an empty matrix
 * @counts: (n + 1)² counts, row by row, the last row and column for all other labels
 *   together, as of assay_evaluation_dup_matrix(); those are shown where any count in
 *   them isn't 0
 */
void
assay_confusion_matrix_set_counts (AssayConfusionMatrix *self,
                                   const char *const *labels,
                                   guint n,
                                   const guint64 *counts)
{
  g_return_if_fail (ASSAY_IS_CONFUSION_MATRIX (self));
  g_return_if_fail (n == 0 || (labels != NULL && counts != NULL));

  clear_counts (self);
  self->with_others = n > 0 && needs_others (counts, n);
  self->size = n + (self->with_others ? 1 : 0);
  self->counts = g_new (guint64, (gsize) self->size * self->size);
  self->row_sums = g_new0 (guint64, self->size);
  self->column_sums = g_new0 (guint64, self->size);
  for (guint row = 0; row < self->size; row++)
    for (guint column = 0; column < self->size; column++)
      {
        guint64 count = counts[row * (n + 1) + column];

        self->counts[row * self->size + column] = count;
        self->row_sums[row] += count;
        self->column_sums[column] += count;
        /* All that is right or wrong among the others would make all else pale. */
        if (row < n || column < n)
          self->most = MAX (self->most, count);
      }

  set_labels (self, show_labels (labels, n, self->with_others));
  update_sentences (self);
  assay_chart_field_redraw (self->field);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * assay_confusion_matrix_set_shares:
 * @shares: what stands in the cells
 */
void
assay_confusion_matrix_set_shares (AssayConfusionMatrix *self,
                                   AssayConfusionShares shares)
{
  g_return_if_fail (ASSAY_IS_CONFUSION_MATRIX (self));

  if (self->shares == shares)
    return;
  self->shares = shares;
  update_sentences (self);
  assay_chart_field_redraw (self->field);
}

/**
 * assay_confusion_matrix_mark:
 * @row: a row, or G_MAXUINT for none
 * @column: a column, or G_MAXUINT for none
 *
 * Outlines the one cell that is spoken of.
 */
void
assay_confusion_matrix_mark (AssayConfusionMatrix *self,
                             guint row,
                             guint column)
{
  g_return_if_fail (ASSAY_IS_CONFUSION_MATRIX (self));

  if (self->marked_row == row && self->marked_column == column)
    return;
  if (self->marked_row < self->size && self->marked_column < self->size)
    gtk_widget_queue_draw (GTK_WIDGET (
      assay_chart_field_get_spot (self->field, self->marked_row, self->marked_column)));
  self->marked_row = row;
  self->marked_column = column;
  if (row < self->size && column < self->size)
    gtk_widget_queue_draw (GTK_WIDGET (assay_chart_field_get_spot (self->field, row, column)));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
