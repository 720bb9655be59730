/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-endpoint.h"
#include "assay-reach.h"

/* logind's, see org.freedesktop.login1(5). */
#define LOGIN_NAME "org.freedesktop.login1"
#define LOGIN_PATH "/org/freedesktop/login1"
#define LOGIN_INTERFACE "org.freedesktop.login1.Manager"

typedef enum {
  VERDICT_UNKNOWN,
  VERDICT_THERE,
  VERDICT_AWAY,
} Verdict;

/* Invariants: verdicts is empty while there is a network; what is in it has been
 * asked about, or is being.  A verdict stays until the next one is known. */
struct _AssayReach {
  GObject parent_instance;

  GNetworkMonitor *monitor;
  GHashTable *verdicts;          /* URL → Verdict, while there is no network */
  GCancellable *cancellable;     /* of the questions under way; a new one for each round */
  GDBusConnection *bus;          /* (nullable) */
  guint sleep_subscription;
  gboolean available;
  gboolean asleep;
};

G_DEFINE_FINAL_TYPE (AssayReach, assay_reach, G_TYPE_OBJECT)

static guint changed_signal;

static void
stop_asking (AssayReach *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
assay_reach_dispose (GObject *object)
{
  AssayReach *self = ASSAY_REACH (object);

  if (self->cancellable != NULL)
    stop_asking (self);
  if (self->sleep_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->sleep_subscription);
  self->sleep_subscription = 0;
  g_clear_object (&self->bus);
  g_clear_object (&self->monitor);
  G_OBJECT_CLASS (assay_reach_parent_class)->dispose (object);
}

static void
assay_reach_finalize (GObject *object)
{
  g_hash_table_unref (ASSAY_REACH (object)->verdicts);
  G_OBJECT_CLASS (assay_reach_parent_class)->finalize (object);
}

static void
assay_reach_class_init (AssayReachClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_reach_dispose;
  object_class->finalize = assay_reach_finalize;

  changed_signal = g_signal_new ("changed", ASSAY_TYPE_REACH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
assay_reach_init (AssayReach *self)
{
  self->verdicts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

typedef struct {
  AssayReach *reach;             /* (owned) */
  char *url;
} Question;

static void
question_free (Question *self)
{
  g_object_unref (self->reach);
  g_free (self->url);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
reached_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (Question) question = data;
  AssayReach *self = question->reach;
  g_autoptr (GError) error = NULL;
  Verdict verdict = VERDICT_AWAY;

  if (g_network_monitor_can_reach_finish (G_NETWORK_MONITOR (source), result, &error))
    verdict = VERDICT_THERE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_hash_table_insert (self->verdicts, g_strdup (question->url), GINT_TO_POINTER (verdict));
  g_signal_emit (self, changed_signal, 0);
}

static void
ask (AssayReach *self,
     const char *url)
{
  g_autoptr (GSocketConnectable) address = g_network_address_parse_uri (url, 443, NULL);
  Question *question;

  if (address == NULL)
    return;
  question = g_new0 (Question, 1);
  question->reach = g_object_ref (self);
  question->url = g_strdup (url);
  g_network_monitor_can_reach_async (self->monitor, address, self->cancellable, reached_cb,
                                     question);
}

static void
ask_all (AssayReach *self)
{
  GHashTableIter iter;
  gpointer url;

  g_hash_table_iter_init (&iter, self->verdicts);
  while (g_hash_table_iter_next (&iter, &url, NULL))
    ask (self, url);
}

static void
network_changed_cb (AssayReach *self)
{
  stop_asking (self);
  self->cancellable = g_cancellable_new ();
  self->available = g_network_monitor_get_network_available (self->monitor);
  if (self->available)
    g_hash_table_remove_all (self->verdicts);
  else
    ask_all (self);
  g_signal_emit (self, changed_signal, 0);
}

/**
 * assay_reach_new:
 * @monitor: (transfer none): what knows of the network
 *
 * Returns: (transfer full): what follows @monitor
 */
AssayReach *
assay_reach_new (GNetworkMonitor *monitor)
{
  AssayReach *self;

  g_return_val_if_fail (G_IS_NETWORK_MONITOR (monitor), NULL);

  self = g_object_new (ASSAY_TYPE_REACH, NULL);
  self->monitor = g_object_ref (monitor);
  self->available = g_network_monitor_get_network_available (monitor);
  g_signal_connect_object (monitor, "network-changed", G_CALLBACK (network_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

static void
sleep_cb (GDBusConnection *bus,
          const char *sender,
          const char *path,
          const char *interface,
          const char *name,
          GVariant *parameters,
          gpointer data)
{
  AssayReach *self = data;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &self->asleep);
  g_signal_emit (self, changed_signal, 0);
}

/**
 * assay_reach_follow_sleep:
 * @bus: (transfer none): the system's bus
 *
 * Counts as away too while the computer goes to sleep; once.  Where there is no
 * logind nothing is ever heard of that.
 */
void
assay_reach_follow_sleep (AssayReach *self,
                          GDBusConnection *bus)
{
  g_return_if_fail (ASSAY_IS_REACH (self));
  g_return_if_fail (G_IS_DBUS_CONNECTION (bus));
  g_return_if_fail (self->bus == NULL);

  self->bus = g_object_ref (bus);
  self->sleep_subscription =
    g_dbus_connection_signal_subscribe (bus, LOGIN_NAME, LOGIN_INTERFACE, "PrepareForSleep",
                                        LOGIN_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, sleep_cb, self,
                                        NULL);
}

/**
 * assay_reach_can_send:
 * @url: of a service
 *
 * A service on this machine can always be reached.  Without a network in general, one
 * in a network of its own, such as a test bench's, may still be there: that is found
 * out, and "changed" tells of it; until then it counts as there.
 *
 * Returns: %FALSE while nothing that is sent to it could arrive
 */
gboolean
assay_reach_can_send (AssayReach *self,
                      const char *url)
{
  gpointer verdict;

  g_return_val_if_fail (ASSAY_IS_REACH (self), TRUE);
  g_return_val_if_fail (url != NULL, TRUE);

  if (assay_endpoint_is_loopback (url))
    return TRUE;
  if (self->asleep)
    return FALSE;
  if (self->available)
    return TRUE;
  if (g_hash_table_lookup_extended (self->verdicts, url, NULL, &verdict))
    return GPOINTER_TO_INT (verdict) != VERDICT_AWAY;
  g_hash_table_insert (self->verdicts, g_strdup (url), GINT_TO_POINTER (VERDICT_UNKNOWN));
  ask (self, url);
  return TRUE;
}
