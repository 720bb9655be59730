/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AssayWholeFileFunc:
 * @stream: takes what the file is to hold, and stays open
 *
 * Returns: whether all of it is written
 */
typedef gboolean (*AssayWholeFileFunc) (GOutputStream *stream, gpointer data, GCancellable *cancellable,
                                        GError **error);

gboolean assay_whole_file_write (GFile *file, AssayWholeFileFunc func, gpointer data,
                                 GCancellable *cancellable, GError **error);

G_END_DECLS
