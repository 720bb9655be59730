/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-chips.h"
#include "assay-display.h"
#include "assay-wrap-box.h"

struct _AssayChips {
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkToggleButton *all;
  GtkToggleButton *unsure;
  GtkToggleButton *errors;
  GtkToggleButton *wrong;
  GtkToggleButton *subset;
  GtkLabel *all_count;
  GtkLabel *unsure_count;
  GtkLabel *errors_count;
  GtkLabel *wrong_count;
  GtkLabel *subset_title;
  GtkLabel *subset_count;
  GtkWidget *label_button;
  GtkLabel *label_title;
  GtkLabel *label_count;
  GtkPopover *label_popover;
  GtkListBox *label_list;

  AssayCollection *collection;
  AssayRows *rows;
  AssayJudge *judge;             /* (nullable) */
  AssayTruths *truths;           /* (nullable) */
  char **labels;                 /* (nullable) those in the open menu */
};

G_DEFINE_FINAL_TYPE (AssayChips, assay_chips, GTK_TYPE_WIDGET)

static guint
count_errors (AssayCollection *collection)
{
  return assay_collection_count_state (collection, ASSAY_ANSWER_FAILED)
         + assay_collection_count_state (collection, ASSAY_ANSWER_REJECTED);
}

static void
show_count (GtkToggleButton *chip,
            GtkLabel *label,
            const char *name,
            guint count)
{
  g_autofree char *number = g_strdup_printf ("%'u", count);
  g_autofree char *spoken = g_strdup_printf ("%s %u", name, count);

  gtk_label_set_text (label, number);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
show_label (AssayChips *self)
{
  const char *label = assay_rows_get_label (self->rows);
  g_autofree char *safe = NULL;
  g_autofree char *count = NULL;
  g_autofree char *spoken = NULL;

  if (label == NULL)
    {
      gtk_label_set_text (self->label_title, _("Label"));
      gtk_widget_set_visible (GTK_WIDGET (self->label_count), FALSE);
      gtk_widget_remove_css_class (self->label_button, "active");
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->label_button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, _("Label"), -1);
      return;
    }
  safe = assay_display_text (label, -1, 0);
  count = g_strdup_printf ("%'u", assay_collection_count_label (self->collection, label));
  spoken = g_strdup_printf (_("Label %s, %s"), safe, count);
  gtk_label_set_text (self->label_title, safe);
  gtk_label_set_text (self->label_count, count);
  gtk_widget_set_visible (GTK_WIDGET (self->label_count), TRUE);
  gtk_widget_add_css_class (self->label_button, "active");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->label_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* Only where something is known of the truth. */
static void
show_wrong (AssayChips *self,
            AssayRowFilter filter)
{
  gboolean known = self->truths != NULL && assay_truths_count_known (self->truths) > 0;

  gtk_widget_set_visible (GTK_WIDGET (self->wrong), known || filter == ASSAY_ROW_FILTER_WRONG);
  gtk_toggle_button_set_active (self->wrong, filter == ASSAY_ROW_FILTER_WRONG);
  if (known)
    show_count (self->wrong, self->wrong_count, _("Wrong"), assay_judge_count_wrong (self->judge));
}

static void
update (AssayChips *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->collection));
  AssayRowFilter filter = assay_rows_get_filter (self->rows);

  show_count (self->all, self->all_count, _("All"), n);
  show_count (self->unsure, self->unsure_count, _("Unsure"),
              assay_collection_count_unsure (self->collection));
  show_count (self->errors, self->errors_count, _("Errors"), count_errors (self->collection));
  show_wrong (self, filter);
  show_label (self);
  gtk_widget_set_visible (GTK_WIDGET (self->subset), filter == ASSAY_ROW_FILTER_SUBSET);
  gtk_toggle_button_set_active (self->subset, filter == ASSAY_ROW_FILTER_SUBSET);
  gtk_toggle_button_set_active (self->all, filter == ASSAY_ROW_FILTER_ALL);
  gtk_toggle_button_set_active (self->unsure, filter == ASSAY_ROW_FILTER_UNSURE);
  gtk_toggle_button_set_active (self->errors, filter == ASSAY_ROW_FILTER_ERRORS);
}

/* A click on the chip that is down leads back to all. */
static void
chip_clicked_cb (GtkToggleButton *chip,
                 AssayChips *self)
{
  AssayRowFilter filter = ASSAY_ROW_FILTER_ALL;

  if (chip == self->unsure && gtk_toggle_button_get_active (chip))
    filter = ASSAY_ROW_FILTER_UNSURE;
  else if (chip == self->errors && gtk_toggle_button_get_active (chip))
    filter = ASSAY_ROW_FILTER_ERRORS;
  else if (chip == self->wrong && gtk_toggle_button_get_active (chip))
    filter = ASSAY_ROW_FILTER_WRONG;
  assay_chips_choose (self, filter, NULL);
}

static GtkWidget *
label_row_new (AssayChips *self,
               const char *label,
               const char *title,
               guint count,
               gboolean chosen)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *check = g_object_new (GTK_TYPE_IMAGE,
                                  "icon-name", "object-select-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                  NULL);
  GtkWidget *name = gtk_label_new (title);
  g_autofree char *number = g_strdup_printf ("%'u", count);
  g_autofree char *spoken =
    g_strdup_printf (chosen ? _("%s, %s, chosen") : "%s, %s", title, number);
  GtkWidget *figure = gtk_label_new (number);
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 30);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (figure, "numeric");
  gtk_widget_add_css_class (figure, "dim-label");
  gtk_widget_set_opacity (check, chosen ? 1 : 0);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), figure);
  gtk_box_append (GTK_BOX (box), check);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

/* Made when the menu opens: a service may know a thousand labels. */
static void
labels_shown_cb (AssayChips *self)
{
  const char *chosen = assay_rows_get_label (self->rows);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->label_list, 0)) != NULL)
    gtk_list_box_remove (self->label_list, GTK_WIDGET (row));
  g_clear_pointer (&self->labels, g_strfreev);
  self->labels = assay_collection_dup_labels (self->collection);

  gtk_list_box_append (self->label_list,
                       label_row_new (self, NULL, _("All Labels"),
                                      g_list_model_get_n_items (G_LIST_MODEL (self->collection)),
                                      chosen == NULL));
  for (guint i = 0; self->labels[i] != NULL; i++)
    {
      const char *label = self->labels[i];
      g_autofree char *safe = assay_display_text (label, -1, 0);

      gtk_list_box_append (self->label_list,
                           label_row_new (self, label, safe,
                                          assay_collection_count_label (self->collection, label),
                                          g_strcmp0 (label, chosen) == 0));
    }
}

static void
label_activated_cb (GtkListBox *list,
                    GtkListBoxRow *row,
                    AssayChips *self)
{
  int index = gtk_list_box_row_get_index (row);

  gtk_popover_popdown (self->label_popover);
  if (index == 0)
    assay_chips_choose (self, ASSAY_ROW_FILTER_ALL, NULL);
  else
    assay_chips_choose (self, ASSAY_ROW_FILTER_LABEL, self->labels[index - 1]);
}

static void
assay_chips_dispose (GObject *object)
{
  AssayChips *self = ASSAY_CHIPS (object);

  g_clear_object (&self->rows);
  g_clear_object (&self->collection);
  g_clear_object (&self->judge);
  g_clear_object (&self->truths);
  g_clear_pointer (&self->labels, g_strfreev);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CHIPS);
  G_OBJECT_CLASS (assay_chips_parent_class)->dispose (object);
}

static void
assay_chips_class_init (AssayChipsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_chips_dispose;

  g_type_ensure (ASSAY_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-chips.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayChips, content);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, all);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, unsure);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, errors);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, all_count);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, unsure_count);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, errors_count);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, wrong);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, wrong_count);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, subset);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, subset_title);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, subset_count);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, label_button);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, label_title);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, label_count);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, label_popover);
  gtk_widget_class_bind_template_child (widget_class, AssayChips, label_list);
  gtk_widget_class_bind_template_callback (widget_class, chip_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, labels_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, label_activated_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "assay-chips");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_chips_init (AssayChips *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_chips_set_model:
 * @collection: (transfer none): whose counts are shown
 * @rows: (transfer none): whose filter is chosen
 */
void
assay_chips_set_model (AssayChips *self,
                       AssayCollection *collection,
                       AssayRows *rows)
{
  g_return_if_fail (ASSAY_IS_CHIPS (self));
  g_return_if_fail (self->collection == NULL);

  self->collection = g_object_ref (collection);
  self->rows = g_object_ref (rows);
  g_signal_connect_object (collection, "counts-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

/**
 * assay_chips_choose:
 * @filter: which chip
 * @label: (nullable): with %ASSAY_ROW_FILTER_LABEL, which label
 */
void
assay_chips_choose (AssayChips *self,
                    AssayRowFilter filter,
                    const char *label)
{
  g_return_if_fail (ASSAY_IS_CHIPS (self));

  assay_rows_set_filter (self->rows, filter, label);
  update (self);
}

/**
 * assay_chips_set_judge:
 * @judge: (transfer none): who tells what is wrong
 * @truths: (transfer none): whether anything is known to be; once, after
 *   assay_chips_set_model()
 */
void
assay_chips_set_judge (AssayChips *self,
                       AssayJudge *judge,
                       AssayTruths *truths)
{
  g_return_if_fail (ASSAY_IS_CHIPS (self));
  g_return_if_fail (self->judge == NULL && self->rows != NULL);

  self->judge = g_object_ref (judge);
  self->truths = g_object_ref (truths);
  g_signal_connect_object (judge, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (truths, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (truths, "item-changed", G_CALLBACK (assay_rows_update), self->rows,
                           G_CONNECT_SWAPPED);
  update (self);
}

/**
 * assay_chips_choose_subset:
 * @title: what these have in common
 * @items: (element-type AssayItem): of the collection
 *
 * Shows just these until another chip is chosen.
 */
void
assay_chips_choose_subset (AssayChips *self,
                           const char *title,
                           GPtrArray *items)
{
  g_return_if_fail (ASSAY_IS_CHIPS (self));
  g_return_if_fail (title != NULL && items != NULL);

  gtk_label_set_text (self->subset_title, title);
  show_count (self->subset, self->subset_count, title, items->len);
  assay_rows_set_subset (self->rows, items);
  update (self);
}
