/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How much and how long; zero for what is usual. */
typedef struct {
  guint64 bytes;              /* of the picture */
  guint idle_seconds;         /* in which nothing comes */
  guint milliseconds;         /* altogether */
} AssayFetchLimits;

/**
 * AssayFetchProgress:
 * @received: bytes so far
 * @total: bytes that the server has announced, 0 if it has not
 */
typedef void (*AssayFetchProgress) (guint64 received, guint64 total, gpointer data);

void    assay_fetch_async  (const char *address, const AssayFetchLimits *limits,
                            AssayFetchProgress progress, gpointer progress_data, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);
GBytes *assay_fetch_finish (GAsyncResult *result, GError **error);

G_END_DECLS
