/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-endpoint.h"
#include "assay-exchange.h"
#include "assay-network.h"

/* Blocking sends on a thread for each request in flight, not many asynchronous
 * ones on a single thread: libsoup moves a body 8 KiB at a time, and each step of
 * an asynchronous one goes through the main context twice.  For 1,000 uploads of
 * 100 KB that took 2.6 times as long (plain) and 1.2 times (TLS) on two cores.  Each thread
 * has a session of its own, so that nothing of libsoup's is shared. */
struct _AssayNetwork {
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GSource *mailbox;           /* ready when there is something for this thread */
  AssayFlight *flight;        /* atomic: handed in by the main thread, taken by this one */
  int quitting;               /* atomic */
  AssayNetworkDone done;
  gpointer data;

  guint max_conns;
  GTlsDatabase *anchors;
  SoupSession *session;       /* this thread only */
  SoupSession *direct;        /* (nullable): for this computer; this thread only */
};

static gboolean
mailbox_dispatch (GSource *source,
                  GSourceFunc callback,
                  gpointer user_data)
{
  g_source_set_ready_time (source, -1);
  return callback (user_data);
}

static GSourceFuncs mailbox_funcs = {
  .dispatch = mailbox_dispatch,
};

static SoupSession *
make_session (AssayNetwork *self)
{
  SoupSession *session = soup_session_new_with_options (
      "max-conns", self->max_conns, "max-conns-per-host", self->max_conns,
      "timeout", 0, "user-agent", "Assay/" ASSAY_VERSION, NULL);

  /* Tokens are given with each request; libsoup shall not have ideas of its own. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  return session;
}

/* Through a proxy, what is meant for this computer would leave it, in plain text and with
 * its token.  A redirect stays at its origin, so the address decides for all of it. */
static SoupSession *
find_session (AssayNetwork *self,
              const char *url)
{
  if (!assay_endpoint_is_loopback (url))
    return self->session;
  if (self->direct == NULL)
    {
      self->direct = make_session (self);
      soup_session_set_proxy_resolver (self->direct, NULL);
    }
  return self->direct;
}

static gboolean
mailbox_cb (gpointer user_data)
{
  AssayNetwork *self = user_data;
  AssayFlight *flight = g_atomic_pointer_get (&self->flight);

  if (flight != NULL)
    {
      g_atomic_pointer_set (&self->flight, NULL);
      assay_exchange_run (flight, find_session (self, flight->request->url), self->anchors);
      self->done (flight, self->data);
    }
  if (g_atomic_int_get (&self->quitting))
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static gpointer
network_worker (gpointer user_data)
{
  AssayNetwork *self = user_data;

  g_main_context_push_thread_default (self->context);
  self->session = make_session (self);
  /* Between flights the loop runs libsoup's own timers for kept connections. */
  g_main_loop_run (self->loop);
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  if (self->direct != NULL)
    soup_session_abort (self->direct);
  g_clear_object (&self->direct);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/**
 * assay_network_new:
 * @max_conns: connections that may be open at once
 * @anchors: (nullable): authorities to trust besides the system's
 * @done: called on the new thread after each flight
 * @data: for @done
 *
 * Returns: (transfer full): a running network thread
 */
AssayNetwork *
assay_network_new (guint max_conns,
                   GTlsDatabase *anchors,
                   AssayNetworkDone done,
                   gpointer data)
{
  AssayNetwork *self = g_new0 (AssayNetwork, 1);

  self->max_conns = max_conns;
  self->anchors = anchors != NULL ? g_object_ref (anchors) : NULL;
  self->done = done;
  self->data = data;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->mailbox = g_source_new (&mailbox_funcs, sizeof (GSource));
  g_source_set_callback (self->mailbox, mailbox_cb, self, NULL);
  g_source_attach (self->mailbox, self->context);
  self->thread = g_thread_new ("assay-network", network_worker, self);
  return self;
}

/**
 * assay_network_send:
 * @flight: (transfer none): lent until done is called
 *
 * Main thread; only when the flight before has come back.
 */
void
assay_network_send (AssayNetwork *self,
                    AssayFlight *flight)
{
  g_assert (g_atomic_pointer_get (&self->flight) == NULL);

  g_atomic_pointer_set (&self->flight, flight);
  g_source_set_ready_time (self->mailbox, 0);
}

/**
 * assay_network_quit:
 *
 * Makes the thread end after the flight that it has.  Main thread.
 */
void
assay_network_quit (AssayNetwork *self)
{
  g_atomic_int_set (&self->quitting, TRUE);
  g_source_set_ready_time (self->mailbox, 0);
}

/**
 * assay_network_free:
 * @self: (transfer full): a network thread
 *
 * Ends the thread and waits for it.  Main thread.
 */
void
assay_network_free (AssayNetwork *self)
{
  assay_network_quit (self);
  g_thread_join (self->thread);
  g_source_destroy (self->mailbox);
  g_source_unref (self->mailbox);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_clear_object (&self->anchors);
  g_free (self);
}
