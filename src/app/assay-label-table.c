/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-fold-box.h"
#include "assay-label-cell.h"
#include "assay-label-line.h"
#include "assay-label-table.h"
#include "assay-picture-menu.h"

/* A list makes this many rows at once, however few of them are seen.  They are given to it
 * a step at a time, so that no main loop turn is long. */
#define ROWS 200
#define STEP 16

/* Invariant: lines holds the same as labels, by name. */
struct _AssayLabelTable {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkColumnView *view;

  GListStore *labels;       /* (element-type AssayLabelLine) */
  GHashTable *lines;        /* (element-type utf8 AssayLabelLine) */
  AssayLabelLine *accuracy;
  AssayLabelLine *macro;
  AssayLabelLine *weighted;
  GtkSliceListModel *slice; /* of the sorted labels */
  GtkSelectionModel *rows;
  guint grow_source;
};

G_DEFINE_FINAL_TYPE (AssayLabelTable, assay_label_table, GTK_TYPE_WIDGET)

static guint label_activated_signal;

/* ---- cells ---- */

/* The column of names, 0, stands before those of the figures. */
static guint
get_column (gpointer column)
{
  return GPOINTER_TO_UINT (column);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *item,
          gpointer column)
{
  gtk_list_item_set_child (item, get_column (column) == 0
                                   ? assay_label_cell_new_name ()
                                   : assay_label_cell_new_figure (get_column (column) - 1));
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *item)
{
  AssayLabelLine *line = gtk_list_item_get_item (item);

  gtk_list_item_set_activatable (item, assay_label_line_get_label (line) != NULL);
  assay_label_cell_set_line (ASSAY_LABEL_CELL (gtk_list_item_get_child (item)), line);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem *item)
{
  assay_label_cell_set_line (ASSAY_LABEL_CELL (gtk_list_item_get_child (item)), NULL);
}

/* ---- the order ---- */

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer data)
{
  return g_utf8_collate (assay_label_line_get_name ((AssayLabelLine *) a),
                         assay_label_line_get_name ((AssayLabelLine *) b));
}

/* What can't be told comes before everything that can. */
static int
compare_figures (gconstpointer a,
                 gconstpointer b,
                 gpointer column)
{
  double left = assay_label_line_get_figure ((AssayLabelLine *) a, get_column (column) - 1);
  double right = assay_label_line_get_figure ((AssayLabelLine *) b, get_column (column) - 1);

  if (isnan (left) || isnan (right))
    return isnan (left) ? (isnan (right) ? 0 : -1) : 1;
  return left < right ? -1 : left > right;
}

static void
add_column (AssayLabelTable *self,
            guint column,
            const char *title)
{
  gpointer data = GUINT_TO_POINTER (column);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) view_column = gtk_column_view_column_new (title, factory);
  g_autoptr (GtkSorter) sorter =
    GTK_SORTER (gtk_custom_sorter_new (column == 0 ? compare_names : compare_figures, data, NULL));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), data);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_column_view_column_set_sorter (view_column, sorter);
  gtk_column_view_column_set_expand (view_column, column == 0);
  gtk_column_view_append_column (self->view, view_column);
}

/* A title stands above its numbers.  There is no property for that; where the header is
 * built otherwise, titles stay at the start. */
static void
align_titles (AssayLabelTable *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;

  for (guint i = 0; title != NULL; i++, title = gtk_widget_get_next_sibling (title))
    {
      GtkWidget *content = gtk_widget_get_first_child (title);

      if (i > 0 && GTK_IS_BOX (content))
        gtk_widget_set_halign (content, GTK_ALIGN_END);
    }
}

static GListModel *
join (AssayLabelTable *self)
{
  GListStore *means = g_list_store_new (ASSAY_TYPE_LABEL_LINE);
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);
  GtkSorter *sorter = g_object_ref (gtk_column_view_get_sorter (self->view));
  GtkSortListModel *sorted =
    gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->labels)), sorter);

  self->slice = gtk_slice_list_model_new (G_LIST_MODEL (sorted), 0, STEP);
  g_list_store_append (means, self->accuracy);
  g_list_store_append (means, self->macro);
  g_list_store_append (means, self->weighted);
  g_list_store_append (parts, self->slice);
  g_list_store_append (parts, means);
  g_object_unref (means);
  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (parts)));
}

static void
activate_cb (AssayLabelTable *self,
             guint position)
{
  g_autoptr (AssayLabelLine) line = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  if (line != NULL && assay_label_line_get_label (line) != NULL)
    g_signal_emit (self, label_activated_signal, 0, assay_label_line_get_label (line));
}

static void
assay_label_table_dispose (GObject *object)
{
  AssayLabelTable *self = ASSAY_LABEL_TABLE (object);

  g_clear_handle_id (&self->grow_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_LABEL_TABLE);
  g_clear_object (&self->slice);
  g_clear_object (&self->rows);
  g_clear_object (&self->accuracy);
  g_clear_object (&self->macro);
  g_clear_object (&self->weighted);
  g_clear_object (&self->labels);
  g_clear_pointer (&self->lines, g_hash_table_unref);
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

  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  gtk_widget_class_set_css_name (widget_class, "labeltable");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-label-table.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayLabelTable, box);
  gtk_widget_class_bind_template_child (widget_class, AssayLabelTable, view);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
assay_label_table_init (AssayLabelTable *self)
{
  self->labels = g_list_store_new (ASSAY_TYPE_LABEL_LINE);
  self->lines = g_hash_table_new (g_str_hash, g_str_equal);
  self->accuracy = assay_label_line_new_mean (_("Accuracy"));
  self->macro = assay_label_line_new_mean (_("Macro mean"));
  self->weighted = assay_label_line_new_mean (_("Weighted mean"));
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_picture_menu_add (GTK_WIDGET (self), "label-table", _("By Label"), &self->box, 1);
  add_column (self, 0, _("Label"));
  add_column (self, 1 + ASSAY_LABEL_PRECISION, _("Precision"));
  add_column (self, 1 + ASSAY_LABEL_RECALL, _("Recall"));
  add_column (self, 1 + ASSAY_LABEL_F1, _("F1"));
  add_column (self, 1 + ASSAY_LABEL_SUPPORT, _("Images"));
  align_titles (self);
  self->rows = GTK_SELECTION_MODEL (gtk_no_selection_new (join (self)));
  gtk_column_view_set_model (self->view, self->rows);
}

/**
 * assay_label_table_get_lines:
 *
 * Returns: (transfer none) (element-type AssayLabelLine): the lines as they stand there
 */
GListModel *
assay_label_table_get_lines (AssayLabelTable *self)
{
  g_return_val_if_fail (ASSAY_IS_LABEL_TABLE (self), NULL);

  return G_LIST_MODEL (self->rows);
}

/* Whether the labels are the ones that the lines are of. */
static gboolean
has_same_labels (AssayLabelTable *self,
                 GArray *labels)
{
  if (g_hash_table_size (self->lines) != labels->len)
    return FALSE;
  for (guint i = 0; i < labels->len; i++)
    if (!g_hash_table_contains (self->lines, g_array_index (labels, AssayLabelFigures, i).label))
      return FALSE;
  return TRUE;
}

static gboolean
set_label (AssayLabelLine *line,
           const AssayLabelFigures *label)
{
  const AssayAverages figures = { label->precision, label->recall, label->f1 };

  return assay_label_line_set (line, &figures, label->support);
}

static gboolean
grow_cb (gpointer data)
{
  AssayLabelTable *self = data;
  guint size = gtk_slice_list_model_get_size (self->slice) + STEP;

  gtk_slice_list_model_set_size (self->slice, size > ROWS ? G_MAXUINT : size);
  if (size <= ROWS)
    return G_SOURCE_CONTINUE;
  self->grow_source = 0;
  return G_SOURCE_REMOVE;
}

static void
queue_growth (AssayLabelTable *self)
{
  guint size = gtk_slice_list_model_get_size (self->slice);

  if (self->grow_source == 0 && g_hash_table_size (self->lines) > size)
    self->grow_source = g_idle_add (grow_cb, self);
}

static gboolean
is_at_top (AssayLabelTable *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  return adjustment == NULL || gtk_adjustment_get_value (adjustment) <= 0;
}

/* What comes before the lines that are seen would push them down; a person who has not
 * scrolled is to see the first ones. */
static void
splice_labels (AssayLabelTable *self,
               GPtrArray *lines)
{
  gboolean at_top = is_at_top (self);

  if (at_top)
    gtk_column_view_set_model (self->view, NULL);
  g_list_store_splice (self->labels, 0, g_list_model_get_n_items (G_LIST_MODEL (self->labels)),
                       lines->pdata, lines->len);
  if (at_top)
    gtk_column_view_set_model (self->view, self->rows);
}

/* Labels come while a run goes on, now and then; their lines are made anew at once. */
static void
replace_lines (AssayLabelTable *self,
               GArray *labels)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < labels->len; i++)
    {
      const AssayLabelFigures *label = &g_array_index (labels, AssayLabelFigures, i);
      AssayLabelLine *line = g_hash_table_lookup (self->lines, label->label);

      line = line != NULL ? g_object_ref (line) : assay_label_line_new (label->label);
      set_label (line, label);
      g_ptr_array_add (lines, line);
    }
  g_hash_table_remove_all (self->lines);
  for (guint i = 0; i < lines->len; i++)
    {
      AssayLabelLine *line = g_ptr_array_index (lines, i);

      g_hash_table_insert (self->lines, (char *) assay_label_line_get_label (line), line);
    }
  splice_labels (self, lines);
  queue_growth (self);
}

static void
update_lines (AssayLabelTable *self,
              GArray *labels)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);
  gboolean changed = FALSE;

  for (guint i = 0; i < labels->len; i++)
    {
      const AssayLabelFigures *label = &g_array_index (labels, AssayLabelFigures, i);

      changed |= set_label (g_hash_table_lookup (self->lines, label->label), label);
    }
  /* By no column there is nothing to sort. */
  if (changed && gtk_sorter_get_order (sorter) != GTK_SORTER_ORDER_NONE)
    gtk_sorter_changed (sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

/**
 * assay_label_table_set_figures:
 * @labels: (element-type AssayLabelFigures): as of assay_evaluation_list_labels()
 *
 * As long as the number of labels; only the lines that are seen are drawn.
 */
void
assay_label_table_set_figures (AssayLabelTable *self,
                               const AssayFigures *figures,
                               GArray *labels)
{
  g_return_if_fail (ASSAY_IS_LABEL_TABLE (self));

  if (has_same_labels (self, labels))
    update_lines (self, labels);
  else
    replace_lines (self, labels);
  assay_label_line_set_f1 (self->accuracy, figures->accuracy.value, figures->n);
  assay_label_line_set (self->macro, &figures->macro, figures->n);
  assay_label_line_set (self->weighted, &figures->weighted, figures->n);
}
