/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "assay-protocol.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TRANSPORT (assay_transport_get_type ())

/**
 * AssayTransport:
 *
 * Owns the network thread(s), one SoupSession each.  Takes requests as values
 * on the main thread and gives replies as values on the main thread; all that
 * have arrived meanwhile come in one wake-up, at most one every
 * "delivery-interval" milliseconds (0 for as soon as possible).
 */
G_DECLARE_FINAL_TYPE (AssayTransport, assay_transport, ASSAY, TRANSPORT, GObject)

/* Runs on the network thread with the reply: turns it into a value (values in, values out). */
typedef gpointer (*AssayTransportRead) (const AssayReply *reply, gpointer data);

/* What one exchange took besides its value. */
typedef struct {
  guint status;               /* 0 when there was no answer */
  double seconds;             /* from the start of sending to the end of the answer */
  guint64 sent;               /* body bytes */
  char retry_after[64];       /* the header as sent, "" without one; a date has 29 characters */
} AssayExchange;

AssayTransport *assay_transport_new         (guint max_in_flight, guint timeout_seconds, const char *ca_file, GError **error);
void            assay_transport_set_bounds  (AssayTransport *self, guint max_in_flight, guint timeout_seconds);
void            assay_transport_set_delivery_interval (AssayTransport *self, guint milliseconds);
void            assay_transport_set_fingerprint (AssayTransport *self, const char *fingerprint);
GTlsDatabase   *assay_transport_get_anchors (AssayTransport *self);
void            assay_transport_send_async  (AssayTransport *self, AssayRequest *request, const char *authorization,
                                             AssayTransportRead read, gpointer read_data, GDestroyNotify read_destroy,
                                             GDestroyNotify value_destroy, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
gpointer        assay_transport_send_finish (AssayTransport *self, GAsyncResult *result, AssayExchange *exchange, GError **error);
GBytes         *assay_transport_get_start   (AssayTransport *self, GAsyncResult *result);
void            assay_transport_close       (AssayTransport *self);

G_END_DECLS
