/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-credentials.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CLIENT (assay_client_get_type ())

/**
 * AssayClient:
 *
 * One connection, ready to be asked.  Main thread.  It does not retry, but for
 * two things that are no retry of the item's: one new token after a 401, and a
 * kept connection that the server had closed.
 */
G_DECLARE_FINAL_TYPE (AssayClient, assay_client, ASSAY, CLIENT, GObject)

AssayClient      *assay_client_new             (AssayConnection *connection, AssayCredentials *credentials, AssayTransport *transport);
AssayConnection  *assay_client_get_connection  (AssayClient *self);
AssayCredentials *assay_client_get_credentials (AssayClient *self);
AssayTransport   *assay_client_get_transport   (AssayClient *self);
void              assay_client_set_pixels      (AssayClient *self, AssayPixelMaker pixels);
/* What a model takes and gives, where the protocol says it. */
void              assay_client_describe_async  (AssayClient *self, AssayTarget *target, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer data);
AssayModelInfo   *assay_client_describe_finish (AssayClient *self, GAsyncResult *result, GError **error);
void              assay_client_classify_async  (AssayClient *self, AssayTarget *target, AssayPayload *payload,
                                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* Always an outcome, unless canceled: then NULL and G_IO_ERROR_CANCELLED. */
AssayOutcome     *assay_client_classify_finish (AssayClient *self, GAsyncResult *result, AssayExchange *exchange, GError **error);
/* The same for some pictures in one request: one outcome for each (element-type AssayOutcome). */
guint             assay_client_get_batch       (AssayClient *self, AssayTarget *target);
void              assay_client_classify_several_async  (AssayClient *self, AssayTarget *target,
                                                AssayPayload *const *payloads, guint n_payloads,
                                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GPtrArray        *assay_client_classify_several_finish (AssayClient *self, GAsyncResult *result,
                                                AssayExchange *exchange, GError **error);
/* The same for an archive of pictures: one outcome for each name (element-type AssayOutcome). */
void              assay_client_classify_archive_async  (AssayClient *self, AssayTarget *target, AssayPayload *archive,
                                                        const char *const *names, GCancellable *cancellable,
                                                        GAsyncReadyCallback callback, gpointer data);
GPtrArray        *assay_client_classify_archive_finish (AssayClient *self, GAsyncResult *result,
                                                        AssayExchange *exchange, GError **error);
/* Whether another protocol than the connection's is spoken there. */
void              assay_client_probe_async     (AssayClient *self, const AssayProtocol *protocol, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer data);
AssayDiscovered  *assay_client_probe_finish    (AssayClient *self, GAsyncResult *result, GPtrArray **replies, GError **error);
void              assay_client_list_async      (AssayClient *self, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer data);
GPtrArray        *assay_client_list_finish     (AssayClient *self, GAsyncResult *result, GError **error);

G_END_DECLS
