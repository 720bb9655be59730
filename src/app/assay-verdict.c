/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-fold-box.h"
#include "assay-number-label.h"
#include "assay-tooltip.h"
#include "assay-verdict.h"
#include "assay-verdict-text.h"

struct _AssayVerdict {
  GtkWidget parent_instance;

  GtkWidget *box;
  AssayFoldBox *head;
  GtkLabel *title;
  GtkLabel *score;
  GtkImage *icon;
  GtkLabel *note;
};

G_DEFINE_FINAL_TYPE (AssayVerdict, assay_verdict, GTK_TYPE_WIDGET)

/* A sign and a style besides the words, never instead of them. */
static const struct {
  const char *css_class;
  const char *icon_name;
} looks[] = {
  [ASSAY_VERDICT_AHEAD] = { "ahead", "emblem-ok-symbolic" },
  [ASSAY_VERDICT_CLOSE] = { "close", "assay-even-symbolic" },
  [ASSAY_VERDICT_UNSURE] = { "unsure", "assay-unsure-symbolic" },
  [ASSAY_VERDICT_RAW] = { "raw", NULL },
};

static void
show_look (AssayVerdict *self,
           AssayVerdictKind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (i != kind)
      gtk_widget_remove_css_class (GTK_WIDGET (self), looks[i].css_class);
  gtk_widget_add_css_class (GTK_WIDGET (self), looks[kind].css_class);
  gtk_image_set_from_icon_name (self->icon, looks[kind].icon_name);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), looks[kind].icon_name != NULL);
}

/* In one column label and score share a line if there is room. */
static void
arrange (AssayVerdict *self,
         AssayVerdictKind kind,
         gboolean compact)
{
  gboolean brief = kind == ASSAY_VERDICT_AHEAD || kind == ASSAY_VERDICT_RAW;

  assay_fold_box_set_folded (self->head, !compact || !brief);
  if (compact)
    gtk_widget_add_css_class (GTK_WIDGET (self), "compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "compact");
}

static void
assay_verdict_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_VERDICT);
  G_OBJECT_CLASS (assay_verdict_parent_class)->dispose (object);
}

static void
assay_verdict_class_init (AssayVerdictClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_verdict_dispose;

  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  gtk_widget_class_set_css_name (widget_class, "verdict");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-verdict.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayVerdict, box);
  gtk_widget_class_bind_template_child (widget_class, AssayVerdict, head);
  gtk_widget_class_bind_template_child (widget_class, AssayVerdict, title);
  gtk_widget_class_bind_template_child (widget_class, AssayVerdict, score);
  gtk_widget_class_bind_template_child (widget_class, AssayVerdict, icon);
  gtk_widget_class_bind_template_child (widget_class, AssayVerdict, note);
}

static void
assay_verdict_init (AssayVerdict *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
assay_verdict_new (void)
{
  return g_object_new (ASSAY_TYPE_VERDICT, NULL);
}

/**
 * assay_verdict_show:
 * @prediction: what the service said
 * @threshold: the user's own, 0…1
 * @compact: whether it stands in one narrow column
 */
void
assay_verdict_show (AssayVerdict *self,
                    const AssayPrediction *prediction,
                    double threshold,
                    gboolean compact)
{
  AssayVerdictKind kind;
  g_autofree char *title = NULL;
  g_autofree char *score = NULL;
  g_autofree char *note = NULL;
  g_autofree char *sentence = NULL;

  g_return_if_fail (ASSAY_IS_VERDICT (self));
  g_return_if_fail (prediction != NULL);

  kind = assay_verdict_get_kind (prediction, threshold);
  title = assay_verdict_dup_title (prediction, threshold);
  score = assay_verdict_dup_score (prediction, threshold);
  note = assay_verdict_dup_note (prediction, threshold);
  sentence = assay_verdict_dup_sentence (prediction, threshold);

  show_look (self, kind);
  arrange (self, kind, compact);
  gtk_label_set_text (self->title, title);
  assay_tooltip_set (GTK_WIDGET (self->title), title);
  /* A label may be of any length, a number is never broken. */
  if (kind == ASSAY_VERDICT_UNSURE)
    {
      gtk_label_set_wrap_mode (self->score, PANGO_WRAP_WORD_CHAR);
      gtk_label_set_text (self->score, score);
    }
  else
    {
      gtk_label_set_wrap_mode (self->score, PANGO_WRAP_WORD);
      assay_number_label_set (self->score, score);
    }
  gtk_label_set_text (self->note, note);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
}
