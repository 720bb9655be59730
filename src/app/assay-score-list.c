/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-score-list.h"
#include "assay-score-row.h"
#include "assay-score-text.h"

struct _AssayScoreList {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkEditable *search;
  GtkFilterListModel *shown;
  GtkStack *stack;
};

G_DEFINE_FINAL_TYPE (AssayScoreList, assay_score_list, GTK_TYPE_WIDGET)

static char *
choose_page_cb (AssayScoreList *self,
                guint n_shown)
{
  return g_strdup (n_shown > 0 ? "labels" : "nothing");
}

static void
assay_score_list_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_SCORE_LIST);
  G_OBJECT_CLASS (assay_score_list_parent_class)->dispose (object);
}

static void
assay_score_list_class_init (AssayScoreListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_score_list_dispose;

  g_type_ensure (ASSAY_TYPE_SCORE_ROW);
  gtk_widget_class_set_css_name (widget_class, "scorelist");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-score-list.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayScoreList, box);
  gtk_widget_class_bind_template_child (widget_class, AssayScoreList, search);
  gtk_widget_class_bind_template_child (widget_class, AssayScoreList, shown);
  gtk_widget_class_bind_template_child (widget_class, AssayScoreList, stack);
  gtk_widget_class_bind_template_callback (widget_class, choose_page_cb);
}

static void
assay_score_list_init (AssayScoreList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_score_list_new:
 * @prediction: what to list
 *
 * Returns: (transfer floating): the list, best first
 */
GtkWidget *
assay_score_list_new (AssayPrediction *prediction)
{
  AssayScoreList *self;
  g_autoptr (GListStore) store = g_list_store_new (ASSAY_TYPE_SCORE_ROW);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree guint *order = NULL;

  g_return_val_if_fail (prediction != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_SCORE_LIST, NULL);
  order = assay_score_order_new (prediction);
  for (guint i = 0; i < assay_prediction_get_n (prediction); i++)
    g_ptr_array_add (rows, assay_score_row_new (prediction, order[i]));
  g_list_store_splice (store, 0, 0, rows->pdata, rows->len);
  gtk_filter_list_model_set_model (self->shown, G_LIST_MODEL (store));
  return GTK_WIDGET (self);
}

/**
 * assay_score_list_get_n_shown:
 *
 * Returns: how many labels match what is searched for
 */
guint
assay_score_list_get_n_shown (AssayScoreList *self)
{
  g_return_val_if_fail (ASSAY_IS_SCORE_LIST (self), 0);

  return g_list_model_get_n_items (G_LIST_MODEL (self->shown));
}

/**
 * assay_score_list_search:
 * @text: part of a label
 *
 * Types @text into the search entry.
 */
void
assay_score_list_search (AssayScoreList *self,
                         const char *text)
{
  g_return_if_fail (ASSAY_IS_SCORE_LIST (self));
  g_return_if_fail (text != NULL);

  gtk_editable_set_text (self->search, text);
}
