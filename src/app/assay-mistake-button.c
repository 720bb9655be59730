/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-mistake-button.h"
#include "assay-number-label.h"
#include "assay-score-text.h"
#include "assay-thumb.h"
#include "assay-tooltip.h"

struct _AssayMistakeButton {
  GtkButton parent_instance;

  AssayThumb *thumb;
  GtkLabel *answer;
  GtkLabel *score;
  GtkLabel *truth;
};

G_DEFINE_FINAL_TYPE (AssayMistakeButton, assay_mistake_button, GTK_TYPE_BUTTON)

static void
assay_mistake_button_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_MISTAKE_BUTTON);
  G_OBJECT_CLASS (assay_mistake_button_parent_class)->dispose (object);
}

static void
assay_mistake_button_class_init (AssayMistakeButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_mistake_button_dispose;
  g_type_ensure (ASSAY_TYPE_THUMB);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-mistake-button.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayMistakeButton, thumb);
  gtk_widget_class_bind_template_child (widget_class, AssayMistakeButton, answer);
  gtk_widget_class_bind_template_child (widget_class, AssayMistakeButton, score);
  gtk_widget_class_bind_template_child (widget_class, AssayMistakeButton, truth);
}

static void
assay_mistake_button_init (AssayMistakeButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_mistake_button_new:
 *
 * Returns: (transfer floating): a button of no image, which is hidden
 */
GtkWidget *
assay_mistake_button_new (void)
{
  return g_object_new (ASSAY_TYPE_MISTAKE_BUTTON, "visible", FALSE, NULL);
}

/**
 * assay_mistake_button_get_item:
 *
 * Returns: (transfer none) (nullable): the image
 */
AssayItem *
assay_mistake_button_get_item (AssayMistakeButton *self)
{
  g_return_val_if_fail (ASSAY_IS_MISTAKE_BUTTON (self), NULL);

  return assay_thumb_get_item (self->thumb);
}

static void
say (AssayMistakeButton *self,
     AssayItem *item,
     const AssayPrediction *prediction)
{
  AssayScale scale = assay_prediction_get_scale (prediction);
  double value = assay_prediction_get_score (prediction, 0);
  g_autofree char *answer = assay_display_text (assay_prediction_get_label (prediction, 0), -1, 0);
  g_autofree char *truth = assay_display_text (assay_item_get_truth (item), -1, 0);
  g_autofree char *score = assay_score_dup_text (scale, value);
  g_autofree char *truth_text = g_strdup_printf (_("truth: %s"), truth);
  g_autofree char *heard = assay_score_dup_spoken (scale, answer, value);
  /* Translators: "tulips, 87.4 percent; the truth is roses; IMG_1.jpg" */
  g_autofree char *spoken = g_strdup_printf (_("%s; the truth is %s; %s"), heard, truth,
                                             assay_item_get_name (item));

  gtk_label_set_text (self->answer, answer);
  assay_number_label_set (self->score, score);
  gtk_label_set_text (self->truth, truth_text);
  assay_tooltip_set (GTK_WIDGET (self), assay_item_get_name (item));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
}

/**
 * assay_mistake_button_show:
 * @item: (nullable) (transfer none): an image with a truth; %NULL hides the button
 * @target: (nullable): whose answer is shown; without one the button is hidden
 */
void
assay_mistake_button_show (AssayMistakeButton *self,
                           AssayItem *item,
                           AssayTarget *target)
{
  AssayAnswer *answer;
  AssayPrediction *prediction;

  g_return_if_fail (ASSAY_IS_MISTAKE_BUTTON (self));
  g_return_if_fail (item == NULL || ASSAY_IS_ITEM (item));

  answer = item != NULL && target != NULL ? assay_item_find_answer (item, target) : NULL;
  prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;
  if (prediction == NULL || assay_item_get_truth (item) == NULL)
    item = NULL;
  assay_thumb_set_item (self->thumb, item);
  gtk_widget_set_visible (GTK_WIDGET (self), item != NULL);
  if (item != NULL)
    say (self, item, prediction);
}
