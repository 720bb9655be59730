/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "assay-card.h"
#include "assay-change-detail.h"
#include "assay-change-text.h"
#include "assay-display.h"
#include "assay-facts-text.h"
#include "assay-number-label.h"
#include "assay-paired-chart.h"
#include "assay-picture-menu.h"
#include "assay-preview.h"
#include "assay-score-text.h"
#include "assay-tooltip.h"
#include "assay-truth-bar.h"
#include "assay-whole.h"

/* Of the picture that is copied, as in the detail of one answer. */
#define CARD_SCALE 2

/* The places of the two. */
enum {
  A,
  B,
};

struct _AssayChangeDetail {
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkWidget *content;
  GtkGrid *top;
  AssayPreview *preview;
  GtkWidget *side;
  GtkLabel *name;
  GtkLabel *tag;
  GtkLabel *title;
  GtkLabel *truth;
  GtkLabel *scores;
  GtkLabel *scores_note;
  AssayTruthBar *truth_bar;
  AssayPairedChart *chart;
  GtkOrientable *bottom;
  GtkLabel *facts;
  GtkWidget *copy;

  AssaySession *session;
  AssayItem *item;               /* (nullable) */
  AssayWhole *wholes[2];
};

G_DEFINE_FINAL_TYPE (AssayChangeDetail, assay_change_detail, GTK_TYPE_WIDGET)

static guint copied_signal;

static AssayTarget *
get_target (AssayChangeDetail *self,
            guint side)
{
  return side == A ? assay_session_get_baseline (self->session)
                   : assay_session_get_target (self->session);
}

static AssayAnswer *
find_answer (AssayChangeDetail *self,
             guint side)
{
  AssayTarget *target = get_target (self, side);

  return target != NULL ? assay_item_find_answer (self->item, target) : NULL;
}

static AssayPrediction *
get_prediction (AssayChangeDetail *self,
                guint side)
{
  AssayAnswer *answer = self->item != NULL ? find_answer (self, side) : NULL;

  return assay_whole_look_at (self->wholes[side],
                              answer != NULL ? assay_answer_get_prediction (answer) : NULL);
}

static char *
dup_score_of (const AssayPrediction *prediction,
              const char *label)
{
  double score = 0;

  /* For as long as it takes to load it. */
  if (!assay_prediction_can_tell (prediction, label))
    return g_strdup ("…");
  assay_prediction_find (prediction, label, &score);
  return assay_score_dup_text (assay_prediction_get_scale (prediction), score);
}

/* "34.2 % → 81.6 %", of the true label, else of the one that was said before. */
static void
show_scores (AssayChangeDetail *self,
             const AssayPrediction *a,
             const AssayPrediction *b)
{
  const char *truth = assay_item_get_truth (self->item);
  const char *label = truth != NULL ? truth : assay_prediction_get_label (a, 0);
  g_autofree char *shown = assay_display_text (label, -1, 0);
  g_autofree char *before = dup_score_of (a, label);
  g_autofree char *now = dup_score_of (b, label);
  g_autofree char *scores = g_strdup_printf ("%s → %s", before, now);
  g_autofree char *note = truth != NULL ? g_strdup (_("score of the true label"))
                                        : g_strdup_printf (_("score of %s"), shown);

  gtk_label_set_text (self->scores, scores);
  gtk_label_set_text (self->scores_note, note);
}

static void
show_title (AssayChangeDetail *self,
            const AssayPrediction *a,
            const AssayPrediction *b)
{
  g_autofree char *before = assay_change_dup_answer (a);
  g_autofree char *now = assay_change_dup_answer (b);
  g_autofree char *title = g_strcmp0 (before, now) == 0 ? g_strdup (now)
                                                        : g_strdup_printf ("%s → %s", before, now);
  const char *truth = assay_item_get_truth (self->item);
  g_autofree char *shown = truth != NULL ? assay_display_text (truth, -1, 0) : NULL;
  g_autofree char *line = shown != NULL ? g_strdup_printf (_("Truth: %s"), shown)
                                        : g_strdup (_("The truth isn’t known"));

  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->truth, line);
}

/* How long each took; a kept answer may not know. */
static void
show_facts (AssayChangeDetail *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint side = 0; side < 2; side++)
    {
      AssayAnswer *answer = find_answer (self, side);
      g_autofree char *name = assay_session_dup_side_name (self->session, side == A, FALSE);
      g_autofree char *seconds = NULL;

      if (answer == NULL || name == NULL || assay_answer_get_seconds (answer) <= 0)
        continue;
      seconds = assay_facts_dup_seconds (assay_answer_get_seconds (answer));
      g_string_append_printf (text, "%s%s: %s", text->len > 0 ? " · " : "", name, seconds);
    }
  gtk_label_set_text (self->facts, text->str);
}

/**
 * assay_change_detail_update:
 *
 * Shows the image as it stands now.
 */
void
assay_change_detail_update (AssayChangeDetail *self)
{
  AssayPrediction *a = get_prediction (self, A);
  AssayPrediction *b = get_prediction (self, B);
  AssayChange change;
  g_autofree char *name_a = NULL;
  g_autofree char *name_b = NULL;
  gboolean shown = a != NULL && b != NULL
                   && assay_judge_get_change (assay_session_get_judge (self->session), self->item,
                                              &change);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "change.copy",
                                 shown && !assay_whole_is_loading (self->wholes[A])
                                   && !assay_whole_is_loading (self->wholes[B]));
  gtk_stack_set_visible_child_name (self->stack, shown ? "item" : "nothing");
  assay_preview_set_item (self->preview, shown ? self->item : NULL);
  assay_truth_bar_set_item (self->truth_bar, shown ? self->item : NULL);
  if (!shown)
    return;

  gtk_label_set_text (self->name, assay_item_get_name (self->item));
  assay_tooltip_set (GTK_WIDGET (self->name), assay_item_get_name (self->item));
  gtk_label_set_text (self->tag, assay_change_get_word (change));
  gtk_widget_set_css_classes (GTK_WIDGET (self->tag),
                              (const char *[]) { "tag", assay_change_get_class (change), NULL });
  show_title (self, a, b);
  show_scores (self, a, b);
  name_a = assay_session_dup_side_name (self->session, TRUE, FALSE);
  name_b = assay_session_dup_side_name (self->session, FALSE, FALSE);
  assay_paired_chart_set_names (self->chart, name_a, name_b);
  assay_paired_chart_set_predictions (self->chart, a, b, assay_item_get_truth (self->item));
  show_facts (self);
}

/* ---- copying ---- */

/* Out of the window the model has to be said too. */
static char *
dup_full_name (AssayChangeDetail *self,
               guint side)
{
  g_autofree char *name = assay_session_dup_side_name (self->session, side == A, FALSE);
  g_autofree char *model = assay_display_name (assay_target_get_model (get_target (self, side)));

  /* Of two models each is named already. */
  if (*model == '\0'
      || strcmp (assay_target_get_model (get_target (self, A)),
                 assay_target_get_model (get_target (self, B))) != 0)
    return g_steal_pointer (&name);
  return g_strdup_printf ("%s, %s", model, name);
}

static char *
dup_text (AssayChangeDetail *self)
{
  AssayPrediction *a = get_prediction (self, A);
  AssayPrediction *b = get_prediction (self, B);
  g_autofree char *name_a = NULL;
  g_autofree char *name_b = NULL;
  AssayChange change;

  if (a == NULL || b == NULL
      || !assay_judge_get_change (assay_session_get_judge (self->session), self->item, &change))
    return NULL;
  name_a = dup_full_name (self, A);
  name_b = dup_full_name (self, B);
  return assay_change_dup_text (self->item, change, name_a, a, name_b, b);
}

static void
copy_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AssayChangeDetail *self = ASSAY_CHANGE_DETAIL (widget);
  GtkWidget *const parts[] = { GTK_WIDGET (self->top), GTK_WIDGET (self->chart),
                               GTK_WIDGET (self->facts) };
  g_autofree char *text = dup_text (self);
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GdkContentProvider) content = NULL;

  if (text == NULL)
    return;
  texture = assay_card_draw (self->content, parts, G_N_ELEMENTS (parts), CARD_SCALE, NULL);
  content = assay_card_new_content (text, texture);
  if (gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), content))
    g_signal_emit (self, copied_signal, 0);
}

static void
add_picture_menu (AssayChangeDetail *self)
{
  GtkWidget *const parts[] = { GTK_WIDGET (self->top), GTK_WIDGET (self->chart),
                               GTK_WIDGET (self->facts) };

  assay_picture_menu_add (self->content, "change", _("Comparison"), parts, G_N_ELEMENTS (parts));
}

static void
item_changed_cb (AssayJudge *judge,
                 AssayItem *item,
                 AssayChangeDetail *self)
{
  if (item == self->item)
    assay_change_detail_update (self);
}

static void
threshold_changed_cb (AssayChangeDetail *self)
{
  AssayCollection *collection = assay_session_get_collection (self->session);

  assay_paired_chart_set_threshold (self->chart, assay_collection_get_threshold (collection));
}

static void
assay_change_detail_dispose (GObject *object)
{
  AssayChangeDetail *self = ASSAY_CHANGE_DETAIL (object);

  g_clear_object (&self->session);
  g_clear_object (&self->item);
  for (guint side = 0; side < 2; side++)
    {
      if (self->wholes[side] != NULL)
        g_signal_handlers_disconnect_by_data (self->wholes[side], self);
      g_clear_object (&self->wholes[side]);
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CHANGE_DETAIL);
  G_OBJECT_CLASS (assay_change_detail_parent_class)->dispose (object);
}

static void
assay_change_detail_class_init (AssayChangeDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_change_detail_dispose;
  copied_signal = g_signal_new ("copied", ASSAY_TYPE_CHANGE_DETAIL, G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (ASSAY_TYPE_PREVIEW);
  g_type_ensure (ASSAY_TYPE_TRUTH_BAR);
  g_type_ensure (ASSAY_TYPE_PAIRED_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-change-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, content);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, top);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, preview);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, side);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, name);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, tag);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, title);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, truth);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, scores);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, scores_note);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, truth_bar);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, chart);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, bottom);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, facts);
  gtk_widget_class_bind_template_child (widget_class, AssayChangeDetail, copy);
  gtk_widget_class_install_action (widget_class, "change.copy", NULL, copy_action);
  gtk_widget_class_set_css_name (widget_class, "changedetail");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
assay_change_detail_init (AssayChangeDetail *self)
{
  for (guint side = 0; side < 2; side++)
    {
      self->wholes[side] = assay_whole_new ();
      g_signal_connect_swapped (self->wholes[side], "loaded",
                                G_CALLBACK (assay_change_detail_update), self);
    }
  gtk_widget_init_template (GTK_WIDGET (self));
  add_picture_menu (self);
  assay_change_detail_set_compact (self, FALSE);
}

/**
 * assay_change_detail_set_session:
 * @session: (transfer none): whose two versions these are; once
 */
void
assay_change_detail_set_session (AssayChangeDetail *self,
                                 AssaySession *session)
{
  g_return_if_fail (ASSAY_IS_CHANGE_DETAIL (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  for (guint side = 0; side < 2; side++)
    assay_whole_set_trimmer (self->wholes[side], assay_session_get_trimmer (session));
  assay_truth_bar_set_truths (self->truth_bar, assay_session_get_truths (session));
  g_signal_connect_object (assay_session_get_judge (session), "item-changed",
                           G_CALLBACK (item_changed_cb), self, 0);
  g_signal_connect_object (assay_session_get_collection (session), "notify::threshold",
                           G_CALLBACK (threshold_changed_cb), self, G_CONNECT_SWAPPED);
  threshold_changed_cb (self);
}

/**
 * assay_change_detail_set_item:
 * @item: (nullable) (transfer none): the one to show
 */
void
assay_change_detail_set_item (AssayChangeDetail *self,
                              AssayItem *item)
{
  g_return_if_fail (ASSAY_IS_CHANGE_DETAIL (self));

  if (g_set_object (&self->item, item))
    assay_change_detail_update (self);
}

static void
place (AssayChangeDetail *self,
       GtkWidget *child,
       int column,
       int row,
       int columns)
{
  GtkLayoutManager *manager = gtk_widget_get_layout_manager (GTK_WIDGET (self->top));

  g_object_set (gtk_layout_manager_get_layout_child (manager, child),
                "column", column, "row", row, "column-span", columns, NULL);
}

/**
 * assay_change_detail_set_compact:
 * @compact: whether everything stands in one narrow column
 */
void
assay_change_detail_set_compact (AssayChangeDetail *self,
                                 gboolean compact)
{
  g_return_if_fail (ASSAY_IS_CHANGE_DETAIL (self));

  place (self, GTK_WIDGET (self->preview), 0, 0, compact ? 5 : 3);
  place (self, self->side, compact ? 0 : 3, compact ? 1 : 0, compact ? 5 : 2);
  gtk_grid_set_column_spacing (self->top, compact ? 0 : 20);
  gtk_widget_set_visible (GTK_WIDGET (self->name), !compact);
  gtk_orientable_set_orientation (self->bottom, compact ? GTK_ORIENTATION_VERTICAL
                                                        : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_halign (self->copy, compact ? GTK_ALIGN_START : GTK_ALIGN_END);
  assay_preview_set_compact (self->preview, compact);
  assay_paired_chart_set_compact (self->chart, compact);
}
