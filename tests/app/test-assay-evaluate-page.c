/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-confusion-chart.h"
#include "assay-evaluate-page.h"
#include "assay-evaluate-text.h"
#include "assay-evaluation-text.h"
#include "assay-figure-card.h"
#include "assay-label-line.h"
#include "assay-label-table.h"
#include "assay-mistake-button.h"
#include "assay-reliability-chart.h"
#include "evaluate-samples.h"
#include "item-support.h"
#include "widget-support.h"

#define NB "\u202f"

typedef struct {
  EvaluateSample *sample;
  GtkWidget *page;
  GtkWidget *window;
  char *title;
  GPtrArray *items;
} Fixture;

static void
show_items_cb (Fixture *self,
               const char *title,
               GPtrArray *items)
{
  g_free (self->title);
  self->title = g_strdup (title);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  self->items = g_ptr_array_ref (items);
}

static void
set_up (Fixture *self,
        gconstpointer data)
{
  self->sample = evaluate_sample_new ();
  self->page = assay_evaluate_page_new ();
  g_signal_connect_swapped (self->page, "show-items", G_CALLBACK (show_items_cb), self);
  assay_evaluate_page_set_judge (ASSAY_EVALUATE_PAGE (self->page), self->sample->judge,
                                 self->sample->truths);
  assay_evaluate_page_set_title (ASSAY_EVALUATE_PAGE (self->page), "version 2");
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self->title);
  /* What was shown is let go when the window has gone. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  evaluate_sample_free (self->sample);
}

static gboolean
is_settled (gpointer data)
{
  return assay_evaluate_page_is_settled (data);
}

static void
show (Fixture *self)
{
  self->window = widget_support_show (self->page, 1200, 900);
  g_assert_true (widget_support_wait (is_settled, self->page));
}

static gboolean
is_told (gpointer data)
{
  return ((Fixture *) data)->items != NULL;
}

static void
assert_told (Fixture *self,
             const char *title,
             guint n)
{
  g_assert_true (widget_support_wait (is_told, self));
  g_assert_cmpstr (self->title, ==, title);
  g_assert_cmpuint (self->items->len, ==, n);
}

static void
assert_item (Fixture *self,
             guint index,
             const char *truth,
             const char *answer)
{
  AssayItem *item = g_ptr_array_index (self->items, index);
  AssayAnswer *given = assay_item_find_answer (item, self->sample->target);

  g_assert_cmpstr (assay_item_get_truth (item), ==, truth);
  g_assert_cmpstr (assay_prediction_get_label (assay_answer_get_prediction (given), 0), ==, answer);
}

static void
find_all (GtkWidget *widget,
          GType type,
          GPtrArray *found)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && gtk_widget_get_visible (widget))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_all (child, type, found);
}

static gpointer
find (Fixture *self,
      GType type,
      guint index)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  find_all (self->page, type, found);
  g_assert_cmpuint (index, <, found->len);
  return g_ptr_array_index (found, index);
}

static void
assert_card (Fixture *self,
             guint index,
             const char *figure,
             const char *line)
{
  AssayFigureCard *card = find (self, ASSAY_TYPE_FIGURE_CARD, index);

  g_assert_cmpstr (assay_figure_card_get_figure (card), ==, figure);
  g_assert_cmpstr (assay_figure_card_get_line (card), ==, line);
}

static void
assert_label (Fixture *self,
              const char *text)
{
  if (widget_support_find_label (self->page, text) == NULL)
    g_error ("nothing says “%s”", text);
}

/* Worked by hand from the matrix 12 0 0 0 0 / 0 10 0 2 0 / 1 0 10 0 1 / 0 1 0 11 0 /
 * 0 0 1 0 11: F1 of daisy 24/25, dandelion 20/23, roses 20/23, sunflowers 22/25, tulips
 * 22/24; their mean is 0.8991.  Kappa: (0.9 − 0.2)/(1 − 0.2) = 0.875. */
static void
tells_the_figures (Fixture *self,
                   gconstpointer data)
{
  evaluate_sample_fill_flowers (self->sample, NULL);
  show (self);
  assert_label (self, "Version 2 is right on 54 of 60 images");
  assert_label (self, "128 images in the list, 60 have a known truth");
  assert_card (self, 0, "90.0" NB "%", "95" NB "% interval 79.9–95.3" NB "%");
  assert_card (self, 1, "0.899", "mean of 5 labels");
  assert_card (self, 2, "96.7" NB "%", "58 of 60 in the first 2");
  assert_card (self, 4, "60", "12 per label");
  assert_label (self, "0.875");
  g_assert_cmpstr (assay_confusion_chart_get_sentence (find (self, ASSAY_TYPE_CONFUSION_CHART, 0)),
                   ==, "2 of 12 dandelion were called sunflowers");
}

static void
assert_line (GListModel *lines,
             guint position,
             const char *spoken)
{
  g_autoptr (AssayLabelLine) line = g_list_model_get_item (lines, position);
  g_autofree char *text = assay_label_line_dup_spoken (line);

  g_assert_cmpstr (text, ==, spoken);
}

static void
tells_each_label (Fixture *self,
                  gconstpointer data)
{
  GListModel *lines;

  evaluate_sample_fill_flowers (self->sample, NULL);
  show (self);
  lines = assay_label_table_get_lines (find (self, ASSAY_TYPE_LABEL_TABLE, 0));
  g_assert_cmpuint (g_list_model_get_n_items (lines), ==, 8);
  assert_line (lines, 0, "daisy: precision 0.923, recall 1.000, F1 0.960, 12 images");
  assert_line (lines, 3, "sunflowers: precision 0.846, recall 0.917, F1 0.880, 12 images");
  assert_line (lines, 5, "Accuracy: 0.900, 60 images");
  assert_line (lines, 6, "Macro mean: precision 0.901, recall 0.900, F1 0.899, 60 images");
  assert_line (lines, 7, "Weighted mean: precision 0.901, recall 0.900, F1 0.899, 60 images");
}

/* Two images; nothing was called tulips, and so its precision can't be told. */
static void
tells_what_is_too_few (Fixture *self,
                       gconstpointer data)
{
  AssayItem *rose = evaluate_sample_add (self->sample, "/set/roses", "a.jpg");
  AssayItem *tulip = evaluate_sample_add (self->sample, "/set/tulips", "b.jpg");
  GListModel *lines;

  evaluate_sample_add (self->sample, "/set/tulips", "c.jpg");
  evaluate_sample_answer (self->sample, rose, "roses", "tulips", .8);
  evaluate_sample_answer (self->sample, tulip, "roses", "tulips", .9);
  evaluate_sample_settle (self->sample);
  show (self);
  assert_label (self, "Version 2 is right on 1 of 2 images");
  assert_label (self, "3 images in the list, 3 have a known truth · 1 of them has no answer");
  lines = assay_label_table_get_lines (find (self, ASSAY_TYPE_LABEL_TABLE, 0));
  assert_line (lines, 0, "roses: precision 0.500, recall 1.000, F1 0.667, 1 image");
  assert_line (lines, 1, "tulips: precision –, recall 0.000, F1 0.000, 1 image");
  assert_label (self, "few images");
}

static void
opens_a_cell (Fixture *self,
              gconstpointer data)
{
  AssayConfusionChart *chart;

  evaluate_sample_fill_flowers (self->sample, NULL);
  show (self);
  chart = find (self, ASSAY_TYPE_CONFUSION_CHART, 0);
  g_signal_emit_by_name (chart, "cell-activated", 1, 3);
  assert_told (self, "dandelion called sunflowers", 2);
  assert_item (self, 0, "dandelion", "sunflowers");
  assert_item (self, 1, "dandelion", "sunflowers");
}

static void
opens_a_bar (Fixture *self,
             gconstpointer data)
{
  evaluate_sample_fill_flowers (self->sample, NULL);
  show (self);
  g_signal_emit_by_name (find (self, ASSAY_TYPE_RELIABILITY_CHART, 0), "bin-activated", 5);
  assert_told (self, "Scores above 33.33" NB "%, up to 40" NB "%", 1);
  assert_item (self, 0, "roses", "daisy");
}

static void
opens_a_line (Fixture *self,
              gconstpointer data)
{
  GtkWidget *view;

  evaluate_sample_fill_flowers (self->sample, NULL);
  show (self);
  view = find (self, GTK_TYPE_COLUMN_VIEW, 0);
  g_signal_emit_by_name (view, "activate", 6);
  g_assert_null (self->items);
  g_signal_emit_by_name (view, "activate", 4);
  assert_told (self, "Images of tulips", 12);
  for (guint i = 0; i < 12; i++)
    g_assert_cmpstr (assay_item_get_truth (g_ptr_array_index (self->items, i)), ==, "tulips");
}

static void
opens_a_mistake (Fixture *self,
                 gconstpointer data)
{
  AssayMistakeButton *first;
  g_autoptr (GPtrArray) buttons = g_ptr_array_new ();

  evaluate_sample_fill_flowers (self->sample, NULL);
  show (self);
  find_all (self->page, ASSAY_TYPE_MISTAKE_BUTTON, buttons);
  g_assert_cmpuint (buttons->len, ==, 6);
  first = g_ptr_array_index (buttons, 0);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (first), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "tulips, 87.4 percent; the truth is roses; IMG_00.jpg");
  g_signal_emit_by_name (first, "clicked");
  assert_told (self, "roses called tulips", 1);
  g_assert_true (g_ptr_array_index (self->items, 0) == assay_mistake_button_get_item (first));
  assert_item (self, 0, "roses", "tulips");
}

static void
says_why_there_is_nothing (Fixture *self,
                           gconstpointer data)
{
  AssayItem *item;

  show (self);
  assert_label (self, "No Images Yet");
  g_assert_null (widget_support_find_label (self->page, "Truth…"));

  item = evaluate_sample_add (self->sample, "/other", "a.jpg");
  g_assert_true (widget_support_wait (is_settled, self->page));
  assert_label (self, "Nothing Is Answered Yet");
  g_assert_null (widget_support_find_label (self->page, "Truth…"));

  evaluate_sample_answer (self->sample, item, "roses", "tulips", .8);
  evaluate_sample_settle (self->sample);
  g_assert_true (widget_support_wait (is_settled, self->page));
  assert_label (self, "Say What the Images Show");
  assert_label (self, "Truth…");
}

static void
mark (Fixture *self,
      AssayItem *item,
      const char *label)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_ptr_array_add (items, item);
  assay_truth_marks_free (assay_truths_mark (self->sample->truths, items, label));
}

static gboolean
says_one (gpointer data)
{
  return widget_support_find_label (data, "Version 2 is right on 1 of 1 image") != NULL;
}

static gboolean
says_none (gpointer data)
{
  return widget_support_find_label (data, "Version 2 is right on 0 of 1 image") != NULL;
}

/* A mark changes the page that is seen. */
static void
follows_a_mark (Fixture *self,
                gconstpointer data)
{
  AssayItem *item = evaluate_sample_add (self->sample, "/other", "a.jpg");
  AssayMistakeButton *button;

  evaluate_sample_answer (self->sample, item, "roses", "tulips", .8);
  show (self);
  mark (self, item, "roses");
  g_assert_true (widget_support_wait (says_one, self->page));
  g_assert_true (widget_support_wait (is_settled, self->page));
  assert_label (self, "No mistakes");
  mark (self, item, "tulips");
  g_assert_true (widget_support_wait (says_none, self->page));
  g_assert_true (widget_support_wait (is_settled, self->page));
  button = find (self, ASSAY_TYPE_MISTAKE_BUTTON, 0);
  g_assert_true (assay_mistake_button_get_item (button) == item);
}

static guint
count_rows (AssayConfusionChart *chart)
{
  AssayConfusionMatrix *matrix = assay_confusion_chart_get_matrix (chart);

  return assay_chart_field_get_n_rows (assay_confusion_matrix_get_field (matrix));
}

/* 7, 17 and 27, and all others. */
static gboolean
has_sevens (gpointer data)
{
  return count_rows (data) == 4;
}

static gboolean
has_none (gpointer data)
{
  return widget_support_find_label (data, "No label has this in its name") != NULL;
}

/* Of thirty labels twenty have a row and one is for the others, or those have one that are
 * looked for. */
static void
searches_labels (Fixture *self,
                 gconstpointer data)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  AssayConfusionChart *chart;
  GtkEditable *search;

  evaluate_sample_fill_many (self->sample, 300, 30);
  show (self);
  chart = find (self, ASSAY_TYPE_CONFUSION_CHART, 0);
  /* A drop-down has one too. */
  find_all (self->page, GTK_TYPE_SEARCH_ENTRY, entries);
  search = g_ptr_array_index (entries, entries->len - 1);
  g_assert_cmpuint (count_rows (chart), ==, 21);
  gtk_editable_set_text (search, "7");
  g_assert_true (widget_support_wait (has_sevens, chart));
  gtk_editable_set_text (search, "LABEL 00x");
  g_assert_true (widget_support_wait (has_none, self->page));
}

/* What nobody sees costs nothing, and is right when it is seen again. */
static void
rests_while_hidden (Fixture *self,
                    gconstpointer data)
{
  AssayItem *item = evaluate_sample_add (self->sample, "/set/roses", "a.jpg");

  evaluate_sample_answer (self->sample, item, "roses", "tulips", .8);
  evaluate_sample_settle (self->sample);
  show (self);
  assert_label (self, "Version 2 is right on 1 of 1 image");
  gtk_widget_set_visible (self->page, FALSE);
  evaluate_sample_answer (self->sample, item, "tulips", "roses", .8);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (assay_evaluate_page_is_settled (ASSAY_EVALUATE_PAGE (self->page)));
  gtk_widget_set_visible (self->page, TRUE);
  g_assert_true (widget_support_wait (says_none, self->page));
}

static void
forgets_its_judge (Fixture *self,
                   gconstpointer data)
{
  evaluate_sample_fill_flowers (self->sample, NULL);
  show (self);
  assay_evaluate_page_set_judge (ASSAY_EVALUATE_PAGE (self->page), NULL, NULL);
  g_assert_true (widget_support_wait (is_settled, self->page));
  assert_label (self, "No Images Yet");
}

/* What is neither all nor nothing never reads so. */
static void
test_figures (void)
{
  static const struct {
    double figure;
    const char *text;
  } cases[] = {
    { 1, "1.000" }, { 0, "0.000" }, { .9996, "0.9996" }, { .99951, "0.9995" },
    { .00004, "0.00004" }, { .0625, "0.062" }, { 2.5, "2.500" }, { -.25, "-0.250" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = assay_evaluation_dup_figure (cases[i].figure);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc,
      char *argv[])
{
  widget_support_init (&argc, &argv);

#define TEST(name, function) \
  g_test_add ("/assay/evaluate-page/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("tells-the-figures", tells_the_figures);
  TEST ("tells-each-label", tells_each_label);
  TEST ("tells-what-is-too-few", tells_what_is_too_few);
  TEST ("opens-a-cell", opens_a_cell);
  TEST ("opens-a-bar", opens_a_bar);
  TEST ("opens-a-line", opens_a_line);
  TEST ("opens-a-mistake", opens_a_mistake);
  TEST ("says-why-there-is-nothing", says_why_there_is_nothing);
  TEST ("follows-a-mark", follows_a_mark);
  TEST ("searches-labels", searches_labels);
  TEST ("rests-while-hidden", rests_while_hidden);
  TEST ("forgets-its-judge", forgets_its_judge);
#undef TEST
  g_test_add_func ("/assay/evaluate-page/figures", test_figures);
  return g_test_run ();
}
