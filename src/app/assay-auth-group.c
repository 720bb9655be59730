/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-address-group.h"
#include "assay-auth-group.h"
#include "assay-error.h"
#include "assay-extra-header.h"
#include "assay-secret.h"

struct _AssayAuthGroup {
  AdwPreferencesGroup parent_instance;

  AdwComboRow *kind;
  GtkEditable *client_id;
  GtkEditable *client_secret;
  GtkEditable *token_url;
  AssayTokenRow *token_row;
  GtkEditable *token;
  GtkEditable *key_header;
  GtkEditable *key;

  gboolean kept[ASSAY_N_SECRETS]; /* need not be typed */
};

G_DEFINE_FINAL_TYPE (AssayAuthGroup, assay_auth_group, ADW_TYPE_PREFERENCES_GROUP)

/* In the order of the combo row. */
static const AssayAuth KINDS[] = {
  ASSAY_AUTH_OAUTH, ASSAY_AUTH_BEARER, ASSAY_AUTH_API_KEY, ASSAY_AUTH_NONE,
};

static AssayAuth
get_auth (AssayAuthGroup *self)
{
  guint chosen = adw_combo_row_get_selected (self->kind);

  return chosen < G_N_ELEMENTS (KINDS) ? KINDS[chosen] : ASSAY_AUTH_NONE;
}

static void
set_auth (AssayAuthGroup *self,
          AssayAuth auth)
{
  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    if (KINDS[i] == auth)
      adw_combo_row_set_selected (self->kind, i);
}

static void
show_rows (AssayAuthGroup *self)
{
  AssayAuth auth = get_auth (self);

  gtk_widget_set_visible (GTK_WIDGET (self->client_id), auth == ASSAY_AUTH_OAUTH);
  gtk_widget_set_visible (GTK_WIDGET (self->client_secret), auth == ASSAY_AUTH_OAUTH);
  gtk_widget_set_visible (GTK_WIDGET (self->token_url), auth == ASSAY_AUTH_OAUTH);
  gtk_widget_set_visible (GTK_WIDGET (self->token_row), auth == ASSAY_AUTH_OAUTH);
  gtk_widget_set_visible (GTK_WIDGET (self->token), auth == ASSAY_AUTH_BEARER);
  gtk_widget_set_visible (GTK_WIDGET (self->key_header), auth == ASSAY_AUTH_API_KEY);
  gtk_widget_set_visible (GTK_WIDGET (self->key), auth == ASSAY_AUTH_API_KEY);
}

static GtkEditable *
find_entry (AssayAuthGroup *self,
            AssaySecretRole role)
{
  switch (role)
    {
    case ASSAY_SECRET_TOKEN:
      return self->token;
    case ASSAY_SECRET_API_KEY:
      return self->key;
    case ASSAY_SECRET_CLIENT:
    case ASSAY_N_SECRETS:
    default:
      return self->client_secret;
    }
}

static void
chosen_cb (AssayAuthGroup *self)
{
  show_rows (self);
  g_signal_emit_by_name (self, "edited");
}

static void
edited_cb (GtkWidget *entry,
           AssayAuthGroup *self)
{
  gtk_widget_remove_css_class (entry, "error");
  g_signal_emit_by_name (self, "edited");
}

static void
refresh_cb (AssayAuthGroup *self)
{
  g_signal_emit_by_name (self, "refresh");
}

static void
assay_auth_group_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_AUTH_GROUP);
  G_OBJECT_CLASS (assay_auth_group_parent_class)->dispose (object);
}

static void
assay_auth_group_class_init (AssayAuthGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_auth_group_dispose;
  g_signal_new ("edited", ASSAY_TYPE_AUTH_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  g_signal_new ("refresh", ASSAY_TYPE_AUTH_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);

  g_type_ensure (ASSAY_TYPE_TOKEN_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-auth-group.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayAuthGroup, kind);
  gtk_widget_class_bind_template_child (widget_class, AssayAuthGroup, client_id);
  gtk_widget_class_bind_template_child (widget_class, AssayAuthGroup, client_secret);
  gtk_widget_class_bind_template_child (widget_class, AssayAuthGroup, token_url);
  gtk_widget_class_bind_template_child (widget_class, AssayAuthGroup, token_row);
  gtk_widget_class_bind_template_child (widget_class, AssayAuthGroup, token);
  gtk_widget_class_bind_template_child (widget_class, AssayAuthGroup, key_header);
  gtk_widget_class_bind_template_child (widget_class, AssayAuthGroup, key);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, refresh_cb);
}

static void
assay_auth_group_init (AssayAuthGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_rows (self);
}

AssayTokenRow *
assay_auth_group_get_token_row (AssayAuthGroup *self)
{
  g_return_val_if_fail (ASSAY_IS_AUTH_GROUP (self), NULL);

  return self->token_row;
}

/**
 * assay_auth_group_show:
 * @connection: (transfer none): whose sign-in is shown
 */
void
assay_auth_group_show (AssayAuthGroup *self,
                       AssayConnection *connection)
{
  g_return_if_fail (ASSAY_IS_AUTH_GROUP (self));

  set_auth (self, assay_connection_get_auth (connection));
  gtk_editable_set_text (self->client_id, assay_connection_get_client_id (connection));
  gtk_editable_set_text (self->token_url, assay_connection_get_token_url (connection));
  gtk_editable_set_text (self->key_header, assay_connection_get_api_key_header (connection));
}

/**
 * assay_auth_group_fill:
 * @key: (transfer none): a service key, which counts from now on
 */
void
assay_auth_group_fill (AssayAuthGroup *self,
                       const AssayServiceKey *key)
{
  g_return_if_fail (ASSAY_IS_AUTH_GROUP (self));
  g_return_if_fail (key != NULL);

  set_auth (self, ASSAY_AUTH_OAUTH);
  gtk_editable_set_text (self->client_id, key->client_id);
  gtk_editable_set_text (self->client_secret, key->client_secret);
  gtk_editable_set_text (self->token_url, key->token_url);
}

/**
 * assay_auth_group_set_kept:
 * @role: a secret that is kept for this connection, and stays unless another is typed
 */
void
assay_auth_group_set_kept (AssayAuthGroup *self,
                           AssaySecretRole role)
{
  const char *titles[ASSAY_N_SECRETS] = {
    [ASSAY_SECRET_TOKEN] = _("Token (One Is Kept)"),
    [ASSAY_SECRET_CLIENT] = _("Client Secret (One Is Kept)"),
    [ASSAY_SECRET_API_KEY] = _("API Key (One Is Kept)"),
  };

  g_return_if_fail (ASSAY_IS_AUTH_GROUP (self));
  g_return_if_fail (role < ASSAY_N_SECRETS);

  self->kept[role] = TRUE;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (find_entry (self, role)), titles[role]);
}

/**
 * assay_auth_group_focus_secret:
 *
 * Puts the focus on what a person has most likely come to give.
 *
 * Returns: whether there is such a thing
 */
gboolean
assay_auth_group_focus_secret (AssayAuthGroup *self)
{
  GtkEditable *entry = NULL;

  g_return_val_if_fail (ASSAY_IS_AUTH_GROUP (self), FALSE);

  if (get_auth (self) == ASSAY_AUTH_BEARER)
    entry = self->token;
  else if (get_auth (self) == ASSAY_AUTH_API_KEY)
    entry = self->key;
  else if (get_auth (self) == ASSAY_AUTH_OAUTH)
    entry = self->client_secret;
  return entry != NULL && gtk_widget_grab_focus (GTK_WIDGET (entry));
}

static char *
dup_typed (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static gboolean
set_usage (GError **error,
           const char *sentence)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, sentence);
  return FALSE;
}

static gboolean
apply_oauth (AssayAuthGroup *self,
             AssayConnection *draft,
             GtkWidget **wrong,
             GError **error)
{
  g_autofree char *id = dup_typed (self->client_id);
  g_autofree char *url = NULL;

  *wrong = GTK_WIDGET (self->client_id);
  if (*id == '\0')
    return set_usage (error, _("Enter the client ID."));
  *wrong = GTK_WIDGET (self->token_url);
  url = assay_address_read (self->token_url, TRUE, error);
  if (url == NULL)
    return FALSE;
  if (*url == '\0')
    return set_usage (error, _("Enter the address that tokens come from."));
  g_object_set (draft, "client-id", id, "token-url", url, NULL);
  return TRUE;
}

static gboolean
apply_key_header (AssayAuthGroup *self,
                  AssayConnection *draft,
                  GtkWidget **wrong,
                  GError **error)
{
  g_autofree char *header = dup_typed (self->key_header);

  *wrong = GTK_WIDGET (self->key_header);
  if (*header != '\0' && !assay_key_header_check (header, error))
    return FALSE;
  g_object_set (draft, "api-key-header", *header != '\0' ? header : NULL, NULL);
  return TRUE;
}

static const char *
ask_for (AssaySecretRole role)
{
  switch (role)
    {
    case ASSAY_SECRET_TOKEN:
      return _("Enter the token.");
    case ASSAY_SECRET_API_KEY:
      return _("Enter the API key.");
    case ASSAY_SECRET_CLIENT:
    case ASSAY_N_SECRETS:
    default:
      return _("Enter the client secret.");
    }
}

/**
 * assay_auth_group_settle:
 *
 * Where nothing was said of a sign-in, there is none: whoever pastes an address need not
 * know what else a form could hold.
 */
void
assay_auth_group_settle (AssayAuthGroup *self)
{
  g_return_if_fail (ASSAY_IS_AUTH_GROUP (self));

  if (get_auth (self) == ASSAY_AUTH_OAUTH && !self->kept[ASSAY_SECRET_CLIENT]
      && *gtk_editable_get_text (self->client_id) == '\0'
      && *gtk_editable_get_text (self->client_secret) == '\0'
      && *gtk_editable_get_text (self->token_url) == '\0')
    set_auth (self, ASSAY_AUTH_NONE);
}

/**
 * assay_auth_group_ask_kind:
 *
 * Puts the focus on the choice of sign-ins, where none is chosen.
 *
 * Returns: whether that is so
 */
gboolean
assay_auth_group_ask_kind (AssayAuthGroup *self)
{
  g_return_val_if_fail (ASSAY_IS_AUTH_GROUP (self), FALSE);

  return get_auth (self) == ASSAY_AUTH_NONE && gtk_widget_grab_focus (GTK_WIDGET (self->kind));
}

/**
 * assay_auth_group_want_key:
 * @header: that carries the key of this kind of server
 *
 * Chooses a sign-in by a key in that header.
 */
void
assay_auth_group_want_key (AssayAuthGroup *self,
                           const char *header)
{
  g_return_if_fail (ASSAY_IS_AUTH_GROUP (self));
  g_return_if_fail (header != NULL);

  set_auth (self, ASSAY_AUTH_API_KEY);
  gtk_editable_set_text (self->key_header, header);
}

/**
 * assay_auth_group_apply:
 * @draft: (transfer none): takes what was chosen and typed, before its addresses
 * @secret: (out) (transfer full) (nullable): what was typed, %NULL when none is needed or
 *   the one that is kept stays; free it with assay_secret_free()
 * @wrong: (out) (transfer none): the entry that @error is about
 * @error: what is wrong or missing
 *
 * Returns: whether all was well
 */
gboolean
assay_auth_group_apply (AssayAuthGroup *self,
                        AssayConnection *draft,
                        char **secret,
                        GtkWidget **wrong,
                        GError **error)
{
  AssayAuth auth;
  AssaySecretRole role;
  char *typed;

  g_return_val_if_fail (ASSAY_IS_AUTH_GROUP (self), FALSE);
  g_return_val_if_fail (secret != NULL && wrong != NULL, FALSE);

  *secret = NULL;
  auth = get_auth (self);
  g_object_set (draft, "auth", auth, NULL);
  if (auth == ASSAY_AUTH_OAUTH && !apply_oauth (self, draft, wrong, error))
    return FALSE;
  if (auth == ASSAY_AUTH_API_KEY && !apply_key_header (self, draft, wrong, error))
    return FALSE;
  if (!assay_connection_get_secret_role (draft, &role))
    return TRUE;
  typed = dup_typed (find_entry (self, role));
  if (*typed != '\0')
    {
      *secret = typed;
      return TRUE;
    }
  g_free (typed);
  *wrong = GTK_WIDGET (find_entry (self, role));
  return self->kept[role] || set_usage (error, ask_for (role));
}
