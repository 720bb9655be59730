/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-flight.h"
#include "assay-secret.h"

/**
 * assay_flight_new:
 * @request: (transfer full): what to send
 * @authorization: (nullable): the header's value
 *
 * Returns: (transfer full): a flight that has not begun
 */
AssayFlight *
assay_flight_new (AssayRequest *request,
                  const char *authorization)
{
  AssayFlight *self = g_new0 (AssayFlight, 1);

  self->request = request;
  self->authorization = g_strdup (authorization);
  self->cancellable = g_cancellable_new ();
  return self;
}

/**
 * assay_flight_free:
 * @self: (transfer full): a flight that no network thread has, and that listens
 *   to its caller's cancellable no more
 */
void
assay_flight_free (AssayFlight *self)
{
  if (self->value != NULL && self->value_destroy != NULL)
    self->value_destroy (self->value);
  if (self->read_destroy != NULL)
    self->read_destroy (self->read_data);
  g_clear_pointer (&self->start, g_bytes_unref);
  assay_secret_free (self->authorization);
  g_free (self->fingerprint);
  assay_request_free (self->request);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_free (self);
}
