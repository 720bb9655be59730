/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-connection-dialog.h"
#include "assay-endpoint.h"

struct _AssayConnectionDialog {
  AdwWindow parent_instance;

  GtkButton *save;
  GtkWidget *remove;
  GtkWidget *trouble;
  GtkLabel *reason;
  GtkEditable *name;
  GtkEditable *url;
  GtkEditable *models_url;
  GtkEditable *token;
  AdwActionRow *ca_row;
  GtkWidget *ca_clear;

  AssaySession *session;
  AssayConnection *connection;   /* (nullable): the one to change */
  char *ca_file;                 /* (nullable) */
  GtkFileChooserNative *chooser; /* (nullable): nobody's child, so it is kept here */
};

G_DEFINE_FINAL_TYPE (AssayConnectionDialog, assay_connection_dialog, ADW_TYPE_WINDOW)

/* What was typed, checked: addresses are as the protocols want them. */
typedef struct {
  char *name;
  char *url;
  char *models_url;              /* may be empty */
  char *token;                   /* may be empty */
} Form;

static void
form_free (Form *self)
{
  g_free (self->name);
  g_free (self->url);
  g_free (self->models_url);
  g_free (self->token);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Form, form_free)

static char *
dup_typed (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static void
complain (AssayConnectionDialog *self,
          GtkEditable *entry,
          const char *sentence)
{
  gtk_label_set_text (self->reason, sentence);
  gtk_widget_set_visible (self->trouble, TRUE);
  if (entry == NULL)
    return;
  gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  gtk_widget_grab_focus (GTK_WIDGET (entry));
}

static void
edited_cb (GtkEditable *entry,
           AssayConnectionDialog *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  gtk_widget_set_visible (self->trouble, FALSE);
}

/* An address as typed into @entry, "" if it was left empty, %NULL and a word
 * about it if it is none, or may not carry the token. */
static char *
read_address (AssayConnectionDialog *self,
              GtkEditable *entry,
              const char *token)
{
  g_autofree char *typed = dup_typed (entry);
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;

  if (*typed == '\0')
    return g_steal_pointer (&typed);
  address = assay_endpoint_normalize (typed, &error);
  if (address != NULL
      && (*token == '\0' || assay_endpoint_may_carry_secret (address, &error)))
    return g_steal_pointer (&address);
  complain (self, entry, error->message);
  return NULL;
}

static Form *
read_form (AssayConnectionDialog *self)
{
  g_autoptr (Form) form = g_new0 (Form, 1);

  form->token = dup_typed (self->token);
  form->url = read_address (self, self->url, form->token);
  if (form->url == NULL)
    return NULL;
  if (*form->url == '\0')
    {
      complain (self, self->url, _("Enter the address that images are sent to."));
      return NULL;
    }
  form->models_url = read_address (self, self->models_url, form->token);
  if (form->models_url == NULL)
    return NULL;
  form->name = dup_typed (self->name);
  if (*form->name == '\0')
    {
      g_free (form->name);
      form->name = assay_endpoint_dup_host (form->url);
    }
  return g_steal_pointer (&form);
}

static void
apply_form (AssayConnectionDialog *self,
            const Form *form,
            AssayConnection *connection)
{
  /* Another kind of sign-in, made elsewhere, stays as long as no token is typed. */
  AssayAuth auth = *form->token != '\0' ? ASSAY_AUTH_BEARER
                                        : assay_connection_get_auth (connection);

  g_object_set (connection,
                "name", form->name,
                "url", form->url,
                "models-url", *form->models_url != '\0' ? form->models_url : NULL,
                "ca-file", self->ca_file,
                "auth", auth,
                NULL);
}

static gboolean
save_connection (AssayConnectionDialog *self,
                 AssayConnection *connection)
{
  AssayConnections *connections = assay_hub_get_connections (assay_session_get_hub (self->session));
  g_autoptr (GError) error = NULL;
  gboolean saved;

  if (self->connection != NULL)
    saved = assay_connections_save (connections, &error);
  else
    saved = assay_connections_add (connections, connection, &error);
  if (!saved)
    complain (self, NULL, error->message);
  return saved;
}

static void
save_cb (AssayConnectionDialog *self)
{
  AssayHub *hub = assay_session_get_hub (self->session);
  g_autoptr (Form) form = read_form (self);
  g_autoptr (AssayConnection) connection = NULL;
  g_autofree char *id = NULL;

  if (form == NULL)
    return;
  if (self->connection != NULL)
    connection = g_object_ref (self->connection);
  else
    {
      id = g_uuid_string_random ();
      connection = assay_connection_new (id, form->name);
    }
  apply_form (self, form, connection);
  if (!save_connection (self, connection))
    return;

  /* The old link has the old addresses. */
  assay_hub_forget (hub, connection);
  if (*form->token != '\0')
    assay_link_set_token (assay_hub_get_link (hub, connection), form->token);
  assay_session_choose_connection (self->session, connection);
  assay_session_try_again (self->session);
  gtk_window_close (GTK_WINDOW (self));
}

static void
remove_response_cb (AdwMessageDialog *dialog,
                    const char *response,
                    AssayConnectionDialog *self)
{
  AssayHub *hub = assay_session_get_hub (self->session);
  AssayConnections *connections = assay_hub_get_connections (hub);
  AssayConnection *builtin = assay_connections_find (connections, ASSAY_CONNECTION_BUILTIN);
  g_autoptr (GError) error = NULL;

  if (strcmp (response, "remove") != 0)
    return;
  if (!assay_hub_remove (hub, self->connection, &error))
    {
      complain (self, NULL, error->message);
      return;
    }
  if (builtin != NULL)
    assay_session_choose_connection (self->session, builtin);
  gtk_window_close (GTK_WINDOW (self));
}

static void
remove_cb (AssayConnectionDialog *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Remove Connection?"), NULL);

  adw_message_dialog_format_body (
    ADW_MESSAGE_DIALOG (dialog),
    _("“%s” and its token will be forgotten. Answers that it has given stay."),
    assay_connection_get_name (self->connection));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _("Cancel"), "remove", _("Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- the CA file ---- */

static void
show_ca_file (AssayConnectionDialog *self)
{
  const char *hint = _("Only for a service with a certificate of its own");

  adw_action_row_set_subtitle (self->ca_row, self->ca_file != NULL ? self->ca_file : hint);
  gtk_widget_set_visible (self->ca_clear, self->ca_file != NULL);
}

static void
ca_response_cb (GtkNativeDialog *chooser,
                int response,
                AssayConnectionDialog *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL && g_file_peek_path (file) != NULL)
    {
      g_free (self->ca_file);
      self->ca_file = g_file_get_path (file);
      show_ca_file (self);
    }
  g_clear_object (&self->chooser);
}

static void
choose_ca_cb (AssayConnectionDialog *self)
{
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Choose a Certificate File"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (ca_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
clear_ca_cb (AssayConnectionDialog *self)
{
  g_clear_pointer (&self->ca_file, g_free);
  show_ca_file (self);
}

/* ---- the window ---- */

static void
assay_connection_dialog_dispose (GObject *object)
{
  AssayConnectionDialog *self = ASSAY_CONNECTION_DIALOG (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->session);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->ca_file, g_free);
  G_OBJECT_CLASS (assay_connection_dialog_parent_class)->dispose (object);
}

static void
assay_connection_dialog_class_init (AssayConnectionDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_connection_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-connection-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, save);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, remove);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, trouble);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, reason);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, name);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, url);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, models_url);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, token);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, ca_row);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, ca_clear);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_ca_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_ca_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
assay_connection_dialog_init (AssayConnectionDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_ca_file (self);
}

static void
set_text (GtkEditable *entry,
          const char *text)
{
  gtk_editable_set_text (entry, text != NULL ? text : "");
}

static void
show_connection (AssayConnectionDialog *self)
{
  gtk_window_set_title (GTK_WINDOW (self), _("Edit Connection"));
  gtk_button_set_label (self->save, _("Save"));
  set_text (self->name, assay_connection_get_name (self->connection));
  set_text (self->url, assay_connection_get_url (self->connection));
  set_text (self->models_url, assay_connection_get_models_url (self->connection));
  if (*assay_connection_get_ca_file (self->connection) != '\0')
    self->ca_file = g_strdup (assay_connection_get_ca_file (self->connection));
  show_ca_file (self);
  gtk_widget_set_visible (self->trouble, FALSE);
  gtk_widget_set_visible (self->remove, TRUE);
}

/**
 * assay_connection_dialog_new:
 * @parent: the window that asks
 * @session: (transfer none): whose connection it will be
 * @connection: (nullable) (transfer none): the one to change, %NULL for a new one
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
assay_connection_dialog_new (GtkWindow *parent,
                             AssaySession *session,
                             AssayConnection *connection)
{
  AssayConnectionDialog *self = g_object_new (ASSAY_TYPE_CONNECTION_DIALOG,
                                              "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->connection = connection != NULL ? g_object_ref (connection) : NULL;
  if (connection != NULL)
    show_connection (self);
  /* Of a known connection only the token is not shown. */
  gtk_widget_grab_focus (GTK_WIDGET (connection != NULL ? self->token : self->url));
  return GTK_WIDGET (self);
}
