/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-fold-box.h"
#include "assay-mistakes.h"
#include "assay-score-text.h"
#include "assay-thumb.h"
#include "assay-wrap-box.h"

/* So many are shown. */
#define MAX_SHOWN 12

/* Microseconds in which items are looked at before others have their turn. */
#define SLICE 3000

/* Invariants: found has the worst of the items before looked_at, the worst first; while
 * look_source is set it goes on from there. */
struct _AssayMistakes {
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkWidget *none;
  GtkWidget *box;

  AssayCollection *collection;
  AssayJudge *judge;
  GPtrArray *found;           /* (element-type AssayItem) */
  guint looked_at;
  guint look_source;
  gboolean again;             /* something has changed since it began */
};

G_DEFINE_FINAL_TYPE (AssayMistakes, assay_mistakes, GTK_TYPE_WIDGET)

static guint item_activated_signal;

static AssayPrediction *
get_prediction (AssayMistakes *self,
                AssayItem *item)
{
  AssayTarget *target = assay_judge_get_candidate (self->judge);
  AssayAnswer *answer = target != NULL ? assay_item_find_answer (item, target) : NULL;

  return answer != NULL ? assay_answer_get_prediction (answer) : NULL;
}

static double
get_score (AssayMistakes *self,
           AssayItem *item)
{
  AssayPrediction *prediction = get_prediction (self, item);

  return prediction != NULL ? assay_prediction_get_score (prediction, 0) : 0;
}

/* Sorted in, and the least of too many let go. */
static void
consider (AssayMistakes *self,
          AssayItem *item)
{
  double score = get_score (self, item);
  guint place = self->found->len;

  while (place > 0 && get_score (self, g_ptr_array_index (self->found, place - 1)) < score)
    place--;
  if (place >= MAX_SHOWN)
    return;
  g_ptr_array_insert (self->found, place, g_object_ref (item));
  if (self->found->len > MAX_SHOWN)
    g_ptr_array_set_size (self->found, MAX_SHOWN);
}

/* ---- what is shown ---- */

/* The image that a button stands for is that of its picture. */
static AssayItem *
get_item (GtkWidget *button)
{
  GtkWidget *thumb = gtk_widget_get_first_child (gtk_button_get_child (GTK_BUTTON (button)));

  return assay_thumb_get_item (ASSAY_THUMB (thumb));
}

static void
clicked_cb (GtkButton *button,
            AssayMistakes *self)
{
  g_signal_emit (self, item_activated_signal, 0, get_item (GTK_WIDGET (button)));
}

static GtkWidget *
line_new (const char *text,
          const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 16);
  gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
mistake_new (AssayMistakes *self,
             AssayItem *item)
{
  AssayPrediction *prediction = get_prediction (self, item);
  GtkWidget *button = gtk_button_new ();
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *thumb = assay_thumb_new ();
  g_autofree char *answer = assay_display_text (assay_prediction_get_label (prediction, 0), -1, 0);
  g_autofree char *truth = assay_display_text (assay_item_get_truth (item), -1, 0);
  g_autofree char *score = assay_score_dup_text (assay_prediction_get_scale (prediction),
                                                 assay_prediction_get_score (prediction, 0));
  g_autofree char *line = g_strdup_printf (_("truth: %s"), truth);
  g_autofree char *spoken = g_strdup_printf (_("%s, called %s with %s, truth %s"),
                                             assay_item_get_name (item), answer, score, truth);

  assay_thumb_set_item (ASSAY_THUMB (thumb), item);
  gtk_box_append (GTK_BOX (lines), line_new (answer, "heading"));
  gtk_box_append (GTK_BOX (lines), line_new (score, "regressed"));
  gtk_box_append (GTK_BOX (lines), line_new (line, "caption"));
  gtk_box_append (GTK_BOX (row), thumb);
  gtk_box_append (GTK_BOX (row), lines);
  gtk_button_set_child (GTK_BUTTON (button), row);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "mistake");
  gtk_widget_set_tooltip_text (button, assay_item_get_name (item));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, 0);
  return button;
}

/* Those that stay where they are keep the focus. */
static gboolean
is_shown (AssayMistakes *self)
{
  GtkWidget *button = gtk_widget_get_first_child (self->box);

  for (guint i = 0; i < self->found->len; i++)
    {
      if (button == NULL
          || get_item (button) != g_ptr_array_index (self->found, i))
        return FALSE;
      button = gtk_widget_get_next_sibling (button);
    }
  return button == NULL;
}

static void
show_found (AssayMistakes *self)
{
  GtkWidget *child;

  gtk_widget_set_visible (self->none, self->found->len == 0);
  gtk_widget_set_visible (self->box, self->found->len > 0);
  if (is_shown (self))
    return;
  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_widget_unparent (child);
  for (guint i = 0; i < self->found->len; i++)
    gtk_widget_set_parent (mistake_new (self, g_ptr_array_index (self->found, i)), self->box);
}

/* ---- looking ---- */

/* Whoever was marked or answered anew since is no mistake any more. */
static void
drop_right (AssayMistakes *self)
{
  for (guint i = self->found->len; i > 0; i--)
    if (!assay_judge_is_wrong (self->judge, g_ptr_array_index (self->found, i - 1)))
      g_ptr_array_remove_index (self->found, i - 1);
}

static gboolean
look_cb (gpointer data)
{
  AssayMistakes *self = data;
  GListModel *model = G_LIST_MODEL (self->collection);
  gint64 until = g_get_monotonic_time () + SLICE;

  for (guint i = 0; self->looked_at < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (model, self->looked_at++);

      if (assay_judge_is_wrong (self->judge, item))
        consider (self, item);
      if (i % 64 == 63 && g_get_monotonic_time () > until)
        return G_SOURCE_CONTINUE;
    }
  self->look_source = 0;
  drop_right (self);
  show_found (self);
  if (self->again)
    assay_mistakes_look (self);
  return G_SOURCE_REMOVE;
}

/**
 * assay_mistakes_look:
 *
 * Looks for the worst ones, once more if it is at it already.
 */
void
assay_mistakes_look (AssayMistakes *self)
{
  g_return_if_fail (ASSAY_IS_MISTAKES (self));

  if (self->judge == NULL)
    return;
  self->again = self->look_source != 0;
  if (self->again)
    return;
  g_ptr_array_set_size (self->found, 0);
  self->looked_at = 0;
  self->look_source = g_idle_add (look_cb, self);
}

/* ---- the widget ---- */

static void
assay_mistakes_dispose (GObject *object)
{
  AssayMistakes *self = ASSAY_MISTAKES (object);
  GtkWidget *child;

  g_clear_handle_id (&self->look_source, g_source_remove);
  while (self->box != NULL && (child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_clear_object (&self->collection);
  g_clear_object (&self->judge);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_MISTAKES);
  G_OBJECT_CLASS (assay_mistakes_parent_class)->dispose (object);
}

static void
assay_mistakes_class_init (AssayMistakesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_mistakes_dispose;
  item_activated_signal = g_signal_new ("item-activated", ASSAY_TYPE_MISTAKES, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, ASSAY_TYPE_ITEM);

  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  g_type_ensure (ASSAY_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-mistakes.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayMistakes, content);
  gtk_widget_class_bind_template_child (widget_class, AssayMistakes, none);
  gtk_widget_class_bind_template_child (widget_class, AssayMistakes, box);
  gtk_widget_class_set_css_name (widget_class, "mistakes");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
assay_mistakes_init (AssayMistakes *self)
{
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_mistakes_set_judge:
 * @collection: (transfer none): whose items
 * @judge: (transfer none): who knows what is wrong; once
 */
void
assay_mistakes_set_judge (AssayMistakes *self,
                          AssayCollection *collection,
                          AssayJudge *judge)
{
  g_return_if_fail (ASSAY_IS_MISTAKES (self));
  g_return_if_fail (self->judge == NULL);

  self->collection = g_object_ref (collection);
  self->judge = g_object_ref (judge);
}
