/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "assay-test-proxy.h"

#define NAME "assay-test"

/* Network threads ask for it too. */
static GMutex mutex;
static char *proxy_url;       /* (nullable) */

typedef GObject Proxy;
typedef GObjectClass ProxyClass;

static GType proxy_get_type (void);
static void proxy_iface_init (GProxyResolverInterface *iface);

G_DEFINE_TYPE_WITH_CODE (Proxy, proxy, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, proxy_iface_init))

static gboolean
proxy_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static char **
proxy_lookup (GProxyResolver *resolver,
              const char *uri,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  const char *const proxies[] = { proxy_url != NULL ? proxy_url : "direct://", NULL };

  return g_strdupv ((char **) proxies);
}

static void
proxy_lookup_async (GProxyResolver *resolver,
                    const char *uri,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);

  g_task_return_pointer (task, proxy_lookup (resolver, uri, NULL, NULL),
                         (GDestroyNotify) g_strfreev);
}

static char **
proxy_lookup_finish (GProxyResolver *resolver,
                     GAsyncResult *result,
                     GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
proxy_iface_init (GProxyResolverInterface *iface)
{
  iface->is_supported = proxy_is_supported;
  iface->lookup = proxy_lookup;
  iface->lookup_async = proxy_lookup_async;
  iface->lookup_finish = proxy_lookup_finish;
}

static void
proxy_class_init (ProxyClass *klass)
{
}

static void
proxy_init (Proxy *self)
{
}

void
assay_test_proxy_init (void)
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", NAME, TRUE);
  g_io_extension_point_register (G_PROXY_RESOLVER_EXTENSION_POINT_NAME);
  g_io_extension_point_implement (G_PROXY_RESOLVER_EXTENSION_POINT_NAME, proxy_get_type (), NAME,
                                  1000);
}

void
assay_test_proxy_set (const char *url)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  g_free (proxy_url);
  proxy_url = g_strdup (url);
}
