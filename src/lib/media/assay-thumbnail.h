/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "assay-probe.h"

G_BEGIN_DECLS

/* Decodes at most ASSAY_LIMIT_PIXELS, scaled to fit @size, orientation applied. Any thread. */
GdkPixbuf *assay_thumbnail_load (GInputStream *stream, const AssayFacts *facts, int size,
                                 GCancellable *cancellable, GError **error);

/* As a JPEG of its pixels alone. Any thread. */
GBytes    *assay_thumbnail_encode (GdkPixbuf *picture, GError **error);

G_END_DECLS
