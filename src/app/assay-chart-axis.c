/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "assay-chart-axis.h"
#include "assay-number-label.h"

#define GAP 6   /* pixels between two captions at least */

typedef struct {
  GtkWidget *label;
  double fraction;
} Caption;

struct _AssayChartAxis {
  GtkWidget parent_instance;

  GArray *captions;     /* (element-type Caption), the most important first */
};

G_DEFINE_FINAL_TYPE (AssayChartAxis, assay_chart_axis, GTK_TYPE_WIDGET)

/* A caption asks for no width: what does not fit is left out, and a narrow
 * chart stays narrow. */
static void
assay_chart_axis_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  AssayChartAxis *self = ASSAY_CHART_AXIS (widget);

  for (guint i = 0; orientation == GTK_ORIENTATION_VERTICAL && i < self->captions->len; i++)
    {
      int height;

      gtk_widget_measure (g_array_index (self->captions, Caption, i).label, orientation, -1,
                          &height, NULL, NULL, NULL);
      *minimum = MAX (*minimum, height);
    }
  *natural = *minimum;
}

/* Whether start…end keeps its distance from what stands already. */
static gboolean
is_free (AssayChartAxis *self,
         const int *starts,
         const int *ends,
         guint n,
         int start,
         int end)
{
  for (guint i = 0; i < n; i++)
    {
      if (!gtk_widget_get_child_visible (g_array_index (self->captions, Caption, i).label))
        continue;
      if (start < ends[i] + GAP && end + GAP > starts[i])
        return FALSE;
    }
  return TRUE;
}

static void
assay_chart_axis_size_allocate (GtkWidget *widget,
                                int width,
                                int height,
                                int baseline)
{
  AssayChartAxis *self = ASSAY_CHART_AXIS (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  g_autofree int *starts = g_new (int, self->captions->len);
  g_autofree int *ends = g_new (int, self->captions->len);

  for (guint i = 0; i < self->captions->len; i++)
    {
      Caption *caption = &g_array_index (self->captions, Caption, i);
      double place = (mirrored ? 1 - caption->fraction : caption->fraction) * (width - 1);
      GtkAllocation allocation = { 0, 0, 0, height };
      gboolean fits;

      gtk_widget_measure (caption->label, GTK_ORIENTATION_HORIZONTAL, -1,
                          NULL, &allocation.width, NULL, NULL);
      starts[i] = (width - allocation.width) / 2;
      if (starts[i] > 0)
        starts[i] = CLAMP ((int) round (place - allocation.width / 2.0),
                           0, width - allocation.width);
      ends[i] = starts[i] + allocation.width;
      allocation.x = starts[i];
      /* The first is always there, even where it reaches beyond a short axis. */
      fits = i == 0 || is_free (self, starts, ends, i, starts[i], ends[i]);
      gtk_widget_set_child_visible (caption->label, fits);
      if (fits)
        gtk_widget_size_allocate (caption->label, &allocation, -1);
    }
}

static void
assay_chart_axis_dispose (GObject *object)
{
  assay_chart_axis_clear (ASSAY_CHART_AXIS (object));
  G_OBJECT_CLASS (assay_chart_axis_parent_class)->dispose (object);
}

static void
assay_chart_axis_finalize (GObject *object)
{
  g_array_unref (ASSAY_CHART_AXIS (object)->captions);
  G_OBJECT_CLASS (assay_chart_axis_parent_class)->finalize (object);
}

static void
assay_chart_axis_class_init (AssayChartAxisClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_chart_axis_dispose;
  object_class->finalize = assay_chart_axis_finalize;
  widget_class->measure = assay_chart_axis_measure;
  widget_class->size_allocate = assay_chart_axis_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "chartaxis");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_chart_axis_init (AssayChartAxis *self)
{
  self->captions = g_array_new (FALSE, FALSE, sizeof (Caption));
}

GtkWidget *
assay_chart_axis_new (void)
{
  return g_object_new (ASSAY_TYPE_CHART_AXIS, NULL);
}

void
assay_chart_axis_clear (AssayChartAxis *self)
{
  g_return_if_fail (ASSAY_IS_CHART_AXIS (self));

  for (guint i = 0; i < self->captions->len; i++)
    gtk_widget_unparent (g_array_index (self->captions, Caption, i).label);
  g_array_set_size (self->captions, 0);
}

/**
 * assay_chart_axis_append:
 * @fraction: its place, 0…1 from the start edge
 * @text: the caption
 *
 * Adds a caption that is less important than those before it.
 */
void
assay_chart_axis_append (AssayChartAxis *self,
                         double fraction,
                         const char *text)
{
  Caption caption = { gtk_label_new (NULL), fraction };

  g_return_if_fail (ASSAY_IS_CHART_AXIS (self));

  assay_number_label_set (GTK_LABEL (caption.label), text);
  gtk_widget_add_css_class (caption.label, "numeric");
  gtk_widget_set_parent (caption.label, GTK_WIDGET (self));
  g_array_append_val (self->captions, caption);
}
