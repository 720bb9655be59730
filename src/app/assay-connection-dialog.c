/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-address-group.h"
#include "assay-auth-group.h"
#include "assay-certificate-dialog.h"
#include "assay-connection-dialog.h"
#include "assay-connection-text.h"
#include "assay-error.h"
#include "assay-headers-row.h"
#include "assay-manner-group.h"
#include "assay-secret.h"
#include "assay-service-key-drop.h"
#include "assay-test-row.h"
#include "assay-trial.h"
#include "assay-trust-group.h"
#include "assay-weak.h"

/* What a person has asked for last, and what is done again when they accept a certificate. */
typedef void (*Errand) (AssayConnectionDialog *self);

/* Invariants: cancellable is that of the one call under way, and NULL when there is
 * none; trial is of what stands in the form, and goes with the first change of it. */
struct _AssayConnectionDialog {
  AdwWindow parent_instance;

  GtkButton *connect;
  GtkWidget *trouble;
  GtkLabel *reason;
  GtkWidget *save_anyway;
  AssayServiceKeyDrop *key_drop;
  AssayAddressGroup *addresses;
  AssayMannerGroup *manner;
  AssayAuthGroup *auth;
  AssayTrustGroup *trust;
  AssayHeadersRow *headers;
  AssayTestRow *test_row;
  GtkWidget *place;
  GtkLabel *place_words;
  GtkWidget *remove;

  AssaySession *session;
  AssayConnection *connection;   /* (nullable): the one to change */
  char *id;                      /* of the one that is made or changed */
  char *model;                   /* (nullable): which one the address named */
  AssayTrial *trial;             /* (nullable) */
  AssayClientTest *test;         /* (nullable): what the last test has found */
  Errand errand;
  GCancellable *cancellable;     /* (nullable) */
  GCancellable *closed;          /* ends what does not depend on the form */
};

G_DEFINE_FINAL_TYPE (AssayConnectionDialog, assay_connection_dialog, ADW_TYPE_WINDOW)

/* ---- one call at a time ---- */

/* The data of a call: the dialog can go, or the form change, while it runs. */
typedef struct {
  GWeakRef dialog;
  GCancellable *cancellable;
} Run;

static void
forget_call (AssayConnectionDialog *self)
{
  g_clear_object (&self->cancellable);
  gtk_button_set_label (self->connect, _("Connect"));
}

static void
stop (AssayConnectionDialog *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  forget_call (self);
}

static Run *
run_new (AssayConnectionDialog *self)
{
  Run *run = g_new0 (Run, 1);

  stop (self);
  gtk_widget_set_visible (self->trouble, FALSE);
  self->cancellable = g_cancellable_new ();
  g_weak_ref_init (&run->dialog, self);
  run->cancellable = g_object_ref (self->cancellable);
  return run;
}

/* Returns: (transfer full) (nullable): the dialog, if it is there and still interested */
static AssayConnectionDialog *
run_get (Run *run)
{
  return g_cancellable_is_cancelled (run->cancellable) ? NULL : g_weak_ref_get (&run->dialog);
}

static AssayConnectionDialog *
run_end (Run *run)
{
  AssayConnectionDialog *self = run_get (run);

  if (self != NULL)
    forget_call (self);
  g_weak_ref_clear (&run->dialog);
  g_object_unref (run->cancellable);
  g_free (run);
  return self;
}

/* ---- the form ---- */

static void
complain (AssayConnectionDialog *self,
          GtkWidget *wrong,
          const char *sentence)
{
  gtk_label_set_text (self->reason, sentence);
  gtk_widget_set_visible (self->save_anyway, FALSE);
  gtk_widget_set_visible (self->trouble, TRUE);
  if (wrong == NULL)
    return;
  gtk_widget_add_css_class (wrong, "error");
  gtk_widget_grab_focus (wrong);
}

/* What was found out was about something else. */
static void
edited_cb (AssayConnectionDialog *self)
{
  stop (self);
  g_clear_object (&self->trial);
  gtk_widget_set_visible (self->trouble, FALSE);
  assay_test_row_reset (self->test_row);
  assay_token_row_set_none (assay_auth_group_get_token_row (self->auth));
}

static AssayHub *
get_hub (AssayConnectionDialog *self)
{
  return assay_session_get_hub (self->session);
}

/* Reads what stands in the form; %NULL and a word about it when something is
 * wrong.  *@secret is for assay_secret_free(). */
static AssayConnection *
read_draft (AssayConnectionDialog *self,
            char **secret)
{
  g_autoptr (AssayConnection) draft = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *wrong = NULL;

  if (self->connection != NULL)
    draft = assay_connection_copy (self->connection);
  else
    draft = assay_connection_new (self->id, "");
  assay_trust_group_apply (self->trust, draft);
  assay_manner_group_apply (self->manner, draft);
  if (self->model != NULL && *assay_connection_get_last_model (draft) == '\0')
    g_object_set (draft, "last-model", self->model, NULL);
  if (assay_auth_group_apply (self->auth, draft, secret, &wrong, &error)
      && assay_address_group_apply (self->addresses, draft, &wrong, &error)
      && assay_manner_group_check (self->manner, draft, &wrong, &error))
    lines = assay_headers_row_dup_lines (self->headers, &wrong, &error);
  if (lines != NULL
      && assay_connection_set_headers (draft, (const char *const *) lines, &error))
    return g_steal_pointer (&draft);
  g_clear_pointer (secret, assay_secret_free);
  complain (self, wrong, error->message);
  return NULL;
}

static gboolean
ensure_trial (AssayConnectionDialog *self)
{
  g_autoptr (AssayConnection) draft = NULL;
  g_autoptr (GError) error = NULL;
  char *secret = NULL;

  if (self->trial != NULL)
    return TRUE;
  if (assay_manner_group_is_auto (self->manner))
    assay_auth_group_settle (self->auth);
  draft = read_draft (self, &secret);
  if (draft == NULL)
    return FALSE;
  self->trial = assay_trial_new (draft, assay_hub_get_secrets (get_hub (self)), secret, &error);
  assay_secret_free (secret);
  if (self->trial == NULL)
    complain (self, NULL, error->message);
  return self->trial != NULL;
}

static void
show_token (AssayConnectionDialog *self)
{
  gint64 expires = assay_trial_get_expires (self->trial);

  if (expires != 0)
    assay_token_row_set_expires (assay_auth_group_get_token_row (self->auth), expires);
}

/* ---- a certificate that isn't trusted ---- */

static void
certificate_response_cb (AdwMessageDialog *dialog,
                         const char *response,
                         AssayConnectionDialog *self)
{
  if (g_strcmp0 (response, ASSAY_RESPONSE_ACCEPT_CERTIFICATE) != 0)
    return;
  assay_trust_group_set_fingerprint (self->trust, self->test->certificate->fingerprint);
  self->errand (self);
}

static void
show_certificate_cb (AssayConnectionDialog *self)
{
  GtkWidget *dialog = assay_certificate_dialog_new (GTK_WINDOW (self), self->test->certificate,
                                                    self->test->error->message);

  g_signal_connect_object (dialog, "response", G_CALLBACK (certificate_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- what is spoken there ---- */

static void run_test (AssayConnectionDialog *self);
static void test_cb (AssayConnectionDialog *self);

/* From here on it is as if a person had typed it. */
static void
take_discovery (AssayConnectionDialog *self,
                AssayConnection *found,
                const AssayDiscovery *discovery)
{
  g_autofree char *text = assay_discovery_dup_text (discovery);

  g_free (self->model);
  self->model = g_strdup (discovery->model);
  assay_address_group_show_found (self->addresses, found);
  assay_manner_group_show (self->manner, found);
  assay_manner_group_set_found (self->manner, text);
}

static void
discovered_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  g_autoptr (AssayConnectionDialog) self = run_end (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayDiscovery) discovery =
    assay_trial_discover_finish (ASSAY_TRIAL (source), result, &error);

  if (self == NULL)
    return;
  if (discovery != NULL)
    {
      take_discovery (self, assay_trial_get_connection (ASSAY_TRIAL (source)), discovery);
      self->errand (self);
      return;
    }
  /* The test finds the certificate and shows it, and says which step fails. */
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CERTIFICATE) || self->errand == test_cb)
    run_test (self);
  if (self->errand == test_cb && !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    return;
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED)
      && assay_auth_group_ask_kind (self->auth))
    complain (self, NULL, _("The service wants a sign-in. Choose under Authentication which."));
  else
    complain (self, NULL, error->message);
  gtk_widget_set_visible (self->save_anyway, TRUE);
}

/* Whether it is known what is spoken there; else the errand is run again when it is. */
static gboolean
ensure_protocol (AssayConnectionDialog *self)
{
  Run *run;

  if (!assay_manner_group_is_auto (self->manner))
    return TRUE;
  run = run_new (self);
  gtk_button_set_label (self->connect, _("Connecting…"));
  assay_trial_discover_async (self->trial, self->cancellable, discovered_cb, run);
  return FALSE;
}

/* ---- Test Connection ---- */

static void
tested_step_cb (const AssayClientTest *test,
                AssayStep step,
                gpointer data)
{
  g_autoptr (AssayConnectionDialog) self = run_get (data);

  if (self != NULL)
    assay_test_row_tell (self->test_row, test, step);
}

static void
tested_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayConnectionDialog) self = run_end (data);
  g_autoptr (AssayClientTest) test = assay_trial_test_finish (ASSAY_TRIAL (source), result, NULL);

  if (self == NULL || test == NULL)
    return;
  g_clear_pointer (&self->test, assay_client_test_free);
  self->test = g_steal_pointer (&test);
  assay_test_row_finish (self->test_row, self->test);
  show_token (self);
  if (self->test->steps[ASSAY_STEP_CERTIFICATE].state == ASSAY_STEP_FAILED
      && self->test->certificate != NULL)
    show_certificate_cb (self);
}

static void
run_test (AssayConnectionDialog *self)
{
  Run *run = run_new (self);

  assay_test_row_start (self->test_row);
  assay_trial_test_async (self->trial, tested_step_cb, run, self->cancellable, tested_cb, run);
}

static void
test_cb (AssayConnectionDialog *self)
{
  self->errand = test_cb;
  if (ensure_trial (self) && ensure_protocol (self))
    run_test (self);
}

/* ---- Refresh ---- */

static void
renewed_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (AssayConnectionDialog) self = run_end (data);
  g_autoptr (GError) error = NULL;

  assay_trial_renew_finish (ASSAY_TRIAL (source), result, &error);
  if (self == NULL)
    return;
  if (error == NULL)
    assay_token_row_set_expires (assay_auth_group_get_token_row (self->auth),
                                 assay_trial_get_expires (self->trial));
  else
    assay_token_row_set_error (assay_auth_group_get_token_row (self->auth), error->message);
  /* The test finds the certificate and shows it. */
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CERTIFICATE))
    run_test (self);
}

static void
refresh_cb (AssayConnectionDialog *self)
{
  Run *run;

  self->errand = refresh_cb;
  if (!ensure_trial (self))
    return;
  run = run_new (self);
  assay_token_row_set_busy (assay_auth_group_get_token_row (self->auth));
  assay_trial_renew_async (self->trial, self->cancellable, renewed_cb, run);
}

/* ---- Connect ---- */

static void
save_cb (AssayConnectionDialog *self)
{
  char *secret = NULL;
  g_autoptr (AssayConnection) draft = read_draft (self, &secret);
  g_autoptr (GError) error = NULL;
  AssayConnection *saved = NULL;

  if (draft == NULL)
    return;
  saved = assay_hub_save (get_hub (self), self->connection, draft, secret, &error);
  assay_secret_free (secret);
  if (saved == NULL)
    {
      complain (self, NULL, error->message);
      return;
    }
  assay_session_choose_connection (self->session, saved);
  assay_session_try_again (self->session);
  gtk_window_close (GTK_WINDOW (self));
}

static void
signed_in_cb (GObject *source,
              GAsyncResult *result,
              gpointer data)
{
  g_autoptr (AssayConnectionDialog) self = run_end (data);
  g_autoptr (GError) error = NULL;

  assay_trial_sign_in_finish (ASSAY_TRIAL (source), result, &error);
  if (self == NULL)
    return;
  if (error == NULL)
    {
      save_cb (self);
      return;
    }
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CERTIFICATE))
    run_test (self);
  complain (self, NULL, error->message);
  gtk_widget_set_visible (self->save_anyway, TRUE);
}

static void
connect_cb (AssayConnectionDialog *self)
{
  Run *run;

  self->errand = connect_cb;
  if (!ensure_trial (self) || !ensure_protocol (self))
    return;
  run = run_new (self);
  gtk_button_set_label (self->connect, _("Connecting…"));
  assay_trial_sign_in_async (self->trial, self->cancellable, signed_in_cb, run);
}

/* ---- Remove Connection ---- */

static gboolean
close_cb (gpointer data)
{
  gtk_window_close (data);
  return G_SOURCE_REMOVE;
}

static void
remove_response_cb (AdwMessageDialog *dialog,
                    const char *response,
                    AssayConnectionDialog *self)
{
  AssayHub *hub = get_hub (self);
  AssayConnections *connections = assay_hub_get_connections (hub);
  AssayConnection *builtin = assay_connections_find (connections, ASSAY_CONNECTION_BUILTIN);
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (response, "remove") != 0)
    return;
  if (!assay_hub_remove (hub, self->connection, &error))
    {
      complain (self, NULL, error->message);
      return;
    }
  if (builtin != NULL)
    assay_session_choose_connection (self->session, builtin);
  /* The question must not outlive the window that it was asked in. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_cb, g_object_ref (self), g_object_unref);
}

static void
remove_cb (AssayConnectionDialog *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Remove Connection?"), NULL);
  g_autofree char *name = assay_connection_text_dup_title (self->connection);

  adw_message_dialog_format_body (
    ADW_MESSAGE_DIALOG (dialog),
    _("“%s” and its secret will be forgotten. Answers that it has given stay."),
    name);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _("Cancel"), "remove", _("Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- a kind of server that wants a key in a header of its own ---- */

static void
key_header_cb (AssayMannerGroup *manner,
               const char *header,
               AssayConnectionDialog *self)
{
  assay_auth_group_want_key (self->auth, header);
}

/* ---- a service key, dropped or pasted ---- */

static void
key_cb (AssayServiceKeyDrop *drop,
        const AssayServiceKey *key,
        AssayConnectionDialog *self)
{
  assay_address_group_fill (self->addresses, key);
  assay_manner_group_choose (self->manner, key->protocol);
  assay_auth_group_fill (self->auth, key);
  gtk_widget_grab_focus (GTK_WIDGET (self->connect));
}

static void
pasted_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayConnectionDialog) self = assay_weak_take (data);
  char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  GtkWidget *focus = self != NULL ? gtk_root_get_focus (GTK_ROOT (self)) : NULL;

  if (self != NULL && !(text != NULL && assay_service_key_drop_try (self->key_drop, text)))
    {
      if (GTK_IS_TEXT (focus))
        gtk_widget_activate_action (focus, "clipboard.paste", NULL);
      else if (text != NULL)
        assay_service_key_drop_take (self->key_drop, text);
      else
        assay_service_key_drop_complain (self->key_drop, _("There is no text on the clipboard."));
    }
  assay_secret_free (text);
}

/* Before the entry in focus, into which a service key would not go. */
static gboolean
paste_shortcut_cb (GtkWidget *widget,
                   GVariant *arguments,
                   gpointer data)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget),
                                 ASSAY_CONNECTION_DIALOG (widget)->closed, pasted_cb,
                                 assay_weak_new (widget));
  return TRUE;
}

static void
add_paste_shortcut (AssayConnectionDialog *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>v|<Shift>Insert"),
                      gtk_callback_action_new (paste_shortcut_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* ---- the window ---- */

static void
assay_connection_dialog_dispose (GObject *object)
{
  AssayConnectionDialog *self = ASSAY_CONNECTION_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->closed);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CONNECTION_DIALOG);
  g_clear_object (&self->trial);
  g_clear_object (&self->session);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (assay_connection_dialog_parent_class)->dispose (object);
}

static void
assay_connection_dialog_finalize (GObject *object)
{
  AssayConnectionDialog *self = ASSAY_CONNECTION_DIALOG (object);

  g_clear_pointer (&self->test, assay_client_test_free);
  g_clear_object (&self->closed);
  g_free (self->id);
  g_free (self->model);
  G_OBJECT_CLASS (assay_connection_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, connect);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, trouble);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, reason);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, save_anyway);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, key_drop);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, addresses);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, manner);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, auth);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, trust);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, headers);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, test_row);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, place);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, place_words);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDialog, remove);
}

static void
assay_connection_dialog_class_init (AssayConnectionDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_connection_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_connection_dialog_finalize;

  g_type_ensure (ASSAY_TYPE_ADDRESS_GROUP);
  g_type_ensure (ASSAY_TYPE_AUTH_GROUP);
  g_type_ensure (ASSAY_TYPE_HEADERS_ROW);
  g_type_ensure (ASSAY_TYPE_MANNER_GROUP);
  g_type_ensure (ASSAY_TYPE_SERVICE_KEY_DROP);
  g_type_ensure (ASSAY_TYPE_TEST_ROW);
  g_type_ensure (ASSAY_TYPE_TRUST_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-connection-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, connect_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, refresh_cb);
  gtk_widget_class_bind_template_callback (widget_class, test_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_certificate_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
assay_connection_dialog_init (AssayConnectionDialog *self)
{
  self->closed = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  add_paste_shortcut (self);
}

/* ---- what is kept ---- */

static void
show_place (AssayConnectionDialog *self)
{
  AssaySecretsPlace place = assay_secrets_get_place (assay_hub_get_secrets (get_hub (self)));

  gtk_widget_set_visible (self->place, place != ASSAY_SECRETS_NOWHERE);
  gtk_label_set_text (self->place_words,
                      place == ASSAY_SECRETS_KEYRING
                          ? _("Secrets are kept in your keyring")
                          : _("Secrets are kept in memory until Assay closes: no keyring was found"));
}

static void
looked_up_cb (GObject *source,
              GAsyncResult *result,
              gpointer data)
{
  g_autoptr (AssayConnectionDialog) self = assay_weak_take (data);
  AssaySecretRole role;
  char *secret = NULL;

  assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, &secret, NULL, NULL);
  if (self != NULL && secret != NULL
      && assay_connection_get_secret_role (self->connection, &role))
    assay_auth_group_set_kept (self->auth, role);
  assay_secret_free (secret);
}

/* Also of a new connection, which has none: so it is known where one would be kept. */
static void
look_up (AssayConnectionDialog *self)
{
  AssaySecrets *secrets = assay_hub_get_secrets (get_hub (self));
  AssaySecretRole role = ASSAY_SECRET_CLIENT;

  if (self->connection != NULL)
    assay_connection_get_secret_role (self->connection, &role);
  g_signal_connect_object (secrets, "notify::place", G_CALLBACK (show_place), self,
                           G_CONNECT_SWAPPED);
  show_place (self);
  assay_secrets_lookup_async (secrets, self->id, role, self->closed, looked_up_cb,
                              assay_weak_new (self));
}

static void
show_connection (AssayConnectionDialog *self)
{
  AssayHub *hub = get_hub (self);
  AssayClient *client = assay_link_get_client (assay_hub_get_link (hub, self->connection));

  gtk_window_set_title (GTK_WINDOW (self), _("Connection"));
  assay_address_group_show (self->addresses, self->connection);
  assay_manner_group_show (self->manner, self->connection);
  assay_auth_group_show (self->auth, self->connection);
  assay_trust_group_show (self->trust, self->connection);
  assay_headers_row_set_lines (self->headers, assay_connection_get_headers (self->connection));
  gtk_widget_set_visible (self->remove, TRUE);
  if (client == NULL)
    return;
  /* As long as nothing is changed, it is the connection in use that is tried. */
  self->trial = assay_trial_new_for_client (client, assay_hub_get_secrets (hub));
  show_token (self);
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
  self->id = connection != NULL ? g_strdup (assay_connection_get_id (connection))
                                : g_uuid_string_random ();
  if (connection != NULL)
    show_connection (self);
  look_up (self);
  /* Not the first button, which is Cancel: Return is for connecting. */
  if (connection == NULL || !assay_auth_group_focus_secret (self->auth))
    assay_address_group_focus (self->addresses);
  return GTK_WIDGET (self);
}
