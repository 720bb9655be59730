/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-payload.h"

G_BEGIN_DECLS

/**
 * AssayParcel:
 *
 * An archive of pictures that is sent as it is, in one request that answers for
 * all of its members.  Each member is a source that holds it.  Immutable, any
 * thread.
 */
typedef struct _AssayParcel AssayParcel;

AssayParcel       *assay_parcel_ref         (AssayParcel *self);
void               assay_parcel_unref       (AssayParcel *self);
AssayPayload      *assay_parcel_get_payload (AssayParcel *self);
const char        *assay_parcel_get_sha256  (AssayParcel *self);
const char *const *assay_parcel_get_names   (AssayParcel *self, guint *n_names);
guint              assay_parcel_get_side    (AssayParcel *self);
guint64            assay_parcel_get_bytes   (AssayParcel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayParcel, assay_parcel_unref)

G_END_DECLS
