/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "assay-probe.h"

G_BEGIN_DECLS

GdkPixbuf *assay_decode                 (GInputStream *stream, const AssayFacts *facts, int size,
                                         GCancellable *cancellable, GError **error);
guint      assay_decode_get_orientation (GdkPixbuf *picture, const AssayFacts *facts);

G_END_DECLS
