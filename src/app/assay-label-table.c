/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-display.h"
#include "assay-label-table.h"

/* Fewer images of a label tell little, and the table says so. */
#define FEW 10

/* ---- one row ---- */

#define ASSAY_TYPE_LABEL_FIGURES_ROW (assay_label_figures_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayLabelFiguresRow, assay_label_figures_row, ASSAY, LABEL_FIGURES_ROW,
                      GObject)

/* A label's figures as they were, or a mean. */
struct _AssayLabelFiguresRow {
  GObject parent_instance;

  char *label;
  double figures[3];          /* precision, recall, F1; NaN for 0 of 0 */
  guint64 support;
  gboolean is_mean;
};

G_DEFINE_FINAL_TYPE (AssayLabelFiguresRow, assay_label_figures_row, G_TYPE_OBJECT)

static void
assay_label_figures_row_finalize (GObject *object)
{
  g_free (ASSAY_LABEL_FIGURES_ROW (object)->label);
  G_OBJECT_CLASS (assay_label_figures_row_parent_class)->finalize (object);
}

static void
assay_label_figures_row_class_init (AssayLabelFiguresRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_label_figures_row_finalize;
}

static void
assay_label_figures_row_init (AssayLabelFiguresRow *self)
{
}

static AssayLabelFiguresRow *
row_new (const char *label,
         double precision,
         double recall,
         double f1,
         guint64 support)
{
  AssayLabelFiguresRow *row = g_object_new (ASSAY_TYPE_LABEL_FIGURES_ROW, NULL);

  row->label = g_strdup (label);
  row->figures[0] = precision;
  row->figures[1] = recall;
  row->figures[2] = f1;
  row->support = support;
  return row;
}

/* ---- the table ---- */

/* The columns after the label's. */
enum {
  PRECISION,
  RECALL,
  F1,
  SUPPORT,
  N_FIGURES
};

struct _AssayLabelTable {
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkColumnView *view;
  GListStore *labels;
  GListStore *means;
  GListModel *shown;          /* the labels in their order, then the means */
};

G_DEFINE_FINAL_TYPE (AssayLabelTable, assay_label_table, GTK_TYPE_WIDGET)

static guint label_activated_signal;

static char *
dup_cell (const AssayLabelFiguresRow *row,
          guint column)
{
  if (column == SUPPORT)
    return g_strdup_printf ("%'" G_GUINT64_FORMAT, row->support);
  if (isnan (row->figures[column]))
    return g_strdup ("–");
  return g_strdup_printf ("%.3f", row->figures[column]);
}

static void
setup_label_cb (GtkSignalListItemFactory *factory,
                GtkListItem *cell,
                gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars (GTK_LABEL (label), 9);
  gtk_list_item_set_child (cell, label);
}

/* The row has the focus, and this GTK has no property for its name. */
static void
name_row (GtkWidget *label,
          const AssayLabelFiguresRow *row)
{
  GtkWidget *cell = gtk_widget_get_parent (label);
  GtkWidget *line = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *precision = dup_cell (row, PRECISION);
  g_autofree char *recall = dup_cell (row, RECALL);
  g_autofree char *f1 = dup_cell (row, F1);
  g_autofree char *support = dup_cell (row, SUPPORT);
  g_autofree char *name = assay_display_text (row->label, -1, 0);
  g_autofree char *spoken = NULL;

  if (line == NULL)
    return;
  spoken = g_strdup_printf (_("%s: precision %s, recall %s, F1 %s, images %s"), name, precision,
                            recall, f1, support);
  gtk_accessible_update_property (GTK_ACCESSIBLE (line),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
bind_label_cb (GtkSignalListItemFactory *factory,
               GtkListItem *cell,
               gpointer data)
{
  AssayLabelFiguresRow *row = gtk_list_item_get_item (cell);
  GtkWidget *label = gtk_list_item_get_child (cell);
  g_autofree char *shown = row->is_mean ? g_strdup (row->label)
                                        : assay_display_text (row->label, -1, 0);

  gtk_label_set_text (GTK_LABEL (label), shown);
  gtk_widget_set_tooltip_text (label, shown);
  name_row (label, row);
  gtk_widget_set_css_classes (label, row->is_mean ? (const char *[]) { "mean", NULL }
                                                  : (const char *[]) { NULL });
}

static void
setup_figure_cb (GtkSignalListItemFactory *factory,
                 GtkListItem *cell,
                 gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);

  /* As the headings stand; figures of three decimals line up all the same. */
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_item_set_child (cell, label);
}

static void
bind_figure_cb (GtkSignalListItemFactory *factory,
                GtkListItem *cell,
                gpointer data)
{
  AssayLabelFiguresRow *row = gtk_list_item_get_item (cell);
  guint column = GPOINTER_TO_UINT (data);
  GtkWidget *label = gtk_list_item_get_child (cell);
  g_autofree char *text = dup_cell (row, column);
  gboolean few = column == SUPPORT && !row->is_mean && row->support < FEW;
  g_autofree char *marked = few ? g_strdup_printf (_("%s, few"), text) : g_strdup (text);

  gtk_label_set_text (GTK_LABEL (label), marked);
  gtk_widget_set_tooltip_text (label, few ? _("Too few images to tell much") : NULL);
  gtk_widget_set_css_classes (label, row->is_mean ? (const char *[]) { "numeric", "mean", NULL }
                                                  : (const char *[]) { "numeric", NULL });
}

static int
compare_labels (gconstpointer a,
                gconstpointer b,
                gpointer data)
{
  return g_utf8_collate (((AssayLabelFiguresRow *) a)->label, ((AssayLabelFiguresRow *) b)->label);
}

static int
compare_figures (gconstpointer a,
                 gconstpointer b,
                 gpointer data)
{
  const AssayLabelFiguresRow *left = a;
  const AssayLabelFiguresRow *right = b;
  guint column = GPOINTER_TO_UINT (data);

  if (column == SUPPORT)
    return left->support < right->support ? -1 : left->support > right->support;
  /* What can't be told counts as nothing, as in the means. */
  return (isnan (left->figures[column]) ? 0 : left->figures[column])
               < (isnan (right->figures[column]) ? 0 : right->figures[column])
           ? -1
           : (isnan (left->figures[column]) ? 0 : left->figures[column])
               > (isnan (right->figures[column]) ? 0 : right->figures[column]);
}

static void
append_column (AssayLabelTable *self,
               const char *title,
               GCallback setup,
               GCallback bind,
               GCompareDataFunc compare,
               gpointer data)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare, data, NULL));

  g_signal_connect (factory, "setup", setup, data);
  g_signal_connect (factory, "bind", bind, data);
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_column_set_expand (column, data == NULL && setup == G_CALLBACK (setup_label_cb));
  gtk_column_view_append_column (self->view, column);
}

static void
activated_cb (GtkColumnView *view,
              guint position,
              AssayLabelTable *self)
{
  g_autoptr (AssayLabelFiguresRow) row = g_list_model_get_item (self->shown, position);

  if (row != NULL && !row->is_mean)
    g_signal_emit (self, label_activated_signal, 0, row->label);
}

static void
assay_label_table_dispose (GObject *object)
{
  AssayLabelTable *self = ASSAY_LABEL_TABLE (object);

  g_clear_object (&self->labels);
  g_clear_object (&self->means);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_LABEL_TABLE);
  G_OBJECT_CLASS (assay_label_table_parent_class)->dispose (object);
}

static void
assay_label_table_class_init (AssayLabelTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_label_table_dispose;
  label_activated_signal = g_signal_new ("label-activated", ASSAY_TYPE_LABEL_TABLE,
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-label-table.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayLabelTable, content);
  gtk_widget_class_bind_template_child (widget_class, AssayLabelTable, view);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_set_css_name (widget_class, "labeltable");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
append_columns (AssayLabelTable *self)
{
  const char *const titles[N_FIGURES] = { _("Precision"), _("Recall"), _("F1"), _("Images") };

  append_column (self, _("Label"), G_CALLBACK (setup_label_cb), G_CALLBACK (bind_label_cb),
                 compare_labels, NULL);
  for (guint i = 0; i < N_FIGURES; i++)
    append_column (self, titles[i], G_CALLBACK (setup_figure_cb), G_CALLBACK (bind_figure_cb),
                   compare_figures, GUINT_TO_POINTER (i));
}

static void
assay_label_table_init (AssayLabelTable *self)
{
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);
  GtkSortListModel *sorted;

  gtk_widget_init_template (GTK_WIDGET (self));
  append_columns (self);
  self->labels = g_list_store_new (ASSAY_TYPE_LABEL_FIGURES_ROW);
  self->means = g_list_store_new (ASSAY_TYPE_LABEL_FIGURES_ROW);
  sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->labels)),
                                    g_object_ref (gtk_column_view_get_sorter (self->view)));
  g_list_store_append (parts, sorted);
  g_list_store_append (parts, self->means);
  g_object_unref (sorted);
  self->shown = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (parts)));
  gtk_column_view_set_model (self->view,
                             GTK_SELECTION_MODEL (gtk_no_selection_new (self->shown)));
}

static void
fill_means (AssayLabelTable *self,
            const AssayFigures *figures)
{
  AssayLabelFiguresRow *rows[2] = {
    row_new (_("Macro mean"), figures->macro.precision, figures->macro.recall, figures->macro.f1,
             figures->n),
    row_new (_("Weighted mean"), figures->weighted.precision, figures->weighted.recall,
             figures->weighted.f1, figures->n),
  };

  for (guint i = 0; i < 2; i++)
    rows[i]->is_mean = TRUE;
  g_list_store_splice (self->means, 0, g_list_model_get_n_items (G_LIST_MODEL (self->means)),
                       (gpointer *) rows, 2);
  for (guint i = 0; i < 2; i++)
    g_object_unref (rows[i]);
}

/**
 * assay_label_table_set_evaluation:
 * @evaluation: (transfer none): whose figures, as they are now
 */
void
assay_label_table_set_evaluation (AssayLabelTable *self,
                                  AssayEvaluation *evaluation)
{
  g_autoptr (GArray) labels = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  AssayFigures figures;

  g_return_if_fail (ASSAY_IS_LABEL_TABLE (self));
  g_return_if_fail (evaluation != NULL);

  labels = assay_evaluation_list_labels (evaluation);
  for (guint i = 0; i < labels->len; i++)
    {
      const AssayLabelFigures *label = &g_array_index (labels, AssayLabelFigures, i);

      g_ptr_array_add (rows, row_new (label->label, label->precision, label->recall, label->f1,
                                      label->support));
    }
  g_list_store_splice (self->labels, 0, g_list_model_get_n_items (G_LIST_MODEL (self->labels)),
                       rows->pdata, rows->len);
  assay_evaluation_get_figures (evaluation, &figures);
  fill_means (self, &figures);
}
