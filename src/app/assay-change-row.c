/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-change-row.h"
#include "assay-change-text.h"
#include "assay-display.h"
#include "assay-number-label.h"
#include "assay-score-text.h"
#include "assay-thumb.h"
#include "assay-tooltip.h"

/* The places of the two. */
enum {
  A,
  B,
};

struct _AssayChangeRow {
  GtkWidget parent_instance;

  AssayThumb *thumb;
  GtkWidget *names;
  GtkLabel *name;
  GtkLabel *note;
  GtkWidget *side_a;
  GtkWidget *arrow;
  GtkWidget *side_b;
  GtkWidget *shifts;
  GtkLabel *label_a;
  GtkLabel *label_b;
  GtkImage *mark_a;
  GtkImage *mark_b;
  GtkLabel *score_a;
  GtkLabel *score_b;
  GtkLabel *shift;
  GtkLabel *word;

  AssayJudge *judge;
  AssayItem *item;               /* (nullable) */
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (AssayChangeRow, assay_change_row, GTK_TYPE_WIDGET)

static guint clicked_signal;

static AssayPrediction *
get_prediction (AssayChangeRow *self,
                guint side)
{
  AssayTarget *target = side == A ? assay_judge_get_baseline (self->judge)
                                  : assay_judge_get_candidate (self->judge);
  AssayAnswer *answer = target != NULL ? assay_item_find_answer (self->item, target) : NULL;

  return answer != NULL ? assay_answer_get_prediction (answer) : NULL;
}

/* Whether it is right, where that is known. */
static void
show_mark (GtkImage *image,
           const char *truth,
           const AssayPrediction *prediction)
{
  gboolean right = truth != NULL && strcmp (truth, assay_prediction_get_label (prediction, 0)) == 0;

  gtk_widget_set_visible (GTK_WIDGET (image), truth != NULL);
  gtk_image_set_from_icon_name (image, right ? "object-select-symbolic" : "window-close-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (image),
                              (const char *[]) { "mark", right ? "fixed" : "regressed", NULL });
}

static void
show_side (AssayChangeRow *self,
           GtkLabel *label,
           GtkLabel *score,
           GtkImage *mark,
           const AssayPrediction *prediction)
{
  g_autofree char *name = assay_change_dup_answer (prediction);
  g_autofree char *value = assay_score_dup_text (assay_prediction_get_scale (prediction),
                                                 assay_prediction_get_score (prediction, 0));

  gtk_label_set_text (label, name);
  assay_tooltip_set (GTK_WIDGET (label), name);
  assay_number_label_set (score, value);
  show_mark (mark, assay_item_get_truth (self->item), prediction);
}

static char *
dup_note (AssayChangeRow *self,
          const AssayPrediction *a,
          const AssayPrediction *b)
{
  const char *truth = assay_item_get_truth (self->item);
  g_autofree char *shown = truth != NULL ? assay_display_text (truth, -1, 0) : NULL;

  if (self->narrow)
    {
      g_autofree char *before = assay_change_dup_answer (a);
      g_autofree char *now = assay_change_dup_answer (b);

      return g_strcmp0 (before, now) == 0 ? g_steal_pointer (&now)
                                          : g_strdup_printf ("%s → %s", before, now);
    }
  return shown != NULL ? g_strdup_printf (_("truth: %s"), shown) : g_strdup (_("no truth"));
}

static void
speak (AssayChangeRow *self,
       const char *text)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (cell != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
update (AssayChangeRow *self)
{
  AssayPrediction *a = self->item != NULL ? get_prediction (self, A) : NULL;
  AssayPrediction *b = self->item != NULL ? get_prediction (self, B) : NULL;
  AssayChange change;
  const char *class;
  g_autofree char *note = NULL;
  g_autofree char *shift = NULL;
  g_autofree char *spoken = NULL;

  if (a == NULL || b == NULL || !assay_judge_get_change (self->judge, self->item, &change))
    return;
  class = assay_change_get_class (change);
  note = dup_note (self, a, b);
  shift = assay_points_dup_text (assay_change_get_shift (assay_item_get_truth (self->item), a, b));
  gtk_label_set_text (self->name, assay_item_get_name (self->item));
  assay_tooltip_set (GTK_WIDGET (self->name), assay_item_get_name (self->item));
  gtk_label_set_text (self->note, note);
  assay_tooltip_set (GTK_WIDGET (self->note), note);
  show_side (self, self->label_a, self->score_a, self->mark_a, a);
  show_side (self, self->label_b, self->score_b, self->mark_b, b);
  assay_number_label_set (self->shift, shift);
  gtk_label_set_text (self->word, assay_change_get_word (change));
  gtk_widget_set_css_classes (GTK_WIDGET (self->shift),
                              (const char *[]) { "shift", "numeric", class, NULL });
  gtk_widget_set_css_classes (GTK_WIDGET (self->word), (const char *[]) { "caption", class, NULL });
  spoken = assay_change_dup_spoken (self->item, change, a, b);
  speak (self, spoken);
}

static void
released_cb (GtkGestureClick *gesture,
             int n_press,
             double x,
             double y,
             AssayChangeRow *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));
  GdkModifierType modifiers = event != NULL ? gdk_event_get_modifier_state (event) : 0;

  if ((modifiers & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) == 0)
    g_signal_emit (self, clicked_signal, 0);
}

static void
assay_change_row_dispose (GObject *object)
{
  AssayChangeRow *self = ASSAY_CHANGE_ROW (object);

  g_clear_object (&self->judge);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CHANGE_ROW);
  G_OBJECT_CLASS (assay_change_row_parent_class)->dispose (object);
}

static void
assay_change_row_class_init (AssayChangeRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_change_row_dispose;
  clicked_signal = g_signal_new ("clicked", ASSAY_TYPE_CHANGE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);

  g_type_ensure (ASSAY_TYPE_THUMB);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-change-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, thumb);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, names);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, name);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, note);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, side_a);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, arrow);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, side_b);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, shifts);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, label_a);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, label_b);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, mark_a);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, mark_b);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, score_a);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, score_b);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, shift);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeRow, word);
  gtk_widget_class_bind_template_callback (widget_class, released_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, ASSAY_TYPE_CHANGE_COLUMNS);
  gtk_widget_class_set_css_name (widget_class, "changerow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_change_row_init (AssayChangeRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_change_row_new:
 * @judge: (transfer none): who knows what became of the image
 * @ruler: (transfer none): how wide the columns are
 *
 * Returns: (transfer floating): an empty row
 */
GtkWidget *
assay_change_row_new (AssayJudge *judge,
                      AssayChangeColumns *ruler)
{
  AssayChangeRow *self = g_object_new (ASSAY_TYPE_CHANGE_ROW, NULL);
  GtkLayoutManager *columns = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  assay_change_columns_set_ruler (ASSAY_CHANGE_COLUMNS (columns), ruler);
  self->judge = g_object_ref (judge);
  return GTK_WIDGET (self);
}

/**
 * assay_change_row_get_item:
 *
 * Returns: (transfer none) (nullable): the image that is shown
 */
AssayItem *
assay_change_row_get_item (AssayChangeRow *self)
{
  g_return_val_if_fail (ASSAY_IS_CHANGE_ROW (self), NULL);

  return self->item;
}

/**
 * assay_change_row_update:
 *
 * Shows what the judge knows of the image now.  Whoever has the rows tells it: a list has
 * two hundred of them, and a judge a thousand answers a second.
 */
void
assay_change_row_update (AssayChangeRow *self)
{
  g_return_if_fail (ASSAY_IS_CHANGE_ROW (self));

  update (self);
}

/**
 * assay_change_row_set_item:
 * @item: (nullable) (transfer none): one that both have answered
 */
void
assay_change_row_set_item (AssayChangeRow *self,
                           AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_CHANGE_ROW (self));

  if (!g_set_object (&self->item, item))
    return;
  assay_thumb_set_item (self->thumb, item);
  update (self);
}

/**
 * assay_change_row_set_narrow:
 * @narrow: whether both answers stand below the name
 */
void
assay_change_row_set_narrow (AssayChangeRow *self,
                             gboolean narrow)
{
  g_return_if_fail (ASSAY_IS_CHANGE_ROW (self));

  self->narrow = narrow;
  /* It says all there; elsewhere to wrap it would cost each row its time. */
  gtk_label_set_wrap (self->note, narrow);
  gtk_label_set_ellipsize (self->note, narrow ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_visible (self->side_a, !narrow);
  gtk_widget_set_visible (self->arrow, !narrow);
  gtk_widget_set_visible (self->side_b, !narrow);
  update (self);
}
