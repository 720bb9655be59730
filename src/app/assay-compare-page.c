/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "assay-change-detail.h"
#include "assay-change-head.h"
#include "assay-change-row.h"
#include "assay-changes.h"
#include "assay-compare-page.h"
#include "assay-comparison-text.h"
#include "assay-display.h"
#include "assay-facts-text.h"
#include "assay-scroller.h"
#include "assay-target-picker.h"
#include "assay-tooltip.h"
#include "assay-truth-bar.h"
#include "assay-wrap-box.h"

/* The figures are told so often at most, however fast answers come. */
#define TELL_MILLISECONDS 250

/* Labels of one side alone that are named. */
#define MAX_LABELS 5

#define N_CHIPS 4

/* A list makes two hundred rows at once, however few of them are seen.  It is given those
 * that are, and then the others a few at a time, until it has made them all. */
#define FIRST_ROWS 16
#define STEP_ROWS 8
#define ROWS 220

/* What is left to the list where the sentences above it fill the window. */
#define LEAST_LIST 120

/* Invariant: item is one that both have answered, or NULL. */
struct _AssayComparePage {
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkLabel *headline;
  GtkLabel *line;
  GtkLabel *more;
  GtkWidget *accuracies;
  GtkLabel *accuracy_name_a;
  GtkLabel *accuracy_name_b;
  GtkLevelBar *accuracy_bar_a;
  GtkLevelBar *accuracy_bar_b;
  GtkLabel *accuracy_a;
  GtkLabel *accuracy_b;
  GtkToggleButton *regressed;
  GtkToggleButton *fixed;
  GtkToggleButton *changed;
  GtkToggleButton *same;
  GtkLabel *regressed_count;
  GtkLabel *fixed_count;
  GtkLabel *changed_count;
  GtkLabel *same_count;
  AssayTargetPicker *picker_a;
  AssayTargetPicker *picker_b;
  AdwLeaflet *leaflet;
  GtkWidget *list_side;
  GtkStack *stack;
  GtkLabel *nothing;
  AssayChangeHead *head;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  AssayChangeDetail *detail;

  AssaySession *session;
  AssayChanges *changes;
  GtkMultiSelection *selection;
  AssayItem *item;               /* (nullable) */
  guint tell_source;
  guint settle_source;
  guint fit_source;
  guint grow_source;
  GHashTable *rows;              /* AssayItem → AssayChangeRow, of those that the list shows */
  gboolean narrow;
  gboolean updating;
  GtkSliceListModel *slice;      /* (nullable): of the changes, those that the list has rows for */
  gboolean to_top;               /* the list is to show its first rows */
};

G_DEFINE_FINAL_TYPE (AssayComparePage, assay_compare_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_ITEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint copied_signal;

/* ---- the sentences ---- */

/* "Of the 60 with a known truth, version 2 is right on 54 and version 1 on 49." */
static char *
dup_line (const AssayComparisonFigures *figures,
          const char *a,
          const char *b,
          const char *verdict)
{
  guint right_a = figures->both_right + figures->only_a;
  guint right_b = figures->both_right + figures->only_b;

  if (figures->n_truth == 0)
    return g_strdup (_("Say what some of them show, and it is told which version is right more "
                       "often"));
  if (figures->verdict == ASSAY_VERDICT_CANNOT_TELL)
    return g_strdup_printf (_("Of the %u with a known truth, %s is right on %u and %s on %u. %s."),
                            (guint) figures->n_truth, b, right_b, a, right_a, verdict);
  return g_strdup_printf (_("Of the %u with a known truth, %s is right on %u and %s on %u."),
                          (guint) figures->n_truth, b, right_b, a, right_a);
}

static void
append_sentence (GString *text,
                 char *sentence)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", sentence);
  g_free (sentence);
}

static void
append_labels (AssayComparePage *self,
               GString *text,
               gboolean of_b)
{
  AssayJudge *judge = assay_session_get_judge (self->session);
  g_autoptr (GPtrArray) labels =
    assay_comparison_list_apart (assay_judge_get_comparison (judge), of_b);
  g_autofree char *name = assay_session_dup_side_name (self->session, !of_b, FALSE);
  g_autoptr (GString) list = g_string_new (NULL);

  if (labels->len == 0 || name == NULL)
    return;
  for (guint i = 0; i < MIN (labels->len, MAX_LABELS); i++)
    {
      g_autofree char *label = assay_display_text (g_ptr_array_index (labels, i), -1, 0);

      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", label);
    }
  if (labels->len > MAX_LABELS)
    g_string_append (list, "…");
  append_sentence (text, g_strdup_printf (_("Only %s knows: %s."), name, list->str));
}

static void
append_apart (AssayComparePage *self,
              GString *text,
              const AssayComparisonFigures *figures)
{
  guint n = figures->n_apart;

  append_labels (self, text, FALSE);
  append_labels (self, text, TRUE);
  if (n > 0)
    append_sentence (text, g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%'u image is about such a label and is not compared.",
                   "%'u images are about such labels and are not compared.", n), n));
}

/* How long they took: half of the answers, and 95 of 100. */
static void
append_latency (AssayComparePage *self,
                GString *text)
{
  AssayJudge *judge = assay_session_get_judge (self->session);

  for (guint side = 0; side < 2; side++)
    {
      const AssayLatency *latency = assay_judge_get_latency (judge, side == 0);
      g_autofree char *name = assay_session_dup_side_name (self->session, side == 0, TRUE);
      g_autofree char *half = NULL;
      g_autofree char *most = NULL;

      if (name == NULL || assay_latency_get_n (latency) == 0)
        continue;
      half = assay_facts_dup_seconds (assay_latency_get_percentile (latency, 0.5));
      most = assay_facts_dup_seconds (assay_latency_get_percentile (latency, 0.95));
      append_sentence (text, g_strdup_printf (_("%s answered in %s, 95 of 100 times in %s."), name,
                                              half, most));
    }
}

static void
append_difference (GString *text,
                   const AssayComparisonFigures *figures)
{
  if (figures->n_truth == 0 || isnan (figures->difference.low))
    return;
  append_sentence (text, g_strdup_printf (
    _("The difference is %.1f points (95 %% interval %.1f to %.1f)."),
    100 * figures->difference.value, 100 * figures->difference.low,
    100 * figures->difference.high));
}

static void
append_unanswered (AssayComparePage *self,
                   GString *text,
                   const AssayComparisonFigures *figures)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (assay_session_get_collection (self->session)));
  guint left = n - (guint) (figures->n + figures->n_apart);

  if (left > 0 && figures->n > 0)
    append_sentence (text, g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%'u image was not answered by both.",
                   "%'u images were not answered by both.", left), left));
}

static char *
dup_more (AssayComparePage *self,
          const AssayComparisonFigures *figures)
{
  GString *text = g_string_new (NULL);

  append_difference (text, figures);
  append_latency (self, text);
  append_apart (self, text, figures);
  append_unanswered (self, text, figures);
  return g_string_free (text, FALSE);
}

static void
show_accuracy (GtkLabel *name_label,
               GtkLevelBar *bar,
               GtkLabel *label,
               const char *name,
               guint right,
               guint n,
               const AssayInterval *interval)
{
  g_autofree char *text = g_strdup_printf (_("%'u of %'u"), right, n);
  g_autofree char *low = assay_display_percent (interval->low, ASSAY_DISPLAY_SCREEN);
  g_autofree char *high = assay_display_percent (interval->high, ASSAY_DISPLAY_SCREEN);
  g_autofree char *tooltip = g_strdup_printf (_("%s is right on %s; 95 %% interval %s to %s"),
                                              name, text, low, high);

  gtk_label_set_text (name_label, name);
  gtk_level_bar_set_value (bar, n > 0 ? (double) right / n : 0);
  gtk_label_set_text (label, text);
  assay_tooltip_set (GTK_WIDGET (label), tooltip);
  assay_tooltip_set (GTK_WIDGET (bar), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
}

static void
show_accuracies (AssayComparePage *self,
                 const AssayComparisonFigures *figures,
                 const char *a,
                 const char *b)
{
  gtk_widget_set_visible (self->accuracies, figures->n_truth > 0 && !self->narrow);
  if (figures->n_truth == 0)
    return;
  show_accuracy (self->accuracy_name_a, self->accuracy_bar_a, self->accuracy_a, a,
                 figures->both_right + figures->only_a, figures->n_truth, &figures->accuracy_a);
  show_accuracy (self->accuracy_name_b, self->accuracy_bar_b, self->accuracy_b, b,
                 figures->both_right + figures->only_b, figures->n_truth, &figures->accuracy_b);
}

/* What stands in the way of any figure. */
static char *
dup_hindrance (AssayComparePage *self,
               const AssayComparisonFigures *figures)
{
  AssayLink *link = assay_session_get_baseline_link (self->session);
  GListModel *items = G_LIST_MODEL (assay_session_get_collection (self->session));

  if (assay_session_get_target (self->session) == NULL
      || assay_session_get_baseline (self->session) == NULL)
    return g_strdup (_("Choose two versions to compare"));
  if (assay_target_equal (assay_session_get_target (self->session),
                          assay_session_get_baseline (self->session)))
    return g_strdup (_("Choose another version to compare with"));
  if (g_list_model_get_n_items (items) == 0)
    return g_strdup (_("Drop images here to compare two versions"));
  if (figures->n + figures->n_apart > 0)
    return NULL;
  if (link != NULL && assay_link_get_error (link) != NULL)
    return g_strdup (assay_link_get_error (link)->message);
  return g_strdup (_("No image was answered by both yet"));
}

/* The headings are heard with the list, whose rows say it all in one sentence each. */
static void
show_head (AssayComparePage *self,
           const char *a,
           const char *b)
{
  g_autofree char *spoken = NULL;

  assay_change_head_set_names (self->head, a, b);
  spoken = assay_change_head_dup_spoken (self->head);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  spoken, -1);
}

static void
show_figures (AssayComparePage *self)
{
  AssayComparisonFigures figures;
  g_autofree char *a = assay_session_dup_side_name (self->session, TRUE, FALSE);
  g_autofree char *b = assay_session_dup_side_name (self->session, FALSE, FALSE);
  g_autofree char *begins = assay_session_dup_side_name (self->session, FALSE, TRUE);
  g_autofree char *begins_a = assay_session_dup_side_name (self->session, TRUE, TRUE);
  g_autofree char *hindrance = NULL;
  g_autofree char *verdict = NULL;
  g_autofree char *headline = NULL;
  g_autofree char *line = NULL;
  g_autofree char *more = NULL;

  assay_comparison_get_figures (
    assay_judge_get_comparison (assay_session_get_judge (self->session)), &figures);
  hindrance = dup_hindrance (self, &figures);
  show_head (self, begins_a, begins);
  gtk_widget_set_visible (GTK_WIDGET (self->line), hindrance == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->more), hindrance == NULL && !self->narrow);
  gtk_label_set_text (self->nothing, hindrance != NULL ? hindrance : _("No image fits"));
  if (hindrance != NULL)
    {
      gtk_label_set_text (self->headline, hindrance);
      gtk_widget_set_visible (self->accuracies, FALSE);
      return;
    }
  if (figures.n_truth > 0)
    verdict = assay_comparison_dup_verdict (&figures, begins);
  headline = figures.n_truth > 0 && figures.verdict != ASSAY_VERDICT_CANNOT_TELL
               ? g_strdup (verdict) : assay_comparison_dup_agreement (&figures, a, begins);
  line = dup_line (&figures, a, b, verdict);
  more = dup_more (self, &figures);
  gtk_label_set_text (self->headline, headline);
  gtk_label_set_text (self->line, line);
  gtk_label_set_text (self->more, more);
  show_accuracies (self, &figures, begins_a, begins);
}

/* ---- chips ---- */

static void
show_chip (AssayComparePage *self,
           GtkToggleButton *chip,
           GtkLabel *label,
           const char *name,
           AssayChangesFilter filter)
{
  guint n = assay_changes_count (assay_session_get_judge (self->session), filter);
  g_autofree char *number = g_strdup_printf ("%'u", n);
  g_autofree char *spoken = g_strdup_printf ("%s %u", name, n);

  gtk_label_set_text (label, number);
  gtk_toggle_button_set_active (chip, assay_changes_get_filter (self->changes) == filter);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
show_chips (AssayComparePage *self)
{
  self->updating = TRUE;
  show_chip (self, self->regressed, self->regressed_count, _("Regressed"), ASSAY_CHANGES_REGRESSED);
  show_chip (self, self->fixed, self->fixed_count, _("Fixed"), ASSAY_CHANGES_FIXED);
  show_chip (self, self->changed, self->changed_count, _("Changed"), ASSAY_CHANGES_CHANGED);
  show_chip (self, self->same, self->same_count, _("Same"), ASSAY_CHANGES_SAME);
  self->updating = FALSE;
}

/* A click on the chip that is down leads to all. */
static void
chip_clicked_cb (GtkToggleButton *chip,
                 AssayComparePage *self)
{
  AssayChangesFilter filter = ASSAY_CHANGES_ALL;

  if (self->updating)
    return;
  if (gtk_toggle_button_get_active (chip))
    {
      if (chip == self->regressed)
        filter = ASSAY_CHANGES_REGRESSED;
      else if (chip == self->fixed)
        filter = ASSAY_CHANGES_FIXED;
      else if (chip == self->changed)
        filter = ASSAY_CHANGES_CHANGED;
      else
        filter = ASSAY_CHANGES_SAME;
    }
  assay_changes_set_filter (self->changes, filter);
  show_chips (self);
}

/* ---- telling ---- */

static gboolean
tell_cb (gpointer data)
{
  AssayComparePage *self = data;

  self->tell_source = 0;
  if (self->session == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return G_SOURCE_REMOVE;
  show_figures (self);
  show_chips (self);
  return G_SOURCE_REMOVE;
}

static void
tell_soon (AssayComparePage *self)
{
  if (self->tell_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tell_source = g_timeout_add (TELL_MILLISECONDS, tell_cb, self);
}

static void
session_changed_cb (AssayComparePage *self)
{
  tell_soon (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    assay_change_detail_update (self->detail);
}

/* ---- the list ---- */

static void
set_item (AssayComparePage *self,
          AssayItem *item)
{
  if (!g_set_object (&self->item, item))
    return;
  assay_change_detail_set_item (self->detail, item);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

static guint
find_position (AssayComparePage *self)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  g_autoptr (GtkBitset) selected =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, position);

      if (item == self->item)
        return position;
    }
  return G_MAXUINT;
}

/* What is looked at stays as long as it is selected; else the first of the selected, or
 * of all. */
static gboolean
settle_cb (gpointer data)
{
  AssayComparePage *self = data;
  GListModel *model = G_LIST_MODEL (self->selection);
  g_autoptr (GtkBitset) selected = NULL;
  g_autoptr (AssayItem) item = NULL;

  self->settle_source = 0;
  gtk_stack_set_visible_child_name (self->stack,
                                    g_list_model_get_n_items (model) > 0 ? "list" : "nothing");
  if (self->to_top && g_list_model_get_n_items (model) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
  self->to_top = FALSE;
  if (self->item != NULL && find_position (self) != G_MAXUINT)
    return G_SOURCE_REMOVE;
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (gtk_bitset_is_empty (selected) && g_list_model_get_n_items (model) > 0)
    {
      gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), 0, TRUE);
      return G_SOURCE_REMOVE;
    }
  if (!gtk_bitset_is_empty (selected))
    item = g_list_model_get_item (model, gtk_bitset_get_minimum (selected));
  set_item (self, item);
  return G_SOURCE_REMOVE;
}

static void
settle_soon (AssayComparePage *self)
{
  if (self->settle_source == 0)
    self->settle_source = g_idle_add (settle_cb, self);
}

static gboolean
grow_cb (gpointer data)
{
  AssayComparePage *self = data;
  guint size = gtk_slice_list_model_get_size (self->slice) + STEP_ROWS;

  gtk_slice_list_model_set_size (self->slice, size > ROWS ? G_MAXUINT : size);
  if (size <= ROWS && g_list_model_get_n_items (G_LIST_MODEL (self->changes)) > size)
    return G_SOURCE_CONTINUE;
  self->grow_source = 0;
  return G_SOURCE_REMOVE;
}

static void
grow_soon (AssayComparePage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->changes));

  if (self->grow_source == 0 && n > gtk_slice_list_model_get_size (self->slice))
    self->grow_source = g_idle_add_full (G_PRIORITY_LOW, grow_cb, self, NULL);
}

/* What matters most comes in at the top, and a list keeps what is seen where it is: whoever
 * has not scrolled is to see the first ones. */
static void
rows_changed_cb (AssayComparePage *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  self->to_top = self->to_top || gtk_adjustment_get_value (adjustment) <= 0;
  settle_soon (self);
}

/* Where scrollbars are always seen the list is narrower than what stands above it. */
static gboolean
fit_head_cb (gpointer data)
{
  AssayComparePage *self = data;
  GtkWidget *scroller = GTK_WIDGET (self->scroller);
  graphene_rect_t bounds;

  self->fit_source = 0;
  if (gtk_widget_compute_bounds (GTK_WIDGET (self->list), scroller, &bounds)
      && bounds.size.width > 0)
    gtk_widget_set_margin_end (GTK_WIDGET (self->head),
                               MAX (gtk_widget_get_width (scroller) - (int) bounds.size.width, 0));
  return G_SOURCE_REMOVE;
}

/* Told while sizes are given out, when nothing can be changed about them, and once more when
 * all is being taken apart. */
static void
fit_head_soon (AssayComparePage *self)
{
  if (self->fit_source == 0 && self->session != NULL)
    self->fit_source = g_idle_add_full (G_PRIORITY_DEFAULT, fit_head_cb, self, NULL);
}

static void
row_clicked_cb (AssayChangeRow *row,
                AssayComparePage *self)
{
  if (self->narrow)
    adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->detail));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *cell,
          AssayComparePage *self)
{
  GtkWidget *row = assay_change_row_new (assay_session_get_judge (self->session),
                                         assay_change_head_get_columns (self->head));

  assay_change_row_set_narrow (ASSAY_CHANGE_ROW (row), self->narrow);
  g_signal_connect_object (row, "clicked", G_CALLBACK (row_clicked_cb), self, 0);
  gtk_list_item_set_child (cell, row);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *cell,
         AssayComparePage *self)
{
  AssayChangeRow *row = ASSAY_CHANGE_ROW (gtk_list_item_get_child (cell));

  assay_change_row_set_narrow (row, self->narrow);
  assay_change_row_set_item (row, gtk_list_item_get_item (cell));
  g_hash_table_replace (self->rows, gtk_list_item_get_item (cell), row);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem *cell,
           AssayComparePage *self)
{
  AssayChangeRow *row = ASSAY_CHANGE_ROW (gtk_list_item_get_child (cell));
  AssayItem *item = assay_change_row_get_item (row);

  /* It may have another already. */
  if (g_hash_table_lookup (self->rows, item) == row)
    g_hash_table_remove (self->rows, item);
  assay_change_row_set_item (row, NULL);
}

static void
item_changed_cb (AssayComparePage *self,
                 AssayItem *item)
{
  AssayChangeRow *row = g_hash_table_lookup (self->rows, item);

  if (row != NULL)
    assay_change_row_update (row);
}

static void
activated_cb (GtkListView *list,
              guint position,
              AssayComparePage *self)
{
  if (self->narrow)
    adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->detail));
}

static void
pane_changed_cb (AssayComparePage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

static void
copied_cb (AssayComparePage *self)
{
  g_signal_emit (self, copied_signal, 0);
}

static void
swap_cb (AssayComparePage *self)
{
  assay_session_swap (self->session);
}

/* ---- the widget ---- */

static void
assay_compare_page_map (GtkWidget *widget)
{
  AssayComparePage *self = ASSAY_COMPARE_PAGE (widget);

  GTK_WIDGET_CLASS (assay_compare_page_parent_class)->map (widget);
  if (self->session == NULL)
    return;
  assay_changes_set_live (self->changes, TRUE);
  grow_soon (self);
  show_figures (self);
  show_chips (self);
  assay_change_detail_update (self->detail);
  /* Now, so that the list can have the keys. */
  g_clear_handle_id (&self->settle_source, g_source_remove);
  settle_cb (self);
}

static void
assay_compare_page_unmap (GtkWidget *widget)
{
  AssayComparePage *self = ASSAY_COMPARE_PAGE (widget);

  if (self->changes != NULL)
    assay_changes_set_live (self->changes, FALSE);
  GTK_WIDGET_CLASS (assay_compare_page_parent_class)->unmap (widget);
}

static gboolean
assay_compare_page_grab_focus (GtkWidget *widget)
{
  AssayComparePage *self = ASSAY_COMPARE_PAGE (widget);

  if (gtk_widget_get_child_visible (GTK_WIDGET (self->list))
      && gtk_widget_get_mapped (GTK_WIDGET (self->list)))
    return gtk_widget_grab_focus (GTK_WIDGET (self->list));
  return gtk_widget_child_focus (self->content, GTK_DIR_TAB_FORWARD);
}

static void
assay_compare_page_get_property (GObject *object,
                                 guint id,
                                 GValue *value,
                                 GParamSpec *pspec)
{
  if (id == PROP_ITEM)
    g_value_set_object (value, ASSAY_COMPARE_PAGE (object)->item);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
assay_compare_page_dispose (GObject *object)
{
  AssayComparePage *self = ASSAY_COMPARE_PAGE (object);

  g_clear_handle_id (&self->tell_source, g_source_remove);
  g_clear_handle_id (&self->settle_source, g_source_remove);
  g_clear_handle_id (&self->grow_source, g_source_remove);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->changes != NULL)
    g_signal_handlers_disconnect_by_data (self->changes, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->slice);
  g_clear_object (&self->changes);
  g_clear_object (&self->item);
  g_clear_object (&self->session);
  g_clear_handle_id (&self->fit_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_COMPARE_PAGE);
  G_OBJECT_CLASS (assay_compare_page_parent_class)->dispose (object);
}

static void
assay_compare_page_finalize (GObject *object)
{
  g_hash_table_unref (ASSAY_COMPARE_PAGE (object)->rows);
  G_OBJECT_CLASS (assay_compare_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-compare-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, content);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, headline);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, line);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, more);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, accuracies);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, accuracy_name_a);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, accuracy_name_b);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, accuracy_bar_a);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, accuracy_bar_b);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, accuracy_a);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, accuracy_b);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, regressed);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, fixed);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, changed);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, same);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, regressed_count);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, fixed_count);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, changed_count);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, same_count);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, picker_a);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, picker_b);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, list_side);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, nothing);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, head);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, scroller);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, list);
  gtk_widget_class_bind_template_child (widget_class, AssayComparePage, detail);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, chip_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, swap_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, pane_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, copied_cb);
}

static void
assay_compare_page_class_init (AssayComparePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_compare_page_get_property;
  object_class->dispose = assay_compare_page_dispose;
  object_class->finalize = assay_compare_page_finalize;
  widget_class->map = assay_compare_page_map;
  widget_class->unmap = assay_compare_page_unmap;
  widget_class->grab_focus = assay_compare_page_grab_focus;

  properties[PROP_ITEM] =
    g_param_spec_object ("item", NULL, NULL, ASSAY_TYPE_ITEM,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  copied_signal = g_signal_new ("copied", ASSAY_TYPE_COMPARE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  g_type_ensure (ASSAY_TYPE_CHANGE_DETAIL);
  g_type_ensure (ASSAY_TYPE_CHANGE_HEAD);
  g_type_ensure (ASSAY_TYPE_SCROLLER);
  g_type_ensure (ASSAY_TYPE_TARGET_PICKER);
  g_type_ensure (ASSAY_TYPE_WRAP_BOX);
  bind_template (widget_class);
  bind_callbacks (widget_class);
  gtk_widget_class_set_css_name (widget_class, "comparepage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
add_key (GtkEventController *controller,
         guint key,
         const char *action)
{
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_keyval_trigger_new (key, 0), gtk_named_action_new (action)));
}

/* As in the list of images: caught before the list takes Left and Right. */
static void
add_keys (GtkWidget *widget,
          GtkPropagationPhase phase)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  gtk_event_controller_set_propagation_phase (controller, phase);
  add_key (controller, rtl ? GDK_KEY_Left : GDK_KEY_Right, "win.next-image");
  add_key (controller, rtl ? GDK_KEY_Right : GDK_KEY_Left, "win.previous-image");
  add_key (controller, GDK_KEY_j, "win.next-image");
  add_key (controller, GDK_KEY_k, "win.previous-image");
  add_key (controller, GDK_KEY_Escape, "win.back");
  assay_truth_bar_add_keys (GTK_SHORTCUT_CONTROLLER (controller));
  gtk_widget_add_controller (widget, controller);
}

static void
remove_level_colors (GtkLevelBar *bar)
{
  gtk_level_bar_remove_offset_value (bar, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (bar, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (bar, GTK_LEVEL_BAR_OFFSET_FULL);
}

static void
assay_compare_page_init (AssayComparePage *self)
{
  self->rows = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  remove_level_colors (self->accuracy_bar_a);
  remove_level_colors (self->accuracy_bar_b);
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (self->scroller),
                           "notify::page-size", G_CALLBACK (fit_head_soon), self,
                           G_CONNECT_SWAPPED);
  add_keys (GTK_WIDGET (self->list), GTK_PHASE_CAPTURE);
  add_keys (GTK_WIDGET (self->detail), GTK_PHASE_BUBBLE);
}

/**
 * assay_compare_page_set_session:
 * @session: (transfer none): whose two versions are compared; once
 */
void
assay_compare_page_set_session (AssayComparePage *self,
                                AssaySession *session)
{
  AssayJudge *judge;

  g_return_if_fail (ASSAY_IS_COMPARE_PAGE (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  judge = assay_session_get_judge (session);
  self->changes = assay_changes_new (assay_session_get_collection (session), judge);
  self->slice =
    gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (self->changes)), 0, FIRST_ROWS);
  self->selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->slice)));
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (settle_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->changes, "items-changed", G_CALLBACK (grow_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (rows_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (judge, "changed", G_CALLBACK (tell_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (judge, "item-changed", G_CALLBACK (item_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  assay_change_detail_set_session (self->detail, session);
  assay_target_picker_set_session (self->picker_a, session, TRUE);
  assay_target_picker_set_session (self->picker_b, session, FALSE);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  show_chips (self);
}

/**
 * assay_compare_page_set_narrow:
 * @narrow: whether there is room for one pane
 */
void
assay_compare_page_set_narrow (AssayComparePage *self,
                               gboolean narrow)
{
  GtkWidget *cell;

  g_return_if_fail (ASSAY_IS_COMPARE_PAGE (self));

  self->narrow = narrow;
  adw_leaflet_set_can_unfold (self->leaflet, !narrow);
  gtk_widget_set_size_request (self->list_side, narrow ? -1 : 480, LEAST_LIST);
  gtk_widget_set_visible (GTK_WIDGET (self->head), !narrow);
  assay_change_detail_set_compact (self->detail, narrow);
  if (self->session != NULL)
    show_figures (self);
  for (cell = gtk_widget_get_first_child (GTK_WIDGET (self->list)); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    {
      GtkWidget *row = gtk_widget_get_first_child (cell);

      if (ASSAY_IS_CHANGE_ROW (row))
        assay_change_row_set_narrow (ASSAY_CHANGE_ROW (row), narrow);
    }
}

/**
 * assay_compare_page_get_item:
 *
 * Returns: (transfer none) (nullable): what a person looks at
 */
AssayItem *
assay_compare_page_get_item (AssayComparePage *self)
{
  g_return_val_if_fail (ASSAY_IS_COMPARE_PAGE (self), NULL);

  return self->item;
}

/**
 * assay_compare_page_dup_selected:
 *
 * Returns: (transfer full) (element-type AssayItem): the selected images
 */
GPtrArray *
assay_compare_page_dup_selected (AssayComparePage *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GtkBitset) selected = NULL;
  GtkBitsetIter iter;
  guint position;

  g_return_val_if_fail (ASSAY_IS_COMPARE_PAGE (self), NULL);

  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (self->selection), position));
  return items;
}

/**
 * assay_compare_page_dup_shown:
 *
 * Returns: (transfer full) (element-type AssayItem): the images of the list, in its order
 */
GPtrArray *
assay_compare_page_dup_shown (AssayComparePage *self)
{
  GPtrArray *items;
  guint n;

  g_return_val_if_fail (ASSAY_IS_COMPARE_PAGE (self), NULL);

  items = g_ptr_array_new_with_free_func (g_object_unref);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->changes));
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (self->changes), i));
  return items;
}

static void
focus_item (AssayComparePage *self)
{
  GtkWidget *cell;

  for (cell = gtk_widget_get_first_child (GTK_WIDGET (self->list)); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    {
      GtkWidget *row = gtk_widget_get_first_child (cell);

      if (ASSAY_IS_CHANGE_ROW (row)
          && assay_change_row_get_item (ASSAY_CHANGE_ROW (row)) == self->item)
        gtk_widget_grab_focus (cell);
    }
}

/**
 * assay_compare_page_move:
 * @by: 1 for the next image, -1 for the one before
 *
 * Looks at a neighbor; at either end nothing happens.
 */
void
assay_compare_page_move (AssayComparePage *self,
                         int by)
{
  guint position;
  gboolean focused;

  g_return_if_fail (ASSAY_IS_COMPARE_PAGE (self));

  position = find_position (self);
  if (position == G_MAXUINT || (position == 0 && by < 0)
      || position + by >= g_list_model_get_n_items (G_LIST_MODEL (self->selection)))
    return;
  focused = gtk_widget_get_focus_child (GTK_WIDGET (self->list)) != NULL;
  position += by;
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  g_clear_handle_id (&self->settle_source, g_source_remove);
  settle_cb (self);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  if (focused)
    focus_item (self);
}

/**
 * assay_compare_page_copy:
 *
 * Copies the result of the image that is looked at, as text and as a picture; "copied"
 * says that it is done.
 */
void
assay_compare_page_copy (AssayComparePage *self)
{
  GtkWidget *detail;

  g_return_if_fail (ASSAY_IS_COMPARE_PAGE (self));

  /* In a narrow window the list may stand in front. */
  detail = GTK_WIDGET (self->detail);
  if (gtk_widget_get_mapped (detail) && gtk_widget_get_child_visible (detail))
    gtk_widget_activate_action (detail, "change.copy", NULL);
}

/**
 * assay_compare_page_shows_detail:
 *
 * Returns: whether, of the two panes, there is room for the image alone
 */
gboolean
assay_compare_page_shows_detail (AssayComparePage *self)
{
  g_return_val_if_fail (ASSAY_IS_COMPARE_PAGE (self), FALSE);

  return self->narrow
         && adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->detail);
}

/**
 * assay_compare_page_show_list:
 *
 * Goes back to the list where there is room for one pane.
 */
void
assay_compare_page_show_list (AssayComparePage *self)
{
  g_return_if_fail (ASSAY_IS_COMPARE_PAGE (self));

  adw_leaflet_set_visible_child (self->leaflet, self->list_side);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}
