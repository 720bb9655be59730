/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-figure-card.h"
#include "assay-number-label.h"

struct _AssayFigureCard {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *caption;
  GtkLabel *figure;
  GtkLabel *line;

  char *figure_text;
};

G_DEFINE_FINAL_TYPE (AssayFigureCard, assay_figure_card, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_CAPTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* The labels are hidden from assistive technology, which hears them together. */
static void
update_spoken (AssayFigureCard *self)
{
  const char *line = gtk_label_get_text (self->line);
  g_autofree char *spoken =
    *line != '\0' ? g_strdup_printf (_("%s: %s, %s"), gtk_label_get_text (self->caption),
                                     assay_figure_card_get_figure (self), line)
                  : g_strdup_printf (_("%s: %s"), gtk_label_get_text (self->caption),
                                     assay_figure_card_get_figure (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
}

static void
assay_figure_card_get_property (GObject *object,
                                guint id,
                                GValue *value,
                                GParamSpec *pspec)
{
  AssayFigureCard *self = ASSAY_FIGURE_CARD (object);

  switch (id)
    {
    case PROP_CAPTION:
      g_value_set_string (value, gtk_label_get_text (self->caption));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_figure_card_set_property (GObject *object,
                                guint id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  AssayFigureCard *self = ASSAY_FIGURE_CARD (object);

  switch (id)
    {
    case PROP_CAPTION:
      gtk_label_set_text (self->caption,
                          g_value_get_string (value) != NULL ? g_value_get_string (value) : "");
      update_spoken (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_figure_card_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_FIGURE_CARD);
  G_OBJECT_CLASS (assay_figure_card_parent_class)->dispose (object);
}

static void
assay_figure_card_finalize (GObject *object)
{
  g_free (ASSAY_FIGURE_CARD (object)->figure_text);
  G_OBJECT_CLASS (assay_figure_card_parent_class)->finalize (object);
}

static void
assay_figure_card_class_init (AssayFigureCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = assay_figure_card_get_property;
  object_class->set_property = assay_figure_card_set_property;
  object_class->dispose = assay_figure_card_dispose;
  object_class->finalize = assay_figure_card_finalize;
  properties[PROP_CAPTION] =
    g_param_spec_string ("caption", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "figurecard");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-figure-card.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayFigureCard, box);
  gtk_widget_class_bind_template_child (widget_class, AssayFigureCard, caption);
  gtk_widget_class_bind_template_child (widget_class, AssayFigureCard, figure);
  gtk_widget_class_bind_template_child (widget_class, AssayFigureCard, line);
}

static void
assay_figure_card_init (AssayFigureCard *self)
{
  GtkLabel **const labels[] = { &self->caption, &self->figure, &self->line };

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    gtk_accessible_update_state (GTK_ACCESSIBLE (*labels[i]),
                                 GTK_ACCESSIBLE_STATE_HIDDEN, TRUE,
                                 -1);
}

/**
 * assay_figure_card_new:
 * @caption: what the figure is, "Accuracy"
 *
 * Returns: (transfer floating): a card without a figure
 */
GtkWidget *
assay_figure_card_new (const char *caption)
{
  return g_object_new (ASSAY_TYPE_FIGURE_CARD, "caption", caption, NULL);
}

/**
 * assay_figure_card_get_figure:
 *
 * Returns: (transfer none): the figure, "" for none
 */
const char *
assay_figure_card_get_figure (AssayFigureCard *self)
{
  g_return_val_if_fail (ASSAY_IS_FIGURE_CARD (self), NULL);

  return self->figure_text != NULL ? self->figure_text : "";
}

/**
 * assay_figure_card_get_line:
 *
 * Returns: (transfer none): the line below it, "" for none
 */
const char *
assay_figure_card_get_line (AssayFigureCard *self)
{
  g_return_val_if_fail (ASSAY_IS_FIGURE_CARD (self), NULL);

  return gtk_label_get_text (self->line);
}

/**
 * assay_figure_card_set_figure:
 * @figure: as shown, "90.0 %"; "–" for what can't be told
 * @line: (nullable): how far it can be trusted, "95 % interval 79.9–95.3 %"
 */
void
assay_figure_card_set_figure (AssayFigureCard *self,
                              const char *figure,
                              const char *line)
{
  g_return_if_fail (ASSAY_IS_FIGURE_CARD (self));
  g_return_if_fail (figure != NULL);

  g_free (self->figure_text);
  self->figure_text = g_strdup (figure);
  assay_number_label_set (self->figure, figure);
  gtk_label_set_text (self->line, line != NULL ? line : "");
  update_spoken (self);
}
