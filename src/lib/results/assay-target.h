/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TARGET (assay_target_get_type ())

/**
 * AssayTarget:
 *
 * Whom we ask: a connection (saved, or an address given for this run), a model
 * and a version.  Immutable and reference counted; two targets with equal keys
 * are the same target.  An empty model is the service's stock model.
 */
typedef struct _AssayTarget AssayTarget;

GType        assay_target_get_type       (void);
AssayTarget *assay_target_new            (const char *connection_id, const char *model, const char *version);
AssayTarget *assay_target_ref            (AssayTarget *self);
void         assay_target_unref          (AssayTarget *self);
const char  *assay_target_get_connection_id (const AssayTarget *self);
const char  *assay_target_get_model      (const AssayTarget *self);
const char  *assay_target_get_version    (const AssayTarget *self);
gboolean     assay_target_equal          (const AssayTarget *a, const AssayTarget *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTarget, assay_target_unref)

G_END_DECLS
