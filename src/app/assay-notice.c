/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-address.h"
#include "assay-display.h"
#include "assay-error-text.h"
#include "assay-facts-text.h"
#include "assay-fold-box.h"
#include "assay-notice.h"
#include "assay-session.h"

struct _AssayNotice {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkSpinner *spinner;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *text;
  GtkLabel *advice;
  GtkWidget *actions;
  GtkButton *ask;
  GtkWidget *cancel;
  GtkWidget *open;
  GtkWidget *response;
};

G_DEFINE_FINAL_TYPE (AssayNotice, assay_notice, GTK_TYPE_WIDGET)

static void
assay_notice_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_NOTICE);
  G_OBJECT_CLASS (assay_notice_parent_class)->dispose (object);
}

static void
assay_notice_class_init (AssayNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_notice_dispose;

  g_type_ensure (ASSAY_TYPE_FOLD_BOX);
  gtk_widget_class_set_css_name (widget_class, "notice");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, box);
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, spinner);
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, icon);
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, title);
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, text);
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, advice);
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, actions);
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, ask);
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, cancel);
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, open);
  gtk_widget_class_bind_template_child (widget_class, AssayNotice, response);
}

static void
assay_notice_init (AssayNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
assay_notice_new (void)
{
  return g_object_new (ASSAY_TYPE_NOTICE, NULL);
}

static void
show_words (AssayNotice *self,
            const char *title,
            const char *text,
            const char *advice)
{
  g_autofree char *sentence = g_strjoin (". ", title, text != NULL ? text : advice,
                                         text != NULL ? advice : NULL, NULL);

  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->text, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text), text != NULL);
  gtk_label_set_text (self->advice, advice != NULL ? advice : "");
  gtk_widget_set_visible (GTK_WIDGET (self->advice), advice != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
}

/* A label for asking shows the button; without one there is nothing to ask. */
static void
show_actions (AssayNotice *self,
              const char *ask,
              gboolean open,
              gboolean response)
{
  gtk_widget_set_visible (GTK_WIDGET (self->ask), ask != NULL);
  if (ask != NULL)
    gtk_button_set_label (self->ask, ask);
  gtk_widget_set_visible (self->cancel, FALSE);
  gtk_widget_set_visible (self->open, open);
  gtk_widget_set_visible (self->response, response);
  gtk_widget_set_visible (self->actions, ask != NULL || open || response);
}

static void
show_sign (AssayNotice *self,
           const char *icon_name,
           gboolean spinning,
           gboolean bad)
{
  gtk_spinner_set_spinning (self->spinner, spinning);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), spinning);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), !spinning);
  if (!spinning)
    gtk_image_set_from_icon_name (self->icon, icon_name);
  if (bad)
    gtk_widget_add_css_class (GTK_WIDGET (self), "bad");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "bad");
}

static void
show_waiting (AssayNotice *self,
              AssayItem *item,
              AssayAnswer *answer,
              const char *connection_name)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  g_autofree char *sending = NULL;

  show_actions (self, NULL, FALSE, FALSE);
  gtk_widget_set_visible (self->cancel, TRUE);
  gtk_widget_set_visible (self->actions, TRUE);
  switch (assay_answer_get_state (answer))
    {
    case ASSAY_ANSWER_QUEUED:
      show_sign (self, "content-loading-symbolic", FALSE, FALSE);
      show_words (self, _("Queued"), _("Its turn comes after the images before it."), NULL);
      break;
    case ASSAY_ANSWER_READING:
      show_sign (self, NULL, TRUE, FALSE);
      show_words (self, _("Reading…"), _("The file is read and checked."), NULL);
      break;
    case ASSAY_ANSWER_SENDING:
    default:
      name = connection_name != NULL && *connection_name != '\0'
               ? assay_display_text (connection_name, -1, 0)
               : assay_facts_dup_target (assay_answer_get_target (answer));
      text = g_strdup_printf (_("Waiting for the answer of %s."), name);
      show_sign (self, NULL, TRUE, FALSE);
      sending = assay_facts_dup_sending (item);
      show_words (self, sending != NULL ? sending : _("Sending…"), text, NULL);
      break;
    }
}

static void
show_download (AssayNotice *self,
               AssaySource *source)
{
  const char *address = assay_source_get_path (source);
  g_autofree char *host = address != NULL ? assay_address_dup_host (address) : NULL;
  g_autofree char *shown = host != NULL ? assay_display_text (host, -1, 60) : NULL;
  g_autofree char *text = NULL;

  if (shown != NULL)
    text = g_strdup_printf (_("The picture comes from %s."), shown);
  show_sign (self, NULL, TRUE, FALSE);
  show_words (self, _("Downloading…"), text, NULL);
  show_actions (self, NULL, FALSE, FALSE);
}

/* The sentence of a download says itself what to do. */
static void
show_failed_download (AssayNotice *self,
                      const GError *error)
{
  g_autofree char *reason = assay_error_text_dup_reason (error);

  show_sign (self, "dialog-error-symbolic", FALSE, TRUE);
  show_words (self, _("Not downloaded"), reason, NULL);
  show_actions (self, _("Try Again"), FALSE, FALSE);
}

static void
show_problem (AssayNotice *self,
              AssayItem *item,
              AssayAnswer *answer)
{
  gboolean open = assay_session_can_open_archive (item);
  const GError *error = assay_answer_get_error (answer);
  g_autofree char *reason = NULL;

  if (error == NULL)
    {
      show_sign (self, "assay-stopped-symbolic", FALSE, FALSE);
      show_words (self, _("Canceled"), _("This image was not classified."), NULL);
      show_actions (self, _("Ask Again"), FALSE, FALSE);
      return;
    }
  reason = assay_error_text_dup_reason (error);
  show_sign (self, "dialog-error-symbolic", FALSE, TRUE);
  /* Its own sentence says what to do, and the button does it. */
  if (assay_source_is_unfit (assay_item_get_source (item)))
    show_words (self, _("The archive was not sent"), reason, NULL);
  else
    show_words (self, assay_error_text_get_title (error), reason,
                assay_error_text_get_advice (error));
  show_actions (self, assay_error_text_can_try_again (error) ? _("Try Again") : NULL, open,
                assay_answer_get_raw (answer) != NULL);
}

/**
 * assay_notice_show:
 * @item: an item without a prediction for the target on show
 * @connection_name: (nullable): the connection as its owner calls it
 */
void
assay_notice_show (AssayNotice *self,
                   AssayItem *item,
                   const char *connection_name)
{
  AssayAnswer *answer;
  AssaySource *source;

  g_return_if_fail (ASSAY_IS_NOTICE (self));
  g_return_if_fail (ASSAY_IS_ITEM (item));

  answer = assay_item_get_answer (item);
  source = assay_item_get_source (item);
  if (assay_source_is_awaited (source))
    show_download (self, source);
  else if (!assay_source_is_here (source))
    show_failed_download (self, assay_source_get_error (source));
  else if (answer == NULL)
    {
      show_sign (self, "content-loading-symbolic", FALSE, FALSE);
      show_words (self, _("Not asked yet"),
                  _("This version has not been asked about this image."), NULL);
      show_actions (self, _("Ask"), FALSE, FALSE);
    }
  else if (assay_answer_state_is_final (assay_answer_get_state (answer)))
    show_problem (self, item, answer);
  else
    show_waiting (self, item, answer, connection_name);
}
