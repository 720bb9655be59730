/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayLabelSet:
 *
 * Which labels an answer has, whatever their order; a label that was sent twice is there
 * twice.  The answers of one model share one.  Immutable; crosses threads without a copy.
 */
typedef struct _AssayLabelSet AssayLabelSet;

AssayLabelSet *assay_label_set_new       (GRefString *const *labels, guint n);
AssayLabelSet *assay_label_set_share     (GRefString *const *labels, guint n);
AssayLabelSet *assay_label_set_ref       (AssayLabelSet *self);
void           assay_label_set_unref     (AssayLabelSet *self);
guint          assay_label_set_get_n     (const AssayLabelSet *self);
const char    *assay_label_set_get_label (const AssayLabelSet *self, guint index);
gboolean       assay_label_set_has       (const AssayLabelSet *self, const char *label);
guint          assay_label_set_hash      (gconstpointer self);
gboolean       assay_label_set_equal     (gconstpointer a, gconstpointer b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLabelSet, assay_label_set_unref)

G_END_DECLS
