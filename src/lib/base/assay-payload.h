/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_PAYLOAD (assay_payload_get_type ())

typedef struct _AssayPayload AssayPayload;

/**
 * AssayPayloadOpen:
 * @data: what was given to assay_payload_new()
 * @cancellable: (nullable): stops a slow open
 * @error: says why the bytes are not to be had
 *
 * Opens the bytes from their start, on any thread, any number of times.
 *
 * Returns: (transfer full) (nullable): a stream of exactly the payload's length
 */
typedef GInputStream *(*AssayPayloadOpen) (gpointer data, GCancellable *cancellable, GError **error);

GType         assay_payload_get_type       (void);
AssayPayload *assay_payload_new            (const char *name, const char *media_type, guint64 length,
                                            AssayPayloadOpen open, gpointer data, GDestroyNotify destroy);
AssayPayload *assay_payload_new_bytes      (const char *name, const char *media_type, GBytes *bytes);
AssayPayload *assay_payload_ref            (AssayPayload *self);
void          assay_payload_unref          (AssayPayload *self);
const char   *assay_payload_get_name       (const AssayPayload *self);
const char   *assay_payload_get_media_type (const AssayPayload *self);
guint64       assay_payload_get_length     (const AssayPayload *self);
GBytes       *assay_payload_get_bytes      (const AssayPayload *self);
GInputStream *assay_payload_open           (const AssayPayload *self, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPayload, assay_payload_unref)

G_END_DECLS
