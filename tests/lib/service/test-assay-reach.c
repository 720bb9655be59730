/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-reach.h"
#include "assay-test-monitor.h"

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
  g_autoptr (AssayTestMonitor) monitor = assay_test_monitor_new ();
  g_autoptr (AssayReach) reach = assay_reach_new (G_NETWORK_MONITOR (monitor));
  guint n_changed = 0;

  g_signal_connect_swapped (reach, "changed", G_CALLBACK (count_cb), &n_changed);
  g_assert_true (assay_reach_can_send (reach, FAR));
  assay_test_monitor_set_available (monitor, FALSE);
  g_assert_cmpuint (n_changed, ==, 1);
  /* Nothing is said before it is known. */
  g_assert_true (assay_reach_can_send (reach, FAR));
  settle ();
  g_assert_cmpuint (n_changed, ==, 2);
  g_assert_false (assay_reach_can_send (reach, FAR));
  g_assert_cmpuint (assay_test_monitor_get_n_asked (monitor), ==, 1);

  assay_test_monitor_set_available (monitor, TRUE);
  g_assert_cmpuint (n_changed, ==, 3);
  g_assert_true (assay_reach_can_send (reach, FAR));
  settle ();
  g_assert_cmpuint (n_changed, ==, 3);
}

/* What is known holds while the next answer is on its way. */
static void
test_holds_until_known (void)
{
  g_autoptr (AssayTestMonitor) monitor = assay_test_monitor_new ();
  g_autoptr (AssayReach) reach = NULL;

  assay_test_monitor_set_available (monitor, FALSE);
  reach = assay_reach_new (G_NETWORK_MONITOR (monitor));
  assay_reach_can_send (reach, FAR);
  settle ();
  g_assert_false (assay_reach_can_send (reach, FAR));
  assay_test_monitor_set_reaches (monitor, TRUE);
  assay_test_monitor_set_available (monitor, FALSE);
  g_assert_false (assay_reach_can_send (reach, FAR));
  settle ();
  g_assert_true (assay_reach_can_send (reach, FAR));
}

static void
test_network_of_its_own (void)
{
  g_autoptr (AssayTestMonitor) monitor = assay_test_monitor_new ();
  g_autoptr (AssayReach) reach = assay_reach_new (G_NETWORK_MONITOR (monitor));

  assay_test_monitor_set_reaches (monitor, TRUE);
  assay_test_monitor_set_available (monitor, FALSE);
  assay_reach_can_send (reach, FAR);
  settle ();
  g_assert_true (assay_reach_can_send (reach, FAR));
}

static void
test_this_machine (void)
{
  g_autoptr (AssayTestMonitor) monitor = assay_test_monitor_new ();
  g_autoptr (AssayReach) reach = assay_reach_new (G_NETWORK_MONITOR (monitor));

  assay_test_monitor_set_available (monitor, FALSE);
  g_assert_true (assay_reach_can_send (reach, NEAR));
  g_assert_true (assay_reach_can_send (reach, "http://localhost/classify"));
  settle ();
  g_assert_true (assay_reach_can_send (reach, NEAR));
  g_assert_cmpuint (assay_test_monitor_get_n_asked (monitor), ==, 0);
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
  g_autoptr (AssayTestMonitor) monitor = assay_test_monitor_new ();
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
