/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-credentials.h"
#include "assay-error.h"
#include "assay-secret.h"
#include "assay-token.h"

/* A token is renewed when it has used up this much of its life, or when this
 * many seconds are left, whichever comes later: a token of 12 hours a minute
 * before its end, one of 30 seconds when 3 are left. */
#define RENEW_AT_SHARE 0.9
#define RENEW_SECONDS_EARLY 60

/* Times are of the wall clock, because a token also ages while the computer
 * sleeps; a clock that is set back costs one 401.
 *
 * Invariant: @request is set exactly while a token request is under way, and
 * @waiters is empty otherwise, unless @held.  @held and @refusal are not set together. */
struct _AssayCredentials {
  GObject parent_instance;

  AssayConnection *connection;
  AssayTransport *transport;
  char *given;                /* a bearer token given by hand; secret */
  char *client_secret;        /* secret */
  char *api_key;              /* secret */

  char *header;               /* of the token that we got; secret */
  gint64 renew;               /* µs of the wall clock; 0 when it has no known end */
  gint64 expires;

  GPtrArray *waiters;         /* (element-type Waiter) */
  GCancellable *request;
  GError *first_error;        /* of POST, while GET is tried */

  gboolean held;              /* whoever asks waits until there is a new client secret */
  GError *refusal;            /* (nullable): what whoever asks is told */
};

G_DEFINE_FINAL_TYPE (AssayCredentials, assay_credentials, G_TYPE_OBJECT)

/* One caller that waits for a token, and listens to its own cancellable. */
typedef struct {
  GTask *task;
  GSource *source;            /* (nullable) */
} Waiter;

static void
waiter_free (Waiter *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_object_unref (self->task);
  g_free (self);
}

static GPtrArray *
waiters_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) waiter_free);
}

static void send_token_request (AssayCredentials *self, gboolean as_get);

static void
forget_token (AssayCredentials *self)
{
  g_clear_pointer (&self->header, assay_secret_free);
  self->renew = self->expires = 0;
}

/* Ends the wait of all, with what there is now. */
static void
complete_waiters (AssayCredentials *self,
                  const GError *error)
{
  g_autoptr(GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = waiters_new ();
  g_clear_object (&self->request);
  g_clear_error (&self->first_error);
  for (guint i = 0; i < waiters->len; i++)
    {
      Waiter *waiter = waiters->pdata[i];

      if (error != NULL)
        g_task_return_error (waiter->task, g_error_copy (error));
      else
        g_task_return_pointer (waiter->task, g_strdup (self->header),
                               (GDestroyNotify) assay_secret_free);
    }
}

static void
take_token (AssayCredentials *self,
            AssayToken *token)
{
  double life = token->lifetime * G_USEC_PER_SEC;
  gint64 now = g_get_real_time ();

  forget_token (self);
  self->header = assay_token_dup_bearer (token->token, NULL);
  if (life == 0)
    return;
  self->expires = now + life;
  self->renew = now + MAX (life * RENEW_AT_SHARE, life - RENEW_SECONDS_EARLY * G_USEC_PER_SEC);
}

static gboolean
wants_get (const AssayToken *token)
{
  return token->status == 400 || token->status == 404 || token->status == 405;
}

static void
fail (AssayCredentials *self,
      const GError *error)
{
  /* The old token is better than none while it lasts. */
  gboolean usable = self->header != NULL && g_get_real_time () < self->expires
                    && assay_error_is_transient (error);

  complete_waiters (self, usable ? NULL : error);
}

typedef struct {
  AssayCredentials *credentials;
  GCancellable *request;      /* which request this is the answer of */
  gboolean as_get;
} Asking;

static void
asking_free (Asking *self)
{
  g_object_unref (self->credentials);
  g_object_unref (self->request);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, asking_free)

static void
token_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr(Asking) asking = user_data;
  AssayCredentials *self = asking->credentials;
  g_autoptr(GError) error = NULL;
  g_autoptr(AssayToken) token = assay_transport_send_finish (ASSAY_TRANSPORT (source), result, NULL,
                                                             &error);

  if (self->request != asking->request)
    return;                   /* given up, and perhaps another is under way */
  if (token == NULL)
    fail (self, error);
  else if (token->error == NULL)
    {
      take_token (self, token);
      complete_waiters (self, NULL);
    }
  else if (wants_get (token) && !asking->as_get)
    {
      self->first_error = g_error_copy (token->error);
      send_token_request (self, TRUE);
    }
  else if (wants_get (token) && self->first_error != NULL)
    {
      /* It doesn't know GET either: what it said to POST is the reason. */
      g_autoptr(GError) first = g_steal_pointer (&self->first_error);

      fail (self, first);
    }
  else
    fail (self, token->error);
}

static gpointer
read_token (const AssayReply *reply,
            gpointer data)
{
  return assay_token_read (reply, data);
}

static void
send_token_request (AssayCredentials *self,
                    gboolean as_get)
{
  const char *url = assay_connection_get_token_url (self->connection);
  g_autoptr(GError) error = NULL;
  g_autoptr(AssayRequest) request = assay_token_request_new (url, as_get, &error);
  char *basic = NULL;
  Asking *asking;

  if (request != NULL)
    basic = assay_token_dup_basic (assay_connection_get_client_id (self->connection),
                                   self->client_secret, &error);
  if (basic == NULL)
    {
      complete_waiters (self, error);
      return;
    }
  asking = g_new0 (Asking, 1);
  asking->credentials = g_object_ref (self);
  asking->request = g_object_ref (self->request);
  asking->as_get = as_get;
  assay_transport_send_async (self->transport, g_steal_pointer (&request), basic, read_token,
                              g_strdup (url), g_free, (GDestroyNotify) assay_token_free,
                              self->request, token_cb, asking);
  assay_secret_free (basic);
}

/* Nobody waits any more, or what was asked for is no longer wanted. */
static void
give_up_request (AssayCredentials *self)
{
  g_autoptr(GCancellable) request = g_steal_pointer (&self->request);

  g_clear_error (&self->first_error);
  if (request != NULL)
    g_cancellable_cancel (request);
}

static gboolean
waiter_canceled_cb (GCancellable *cancellable,
                    gpointer user_data)
{
  Waiter *waiter = user_data;
  g_autoptr(GTask) task = g_object_ref (waiter->task);
  AssayCredentials *self = g_task_get_source_object (task);

  g_ptr_array_remove (self->waiters, waiter);
  if (self->waiters->len == 0)
    give_up_request (self);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
start_request (AssayCredentials *self)
{
  self->request = g_cancellable_new ();
  send_token_request (self, FALSE);
}

static void
wait_for_token (AssayCredentials *self,
                GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->task = g_object_ref (task);
  if (cancellable != NULL)
    {
      waiter->source = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiter->source, G_SOURCE_FUNC (waiter_canceled_cb), waiter, NULL);
      g_source_attach (waiter->source, g_task_get_context (task));
    }
  g_ptr_array_add (self->waiters, waiter);
  if (self->request == NULL && !self->held)
    start_request (self);
}

/* Whatever we had or asked for was for other secrets or another address. */
static void
start_over (AssayCredentials *self)
{
  forget_token (self);
  give_up_request (self);
  if (self->waiters->len > 0 && !self->held)
    start_request (self);
}

static void
assay_credentials_finalize (GObject *object)
{
  AssayCredentials *self = ASSAY_CREDENTIALS (object);

  g_assert (self->waiters->len == 0);

  assay_secret_free (self->given);
  assay_secret_free (self->client_secret);
  assay_secret_free (self->api_key);
  assay_secret_free (self->header);
  g_ptr_array_unref (self->waiters);
  g_clear_object (&self->request);
  g_clear_error (&self->first_error);
  g_clear_error (&self->refusal);
  g_clear_object (&self->connection);
  g_clear_object (&self->transport);

  G_OBJECT_CLASS (assay_credentials_parent_class)->finalize (object);
}

static void
assay_credentials_class_init (AssayCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_credentials_finalize;
}

static void
assay_credentials_init (AssayCredentials *self)
{
  self->waiters = waiters_new ();
}

/**
 * assay_credentials_new:
 * @connection: (transfer none): whose sign-in this is; followed when it changes
 * @transport: (transfer none): what asks for tokens
 *
 * Returns: (transfer full): credentials without a secret
 */
AssayCredentials *
assay_credentials_new (AssayConnection *connection,
                       AssayTransport *transport)
{
  static const char *const watched[] = { "notify::token-url", "notify::client-id", "notify::auth" };
  AssayCredentials *self;

  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (ASSAY_IS_TRANSPORT (transport), NULL);

  self = g_object_new (ASSAY_TYPE_CREDENTIALS, NULL);
  self->connection = g_object_ref (connection);
  self->transport = g_object_ref (transport);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (connection, watched[i], G_CALLBACK (start_over), self,
                             G_CONNECT_SWAPPED);
  return self;
}

/**
 * assay_credentials_set_token:
 * @token: (nullable): a bearer token that somebody has got elsewhere
 */
void
assay_credentials_set_token (AssayCredentials *self,
                             const char *token)
{
  g_return_if_fail (ASSAY_IS_CREDENTIALS (self));

  assay_secret_set (&self->given, token);
}

/**
 * assay_credentials_set_client_secret:
 * @secret: (nullable): the secret of the connection's client id
 */
void
assay_credentials_set_client_secret (AssayCredentials *self,
                                     const char *secret)
{
  g_return_if_fail (ASSAY_IS_CREDENTIALS (self));

  if (g_strcmp0 (self->client_secret, secret) == 0 && !self->held && self->refusal == NULL)
    return;
  self->held = FALSE;
  g_clear_error (&self->refusal);
  assay_secret_set (&self->client_secret, secret);
  start_over (self);
}

/**
 * assay_credentials_hold:
 *
 * The service has gone and will come back with another secret: forgets the token,
 * and whoever asks for a header waits for assay_credentials_set_client_secret()
 * or assay_credentials_refuse().
 */
void
assay_credentials_hold (AssayCredentials *self)
{
  g_return_if_fail (ASSAY_IS_CREDENTIALS (self));

  self->held = TRUE;
  g_clear_error (&self->refusal);
  start_over (self);
}

/**
 * assay_credentials_refuse:
 * @error: why
 *
 * The service has gone and will not come back by itself: whoever waits or asks for
 * a header gets @error, until assay_credentials_set_client_secret().
 */
void
assay_credentials_refuse (AssayCredentials *self,
                          const GError *error)
{
  g_return_if_fail (ASSAY_IS_CREDENTIALS (self));
  g_return_if_fail (error != NULL);

  self->held = FALSE;
  g_clear_error (&self->refusal);
  self->refusal = g_error_copy (error);
  forget_token (self);
  give_up_request (self);
  complete_waiters (self, self->refusal);
}

/**
 * assay_credentials_set_secret:
 * @role: what it is for
 * @secret: (nullable): as a person has given it
 */
void
assay_credentials_set_secret (AssayCredentials *self,
                              AssaySecretRole role,
                              const char *secret)
{
  g_return_if_fail (ASSAY_IS_CREDENTIALS (self));

  switch (role)
    {
    case ASSAY_SECRET_CLIENT:
      assay_credentials_set_client_secret (self, secret);
      break;
    case ASSAY_SECRET_TOKEN:
      assay_credentials_set_token (self, secret);
      break;
    case ASSAY_SECRET_API_KEY:
      assay_secret_set (&self->api_key, secret);
      break;
    case ASSAY_N_SECRETS:
    default:
      break;
    }
}

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  AssayCredentials *self = g_task_get_source_object (task);
  GError *error = NULL;
  AssaySecretRole role;
  char *secret;

  if (!assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, &secret, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  role = GPOINTER_TO_UINT (g_task_get_task_data (task));
  /* One that was given meanwhile is newer. */
  if (secret != NULL && !assay_credentials_has_secret (self))
    assay_credentials_set_secret (self, role, secret);
  assay_secret_free (secret);
  g_task_return_boolean (task, assay_credentials_has_secret (self));
}

/**
 * assay_credentials_load_async:
 * @secrets: (transfer none): where secrets are kept
 * @cancellable: (nullable): also takes back a question of the keyring's
 *
 * Gets what the connection's sign-in needs from where it is kept, unless it has
 * been given already.
 */
void
assay_credentials_load_async (AssayCredentials *self,
                              AssaySecrets *secrets,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  g_autoptr(GTask) task = NULL;
  AssaySecretRole role;

  g_return_if_fail (ASSAY_IS_CREDENTIALS (self));
  g_return_if_fail (ASSAY_IS_SECRETS (secrets));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_credentials_load_async);
  if (assay_credentials_has_secret (self)
      || !assay_connection_get_secret_role (self->connection, &role))
    {
      g_task_return_boolean (task, assay_credentials_has_secret (self));
      return;
    }
  g_task_set_task_data (task, GUINT_TO_POINTER (role), NULL);
  assay_secrets_lookup_async (secrets, assay_connection_get_id (self->connection), role,
                              cancellable, loaded_cb, g_steal_pointer (&task));
}

/**
 * assay_credentials_load_finish:
 * @error: %G_IO_ERROR_CANCELLED and nothing else
 *
 * Returns: whether there is what the sign-in needs; %FALSE without an error when
 *   none is kept
 */
gboolean
assay_credentials_load_finish (AssayCredentials *self,
                               GAsyncResult *result,
                               GError **error)
{
  g_return_val_if_fail (ASSAY_IS_CREDENTIALS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * assay_credentials_has_secret:
 *
 * Returns: whether there is what the connection's kind of sign-in needs
 */
gboolean
assay_credentials_has_secret (AssayCredentials *self)
{
  g_return_val_if_fail (ASSAY_IS_CREDENTIALS (self), FALSE);

  switch (assay_connection_get_auth (self->connection))
    {
    case ASSAY_AUTH_BEARER:
      return self->given != NULL && *self->given != '\0';
    case ASSAY_AUTH_OAUTH:
      return self->client_secret != NULL && *self->client_secret != '\0';
    case ASSAY_AUTH_API_KEY:
      return self->api_key != NULL && *self->api_key != '\0';
    case ASSAY_AUTH_NONE:
    default:
      return TRUE;
    }
}

/**
 * assay_credentials_get_expires:
 *
 * Returns: when the token that we got ends, in seconds since 1970; 0 when there
 *   is none or its end is not known
 */
gint64
assay_credentials_get_expires (AssayCredentials *self)
{
  g_return_val_if_fail (ASSAY_IS_CREDENTIALS (self), 0);

  return self->expires / G_USEC_PER_SEC;
}

/**
 * assay_credentials_reject:
 * @header: (nullable): the header that a service answered with 401
 *
 * Forgets the token if it is still that one, so that the next header comes with
 * a new token.  A token given by hand stays: there is no other.
 */
void
assay_credentials_reject (AssayCredentials *self,
                          const char *header)
{
  g_return_if_fail (ASSAY_IS_CREDENTIALS (self));

  if (header != NULL && g_strcmp0 (self->header, header) == 0)
    forget_token (self);
}

static gboolean
check_secret (AssayCredentials *self,
              GError **error)
{
  AssayAuth auth = assay_connection_get_auth (self->connection);

  if (!assay_credentials_has_secret (self))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                           auth == ASSAY_AUTH_BEARER ? _("The connection needs a token. Give one.")
                           : auth == ASSAY_AUTH_API_KEY
                               ? _("The connection needs its API key. Give it.")
                               : _("The connection needs its client secret. Give it."));
      return FALSE;
    }
  if (auth == ASSAY_AUTH_OAUTH && *assay_connection_get_token_url (self->connection) == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("The connection has no token address. Add it."));
      return FALSE;
    }
  return TRUE;
}

/**
 * assay_credentials_get_header_async:
 *
 * Gets the value of the header that signs in, at once when there is a token that
 * lasts.  Any number of callers that wait cause one token request; canceling one
 * of them leaves the others alone.
 */
void
assay_credentials_get_header_async (AssayCredentials *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;
  char *header = NULL;

  g_return_if_fail (ASSAY_IS_CREDENTIALS (self));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_credentials_get_header_async);
  if (assay_connection_get_auth (self->connection) == ASSAY_AUTH_NONE)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  if (self->refusal != NULL || !check_secret (self, &error))
    {
      g_task_return_error (task, error != NULL ? error : g_error_copy (self->refusal));
      return;
    }
  if (assay_connection_get_auth (self->connection) == ASSAY_AUTH_BEARER)
    header = assay_token_dup_bearer (self->given, &error);
  else if (assay_connection_get_auth (self->connection) == ASSAY_AUTH_API_KEY)
    header = assay_token_dup_api_key (self->api_key, &error);
  else if (self->header != NULL && (self->renew == 0 || g_get_real_time () < self->renew))
    header = g_strdup (self->header);
  else
    {
      wait_for_token (self, task);
      return;
    }
  if (header != NULL)
    g_task_return_pointer (task, header, (GDestroyNotify) assay_secret_free);
  else
    g_task_return_error (task, error);
}

/**
 * assay_credentials_get_header_finish:
 * @header: (out) (transfer full) (nullable): the value, %NULL for a connection
 *   without sign-in; free it with assay_secret_free()
 * @error: %ASSAY_ERROR_UNAUTHORIZED when a secret is missing or refused,
 *   %ASSAY_ERROR_USAGE, %ASSAY_ERROR_OFFLINE and so on
 *
 * Returns: whether a request may be sent now
 */
gboolean
assay_credentials_get_header_finish (AssayCredentials *self,
                                     GAsyncResult *result,
                                     char **header,
                                     GError **error)
{
  g_autoptr(GError) failure = NULL;

  g_return_val_if_fail (ASSAY_IS_CREDENTIALS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (header != NULL, FALSE);

  *header = g_task_propagate_pointer (G_TASK (result), &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
