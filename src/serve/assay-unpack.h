/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One member; returning FALSE ends it, with or without @error. */
typedef gboolean (*AssayUnpackEach) (const char *name, GBytes *bytes, gpointer data, GError **error);

gboolean assay_unpack_is_archive (GBytes *bytes);
gboolean assay_unpack            (GBytes *bytes, const char *name, AssayUnpackEach each, gpointer data,
                                  GCancellable *cancellable, GError **error);

G_END_DECLS
