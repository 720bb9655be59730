/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-payload.h"

G_BEGIN_DECLS

/**
 * AssayBody:
 *
 * The body of a request of known length: stretches of bytes and payloads, one
 * behind the other.  Immutable; it can be opened again as often as needed.
 */
typedef struct _AssayBody AssayBody;

AssayBody    *assay_body_new              (const char *media_type);
void          assay_body_append_bytes     (AssayBody *self, GBytes *bytes);
void          assay_body_append_payload   (AssayBody *self, AssayPayload *payload);
AssayBody    *assay_body_ref              (AssayBody *self);
void          assay_body_unref            (AssayBody *self);
const char   *assay_body_get_media_type   (const AssayBody *self);
guint64       assay_body_get_length       (const AssayBody *self);
guint         assay_body_get_n_parts      (const AssayBody *self);
GInputStream *assay_body_open_part        (const AssayBody *self, guint part, GCancellable *cancellable, GError **error);
GBytes       *assay_body_get_bytes        (const AssayBody *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBody, assay_body_unref)

/* multipart/form-data (RFC 7578) of known length, a part for each payload, all named @field */
AssayBody    *assay_multipart_new         (const char *field, AssayPayload *const *payloads, guint n_payloads);
char         *assay_multipart_dup_unique_boundary (void);
/* The file names that it writes, in the same order: what a service gives back. */
char        **assay_multipart_dup_names   (AssayPayload *const *payloads, guint n_payloads);

G_END_DECLS
