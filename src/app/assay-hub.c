/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-endpoint.h"
#include "assay-hub.h"
#include "assay-limits.h"
#include "assay-reach.h"

struct _AssayHub {
  GObject parent_instance;

  AssayConnections *connections;
  AssayBuiltin *builtin;
  AssaySecrets *secrets;
  AssayReach *reach;             /* (nullable): before anything was sent to another machine */
  AssayHistory *history;         /* (nullable) */
  GHashTable *links;             /* connection id → AssayLink */
  guint jobs;
  guint timeout;                 /* seconds */
  gboolean loaded;
};

G_DEFINE_FINAL_TYPE (AssayHub, assay_hub, G_TYPE_OBJECT)

static guint reach_changed_signal;
static guint saved_signal;

static void
assay_hub_dispose (GObject *object)
{
  AssayHub *self = ASSAY_HUB (object);

  assay_hub_close (self);
  g_clear_object (&self->builtin);
  g_clear_object (&self->secrets);
  g_clear_object (&self->reach);
  g_clear_object (&self->history);
  g_clear_object (&self->connections);
  G_OBJECT_CLASS (assay_hub_parent_class)->dispose (object);
}

static void
assay_hub_finalize (GObject *object)
{
  AssayHub *self = ASSAY_HUB (object);

  g_hash_table_unref (self->links);
  G_OBJECT_CLASS (assay_hub_parent_class)->finalize (object);
}

static void
assay_hub_class_init (AssayHubClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_hub_dispose;
  object_class->finalize = assay_hub_finalize;

  reach_changed_signal = g_signal_new ("reach-changed", ASSAY_TYPE_HUB, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  saved_signal = g_signal_new ("saved", ASSAY_TYPE_HUB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, ASSAY_TYPE_CONNECTION);
}

static void
assay_hub_init (AssayHub *self)
{
  self->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->jobs = ASSAY_DEFAULT_JOBS;
  self->timeout = ASSAY_DEFAULT_TIMEOUT;
}

/**
 * assay_hub_new:
 * @path: (nullable): the key file of the connections, %NULL for the usual one
 *
 * Returns: (transfer full): a hub that has read nothing yet
 */
AssayHub *
assay_hub_new (const char *path)
{
  AssayHub *self = g_object_new (ASSAY_TYPE_HUB, NULL);
  g_autofree char *usual = path == NULL ? assay_connections_dup_default_path () : NULL;

  self->connections = assay_connections_new (path != NULL ? path : usual);
  self->builtin = assay_builtin_new ();
  self->secrets = assay_secrets_new ();
  return self;
}

/**
 * assay_hub_load:
 *
 * Reads the saved connections, once; the built-in one is there in any case.
 *
 * Returns: %FALSE with @error set when the key file is there but cannot be read
 */
gboolean
assay_hub_load (AssayHub *self,
                GError **error)
{
  g_return_val_if_fail (ASSAY_IS_HUB (self), FALSE);

  if (self->loaded)
    return TRUE;
  self->loaded = TRUE;
  return assay_connections_load (self->connections, error);
}

AssayConnections *
assay_hub_get_connections (AssayHub *self)
{
  g_return_val_if_fail (ASSAY_IS_HUB (self), NULL);

  return self->connections;
}

/**
 * assay_hub_get_secrets:
 *
 * Returns: (transfer none): where the secrets of all connections are kept
 */
AssaySecrets *
assay_hub_get_secrets (AssayHub *self)
{
  g_return_val_if_fail (ASSAY_IS_HUB (self), NULL);

  return self->secrets;
}

/**
 * assay_hub_get_history:
 *
 * Returns: (transfer none) (nullable): where runs are kept, if anywhere
 */
AssayHistory *
assay_hub_get_history (AssayHub *self)
{
  g_return_val_if_fail (ASSAY_IS_HUB (self), NULL);

  return self->history;
}

/**
 * assay_hub_set_history:
 * @history: (transfer none): where the runs of sessions that are made from now on are
 *   kept; whoever gives it closes it
 */
void
assay_hub_set_history (AssayHub *self,
                       AssayHistory *history)
{
  g_return_if_fail (ASSAY_IS_HUB (self));
  g_return_if_fail (ASSAY_IS_HISTORY (history));

  g_set_object (&self->history, history);
}

/**
 * assay_hub_get_link:
 * @connection: one of the connections
 *
 * Returns: (transfer none): its link, made when first asked for
 */
AssayLink *
assay_hub_get_link (AssayHub *self,
                    AssayConnection *connection)
{
  const char *id;
  AssayLink *link;

  g_return_val_if_fail (ASSAY_IS_HUB (self), NULL);
  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), NULL);

  id = assay_connection_get_id (connection);
  link = g_hash_table_lookup (self->links, id);
  if (link == NULL)
    {
      gboolean builtin = assay_connection_is_builtin (connection);

      link = assay_link_new (connection, builtin ? self->builtin : NULL, self->secrets);
      assay_link_set_bounds (link, self->jobs, self->timeout);
      g_hash_table_insert (self->links, g_strdup (id), link);
    }
  return link;
}

static void
reach_changed_cb (AssayHub *self)
{
  g_signal_emit (self, reach_changed_signal, 0);
}

/* Where there is no system bus, nothing tells of sleep. */
static void
system_bus_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  g_autoptr (AssayReach) reach = data;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);

  if (bus != NULL)
    assay_reach_follow_sleep (reach, bus);
}

/**
 * assay_hub_set_monitor:
 * @monitor: (transfer none): what knows of the network; the system's own unless told
 *   otherwise before anything is sent
 */
void
assay_hub_set_monitor (AssayHub *self,
                       GNetworkMonitor *monitor)
{
  g_return_if_fail (ASSAY_IS_HUB (self));
  g_return_if_fail (self->reach == NULL);

  self->reach = assay_reach_new (monitor);
  g_signal_connect_object (self->reach, "changed", G_CALLBACK (reach_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, system_bus_cb, g_object_ref (self->reach));
}

/**
 * assay_hub_can_send:
 * @connection: one of the connections
 *
 * Returns: %FALSE while there is no network that leads to its service, or the
 *   computer goes to sleep
 */
gboolean
assay_hub_can_send (AssayHub *self,
                    AssayConnection *connection)
{
  const char *url;

  g_return_val_if_fail (ASSAY_IS_HUB (self), TRUE);
  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), TRUE);

  url = assay_connection_get_url (connection);
  /* Whoever stays on this machine need not wait for what looks at the network. */
  if (assay_connection_is_builtin (connection) || assay_endpoint_is_loopback (url))
    return TRUE;
  if (self->reach == NULL)
    assay_hub_set_monitor (self, g_network_monitor_get_default ());
  return assay_reach_can_send (self->reach, url);
}

/**
 * assay_hub_set_bounds:
 * @jobs: uploads at once to each service, from all windows
 * @timeout_seconds: without an answer, until a request counts as lost
 *
 * Hold from now on, for the links in use and for those to come.
 */
void
assay_hub_set_bounds (AssayHub *self,
                      guint jobs,
                      guint timeout_seconds)
{
  GHashTableIter iter;
  gpointer link;

  g_return_if_fail (ASSAY_IS_HUB (self));
  g_return_if_fail (jobs > 0);

  self->jobs = jobs;
  self->timeout = timeout_seconds;
  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    assay_link_set_bounds (link, jobs, timeout_seconds);
}

/**
 * assay_hub_forget:
 * @connection: a connection that was changed
 *
 * Lets its link go; its secrets stay kept, and runs that use it end by themselves.
 */
void
assay_hub_forget (AssayHub *self,
                  AssayConnection *connection)
{
  g_return_if_fail (ASSAY_IS_HUB (self));
  g_return_if_fail (ASSAY_IS_CONNECTION (connection));

  g_hash_table_remove (self->links, assay_connection_get_id (connection));
}

/* All that a person can change, as it is, without what stands for what is not set. */
static void
copy_into (AssayConnection *connection,
           AssayConnection *source)
{
  static const char *const names[] = {
    "name", "url", "models-url", "token-url", "client-id", "ca-file", "fingerprint",
    "api-key-header", "auth", "protocol", "template", "body", "preprocess", "softmax", "percent",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (source), names[i], &value);
      g_object_set_property (G_OBJECT (connection), names[i], &value);
    }
  assay_connection_set_headers (connection, assay_connection_get_headers (source), NULL);
  assay_connection_set_labels (connection, assay_connection_get_labels (source));
}

static gboolean
save_changes (AssayHub *self,
              AssayConnection *connection,
              AssayConnection *draft,
              GError **error)
{
  g_autoptr (AssayConnection) before = assay_connection_copy (connection);

  copy_into (connection, draft);
  if (assay_connections_save (self->connections, error))
    return TRUE;
  copy_into (connection, before);
  return FALSE;
}

/**
 * assay_hub_save:
 * @connection: (nullable) (transfer none): the one to change, %NULL for a new one
 * @draft: (transfer none): what it is to be
 * @secret: (nullable): what its sign-in needs, %NULL to leave the one that is kept
 * @error: when it cannot be saved; then nothing has changed
 *
 * Returns: (transfer none) (nullable): the connection, with a link that is new
 */
AssayConnection *
assay_hub_save (AssayHub *self,
                AssayConnection *connection,
                AssayConnection *draft,
                const char *secret,
                GError **error)
{
  g_return_val_if_fail (ASSAY_IS_HUB (self), NULL);
  g_return_val_if_fail (ASSAY_IS_CONNECTION (draft), NULL);

  if (connection != NULL && !save_changes (self, connection, draft, error))
    return NULL;
  if (connection == NULL && !assay_connections_add (self->connections, draft, error))
    return NULL;
  connection = connection != NULL ? connection : draft;

  /* The old link has the old addresses. */
  assay_hub_forget (self, connection);
  if (secret != NULL)
    assay_link_set_secret (assay_hub_get_link (self, connection), secret);
  g_signal_emit (self, saved_signal, 0, connection);
  return connection;
}

static void
cleared_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (GApplication) application = data;
  g_autoptr (GError) error = NULL;

  if (application != NULL)
    g_application_release (application);
  if (!assay_secrets_clear_finish (ASSAY_SECRETS (source), result, &error))
    g_debug ("The keyring did not forget a secret: %s", error->message);
}

/**
 * assay_hub_remove:
 * @connection: one of the connections
 * @error: as assay_connections_remove()
 *
 * Forgets a connection with its secrets.
 *
 * Returns: whether it was removed and that was saved
 */
gboolean
assay_hub_remove (AssayHub *self,
                  AssayConnection *connection,
                  GError **error)
{
  GApplication *application = g_application_get_default ();
  g_autoptr (AssayConnection) kept = NULL;

  g_return_val_if_fail (ASSAY_IS_HUB (self), FALSE);
  g_return_val_if_fail (ASSAY_IS_CONNECTION (connection), FALSE);

  kept = g_object_ref (connection);
  if (!assay_connections_remove (self->connections, kept, error))
    return FALSE;
  /* The last window may be gone before the keyring has answered. */
  if (application != NULL)
    g_application_hold (g_object_ref (application));
  assay_secrets_clear_async (self->secrets, assay_connection_get_id (kept), NULL, cleared_cb,
                             application);
  assay_hub_forget (self, kept);
  return TRUE;
}

/**
 * assay_hub_close:
 *
 * Closes every link; the built-in service ends with the last reference to it.
 */
void
assay_hub_close (AssayHub *self)
{
  GHashTableIter iter;
  gpointer link;

  g_return_if_fail (ASSAY_IS_HUB (self));

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    assay_link_close (link);
  g_hash_table_remove_all (self->links);
}
