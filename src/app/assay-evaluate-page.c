/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "assay-columns.h"
#include "assay-confusion-chart.h"
#include "assay-coverage-chart.h"
#include "assay-evaluate-page.h"
#include "assay-evaluate-query.h"
#include "assay-evaluate-text.h"
#include "assay-evaluation-text.h"
#include "assay-figure-card.h"
#include "assay-fold-box.h"
#include "assay-label-table.h"
#include "assay-mistake-button.h"
#include "assay-mistakes.h"
#include "assay-number-label.h"
#include "assay-reliability-chart.h"
#include "assay-walk.h"
#include "assay-wrap-box.h"

/* Milliseconds between two refreshes: nobody reads figures that change more often. */
#define REFRESH 250

/* Labels that stay legible in the matrix, and from how many on it has a row of its own. */
#define MOST_LABELS 20
#define MOST_LABELS_COMPACT 10
#define WIDE_LABELS 10

/* Refreshes for which the labels stay the same, unless it is quiet. */
#define KEEP_LABELS 8

#define N_MISTAKES 6
#define TOP 2

typedef enum {
  PART_HEADER,
  PART_CONFUSION,
  PART_LABELS,
  PART_CURVES,
  PART_MISTAKES,
  N_PARTS
} Part;

typedef enum {
  MORE_BALANCED_ACCURACY,
  MORE_MACRO_PRECISION,
  MORE_MACRO_RECALL,
  MORE_MACRO_F1,
  MORE_WEIGHTED_PRECISION,
  MORE_WEIGHTED_RECALL,
  MORE_WEIGHTED_F1,
  MORE_LOG_LOSS,
  MORE_BRIER,
  MORE_KAPPA,
  MORE_MCC,
  N_MORE
} More;

/* Why there are no figures. */
typedef enum {
  STATE_NO_IMAGES,
  STATE_NO_ANSWERS,
  STATE_NO_TRUTH,
  STATE_FIGURES,
} State;

/* Invariants: judge, truths, collection and mistakes are there together or not at all;
 * while the page is not mapped there is no timer and no idle source, and what has changed
 * is remembered in is_dirty. */
struct _AssayEvaluatePage {
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkWidget *titles;
  GtkLabel *headline;
  GtkLabel *extent_label;
  GtkWidget *pickers;
  GtkWidget *truth_button;
  GtkStack *stack;
  AdwStatusPage *empty;
  GtkWidget *load;
  AssayFigureCard *accuracy;
  AssayFigureCard *macro_f1;
  AssayFigureCard *top;
  AssayFigureCard *calibration;
  AssayFigureCard *images;
  AssayColumns *columns;
  GtkWidget *confusion_card;
  GtkEditable *search;
  AssayConfusionChart *confusion;
  AssayLabelTable *table;
  AssayReliabilityChart *reliability;
  GtkWidget *mistakes_card;
  GtkWidget *mistakes_box;
  GtkWidget *no_mistakes;
  AssayMistakeButton *buttons[N_MISTAKES];
  AssayCoverageChart *coverage;
  GtkGrid *more;
  GtkLabel *more_values[N_MORE];
  GtkWidget *more_notes[N_MORE];

  AssayJudge *judge;
  AssayTruths *truths;
  AssayCollection *collection;
  AssayMistakes *mistakes;
  GSignalGroup *judge_signals;
  GSignalGroup *truths_signals;
  GSignalGroup *collection_signals;
  char *title;
  gboolean is_compact;

  AssayFigures figures;     /* of the last refresh */
  GArray *labels;           /* (nullable) (element-type AssayLabelFigures): likewise */
  AssayExtent extent;
  GPtrArray *shown;         /* (element-type utf8): the labels in the matrix */
  guint n_kept;             /* refreshes since they were chosen */
  gboolean is_exact;        /* those are the ones that have to be there */
  gboolean is_dirty;
  Part part;                /* what is refreshed next */
  guint part_source;
  guint timer;

  AssayEvaluateQuery *query; /* (nullable): what is looked for */
  GPtrArray *found;
  AssayWalk *walk;
};

G_DEFINE_FINAL_TYPE (AssayEvaluatePage, assay_evaluate_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_THRESHOLD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint show_items_signal;

static const struct {
  const char *name;
  const char *hint;
} more_texts[N_MORE] = {
  { N_("Balanced accuracy"), N_("mean recall") },
  { N_("Macro precision"), N_("every label counts the same") },
  { N_("Macro recall"), NULL },
  { N_("Macro F1"), NULL },
  { N_("Weighted precision"), N_("labels count by their images") },
  { N_("Weighted recall"), NULL },
  { N_("Weighted F1"), NULL },
  { N_("Log loss"), N_("0 is best") },
  { N_("Brier score"), N_("0 is best") },
  { N_("Cohen’s kappa"), N_("0 is chance, 1 is best") },
  { N_("Matthews correlation"), N_("0 is chance, 1 is best") },
};

/* ---- what is refreshed: the header ---- */

static gboolean
is_shown_target (AssayEvaluatePage *self)
{
  AssayTarget *candidate = assay_judge_get_candidate (self->judge);
  AssayTarget *target = assay_collection_get_target (self->collection);

  return candidate != NULL && target != NULL && assay_target_equal (candidate, target);
}

static void
measure_extent (AssayEvaluatePage *self)
{
  AssayCoverage coverage;

  self->extent = (AssayExtent) {
    .n = g_list_model_get_n_items (G_LIST_MODEL (self->collection)),
    .n_known = assay_truths_count_known (self->truths),
    .n_judged = (guint) self->figures.n,
  };
  /* The collection counts for the target on show alone. */
  if (is_shown_target (self))
    self->extent.n_failed =
      assay_collection_count_state (self->collection, ASSAY_ANSWER_FAILED)
      + assay_collection_count_state (self->collection, ASSAY_ANSWER_REJECTED);
  assay_evaluation_get_coverage (assay_judge_get_evaluation (self->judge),
                                 assay_coverage_chart_get_threshold (self->coverage), &coverage);
  self->extent.n_below = (guint) (self->figures.n - coverage.n);
}

static State
find_state (AssayEvaluatePage *self)
{
  g_autoptr (GPtrArray) labels = NULL;

  if (self->judge == NULL || self->extent.n == 0)
    return STATE_NO_IMAGES;
  if (self->figures.n > 0)
    return STATE_FIGURES;
  if (self->extent.n_known > 0)
    return STATE_NO_ANSWERS;
  /* The truth is read in the labels of answers: before there are any, none can be known. */
  labels = assay_truths_list_labels (self->truths);
  return labels->len > 0 ? STATE_NO_TRUTH : STATE_NO_ANSWERS;
}

static void
show_empty (AssayEvaluatePage *self,
            State state)
{
  static const struct {
    const char *title;
    const char *description;
  } texts[] = {
    [STATE_NO_IMAGES] = {
      N_("No Images Yet"),
      N_("Add images whose labels you know, and see how often the model is right.") },
    [STATE_NO_ANSWERS] = {
      N_("Nothing Is Answered Yet"),
      N_("The figures come with the first answers.") },
    [STATE_NO_TRUTH] = {
      N_("Say What the Images Show"),
      N_("A folder’s name is the truth of the images in it, if it is a label of the model. "
         "Otherwise load a table of files and labels, or mark images in the list by the keys "
         "1 to 9 and C.") },
  };

  adw_status_page_set_title (self->empty, _(texts[state].title));
  adw_status_page_set_description (self->empty, _(texts[state].description));
  gtk_widget_set_visible (self->load, state == STATE_NO_TRUTH);
}

static void
show_headline (AssayEvaluatePage *self)
{
  g_autofree char *headline =
    assay_evaluate_dup_headline (self->title != NULL ? self->title : _("the model"),
                                 &self->figures);
  g_autofree char *extent = assay_evaluate_dup_extent (&self->extent);

  gtk_label_set_text (self->headline, headline);
  gtk_label_set_text (self->extent_label, extent);
}

static void
show_cards (AssayEvaluatePage *self)
{
  const AssayFigures *figures = &self->figures;
  double share = assay_evaluation_get_top_k (assay_judge_get_evaluation (self->judge), TOP);
  g_autofree char *accuracy = assay_evaluation_dup_share (figures->accuracy.value);
  g_autofree char *interval = assay_evaluation_dup_interval (&figures->accuracy);
  g_autofree char *f1 = assay_evaluation_dup_figure (figures->macro.f1);
  g_autofree char *mean = assay_evaluation_dup_mean (self->labels->len);
  g_autofree char *top = assay_evaluation_dup_share (share);
  g_autofree char *hits = assay_evaluation_dup_top (figures, TOP, share);
  g_autofree char *ece = assay_evaluation_dup_figure (figures->ece);
  g_autofree char *trust = assay_evaluation_dup_trust (figures);
  g_autofree char *n = g_strdup_printf ("%'" G_GUINT64_FORMAT, figures->n);
  g_autofree char *support = assay_evaluate_dup_support (self->labels);

  assay_figure_card_set_figure (self->accuracy, accuracy, interval);
  assay_figure_card_set_figure (self->macro_f1, f1, mean);
  assay_figure_card_set_figure (self->top, top, hits);
  assay_figure_card_set_figure (self->calibration, ece, trust);
  assay_figure_card_set_figure (self->images, n, support);
}

static void
show_more (AssayEvaluatePage *self)
{
  const AssayFigures *figures = &self->figures;
  const double values[N_MORE] = {
    figures->balanced_accuracy,  figures->macro.precision,  figures->macro.recall,
    figures->macro.f1,           figures->weighted.precision, figures->weighted.recall,
    figures->weighted.f1,        figures->log_loss,         figures->brier,
    figures->kappa,              figures->mcc,
  };

  for (guint i = 0; i < N_MORE; i++)
    {
      g_autofree char *text = i == MORE_BALANCED_ACCURACY ? assay_evaluation_dup_share (values[i])
                                                          : assay_evaluation_dup_figure (values[i]);
      g_autofree char *spoken = g_strdup_printf (_("%s: %s"), _(more_texts[i].name), text);

      assay_number_label_set (self->more_values[i], text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->more_values[i]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                      -1);
    }
}

/* Whether there are figures, and so more to refresh. */
static gboolean
refresh_header (AssayEvaluatePage *self)
{
  State state;

  g_clear_pointer (&self->labels, g_array_unref);
  self->extent = (AssayExtent) { 0 };
  if (self->judge != NULL)
    {
      assay_evaluation_get_figures (assay_judge_get_evaluation (self->judge), &self->figures);
      self->labels = assay_evaluation_list_labels (assay_judge_get_evaluation (self->judge));
      measure_extent (self);
    }
  state = find_state (self);
  gtk_widget_set_visible (self->titles, state == STATE_FIGURES);
  gtk_widget_set_visible (self->truth_button, state == STATE_FIGURES);
  gtk_stack_set_visible_child_name (self->stack, state == STATE_FIGURES ? "figures" : "empty");
  if (state != STATE_FIGURES)
    {
      show_empty (self, state);
      return FALSE;
    }
  show_headline (self);
  show_cards (self);
  show_more (self);
  return TRUE;
}

/* ---- the confusion matrix ---- */

static guint
get_most_labels (AssayEvaluatePage *self)
{
  return self->is_compact ? MOST_LABELS_COMPACT : MOST_LABELS;
}

static gboolean
is_looked_for (const char *label,
               const char *folded)
{
  g_autofree char *other = g_utf8_casefold (label, -1);

  return strstr (other, folded) != NULL;
}

/* All labels in their order where they fit, else the most confused of those that are
 * looked for.  While a run goes on these would change places all the time, for a person
 * who reads them and at the cost of every sentence in the matrix: they are kept for a
 * while. */
static void
choose_labels (AssayEvaluatePage *self,
               gboolean exactly)
{
  guint most = get_most_labels (self);
  gboolean all = self->labels->len <= most;
  g_autofree char *folded = g_utf8_casefold (gtk_editable_get_text (self->search), -1);
  AssayEvaluation *evaluation = assay_judge_get_evaluation (self->judge);
  g_autoptr (GArray) labels = NULL;

  self->is_exact = exactly || all || self->shown->len < most || ++self->n_kept == KEEP_LABELS;
  if (!self->is_exact)
    return;
  self->n_kept = 0;
  labels = all ? g_array_ref (self->labels) : assay_evaluation_list_confused (evaluation, G_MAXUINT);
  g_ptr_array_set_size (self->shown, 0);
  for (guint i = 0; i < labels->len && self->shown->len < most; i++)
    {
      const char *label = g_array_index (labels, AssayLabelFigures, i).label;

      if (all || is_looked_for (label, folded))
        g_ptr_array_add (self->shown, g_strdup (label));
    }
}

static void
refresh_confusion (AssayEvaluatePage *self,
                   gboolean exactly)
{
  AssayEvaluation *evaluation = assay_judge_get_evaluation (self->judge);
  g_autofree guint64 *counts = NULL;
  g_autofree char *note = NULL;
  gboolean wide;

  choose_labels (self, exactly);
  wide = !self->is_compact && self->shown->len > WIDE_LABELS;
  gtk_widget_set_visible (GTK_WIDGET (self->search), self->labels->len > get_most_labels (self));
  assay_columns_set_full (self->columns, self->confusion_card, wide);
  counts = assay_evaluation_dup_matrix (evaluation, (const char *const *) self->shown->pdata,
                                        self->shown->len);
  assay_confusion_chart_set_counts (self->confusion, (const char *const *) self->shown->pdata,
                                    self->shown->len, counts);
  if (self->shown->len == 0)
    note = g_strdup (_("No label has this in its name"));
  else
    note = assay_evaluate_dup_unscored (&self->extent,
                                        assay_coverage_chart_get_threshold (self->coverage));
  assay_confusion_chart_set_note (self->confusion, note);
}

static void
search_cb (AssayEvaluatePage *self)
{
  if (self->labels != NULL && self->judge != NULL)
    refresh_confusion (self, TRUE);
}

/* ---- the other parts ---- */

static void
refresh_curves (AssayEvaluatePage *self)
{
  AssayReliability bins[ASSAY_EVALUATION_BINS];

  assay_evaluation_get_reliability (assay_judge_get_evaluation (self->judge), bins);
  assay_reliability_chart_set_bins (self->reliability, bins);
  assay_coverage_chart_update (self->coverage);
}

static void
refresh_mistakes (AssayEvaluatePage *self)
{
  g_autoptr (GPtrArray) items = NULL;

  /* What was there stays until all have been looked at. */
  if (!assay_mistakes_is_settled (self->mistakes))
    return;
  items = assay_mistakes_list (self->mistakes, N_MISTAKES);
  for (guint i = 0; i < N_MISTAKES; i++)
    assay_mistake_button_show (self->buttons[i],
                               i < items->len ? g_ptr_array_index (items, i) : NULL,
                               assay_judge_get_candidate (self->judge));
  gtk_widget_set_visible (self->no_mistakes, items->len == 0);
  gtk_widget_set_visible (self->mistakes_box, items->len > 0);
}

/* ---- when it is refreshed ---- */

/* One part a main loop turn, so that no turn is long. */
static gboolean
refresh_cb (gpointer data)
{
  AssayEvaluatePage *self = data;

  switch (self->part)
    {
    case PART_HEADER:
      self->is_dirty = FALSE;
      if (!refresh_header (self))
        self->part = N_PARTS - 1;
      break;
    case PART_CONFUSION:
      refresh_confusion (self, FALSE);
      break;
    case PART_LABELS:
      assay_label_table_set_figures (self->table, &self->figures, self->labels);
      break;
    case PART_CURVES:
      refresh_curves (self);
      break;
    case PART_MISTAKES:
      refresh_mistakes (self);
      break;
    default:
      g_assert_not_reached ();
    }
  self->part++;
  if (self->part < N_PARTS)
    return G_SOURCE_CONTINUE;
  self->part_source = 0;
  return G_SOURCE_REMOVE;
}

/* Before the next picture is drawn, so that the first one is right already. */
static void
begin_refresh (AssayEvaluatePage *self)
{
  g_clear_handle_id (&self->part_source, g_source_remove);
  self->part = PART_HEADER;
  self->part_source = g_idle_add_full (GTK_PRIORITY_RESIZE, refresh_cb, self, NULL);
}

static gboolean
timer_cb (gpointer data)
{
  AssayEvaluatePage *self = data;

  if (!self->is_dirty && self->part_source == 0)
    {
      /* It is quiet: now the labels can have their places. */
      if (!self->is_exact && self->labels != NULL)
        refresh_confusion (self, TRUE);
      self->timer = 0;
      return G_SOURCE_REMOVE;
    }
  if (self->part_source == 0)
    begin_refresh (self);
  return G_SOURCE_CONTINUE;
}

static void
queue_refresh (AssayEvaluatePage *self)
{
  self->is_dirty = TRUE;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || self->timer != 0)
    return;
  begin_refresh (self);
  self->timer = g_timeout_add (REFRESH, timer_cb, self);
}

/* What is about the judge as it was is not gone on with. */
static void
stop_refresh (AssayEvaluatePage *self)
{
  self->is_dirty |= self->part_source != 0;
  g_clear_handle_id (&self->part_source, g_source_remove);
  g_clear_handle_id (&self->timer, g_source_remove);
}

static void
assay_evaluate_page_map (GtkWidget *widget)
{
  AssayEvaluatePage *self = ASSAY_EVALUATE_PAGE (widget);

  GTK_WIDGET_CLASS (assay_evaluate_page_parent_class)->map (widget);
  if (self->is_dirty)
    queue_refresh (self);
}

static void
assay_evaluate_page_unmap (GtkWidget *widget)
{
  stop_refresh (ASSAY_EVALUATE_PAGE (widget));
  GTK_WIDGET_CLASS (assay_evaluate_page_parent_class)->unmap (widget);
}

static gboolean
assay_evaluate_page_grab_focus (GtkWidget *widget)
{
  AssayEvaluatePage *self = ASSAY_EVALUATE_PAGE (widget);
  GtkWidget *first = gtk_widget_get_first_child (self->pickers);

  /* Before there is a layout, the order of the others is arbitrary. */
  return gtk_widget_child_focus (first, GTK_DIR_TAB_FORWARD)
         || gtk_widget_child_focus (self->scroller, GTK_DIR_TAB_FORWARD);
}

/* ---- the images behind a place ---- */

static void
stop_search (AssayEvaluatePage *self)
{
  g_clear_pointer (&self->walk, assay_walk_stop);
  g_clear_pointer (&self->query, assay_evaluate_query_free);
  g_clear_pointer (&self->found, g_ptr_array_unref);
}

/* What the candidate said of an image whose truth is known; NULL for any other. */
static AssayPrediction *
find_judged (AssayEvaluatePage *self,
             AssayItem *item)
{
  AssayTarget *target = assay_judge_get_candidate (self->judge);
  AssayAnswer *answer = assay_item_get_truth (item) != NULL && target != NULL
                          ? assay_item_find_answer (item, target) : NULL;

  return answer != NULL ? assay_answer_get_prediction (answer) : NULL;
}

static void
each_cb (AssayItem *item,
         gpointer data)
{
  AssayEvaluatePage *self = data;
  AssayPrediction *prediction = find_judged (self, item);

  if (prediction != NULL
      && assay_evaluate_query_matches (self->query, assay_item_get_truth (item), prediction))
    g_ptr_array_add (self->found, g_object_ref (item));
}

static void
found_cb (gpointer data)
{
  AssayEvaluatePage *self = data;
  g_autoptr (GPtrArray) items = g_steal_pointer (&self->found);
  g_autofree char *title = assay_evaluate_query_dup_title (self->query);

  stop_search (self);
  g_signal_emit (self, show_items_signal, 0, title, items);
}

static void
look_for (AssayEvaluatePage *self,
          AssayEvaluateQuery *query)
{
  stop_search (self);
  self->query = query;
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
  self->walk = assay_walk_start (self->collection, each_cb, found_cb, self);
}

static void
cell_cb (AssayEvaluatePage *self,
         guint row,
         guint column)
{
  if (self->judge != NULL)
    look_for (self, assay_evaluate_query_new_cell (self->shown, row, column));
}

static void
bin_cb (AssayEvaluatePage *self,
        guint bin)
{
  if (self->judge != NULL)
    look_for (self, assay_evaluate_query_new_bin (bin));
}

static void
label_cb (AssayEvaluatePage *self,
          const char *label)
{
  gboolean supported = FALSE;

  if (self->judge == NULL || self->labels == NULL)
    return;
  for (guint i = 0; i < self->labels->len; i++)
    {
      const AssayLabelFigures *figures = &g_array_index (self->labels, AssayLabelFigures, i);

      supported |= g_str_equal (figures->label, label) && figures->support > 0;
    }
  look_for (self, assay_evaluate_query_new_label (label, supported));
}

static void
mistake_cb (AssayEvaluatePage *self,
            AssayMistakeButton *button)
{
  AssayItem *item = assay_mistake_button_get_item (button);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  AssayAnswer *answer;
  AssayPrediction *prediction;
  g_autofree char *title = NULL;

  if (item == NULL || self->judge == NULL || assay_item_get_truth (item) == NULL)
    return;
  answer = assay_item_find_answer (item, assay_judge_get_candidate (self->judge));
  prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;
  if (prediction == NULL)
    return;
  title = assay_evaluate_dup_cell (assay_item_get_truth (item),
                                   assay_prediction_get_label (prediction, 0));
  g_ptr_array_add (items, g_object_ref (item));
  g_signal_emit (self, show_items_signal, 0, title, items);
}

/* ---- the widget ---- */

static void
threshold_cb (AssayEvaluatePage *self)
{
  queue_refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THRESHOLD]);
}

static void
assay_evaluate_page_get_property (GObject *object,
                                  guint id,
                                  GValue *value,
                                  GParamSpec *pspec)
{
  if (id == PROP_THRESHOLD)
    g_value_set_double (value, assay_evaluate_page_get_threshold (ASSAY_EVALUATE_PAGE (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
assay_evaluate_page_set_property (GObject *object,
                                  guint id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  if (id == PROP_THRESHOLD)
    assay_evaluate_page_set_threshold (ASSAY_EVALUATE_PAGE (object), g_value_get_double (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
forget_judge (AssayEvaluatePage *self)
{
  stop_refresh (self);
  stop_search (self);
  g_signal_group_set_target (self->judge_signals, NULL);
  g_signal_group_set_target (self->truths_signals, NULL);
  g_signal_group_set_target (self->collection_signals, NULL);
  if (self->mistakes != NULL)
    g_signal_handlers_disconnect_by_data (self->mistakes, self);
  g_clear_object (&self->mistakes);
  g_clear_object (&self->collection);
  g_clear_object (&self->truths);
  g_clear_object (&self->judge);
  /* Their names are the evaluation's. */
  g_clear_pointer (&self->labels, g_array_unref);
  g_ptr_array_set_size (self->shown, 0);
  self->is_exact = TRUE;
  self->figures = (AssayFigures) { 0 };
}

static void
assay_evaluate_page_dispose (GObject *object)
{
  AssayEvaluatePage *self = ASSAY_EVALUATE_PAGE (object);

  if (self->judge_signals != NULL)
    forget_judge (self);
  g_clear_object (&self->judge_signals);
  g_clear_object (&self->truths_signals);
  g_clear_object (&self->collection_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_EVALUATE_PAGE);
  G_OBJECT_CLASS (assay_evaluate_page_parent_class)->dispose (object);
}

static void
assay_evaluate_page_finalize (GObject *object)
{
  AssayEvaluatePage *self = ASSAY_EVALUATE_PAGE (object);

  g_free (self->title);
  g_ptr_array_unref (self->shown);
  G_OBJECT_CLASS (assay_evaluate_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-evaluate-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, scroller);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, titles);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, headline);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, extent_label);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, pickers);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, truth_button);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, empty);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, load);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, accuracy);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, macro_f1);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, top);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, calibration);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, images);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, columns);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, confusion_card);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, search);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, confusion);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, table);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, reliability);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, mistakes_card);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, mistakes_box);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, no_mistakes);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, coverage);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, more);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, cell_cb);
  gtk_widget_class_bind_template_callback (widget_class, bin_cb);
  gtk_widget_class_bind_template_callback (widget_class, label_cb);
  gtk_widget_class_bind_template_callback (widget_class, threshold_cb);
}

static void
assay_evaluate_page_class_init (AssayEvaluatePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_evaluate_page_get_property;
  object_class->set_property = assay_evaluate_page_set_property;
  object_class->dispose = assay_evaluate_page_dispose;
  object_class->finalize = assay_evaluate_page_finalize;
  widget_class->map = assay_evaluate_page_map;
  widget_class->unmap = assay_evaluate_page_unmap;
  widget_class->grab_focus = assay_evaluate_page_grab_focus;
  properties[PROP_THRESHOLD] =
    g_param_spec_double ("threshold", NULL, NULL, 0, 1, 0.6,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  show_items_signal = g_signal_new ("show-items", ASSAY_TYPE_EVALUATE_PAGE, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                    G_TYPE_PTR_ARRAY);

  g_type_ensure (ASSAY_TYPE_COLUMNS);
  g_type_ensure (ASSAY_TYPE_CONFUSION_CHART);
  g_type_ensure (ASSAY_TYPE_COVERAGE_CHART);
  g_type_ensure (ASSAY_TYPE_FIGURE_CARD);
  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  g_type_ensure (ASSAY_TYPE_LABEL_TABLE);
  g_type_ensure (ASSAY_TYPE_RELIABILITY_CHART);
  g_type_ensure (ASSAY_TYPE_WRAP_BOX);
  gtk_widget_class_set_css_name (widget_class, "evaluatepage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  bind_template (widget_class);
}

static void
add_more (AssayEvaluatePage *self,
          guint row)
{
  const char *hint = more_texts[row].hint;
  GtkWidget *name = gtk_label_new (_(more_texts[row].name));
  GtkWidget *note = gtk_label_new (hint != NULL ? _(hint) : "");
  GtkWidget *value = gtk_label_new ("–");

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_wrap (GTK_LABEL (name), TRUE);
  gtk_label_set_xalign (GTK_LABEL (note), 0);
  gtk_label_set_wrap (GTK_LABEL (note), TRUE);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_widget_add_css_class (note, "chart-note");
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_widget_add_css_class (value, "numeric");
  gtk_widget_set_tooltip_text (name, hint != NULL ? _(hint) : NULL);
  gtk_grid_attach (self->more, name, 0, (int) row, 1, 1);
  gtk_grid_attach (self->more, note, 1, (int) row, 1, 1);
  gtk_grid_attach (self->more, value, 2, (int) row, 1, 1);
  /* The value is heard with its name. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (name), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  self->more_values[row] = GTK_LABEL (value);
  self->more_notes[row] = note;
}

static void
assay_evaluate_page_init (AssayEvaluatePage *self)
{
  self->is_dirty = TRUE;
  self->is_exact = TRUE;
  self->shown = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_columns_set_full (self->columns, self->mistakes_card, TRUE);
  assay_columns_set_wide (self->columns, self->confusion_card);
  for (guint i = 0; i < N_MISTAKES; i++)
    {
      GtkWidget *button = assay_mistake_button_new ();

      g_signal_connect_swapped (button, "clicked", G_CALLBACK (mistake_cb), self);
      gtk_widget_set_parent (button, self->mistakes_box);
      self->buttons[i] = ASSAY_MISTAKE_BUTTON (button);
    }
  for (guint i = 0; i < N_MORE; i++)
    add_more (self, i);
  self->judge_signals = g_signal_group_new (ASSAY_TYPE_JUDGE);
  self->truths_signals = g_signal_group_new (ASSAY_TYPE_TRUTHS);
  self->collection_signals = g_signal_group_new (ASSAY_TYPE_COLLECTION);
  g_signal_group_connect_swapped (self->judge_signals, "changed", G_CALLBACK (queue_refresh), self);
  g_signal_group_connect_swapped (self->truths_signals, "changed", G_CALLBACK (queue_refresh),
                                  self);
  g_signal_group_connect_swapped (self->collection_signals, "items-changed",
                                  G_CALLBACK (queue_refresh), self);
  g_signal_group_connect_swapped (self->collection_signals, "counts-changed",
                                  G_CALLBACK (queue_refresh), self);
}

/**
 * assay_evaluate_page_new:
 *
 * Returns: (transfer floating): a page of nothing
 */
GtkWidget *
assay_evaluate_page_new (void)
{
  return g_object_new (ASSAY_TYPE_EVALUATE_PAGE, NULL);
}

/**
 * assay_evaluate_page_set_judge:
 * @judge: (nullable) (transfer none): whose candidate is evaluated, whoever that is
 * @truths: (nullable) (transfer none): the ones that the judge was made with
 */
void
assay_evaluate_page_set_judge (AssayEvaluatePage *self,
                               AssayJudge *judge,
                               AssayTruths *truths)
{
  g_return_if_fail (ASSAY_IS_EVALUATE_PAGE (self));
  g_return_if_fail ((judge == NULL) == (truths == NULL));

  if (self->judge == judge && self->truths == truths)
    return;
  forget_judge (self);
  if (judge != NULL)
    {
      self->judge = g_object_ref (judge);
      self->truths = g_object_ref (truths);
      self->collection = g_object_ref (assay_truths_get_collection (truths));
      self->mistakes = assay_mistakes_new (judge, truths);
      g_signal_connect_swapped (self->mistakes, "changed", G_CALLBACK (queue_refresh), self);
    }
  g_signal_group_set_target (self->judge_signals, self->judge);
  g_signal_group_set_target (self->truths_signals, self->truths);
  g_signal_group_set_target (self->collection_signals, self->collection);
  assay_coverage_chart_set_evaluation (self->coverage,
                                       judge != NULL ? assay_judge_get_evaluation (judge) : NULL);
  queue_refresh (self);
}

/**
 * assay_evaluate_page_set_title:
 * @name: (nullable): how the candidate is called in a sentence, "version 2", safe to show
 */
void
assay_evaluate_page_set_title (AssayEvaluatePage *self,
                               const char *name)
{
  g_return_if_fail (ASSAY_IS_EVALUATE_PAGE (self));

  if (g_strcmp0 (self->title, name) == 0)
    return;
  g_free (self->title);
  self->title = g_strdup (name);
  queue_refresh (self);
}

double
assay_evaluate_page_get_threshold (AssayEvaluatePage *self)
{
  g_return_val_if_fail (ASSAY_IS_EVALUATE_PAGE (self), 0);

  return assay_coverage_chart_get_threshold (self->coverage);
}

/**
 * assay_evaluate_page_set_threshold:
 * @threshold: below which an answer counts as unsure, 0…1
 */
void
assay_evaluate_page_set_threshold (AssayEvaluatePage *self,
                                   double threshold)
{
  g_return_if_fail (ASSAY_IS_EVALUATE_PAGE (self));

  assay_coverage_chart_set_threshold (self->coverage, threshold);
}

/**
 * assay_evaluate_page_set_compact:
 * @compact: whether the window is narrow
 */
void
assay_evaluate_page_set_compact (AssayEvaluatePage *self,
                                 gboolean compact)
{
  g_return_if_fail (ASSAY_IS_EVALUATE_PAGE (self));

  if (self->is_compact == compact)
    return;
  self->is_compact = compact;
  for (guint i = 0; i < N_MORE; i++)
    gtk_widget_set_visible (self->more_notes[i], !compact);
  if (compact)
    gtk_widget_add_css_class (GTK_WIDGET (self), "compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "compact");
  queue_refresh (self);
}

/**
 * assay_evaluate_page_is_settled:
 *
 * Returns: whether the page shows all that the judge has said so far
 */
gboolean
assay_evaluate_page_is_settled (AssayEvaluatePage *self)
{
  g_return_val_if_fail (ASSAY_IS_EVALUATE_PAGE (self), FALSE);

  return !self->is_dirty && self->part_source == 0 && self->is_exact
         && (self->mistakes == NULL || assay_mistakes_is_settled (self->mistakes));
}

/**
 * assay_evaluate_page_dup_judged:
 *
 * Returns: (transfer full) (element-type AssayItem): the images behind the figures, in the
 *   order of arrival
 */
GPtrArray *
assay_evaluate_page_dup_judged (AssayEvaluatePage *self)
{
  GPtrArray *items;
  guint n;

  g_return_val_if_fail (ASSAY_IS_EVALUATE_PAGE (self), NULL);

  items = g_ptr_array_new_with_free_func (g_object_unref);
  n = self->judge != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->collection)) : 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (G_LIST_MODEL (self->collection), i);

      if (find_judged (self, item) != NULL)
        g_ptr_array_add (items, g_steal_pointer (&item));
    }
  return items;
}

/**
 * assay_evaluate_page_add_picker:
 * @picker: (transfer floating): what chooses the version
 *
 * Puts it into the header, before those that are there.
 */
void
assay_evaluate_page_add_picker (AssayEvaluatePage *self,
                                GtkWidget *picker)
{
  g_return_if_fail (ASSAY_IS_EVALUATE_PAGE (self));
  g_return_if_fail (GTK_IS_WIDGET (picker));

  gtk_widget_insert_after (picker, self->pickers, NULL);
}
