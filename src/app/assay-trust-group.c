/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-connection-text.h"
#include "assay-display.h"
#include "assay-trust-group.h"
#include "assay-util.h"

struct _AssayTrustGroup {
  AdwPreferencesGroup parent_instance;

  AdwActionRow *ca_row;
  GtkWidget *ca_clear;
  GtkWidget *ca_choose;
  AdwActionRow *accepted;

  char *ca_file;                 /* (nullable) */
  char *fingerprint;             /* (nullable) */
  GtkFileChooserNative *chooser; /* (nullable): nobody's child, so it is kept here */
};

G_DEFINE_FINAL_TYPE (AssayTrustGroup, assay_trust_group, ADW_TYPE_PREFERENCES_GROUP)

static void
update (AssayTrustGroup *self)
{
  g_autofree char *name = NULL;
  g_autofree char *fingerprint = NULL;

  if (self->ca_file != NULL)
    name = assay_display_name (self->ca_file);
  adw_action_row_set_subtitle (self->ca_row,
                               name != NULL ? name
                                            : _("For a service whose certificate the system "
                                                "doesn’t know"));
  gtk_widget_set_visible (self->ca_clear, self->ca_file != NULL);
  if (self->fingerprint != NULL)
    fingerprint = assay_connection_text_dup_fingerprint (self->fingerprint);
  adw_action_row_set_subtitle (self->accepted, fingerprint != NULL ? fingerprint : "");
  gtk_widget_set_visible (GTK_WIDGET (self->accepted), fingerprint != NULL);
}

static void
change (AssayTrustGroup *self,
        char **target,
        const char *value)
{
  if (!assay_set_string (target, value))
    return;
  update (self);
  g_signal_emit_by_name (self, "edited");
}

static void
ca_response_cb (GtkNativeDialog *chooser,
                int response,
                AssayTrustGroup *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL && g_file_peek_path (file) != NULL)
    change (self, &self->ca_file, g_file_peek_path (file));
  g_clear_object (&self->chooser);
}

static void
choose_ca_cb (AssayTrustGroup *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Choose a Certificate File"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (ca_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* The focus does not go with the button or the row that is pressed away. */
static void
clear_ca_cb (AssayTrustGroup *self)
{
  gtk_widget_grab_focus (self->ca_choose);
  change (self, &self->ca_file, NULL);
}

static void
forget_cb (AssayTrustGroup *self)
{
  gtk_widget_grab_focus (self->ca_choose);
  change (self, &self->fingerprint, NULL);
}

static void
assay_trust_group_dispose (GObject *object)
{
  AssayTrustGroup *self = ASSAY_TRUST_GROUP (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_TRUST_GROUP);
  G_OBJECT_CLASS (assay_trust_group_parent_class)->dispose (object);
}

static void
assay_trust_group_finalize (GObject *object)
{
  AssayTrustGroup *self = ASSAY_TRUST_GROUP (object);

  g_free (self->ca_file);
  g_free (self->fingerprint);
  G_OBJECT_CLASS (assay_trust_group_parent_class)->finalize (object);
}

static void
assay_trust_group_class_init (AssayTrustGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_trust_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_trust_group_finalize;
  g_signal_new ("edited", ASSAY_TYPE_TRUST_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-trust-group.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayTrustGroup, ca_row);
  gtk_widget_class_bind_template_child (widget_class, AssayTrustGroup, ca_clear);
  gtk_widget_class_bind_template_child (widget_class, AssayTrustGroup, ca_choose);
  gtk_widget_class_bind_template_child (widget_class, AssayTrustGroup, accepted);
  gtk_widget_class_bind_template_callback (widget_class, choose_ca_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_ca_cb);
  gtk_widget_class_bind_template_callback (widget_class, forget_cb);
}

static void
assay_trust_group_init (AssayTrustGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

static const char *
or_null (const char *text)
{
  return *text != '\0' ? text : NULL;
}

/**
 * assay_trust_group_show:
 * @connection: (transfer none): whose trust is shown
 */
void
assay_trust_group_show (AssayTrustGroup *self,
                        AssayConnection *connection)
{
  g_return_if_fail (ASSAY_IS_TRUST_GROUP (self));

  assay_set_string (&self->ca_file, or_null (assay_connection_get_ca_file (connection)));
  assay_set_string (&self->fingerprint, or_null (assay_connection_get_fingerprint (connection)));
  update (self);
}

/**
 * assay_trust_group_set_fingerprint:
 * @fingerprint: of the certificate that a person has accepted; counts as edited
 */
void
assay_trust_group_set_fingerprint (AssayTrustGroup *self,
                                   const char *fingerprint)
{
  g_return_if_fail (ASSAY_IS_TRUST_GROUP (self));

  change (self, &self->fingerprint, fingerprint);
}

/**
 * assay_trust_group_apply:
 * @draft: (transfer none): takes what is shown
 */
void
assay_trust_group_apply (AssayTrustGroup *self,
                         AssayConnection *draft)
{
  g_return_if_fail (ASSAY_IS_TRUST_GROUP (self));

  g_object_set (draft, "ca-file", self->ca_file, "fingerprint", self->fingerprint, NULL);
}
