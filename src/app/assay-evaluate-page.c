/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-confusion-chart.h"
#include "assay-coverage-chart.h"
#include "assay-display.h"
#include "assay-evaluate-page.h"
#include "assay-figure-card.h"
#include "assay-fold-box.h"
#include "assay-label-table.h"
#include "assay-mistakes.h"
#include "assay-reliability-chart.h"
#include "assay-target-picker.h"

/* The figures are told so often at most, however fast answers come. */
#define TELL_MILLISECONDS 250

/* Labels that the matrix has a row of; of more the most confused. */
#define MAX_ROWS 20

/* Below so many images a calibration error tells nothing (charts.md). */
#define FEW_IMAGES 100

/* Below these widths there are two columns, and one. */
#define THREE_COLUMNS_WIDTH 1060
#define TWO_COLUMNS_WIDTH 720

enum {
  ACCURACY,
  MACRO_F1,
  TOP_K,
  ECE,
  IMAGES,
  N_CARDS
};

enum {
  BALANCED,
  MACRO,
  WEIGHTED,
  LOG_LOSS,
  BRIER,
  KAPPA,
  MCC,
  N_MORE
};

struct _AssayEvaluatePage {
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkLabel *headline;
  GtkLabel *line;
  GtkLabel *hindrance;
  GtkLabel *hindrance_note;
  AssayTargetPicker *picker;
  GtkGrid *cards;
  GtkGrid *parts;
  GtkWidget *confusion_card;
  GtkWidget *table_card;
  GtkWidget *reliability_card;
  GtkWidget *coverage_card;
  GtkWidget *more_card;
  GtkGrid *more;
  GtkWidget *mistakes_card;
  AssayConfusionChart *confusion;
  AssayLabelTable *table;
  AssayReliabilityChart *reliability;
  AssayCoverageChart *coverage;
  AssayMistakes *mistakes;
  AssayFigureCard *card[N_CARDS];
  GtkLabel *figure[N_MORE];

  AssaySession *session;
  char **rows;                   /* (nullable) of the matrix, as they are shown */
  guint tell_source;
  int columns;
  gboolean stale;                /* something has changed while nobody looked */
};

G_DEFINE_FINAL_TYPE (AssayEvaluatePage, assay_evaluate_page, GTK_TYPE_WIDGET)

static guint show_items_signal;

static AssayEvaluation *
get_evaluation (AssayEvaluatePage *self)
{
  return assay_judge_get_evaluation (assay_session_get_judge (self->session));
}

/* ---- the images behind it ---- */

typedef gboolean (*Wanted) (AssayEvaluatePage *self, const char *truth,
                            const AssayPrediction *prediction, gconstpointer data);

static void
show_items (AssayEvaluatePage *self,
            const char *title,
            Wanted wanted,
            gconstpointer data)
{
  GListModel *model = G_LIST_MODEL (assay_session_get_collection (self->session));
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, i);
      AssayAnswer *answer = assay_item_get_answer (item);
      AssayPrediction *prediction = answer != NULL ? assay_answer_get_prediction (answer) : NULL;
      const char *truth = assay_item_get_truth (item);

      if (prediction != NULL && truth != NULL && wanted (self, truth, prediction, data))
        g_ptr_array_add (items, g_steal_pointer (&item));
    }
  g_signal_emit (self, show_items_signal, 0, title, items);
}

/* A label of the matrix, or any other one for the row behind the last. */
static gboolean
is_of_row (AssayEvaluatePage *self,
           guint row,
           const char *label)
{
  guint n = g_strv_length (self->rows);

  if (row < n)
    return strcmp (self->rows[row], label) == 0;
  return !g_strv_contains ((const char *const *) self->rows, label);
}

static gboolean
is_of_cell (AssayEvaluatePage *self,
            const char *truth,
            const AssayPrediction *prediction,
            gconstpointer data)
{
  const guint *cell = data;

  return is_of_row (self, cell[0], truth)
         && is_of_row (self, cell[1], assay_prediction_get_label (prediction, 0));
}

static char *
dup_row_name (AssayEvaluatePage *self,
              guint row)
{
  return row < g_strv_length (self->rows) ? assay_display_text (self->rows[row], -1, 0)
                                          : g_strdup (_("another label"));
}

static void
cell_activated_cb (AssayEvaluatePage *self,
                   guint row,
                   guint column)
{
  const guint cell[2] = { row, column };
  g_autofree char *truth = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *title = NULL;

  if (self->rows == NULL)
    return;
  truth = dup_row_name (self, row);
  answer = dup_row_name (self, column);
  title = row == column && row < g_strv_length (self->rows)
            ? g_strdup_printf (_("%s, right"), truth)
            : g_strdup_printf (_("%s called %s"), truth, answer);
  show_items (self, title, is_of_cell, cell);
}

static gboolean
is_of_bin (AssayEvaluatePage *self,
           const char *truth,
           const AssayPrediction *prediction,
           gconstpointer data)
{
  double score = assay_prediction_get_score (prediction, 0);

  return score >= 0 && score <= 1 && assay_evaluation_find_bin (score) == *(const guint *) data;
}

static void
bin_activated_cb (AssayEvaluatePage *self,
                  guint bin)
{
  g_autofree char *low = assay_display_percent ((double) bin / ASSAY_EVALUATION_BINS,
                                                ASSAY_DISPLAY_SCREEN);
  g_autofree char *high = assay_display_percent ((bin + 1.0) / ASSAY_EVALUATION_BINS,
                                                 ASSAY_DISPLAY_SCREEN);
  g_autofree char *title = g_strdup_printf (_("scores from %s to %s"), low, high);

  show_items (self, title, is_of_bin, &bin);
}

static gboolean
is_of_label (AssayEvaluatePage *self,
             const char *truth,
             const AssayPrediction *prediction,
             gconstpointer data)
{
  return strcmp (truth, data) == 0
         || strcmp (assay_prediction_get_label (prediction, 0), data) == 0;
}

static void
label_activated_cb (AssayEvaluatePage *self,
                    const char *label)
{
  g_autofree char *shown = assay_display_text (label, -1, 0);
  g_autofree char *title = g_strdup_printf (_("%s, as truth or answer"), shown);

  show_items (self, title, is_of_label, label);
}

static void
mistake_activated_cb (AssayEvaluatePage *self,
                      AssayItem *item)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (items, g_object_ref (item));
  g_signal_emit (self, show_items_signal, 0, assay_item_get_name (item), items);
}

/* ---- the figures ---- */

/* "–" for what can't be told. */
static char *
dup_number (double value)
{
  return isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.3f", value);
}

static char *
dup_percent (double share)
{
  return isnan (share) ? g_strdup ("–") : assay_display_percent (share, ASSAY_DISPLAY_SCREEN);
}

static void
show_card (AssayEvaluatePage *self,
           guint card,
           char *figure,
           char *line)
{
  assay_figure_card_set_figure (self->card[card], figure, line);
  g_free (figure);
  g_free (line);
}

static char *
dup_interval (const AssayInterval *interval)
{
  g_autofree char *low = dup_percent (interval->low);
  g_autofree char *high = dup_percent (interval->high);

  return isnan (interval->value) ? g_strdup (_("nothing to tell it by"))
                                 : g_strdup_printf (_("95 %% interval %s to %s"), low, high);
}

static char *
dup_top_line (AssayEvaluatePage *self,
              const AssayFigures *figures)
{
  double share = assay_evaluation_get_top_k (get_evaluation (self), 2);

  return isnan (share) ? g_strdup ("")
                       : g_strdup_printf (_("%'u of %'u in the first two"),
                                          (guint) lround (share * figures->n), (guint) figures->n);
}

static void
show_cards (AssayEvaluatePage *self,
            const AssayFigures *figures,
            guint n_labels)
{
  show_card (self, ACCURACY, dup_percent (figures->accuracy.value),
             dup_interval (&figures->accuracy));
  show_card (self, MACRO_F1, dup_number (figures->macro.f1),
             g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "mean of %'u label",
                                           "mean of %'u labels", n_labels), n_labels));
  show_card (self, TOP_K, dup_percent (assay_evaluation_get_top_k (get_evaluation (self), 2)),
             dup_top_line (self, figures));
  show_card (self, ECE, dup_number (figures->ece),
             g_strdup (figures->n < FEW_IMAGES ? _("15 bins · too few images to tell")
                                               : _("15 bins")));
  show_card (self, IMAGES, g_strdup_printf ("%'u", (guint) figures->n),
             g_strdup (_("with truth and answer")));
}

static void
show_figure (AssayEvaluatePage *self,
             guint which,
             double value)
{
  g_autofree char *text = dup_number (value);

  gtk_label_set_text (self->figure[which], text);
}

static void
show_averages (AssayEvaluatePage *self,
               guint which,
               const AssayAverages *averages)
{
  g_autofree char *precision = dup_number (averages->precision);
  g_autofree char *recall = dup_number (averages->recall);
  g_autofree char *f1 = dup_number (averages->f1);
  g_autofree char *text = g_strdup_printf ("%s · %s · %s", precision, recall, f1);

  gtk_label_set_text (self->figure[which], text);
}

static void
show_more (AssayEvaluatePage *self,
           const AssayFigures *figures)
{
  show_figure (self, BALANCED, figures->balanced_accuracy);
  show_averages (self, MACRO, &figures->macro);
  show_averages (self, WEIGHTED, &figures->weighted);
  show_figure (self, LOG_LOSS, figures->log_loss);
  show_figure (self, BRIER, figures->brier);
  show_figure (self, KAPPA, figures->kappa);
  show_figure (self, MCC, figures->mcc);
}

/* All labels in their order, or of many the most confused. */
static void
choose_rows (AssayEvaluatePage *self)
{
  g_autoptr (GArray) labels = assay_evaluation_list_labels (get_evaluation (self));
  g_autoptr (GStrvBuilder) rows = g_strv_builder_new ();

  if (labels->len > MAX_ROWS)
    {
      g_array_unref (labels);
      labels = assay_evaluation_list_confused (get_evaluation (self), MAX_ROWS);
    }
  for (guint i = 0; i < labels->len; i++)
    g_strv_builder_add (rows, g_array_index (labels, AssayLabelFigures, i).label);
  g_strfreev (self->rows);
  self->rows = g_strv_builder_end (rows);
}

static void
show_confusion (AssayEvaluatePage *self)
{
  g_autofree guint64 *counts = NULL;
  guint n;

  choose_rows (self);
  n = g_strv_length (self->rows);
  counts = assay_evaluation_dup_matrix (get_evaluation (self), (const char *const *) self->rows, n);
  assay_confusion_chart_set_counts (self->confusion, (const char *const *) self->rows, n, counts);
}

static void
show_reliability (AssayEvaluatePage *self)
{
  AssayReliability bins[ASSAY_EVALUATION_BINS];

  assay_evaluation_get_reliability (get_evaluation (self), bins);
  assay_reliability_chart_set_bins (self->reliability, bins);
}

/* "300 images in the list, 280 have a known truth, 3 of them no answer" */
static char *
dup_line (AssayEvaluatePage *self,
          const AssayFigures *figures)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (assay_session_get_collection (self->session)));
  guint known = assay_truths_count_known (assay_session_get_truths (self->session));
  g_autofree char *given =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u image in the list",
                                  "%'u images in the list", n), n);
  g_autofree char *text =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s, %'u has a known truth",
                                  "%s, %'u have a known truth", known), given, known);
  guint left = known > figures->n ? known - (guint) figures->n : 0;

  if (left == 0)
    return g_steal_pointer (&text);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s, %'u of these has no answer",
                                       "%s, %'u of these have no answer", left), text, left);
}

static char *
dup_headline (AssayEvaluatePage *self,
              const AssayFigures *figures)
{
  g_autofree char *name = assay_session_dup_side_name (self->session, FALSE, TRUE);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s is right on %'u of %'u image",
                                       "%s is right on %'u of %'u images", figures->n),
                          name != NULL ? name : "", (guint) figures->n_right, (guint) figures->n);
}

/* What stands in the way of any figure. */
static const char *
get_hindrance (AssayEvaluatePage *self,
               const AssayFigures *figures,
               const char **note)
{
  AssayCollection *collection = assay_session_get_collection (self->session);

  *note = _("A folder’s name is the truth of the images in it, if it is a label of the model. "
            "Otherwise load a table of files and labels, or mark images in the list by the keys "
            "1 to 9 and C.");
  if (g_list_model_get_n_items (G_LIST_MODEL (collection)) == 0)
    return _("Drop images here to see how good a version is");
  if (figures->n > 0)
    return NULL;
  if (assay_truths_count_known (assay_session_get_truths (self->session)) == 0)
    return _("Nobody has said yet what the images show");
  *note = _("The figures come with the first answer.");
  return _("No image with a known truth has an answer yet");
}

static void
show_figures (AssayEvaluatePage *self)
{
  AssayEvaluation *evaluation = get_evaluation (self);
  AssayFigures figures;
  const char *hindrance;
  const char *note;
  g_autofree char *headline = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GArray) labels = NULL;

  self->stale = FALSE;
  assay_evaluation_get_figures (evaluation, &figures);
  hindrance = get_hindrance (self, &figures, &note);
  gtk_stack_set_visible_child_name (self->stack, hindrance != NULL ? "nothing" : "figures");
  if (hindrance != NULL)
    {
      gtk_label_set_text (self->hindrance, hindrance);
      gtk_label_set_text (self->hindrance_note, note);
      return;
    }
  headline = dup_headline (self, &figures);
  line = dup_line (self, &figures);
  gtk_label_set_text (self->headline, headline);
  gtk_label_set_text (self->line, line);
  labels = assay_evaluation_list_labels (evaluation);
  show_cards (self, &figures, labels->len);
  show_more (self, &figures);
  show_confusion (self);
  show_reliability (self);
  assay_label_table_set_evaluation (self->table, evaluation);
  assay_coverage_chart_update (self->coverage);
  assay_mistakes_look (self->mistakes);
}

/* ---- telling ---- */

static gboolean
tell_cb (gpointer data)
{
  AssayEvaluatePage *self = data;

  self->tell_source = 0;
  if (self->session != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_figures (self);
  return G_SOURCE_REMOVE;
}

static void
tell_soon (AssayEvaluatePage *self)
{
  self->stale = TRUE;
  if (self->tell_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tell_source = g_timeout_add (TELL_MILLISECONDS, tell_cb, self);
}

static void
threshold_changed_cb (AssayEvaluatePage *self)
{
  AssayCollection *collection = assay_session_get_collection (self->session);

  assay_coverage_chart_set_threshold (self->coverage, assay_collection_get_threshold (collection));
}

/* ---- the widget ---- */

static void
assay_evaluate_page_map (GtkWidget *widget)
{
  AssayEvaluatePage *self = ASSAY_EVALUATE_PAGE (widget);

  if (self->session != NULL && self->stale)
    show_figures (self);
  GTK_WIDGET_CLASS (assay_evaluate_page_parent_class)->map (widget);
}

static gboolean
assay_evaluate_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (GTK_WIDGET (ASSAY_EVALUATE_PAGE (widget)->stack),
                                 GTK_DIR_TAB_FORWARD);
}

static void
assay_evaluate_page_dispose (GObject *object)
{
  AssayEvaluatePage *self = ASSAY_EVALUATE_PAGE (object);

  g_clear_handle_id (&self->tell_source, g_source_remove);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_EVALUATE_PAGE);
  G_OBJECT_CLASS (assay_evaluate_page_parent_class)->dispose (object);
}

static void
assay_evaluate_page_finalize (GObject *object)
{
  g_strfreev (ASSAY_EVALUATE_PAGE (object)->rows);
  G_OBJECT_CLASS (assay_evaluate_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-evaluate-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, headline);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, line);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, hindrance);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, hindrance_note);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, picker);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, cards);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, parts);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, confusion_card);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, table_card);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, reliability_card);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, coverage_card);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, more_card);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, more);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, mistakes_card);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, confusion);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, table);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, reliability);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, coverage);
  gtk_widget_class_bind_template_child (widget_class, AssayEvaluatePage, mistakes);
  gtk_widget_class_bind_template_callback (widget_class, cell_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, bin_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, label_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, mistake_activated_cb);
}

static void
assay_evaluate_page_class_init (AssayEvaluatePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_evaluate_page_dispose;
  object_class->finalize = assay_evaluate_page_finalize;
  widget_class->map = assay_evaluate_page_map;
  widget_class->grab_focus = assay_evaluate_page_grab_focus;
  show_items_signal = g_signal_new ("show-items", ASSAY_TYPE_EVALUATE_PAGE, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                    G_TYPE_PTR_ARRAY);

  g_type_ensure (ASSAY_TYPE_CONFUSION_CHART);
  g_type_ensure (ASSAY_TYPE_COVERAGE_CHART);
  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  g_type_ensure (ASSAY_TYPE_LABEL_TABLE);
  g_type_ensure (ASSAY_TYPE_MISTAKES);
  g_type_ensure (ASSAY_TYPE_RELIABILITY_CHART);
  g_type_ensure (ASSAY_TYPE_TARGET_PICKER);
  bind_template (widget_class);
  gtk_widget_class_set_css_name (widget_class, "evaluatepage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
make_cards (AssayEvaluatePage *self)
{
  const char *const captions[N_CARDS] = { _("Accuracy"), _("Macro F1"), _("Top-2 accuracy"),
                                          _("Calibration error"), _("Images") };

  for (guint i = 0; i < N_CARDS; i++)
    {
      GtkWidget *card = assay_figure_card_new (captions[i]);

      self->card[i] = ASSAY_FIGURE_CARD (card);
      gtk_widget_add_css_class (card, "card");
      gtk_grid_attach (self->cards, card, i, 0, 1, 1);
    }
}

/* Each has the tooltip that says what it is. */
static void
make_more (AssayEvaluatePage *self)
{
  const struct {
    const char *name;
    const char *what;
  } rows[N_MORE] = {
    { _("Balanced accuracy"), _("The mean of the labels’ recalls") },
    { _("Macro precision · recall · F1"), _("The means over the labels, each counting the same") },
    { _("Weighted precision · recall · F1"), _("The means over the labels, by their images") },
    { _("Log loss"), _("The mean of −ln of the true label’s score; 0 is best") },
    { _("Brier score"), _("The mean squared distance of the scores from the truth; 0 is best") },
    { _("Cohen’s kappa"), _("Agreement beyond chance; 1 is best") },
    { _("Matthews correlation"), _("Between truth and answers; 1 is best, 0 is chance") },
  };

  for (guint i = 0; i < N_MORE; i++)
    {
      GtkWidget *name = gtk_label_new (rows[i].name);
      GtkWidget *figure = gtk_label_new (NULL);

      gtk_label_set_xalign (GTK_LABEL (name), 0);
      gtk_label_set_wrap (GTK_LABEL (name), TRUE);
      gtk_widget_set_hexpand (name, TRUE);
      gtk_label_set_xalign (GTK_LABEL (figure), 1);
      gtk_widget_add_css_class (figure, "numeric");
      gtk_widget_set_tooltip_text (name, rows[i].what);
      gtk_widget_set_tooltip_text (figure, rows[i].what);
      self->figure[i] = GTK_LABEL (figure);
      gtk_grid_attach (self->more, name, 0, i, 1, 1);
      gtk_grid_attach (self->more, figure, 1, i, 1, 1);
    }
}

static void
place (GtkGrid *grid,
       GtkWidget *child,
       int column,
       int row,
       int columns)
{
  GtkLayoutManager *manager = gtk_widget_get_layout_manager (GTK_WIDGET (grid));

  g_object_set (gtk_layout_manager_get_layout_child (manager, child),
                "column", column, "row", row, "column-span", columns, NULL);
}

/* Twenty-four columns of the same width, of which each part has some. */
static void
arrange (AssayEvaluatePage *self,
         int columns)
{
  const int spans[4][5] = { { 0 }, { 24, 24, 24, 24, 24 }, { 12, 12, 12, 12, 24 },
                            { 9, 9, 6, 14, 10 } };
  GtkWidget *const parts[5] = { self->confusion_card, self->table_card, self->reliability_card,
                                self->coverage_card, self->more_card };
  const int cards = columns == 3 ? N_CARDS : columns == 2 ? 3 : 2;
  int column = 0;
  int row = 0;

  if (self->columns == columns)
    return;
  self->columns = columns;
  for (int i = 0; i < N_CARDS; i++)
    place (self->cards, GTK_WIDGET (self->card[i]), i % cards, i / cards,
           columns == 1 && i == N_CARDS - 1 ? 2 : 1);
  for (guint i = 0; i < 5; i++)
    {
      place (self->parts, parts[i], column, row, spans[columns][i]);
      column += spans[columns][i];
      row += column >= 24;
      column %= 24;
    }
  place (self->parts, self->mistakes_card, 0, row + 1, 24);
  gtk_grid_set_column_spacing (self->parts, columns == 1 ? 0 : 12);
}

static void
assay_evaluate_page_init (AssayEvaluatePage *self)
{
  self->stale = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  make_cards (self);
  make_more (self);
  arrange (self, 3);
}

/**
 * assay_evaluate_page_set_session:
 * @session: (transfer none): whose target on show is judged; once
 */
void
assay_evaluate_page_set_session (AssayEvaluatePage *self,
                                 AssaySession *session)
{
  AssayJudge *judge;

  g_return_if_fail (ASSAY_IS_EVALUATE_PAGE (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  judge = assay_session_get_judge (session);
  assay_target_picker_set_session (self->picker, session, FALSE);
  assay_mistakes_set_judge (self->mistakes, assay_session_get_collection (session), judge);
  assay_coverage_chart_set_evaluation (self->coverage, assay_judge_get_evaluation (judge));
  threshold_changed_cb (self);
  g_signal_connect_object (judge, "changed", G_CALLBACK (tell_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed", G_CALLBACK (tell_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (assay_session_get_truths (session), "changed", G_CALLBACK (tell_soon),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (assay_session_get_collection (session), "notify::threshold",
                           G_CALLBACK (threshold_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * assay_evaluate_page_set_width:
 * @width: of the window, in pixels at the usual size of text
 *
 * Puts its parts side by side, or one below the other.
 */
void
assay_evaluate_page_set_width (AssayEvaluatePage *self,
                               int width)
{
  g_return_if_fail (ASSAY_IS_EVALUATE_PAGE (self));

  arrange (self, width >= THREE_COLUMNS_WIDTH ? 3 : width >= TWO_COLUMNS_WIDTH ? 2 : 1);
}
