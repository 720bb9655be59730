/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-transport.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_FLIGHT_CONNECTING,    /* or waiting for a connection */
  ASSAY_FLIGHT_ASKING,        /* sends, and waits for the answer's head */
  ASSAY_FLIGHT_ANSWERED,      /* the answer comes */
} AssayFlightPhase;

/* One request on its way through the transport.  The main thread makes it, lends
 * it to one network thread, and has it back when that thread says so; the only
 * members touched by both meanwhile are @cancellable, @progress, @phase and
 * @timed_out. */
typedef struct {
  /* Set by the main thread before the flight, then only read */
  AssayRequest *request;
  char *authorization;        /* (nullable): secret */
  char *fingerprint;          /* (nullable): of the certificate that is accepted */
  AssayTransportRead read;
  gpointer read_data;
  GDestroyNotify read_destroy;
  GDestroyNotify value_destroy;

  /* Shared */
  GCancellable *cancellable;  /* of this flight alone: the caller's, a time-out and the end all pull it */
  int progress;               /* atomic: grows with each step of connecting and with bytes either way */
  int phase;                  /* atomic: AssayFlightPhase */
  int timed_out;              /* atomic: why the cancellable was pulled */

  /* Set by the network thread, read by the main thread after the flight */
  AssayExchange exchange;
  GBytes *start;              /* (nullable): of an answer that broke off, up to ASSAY_LIMIT_RAW_BYTES */
  gpointer value;
  GError *error;

  /* Main thread only */
  GTask *task;                /* unowned: the task owns the flight */
  gulong canceled_id;
  int seen;                   /* the progress seen last, and since when there was no more */
  gint64 queued;              /* when it was given, monotonic µs */
  gint64 since;
  gint64 began;               /* monotonic µs */
  gint64 answering;           /* the same, when the answer was first seen to come; 0 before */
  guint thread;               /* index of the network thread that has it */
} AssayFlight;

AssayFlight *assay_flight_new  (AssayRequest *request, const char *authorization);
void         assay_flight_free (AssayFlight *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayFlight, assay_flight_free)

G_END_DECLS
