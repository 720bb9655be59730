/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "assay-limits.h"
#include "assay-link.h"
#include "assay-pixels.h"

/* So that a list need not wait behind the uploads. */
#define LISTING_JOBS 2

/* One wake-up a frame is all that a window can show. */
#define DELIVERY_MILLISECONDS 16

/* Milliseconds until a listing with something pending in it is asked for again. */
#define LOOK_AGAIN_FIRST 250
#define LOOK_AGAIN_LAST 10000

/* Invariants: error is set exactly when status is OFFLINE, NOT_PERMITTED or
 * TROUBLED; client is NULL only while the connection's CA file is of no use;
 * versions stays what was last listed, also while the service is away. */
struct _AssayLink {
  GObject parent_instance;

  AssayConnection *connection;
  AssayBuiltin *builtin;           /* (nullable) */
  AssaySecrets *secrets;
  AssayTransport *transport;       /* (nullable) */
  AssayCredentials *credentials;   /* (nullable) */
  AssayClient *client;             /* (nullable) */
  AssayLinkStatus status;
  GError *error;
  GPtrArray *versions;             /* (element-type AssayModelVersion) (nullable) */
  GCancellable *cancellable;       /* of the refresh under way, else NULL */
  gboolean started;                /* the built-in service runs */
  gboolean loaded;                 /* the kept secret, if there is one, is known */
  guint look_again_source;
  guint look_again_milliseconds;
};

G_DEFINE_FINAL_TYPE (AssayLink, assay_link, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (AssayLinkStatus, assay_link_status,
                    G_DEFINE_ENUM_VALUE (ASSAY_LINK_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (ASSAY_LINK_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (ASSAY_LINK_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (ASSAY_LINK_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (ASSAY_LINK_NOT_PERMITTED, "not-permitted"),
                    G_DEFINE_ENUM_VALUE (ASSAY_LINK_TROUBLED, "troubled"))

static guint changed_signal;
static guint restarted_signal;

static void
emit_changed (AssayLink *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static AssayLinkStatus
status_for_error (const GError *error)
{
  if (error->domain != ASSAY_ERROR)
    return ASSAY_LINK_OFFLINE;

  switch ((AssayError) error->code)
    {
    case ASSAY_ERROR_UNAUTHORIZED:
    case ASSAY_ERROR_FORBIDDEN:
      return ASSAY_LINK_NOT_PERMITTED;
    case ASSAY_ERROR_FAILED:
    case ASSAY_ERROR_OFFLINE:
    case ASSAY_ERROR_TIMED_OUT:
    case ASSAY_ERROR_CERTIFICATE:
    case ASSAY_ERROR_USAGE:
      return ASSAY_LINK_OFFLINE;
    default:
      return ASSAY_LINK_TROUBLED;
    }
}

static void
set_status (AssayLink *self,
            AssayLinkStatus status,
            const GError *error)
{
  g_clear_error (&self->error);
  self->status = status;
  if (error != NULL)
    self->error = g_error_copy (error);
  emit_changed (self);
}

/* A transport reads its CA file once, so a link is made for one. */
static void
make_client (AssayLink *self)
{
  g_autoptr (GError) error = NULL;

  self->transport = assay_transport_new (ASSAY_DEFAULT_JOBS + LISTING_JOBS, ASSAY_DEFAULT_TIMEOUT,
                                         assay_connection_get_ca_file (self->connection), &error);
  if (self->transport == NULL)
    {
      set_status (self, ASSAY_LINK_OFFLINE, error);
      return;
    }
  assay_transport_set_delivery_interval (self->transport, DELIVERY_MILLISECONDS);
  self->credentials = assay_credentials_new (self->connection, self->transport);
  self->client = assay_client_new (self->connection, self->credentials, self->transport);
  assay_client_set_pixels (self->client, assay_pixels_payload);
}

static void
assay_link_dispose (GObject *object)
{
  AssayLink *self = ASSAY_LINK (object);

  assay_link_close (self);
  g_clear_object (&self->client);
  g_clear_object (&self->credentials);
  g_clear_object (&self->transport);
  g_clear_object (&self->builtin);
  g_clear_object (&self->secrets);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->versions, g_ptr_array_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (assay_link_parent_class)->dispose (object);
}

static void
assay_link_class_init (AssayLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_link_dispose;

  changed_signal = g_signal_new ("changed", ASSAY_TYPE_LINK, G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  restarted_signal = g_signal_new ("restarted", ASSAY_TYPE_LINK, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_link_init (AssayLink *self)
{
  self->look_again_milliseconds = LOOK_AGAIN_FIRST;
}

static void
builtin_restarted_cb (AssayBuiltin *builtin,
                      AssayLink *self)
{
  g_signal_emit (self, restarted_signal, 0);
}

/* What it was asked for last has no answer any more. */
static void
builtin_gone_cb (AssayBuiltin *builtin,
                 const GError *error,
                 AssayLink *self)
{
  g_autoptr (GCancellable) cancellable = g_steal_pointer (&self->cancellable);

  self->started = FALSE;
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  set_status (self, ASSAY_LINK_OFFLINE, error);
}

/**
 * assay_link_new:
 * @connection: (transfer none): whom to reach
 * @builtin: (nullable) (transfer none): the local service, if @connection is it
 * @secrets: (transfer none): where secrets are kept
 *
 * Nothing is sent before assay_link_refresh().
 *
 * Returns: (transfer full): a link
 */
AssayLink *
assay_link_new (AssayConnection *connection,
                AssayBuiltin *builtin,
                AssaySecrets *secrets)
{
  AssayLink *self;

  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (ASSAY_IS_SECRETS (secrets), NULL);

  self = g_object_new (ASSAY_TYPE_LINK, NULL);
  self->connection = g_object_ref (connection);
  self->builtin = builtin != NULL ? g_object_ref (builtin) : NULL;
  self->secrets = g_object_ref (secrets);
  if (builtin != NULL)
    {
      g_signal_connect_object (builtin, "restarted", G_CALLBACK (builtin_restarted_cb), self, 0);
      g_signal_connect_object (builtin, "gone", G_CALLBACK (builtin_gone_cb), self, 0);
    }
  make_client (self);
  return self;
}

AssayConnection *
assay_link_get_connection (AssayLink *self)
{
  g_return_val_if_fail (ASSAY_IS_LINK (self), NULL);

  return self->connection;
}

/**
 * assay_link_get_client:
 *
 * Returns: (transfer none) (nullable): the client, %NULL while the connection's
 *   CA file cannot be used
 */
AssayClient *
assay_link_get_client (AssayLink *self)
{
  g_return_val_if_fail (ASSAY_IS_LINK (self), NULL);

  return self->client;
}

AssayLinkStatus
assay_link_get_status (AssayLink *self)
{
  g_return_val_if_fail (ASSAY_IS_LINK (self), ASSAY_LINK_UNKNOWN);

  return self->status;
}

/**
 * assay_link_get_error:
 *
 * Returns: (transfer none) (nullable): why it is offline or not permitted
 */
const GError *
assay_link_get_error (AssayLink *self)
{
  g_return_val_if_fail (ASSAY_IS_LINK (self), NULL);

  return self->error;
}

/**
 * assay_link_get_versions:
 *
 * Returns: (transfer none) (nullable) (element-type AssayModelVersion): what the
 *   service listed last, %NULL when it never has
 */
GPtrArray *
assay_link_get_versions (AssayLink *self)
{
  g_return_val_if_fail (ASSAY_IS_LINK (self), NULL);

  return self->versions;
}

/**
 * assay_link_can_list:
 *
 * Returns: whether the service can be asked for its models
 */
gboolean
assay_link_can_list (AssayLink *self)
{
  g_return_val_if_fail (ASSAY_IS_LINK (self), FALSE);

  return self->builtin != NULL || assay_connection_can_list (self->connection);
}

/**
 * assay_link_can_ask:
 *
 * Returns: whether an image can be sent now; %FALSE while the service is being
 *   started or signed in to, while it is offline, and before the secret that is kept
 *   for it has been looked for
 */
gboolean
assay_link_can_ask (AssayLink *self)
{
  g_return_val_if_fail (ASSAY_IS_LINK (self), FALSE);

  return self->client != NULL
         && self->status != ASSAY_LINK_CONNECTING
         && self->status != ASSAY_LINK_OFFLINE
         && (self->builtin == NULL || self->started)
         && (self->builtin != NULL || self->loaded
             || assay_credentials_has_secret (self->credentials));
}

/**
 * assay_link_find_version:
 *
 * Returns: (transfer none) (nullable): that version as the service lists it
 */
AssayModelVersion *
assay_link_find_version (AssayLink *self,
                         const char *model,
                         const char *version)
{
  g_return_val_if_fail (ASSAY_IS_LINK (self), NULL);

  for (guint i = 0; self->versions != NULL && i < self->versions->len; i++)
    {
      AssayModelVersion *listed = g_ptr_array_index (self->versions, i);

      if (strcmp (listed->model, model) == 0 && strcmp (listed->version, version) == 0)
        return listed;
    }
  return NULL;
}

/**
 * assay_link_version_is_pending:
 * @version: a version as listed
 *
 * Returns: whether it cannot be called yet, but soon
 */
gboolean
assay_link_version_is_pending (const AssayModelVersion *version)
{
  return !version->callable && g_ascii_strcasecmp (version->state, "PENDING") == 0;
}

/* Without a keyring it is in memory, and "place" of the secrets says so.  The last
 * window may be gone meanwhile. */
static void
stored_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GApplication) application = data;

  assay_secrets_store_finish (ASSAY_SECRETS (source), result, NULL, NULL);
  if (application != NULL)
    g_application_release (application);
}

/**
 * assay_link_set_secret:
 * @secret: what the connection's kind of sign-in needs; used from now on, and kept in
 *   the keyring
 */
void
assay_link_set_secret (AssayLink *self,
                       const char *secret)
{
  GApplication *application = g_application_get_default ();
  AssaySecretRole role;

  g_return_if_fail (ASSAY_IS_LINK (self));
  g_return_if_fail (secret != NULL);

  if (!assay_connection_get_secret_role (self->connection, &role))
    return;
  if (self->credentials != NULL)
    assay_credentials_set_secret (self->credentials, role, secret);
  if (application != NULL)
    g_application_hold (g_object_ref (application));
  assay_secrets_store_async (self->secrets, assay_connection_get_id (self->connection), role,
                             assay_connection_get_name (self->connection), secret, NULL, stored_cb,
                             application);
}

static gboolean
look_again_cb (gpointer data)
{
  AssayLink *self = data;

  self->look_again_source = 0;
  assay_link_refresh (self);
  return G_SOURCE_REMOVE;
}

/* A version that is being deployed is looked at again, ever more seldom, until it
 * can be called. */
static void
follow_pending (AssayLink *self)
{
  gboolean pending = FALSE;

  for (guint i = 0; self->versions != NULL && i < self->versions->len; i++)
    pending = pending || assay_link_version_is_pending (g_ptr_array_index (self->versions, i));

  if (!pending)
    {
      self->look_again_milliseconds = LOOK_AGAIN_FIRST;
      return;
    }
  if (self->look_again_source != 0)
    return;
  self->look_again_source = g_timeout_add (self->look_again_milliseconds, look_again_cb, self);
  self->look_again_milliseconds = MIN (self->look_again_milliseconds * 2, LOOK_AGAIN_LAST);
}

/* Both callbacks below: the cancellable that is still ours says that this is the
 * refresh under way; a closed link has none. */
static void
end_refresh (AssayLink *self,
             const GError *error)
{
  g_clear_object (&self->cancellable);
  if (error != NULL)
    set_status (self, status_for_error (error), error);
  else
    set_status (self, ASSAY_LINK_READY, NULL);
}

static void
list_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (AssayLink) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) versions = NULL;

  versions = assay_client_list_finish (ASSAY_CLIENT (source), result, &error);
  if (self->cancellable == NULL)
    return;
  if (versions != NULL)
    {
      g_clear_pointer (&self->versions, g_ptr_array_unref);
      self->versions = g_steal_pointer (&versions);
      follow_pending (self);
    }
  end_refresh (self, error);
}

static void
list (AssayLink *self)
{
  assay_client_list_async (self->client, self->cancellable, list_cb, g_object_ref (self));
}

/* Whoever keeps no secret finds out what the service says to that. */
static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayLink) self = data;

  assay_credentials_load_finish (ASSAY_CREDENTIALS (source), result, NULL);
  if (self->cancellable == NULL)
    return;
  self->loaded = TRUE;
  if (assay_link_can_list (self))
    {
      list (self);
      return;
    }
  g_clear_object (&self->cancellable);
  set_status (self, ASSAY_LINK_UNKNOWN, NULL);
}

static void
start_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (AssayLink) self = data;
  g_autoptr (GError) error = NULL;

  self->started = assay_builtin_start_finish (ASSAY_BUILTIN (source), result, &error);
  if (self->cancellable == NULL)
    return;
  if (self->started)
    list (self);
  else
    end_refresh (self, error);
}

/**
 * assay_link_set_bounds:
 * @jobs: uploads at once, beside the questions for its list
 * @timeout_seconds: without an answer, until a request counts as lost
 */
void
assay_link_set_bounds (AssayLink *self,
                       guint jobs,
                       guint timeout_seconds)
{
  g_return_if_fail (ASSAY_IS_LINK (self));

  if (self->transport != NULL)
    assay_transport_set_bounds (self->transport, jobs + LISTING_JOBS, timeout_seconds);
}

/**
 * assay_link_refresh:
 *
 * Starts the built-in service if need be, gets the secret that is kept and asks for
 * the list of models; the
 * signal "changed" tells when something is known.  A refresh under way goes on.
 * A link that is ready stays so meanwhile.
 */
void
assay_link_refresh (AssayLink *self)
{
  g_return_if_fail (ASSAY_IS_LINK (self));

  if (self->cancellable != NULL)
    return;
  if (self->client == NULL)
    make_client (self);
  if (self->client == NULL)
    return;
  if (!assay_link_can_list (self) && assay_credentials_has_secret (self->credentials))
    {
      set_status (self, ASSAY_LINK_UNKNOWN, NULL);
      return;
    }

  self->cancellable = g_cancellable_new ();
  if (self->status != ASSAY_LINK_READY)
    set_status (self, ASSAY_LINK_CONNECTING, NULL);
  if (self->builtin != NULL)
    assay_builtin_start_async (self->builtin, self->connection, self->credentials,
                               self->cancellable, start_cb, g_object_ref (self));
  else
    assay_credentials_load_async (self->credentials, self->secrets, self->cancellable, loaded_cb,
                                  g_object_ref (self));
}

/**
 * assay_link_report:
 * @error: (nullable): what a run met that no other item can escape, or %NULL when
 *   the service has answered
 *
 * Takes what happened to an upload as news of the service.
 */
void
assay_link_report (AssayLink *self,
                   const GError *error)
{
  AssayLinkStatus status;

  g_return_if_fail (ASSAY_IS_LINK (self));

  status = error != NULL ? status_for_error (error) : ASSAY_LINK_READY;
  if (self->cancellable != NULL || status == self->status)
    return;
  if (error == NULL && self->status == ASSAY_LINK_TROUBLED)
    return;
  set_status (self, status, error);
}

/**
 * assay_link_get_words:
 *
 * Returns: how it stands, in a word or two, beside the dot of that color
 */
const char *
assay_link_get_words (AssayLink *self)
{
  g_return_val_if_fail (ASSAY_IS_LINK (self), NULL);

  switch (self->status)
    {
    case ASSAY_LINK_CONNECTING:
      return self->builtin != NULL ? _("Starting") : _("Signing in");
    case ASSAY_LINK_READY:
      return _("Ready");
    case ASSAY_LINK_OFFLINE:
      return _("Offline");
    case ASSAY_LINK_NOT_PERMITTED:
      return _("Not permitted");
    case ASSAY_LINK_TROUBLED:
      return _("Models unknown");
    case ASSAY_LINK_UNKNOWN:
    default:
      return _("Not asked yet");
    }
}

/**
 * assay_link_get_dot:
 *
 * Returns: the style class that colors the dot; the words stand beside it
 */
const char *
assay_link_get_dot (AssayLink *self)
{
  g_return_val_if_fail (ASSAY_IS_LINK (self), NULL);

  switch (self->status)
    {
    case ASSAY_LINK_READY:
      return "ready";
    case ASSAY_LINK_CONNECTING:
      return "busy";
    case ASSAY_LINK_OFFLINE:
    case ASSAY_LINK_NOT_PERMITTED:
      return "bad";
    case ASSAY_LINK_TROUBLED:
      return "troubled";
    case ASSAY_LINK_UNKNOWN:
    default:
      return "unknown";
    }
}

/**
 * assay_link_close:
 *
 * Stops what is under way; nothing is told any more.
 */
void
assay_link_close (AssayLink *self)
{
  g_return_if_fail (ASSAY_IS_LINK (self));

  g_clear_handle_id (&self->look_again_source, g_source_remove);
  if (self->cancellable != NULL)
    {
      g_autoptr (GCancellable) cancellable = g_steal_pointer (&self->cancellable);

      g_cancellable_cancel (cancellable);
    }
  if (self->transport != NULL)
    assay_transport_close (self->transport);
}
