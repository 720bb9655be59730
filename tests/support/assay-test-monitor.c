/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-test-monitor.h"

struct _AssayTestMonitor {
  GObject parent_instance;

  gboolean available;
  gboolean reaches;
  guint n_asked;
};

static void assay_test_monitor_iface_init (GNetworkMonitorInterface *iface);

static gboolean
assay_test_monitor_init_real (GInitable *initable,
                        GCancellable *cancellable,
                        GError **error)
{
  return TRUE;
}

static void
assay_test_monitor_initable_init (GInitableIface *iface)
{
  iface->init = assay_test_monitor_init_real;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayTestMonitor, assay_test_monitor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE,
                                                      assay_test_monitor_initable_init)
                               G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                      assay_test_monitor_iface_init))

enum {
  PROP_0,
  PROP_AVAILABLE,
  PROP_METERED,
  PROP_CONNECTIVITY,
};

static void
assay_test_monitor_get_property (GObject *object,
                           guint id,
                           GValue *value,
                           GParamSpec *pspec)
{
  if (id == PROP_AVAILABLE)
    g_value_set_boolean (value, ASSAY_TEST_MONITOR (object)->available);
  else if (id == PROP_METERED)
    g_value_set_boolean (value, FALSE);
  else
    g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
}

static void
assay_test_monitor_class_init (AssayTestMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_test_monitor_get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
assay_test_monitor_init (AssayTestMonitor *self)
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
  AssayTestMonitor *self = ASSAY_TEST_MONITOR (monitor);
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
assay_test_monitor_iface_init (GNetworkMonitorInterface *iface)
{
  iface->can_reach_async = can_reach_async;
  iface->can_reach_finish = can_reach_finish;
}

AssayTestMonitor *
assay_test_monitor_new (void)
{
  return g_object_new (ASSAY_TYPE_TEST_MONITOR, NULL);
}

void
assay_test_monitor_set_available (AssayTestMonitor *self,
                                  gboolean available)
{
  self->available = available;
  g_signal_emit_by_name (self, "network-changed", available);
}

void
assay_test_monitor_set_reaches (AssayTestMonitor *self,
                                gboolean reaches)
{
  self->reaches = reaches;
}

guint
assay_test_monitor_get_n_asked (AssayTestMonitor *self)
{
  return self->n_asked;
}
