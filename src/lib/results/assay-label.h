/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GRefString *assay_label_intern  (const char *label);
void        assay_label_release (gpointer label);

/* Bytes of what identifies a set of labels. */
#define ASSAY_LABEL_SET_BYTES 32

void        assay_label_digest_set (GPtrArray *sorted, guint8 digest[ASSAY_LABEL_SET_BYTES]);

G_END_DECLS
