/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-reach.h"

/* A network that comes and goes: what the system would know of it. */
#define TEST_TYPE_MONITOR (test_monitor_get_type ())
G_DECLARE_FINAL_TYPE (TestMonitor, test_monitor, TEST, MONITOR, GObject)

struct _TestMonitor {
  GObject parent_instance;

  gboolean available;
  gboolean reaches;              /* a host that needs no route to the rest of the world */
  guint n_asked;
};

static void test_monitor_iface_init (GNetworkMonitorInterface *iface);

static gboolean
test_monitor_init_real (GInitable *initable,
                        GCancellable *cancellable,
                        GError **error)
{
  return TRUE;
}

static void
test_monitor_initable_init (GInitableIface *iface)
{
  iface->init = test_monitor_init_real;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMonitor, test_monitor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, test_monitor_initable_init)
                               G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                      test_monitor_iface_init))

enum {
  PROP_0,
  PROP_AVAILABLE,
  PROP_METERED,
  PROP_CONNECTIVITY,
};

static void
test_monitor_get_property (GObject *object,
                           guint id,
                           GValue *value,
                           GParamSpec *pspec)
{
  if (id == PROP_AVAILABLE)
    g_value_set_boolean (value, TEST_MONITOR (object)->available);
  else if (id == PROP_METERED)
    g_value_set_boolean (value, FALSE);
  else
    g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
}

static void
test_monitor_class_init (TestMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_monitor_get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
test_monitor_init (TestMonitor *self)
{
  self->available = TRUE;
}

static void
can_reach_async (GNetworkMonitor *monitor,
                 GSocketConnectable *connectable,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer data)
{
  TestMonitor *self = TEST_MONITOR (monitor);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  self->n_asked++;
  if (self->reaches)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, "No way");
}

static gboolean
can_reach_finish (GNetworkMonitor *monitor,
                  GAsyncResult *result,
                  GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_monitor_iface_init (GNetworkMonitorInterface *iface)
{
  iface->can_reach_async = can_reach_async;
  iface->can_reach_finish = can_reach_finish;
}

static void
set_available (TestMonitor *self,
               gboolean available)
{
  self->available = available;
  g_signal_emit_by_name (self, "network-changed", available);
}

static void
count_cb (guint *n)
{
  ++*n;
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

#define FAR "https://service.example/classify"
#define NEAR "http://127.0.0.1:8080/classify"

static void
test_no_network (void)
{
  g_autoptr (TestMonitor) monitor = g_object_new (TEST_TYPE_MONITOR, NULL);
  g_autoptr (AssayReach) reach = assay_reach_new (G_NETWORK_MONITOR (monitor));
  guint n_changed = 0;

  g_signal_connect_swapped (reach, "changed", G_CALLBACK (count_cb), &n_changed);
  g_assert_true (assay_reach_can_send (reach, FAR));
  set_available (monitor, FALSE);
  g_assert_cmpuint (n_changed, ==, 1);
  /* Nothing is said before it is known. */
  g_assert_true (assay_reach_can_send (reach, FAR));
  settle ();
  g_assert_cmpuint (n_changed, ==, 2);
  g_assert_false (assay_reach_can_send (reach, FAR));
  g_assert_cmpuint (monitor->n_asked, ==, 1);

  set_available (monitor, TRUE);
  g_assert_cmpuint (n_changed, ==, 3);
  g_assert_true (assay_reach_can_send (reach, FAR));
  settle ();
  g_assert_cmpuint (n_changed, ==, 3);
}

/* What is known holds while the next answer is on its way. */
static void
test_holds_until_known (void)
{
  g_autoptr (TestMonitor) monitor = g_object_new (TEST_TYPE_MONITOR, NULL);
  g_autoptr (AssayReach) reach = NULL;

  monitor->available = FALSE;
  reach = assay_reach_new (G_NETWORK_MONITOR (monitor));
  assay_reach_can_send (reach, FAR);
  settle ();
  g_assert_false (assay_reach_can_send (reach, FAR));
  monitor->reaches = TRUE;
  set_available (monitor, FALSE);
  g_assert_false (assay_reach_can_send (reach, FAR));
  settle ();
  g_assert_true (assay_reach_can_send (reach, FAR));
}

static void
test_network_of_its_own (void)
{
  g_autoptr (TestMonitor) monitor = g_object_new (TEST_TYPE_MONITOR, NULL);
  g_autoptr (AssayReach) reach = assay_reach_new (G_NETWORK_MONITOR (monitor));

  monitor->reaches = TRUE;
  set_available (monitor, FALSE);
  assay_reach_can_send (reach, FAR);
  settle ();
  g_assert_true (assay_reach_can_send (reach, FAR));
}

static void
test_this_machine (void)
{
  g_autoptr (TestMonitor) monitor = g_object_new (TEST_TYPE_MONITOR, NULL);
  g_autoptr (AssayReach) reach = assay_reach_new (G_NETWORK_MONITOR (monitor));

  set_available (monitor, FALSE);
  g_assert_true (assay_reach_can_send (reach, NEAR));
  g_assert_true (assay_reach_can_send (reach, "http://localhost/classify"));
  settle ();
  g_assert_true (assay_reach_can_send (reach, NEAR));
  g_assert_cmpuint (monitor->n_asked, ==, 0);
}

static void
say_sleep (GDBusConnection *bus,
           gboolean sleeps)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (bus, NULL, "/org/freedesktop/login1",
                                 "org.freedesktop.login1.Manager", "PrepareForSleep",
                                 g_variant_new ("(b)", sleeps), &error);
  g_assert_no_error (error);
}

static void
wait_can_send (AssayReach *reach,
               gboolean wanted)
{
  while (assay_reach_can_send (reach, FAR) != wanted)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_sleep (void)
{
  g_autoptr (TestMonitor) monitor = g_object_new (TEST_TYPE_MONITOR, NULL);
  g_autoptr (AssayReach) reach = assay_reach_new (G_NETWORK_MONITOR (monitor));
  g_autoptr (GTestDBus) daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) owned = NULL;
  g_autoptr (GError) error = NULL;

  g_test_dbus_up (daemon);
  bus = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (daemon),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  owned = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                       "RequestName",
                                       g_variant_new ("(su)", "org.freedesktop.login1", 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  assay_reach_follow_sleep (reach, bus);
  say_sleep (bus, TRUE);
  wait_can_send (reach, FALSE);
  g_assert_true (assay_reach_can_send (reach, NEAR));
  say_sleep (bus, FALSE);
  wait_can_send (reach, TRUE);

  g_clear_object (&reach);
  g_dbus_connection_close_sync (bus, NULL, NULL);
  g_clear_object (&bus);
  g_test_dbus_down (daemon);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assay/reach/no-network", test_no_network);
  g_test_add_func ("/assay/reach/holds-until-known", test_holds_until_known);
  g_test_add_func ("/assay/reach/network-of-its-own", test_network_of_its_own);
  g_test_add_func ("/assay/reach/this-machine", test_this_machine);
  g_test_add_func ("/assay/reach/sleep", test_sleep);
  return g_test_run ();
}
