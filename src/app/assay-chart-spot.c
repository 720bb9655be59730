/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-chart-spot.h"
#include "assay-tooltip.h"

struct _AssayChartSpot {
  GtkWidget parent_instance;

  AssayChartDraw draw;
  gpointer data;
  char *sentence;
  guint row;
  guint column;
};

G_DEFINE_FINAL_TYPE (AssayChartSpot, assay_chart_spot, GTK_TYPE_WIDGET)

enum {
  ACTIVATED,
  POINTED,
  MOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
assay_chart_spot_snapshot (GtkWidget *widget,
                           GtkSnapshot *snapshot)
{
  AssayChartSpot *self = ASSAY_CHART_SPOT (widget);

  if (self->draw != NULL)
    self->draw (widget, snapshot, self->row, self->column, self->data);
}

static void
assay_chart_spot_activate (AssayChartSpot *self)
{
  if (self->sentence != NULL)
    g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
activate_action (GtkWidget *widget,
                 const char *name,
                 GVariant *parameter)
{
  assay_chart_spot_activate (ASSAY_CHART_SPOT (widget));
}

static void
click_cb (GtkGestureClick *gesture,
          int n_press,
          double x,
          double y,
          AssayChartSpot *self)
{
  if (!gtk_widget_contains (GTK_WIDGET (self), x, y) || self->sentence == NULL)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  assay_chart_spot_activate (self);
}

static void
point_cb (AssayChartSpot *self)
{
  if (self->sentence != NULL)
    g_signal_emit (self, signals[POINTED], 0);
}

static void
assay_chart_spot_finalize (GObject *object)
{
  g_free (ASSAY_CHART_SPOT (object)->sentence);
  G_OBJECT_CLASS (assay_chart_spot_parent_class)->finalize (object);
}

static void
add_arrow (GtkWidgetClass *widget_class,
           guint key,
           guint keypad_key,
           int columns,
           int rows)
{
  gtk_widget_class_add_binding_signal (widget_class, key, 0, "move", "(ii)", columns, rows);
  gtk_widget_class_add_binding_signal (widget_class, keypad_key, 0, "move", "(ii)", columns, rows);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  static const guint activating[] = { GDK_KEY_space, GDK_KEY_KP_Space, GDK_KEY_Return,
                                      GDK_KEY_ISO_Enter, GDK_KEY_KP_Enter };

  for (guint i = 0; i < G_N_ELEMENTS (activating); i++)
    gtk_widget_class_add_binding_signal (widget_class, activating[i], 0, "activate", NULL);
  add_arrow (widget_class, GDK_KEY_Left, GDK_KEY_KP_Left, -1, 0);
  add_arrow (widget_class, GDK_KEY_Right, GDK_KEY_KP_Right, 1, 0);
  add_arrow (widget_class, GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1);
  add_arrow (widget_class, GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1);
  add_arrow (widget_class, GDK_KEY_Home, GDK_KEY_KP_Home, -G_MAXINT, 0);
  add_arrow (widget_class, GDK_KEY_End, GDK_KEY_KP_End, G_MAXINT, 0);
  add_arrow (widget_class, GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, -G_MAXINT);
  add_arrow (widget_class, GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, G_MAXINT);
}

static void
assay_chart_spot_class_init (AssayChartSpotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = assay_chart_spot_finalize;
  widget_class->snapshot = assay_chart_spot_snapshot;

  signals[ACTIVATED] =
    g_signal_new ("activated", ASSAY_TYPE_CHART_SPOT, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[POINTED] =
    g_signal_new ("pointed", ASSAY_TYPE_CHART_SPOT, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVE] =
    g_signal_new ("move", ASSAY_TYPE_CHART_SPOT, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
  gtk_widget_class_set_activate_signal (
    widget_class,
    g_signal_new_class_handler ("activate", ASSAY_TYPE_CHART_SPOT,
                                G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
                                G_CALLBACK (assay_chart_spot_activate),
                                NULL, NULL, NULL, G_TYPE_NONE, 0));
  add_keys (widget_class);
  /* Of other widgets than its own buttons GTK 4.8 tells assistive technology only these
   * actions. */
  gtk_widget_class_install_action (widget_class, "spot.activate", NULL, activate_action);

  gtk_widget_class_set_css_name (widget_class, "chartspot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_BUTTON);
}

static void
assay_chart_spot_init (AssayChartSpot *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  g_signal_connect (click, "released", G_CALLBACK (click_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (point_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (point_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

/**
 * assay_chart_spot_new:
 * @row: its place in the chart, from the top
 * @column: its place in the chart, from the start edge
 *
 * Returns: (transfer floating): a spot that stands for nothing yet
 */
GtkWidget *
assay_chart_spot_new (guint row,
                      guint column)
{
  AssayChartSpot *self = g_object_new (ASSAY_TYPE_CHART_SPOT, NULL);

  self->row = row;
  self->column = column;
  return GTK_WIDGET (self);
}

guint
assay_chart_spot_get_row (AssayChartSpot *self)
{
  g_return_val_if_fail (ASSAY_IS_CHART_SPOT (self), 0);

  return self->row;
}

guint
assay_chart_spot_get_column (AssayChartSpot *self)
{
  g_return_val_if_fail (ASSAY_IS_CHART_SPOT (self), 0);

  return self->column;
}

/**
 * assay_chart_spot_get_sentence:
 *
 * Returns: (transfer none) (nullable): what it stands for; %NULL is nothing
 */
const char *
assay_chart_spot_get_sentence (AssayChartSpot *self)
{
  g_return_val_if_fail (ASSAY_IS_CHART_SPOT (self), NULL);

  return self->sentence;
}

/**
 * assay_chart_spot_set_sentence:
 * @sentence: (nullable): what it stands for, safe to show; with %NULL it stands for
 *   nothing, and neither pointer nor keys nor assistive technology find it
 */
void
assay_chart_spot_set_sentence (AssayChartSpot *self,
                               const char *sentence)
{
  g_return_if_fail (ASSAY_IS_CHART_SPOT (self));

  if (g_strcmp0 (self->sentence, sentence) == 0)
    return;
  g_free (self->sentence);
  self->sentence = g_strdup (sentence);
  assay_tooltip_set (GTK_WIDGET (self), sentence);
  gtk_widget_set_can_target (GTK_WIDGET (self), sentence != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, sentence != NULL ? sentence : "",
                                  -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self),
                               GTK_ACCESSIBLE_STATE_HIDDEN, sentence == NULL,
                               -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * assay_chart_spot_set_draw:
 * @draw: (nullable): draws the spot within its own width and height
 * @data: what @draw is given; it must live as long as the spot
 */
void
assay_chart_spot_set_draw (AssayChartSpot *self,
                           AssayChartDraw draw,
                           gpointer data)
{
  g_return_if_fail (ASSAY_IS_CHART_SPOT (self));

  self->draw = draw;
  self->data = data;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
