/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-address-group.h"
#include "assay-endpoint.h"
#include "assay-error.h"

struct _AssayAddressGroup {
  AdwPreferencesGroup parent_instance;

  GtkEditable *url;
  GtkEditable *models_url;
  GtkEditable *name;
};

G_DEFINE_FINAL_TYPE (AssayAddressGroup, assay_address_group, ADW_TYPE_PREFERENCES_GROUP)

static void
edited_cb (GtkWidget *entry,
           AssayAddressGroup *self)
{
  gtk_widget_remove_css_class (entry, "error");
  g_signal_emit_by_name (self, "edited");
}

static void
assay_address_group_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_ADDRESS_GROUP);
  G_OBJECT_CLASS (assay_address_group_parent_class)->dispose (object);
}

static void
assay_address_group_class_init (AssayAddressGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_address_group_dispose;
  g_signal_new ("edited", ASSAY_TYPE_ADDRESS_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-address-group.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayAddressGroup, url);
  gtk_widget_class_bind_template_child (widget_class, AssayAddressGroup, models_url);
  gtk_widget_class_bind_template_child (widget_class, AssayAddressGroup, name);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
}

static void
assay_address_group_init (AssayAddressGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_text (GtkEditable *entry,
          const char *text)
{
  gtk_editable_set_text (entry, text != NULL ? text : "");
}

/**
 * assay_address_group_show:
 * @connection: (transfer none): whose addresses are shown
 */
void
assay_address_group_show (AssayAddressGroup *self,
                          AssayConnection *connection)
{
  g_return_if_fail (ASSAY_IS_ADDRESS_GROUP (self));

  set_text (self->url, assay_connection_get_url (connection));
  set_text (self->models_url, assay_connection_get_models_url (connection));
  set_text (self->name, assay_connection_get_name (connection));
}

/**
 * assay_address_group_show_found:
 * @connection: (transfer none): whose addresses count from now on; a name that was given
 *   stays
 */
void
assay_address_group_show_found (AssayAddressGroup *self,
                                AssayConnection *connection)
{
  g_return_if_fail (ASSAY_IS_ADDRESS_GROUP (self));

  set_text (self->url, assay_connection_get_url (connection));
  set_text (self->models_url, assay_connection_get_models_url (connection));
}

/**
 * assay_address_group_fill:
 * @key: (transfer none): a service key, whose addresses count from now on; a name that
 *   was given stays
 */
void
assay_address_group_fill (AssayAddressGroup *self,
                          const AssayServiceKey *key)
{
  g_return_if_fail (ASSAY_IS_ADDRESS_GROUP (self));
  g_return_if_fail (key != NULL);

  set_text (self->url, key->url);
  set_text (self->models_url, key->models_url);
  if (*gtk_editable_get_text (self->name) == '\0')
    set_text (self->name, key->name);
}

/**
 * assay_address_group_focus:
 *
 * Puts the focus on the address that images are sent to.
 */
void
assay_address_group_focus (AssayAddressGroup *self)
{
  g_return_if_fail (ASSAY_IS_ADDRESS_GROUP (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->url));
}

/**
 * assay_address_read:
 * @entry: where an address is typed
 * @with_secret: whether a secret is sent there
 * @error: %ASSAY_ERROR_USAGE for what is no address, or none for a secret
 *
 * Returns: (transfer full) (nullable): the address, "" when nothing was typed
 */
char *
assay_address_read (GtkEditable *entry,
                    gboolean with_secret,
                    GError **error)
{
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  g_autofree char *address = NULL;

  if (*typed == '\0')
    return g_steal_pointer (&typed);
  address = assay_endpoint_normalize (typed, error);
  if (address == NULL || (with_secret && !assay_endpoint_may_carry_secret (address, error)))
    return NULL;
  return g_steal_pointer (&address);
}

static gboolean
apply_address (GtkEditable *entry,
               AssayConnection *draft,
               const char *property,
               GtkWidget **wrong,
               GError **error)
{
  gboolean with_secret = assay_connection_get_auth (draft) != ASSAY_AUTH_NONE;
  g_autofree char *address = assay_address_read (entry, with_secret, error);

  *wrong = GTK_WIDGET (entry);
  if (address == NULL)
    return FALSE;
  g_object_set (draft, property, *address != '\0' ? address : NULL, NULL);
  return TRUE;
}

/**
 * assay_address_group_apply:
 * @draft: (transfer none): takes what was typed; knows its kind of sign-in already
 * @wrong: (out) (transfer none): the entry that @error is about
 * @error: what is wrong with what was typed
 *
 * Returns: whether all was well
 */
gboolean
assay_address_group_apply (AssayAddressGroup *self,
                           AssayConnection *draft,
                           GtkWidget **wrong,
                           GError **error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (ASSAY_IS_ADDRESS_GROUP (self), FALSE);
  g_return_val_if_fail (ASSAY_IS_CONNECTION (draft), FALSE);
  g_return_val_if_fail (wrong != NULL, FALSE);

  if (!apply_address (self->url, draft, "url", wrong, error))
    return FALSE;
  if (*assay_connection_get_url (draft) == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Enter the address that images are sent to."));
      return FALSE;
    }
  if (!apply_address (self->models_url, draft, "models-url", wrong, error))
    return FALSE;
  name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
  if (*name == '\0')
    {
      g_free (name);
      name = assay_connection_dup_host (draft);
    }
  g_object_set (draft, "name", name, NULL);
  return TRUE;
}
