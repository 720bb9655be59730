/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-confusion-chart.h"
#include "assay-fold-box.h"
#include "assay-picture-menu.h"

struct _AssayConfusionChart {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkDropDown *choice;
  AssayConfusionMatrix *matrix;
  GtkLabel *sentence;
  GtkLabel *note;

  gboolean pointed;         /* the sentence is that of a cell that somebody points at */
  guint row;
  guint column;
};

G_DEFINE_FINAL_TYPE (AssayConfusionChart, assay_confusion_chart, GTK_TYPE_WIDGET)

enum {
  CELL_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
say (AssayConfusionChart *self,
     guint row,
     guint column)
{
  g_autofree char *sentence = assay_confusion_matrix_dup_sentence (self->matrix, row, column);

  self->row = row;
  self->column = column;
  assay_confusion_matrix_mark (self->matrix, row, column);
  gtk_label_set_text (self->sentence, sentence);
}

/* Nobody points at a cell: the most frequent mistake is what a person looks for. */
static void
say_worst (AssayConfusionChart *self)
{
  guint row, column;

  self->pointed = FALSE;
  if (assay_confusion_matrix_find_worst (self->matrix, &row, &column))
    {
      say (self, row, column);
      return;
    }
  assay_confusion_matrix_mark (self->matrix, G_MAXUINT, G_MAXUINT);
  gtk_label_set_text (self->sentence,
                      assay_chart_field_get_n_rows (
                        assay_confusion_matrix_get_field (self->matrix)) > 0
                        ? _("No mistakes")
                        : "");
}

static void
pointed_cb (AssayConfusionChart *self,
            guint row,
            guint column)
{
  self->pointed = TRUE;
  say (self, row, column);
}

static void
left_cb (AssayConfusionChart *self)
{
  say_worst (self);
}

static void
activated_cb (AssayConfusionChart *self,
              guint row,
              guint column)
{
  g_signal_emit (self, signals[CELL_ACTIVATED], 0, row, column);
}

static void
choice_cb (AssayConfusionChart *self)
{
  assay_confusion_matrix_set_shares (self->matrix, gtk_drop_down_get_selected (self->choice));
  if (self->pointed)
    say (self, self->row, self->column);
  else
    say_worst (self);
}

static void
assay_confusion_chart_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_CONFUSION_CHART);
  G_OBJECT_CLASS (assay_confusion_chart_parent_class)->dispose (object);
}

static void
assay_confusion_chart_class_init (AssayConfusionChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_confusion_chart_dispose;
  signals[CELL_ACTIVATED] =
    g_signal_new ("cell-activated", ASSAY_TYPE_CONFUSION_CHART, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);

  g_type_ensure (ASSAY_TYPE_CONFUSION_MATRIX);
  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  gtk_widget_class_set_css_name (widget_class, "confusionchart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-confusion-chart.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayConfusionChart, box);
  gtk_widget_class_bind_template_child (widget_class, AssayConfusionChart, choice);
  gtk_widget_class_bind_template_child (widget_class, AssayConfusionChart, matrix);
  gtk_widget_class_bind_template_child (widget_class, AssayConfusionChart, sentence);
  gtk_widget_class_bind_template_child (widget_class, AssayConfusionChart, note);
  gtk_widget_class_bind_template_callback (widget_class, choice_cb);
}

static void
assay_confusion_chart_init (AssayConfusionChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  assay_picture_menu_add (GTK_WIDGET (self), "confusion-chart", _("Confusion"), &self->box, 1);
  g_signal_connect_swapped (self->matrix, "cell-pointed", G_CALLBACK (pointed_cb), self);
  g_signal_connect_swapped (self->matrix, "cell-activated", G_CALLBACK (activated_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->matrix), motion);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->matrix), focus);
}

/**
 * assay_confusion_chart_new:
 *
 * Returns: (transfer floating): a chart of nothing
 */
GtkWidget *
assay_confusion_chart_new (void)
{
  return g_object_new (ASSAY_TYPE_CONFUSION_CHART, NULL);
}

/**
 * assay_confusion_chart_get_matrix:
 *
 * Returns: (transfer none): the matrix in it
 */
AssayConfusionMatrix *
assay_confusion_chart_get_matrix (AssayConfusionChart *self)
{
  g_return_val_if_fail (ASSAY_IS_CONFUSION_CHART (self), NULL);

  return self->matrix;
}

/**
 * assay_confusion_chart_get_sentence:
 *
 * Returns: (transfer none): what is said below the matrix
 */
const char *
assay_confusion_chart_get_sentence (AssayConfusionChart *self)
{
  g_return_val_if_fail (ASSAY_IS_CONFUSION_CHART (self), NULL);

  return gtk_label_get_text (self->sentence);
}

/**
 * assay_confusion_chart_set_counts:
 * @labels: (array length=n): the labels, in the order wanted
 * @n: how many; in a narrow window ten stay legible, otherwise 20
 * @counts: (n + 1)² counts, as of assay_evaluation_dup_matrix()
 *
 * As cheap as the cells that are drawn, so that it can follow a run.
 */
void
assay_confusion_chart_set_counts (AssayConfusionChart *self,
                                  const char *const *labels,
                                  guint n,
                                  const guint64 *counts)
{
  AssayChartField *field;

  g_return_if_fail (ASSAY_IS_CONFUSION_CHART (self));

  field = assay_confusion_matrix_get_field (self->matrix);
  assay_confusion_matrix_set_counts (self->matrix, labels, n, counts);
  if (self->pointed && self->row < assay_chart_field_get_n_rows (field)
      && self->column < assay_chart_field_get_n_columns (field))
    say (self, self->row, self->column);
  else
    say_worst (self);
}

/**
 * assay_confusion_chart_set_shares:
 * @shares: what stands in the cells
 */
void
assay_confusion_chart_set_shares (AssayConfusionChart *self,
                                  AssayConfusionShares shares)
{
  g_return_if_fail (ASSAY_IS_CONFUSION_CHART (self));

  gtk_drop_down_set_selected (self->choice, shares);
}

/**
 * assay_confusion_chart_set_note:
 * @note: (nullable): which images aren't scored, "3 without truth, 1 failed"
 */
void
assay_confusion_chart_set_note (AssayConfusionChart *self,
                                const char *note)
{
  g_return_if_fail (ASSAY_IS_CONFUSION_CHART (self));

  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
}
