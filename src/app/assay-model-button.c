/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-model-button.h"
#include "assay-model-menu.h"

struct _AssayModelButton {
  GtkWidget parent_instance;

  GtkMenuButton *button;
  GtkWidget *dot;
  GtkLabel *title;
  GtkLabel *words;
  AssayModelMenu *menu;

  AssaySession *session;
};

G_DEFINE_FINAL_TYPE (AssayModelButton, assay_model_button, GTK_TYPE_WIDGET)

/* "flowers · v2", as short as a header bar wants it. */
static char *
dup_title (AssayModelButton *self)
{
  AssayTarget *target = assay_session_get_target (self->session);
  g_autofree char *model = NULL;
  g_autofree char *version = NULL;

  if (target == NULL)
    return g_strdup (_("No Model"));
  model = assay_display_name (assay_target_get_model (target));
  version = assay_display_name (assay_target_get_version (target));
  if (*model == '\0')
    return g_strdup (_("Own Model"));
  if (*version == '\0')
    return g_steal_pointer (&model);
  /* Translators: model and version, as "flowers · v2" */
  return g_strdup_printf (_("%s · v%s"), model, version);
}

static void
update (AssayModelButton *self)
{
  AssayLink *link = assay_session_get_link (self->session);
  AssayLinkStatus status = link != NULL ? assay_link_get_status (link) : ASSAY_LINK_CONNECTING;
  gboolean kept = assay_session_shows_kept (self->session);
  const char *words = link != NULL ? assay_link_get_words (link)
                                   : kept ? _("From the history") : _("Starting");
  const char *dot = kept ? "unknown" : "busy";
  const char *classes[] = { "dot", link != NULL ? assay_link_get_dot (link) : dot, NULL };
  g_autofree char *title = dup_title (self);
  g_autofree char *spoken = g_strdup_printf (_("Model %s, %s"), title, words);
  gboolean well = status == ASSAY_LINK_READY || status == ASSAY_LINK_UNKNOWN;

  gtk_widget_set_css_classes (self->dot, classes);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), !kept);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->words, words);
  gtk_widget_set_visible (GTK_WIDGET (self->words), !well);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
assay_model_button_dispose (GObject *object)
{
  AssayModelButton *self = ASSAY_MODEL_BUTTON (object);

  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_MODEL_BUTTON);
  G_OBJECT_CLASS (assay_model_button_parent_class)->dispose (object);
}

static void
assay_model_button_class_init (AssayModelButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_model_button_dispose;

  g_type_ensure (ASSAY_TYPE_MODEL_MENU);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-model-button.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayModelButton, button);
  gtk_widget_class_bind_template_child (widget_class, AssayModelButton, dot);
  gtk_widget_class_bind_template_child (widget_class, AssayModelButton, title);
  gtk_widget_class_bind_template_child (widget_class, AssayModelButton, words);
  gtk_widget_class_bind_template_child (widget_class, AssayModelButton, menu);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "assay-model-button");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_model_button_init (AssayModelButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_model_button_set_session:
 * @session: (transfer none): whose choice it shows; once
 */
void
assay_model_button_set_session (AssayModelButton *self,
                                AssaySession *session)
{
  g_return_if_fail (ASSAY_IS_MODEL_BUTTON (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  assay_model_menu_set_session (self->menu, session);
  update (self);
}

/**
 * assay_model_button_popup:
 *
 * Opens the menu.
 */
void
assay_model_button_popup (AssayModelButton *self)
{
  g_return_if_fail (ASSAY_IS_MODEL_BUTTON (self));

  gtk_menu_button_popup (self->button);
}
