/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-banner.h"
#include "assay-wrap-box.h"

struct _AssayBanner {
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkImage *icon;
  GtkLabel *label;
  GtkButton *button;
  GtkButton *close;
};

G_DEFINE_FINAL_TYPE (AssayBanner, assay_banner, GTK_TYPE_WIDGET)

/* Out of the way, and out of the accessible tree, once it has folded up. */
static void
child_revealed_cb (AssayBanner *self)
{
  gboolean shown = gtk_revealer_get_reveal_child (self->revealer)
                   || gtk_revealer_get_child_revealed (self->revealer);

  gtk_widget_set_visible (GTK_WIDGET (self), shown);
}

static void
assay_banner_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_BANNER);
  G_OBJECT_CLASS (assay_banner_parent_class)->dispose (object);
}

static void
assay_banner_class_init (AssayBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_banner_dispose;

  g_type_ensure (ASSAY_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, AssayBanner, icon);
  gtk_widget_class_bind_template_child (widget_class, AssayBanner, label);
  gtk_widget_class_bind_template_child (widget_class, AssayBanner, button);
  gtk_widget_class_bind_template_child (widget_class, AssayBanner, close);
  gtk_widget_class_bind_template_callback (widget_class, child_revealed_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "assay-banner");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_banner_init (AssayBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * assay_banner_show:
 * @warns: whether something is wrong, or only to be known
 * @text: the sentence
 * @button: (nullable): what to do about it
 * @action: (nullable): the action that does it
 * @close_action: (nullable): the action that puts the bar away
 *
 * Shows the bar, or changes what it says.
 */
void
assay_banner_show (AssayBanner *self,
                   gboolean warns,
                   const char *text,
                   const char *button,
                   const char *action,
                   const char *close_action)
{
  g_return_if_fail (ASSAY_IS_BANNER (self));
  g_return_if_fail (text != NULL);

  gtk_image_set_from_icon_name (self->icon, warns ? "dialog-warning-symbolic"
                                                  : "dialog-information-symbolic");
  if (warns)
    gtk_widget_add_css_class (GTK_WIDGET (self), "warns");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "warns");
  gtk_label_set_text (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_button_set_label (self->button, button != NULL ? button : "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action);
  gtk_widget_set_visible (GTK_WIDGET (self->button), button != NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->close), close_action);
  gtk_widget_set_visible (GTK_WIDGET (self->close), close_action != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

/**
 * assay_banner_count:
 * @text: the sentence with another figure in it
 *
 * Changes what is seen alone: a count that runs is not read out again each time.
 */
void
assay_banner_count (AssayBanner *self,
                    const char *text)
{
  g_return_if_fail (ASSAY_IS_BANNER (self));
  g_return_if_fail (text != NULL);

  gtk_label_set_text (self->label, text);
}

void
assay_banner_dismiss (AssayBanner *self)
{
  g_return_if_fail (ASSAY_IS_BANNER (self));

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  child_revealed_cb (self);
}
