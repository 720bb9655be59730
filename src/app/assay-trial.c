/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-pixels.h"
#include "assay-secret.h"
#include "assay-trial.h"

/* A listing can take two requests at a time. */
#define TRIAL_JOBS 2

struct _AssayTrial {
  GObject parent_instance;

  AssayClient *client;
  AssaySecrets *secrets;
  AssayTransport *transport;     /* (nullable): one of its own, which ends with it */
};

G_DEFINE_FINAL_TYPE (AssayTrial, assay_trial, G_TYPE_OBJECT)

static void
assay_trial_dispose (GObject *object)
{
  AssayTrial *self = ASSAY_TRIAL (object);

  if (self->transport != NULL)
    assay_transport_close (self->transport);
  g_clear_object (&self->client);
  g_clear_object (&self->secrets);
  g_clear_object (&self->transport);
  G_OBJECT_CLASS (assay_trial_parent_class)->dispose (object);
}

static void
assay_trial_class_init (AssayTrialClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_trial_dispose;
}

static void
assay_trial_init (AssayTrial *self)
{
}

/**
 * assay_trial_new_for_client:
 * @client: (transfer none): a client that is in use
 * @secrets: (transfer none): where its secret is kept
 *
 * Returns: (transfer full): a trial of the client's connection; a token that it gets
 *   is the client's too
 */
AssayTrial *
assay_trial_new_for_client (AssayClient *client,
                            AssaySecrets *secrets)
{
  AssayTrial *self;

  g_return_val_if_fail (ASSAY_IS_CLIENT (client), NULL);
  g_return_val_if_fail (ASSAY_IS_SECRETS (secrets), NULL);

  self = g_object_new (ASSAY_TYPE_TRIAL, NULL);
  self->client = g_object_ref (client);
  self->secrets = g_object_ref (secrets);
  return self;
}

/**
 * assay_trial_new:
 * @draft: (transfer none): what was typed; must not change any more
 * @secrets: (transfer none): where the secret of @draft's id may be kept
 * @secret: (nullable): the secret that was typed, %NULL for the one that is kept
 * @error: when the CA file can't be used
 *
 * Returns: (transfer full) (nullable): a trial of @draft; nothing is sent yet
 */
AssayTrial *
assay_trial_new (AssayConnection *draft,
                 AssaySecrets *secrets,
                 const char *secret,
                 GError **error)
{
  g_autoptr (AssayTransport) transport = NULL;
  g_autoptr (AssayCredentials) credentials = NULL;
  g_autoptr (AssayClient) client = NULL;
  AssaySecretRole role;
  AssayTrial *self;

  g_return_val_if_fail (ASSAY_IS_CONNECTION (draft), NULL);
  g_return_val_if_fail (ASSAY_IS_SECRETS (secrets), NULL);

  transport = assay_transport_new (TRIAL_JOBS, ASSAY_DEFAULT_TIMEOUT,
                                   assay_connection_get_ca_file (draft), error);
  if (transport == NULL)
    return NULL;
  credentials = assay_credentials_new (draft, transport);
  if (secret != NULL && assay_connection_get_secret_role (draft, &role))
    assay_credentials_set_secret (credentials, role, secret);
  client = assay_client_new (draft, credentials, transport);
  assay_client_set_pixels (client, assay_pixels_payload);
  self = assay_trial_new_for_client (client, secrets);
  self->transport = g_steal_pointer (&transport);
  return self;
}

/**
 * assay_trial_get_connection:
 *
 * Returns: (transfer none): what is tried
 */
AssayConnection *
assay_trial_get_connection (AssayTrial *self)
{
  g_return_val_if_fail (ASSAY_IS_TRIAL (self), NULL);

  return assay_client_get_connection (self->client);
}

/**
 * assay_trial_get_expires:
 *
 * Returns: when its token ends, in seconds since 1970; 0 when there is none or its
 *   end is not known
 */
gint64
assay_trial_get_expires (AssayTrial *self)
{
  g_return_val_if_fail (ASSAY_IS_TRIAL (self), 0);

  return assay_credentials_get_expires (assay_client_get_credentials (self->client));
}

/* What follows when the kept secret, if there is one, has been read. */
typedef void (*Next) (GTask *task, AssayTrial *self);

/* A call to come: the task's data. */
typedef struct {
  Next next;
  AssayClientTested tested;      /* (nullable) */
  gpointer tested_data;
  gboolean renewed;              /* the old token has been given up */
} Call;

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  assay_credentials_load_finish (ASSAY_CREDENTIALS (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    call->next (task, g_task_get_source_object (task));
}

static Call *
start_call (GTask *task,
            Next next)
{
  AssayTrial *self = g_task_get_source_object (task);
  Call *call = g_new0 (Call, 1);

  call->next = next;
  g_task_set_task_data (task, call, g_free);
  assay_credentials_load_async (assay_client_get_credentials (self->client), self->secrets,
                                g_task_get_cancellable (task), loaded_cb, task);
  return call;
}

/* ---- the test, step by step ---- */

static void
tested_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  AssayClientTest *test = assay_client_test_finish (ASSAY_CLIENT (source), result, &error);

  if (test != NULL)
    g_task_return_pointer (task, test, (GDestroyNotify) assay_client_test_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
test_next (GTask *task,
           AssayTrial *self)
{
  Call *call = g_task_get_task_data (task);

  assay_client_test_async (self->client, NULL, NULL, call->tested, call->tested_data,
                           g_task_get_cancellable (task), tested_cb, g_object_ref (task));
}

/**
 * assay_trial_test_async:
 * @tested: (nullable): called after each step
 *
 * As assay_client_test_async(), with the kept secret if none was given.
 */
void
assay_trial_test_async (AssayTrial *self,
                        AssayClientTested tested,
                        gpointer tested_data,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  GTask *task;
  Call *call;

  g_return_if_fail (ASSAY_IS_TRIAL (self));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_trial_test_async);
  call = start_call (task, test_next);
  call->tested = tested;
  call->tested_data = tested_data;
}

AssayClientTest *
assay_trial_test_finish (AssayTrial *self,
                         GAsyncResult *result,
                         GError **error)
{
  g_return_val_if_fail (ASSAY_IS_TRIAL (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- a new token ---- */

static void renew_next (GTask *task, AssayTrial *self);

static void
header_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  char *header = NULL;

  if (!assay_credentials_get_header_finish (ASSAY_CREDENTIALS (source), result, &header, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (!call->renewed)
    {
      call->renewed = TRUE;
      assay_credentials_reject (ASSAY_CREDENTIALS (source), header);
      renew_next (task, g_task_get_source_object (task));
    }
  else
    g_task_return_boolean (task, TRUE);
  assay_secret_free (header);
}

static void
renew_next (GTask *task,
            AssayTrial *self)
{
  Call *call = g_task_get_task_data (task);

  /* Without a token there is none to give up. */
  call->renewed = call->renewed || assay_trial_get_expires (self) == 0;
  assay_credentials_get_header_async (assay_client_get_credentials (self->client),
                                      g_task_get_cancellable (task), header_cb,
                                      g_object_ref (task));
}

/**
 * assay_trial_renew_async:
 *
 * Asks for a new token, also where the old one still lasts.
 */
void
assay_trial_renew_async (AssayTrial *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  GTask *task;

  g_return_if_fail (ASSAY_IS_TRIAL (self));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_trial_renew_async);
  start_call (task, renew_next);
}

gboolean
assay_trial_renew_finish (AssayTrial *self,
                          GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (ASSAY_IS_TRIAL (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- signing in ---- */

/* A service that let us in but has a word to say about its models has let us in. */
static gboolean
keeps_out (const GError *error)
{
  static const AssayError reasons[] = {
    ASSAY_ERROR_OFFLINE, ASSAY_ERROR_TIMED_OUT, ASSAY_ERROR_CERTIFICATE, ASSAY_ERROR_UNAUTHORIZED,
    ASSAY_ERROR_FORBIDDEN, ASSAY_ERROR_USAGE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_error_matches (error, ASSAY_ERROR, reasons[i]))
      return TRUE;
  return error->domain != ASSAY_ERROR;
}

static void
listed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) versions = assay_client_list_finish (ASSAY_CLIENT (source), result, &error);

  if (versions == NULL && keeps_out (error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
sign_in_next (GTask *task,
              AssayTrial *self)
{
  AssayConnection *connection = assay_client_get_connection (self->client);
  Call *call = g_task_get_task_data (task);

  if (assay_connection_can_list (connection))
    {
      assay_client_list_async (self->client, g_task_get_cancellable (task), listed_cb,
                               g_object_ref (task));
      return;
    }
  /* Then a token is all that can be asked for before the first image. */
  call->renewed = TRUE;
  renew_next (task, self);
}

/**
 * assay_trial_sign_in_async:
 *
 * Gets a token, and asks for the models with it where the service lists them.
 */
void
assay_trial_sign_in_async (AssayTrial *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  GTask *task;

  g_return_if_fail (ASSAY_IS_TRIAL (self));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_trial_sign_in_async);
  start_call (task, sign_in_next);
}

gboolean
assay_trial_sign_in_finish (AssayTrial *self,
                            GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (ASSAY_IS_TRIAL (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- finding out what is spoken ---- */

static void
discovered_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  AssayDiscovery *found = assay_discovery_finish (ASSAY_CLIENT (source), result, &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) assay_discovery_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
discover_next (GTask *task,
               AssayTrial *self)
{
  assay_discovery_async (self->client, g_task_get_cancellable (task), discovered_cb,
                         g_object_ref (task));
}

/**
 * assay_trial_discover_async:
 *
 * As assay_discovery_async(), with the kept secret if none was given: the connection that
 * is tried becomes what is found.
 */
void
assay_trial_discover_async (AssayTrial *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  GTask *task;

  g_return_if_fail (ASSAY_IS_TRIAL (self));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_trial_discover_async);
  start_call (task, discover_next);
}

AssayDiscovery *
assay_trial_discover_finish (AssayTrial *self,
                             GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (ASSAY_IS_TRIAL (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
