/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-certificate-dialog.h"
#include "assay-connection-text.h"

struct _AssayCertificateDialog {
  AdwMessageDialog parent_instance;

  GtkLabel *subject;
  GtkLabel *issuer;
  GtkLabel *dates;
  GtkLabel *fingerprint;
};

G_DEFINE_FINAL_TYPE (AssayCertificateDialog, assay_certificate_dialog, ADW_TYPE_MESSAGE_DIALOG)

static void
assay_certificate_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_CERTIFICATE_DIALOG);
  G_OBJECT_CLASS (assay_certificate_dialog_parent_class)->dispose (object);
}

static void
assay_certificate_dialog_class_init (AssayCertificateDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_certificate_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-certificate-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayCertificateDialog, subject);
  gtk_widget_class_bind_template_child (widget_class, AssayCertificateDialog, issuer);
  gtk_widget_class_bind_template_child (widget_class, AssayCertificateDialog, dates);
  gtk_widget_class_bind_template_child (widget_class, AssayCertificateDialog, fingerprint);
}

static void
assay_certificate_dialog_init (AssayCertificateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static char *
dup_date (GDateTime *date)
{
  g_autoptr (GDateTime) local = date != NULL ? g_date_time_to_local (date) : NULL;

  return local != NULL ? g_date_time_format (local, "%x") : g_strdup (_("unknown"));
}

static const char *
or_none (const char *name)
{
  return *name != '\0' ? name : _("none given");
}

/**
 * assay_certificate_dialog_new:
 * @parent: the window that asks
 * @certificate: (transfer none): what the service has shown
 * @reason: a sentence about why it is not trusted
 *
 * Returns: (transfer floating): the dialog; cancel is its answer unless another is
 *   given
 */
GtkWidget *
assay_certificate_dialog_new (GtkWindow *parent,
                              const AssayCertificate *certificate,
                              const char *reason)
{
  AssayCertificateDialog *self = g_object_new (ASSAY_TYPE_CERTIFICATE_DIALOG, "transient-for",
                                               parent, "body", reason, NULL);
  g_autofree char *fingerprint = assay_connection_text_dup_fingerprint (certificate->fingerprint);
  g_autofree char *from = dup_date (certificate->not_before);
  g_autofree char *until = dup_date (certificate->not_after);
  g_autofree char *dates = g_strdup_printf (_("%s to %s"), from, until);

  gtk_label_set_text (self->subject, or_none (certificate->subject));
  gtk_label_set_text (self->issuer, or_none (certificate->issuer));
  gtk_label_set_text (self->dates, dates);
  gtk_label_set_text (self->fingerprint, fingerprint);
  return GTK_WIDGET (self);
}
