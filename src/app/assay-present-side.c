/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-number-label.h"
#include "assay-present-bars.h"
#include "assay-present-fit.h"
#include "assay-present-side.h"
#include "assay-present-text.h"
#include "assay-verdict-text.h"
#include "assay-whole.h"

/* Sizes of style.css, in the window's font, and the lines that there is room for.  Where
 * the title says "Unsure" and no more, the labels have its second line. */
#define TITLE 2.25
#define TITLE_OF_TWO 1.8
#define TITLE_WAITING 1.6
#define TITLE_LINES 2
#define SCORE_LABELS 1.4
#define SCORE_LINES 2
#define SCORE_LINES_UNSURE 3
#define NOTE 1
#define NOTE_LINES 3

/* Invariant: shown is what the bars have, of the answer that is looked at. */
struct _AssayPresentSide {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *heading;
  GtkLabel *title;
  GtkLabel *score;
  GtkLabel *note;
  AssayPresentBars *bars;

  AssayAnswer *answer;           /* (nullable) */
  GSignalGroup *answer_signals;
  AssayWhole *whole;
  AssayPrediction *shown;        /* (nullable) */
  const char *waiting;           /* (nullable): what to say while there is no answer */
  double threshold;
  double width;                  /* pixels, 0 until it is known */
  double em;                     /* of the window's font, pixels */
};

G_DEFINE_FINAL_TYPE (AssayPresentSide, assay_present_side, GTK_TYPE_WIDGET)

static guint answered_signal;

static void
show_look (AssayPresentSide *self,
           const char *look)
{
  static const char *const looks[] = { "unsure", "close", "waiting" };

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (g_strcmp0 (looks[i], look) == 0)
      gtk_widget_add_css_class (GTK_WIDGET (self), looks[i]);
    else
      gtk_widget_remove_css_class (GTK_WIDGET (self), looks[i]);
}

/* Of a side that has a heading there are two. */
static double
get_title (AssayPresentSide *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->heading)) ? TITLE_OF_TWO : TITLE;
}

static void
fit (AssayPresentSide *self,
     GtkLabel *label,
     double font,
     guint lines)
{
  assay_present_fit (label, font * self->em, self->width, lines);
}

static void
say (AssayPresentSide *self,
     const char *sentence)
{
  g_autofree char *all = NULL;

  if (gtk_widget_get_visible (GTK_WIDGET (self->heading)))
    all = g_strdup_printf ("%s: %s", gtk_label_get_text (self->heading), sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  all != NULL ? all : sentence, -1);
}

static void
show_prediction (AssayPresentSide *self)
{
  AssayVerdictKind kind = assay_verdict_get_kind (self->shown, self->threshold);
  g_autofree char *title = assay_verdict_dup_title (self->shown, self->threshold);
  g_autofree char *score = assay_verdict_dup_score (self->shown, self->threshold);
  g_autofree char *note = assay_verdict_dup_note (self->shown, self->threshold);
  g_autofree char *sentence = assay_verdict_dup_sentence (self->shown, self->threshold);

  show_look (self, kind == ASSAY_VERDICT_UNSURE ? "unsure"
                   : kind == ASSAY_VERDICT_CLOSE ? "close" : NULL);
  gtk_label_set_text (self->title, title);
  if (kind == ASSAY_VERDICT_UNSURE)
    gtk_label_set_text (self->score, score);
  else
    assay_number_label_set (self->score, score);
  gtk_label_set_text (self->note, note);
  fit (self, self->title, get_title (self), TITLE_LINES);
  fit (self, self->score,
       kind == ASSAY_VERDICT_UNSURE || kind == ASSAY_VERDICT_CLOSE ? SCORE_LABELS : get_title (self),
       kind == ASSAY_VERDICT_UNSURE ? SCORE_LINES_UNSURE : SCORE_LINES);
  fit (self, self->note, NOTE, NOTE_LINES);
  say (self, sentence);
}

static void
show_waiting (AssayPresentSide *self)
{
  const char *words = self->waiting != NULL && self->answer == NULL
                        ? self->waiting : assay_present_get_waiting (self->answer);

  show_look (self, "waiting");
  gtk_label_set_text (self->title, words);
  gtk_label_set_text (self->score, "");
  gtk_label_set_text (self->note, "");
  fit (self, self->title, TITLE_WAITING, TITLE_LINES);
  say (self, words);
}

static void
update (AssayPresentSide *self)
{
  AssayPrediction *prediction =
    assay_whole_look_at (self->whole,
                         self->answer != NULL ? assay_answer_get_prediction (self->answer) : NULL);
  gboolean another = prediction != self->shown;
  /* All labels of an answer whose best few were on show are no other answer. */
  gboolean grows = another && prediction != NULL
                   && (self->shown == NULL || !assay_prediction_is_trimmed (self->shown)
                       || !assay_prediction_is_form_of (self->shown, prediction));

  if (prediction != NULL)
    assay_prediction_ref (prediction);
  g_clear_pointer (&self->shown, assay_prediction_unref);
  self->shown = prediction;
  assay_present_bars_show (self->bars, prediction, self->threshold);
  gtk_widget_set_visible (GTK_WIDGET (self->score), prediction != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->note), prediction != NULL);
  gtk_widget_set_opacity (GTK_WIDGET (self->bars), prediction != NULL ? 1 : 0);
  if (prediction != NULL)
    show_prediction (self);
  else
    show_waiting (self);
  if (grows)
    assay_present_bars_grow (self->bars);
  if (another)
    g_signal_emit (self, answered_signal, 0);
}

static void
assay_present_side_dispose (GObject *object)
{
  AssayPresentSide *self = ASSAY_PRESENT_SIDE (object);

  if (self->answer_signals != NULL)
    g_signal_group_set_target (self->answer_signals, NULL);
  g_clear_object (&self->answer_signals);
  g_clear_object (&self->whole);
  g_clear_object (&self->answer);
  g_clear_pointer (&self->shown, assay_prediction_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_PRESENT_SIDE);
  G_OBJECT_CLASS (assay_present_side_parent_class)->dispose (object);
}

static void
assay_present_side_class_init (AssayPresentSideClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_present_side_dispose;
  answered_signal = g_signal_new ("answered", ASSAY_TYPE_PRESENT_SIDE, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (ASSAY_TYPE_PRESENT_BARS);
  gtk_widget_class_set_css_name (widget_class, "presentside");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-present-side.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayPresentSide, box);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentSide, heading);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentSide, title);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentSide, score);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentSide, note);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentSide, bars);
}

static void
assay_present_side_init (AssayPresentSide *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->whole = assay_whole_new ();
  g_signal_connect_object (self->whole, "loaded", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->answer_signals = g_signal_group_new (ASSAY_TYPE_ANSWER);
  g_signal_group_connect_object (self->answer_signals, "notify", G_CALLBACK (update), self,
                                 G_CONNECT_SWAPPED);
}

/**
 * assay_present_side_set_trimmer:
 * @trimmer: (transfer none): what loads the labels of a trimmed answer
 */
void
assay_present_side_set_trimmer (AssayPresentSide *self,
                                AssayTrimmer *trimmer)
{
  g_return_if_fail (ASSAY_IS_PRESENT_SIDE (self));

  assay_whole_set_trimmer (self->whole, trimmer);
}

/**
 * assay_present_side_set_heading:
 * @heading: (nullable): which version it is, where there are two
 */
void
assay_present_side_set_heading (AssayPresentSide *self,
                                const char *heading)
{
  g_return_if_fail (ASSAY_IS_PRESENT_SIDE (self));

  gtk_label_set_text (self->heading, heading != NULL ? heading : "");
  gtk_widget_set_visible (GTK_WIDGET (self->heading), heading != NULL);
  update (self);
}

/**
 * assay_present_side_set_room:
 * @width: that it will have, pixels
 * @em: the size of the window's font, pixels
 *
 * Fits what it says into that.
 */
void
assay_present_side_set_room (AssayPresentSide *self,
                             double width,
                             double em)
{
  g_return_if_fail (ASSAY_IS_PRESENT_SIDE (self));

  self->width = width;
  self->em = em;
  update (self);
}

/**
 * assay_present_side_set_threshold:
 * @threshold: the user's own, 0…1
 */
void
assay_present_side_set_threshold (AssayPresentSide *self,
                                  double threshold)
{
  g_return_if_fail (ASSAY_IS_PRESENT_SIDE (self));

  self->threshold = threshold;
  update (self);
}

/**
 * assay_present_side_set_answer:
 * @answer: (nullable) (transfer none): what is followed
 * @waiting: (nullable): what stands there while there is none, a string that stays
 */
void
assay_present_side_set_answer (AssayPresentSide *self,
                               AssayAnswer *answer,
                               const char *waiting)
{
  g_return_if_fail (ASSAY_IS_PRESENT_SIDE (self));

  self->waiting = waiting;
  g_set_object (&self->answer, answer);
  g_signal_group_set_target (self->answer_signals, answer);
  update (self);
}

/**
 * assay_present_side_get_prediction:
 *
 * Returns: (transfer none) (nullable): what is on show
 */
AssayPrediction *
assay_present_side_get_prediction (AssayPresentSide *self)
{
  g_return_val_if_fail (ASSAY_IS_PRESENT_SIDE (self), NULL);

  return self->shown;
}

/**
 * assay_present_side_follow:
 * @leader: (nullable) (transfer none): what stands beside it
 *
 * Keeps the labels in its order.
 */
void
assay_present_side_follow (AssayPresentSide *self,
                           AssayPrediction *leader)
{
  g_return_if_fail (ASSAY_IS_PRESENT_SIDE (self));

  assay_present_bars_follow (self->bars, leader);
}

/**
 * assay_present_side_grow:
 *
 * Lets the bars grow once more.
 */
void
assay_present_side_grow (AssayPresentSide *self)
{
  g_return_if_fail (ASSAY_IS_PRESENT_SIDE (self));

  assay_present_bars_grow (self->bars);
}
