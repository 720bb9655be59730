/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-secret.h"
#include "assay-secrets.h"

/* In the keyring a secret is an item of this schema, with the connection's id and
 * what it is for as attributes, so that its label is for people only. */
static const SecretSchema SCHEMA = {
  "io.github.assay.Assay.Secret",
  SECRET_SCHEMA_NONE,
  {
    { "connection", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "role", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL },
  },
};

/* Written into keyrings: never renamed. */
static const char *const ROLES[ASSAY_N_SECRETS] = { "token", "client-secret", "api-key" };

/* Invariants: the first of @queue is under way, the others wait; a secret is in
 * @memory only when the keyring has refused it, and then counts before whatever
 * the keyring still has. */
struct _AssaySecrets {
  GObject parent_instance;

  AssaySecretsPlace place;
  char *reason;               /* (nullable): why not the keyring */
  GHashTable *memory;         /* "role connection" → secret */
  GQueue queue;               /* (element-type GTask), not owned: each owns itself */
};

enum {
  PROP_0,
  PROP_PLACE,
  PROP_REASON,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ENUM_TYPE (AssaySecretsPlace, assay_secrets_place,
                    G_DEFINE_ENUM_VALUE (ASSAY_SECRETS_NOWHERE, "nowhere"),
                    G_DEFINE_ENUM_VALUE (ASSAY_SECRETS_KEYRING, "keyring"),
                    G_DEFINE_ENUM_VALUE (ASSAY_SECRETS_MEMORY, "memory"))

G_DEFINE_FINAL_TYPE (AssaySecrets, assay_secrets, G_TYPE_OBJECT)

typedef struct _Errand Errand;

/* One thing that was asked. */
struct _Errand {
  void (*run) (GTask *task);
  char *connection;
  AssaySecretRole role;
  char *name;                 /* of the connection, for the label; when storing */
  char *secret;               /* to store, or found; secret */
  AssaySecretsPlace place;
};

static void
errand_free (Errand *self)
{
  g_free (self->connection);
  g_free (self->name);
  assay_secret_free (self->secret);
  g_free (self);
}

static char *
dup_key (const char *connection,
         AssaySecretRole role)
{
  return g_strconcat (ROLES[role], " ", connection, NULL);
}

static GHashTable *
make_attributes (const Errand *errand,
                 gboolean with_role)
{
  GHashTable *attributes = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (attributes, "connection", errand->connection);
  if (with_role)
    g_hash_table_insert (attributes, "role", (char *) ROLES[errand->role]);
  return attributes;
}

/* Says where secrets are kept now; @error is why not in the keyring. */
static void
set_place (AssaySecrets *self,
           AssaySecretsPlace place,
           const GError *error)
{
  g_autofree char *reason = error != NULL ? assay_display_text (error->message, -1, 200) : NULL;

  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (self->reason, reason) != 0)
    {
      g_free (self->reason);
      self->reason = g_steal_pointer (&reason);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
    }
  if (self->place != place)
    {
      self->place = place;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLACE]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
run_first (AssaySecrets *self)
{
  GTask *task = g_queue_peek_head (&self->queue);

  if (task != NULL)
    ((Errand *) g_task_get_task_data (task))->run (task);
}

/* Takes @error and ends the first of the queue. */
static void
end_errand (GTask *first,
            GError *error)
{
  g_autoptr(GTask) task = first;
  g_autoptr(AssaySecrets) self = g_object_ref (g_task_get_source_object (task));

  g_assert (g_queue_peek_head (&self->queue) == task);
  g_queue_pop_head (&self->queue);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  run_first (self);
}

static gboolean
is_canceled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
queue_errand (GTask *task,
              Errand *errand)
{
  AssaySecrets *self = g_task_get_source_object (task);

  g_task_set_task_data (task, errand, (GDestroyNotify) errand_free);
  g_queue_push_tail (&self->queue, g_object_ref (task));
  if (self->queue.length == 1)
    run_first (self);
}

static void
assay_secrets_get_property (GObject *object,
                            guint property_id,
                            GValue *value,
                            GParamSpec *pspec)
{
  AssaySecrets *self = ASSAY_SECRETS (object);

  if (property_id == PROP_PLACE)
    g_value_set_enum (value, self->place);
  else if (property_id == PROP_REASON)
    g_value_set_string (value, self->reason);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

static void
assay_secrets_finalize (GObject *object)
{
  AssaySecrets *self = ASSAY_SECRETS (object);

  g_assert (g_queue_is_empty (&self->queue));

  g_free (self->reason);
  g_hash_table_unref (self->memory);

  G_OBJECT_CLASS (assay_secrets_parent_class)->finalize (object);
}

static void
assay_secrets_class_init (AssaySecretsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_secrets_get_property;
  object_class->finalize = assay_secrets_finalize;

  properties[PROP_PLACE] = g_param_spec_enum (
      "place", NULL, NULL, ASSAY_TYPE_SECRETS_PLACE, ASSAY_SECRETS_NOWHERE,
      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_REASON] = g_param_spec_string (
      "reason", NULL, NULL, NULL,
      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
assay_secrets_init (AssaySecrets *self)
{
  g_queue_init (&self->queue);
  self->memory = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) assay_secret_free);
}

/**
 * assay_secrets_new:
 *
 * Returns: (transfer full): a keeper of secrets; the keyring is not asked before
 *   the first call
 */
AssaySecrets *
assay_secrets_new (void)
{
  return g_object_new (ASSAY_TYPE_SECRETS, NULL);
}

/**
 * assay_secrets_get_place:
 *
 * Returns: where the last call has found secrets to be kept;
 *   %ASSAY_SECRETS_NOWHERE before the first one is done
 */
AssaySecretsPlace
assay_secrets_get_place (AssaySecrets *self)
{
  g_return_val_if_fail (ASSAY_IS_SECRETS (self), ASSAY_SECRETS_NOWHERE);

  return self->place;
}

/**
 * assay_secrets_get_reason:
 *
 * Returns: (transfer none) (nullable): why secrets are not in the keyring, as the
 *   system says it and safe to show; %NULL when they are
 */
const char *
assay_secrets_get_reason (AssaySecrets *self)
{
  g_return_val_if_fail (ASSAY_IS_SECRETS (self), NULL);

  return self->reason;
}

/* ---- storing ---- */

static char *
dup_label (const Errand *errand)
{
  switch (errand->role)
    {
    case ASSAY_SECRET_CLIENT:
      return g_strdup_printf (_("Assay: client secret of “%s”"), errand->name);
    case ASSAY_SECRET_API_KEY:
      return g_strdup_printf (_("Assay: API key of “%s”"), errand->name);
    case ASSAY_SECRET_TOKEN:
    case ASSAY_N_SECRETS:
    default:
      return g_strdup_printf (_("Assay: token of “%s”"), errand->name);
    }
}

static void
stored_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  GTask *task = user_data;
  AssaySecrets *self = g_task_get_source_object (task);
  Errand *errand = g_task_get_task_data (task);
  g_autofree char *key = dup_key (errand->connection, errand->role);
  g_autoptr(GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    {
      g_hash_table_remove (self->memory, key);
      errand->place = ASSAY_SECRETS_KEYRING;
    }
  else if (!is_canceled (error))
    {
      g_hash_table_insert (self->memory, g_steal_pointer (&key), g_steal_pointer (&errand->secret));
      errand->place = ASSAY_SECRETS_MEMORY;
    }
  else
    {
      end_errand (task, g_steal_pointer (&error));
      return;
    }
  set_place (self, errand->place, error);
  end_errand (task, NULL);
}

static void
run_store (GTask *task)
{
  Errand *errand = g_task_get_task_data (task);
  g_autoptr(GHashTable) attributes = make_attributes (errand, TRUE);
  g_autofree char *label = dup_label (errand);

  secret_password_storev (&SCHEMA, attributes, SECRET_COLLECTION_DEFAULT, label, errand->secret,
                          g_task_get_cancellable (task), stored_cb, task);
}

/**
 * assay_secrets_store_async:
 * @connection: the connection's id
 * @role: what the secret is for; what was kept for it before is replaced
 * @name: the connection's name, for people who look into their keyring
 * @secret: the secret, copied
 * @cancellable: (nullable): also takes back a question of the keyring's
 *
 * Keeps a secret.  The keyring may ask the person to unlock it, which can take as
 * long as they like.
 */
void
assay_secrets_store_async (AssaySecrets *self,
                           const char *connection,
                           AssaySecretRole role,
                           const char *name,
                           const char *secret,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_autoptr(GTask) task = NULL;
  Errand *errand;

  g_return_if_fail (ASSAY_IS_SECRETS (self));
  g_return_if_fail (connection != NULL);
  g_return_if_fail (role < ASSAY_N_SECRETS);
  g_return_if_fail (name != NULL && secret != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_secrets_store_async);
  errand = g_new0 (Errand, 1);
  errand->run = run_store;
  errand->connection = g_strdup (connection);
  errand->role = role;
  errand->name = g_strdup (name);
  errand->secret = g_strdup (secret);
  queue_errand (task, errand);
}

/**
 * assay_secrets_store_finish:
 * @place: (out) (optional): where it is kept
 * @error: %G_IO_ERROR_CANCELLED and nothing else: without a keyring there is memory
 *
 * Returns: whether it is kept
 */
gboolean
assay_secrets_store_finish (AssaySecrets *self,
                            GAsyncResult *result,
                            AssaySecretsPlace *place,
                            GError **error)
{
  g_return_val_if_fail (ASSAY_IS_SECRETS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (place != NULL)
    *place = ((Errand *) g_task_get_task_data (G_TASK (result)))->place;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- looking up ---- */

static void
retrieved_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  GTask *task = user_data;
  AssaySecrets *self = g_task_get_source_object (task);
  Errand *errand = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  SecretValue *value = secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source),
                                                                  result, &error);
  const char *text = value != NULL ? secret_value_get_text (value) : NULL;

  if (text != NULL)
    {
      errand->secret = g_strdup (text);
      errand->place = ASSAY_SECRETS_KEYRING;
    }
  g_clear_pointer (&value, secret_value_unref);
  if (is_canceled (error))
    {
      end_errand (task, g_steal_pointer (&error));
      return;
    }
  set_place (self, error == NULL ? ASSAY_SECRETS_KEYRING : ASSAY_SECRETS_MEMORY, error);
  end_errand (task, NULL);
}

static gboolean
is_locked (gpointer item)
{
  return SECRET_IS_ITEM (item) && secret_item_get_locked (item);
}

static void
searched_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  GTask *task = user_data;
  AssaySecrets *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autolist(GObject) items = secret_password_search_finish (result, &error);
  GList *open = items;

  while (open != NULL && is_locked (open->data))
    open = open->next;
  if (open != NULL)
    {
      secret_retrievable_retrieve_secret (SECRET_RETRIEVABLE (open->data),
                                          g_task_get_cancellable (task), retrieved_cb, task);
      return;
    }
  if (is_canceled (error))
    {
      end_errand (task, g_steal_pointer (&error));
      return;
    }
  if (items != NULL)
    error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_FAILED, _("the keyring is locked"));
  set_place (self, error == NULL ? ASSAY_SECRETS_KEYRING : ASSAY_SECRETS_MEMORY, error);
  end_errand (task, NULL);
}

static void
run_lookup (GTask *task)
{
  AssaySecrets *self = g_task_get_source_object (task);
  Errand *errand = g_task_get_task_data (task);
  g_autofree char *key = dup_key (errand->connection, errand->role);
  const char *kept = g_hash_table_lookup (self->memory, key);
  g_autoptr(GHashTable) attributes = NULL;

  if (kept != NULL)
    {
      errand->secret = g_strdup (kept);
      errand->place = ASSAY_SECRETS_MEMORY;
      end_errand (task, NULL);
      return;
    }
  attributes = make_attributes (errand, TRUE);
  secret_password_searchv (&SCHEMA, attributes, SECRET_SEARCH_UNLOCK | SECRET_SEARCH_ALL,
                           g_task_get_cancellable (task), searched_cb, task);
}

/**
 * assay_secrets_lookup_async:
 * @connection: the connection's id
 * @role: what the secret is for
 * @cancellable: (nullable): also takes back a question of the keyring's
 *
 * Looks for a secret; a locked keyring asks the person to unlock it.
 */
void
assay_secrets_lookup_async (AssaySecrets *self,
                            const char *connection,
                            AssaySecretRole role,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  g_autoptr(GTask) task = NULL;
  Errand *errand;

  g_return_if_fail (ASSAY_IS_SECRETS (self));
  g_return_if_fail (connection != NULL);
  g_return_if_fail (role < ASSAY_N_SECRETS);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_secrets_lookup_async);
  errand = g_new0 (Errand, 1);
  errand->run = run_lookup;
  errand->connection = g_strdup (connection);
  errand->role = role;
  queue_errand (task, errand);
}

/**
 * assay_secrets_lookup_finish:
 * @secret: (out) (transfer full) (nullable): the secret, %NULL when none is kept or
 *   the keyring can't be asked (assay_secrets_get_reason() says so); free it with
 *   assay_secret_free()
 * @place: (out) (optional): where it is kept
 * @error: %G_IO_ERROR_CANCELLED and nothing else
 *
 * Returns: %FALSE only when canceled
 */
gboolean
assay_secrets_lookup_finish (AssaySecrets *self,
                             GAsyncResult *result,
                             char **secret,
                             AssaySecretsPlace *place,
                             GError **error)
{
  Errand *errand;

  g_return_val_if_fail (ASSAY_IS_SECRETS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (secret != NULL, FALSE);

  *secret = NULL;
  if (place != NULL)
    *place = ASSAY_SECRETS_NOWHERE;
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  errand = g_task_get_task_data (G_TASK (result));
  *secret = g_steal_pointer (&errand->secret);
  if (place != NULL)
    *place = errand->place;
  return TRUE;
}

/* ---- clearing ---- */

/* Where no keyring runs there is nothing in it that could be forgotten. */
static gboolean
is_without_keyring (const GError *error)
{
  return error->domain == G_IO_ERROR
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND);
}

static void
cleared_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  GTask *task = user_data;
  AssaySecrets *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  /* FALSE without an error: there was none. */
  secret_password_clear_finish (result, &error);
  if (error != NULL && is_canceled (error))
    {
      end_errand (task, g_steal_pointer (&error));
      return;
    }
  set_place (self, error == NULL ? ASSAY_SECRETS_KEYRING : ASSAY_SECRETS_MEMORY, error);
  if (error != NULL && is_without_keyring (error))
    g_clear_error (&error);
  end_errand (task, g_steal_pointer (&error));
}

static void
run_clear (GTask *task)
{
  AssaySecrets *self = g_task_get_source_object (task);
  Errand *errand = g_task_get_task_data (task);
  g_autoptr(GHashTable) attributes = make_attributes (errand, FALSE);

  for (guint role = 0; role < ASSAY_N_SECRETS; role++)
    {
      g_autofree char *key = dup_key (errand->connection, role);

      g_hash_table_remove (self->memory, key);
    }
  secret_password_clearv (&SCHEMA, attributes, g_task_get_cancellable (task), cleared_cb, task);
}

/**
 * assay_secrets_clear_async:
 * @connection: the connection's id
 * @cancellable: (nullable): also takes back a question of the keyring's
 *
 * Forgets all secrets of a connection, in memory and in the keyring.
 */
void
assay_secrets_clear_async (AssaySecrets *self,
                           const char *connection,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_autoptr(GTask) task = NULL;
  Errand *errand;

  g_return_if_fail (ASSAY_IS_SECRETS (self));
  g_return_if_fail (connection != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_secrets_clear_async);
  errand = g_new0 (Errand, 1);
  errand->run = run_clear;
  errand->connection = g_strdup (connection);
  queue_errand (task, errand);
}

/**
 * assay_secrets_clear_finish:
 * @error: what the keyring said, as it said it; memory is clear in any case, and a
 *   keyring that does not run is no error
 *
 * Returns: whether nothing is kept anymore, as far as can be known
 */
gboolean
assay_secrets_clear_finish (AssaySecrets *self,
                            GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (ASSAY_IS_SECRETS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
