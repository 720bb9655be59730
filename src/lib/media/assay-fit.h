/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assay-probe.h"

G_BEGIN_DECLS

/**
 * AssayFit:
 *
 * How large a picture may be where it is sent.  A plain value; all zero is no
 * bound.
 */
typedef struct {
  guint pixels;      /* of the longer side; 0 for any */
  guint64 bytes;     /* of the file; 0 for any */
} AssayFit;

gboolean assay_fit_takes   (const AssayFit *self, const AssayFacts *facts, guint64 bytes);
GBytes  *assay_fit_picture (const AssayFit *self, GBytes *bytes, const AssayFacts *facts, guint *side, GError **error);

G_END_DECLS
