/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-change-columns.h"
#include "assay-change-text.h"
#include "assay-score-text.h"

/* In pixels, as in the other lists. */
#define THUMB 48
#define THUMB_GAP 14
#define GAP 10
#define MARK 18                   /* whether it is right, with the room before it */

/* In characters of average width. */
#define CAPTION_SCALE 0.83        /* what a caption is set in, with a little to spare */
#define NAME_CHARS 6              /* at least */
#define SIDE_CHARS 12             /* of a label, where there is room */
#define SIDE_FEW_CHARS 6          /* and where there is little */
#define ARROW_CHARS 2

/* The places of the children. */
enum {
  LEAD,
  NAME,
  SIDE_A,
  ARROW,
  SIDE_B,
  SHIFT,
  N_PLACES
};

typedef struct {
  int name;                   /* at least */
  int side;                   /* where there is room */
  int side_few;
  int arrow;
  int shift;
  int headed_shift;           /* where it has a heading */
} Widths;

struct _AssayChangeColumns {
  GtkLayoutManager parent_instance;

  AssayChangeColumns *ruler;  /* (nullable): whose widths are used */
  Widths widths;
  guint serial;               /* of the text's look when they were measured, 0 before */
};

G_DEFINE_FINAL_TYPE (AssayChangeColumns, assay_change_columns, GTK_TYPE_LAYOUT_MANAGER)

/* ---- widths ---- */

static int
measure_text (PangoContext *context,
              const char *text,
              gboolean caption)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  PangoAttrList *list = pango_attr_list_new ();
  int width;

  pango_layout_set_text (layout, text, -1);
  pango_attr_list_insert (list, caption ? pango_attr_scale_new (CAPTION_SCALE)
                                        : pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, list);
  pango_attr_list_unref (list);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

/* The widest that can stand there. */
static int
measure_shift (PangoContext *context)
{
  static const AssayChange changes[] = { ASSAY_CHANGE_REGRESSED, ASSAY_CHANGE_FIXED,
                                         ASSAY_CHANGE_CHANGED, ASSAY_CHANGE_SAME };
  g_autofree char *points = assay_points_dup_text (-1);
  int width = measure_text (context, points, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    width = MAX (width, measure_text (context, assay_change_get_word (changes[i]), TRUE));
  return width;
}

static const Widths *
get_widths (AssayChangeColumns *self)
{
  GtkWidget *widget;
  PangoContext *context;
  PangoFontMetrics *metrics;
  double character;

  if (self->ruler != NULL)
    return get_widths (self->ruler);
  widget = gtk_layout_manager_get_widget (GTK_LAYOUT_MANAGER (self));
  context = gtk_widget_get_pango_context (widget);
  if (self->serial == pango_context_get_serial (context))
    return &self->widths;
  metrics = pango_context_get_metrics (context, NULL, NULL);
  /* As labels count their characters. */
  character = MAX (pango_font_metrics_get_approximate_char_width (metrics),
                   pango_font_metrics_get_approximate_digit_width (metrics))
              / (double) PANGO_SCALE;
  pango_font_metrics_unref (metrics);
  self->widths = (Widths) {
    .name = (int) ceil (NAME_CHARS * character),
    .side = (int) ceil (SIDE_CHARS * character) + MARK,
    .side_few = (int) ceil (SIDE_FEW_CHARS * character) + MARK,
    .arrow = (int) ceil (ARROW_CHARS * character),
    .shift = measure_shift (context),
  };
  self->widths.headed_shift =
    MAX (self->widths.shift, measure_text (context, _("Difference"), TRUE));
  self->serial = pango_context_get_serial (context);
  return &self->widths;
}

/* The headings are there where the sides are. */
static int
get_shift (const Widths *widths,
           gboolean with_sides)
{
  return with_sides ? widths->headed_shift : widths->shift;
}

static int
get_width_with (const Widths *widths,
                gboolean with_sides,
                int side)
{
  int width = THUMB + THUMB_GAP + widths->name + THUMB_GAP + get_shift (widths, with_sides);

  return with_sides ? width + 2 * side + widths->arrow + 3 * GAP : width;
}

/* ---- children ---- */

/* (array length=N_PLACES) (nullable elements).  Returns whether both answers are seen. */
static gboolean
find_children (GtkWidget *widget,
               GtkWidget **children)
{
  static const guint of_headings[] = { NAME, SIDE_A, SIDE_B, SHIFT };
  GtkWidget *child = gtk_widget_get_first_child (widget);
  guint n = 0;
  gboolean headings;

  for (GtkWidget *other = child; other != NULL; other = gtk_widget_get_next_sibling (other))
    n++;
  headings = n == G_N_ELEMENTS (of_headings);
  memset (children, 0, N_PLACES * sizeof *children);
  for (guint i = 0; child != NULL && i < N_PLACES; i++, child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child))
      children[headings ? of_headings[i] : i] = child;
  return children[SIDE_A] != NULL;
}

/* What is left when both answers have all the room that they want is the name's; where
 * there is less, they give way first. */
static int
choose_side (const Widths *widths,
             int width)
{
  int spare = width - get_width_with (widths, TRUE, widths->side);

  return spare >= 0 ? widths->side : MAX (widths->side + spare / 2, widths->side_few);
}

/* Where each starts, and how wide it is. */
typedef struct {
  int x[N_PLACES];
  int width[N_PLACES];
} Places;

static void
find_places (const Widths *widths,
             GtkWidget *const *children,
             gboolean with_sides,
             int width,
             Places *places)
{
  int side = choose_side (widths, width);
  int shift = width - get_shift (widths, with_sides);
  int side_b = shift - THUMB_GAP - side;
  int arrow = side_b - GAP - widths->arrow;
  int side_a = arrow - GAP - side;
  int name = children[LEAD] != NULL ? THUMB + THUMB_GAP : 0;
  int end = with_sides ? side_a - GAP : shift - THUMB_GAP;

  *places = (Places) {
    .x = { 0, name, side_a, arrow, side_b, shift },
    .width = { THUMB, end - name, side, widths->arrow, side, get_shift (widths, with_sides) },
  };
}

static GtkSizeRequestMode
assay_change_columns_get_request_mode (GtkLayoutManager *manager,
                                       GtkWidget *widget)
{
  GtkWidget *children[N_PLACES];

  /* Only below a name alone anything is wrapped. */
  return find_children (widget, children) ? GTK_SIZE_REQUEST_CONSTANT_SIZE
                                          : GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* The others never wrap. */
static int
get_name_width (const Widths *widths,
                GtkWidget *const *children,
                gboolean with_sides,
                int for_size)
{
  Places places;
  int least;

  if (for_size < 0 || with_sides)
    return -1;
  find_places (widths, children, with_sides, for_size, &places);
  gtk_widget_measure (children[NAME], GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  return MAX (places.width[NAME], least);
}

static void
assay_change_columns_measure (GtkLayoutManager *manager,
                              GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline)
{
  const Widths *widths = get_widths (ASSAY_CHANGE_COLUMNS (manager));
  GtkWidget *children[N_PLACES];
  gboolean with_sides = find_children (widget, children);

  *minimum = get_width_with (widths, with_sides, widths->side_few);
  *natural = get_width_with (widths, with_sides, widths->side);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  *minimum = *natural = 0;
  for (guint i = 0; i < N_PLACES; i++)
    {
      int room = i == NAME && children[i] != NULL
                   ? get_name_width (widths, children, with_sides, for_size) : -1;
      int least, best;

      if (children[i] == NULL)
        continue;
      gtk_widget_measure (children[i], orientation, room, &least, &best, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural = MAX (*natural, best);
    }
}

static void
place (GtkWidget *widget,
       GtkWidget *child,
       int x,
       int child_width,
       int width,
       int height)
{
  GtkAllocation allocation = { x, 0, child_width, height };
  int least;

  if (child == NULL)
    return;
  /* A size too small is an error, even for a moment. */
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  allocation.width = MAX (child_width, least);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    allocation.x = width - x - allocation.width;
  gtk_widget_size_allocate (child, &allocation, -1);
}

static void
assay_change_columns_allocate (GtkLayoutManager *manager,
                               GtkWidget *widget,
                               int width,
                               int height,
                               int baseline)
{
  GtkWidget *children[N_PLACES];
  gboolean with_sides = find_children (widget, children);
  Places places;

  find_places (get_widths (ASSAY_CHANGE_COLUMNS (manager)), children, with_sides, width, &places);
  for (guint i = 0; i < N_PLACES; i++)
    place (widget, children[i], places.x[i], places.width[i], width, height);
}

/* ---- life ---- */

static void
assay_change_columns_dispose (GObject *object)
{
  g_clear_object (&ASSAY_CHANGE_COLUMNS (object)->ruler);
  G_OBJECT_CLASS (assay_change_columns_parent_class)->dispose (object);
}

static void
assay_change_columns_class_init (AssayChangeColumnsClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_change_columns_dispose;
  manager_class->get_request_mode = assay_change_columns_get_request_mode;
  manager_class->measure = assay_change_columns_measure;
  manager_class->allocate = assay_change_columns_allocate;
}

static void
assay_change_columns_init (AssayChangeColumns *self)
{
}

/**
 * assay_change_columns_set_ruler:
 * @ruler: (transfer none): that of the headings, whose text is as large
 *
 * Has the widths measured once for all lines.
 */
void
assay_change_columns_set_ruler (AssayChangeColumns *self,
                                AssayChangeColumns *ruler)
{
  g_return_if_fail (ASSAY_IS_CHANGE_COLUMNS (self));
  g_return_if_fail (ASSAY_IS_CHANGE_COLUMNS (ruler) && ruler != self);

  g_set_object (&self->ruler, ruler);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}
