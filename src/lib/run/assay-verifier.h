/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-bundle-reader.h"
#include "assay-bundle.h"

G_BEGIN_DECLS

/**
 * AssayVerification:
 *
 * A bundle that was read, and whether it is whole.  That no byte has changed and every
 * figure follows from the answers does not tell who made it: it is no signature.
 */
typedef struct {
  AssayBundle *bundle;        /* (nullable): what could be read of it */
  AssayFindings *findings;    /* none if it is whole */
} AssayVerification;

AssayVerification *assay_verify          (GInputStream *stream, GCancellable *cancellable, GError **error);
void               assay_verify_async    (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer data);
AssayVerification *assay_verify_finish   (GAsyncResult *result, GError **error);
void               assay_verification_free (AssayVerification *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayVerification, assay_verification_free)

gboolean           assay_bundle_is_one      (GFile *file, GCancellable *cancellable);
void               assay_bundle_read_async  (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback,
                                             gpointer data);
AssayBundle       *assay_bundle_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
