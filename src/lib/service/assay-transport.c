/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-endpoint.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-network.h"
#include "assay-transport.h"
#include "assay-util.h"

#define CHECKS_A_TIMEOUT 20          /* how finely a time-out is measured */
#define MIN_CHECK_MILLISECONDS 25

/* A TLS connection takes a handshake and the reading of all authorities, which is
 * some 10 ms of a processor and 4 MiB; a request that can have one that is there
 * within this time (µs) is sooner done.  So many open as a slow service can use, and
 * with a fast one only those that are worth it. */
#define OPEN_AFTER (8 * 1000)

/* The main thread keeps the books: who waits, who flies, which network thread is
 * idle.  A network thread only ever has one flight, and puts it into @arrived
 * when it is done.  Tasks hold a reference to their transport, so that it can't
 * go away before the last of them is complete.
 *
 * Invariant: flying->len + idle->len = threads->len ≤ the largest max_in_flight so
 * far, and while flying->len < max_in_flight what waits does so for at most OPEN_AFTER
 * since the last connection was opened. */
struct _AssayTransport {
  GObject parent_instance;

  guint max_in_flight;
  gint64 timeout;                    /* µs, 0 for none */
  gint64 interval;                   /* µs between two deliveries */
  GTlsDatabase *anchors;             /* of the CA file, or NULL */
  char *fingerprint;                 /* of the certificate that is accepted, or NULL */

  GMainContext *context;             /* where answers are delivered */
  GSource *delivery;
  GSource *check;                    /* while anything flies */
  gint64 delivered;                  /* when the last delivery was */
  GSource *opening;                  /* wakes who waits for a connection to be free */
  gint64 opened;                     /* when the last thread was made */
  gboolean closed;

  GPtrArray *threads;                /* (element-type AssayNetwork) */
  GArray *idle;                      /* indices of threads; the last used is the first to be used
                                      * again, because its connection is warm */
  GQueue waiting;                    /* (element-type AssayFlight) */
  GPtrArray *flying;                 /* (element-type AssayFlight), not owned */

  GMutex lock;                       /* for the rest */
  GPtrArray *arrived;                /* (element-type AssayFlight) */
  gboolean due;                      /* a delivery is on its way */
  gboolean urgent;                   /* and must not wait for the interval */
};

G_DEFINE_FINAL_TYPE (AssayTransport, assay_transport, G_TYPE_OBJECT)

/* Wakes the main thread, once for all that arrives before it is awake. */
static void
demand_delivery_locked (AssayTransport *self,
                        gboolean urgent)
{
  if (self->due && (self->urgent || !urgent))
    return;
  self->due = TRUE;
  self->urgent = urgent;
  g_source_set_ready_time (self->delivery, urgent || self->interval == 0
                                               ? 0
                                               : self->delivered + self->interval);
}

static void
demand_delivery (AssayTransport *self,
                 gboolean urgent)
{
  g_mutex_lock (&self->lock);
  demand_delivery_locked (self, urgent);
  g_mutex_unlock (&self->lock);
}

/* On the network thread. */
static void
flight_done_cb (AssayFlight *flight,
                gpointer user_data)
{
  AssayTransport *self = user_data;

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->arrived, flight);
  demand_delivery_locked (self, g_cancellable_is_cancelled (flight->cancellable));
  g_mutex_unlock (&self->lock);
}

static void
launch (AssayTransport *self,
        AssayFlight *flight)
{
  if (self->idle->len == 0)
    {
      guint index = self->threads->len;

      self->opened = g_get_monotonic_time ();
      g_ptr_array_add (self->threads, assay_network_new (self->max_in_flight, self->anchors,
                                                         flight_done_cb, self));
      g_array_append_val (self->idle, index);
    }
  flight->thread = g_array_index (self->idle, guint, self->idle->len - 1);
  g_array_set_size (self->idle, self->idle->len - 1);
  flight->since = g_get_monotonic_time ();
  flight->began = flight->since;
  g_ptr_array_add (self->flying, flight);
  assay_network_send (self->threads->pdata[flight->thread], flight);
}

/* When a flight may go, if a connection has to be opened for it: at once unless that
 * is dear and another one may soon be free. */
static gint64
find_opening (AssayTransport *self,
              AssayFlight *flight)
{
  if (self->idle->len > 0 || self->threads->len == 0
      || g_ascii_strncasecmp (flight->request->url, "https:", 6) != 0)
    return 0;
  return MAX (flight->queued, self->opened) + OPEN_AFTER;
}

static void
launch_waiting (AssayTransport *self)
{
  while (!self->closed && self->flying->len < self->max_in_flight
         && !g_queue_is_empty (&self->waiting))
    {
      gint64 when = find_opening (self, g_queue_peek_head (&self->waiting));

      if (when > g_get_monotonic_time ())
        {
          g_source_set_ready_time (self->opening, when);
          return;
        }
      launch (self, g_queue_pop_head (&self->waiting));
    }
}

static gboolean
open_cb (gpointer user_data)
{
  launch_waiting (user_data);
  return G_SOURCE_CONTINUE;
}

/* Moves those that were canceled before they flew to @batch. */
static void
collect_canceled (AssayTransport *self,
                  GPtrArray *batch)
{
  GList *next;

  for (GList *link = self->waiting.head; link != NULL; link = next)
    {
      AssayFlight *flight = link->data;

      next = link->next;
      if (!g_cancellable_is_cancelled (flight->cancellable))
        continue;
      g_cancellable_set_error_if_cancelled (flight->cancellable, &flight->error);
      g_queue_delete_link (&self->waiting, link);
      g_ptr_array_add (batch, flight);
    }
}

/* Whatever the network thread made of a flight that was canceled meanwhile, the
 * task says CANCELLED: its cancellable is checked when it returns. */
static void
complete (AssayFlight *flight)
{
  g_autoptr(GTask) task = flight->task;

  g_cancellable_disconnect (g_task_get_cancellable (task), flight->canceled_id);
  flight->canceled_id = 0;
  if (flight->error != NULL)
    g_task_return_error (task, g_steal_pointer (&flight->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&flight->value), flight->value_destroy);
}

static gboolean
deliver_cb (gpointer user_data)
{
  g_autoptr(AssayTransport) self = g_object_ref (user_data);
  g_autoptr(GPtrArray) batch = NULL;

  g_mutex_lock (&self->lock);
  batch = g_steal_pointer (&self->arrived);
  self->arrived = g_ptr_array_new ();
  self->due = self->urgent = FALSE;
  self->delivered = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < batch->len; i++)
    {
      AssayFlight *flight = batch->pdata[i];

      g_ptr_array_remove_fast (self->flying, flight);
      g_array_append_val (self->idle, flight->thread);
    }
  collect_canceled (self, batch);
  launch_waiting (self);
  for (guint i = 0; i < batch->len; i++)
    complete (batch->pdata[i]);
  return G_SOURCE_CONTINUE;
}

static gboolean
delivery_dispatch (GSource *source,
                   GSourceFunc callback,
                   gpointer user_data)
{
  g_source_set_ready_time (source, -1);
  return callback (user_data);
}

static GSourceFuncs delivery_funcs = {
  .dispatch = delivery_dispatch,
};

/* libsoup has one time-out for all, that starts anew with each byte, so that a service
 * that drips its answer is never late and one that isn't there takes as long as one
 * that thinks.  Slow is not dead: each of these has its own bound. */
static gboolean
is_late (AssayTransport *self,
         AssayFlight *flight,
         gint64 now)
{
  AssayFlightPhase phase = g_atomic_int_get (&flight->phase);
  int progress = g_atomic_int_get (&flight->progress);
  gint64 patience = self->timeout;

  if (phase == ASSAY_FLIGHT_CONNECTING)
    patience = MIN (patience, (gint64) ASSAY_LIMIT_CONNECT * G_USEC_PER_SEC);
  if (phase != ASSAY_FLIGHT_ANSWERED)
    flight->answering = 0;
  else if (flight->answering == 0)
    flight->answering = now;
  if (progress != flight->seen)
    {
      flight->seen = progress;
      flight->since = now;
    }
  return now - flight->since >= patience
         || (flight->answering != 0
             && now - flight->answering >= ASSAY_LIMIT_ANSWER_TIMEOUTS * self->timeout)
         || now - flight->began >= (gint64) ASSAY_LIMIT_REQUEST * G_USEC_PER_SEC;
}

static gboolean
check_cb (gpointer user_data)
{
  AssayTransport *self = user_data;
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < self->flying->len; i++)
    {
      AssayFlight *flight = self->flying->pdata[i];

      if (is_late (self, flight, now))
        {
          g_atomic_int_set (&flight->timed_out, TRUE);
          g_cancellable_cancel (flight->cancellable);
        }
    }
  if (self->flying->len > 0)
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->check, g_source_unref);
  return G_SOURCE_REMOVE;
}

static void
start_checking (AssayTransport *self)
{
  if (self->check != NULL || self->timeout == 0)
    return;
  self->check = g_timeout_source_new (
      MAX (self->timeout / 1000 / CHECKS_A_TIMEOUT, MIN_CHECK_MILLISECONDS));
  g_source_set_callback (self->check, check_cb, self, NULL);
  g_source_attach (self->check, self->context);
}

static void
assay_transport_dispose (GObject *object)
{
  AssayTransport *self = ASSAY_TRANSPORT (object);

  assay_transport_close (self);

  G_OBJECT_CLASS (assay_transport_parent_class)->dispose (object);
}

static void
assay_transport_finalize (GObject *object)
{
  AssayTransport *self = ASSAY_TRANSPORT (object);

  g_assert (self->arrived->len == 0);

  g_source_destroy (self->delivery);
  g_source_unref (self->delivery);
  g_source_destroy (self->opening);
  g_source_unref (self->opening);
  g_ptr_array_unref (self->threads);
  g_array_unref (self->idle);
  g_ptr_array_unref (self->flying);
  g_ptr_array_unref (self->arrived);
  g_clear_object (&self->anchors);
  g_free (self->fingerprint);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (assay_transport_parent_class)->finalize (object);
}

static void
assay_transport_class_init (AssayTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_transport_dispose;
  object_class->finalize = assay_transport_finalize;
}

static void
assay_transport_init (AssayTransport *self)
{
  g_mutex_init (&self->lock);
  g_queue_init (&self->waiting);
  self->context = g_main_context_ref_thread_default ();
  self->threads = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_network_free);
  self->idle = g_array_new (FALSE, FALSE, sizeof (guint));
  self->flying = g_ptr_array_new ();
  self->arrived = g_ptr_array_new ();
  self->delivery = g_source_new (&delivery_funcs, sizeof (GSource));
  g_source_set_callback (self->delivery, deliver_cb, self, NULL);
  g_source_attach (self->delivery, self->context);
  self->opening = g_source_new (&delivery_funcs, sizeof (GSource));
  g_source_set_callback (self->opening, open_cb, self, NULL);
  g_source_attach (self->opening, self->context);
}

/**
 * assay_transport_new:
 * @max_in_flight: requests at once; more wait their turn
 * @timeout_seconds: how long nothing may happen: while connecting (no more than
 *   %ASSAY_LIMIT_CONNECT), while sending and waiting for the answer, and while it
 *   comes, for which it has %ASSAY_LIMIT_ANSWER_TIMEOUTS times as long in all; 0 for as
 *   long as it takes
 * @ca_file: (nullable): a PEM file of authorities, trusted besides the system's
 * @error: %ASSAY_ERROR_USAGE for a CA file that can't be used
 *
 * Answers are delivered in the thread-default main context of the caller.
 *
 * Returns: (transfer full) (nullable): a transport, or %NULL on error
 */
AssayTransport *
assay_transport_new (guint max_in_flight,
                     guint timeout_seconds,
                     const char *ca_file,
                     GError **error)
{
  g_autoptr(AssayTransport) self = NULL;
  g_autoptr(GError) raw = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (ASSAY_TYPE_TRANSPORT, NULL);
  self->max_in_flight = CLAMP (max_in_flight, 1, ASSAY_LIMIT_JOBS);
  self->timeout = timeout_seconds * G_USEC_PER_SEC;
  if (ca_file == NULL || *ca_file == '\0')
    return g_steal_pointer (&self);

  path = g_canonicalize_filename (ca_file, NULL);
  self->anchors = g_tls_file_database_new (path, &raw);
  if (self->anchors == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("The CA file “%s” cannot be used: %s"), ca_file, raw->message);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * assay_transport_set_bounds:
 * @max_in_flight: requests at once
 * @timeout_seconds: as in assay_transport_new()
 *
 * Hold from now on, the time-out for what is under way too.
 */
void
assay_transport_set_bounds (AssayTransport *self,
                            guint max_in_flight,
                            guint timeout_seconds)
{
  g_return_if_fail (ASSAY_IS_TRANSPORT (self));

  self->max_in_flight = CLAMP (max_in_flight, 1, ASSAY_LIMIT_JOBS);
  self->timeout = timeout_seconds * G_USEC_PER_SEC;
  if (self->check != NULL)
    {
      g_source_destroy (self->check);
      g_clear_pointer (&self->check, g_source_unref);
      start_checking (self);
    }
  launch_waiting (self);
}

/**
 * assay_transport_set_delivery_interval:
 * @milliseconds: the least time between two deliveries, 0 for none
 *
 * A window that draws a frame every 16 ms has no use for more.  Cancellation is
 * delivered at once in any case.
 */
void
assay_transport_set_delivery_interval (AssayTransport *self,
                                       guint milliseconds)
{
  g_return_if_fail (ASSAY_IS_TRANSPORT (self));

  g_mutex_lock (&self->lock);
  self->interval = milliseconds * G_TIME_SPAN_MILLISECOND;
  g_mutex_unlock (&self->lock);
}

/**
 * assay_transport_set_fingerprint:
 * @fingerprint: (nullable): SHA-256 of a certificate, as
 *   assay_fingerprint_normalize() writes it
 *
 * Accepts that certificate, whoever has signed it; for what is sent from now on.
 */
void
assay_transport_set_fingerprint (AssayTransport *self,
                                 const char *fingerprint)
{
  g_return_if_fail (ASSAY_IS_TRANSPORT (self));

  assay_set_string (&self->fingerprint, fingerprint);
}

/**
 * assay_transport_get_anchors:
 *
 * Returns: (transfer none) (nullable): the authorities of the CA file
 */
GTlsDatabase *
assay_transport_get_anchors (AssayTransport *self)
{
  g_return_val_if_fail (ASSAY_IS_TRANSPORT (self), NULL);

  return self->anchors;
}

/* On any thread. */
static void
canceled_cb (GCancellable *cancellable,
             gpointer user_data)
{
  AssayFlight *flight = user_data;

  g_cancellable_cancel (flight->cancellable);
  demand_delivery (g_task_get_source_object (flight->task), TRUE);
}

static gboolean
may_send (AssayTransport *self,
          AssayFlight *flight,
          GError **error)
{
  if (self->closed)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Nothing is sent anymore."));
      return FALSE;
    }
  return flight->authorization == NULL
         || assay_endpoint_may_carry_secret (flight->request->url, error);
}

/**
 * assay_transport_send_async:
 * @request: (transfer full): what to send
 * @authorization: (nullable): value of the Authorization header, or of the one that
 *   the request names for its secret; sent to the
 *   origin of the request and to no other, and over plain http only to this
 *   computer
 * @read: makes a value of the reply, on a network thread; never returns %NULL
 * @read_data: for @read
 * @read_destroy: (nullable): frees @read_data, on the main thread
 * @value_destroy: (nullable): frees a value that nobody wants any more
 * @cancellable: (nullable): closes the connection and completes at once
 *
 * Sends one request when there is room for it.  Main thread.
 */
void
assay_transport_send_async (AssayTransport *self,
                            AssayRequest *request,
                            const char *authorization,
                            AssayTransportRead read,
                            gpointer read_data,
                            GDestroyNotify read_destroy,
                            GDestroyNotify value_destroy,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  AssayFlight *flight;

  g_return_if_fail (ASSAY_IS_TRANSPORT (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (read != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, assay_transport_send_async);
  flight = assay_flight_new (request, authorization);
  flight->fingerprint = g_strdup (self->fingerprint);
  flight->read = read;
  flight->read_data = read_data;
  flight->read_destroy = read_destroy;
  flight->value_destroy = value_destroy;
  flight->task = task;
  g_task_set_task_data (task, flight, (GDestroyNotify) assay_flight_free);
  if (!may_send (self, flight, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_object_ref (task);        /* which complete() drops */
  flight->queued = g_get_monotonic_time ();
  g_queue_push_tail (&self->waiting, flight);
  if (cancellable != NULL)
    flight->canceled_id = g_cancellable_connect (cancellable, G_CALLBACK (canceled_cb), flight,
                                                 NULL);
  launch_waiting (self);
  start_checking (self);
}

/**
 * assay_transport_send_finish:
 * @exchange: (out) (optional): what it took, filled in on errors too
 * @error: an #AssayError in words that a person can act on, or
 *   %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what read made of the reply, or %NULL
 */
gpointer
assay_transport_send_finish (AssayTransport *self,
                             GAsyncResult *result,
                             AssayExchange *exchange,
                             GError **error)
{
  AssayFlight *flight;

  g_return_val_if_fail (ASSAY_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  flight = g_task_get_task_data (G_TASK (result));
  if (exchange != NULL)
    *exchange = flight->exchange;
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * assay_transport_get_start:
 *
 * Of an answer that was longer than %ASSAY_LIMIT_ANSWER_BYTES, or that broke before
 * its end.
 *
 * Returns: (transfer none) (nullable): what had come of it, up to
 *   %ASSAY_LIMIT_RAW_BYTES, as unpacked
 */
GBytes *
assay_transport_get_start (AssayTransport *self,
                           GAsyncResult *result)
{
  g_return_val_if_fail (ASSAY_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return ((AssayFlight *) g_task_get_task_data (G_TASK (result)))->start;
}

/**
 * assay_transport_close:
 *
 * Cancels everything, ends the network threads and waits for them, which takes
 * no longer than closing a socket.  What was under way completes with
 * %G_IO_ERROR_CANCELLED in the main loop's next turn, and so does whatever is
 * sent from now on.
 */
void
assay_transport_close (AssayTransport *self)
{
  g_return_if_fail (ASSAY_IS_TRANSPORT (self));

  if (self->closed)
    return;
  self->closed = TRUE;
  if (self->check != NULL)
    {
      g_source_destroy (self->check);
      g_clear_pointer (&self->check, g_source_unref);
    }
  for (guint i = 0; i < self->flying->len; i++)
    g_cancellable_cancel (((AssayFlight *) self->flying->pdata[i])->cancellable);
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    g_cancellable_cancel (((AssayFlight *) link->data)->cancellable);
  for (guint i = 0; i < self->threads->len; i++)
    assay_network_quit (self->threads->pdata[i]);
  g_ptr_array_set_size (self->threads, 0);
  if (self->flying->len > 0 || !g_queue_is_empty (&self->waiting))
    demand_delivery (self, TRUE);
}
